//! The `partial` mask: keeps the first or last characters of a text and stars the others.

use arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};

use super::text;

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
    fn write(&self, value: &str, out: &mut String) {
        let length = value.chars().count();
        let all = self.keep_first.saturating_add(self.keep_last) >= length;
        for (index, character) in value.chars().enumerate() {
            let kept = !all && (index < self.keep_first || index >= length - self.keep_last);
            out.push(if kept { character } else { '*' });
        }
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
        text::map(&args, |value, out| self.write(value, out))
    }
}

#[cfg(test)]
mod tests {
    use super::PartialMask;

    #[test]
    fn keeps_the_ends_and_never_the_whole() {
        let check = |first, last, value: &str, shown: &str| {
            let mut out = String::new();
            PartialMask::new(first, last).write(value, &mut out);
            assert_eq!(out, shown, "{value}");
        };
        check(2, 0, "madrid", "ma****");
        check(0, 4, "4111111111111111", "************1111");
        check(1, 1, "ñandú", "ñ***ú");
        check(3, 3, "short", "*****");
        check(0, 0, "x", "*");
        check(2, 0, "", "");
    }
}
