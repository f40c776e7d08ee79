//! NULL with nothing behind it. The engine makes a record, list or map NULL by a bit alone, and leaves its parts stored
//! behind it; some functions read them all the same. What a mask or a filter leaves out must not be there any more.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, UInt64Array};
use arrow::compute::take;
use arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// The expression, with nothing stored behind its NULLs where its type has parts.
pub(crate) fn settled(expr: Expr, data_type: &DataType) -> Expr {
    match data_type.is_nested() {
        true => ScalarUDF::new_from_impl(Settled::new()).call(vec![expr]),
        false => expr,
    }
}

/// The array built anew, without what stood behind its NULLs.
pub(super) fn settle(array: ArrayRef) -> Result<ArrayRef> {
    let Some(nulls) = array.logical_nulls().filter(|nulls| nulls.null_count() > 0) else { return Ok(array) };
    if !array.data_type().is_nested() {
        return Ok(array);
    }
    let rows: UInt64Array = (0_u64..).zip(nulls.iter()).map(|(row, valid)| valid.then_some(row)).collect();
    Ok(take(&array, &rows, None)?)
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Settled {
    signature: Signature,
}

impl Settled {
    fn new() -> Self {
        Self { signature: Signature::any(1, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Settled {
    fn name(&self) -> &str {
        "mask_settled"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        Ok(arguments.first().cloned().unwrap_or(DataType::Null))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        match args.args.into_iter().next() {
            Some(ColumnarValue::Array(array)) => Ok(ColumnarValue::Array(settle(array)?)),
            Some(scalar) => Ok(ColumnarValue::Array(settle(scalar.into_array(rows)?)?)),
            None => Ok(ColumnarValue::Array(Arc::new(arrow::array::NullArray::new(rows)))),
        }
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{AsArray, Int32Array, StructArray};
    use arrow::buffer::NullBuffer;
    use arrow::datatypes::{Field, Fields, Int32Type};

    use super::*;

    #[test]
    fn nothing_is_left_behind_null() {
        let fields = Fields::from(vec![Field::new("a", DataType::Int32, true)]);
        let numbers: ArrayRef = Arc::new(Int32Array::from(vec![1, 2]));
        let record = StructArray::new(fields, vec![numbers], Some(NullBuffer::from(vec![false, true])));
        let settled = settle(Arc::new(record)).unwrap();
        let within: Vec<Option<i32>> = settled.as_struct().column(0).as_primitive::<Int32Type>().iter().collect();
        assert_eq!((settled.is_null(0), within), (true, vec![None, Some(2)]));
    }
}
