//! Splits a jsonpath into tokens.

use super::lex::zero_character;
use crate::{Result, ValueError, code};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A name or keyword without quotes.
    Word(String),
    String(String),
    Variable(String),
    Integer(String),
    Decimal(String),
    /// `&&`, `||`, `!`, `**`, comparisons, and single characters.
    Symbol(&'static str),
    End,
}

pub(super) struct Lexer<'a> {
    text: &'a str,
    pos: usize,
}

/// A token, and what a message shows of the input when it was one too many; `None` is the input's end.
pub(super) struct Lexed {
    pub(super) token: Token,
    pub(super) near: Option<String>,
}

pub(super) fn error(what: &str, near: Option<&str>) -> ValueError {
    ValueError::new(
        code::SYNTAX_ERROR,
        match near {
            Some(near) => format!("{what} at or near \"{near}\" of jsonpath input"),
            None => format!("{what} at end of jsonpath input"),
        },
    )
}

const SYMBOLS: [&str; 31] = [
    "&&", "||", "**", "<=", "==", "<>", "!=", ">=", "<", ">", "!", "?", "%", "$", ".", "[", "]", "{", "}", "(", ")",
    "|", "&", "=", "@", "#", ",", "*", ":", "-", "+",
];

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

/// What may be within a name.
fn is_other(c: char) -> bool {
    !is_blank(c) && !matches!(c, '\\' | '"' | '/') && !SYMBOLS.iter().any(|symbol| symbol.starts_with(c))
}

fn low_surrogate() -> ValueError {
    invalid("Unicode low surrogate must follow a high surrogate.")
}

fn invalid(detail: &str) -> ValueError {
    ValueError::new(code::INVALID_TEXT_REPRESENTATION, "invalid input syntax for type jsonpath").detail(detail)
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, pos: 0 }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.pos..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Moves over the characters that are `wanted`, and gives them.
    fn run(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.pos += end;
        rest.get(..end).unwrap_or_default()
    }

    fn comment(&mut self) -> Result<()> {
        match self.rest().get(2..).and_then(|rest| rest.find("*/")) {
            Some(end) => {
                self.pos += end + 4;
                Ok(())
            }
            None => Err(error("unexpected end of comment", None)),
        }
    }

    pub(super) fn next(&mut self) -> Result<Lexed> {
        loop {
            self.run(is_blank);
            if !self.rest().starts_with("/*") {
                break;
            }
            self.comment()?;
        }
        let Some(first) = self.peek() else { return Ok(Lexed { token: Token::End, near: None }) };
        let rest = self.rest();
        if first == '"' {
            self.pos += 1;
            return Ok(Lexed { token: Token::String(self.quoted()?), near: Some("\"".to_string()) });
        }
        if rest.starts_with("$\"") {
            self.pos += 2;
            return Ok(Lexed { token: Token::Variable(self.quoted()?), near: Some("\"".to_string()) });
        }
        if first == '$' && rest.chars().nth(1).is_some_and(is_other) {
            self.pos += 1;
            let name = self.run(is_other);
            return Ok(Lexed { token: Token::Variable(name.to_string()), near: Some(format!("${name}")) });
        }
        if first.is_ascii_digit() || (first == '.' && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit())) {
            return self.number();
        }
        if first == '/' {
            self.pos += 1;
            return Ok(Lexed { token: Token::Symbol("/"), near: Some("/".to_string()) });
        }
        if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            self.pos += symbol.len();
            return Ok(Lexed { token: Token::Symbol(symbol), near: Some((*symbol).to_string()) });
        }
        self.word()
    }

    /// A name without quotes; it may hold escapes.
    fn word(&mut self) -> Result<Lexed> {
        let mut word = String::new();
        loop {
            word.push_str(self.run(is_other));
            match self.peek() {
                Some('\\') => self.escape(&mut word)?,
                // PostgreSQL loses a word that a comment follows at once.
                Some('/') if self.rest().starts_with("/*") => return self.next(),
                // The blanks that end a word are what a message would show.
                Some(blank) if is_blank(blank) => {
                    let near = self.run(is_blank).to_string();
                    return Ok(Lexed { token: Token::Word(word), near: Some(near) });
                }
                _ => return Ok(Lexed { token: Token::Word(word), near: None }),
            }
        }
    }

    /// The rest of a string, behind its opening quote.
    fn quoted(&mut self) -> Result<String> {
        let mut text = String::new();
        loop {
            text.push_str(self.run(|c| c != '"' && c != '\\'));
            match self.peek() {
                Some('"') => {
                    self.pos += 1;
                    return Ok(text);
                }
                Some(_) => self.escape(&mut text)?,
                None => return Err(error("unterminated quoted string", None)),
            }
        }
    }

    fn escape(&mut self, text: &mut String) -> Result<()> {
        let rest = self.rest();
        let Some(letter) = rest.chars().nth(1) else {
            return Err(error("unexpected end after backslash", Some("\\")));
        };
        let plain = match letter {
            'u' => return self.unicode(text),
            'x' => return self.hex(text),
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            other => other,
        };
        self.pos += 1 + letter.len_utf8();
        text.push(plain);
        Ok(())
    }

    fn hex(&mut self, text: &mut String) -> Result<()> {
        let start = self.pos;
        self.pos += 2;
        let value = self.rest().get(..2).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(value) = value.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
            let digits = self.rest().chars().take(1).filter(char::is_ascii_hexdigit).count();
            let near = self.text.get(start..self.pos + digits);
            return Err(error("invalid hexadecimal character sequence", near));
        };
        self.pos += 2;
        push_code(value, text)
    }

    /// One or more `\uXXXX` or `\u{X...}` in a row: surrogates must be in pairs among them.
    fn unicode(&mut self, text: &mut String) -> Result<()> {
        let start = self.pos;
        let mut values = Vec::new();
        while self.rest().starts_with("\\u") {
            self.pos += 2;
            let braces = self.peek() == Some('{');
            if braces {
                self.pos += 1;
            }
            let most = if braces { 6 } else { 4 };
            let count = self.rest().bytes().take(most).take_while(u8::is_ascii_hexdigit).count();
            let digits = self.rest().get(..count).unwrap_or_default();
            self.pos += count;
            let complete = if braces { count > 0 && self.peek() == Some('}') } else { count == 4 };
            if !complete {
                return Err(error("invalid Unicode escape sequence", self.text.get(start..self.pos)));
            }
            if braces {
                self.pos += 1;
            }
            values.push(u32::from_str_radix(digits, 16).unwrap_or_default());
        }
        let mut high = None;
        for value in values {
            match (value, high.take()) {
                (0xD800..=0xDBFF, None) => high = Some(value),
                (0xD800..=0xDBFF, Some(_)) => {
                    return Err(invalid("Unicode high surrogate must not follow a high surrogate."));
                }
                (0xDC00..=0xDFFF, Some(first)) => {
                    push_code(0x10000 + ((first - 0xD800) << 10) + (value - 0xDC00), text)?;
                }
                (0xDC00..=0xDFFF, None) | (_, Some(_)) => return Err(low_surrogate()),
                (_, None) => push_code(value, text)?,
            }
        }
        if high.is_some() { Err(low_surrogate()) } else { Ok(()) }
    }

    /// Integers in four bases with underscores, decimals, and ones with an exponent.
    fn number(&mut self) -> Result<Lexed> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let digits = |from: usize, valid: &dyn Fn(&u8) -> bool| {
            let mut at = from;
            loop {
                let digit = match bytes.get(at) {
                    Some(b'_') if at > from => at + 1,
                    _ => at,
                };
                if !bytes.get(digit).is_some_and(valid) {
                    return at;
                }
                at = digit + 1;
            }
        };
        let radix: Option<&dyn Fn(&u8) -> bool> = match bytes.get(..2) {
            Some(b"0x" | b"0X") => Some(&|b: &u8| b.is_ascii_hexdigit()),
            Some(b"0o" | b"0O") => Some(&|b: &u8| matches!(b, b'0'..=b'7')),
            Some(b"0b" | b"0B") => Some(&|b: &u8| matches!(b, b'0' | b'1')),
            _ => None,
        };
        let mut whole = true;
        let mut end = 0;
        if let Some(valid) = radix {
            end = digits(2, valid);
        }
        if end <= 2 {
            end = if bytes.first() == Some(&b'0') { 1 } else { digits(0, &u8::is_ascii_digit) };
            if bytes.get(end) == Some(&b'.') {
                whole = false;
                end = digits(end + 1, &u8::is_ascii_digit);
            }
            if let Some(b'e' | b'E') = bytes.get(end) {
                let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
                let exponent = digits(end + 1 + sign, &u8::is_ascii_digit);
                if exponent > end + 1 + sign {
                    whole = false;
                    end = exponent;
                } else if sign == 1 {
                    return Err(error("invalid numeric literal", rest.get(..end + 2)));
                }
            }
        }
        let text = rest.get(..end).unwrap_or_default();
        if let Some(junk) = rest.get(end..).and_then(|rest| rest.chars().next()).filter(|c| is_other(*c)) {
            // What is longer than a number and one byte of junk is a name that begins with digits.
            if rest.find(|c| !is_other(c)).unwrap_or(rest.len()) > end + 1 {
                return self.word();
            }
            return Err(error("trailing junk after numeric literal", Some(&format!("{text}{junk}"))));
        }
        self.pos += end;
        let near = Some(text.to_string());
        let token = if whole { Token::Integer(text.to_string()) } else { Token::Decimal(text.to_string()) };
        Ok(Lexed { token, near })
    }
}

fn push_code(value: u32, text: &mut String) -> Result<()> {
    if value == 0 {
        return Err(zero_character());
    }
    match char::from_u32(value) {
        Some(c) => {
            text.push(c);
            Ok(())
        }
        None => Err(ValueError::new(code::SYNTAX_ERROR, "invalid Unicode code point")),
    }
}
