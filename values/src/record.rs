//! Rows as text (documentation, 8.16.6).

use std::borrow::Cow;

use crate::{Result, ValueError, code};

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

fn skip_space(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c'])
}

fn malformed(text: &str, detail: &str) -> ValueError {
    let message = format!("malformed record literal: \"{text}\"");
    ValueError::new(code::INVALID_TEXT_REPRESENTATION, message).detail(detail)
}

/// `record_in` of a type with so many columns: hands over each one's text, NULL as None, as soon as it is met.
pub fn read_record(
    text: &str,
    columns: usize,
    mut column: impl FnMut(usize, Option<&str>) -> Result<()>,
) -> Result<()> {
    let error = |detail| malformed(text, detail);
    let Some(mut rest) = skip_space(text).strip_prefix('(') else {
        return Err(error("Missing left parenthesis."));
    };
    for at in 0..columns {
        if at > 0 {
            rest = rest.strip_prefix(',').ok_or_else(|| error("Too few columns."))?;
        }
        let (value, after) = read_column(rest).ok_or_else(|| error("Unexpected end of input."))?;
        rest = after;
        column(at, value.as_deref())?;
    }
    let Some(rest) = rest.strip_prefix(')') else {
        return Err(error("Too many columns."));
    };
    if skip_space(rest).is_empty() { Ok(()) } else { Err(error("Junk after right parenthesis.")) }
}

/// The columns of a row's text, whatever their number.
pub fn parse_record(text: &str) -> Result<Vec<Option<String>>> {
    let error = |detail| malformed(text, detail);
    let Some(mut rest) = skip_space(text).strip_prefix('(') else {
        return Err(error("Missing left parenthesis."));
    };
    let mut columns = Vec::new();
    loop {
        let (value, after) = read_column(rest).ok_or_else(|| error("Unexpected end of input."))?;
        columns.push(value.map(Cow::into_owned));
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None => {
                let after = after.strip_prefix(')').map(skip_space);
                return if after == Some("") { Ok(columns) } else { Err(error("Junk after right parenthesis.")) };
            }
        }
    }
}

/// The value at a text's beginning, if there is one, taken out of its quotes and escapes, and what follows it. None if
/// the text ends before.
fn read_column(text: &str) -> Option<(Option<Cow<'_, str>>, &str)> {
    let plain = text.find([',', ')', '"', '\\'])?;
    let (value, rest) = text.split_at_checked(plain)?;
    if !rest.starts_with(['"', '\\']) {
        return Some(((!value.is_empty()).then_some(Cow::Borrowed(value)), rest));
    }
    let mut value = String::from(value);
    let mut characters = rest.char_indices().peekable();
    let mut quoted = false;
    loop {
        let (at, character) = characters.next()?;
        match character {
            ',' | ')' if !quoted => return Some((Some(Cow::Owned(value)), rest.get(at..)?)),
            '\\' => value.push(characters.next()?.1),
            '"' if quoted && characters.next_if(|&(_, next)| next == '"').is_some() => value.push('"'),
            '"' => quoted = !quoted,
            other => value.push(other),
        }
    }
}

/// `record_out` of the columns' texts. Quotes are doubled in each row around them, so what is too long is an error.
pub fn print_record<'a>(columns: impl IntoIterator<Item = Option<&'a str>>, out: &mut String) -> Result<()> {
    const MAX_BYTES: usize = 64 << 20;
    out.push('(');
    for (at, column) in columns.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        if let Some(column) = column {
            if out.len().saturating_add(column.len()) > MAX_BYTES {
                return Err(ValueError::too_long());
            }
            print_column(column, out);
        }
    }
    out.push(')');
    if out.len() > MAX_BYTES { Err(ValueError::too_long()) } else { Ok(()) }
}

/// A column as it stands in a row's text.
pub fn print_column(column: &str, out: &mut String) {
    let special = |byte: u8| matches!(byte, b'"' | b'\\' | b'(' | b')' | b',') || is_space(byte);
    if !column.is_empty() && !column.bytes().any(special) {
        out.push_str(column);
        return;
    }
    out.push('"');
    let mut rest = column;
    while let Some((before, after)) = rest.find(['"', '\\']).and_then(|at| rest.split_at_checked(at + 1)) {
        out.push_str(before);
        out.extend(before.chars().next_back());
        rest = after;
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, count: usize) -> Result<Vec<Option<String>>> {
        let mut columns = Vec::new();
        read_record(text, count, |_, column| {
            columns.push(column.map(str::to_owned));
            Ok(())
        })?;
        Ok(columns)
    }

    #[test]
    fn rows_are_read_and_printed() {
        for (text, printed) in [
            ("(1,a,)", "(1,a,)"),
            (" (1,\"a b\",\"\") ", "(1,\"a b\",\"\")"),
            ("( 1 ,,)", "(\" 1 \",,)"),
            (r#"(1,"a""b",c\\d\,)"#, r#"(1,"a""b","c\\d,")"#),
            ("((1,é,)", "(\"(1\",é,)"),
        ] {
            let columns = read(text, 3).unwrap();
            assert_eq!(parse_record(text).unwrap(), columns, "{text}");
            let mut shown = String::new();
            print_record(columns.iter().map(Option::as_deref), &mut shown).unwrap();
            assert_eq!(shown, printed, "{text}");
        }
        for (text, detail) in [
            ("1,2,3", "Missing left parenthesis."),
            ("(1,2)", "Too few columns."),
            ("(1,2,3,4)", "Too many columns."),
            ("(1,2,3", "Unexpected end of input."),
            ("(1,2,\"3)", "Unexpected end of input."),
            ("(1,2,3) x", "Junk after right parenthesis."),
        ] {
            let error = read(text, 3).unwrap_err();
            assert_eq!((error.code, error.message), ("22P02", format!("malformed record literal: \"{text}\"")));
            assert_eq!(error.detail.unwrap(), detail, "{text}");
        }
    }

    #[test]
    fn rows_are_limited() {
        let long = "x".repeat(65 << 20);
        let error = print_record([Some(long.as_str())], &mut String::new()).unwrap_err();
        assert_eq!(error, ValueError::too_long());
    }
}
