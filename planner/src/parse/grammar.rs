//! PostgreSQL's own grammar: text to its raw parse tree, and its words for what isn't in it.

use pg_query::protobuf::{Node, RawStmt, SelectStmt};
use pg_query::{Error, NodeEnum};

use super::grammar_errors;
use crate::PlanError;
use crate::error::code;

/// A statement that asks for a query.
#[derive(Debug)]
pub(super) enum Read {
    Query(Box<SelectStmt>),
    /// One that is explained, and how.
    Explained(Box<SelectStmt>, Vec<Node>),
}

/// The query of the one statement of a text, if it has one.
pub(super) fn query(text: &str) -> Result<Option<Read>, PlanError> {
    let tree = match pg_query::parse(text, 0) {
        Ok(parsed) => parsed.protobuf,
        Err(error) => return Err(explain(text, error)),
    };
    let mut statements = tree.stmts.into_iter();
    match (statements.next(), statements.next()) {
        (Some(RawStmt { stmt: Some(statement), .. }), None) => match statement.node {
            Some(NodeEnum::SelectStmt(query)) => Ok(Some(Read::Query(query))),
            Some(NodeEnum::ExplainStmt(explain)) => match explain.query.and_then(|query| query.node) {
                Some(NodeEnum::SelectStmt(query)) => Ok(Some(Read::Explained(query, explain.options))),
                _ => Ok(None),
            },
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

/// A text that is one expression.
pub(super) fn expression(text: &str) -> Result<NodeEnum, PlanError> {
    // Behind WHERE stands an expression, and nothing else is left of a query if it is all there is.
    let sql = format!("SELECT WHERE {text}");
    let bare = selected("SELECT WHERE true")?.map(|(_, query)| query);
    match selected(&sql)? {
        Some((condition, query)) if bare.as_ref() == Some(&query) => Ok(condition),
        _ => {
            let message = "expected one expression, found more than that".to_owned();
            Err(PlanError::Syntax { message, detail: None, position: None })
        }
    }
}

/// The condition of a text's one query, and the query without it.
fn selected(sql: &str) -> Result<Option<(NodeEnum, SelectStmt)>, PlanError> {
    let parsed = pg_query::parse(sql, 0).map_err(|error| explain(sql, error))?;
    let [RawStmt { stmt: Some(statement), stmt_len: 0, .. }] = parsed.protobuf.stmts.as_slice() else {
        return Ok(None);
    };
    let Some(NodeEnum::SelectStmt(query)) = &statement.node else { return Ok(None) };
    let mut query = SelectStmt::clone(query);
    let condition = query.where_clause.take().and_then(|condition| condition.node);
    Ok(condition.map(|condition| (condition, query)))
}

/// What PostgreSQL says of a text that isn't SQL.
pub(super) fn explained(text: &str) -> Option<PlanError> {
    pg_query::parse(text, 0).err().map(|error| explain(text, error))
}

fn explain(text: &str, error: Error) -> PlanError {
    match error {
        Error::Parse(message) if message.starts_with("stack depth") || message.contains("nested too deeply") => {
            PlanError::TooComplex
        }
        Error::Parse(message) if message.starts_with("memory exhausted") => PlanError::TooComplex,
        Error::Parse(message) if message.starts_with("frame ") => {
            let position = frame_place(text, &message);
            PlanError::refused(code::WINDOWING_ERROR, message, position)
        }
        Error::Parse(message) => {
            if let Some(refused) = grammar_errors::refused(text, &message) {
                return refused;
            }
            let position = match message.starts_with("LIMIT #,#") {
                true => last_before(text, &message, &["LIMIT"]).map(|place| place.0),
                false => position(text, &message),
            };
            PlanError::Syntax { message, detail: None, position }
        }
        Error::Decode(_) => PlanError::TooComplex,
        other => PlanError::Syntax { message: other.to_string(), detail: None, position: None },
    }
}

/// The character at which the grammar stopped, counted from 1. The crate doesn't tell it, but the grammar complains of the
/// first token that can't follow: of the tokens that look like the one it names, that is the first up to which the text
/// isn't merely unfinished.
fn position(text: &str, message: &str) -> Option<usize> {
    if message.ends_with("at end of input") {
        return Some(text.chars().count() + 1);
    }
    let named = message.split_once(" at or near \"")?.1.strip_suffix('"')?;
    let Ok(scanned) = pg_query::scan(text) else {
        // A string or comment that doesn't end: it is named to the text's end.
        return text.strip_suffix(named).map(|before| before.chars().count() + 1);
    };
    let places = scanned.tokens.iter().filter_map(|token| {
        let (start, end) = (usize::try_from(token.start).ok()?, usize::try_from(token.end).ok()?);
        (text.get(start..end)? == named).then_some((start, end))
    });
    let places: Vec<_> = places.collect();
    let fails_at = |&(_, end): &(usize, usize)| match text.get(..end).map(|begin| pg_query::parse(begin, 0)) {
        Some(Err(Error::Parse(message))) => !message.ends_with("at end of input"),
        _ => false,
    };
    let first = places.partition_point(|place| !fails_at(place));
    let (start, _) = places.get(first)?;
    Some(text.get(..*start)?.chars().count() + 1)
}

/// Where a frame's bound stands that can't be: its end behind AND, its start behind BETWEEN or the frame's kind.
fn frame_place(text: &str, message: &str) -> Option<usize> {
    let is_end = message.starts_with("frame end ") || message.ends_with("cannot have preceding rows");
    let before: &[&str] = if is_end { &["AND"] } else { &["BETWEEN", "ROWS", "RANGE", "GROUPS"] };
    last_before(text, message, before)?.1
}

/// The character of the last of these words, and that of the token behind it, before the point where the grammar gives the
/// message: what follows has no part in it.
fn last_before(text: &str, message: &str, words: &[&str]) -> Option<(usize, Option<usize>)> {
    let scanned = pg_query::scan(text).ok()?;
    let tokens = scanned.tokens.iter().filter_map(|token| {
        let (start, end) = (usize::try_from(token.start).ok()?, usize::try_from(token.end).ok()?);
        Some((start, end, text.get(start..end)?))
    });
    let tokens: Vec<(usize, usize, &str)> = tokens.collect();
    let says_so = |end: usize| match text.get(..end).map(|begin| pg_query::parse(begin, 0)) {
        Some(Err(Error::Parse(said))) => said == message,
        _ => false,
    };
    let count = tokens.partition_point(|(_, end, _)| !says_so(*end));
    let is_one = |token: &str| words.iter().any(|word| token.eq_ignore_ascii_case(word));
    let at = tokens.iter().take(count + 1).rposition(|(_, _, token)| is_one(token))?;
    let character = |(start, ..): &(usize, usize, &str)| Some(text.get(..*start)?.chars().count() + 1);
    Some((character(tokens.get(at)?)?, tokens.get(at + 1).and_then(character)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(sql: &str) -> (String, Option<usize>) {
        match query(sql) {
            Err(PlanError::Syntax { message, position, .. }) => (message, position),
            other => panic!("{sql}: {other:?}"),
        }
    }

    /// What PostgreSQL says, and where.
    #[test]
    fn mistakes_are_found_where_they_are() {
        for (sql, word, position) in [
            ("SELEC 1", "SELEC", 1),
            ("SELECT 1 FROM FROM t", "FROM", 15),
            ("SELECT a FROM t WHERE WHERE a", "WHERE", 23),
            ("SELECT 'ä', 1 1", "1", 15),
            ("SELECT (1))", ")", 11),
        ] {
            assert_eq!(mistake(sql), (format!("syntax error at or near \"{word}\""), Some(position)), "{sql}");
        }
        assert_eq!(mistake("SELECT 1 +"), ("syntax error at end of input".to_owned(), Some(11)));
        assert_eq!(mistake("SELECT 'ä', 'b").1, Some(13));
        assert_eq!(mistake("SELECT /* x").1, Some(8));
    }

    /// What the grammar itself refuses, without a token that it names.
    #[test]
    fn what_the_grammar_refuses_has_a_place() {
        assert_eq!(mistake("SELECT 1 LIMIT 1, 2"), ("LIMIT #,# syntax is not supported".to_owned(), Some(10)));
        for (frame, behind) in [
            ("ROWS BETWEEN CURRENT ROW AND 1 PRECEDING", "AND "),
            ("ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW", "BETWEEN "),
            ("ROWS UNBOUNDED FOLLOWING", "ROWS "),
        ] {
            let sql = format!("SELECT sum(v) OVER (ORDER BY i {frame}) FROM w");
            let place = sql.rfind(behind).map(|at| at + behind.len() + 1);
            match query(&sql) {
                Err(PlanError::Refused { code: "42P20", position, .. }) => assert_eq!(position, place, "{sql}"),
                other => panic!("{sql}: {other:?}"),
            }
        }
    }

    #[test]
    fn nesting_has_an_end() {
        for sql in [format!("SELECT {}1", "NOT ".repeat(100_000)), format!("SELECT 1{}", " + 1".repeat(100_000))] {
            assert!(matches!(query(&sql), Err(PlanError::TooComplex)));
        }
        assert!(query("SELECT 1; SELECT 2").unwrap().is_none() && query("SHOW x").unwrap().is_none());
    }
}
