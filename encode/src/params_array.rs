//! The binary form of arrays (`array_recv` in PostgreSQL's arrayfuncs.c) as their text, which `array_in` reads.

use weir_values::array::{Array, MAX_DIMENSIONS};

use super::error::EncodeError;
use super::params::{decode_binary, is_read};
use super::params_binary::{self, Reader};
use super::style::Style;
use super::text::texts;
use super::types::{arrow_type_of_oid, oid, parameter_field, type_name};

/// The most items that an array has.
const MAX_ITEMS: i64 = 134_217_727;

/// The text of an array whose items are of the type.
///
/// # Errors
/// Those of PostgreSQL: 22P03 and 08P01 for what is no array, 42804 for items of another type, 54000 for one that is too large, and
/// those of the items.
pub(super) fn text(element: u32, bytes: &[u8]) -> Result<String, EncodeError> {
    let mut reader = Reader { rest: bytes };
    let array = array(element, &mut reader)?;
    reader.end()?;
    array.print().map_err(|error| EncodeError::new(error.code, error.message))
}

/// The text of the numbers of an `int2vector` or `oidvector`.
pub(super) fn vector_text(element: u32, bytes: &[u8]) -> Result<String, EncodeError> {
    let mut reader = Reader { rest: bytes };
    let array = array(element, &mut reader)?;
    let items: Option<Vec<String>> = array.items.into_iter().collect();
    match (array.lower_bounds.as_slice(), items) {
        ([0], Some(items)) => reader.end().map(|()| items.join(" ")),
        _ => Err(EncodeError::new("22P03", format!("invalid {}vector data", type_name_of_items(element)))),
    }
}

/// The text of a value, as it is read independent of any setting.
pub(super) fn item_text(type_oid: u32, bytes: &[u8]) -> Result<String, EncodeError> {
    if arrow_type_of_oid(type_oid).is_none_or(|data| is_read(&data)) {
        return params_binary::text(type_oid, bytes);
    }
    let value = decode_binary(type_oid, bytes)?;
    let unprinted = || EncodeError::new("XX000", format!("a value of type {} has no text", type_name(type_oid)));
    let field = parameter_field(type_oid).ok_or_else(unprinted)?;
    let shown = texts(value.to_array().map_err(|_| unprinted())?.as_ref(), &field, &Style::default())?;
    Ok(shown.value(0).to_owned())
}

/// How the types of vectors call their items.
fn type_name_of_items(element: u32) -> &'static str {
    if element == oid::INT2 { "int2" } else { "oid" }
}

fn array(element: u32, reader: &mut Reader<'_>) -> Result<Array, EncodeError> {
    let invalid = |message: String| EncodeError::new("22P03", message);
    let too_large = |message: String| EncodeError::new("54000", message);
    let (dimension_count, flags, sent) = (reader.int()?, reader.int()?, reader.int()? as u32);
    let dimension_count = usize::try_from(dimension_count)
        .map_err(|_| invalid(format!("invalid number of dimensions: {dimension_count}")))?;
    if dimension_count > MAX_DIMENSIONS {
        return Err(too_large(format!(
            "number of array dimensions ({dimension_count}) exceeds the maximum allowed ({MAX_DIMENSIONS})"
        )));
    }
    if !matches!(flags, 0 | 1) {
        return Err(invalid("invalid array flags".to_owned()));
    }
    if sent != element {
        let message = format!(
            "binary data has array element type {sent} ({}) instead of expected {element} ({})",
            type_name(sent),
            type_name(element)
        );
        return Err(EncodeError::new("42804", message));
    }
    let (mut dimensions, mut lower_bounds, mut count) = (Vec::new(), Vec::new(), 1_i64);
    for _ in 0..dimension_count {
        let (length, lower) = (reader.int()?, reader.int()?);
        count = if length < 0 { i64::MAX } else { count.saturating_mul(i64::from(length)) };
        if count > MAX_ITEMS {
            return Err(too_large(format!("array size exceeds the maximum allowed ({MAX_ITEMS})")));
        }
        if lower.checked_add(length).is_none() {
            return Err(too_large(format!("array lower bound is too large: {lower}")));
        }
        dimensions.push(length);
        lower_bounds.push(lower);
    }
    if dimension_count == 0 || count == 0 {
        return Ok(Array::empty());
    }
    let mut items = Vec::new();
    for at in 1..=count {
        items.push(match reader.int()? {
            -1 => None,
            length => {
                let length = usize::try_from(length).ok().filter(|length| *length <= reader.rest.len());
                let length = length.ok_or_else(|| invalid("insufficient data left in message".to_owned()))?;
                let item = item_text(element, reader.take(length)?);
                Some(item.map_err(|error| match error.is_excess() {
                    true => invalid(format!("improper binary format in array element {at}")),
                    false => error,
                })?)
            }
        });
    }
    Ok(Array { lower_bounds, dimensions, items })
}
