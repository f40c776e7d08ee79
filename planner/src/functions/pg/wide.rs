//! Functions of arrays of any shape: see [`weir_values::array`]. They take lists as well.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryBuilder, BooleanArray, DynComparator, Int32Array, Int32Builder, ListBuilder,
    StringArray, UInt32Array, make_comparator,
};
use arrow::compute::{SortOptions, take};
use arrow::datatypes::{DataType, Int32Type};
use arrow::row::{RowConverter, SortField};
use datafusion::error::Result;
use weir_values::array::{Slice, array_fill};
use weir_values::{ValueError, code};

use super::columns::{Args, bounded, external, unexpected};
use super::shapes::{Arrays, Place, Results, Shaped, with_values};
use super::{Proc, seeing_nulls, strict};

pub(super) const PROCS: &[Proc] = &[
    seeing_nulls("array_of_arrays", of_arrays),
    strict("arrays_collected", collected),
    strict("array_widened", reheld),
    strict("array_narrowed", reheld),
    strict("array_items", |args| {
        let column = args.array(0)?;
        with_values(&column, Arc::clone(Arrays::new(&column)?.values()), args.result)
    }),
    strict("array_element", element),
    strict("array_slices", slices),
    strict("array_order", order),
    seeing_nulls("array_fill", filled),
    seeing_nulls("array_fill_with_lower_bounds", filled),
    seeing_nulls("array_remove_keyed", removed),
    seeing_nulls("array_replace_keyed", replaced),
    strict("width_bucket_array", bucket),
];

/// Functions that take arrays of any shape; others take lists.
const TAKES_ANY_SHAPE: &[&str] = &[
    "array_append",
    "array_cardinality",
    "array_cat",
    "array_dims",
    "array_eq",
    "array_ge",
    "array_gt",
    "array_le",
    "array_length",
    "array_lower",
    "array_lt",
    "array_ndims",
    "array_ne",
    "array_position",
    "array_position_start",
    "array_positions",
    "array_prepend",
    "array_remove",
    "array_replace",
    "array_sample",
    "array_shuffle",
    "array_upper",
    "arraycontained",
    "arraycontains",
    "arrayoverlap",
    "generate_subscripts",
    "generate_subscripts_nodir",
    "json_items",
    "json_object",
    "json_object_two_arg",
    "jsonb_object",
    "jsonb_object_two_arg",
    "text_of",
    "trim_array",
];

/// Whether a function takes arrays of any shape.
pub(crate) fn takes_any_shape(name: &str) -> bool {
    TAKES_ANY_SHAPE.contains(&name) || PROCS.iter().any(|proc| proc.name == name)
}

fn int4(array: &ArrayRef) -> Result<&Int32Array> {
    array.as_primitive_opt::<Int32Type>().ok_or_else(|| unexpected(array))
}

/// The arrays held in another way.
fn reheld(args: &Args<'_>) -> Result<ArrayRef> {
    let column = args.array(0)?;
    let arrays = Arrays::new(&column)?;
    if matches!(args.result, DataType::List(_)) && arrays.are_plain() {
        return with_values(&column, Arc::clone(arrays.values()), args.result);
    }
    let mut results = Results::new();
    for row in 0..args.rows {
        results.push(arrays.get(row, 0))?;
    }
    results.finish(&[arrays.values()], args.result)
}

/// A number for each array of the first argument, and the dimension that the second one says.
pub(super) fn told(args: &Args<'_>, of: fn(&Shaped, i32) -> Option<i32>) -> Result<ArrayRef> {
    let column = args.array(0)?;
    let arrays = Arrays::new(&column)?;
    let dimensions = if args.values.len() > 1 { Some(args.array(1)?) } else { None };
    let dimensions = dimensions.as_ref().map(int4).transpose()?;
    let mut results = Int32Builder::with_capacity(args.rows);
    for row in 0..args.rows {
        let dimension = match dimensions {
            Some(dimensions) if dimensions.is_null(row) => None,
            Some(dimensions) => Some(dimensions.value(row)),
            None => Some(0),
        };
        let array = arrays.get(row, 0);
        results.append_option(dimension.zip(array).and_then(|(dimension, array)| of(&array, dimension)));
    }
    Ok(Arc::new(results.finish()))
}

pub(super) fn dims(args: &Args<'_>) -> Result<ArrayRef> {
    let column = args.array(0)?;
    let arrays = Arrays::new(&column)?;
    let texts = (0..args.rows).map(|row| arrays.get(row, 0).and_then(|array| array.array_dims()));
    Ok(Arc::new(texts.collect::<StringArray>()))
}

/// `ARRAY[a, b]` of arrays.
fn of_arrays(args: &Args<'_>) -> Result<ArrayRef> {
    let columns = (0..args.values.len()).map(|at| args.array(at)).collect::<Result<Vec<_>>>()?;
    let arrays = columns.iter().map(Arrays::new).collect::<Result<Vec<_>>>()?;
    let mut results = Results::new();
    for row in 0..args.rows {
        let of_row = arrays.iter().enumerate().map(|(source, arrays)| arrays.get(row, source));
        let array = Shaped::of_arrays(of_row.collect()).map_err(external)?;
        results.push(Some(array))?;
    }
    let sources: Vec<&ArrayRef> = arrays.iter().map(Arrays::values).collect();
    results.finish(&sources, args.result)
}

/// `array_agg` of arrays, and ARRAY(SELECT ...) of them, from lists of arrays.
fn collected(args: &Args<'_>) -> Result<ArrayRef> {
    let column = args.array(0)?;
    let lists = column.as_list_opt::<i32>().ok_or_else(|| unexpected(&column))?;
    let arrays = Arrays::new(lists.values())?;
    let mut results = Results::new();
    for row in 0..args.rows {
        if lists.is_null(row) {
            results.push(None)?;
            continue;
        }
        let offsets = lists.value_offsets();
        let mut of_row = Vec::new();
        for at in offsets[row] as usize..offsets[row + 1] as usize {
            let array = arrays.get(at, 0);
            let array = accumulated(array, of_row.first()).map_err(external)?;
            of_row.push(Some(array));
        }
        results.push(Some(Shaped::of_arrays(of_row).map_err(external)?))?;
    }
    results.finish(&[arrays.values()], args.result)
}

/// An array that may go beside the first one.
fn accumulated(array: Option<Shaped>, first: Option<&Option<Shaped>>) -> Result<Shaped, ValueError> {
    let refused = |message: &str| Err(ValueError::new(code::ARRAY_SUBSCRIPT_ERROR, message));
    let Some(array) = array else {
        return Err(ValueError::new(code::NULL_NOT_ALLOWED, "cannot accumulate null arrays"));
    };
    match first.and_then(Option::as_ref) {
        None if array.dimensions.is_empty() => refused("cannot accumulate empty arrays"),
        Some(first) if first.dimensions != array.dimensions || first.lower_bounds != array.lower_bounds => {
            refused("cannot accumulate arrays of different dimensionality")
        }
        _ => Ok(array),
    }
}

/// Numbers beside an array, one column each; `None` where one of a row is NULL.
struct Numbers {
    columns: Vec<ArrayRef>,
}

impl Numbers {
    fn behind_array(args: &Args<'_>) -> Result<Self> {
        Ok(Self { columns: (1..args.values.len()).map(|at| args.array(at)).collect::<Result<_>>()? })
    }

    fn get(&self, row: usize) -> Result<Option<Vec<i32>>> {
        let number = |column| -> Result<Option<i32>> {
            let column = int4(column)?;
            Ok((!column.is_null(row)).then(|| column.value(row)))
        };
        self.columns.iter().map(number).collect()
    }
}

/// `a[i][j]`
fn element(args: &Args<'_>) -> Result<ArrayRef> {
    let column = args.array(0)?;
    let arrays = Arrays::new(&column)?;
    let subscripts = Numbers::behind_array(args)?;
    let place = |row: usize| -> Result<Option<u32>> {
        let (Some(array), Some(subscripts)) = (arrays.get(row, 0), subscripts.get(row)?) else { return Ok(None) };
        Ok(array.element(&subscripts).and_then(|(_, at)| u32::try_from(*at).ok()))
    };
    let places = (0..args.rows).map(place).collect::<Result<UInt32Array>>()?;
    Ok(take(arrays.values(), &places, None)?)
}

/// `a[i:j][k:l]`: behind the array two bounds for each dimension.
fn slices(args: &Args<'_>) -> Result<ArrayRef> {
    let column = args.array(0)?;
    let arrays = Arrays::new(&column)?;
    let bounds = Numbers::behind_array(args)?;
    let mut results = Results::new();
    for row in 0..args.rows {
        let slices = bounds.get(row)?.map(|bounds| {
            let slice = |pair: &[i32]| Slice { lower: pair.first().copied(), upper: pair.last().copied() };
            bounds.chunks(2).map(slice).collect::<Vec<_>>()
        });
        results.push(arrays.get(row, 0).zip(slices).map(|(array, slices)| array.slice(&slices)))?;
    }
    results.finish(&[arrays.values()], args.result)
}

/// `array_eq` and its kin.
pub(super) fn compared(args: &Args<'_>, holds: fn(Ordering) -> bool) -> Result<ArrayRef> {
    let (left, right) = (args.array(0)?, args.array(1)?);
    let (left, right) = (Arrays::new(&left)?, Arrays::new(&right)?);
    let compare = make_comparator(left.values(), right.values(), SortOptions::default())?;
    let row = |row: usize| {
        let both = left.get(row, 0).zip(right.get(row, 1));
        both.map(|(a, b)| holds(a.compare_by(&b, |(_, a), (_, b)| compare(*a, *b))))
    };
    Ok(Arc::new((0..args.rows).map(row).collect::<BooleanArray>()))
}

/// Bytes that are in order as the arrays are.
fn order(args: &Args<'_>) -> Result<ArrayRef> {
    let column = args.array(0)?;
    let arrays = Arrays::new(&column)?;
    let (mut ranks, mut lower, mut lengths) =
        (Int32Builder::new(), ListBuilder::new(Int32Builder::new()), ListBuilder::new(Int32Builder::new()));
    for row in 0..args.rows {
        let array = arrays.get(row, 0).unwrap_or_default();
        ranks.append_value(array.array_ndims().unwrap_or(0));
        lengths.values().append_slice(&array.dimensions);
        lengths.append(true);
        lower.values().append_slice(&array.lower_bounds);
        lower.append(true);
    }
    let items: ArrayRef = Arc::new(arrays.items().clone());
    let parts: Vec<ArrayRef> =
        vec![items, Arc::new(ranks.finish()), Arc::new(lengths.finish()), Arc::new(lower.finish())];
    let last = SortOptions::new(false, false);
    let fields = parts.iter().map(|part| SortField::new_with_options(part.data_type().clone(), last)).collect();
    let rows = RowConverter::new(fields)?.convert_columns(&parts)?;
    let mut keys = BinaryBuilder::new();
    for row in 0..args.rows {
        match arrays.is_null(row) {
            true => keys.append_null(),
            false => keys.append_value(rows.row(row).as_ref()),
        }
        bounded(keys.values_slice().len())?;
    }
    Ok(Arc::new(keys.finish()))
}

/// `array_append(array, item)` and `array_prepend(item, array)`.
pub(super) fn extended(args: &Args<'_>, array_at: usize, item_at: usize, in_front: bool) -> Result<ArrayRef> {
    let (column, items) = (args.array(array_at)?, args.array(item_at)?);
    let arrays = Arrays::new(&column)?;
    let mut results = Results::new();
    for row in 0..args.rows {
        let array = arrays.get(row, 0).unwrap_or_default();
        let item = item_of(&items, 1, row);
        let longer = if in_front { Shaped::array_prepend(item, array) } else { array.array_append(item) };
        results.push(Some(longer.map_err(external)?))?;
    }
    results.finish(&[arrays.values(), &items], args.result)
}

fn item_of(items: &ArrayRef, source: usize, row: usize) -> Option<Place> {
    (!items.is_null(row)).then_some((source, row))
}

pub(super) fn cat(args: &Args<'_>) -> Result<ArrayRef> {
    let (left, right) = (args.array(0)?, args.array(1)?);
    let (left, right) = (Arrays::new(&left)?, Arrays::new(&right)?);
    let mut results = Results::new();
    for row in 0..args.rows {
        results.push(match (left.get(row, 0), right.get(row, 1)) {
            (Some(a), Some(b)) => Some(a.array_cat(b).map_err(external)?),
            (a, b) => a.or(b),
        })?;
    }
    results.finish(&[left.values(), right.values()], args.result)
}

/// `array_fill(item, dimensions [, lower bounds])`
fn filled(args: &Args<'_>) -> Result<ArrayRef> {
    let (items, lengths) = (args.array(0)?, args.array(1)?);
    let lower = if args.values.len() > 2 { Some(args.array(2)?) } else { None };
    let (lengths, lower) = (Arrays::new(&lengths)?, lower.as_ref().map(Arrays::new).transpose()?);
    let missing = || {
        let message = "dimension array or low bound array cannot be null";
        external(ValueError::new(code::NULL_NOT_ALLOWED, message))
    };
    let mut results = Results::new();
    for row in 0..args.rows {
        let lengths = lengths.integers(row)?.ok_or_else(missing)?;
        let lower = match &lower {
            Some(lower) => Some(lower.integers(row)?.ok_or_else(missing)?),
            None => None,
        };
        let array = array_fill(item_of(&items, 0, row), 0, &lengths, lower.as_ref());
        results.push(Some(array.map_err(external)?))?;
    }
    results.finish(&[&items], args.result)
}

/// `array_position` and `array_positions`.
pub(super) fn positions(args: &Args<'_>, all: bool) -> Result<ArrayRef> {
    let (column, value) = (args.array(0)?, args.array(1)?);
    let arrays = Arrays::new(&column)?;
    let compare = make_comparator(arrays.values(), &value, SortOptions::default())?;
    let starts = if args.values.len() > 2 { Some(args.array(2)?) } else { None };
    let starts = starts.as_ref().map(int4).transpose()?;
    let mut first = Int32Builder::new();
    let mut lists = ListBuilder::new(Int32Builder::new());
    for row in 0..args.rows {
        let array = arrays.get(row, 0);
        // The value's own place is that of its row.
        let wanted = item_of(&value, 1, row);
        let same = |item: &Place, wanted: &Place| compare(item.1, wanted.1).is_eq();
        if all {
            if let Some(array) = &array {
                let found = array.array_positions(wanted.as_ref(), same).map_err(external)?;
                lists.values().append_slice(&found);
            }
            lists.append(array.is_some());
            continue;
        }
        // Where it surely isn't found, the start isn't looked at.
        let is_searched = array.as_ref().is_some_and(|array| {
            array.dimensions.len() == 1 && (wanted.is_some() || array.items.iter().any(Option::is_none))
        });
        let start = match starts {
            Some(starts) if starts.is_null(row) && is_searched => {
                let message = "initial position must not be null";
                return Err(external(ValueError::new(code::NULL_NOT_ALLOWED, message)));
            }
            Some(starts) => (!starts.is_null(row)).then(|| starts.value(row)),
            None => None,
        };
        let found = array.map(|array| array.array_position(wanted.as_ref(), start, same)).transpose();
        first.append_option(found.map_err(external)?.flatten());
    }
    Ok(if all { Arc::new(lists.finish()) } else { Arc::new(first.finish()) })
}

/// `array_remove(array, item)`; behind them what tells the array's items and the item apart, if they don't.
pub(super) fn removed(args: &Args<'_>) -> Result<ArrayRef> {
    let (column, value) = (args.array(0)?, args.array(1)?);
    let arrays = Arrays::new(&column)?;
    let keys = keys_behind(args, 2)?.unwrap_or_else(|| (Arc::clone(&column), Arc::clone(&value)));
    let sameness = Sameness::new(&arrays, &keys)?;
    let mut results = Results::new();
    for row in 0..args.rows {
        let wanted = item_of(&value, 1, row);
        let same = |a: &Place, b: &Place| sameness.holds(row, a.1, b.1);
        let rest = arrays.get(row, 0).map(|array| array.array_remove(wanted.as_ref(), same));
        results.push(rest.transpose().map_err(external)?)?;
    }
    results.finish(&[arrays.values()], args.result)
}

/// `array_replace(array, from, to)`; behind them what tells the array's items and `from` apart, if they don't.
pub(super) fn replaced(args: &Args<'_>) -> Result<ArrayRef> {
    let (column, from, to) = (args.array(0)?, args.array(1)?, args.array(2)?);
    let arrays = Arrays::new(&column)?;
    let keys = keys_behind(args, 3)?.unwrap_or_else(|| (Arc::clone(&column), Arc::clone(&from)));
    let sameness = Sameness::new(&arrays, &keys)?;
    let mut results = Results::new();
    for row in 0..args.rows {
        let (wanted, other) = (item_of(&from, 1, row), item_of(&to, 1, row));
        let same = |a: &Place, b: &Place| sameness.holds(row, a.1, b.1);
        results.push(arrays.get(row, 0).map(|array| array.array_replace(wanted.as_ref(), other.as_ref(), same)))?;
    }
    results.finish(&[arrays.values(), &to], args.result)
}

/// The last two arguments, if there are more than `count`.
fn keys_behind(args: &Args<'_>, count: usize) -> Result<Option<(ArrayRef, ArrayRef)>> {
    match args.values.len() > count {
        true => Ok(Some((args.array(count)?, args.array(count + 1)?))),
        false => Ok(None),
    }
}

/// Whether items of arrays are the value of their row, as arrays and values of keys tell.
struct Sameness<'a> {
    arrays: &'a Arrays<'a>,
    keys: Arrays<'a>,
    compare: DynComparator,
}

impl<'a> Sameness<'a> {
    fn new(arrays: &'a Arrays<'a>, (keys, key): &'a (ArrayRef, ArrayRef)) -> Result<Self> {
        let keys = Arrays::new(keys)?;
        let compare = make_comparator(keys.values(), key, SortOptions::default())?;
        Ok(Self { arrays, keys, compare })
    }

    fn holds(&self, row: usize, item: usize, value: usize) -> bool {
        let at = self.keys.range(row).start + item - self.arrays.range(row).start;
        (self.compare)(at, value).is_eq()
    }
}

pub(super) fn trimmed(args: &Args<'_>) -> Result<ArrayRef> {
    let (column, counts) = (args.array(0)?, args.array(1)?);
    let (arrays, counts) = (Arrays::new(&column)?, int4(&counts)?);
    let mut results = Results::new();
    for row in 0..args.rows {
        let array = arrays.get(row, 0).filter(|_| !counts.is_null(row));
        results.push(array.map(|array| array.trim_array(counts.value(row))).transpose().map_err(external)?)?;
    }
    results.finish(&[arrays.values()], args.result)
}

/// `generate_subscripts(array, dimension [, reverse])`: as an array per row.
pub(super) fn subscripts(args: &Args<'_>, may_reverse: bool) -> Result<ArrayRef> {
    let (column, dimensions) = (args.array(0)?, args.array(1)?);
    let (arrays, dimensions) = (Arrays::new(&column)?, int4(&dimensions)?);
    let reverse = if may_reverse { Some(args.array(2)?) } else { None };
    let mut results = ListBuilder::new(Int32Builder::new());
    for row in 0..args.rows {
        let backwards = match &reverse {
            Some(column) => {
                let flags = column.as_boolean_opt().ok_or_else(|| unexpected(column))?;
                (!flags.is_null(row)).then(|| flags.value(row))
            }
            None => Some(false),
        };
        if let (Some(array), Some(backwards), false) = (arrays.get(row, 0), backwards, dimensions.is_null(row)) {
            array
                .generate_subscripts(dimensions.value(row), backwards)
                .for_each(|at| results.values().append_value(at));
        }
        results.append(true);
    }
    Ok(Arc::new(results.finish()))
}

/// `width_bucket(value, thresholds)`: how many thresholds, which are in order, aren't above the value.
fn bucket(args: &Args<'_>) -> Result<ArrayRef> {
    let (value, column) = (args.array(0)?, args.array(1)?);
    let thresholds = Arrays::new(&column)?;
    let compare = make_comparator(&value, thresholds.values(), SortOptions::default())?;
    let mut results = Int32Builder::with_capacity(args.rows);
    for row in 0..args.rows {
        let Some(array) = thresholds.get(row, 0).filter(|_| !value.is_null(row)) else {
            results.append_null();
            continue;
        };
        if array.dimensions.len() > 1 {
            let message = "thresholds must be one-dimensional array";
            return Err(external(ValueError::new(code::ARRAY_SUBSCRIPT_ERROR, message)));
        }
        if array.items.iter().any(Option::is_none) {
            let message = "thresholds array must not contain NULLs";
            return Err(external(ValueError::new(code::NULL_NOT_ALLOWED, message)));
        }
        let range = thresholds.range(row);
        let (mut low, mut high) = (range.start, range.end);
        while low < high {
            let middle = low + (high - low) / 2;
            match compare(row, middle) {
                Ordering::Less => high = middle,
                _ => low = middle + 1,
            }
        }
        results.append_value((low - range.start) as i32);
    }
    Ok(Arc::new(results.finish()))
}
