//! Masks of fields within a column: a tree of masks laid over the column's type, applied array by array without taking
//! the rows apart. Elements of arrays and values of maps are masked all at once.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, FixedSizeListArray, GenericListArray, MapArray, OffsetSizeTrait, RecordBatch,
    StructArray, make_array,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, FieldRef, Schema, SchemaRef};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};
use datafusion::physical_expr::PhysicalExpr;

use super::text;

/// What is masked of a value, by the value's type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Within {
    /// The value as a whole.
    Value(Masked),
    /// These fields of a struct, by their places.
    Fields(Vec<(usize, Within)>),
    /// Each element of an array, or each value of a map.
    Elements(Box<Within>),
    /// First what is within, then the whole.
    Both(Box<Within>, Masked),
}

/// A mask as an expression over one column.
#[derive(Debug, Clone, Eq)]
pub(crate) struct Masked {
    pub mask: Arc<dyn PhysicalExpr>,
    /// The column that the expression is over.
    pub over: FieldRef,
}

impl PartialEq for Masked {
    fn eq(&self, other: &Self) -> bool {
        self.mask.as_ref() == other.mask.as_ref() && self.over == other.over
    }
}

impl Hash for Masked {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.mask.as_ref().hash(state);
        self.over.hash(state);
    }
}

/// The masks of a column's fields as a function of the column.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct NestedMask {
    within: Within,
    signature: Signature,
}

impl NestedMask {
    pub fn new(within: Within) -> Self {
        Self { within, signature: Signature::any(1, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for NestedMask {
    fn name(&self) -> &str {
        "mask_fields"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        Ok(arguments.first().cloned().unwrap_or(DataType::Null))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        text::map_arrays(&args, |array| self.within.apply(array))
    }
}

impl Within {
    fn apply(&self, array: &ArrayRef) -> Result<ArrayRef> {
        match self {
            Self::Value(masked) => masked.apply(array),
            Self::Both(within, masked) => masked.apply(&within.apply(array)?),
            Self::Fields(fields) => fields_of(array, fields),
            Self::Elements(within) => match array.data_type() {
                DataType::List(element) => elements_of(array.as_list::<i32>(), element, within),
                DataType::LargeList(element) => elements_of(array.as_list::<i64>(), element, within),
                DataType::FixedSizeList(element, size) => {
                    let lists = array.as_fixed_size_list();
                    let values = within.apply(lists.values())?;
                    let element = Arc::clone(element);
                    Ok(Arc::new(FixedSizeListArray::try_new(element, *size, values, lists.nulls().cloned())?))
                }
                DataType::Map(entries, ordered) => values_of(array.as_map(), entries, *ordered, within),
                other => Err(DataFusionError::Internal(format!("{other} has no elements to mask"))),
            },
        }
    }
}

impl Masked {
    fn apply(&self, array: &ArrayRef) -> Result<ArrayRef> {
        let schema: SchemaRef = Arc::new(Schema::new(vec![Arc::clone(&self.over)]));
        let batch = RecordBatch::try_new(schema, vec![Arc::clone(array)])?;
        self.mask.evaluate(&batch)?.into_array(array.len())
    }
}

fn fields_of(array: &ArrayRef, masks: &[(usize, Within)]) -> Result<ArrayRef> {
    let (fields, mut columns, nulls) = array
        .as_struct_opt()
        .ok_or_else(|| DataFusionError::Internal(format!("{} has no fields to mask", array.data_type())))?
        .clone()
        .into_parts();
    for (place, within) in masks {
        let column =
            columns.get_mut(*place).ok_or_else(|| DataFusionError::Internal(format!("no field {place} to mask")))?;
        // What stands in a struct that is NULL is nobody's value, and must not fail an expression.
        *column = within.apply(&hidden_with(column, nulls.as_ref())?)?;
    }
    Ok(Arc::new(StructArray::try_new(fields, columns, nulls)?))
}

/// The array with NULL wherever its parent is NULL.
fn hidden_with(array: &ArrayRef, parent: Option<&NullBuffer>) -> Result<ArrayRef> {
    let Some(parent) = parent.filter(|nulls| nulls.null_count() > 0) else { return Ok(Arc::clone(array)) };
    let nulls = NullBuffer::union(Some(parent), array.nulls());
    Ok(make_array(array.to_data().into_builder().nulls(nulls).build()?))
}

fn elements_of<O: OffsetSizeTrait>(
    lists: &GenericListArray<O>,
    element: &FieldRef,
    within: &Within,
) -> Result<ArrayRef> {
    let values = within.apply(lists.values())?;
    let offsets = lists.offsets().clone();
    Ok(Arc::new(GenericListArray::try_new(Arc::clone(element), offsets, values, lists.nulls().cloned())?))
}

fn values_of(maps: &MapArray, entries: &FieldRef, ordered: bool, within: &Within) -> Result<ArrayRef> {
    let (fields, columns, nulls) = maps.entries().clone().into_parts();
    let [keys, values] = columns.as_slice() else {
        return Err(DataFusionError::Internal("a map has keys and values".to_owned()));
    };
    let masked = StructArray::try_new(fields, vec![Arc::clone(keys), within.apply(values)?], nulls)?;
    let (offsets, nulls) = (maps.offsets().clone(), maps.nulls().cloned());
    Ok(Arc::new(MapArray::try_new(Arc::clone(entries), offsets, masked, nulls, ordered)?))
}
