//! Names and literals as SQL text.

use std::borrow::Cow;

use super::keyword::is_reserved;
use crate::{Result, ValueError};

/// `quote_ident(text)`
pub fn quote_ident(text: &str) -> Cow<'_, str> {
    let starts = text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if starts && text.bytes().all(is_plain) && !is_reserved(text) {
        return Cow::Borrowed(text);
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        if c == '"' {
            quoted.push('"');
        }
        quoted.push(c);
    }
    quoted.push('"');
    Cow::Owned(quoted)
}

/// `quote_literal(text)`
pub fn quote_literal(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    if text.contains('\\') {
        quoted.push('E');
    }
    quoted.push('\'');
    for c in text.chars() {
        if matches!(c, '\'' | '\\') {
            quoted.push(c);
        }
        quoted.push(c);
    }
    quoted.push('\'');
    quoted
}

/// `quote_nullable(text)`
pub fn quote_nullable(text: Option<&str>) -> Cow<'static, str> {
    text.map_or(Cow::Borrowed("NULL"), |text| Cow::Owned(quote_literal(text)))
}

/// `parse_ident(text, strict)`: the parts of a qualified name.
pub fn parse_ident(text: &str, strict: bool) -> Result<Vec<String>> {
    let invalid = || ValueError::invalid_parameter(format!("string is not a valid identifier: \"{text}\""));
    let mut parts = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    let mut after_dot = false;
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            let unclosed = || invalid().detail("String has unclosed double quotes.");
            let (part, after) = read_quoted(quoted).ok_or_else(unclosed)?;
            if part.is_empty() {
                return Err(invalid().detail("Quoted identifier must not be empty."));
            }
            parts.push(part);
            rest = after;
        } else if rest.starts_with(starts_name) {
            let end = rest.find(|c| !continues_name(c)).unwrap_or(rest.len());
            let (part, after) = rest.split_at(end);
            parts.push(part.to_ascii_lowercase());
            rest = after;
        } else if rest.starts_with('.') {
            return Err(invalid().detail("No valid identifier before \".\"."));
        } else if after_dot {
            return Err(invalid().detail("No valid identifier after \".\"."));
        } else {
            return Err(invalid());
        }
        rest = rest.trim_start_matches(is_space);
        match rest.strip_prefix('.') {
            Some(after) => {
                after_dot = true;
                rest = after.trim_start_matches(is_space);
            }
            None if rest.is_empty() || !strict => return Ok(parts),
            None => return Err(invalid()),
        }
    }
}

/// What stands up to the closing quote, with doubled quotes made single, and what follows it.
fn read_quoted(text: &str) -> Option<(String, &str)> {
    let mut part = String::new();
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('"')?;
        part.push_str(before);
        match after.strip_prefix('"') {
            Some(after) => {
                part.push('"');
                rest = after;
            }
            None => return Some((part, after)),
        }
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

fn starts_name(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()
}

fn continues_name(c: char) -> bool {
    starts_name(c) || c.is_ascii_digit() || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_literals_are_quoted_where_needed() {
        for (name, quoted) in [
            ("abc_1", "abc_1"),
            ("Abc", "\"Abc\""),
            ("a\"b", "\"a\"\"b\""),
            ("", "\"\""),
            ("1a", "\"1a\""),
            ("é", "\"é\""),
            ("select", "\"select\""),
            ("abort", "abort"),
            ("coalesce", "\"coalesce\""),
            ("a$", "\"a$\""),
        ] {
            assert_eq!(quote_ident(name), quoted);
        }
        assert_eq!(quote_literal("it's"), "'it''s'");
        assert_eq!(quote_literal("a\\b"), "E'a\\\\b'");
        assert_eq!((quote_nullable(None).as_ref(), quote_nullable(Some("a")).as_ref()), ("NULL", "'a'"));
    }

    #[test]
    fn qualified_names_are_parsed() {
        let parse = |text| parse_ident(text, true).map(|parts| parts.join("|"));
        assert_eq!(parse(" Foo.\"Ba\"\"r\" . É ").as_deref(), Ok("foo|Ba\"r|É"));
        assert_eq!(parse_ident("a b", false).map(|parts| parts.len()), Ok(1));
        for (text, detail) in [
            ("a.\"b", Some("String has unclosed double quotes.")),
            ("a.\"\"", Some("Quoted identifier must not be empty.")),
            (".a", Some("No valid identifier before \".\".")),
            ("a.", Some("No valid identifier after \".\".")),
            ("a..b", Some("No valid identifier before \".\".")),
            ("1a", None),
            ("a b", None),
            ("", None),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.message, format!("string is not a valid identifier: \"{text}\""));
            assert_eq!(error.detail.as_deref(), detail);
        }
    }
}
