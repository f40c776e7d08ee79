//! Builds json and jsonb from SQL values: to_json, the build functions, json_object, and the aggregates' texts.

use std::borrow::Cow;
use std::collections::HashSet;

use super::lex::number_end;
use super::print::write_escaped;
use super::scan::Kind;
use super::tree::{Json, jsonb_parse};
use super::{check_size, code as json_code};
use crate::{Result, ValueError, code};

/// One SQL value, as far as JSON can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arg<'a> {
    Null,
    Bool(bool),
    /// Of integers, floats and numeric: their text.
    Number(&'a str),
    /// A json or jsonb.
    Json(&'a str),
    /// An array or a row, as [`array_to_json`] and [`row_to_json`] print it.
    Composite(&'a str),
    /// Any other type: its text (dates and times in ISO 8601, as to_json prints them).
    Text(&'a str),
}

fn is_number(text: &str) -> bool {
    matches!(number_end(text.as_bytes(), 0), (end, true) if end == text.len())
}

impl<'a> Arg<'a> {
    /// Appends the json of this value. NaN and the infinities are strings.
    pub fn write_json(self, out: &mut String) {
        match self {
            Arg::Null => out.push_str("null"),
            Arg::Bool(true) => out.push_str("true"),
            Arg::Bool(false) => out.push_str("false"),
            Arg::Number(text) if is_number(text) => out.push_str(text),
            Arg::Json(text) | Arg::Composite(text) => out.push_str(text),
            Arg::Number(text) | Arg::Text(text) => write_escaped(out, text),
        }
    }

    /// The jsonb of this value.
    pub fn to_tree(self) -> Result<Json<'a>> {
        Ok(match self {
            Arg::Null => Json::Null,
            Arg::Bool(value) => Json::Bool(value),
            Arg::Number(text) if is_number(text) => Json::Number(super::number::canonical(text)?),
            Arg::Json(text) | Arg::Composite(text) => jsonb_parse(text)?,
            Arg::Number(text) | Arg::Text(text) => Json::String(Cow::Borrowed(text)),
        })
    }

    /// What this value is as a key; `null` is the error when it is NULL.
    pub(super) fn key(self, null: impl FnOnce() -> ValueError) -> Result<&'a str> {
        match self {
            Arg::Null => Err(null()),
            Arg::Bool(true) => Ok("true"),
            Arg::Bool(false) => Ok("false"),
            Arg::Number(text) | Arg::Text(text) => Ok(text),
            Arg::Json(_) | Arg::Composite(_) => {
                Err(ValueError::invalid_parameter("key value must be scalar, not array, composite, or json"))
            }
        }
    }
}

pub(super) fn null_key() -> ValueError {
    ValueError::new(code::NULL_NOT_ALLOWED, "null value not allowed for object key")
}

pub(super) fn duplicate_key(kind: Kind, key: &str) -> ValueError {
    let message = match kind {
        Kind::Json => {
            let mut message = "duplicate JSON object key value: ".to_string();
            write_escaped(&mut message, key);
            message
        }
        Kind::Jsonb => "duplicate JSON object key value".to_string(),
    };
    ValueError::new(json_code::DUPLICATE_JSON_OBJECT_KEY_VALUE, message)
}

/// `to_json` and `to_jsonb`.
pub fn to_json(kind: Kind, value: Arg<'_>) -> Result<String> {
    match kind {
        Kind::Json => {
            let mut out = String::new();
            value.write_json(&mut out);
            Ok(out)
        }
        Kind::Jsonb => value.to_tree()?.to_text(),
    }
}

/// `json[b]_build_array`, and `JSON_ARRAY` (which may leave nulls out).
pub fn build_array(kind: Kind, values: &[Arg<'_>], absent_on_null: bool) -> Result<String> {
    let values = values.iter().filter(|value| !absent_on_null || **value != Arg::Null);
    match kind {
        Kind::Json => {
            let mut out = String::from("[");
            for (i, value) in values.enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                value.write_json(&mut out);
                check_size(out.len())?;
            }
            out.push(']');
            Ok(out)
        }
        Kind::Jsonb => Json::Array(values.map(|value| value.to_tree()).collect::<Result<_>>()?).to_text(),
    }
}

/// `json[b]_build_object`.
pub fn build_object(kind: Kind, args: &[Arg<'_>]) -> Result<String> {
    if args.len() % 2 == 1 {
        let function = if kind == Kind::Json { "json_build_object" } else { "jsonb_build_object" };
        return Err(ValueError::invalid_parameter("argument list must have even number of elements")
            .hint(format!("The arguments of {function}() must consist of alternating keys and values.")));
    }
    object(kind, args, false, false)
}

/// `JSON_OBJECT` (SQL's constructor): `args` are keys and values by turns.
pub fn object(kind: Kind, args: &[Arg<'_>], absent_on_null: bool, unique_keys: bool) -> Result<String> {
    let mut seen = HashSet::new();
    let mut pairs = Vec::with_capacity(args.len() / 2);
    for (i, pair) in args.chunks_exact(2).enumerate() {
        let [key, value] = pair else { continue };
        let key = key.key(|| match kind {
            Kind::Json => null_key(),
            Kind::Jsonb => ValueError::invalid_parameter(format!("argument {}: key must not be null", 2 * i + 1)),
        })?;
        let skipped = absent_on_null && *value == Arg::Null;
        // The keys of nulls that are left out count as well.
        if unique_keys && !seen.insert(key) {
            return Err(duplicate_key(kind, key));
        }
        if !skipped {
            pairs.push((key, *value));
        }
    }
    match kind {
        Kind::Json => {
            let mut out = String::from("{");
            for (i, (key, value)) in pairs.into_iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                write_escaped(&mut out, key);
                out.push_str(" : ");
                value.write_json(&mut out);
                check_size(out.len())?;
            }
            out.push('}');
            Ok(out)
        }
        Kind::Jsonb => {
            let pairs = pairs.into_iter().map(|(key, value)| Ok((Cow::Borrowed(key), value.to_tree()?)));
            Json::object(pairs.collect::<Result<_>>()?).to_text()
        }
    }
}

fn object_of_texts(kind: Kind, pairs: &[(Option<&str>, Option<&str>)]) -> Result<String> {
    let args: Vec<_> = pairs
        .iter()
        .map(|(key, value)| Ok([Arg::Text(key.ok_or_else(null_key)?), value.map_or(Arg::Null, Arg::Text)]))
        .collect::<Result<Vec<_>>>()?;
    object(kind, args.as_flattened(), false, false)
}

fn subscripts() -> ValueError {
    ValueError::new(code::ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts")
}

/// `json[b]_object(text[])`: the elements in their order, and the array's dimensions.
pub fn object_from_array(kind: Kind, values: &[Option<&str>], dimensions: &[usize]) -> Result<String> {
    match dimensions {
        [] => {}
        [length] if length % 2 == 1 => {
            return Err(ValueError::new(code::ARRAY_SUBSCRIPT_ERROR, "array must have even number of elements"));
        }
        [_] | [_, 2] => {}
        [_, _] => return Err(ValueError::new(code::ARRAY_SUBSCRIPT_ERROR, "array must have two columns")),
        _ => return Err(subscripts()),
    }
    let pairs: Vec<_> =
        values.chunks_exact(2).map(|pair| (pair.first().copied().flatten(), pair.last().copied().flatten())).collect();
    object_of_texts(kind, &pairs)
}

/// `json[b]_object(text[], text[])`: `dimensions` are the numbers of the two arrays' dimensions.
pub fn object_from_arrays(
    kind: Kind,
    keys: &[Option<&str>],
    values: &[Option<&str>],
    dimensions: (usize, usize),
) -> Result<String> {
    if dimensions.0 > 1 || dimensions.0 != dimensions.1 {
        return Err(subscripts());
    }
    if keys.len() != values.len() {
        return Err(ValueError::new(code::ARRAY_SUBSCRIPT_ERROR, "mismatched array dimensions"));
    }
    let pairs: Vec<_> = keys.iter().copied().zip(values.iter().copied()).collect();
    object_of_texts(kind, &pairs)
}

/// `array_to_json`: the elements in their order, and the array's dimensions. `pretty` breaks the line between the
/// elements of the outer dimension.
pub fn array_to_json(elements: &[Arg<'_>], dimensions: &[usize], pretty: bool) -> Result<String> {
    let mut out = String::new();
    match dimensions {
        [] => out.push_str("[]"),
        [length, inner @ ..] => write_dimension(&mut out, elements, *length, inner, pretty)?,
    }
    Ok(out)
}

fn write_dimension(out: &mut String, elements: &[Arg<'_>], length: usize, inner: &[usize], pretty: bool) -> Result<()> {
    out.push('[');
    let size = elements.len().checked_div(length).unwrap_or(0).max(1);
    for (i, part) in elements.chunks(size).enumerate() {
        if i > 0 {
            out.push_str(if pretty { ",\n " } else { "," });
        }
        match (inner, part) {
            ([length, inner @ ..], _) => write_dimension(out, part, *length, inner, false)?,
            ([], [element, ..]) => element.write_json(out),
            ([], []) => {}
        }
        check_size(out.len())?;
    }
    out.push(']');
    Ok(())
}

/// `row_to_json`: the fields' names and values.
pub fn row_to_json<'a>(fields: impl IntoIterator<Item = (&'a str, Arg<'a>)>, pretty: bool) -> Result<String> {
    let mut out = String::from("{");
    for (i, (name, value)) in fields.into_iter().enumerate() {
        if i > 0 {
            out.push_str(if pretty { ",\n " } else { "," });
        }
        write_escaped(&mut out, name);
        out.push(':');
        value.write_json(&mut out);
        check_size(out.len())?;
    }
    out.push('}');
    Ok(out)
}
