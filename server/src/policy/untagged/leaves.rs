//! The scalar values inside columns: of records and lists too, each under its own path.

use arrow::array::{Array, ArrayRef, AsArray, StructArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field};
use arrow::error::ArrowError;
use weir_encode::{wide_item, wide_parts};

/// A scalar column, or a field inside of one.
pub struct Leaf {
    /// Names from the column down; a list's items and a map's values have no name of their own, its keys are `key`.
    pub path: Vec<String>,
    /// As text.
    pub values: ArrayRef,
    /// Whether they are text in the table, too.
    pub is_text: bool,
}

/// Whether anything that is looked for can be in values of the type, at any depth.
pub fn is_candidate(data_type: &DataType) -> bool {
    match data_type {
        DataType::Struct(fields) => fields.iter().any(|field| is_candidate(field.data_type())),
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::FixedSizeList(item, _)
        | DataType::Map(item, _) => is_candidate(item.data_type()),
        scalar => is_text(scalar) || is_number(scalar),
    }
}

fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => is_text(values),
        other => matches!(other, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View),
    }
}

/// Numbers with room for those of phones and cards.
fn is_number(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Int64 | DataType::UInt64 | DataType::Decimal128(12.., 0) | DataType::Decimal256(12.., 0)
    )
}

/// The leaves of a column.
pub fn leaves(field: &Field, column: &ArrayRef) -> Result<Vec<Leaf>, ArrowError> {
    let mut found = Vec::new();
    descend(vec![field.name().clone()], column, &mut found)?;
    Ok(found)
}

fn descend(path: Vec<String>, column: &ArrayRef, found: &mut Vec<Leaf>) -> Result<(), ArrowError> {
    match column.data_type() {
        held if wide_item(held).is_some() => {
            if let Some((_, _, items)) = wide_parts(column) {
                descend(path, items.values(), found)?;
            }
        }
        DataType::Struct(_) => record(&path, column.as_struct(), found)?,
        DataType::List(_) => {
            let list = column.as_list::<i32>();
            descend(path, &list.values().slice(start(list.offsets())?, length(list.offsets())?), found)?;
        }
        DataType::LargeList(_) => {
            let list = column.as_list::<i64>();
            descend(path, &list.values().slice(start(list.offsets())?, length(list.offsets())?), found)?;
        }
        DataType::FixedSizeList(..) => descend(path, column.as_fixed_size_list().values(), found)?,
        DataType::Map(..) => {
            let map = column.as_map();
            descend(below(&path, "key"), map.keys(), found)?;
            descend(path, map.values(), found)?;
        }
        scalar if is_text(scalar) || is_number(scalar) => {
            found.push(Leaf { path, values: cast(column, &DataType::Utf8)?, is_text: is_text(scalar) });
        }
        _ => {}
    }
    Ok(())
}

fn record(path: &[String], record: &StructArray, found: &mut Vec<Leaf>) -> Result<(), ArrowError> {
    let mut fields = record.fields().iter().zip(record.columns());
    fields.try_for_each(|(field, values)| descend(below(path, field.name()), values, found))
}

fn below(path: &[String], name: &str) -> Vec<String> {
    path.iter().cloned().chain([name.to_owned()]).collect()
}

/// Where the items of a list begin in all items, which may hold more than the list's.
fn start<O: Copy + TryInto<usize>>(offsets: &[O]) -> Result<usize, ArrowError> {
    at(offsets.first())
}

fn length<O: Copy + TryInto<usize>>(offsets: &[O]) -> Result<usize, ArrowError> {
    Ok(at(offsets.last())? - start(offsets)?)
}

fn at<O: Copy + TryInto<usize>>(offset: Option<&O>) -> Result<usize, ArrowError> {
    let offset = offset.copied().and_then(|offset| offset.try_into().ok());
    offset.ok_or_else(|| ArrowError::InvalidArgumentError("a list without offsets".to_owned()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{BooleanArray, Int64Array, ListArray, StringArray};
    use arrow::buffer::OffsetBuffer;

    use super::*;

    #[test]
    fn values_inside_records_and_lists_are_found() {
        let emails: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), Some("b"), None]));
        let item = Arc::new(Field::new("item", DataType::Utf8, true));
        let list = ListArray::new(item, OffsetBuffer::from_lengths([2, 1]), emails, None);
        let fields = vec![
            (Arc::new(Field::new("emails", list.data_type().clone(), true)), Arc::new(list) as ArrayRef),
            (
                Arc::new(Field::new("vip", DataType::Boolean, true)),
                Arc::new(BooleanArray::from(vec![true, false])) as _,
            ),
            (Arc::new(Field::new("phone", DataType::Int64, true)), Arc::new(Int64Array::from(vec![7, 8])) as _),
        ];
        let customer: ArrayRef = Arc::new(StructArray::from(fields));
        let second: ArrayRef = customer.slice(1, 1);
        let shown = |column: &ArrayRef| {
            let field = Field::new("customer", column.data_type().clone(), true);
            let found = leaves(&field, column).unwrap();
            found.into_iter().map(|leaf| format!("{} {}", leaf.path.join("."), leaf.values.len())).collect::<Vec<_>>()
        };
        assert_eq!(shown(&customer), ["customer.emails 3", "customer.phone 2"]);
        assert_eq!(shown(&second), ["customer.emails 1", "customer.phone 1"]);
        assert!(is_candidate(customer.data_type()) && !is_candidate(&DataType::Boolean));
    }
}
