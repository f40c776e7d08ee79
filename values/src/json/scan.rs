//! Finds fields in a json or jsonb text by scanning it, without a tree. A text that isn't JSON gives no field.

use std::borrow::Cow;

use super::MAX_TEXT_DEPTH;
use super::lex::{Lexer, Token, special};
use super::parse::parse;
use crate::Result;

/// Which of the two types a text is of. They find the same fields, except among equal keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// As it was written.
    Json,
    /// Canonical.
    Jsonb,
}

/// Walks over one level of an array or object.
#[derive(Clone)]
pub(super) struct Scan<'a> {
    text: &'a str,
    pos: usize,
}

impl<'a> Scan<'a> {
    /// Begins behind the opening `bracket`, if that is what the text starts with.
    pub(super) fn open(text: &'a str, bracket: u8) -> Option<Self> {
        let mut scan = Self { text, pos: 0 };
        scan.blanks();
        if scan.peek()? != bracket {
            return None;
        }
        scan.pos += 1;
        Some(scan)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.pos).copied()
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.pos += 1;
        }
    }

    /// Moves to the next element or key; `None` at the end.
    fn advance(&mut self) -> Option<()> {
        self.blanks();
        if self.peek()? == b',' {
            self.pos += 1;
            self.blanks();
        }
        match self.peek()? {
            b']' | b'}' => None,
            _ => Some(()),
        }
    }

    pub(super) fn element(&mut self) -> Option<&'a str> {
        self.advance()?;
        self.value()
    }

    /// The next key; its value follows.
    fn key(&mut self) -> Option<Raw<'a>> {
        self.advance()?;
        if self.peek()? != b'"' {
            return None;
        }
        let from = self.pos + 1;
        let escaped = self.string();
        let text = self.text.get(from..self.pos.checked_sub(1)?)?;
        self.blanks();
        if self.peek()? != b':' {
            return None;
        }
        self.pos += 1;
        self.blanks();
        Some(Raw { text, escaped })
    }

    pub(super) fn pair(&mut self) -> Option<(&'a str, &'a str)> {
        Some((self.key()?.text, self.value()?))
    }

    fn value(&mut self) -> Option<&'a str> {
        let from = self.pos;
        self.skip();
        self.text.get(from..self.pos)
    }

    /// Moves behind the string that starts here; whether it holds escapes.
    fn string(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        let mut at = self.pos + 1;
        let mut escaped = false;
        loop {
            at = special(bytes, at);
            match bytes.get(at) {
                Some(b'"') => break at += 1,
                Some(b'\\') => {
                    escaped = true;
                    at += 2;
                }
                Some(_) => at += 1,
                None => break,
            }
        }
        self.pos = at.min(bytes.len());
        escaped
    }

    /// Moves behind the value that starts here.
    fn skip(&mut self) {
        let bytes = self.text.as_bytes();
        match self.peek() {
            Some(b'"') => {
                self.string();
            }
            Some(b'{' | b'[') => {
                let mut depth = 0usize;
                while let Some(byte) = bytes.get(self.pos) {
                    match CLASSES.get(usize::from(*byte)) {
                        Some(Class::Quote) => {
                            self.string();
                            continue;
                        }
                        Some(Class::Open) => depth += 1,
                        Some(Class::Close) => depth = depth.saturating_sub(1),
                        _ => {
                            self.pos += 1;
                            continue;
                        }
                    }
                    self.pos += 1;
                    if depth == 0 {
                        break;
                    }
                }
            }
            _ => {
                let rest = bytes.get(self.pos..).unwrap_or_default();
                let end = rest.iter().position(|b| matches!(b, b',' | b'}' | b']' | b' ' | b'\n' | b'\t' | b'\r'));
                self.pos += end.unwrap_or(rest.len());
            }
        }
    }
}

/// A key as it is written between its quotes.
#[derive(Clone, Copy)]
struct Raw<'a> {
    text: &'a str,
    escaped: bool,
}

impl Raw<'_> {
    fn is(self, key: &str) -> bool {
        if self.escaped { unescape(self.text).is_ok_and(|text| text == key) } else { self.text == key }
    }
}

/// What a byte means where a container is passed over.
#[derive(Clone, Copy)]
enum Class {
    Other,
    Quote,
    Open,
    Close,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    classes[b'"' as usize] = Class::Quote;
    classes[b'{' as usize] = Class::Open;
    classes[b'[' as usize] = Class::Open;
    classes[b'}' as usize] = Class::Close;
    classes[b']' as usize] = Class::Close;
    classes
};

/// A key or string as it is written between its quotes, with its escapes resolved.
pub(super) fn unescape(raw: &str) -> Result<Cow<'_, str>> {
    if !raw.as_bytes().contains(&b'\\') {
        return Ok(Cow::Borrowed(raw));
    }
    let quoted = format!("\"{raw}\"");
    match Lexer::new(&quoted, true).next()? {
        Token::String(text) => Ok(Cow::Owned(text.into_owned())),
        _ => Ok(Cow::Borrowed("")),
    }
}

/// PostgreSQL resolves the escapes of the whole text even where only one field is wanted, and refuses those that have
/// no character.
pub(super) fn check_escapes(kind: Kind, text: &str) -> Result<()> {
    if kind == Kind::Json && text.as_bytes().contains(&b'\\') && text.contains("\\u") {
        parse(text, true, MAX_TEXT_DEPTH, &mut ())?;
    }
    Ok(())
}

pub(super) fn member<'a>(kind: Kind, text: &'a str, key: &str) -> Option<&'a str> {
    let mut scan = Scan::open(text, b'{')?;
    let mut found = None;
    while let Some(raw) = scan.key() {
        if !raw.is(key) {
            // Longer keys come later.
            if kind == Kind::Jsonb && raw.text.len() > key.len() && !raw.escaped {
                return None;
            }
            scan.skip();
            continue;
        }
        found = Some(scan.value()?);
        if kind == Kind::Jsonb {
            break;
        }
    }
    found
}

fn nth(text: &str, index: i32) -> Option<&str> {
    let mut scan = Scan::open(text, b'[')?;
    let index = if index < 0 {
        let mut counting = scan.clone();
        let mut count = 0i64;
        while counting.element().is_some() {
            count += 1;
        }
        usize::try_from(count + i64::from(index)).ok()?
    } else {
        usize::try_from(index).ok()?
    };
    for _ in 0..index {
        scan.element()?;
    }
    scan.element()
}

/// `->` with a key.
pub fn object_field<'a>(kind: Kind, text: &'a str, key: &str) -> Result<Option<&'a str>> {
    check_escapes(kind, text)?;
    Ok(member(kind, text, key))
}

/// `->>` with a key.
pub fn object_field_text<'a>(kind: Kind, text: &'a str, key: &str) -> Result<Option<Cow<'a, str>>> {
    object_field(kind, text, key)?.map_or(Ok(None), value_text)
}

/// `->` with an index; a negative one counts from the end.
pub fn array_element(kind: Kind, text: &str, index: i32) -> Result<Option<&str>> {
    check_escapes(kind, text)?;
    // A jsonb scalar counts as an array of it.
    if kind == Kind::Jsonb && (index == 0 || index == -1) && !matches!(text.as_bytes().first(), Some(b'{' | b'[')) {
        return Ok(Some(text));
    }
    Ok(nth(text, index))
}

/// `->>` with an index.
pub fn array_element_text(kind: Kind, text: &str, index: i32) -> Result<Option<Cow<'_, str>>> {
    array_element(kind, text, index)?.map_or(Ok(None), value_text)
}

/// `#>` and `json[b]_extract_path`. A null within the path finds nothing.
pub fn extract_path<'a>(kind: Kind, text: &'a str, path: &[Option<&str>]) -> Result<Option<&'a str>> {
    if path.contains(&None) {
        return Ok(None);
    }
    check_escapes(kind, text)?;
    let mut value = text.trim_matches([' ', '\n', '\t', '\r']);
    for step in path.iter().flatten() {
        let next = match value.as_bytes().first() {
            Some(b'{') => member(kind, value, step),
            Some(b'[') => path_index(step).and_then(|index| nth(value, index)),
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => return Ok(None),
        }
    }
    Ok(Some(value))
}

/// `#>>` and `json[b]_extract_path_text`.
pub fn extract_path_text<'a>(kind: Kind, text: &'a str, path: &[Option<&str>]) -> Result<Option<Cow<'a, str>>> {
    extract_path(kind, text, path)?.map_or(Ok(None), value_text)
}

/// An index within a path, as C's strtol reads it: blanks and a sign may precede the digits.
pub(super) fn path_index(step: &str) -> Option<i32> {
    let digits = step.trim_start_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
    let unsigned = digits.strip_prefix(['+', '-']).unwrap_or(digits);
    if unsigned.is_empty() || !unsigned.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// A value as text: of a string what it says, of null nothing.
pub fn value_text(value: &str) -> Result<Option<Cow<'_, str>>> {
    match value.as_bytes().first() {
        Some(b'n') => Ok(None),
        Some(b'"') => {
            let raw = value.get(1..value.len().saturating_sub(1)).unwrap_or_default();
            unescape(raw).map(Some)
        }
        _ => Ok(Some(Cow::Borrowed(value))),
    }
}
