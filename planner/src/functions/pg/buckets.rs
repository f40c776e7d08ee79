//! `width_bucket(value, thresholds)` over columns of what the engine orders as PostgreSQL does the values.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int32Array, make_comparator};
use arrow::compute::SortOptions;
use datafusion::error::Result;

use super::columns::{Args, external, unexpected};
use super::{Proc, ValueError, strict};
use weir_values::code;

pub(super) const PROCS: &[Proc] = &[strict("bucket_of", width_bucket)];

fn width_bucket(args: &Args<'_>) -> Result<ArrayRef> {
    let (values, lists) = (args.array(0)?, args.array(1)?);
    let lists = lists.as_list_opt::<i32>().ok_or_else(|| unexpected(&lists))?;
    let thresholds = lists.values();
    let compare = make_comparator(&values, thresholds, SortOptions::default())?;
    let bucket = |row: usize| {
        if values.is_null(row) || lists.is_null(row) {
            return Ok(None);
        }
        let offsets = lists.value_offsets();
        let (start, end) = (offsets[row] as usize, offsets[row + 1] as usize);
        if (start..end).any(|at| thresholds.is_null(at)) {
            let error = ValueError::new(code::NULL_NOT_ALLOWED, "thresholds array must not contain NULLs");
            return Err(external(error));
        }
        // As many as the value isn't below, if they are in order; if not, where halving leads.
        let (mut low, mut high) = (start, end);
        while low < high {
            let middle = low + (high - low) / 2;
            match compare(row, middle) {
                Ordering::Less => high = middle,
                _ => low = middle + 1,
            }
        }
        Ok(i32::try_from(low - start).ok())
    };
    let buckets = (0..args.rows).map(bucket).collect::<Result<Int32Array>>()?;
    Ok(Arc::new(buckets))
}
