//! Numbers: every overflow and every division by zero is an error.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Datum, Decimal128Array, PrimitiveArray};
use arrow::buffer::NullBuffer;
use arrow::compute::kernels::numeric::{add, div, mul, neg, rem, sub};
use arrow::compute::{cast, try_binary};
use arrow::datatypes::{ArrowPrimitiveType, DataType, Decimal128Type, Float32Type, Float64Type};
use arrow::error::ArrowError;
use datafusion::error::{DataFusionError, Result};

use weir_values::{code, float};

use super::columns::{Args, Float4, Float8, external, map1, map2};

use super::{Proc, ValueError, primitive, strict};

/// Functions over integers of any width: both arguments and the result are of one.
pub(super) const PROCS: &[Proc] = &[
    strict("intpl", |args| integers(add, args)),
    strict("intmi", |args| integers(sub, args)),
    strict("intmul", |args| integers(mul, args)),
    strict("intdiv", |args| integers(div, args)),
    strict("intmod", |args| integers(rem, args)),
    strict("intum", |args| neg(&args.array(0)?).map_err(|error| of_arrow(error, args.result))),
    strict("floatpl", |args| floats(args, float::add_f64, float::add_f32)),
    strict("floatmi", |args| floats(args, float::sub_f64, float::sub_f32)),
    strict("floatmul", |args| floats(args, float::mul_f64, float::mul_f32)),
    strict("floatdiv", |args| floats(args, float::div_f64, float::div_f32)),
    strict("floatum", |args| match args.result {
        DataType::Float32 => map1::<Float4, _>(args, |value| Ok(-value)),
        _ => map1::<Float8, _>(args, |value| Ok(-value)),
    }),
    strict("dpow", |args| map2::<Float8, Float8, _>(args, float::power)),
    strict("numeric_fixed_add", |args| decimals(add, args)),
    strict("numeric_fixed_sub", |args| decimals(sub, args)),
    strict("numeric_fixed_mul", products),
    strict("numeric_fixed_mod", |args| decimals(rem, args)),
    strict("numeric_fixed_abs", |args| absolute(&args.array(0)?, args.result)),
    // The engine's own rounds half away from zero.
    strict("numeric_fixed_round", |args| Ok(cast(&args.array(0)?, args.result)?)),
    strict("numeric_fixed_uminus", |args| neg(&args.array(0)?).map_err(|error| of_arrow(error, args.result))),
];

type Arithmetic = fn(&dyn Datum, &dyn Datum) -> std::result::Result<ArrayRef, ArrowError>;

fn integers(compute: Arithmetic, args: &Args<'_>) -> Result<ArrayRef> {
    compute(&args.array(0)?, &args.array(1)?).map_err(|error| of_arrow(error, args.result))
}

/// Both arguments are of a kind of decimal that is wide enough for the result.
fn decimals(compute: Arithmetic, args: &Args<'_>) -> Result<ArrayRef> {
    let computed = compute(&args.array(0)?, &args.array(1)?).map_err(|error| of_arrow(error, args.result))?;
    Ok(if computed.data_type() == args.result { computed } else { cast(&computed, args.result)? })
}

/// Products of decimals, whose result has the digits of both together.
fn products(args: &Args<'_>) -> Result<ArrayRef> {
    let (left, right) = (args.array(0)?, args.array(1)?);
    if let (DataType::Decimal128(..), Some(a), Some(b)) =
        (args.result, left.as_primitive_opt::<Decimal128Type>(), right.as_primitive_opt::<Decimal128Type>())
        && let Some(values) = short_products(a.values(), b.values())
    {
        let products = Decimal128Array::try_new(values.into(), NullBuffer::union(a.nulls(), b.nulls()))?;
        return Ok(Arc::new(products.with_data_type(args.result.clone())));
    }
    decimals(mul, args)
}

/// Products of decimals that fit into 64 bits each, which can't overflow; `None` if one doesn't.
fn short_products(left: &[i128], right: &[i128]) -> Option<Vec<i128>> {
    let mut beyond = 0;
    let product = |(a, b): (&i128, &i128)| {
        let (short_a, short_b) = (i128::from(*a as i64), i128::from(*b as i64));
        beyond |= (a ^ short_a) | (b ^ short_b);
        short_a.wrapping_mul(short_b)
    };
    let products = left.iter().zip(right).map(product).collect();
    (beyond == 0).then_some(products)
}

fn absolute(array: &ArrayRef, result: &DataType) -> Result<ArrayRef> {
    let values = primitive::<Decimal128Type>(array)?;
    let absolute = values.unary::<_, Decimal128Type>(i128::wrapping_abs);
    Ok(Arc::new(absolute.with_data_type(result.clone())))
}

fn of_arrow(error: ArrowError, to: &DataType) -> DataFusionError {
    match error {
        ArrowError::DivideByZero => external(ValueError::division_by_zero()),
        ArrowError::ArithmeticOverflow(_) => match to {
            DataType::Int16 => external(ValueError::out_of_range("smallint")),
            DataType::Int32 => external(ValueError::out_of_range("integer")),
            DataType::Int64 => external(ValueError::out_of_range("bigint")),
            _ => external(ValueError::new(code::NUMERIC_OUT_OF_RANGE, "numeric field overflow")),
        },
        other => other.into(),
    }
}

type Checked<T> = std::result::Result<T, ValueError>;

/// Single precision is computed in single precision, as PostgreSQL does.
fn floats(
    args: &Args<'_>,
    double: fn(f64, f64) -> Checked<f64>,
    single: fn(f32, f32) -> Checked<f32>,
) -> Result<ArrayRef> {
    // A NaN has no sign: the engine would put one that has below all numbers.
    match args.result {
        DataType::Float32 => checked::<Float32Type>(args, |a, b| {
            let value = single(a, b)?;
            Ok(if value.is_nan() { f32::NAN } else { value })
        }),
        _ => checked::<Float64Type>(args, |a, b| {
            let value = double(a, b)?;
            Ok(if value.is_nan() { f64::NAN } else { value })
        }),
    }
}

fn checked<T: ArrowPrimitiveType>(
    args: &Args<'_>,
    compute: impl Fn(T::Native, T::Native) -> Checked<T::Native>,
) -> Result<ArrayRef> {
    let (left, right) = (args.array(0)?, args.array(1)?);
    let (left, right) = (primitive::<T>(&left)?, primitive::<T>(&right)?);
    let computed: PrimitiveArray<T> =
        try_binary(left, right, |a, b| compute(a, b).map_err(|error| ArrowError::ExternalError(Box::new(error))))?;
    Ok(Arc::new(computed))
}
