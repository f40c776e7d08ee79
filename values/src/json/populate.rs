//! Records of JSON objects (`json_to_record` and its kin): for each column the text that its type's input reads.

use std::borrow::Cow;
use std::collections::HashMap;

use super::print::escape;
use super::scan::{Kind, Scan, check_escapes, unescape, value_text};
use crate::array::Array;
use crate::{Result, ValueError, code};

/// A column that is looked for by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub is_array: bool,
    /// Of json or jsonb, which keep strings in their quotes.
    pub is_json: bool,
}

/// What a column has of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// The object has no such key.
    Missing,
    Null,
    Text(String),
    Items(Vec<Option<String>>),
}

/// The one record of an object.
pub fn record(kind: Kind, text: &str, fields: &[Field]) -> Result<Vec<Cell>> {
    let what = if is_array(text) { "an array" } else { "a scalar" };
    let Some(scan) = Scan::open(text, b'{') else {
        let message = format!("cannot call populate_composite on {what}");
        return Err(ValueError::invalid_parameter(message));
    };
    check_escapes(kind, text)?;
    cells(kind, scan, fields)
}

/// The records of an array of objects, handed over one by one; `function` is its name.
pub fn records(
    kind: Kind,
    function: &str,
    text: &str,
    fields: &[Field],
    mut each: impl FnMut(Vec<Cell>) -> Result<()>,
) -> Result<()> {
    let Some(mut scan) = Scan::open(text, b'[') else {
        let what = match (kind, text.trim_start().starts_with('{')) {
            (Kind::Jsonb, _) => "a non-array",
            (Kind::Json, true) => "an object",
            (Kind::Json, false) => "a scalar",
        };
        return Err(ValueError::invalid_parameter(format!("cannot call {function} on {what}")));
    };
    check_escapes(kind, text)?;
    while let Some(element) = scan.element() {
        let Some(object) = Scan::open(element, b'{') else {
            let message = format!("argument of {function} must be an array of objects");
            return Err(ValueError::invalid_parameter(message));
        };
        each(cells(kind, object, fields)?)?;
    }
    Ok(())
}

fn is_array(text: &str) -> bool {
    text.trim_start().starts_with('[')
}

/// Of equal keys the last counts.
fn cells(kind: Kind, mut object: Scan<'_>, fields: &[Field]) -> Result<Vec<Cell>> {
    let mut found: HashMap<Cow<'_, str>, &str> = HashMap::new();
    while let Some((key, value)) = object.pair() {
        found.insert(unescape(key)?, value);
    }
    fields
        .iter()
        .map(|field| found.get(field.name.as_str()).map_or(Ok(Cell::Missing), |v| cell(kind, v, field)))
        .collect()
}

fn cell(kind: Kind, value: &str, field: &Field) -> Result<Cell> {
    if !field.is_array {
        return Ok(scalar(kind, value, field.is_json)?.map_or(Cell::Null, |text| Cell::Text(text.into_owned())));
    }
    match value.as_bytes().first() {
        Some(b'n') => Ok(Cell::Null),
        // A string is what the array's own input reads.
        Some(b'"') => printed_items(value).map(Cell::Items),
        Some(b'[') => items(kind, value, field),
        _ => Err(ValueError::new(code::INVALID_TEXT_REPRESENTATION, "expected JSON array")
            .hint(format!("See the value of key \"{}\".", field.name))),
    }
}

/// The texts of an array's items, as the input of their type reads them; `None` is NULL. A string that loses its quotes is
/// what the array's own input reads.
pub fn array_items(text: &str, is_json: bool, omits_quotes: bool) -> Result<Vec<Option<String>>> {
    match text.as_bytes().first() {
        Some(b'[') => {}
        Some(b'"') if omits_quotes => return printed_items(text),
        _ => return Err(ValueError::new(code::INVALID_TEXT_REPRESENTATION, "expected JSON array")),
    }
    let field = Field { name: String::new(), is_array: true, is_json };
    match items(Kind::Jsonb, text, &field)? {
        Cell::Items(items) => Ok(items),
        _ => Ok(Vec::new()),
    }
}

/// The items of an array that is printed in a string.
fn printed_items(value: &str) -> Result<Vec<Option<String>>> {
    let array = Array::parse(&value_text(value)?.unwrap_or_default())?;
    match array.dimensions.len() > 1 || array.lower_bounds.iter().any(|bound| *bound != 1) {
        true => Err(several_dimensions()),
        false => Ok(array.items),
    }
}

/// The first item tells whether the array has more dimensions.
fn items(kind: Kind, value: &str, field: &Field) -> Result<Cell> {
    let mut items = Vec::new();
    let Some(mut scan) = Scan::open(value, b'[') else { return Ok(Cell::Null) };
    while let Some(item) = scan.element() {
        if items.is_empty() && item.starts_with('[') {
            return Err(several_dimensions());
        }
        items.push(scalar(kind, item, field.is_json)?.map(Cow::into_owned));
    }
    Ok(Cell::Items(items))
}

fn scalar<'v>(kind: Kind, value: &'v str, is_json: bool) -> Result<Option<Cow<'v, str>>> {
    match (is_json, kind) {
        (true, Kind::Json) if value.starts_with('"') => Ok(value_text(value)?.map(|text| Cow::Owned(escape(&text)))),
        (true, _) if value.starts_with('"') => Ok(Some(Cow::Borrowed(value))),
        _ => value_text(value),
    }
}

fn several_dimensions() -> ValueError {
    ValueError::new(code::FEATURE_NOT_SUPPORTED, "arrays of several dimensions in JSON are not supported")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, is_array: bool, is_json: bool) -> Field {
        Field { name: name.to_owned(), is_array, is_json }
    }

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn columns_are_found_by_their_names() {
        let fields =
            [field("a", false, false), field("b", false, true), field("c", true, false), field("A", true, true)];
        let json = r#"{"a": 1, "a":"x\n", "b":  "x\u0041", "c":[1, null, "y z", {"d": 2}], "A":"{1,NULL}"}"#;
        let found = record(Kind::Json, json, &fields).unwrap();
        let items = |items: &[Option<&str>]| Cell::Items(items.iter().map(|i| i.map(str::to_owned)).collect());
        let c = items(&[Some("1"), None, Some("y z"), Some("{\"d\": 2}")]);
        assert_eq!(found, vec![text("x\n"), text("\"xA\""), c, items(&[Some("1"), None])]);
        assert_eq!(record(Kind::Jsonb, "{}", &fields[..2]).unwrap(), vec![Cell::Missing, Cell::Missing]);
        assert_eq!(record(Kind::Jsonb, r#"{"a": null}"#, &fields[..1]).unwrap(), vec![Cell::Null]);
    }

    #[test]
    fn what_is_no_record_is_refused() {
        let fields = [field("a", true, false)];
        let refused = |json| record(Kind::Json, json, &fields).unwrap_err().message;
        assert_eq!(refused("[1]"), "cannot call populate_composite on an array");
        assert_eq!(refused("1"), "cannot call populate_composite on a scalar");
        assert_eq!(refused(r#"{"a":1}"#), "expected JSON array");
        let of = |json| records(Kind::Json, "json_to_recordset", json, &fields, |_| Ok(())).unwrap_err().message;
        assert_eq!(of("{}"), "cannot call json_to_recordset on an object");
        assert_eq!(of("1"), "cannot call json_to_recordset on a scalar");
        assert_eq!(of("[1]"), "argument of json_to_recordset must be an array of objects");
    }
}
