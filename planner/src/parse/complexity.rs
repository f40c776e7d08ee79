//! Refuses statements that would take the parser or a recursive walk too far, told from their tokens alone.
//!
//! The parser's own limit counts nested expressions, not chains such as `a OR b OR ...`, which become trees just as
//! deep; and it tries the arguments of a function call twice, so that the time doubles with each level.

use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan};

use crate::PlanError;

/// Operators, set operations and predicates of one statement. A list of constants has none.
const MAX_CHAINED: usize = 4000;
/// Function calls, or array constructors, within each other.
const MAX_CALLS_DEEP: usize = 16;

/// An error for a statement that goes too far.
pub(super) fn check(tokens: &[TokenWithSpan]) -> Result<(), PlanError> {
    let chained = tokens.iter().filter(|token| chains(&token.token)).count();
    let explains = tokens.iter().take_while(|token| is_word(&token.token, Keyword::EXPLAIN)).count();
    match chained > MAX_CHAINED || explains > 1 || calls_deep(tokens) > MAX_CALLS_DEEP {
        true => Err(PlanError::TooComplex),
        false => Ok(()),
    }
}

fn is_word(token: &Token, keyword: Keyword) -> bool {
    matches!(token, Token::Word(word) if word.quote_style.is_none() && word.keyword == keyword)
}

/// Whether a token makes the tree deeper by one.
fn chains(token: &Token) -> bool {
    match token {
        Token::Word(word) if word.quote_style.is_none() => matches!(
            word.keyword,
            Keyword::AND
                | Keyword::OR
                | Keyword::NOT
                | Keyword::IS
                | Keyword::LIKE
                | Keyword::ILIKE
                | Keyword::BETWEEN
                | Keyword::UNION
                | Keyword::EXCEPT
                | Keyword::INTERSECT
                | Keyword::JOIN
                | Keyword::AT
                | Keyword::AS
                | Keyword::COLLATE
                | Keyword::CASE
        ),
        Token::Word(_) | Token::Number(..) | Token::Comma | Token::LParen | Token::RParen | Token::Period => false,
        Token::SingleQuotedString(_) | Token::EscapedStringLiteral(_) | Token::Placeholder(_) => false,
        // A sign before a constant, and the star of a select list, are few.
        _ => true,
    }
}

/// How deeply calls stand within calls. A bracket that opens no call counts for nothing.
fn calls_deep(tokens: &[TokenWithSpan]) -> usize {
    let (mut open, mut calls, mut deepest) = (Vec::new(), 0_usize, 0);
    for pair in std::iter::once(None).chain(tokens.iter().map(Some)).zip(tokens) {
        match (pair.0.map(|before| &before.token), &pair.1.token) {
            (before, Token::LParen) => open.push(matches!(before, Some(Token::Word(word)) if word.keyword == Keyword::NoKeyword || word.quote_style.is_none() && is_function(word.keyword))),
            (_, Token::LBracket) => open.push(true),
            (_, Token::RParen | Token::RBracket) => {
                calls -= usize::from(open.pop().unwrap_or(false));
                continue;
            }
            _ => continue,
        }
        calls += usize::from(open.last() == Some(&true));
        deepest = deepest.max(calls);
    }
    deepest
}

/// Keywords before a bracket that don't call anything.
fn is_function(keyword: Keyword) -> bool {
    !matches!(
        keyword,
        Keyword::AND
            | Keyword::OR
            | Keyword::NOT
            | Keyword::IN
            | Keyword::FROM
            | Keyword::JOIN
            | Keyword::ON
            | Keyword::WHERE
            | Keyword::AS
            | Keyword::SELECT
            | Keyword::UNION
            | Keyword::EXISTS
            | Keyword::VALUES
            | Keyword::WHEN
            | Keyword::THEN
            | Keyword::ELSE
            | Keyword::CASE
            | Keyword::BY
            | Keyword::HAVING
            | Keyword::LATERAL
            | Keyword::ALL
    )
}
