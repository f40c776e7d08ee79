//! Numerics whose digits behind the point depend on their values, as those of a quotient do. They are held as their text.
//!
//! The digits of results follow numeric.c. A value has at most 76 digits; beyond that there is an error.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BinaryBuilder, BooleanArray, StringArray, StringBuilder};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type, Decimal256Type, Float64Type, i256};
use datafusion::error::Result;

use super::{Proc, ValueError, argument, invalid_text, primitive, string};

pub(super) const PROCS: &[Proc] = &[
    Proc { name: "numeric_text_add", kernel: |args, _| binary(args, Numeric::add) },
    Proc { name: "numeric_text_sub", kernel: |args, _| binary(args, |a, b| a.add(b.negated())) },
    Proc { name: "numeric_text_mul", kernel: |args, _| binary(args, Numeric::multiply) },
    Proc { name: "numeric_div", kernel: |args, _| binary(args, Numeric::divide) },
    Proc { name: "numeric_text_mod", kernel: |args, _| binary(args, Numeric::modulo) },
    Proc { name: "numeric_text_uminus", kernel: |args, _| unary(args, |a| Ok(a.negated())) },
    Proc { name: "numeric_eq", kernel: |args, _| compare(args, Ordering::is_eq) },
    Proc { name: "numeric_ne", kernel: |args, _| compare(args, Ordering::is_ne) },
    Proc { name: "numeric_lt", kernel: |args, _| compare(args, Ordering::is_lt) },
    Proc { name: "numeric_le", kernel: |args, _| compare(args, Ordering::is_le) },
    Proc { name: "numeric_gt", kernel: |args, _| compare(args, Ordering::is_gt) },
    Proc { name: "numeric_ge", kernel: |args, _| compare(args, Ordering::is_ge) },
    Proc { name: "numeric_key", kernel: |args, _| keys(argument(args, 0)?) },
    Proc { name: "text_to_numeric", kernel: |args, _| unary(args, Ok) },
    Proc { name: "float_to_numeric", kernel: |args, _| of_float(argument(args, 0)?) },
    Proc { name: "numeric_rescale", kernel: |args, to| rescale(argument(args, 0)?, to) },
    Proc { name: "numeric_to_float", kernel: |args, to| to_float(argument(args, 0)?, to) },
    Proc { name: "numeric_to_integer", kernel: |args, to| to_integer(argument(args, 0)?, to) },
];

/// Places that a quotient shows at least, counted from its first digit (`NUMERIC_MIN_SIG_DIGITS`).
const MIN_SIGNIFICANT: i32 = 16;
/// Most places behind the point (`NUMERIC_MAX_DISPLAY_SCALE`).
const MAX_SCALE: i32 = 1000;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Numeric {
    Finite { coefficient: i256, scale: i32 },
    NegativeInfinity,
    Infinity,
    NaN,
}

use Numeric::{Finite, Infinity, NaN, NegativeInfinity};

type Checked = Result<Numeric, ValueError>;

fn ten_to(exponent: i32) -> Result<i256, ValueError> {
    let exponent = u32::try_from(exponent).map_err(|_| ValueError::NumericOverflow)?;
    i256::from_i128(10).checked_pow(exponent).ok_or(ValueError::NumericOverflow)
}

impl Numeric {
    fn parse(text: &str) -> Checked {
        let trimmed = text.trim();
        let invalid = || invalid_text("numeric", text);
        match trimmed.to_ascii_lowercase().as_str() {
            "nan" => return Ok(NaN),
            "infinity" | "+infinity" | "inf" | "+inf" => return Ok(Infinity),
            "-infinity" | "-inf" => return Ok(NegativeInfinity),
            _ => {}
        }
        let (mantissa, exponent) = match trimmed.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| invalid())?),
            None => (trimmed, 0),
        };
        let (is_negative, digits) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !is_digits(whole) || !is_digits(fraction) {
            return Err(invalid());
        }
        let mut magnitude = i256::ZERO;
        for chunk in [whole, fraction] {
            magnitude = append(magnitude, chunk)?;
        }
        let scale = i32::try_from(fraction.len()).map_err(|_| ValueError::NumericOverflow)?.saturating_sub(exponent);
        if scale < 0 {
            magnitude = magnitude.checked_mul(ten_to(-scale)?).ok_or(ValueError::NumericOverflow)?;
        }
        let coefficient = if is_negative { magnitude.wrapping_neg() } else { magnitude };
        Ok(Finite { coefficient, scale: scale.max(0) })
    }

    fn negated(self) -> Self {
        match self {
            Finite { coefficient, scale } => Finite { coefficient: coefficient.wrapping_neg(), scale },
            Infinity => NegativeInfinity,
            NegativeInfinity => Infinity,
            NaN => NaN,
        }
    }

    fn sign(self) -> i32 {
        match self {
            Finite { coefficient, .. } if coefficient == i256::ZERO => 0,
            Finite { coefficient, .. } if coefficient < i256::ZERO => -1,
            NegativeInfinity => -1,
            _ => 1,
        }
    }

    fn add(self, other: Self) -> Checked {
        match (self, other) {
            (NaN, _) | (_, NaN) | (Infinity, NegativeInfinity) | (NegativeInfinity, Infinity) => Ok(NaN),
            (Finite { .. }, infinite @ (Infinity | NegativeInfinity)) => Ok(infinite),
            (infinite @ (Infinity | NegativeInfinity), _) => Ok(infinite),
            (a, b) => {
                let (a, b, scale) = aligned(a, b)?;
                let coefficient = a.checked_add(b).ok_or(ValueError::NumericOverflow)?;
                Ok(Finite { coefficient, scale })
            }
        }
    }

    fn multiply(self, other: Self) -> Checked {
        match (self, other) {
            (Finite { coefficient: a, scale: s }, Finite { coefficient: b, scale: t }) => {
                let coefficient = a.checked_mul(b).ok_or(ValueError::NumericOverflow)?;
                Finite { coefficient, scale: s + t }.rounded((s + t).min(MAX_SCALE))
            }
            (a, b) => Ok(match a.sign() * b.sign() {
                _ if a == NaN || b == NaN => NaN,
                0 => NaN,
                1 => Infinity,
                _ => NegativeInfinity,
            }),
        }
    }

    fn divide(self, other: Self) -> Checked {
        match (self, other) {
            (NaN, _) | (_, NaN) => Ok(NaN),
            (_, divisor) if divisor.sign() == 0 => Err(ValueError::DivisionByZero),
            (Infinity | NegativeInfinity, Infinity | NegativeInfinity) => Ok(NaN),
            (a @ (Infinity | NegativeInfinity), b) => Ok(if b.sign() < 0 { a.negated() } else { a }),
            (_, Infinity | NegativeInfinity) => Ok(Finite { coefficient: i256::ZERO, scale: 0 }),
            (Finite { coefficient: a, scale: s }, Finite { coefficient: b, scale: t }) => {
                let scale = quotient_scale((a, s), (b, t));
                // One place more than is shown isn't enough to round by: the remainder says which way.
                let shift = scale + t - s;
                let (a, b) = match shift >= 0 {
                    true => (a.checked_mul(ten_to(shift)?).ok_or(ValueError::NumericOverflow)?, b),
                    false => (a, b.checked_mul(ten_to(-shift)?).ok_or(ValueError::NumericOverflow)?),
                };
                Ok(Finite { coefficient: rounded_quotient(a, b)?, scale })
            }
        }
    }

    /// The remainder has the dividend's sign.
    fn modulo(self, other: Self) -> Checked {
        match (self, other) {
            (NaN, _) | (_, NaN) => Ok(NaN),
            (_, divisor) if divisor.sign() == 0 => Err(ValueError::DivisionByZero),
            (Infinity | NegativeInfinity, _) => Ok(NaN),
            (a, Infinity | NegativeInfinity) => Ok(a),
            (a, b) => {
                let (a, b, scale) = aligned(a, b)?;
                let coefficient = a.checked_rem(b).ok_or(ValueError::NumericOverflow)?;
                Ok(Finite { coefficient, scale })
            }
        }
    }

    /// To so many places, halves away from zero.
    fn rounded(self, places: i32) -> Checked {
        let Finite { coefficient, scale } = self else { return Ok(self) };
        let coefficient = match places >= scale {
            true => coefficient.checked_mul(ten_to(places - scale)?).ok_or(ValueError::NumericOverflow)?,
            false => rounded_quotient(coefficient, ten_to(scale - places)?)?,
        };
        Ok(Finite { coefficient, scale: places })
    }

    /// Its kind; the place of its first digit; its digits. What is negative is ordered the other way round.
    fn key(self) -> Vec<u8> {
        let (coefficient, scale) = match self {
            NegativeInfinity => return vec![0],
            Finite { coefficient, .. } if coefficient == i256::ZERO => return vec![2],
            Finite { coefficient, scale } => (coefficient, scale),
            Infinity => return vec![4],
            NaN => return vec![5],
        };
        let digits = coefficient.wrapping_abs().to_string();
        let first = digits.len() as i32 - scale;
        let place = (first + i32::from(i16::MAX)).clamp(0, i32::from(u16::MAX)) as u16;
        let mut key = place.to_be_bytes().to_vec();
        key.extend_from_slice(digits.trim_end_matches('0').as_bytes());
        if coefficient > i256::ZERO {
            key.insert(0, 3);
            return key;
        }
        // Of two that begin alike the longer one is the lesser.
        key.push(0);
        key.iter_mut().for_each(|byte| *byte = !*byte);
        key.insert(0, 1);
        key
    }

    /// NaN is above all and equals itself.
    fn compared(self, other: Self) -> Result<Ordering, ValueError> {
        let rank = |value: Self| match value {
            NegativeInfinity => 0,
            Finite { .. } => 1,
            Infinity => 2,
            NaN => 3,
        };
        match (self, other) {
            (Finite { .. }, Finite { .. }) => {
                let (a, b, _) = aligned(self, other)?;
                Ok(a.cmp(&b))
            }
            (a, b) => Ok(rank(a).cmp(&rank(b))),
        }
    }
}

fn append(mut magnitude: i256, digits: &str) -> Result<i256, ValueError> {
    let bytes = digits.as_bytes();
    for chunk in bytes.chunks(18) {
        let value = chunk.iter().fold(0_i64, |value, digit| value * 10 + i64::from(digit - b'0'));
        magnitude = magnitude.checked_mul(ten_to(chunk.len() as i32)?).ok_or(ValueError::NumericOverflow)?;
        magnitude = magnitude.checked_add(i256::from(value)).ok_or(ValueError::NumericOverflow)?;
    }
    Ok(magnitude)
}

/// Both as integers of the finer scale.
fn aligned(a: Numeric, b: Numeric) -> Result<(i256, i256, i32), ValueError> {
    match (a, b) {
        (Finite { coefficient: a, scale: s }, Finite { coefficient: b, scale: t }) => {
            let scale = s.max(t);
            let to = |value: i256, from| value.checked_mul(ten_to(scale - from).ok()?);
            let (a, b) = (to(a, s), to(b, t));
            Ok((a.ok_or(ValueError::NumericOverflow)?, b.ok_or(ValueError::NumericOverflow)?, scale))
        }
        _ => Err(ValueError::NumericOverflow),
    }
}

fn rounded_quotient(a: i256, b: i256) -> Result<i256, ValueError> {
    let (quotient, remainder) = match (a.to_i128(), b.to_i128()) {
        (Some(a), Some(b)) if b != 0 && !(a == i128::MIN && b == -1) => {
            (i256::from_i128(a / b), i256::from_i128(a % b))
        }
        _ => (a.checked_div(b).ok_or(ValueError::DivisionByZero)?, a.checked_rem(b).ok_or(ValueError::DivisionByZero)?),
    };
    let twice = remainder.wrapping_abs().checked_mul(i256::from_i128(2)).ok_or(ValueError::NumericOverflow)?;
    if twice < b.wrapping_abs() {
        return Ok(quotient);
    }
    let away = if (a < i256::ZERO) == (b < i256::ZERO) { i256::ONE } else { i256::MINUS_ONE };
    quotient.checked_add(away).ok_or(ValueError::NumericOverflow)
}

/// Where a value's first digit in base 10,000 stands, and that digit (0 and 0 of zero).
fn leading(coefficient: i256, scale: i32) -> (i32, i32) {
    if coefficient == i256::ZERO {
        return (0, 0);
    }
    let digits = coefficient.wrapping_abs().to_string();
    let exponent = digits.len() as i32 - 1 - scale;
    let weight = exponent.div_euclid(4);
    let length = (exponent - 4 * weight + 1) as usize;
    let padded = format!("{digits:0<length$}");
    (weight, padded.get(..length).and_then(|first| first.parse().ok()).unwrap_or(0))
}

/// `select_div_scale`
fn quotient_scale((a, s): (i256, i32), (b, t): (i256, i32)) -> i32 {
    let ((weight_a, first_a), (weight_b, first_b)) = (leading(a, s), leading(b, t));
    let weight = weight_a - weight_b - i32::from(first_a <= first_b);
    (MIN_SIGNIFICANT - weight * 4).max(s).max(t).clamp(0, MAX_SCALE)
}

impl fmt::Display for Numeric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (coefficient, scale) = match self {
            Finite { coefficient, scale } => (coefficient, *scale as usize),
            Infinity => return f.write_str("Infinity"),
            NegativeInfinity => return f.write_str("-Infinity"),
            NaN => return f.write_str("NaN"),
        };
        if *coefficient < i256::ZERO {
            f.write_str("-")?;
        }
        let digits = coefficient.wrapping_abs().to_string();
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        f.write_str(whole)?;
        if scale > 0 { write!(f, ".{fraction}") } else { Ok(()) }
    }
}

fn texts(args: &[ArrayRef], at: usize) -> Result<&StringArray> {
    string(argument(args, at)?)
}

fn unary(args: &[ArrayRef], compute: fn(Numeric) -> Checked) -> Result<ArrayRef> {
    let values = texts(args, 0)?;
    let mut results = StringBuilder::new();
    for value in values {
        match value {
            Some(value) => append_value(&mut results, compute(Numeric::parse(value)?)?),
            None => results.append_null(),
        }
    }
    Ok(Arc::new(results.finish()))
}

fn binary(args: &[ArrayRef], compute: fn(Numeric, Numeric) -> Checked) -> Result<ArrayRef> {
    let mut results = StringBuilder::new();
    for pair in texts(args, 0)?.iter().zip(texts(args, 1)?) {
        match pair {
            (Some(a), Some(b)) => append_value(&mut results, compute(Numeric::parse(a)?, Numeric::parse(b)?)?),
            _ => results.append_null(),
        }
    }
    Ok(Arc::new(results.finish()))
}

fn append_value(results: &mut StringBuilder, value: Numeric) {
    results.append_value(value.to_string());
}

fn compare(args: &[ArrayRef], holds: fn(Ordering) -> bool) -> Result<ArrayRef> {
    let pairs = texts(args, 0)?.iter().zip(texts(args, 1)?);
    let compared = pairs.map(|pair| match pair {
        (Some(a), Some(b)) => Ok(Some(holds(Numeric::parse(a)?.compared(Numeric::parse(b)?)?))),
        _ => Ok(None),
    });
    Ok(Arc::new(compared.collect::<Result<BooleanArray>>()?))
}

/// Bytes that are ordered as the values are, and the same for values that are equal.
fn keys(from: &ArrayRef) -> Result<ArrayRef> {
    let mut keys = BinaryBuilder::new();
    for text in string(from)? {
        match text {
            Some(text) => keys.append_value(Numeric::parse(text)?.key()),
            None => keys.append_null(),
        }
    }
    Ok(Arc::new(keys.finish()))
}

/// To `numeric(p, s)`.
fn rescale(from: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    let (precision, scale) = match to {
        DataType::Decimal128(precision, scale) | DataType::Decimal256(precision, scale) => (*precision, *scale),
        _ => return Err(ValueError::NumericOverflow.into()),
    };
    let limit = ten_to(precision.into())?;
    let fit = |text: &str| match Numeric::parse(text)?.rounded(scale.into())? {
        Finite { coefficient, .. } if coefficient.wrapping_abs() < limit => Ok(coefficient),
        _ => Err(ValueError::NumericOverflow),
    };
    let values = string(from)?.iter().map(|text| text.map(fit).transpose());
    Ok(match to {
        DataType::Decimal128(..) => {
            let narrow = values.map(|v| v.map(|v| v.and_then(i256::to_i128)));
            let array = narrow.collect::<Result<arrow::array::PrimitiveArray<Decimal128Type>, ValueError>>()?;
            Arc::new(array.with_precision_and_scale(precision, scale)?)
        }
        _ => {
            let array = values.collect::<Result<arrow::array::PrimitiveArray<Decimal256Type>, ValueError>>()?;
            Arc::new(array.with_precision_and_scale(precision, scale)?)
        }
    })
}

fn to_float(from: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    let converted = cast(from, to)?;
    match converted.null_count() == from.null_count() {
        true => Ok(converted),
        false => Err(ValueError::OutOfRange("double precision").into()),
    }
}

fn to_integer(from: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    let whole = unary(&[Arc::clone(from)], |value| value.rounded(0))?;
    let converted = cast(&whole, to)?;
    let name = match to {
        DataType::Int16 => "smallint",
        DataType::Int32 => "integer",
        _ => "bigint",
    };
    match converted.null_count() == from.null_count() {
        true => Ok(converted),
        false => Err(ValueError::OutOfRange(name).into()),
    }
}

/// With the digits that a float has for certain: 15, or 6 in single precision.
fn of_float(from: &ArrayRef) -> Result<ArrayRef> {
    let places = if from.data_type() == &DataType::Float32 { 5 } else { 14 };
    let wide = cast(from, &DataType::Float64)?;
    let mut results = StringBuilder::new();
    for value in primitive::<Float64Type>(&wide)? {
        match value {
            None => results.append_null(),
            Some(value) if !value.is_finite() => append_value(&mut results, Numeric::parse(&value.to_string())?),
            Some(value) => {
                let text = format!("{value:.places$e}");
                let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
                let shortest = mantissa.trim_end_matches('0').trim_end_matches('.');
                append_value(&mut results, Numeric::parse(&format!("{shortest}e{exponent}"))?);
            }
        }
    }
    Ok(Arc::new(results.finish()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn computed(compute: fn(Numeric, Numeric) -> Checked, a: &str, b: &str) -> String {
        compute(Numeric::parse(a).unwrap(), Numeric::parse(b).unwrap()).unwrap().to_string()
    }

    /// What PostgreSQL 17 prints.
    #[test]
    fn quotients_have_postgresqls_digits() {
        for (a, b, quotient) in [
            ("1.0", "3", "0.33333333333333333333"),
            ("10", "4.0", "2.5000000000000000"),
            ("7", "3", "2.3333333333333333"),
            ("100000", "3", "33333.333333333333"),
            ("1", "30000", "0.000033333333333333333333"),
            ("-2", "3", "-0.66666666666666666667"),
            ("0", "3", "0.00000000000000000000"),
            ("1", "Infinity", "0"),
            ("-Infinity", "-2", "Infinity"),
            ("NaN", "0", "NaN"),
        ] {
            assert_eq!(computed(Numeric::divide, a, b), quotient, "{a} / {b}");
        }
    }

    #[test]
    fn results_keep_the_places_of_their_arguments() {
        assert_eq!(computed(Numeric::add, "0.1", "0.20"), "0.30");
        assert_eq!(computed(Numeric::multiply, "1.50", "-2.0"), "-3.000");
        assert_eq!(computed(Numeric::modulo, "-7.5", "2"), "-1.5");
        assert_eq!(Numeric::parse("-0.004").unwrap().rounded(2).unwrap().to_string(), "0.00");
        assert_eq!(Numeric::parse("2.5").unwrap().rounded(0).unwrap().to_string(), "3");
        assert_eq!(Numeric::parse("1e3").unwrap().to_string(), "1000");
        assert_eq!(Numeric::parse("1.").unwrap().to_string(), "1");
    }

    #[test]
    fn keys_are_ordered_as_values_are() {
        let ordered = [
            "-Infinity",
            "-12",
            "-1.5",
            "-1.25",
            "-0.1",
            "-0.01",
            "0",
            "0.01",
            "0.1",
            "1",
            "1.5",
            "9",
            "10",
            "Infinity",
            "NaN",
        ];
        let keys: Vec<_> = ordered.iter().map(|text| Numeric::parse(text).unwrap().key()).collect();
        assert!(keys.is_sorted_by(|a, b| a < b), "{keys:?}");
        for (a, b) in [("1", "1.00"), ("-0", "0.0"), ("100", "1e2")] {
            assert_eq!(Numeric::parse(a).unwrap().key(), Numeric::parse(b).unwrap().key(), "{a} and {b}");
        }
    }

    #[test]
    fn what_is_no_number_is_named() {
        for text in ["", "x", "1x", "--1", "1e", ".", "1 2"] {
            assert_eq!(Numeric::parse(text), Err(invalid_text("numeric", text)), "{text}");
        }
        assert_eq!(
            Numeric::parse("1").unwrap().divide(Numeric::parse("0.0").unwrap()),
            Err(ValueError::DivisionByZero)
        );
    }
}
