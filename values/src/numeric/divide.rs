//! Quotient, whole quotient, remainder.

use num_bigint::{BigInt, Sign};

use super::arithmetic::align;
use super::round::{Rounding, divide_round};
use super::{MAX_CHOSEN_SCALE, MIN_SIGNIFICANT, Numeric, Small, digits};
use crate::{Result, ValueError};

impl Numeric {
    /// The quotient, with at least 16 significant digits and no fewer behind the point than either operand.
    pub fn div(&self, other: &Self) -> Result<Self> {
        if let Some(special) = self.special_quotient(other)? {
            return Ok(special);
        }
        let scale = self.quotient_scale(other);
        if let (Small(a, scale_a), Small(b, scale_b)) = (&self.0, &other.0) {
            let shift = i64::from(scale) + i64::from(*scale_b) - i64::from(*scale_a);
            if let Some(quotient) = u64::try_from(shift).ok().and_then(|shift| long_division(*a, *b, shift)) {
                return Ok(Self(Small(quotient, scale as u16)));
            }
        }
        self.quotient(other, i64::from(scale))
    }

    /// The quotient of finite numbers at a given scale; `other` isn't 0.
    pub(super) fn quotient(&self, other: &Self, scale: i64) -> Result<Self> {
        let (Some((a, scale_a)), Some((b, scale_b))) = (self.parts(), other.parts()) else { return Ok(Self::NAN) };
        let quotient = quotient(&a, i64::from(scale_a), &b, i64::from(scale_b), scale);
        Self::from_bigint(quotient, scale)
    }

    /// PostgreSQL's choice of a quotient's scale.
    pub(super) fn quotient_scale(&self, other: &Self) -> i32 {
        let (a, b) = (self.first_group(), other.first_group());
        let mut weight = a.0 - b.0;
        if a.1 <= b.1 {
            weight -= 1;
        }
        (MIN_SIGNIFICANT - weight * 4).max(self.display_scale()).max(other.display_scale()).clamp(0, MAX_CHOSEN_SCALE)
    }

    /// Weight and value of the first group of four digits.
    fn first_group(&self) -> (i32, u64) {
        if let Small(coefficient, scale) = &self.0
            && let Ok(magnitude) = u64::try_from(coefficient.unsigned_abs())
        {
            if magnitude == 0 {
                return (0, 0);
            }
            let exponent = i32::try_from(digits::count(u128::from(magnitude))).unwrap_or(0) - 1 - i32::from(*scale);
            let weight = exponent.div_euclid(4);
            let shift = weight * 4 + i32::from(*scale);
            let power = digits::POWERS.get(shift.unsigned_abs() as usize).and_then(|&p| u64::try_from(p).ok());
            if let Some(power) = power {
                // A group is below 10000, so neither form can overflow.
                return (weight, if shift >= 0 { magnitude / power } else { magnitude.saturating_mul(power) });
            }
        }
        let leading = self.leading();
        (leading.weight, leading.first())
    }

    /// The quotient without its fraction.
    pub fn div_trunc(&self, other: &Self) -> Result<Self> {
        if let Some(special) = self.special_quotient(other)? {
            return Ok(special);
        }
        if let (Small(a, scale_a), Small(b, scale_b)) = (&self.0, &other.0)
            && let Some(quotient) = align(*a, *scale_a, *b, *scale_b).and_then(|(a, b, _)| a.checked_div(b))
        {
            return Ok(Self(Small(quotient, 0)));
        }
        match self.aligned(other) {
            Some((a, b, _)) => Self::from_bigint(a / b, 0),
            None => Ok(Self::NAN),
        }
    }

    /// The remainder, of `self`'s sign.
    pub fn rem(&self, other: &Self) -> Result<Self> {
        if self.is_nan() || other.is_nan() {
            return Ok(Self::NAN);
        }
        if other.is_zero() {
            return Err(ValueError::division_by_zero());
        }
        if self.is_infinite() {
            return Ok(Self::NAN);
        }
        if let (Small(a, scale_a), Small(b, scale_b)) = (&self.0, &other.0)
            && let Some((a, b, scale)) = align(*a, *scale_a, *b, *scale_b)
            && let Some(remainder) = a.checked_rem(b)
        {
            return Ok(Self(Small(remainder, scale)));
        }
        match self.aligned(other) {
            Some((a, b, scale)) => Self::from_bigint(a % b, scale),
            // The rest of a division by infinity.
            None => Ok(self.clone()),
        }
    }

    /// The quotient where an operand isn't finite or the divisor is 0.
    fn special_quotient(&self, other: &Self) -> Result<Option<Self>> {
        if self.is_nan() || other.is_nan() {
            return Ok(Some(Self::NAN));
        }
        match (self.is_finite(), other.is_finite()) {
            (_, true) if other.is_zero() => Err(ValueError::division_by_zero()),
            (true, true) => Ok(None),
            (true, false) => Ok(Some(Self::ZERO)),
            (false, true) => Ok(Some(Self::infinity_of(self.signum() * other.signum()))),
            (false, false) => Ok(Some(Self::NAN)),
        }
    }
}

/// a / b at `scale`, to the nearest, half away from zero; `b` isn't 0.
pub(super) fn quotient(a: &BigInt, scale_a: i64, b: &BigInt, scale_b: i64, scale: i64) -> BigInt {
    let shift = scale + scale_b - scale_a;
    let power = shift.unsigned_abs();
    let (numerator, denominator) = match shift >= 0 {
        true => (digits::scaled(a, power), b.clone()),
        false => (a.clone(), digits::scaled(b, power)),
    };
    let numerator = if denominator.sign() == Sign::Minus { -numerator } else { numerator };
    divide_round(&numerator, denominator.magnitude(), Rounding::Nearest)
}

/// a * 10^`shift` / b, to the nearest, half away from zero, if it fits.
fn long_division(a: i128, b: i128, shift: u64) -> Option<i128> {
    let divisor = b.unsigned_abs();
    let dividend = a.unsigned_abs();
    let mut left = u32::try_from(shift).ok()?;
    let (mut quotient, mut remainder) = (dividend.checked_div(divisor)?, dividend.checked_rem(divisor)?);
    // As many digits a step as the remainder has room for.
    let room = 38u32.checked_sub(digits::count(divisor)).filter(|&room| room > 0)?;
    while left > 0 {
        let step = room.min(left);
        let power = *digits::POWERS.get(step as usize)?;
        let scaled = remainder.checked_mul(power)?;
        quotient = quotient.checked_mul(power)?.checked_add(scaled / divisor)?;
        remainder = scaled % divisor;
        left -= step;
    }
    if remainder >= divisor - remainder {
        quotient = quotient.checked_add(1)?;
    }
    let quotient = i128::try_from(quotient).ok()?;
    Some(if (a < 0) != (b < 0) { -quotient } else { quotient })
}
