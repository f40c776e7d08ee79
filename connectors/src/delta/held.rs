//! What files hold as the catalog shows it, where PostgreSQL has no such type or tells other values apart.
//!
//! | Parquet | shown |
//! |---|---|
//! | a byte | Int16, marked `int2` |
//! | a NaN of any bits | the one positive NaN, which sorts highest as PostgreSQL's does |
//! | a list's item of any name | `item`, as lists of every other source |

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ArrowNativeTypeOp, AsArray, ListArray, MapArray, PrimitiveArray, StructArray};
use arrow::compute::cast;
use arrow::datatypes::{ArrowPrimitiveType, DataType, Field, FieldRef, Float32Type, Float64Type, Schema, SchemaRef};
use arrow::error::ArrowError;

use crate::pgtype;

/// The columns as the catalog shows those of files.
pub fn columns(files: &Schema) -> SchemaRef {
    let fields: Vec<Field> = files.fields().iter().map(|field| shown(field)).collect();
    Arc::new(Schema::new_with_metadata(fields, files.metadata().clone()))
}

/// Whether a column of the catalog has the type that the files have.
pub fn is_as_in_files(field: &Field) -> bool {
    pgtype::typname(field).is_none()
}

/// A column of the files as one of a type that [`columns`] gave.
pub fn column(array: ArrayRef, as_shown: &DataType) -> Result<ArrayRef, ArrowError> {
    Ok(match (array.data_type(), as_shown) {
        (DataType::Int8, DataType::Int16) => cast(&array, as_shown)?,
        (DataType::Float32, _) => one_nan::<Float32Type>(array, f32::NAN),
        (DataType::Float64, _) => one_nan::<Float64Type>(array, f64::NAN),
        (DataType::List(_), DataType::List(item)) => {
            let (_, offsets, items, nulls) = array.as_list::<i32>().clone().into_parts();
            let items = column(items, item.data_type())?;
            Arc::new(ListArray::try_new(Arc::clone(item), offsets, items, nulls)?)
        }
        (DataType::Struct(_), DataType::Struct(fields)) => {
            let (_, columns, nulls) = array.as_struct().clone().into_parts();
            let columns = columns.into_iter().zip(fields).map(|(inner, field)| column(inner, field.data_type()));
            let columns = columns.collect::<Result<Vec<_>, _>>()?;
            Arc::new(StructArray::try_new_with_length(fields.clone(), columns, nulls, array.len())?)
        }
        (DataType::Map(..), DataType::Map(entries, sorted)) => {
            let (_, offsets, inner, nulls, _) = array.as_map().clone().into_parts();
            let inner = column(Arc::new(inner), entries.data_type())?;
            Arc::new(MapArray::try_new(Arc::clone(entries), offsets, inner.as_struct().clone(), nulls, *sorted)?)
        }
        _ => array,
    })
}

fn shown(field: &Field) -> Field {
    let shown = field.clone().with_data_type(shown_type(field.data_type()));
    if field.data_type() == &DataType::Int8 { pgtype::mark(shown, "int2", -1) } else { shown }
}

fn shown_type(data_type: &DataType) -> DataType {
    let inner = |field: &FieldRef| Arc::new(field.as_ref().clone().with_data_type(shown_type(field.data_type())));
    match data_type {
        DataType::Int8 => DataType::Int16,
        DataType::List(item) => DataType::new_list(shown_type(item.data_type()), true),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(inner).collect()),
        DataType::Map(entries, sorted) => DataType::Map(inner(entries), *sorted),
        other => other.clone(),
    }
}

/// Floats of which every NaN has the bits of this one.
fn one_nan<T: ArrowPrimitiveType>(array: ArrayRef, nan: T::Native) -> ArrayRef {
    // Nothing else can't be compared with itself.
    let is_nan = |value: T::Native| value.partial_cmp(&value).is_none();
    let has_other =
        |floats: &&PrimitiveArray<T>| floats.values().iter().any(|value| is_nan(*value) && value.is_ne(nan));
    match array.as_primitive_opt::<T>().filter(has_other) {
        Some(floats) => Arc::new(floats.unary::<_, T>(|value| if is_nan(value) { nan } else { value })),
        None => array,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Float64Array, Int8Array, Int16Array};
    use arrow::buffer::OffsetBuffer;

    #[test]
    fn bytes_are_shown_as_int2() {
        let files = Schema::new(vec![Field::new("b", DataType::Int8, true)]);
        let catalog = columns(&files);
        assert_eq!(pgtype::typname(catalog.field(0)), Some("int2"));
        let array: ArrayRef = Arc::new(Int8Array::from(vec![Some(-128), None]));
        let held = column(array, catalog.field(0).data_type()).unwrap();
        assert_eq!(held.as_any().downcast_ref::<Int16Array>().unwrap(), &Int16Array::from(vec![Some(-128), None]));
    }

    #[test]
    fn every_nan_is_the_one_wherever_it_stands() {
        let negative = f64::from_bits(0xfff8_0000_0000_0000);
        let items: ArrayRef = Arc::new(Float64Array::from(vec![1.0, negative]));
        let element = Arc::new(Field::new("element", DataType::Float64, true));
        let list: ArrayRef =
            Arc::new(ListArray::new(Arc::clone(&element), OffsetBuffer::from_lengths([2]), items, None));
        let files = Schema::new(vec![Field::new("l", list.data_type().clone(), true)]);
        let catalog = columns(&files);
        let held = column(list, catalog.field(0).data_type()).unwrap();
        assert_eq!(held.data_type(), &DataType::new_list(DataType::Float64, true));
        let bits = held.as_list::<i32>().values().as_primitive::<Float64Type>().value(1).to_bits();
        assert_eq!(bits, f64::NAN.to_bits());
    }
}
