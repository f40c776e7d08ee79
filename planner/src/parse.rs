//! Stage 5: SQL text to statements, once.
//!
//! Statements about the session itself (SET, BEGIN, DISCARD, ...) become [`Utility`]; all else keeps sqlparser's tree,
//! which only this crate looks into. Statements over the system catalogs pass datafusion-pg-catalog's rewrites, which
//! say in the engine's SQL what clients are known to send.

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

use std::sync::{Arc, LazyLock};

use datafusion::sql::sqlparser::ast;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan};
use datafusion_pg_catalog::sql::PostgresCompatibilityParser;
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

/// A query as it was read: by PostgreSQL's own grammar, by the engine's, or by both. At least one of them is there.
#[derive(Debug, Clone)]
pub struct Query {
    /// What was read: the places of the tree are bytes of it.
    pub(crate) text: Arc<str>,
    /// Characters of the client's text that stand before it: errors count from that text's beginning.
    pub(crate) before: usize,
    pub(crate) tree: Option<Arc<SelectStmt>>,
    pub(crate) ast: Option<Arc<ast::Query>>,
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
/// Expressions that may be begun for the catalog's statements, which are read by the parser of datafusion-pg-catalog.
const MAX_CATALOG_READS: u64 = 1 << 20;

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
    let calls_deep = complexity::check(&piece.tokens)?;
    let speaks_of_catalogs = speaks_of_catalogs(&piece.tokens);
    let text: Arc<str> = piece.text.into();
    let before = characters_before(sql, piece.text);
    let read = grammar::query(&text).map_err(|error| moved(error, before))?;
    let is_plain = matches!(read, Some(grammar::Read::Query(_)));
    // What clients ask of the catalogs is known to another parser.
    let tree = read.map(grammar::Read::query).filter(|_| !speaks_of_catalogs).map(Arc::from);
    let reading = parse_tokens(sql, spelled_out(piece.tokens));
    let statement = match speaks_of_catalogs {
        true => parse_catalog_statement(piece.text, reading, calls_deep)?,
        false => match reading.statement {
            Err(PlanError::Syntax { .. }) if tree.is_some() && is_plain => {
                return Ok(Kind::Query(Query { text, before, tree, ast: None }));
            }
            statement => statement?,
        },
    };
    classify(statement, |ast| Query { text, before, tree, ast: Some(Arc::from(ast)) })
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

/// What the parser made of a statement.
struct Reading {
    statement: Result<ast::Statement, PlanError>,
    /// Expressions that it began, those that it took back included.
    begun: u64,
}

fn parse_tokens(sql: &str, tokens: Vec<TokenWithSpan>) -> Reading {
    let dialect = Postgres::with_allowance(complexity::allowance(tokens.len()));
    let mut parser = Parser::new(&dialect).with_recursion_limit(RECURSION_LIMIT).with_tokens_with_locations(tokens);
    let parsed = parser.parse_statement();
    let next = parser.peek_token();
    let statement = match parsed {
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
    };
    Reading { statement, begun: dialect.begun() }
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

/// Functions whose names begin as the catalogs' do, and that read none of them.
const OF_NO_CATALOG: [&str; 14] = [
    "pg_backend_pid",
    "pg_char_to_encoding",
    "pg_client_encoding",
    "pg_collation_for",
    "pg_column_size",
    "pg_conf_load_time",
    "pg_current_xact_id_if_assigned",
    "pg_encoding_to_char",
    "pg_is_in_recovery",
    "pg_jit_available",
    "pg_postmaster_start_time",
    "pg_size_bytes",
    "pg_size_pretty",
    "pg_typeof",
];

/// Functions whose answers are in the catalogs.
const OF_CATALOGS: [&str; 12] = [
    "col_description",
    "has_any_column_privilege",
    "has_column_privilege",
    "has_database_privilege",
    "has_function_privilege",
    "has_schema_privilege",
    "has_sequence_privilege",
    "has_table_privilege",
    "has_type_privilege",
    "obj_description",
    "shobj_description",
    "to_regclass",
];

/// Whether a statement touches the system catalogs by any name.
fn speaks_of_catalogs(tokens: &[TokenWithSpan]) -> bool {
    let word = |at: usize| match tokens.get(at).map(|token| &token.token) {
        Some(Token::Word(word)) => Some(word.value.to_ascii_lowercase()),
        _ => None,
    };
    let token = |at: usize| tokens.get(at).map(|token| &token.token);
    let is_call = |at: usize| token(at + 1) == Some(&Token::LParen);
    let is_type = |at: usize| {
        let before = at.checked_sub(1).and_then(token);
        before == Some(&Token::DoubleColon) || matches!(before, Some(Token::Word(w)) if w.keyword == Keyword::AS)
    };
    (0..tokens.len()).any(|at| match word(at).as_deref() {
        // A function or a type of that schema.
        Some("pg_catalog") => {
            let is_name = token(at + 1) == Some(&Token::Period);
            !(is_name && word(at + 2).is_some_and(|name| !name.starts_with("pg_")) && (is_call(at + 2) || is_type(at)))
        }
        Some("pg_lsn") => false,
        Some(name) if OF_NO_CATALOG.contains(&name) => !is_call(at),
        Some(name) if OF_CATALOGS.contains(&name) => is_call(at),
        Some(name) => name.starts_with("pg_") || name == "regclass",
        None => false,
    })
}

/// A statement over the system catalogs, which is read again by a parser that knows what clients are known to send. It
/// reads the arguments of calls twice, so what would take it too long is only rewritten by its rules: clients don't send
/// such statements.
fn parse_catalog_statement(text: &str, reading: Reading, calls_deep: usize) -> Result<ast::Statement, PlanError> {
    static COMPATIBILITY: LazyLock<PostgresCompatibilityParser> = LazyLock::new(PostgresCompatibilityParser::new);
    let twice_each = u32::try_from(calls_deep).map_or(u64::MAX, |levels| 2_u64.saturating_pow(levels));
    if matches!(reading.statement, Err(PlanError::TooComplex))
        || reading.begun.saturating_mul(twice_each) > MAX_CATALOG_READS
    {
        return reading.statement.map(|statement| COMPATIBILITY.rewrite(statement));
    }
    let mut statements = COMPATIBILITY.parse(text).map_err(|error| match error {
        ParserError::RecursionLimitExceeded => PlanError::TooComplex,
        ParserError::ParserError(message) | ParserError::TokenizerError(message) => {
            PlanError::Syntax { message: format!("syntax error: {message}"), detail: None, position: None }
        }
    })?;
    match (statements.pop(), statements.is_empty()) {
        (Some(statement), true) => Ok(statement),
        _ => Err(PlanError::Syntax { message: "syntax error".to_owned(), detail: None, position: None }),
    }
}

fn classify(statement: ast::Statement, of: impl FnOnce(Box<ast::Query>) -> Query) -> Result<Kind, PlanError> {
    use ast::Statement as S;
    Ok(match statement {
        S::Query(query) => Kind::Query(of(query)),
        S::Explain { analyze, verbose, statement, options, .. } => {
            Kind::Explain(explain::explain(analyze, verbose, *statement, options, of)?)
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

/// The one query of a text that is ours, and that has no errors.
pub(crate) fn grammar_of(sql: &str) -> Option<Box<SelectStmt>> {
    grammar::query(sql).ok().flatten().map(grammar::Read::query)
}

#[cfg(test)]
mod tests;
