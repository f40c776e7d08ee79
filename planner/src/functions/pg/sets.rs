//! Functions that return several rows: as an array per row.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int32Builder, Int64Builder, ListBuilder};
use arrow::datatypes::{Int32Type, Int64Type};
use datafusion::error::Result;
use weir_values::ValueError;

use super::columns::{Args, external, unexpected};
use super::{Proc, strict};
use crate::functions::{FunctionError, MAX_BATCH_BYTES};

pub(super) const PROCS: &[Proc] = &[
    strict("generate_series_int4", int4),
    strict("generate_series_step_int4", int4),
    strict("generate_series_int8", int8),
    strict("generate_series_step_int8", int8),
];

/// The numbers from `start` to `end`, or what says that there are too many of them.
fn series(start: i64, end: i64, step: i64) -> Result<impl Iterator<Item = i64>> {
    if step == 0 {
        return Err(external(ValueError::invalid_parameter("step size cannot equal zero")));
    }
    let span = if step > 0 { i128::from(end) - i128::from(start) } else { i128::from(start) - i128::from(end) };
    let count = if span < 0 { 0 } else { span / i128::from(step).abs() + 1 };
    if count * 8 > i128::from(MAX_BATCH_BYTES) {
        return Err(FunctionError::TooLarge.into());
    }
    Ok((0..count as i64).map(move |at| start + at * step))
}

fn int4(args: &Args<'_>) -> Result<ArrayRef> {
    let columns = (0..args.values.len()).map(|at| args.array(at)).collect::<Result<Vec<_>>>()?;
    let value = |at: usize, row: usize| -> Result<Option<i64>> {
        let column = columns[at].as_primitive_opt::<Int32Type>().ok_or_else(|| unexpected(&columns[at]))?;
        Ok((!column.is_null(row)).then(|| column.value(row).into()))
    };
    let mut results = ListBuilder::new(Int32Builder::new());
    for row in 0..args.rows {
        let step = if columns.len() > 2 { value(2, row)? } else { Some(1) };
        if let (Some(start), Some(end), Some(step)) = (value(0, row)?, value(1, row)?, step) {
            series(start, end, step)?.for_each(|number| results.values().append_value(number as i32));
        }
        results.append(true);
    }
    Ok(Arc::new(results.finish()))
}

fn int8(args: &Args<'_>) -> Result<ArrayRef> {
    let columns = (0..args.values.len()).map(|at| args.array(at)).collect::<Result<Vec<_>>>()?;
    let value = |at: usize, row: usize| -> Result<Option<i64>> {
        let column = columns[at].as_primitive_opt::<Int64Type>().ok_or_else(|| unexpected(&columns[at]))?;
        Ok((!column.is_null(row)).then(|| column.value(row)))
    };
    let mut results = ListBuilder::new(Int64Builder::new());
    for row in 0..args.rows {
        let step = if columns.len() > 2 { value(2, row)? } else { Some(1) };
        if let (Some(start), Some(end), Some(step)) = (value(0, row)?, value(1, row)?, step) {
            series(start, end, step)?.for_each(|number| results.values().append_value(number));
        }
        results.append(true);
    }
    Ok(Arc::new(results.finish()))
}
