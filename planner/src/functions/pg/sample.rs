//! TABLESAMPLE: which rows of a table are drawn.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, Int64Array};
use arrow::datatypes::{DataType, Float32Type, Float64Type, Int64Type};
use arrow::row::{RowConverter, SortField};
use datafusion::error::{DataFusionError, Result};
use weir_values::{ValueError, code};

use super::columns::{Args, external};
use super::{Depends, Nulls, Proc, primitive, seeing_nulls};

pub(super) const PROCS: &[Proc] = &[
    // So many percent of all rows.
    Proc { name: "sample_drawn", kernel: drawn, nulls: Nulls::Seen, depends: Depends::Chance },
    // The same rows for the same seed: what a row is drawn by are its hash and its number among those that are like it.
    seeing_nulls("sample_repeated", repeated),
    seeing_nulls("sample_hash", hashes),
];

/// Whether rows of columns of such types can be told apart here.
pub(crate) fn is_hashed(types: impl Iterator<Item = DataType>) -> bool {
    RowConverter::supports_fields(&types.map(SortField::new).collect::<Vec<_>>())
}

/// The share of all rows that is drawn.
fn share(args: &Args<'_>) -> Result<f64> {
    let percent = args.short(0)?;
    let percent = primitive::<Float32Type>(&percent)?;
    if percent.is_empty() {
        return Ok(0.0);
    }
    if percent.is_null(0) {
        return Err(external(ValueError::new(code::INVALID_TABLESAMPLE, "TABLESAMPLE parameter cannot be null")));
    }
    match percent.value(0) {
        percent if (0.0..=100.0).contains(&percent) => Ok(f64::from(percent) / 100.0),
        _ => {
            let message = "sample percentage must be between 0 and 100";
            Err(external(ValueError::new(code::INVALID_TABLESAMPLE, message)))
        }
    }
}

fn drawn(args: &Args<'_>) -> Result<ArrayRef> {
    let share = share(args)?;
    Ok(Arc::new((0..args.rows).map(|_| Some(rand::random::<f64>() < share)).collect::<BooleanArray>()))
}

fn repeated(args: &Args<'_>) -> Result<ArrayRef> {
    let share = share(args)?;
    let (seed, hashes, numbers) = (args.short(1)?, args.array(2)?, args.array(3)?);
    let seed = primitive::<Float64Type>(&seed)?;
    if !seed.is_empty() && seed.is_null(0) {
        let message = "TABLESAMPLE REPEATABLE parameter cannot be null";
        return Err(external(ValueError::new(code::INVALID_TABLESAMPLE_REPEAT, message)));
    }
    // Zeroes are the same with any sign.
    let seed = seed.iter().next().flatten().map_or(0, |seed| (seed + 0.0).to_bits());
    let (hashes, numbers) = (primitive::<Int64Type>(&hashes)?, primitive::<Int64Type>(&numbers)?);
    let is_drawn = |at: usize| {
        let mut hasher = DefaultHasher::new();
        (seed, hashes.value(at), numbers.value(at)).hash(&mut hasher);
        // 53 bits are a float's.
        ((hasher.finish() >> 11) as f64) / ((1_u64 << 53) as f64) < share
    };
    Ok(Arc::new((0..args.rows).map(|at| Some(is_drawn(at))).collect::<BooleanArray>()))
}

fn hashes(args: &Args<'_>) -> Result<ArrayRef> {
    let columns = (0..args.values.len()).map(|at| args.array(at)).collect::<Result<Vec<_>>>()?;
    if columns.is_empty() {
        return Ok(Arc::new(Int64Array::from(vec![0; args.rows])));
    }
    let fields = columns.iter().map(|column| SortField::new(column.data_type().clone())).collect();
    let rows = RowConverter::new(fields)?.convert_columns(&columns).map_err(DataFusionError::from)?;
    let hash = |at: usize| {
        let mut hasher = DefaultHasher::new();
        rows.row(at).data().hash(&mut hasher);
        hasher.finish().cast_signed()
    };
    Ok(Arc::new((0..args.rows).map(hash).collect::<Int64Array>()))
}
