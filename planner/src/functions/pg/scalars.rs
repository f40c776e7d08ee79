//! Truth values, floats and rows: their texts and keys.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringBuilder, new_null_array};
use arrow::datatypes::{DataType, Float32Type, Float64Type, Int32Type, Int64Type};
use datafusion::error::Result;
use weir_values::ValueError;
use weir_values::record::print_column;

use super::columns::{Args, Bool, Text, map1, unexpected};
use super::{Proc, seeing_nulls, strict};
use crate::functions::{FunctionError, MAX_BATCH_BYTES};

pub(super) const PROCS: &[Proc] = &[
    strict("boolin", |args| map1::<Text, _>(args, truth)),
    strict("boolout", |args| map1::<Bool, _>(args, |flag| Ok(if flag { "t" } else { "f" }))),
    strict("float_key", float_key),
    strict("float_rank", float_rank),
    strict("float_of_rank", float_of_rank),
    // What comes of a comparison with NULL, when the other value is computed.
    seeing_nulls("never_decided", |args| Ok(new_null_array(args.result, args.rows))),
    // The same value, as one that may be NULL.
    seeing_nulls("nullable", |args| args.array(0)),
    seeing_nulls("record_of", record_of),
    strict("rows_of", |_| {
        Err(datafusion::error::DataFusionError::NotImplemented("a set-returning function in this place".to_owned()))
    }),
];

/// A truth value by any unique beginning of its names.
fn truth(text: &str) -> Result<bool, ValueError> {
    let lower = text.trim().to_ascii_lowercase();
    let begins = |word: &str, least: usize| lower.len() >= least && word.starts_with(lower.as_str());
    match () {
        () if lower == "1" || begins("true", 1) || begins("yes", 1) || lower == "on" => Ok(true),
        () if lower == "0" || begins("false", 1) || begins("no", 1) || begins("off", 2) => Ok(false),
        () => Err(ValueError::invalid_text("boolean", text)),
    }
}

/// Floats that the engine tells apart only if PostgreSQL does: one zero, and one NaN, above all.
fn float_key(args: &Args<'_>) -> Result<ArrayRef> {
    let array = args.array(0)?;
    Ok(match array.data_type() {
        DataType::Float32 => {
            let values = array.as_primitive_opt::<Float32Type>().ok_or_else(|| unexpected(&array))?;
            Arc::new(values.unary::<_, Float32Type>(|v| if v.is_nan() { f32::NAN } else { v + 0.0 }))
        }
        _ => {
            let values = array.as_primitive_opt::<Float64Type>().ok_or_else(|| unexpected(&array))?;
            Arc::new(values.unary::<_, Float64Type>(|v| if v.is_nan() { f64::NAN } else { v + 0.0 }))
        }
    })
}

/// Integers in the order that PostgreSQL gives floats: NaN above all.
fn float_rank(args: &Args<'_>) -> Result<ArrayRef> {
    let array = args.array(0)?;
    Ok(match array.data_type() {
        DataType::Float32 => {
            let values = array.as_primitive_opt::<Float32Type>().ok_or_else(|| unexpected(&array))?;
            let bits = |v: f32| if v.is_nan() { f32::NAN.to_bits() } else { v.to_bits() }.cast_signed();
            Arc::new(values.unary::<_, Int32Type>(|v| turned32(bits(v))))
        }
        _ => {
            let values = array.as_primitive_opt::<Float64Type>().ok_or_else(|| unexpected(&array))?;
            let bits = |v: f64| if v.is_nan() { f64::NAN.to_bits() } else { v.to_bits() }.cast_signed();
            Arc::new(values.unary::<_, Int64Type>(|v| turned64(bits(v))))
        }
    })
}

/// The floats again.
fn float_of_rank(args: &Args<'_>) -> Result<ArrayRef> {
    let array = args.array(0)?;
    Ok(match array.data_type() {
        DataType::Int32 => {
            let ranks = array.as_primitive_opt::<Int32Type>().ok_or_else(|| unexpected(&array))?;
            Arc::new(ranks.unary::<_, Float32Type>(|rank| f32::from_bits(turned32(rank).cast_unsigned())))
        }
        _ => {
            let ranks = array.as_primitive_opt::<Int64Type>().ok_or_else(|| unexpected(&array))?;
            Arc::new(ranks.unary::<_, Float64Type>(|rank| f64::from_bits(turned64(rank).cast_unsigned())))
        }
    })
}

/// The bits behind the sign turned round if it is set: the larger a negative float's are, the smaller it is. Done twice it
/// changes nothing.
fn turned32(bits: i32) -> i32 {
    bits ^ ((bits >> 31).cast_unsigned() >> 1).cast_signed()
}

fn turned64(bits: i64) -> i64 {
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

/// The text of a row, from its values' texts: `(1,"a b",)`.
fn record_of(args: &Args<'_>) -> Result<ArrayRef> {
    let columns = (0..args.values.len()).map(|at| args.array(at)).collect::<Result<Vec<_>>>()?;
    let mut texts = Vec::with_capacity(columns.len());
    for column in &columns {
        texts.push(column.as_string_opt::<i32>().ok_or_else(|| unexpected(column))?);
    }
    let mut results = StringBuilder::new();
    let mut row_text = String::new();
    for row in 0..args.rows {
        row_text.clear();
        row_text.push('(');
        for (at, text) in texts.iter().enumerate() {
            if at > 0 {
                row_text.push(',');
            }
            if !text.is_null(row) {
                print_column(text.value(row), &mut row_text);
            }
        }
        row_text.push(')');
        results.append_value(&row_text);
        if results.values_slice().len() as u64 > MAX_BATCH_BYTES {
            return Err(FunctionError::TooLarge.into());
        }
    }
    Ok(Arc::new(results.finish()))
}
