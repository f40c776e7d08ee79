//! Stage 5: SQL text to statements, once.
//!
//! Statements about the session itself (SET, BEGIN, DISCARD, ...) become [`Utility`]; all else keeps sqlparser's tree,
//! which only this crate looks into.

mod complexity;
mod copy;
mod cursor;
mod dialect;
mod explain;
mod grammar;
mod grammar_errors;
pub(crate) mod split;
mod tokens;
mod utility;

use std::sync::Arc;

use datafusion::sql::sqlparser::ast;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan};
use pg_query::NodeEnum;
use pg_query::protobuf::SelectStmt;

use crate::PlanError;
use crate::error::code;
pub use copy::Copy;
pub use cursor::{Declare, Fetch, Reach};
use dialect::Postgres;
pub use explain::{Explain, Stage};
pub use utility::{DiscardTarget, SetValue, Utility};

/// One statement of a client's text.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The statement as it was written, without the semicolon.
    pub text: Arc<str>,
    /// The client's whole text, in which errors give their positions.
    pub(crate) whole: Arc<str>,
    pub kind: Kind,
}

/// A query as PostgreSQL's own grammar reads it.
#[derive(Debug, Clone)]
pub struct Query {
    /// What was read: the places of the tree are bytes of it.
    pub(crate) text: Arc<str>,
    /// Characters of the client's text that stand before it: errors count from that text's beginning.
    pub(crate) before: usize,
    pub(crate) tree: Arc<SelectStmt>,
}

impl Parsed {
    /// The query that is asked, explained, copied, or for which a cursor is declared.
    pub fn query(&self) -> Option<&Query> {
        match &self.kind {
            Kind::Query(query) => Some(query),
            Kind::Explain(explain) => Some(&explain.query),
            Kind::Copy(copy) => Some(&copy.query),
            Kind::Declare(declare) => Some(&declare.query),
            Kind::Fetch(_) | Kind::Utility(_) | Kind::Refused(_) => None,
        }
    }
}

impl Query {
    /// The error of a query with parameters where there can be none: it points to the first of them.
    pub fn no_parameter(&self) -> PlanError {
        let scanned = pg_query::scan(&self.text).map(|scanned| scanned.tokens).unwrap_or_default();
        let first = scanned.into_iter().find(|token| token.token == pg_query::protobuf::Token::Param as i32);
        let place =
            first.and_then(|token| Some((usize::try_from(token.start).ok()?, usize::try_from(token.end).ok()?)));
        let (name, position) = match place {
            Some((start, end)) => (
                self.text.get(start..end).unwrap_or("$1"),
                self.text.get(..start).map(|before| self.before + before.chars().count() + 1),
            ),
            None => ("$1", None),
        };
        PlanError::refused(code::UNDEFINED_PARAMETER, format!("there is no parameter {name}"), position)
    }
}

/// What a statement asks for.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Rows.
    Query(Query),
    /// How a query would run.
    Explain(Explain),
    /// Rows as a file's contents.
    Copy(Copy),
    /// Rows to be fetched.
    Declare(Declare),
    /// Rows of an open cursor.
    Fetch(Fetch),
    /// Something of the session.
    Utility(Utility),
    /// What is known but not served.
    Refused(Refusal),
}

/// Statements that are understood and refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It would write; holds the command's tag.
    ReadOnly(&'static str),
    /// It isn't served; holds the command's name.
    Unsupported(&'static str),
}

/// How deep expressions and sub-queries may nest.
const RECURSION_LIMIT: usize = 256;

/// Parses all statements of `sql`; an error in any of them means that none is returned, as in PostgreSQL.
pub fn parse(sql: &str) -> Result<Vec<Parsed>, PlanError> {
    let whole: Arc<str> = sql.into();
    let pieces = split::split(&whole).map_err(|error| match error {
        PlanError::Syntax { .. } => grammar::explained(sql).unwrap_or(error),
        other => other,
    })?;
    pieces.into_iter().map(|piece| parse_one(&whole, piece)).collect()
}

fn parse_one(sql: &Arc<str>, piece: split::Piece<'_>) -> Result<Parsed, PlanError> {
    let text = if piece.text.len() == sql.len() { Arc::clone(sql) } else { piece.text.into() };
    let kind = match utility::parse(sql, &piece)? {
        Some(kind) => kind,
        None => parse_tree(sql, piece)?,
    };
    Ok(Parsed { text, whole: Arc::clone(sql), kind })
}

fn parse_tree(sql: &str, piece: split::Piece<'_>) -> Result<Kind, PlanError> {
    complexity::check(&piece.tokens)?;
    let text: Arc<str> = piece.text.into();
    let before = characters_before(sql, piece.text);
    let read = grammar::query(&text).map_err(|error| moved(error, before))?;
    let as_query = |tree: Box<SelectStmt>| Query { text, before, tree: Arc::from(tree) };
    match read {
        Some(grammar::Read::Query(tree)) => Ok(Kind::Query(as_query(tree))),
        Some(grammar::Read::Explained(tree, options)) => Ok(Kind::Explain(explain::explain(as_query(tree), &options)?)),
        None => classify(&parse_tokens(sql, piece.tokens)?),
    }
}

/// A query as the engine's own parser reads it.
pub(crate) fn engine_query(query: &Query) -> Result<ast::Query, PlanError> {
    let unread = || PlanError::Unsupported { what: "this statement".to_owned() };
    let piece = split::split(&query.text)?.into_iter().next().ok_or_else(unread)?;
    let statement = match parse_tokens(&query.text, spelled_out(piece.tokens))? {
        ast::Statement::Explain { statement, .. } => *statement,
        statement => statement,
    };
    match statement {
        ast::Statement::Query(query) => Ok(*query),
        _ => Err(unread()),
    }
}

/// Characters of a text before a part of it.
fn characters_before(sql: &str, piece: &str) -> usize {
    let start = (piece.as_ptr() as usize).checked_sub(sql.as_ptr() as usize);
    start.and_then(|start| sql.get(..start)).map_or(0, |before| before.chars().count())
}

/// The error of a statement with its place in the whole text.
fn moved(error: PlanError, before: usize) -> PlanError {
    match error {
        PlanError::Syntax { message, detail, position } => {
            PlanError::Syntax { message, detail, position: position.map(|position| position + before) }
        }
        PlanError::Grammar { message, position } => {
            PlanError::Grammar { message, position: position.map(|position| position + before) }
        }
        PlanError::Refused { code, message, hint, position } => {
            PlanError::Refused { code, message, hint, position: position.map(|position| position + before) }
        }
        other => other,
    }
}

/// `TABLE name` as the `SELECT * FROM name` that it stands for.
fn spelled_out(mut tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    if let Some(first) = tokens.first()
        && matches!(&first.token, Token::Word(word) if word.quote_style.is_none() && word.keyword == Keyword::TABLE)
    {
        let span = first.span;
        let words = [Token::make_keyword("SELECT"), Token::Mul, Token::make_keyword("FROM")];
        tokens.splice(..1, words.map(|token| TokenWithSpan { token, span }));
    }
    tokens
}

fn parse_tokens(sql: &str, tokens: Vec<TokenWithSpan>) -> Result<ast::Statement, PlanError> {
    let dialect = Postgres::with_allowance(complexity::allowance(tokens.len()));
    let mut parser = Parser::new(&dialect).with_recursion_limit(RECURSION_LIMIT).with_tokens_with_locations(tokens);
    let parsed = parser.parse_statement();
    let next = parser.peek_token();
    match parsed {
        _ if dialect.is_exhausted() => Err(PlanError::TooComplex),
        Ok(statement) if next.token == Token::EOF => Ok(statement),
        Ok(_) => Err(syntax_error_at(sql, &next, None)),
        Err(ParserError::RecursionLimitExceeded) => Err(PlanError::TooComplex),
        Err(ParserError::ParserError(detail) | ParserError::TokenizerError(detail)) => {
            let last = parser.get_current_token();
            // The parser may have gone past the token that it complains about; its text ends with the place it means.
            let at = if detail.ends_with(&last.span.start.to_string()) { last } else { &next };
            Err(syntax_error_at(sql, at, None))
        }
    }
}

/// PostgreSQL's wording for an error at a token.
fn syntax_error_at(sql: &str, at: &TokenWithSpan, detail: Option<String>) -> PlanError {
    match at.token {
        Token::EOF => PlanError::Syntax {
            message: "syntax error at end of input".to_owned(),
            detail,
            position: Some(sql.chars().count() + 1),
        },
        _ => PlanError::Syntax {
            message: format!("syntax error at or near \"{}\"", at.token),
            detail,
            position: split::char_position(sql, at.span.start),
        },
    }
}

/// What is no query.
fn classify(statement: &ast::Statement) -> Result<Kind, PlanError> {
    use ast::Statement as S;
    Ok(match statement {
        S::Explain { .. } => {
            return Err(PlanError::Unsupported { what: "EXPLAIN of anything but a query".to_owned() });
        }
        S::Prepare { .. } | S::Execute { .. } => Kind::Refused(Refusal::Unsupported("PREPARE and EXECUTE in SQL")),
        S::Insert(_) => Kind::Refused(Refusal::ReadOnly("INSERT")),
        S::Update(_) => Kind::Refused(Refusal::ReadOnly("UPDATE")),
        S::Delete(_) => Kind::Refused(Refusal::ReadOnly("DELETE")),
        S::Merge(_) => Kind::Refused(Refusal::ReadOnly("MERGE")),
        S::Truncate(_) => Kind::Refused(Refusal::ReadOnly("TRUNCATE TABLE")),
        S::CreateTable(_) => Kind::Refused(Refusal::ReadOnly("CREATE TABLE")),
        S::CreateView(_) => Kind::Refused(Refusal::ReadOnly("CREATE VIEW")),
        S::Drop { .. } => Kind::Refused(Refusal::ReadOnly("DROP")),
        S::AlterTable(_) => Kind::Refused(Refusal::ReadOnly("ALTER TABLE")),
        _ => Kind::Refused(Refusal::Unsupported("this statement")),
    })
}

/// An identifier by PostgreSQL's rule: unquoted folds to lower case.
pub(crate) fn fold(ident: &ast::Ident) -> String {
    match ident.quote_style {
        Some(_) => ident.value.clone(),
        None => ident.value.to_lowercase(),
    }
}

/// A text that is one expression, as PostgreSQL's own grammar reads it.
pub(crate) fn expression(text: &str) -> Result<NodeEnum, PlanError> {
    for piece in split::split(text)? {
        complexity::check(&piece.tokens)?;
    }
    grammar::expression(text)
}

/// The one query of a text that is ours, and that has no errors.
pub(crate) fn grammar_of(sql: &str) -> Option<Box<SelectStmt>> {
    match grammar::query(sql) {
        Ok(Some(grammar::Read::Query(query))) => Some(query),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
