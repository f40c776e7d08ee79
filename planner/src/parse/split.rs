//! Cuts a client's text into statements at its semicolons, by tokens, and finds places in it again.

use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer};

use crate::PlanError;

/// One statement's tokens and text.
#[derive(Debug)]
pub(super) struct Piece<'a> {
    /// Without white space and comments; each knows its place in the whole text.
    pub tokens: Vec<TokenWithSpan>,
    pub text: &'a str,
}

/// Tokens of one text at most, and statements: what is made of them takes a hundred times their room.
const MAX_TOKENS: usize = 1_000_000;
const MAX_STATEMENTS: usize = 10_000;

/// The statements of `sql`; empty ones are left out.
pub(super) fn split(sql: &str) -> Result<Vec<Piece<'_>>, PlanError> {
    let count = tokens_at_most(sql);
    if count > MAX_TOKENS {
        return Err(PlanError::TooLong { what: "words and signs", count, limit: MAX_TOKENS });
    }
    let tokens =
        Tokenizer::new(&PostgreSqlDialect {}, sql).tokenize_with_location().map_err(|error| PlanError::Syntax {
            message: lower_first(&error.message),
            detail: None,
            position: char_position(sql, error.location),
        })?;
    let mut index = LineIndex::new(sql);
    let mut pieces = Vec::new();
    let mut current = Vec::new();
    for token in tokens {
        match token.token {
            Token::Whitespace(_) | Token::EOF => {}
            Token::SemiColon => push(sql, &mut index, &mut pieces, std::mem::take(&mut current)),
            _ => current.push(token),
        }
    }
    push(sql, &mut index, &mut pieces, current);
    match pieces.len() {
        0..=MAX_STATEMENTS => Ok(pieces),
        count => Err(PlanError::TooLong { what: "statements", count, limit: MAX_STATEMENTS }),
    }
}

/// No fewer than the tokens of a text, white space among them: each sign is one, and each word. What stands in quotes and
/// comments counts, too.
fn tokens_at_most(sql: &str) -> usize {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii();
    let begins = |(before, byte): (u8, u8)| usize::from(!is_word(byte) || !is_word(before));
    std::iter::once(b' ').chain(sql.bytes()).zip(sql.bytes()).map(begins).sum()
}

fn push<'a>(sql: &'a str, index: &mut LineIndex<'a>, pieces: &mut Vec<Piece<'a>>, tokens: Vec<TokenWithSpan>) {
    pieces.extend(cut(sql, index, tokens));
}

/// Some of a text's tokens as a statement of their own; `None` if there are none.
pub(super) fn piece(sql: &str, tokens: Vec<TokenWithSpan>) -> Option<Piece<'_>> {
    cut(sql, &mut LineIndex::new(sql), tokens)
}

fn cut<'a>(sql: &'a str, index: &mut LineIndex<'a>, tokens: Vec<TokenWithSpan>) -> Option<Piece<'a>> {
    let (first, last) = (tokens.first()?, tokens.last()?);
    let (start, end) = (index.byte_of(first.span.start)?, index.byte_of(last.span.end)?);
    let text = sql.get(start..end).unwrap_or(sql);
    Some(Piece { tokens, text })
}

/// Where a function of this name is called first: an error that knows only the name is told the place.
pub(crate) fn position_of_call(sql: &str, name: &str) -> Option<usize> {
    let tokens = Tokenizer::new(&PostgreSqlDialect {}, sql).tokenize_with_location().ok()?;
    let called = tokens.windows(2).find(|pair| {
        pair[1].token == Token::LParen
            && matches!(&pair[0].token, Token::Word(word) if word.value.eq_ignore_ascii_case(name))
    })?;
    char_position(sql, called[0].span.start)
}

/// Where each line of a text begins.
struct LineIndex<'a> {
    sql: &'a str,
    starts: Vec<usize>,
}

impl<'a> LineIndex<'a> {
    fn new(sql: &'a str) -> Self {
        let starts = std::iter::once(0).chain(sql.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { sql, starts }
    }

    /// Byte offset of a location; lines and columns count from 1, columns in characters.
    fn byte_of(&mut self, at: Location) -> Option<usize> {
        let line_start = *self.starts.get(usize::try_from(at.line).ok()?.checked_sub(1)?)?;
        let column = usize::try_from(at.column).ok()?.checked_sub(1)?;
        let line = self.sql.get(line_start..)?;
        // Mostly ASCII: skip straight to the column where that is safe.
        if line.as_bytes().get(..column).is_some_and(<[u8]>::is_ascii) {
            return Some(line_start + column);
        }
        let within = line.char_indices().nth(column).map_or(line.len(), |(byte, _)| byte);
        Some(line_start + within)
    }
}

/// Characters before a location, plus one: a position as error messages give it. `None` for a location of no text.
pub(crate) fn char_position(sql: &str, at: Location) -> Option<usize> {
    let byte = LineIndex::new(sql).byte_of(at)?;
    Some(sql.get(..byte)?.chars().count() + 1)
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}
