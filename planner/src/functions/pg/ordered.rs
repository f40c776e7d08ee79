//! Ordered-set aggregates over the ordered arrays of their values (documentation, 9.21).

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray, UInt32Array, make_comparator};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::{SortOptions, take};
use arrow::datatypes::{DataType, Float64Type, IntervalMonthDayNanoType};
use datafusion::error::{DataFusionError, Result};
use weir_values::{ValueError, code};

use super::columns::{Args, external, unexpected};
use super::datetime_types::{held, interval};
use super::{Proc, primitive, strict};

/// The fraction, or an array of them, and the values in order.
pub(super) const PROCS: &[Proc] = &[
    strict("percentile_disc", discrete),
    strict("percentile_cont", continuous),
    // The values in order, and their keys in the same order.
    strict("mode", mode),
];

fn list(array: &ArrayRef) -> Result<&ListArray> {
    array.as_list_opt::<i32>().ok_or_else(|| unexpected(array))
}

fn items(list: &ListArray, row: usize) -> Range<usize> {
    let offsets = list.value_offsets();
    offsets[row] as usize..offsets[row + 1] as usize
}

/// The fractions of each row: one, or as many as its array has.
struct Fractions {
    values: ArrayRef,
    ranges: Vec<Range<usize>>,
    /// Of arrays, which of them are none.
    shape: Option<(OffsetBuffer<i32>, Option<NullBuffer>)>,
}

impl Fractions {
    fn of(args: &Args<'_>) -> Result<Self> {
        let fractions = args.array(0)?;
        match fractions.as_list_opt::<i32>() {
            None => {
                Ok(Self { values: fractions, ranges: (0..args.rows).map(|row| row..row + 1).collect(), shape: None })
            }
            Some(list) => Ok(Self {
                values: Arc::clone(list.values()),
                ranges: (0..args.rows).map(|row| items(list, row)).collect(),
                shape: Some((list.offsets().clone(), list.nulls().cloned())),
            }),
        }
    }

    /// What `pick` gives for each fraction that has one, in the form of the result.
    fn shaped(self, picked: ArrayRef, result: &DataType) -> Result<ArrayRef> {
        match (self.shape, result) {
            (Some((offsets, nulls)), DataType::List(field)) => {
                Ok(Arc::new(ListArray::try_new(Arc::clone(field), offsets, picked, nulls)?))
            }
            _ => Ok(picked),
        }
    }

    /// Calls for each fraction with its value and its row's items, if both are there.
    fn each<T>(
        &self,
        list: &ListArray,
        mut pick: impl FnMut(f64, Range<usize>) -> Result<T>,
    ) -> Result<Vec<Option<T>>> {
        let fractions = primitive::<Float64Type>(&self.values)?;
        let mut all = vec![];
        all.resize_with(fractions.len(), || None);
        for (row, range) in self.ranges.iter().enumerate() {
            for at in range.clone() {
                let within = items(list, row);
                if fractions.is_null(at) || list.is_null(row) || within.is_empty() {
                    continue;
                }
                let fraction = fractions.value(at);
                if !(0.0..=1.0).contains(&fraction) {
                    let message = format!("percentile value {fraction} is not between 0 and 1");
                    return Err(external(ValueError::new(code::NUMERIC_OUT_OF_RANGE, message)));
                }
                let picked = pick(fraction, within)?;
                if let Some(slot) = all.get_mut(at) {
                    *slot = Some(picked);
                }
            }
        }
        Ok(all)
    }
}

/// The first value at or behind the fraction of all.
fn discrete(args: &Args<'_>) -> Result<ArrayRef> {
    let (fractions, values) = (Fractions::of(args)?, args.array(1)?);
    let values = list(&values)?;
    let places = fractions.each(values, |fraction, within| {
        let place = (fraction * within.len() as f64).ceil() as usize;
        Ok((within.start + place.max(1) - 1) as u32)
    })?;
    let picked = take(values.values(), &UInt32Array::from(places), None)?;
    fractions.shaped(picked, args.result)
}

/// Between the two values around the fraction.
fn continuous(args: &Args<'_>) -> Result<ArrayRef> {
    let (fractions, values) = (Fractions::of(args)?, args.array(1)?);
    let values = list(&values)?;
    let around = |fraction: f64, within: &Range<usize>| {
        let place = fraction * (within.len() - 1) as f64;
        let (low, high) = (place.floor(), place.ceil());
        (within.start + low as usize, within.start + high as usize, place - low)
    };
    let picked: ArrayRef = match values.value_type() {
        DataType::Float64 => {
            let numbers = primitive::<Float64Type>(values.values())?;
            let between = fractions.each(values, |fraction, within| {
                let (low, high, share) = around(fraction, &within);
                let (a, b) = (numbers.value(low), numbers.value(high));
                Ok(if low == high { a } else { a + (b - a) * share })
            })?;
            Arc::new(between.into_iter().collect::<arrow::array::Float64Array>())
        }
        DataType::Interval(_) => {
            let spans = primitive::<IntervalMonthDayNanoType>(values.values())?;
            let span = |at: usize| interval(spans.value(at));
            let between = fractions.each(values, |fraction, within| {
                let (low, high, share) = around(fraction, &within);
                let (a, b) = (span(low), span(high));
                let found = match low == high {
                    true => Ok(a),
                    false => b.minus(a).and_then(|step| step.times(share)).and_then(|part| part.plus(a)),
                };
                found.and_then(held).map_err(external)
            })?;
            Arc::new(between.into_iter().collect::<arrow::array::IntervalMonthDayNanoArray>())
        }
        other => return Err(DataFusionError::Internal(format!("a percentile of {other}"))),
    };
    fractions.shaped(picked, args.result)
}

/// The value that is there most often, the first of those.
fn mode(args: &Args<'_>) -> Result<ArrayRef> {
    let (values, keys) = (args.array(0)?, args.array(1)?);
    let (values, keys) = (list(&values)?, list(&keys)?);
    let compare = make_comparator(keys.values(), keys.values(), SortOptions::default())?;
    let mut places = Vec::with_capacity(args.rows);
    for row in 0..args.rows {
        if values.is_null(row) || keys.is_null(row) {
            places.push(None);
            continue;
        }
        let (within, shown) = (items(keys, row), items(values, row));
        let (mut best, mut run_start) = (None, within.start);
        for at in within.clone() {
            if compare(at, run_start).is_ne() {
                run_start = at;
            }
            let length = at - run_start + 1;
            if best.is_none_or(|(_, most)| length > most) {
                best = Some((run_start, length));
            }
        }
        places.push(best.map(|(at, _)| (shown.start + at - within.start) as u32));
    }
    Ok(take(values.values(), &UInt32Array::from(places), None)?)
}
