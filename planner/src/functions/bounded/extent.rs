//! How much room values take, told from offsets: their bytes are never looked at.

use arrow::array::{Array, ArrayRef, AsArray, OffsetSizeTrait};
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;

/// Of a value whose type has no width of its own, and that is none of the kinds that have a length.
const PRIMITIVE_BYTES: usize = 32;
/// Of a place in an array: an offset, a view, or a small value.
const SLOT_BYTES: u64 = 8;

/// The room of some values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Extent {
    /// Places in arrays: one for each value, and one for each element of a list, however deep.
    pub slots: u64,
    /// What stands in the places.
    pub bytes: u64,
}

impl Extent {
    fn new(slots: usize, bytes: usize) -> Self {
        Self { slots: slots as u64, bytes: bytes as u64 }
    }

    fn plus(self, other: Self) -> Self {
        Self { slots: self.slots.saturating_add(other.slots), bytes: self.bytes.saturating_add(other.bytes) }
    }

    /// The same values so many times.
    pub fn times(self, count: u64) -> Self {
        Self { slots: self.slots.saturating_mul(count), bytes: self.bytes.saturating_mul(count) }
    }

    /// Bytes with those of the places.
    pub fn room(self) -> u64 {
        self.slots.saturating_mul(SLOT_BYTES).saturating_add(self.bytes)
    }
}

/// The room of a constant, taken once.
pub(super) fn of_constant(value: &ScalarValue) -> Extent {
    use ScalarValue as V;
    match value {
        V::Utf8(text) | V::LargeUtf8(text) | V::Utf8View(text) => Extent::new(1, text.as_ref().map_or(0, String::len)),
        V::Binary(bytes) | V::LargeBinary(bytes) | V::BinaryView(bytes) | V::FixedSizeBinary(_, bytes) => {
            Extent::new(1, bytes.as_ref().map_or(0, Vec::len))
        }
        V::List(list) => of_rows(list.as_ref(), 0, list.len()),
        V::LargeList(list) => of_rows(list.as_ref(), 0, list.len()),
        V::FixedSizeList(list) => of_rows(list.as_ref(), 0, list.len()),
        V::ListView(list) => of_rows(list.as_ref(), 0, list.len()),
        V::LargeListView(list) => of_rows(list.as_ref(), 0, list.len()),
        V::Struct(fields) => of_rows(fields.as_ref(), 0, fields.len()),
        V::Map(map) => of_rows(map.as_ref(), 0, map.len()),
        V::Dictionary(_, value) => of_constant(value),
        other => Extent::new(1, other.data_type().primitive_width().unwrap_or(PRIMITIVE_BYTES)),
    }
}

/// The room of `rows` values from `from` on.
pub(super) fn of_rows(array: &dyn Array, from: usize, rows: usize) -> Extent {
    if rows == 0 {
        return Extent::default();
    }
    let to = from + rows;
    let own = |bytes: usize| Extent::new(rows, bytes);
    match array.data_type() {
        DataType::Null => own(0),
        DataType::Boolean => own(rows),
        DataType::Utf8 => own(between(array.as_string::<i32>().value_offsets(), from, to).1),
        DataType::LargeUtf8 => own(between(array.as_string::<i64>().value_offsets(), from, to).1),
        DataType::Binary => own(between(array.as_binary::<i32>().value_offsets(), from, to).1),
        DataType::LargeBinary => own(between(array.as_binary::<i64>().value_offsets(), from, to).1),
        DataType::Utf8View => own(of_views(&array.as_string_view().views()[from..to])),
        DataType::BinaryView => own(of_views(&array.as_binary_view().views()[from..to])),
        DataType::FixedSizeBinary(width) => own(rows * usize::try_from(*width).unwrap_or(0)),
        DataType::List(_) => own(0).plus(of_elements(array.as_list::<i32>().values(), {
            between(array.as_list::<i32>().value_offsets(), from, to)
        })),
        DataType::LargeList(_) => own(0).plus(of_elements(array.as_list::<i64>().values(), {
            between(array.as_list::<i64>().value_offsets(), from, to)
        })),
        DataType::Map(..) => {
            let map = array.as_map();
            let (start, length) = between(map.value_offsets(), from, to);
            own(0).plus(of_rows(map.entries(), start, length))
        }
        DataType::FixedSizeList(_, width) => {
            let width = usize::try_from(*width).unwrap_or(0);
            own(0).plus(of_rows(array.as_fixed_size_list().values(), from * width, rows * width))
        }
        DataType::Struct(_) => {
            array.as_struct().columns().iter().map(|column| of_rows(column, from, rows)).fold(own(0), Extent::plus)
        }
        DataType::Dictionary(..) => {
            let part = array.slice(from, rows);
            let dictionary = part.as_any_dictionary();
            let keys = dictionary.normalized_keys();
            let values = dictionary.values();
            keys.iter().filter(|&&key| key < values.len()).fold(own(0), |sum, &key| sum.plus(of_rows(values, key, 1)))
        }
        other => match other.primitive_width() {
            Some(width) => own(rows * width),
            // Views of lists and the like, which no function here is given: the whole of what they look at.
            None => own(array.get_buffer_memory_size()),
        },
    }
}

fn of_elements(values: &ArrayRef, (start, length): (usize, usize)) -> Extent {
    of_rows(values, start, length)
}

/// Where a run of values begins, and its length.
fn between<O: OffsetSizeTrait>(offsets: &[O], from: usize, to: usize) -> (usize, usize) {
    let start = offsets[from].as_usize();
    (start, offsets[to].as_usize().saturating_sub(start))
}

/// A view holds its length in its lowest 32 bits.
fn of_views(views: &[u128]) -> usize {
    views.iter().map(|view| (view & u128::from(u32::MAX)) as usize).sum()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Int64Array, ListArray, StringArray, StringViewArray, StructArray};
    use arrow::datatypes::{Field, Int64Type};

    use super::*;

    #[test]
    fn texts_take_their_lengths_and_slices_their_part() {
        let texts = StringArray::from(vec![Some("abc"), None, Some("é"), Some("")]);
        assert_eq!(of_rows(&texts, 0, 4), Extent { slots: 4, bytes: 5 });
        assert_eq!(of_rows(&texts.slice(1, 3), 1, 1), Extent { slots: 1, bytes: 2 });
        let views = StringViewArray::from(vec!["short", "a text that is too long for its view"]);
        assert_eq!(of_rows(&views, 0, 2).bytes, 41);
        assert_eq!(of_rows(&views, 1, 1).bytes, 36);
    }

    #[test]
    fn lists_take_what_their_elements_take() {
        let lists = ListArray::from_iter_primitive::<Int64Type, _, _>(vec![
            Some(vec![Some(1), Some(2), None]),
            None,
            Some(vec![Some(4)]),
        ]);
        assert_eq!(of_rows(&lists, 0, 3), Extent { slots: 3 + 4, bytes: 4 * 8 });
        assert_eq!(of_rows(&lists.slice(2, 1), 0, 1), Extent { slots: 2, bytes: 8 });
        assert_eq!(of_constant(&ScalarValue::List(Arc::new(lists.slice(0, 1)))), Extent { slots: 4, bytes: 24 });
    }

    #[test]
    fn structs_take_what_their_fields_take() {
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
        let texts: ArrayRef = Arc::new(StringArray::from(vec!["a", "bcd"]));
        let pairs = StructArray::from(vec![
            (Arc::new(Field::new("n", DataType::Int64, true)), numbers),
            (Arc::new(Field::new("t", DataType::Utf8, true)), texts),
        ]);
        assert_eq!(of_rows(&pairs, 0, 2), Extent { slots: 6, bytes: 20 });
        assert_eq!(of_rows(&pairs, 1, 1), Extent { slots: 3, bytes: 11 });
    }
}
