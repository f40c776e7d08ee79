//! Arguments that are held as texts, read: a constant once, whatever the number of rows.

use datafusion::logical_expr::ColumnarValue;
use weir_values::ValueError;

use super::columns::Args;

/// What was read last of an argument.
pub(super) struct Parsed<T, F> {
    read: F,
    last: Option<T>,
    is_constant: bool,
}

impl<T, F: Fn(&str) -> Result<T, ValueError>> Parsed<T, F> {
    /// Of the argument at a place.
    pub fn new(args: &Args<'_>, at: usize, read: F) -> Self {
        Self { read, last: None, is_constant: matches!(args.values.get(at), Some(ColumnarValue::Scalar(_))) }
    }

    /// The value that a text of the argument is.
    pub fn read(&mut self, text: &str) -> Result<&T, ValueError> {
        let value = match self.last.take().filter(|_| self.is_constant) {
            Some(known) => known,
            None => (self.read)(text)?,
        };
        Ok(self.last.insert(value))
    }
}
