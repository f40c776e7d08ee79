//! `encode` and `decode`: bytes as text.

use super::bounded;
use crate::{Result, ValueError, code};

/// `encode(bytes, format)`
pub fn encode(bytes: &[u8], format: &str) -> Result<String> {
    bounded(bytes.len().saturating_mul(4))?;
    match Format::read(format)? {
        Format::Hex => Ok(hex(bytes)),
        Format::Base64 => Ok(base64(bytes)),
        Format::Escape => Ok(escape(bytes)),
    }
}

/// `decode(text, format)`
pub fn decode(text: &str, format: &str) -> Result<Vec<u8>> {
    match Format::read(format)? {
        Format::Hex => unhex(text),
        Format::Base64 => unbase64(text),
        Format::Escape => unescape(text),
    }
}

enum Format {
    Hex,
    Base64,
    Escape,
}

impl Format {
    fn read(name: &str) -> Result<Self> {
        let formats = [("hex", Self::Hex), ("base64", Self::Base64), ("escape", Self::Escape)];
        let found = formats.into_iter().find(|(format, _)| name.eq_ignore_ascii_case(format));
        found
            .map(|(_, format)| format)
            .ok_or_else(|| ValueError::invalid_parameter(format!("unrecognized encoding: \"{name}\"")))
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    push_hex(bytes, &mut text);
    text
}

pub(crate) fn push_hex(bytes: &[u8], text: &mut String) {
    for byte in bytes {
        text.push(char::from(HEX[usize::from(byte >> 4)]));
        text.push(char::from(HEX[usize::from(byte & 15)]));
    }
}

/// White space between bytes is passed over.
pub(crate) fn unhex(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut rest = text.chars();
    while let Some(first) = rest.next() {
        if matches!(first, ' ' | '\n' | '\t' | '\r') {
            continue;
        }
        let high = hex_digit(first)?;
        let odd = || ValueError::invalid_parameter("invalid hexadecimal data: odd number of digits");
        let low = hex_digit(rest.next().ok_or_else(odd)?)?;
        bytes.push(high << 4 | low);
    }
    Ok(bytes)
}

fn hex_digit(c: char) -> Result<u8> {
    let digit = c.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    digit.ok_or_else(|| ValueError::invalid_parameter(format!("invalid hexadecimal digit: \"{c}\"")))
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A newline stands after each so many characters.
const BASE64_LINE: usize = 76;

fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() / 3 * 4 + bytes.len() / 57 + 4);
    let mut in_line = 0;
    for chunk in bytes.chunks(3) {
        if in_line == BASE64_LINE {
            text.push('\n');
            in_line = 0;
        }
        in_line += 4;
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            match place <= chunk.len() {
                true => text.push(char::from(BASE64[(bits >> (18 - 6 * place)) as usize & 63])),
                false => text.push('='),
            }
        }
    }
    // PostgreSQL ends a line as soon as it is full, also the last.
    if in_line == BASE64_LINE {
        text.push('\n');
    }
    text
}

fn unbase64(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let mut bits = 0_u32;
    let mut place = 0;
    let mut padding = 0;
    for c in text.chars() {
        let value = match c {
            ' ' | '\t' | '\n' | '\r' => continue,
            '=' if padding == 0 && place == 2 => {
                padding = 1;
                0
            }
            '=' if padding == 0 && place == 3 => {
                padding = 2;
                0
            }
            '=' if padding == 0 => {
                return Err(ValueError::invalid_parameter("unexpected \"=\" while decoding base64 sequence"));
            }
            '=' => 0,
            'A'..='Z' => c as u32 - 'A' as u32,
            'a'..='z' => c as u32 - 'a' as u32 + 26,
            '0'..='9' => c as u32 - '0' as u32 + 52,
            '+' => 62,
            '/' => 63,
            _ => {
                let message = format!("invalid symbol \"{c}\" found while decoding base64 sequence");
                return Err(ValueError::invalid_parameter(message));
            }
        };
        bits = bits << 6 | value;
        place += 1;
        if place == 4 {
            let [_, first, second, third] = bits.to_be_bytes();
            bytes.push(first);
            if padding != 1 {
                bytes.push(second);
            }
            if padding == 0 {
                bytes.push(third);
            }
            (bits, place) = (0, 0);
        }
    }
    if place != 0 {
        return Err(ValueError::invalid_parameter("invalid base64 end sequence")
            .hint("Input data is missing padding, is truncated, or is otherwise corrupted."));
    }
    Ok(bytes)
}

/// NUL and bytes that aren't ASCII as three octal digits.
fn escape(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'\\' => text.push_str("\\\\"),
            0 | 0x80.. => push_octal(*byte, &mut text),
            byte => text.push(char::from(*byte)),
        }
    }
    text
}

pub(crate) fn push_octal(byte: u8, text: &mut String) {
    text.push('\\');
    for shift in [6, 3, 0] {
        text.push(char::from(b'0' + (byte >> shift & 7)));
    }
}

pub(crate) fn unescape(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    loop {
        rest = match rest {
            [] => return Ok(bytes),
            [b'\\', b'\\', after @ ..] => {
                bytes.push(b'\\');
                after
            }
            [b'\\', high @ b'0'..=b'3', middle @ b'0'..=b'7', low @ b'0'..=b'7', after @ ..] => {
                bytes.push((high - b'0') << 6 | (middle - b'0') << 3 | (low - b'0'));
                after
            }
            [b'\\', ..] => {
                let message = "invalid input syntax for type bytea";
                return Err(ValueError::new(code::INVALID_TEXT_REPRESENTATION, message));
            }
            [byte, after @ ..] => {
                bytes.push(*byte);
                after
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_encoded() {
        assert_eq!(encode(b"\x00\xff\\A", "escape").as_deref(), Ok("\\000\\377\\\\A"));
        assert_eq!(encode(b"\x00\xff\\A", "HEX").as_deref(), Ok("00ff5c41"));
        for (bytes, text) in [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj")] {
            assert_eq!(encode(bytes.as_bytes(), "base64").as_deref(), Ok(text));
            assert_eq!(decode(text, "base64").as_deref(), Ok(bytes.as_bytes()));
        }
        let long = encode(&[0; 58], "base64").unwrap();
        assert_eq!((long.len(), long.find('\n')), (81, Some(76)));
        assert_eq!(decode(&long, "base64").as_deref(), Ok(&[0; 58][..]));
    }

    #[test]
    fn faults_are_told() {
        for (text, format, message) in [
            ("a", "base64", "invalid base64 end sequence"),
            ("YQ==YQ", "base64", "invalid base64 end sequence"),
            ("a=bc", "base64", "unexpected \"=\" while decoding base64 sequence"),
            ("éa", "base64", "invalid symbol \"é\" found while decoding base64 sequence"),
            ("abc", "hex", "invalid hexadecimal data: odd number of digits"),
            ("é0", "hex", "invalid hexadecimal digit: \"é\""),
            ("abc d", "hex", "invalid hexadecimal digit: \" \""),
            ("\\0", "escape", "invalid input syntax for type bytea"),
            ("x", "foo", "unrecognized encoding: \"foo\""),
        ] {
            assert_eq!(decode(text, format).unwrap_err().message, message, "{text}");
        }
    }
}
