//! Roots, powers, logarithms, rounding, the error function, width_bucket.

use crate::numeric::{check_bounds, equal_bounds};
use crate::{Result, ValueError, code};

/// The result, unless it became infinite, or 0, by leaving the range.
fn checked(result: f64, may_be_infinite: bool, may_be_zero: bool) -> Result<f64> {
    if result.is_infinite() && !may_be_infinite {
        return Err(ValueError::overflow());
    }
    if result == 0.0 && !may_be_zero {
        return Err(ValueError::underflow());
    }
    Ok(result)
}

pub fn sqrt(value: f64) -> Result<f64> {
    match value < 0.0 {
        true => Err(ValueError::new(code::INVALID_POWER, "cannot take square root of a negative number")),
        false => Ok(value.sqrt()),
    }
}

pub fn cbrt(value: f64) -> Result<f64> {
    checked(value.cbrt(), value.is_infinite(), value == 0.0)
}

pub fn exp(value: f64) -> Result<f64> {
    checked(value.exp(), value.is_infinite(), value.is_infinite())
}

pub fn ln(value: f64) -> Result<f64> {
    check_logarithm(value)?;
    checked(value.ln(), value.is_infinite(), value == 1.0)
}

pub fn log10(value: f64) -> Result<f64> {
    check_logarithm(value)?;
    checked(value.log10(), value.is_infinite(), value == 1.0)
}

fn check_logarithm(value: f64) -> Result<()> {
    if value == 0.0 {
        return Err(ValueError::new(code::INVALID_LOGARITHM, "cannot take logarithm of zero"));
    }
    if value < 0.0 {
        return Err(ValueError::new(code::INVALID_LOGARITHM, "cannot take logarithm of a negative number"));
    }
    Ok(())
}

pub fn power(base: f64, exponent: f64) -> Result<f64> {
    if base.is_nan() || exponent.is_nan() {
        return Ok(if base == 1.0 || exponent == 0.0 { 1.0 } else { f64::NAN });
    }
    if base == 0.0 && exponent < 0.0 {
        return Err(ValueError::new(code::INVALID_POWER, "zero raised to a negative power is undefined"));
    }
    if base < 0.0 && exponent.floor() != exponent {
        let message = "a negative number raised to a non-integer power yields a complex result";
        return Err(ValueError::new(code::INVALID_POWER, message));
    }
    let result = base.powf(exponent);
    let infinite = base.is_infinite() || exponent.is_infinite();
    checked(result, infinite, infinite || base == 0.0)
}

/// To the nearest whole number, ties to even.
pub fn round(value: f64) -> f64 {
    value.round_ties_even()
}

pub fn trunc(value: f64) -> f64 {
    value.trunc()
}

pub fn ceil(value: f64) -> f64 {
    value.ceil()
}

pub fn floor(value: f64) -> f64 {
    value.floor()
}

/// -1, 0 or 1; 0 for NaN.
pub fn sign(value: f64) -> f64 {
    if value > 0.0 {
        1.0
    } else if value < 0.0 {
        -1.0
    } else {
        0.0
    }
}

pub fn pi() -> f64 {
    std::f64::consts::PI
}

pub fn erf(value: f64) -> f64 {
    libm::erf(value)
}

pub fn erfc(value: f64) -> f64 {
    libm::erfc(value)
}

/// Number of the bucket that the value falls in, of `count` of equal width between two bounds; 0 and `count` + 1 are
/// those outside.
pub fn width_bucket(value: f64, low: f64, high: f64, count: i32) -> Result<i32> {
    let nan = value.is_nan() || low.is_nan() || high.is_nan();
    check_bounds(count, nan, low.is_infinite() || high.is_infinite())?;
    let (outside_low, outside_high) = match low < high {
        true => (value < low, value >= high),
        false if low > high => (value > low, value <= high),
        false => return Err(equal_bounds()),
    };
    let beyond = || count.checked_add(1).ok_or_else(|| ValueError::out_of_range("integer"));
    if outside_low {
        return Ok(0);
    }
    if outside_high {
        return beyond();
    }
    // Halves where the width itself is beyond the range.
    let share = match (high - low).is_infinite() {
        true => (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0),
        false => (value - low) / (high - low),
    };
    let bucket = (f64::from(count) * share) as i32;
    // The share may round up to 1, but the value isn't beyond.
    Ok(bucket.min(count - 1) + 1)
}
