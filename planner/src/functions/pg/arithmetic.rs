//! Numbers: every overflow and every division by zero is an error.

use std::sync::Arc;

use arrow::array::{ArrayRef, Datum, PrimitiveArray};
use arrow::compute::kernels::numeric::{add, div, mul, neg, rem, sub};
use arrow::compute::{cast, try_binary};
use arrow::datatypes::{ArrowNativeTypeOp, ArrowPrimitiveType, DataType, Float32Type, Float64Type};
use arrow::error::ArrowError;
use datafusion::error::{DataFusionError, Result};

use super::{Proc, ValueError, argument, primitive};

/// Functions over integers of any width: both arguments and the result are of one.
pub(super) const PROCS: &[Proc] = &[
    Proc { name: "intpl", kernel: |args, to| integers(add, args, to) },
    Proc { name: "intmi", kernel: |args, to| integers(sub, args, to) },
    Proc { name: "intmul", kernel: |args, to| integers(mul, args, to) },
    Proc { name: "intdiv", kernel: |args, to| integers(div, args, to) },
    Proc { name: "intmod", kernel: |args, to| integers(rem, args, to) },
    Proc { name: "intum", kernel: |args, to| neg(argument(args, 0)?).map_err(|error| of_arrow(error, to)) },
    Proc { name: "floatpl", kernel: |args, to| floats(args, to, |a, b| Ok(a + b)) },
    Proc { name: "floatmi", kernel: |args, to| floats(args, to, |a, b| Ok(a - b)) },
    Proc { name: "floatmul", kernel: |args, to| floats(args, to, |a, b| Ok(a * b)) },
    Proc { name: "floatdiv", kernel: |args, to| floats(args, to, divided) },
    Proc { name: "floatum", kernel: |args, to| neg(argument(args, 0)?).map_err(|error| of_arrow(error, to)) },
    Proc { name: "dpow", kernel: |args, to| floats(args, to, power) },
    Proc { name: "numeric_add", kernel: |args, to| decimals(add, args, to) },
    Proc { name: "numeric_sub", kernel: |args, to| decimals(sub, args, to) },
    Proc { name: "numeric_mul", kernel: |args, to| decimals(mul, args, to) },
    Proc { name: "numeric_mod", kernel: |args, to| decimals(rem, args, to) },
    Proc { name: "numeric_uminus", kernel: |args, to| neg(argument(args, 0)?).map_err(|error| of_arrow(error, to)) },
];

type Arithmetic = fn(&dyn Datum, &dyn Datum) -> std::result::Result<ArrayRef, ArrowError>;

fn integers(compute: Arithmetic, arguments: &[ArrayRef], to: &DataType) -> Result<ArrayRef> {
    compute(argument(arguments, 0)?, argument(arguments, 1)?).map_err(|error| of_arrow(error, to))
}

/// Both arguments are of a kind of decimal that is wide enough for the result.
fn decimals(compute: Arithmetic, arguments: &[ArrayRef], to: &DataType) -> Result<ArrayRef> {
    let computed = compute(argument(arguments, 0)?, argument(arguments, 1)?).map_err(|error| of_arrow(error, to))?;
    Ok(if computed.data_type() == to { computed } else { cast(&computed, to)? })
}

fn of_arrow(error: ArrowError, to: &DataType) -> DataFusionError {
    match error {
        ArrowError::DivideByZero => ValueError::DivisionByZero.into(),
        ArrowError::ArithmeticOverflow(_) => match to {
            DataType::Int16 => ValueError::OutOfRange("smallint").into(),
            DataType::Int32 => ValueError::OutOfRange("integer").into(),
            DataType::Int64 => ValueError::OutOfRange("bigint").into(),
            _ => ValueError::NumericOverflow.into(),
        },
        other => other.into(),
    }
}

/// Single precision is computed in single precision, as PostgreSQL does.
fn floats(args: &[ArrayRef], to: &DataType, compute: fn(f64, f64) -> Result<f64, ValueError>) -> Result<ArrayRef> {
    match to {
        DataType::Float32 => checked::<Float32Type>(args, |a, b| Ok(compute(a.into(), b.into())? as f32)),
        _ => checked::<Float64Type>(args, compute),
    }
}

fn checked<T: ArrowPrimitiveType>(
    args: &[ArrayRef],
    compute: impl Fn(T::Native, T::Native) -> Result<T::Native, ValueError>,
) -> Result<ArrayRef>
where
    T::Native: ArrowNativeTypeOp + Into<f64>,
{
    let (left, right) = (primitive::<T>(argument(args, 0)?)?, primitive::<T>(argument(args, 1)?)?);
    let computed: PrimitiveArray<T> = try_binary(left, right, |a, b| {
        let value = compute(a, b).map_err(|error| ArrowError::ExternalError(Box::new(error)))?;
        let is_infinite = |v: T::Native| v.into().is_infinite();
        match is_infinite(value) && !is_infinite(a) && !is_infinite(b) {
            true => Err(ArrowError::ExternalError(Box::new(ValueError::Overflow))),
            false => Ok(value),
        }
    })?;
    Ok(Arc::new(computed))
}

fn divided(a: f64, b: f64) -> Result<f64, ValueError> {
    if b == 0.0 && !a.is_nan() { Err(ValueError::DivisionByZero) } else { Ok(a / b) }
}

fn power(a: f64, b: f64) -> Result<f64, ValueError> {
    if a < 0.0 && b.is_finite() && b.fract() != 0.0 {
        return Err(ValueError::ComplexPower);
    }
    if a == 0.0 && b < 0.0 {
        return Err(ValueError::DivisionByZero);
    }
    Ok(a.powf(b))
}
