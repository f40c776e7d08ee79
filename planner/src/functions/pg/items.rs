//! An expression applied to each item of an array.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ListArray, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::{DataType, Field, FieldRef, Schema};
use arrow::record_batch::RecordBatch;
use datafusion::common::DFSchema;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::context::ExecutionProps;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::physical_expr::create_physical_expr;

use super::shapes::{Arrays, with_values};

/// The array of what `expr`, over a column `item` of type `item`, gives for each of an array's items. An array of any shape
/// keeps it, unless the result is a list.
pub(crate) fn each_item(array: Expr, item: DataType, expr: Expr, result: DataType) -> Expr {
    each_item_with(array, item, None, expr, result)
}

/// The same over columns `item` and `beside`: the latter has one value for all items of an array.
pub(crate) fn each_item_with(
    array: Expr,
    item: DataType,
    beside: Option<(Expr, DataType)>,
    expr: Expr,
    result: DataType,
) -> Expr {
    let mut fields = vec![Field::new("item", item, true)];
    let mut arguments = vec![array];
    if let Some((value, data)) = beside {
        fields.push(Field::new("beside", data, true));
        arguments.push(value);
    }
    let signature = Signature::user_defined(Volatility::Immutable);
    let function = EachItem { inputs: Arc::new(Schema::new(fields)), expr, result, signature };
    Expr::ScalarFunction(ScalarFunction::new_udf(Arc::new(ScalarUDF::from(function)), arguments))
}

#[derive(Debug)]
pub(super) struct EachItem {
    inputs: Arc<Schema>,
    expr: Expr,
    result: DataType,
    signature: Signature,
}

impl PartialEq for EachItem {
    fn eq(&self, other: &Self) -> bool {
        self.inputs == other.inputs && self.expr == other.expr && self.result == other.result
    }
}

impl Eq for EachItem {}

impl Hash for EachItem {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.expr.hash(state);
        self.result.hash(state);
    }
}

impl ScalarUDFImpl for EachItem {
    fn name(&self) -> &str {
        "each_item"
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

    fn is_strict(&self) -> bool {
        self.inputs.fields().len() == 1
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        let array = args.args.first().ok_or_else(|| DataFusionError::Internal("no array".to_owned()))?;
        let array = array.to_array(rows)?;
        let arrays = Arrays::new(&array)?;
        let mut columns: Vec<ArrayRef> = vec![Arc::clone(arrays.values())];
        if let Some(beside) = args.args.get(1) {
            columns.push(beside_items(arrays.items(), &beside.to_array(rows)?)?);
        }
        let batch = RecordBatch::try_new(Arc::clone(&self.inputs), columns)?;
        let schema = DFSchema::try_from(Arc::clone(&self.inputs))?;
        let physical = {
            let context = PhysicalPlanningContext::default();
            create_physical_expr(&self.expr, &schema, &ExecutionProps::new(), &context)?
        };
        let values = physical.evaluate(&batch)?.into_array(batch.num_rows())?;
        Ok(ColumnarValue::Array(with_values(&array, values, &self.result)?))
    }
}

/// The value beside an array, once for each of its items; NULL for items that belong to no array.
fn beside_items(list: &ListArray, values: &ArrayRef) -> Result<ArrayRef> {
    let mut rows = vec![None; list.values().len()];
    for (row, range) in list.offsets().windows(2).enumerate() {
        for slot in rows.get_mut(range[0] as usize..range[1] as usize).into_iter().flatten() {
            *slot = Some(row as u32);
        }
    }
    Ok(take(values, &UInt32Array::from(rows), None)?)
}
