//! Splits a JSON text into tokens, and says what is wrong with it as PostgreSQL does.

use std::borrow::Cow;

use crate::{Result, ValueError, code};

pub(super) enum Token<'a> {
    ObjectStart,
    ObjectEnd,
    ArrayStart,
    ArrayEnd,
    Comma,
    Colon,
    String(Cow<'a, str>),
    Number(&'a str),
    True,
    False,
    Null,
    End,
}

pub(super) struct Lexer<'a> {
    text: &'a str,
    pos: usize,
    /// Where the last token starts.
    start: usize,
    /// Whether strings are given with their escapes resolved (and invalid ones refused), or as written.
    decode: bool,
}

/// 22P02 with what is wrong.
pub(super) fn invalid(detail: impl Into<String>) -> ValueError {
    ValueError::new(code::INVALID_TEXT_REPRESENTATION, "invalid input syntax for type json").detail(detail)
}

/// 22P05: text can't hold a zero byte.
pub(super) fn zero_character() -> ValueError {
    ValueError::new(code::UNTRANSLATABLE_CHARACTER, "unsupported Unicode escape sequence")
        .detail("\\u0000 cannot be converted to text.")
}

fn low_surrogate() -> ValueError {
    invalid("Unicode low surrogate must follow a high surrogate.")
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str, decode: bool) -> Self {
        Self { text, pos: 0, start: 0, decode }
    }

    /// The last token as it is written.
    pub(super) fn token_text(&self) -> &'a str {
        self.text.get(self.start..self.pos).unwrap_or_default()
    }

    pub(super) fn next(&mut self) -> Result<Token<'a>> {
        let bytes = self.text.as_bytes();
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = bytes.get(self.pos) {
            self.pos += 1;
        }
        self.start = self.pos;
        let Some(&first) = bytes.get(self.pos) else { return Ok(Token::End) };
        let token = match first {
            b'{' => Token::ObjectStart,
            b'}' => Token::ObjectEnd,
            b'[' => Token::ArrayStart,
            b']' => Token::ArrayEnd,
            b',' => Token::Comma,
            b':' => Token::Colon,
            b'"' => return self.string().map(Token::String),
            b'-' | b'0'..=b'9' => return self.number().map(Token::Number),
            _ => return self.word(),
        };
        self.pos += 1;
        Ok(token)
    }

    fn invalid_token(&self) -> ValueError {
        invalid(format!("Token \"{}\" is invalid.", self.token_text()))
    }

    /// true, false and null; anything else is reported up to its end as a word.
    fn word(&mut self) -> Result<Token<'a>> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.pos).is_some_and(|&b| is_word(b)) {
            self.pos += 1;
        }
        if self.pos == self.start {
            self.pos += 1;
        }
        match self.token_text() {
            "true" => Ok(Token::True),
            "false" => Ok(Token::False),
            "null" => Ok(Token::Null),
            _ => Err(self.invalid_token()),
        }
    }

    fn number(&mut self) -> Result<&'a str> {
        let (end, valid) = number_end(self.text.as_bytes(), self.pos);
        self.pos = end;
        if valid { Ok(self.token_text()) } else { Err(self.invalid_token()) }
    }

    fn string(&mut self) -> Result<Cow<'a, str>> {
        let bytes = self.text.as_bytes();
        let from = self.pos + 1;
        let mut at = special(bytes, from);
        if bytes.get(at) == Some(&b'"') {
            self.pos = at + 1;
            return Ok(Cow::Borrowed(self.text.get(from..at).unwrap_or_default()));
        }
        let mut decoded = String::new();
        let mut piece = from;
        let mut high: Option<u32> = None;
        loop {
            if self.decode && at > piece {
                if high.is_some() {
                    return Err(low_surrogate());
                }
                decoded.push_str(self.text.get(piece..at).unwrap_or_default());
            }
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => at = self.escape(at + 1, &mut decoded, &mut high)?,
                Some(control) => return Err(invalid(format!("Character with value 0x{control:02x} must be escaped."))),
                None => return Err(self.ended()),
            }
            piece = at;
            at = special(bytes, at);
        }
        if high.is_some() {
            return Err(low_surrogate());
        }
        self.pos = at + 1;
        Ok(if self.decode { Cow::Owned(decoded) } else { Cow::Borrowed(self.text.get(from..at).unwrap_or_default()) })
    }

    /// The string runs to the end of the input.
    fn ended(&mut self) -> ValueError {
        self.pos = self.text.len();
        self.invalid_token()
    }

    /// Reads what follows a backslash, and gives where the string goes on.
    fn escape(&mut self, at: usize, decoded: &mut String, high: &mut Option<u32>) -> Result<usize> {
        let Some(&letter) = self.text.as_bytes().get(at) else { return Err(self.ended()) };
        if letter == b'u' {
            return self.unicode(at + 1, decoded, high);
        }
        if self.decode && high.is_some() {
            return Err(low_surrogate());
        }
        decoded.push(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            _ => {
                let shown = self.text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or_default();
                return Err(invalid(format!("Escape sequence \"\\{shown}\" is invalid.")));
            }
        });
        Ok(at + 1)
    }

    fn unicode(&mut self, at: usize, decoded: &mut String, high: &mut Option<u32>) -> Result<usize> {
        let mut value = 0;
        for i in 0..4 {
            let Some(&digit) = self.text.as_bytes().get(at + i) else { return Err(self.ended()) };
            let Some(digit) = char::from(digit).to_digit(16) else {
                return Err(invalid("\"\\u\" must be followed by four hexadecimal digits."));
            };
            value = value * 16 + digit;
        }
        if !self.decode {
            return Ok(at + 4);
        }
        match (value, high.take()) {
            (0xD800..=0xDBFF, None) => *high = Some(value),
            (0xD800..=0xDBFF, Some(_)) => {
                return Err(invalid("Unicode high surrogate must not follow a high surrogate."));
            }
            (0xDC00..=0xDFFF, Some(first)) => {
                let point = 0x10000 + ((first - 0xD800) << 10) + (value - 0xDC00);
                decoded.push(char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            (0xDC00..=0xDFFF, None) | (_, Some(_)) => return Err(low_surrogate()),
            (0, None) => return Err(zero_character()),
            (_, None) => decoded.push(char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER)),
        }
        Ok(at + 4)
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Where the number token that starts at `from` ends, and whether it is one. What follows a number without a break
/// belongs to the token, for messages' sake.
pub(super) fn number_end(bytes: &[u8], from: usize) -> (usize, bool) {
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let mut valid = true;
    let mut at = if bytes.get(from) == Some(&b'-') { from + 1 } else { from };
    match bytes.get(at) {
        Some(b'0') => at += 1,
        Some(b'1'..=b'9') => at = digits(at),
        _ => valid = false,
    }
    if bytes.get(at) == Some(&b'.') {
        let end = digits(at + 1);
        valid &= end > at + 1;
        at = end;
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        at += 1;
        if let Some(b'+' | b'-') = bytes.get(at) {
            at += 1;
        }
        let end = digits(at);
        valid &= end > at;
        at = end;
    }
    while bytes.get(at).is_some_and(|&b| is_word(b)) {
        valid = false;
        at += 1;
    }
    (at, valid)
}

/// The first byte from `at` on that ends a plain run of a string: a quote, a backslash, a control character.
pub(super) fn special(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    // Eight bytes at a time. A byte above a hit may be marked too, but never one below it.
    while let Some(chunk) = bytes.get(at..at + 8).and_then(|chunk| <[u8; 8]>::try_from(chunk).ok()) {
        let word = u64::from_le_bytes(chunk);
        let zero = |x: u64| x.wrapping_sub(ONES) & !x;
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let hits = (zero(word ^ (ONES * u64::from(b'"'))) | zero(word ^ (ONES * u64::from(b'\\'))) | control) & HIGHS;
        if hits != 0 {
            return at + (hits.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|&b| b != b'"' && b != b'\\' && b >= 0x20) {
        at += 1;
    }
    at
}
