//! Casts of `character(n)`, `varchar(n)`, `name`, `"char"` and `boolean`.

use std::borrow::Cow;

use super::byte_of;
use super::encode::push_octal;
use crate::{Result, ValueError, code};

/// What a length keeps of a text: an explicit cast cuts, an assignment cuts no more than blanks.
fn cut<'t>(text: &'t str, length: i32, is_explicit: bool, type_name: &str) -> Result<&'t str> {
    let length = usize::try_from(length).unwrap_or(0);
    let (kept, rest) = text.split_at_checked(byte_of(text, length)).unwrap_or((text, ""));
    if !is_explicit && rest.bytes().any(|byte| byte != b' ') {
        let message = format!("value too long for type {type_name}({length})");
        return Err(ValueError::new(code::STRING_TOO_LONG, message));
    }
    Ok(kept)
}

/// A text as `varchar(length)`.
pub fn varchar(text: &str, length: i32, is_explicit: bool) -> Result<&str> {
    cut(text, length, is_explicit, "character varying")
}

/// A text as `character(length)`: filled up with blanks.
pub fn bpchar(text: &str, length: i32, is_explicit: bool) -> Result<Cow<'_, str>> {
    let kept = cut(text, length, is_explicit, "character")?;
    let length = usize::try_from(length).unwrap_or(0);
    let missing = length.saturating_sub(kept.chars().count());
    if missing == 0 {
        return Ok(Cow::Borrowed(kept));
    }
    super::bounded(kept.len().saturating_add(missing))?;
    let mut result = String::with_capacity(kept.len() + missing);
    result.push_str(kept);
    result.extend(std::iter::repeat_n(' ', missing));
    Ok(Cow::Owned(result))
}

/// A `character(n)` as text, and what counts of it when it is compared: without the blanks at its end.
pub fn bpchar_to_text(text: &str) -> &str {
    text.trim_end_matches(' ')
}

/// A text as `name`: at most 63 bytes.
pub fn name(text: &str) -> &str {
    text.get(..text.floor_char_boundary(63)).unwrap_or(text)
}

/// `"char"` read from text: a byte, or `\ooo`.
pub fn char_in(text: &str) -> u8 {
    match text.as_bytes() {
        [b'\\', high @ b'0'..=b'7', middle @ b'0'..=b'7', low @ b'0'..=b'7'] => {
            (high - b'0') << 6 | (middle - b'0') << 3 | (low - b'0')
        }
        bytes => bytes.first().copied().unwrap_or(0),
    }
}

/// A text cast to `"char"`.
pub fn text_to_char(text: &str) -> u8 {
    char_in(text)
}

/// `"char"` printed: nothing for 0, `\ooo` for what isn't ASCII.
pub fn char_out(value: u8) -> String {
    let mut text = String::new();
    match value {
        0 => {}
        0x80.. => push_octal(value, &mut text),
        value => text.push(char::from(value)),
    }
    text
}

/// `"char"` cast to text.
pub fn char_to_text(value: u8) -> String {
    char_out(value)
}

/// `"char"` cast to integer: signed.
pub fn char_to_int(value: u8) -> i32 {
    i32::from(value.cast_signed())
}

/// An integer cast to `"char"`.
pub fn char_from_int(value: i32) -> Result<u8> {
    i8::try_from(value).map(i8::cast_unsigned).map_err(|_| ValueError::out_of_range("\"char\""))
}

/// `boolean` read from text: any prefix of a word that no other word has.
pub fn bool_in(text: &str) -> Result<bool> {
    let trimmed = text.trim_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
    let is_start_of = |word: &str, least: usize| {
        trimmed.len() >= least && word.get(..trimmed.len()).is_some_and(|start| start.eq_ignore_ascii_case(trimmed))
    };
    if trimmed == "1" || is_start_of("true", 1) || is_start_of("yes", 1) || is_start_of("on", 2) {
        return Ok(true);
    }
    if trimmed == "0" || is_start_of("false", 1) || is_start_of("no", 1) || is_start_of("off", 2) {
        return Ok(false);
    }
    Err(ValueError::invalid_text("boolean", text))
}

/// `boolean` printed.
pub fn bool_out(value: bool) -> &'static str {
    if value { "t" } else { "f" }
}

/// `boolean` cast to text.
pub fn bool_to_text(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_cut_and_fill() {
        assert_eq!(varchar("äbcd", 3, true), Ok("äbc"));
        assert_eq!(varchar("abc   ", 3, false), Ok("abc"));
        let error = varchar("abcd", 3, false).unwrap_err();
        assert_eq!((error.code, error.message.as_str()), ("22001", "value too long for type character varying(3)"));
        assert_eq!(bpchar("ä", 3, false).as_deref(), Ok("ä  "));
        assert_eq!(bpchar("abcd", 3, true).as_deref(), Ok("abc"));
        assert_eq!(bpchar("abcd", 3, false).unwrap_err().message, "value too long for type character(3)");
        assert_eq!(bpchar_to_text("a \t  "), "a \t");
        assert_eq!(name(&"é".repeat(40)), "é".repeat(31));
    }

    #[test]
    fn chars_are_bytes() {
        assert_eq!(
            (char_in("abc"), char_in(""), char_in("\\351"), char_in("é"), char_in("\\999")),
            (97, 0, 0xe9, 0xc3, 92)
        );
        assert_eq!((char_out(0), char_out(97), char_out(0xe9)), (String::new(), "a".to_owned(), "\\351".to_owned()));
        assert_eq!((char_to_int(255), char_from_int(-1)), (-1, Ok(255)));
        assert_eq!(char_from_int(300).unwrap_err().message, "\"char\" out of range");
    }

    #[test]
    fn booleans_are_prefixes() {
        for text in ["t", "TR", " true ", "y", "yes", "on", "1"] {
            assert_eq!(bool_in(text), Ok(true), "{text}");
        }
        for text in ["f", "fals", "n", "No", "of", "OFF\n", "0"] {
            assert_eq!(bool_in(text), Ok(false), "{text}");
        }
        for text in ["", "o", "yess", "t r", "10", "é"] {
            let message = format!("invalid input syntax for type boolean: \"{text}\"");
            assert_eq!(bool_in(text).unwrap_err().message, message);
        }
    }
}
