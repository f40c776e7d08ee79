//! The `email` mask: hides who, shows which domain.

use arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};

use super::text;

/// What stands for the part before the last `@`, and for a text that is no address.
const HIDDEN: &str = "***";

/// The mask as a function.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct EmailMask {
    signature: Signature,
}

impl EmailMask {
    pub fn new() -> Self {
        Self { signature: Signature::any(1, Volatility::Immutable) }
    }
}

fn write(value: &str, out: &mut String) {
    out.push_str(HIDDEN);
    if let Some((_, domain)) = value.rsplit_once('@').filter(|(_, domain)| is_domain(domain)) {
        out.push('@');
        out.push_str(domain);
    }
}

/// Something that isn't a domain may be anything, such as the half of a name.
fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    text.contains('.') && text.split('.').all(is_label)
}

impl ScalarUDFImpl for EmailMask {
    fn name(&self) -> &str {
        "mask_email"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        Ok(arguments.first().cloned().unwrap_or(DataType::Null))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        text::map(&args, write)
    }
}

#[cfg(test)]
mod tests {
    use super::write;

    #[test]
    fn only_a_domain_is_shown() {
        for (value, shown) in [
            ("ana.ruiz@example.com", "***@example.com"),
            ("\"a@b\"@mail.example.co.uk", "***@mail.example.co.uk"),
            ("ñandú@bücher.example", "***@bücher.example"),
            ("no address", "***"),
            ("ana@", "***"),
            ("ana@localhost", "***"),
            ("x@Ana Ruiz, Madrid. Phone 1", "***"),
            ("@", "***"),
            ("", "***"),
        ] {
            let mut out = String::new();
            write(value, &mut out);
            assert_eq!(out, shown, "{value}");
        }
    }
}
