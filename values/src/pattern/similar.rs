//! `SIMILAR TO`: SQL's regular expressions, written as PostgreSQL's.

use super::like::one_char;
use crate::{Result, ValueError};

const INVALID_USE_OF_ESCAPE: &str = "2200C";

/// `similar_to_escape(pattern, escape)`: a regular expression for `~` and `substring`. Without an escape it is a
/// backslash; an empty one switches escapes off.
pub fn similar_to_escape(pattern: &str, escape: Option<&str>) -> Result<String> {
    let escape = match escape {
        Some(escape) => one_char(escape)?,
        None => Some('\\'),
    };
    crate::text::bounded(pattern.len().saturating_mul(3))?;
    let mut result = String::with_capacity(pattern.len() + 16);
    result.push_str("^(?:");
    let mut is_escaped = false;
    let mut separators = 0;
    let mut brackets = 0_usize;
    // Where in a bracket expression: `]` is a member of it at its start, after `^` too.
    let mut place = 0;
    for c in pattern.chars() {
        if is_escaped {
            is_escaped = false;
            match c {
                '"' if brackets == 0 => {
                    result.push_str(separator(separators)?);
                    separators += 1;
                }
                _ => {
                    result.extend(['\\', c]);
                    place = 3;
                }
            }
        } else if Some(c) == escape {
            is_escaped = true;
        } else if brackets > 0 {
            if c == '\\' {
                result.push('\\');
            }
            result.push(c);
            match c {
                ']' if place > 2 => brackets -= 1,
                '[' => {
                    brackets += 1;
                    place = 3;
                }
                '^' => place += 1,
                _ => place = 3,
            }
        } else {
            match c {
                '[' => {
                    result.push('[');
                    brackets = 1;
                    place = 1;
                }
                '%' => result.push_str(".*"),
                '_' => result.push('.'),
                '(' => result.push_str("(?:"),
                '\\' | '.' | '^' | '$' => result.extend(['\\', c]),
                c => result.push(c),
            }
        }
    }
    result.push_str(")$");
    Ok(result)
}

/// What stands between the parts: the first takes as little as it can, the second is what `substring` gives.
fn separator(count: usize) -> Result<&'static str> {
    match count {
        0 => Ok("){1,1}?("),
        1 => Ok("){1,1}(?:"),
        _ => Err(ValueError::new(
            INVALID_USE_OF_ESCAPE,
            "SQL regular expression may not contain more than two escape-double-quote separators",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::{Flags, Regex};

    fn compile(pattern: &str, escape: Option<&str>) -> Result<Regex> {
        Regex::new(&similar_to_escape(pattern, escape)?, Flags::sensitive())
    }

    #[test]
    fn patterns_become_regular_expressions() {
        for (pattern, escape, result) in [
            ("a", None, "^(?:a)$"),
            ("a\\\"b\\\"c", None, "^(?:a){1,1}?(b){1,1}(?:c)$"),
            ("#\"b", Some("#"), "^(?:){1,1}?(b)$"),
            ("a\\b", Some(""), "^(?:a\\\\b)$"),
            ("[[:alpha:]\\[]", None, "^(?:[[:alpha:]\\[])$"),
            ("a[^%]b[]]%", None, "^(?:a[^%]b[]].*)$"),
            ("a\\", None, "^(?:a)$"),
            ("#d\\w#%", Some("#"), "^(?:\\d\\\\w\\%)$"),
            ("(?:a)(b)", None, "^(?:(?:?:a)(?:b))$"),
            ("éé#é\"", Some("é"), "^(?:\\é#){1,1}?()$"),
        ] {
            assert_eq!(similar_to_escape(pattern, escape).as_deref(), Ok(result));
        }
        assert_eq!(similar_to_escape("a", Some("ab")).unwrap_err().message, "invalid escape string");
        assert_eq!(similar_to_escape("a#\"b#\"c#\"d", Some("#")).unwrap_err().code, "2200C");
    }

    #[test]
    fn texts_match_as_a_whole() {
        let similar = |text, pattern| compile(pattern, None).and_then(|regex| regex.is_match(text));
        assert_eq!(
            (similar("abc", "abc"), similar("abc", "a"), similar("abc", "%(b|d)%")),
            (Ok(true), Ok(false), Ok(true))
        );
        let cut = |pattern| compile(pattern, Some("#")).map(|regex| regex.substring("foobar"));
        assert_eq!(cut("%#\"o_b#\"%"), Ok(Ok(Some("oob"))));
        assert_eq!(cut("#\"o_b#\"%"), Ok(Ok(None)));
    }
}
