//! What masks of text have in common: one pass over an array of any of the text types, one buffer for all its rows.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, LargeStringBuilder, StringBuilder, StringViewBuilder};
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs};

/// Rewrites each text of the one argument: `write` gets the text and an empty buffer for what is shown. NULL stays NULL.
pub fn map(args: &ScalarFunctionArgs, write: impl Fn(&str, &mut String)) -> Result<ColumnarValue> {
    map_arrays(args, |array| rewrite(array, &write))
}

/// Applies a function over arrays to the one argument, be it an array or a single value.
pub fn map_arrays(args: &ScalarFunctionArgs, f: impl Fn(&ArrayRef) -> Result<ArrayRef>) -> Result<ColumnarValue> {
    match args.args.as_slice() {
        [ColumnarValue::Array(array)] => Ok(ColumnarValue::Array(f(array)?)),
        [ColumnarValue::Scalar(value)] => {
            let masked = f(&value.to_array()?)?;
            Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&masked, 0)?))
        }
        _ => Err(DataFusionError::Internal("a mask takes one argument".to_owned())),
    }
}

fn rewrite(array: &ArrayRef, write: &impl Fn(&str, &mut String)) -> Result<ArrayRef> {
    let rows = array.len();
    let mut buffer = String::new();
    Ok(match array.data_type() {
        DataType::Utf8 => {
            let array = array.as_string::<i32>();
            let mut out = StringBuilder::with_capacity(rows, array.value_data().len());
            array.iter().for_each(|value| out.append_option(value.map(|value| shown(value, &mut buffer, write))));
            Arc::new(out.finish())
        }
        DataType::LargeUtf8 => {
            let array = array.as_string::<i64>();
            let mut out = LargeStringBuilder::with_capacity(rows, array.value_data().len());
            array.iter().for_each(|value| out.append_option(value.map(|value| shown(value, &mut buffer, write))));
            Arc::new(out.finish())
        }
        DataType::Utf8View => {
            let array = array.as_string_view();
            let mut out = StringViewBuilder::with_capacity(rows);
            array.iter().for_each(|value| out.append_option(value.map(|value| shown(value, &mut buffer, write))));
            Arc::new(out.finish())
        }
        other => return Err(DataFusionError::Internal(format!("no text mask for {other}"))),
    })
}

fn shown<'a>(value: &str, buffer: &'a mut String, write: &impl Fn(&str, &mut String)) -> &'a str {
    buffer.clear();
    write(value, buffer);
    buffer
}
