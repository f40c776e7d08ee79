//! Sum, difference, product, sign.

use num_bigint::BigInt;

use super::{Big, Infinity, MAX_SCALE, NaN, NegativeInfinity, Numeric, Small, digits, round};
use crate::Result;

impl Numeric {
    pub fn add(&self, other: &Self) -> Result<Self> {
        if let (Small(a, scale_a), Small(b, scale_b)) = (&self.0, &other.0)
            && let Some((a, b, scale)) = align(*a, *scale_a, *b, *scale_b)
            && let Some(sum) = a.checked_add(b)
        {
            return Ok(Self(Small(sum, scale)));
        }
        match (self.aligned(other), &self.0, &other.0) {
            (Some((a, b, scale)), ..) => Self::from_bigint(a + b, scale),
            (_, NaN, _) | (_, _, NaN) | (_, Infinity, NegativeInfinity) | (_, NegativeInfinity, Infinity) => {
                Ok(Self::NAN)
            }
            (_, Infinity | NegativeInfinity, _) => Ok(self.clone()),
            _ => Ok(other.clone()),
        }
    }

    pub fn sub(&self, other: &Self) -> Result<Self> {
        if let (Small(a, scale_a), Small(b, scale_b)) = (&self.0, &other.0)
            && let Some((a, b, scale)) = align(*a, *scale_a, *b, *scale_b)
            && let Some(difference) = a.checked_sub(b)
        {
            return Ok(Self(Small(difference, scale)));
        }
        self.add(&other.neg())
    }

    pub fn mul(&self, other: &Self) -> Result<Self> {
        if let (Small(a, scale_a), Small(b, scale_b)) = (&self.0, &other.0)
            && let (Some(product), true) = (a.checked_mul(*b), i64::from(*scale_a) + i64::from(*scale_b) <= MAX_SCALE)
        {
            return Ok(Self(Small(product, scale_a + scale_b)));
        }
        let (Some((a, scale_a)), Some((b, scale_b))) = (self.parts(), other.parts()) else {
            if self.is_nan() || other.is_nan() {
                return Ok(Self::NAN);
            }
            return Ok(Self::infinity_of(self.signum() * other.signum()));
        };
        let product = a.as_ref() * b.as_ref();
        let scale = i64::from(scale_a) + i64::from(scale_b);
        match scale > MAX_SCALE {
            true => Self::from_bigint(round::divide_power(&product, (scale - MAX_SCALE) as u64), MAX_SCALE),
            false => Self::from_bigint(product, scale),
        }
    }

    pub fn neg(&self) -> Self {
        match &self.0 {
            Small(coefficient, scale) => match coefficient.checked_neg() {
                Some(negated) => Self(Small(negated, *scale)),
                None => Self(Big(Box::new(-BigInt::from(*coefficient)), *scale)),
            },
            // The one negative value without a positive counterpart among the small.
            Big(coefficient, scale) => match i128::try_from(-coefficient.as_ref()) {
                Ok(small) => Self(Small(small, *scale)),
                Err(_) => Self(Big(Box::new(-coefficient.as_ref()), *scale)),
            },
            Infinity => Self::NEGATIVE_INFINITY,
            NegativeInfinity => Self::INFINITY,
            NaN => Self::NAN,
        }
    }

    pub fn abs(&self) -> Self {
        match self.is_negative() {
            true => self.neg(),
            false => self.clone(),
        }
    }

    /// -1, 0 or 1, or NaN.
    pub fn sign(&self) -> Self {
        match self.is_nan() {
            true => Self::NAN,
            false => Self(Small(i128::from(self.signum()), 0)),
        }
    }

    /// An infinity of that sign; NaN for 0.
    pub(super) fn infinity_of(sign: i32) -> Self {
        match sign {
            1 => Self::INFINITY,
            -1 => Self::NEGATIVE_INFINITY,
            _ => Self::NAN,
        }
    }

    /// Coefficients of two finite numbers at their larger scale, and it.
    pub(super) fn aligned(&self, other: &Self) -> Option<(BigInt, BigInt, i64)> {
        let ((a, scale_a), (b, scale_b)) = (self.parts()?, other.parts()?);
        let scale = scale_a.max(scale_b);
        let a = match scale > scale_a {
            true => digits::scaled(&a, u64::from(scale - scale_a)),
            false => a.into_owned(),
        };
        let b = match scale > scale_b {
            true => digits::scaled(&b, u64::from(scale - scale_b)),
            false => b.into_owned(),
        };
        Some((a, b, i64::from(scale)))
    }
}

/// Two small coefficients at their larger scale, if they still fit.
#[inline]
pub(super) fn align(a: i128, scale_a: u16, b: i128, scale_b: u16) -> Option<(i128, i128, u16)> {
    if scale_a == scale_b {
        return Some((a, b, scale_a));
    }
    match scale_a < scale_b {
        true => Some((a.checked_mul(digits::power(u64::from(scale_b - scale_a))?)?, b, scale_b)),
        false => Some((a, b.checked_mul(digits::power(u64::from(scale_a - scale_b))?)?, scale_a)),
    }
}
