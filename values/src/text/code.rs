//! Characters by number.

use crate::{Result, ValueError, code};

/// `ascii(text)`: the number of the first character.
pub fn ascii(text: &str) -> i32 {
    text.chars().next().map_or(0, |c| c as i32)
}

/// `chr(number)`
pub fn chr(number: i32) -> Result<char> {
    let limit = |message: String| Err(ValueError::new(code::PROGRAM_LIMIT_EXCEEDED, message));
    let Ok(point) = u32::try_from(number) else {
        return Err(ValueError::invalid_parameter("character number must be positive"));
    };
    match char::from_u32(point) {
        Some('\0') => limit("null character not permitted".to_owned()),
        Some(c) => Ok(c),
        None if point > 0x10_ffff => limit(format!("requested character too large for encoding: {point}")),
        None => limit(format!("requested character not valid for encoding: {point}")),
    }
}

/// `unistr(text)`: `\XXXX`, `\+XXXXXX`, `\uXXXX`, `\UXXXXXXXX` and `\\`.
pub fn unistr(text: &str) -> Result<String> {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    let mut high = None;
    loop {
        let is_escape = rest.starts_with('\\') && !rest.starts_with("\\\\");
        if high.is_some() && !is_escape {
            return Err(invalid_pair());
        }
        if !is_escape {
            let Some(c) = rest.chars().next() else { return Ok(result) };
            result.push(c);
            let length = if c == '\\' { 2 } else { c.len_utf8() };
            rest = rest.get(length..).unwrap_or("");
            continue;
        }
        let (point, after) = escape(rest)?;
        rest = after;
        let point = match (high.take(), point) {
            (None, 0xd800..=0xdbff) => {
                high = Some(point);
                continue;
            }
            (None, 0xdc00..=0xdfff) => return Err(invalid_pair()),
            (None, point) => point,
            (Some(high), 0xdc00..=0xdfff) => 0x1_0000 + ((high - 0xd800) << 10) + (point - 0xdc00),
            (Some(_), _) => return Err(invalid_pair()),
        };
        match char::from_u32(point).filter(|c| *c != '\0') {
            Some(c) => result.push(c),
            None => return Err(ValueError::invalid_parameter(format!("invalid Unicode code point: {point:04X}"))),
        }
    }
}

/// The number after a backslash, and what follows it.
fn escape(text: &str) -> Result<(u32, &str)> {
    let (prefix, length) = match text.as_bytes().get(1) {
        Some(b'u') => (2, 4),
        Some(b'+') => (2, 6),
        Some(b'U') => (2, 8),
        _ => (1, 4),
    };
    let digits = text.get(prefix..prefix + length).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
    let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
    match (number, text.get(prefix + length..)) {
        (Some(number), Some(rest)) => Ok((number, rest)),
        _ => Err(ValueError::new(code::SYNTAX_ERROR, "invalid Unicode escape")
            .hint("Unicode escapes must be \\XXXX, \\+XXXXXX, \\uXXXX, or \\UXXXXXXXX.")),
    }
}

fn invalid_pair() -> ValueError {
    ValueError::new(code::SYNTAX_ERROR, "invalid Unicode surrogate pair")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_by_number() {
        assert_eq!((ascii(""), ascii("éa"), chr(233)), (0, 233, Ok('é')));
        for (number, code, message) in [
            (-1, "22023", "character number must be positive"),
            (0, "54000", "null character not permitted"),
            (55296, "54000", "requested character not valid for encoding: 55296"),
            (1_114_112, "54000", "requested character too large for encoding: 1114112"),
        ] {
            assert_eq!(chr(number), Err(ValueError::new(code, message)));
        }
        assert_eq!(unistr("a\\\\b\\u0041\\U00000042\\+000043\\d83d\\de00\\0044é").as_deref(), Ok("a\\bABC😀Dé"));
        for (text, code) in [
            ("\\00", "42601"),
            ("\\d800", "42601"),
            ("\\d800x", "42601"),
            ("\\dc00", "42601"),
            ("\\d800\\0041", "42601"),
            ("\\u00é0", "42601"),
            ("abc\\", "42601"),
            ("\\+110000", "22023"),
            ("\\0000", "22023"),
            ("\\d800\\\\", "42601"),
        ] {
            assert_eq!(unistr(text).unwrap_err().code, code, "{text}");
        }
    }
}
