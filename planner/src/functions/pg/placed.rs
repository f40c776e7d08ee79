//! Window functions that look at a row's place in its partition, with arguments that are computed.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int32Array, new_null_array};
use arrow::compute::interleave;
use arrow::datatypes::{DataType, Field, FieldRef, Int32Type};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::function::{PartitionEvaluatorArgs, WindowUDFFieldArgs};
use datafusion::logical_expr::{PartitionEvaluator, Signature, Volatility, WindowUDF, WindowUDFImpl};
use weir_values::{ValueError, code};

use super::columns::{external, unexpected};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    /// The value, how many rows before, and what is there if none is.
    Lag,
    Lead,
    /// The number of buckets.
    Ntile,
}

/// The window function; `result` is how its results are held.
pub(crate) fn placed(place: Place, result: DataType) -> WindowUDF {
    WindowUDF::from(Placed { place, result, signature: Signature::user_defined(Volatility::Immutable) })
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Placed {
    place: Place,
    result: DataType,
    signature: Signature,
}

impl WindowUDFImpl for Placed {
    fn name(&self) -> &str {
        match self.place {
            Place::Lag => "lag",
            Place::Lead => "lead",
            Place::Ntile => "ntile",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, arguments: &[DataType]) -> Result<Vec<DataType>> {
        Ok(arguments.to_vec())
    }

    fn partition_evaluator(&self, _: PartitionEvaluatorArgs<'_>) -> Result<Box<dyn PartitionEvaluator>> {
        Ok(Box::new(Evaluator { place: self.place }))
    }

    fn field(&self, args: WindowUDFFieldArgs<'_>) -> Result<FieldRef> {
        Ok(Arc::new(Field::new(args.name(), self.result.clone(), true)))
    }
}

#[derive(Debug)]
struct Evaluator {
    place: Place,
}

impl PartitionEvaluator for Evaluator {
    fn evaluate_all(&mut self, values: &[ArrayRef], rows: usize) -> Result<ArrayRef> {
        match (self.place, values) {
            (Place::Ntile, [buckets]) => ntile(buckets, rows),
            (Place::Lag, [value, offset, otherwise]) => shifted(value, offset, otherwise, -1),
            (Place::Lead, [value, offset, otherwise]) => shifted(value, offset, otherwise, 1),
            _ => Err(DataFusionError::Internal("a window function without its arguments".to_owned())),
        }
    }
}

fn shifted(value: &ArrayRef, offsets: &ArrayRef, otherwise: &ArrayRef, direction: i64) -> Result<ArrayRef> {
    let offsets = offsets.as_primitive_opt::<Int32Type>().ok_or_else(|| unexpected(offsets))?;
    let none = new_null_array(value.data_type(), 1);
    let mut places = Vec::with_capacity(value.len());
    for row in 0..value.len() {
        if offsets.is_null(row) {
            places.push((2, 0));
            continue;
        }
        let at = row as i64 + direction * i64::from(offsets.value(row));
        places.push(match usize::try_from(at) {
            Ok(at) if at < value.len() => (0, at),
            _ => (1, row),
        });
    }
    Ok(interleave(&[value, otherwise, &none], &places)?)
}

/// The partition in so many buckets, the first of which have a row more.
fn ntile(buckets: &ArrayRef, rows: usize) -> Result<ArrayRef> {
    let buckets = buckets.as_primitive_opt::<Int32Type>().ok_or_else(|| unexpected(buckets))?;
    // The number is that of the first row that has one.
    let Some(first) = (0..rows).find(|row| buckets.is_valid(*row)) else {
        return Ok(new_null_array(&DataType::Int32, rows));
    };
    let count = buckets.value(first);
    if count <= 0 {
        let message = "argument of ntile must be greater than zero";
        return Err(external(ValueError::new(code::INVALID_NTILE, message)));
    }
    let (count, total) = (i64::from(count), rows as i64);
    let (size, larger) = (total / count, total % count);
    let bucket = |row: usize| {
        let at = row.checked_sub(first)? as i64;
        let bucket = match at < larger * (size + 1) {
            true => at / (size + 1),
            false => (at - larger * (size + 1)) / size.max(1) + larger,
        };
        i32::try_from(bucket + 1).ok()
    };
    Ok(Arc::new((0..rows).map(bucket).collect::<Int32Array>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_differ_by_one_row_at_most() {
        let buckets = |count: i32, rows: usize| {
            let counts: ArrayRef = Arc::new(Int32Array::from(vec![count; rows]));
            ntile(&counts, rows).map(|column| column.as_primitive::<Int32Type>().values().to_vec())
        };
        assert_eq!(buckets(3, 7).unwrap(), [1, 1, 1, 2, 2, 3, 3]);
        assert_eq!(buckets(5, 2).unwrap(), [1, 2]);
        assert!(buckets(0, 1).is_err());
    }
}
