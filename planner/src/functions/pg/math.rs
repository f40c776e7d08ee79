//! Functions of floats and integers (documentation, 9.3): see [`weir_values::float`].

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Float64Array, Int64Array};
use arrow::datatypes::Int64Type;
use datafusion::error::Result;
use weir_values::numeric::integer;
use weir_values::{ValueError, code, float};

use super::columns::{Args, Bool, Float4, Float8, Int2, Int4, Int8, external, map1, map2, map4};
use super::{Proc, primitive, strict};

pub(super) const PROCS: &[Proc] = &[
    strict("float8abs", |args| map1::<Float8, _>(args, |v| Ok(v.abs()))),
    strict("float4abs", |args| map1::<Float4, _>(args, |v| Ok(v.abs()))),
    strict("int2abs", |args| {
        map1::<Int2, _>(args, |v| v.checked_abs().ok_or_else(|| ValueError::out_of_range("smallint")))
    }),
    strict("int4abs", |args| {
        map1::<Int4, _>(args, |v| v.checked_abs().ok_or_else(|| ValueError::out_of_range("integer")))
    }),
    strict("int8abs", |args| {
        map1::<Int8, _>(args, |v| v.checked_abs().ok_or_else(|| ValueError::out_of_range("bigint")))
    }),
    strict("int8inc", |args| map1::<Int8, _>(args, |count| counted(count, 1))),
    strict("int8dec", |args| map1::<Int8, _>(args, |count| counted(count, -1))),
    strict("int8inc_any", |args| counted_beside(args, 1)),
    strict("int8dec_any", |args| counted_beside(args, -1)),
    strict("limit_count", |args| map1::<Int8, _>(args, |count| not_negative(count, code::INVALID_LIMIT, "LIMIT"))),
    strict("offset_count", |args| map1::<Int8, _>(args, |count| not_negative(count, code::INVALID_OFFSET, "OFFSET"))),
    // A sum of floats, and whether one of them is infinite.
    strict("float_total", |args| {
        map2::<Float8, Bool, _>(args, |total, endless| match total.is_infinite() && !endless {
            true => Err(ValueError::new(code::NUMERIC_OUT_OF_RANGE, "value out of range: overflow")),
            false => Ok(total),
        })
    }),
    strict("dpi", |args| Ok(Arc::new(Float64Array::from_value(float::pi(), args.rows)))),
    strict("dround", |args| plain(args, float::round)),
    strict("dtrunc", |args| plain(args, float::trunc)),
    strict("dceil", |args| plain(args, float::ceil)),
    strict("dfloor", |args| plain(args, float::floor)),
    strict("dsign", |args| plain(args, float::sign)),
    strict("datan", |args| plain(args, float::atan)),
    strict("datand", |args| plain(args, float::atand)),
    strict("dsinh", |args| plain(args, float::sinh)),
    strict("dcosh", |args| plain(args, float::cosh)),
    strict("dtanh", |args| plain(args, float::tanh)),
    strict("dasinh", |args| plain(args, float::asinh)),
    strict("derf", |args| plain(args, float::erf)),
    strict("derfc", |args| plain(args, float::erfc)),
    strict("dcbrt", |args| checked(args, float::cbrt)),
    strict("degrees", |args| checked(args, float::degrees)),
    strict("radians", |args| checked(args, float::radians)),
    strict("dsin", |args| checked(args, float::sin)),
    strict("dcos", |args| checked(args, float::cos)),
    strict("dtan", |args| checked(args, float::tan)),
    strict("dcot", |args| checked(args, float::cot)),
    strict("dsind", |args| checked(args, float::sind)),
    strict("dcosd", |args| checked(args, float::cosd)),
    strict("dtand", |args| checked(args, float::tand)),
    strict("dcotd", |args| checked(args, float::cotd)),
    strict("dasin", |args| checked(args, float::asin)),
    strict("dacos", |args| checked(args, float::acos)),
    strict("dasind", |args| checked(args, float::asind)),
    strict("dacosd", |args| checked(args, float::acosd)),
    strict("dacosh", |args| checked(args, float::acosh)),
    strict("datanh", |args| checked(args, float::atanh)),
    strict("dsqrt", |args| checked(args, float::sqrt)),
    strict("dexp", |args| checked(args, float::exp)),
    strict("dlog1", |args| checked(args, float::ln)),
    strict("dlog10", |args| checked(args, float::log10)),
    strict("datan2", |args| map2::<Float8, Float8, _>(args, |y, x| Ok(float::atan2(y, x)))),
    strict("datan2d", |args| map2::<Float8, Float8, _>(args, |y, x| Ok(float::atan2d(y, x)))),
    strict("int4gcd", |args| map2::<Int4, Int4, _>(args, integer::gcd_i32)),
    strict("int8gcd", |args| map2::<Int8, Int8, _>(args, integer::gcd_i64)),
    strict("int4lcm", |args| map2::<Int4, Int4, _>(args, integer::lcm_i32)),
    strict("int8lcm", |args| map2::<Int8, Int8, _>(args, integer::lcm_i64)),
    strict("int4mod", |args| map2::<Int4, Int4, _>(args, |a, b| remainder(a.into(), b.into()).map(|v| v as i32))),
    strict("int8mod", |args| map2::<Int8, Int8, _>(args, |a, b| remainder(a.into(), b.into()).map(|v| v as i64))),
    strict("int2mod", |args| map2::<Int2, Int2, _>(args, |a, b| remainder(a.into(), b.into()).map(|v| v as i16))),
    strict("int4and", |args| map2::<Int4, Int4, _>(args, |a, b| Ok(a & b))),
    strict("int8and", |args| map2::<Int8, Int8, _>(args, |a, b| Ok(a & b))),
    strict("int2and", |args| map2::<Int2, Int2, _>(args, |a, b| Ok(a & b))),
    strict("int4or", |args| map2::<Int4, Int4, _>(args, |a, b| Ok(a | b))),
    strict("int8or", |args| map2::<Int8, Int8, _>(args, |a, b| Ok(a | b))),
    strict("int2or", |args| map2::<Int2, Int2, _>(args, |a, b| Ok(a | b))),
    strict("int4xor", |args| map2::<Int4, Int4, _>(args, |a, b| Ok(a ^ b))),
    strict("int8xor", |args| map2::<Int8, Int8, _>(args, |a, b| Ok(a ^ b))),
    strict("int2xor", |args| map2::<Int2, Int2, _>(args, |a, b| Ok(a ^ b))),
    strict("int4not", |args| map1::<Int4, _>(args, |a| Ok(!a))),
    strict("int8not", |args| map1::<Int8, _>(args, |a| Ok(!a))),
    strict("int2not", |args| map1::<Int2, _>(args, |a| Ok(!a))),
    // As the machine shifts: by the places' rest.
    strict("int4shl", |args| map2::<Int4, Int4, _>(args, |a, places| Ok(a.wrapping_shl(places as u32)))),
    strict("int4shr", |args| map2::<Int4, Int4, _>(args, |a, places| Ok(a.wrapping_shr(places as u32)))),
    strict("int8shl", |args| map2::<Int8, Int4, _>(args, |a, places| Ok(a.wrapping_shl(places as u32)))),
    strict("int8shr", |args| map2::<Int8, Int4, _>(args, |a, places| Ok(a.wrapping_shr(places as u32)))),
    strict("int2shl", |args| {
        map2::<Int2, Int4, _>(args, |a, places| Ok(i32::from(a).wrapping_shl(places as u32) as i16))
    }),
    strict("int2shr", |args| {
        map2::<Int2, Int4, _>(args, |a, places| Ok(i32::from(a).wrapping_shr(places as u32) as i16))
    }),
    strict("width_bucket_float8", |args| map4::<Float8, Float8, Float8, Int4, _>(args, float::width_bucket)),
];

fn not_negative(count: i64, code: &'static str, clause: &str) -> std::result::Result<i64, ValueError> {
    match count < 0 {
        true => Err(ValueError::new(code, format!("{clause} must not be negative"))),
        false => Ok(count),
    }
}

fn plain(args: &Args<'_>, compute: fn(f64) -> f64) -> Result<ArrayRef> {
    map1::<Float8, _>(args, |value| Ok(compute(value)))
}

fn checked(args: &Args<'_>, compute: fn(f64) -> Result<f64, ValueError>) -> Result<ArrayRef> {
    map1::<Float8, _>(args, compute)
}

fn remainder(a: i128, b: i128) -> Result<i128, ValueError> {
    if b == 0 { Err(ValueError::division_by_zero()) } else { Ok(a % b) }
}

fn counted(count: i64, step: i64) -> Result<i64, ValueError> {
    count.checked_add(step).ok_or_else(|| ValueError::out_of_range("bigint"))
}

/// What `count` counts with: a value that is NULL makes it NULL.
fn counted_beside(args: &Args<'_>, step: i64) -> Result<ArrayRef> {
    let (counts, values) = (args.array(0)?, args.array(1)?);
    let values = values.logical_nulls();
    let counted = primitive::<Int64Type>(&counts)?.iter().enumerate().map(|(row, count)| match count {
        Some(count) if values.as_ref().is_none_or(|nulls| nulls.is_valid(row)) => counted(count, step).map(Some),
        _ => Ok(None),
    });
    Ok(Arc::new(counted.collect::<Result<Int64Array, _>>().map_err(external)?))
}
