//! Arrays of any shape: several dimensions, and lower bounds other than 1. How they are held says [`weir_connectors::pgtype`].

use arrow::array::{Array, ArrayRef, AsArray, ListArray};
use arrow::datatypes::{DataType, FieldRef, Int32Type};
use bytes::BytesMut;
use weir_connectors::pgtype;
pub use weir_connectors::pgtype::wide_array;

use super::arrays::{Ranges, write_element};
use super::column::{Column, Context};
use super::error::EncodeError;
use super::strings::write_measured;
use super::types::Kind;

/// The field of the items, if it is how arrays of any shape are held.
pub(super) fn item_field(data_type: &DataType) -> Option<&FieldRef> {
    pgtype::wide_item(data_type)
}

/// The type of the items, if it is how arrays of any shape are held.
pub fn wide_item(data_type: &DataType) -> Option<&DataType> {
    item_field(data_type).map(|field| field.data_type())
}

/// The parts of a column of such arrays: lower bounds, lengths of dimensions, and items.
pub fn wide_parts(array: &ArrayRef) -> Option<(&ListArray, &ListArray, &ListArray)> {
    wide_item(array.data_type())?;
    parts(array.as_ref())
}

fn parts(array: &dyn Array) -> Option<(&ListArray, &ListArray, &ListArray)> {
    match array.as_struct_opt()?.columns() {
        [lower, lengths, items] => Some((lower.as_list_opt()?, lengths.as_list_opt()?, items.as_list_opt()?)),
        _ => None,
    }
}

/// A column of arrays of any shape, bound to be written.
pub(super) struct Wide<'a> {
    lower: &'a ListArray,
    lengths: &'a ListArray,
    ranges: Ranges<'a>,
    items: Box<Column<'a>>,
}

impl<'a> Wide<'a> {
    pub(super) fn bind(array: &'a dyn Array, kind: Kind, binary: bool) -> Result<Self, EncodeError> {
        let mismatch = || EncodeError::schema_mismatch("an array", array.data_type());
        let (lower, lengths, items) = parts(array).ok_or_else(mismatch)?;
        let item_kind = Kind { depth: 0, ..kind };
        let bound = Box::new(Column::bind(items.values().as_ref(), item_kind, binary)?);
        Ok(Self { lower, lengths, ranges: Ranges::Small(items.value_offsets()), items: bound })
    }

    /// Each dimension's lower bound and length.
    fn shape(&self, row: usize) -> Result<Vec<(i32, i32)>, EncodeError> {
        let numbers = |list: &ListArray| -> Result<Vec<i32>, EncodeError> {
            let mismatch = || EncodeError::schema_mismatch("bounds of an array", list.data_type());
            let values = list.value(row);
            let numbers = values.as_primitive_opt::<Int32Type>().ok_or_else(mismatch)?;
            Ok(numbers.values().to_vec())
        };
        Ok(numbers(self.lower)?.into_iter().zip(numbers(self.lengths)?).collect())
    }

    /// Appends the array of a row.
    pub(super) fn write<const FRAME: bool>(
        &self,
        row: usize,
        column: &Column<'_>,
        out: &mut BytesMut,
        context: &mut Context,
    ) -> Result<(), EncodeError> {
        write_measured::<FRAME>(out, |out| {
            let shape = self.shape(row)?;
            match column.binary {
                true => self.write_binary(row, &shape, column.kind.element_oid(), out, context),
                false => self.write_text(row, &shape, out, context),
            }
        })
    }

    fn write_text(
        &self,
        row: usize,
        shape: &[(i32, i32)],
        out: &mut BytesMut,
        context: &mut Context,
    ) -> Result<(), EncodeError> {
        let range = self.ranges.of_row(row);
        if range.is_empty() {
            out.extend_from_slice(b"{}");
            return Ok(());
        }
        if shape.iter().any(|(lower, _)| *lower != 1) {
            for (lower, length) in shape {
                let upper = i64::from(*lower) + i64::from(*length) - 1;
                out.extend_from_slice(format!("[{lower}:{upper}]").as_bytes());
            }
            out.extend_from_slice(b"=");
        }
        for (at, item) in range.enumerate() {
            if at > 0 {
                out.extend_from_slice(b",");
            }
            (0..edges(at, shape)).for_each(|_| out.extend_from_slice(b"{"));
            match self.items.is_null(item) {
                true => out.extend_from_slice(b"NULL"),
                false => write_element(&self.items, item, out, context)?,
            }
            (0..edges(at + 1, shape)).for_each(|_| out.extend_from_slice(b"}"));
        }
        Ok(())
    }

    fn write_binary(
        &self,
        row: usize,
        shape: &[(i32, i32)],
        element: u32,
        out: &mut BytesMut,
        context: &mut Context,
    ) -> Result<(), EncodeError> {
        let range = self.ranges.of_row(row);
        let has_null = range.clone().any(|item| self.items.is_null(item));
        out.extend_from_slice(&(shape.len() as u32).to_be_bytes());
        out.extend_from_slice(&u32::from(has_null).to_be_bytes());
        out.extend_from_slice(&element.to_be_bytes());
        for (lower, length) in shape {
            out.extend_from_slice(&length.to_be_bytes());
            out.extend_from_slice(&lower.to_be_bytes());
        }
        for item in range {
            self.items.write_field(item, out, context)?;
        }
        Ok(())
    }
}

/// At the edges of how many dimensions the place of an item lies.
fn edges(at: usize, shape: &[(i32, i32)]) -> usize {
    let mut size = 1usize;
    let mut count = 0;
    for (_, length) in shape.iter().rev() {
        size = size.saturating_mul(usize::try_from(*length).unwrap_or(1).max(1));
        if !at.is_multiple_of(size) {
            break;
        }
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Int32Array, StructArray};
    use arrow::buffer::OffsetBuffer;
    use arrow::datatypes::Field;

    use super::*;
    use crate::{Style, texts};

    fn list(values: Vec<Option<i32>>) -> ArrayRef {
        let field = Arc::new(Field::new_list_field(DataType::Int32, true));
        let offsets = OffsetBuffer::from_lengths([values.len()]);
        Arc::new(ListArray::new(field, offsets, Arc::new(Int32Array::from(values)), None))
    }

    fn shown(lower: &[i32], lengths: &[i32], items: &[Option<i32>]) -> String {
        let DataType::Struct(fields) = wide_array(DataType::Int32) else { panic!() };
        let numbers = |numbers: &[i32]| list(numbers.iter().copied().map(Some).collect());
        let array = StructArray::new(fields, vec![numbers(lower), numbers(lengths), list(items.to_vec())], None);
        let field = Field::new("", array.data_type().clone(), true);
        texts(&array, &field, &Style::default()).unwrap().value(0).to_owned()
    }

    #[test]
    fn arrays_of_any_shape_are_printed() {
        let items = [Some(1), None, Some(3), Some(4)];
        assert_eq!(shown(&[], &[], &[]), "{}");
        assert_eq!(shown(&[1], &[4], &items), "{1,NULL,3,4}");
        assert_eq!(shown(&[0], &[4], &items), "[0:3]={1,NULL,3,4}");
        assert_eq!(shown(&[1, 1], &[2, 2], &items), "{{1,NULL},{3,4}}");
        assert_eq!(shown(&[1, 5], &[4, 1], &items), "[1:4][5:5]={{1},{NULL},{3},{4}}");
    }
}
