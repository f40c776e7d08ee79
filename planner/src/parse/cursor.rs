//! Cursors in SQL: DECLARE, FETCH and MOVE (documentation, "DECLARE" and "FETCH").

use datafusion::sql::sqlparser::tokenizer::Token;

use super::tokens::Tokens;
use super::{Kind, Query, Refusal, parse_tree};
use crate::PlanError;

/// `DECLARE name CURSOR FOR query`.
#[derive(Debug, Clone)]
pub struct Declare {
    pub cursor: String,
    pub query: Query,
    /// Its rows are binary where they are fetched by a simple query.
    pub binary: bool,
    /// It outlives its transaction, if that is committed.
    pub hold: bool,
}

/// `FETCH` or `MOVE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    pub cursor: String,
    pub reach: Reach,
    /// MOVE: the rows are passed over.
    pub moves: bool,
}

/// Which rows a FETCH asks for. Cursors only go forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// So many of the next rows.
    Next(u64),
    /// All that are left.
    All,
    /// The row with this number, counted from 1.
    Absolute(u64),
    /// The last of so many next rows.
    Relative(u64),
    /// A row that has been passed already, or may have been.
    Backward,
}

/// What follows DECLARE.
pub(super) fn declare(tokens: &mut Tokens<'_>) -> Result<Kind, PlanError> {
    let cursor = tokens.name()?;
    let mut binary = false;
    while !tokens.take("CURSOR") {
        if tokens.take("BINARY") {
            binary = true;
        } else if tokens.take("NO") {
            tokens.expect("SCROLL")?;
        } else if tokens.take("SCROLL") {
            return Ok(Kind::Refused(Refusal::Unsupported("a SCROLL cursor")));
        } else if !tokens.take("INSENSITIVE") {
            tokens.expect("ASENSITIVE")?;
        }
    }
    let hold = tokens.take("WITH");
    if hold || tokens.take("WITHOUT") {
        tokens.expect("HOLD")?;
    }
    tokens.expect("FOR")?;
    let query = tokens.rest()?;
    Ok(match parse_tree(tokens.sql, query)? {
        Kind::Query(query) => Kind::Declare(Declare { cursor, query, binary, hold }),
        refused @ Kind::Refused(_) => refused,
        _ => Kind::Refused(Refusal::Unsupported("a cursor for anything but a query")),
    })
}

/// What follows FETCH, or MOVE.
pub(super) fn fetch(tokens: &mut Tokens<'_>, moves: bool) -> Result<Fetch, PlanError> {
    let reach = reach(tokens)?;
    if !tokens.take("FROM") {
        tokens.take("IN");
    }
    let cursor = tokens.name()?;
    tokens.end()?;
    Ok(Fetch { cursor, reach, moves })
}

fn reach(tokens: &mut Tokens<'_>) -> Result<Reach, PlanError> {
    // A cursor may have the name of a direction: `FETCH next` alone names one.
    if tokens.tokens.len() == tokens.at + 1 {
        return Ok(Reach::Next(1));
    }
    if tokens.take("NEXT") {
        return Ok(Reach::Next(1));
    }
    if tokens.take("FIRST") {
        return Ok(Reach::Absolute(1));
    }
    if tokens.take("PRIOR") || tokens.take("LAST") {
        return Ok(Reach::Backward);
    }
    if tokens.take("ABSOLUTE") {
        return Ok(signed(tokens)?.map_or(Reach::Backward, Reach::Absolute));
    }
    if tokens.take("RELATIVE") {
        return Ok(signed(tokens)?.map_or(Reach::Backward, Reach::Relative));
    }
    if tokens.take("BACKWARD") {
        let counted = !tokens.take("ALL") && starts_number(tokens);
        let back = if counted { signed(tokens)? } else { Some(1) };
        // Backward by less than nothing is forward, which nobody means.
        return Ok(if back == Some(0) { Reach::Relative(0) } else { Reach::Backward });
    }
    let forward = tokens.take("FORWARD");
    if tokens.take("ALL") {
        return Ok(Reach::All);
    }
    match starts_number(tokens) {
        true => Ok(match signed(tokens)? {
            None => Reach::Backward,
            Some(0) => Reach::Relative(0),
            Some(rows) => Reach::Next(rows),
        }),
        false if forward => Ok(Reach::Next(1)),
        false if tokens.peek_is("FROM") || tokens.peek_is("IN") => Ok(Reach::Next(1)),
        false => Err(tokens.error()),
    }
}

fn starts_number(tokens: &Tokens<'_>) -> bool {
    matches!(tokens.peek(), Some(Token::Number(..) | Token::Minus | Token::Plus))
}

/// A whole number; `None` if it is negative.
fn signed(tokens: &mut Tokens<'_>) -> Result<Option<u64>, PlanError> {
    let minus = tokens.take_token(&Token::Minus);
    if !minus {
        tokens.take_token(&Token::Plus);
    }
    let Some(Token::Number(digits, _)) = tokens.peek() else { return Err(tokens.error()) };
    let number: u64 = digits.parse().map_err(|_| tokens.error())?;
    tokens.at += 1;
    Ok((!minus || number == 0).then_some(number))
}
