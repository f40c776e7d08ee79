//! Columns of arrays of any shape, whether they are held in lists (one dimension from 1) or in what tells their shapes: see
//! [`weir_encode::wide_array`]. An item is told by its place, so that one reading and one writing serve all types.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Int32Array, Int32Builder, ListArray, ListBuilder, StringArray, StructArray,
    new_null_array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::interleave;
use arrow::datatypes::{DataType, Int32Type};
use datafusion::error::{DataFusionError, Result};
use weir_encode::{wide_item, wide_parts};
use weir_values::ValueError;

use super::columns::{Arg, Args, external, unexpected};
use crate::functions::{FunctionError, MAX_BATCH_BYTES};

/// An item's place: in which of some columns, and where.
pub(super) type Place = (usize, usize);

/// An array, its items told by their places.
pub(super) type Shaped = weir_values::array::Array<Place>;

/// Whether an argument or the results are held with their shapes.
pub(super) fn has_wide(args: &Args<'_>) -> bool {
    wide_item(args.result).is_some() || args.values.iter().any(|value| wide_item(&value.data_type()).is_some())
}

/// A column of arrays.
pub(super) struct Arrays<'a> {
    column: &'a ArrayRef,
    shape: Option<[Numbers<'a>; 2]>,
    items: &'a ListArray,
}

impl<'a> Arrays<'a> {
    pub fn new(column: &'a ArrayRef) -> Result<Self> {
        match wide_parts(column) {
            Some((lower, lengths, items)) => {
                let shape = Some([Numbers::new(lower)?, Numbers::new(lengths)?]);
                Ok(Self { column, shape, items })
            }
            None => {
                let items = column.as_list_opt::<i32>().ok_or_else(|| unexpected(column))?;
                Ok(Self { column, shape: None, items })
            }
        }
    }

    pub fn is_null(&self, row: usize) -> bool {
        self.column.is_null(row)
    }

    /// Whether each has one dimension that begins at 1, or no items.
    pub fn are_plain(&self) -> bool {
        let Some([lower, _]) = &self.shape else { return true };
        (0..self.column.len()).all(|row| self.is_null(row) || matches!(lower.of_row(row), [] | [1]))
    }

    /// All items, among which those of the rows are.
    pub fn values(&self) -> &'a ArrayRef {
        self.items.values()
    }

    /// The items of each row.
    pub fn items(&self) -> &'a ListArray {
        self.items
    }

    /// Where the items of a row are.
    pub fn range(&self, row: usize) -> std::ops::Range<usize> {
        let offsets = self.items.value_offsets();
        offsets[row] as usize..offsets[row + 1] as usize
    }

    /// The array of a row, its items told as those of the column `source`; `None` for NULL.
    pub fn get(&self, row: usize, source: usize) -> Option<Shaped> {
        if self.is_null(row) {
            return None;
        }
        let values = self.values();
        let items: Vec<Option<Place>> =
            self.range(row).map(|at| (!values.is_null(at)).then_some((source, at))).collect();
        Some(match &self.shape {
            None => Shaped::from(items),
            Some([lower, lengths]) => Shaped { lower_bounds: lower.of(row), dimensions: lengths.of(row), items },
        })
    }

    /// The numbers of a row's array.
    pub fn integers(&self, row: usize) -> Result<Option<weir_values::array::Array<i32>>> {
        let Some(array) = self.get(row, 0) else { return Ok(None) };
        let values = self.values().as_primitive_opt::<Int32Type>().ok_or_else(|| unexpected(self.values()))?;
        array.try_map(|(_, at)| Ok(values.value(at))).map(Some).map_err(external)
    }
}

/// Lists of numbers.
struct Numbers<'a> {
    list: &'a ListArray,
    values: &'a Int32Array,
}

impl<'a> Numbers<'a> {
    fn new(list: &'a ListArray) -> Result<Self> {
        let values = list.values().as_primitive_opt::<Int32Type>().ok_or_else(|| unexpected(list.values()))?;
        Ok(Self { list, values })
    }

    fn of(&self, row: usize) -> Vec<i32> {
        self.of_row(row).to_vec()
    }

    fn of_row(&self, row: usize) -> &'a [i32] {
        let offsets = self.list.value_offsets();
        &self.values.values()[offsets[row] as usize..offsets[row + 1] as usize]
    }
}

/// The texts of an array, and the lengths of its dimensions.
pub(super) struct ShapedTexts;

impl Arg for ShapedTexts {
    type Column<'c> = (Arrays<'c>, &'c StringArray);
    type Value<'c> = (Vec<Option<&'c str>>, Vec<usize>);

    fn column(array: &ArrayRef) -> Result<Self::Column<'_>> {
        let arrays = Arrays::new(array)?;
        let texts = arrays.values().as_string_opt::<i32>().ok_or_else(|| unexpected(arrays.values()))?;
        Ok((arrays, texts))
    }

    fn is_null(column: &Self::Column<'_>, at: usize) -> bool {
        column.0.is_null(at)
    }

    fn get<'c>((arrays, texts): &Self::Column<'c>, at: usize) -> Result<Self::Value<'c>, ValueError> {
        let array = arrays.get(at, 0).unwrap_or_default();
        let lengths = array.dimensions.iter().filter_map(|length| usize::try_from(*length).ok()).collect();
        let shown = array.items.into_iter().map(|place| place.map(|(_, at)| texts.value(at))).collect();
        Ok((shown, lengths))
    }
}

/// The arrays that are the results, one for each row.
pub(super) struct Results {
    lower: ListBuilder<Int32Builder>,
    lengths: ListBuilder<Int32Builder>,
    places: Vec<Option<Place>>,
    counts: Vec<usize>,
    valid: Vec<bool>,
    is_plain: bool,
}

impl Results {
    pub fn new() -> Self {
        let builder = || ListBuilder::new(Int32Builder::new());
        let (lower, lengths) = (builder(), builder());
        Self { lower, lengths, places: Vec::new(), counts: Vec::new(), valid: Vec::new(), is_plain: true }
    }

    pub fn push(&mut self, array: Option<Shaped>) -> Result<()> {
        self.valid.push(array.is_some());
        let array = array.unwrap_or_default();
        self.is_plain &= matches!(array.lower_bounds.as_slice(), [] | [1]);
        self.lower.values().append_slice(&array.lower_bounds);
        self.lower.append(true);
        self.lengths.values().append_slice(&array.dimensions);
        self.lengths.append(true);
        self.counts.push(array.items.len());
        self.places.extend(array.items);
        match (self.places.len() * size_of::<Place>()) as u64 <= MAX_BATCH_BYTES {
            true => Ok(()),
            false => Err(FunctionError::TooLarge.into()),
        }
    }

    /// The column of results, held as `result` says, of items of `sources`.
    pub fn finish(mut self, sources: &[&ArrayRef], result: &DataType) -> Result<ArrayRef> {
        let item = wide_item(result).or(match result {
            DataType::List(field) => Some(field.data_type()),
            _ => None,
        });
        let item = item.ok_or_else(|| DataFusionError::Internal("an array was expected".to_owned()))?;
        bounded(sources, &self.places)?;
        let null = new_null_array(item, 1);
        let mut columns: Vec<&dyn Array> = sources.iter().map(|source| source.as_ref()).collect();
        columns.push(null.as_ref());
        let missing = (sources.len(), 0);
        let places: Vec<Place> = self.places.iter().map(|place| place.unwrap_or(missing)).collect();
        let values = interleave(&columns, &places)?;
        let nulls = Some(NullBuffer::from(self.valid)).filter(|nulls| nulls.null_count() > 0);
        if let DataType::List(field) = result {
            if !self.is_plain {
                let error = ValueError::new(weir_values::code::FEATURE_NOT_SUPPORTED, "an array of this shape");
                return Err(external(error));
            }
            let offsets = OffsetBuffer::from_lengths(self.counts);
            return Ok(Arc::new(ListArray::try_new(Arc::clone(field), offsets, values, nulls)?));
        }
        let items = list(values, self.counts, result)?;
        wide(Arc::new(self.lower.finish()), Arc::new(self.lengths.finish()), items, nulls, result)
    }
}

/// The items of wide arrays.
fn list(values: ArrayRef, counts: Vec<usize>, result: &DataType) -> Result<ArrayRef> {
    let DataType::Struct(fields) = result else { return Err(not_wide()) };
    let Some(DataType::List(field)) = fields.last().map(|field| field.data_type()) else { return Err(not_wide()) };
    Ok(Arc::new(ListArray::try_new(Arc::clone(field), OffsetBuffer::from_lengths(counts), values, None)?))
}

/// A column of wide arrays of its parts.
fn wide(
    lower: ArrayRef,
    lengths: ArrayRef,
    items: ArrayRef,
    nulls: Option<NullBuffer>,
    result: &DataType,
) -> Result<ArrayRef> {
    let DataType::Struct(fields) = result else { return Err(not_wide()) };
    Ok(Arc::new(StructArray::try_new(fields.clone(), vec![lower, lengths, items], nulls)?))
}

fn not_wide() -> DataFusionError {
    DataFusionError::Internal("an array with its shape was expected".to_owned())
}

/// The same arrays with other items: one value for each of [`Arrays::values`].
pub(super) fn with_values(column: &ArrayRef, values: ArrayRef, result: &DataType) -> Result<ArrayRef> {
    let arrays = Arrays::new(column)?;
    let offsets = arrays.items.offsets().clone();
    let nulls = column.logical_nulls();
    match (result, wide_parts(column)) {
        (DataType::List(field), _) => Ok(Arc::new(ListArray::try_new(Arc::clone(field), offsets, values, nulls)?)),
        (DataType::Struct(fields), Some((lower, lengths, items))) => {
            let Some(DataType::List(field)) = fields.last().map(|field| field.data_type()) else {
                return Err(not_wide());
            };
            let items = ListArray::try_new(Arc::clone(field), offsets, values, items.nulls().cloned())?;
            wide(Arc::new(lower.clone()), Arc::new(lengths.clone()), Arc::new(items), nulls, result)
        }
        _ => Err(not_wide()),
    }
}

/// Refuses results that would not fit into memory before they are made.
fn bounded(sources: &[&ArrayRef], places: &[Option<Place>]) -> Result<()> {
    const FIXED_BYTES: usize = 16;
    let bytes = |(source, at): Place| match sources.get(source) {
        Some(column) => match column.data_type() {
            DataType::Utf8 => column.as_string::<i32>().value_length(at) as usize,
            DataType::Binary => column.as_binary::<i32>().value_length(at) as usize,
            _ => FIXED_BYTES,
        },
        None => 0,
    };
    let all = places.iter().flatten().map(|place| bytes(*place)).fold(0, usize::saturating_add);
    match all as u64 <= MAX_BATCH_BYTES {
        true => Ok(()),
        false => Err(FunctionError::TooLarge.into()),
    }
}
