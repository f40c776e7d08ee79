//! What is wrong with texts as values of a type, as values: `pg_input_is_valid` and `pg_input_error_info`.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock};

use arrow::array::{Array, ArrayRef, StringArray, StructArray};
use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use datafusion::common::DFSchema;
use datafusion::error::Result;
use datafusion::execution::context::ExecutionProps;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::physical_expr::{PhysicalExpr, create_physical_expr};

use super::{ValueError, find_value_error};

/// The column that the value is read of.
pub(crate) const INPUT: &str = "item";
/// The columns of what is told.
pub(crate) const TOLD: [&str; 4] = ["message", "detail", "hint", "sql_error_code"];

static INPUTS: LazyLock<SchemaRef> =
    LazyLock::new(|| Arc::new(Schema::new(vec![Field::new(INPUT, DataType::Utf8, true)])));

/// What goes wrong when `value`, over a column [`INPUT`], is computed of a text: a record of [`TOLD`], held so, of NULLs if nothing
/// does.
pub(crate) fn input_error(text: Expr, value: Expr, record: Fields) -> Expr {
    let function = InputError { value, record, signature: Signature::user_defined(Volatility::Stable) };
    Expr::ScalarFunction(ScalarFunction::new_udf(Arc::new(ScalarUDF::from(function)), vec![text]))
}

#[derive(Debug)]
struct InputError {
    value: Expr,
    record: Fields,
    signature: Signature,
}

impl PartialEq for InputError {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value && self.record == other.record
    }
}

impl Eq for InputError {}

impl Hash for InputError {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

impl ScalarUDFImpl for InputError {
    fn name(&self) -> &str {
        "input_error"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, arguments: &[DataType]) -> Result<Vec<DataType>> {
        Ok(arguments.to_vec())
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Struct(self.record.clone()))
    }

    fn return_field_from_args(&self, _: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        Ok(Arc::new(Field::new(self.name(), DataType::Struct(self.record.clone()), true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let texts = args.args.first().map(|text| text.to_array(args.number_rows)).transpose()?;
        let batch = RecordBatch::try_new(Arc::clone(&INPUTS), texts.into_iter().collect())?;
        let schema = DFSchema::try_from(Arc::clone(&INPUTS))?;
        let context = PhysicalPlanningContext::default();
        let value = create_physical_expr(&self.value, &schema, &ExecutionProps::new(), &context)?;
        let mut errors = vec![None; batch.num_rows()];
        // Mostly nothing is wrong.
        if wrong_with(value.as_ref(), &batch)?.is_some() {
            for (row, error) in errors.iter_mut().enumerate() {
                *error = wrong_with(value.as_ref(), &batch.slice(row, 1))?;
            }
        }
        let told = |of: fn(&ValueError) -> Option<&str>| {
            let texts = errors.iter().map(|error: &Option<ValueError>| error.as_ref().and_then(of));
            Arc::new(texts.collect::<StringArray>()) as ArrayRef
        };
        let columns = vec![
            told(|error| Some(&error.message)),
            told(|error| error.detail.as_deref()),
            told(|error| error.hint.as_deref()),
            told(|error| Some(error.code)),
        ];
        let nulls = batch.column(0).nulls().cloned();
        Ok(ColumnarValue::Array(Arc::new(StructArray::try_new(self.record.clone(), columns, nulls)?)))
    }
}

/// The first of what is wrong with the values of a batch.
fn wrong_with(value: &dyn PhysicalExpr, batch: &RecordBatch) -> Result<Option<ValueError>> {
    match value.evaluate(batch).and_then(|value| value.into_array(batch.num_rows())) {
        Ok(_) => Ok(None),
        Err(error) => match find_value_error(&error) {
            Some(found) => Ok(Some(found.clone())),
            None => Err(error),
        },
    }
}
