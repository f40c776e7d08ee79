//! Trigonometric and hyperbolic functions.

use super::{div_f64, mul_f64};
use crate::{Result, ValueError, code};

pub(super) const RADIANS_PER_DEGREE: f64 = 0.017_453_292_519_943_295;

pub(super) fn out_of_range() -> ValueError {
    ValueError::new(code::NUMERIC_OUT_OF_RANGE, "input is out of range")
}

fn finite(value: f64) -> Result<f64> {
    match value.is_infinite() {
        true => Err(out_of_range()),
        false => Ok(value),
    }
}

fn within_one(value: f64) -> Result<f64> {
    match !(-1.0..=1.0).contains(&value) && !value.is_nan() {
        true => Err(out_of_range()),
        false => Ok(value),
    }
}

pub fn sin(value: f64) -> Result<f64> {
    finite(value).map(f64::sin)
}

pub fn cos(value: f64) -> Result<f64> {
    finite(value).map(f64::cos)
}

pub fn tan(value: f64) -> Result<f64> {
    finite(value).map(f64::tan)
}

pub fn cot(value: f64) -> Result<f64> {
    finite(value).map(|value| 1.0 / value.tan())
}

pub fn asin(value: f64) -> Result<f64> {
    within_one(value).map(f64::asin)
}

pub fn acos(value: f64) -> Result<f64> {
    within_one(value).map(f64::acos)
}

pub fn atan(value: f64) -> f64 {
    value.atan()
}

pub fn atan2(y: f64, x: f64) -> f64 {
    y.atan2(x)
}

pub fn sinh(value: f64) -> f64 {
    value.sinh()
}

pub fn cosh(value: f64) -> f64 {
    value.cosh()
}

pub fn tanh(value: f64) -> f64 {
    value.tanh()
}

/// Below this a function is its argument.
const TINY: f64 = 1.0 / HUGE;
/// Above this the square's neighbour isn't told from the square.
const HUGE: f64 = 268_435_456.0;

// Rust's own inverse hyperbolic functions differ from C's in the last digits.

pub fn asinh(value: f64) -> f64 {
    let x = value.abs();
    if x < TINY || !value.is_finite() {
        return value;
    }
    let result = if x > HUGE {
        x.ln() + std::f64::consts::LN_2
    } else if x > 2.0 {
        (2.0 * x + 1.0 / ((x * x + 1.0).sqrt() + x)).ln()
    } else {
        let square = x * x;
        (x + square / (1.0 + (1.0 + square).sqrt())).ln_1p()
    };
    result.copysign(value)
}

pub fn acosh(value: f64) -> Result<f64> {
    if value < 1.0 {
        return Err(out_of_range());
    }
    Ok(if value > HUGE {
        value.ln() + std::f64::consts::LN_2
    } else if value > 2.0 {
        (2.0 * value - 1.0 / (value + (value * value - 1.0).sqrt())).ln()
    } else {
        let above = value - 1.0;
        (above + (2.0 * above + above * above).sqrt()).ln_1p()
    })
}

pub fn atanh(value: f64) -> Result<f64> {
    let x = within_one(value)?.abs();
    if x < TINY || value.is_nan() {
        return Ok(value);
    }
    if x == 1.0 {
        return Ok(f64::INFINITY.copysign(value));
    }
    let result = match x < 0.5 {
        true => {
            let twice = x + x;
            0.5 * (twice + twice * x / (1.0 - x)).ln_1p()
        }
        false => 0.5 * ((x + x) / (1.0 - x)).ln_1p(),
    };
    Ok(result.copysign(value))
}

pub fn degrees(radians: f64) -> Result<f64> {
    div_f64(radians, RADIANS_PER_DEGREE)
}

pub fn radians(degrees: f64) -> Result<f64> {
    mul_f64(degrees, RADIANS_PER_DEGREE)
}
