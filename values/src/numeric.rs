//! PostgreSQL's numeric: decimal numbers of up to 131072 digits before the point and 16383 behind it, with a display
//! scale, infinities and NaN.
//!
//! A number is a whole coefficient over a power of ten, its display scale. Coefficients that fit 128 bits take no
//! allocation; the others are big integers. Every result has the display scale that PostgreSQL gives it.

mod arithmetic;
mod bucket;
mod compare;
mod convert;
mod digits;
mod divide;
mod factors;
mod fixed;
pub mod integer;
mod moments;
mod parse;
mod power;
mod print;
mod round;
mod sort_key;
mod sum;
mod transcend;

use std::borrow::Cow;

use num_bigint::BigInt;

use crate::{Result, ValueError, code};

pub(crate) use bucket::{check_bounds, equal_bounds};
pub use moments::Moments;
pub use sum::Sum;

/// Most digits before the point.
const MAX_WHOLE_DIGITS: i64 = 131_072;
/// Most digits behind the point.
const MAX_SCALE: i64 = 16_383;
/// Least significant digits of a result that isn't exact.
const MIN_SIGNIFICANT: i32 = 16;
/// Largest scale that an inexact result chooses for itself.
const MAX_CHOSEN_SCALE: i32 = 1_000;

/// A numeric. Equality, order and hash go by value, whatever the display scale; NaN equals itself and is above all.
#[derive(Clone, Debug)]
pub struct Numeric(Repr);

#[derive(Clone, Debug)]
enum Repr {
    Small(i128, u16),
    /// A coefficient that doesn't fit `Small`: no value has two forms of the same scale.
    Big(Box<BigInt>, u16),
    Infinity,
    NegativeInfinity,
    NaN,
}

use Repr::{Big, Infinity, NaN, NegativeInfinity, Small};

fn overflow() -> ValueError {
    ValueError::new(code::NUMERIC_OUT_OF_RANGE, "value overflows numeric format")
}

impl Numeric {
    pub const ZERO: Self = Self(Small(0, 0));
    pub const ONE: Self = Self(Small(1, 0));
    pub const NAN: Self = Self(NaN);
    pub const INFINITY: Self = Self(Infinity);
    pub const NEGATIVE_INFINITY: Self = Self(NegativeInfinity);

    /// `coefficient` / 10^`scale`; 22003 if it's beyond numeric's limits.
    pub fn from_bigint(coefficient: BigInt, scale: i64) -> Result<Self> {
        let Some(scale) = u16::try_from(scale).ok().filter(|&scale| i64::from(scale) <= MAX_SCALE) else {
            return Err(overflow());
        };
        if let Ok(small) = i128::try_from(&coefficient) {
            return Ok(Self(Small(small, scale)));
        }
        if digits::exceeds(coefficient.magnitude(), MAX_WHOLE_DIGITS + i64::from(scale)) {
            return Err(overflow());
        }
        Ok(Self(Big(Box::new(coefficient), scale)))
    }

    pub fn is_nan(&self) -> bool {
        matches!(self.0, NaN)
    }

    pub fn is_infinite(&self) -> bool {
        matches!(self.0, Infinity | NegativeInfinity)
    }

    pub fn is_finite(&self) -> bool {
        matches!(self.0, Small(..) | Big(..))
    }

    /// Whether it's zero of any scale.
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Small(0, _))
    }

    pub fn is_negative(&self) -> bool {
        self.signum() < 0
    }

    /// Whether it's finite and without a fraction.
    pub fn is_integral(&self) -> bool {
        self.is_finite() && self.min_scale() == Some(0)
    }

    /// -1, 0 or 1; 0 for NaN.
    fn signum(&self) -> i32 {
        match &self.0 {
            Small(coefficient, _) => coefficient.signum() as i32,
            Big(coefficient, _) if coefficient.sign() == num_bigint::Sign::Minus => -1,
            Big(..) | Infinity => 1,
            NegativeInfinity => -1,
            NaN => 0,
        }
    }

    /// Coefficient and scale of a finite number.
    fn parts(&self) -> Option<(Cow<'_, BigInt>, u16)> {
        match &self.0 {
            Small(coefficient, scale) => Some((Cow::Owned(BigInt::from(*coefficient)), *scale)),
            Big(coefficient, scale) => Some((Cow::Borrowed(coefficient), *scale)),
            _ => None,
        }
    }

    /// Digits behind the point, as displayed; none for infinities and NaN.
    pub fn scale(&self) -> Option<i32> {
        match self.0 {
            Small(_, scale) | Big(_, scale) => Some(i32::from(scale)),
            _ => None,
        }
    }

    /// Display scale, 0 where there is none.
    fn display_scale(&self) -> i32 {
        self.scale().unwrap_or(0)
    }
}

impl Default for Numeric {
    fn default() -> Self {
        Self::ZERO
    }
}

#[cfg(test)]
mod tests;
