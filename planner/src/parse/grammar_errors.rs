//! Mistakes that the grammar finds in what is well-formed: their SQLSTATEs and places, which the crate keeps to itself.

use pg_query::protobuf::{ScanToken, Token};

use crate::PlanError;
use crate::error::code;

/// The error that a message of the grammar is, if it is one of these.
pub(super) fn refused(text: &str, message: &str) -> Option<PlanError> {
    if let Some(name) = message.strip_prefix("improper qualified name (too many dotted names): ") {
        let position = place_of_name(text, name);
        return Some(PlanError::Grammar { message: message.to_owned(), position });
    }
    if message.starts_with("precision for type float must be ") {
        let position = place_of_precision(text, message.ends_with("54 bits"));
        return Some(PlanError::refused(code::INVALID_PARAMETER_VALUE, message.to_owned(), position));
    }
    if message.starts_with("invalid byte sequence for encoding") {
        return Some(PlanError::refused(code::CHARACTER_NOT_IN_REPERTOIRE, message.to_owned(), None));
    }
    let what = message.split_once(" at or near ").map_or(message, |(what, _)| what);
    if matches!(what, INVALID_ESCAPE | INVALID_VALUE | INVALID_PAIR) {
        let found = wrong_escape(text, what);
        let position = found.as_ref().and_then(|found| character(text, found.at));
        let is_in_unicode_string = found.is_some_and(|found| found.is_in_unicode_string);
        let message = message.to_owned();
        return Some(match (what == INVALID_ESCAPE, is_in_unicode_string) {
            (false, _) => PlanError::Grammar { message, position },
            (true, true) => {
                let hint = Some("Unicode escapes must be \\XXXX or \\+XXXXXX.");
                PlanError::Refused { code: code::SYNTAX_ERROR, message, hint, position }
            }
            (true, false) => {
                let hint = Some("Unicode escapes must be \\uXXXX or \\UXXXXXXXX.");
                PlanError::Refused { code: code::INVALID_ESCAPE, message, hint, position }
            }
        });
    }
    None
}

fn character(text: &str, byte: usize) -> Option<usize> {
    Some(text.get(..byte)?.chars().count() + 1)
}

fn tokens(text: &str) -> Vec<(ScanToken, &str)> {
    let scanned = pg_query::scan(text).map(|scanned| scanned.tokens).unwrap_or_default();
    let written = |token: ScanToken| {
        let range = usize::try_from(token.start).ok()?..usize::try_from(token.end).ok()?;
        Some((text.get(range)?, token))
    };
    scanned.into_iter().filter_map(written).map(|(word, token)| (token, word)).collect()
}

/// Where the first chain of words begins that is this name.
fn place_of_name(text: &str, name: &str) -> Option<usize> {
    let tokens = tokens(text);
    let is_dot = |at: usize| tokens.get(at).is_some_and(|(_, word)| *word == ".");
    let begins = (0..tokens.len()).filter(|at| !is_dot(*at) && !at.checked_sub(1).is_some_and(is_dot));
    let mut found = begins.filter(|begin| {
        let mut words = vec![folded(tokens[*begin].1)];
        let mut at = *begin;
        while is_dot(at + 1)
            && let Some((_, word)) = tokens.get(at + 2)
        {
            words.push(folded(word));
            at += 2;
        }
        words.join(".") == name
    });
    let (token, _) = &tokens[found.next()?];
    character(text, usize::try_from(token.start).ok()?)
}

/// A word as the name that it is.
fn folded(word: &str) -> String {
    match word.strip_prefix('"').and_then(|word| word.strip_suffix('"')) {
        Some(quoted) => quoted.replace("\"\"", "\""),
        None => word.to_ascii_lowercase(),
    }
}

/// Where the first `n` of a `float(n)` stands that is too large, or too small.
fn place_of_precision(text: &str, is_too_large: bool) -> Option<usize> {
    let tokens = tokens(text);
    let wrong = tokens.windows(3).find_map(|three| match three {
        [(float, _), (_, "("), (digits, number)] if float.token == Token::FloatP as i32 => {
            let bits: i64 = number.parse().ok()?;
            let is_wrong = if is_too_large { bits >= 54 } else { bits < 1 };
            is_wrong.then_some(digits.start)
        }
        _ => None,
    });
    character(text, usize::try_from(wrong?).ok()?)
}

const INVALID_ESCAPE: &str = "invalid Unicode escape";
const INVALID_VALUE: &str = "invalid Unicode escape value";
const INVALID_PAIR: &str = "invalid Unicode surrogate pair";

/// A text has few strings with escapes, or it is no one's to read.
const MAX_STRINGS: usize = 64;

/// An escape that the grammar complains of.
struct WrongEscape {
    /// The byte that is wrong.
    at: usize,
    is_in_unicode_string: bool,
}

/// The first escape that is wrong in a way.
fn wrong_escape(text: &str, wanted: &str) -> Option<WrongEscape> {
    let in_strings = text.match_indices(['e', 'E']).map(|(at, _)| at).filter(|at| begins_string(text, *at));
    let in_strings = in_strings.take(MAX_STRINGS).filter_map(|at| {
        let begin = at + 2;
        let (wrong, what) = wrong_within(text.get(begin..)?, Escapes::OfString)?;
        Some((WrongEscape { at: begin + wrong, is_in_unicode_string: false }, what))
    });
    let tokens = tokens(text);
    let is = |at: usize, kind: Token| tokens.get(at).is_some_and(|(token, _)| token.token == kind as i32);
    let unicode = (0..tokens.len()).filter(|at| is(*at, Token::Usconst) || is(*at, Token::Uident));
    let in_unicode_strings = unicode.filter_map(|at| {
        let (token, word) = tokens.get(at)?;
        let named = if is(at + 1, Token::Uescape) { tokens.get(at + 2) } else { None };
        let escape = named.and_then(|(_, word)| word.chars().nth(1)).unwrap_or('\\');
        let (wrong, what) = wrong_within(word.get(3..word.len().checked_sub(1)?)?, Escapes::Unicode(escape))?;
        Some((WrongEscape { at: usize::try_from(token.start).ok()? + 3 + wrong, is_in_unicode_string: true }, what))
    });
    in_strings.chain(in_unicode_strings).find(|(_, what)| *what == wanted).map(|(found, _)| found)
}

/// Whether a string with escapes begins at a letter.
fn begins_string(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let is_in_word = before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$'));
    text.as_bytes().get(at + 1) == Some(&b'\'') && !is_in_word && pg_query::scan(before).is_ok()
}

/// How a string writes what it escapes.
#[derive(Clone, Copy)]
enum Escapes {
    /// `E'\u0061'`, to the quote that ends it.
    OfString,
    /// `U&'\0061'`, with its escape character.
    Unicode(char),
}

/// The first byte of a string at which an escape is wrong, and what is.
fn wrong_within(body: &str, escapes: Escapes) -> Option<(usize, &'static str)> {
    let mut is_half = false;
    let mut at = 0;
    while let Some(next) = body.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = body.get(at + next.len_utf8()..).unwrap_or_default();
        let digits = match (escapes, rest.chars().next()) {
            (Escapes::OfString, Some('u')) if next == '\\' => Some((1, 4)),
            (Escapes::OfString, Some('U')) if next == '\\' => Some((1, 8)),
            (Escapes::Unicode(escape), Some(second)) if next == escape && second == escape => None,
            (Escapes::Unicode(escape), Some('+')) if next == escape => Some((1, 6)),
            (Escapes::Unicode(escape), _) if next == escape => Some((0, 4)),
            _ => None,
        };
        let Some((skipped, count)) = digits else {
            if is_half {
                return Some((at, INVALID_PAIR));
            }
            let doubled = match escapes {
                Escapes::OfString if next == '\'' && !rest.starts_with('\'') => return None,
                Escapes::OfString => matches!(next, '\\' | '\''),
                Escapes::Unicode(escape) => next == escape,
            };
            let second = if doubled { rest.chars().next().map_or(0, char::len_utf8) } else { 0 };
            at += next.len_utf8() + second;
            continue;
        };
        let written = rest.get(skipped..skipped + count).filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(value) = written.and_then(|text| u32::from_str_radix(text, 16).ok()) else {
            return Some((at, INVALID_ESCAPE));
        };
        if !(1..=0x10_FFFF).contains(&value) {
            return Some((at, INVALID_VALUE));
        }
        if is_half != (0xDC00..=0xDFFF).contains(&value) {
            return Some((at, INVALID_PAIR));
        }
        is_half = (0xD800..=0xDBFF).contains(&value);
        at += next.len_utf8() + skipped + count;
    }
    is_half.then_some((at, INVALID_PAIR))
}

#[cfg(test)]
mod tests {
    use super::super::grammar;
    use super::*;

    #[test]
    fn mistakes_have_codes_and_places() {
        for (sql, place) in [("SELECT 1::float(3), 1::float(0)", 30), ("SELECT 'ä', 1::float(54)", 22)] {
            match grammar::query(sql) {
                Err(PlanError::Refused { code: "22023", position, .. }) => assert_eq!(position, Some(place), "{sql}"),
                other => panic!("{sql}: {other:?}"),
            }
        }
        for (sql, code, place) in [
            ("SELECT E'\\u00'", "22025", 10),
            ("SELECT 'e', E'a\\\\\\u0061', U&'\\0061\\006'", "42601", 35),
            ("SELECT U&\"a!0061!\" UESCAPE '!'", "42601", 17),
        ] {
            match grammar::query(sql) {
                Err(PlanError::Refused { code: given, position, .. }) => {
                    assert_eq!((given, position), (code, Some(place)), "{sql}");
                }
                other => panic!("{sql}: {other:?}"),
            }
        }
        for (sql, place) in [
            ("SELECT E'\\uD83Dx'", 16),
            ("SELECT E'\\uDE00'", 10),
            ("SELECT E'\\u0000'", 10),
            ("SELECT U&'\\D83D'", 16),
            ("SELECT U&'\\D83D\\0061'", 16),
            ("SELECT U&'\\+110000'", 11),
        ] {
            match grammar::query(sql) {
                Err(PlanError::Grammar { position, .. }) => assert_eq!(position, Some(place), "{sql}"),
                other => panic!("{sql}: {other:?}"),
            }
        }
        match grammar::query("SELECT 1 FROM x, A.\"b\".c.d") {
            Err(PlanError::Grammar { position, .. }) => assert_eq!(position, Some(18)),
            other => panic!("{other:?}"),
        }
    }
}
