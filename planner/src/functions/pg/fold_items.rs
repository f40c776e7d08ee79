//! An aggregate over the items of arrays: of values whose order matters, arrays are made first.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::fold::{Fold, FoldProc, find};
use super::unexpected;

/// What the aggregate of a name gives for the items of `arrays`, one for each of its arguments.
pub(crate) fn fold_items(name: &str, arrays: Vec<Expr>, result: DataType) -> Option<Expr> {
    let function = FoldItems { proc: find(name)?, result, signature: Signature::user_defined(Volatility::Immutable) };
    Some(Expr::ScalarFunction(ScalarFunction::new_udf(Arc::new(ScalarUDF::from(function)), arrays)))
}

#[derive(Debug)]
pub(super) struct FoldItems {
    proc: &'static FoldProc,
    result: DataType,
    signature: Signature,
}

impl PartialEq for FoldItems {
    fn eq(&self, other: &Self) -> bool {
        self.proc.name == other.proc.name && self.result == other.result
    }
}

impl Eq for FoldItems {}

impl Hash for FoldItems {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.proc.name.hash(state);
        self.result.hash(state);
    }
}

impl ScalarUDFImpl for FoldItems {
    fn name(&self) -> &str {
        "fold_items"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, arguments: &[DataType]) -> Result<Vec<DataType>> {
        Ok(arguments.to_vec())
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.result.clone())
    }

    fn return_field_from_args(&self, _: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        Ok(Arc::new(Field::new(self.name(), self.result.clone(), true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        let arrays = args.args.iter().map(|argument| argument.to_array(rows)).collect::<Result<Vec<_>>>()?;
        let mut lists: Vec<&ListArray> = Vec::with_capacity(arrays.len());
        for array in &arrays {
            lists.push(array.as_list_opt::<i32>().ok_or_else(|| unexpected(array))?);
        }
        let mut results = Vec::with_capacity(rows);
        for row in 0..rows {
            let mut fold: Box<dyn Fold> = (self.proc.start)();
            if lists.iter().all(|list| !list.is_null(row)) {
                let columns: Vec<ArrayRef> = lists.iter().map(|list| list.value(row)).collect();
                fold.update(&columns)?;
            }
            results.push(fold.finish(&self.result)?);
        }
        Ok(ColumnarValue::Array(match results.is_empty() {
            true => arrow::array::new_empty_array(&self.result),
            false => ScalarValue::iter_to_array(results)?,
        }))
    }
}
