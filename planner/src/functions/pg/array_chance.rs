//! Arrays whose order, or items, chance chooses. What is drawn are items of the outermost dimension, whole.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::Int32Type;
use datafusion::error::Result;
use rand::seq::SliceRandom;
use weir_values::ValueError;

use super::columns::{Args, external, unexpected};
use super::shapes::{Arrays, Results, Shaped};
use super::{Proc, volatile};

pub(super) const PROCS: &[Proc] = &[volatile("array_shuffle", shuffled), volatile("array_sample", sampled)];

/// All of them in another order.
fn shuffled(args: &Args<'_>) -> Result<ArrayRef> {
    let column = args.array(0)?;
    let arrays = Arrays::new(&column)?;
    let mut results = Results::new();
    for row in 0..args.rows {
        results.push(arrays.get(row, 0).map(|array| {
            let length = array.dimensions.first().copied().unwrap_or(0);
            drawn(array, length)
        }))?;
    }
    results.finish(&[arrays.values()], args.result)
}

/// So many of them; the first one is the item 1.
fn sampled(args: &Args<'_>) -> Result<ArrayRef> {
    let (column, counts) = (args.array(0)?, args.array(1)?);
    let arrays = Arrays::new(&column)?;
    let counts = counts.as_primitive_opt::<Int32Type>().ok_or_else(|| unexpected(&counts))?;
    let mut results = Results::new();
    for row in 0..args.rows {
        let Some(array) = arrays.get(row, 0).filter(|_| !counts.is_null(row)) else {
            results.push(None)?;
            continue;
        };
        let (count, length) = (counts.value(row), array.dimensions.first().copied().unwrap_or(0));
        if !(0..=length).contains(&count) {
            let message = format!("sample size must be between 0 and {length}");
            return Err(external(ValueError::invalid_parameter(message)));
        }
        let mut sample = drawn(array, count);
        if let Some(lower) = sample.lower_bounds.first_mut() {
            *lower = 1;
        }
        results.push(Some(sample))?;
    }
    results.finish(&[arrays.values()], args.result)
}

/// So many parts of the outermost dimension, in an order that chance gives.
fn drawn(array: Shaped, count: i32) -> Shaped {
    let length = array.dimensions.first().copied().unwrap_or(0);
    let (Ok(taken), Ok(length)) = (usize::try_from(count), usize::try_from(length)) else { return Shaped::empty() };
    if taken == 0 || length == 0 {
        return Shaped::empty();
    }
    let mut parts: Vec<_> = array.items.chunks((array.items.len() / length).max(1)).collect();
    parts.shuffle(&mut rand::rng());
    let items = parts.into_iter().take(taken).flatten().copied().collect();
    let mut dimensions = array.dimensions;
    if let Some(outermost) = dimensions.first_mut() {
        *outermost = count;
    }
    Shaped { lower_bounds: array.lower_bounds, dimensions, items }
}
