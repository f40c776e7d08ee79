//! The `partial` mask: keeps the first or last characters of a text and stars the others.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, LargeStringBuilder, StringBuilder, StringViewBuilder};
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};

/// The mask as a function.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct PartialMask {
    keep_first: usize,
    keep_last: usize,
    signature: Signature,
}

impl PartialMask {
    pub fn new(keep_first: usize, keep_last: usize) -> Self {
        Self { keep_first, keep_last, signature: Signature::any(1, Volatility::Immutable) }
    }

    /// A text no longer than what would be kept is starred whole: it would show itself entirely.
    fn text<'a>(&self, value: &str, buffer: &'a mut String) -> &'a str {
        buffer.clear();
        let length = value.chars().count();
        let all = self.keep_first.saturating_add(self.keep_last) >= length;
        for (index, character) in value.chars().enumerate() {
            let kept = !all && (index < self.keep_first || index >= length - self.keep_last);
            buffer.push(if kept { character } else { '*' });
        }
        buffer
    }

    fn array(&self, array: &ArrayRef) -> Result<ArrayRef> {
        let mut buffer = String::new();
        let rows = array.len();
        Ok(match array.data_type() {
            DataType::Utf8 => {
                let array = array.as_string::<i32>();
                let mut out = StringBuilder::with_capacity(rows, array.value_data().len());
                array.iter().for_each(|v| out.append_option(v.map(|v| self.text(v, &mut buffer))));
                Arc::new(out.finish())
            }
            DataType::LargeUtf8 => {
                let array = array.as_string::<i64>();
                let mut out = LargeStringBuilder::with_capacity(rows, array.value_data().len());
                array.iter().for_each(|v| out.append_option(v.map(|v| self.text(v, &mut buffer))));
                Arc::new(out.finish())
            }
            DataType::Utf8View => {
                let mut out = StringViewBuilder::with_capacity(rows);
                array.as_string_view().iter().for_each(|v| out.append_option(v.map(|v| self.text(v, &mut buffer))));
                Arc::new(out.finish())
            }
            other => return Err(DataFusionError::Internal(format!("no partial mask for {other}"))),
        })
    }
}

impl ScalarUDFImpl for PartialMask {
    fn name(&self) -> &str {
        "mask_partial"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        Ok(arguments.first().cloned().unwrap_or(DataType::Null))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        map(&args, |array| self.array(array))
    }
}

/// Applies a function over arrays to the one argument, be it an array or a single value.
pub(super) fn map(args: &ScalarFunctionArgs, f: impl Fn(&ArrayRef) -> Result<ArrayRef>) -> Result<ColumnarValue> {
    match args.args.as_slice() {
        [ColumnarValue::Array(array)] => Ok(ColumnarValue::Array(f(array)?)),
        [ColumnarValue::Scalar(value)] => {
            let masked = f(&value.to_array()?)?;
            Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&masked, 0)?))
        }
        _ => Err(DataFusionError::Internal("a mask takes one argument".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::PartialMask;

    #[test]
    fn keeps_the_ends_and_never_the_whole() {
        let check = |first, last, value: &str, shown: &str| {
            assert_eq!(PartialMask::new(first, last).text(value, &mut String::new()), shown, "{value}");
        };
        check(2, 0, "madrid", "ma****");
        check(0, 4, "4111111111111111", "************1111");
        check(1, 1, "ñandú", "ñ***ú");
        check(3, 3, "short", "*****");
        check(0, 0, "x", "*");
        check(2, 0, "", "");
    }
}
