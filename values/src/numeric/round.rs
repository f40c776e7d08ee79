//! Rounding: to a scale, to whole numbers, to a declared precision and scale.

use num_bigint::{BigInt, BigUint, Sign};

use super::{Infinity, MAX_SCALE, MAX_WHOLE_DIGITS, NaN, NegativeInfinity, Numeric, Small, digits};
use crate::{Result, ValueError, code};

/// What becomes of the digits that are dropped.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Rounding {
    /// To the nearest, half away from zero.
    Nearest,
    /// Towards zero.
    Truncate,
    Up,
    Down,
}

impl Rounding {
    /// Whether a quotient whose remainder isn't 0 moves one further from zero.
    fn away(self, negative: bool, at_least_half: bool) -> bool {
        match self {
            Self::Nearest => at_least_half,
            Self::Truncate => false,
            Self::Up => !negative,
            Self::Down => negative,
        }
    }
}

/// `value` / 10^`exponent`, to the nearest, half away from zero.
pub(super) fn divide_power(value: &BigInt, exponent: u64) -> BigInt {
    drop_digits(value, exponent, Rounding::Nearest)
}

fn drop_digits(value: &BigInt, exponent: u64, rounding: Rounding) -> BigInt {
    // Nothing is left, or at most a unit: no need for the power of ten.
    let small = digits::count_big(value.magnitude()) < exponent as i64;
    if small {
        let away = value.sign() != Sign::NoSign && rounding.away(value.sign() == Sign::Minus, false);
        return BigInt::from_biguint(value.sign(), BigUint::from(u32::from(away)));
    }
    divide_round(value, &digits::big_power(exponent), rounding)
}

/// `value` / `divisor`, which isn't 0.
pub(super) fn divide_round(value: &BigInt, divisor: &BigUint, rounding: Rounding) -> BigInt {
    let magnitude = value.magnitude();
    let mut quotient = magnitude / divisor;
    let remainder = magnitude - &quotient * divisor;
    let inexact = remainder.bits() != 0;
    if inexact && rounding.away(value.sign() == Sign::Minus, (remainder << 1u32) >= *divisor) {
        quotient += 1u32;
    }
    BigInt::from_biguint(value.sign(), quotient)
}

/// The same of small numbers; `None` if `divisor` is 0.
#[inline]
pub(super) fn divide_round_small(value: i128, divisor: u128, rounding: Rounding) -> Option<i128> {
    let magnitude = value.unsigned_abs();
    let (quotient, remainder) = match (u64::try_from(magnitude), u64::try_from(divisor)) {
        // Division of 64 bits is several times as fast.
        (Ok(magnitude), Ok(divisor)) => (u128::from(magnitude.checked_div(divisor)?), u128::from(magnitude % divisor)),
        _ => (magnitude.checked_div(divisor)?, magnitude % divisor),
    };
    let away = remainder != 0 && rounding.away(value < 0, remainder >= divisor - remainder);
    let quotient = i128::try_from(quotient).ok()?.checked_add(i128::from(away))?;
    Some(if value < 0 { -quotient } else { quotient })
}

impl Numeric {
    /// To `scale` digits behind the point (before it if negative), half away from zero.
    pub fn round(&self, scale: i32) -> Result<Self> {
        let scale = i64::from(scale).clamp(-MAX_WHOLE_DIGITS - 1, MAX_SCALE);
        self.rescale(scale, Rounding::Nearest)
    }

    /// To `scale` digits behind the point (before it if negative), towards zero.
    pub fn trunc(&self, scale: i32) -> Result<Self> {
        let scale = i64::from(scale).clamp(-MAX_WHOLE_DIGITS - 1, MAX_SCALE);
        self.rescale(scale, Rounding::Truncate)
    }

    pub fn ceil(&self) -> Result<Self> {
        self.rescale(0, Rounding::Up)
    }

    pub fn floor(&self) -> Result<Self> {
        self.rescale(0, Rounding::Down)
    }

    /// At that scale; a negative one leaves zeros before the point and displays none behind it.
    pub(super) fn rescale(&self, scale: i64, rounding: Rounding) -> Result<Self> {
        let Some(current) = self.scale().map(i64::from) else { return Ok(self.clone()) };
        if scale == current {
            return Ok(self.clone());
        }
        if let Small(coefficient, _) = &self.0
            && let Some(rescaled) = rescale_small(*coefficient, current, scale, rounding)
        {
            return Ok(Self(Small(rescaled, scale.max(0) as u16)));
        }
        let Some((coefficient, _)) = self.parts() else { return Ok(self.clone()) };
        if scale > current {
            return Self::from_bigint(digits::scaled(&coefficient, (scale - current) as u64), scale);
        }
        let rounded = drop_digits(&coefficient, (current - scale) as u64, rounding);
        match scale < 0 {
            true if rounded.sign() == Sign::NoSign => Ok(Self::ZERO),
            true => Self::from_bigint(digits::scaled(&rounded, scale.unsigned_abs()), 0),
            false => Self::from_bigint(rounded, scale),
        }
    }

    /// The value as a column of type numeric(precision, scale) holds it.
    pub fn with_typmod(&self, precision: i32, scale: i32) -> Result<Self> {
        let overflow = |detail: String| {
            ValueError::new(code::NUMERIC_OUT_OF_RANGE, "numeric field overflow")
                .detail(format!("A field with precision {precision}, scale {scale} {detail}"))
        };
        match self.0 {
            NaN => return Ok(self.clone()),
            Infinity | NegativeInfinity => return Err(overflow("cannot hold an infinite value.".to_owned())),
            _ => {}
        }
        let whole_digits = i64::from(precision) - i64::from(scale);
        let scale = i64::from(scale).clamp(-MAX_WHOLE_DIGITS - 1, MAX_SCALE);
        // Rounding may carry the value beyond numeric's own limit: beyond the declared one it is then too.
        match self.rescale(scale, Rounding::Nearest) {
            Ok(rounded) if rounded.is_zero() || rounded.exponent() < whole_digits => Ok(rounded),
            _ => {
                let limit = match whole_digits {
                    0 => "1".to_owned(),
                    digits => format!("10^{digits}"),
                };
                Err(overflow(format!("must round to an absolute value less than {limit}.")))
            }
        }
    }

    /// Least scale that shows all of the value; none for infinities and NaN.
    pub fn min_scale(&self) -> Option<i32> {
        self.trim_scale().scale()
    }

    /// The value without trailing zeros behind the point.
    pub fn trim_scale(&self) -> Self {
        match &self.0 {
            Small(coefficient, scale) => {
                let (coefficient, scale) = trim_small(*coefficient, *scale);
                Self(Small(coefficient, scale))
            }
            super::Big(coefficient, scale) => trim_big(coefficient, *scale),
            _ => self.clone(),
        }
    }
}

fn rescale_small(coefficient: i128, current: i64, scale: i64, rounding: Rounding) -> Option<i128> {
    if scale >= current {
        return coefficient.checked_mul(digits::power((scale - current) as u64)?);
    }
    let divisor = *digits::POWERS.get(usize::try_from(current - scale).ok()?)?;
    let rounded = divide_round_small(coefficient, divisor, rounding)?;
    match scale < 0 {
        true => rounded.checked_mul(digits::power(scale.unsigned_abs())?),
        false => Some(rounded),
    }
}

fn trim_small(coefficient: i128, scale: u16) -> (i128, u16) {
    if coefficient == 0 {
        return (0, 0);
    }
    let (mut coefficient, mut scale) = (coefficient, scale);
    for step in [16u16, 8, 4, 2, 1] {
        let power = POWER_STEPS[usize::from(step)];
        while scale >= step {
            // Division of 64 bits is several times as fast.
            let divided = match i64::try_from(coefficient) {
                Ok(small) if small % power != 0 => break,
                Ok(small) => i128::from(small / power),
                Err(_) if coefficient % i128::from(power) != 0 => break,
                Err(_) => coefficient / i128::from(power),
            };
            coefficient = divided;
            scale -= step;
        }
    }
    (coefficient, scale)
}

/// Powers of ten that fit 64 bits.
const POWER_STEPS: [i64; 17] = {
    let mut powers = [1; 17];
    let mut i = 1;
    while i < 17 {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};

fn trim_big(coefficient: &BigInt, scale: u16) -> Numeric {
    // As many decimal zeros as binary ones at most: most values are done here.
    let most = coefficient.trailing_zeros().unwrap_or(0).min(u64::from(scale));
    let (mut coefficient, mut scale) = (coefficient.clone(), scale);
    let mut step = most.checked_ilog2().map_or(0, |bits| 1u64 << bits);
    while step > 0 {
        let power = BigInt::from(digits::big_power(step));
        while u64::from(scale) >= step {
            let quotient = &coefficient / &power;
            if &quotient * &power != coefficient {
                break;
            }
            coefficient = quotient;
            scale -= step as u16;
        }
        step /= 2;
    }
    match i128::try_from(&coefficient) {
        Ok(small) => {
            let (small, scale) = trim_small(small, scale);
            Numeric(Small(small, scale))
        }
        Err(_) => Numeric(super::Big(Box::new(coefficient), scale)),
    }
}
