//! Conversions that round, check or read text.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, PrimitiveArray, StringBuilder};
use arrow::compute::cast;
use arrow::datatypes::{ArrowPrimitiveType, DataType, Float32Type, Float64Type, Int16Type, Int32Type, Int64Type};
use datafusion::error::{DataFusionError, Result};

use weir_values::numeric::integer;
use weir_values::{code, float};

use super::columns::external;
use super::{Proc, ValueError, boolean, primitive, strict, string};

pub(super) const PROCS: &[Proc] = &[
    strict("to_integer", |args| to_integer(&args.array(0)?, args.result)),
    strict("text_to_integer", |args| text_to_integer(&args.array(0)?, args.result)),
    strict("float8_to_float4", |args| to_single(&args.array(0)?)),
    strict("to_bool", |args| int_to_bool(&args.array(0)?)),
    strict("to_numeric", |args| to_numeric(&args.array(0)?, args.result)),
    strict("rtrim_blanks", |args| rtrim(&args.array(0)?)),
    strict("bool_to_text", |args| bool_to_text(&args.array(0)?)),
];

fn type_name(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Int16 => "smallint",
        DataType::Int32 => "integer",
        DataType::Int64 => "bigint",
        _ => "numeric",
    }
}

/// Floats round half to even, numerics half away from zero.
fn to_integer(from: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    match from.data_type() {
        DataType::Float32 => round(&cast(from, &DataType::Float64)?, to),
        DataType::Float64 => round(from, to),
        // The engine's own rounds half away from zero; where it doesn't fit, there is no value.
        DataType::Decimal128(..) | DataType::Decimal256(..) => {
            let whole = match from.data_type() {
                DataType::Decimal128(..) => cast(from, &DataType::Decimal128(38, 0))?,
                _ => cast(from, &DataType::Decimal256(76, 0))?,
            };
            whole_or_error(&whole, to)
        }
        _ => whole_or_error(from, to),
    }
}

fn whole_or_error(from: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    let converted = cast(from, to)?;
    match converted.null_count() == from.null_count() {
        true => Ok(converted),
        false => Err(external(ValueError::out_of_range(type_name(to)))),
    }
}

fn round(from: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    let values = primitive::<Float64Type>(from)?;
    match to {
        DataType::Int16 => rounded::<Int16Type>(values, to, |v| (-32768.5..32767.5).contains(&v).then_some(v as i16)),
        DataType::Int32 => {
            rounded::<Int32Type>(values, to, |v| (-2147483648.5..2147483647.5).contains(&v).then_some(v as i32))
        }
        _ => {
            let limit = 9_223_372_036_854_775_808.0;
            rounded::<Int64Type>(values, to, |v| (-limit..limit).contains(&v).then_some(v as i64))
        }
    }
}

fn rounded<T: ArrowPrimitiveType>(
    values: &PrimitiveArray<Float64Type>,
    to: &DataType,
    convert: impl Fn(f64) -> Option<T::Native>,
) -> Result<ArrayRef> {
    let converted = values.try_unary::<_, T, _>(|value| {
        convert(value.round_ties_even()).ok_or_else(|| external(ValueError::out_of_range(type_name(to))))
    });
    Ok(Arc::new(converted?))
}

fn to_single(from: &ArrayRef) -> Result<ArrayRef> {
    let narrowed = primitive::<Float64Type>(from)?
        .try_unary::<_, Float32Type, DataFusionError>(|value| float::f64_to_f32(value).map_err(external));
    Ok(Arc::new(narrowed?))
}

fn text_to_integer(from: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    match to {
        DataType::Int16 => parsed::<Int16Type>(from, integer::parse_i16),
        DataType::Int32 => parsed::<Int32Type>(from, integer::parse_i32),
        _ => parsed::<Int64Type>(from, integer::parse_i64),
    }
}

fn parsed<T: ArrowPrimitiveType>(
    from: &ArrayRef,
    parse: impl Fn(&str) -> std::result::Result<T::Native, ValueError>,
) -> Result<ArrayRef> {
    let values = string(from)?.iter().map(|text| text.map(&parse).transpose());
    let values = values.collect::<std::result::Result<PrimitiveArray<T>, ValueError>>();
    Ok(Arc::new(values.map_err(external)?))
}

fn int_to_bool(from: &ArrayRef) -> Result<ArrayRef> {
    let values = primitive::<Int32Type>(from)?;
    Ok(Arc::new(values.iter().map(|value| value.map(|v| v != 0)).collect::<BooleanArray>()))
}

/// To a numeric with this many digits; rounds half away from zero.
fn to_numeric(from: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    let exact = match from.data_type() {
        // Through the shortest decimal form, as PostgreSQL does with 15 digits, or 6 of single precision.
        DataType::Float32 | DataType::Float64 => {
            return Err(DataFusionError::NotImplemented("float to numeric".to_owned()));
        }
        _ => cast(from, to)?,
    };
    match exact.null_count() == from.null_count() {
        true => Ok(exact),
        false => Err(external(ValueError::new(code::NUMERIC_OUT_OF_RANGE, "numeric field overflow"))),
    }
}

fn rtrim(from: &ArrayRef) -> Result<ArrayRef> {
    let mut trimmed = StringBuilder::new();
    string(from)?.iter().for_each(|text| trimmed.append_option(text.map(|t| t.trim_end_matches(' '))));
    Ok(Arc::new(trimmed.finish()))
}

fn bool_to_text(from: &ArrayRef) -> Result<ArrayRef> {
    let mut texts = StringBuilder::new();
    boolean(from)?.iter().for_each(|flag| texts.append_option(flag.map(|f| if f { "true" } else { "false" })));
    Ok(Arc::new(texts.finish()))
}
