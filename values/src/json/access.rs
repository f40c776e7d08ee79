//! The functions that take json and jsonb apart: typeof, elements, pairs, keys, strip_nulls.

use std::borrow::Cow;

use super::parse::{Scalar, Sink, parse};
use super::print::write_escaped;
use super::scan::{Kind, Scan, check_escapes, unescape, value_text};
use super::tree::{Json, jsonb_parse};
use super::{MAX_TEXT_DEPTH, check_size};
use crate::{Result, ValueError};

/// Checks the escapes of a text that is to be refused as a whole: PostgreSQL sees those of a string first.
fn check_string(kind: Kind, text: &str) -> Result<()> {
    if first(text) == b'"' { check_escapes(kind, text) } else { Ok(()) }
}

/// What the text holds, by its first character.
fn first(text: &str) -> u8 {
    text.bytes().find(|b| !matches!(b, b' ' | b'\n' | b'\t' | b'\r')).unwrap_or_default()
}

/// `json_typeof` and `jsonb_typeof`.
pub fn type_of(text: &str) -> &'static str {
    match first(text) {
        b'{' => "object",
        b'[' => "array",
        b'"' => "string",
        b't' | b'f' => "boolean",
        b'n' => "null",
        _ => "number",
    }
}

/// `json_array_length` and `jsonb_array_length`.
pub fn array_length(text: &str) -> Result<i32> {
    let Some(mut scan) = Scan::open(text, b'[') else {
        let what = if first(text) == b'{' { "a non-array" } else { "a scalar" };
        return Err(ValueError::invalid_parameter(format!("cannot get array length of {what}")));
    };
    let mut count = 0i32;
    while scan.element().is_some() {
        count = count.saturating_add(1);
    }
    Ok(count)
}

/// The elements of an array, one after another.
pub struct Elements<'a>(Scan<'a>);

impl<'a> Iterator for Elements<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        self.0.element()
    }
}

/// `json[b]_array_elements`; `function` is its name.
pub fn array_elements<'a>(kind: Kind, function: &str, text: &'a str) -> Result<Elements<'a>> {
    Scan::open(text, b'[').map(Elements).ok_or_else(|| {
        let object = first(text) == b'{';
        ValueError::invalid_parameter(match (kind, object) {
            (Kind::Json, true) => format!("cannot call {function} on a non-array"),
            (Kind::Json, false) => format!("cannot call {function} on a scalar"),
            (Kind::Jsonb, true) => "cannot extract elements from an object".to_string(),
            (Kind::Jsonb, false) => "cannot extract elements from a scalar".to_string(),
        })
    })
}

/// `json[b]_array_elements_text`.
pub fn array_elements_text<'a>(kind: Kind, text: &'a str) -> Result<Vec<Option<Cow<'a, str>>>> {
    let function = match kind {
        Kind::Json => "json_array_elements_text",
        Kind::Jsonb => "jsonb_array_elements_text",
    };
    check_string(kind, text)?;
    let elements = array_elements(kind, function, text)?;
    check_escapes(kind, text)?;
    elements.map(value_text).collect()
}

/// The pairs of an object, one after another; their values are as written.
pub struct Pairs<'a>(Scan<'a>);

impl<'a> Iterator for Pairs<'a> {
    type Item = Result<(Cow<'a, str>, &'a str)>;

    fn next(&mut self) -> Option<Self::Item> {
        let (key, value) = self.0.pair()?;
        Some(unescape(key).map(|key| (key, value)))
    }
}

/// `json[b]_each` and `json[b]_each_text` (by [`value_text`] of the values); `function` is its name.
pub fn each<'a>(kind: Kind, function: &str, text: &'a str) -> Result<Pairs<'a>> {
    let Some(scan) = Scan::open(text, b'{') else {
        check_string(kind, text)?;
        let array = first(text) == b'[';
        return Err(ValueError::invalid_parameter(match (kind, array) {
            (Kind::Json, true) => "cannot deconstruct an array as an object".to_string(),
            (Kind::Json, false) => "cannot deconstruct a scalar".to_string(),
            (Kind::Jsonb, _) => format!("cannot call {function} on a non-object"),
        }));
    };
    check_escapes(kind, text)?;
    Ok(Pairs(scan))
}

/// `json[b]_object_keys`.
pub fn object_keys(kind: Kind, text: &str) -> Result<Vec<Cow<'_, str>>> {
    let Some(scan) = Scan::open(text, b'{') else {
        check_string(kind, text)?;
        let function = if kind == Kind::Json { "json_object_keys" } else { "jsonb_object_keys" };
        let what = if first(text) == b'[' { "an array" } else { "a scalar" };
        return Err(ValueError::invalid_parameter(format!("cannot call {function} on {what}")));
    };
    check_escapes(kind, text)?;
    Pairs(scan).map(|pair| pair.map(|(key, _)| key)).collect()
}

/// Writes a json text anew, without the pairs that are null.
#[derive(Default)]
struct Stripped<'a> {
    out: String,
    key: Option<Cow<'a, str>>,
    /// Whether something was written in the innermost open container.
    any: bool,
    /// `any` of the outer ones.
    outer: Vec<bool>,
}

impl Stripped<'_> {
    fn value(&mut self) {
        if self.any {
            self.out.push(',');
        }
        self.any = true;
        if let Some(key) = self.key.take() {
            write_escaped(&mut self.out, &key);
            self.out.push(':');
        }
    }

    fn begin(&mut self, bracket: char) {
        self.value();
        self.out.push(bracket);
        self.outer.push(std::mem::take(&mut self.any));
    }

    fn end(&mut self, bracket: char) {
        self.out.push(bracket);
        self.any = self.outer.pop().unwrap_or_default();
    }
}

impl<'a> Sink<'a> for Stripped<'a> {
    fn begin_object(&mut self) {
        self.begin('{');
    }

    fn key(&mut self, key: Cow<'a, str>) -> Result<()> {
        self.key = Some(key);
        Ok(())
    }

    fn end_object(&mut self) -> Result<()> {
        self.end('}');
        Ok(())
    }

    fn begin_array(&mut self) {
        self.begin('[');
    }

    fn end_array(&mut self) {
        self.end(']');
    }

    fn scalar(&mut self, scalar: Scalar<'a>) -> Result<()> {
        if matches!(scalar, Scalar::Null) && self.key.take().is_some() {
            return Ok(());
        }
        self.value();
        match scalar {
            Scalar::Null => self.out.push_str("null"),
            Scalar::Bool(true) => self.out.push_str("true"),
            Scalar::Bool(false) => self.out.push_str("false"),
            Scalar::Number(text) => self.out.push_str(text),
            Scalar::String(text) => write_escaped(&mut self.out, &text),
        }
        Ok(())
    }
}

pub fn json_strip_nulls(text: &str) -> Result<String> {
    let mut stripped = Stripped::default();
    parse(text, true, MAX_TEXT_DEPTH, &mut stripped)?;
    check_size(stripped.out.len())?;
    Ok(stripped.out)
}

fn without_nulls<'a>(value: Json<'a>) -> Json<'a> {
    match value {
        Json::Array(items) => Json::Array(items.into_iter().map(without_nulls).collect()),
        Json::Object(pairs) => Json::Object(
            pairs
                .into_iter()
                .filter(|(_, value)| *value != Json::Null)
                .map(|(key, value)| (key, without_nulls(value)))
                .collect(),
        ),
        scalar => scalar,
    }
}

pub fn jsonb_strip_nulls(text: &str) -> Result<String> {
    without_nulls(jsonb_parse(text)?).to_text()
}
