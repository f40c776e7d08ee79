//! Arrays: values of the engine's lists, of one dimension that begins at 1. What may have another shape goes on to
//! [`super::wide`].

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, BooleanBuilder, Int32Array, Int32Builder, ListArray, ListBuilder,
    StringArray, StringBuilder, UInt32Array, make_comparator, new_null_array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::{SortOptions, concat, interleave, take};
use arrow::datatypes::{DataType, Int32Type, Int64Type};
use datafusion::error::{DataFusionError, Result};
use weir_values::{ValueError, code};

use super::columns::{Args, external, unexpected};
use super::shapes::{Arrays, Shaped, has_wide};
use super::{Proc, seeing_nulls, strict, wide};
use crate::functions::{FunctionError, MAX_BATCH_BYTES};

pub(super) const PROCS: &[Proc] = &[
    seeing_nulls("array_of", array_of),
    strict("array_subscript", subscript),
    strict("any_of", |args| quantified(args, true)),
    strict("all_of", |args| quantified(args, false)),
    seeing_nulls("array_or_empty", or_empty),
    strict("null_if_empty", null_if_empty),
    seeing_nulls("ordinals", ordinals),
    strict("array_eq", |args| compared(args, |order| order == Ordering::Equal)),
    strict("array_ne", |args| compared(args, |order| order != Ordering::Equal)),
    strict("array_lt", |args| compared(args, Ordering::is_lt)),
    strict("array_le", |args| compared(args, Ordering::is_le)),
    strict("array_gt", |args| compared(args, Ordering::is_gt)),
    strict("array_ge", |args| compared(args, Ordering::is_ge)),
    strict("array_length", |args| match has_wide(args) {
        true => wide::told(args, Shaped::array_length),
        false => dimension(args, |items| (items > 0).then_some(items)),
    }),
    strict("array_upper", |args| match has_wide(args) {
        true => wide::told(args, Shaped::array_upper),
        false => dimension(args, |items| (items > 0).then_some(items)),
    }),
    strict("array_lower", |args| match has_wide(args) {
        true => wide::told(args, Shaped::array_lower),
        false => dimension(args, |items| (items > 0).then_some(1)),
    }),
    strict("array_ndims", |args| match has_wide(args) {
        true => wide::told(args, |array, _| array.array_ndims()),
        false => sized(args, |items| (items > 0).then_some(1)),
    }),
    strict("array_cardinality", |args| match has_wide(args) {
        true => wide::told(args, |array, _| Some(array.cardinality())),
        false => sized(args, Some),
    }),
    strict("array_dims", |args| if has_wide(args) { wide::dims(args) } else { dims(args) }),
    seeing_nulls("array_append", |args| extended(args, 0, 1, false)),
    seeing_nulls("array_prepend", |args| extended(args, 1, 0, true)),
    seeing_nulls("array_cat", |args| if has_wide(args) { wide::cat(args) } else { cat(args) }),
    seeing_nulls("array_position", |args| match has_wide(args) {
        true => wide::positions(args, false),
        false => positions(args, false),
    }),
    seeing_nulls("array_position_start", |args| wide::positions(args, false)),
    seeing_nulls("array_positions", |args| match has_wide(args) {
        true => wide::positions(args, true),
        false => positions(args, true),
    }),
    seeing_nulls("array_remove", |args| if has_wide(args) { wide::removed(args) } else { removed(args) }),
    seeing_nulls("array_replace", |args| if has_wide(args) { wide::replaced(args) } else { replaced(args) }),
    strict("arraycontains", |args| contained(args, 0, 1)),
    strict("arraycontained", |args| contained(args, 1, 0)),
    strict("arrayoverlap", overlap),
    strict("trim_array", |args| if has_wide(args) { wide::trimmed(args) } else { trimmed(args) }),
    strict("generate_subscripts_nodir", |args| wide::subscripts(args, false)),
    strict("generate_subscripts", |args| wide::subscripts(args, true)),
    strict("array_to_text", |args| joined(args, false)),
    seeing_nulls("array_to_text_null", |args| joined(args, true)),
];

fn list(array: &ArrayRef) -> Result<&ListArray> {
    array.as_list_opt::<i32>().ok_or_else(|| unexpected(array))
}

fn int4(array: &ArrayRef) -> Result<&Int32Array> {
    array.as_primitive_opt::<Int32Type>().ok_or_else(|| unexpected(array))
}

fn texts(array: &ArrayRef) -> Result<&StringArray> {
    array.as_string_opt::<i32>().ok_or_else(|| unexpected(array))
}

fn bounds(list: &ListArray, row: usize) -> (usize, usize) {
    let offsets = list.value_offsets();
    (offsets[row] as usize, offsets[row + 1] as usize)
}

fn list_of(values: ArrayRef, lengths: Vec<usize>, nulls: Option<NullBuffer>, result: &DataType) -> Result<ArrayRef> {
    let DataType::List(field) = result else {
        return Err(DataFusionError::Internal("an array was expected".to_owned()));
    };
    Ok(Arc::new(ListArray::try_new(Arc::clone(field), OffsetBuffer::from_lengths(lengths), values, nulls)?))
}

fn item_type(result: &DataType) -> Result<&DataType> {
    match result {
        DataType::List(field) => Ok(field.data_type()),
        _ => Err(DataFusionError::Internal("an array was expected".to_owned())),
    }
}

/// Refuses results that would not fit into memory before they are made.
fn bounded(items: usize, array: &dyn Array) -> Result<()> {
    let each = array.get_buffer_memory_size().checked_div(array.len().max(1)).unwrap_or(8).max(1);
    match (items as u64).saturating_mul(each as u64) <= MAX_BATCH_BYTES {
        true => Ok(()),
        false => Err(FunctionError::TooLarge.into()),
    }
}

/// `ARRAY[a, b]`
fn array_of(args: &Args<'_>) -> Result<ArrayRef> {
    let columns = (0..args.values.len()).map(|at| args.array(at)).collect::<Result<Vec<_>>>()?;
    let width = columns.len();
    let columns: Vec<&dyn Array> = columns.iter().map(AsRef::as_ref).collect();
    let places: Vec<(usize, usize)> = (0..args.rows).flat_map(|row| (0..width).map(move |at| (at, row))).collect();
    list_of(interleave(&columns, &places)?, vec![width; args.rows], None, args.result)
}

fn subscript(args: &Args<'_>) -> Result<ArrayRef> {
    let (array, index) = (args.array(0)?, args.array(1)?);
    let (list, index) = (list(&array)?, int4(&index)?);
    let place = |row: usize| {
        let (start, end) = bounds(list, row);
        let at = usize::try_from(index.value(row)).ok()?.checked_sub(1)?;
        (!list.is_null(row) && !index.is_null(row) && start + at < end).then(|| (start + at) as u32)
    };
    let places: UInt32Array = (0..args.rows).map(place).collect();
    Ok(take(list.values(), &places, None)?)
}

/// ANY or ALL of an array of truth values.
fn quantified(args: &Args<'_>, is_any: bool) -> Result<ArrayRef> {
    let array = args.array(0)?;
    let list = list(&array)?;
    let values = list.values().as_boolean_opt().ok_or_else(|| unexpected(list.values()))?;
    let mut results = BooleanBuilder::with_capacity(args.rows);
    for row in 0..args.rows {
        if list.is_null(row) {
            results.append_null();
            continue;
        }
        let (start, end) = bounds(list, row);
        let (mut decided, mut unknown) = (false, false);
        for at in start..end {
            match values.is_null(at) {
                true => unknown = true,
                false if values.value(at) == is_any => {
                    decided = true;
                    break;
                }
                false => {}
            }
        }
        match (decided, unknown) {
            (true, _) => results.append_value(is_any),
            (false, true) => results.append_null(),
            (false, false) => results.append_value(!is_any),
        }
    }
    Ok(Arc::new(results.finish()))
}

/// Of no array, an empty one.
fn or_empty(args: &Args<'_>) -> Result<ArrayRef> {
    let array = args.array(0)?;
    if array.data_type() == &DataType::Null {
        let values = new_null_array(item_type(args.result)?, 0);
        return list_of(values, vec![0; args.rows], None, args.result);
    }
    let list = list(&array)?;
    let mut lengths = Vec::with_capacity(args.rows);
    let mut places = Vec::new();
    for row in 0..args.rows {
        let (start, end) = if list.is_null(row) { (0, 0) } else { bounds(list, row) };
        places.extend((start..end).map(|at| at as u32));
        lengths.push(end - start);
    }
    list_of(take(list.values(), &UInt32Array::from(places), None)?, lengths, None, args.result)
}

/// Of an empty array, none.
fn null_if_empty(args: &Args<'_>) -> Result<ArrayRef> {
    let array = args.array(0)?;
    let list = list(&array)?;
    let valid: Vec<bool> =
        (0..args.rows).map(|row| !list.is_null(row) && bounds(list, row).0 < bounds(list, row).1).collect();
    let DataType::List(field) = args.result else {
        return Err(DataFusionError::Internal("an array was expected".to_owned()));
    };
    let nulls = Some(NullBuffer::from(valid));
    let kept = ListArray::try_new(Arc::clone(field), list.offsets().clone(), Arc::clone(list.values()), nulls)?;
    Ok(Arc::new(kept))
}

/// 1, 2, ... for each item of the longest of several arrays, WITH ORDINALITY.
fn ordinals(args: &Args<'_>) -> Result<ArrayRef> {
    let mut lengths = vec![0; args.rows];
    for at in 0..args.values.len() {
        let array = args.array(at)?;
        let list = list(&array)?;
        for (row, length) in lengths.iter_mut().enumerate() {
            let (start, end) = bounds(list, row);
            *length = if list.is_null(row) { *length } else { usize::max(*length, end - start) };
        }
    }
    let numbers = lengths.iter().flat_map(|length| 1..=*length as i64);
    let values = Arc::new(arrow::array::PrimitiveArray::<Int64Type>::from_iter_values(numbers));
    list_of(values, lengths, None, args.result)
}

/// Item by item, NULLs above all; of two that begin alike the shorter is less.
fn compared(args: &Args<'_>, holds: fn(Ordering) -> bool) -> Result<ArrayRef> {
    if has_wide(args) {
        return wide::compared(args, holds);
    }
    let (left, right) = (args.array(0)?, args.array(1)?);
    let (left, right) = (list(&left)?, list(&right)?);
    let compare = make_comparator(left.values(), right.values(), SortOptions::new(false, false))?;
    let row = |row: usize| {
        if left.is_null(row) || right.is_null(row) {
            return None;
        }
        let ((a, a_end), (b, b_end)) = (bounds(left, row), bounds(right, row));
        let items = (a..a_end).zip(b..b_end).map(|(a, b)| compare(a, b)).find(|order| order.is_ne());
        Some(holds(items.unwrap_or_else(|| (a_end - a).cmp(&(b_end - b)))))
    };
    Ok(Arc::new((0..args.rows).map(row).collect::<BooleanArray>()))
}

fn sized(args: &Args<'_>, of: fn(i32) -> Option<i32>) -> Result<ArrayRef> {
    let array = args.array(0)?;
    let list = list(&array)?;
    let mut results = Int32Builder::with_capacity(args.rows);
    for row in 0..args.rows {
        let (start, end) = bounds(list, row);
        let items = i32::try_from(end - start).map_err(|_| external(ValueError::out_of_range("integer")))?;
        results.append_option(if list.is_null(row) { None } else { of(items) });
    }
    Ok(Arc::new(results.finish()))
}

/// Of the dimension that the second argument says.
fn dimension(args: &Args<'_>, of: fn(i32) -> Option<i32>) -> Result<ArrayRef> {
    let sizes = sized(args, of)?;
    let (sizes, dimensions) = (int4(&sizes)?, args.array(1)?);
    let dimensions = int4(&dimensions)?;
    let first = |row: usize| {
        let is_first = !dimensions.is_null(row) && dimensions.value(row) == 1;
        (is_first && !sizes.is_null(row)).then(|| sizes.value(row))
    };
    Ok(Arc::new((0..args.rows).map(first).collect::<Int32Array>()))
}

fn dims(args: &Args<'_>) -> Result<ArrayRef> {
    let sizes = sized(args, |items| (items > 0).then_some(items))?;
    let texts = int4(&sizes)?.iter().map(|size| size.map(|size| format!("[1:{size}]")));
    Ok(Arc::new(texts.collect::<StringArray>()))
}

/// An array with one more item at its end or its beginning; of NULL, that item alone.
fn extended(args: &Args<'_>, array_at: usize, item_at: usize, in_front: bool) -> Result<ArrayRef> {
    if has_wide(args) {
        return wide::extended(args, array_at, item_at, in_front);
    }
    let (array, item) = (args.array(array_at)?, args.array(item_at)?);
    let list = list(&array)?;
    bounded(list.values().len() + args.rows, list.values().as_ref())?;
    let (mut places, mut lengths) = (Vec::new(), Vec::with_capacity(args.rows));
    for row in 0..args.rows {
        let before = places.len();
        let (start, end) = if list.is_null(row) { (0, 0) } else { bounds(list, row) };
        if in_front {
            places.push((1, row));
        }
        places.extend((start..end).map(|at| (0, at)));
        if !in_front {
            places.push((1, row));
        }
        lengths.push(places.len() - before);
    }
    let values = interleave(&[list.values().as_ref(), item.as_ref()], &places)?;
    list_of(values, lengths, None, args.result)
}

fn cat(args: &Args<'_>) -> Result<ArrayRef> {
    let (left, right) = (args.array(0)?, args.array(1)?);
    let (left, right) = (list(&left)?, list(&right)?);
    bounded(left.values().len() + right.values().len(), left.values().as_ref())?;
    let (mut places, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..args.rows {
        let before = places.len();
        for (which, list) in [left, right].into_iter().enumerate() {
            if !list.is_null(row) {
                let (start, end) = bounds(list, row);
                places.extend((start..end).map(|at| (which, at)));
            }
        }
        lengths.push(places.len() - before);
        valid.push(!(left.is_null(row) && right.is_null(row)));
    }
    let values = interleave(&[left.values().as_ref(), right.values().as_ref()], &places)?;
    list_of(values, lengths, Some(NullBuffer::from(valid)), args.result)
}

/// Whether an item is the value of a row: NULLs are the same.
fn same(list: &ListArray, value: &ArrayRef) -> Result<impl Fn(usize, usize) -> bool> {
    let compare = make_comparator(list.values(), value, SortOptions::default())?;
    Ok(move |at, row| compare(at, row).is_eq())
}

fn positions(args: &Args<'_>, all: bool) -> Result<ArrayRef> {
    let (array, value) = (args.array(0)?, args.array(1)?);
    let list = list(&array)?;
    let is_same = same(list, &value)?;
    let found = |row: usize| {
        let (start, end) = bounds(list, row);
        let is_same = &is_same;
        (start..end).filter(move |at| is_same(*at, row)).map(move |at| (at - start) as i32 + 1)
    };
    if !all {
        let first = |row: usize| if list.is_null(row) { None } else { found(row).next() };
        return Ok(Arc::new((0..args.rows).map(first).collect::<Int32Array>()));
    }
    let mut results = ListBuilder::new(Int32Builder::new());
    for row in 0..args.rows {
        if !list.is_null(row) {
            found(row).for_each(|place| results.values().append_value(place));
        }
        results.append(!list.is_null(row));
    }
    Ok(Arc::new(results.finish()))
}

fn removed(args: &Args<'_>) -> Result<ArrayRef> {
    let (array, value) = (args.array(0)?, args.array(1)?);
    let list = list(&array)?;
    let is_same = same(list, &value)?;
    let (mut places, mut lengths) = (Vec::new(), Vec::with_capacity(args.rows));
    for row in 0..args.rows {
        let (start, end) = if list.is_null(row) { (0, 0) } else { bounds(list, row) };
        let before = places.len();
        places.extend((start..end).filter(|at| !is_same(*at, row)).map(|at| at as u32));
        lengths.push(places.len() - before);
    }
    let values = take(list.values(), &UInt32Array::from(places), None)?;
    list_of(values, lengths, list.nulls().cloned(), args.result)
}

fn replaced(args: &Args<'_>) -> Result<ArrayRef> {
    let (array, from, to) = (args.array(0)?, args.array(1)?, args.array(2)?);
    let list = list(&array)?;
    let is_same = same(list, &from)?;
    let (mut places, mut lengths) = (Vec::new(), Vec::with_capacity(args.rows));
    for row in 0..args.rows {
        let (start, end) = if list.is_null(row) { (0, 0) } else { bounds(list, row) };
        places.extend((start..end).map(|at| if is_same(at, row) { (1, row) } else { (0, at) }));
        lengths.push(end - start);
    }
    let values = interleave(&[list.values().as_ref(), to.as_ref()], &places)?;
    list_of(values, lengths, list.nulls().cloned(), args.result)
}

/// Items as they are told apart: what is equal has one number. NULL has none.
fn numbered(left: &ListArray, right: &ListArray) -> Result<(Vec<Option<u32>>, usize)> {
    let both = concat(&[left.values().as_ref(), right.values().as_ref()])?;
    let converter = arrow::row::RowConverter::new(vec![arrow::row::SortField::new(both.data_type().clone())])?;
    let rows = converter.convert_columns(&[Arc::clone(&both)])?;
    let mut known = std::collections::HashMap::new();
    let number = |at: usize| {
        let next = known.len() as u32;
        (!both.is_null(at)).then(|| *known.entry(rows.row(at)).or_insert(next))
    };
    Ok(((0..both.len()).map(number).collect(), left.values().len()))
}

/// Whether all items of the inner array are in the outer one; NULL is in none.
fn contained(args: &Args<'_>, outer: usize, inner: usize) -> Result<ArrayRef> {
    membership(args, outer, inner, |has, items| items.iter().all(|item| item.is_some_and(|item| has.contains(&item))))
}

fn overlap(args: &Args<'_>) -> Result<ArrayRef> {
    membership(args, 0, 1, |has, items| items.iter().flatten().any(|item| has.contains(item)))
}

fn membership(
    args: &Args<'_>,
    outer: usize,
    inner: usize,
    holds: fn(&std::collections::HashSet<u32>, &[Option<u32>]) -> bool,
) -> Result<ArrayRef> {
    let (outer, inner) = (args.array(outer)?, args.array(inner)?);
    let (outer, inner) = (Arrays::new(&outer)?, Arrays::new(&inner)?);
    let (numbers, first_inner) = numbered(outer.items(), inner.items())?;
    let row = |row: usize| {
        if outer.is_null(row) || inner.is_null(row) {
            return None;
        }
        let ((a, a_end), (b, b_end)) = (bounds(outer.items(), row), bounds(inner.items(), row));
        let has = numbers[a..a_end].iter().copied().flatten().collect();
        Some(holds(&has, &numbers[first_inner + b..first_inner + b_end]))
    };
    Ok(Arc::new((0..args.rows).map(row).collect::<BooleanArray>()))
}

fn trimmed(args: &Args<'_>) -> Result<ArrayRef> {
    let (array, count) = (args.array(0)?, args.array(1)?);
    let (list, count) = (list(&array)?, int4(&count)?);
    let (mut places, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..args.rows {
        let is_valid = !list.is_null(row) && !count.is_null(row);
        let (start, end) = if is_valid { bounds(list, row) } else { (0, 0) };
        let cut = if is_valid { usize::try_from(count.value(row)).ok() } else { Some(0) };
        let Some(cut) = cut.filter(|cut| *cut <= end - start) else {
            let message = format!("number of elements to trim must be between 0 and {}", end - start);
            return Err(external(ValueError::new(code::ARRAY_SUBSCRIPT_ERROR, message)));
        };
        places.extend((start..end - cut).map(|at| at as u32));
        lengths.push(end - start - cut);
        valid.push(is_valid);
    }
    let values = take(list.values(), &UInt32Array::from(places), None)?;
    list_of(values, lengths, Some(NullBuffer::from(valid)), args.result)
}

/// `array_to_string(texts, delimiter [, null])`
fn joined(args: &Args<'_>, has_null_text: bool) -> Result<ArrayRef> {
    let (array, delimiter) = (args.array(0)?, args.array(1)?);
    let (list, delimiter) = (list(&array)?, texts(&delimiter)?);
    let nulls = if has_null_text { Some(args.array(2)?) } else { None };
    let nulls = nulls.as_ref().map(texts).transpose()?;
    let items = texts(list.values())?;
    let mut results = StringBuilder::new();
    let mut text = String::new();
    for row in 0..args.rows {
        if list.is_null(row) || delimiter.is_null(row) {
            results.append_null();
            continue;
        }
        text.clear();
        let (start, end) = bounds(list, row);
        let null = nulls.and_then(|nulls| (!nulls.is_null(row)).then(|| nulls.value(row)));
        let shown = (start..end).filter_map(|at| if items.is_null(at) { null } else { Some(items.value(at)) });
        for (at, item) in shown.enumerate() {
            if at > 0 {
                text.push_str(delimiter.value(row));
            }
            text.push_str(item);
            if text.len() as u64 > MAX_BATCH_BYTES {
                return Err(FunctionError::TooLarge.into());
            }
        }
        results.append_value(&text);
        if results.values_slice().len() as u64 > MAX_BATCH_BYTES {
            return Err(FunctionError::TooLarge.into());
        }
    }
    Ok(Arc::new(results.finish()))
}
