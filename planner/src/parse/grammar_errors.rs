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
    if message == "invalid Unicode escape" {
        let (message, hint) = (message.to_owned(), Some("Unicode escapes must be \\uXXXX or \\UXXXXXXXX."));
        let position = place_of_escape(text);
        return Some(PlanError::Refused { code: code::INVALID_ESCAPE, message, hint, position });
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

/// Where the first `\u` of a string with escapes stands that lacks digits.
fn place_of_escape(text: &str) -> Option<usize> {
    let lacks_digits = |at: usize, count: usize| {
        let digits = text.get(at + 2..).unwrap_or_default().bytes().take(count);
        digits.filter(u8::is_ascii_hexdigit).count() < count
    };
    // Up to there, and closed, it is a string with escapes.
    let is_in_string = |at: usize| {
        let Some(before) = text.get(..at) else { return false };
        let closed = [before, "'"].concat();
        tokens(&closed).last().is_some_and(|(_, word)| word.starts_with(['e', 'E']) && word.ends_with('\''))
    };
    let escapes = text.match_indices('\\').map(|(at, _)| at).filter(|at| match text.as_bytes().get(at + 1) {
        Some(b'u') => lacks_digits(*at, 4),
        Some(b'U') => lacks_digits(*at, 8),
        _ => false,
    });
    // A text has few of them, or it is no one's to read.
    let wrong = escapes.take(MAX_ESCAPES).find(|at| is_in_string(*at))?;
    character(text, wrong)
}

const MAX_ESCAPES: usize = 64;

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
        match grammar::query("SELECT E'\\u00'") {
            Err(PlanError::Refused { code: "22025", position, .. }) => assert_eq!(position, Some(10)),
            other => panic!("{other:?}"),
        }
        match grammar::query("SELECT 1 FROM x, A.\"b\".c.d") {
            Err(PlanError::Grammar { position, .. }) => assert_eq!(position, Some(18)),
            other => panic!("{other:?}"),
        }
    }
}
