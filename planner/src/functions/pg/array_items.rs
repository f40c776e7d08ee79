//! Functions that choose or count the items of arrays, whatever these are.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int32Array, Int64Array, ListArray, UInt32Array, make_comparator,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::{SortOptions, sort_to_indices, take};
use arrow::datatypes::DataType;
use datafusion::error::{DataFusionError, Result};

use super::columns::{Args, unexpected};
use super::{Proc, boolean, seeing_nulls, strict};

pub(super) const PROCS: &[Proc] = &[
    strict("items_that_hold", items_that_hold),
    strict("first_of_equals", first_of_equals),
    seeing_nulls("items_true", items_true),
    strict("items_sorted", items_sorted),
    seeing_nulls("itself", |args| args.array(0)),
    strict("num_nulls_of_items", |args| nulls_counted(args, true)),
    strict("num_nonnulls_of_items", |args| nulls_counted(args, false)),
];

fn list(array: &ArrayRef) -> Result<&ListArray> {
    array.as_list_opt::<i32>().ok_or_else(|| unexpected(array))
}

fn places(list: &ListArray, row: usize) -> std::ops::Range<usize> {
    let offsets = list.value_offsets();
    offsets[row] as usize..offsets[row + 1] as usize
}

/// The items for which an array of flags, item by item, is true.
fn items_that_hold(args: &Args<'_>) -> Result<ArrayRef> {
    let (array, flags) = (args.array(0)?, args.array(1)?);
    let (list, flags) = (list(&array)?, list(&flags)?);
    let holds = boolean(flags.values())?;
    let (mut kept, mut lengths) = (Vec::new(), Vec::with_capacity(args.rows));
    for row in 0..args.rows {
        let before = kept.len();
        if !list.is_null(row) && !flags.is_null(row) {
            let items = places(list, row).zip(places(flags, row));
            let held = items.filter(|(_, flag)| !holds.is_null(*flag) && holds.value(*flag));
            kept.extend(held.map(|(item, _)| item as u32));
        }
        lengths.push(kept.len() - before);
    }
    let DataType::List(field) = args.result else {
        return Err(DataFusionError::Internal("an array was expected".to_owned()));
    };
    let values = take(list.values(), &UInt32Array::from(kept), None)?;
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(ListArray::try_new(Arc::clone(field), offsets, values, list.nulls().cloned())?))
}

/// For each item whether it differs from the one before it in one of several arrays of the same length.
fn first_of_equals(args: &Args<'_>) -> Result<ArrayRef> {
    let arrays = (0..args.values.len()).map(|at| args.array(at)).collect::<Result<Vec<_>>>()?;
    let lists = arrays.iter().map(list).collect::<Result<Vec<_>>>()?;
    let compare = |list: &&ListArray| make_comparator(list.values(), list.values(), SortOptions::default());
    let compared = lists.iter().map(compare).collect::<std::result::Result<Vec<_>, _>>()?;
    let first = lists.first().ok_or_else(|| DataFusionError::Internal("an array was expected".to_owned()))?;
    let is_null = |row: usize| lists.iter().any(|list| list.is_null(row));
    let (mut flags, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..args.rows {
        let before = flags.len();
        if !is_null(row) {
            let starts: Vec<usize> = lists.iter().map(|list| places(list, row).start).collect();
            let differs = |at: usize| {
                let mut each = starts.iter().zip(&compared);
                each.any(|(start, compare)| compare(start + at - 1, start + at).is_ne())
            };
            flags.extend((0..places(first, row).len()).map(|at| at == 0 || differs(at)));
        }
        lengths.push(flags.len() - before);
        valid.push(!is_null(row));
    }
    let DataType::List(field) = args.result else {
        return Err(DataFusionError::Internal("an array was expected".to_owned()));
    };
    let (values, offsets) = (Arc::new(BooleanArray::from(flags)), OffsetBuffer::from_lengths(lengths));
    Ok(Arc::new(ListArray::try_new(Arc::clone(field), offsets, values, Some(NullBuffer::from(valid)))?))
}

/// The items in order; the other arguments say whether it is reversed, and whether NULLs come first.
fn items_sorted(args: &Args<'_>) -> Result<ArrayRef> {
    let (array, reversed, nulls_first) = (args.array(0)?, args.array(1)?, args.array(2)?);
    let (list, reversed, nulls_first) = (list(&array)?, boolean(&reversed)?, boolean(&nulls_first)?);
    let (mut order, mut lengths) = (Vec::new(), Vec::with_capacity(args.rows));
    for row in 0..args.rows {
        let range = if list.is_null(row) { 0..0 } else { places(list, row) };
        let options = SortOptions { descending: reversed.value(row), nulls_first: nulls_first.value(row) };
        let items = list.values().slice(range.start, range.len());
        let sorted = sort_to_indices(&items, Some(options), None)?;
        order.extend(sorted.values().iter().map(|at| at + range.start as u32));
        lengths.push(range.len());
    }
    let DataType::List(field) = args.result else {
        return Err(DataFusionError::Internal("an array was expected".to_owned()));
    };
    let values = take(list.values(), &UInt32Array::from(order), None)?;
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(ListArray::try_new(Arc::clone(field), offsets, values, list.nulls().cloned())?))
}

/// How many items are true; of no array, none.
fn items_true(args: &Args<'_>) -> Result<ArrayRef> {
    let array = args.array(0)?;
    let list = list(&array)?;
    let values = boolean(list.values())?;
    let count = |row: usize| match list.is_null(row) {
        true => 0,
        false => places(list, row).filter(|at| !values.is_null(*at) && values.value(*at)).count() as i64,
    };
    Ok(Arc::new(Int64Array::from_iter_values((0..args.rows).map(count))))
}

/// How many items are NULL, or aren't.
fn nulls_counted(args: &Args<'_>, counts_nulls: bool) -> Result<ArrayRef> {
    let array = args.array(0)?;
    let list = list(&array)?;
    let count = |row: usize| {
        let counted = places(list, row).filter(|at| list.values().is_null(*at) == counts_nulls).count();
        (!list.is_null(row)).then(|| i32::try_from(counted).unwrap_or(i32::MAX))
    };
    Ok(Arc::new((0..args.rows).map(count).collect::<Int32Array>()))
}
