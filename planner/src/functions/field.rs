//! The field of a record, or the value of a map: NULL where that is. The engine's function shows what is stored behind a
//! record that is NULL, and there still stands what a CASE, and with it a mask or a column of some rows only, leaves out.

use std::sync::Arc;

use arrow::compute::{is_null, nullif};
use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::functions::core::get_field;
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
};

use super::settled::settle;

/// `get_field` as the planners call it, and as it is registered.
pub(super) fn field() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::from(FieldOf { function: get_field() }))
}

/// The engine's function, one field after the other.
#[derive(Debug, PartialEq, Eq, Hash)]
struct FieldOf {
    function: Arc<ScalarUDF>,
}

impl ScalarUDFImpl for FieldOf {
    fn name(&self) -> &str {
        self.function.name()
    }

    fn signature(&self) -> &Signature {
        self.function.signature()
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        self.function.return_type(arguments)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        self.function.return_field_from_args(args)
    }

    fn coerce_types(&self, arguments: &[DataType]) -> Result<Vec<DataType>> {
        self.function.coerce_types(arguments)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let ScalarFunctionArgs { args: values, arg_fields, .. } = &args;
        let Some((record, names)) = values.split_first() else { return self.function.invoke_with_args(args) };
        let mut current = record.clone();
        for (number, name) in names.iter().enumerate() {
            let within = self.function.invoke_with_args(ScalarFunctionArgs {
                args: vec![current.clone(), name.clone()],
                arg_fields: vec![Arc::clone(&arg_fields[0]), Arc::clone(&arg_fields[number + 1])],
                ..args.clone()
            })?;
            current = null_where(&current, within)?;
        }
        Ok(current)
    }
}

fn null_where(record: &ColumnarValue, field: ColumnarValue) -> Result<ColumnarValue> {
    match (record, field) {
        (ColumnarValue::Scalar(record), field) if record.is_null() => {
            Ok(ColumnarValue::Scalar(ScalarValue::try_from(&field.data_type())?))
        }
        (ColumnarValue::Array(record), ColumnarValue::Array(field)) if record.logical_null_count() > 0 => {
            Ok(ColumnarValue::Array(settle(nullif(&field, &is_null(record)?)?)?))
        }
        (_, field) => Ok(field),
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, AsArray, Int32Array, StructArray};
    use arrow::buffer::NullBuffer;
    use arrow::datatypes::{Field, Fields, Int32Type};
    use datafusion::config::ConfigOptions;

    use super::*;

    #[test]
    fn what_stands_behind_null_is_not_shown() {
        let inner = Fields::from(vec![Field::new("b", DataType::Int32, true)]);
        let numbers: ArrayRef = Arc::new(Int32Array::from(vec![1, 2, 3]));
        let within = StructArray::new(inner.clone(), vec![numbers], Some(NullBuffer::from(vec![true, false, true])));
        let outer = Fields::from(vec![Field::new("a", DataType::Struct(inner), true)]);
        let record =
            StructArray::new(outer.clone(), vec![Arc::new(within)], Some(NullBuffer::from(vec![false, true, true])));
        let text = |text: &str| ColumnarValue::Scalar(ScalarValue::from(text));
        let name = || Arc::new(Field::new("name", DataType::Utf8, false));
        let found = field().invoke_with_args(ScalarFunctionArgs {
            args: vec![ColumnarValue::Array(Arc::new(record)), text("a"), text("b")],
            arg_fields: vec![Arc::new(Field::new("r", DataType::Struct(outer), true)), name(), name()],
            number_rows: 3,
            return_field: Arc::new(Field::new("b", DataType::Int32, true)),
            config_options: Arc::new(ConfigOptions::default()),
        });
        let ColumnarValue::Array(found) = found.unwrap() else { panic!("no array") };
        let found: Vec<Option<i32>> = found.as_primitive::<Int32Type>().iter().collect();
        assert_eq!(found, [None, None, Some(3)]);
    }
}
