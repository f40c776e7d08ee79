//! Numerics whose digits behind the point depend on their values, as those of a quotient do: they are held as their text.
//! See [`weir_values::numeric`].

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Decimal128Builder, Decimal256Builder};
use arrow::datatypes::{DataType, i256};
use datafusion::error::{DataFusionError, Result};
use weir_values::numeric::Numeric;
use weir_values::{ValueError, code};

use super::columns::{Args, Float4, Float8, Int4, Int8, Text, external, map1, map2, map3, map4};
use super::{Proc, strict, string};
use crate::functions::{FunctionError, MAX_BATCH_BYTES};

pub(super) const PROCS: &[Proc] = &[
    strict("numeric_add", |args| binary(args, Numeric::add)),
    strict("numeric_sub", |args| binary(args, Numeric::sub)),
    strict("numeric_mul", |args| binary(args, Numeric::mul)),
    strict("numeric_div", |args| binary(args, Numeric::div)),
    strict("numeric_mod", |args| binary(args, Numeric::rem)),
    strict("numeric_div_trunc", |args| binary(args, Numeric::div_trunc)),
    strict("numeric_power", |args| binary(args, Numeric::power)),
    strict("numeric_log", |args| binary(args, Numeric::log)),
    strict("numeric_gcd", |args| binary(args, Numeric::gcd)),
    strict("numeric_lcm", |args| binary(args, Numeric::lcm)),
    strict("numeric_larger", |args| binary(args, |a, b| Ok(a.max(b).clone()))),
    // Of two that are equal it is the second that is shown.
    strict("numeric_smaller", |args| binary(args, |a, b| Ok(if a < b { a } else { b }.clone()))),
    strict("numeric_uminus", |args| unary(args, |a| Ok(a.neg()))),
    strict("numeric_uplus", |args| unary(args, |a| Ok(a.clone()))),
    strict("numeric_inc", |args| unary(args, |a| a.add(&Numeric::ONE))),
    strict("numeric_abs", |args| unary(args, |a| Ok(a.abs()))),
    strict("numeric_sign", |args| unary(args, |a| Ok(a.sign()))),
    strict("numeric_ceil", |args| unary(args, Numeric::ceil)),
    strict("numeric_floor", |args| unary(args, Numeric::floor)),
    strict("numeric_sqrt", |args| unary(args, Numeric::sqrt)),
    strict("numeric_exp", |args| unary(args, Numeric::exp)),
    strict("numeric_ln", |args| unary(args, Numeric::ln)),
    strict("numeric_trim_scale", |args| unary(args, |a| Ok(a.trim_scale()))),
    strict("numeric_trunc", |args| places(args, Numeric::trunc)),
    strict("numeric_round", |args| places(args, Numeric::round)),
    strict("numeric_scale", |args| map1::<Text, _>(args, |a| Ok(Numeric::parse(a)?.scale()))),
    strict("numeric_min_scale", |args| map1::<Text, _>(args, |a| Ok(Numeric::parse(a)?.min_scale()))),
    strict("numeric_fac", |args| map1::<Int8, _>(args, |number| Ok(Numeric::factorial(number)?.to_string()))),
    strict("width_bucket_numeric", |args| {
        map4::<Text, Text, Text, Int4, _>(args, |value, low, high, count| {
            Numeric::parse(value)?.width_bucket(&Numeric::parse(low)?, &Numeric::parse(high)?, count)
        })
    }),
    strict("numeric_cmp", |args| map2::<Text, Text, _>(args, |a, b| Ok(ordered(a, b)? as i32))),
    strict("numeric_eq", |args| compare(args, Ordering::is_eq)),
    strict("numeric_ne", |args| compare(args, Ordering::is_ne)),
    strict("numeric_lt", |args| compare(args, Ordering::is_lt)),
    strict("numeric_le", |args| compare(args, Ordering::is_le)),
    strict("numeric_gt", |args| compare(args, Ordering::is_gt)),
    strict("numeric_ge", |args| compare(args, Ordering::is_ge)),
    strict("numeric_key", |args| map1::<Text, _>(args, |a| Ok(Numeric::parse(a)?.sort_key()))),
    strict("text_to_numeric", |args| unary(args, |a| Ok(a.clone()))),
    strict("float_to_numeric", of_float),
    strict("numeric_rescale", |args| rescale(&args.array(0)?, args.result)),
    strict("numeric_modifier", |args| {
        map3::<Text, Int4, Int4, _>(args, |a, precision, scale| {
            Ok(Numeric::parse(a)?.with_typmod(precision, scale)?.to_string())
        })
    }),
    strict("numeric_to_float", |args| match args.result {
        DataType::Float32 => map1::<Text, _>(args, |a| Numeric::parse(a)?.to_f32()),
        _ => map1::<Text, _>(args, |a| Numeric::parse(a)?.to_f64()),
    }),
    strict("numeric_to_integer", |args| match args.result {
        DataType::Int16 => map1::<Text, _>(args, |a| Numeric::parse(a)?.to_i16()),
        DataType::Int32 => map1::<Text, _>(args, |a| Numeric::parse(a)?.to_i32()),
        _ => map1::<Text, _>(args, |a| Numeric::parse(a)?.to_i64()),
    }),
    strict("generate_series_numeric", |args| {
        map2::<Text, Text, _>(args, |start, stop| series(start, stop, Numeric::ONE))
    }),
    strict("generate_series_step_numeric", |args| {
        map3::<Text, Text, Text, _>(args, |start, stop, step| series(start, stop, Numeric::parse(step)?))
    }),
];

type Checked<T> = std::result::Result<T, ValueError>;

fn unary(args: &Args<'_>, compute: fn(&Numeric) -> Checked<Numeric>) -> Result<ArrayRef> {
    map1::<Text, _>(args, |a| Ok(compute(&Numeric::parse(a)?)?.to_string()))
}

fn binary(args: &Args<'_>, compute: fn(&Numeric, &Numeric) -> Checked<Numeric>) -> Result<ArrayRef> {
    map2::<Text, Text, _>(args, |a, b| Ok(compute(&Numeric::parse(a)?, &Numeric::parse(b)?)?.to_string()))
}

fn places(args: &Args<'_>, compute: fn(&Numeric, i32) -> Checked<Numeric>) -> Result<ArrayRef> {
    map2::<Text, Int4, _>(args, |a, places| Ok(compute(&Numeric::parse(a)?, places)?.to_string()))
}

fn ordered(a: &str, b: &str) -> Checked<Ordering> {
    Ok(Numeric::parse(a)?.cmp(&Numeric::parse(b)?))
}

fn compare(args: &Args<'_>, holds: fn(Ordering) -> bool) -> Result<ArrayRef> {
    map2::<Text, Text, _>(args, |a, b| Ok(holds(ordered(a, b)?)))
}

/// With the digits that a float has for certain: 15, or 6 in single precision.
fn of_float(args: &Args<'_>) -> Result<ArrayRef> {
    match args.array(0)?.data_type() {
        DataType::Float32 => map1::<Float4, _>(args, |value| Ok(Numeric::from_f32(value).to_string())),
        _ => map1::<Float8, _>(args, |value| Ok(Numeric::from_f64(value).to_string())),
    }
}

/// To `numeric(p, s)`, held as decimals of the engine's.
fn rescale(from: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    let texts = string(from)?;
    let fit = |text: &str, precision: u8, scale: i8| -> Checked<Numeric> {
        let value = Numeric::parse(text)?.with_typmod(precision.into(), scale.into())?;
        match value.is_nan() {
            true => Err(ValueError::new(code::FEATURE_NOT_SUPPORTED, "NaN in a numeric with a precision")),
            false => Ok(value),
        }
    };
    let too_wide = || external(ValueError::new(code::NUMERIC_OUT_OF_RANGE, "numeric field overflow"));
    match to {
        DataType::Decimal128(precision, scale) => {
            let mut results = Decimal128Builder::with_capacity(texts.len());
            for text in texts {
                match text {
                    Some(text) => {
                        let value = fit(text, *precision, *scale).map_err(external)?;
                        results.append_value(value.unscaled((*scale).into()).ok_or_else(too_wide)?);
                    }
                    None => results.append_null(),
                }
            }
            Ok(Arc::new(results.finish().with_precision_and_scale(*precision, *scale)?))
        }
        DataType::Decimal256(precision, scale) => {
            let mut results = Decimal256Builder::with_capacity(texts.len());
            for text in texts {
                match text {
                    Some(text) => {
                        let value = fit(text, *precision, *scale).map_err(external)?;
                        let bytes = value.unscaled_256((*scale).into()).ok_or_else(too_wide)?;
                        results.append_value(i256::from_le_bytes(bytes));
                    }
                    None => results.append_null(),
                }
            }
            Ok(Arc::new(results.finish().with_precision_and_scale(*precision, *scale)?))
        }
        other => Err(DataFusionError::Internal(format!("a numeric held as {other}"))),
    }
}

/// The numbers from `start` to `stop`.
fn series(start: &str, stop: &str, step: Numeric) -> Checked<Vec<Option<String>>> {
    let (mut at, stop) = (Numeric::parse(start)?, Numeric::parse(stop)?);
    for (value, what) in [(&at, "start"), (&stop, "stop"), (&step, "step size")] {
        let kind = if value.is_nan() { "NaN" } else { "infinity" };
        if !value.is_finite() {
            return Err(ValueError::invalid_parameter(
                format!("{what} value cannot be {kind}").replace("size value", "size"),
            ));
        }
    }
    if step.is_zero() {
        return Err(ValueError::invalid_parameter("step size cannot equal zero"));
    }
    let (mut all, mut bytes) = (Vec::new(), 0_u64);
    while if step.is_negative() { at >= stop } else { at <= stop } {
        let text = at.to_string();
        bytes += text.len() as u64;
        if bytes > MAX_BATCH_BYTES {
            return Err(ValueError::new(code::PROGRAM_LIMIT_EXCEEDED, FunctionError::TooLarge.to_string()));
        }
        all.push(Some(text));
        at = at.add(&step)?;
    }
    Ok(all)
}
