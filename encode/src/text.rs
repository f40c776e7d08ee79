//! Values as their text, for conversions within a query.

use arrow::array::{Array, StringArray, StringBuilder};
use arrow::datatypes::Field;
use bytes::BytesMut;

use super::cell::BARE;
use super::column::{Column, Context};
use super::error::EncodeError;
use super::style::Style;
use super::types::kind_of;

/// Texts may not take more than this together.
const MAX_BYTES: usize = 1 << 30;

/// The text of each value of a column, as it is printed.
///
/// # Errors
/// As those of [`super::RowEncoder::encode`].
pub fn texts(array: &dyn Array, field: &Field, style: &Style) -> Result<StringArray, EncodeError> {
    let column = Column::bind(array, kind_of(field)?, false)?;
    let mut context = Context::new(style);
    let mut results = StringBuilder::with_capacity(array.len(), 0);
    let mut out = BytesMut::new();
    for row in 0..array.len() {
        if column.is_null(row) {
            results.append_null();
            continue;
        }
        out.clear();
        column.write_value::<BARE>(row, &mut out, &mut context)?;
        let text = std::str::from_utf8(&out).map_err(|_| EncodeError::new("XX000", "a value's text is no UTF-8"))?;
        if results.values_slice().len() + text.len() > MAX_BYTES {
            return Err(EncodeError::too_large());
        }
        results.append_value(text);
    }
    Ok(results.finish())
}
