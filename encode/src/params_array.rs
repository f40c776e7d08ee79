//! Array parameters of one dimension: `{1,NULL,"a b"}` and the binary form, to a list scalar.

use datafusion::common::ScalarValue;

use super::error::EncodeError;
use super::params::{decode_binary as decode_element, decode_text as decode_element_text, insufficient, list};
use super::style::Style;
use super::types::arrow_type_of_oid;

/// Reads the text form.
pub(super) fn decode_text(element: u32, text: &str, style: &Style) -> Result<ScalarValue, EncodeError> {
    let malformed = || EncodeError::new("22P02", format!("malformed array literal: \"{text}\""));
    let inner = text.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).ok_or_else(malformed)?;
    let mut items = Items { rest: inner };
    let mut values = Vec::new();
    if !inner.trim().is_empty() {
        loop {
            let (item, is_last) = items.next_item().ok_or_else(malformed)?;
            values.push(match item {
                Item::Null => null(element)?,
                Item::Text(text) => decode_element_text(element, &text, style)?,
                Item::Nested => return Err(dimensions()),
            });
            if is_last {
                break;
            }
        }
    }
    list(element, values)
}

/// Reads the binary form. The elements must be of the array's own element type.
pub(super) fn decode_binary(element: u32, bytes: &[u8], _style: &Style) -> Result<ScalarValue, EncodeError> {
    let mut reader = Reader { rest: bytes };
    let dimension_count = reader.int()?;
    let _has_nulls = reader.int()?;
    let sent_element = reader.int()? as u32;
    if sent_element != element {
        let message = format!("binary data has array element type {sent_element} instead of expected {element}");
        return Err(EncodeError::new("42804", message));
    }
    let count = match dimension_count {
        0 => 0,
        1 => {
            let (length, _lower_bound) = (reader.int()?, reader.int()?);
            usize::try_from(length).map_err(|_| EncodeError::new("22P03", "invalid array length"))?
        }
        _ => return Err(dimensions()),
    };
    let mut values = Vec::new();
    for _ in 0..count {
        values.push(match reader.int()? {
            -1 => null(element)?,
            len => decode_element(element, reader.take(usize::try_from(len).map_err(|_| insufficient())?)?)?,
        });
    }
    if reader.rest.is_empty() {
        list(element, values)
    } else {
        Err(EncodeError::new("22P03", "incorrect binary data format in bind parameter"))
    }
}

fn null(element: u32) -> Result<ScalarValue, EncodeError> {
    arrow_type_of_oid(element)
        .and_then(|data_type| ScalarValue::try_from(&data_type).ok())
        .ok_or_else(|| EncodeError::unsupported("array parameters of this type aren't supported"))
}

fn dimensions() -> EncodeError {
    EncodeError::unsupported("array parameters of more than one dimension aren't supported")
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], EncodeError> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or_else(insufficient)?;
        self.rest = rest;
        Ok(taken)
    }

    fn int(&mut self) -> Result<i32, EncodeError> {
        let bytes = self.take(4)?;
        Ok(bytes.iter().fold(0, |value, byte| value << 8 | i32::from(*byte)))
    }
}

enum Item {
    Null,
    Text(String),
    Nested,
}

/// What is left between the braces.
struct Items<'a> {
    rest: &'a str,
}

impl Items<'_> {
    /// The next item, and whether it was the last.
    fn next_item(&mut self) -> Option<(Item, bool)> {
        self.rest = self.rest.trim_start();
        let item = match self.rest.as_bytes().first()? {
            b'{' => return Some((Item::Nested, true)),
            b'"' => Item::Text(self.quoted()?),
            _ => self.bare()?,
        };
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(',') {
            Some(rest) => {
                self.rest = rest;
                Some((item, false))
            }
            None => self.rest.is_empty().then_some((item, true)),
        }
    }

    fn quoted(&mut self) -> Option<String> {
        let (mut text, mut characters) = (String::new(), self.rest.char_indices().skip(1));
        loop {
            match characters.next()? {
                (at, '"') => {
                    self.rest = &self.rest[at + 1..];
                    return Some(text);
                }
                (_, '\\') => text.push(characters.next()?.1),
                (_, character) => text.push(character),
            }
        }
    }

    fn bare(&mut self) -> Option<Item> {
        let end = self.rest.find(',').unwrap_or(self.rest.len());
        let text = self.rest[..end].trim_end();
        self.rest = &self.rest[end..];
        if text.is_empty() || text.contains(['"', '{', '}']) {
            return None;
        }
        if text.eq_ignore_ascii_case("null") {
            return Some(Item::Null);
        }
        let mut unescaped = String::new();
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            unescaped.push(if character == '\\' { characters.next()? } else { character });
        }
        Some(Item::Text(unescaped))
    }
}
