//! Refuses statements that would take the parser, or a walk over what it makes, too far; told from their tokens alone.
//!
//! The parser's own limit counts nested expressions, not chains such as `a OR b OR ...`, which become trees just as
//! deep. And what is nested may take more time than it has text: at each level of calls the engine writes out the names
//! of all levels below, some calls it plans twice, and the parser reads some brackets anew for each that it opens.

use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan};

use super::RECURSION_LIMIT;
use crate::PlanError;

/// Operators, set operations and predicates of one statement, by their weight. A list of constants has none.
const MAX_CHAINED: usize = 4000;
/// Weight of an operator other than AND, OR and comparisons: the engine writes out the name of what stands on its left,
/// and the time for a chain grows with its square: a thousand links take a second.
const HEAVY: usize = 4;
/// Function calls, or array constructors, within each other. The parser and the stack would take four times as many; but
/// the time of planning grows with the fourth power of their number.
const MAX_CALLS_DEEP: usize = 64;
/// Bytes of the names of calls, see [`Nesting::names`]: the engine writes a few of them in a nanosecond, many times.
const MAX_NAMES: u64 = 1_000_000_000;
/// What it takes to put a name together, in bytes that could be written meanwhile.
const NAME_BYTES: u64 = 64;
/// Calls within each other whose arguments are planned twice, so that the time doubles with each.
const MAX_TWICE_DEEP: usize = 16;
/// `INTERVAL INTERVAL ... '1'`, with fields and precisions or without: the parser goes into each without counting.
const MAX_INTERVALS: usize = 16;
/// Tokens that may be read, and expressions that may be begun, for each token of a statement, and for any statement.
const READS_PER_TOKEN: u64 = 8;
const READS: u64 = 50_000;

/// An error for a statement that goes too far.
pub(super) fn check(tokens: &[TokenWithSpan]) -> Result<(), PlanError> {
    let before = std::iter::once(None).chain(tokens.iter().map(|token| Some(&token.token)));
    let chained: usize = before.zip(tokens).map(|(before, token)| chained(before, &token.token)).sum();
    let explains = tokens.iter().take_while(|token| is_word(&token.token, Keyword::EXPLAIN)).count();
    let nesting = Nesting::of(tokens);
    let too_far = chained > MAX_CHAINED
        || explains > 1
        || nesting.brackets > RECURSION_LIMIT
        || nesting.calls > MAX_CALLS_DEEP
        || nesting.names > MAX_NAMES
        || nesting.twice > MAX_TWICE_DEEP
        || nesting.intervals > MAX_INTERVALS
        || nesting.reads > allowance(tokens.len());
    match too_far {
        true => Err(PlanError::TooComplex),
        false => Ok(()),
    }
}

/// How much the parser may read of a statement of so many tokens, what it takes back and reads anew included.
pub(super) fn allowance(tokens: usize) -> u64 {
    READS + READS_PER_TOKEN * tokens as u64
}

fn is_word(token: &Token, keyword: Keyword) -> bool {
    matches!(token, Token::Word(word) if word.quote_style.is_none() && word.keyword == keyword)
}

/// What a token that makes the tree deeper by one weighs; 0 for all others.
fn chained(before: Option<&Token>, token: &Token) -> usize {
    match token {
        // A sign before a constant of a list, and the star of `count(*)`.
        Token::Minus | Token::Plus | Token::Mul if matches!(before, Some(Token::Comma | Token::LParen)) => 0,
        Token::Word(word) if word.quote_style.is_none() => usize::from(matches!(
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
        )),
        Token::Word(_) | Token::Number(..) | Token::Comma | Token::LParen | Token::RParen | Token::Period => 0,
        Token::SingleQuotedString(_) | Token::EscapedStringLiteral(_) | Token::Placeholder(_) => 0,
        Token::Eq | Token::Neq | Token::Lt | Token::Gt | Token::LtEq | Token::GtEq | Token::DoubleColon => 1,
        _ => HEAVY,
    }
}

/// The deepest nesting of each kind in a statement.
#[derive(Debug, Default)]
struct Nesting {
    brackets: usize,
    calls: usize,
    twice: usize,
    /// Bytes of the names of calls, each as often as it is written: the name of a call holds its arguments, is put
    /// together anew for each call around it, and each of these asks for the names of all that is in it.
    names: u64,
    /// Tokens, each as often as the parser reads it.
    reads: u64,
    intervals: usize,
}

/// Where a token stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    brackets: usize,
    calls: usize,
    twice: usize,
    /// A call has been opened since the last CASE.
    in_call: bool,
    times: u64,
}

/// What a place was opened by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opened {
    Bracket,
    Case,
}

impl Nesting {
    fn of(tokens: &[TokenWithSpan]) -> Self {
        let mut deepest = Self::default();
        let mut at = Place { brackets: 0, calls: 0, twice: 0, in_call: false, times: 1 };
        let mut open = Vec::new();
        // Brackets right before the token.
        let mut run = 0_u64;
        let mut intervals = 0;
        let mut before = None;
        for token in tokens.iter().map(|token| &token.token) {
            deepest.reads = deepest.reads.saturating_add(at.times);
            match token {
                Token::LParen | Token::LBracket => {
                    open.push((at, Opened::Bracket));
                    at.open_bracket(token, before);
                }
                Token::RParen | Token::RBracket => {
                    // A CASE without its END ends with the bracket that it stands in.
                    while let Some((outside, opened)) = open.pop() {
                        at = outside;
                        if opened == Opened::Bracket {
                            break;
                        }
                    }
                }
                Token::Word(word) if word.quote_style.is_none() => match word.keyword {
                    Keyword::CASE => {
                        open.push((at, Opened::Case));
                        at.open_case();
                    }
                    Keyword::END => {
                        if let Some((outside, _)) = open.pop_if(|(_, opened)| *opened == Opened::Case) {
                            at = outside;
                        }
                    }
                    // Each bracket before a sub-query is read as its beginning, and then as one around it.
                    Keyword::SELECT | Keyword::WITH | Keyword::VALUES | Keyword::TABLE => {
                        at.times = at.times.saturating_mul(run.max(1));
                    }
                    _ => {}
                },
                _ => {}
            }
            intervals = match token {
                Token::Word(word) if word.keyword == Keyword::INTERVAL => intervals + 1,
                // `INTERVAL(3)`, `INTERVAL YEAR TO MONTH`.
                Token::LParen | Token::RParen | Token::Number(..) | Token::Word(_) => intervals,
                _ => 0,
            };
            deepest.intervals = deepest.intervals.max(intervals);
            let length = length(token) + if *token == Token::LParen { NAME_BYTES } else { 0 };
            deepest.names = deepest.names.saturating_add(length.saturating_mul((at.calls as u64).saturating_pow(3)));
            run = if *token == Token::LParen { run + 1 } else { 0 };
            before = Some(token);
            deepest.note(at);
        }
        deepest
    }

    fn note(&mut self, at: Place) {
        self.brackets = self.brackets.max(at.brackets);
        self.calls = self.calls.max(at.calls);
        self.twice = self.twice.max(at.twice);
    }
}

impl Place {
    fn open_bracket(&mut self, token: &Token, before: Option<&Token>) {
        self.brackets += 1;
        let called = match before {
            Some(Token::Word(word)) if *token == Token::LParen => {
                let keyword = if word.quote_style.is_none() { word.keyword } else { Keyword::NoKeyword };
                is_function(keyword).then_some(word.value.as_str())
            }
            _ => (*token == Token::LBracket).then_some(""),
        };
        if let Some(name) = called {
            self.calls += 1;
            self.in_call = true;
            self.twice += usize::from(is_planned_twice(name));
        }
    }

    /// The type of a CASE is told twice, once as a type and once as whether it can be NULL, and each time that of the
    /// calls in it. What stands in a CASE directly is looked at once.
    fn open_case(&mut self) {
        self.twice += usize::from(self.in_call);
        self.in_call = false;
    }
}

/// Bytes of a token, as far as it may have many.
fn length(token: &Token) -> u64 {
    let text = match token {
        Token::Word(word) => &word.value,
        Token::Number(text, _)
        | Token::SingleQuotedString(text)
        | Token::EscapedStringLiteral(text)
        | Token::UnicodeStringLiteral(text)
        | Token::NationalStringLiteral(text)
        | Token::HexStringLiteral(text)
        | Token::SingleQuotedByteStringLiteral(text) => text,
        Token::DollarQuotedString(text) => &text.value,
        _ => return 1,
    };
    text.len() as u64
}

/// Calls whose arguments the engine plans twice, or writes down twice: `coalesce(a, b)` becomes a CASE that tests `a` and
/// returns it.
fn is_planned_twice(function: &str) -> bool {
    ["coalesce", "nvl", "ifnull", "map"].iter().any(|name| function.eq_ignore_ascii_case(name))
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
