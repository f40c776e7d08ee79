//! Parameters of types that sources have themselves: they are read as texts are, under numbers of their own.

use arrow::datatypes::Field;
use datafusion::common::ScalarValue;
use weir_connectors::pgtype::OwnType;

use super::Format;
use super::error::EncodeError;
use super::params::decode_parameter;
use super::style::Style;
use super::types::{oid, wire_type};

/// `pg_type.typarray` of text.
const TEXT_ARRAY: u32 = 1009;

/// Reads a parameter of the type that a field is of, see [`decode_parameter`]. Whether a text is a label is seen when it is used.
///
/// # Errors
/// Those of [`decode_parameter`].
pub fn decode_parameter_of(
    field: &Field,
    format: Format,
    bytes: Option<&[u8]>,
    style: &Style,
) -> Result<ScalarValue, EncodeError> {
    let wire = wire_type(field);
    let Some(own) = OwnType::of(field) else { return decode_parameter(wire.oid, format, bytes, style) };
    match (wire.oid == own.array_oid(), format, bytes) {
        (false, ..) => decode_parameter(oid::TEXT, format, bytes, style),
        (true, Format::Binary, Some(bytes)) => {
            decode_parameter(TEXT_ARRAY, format, Some(&texts_of(bytes, own.oid())?), style)
        }
        (true, ..) => decode_parameter(TEXT_ARRAY, format, bytes, style),
    }
}

/// The binary form of an array of labels as that of one of texts.
fn texts_of(bytes: &[u8], element: u32) -> Result<Vec<u8>, EncodeError> {
    let mut texts = bytes.to_vec();
    // Behind the count of dimensions and the flag for NULLs.
    let Some(told) = texts.get_mut(8..12) else { return Ok(texts) };
    if told != element.to_be_bytes() {
        let sent = told.iter().fold(0_u32, |value, byte| value << 8 | u32::from(*byte));
        let message = format!("binary data has array element type {sent} instead of expected {element}");
        return Err(EncodeError::new("42804", message));
    }
    told.copy_from_slice(&oid::TEXT.to_be_bytes());
    Ok(texts)
}
