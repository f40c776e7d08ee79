//! Functions that choose or count the items of arrays, whatever these are.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int32Array, ListArray, UInt32Array};
use arrow::buffer::OffsetBuffer;
use arrow::compute::take;
use arrow::datatypes::DataType;
use datafusion::error::{DataFusionError, Result};

use super::columns::{Args, unexpected};
use super::{Proc, boolean, strict};

pub(super) const PROCS: &[Proc] = &[
    strict("items_that_hold", items_that_hold),
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
