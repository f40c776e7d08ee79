//! Square root, exponential, logarithms.

use num_bigint::{BigInt, BigUint, Sign};

use super::divide::quotient;
use super::{
    Infinity, MAX_CHOSEN_SCALE, MIN_SIGNIFICANT, NaN, NegativeInfinity, Numeric, Small, digits, fixed, overflow,
};
use crate::{Result, ValueError, code};

/// log10(e), to as many digits as the choice of scales uses.
#[expect(clippy::approx_constant, reason = "another last digit might choose another scale")]
pub(super) const LOG10_E: f64 = 0.434294481903252;
/// No result has more digits than e to the power of this.
pub(super) const MAX_EXPONENT: f64 = 6_000.0;
/// Largest number of digits that the choice of a scale considers.
const MAX_DIGITS: f64 = 2_000.0;

fn negative_root() -> ValueError {
    ValueError::new(code::INVALID_POWER, "cannot take square root of a negative number")
}

fn logarithm_of_zero() -> ValueError {
    ValueError::new(code::INVALID_LOGARITHM, "cannot take logarithm of zero")
}

fn logarithm_of_negative() -> ValueError {
    ValueError::new(code::INVALID_LOGARITHM, "cannot take logarithm of a negative number")
}

/// An inexact result's scale: 16 significant digits, and no fewer behind the point than the operands'.
pub(super) fn chosen_scale(digits_before_point: i32, operands: &[&Numeric]) -> i32 {
    let operands = operands.iter().map(|operand| operand.display_scale()).max().unwrap_or(0);
    (MIN_SIGNIFICANT - digits_before_point).max(operands).clamp(0, MAX_CHOSEN_SCALE)
}

impl Numeric {
    pub fn sqrt(&self) -> Result<Self> {
        match self.0 {
            NaN | Infinity => return Ok(self.clone()),
            NegativeInfinity => return Err(negative_root()),
            _ => {}
        }
        self.sqrt_at(chosen_scale(self.weight() * 2 + 1, &[self]))
    }

    /// The square root of a finite number, at a given scale.
    pub(super) fn sqrt_at(&self, scale: i32) -> Result<Self> {
        if self.is_negative() {
            return Err(negative_root());
        }
        // A digit more than is shown, for rounding.
        let shift = 2 * (i64::from(scale) + 1) - i64::from(self.display_scale());
        if let (Small(coefficient, _), Ok(shift)) = (&self.0, u64::try_from(shift)) {
            let square = digits::power(shift).and_then(|power| coefficient.checked_mul(power));
            if let Some(square) = square {
                let root = square.unsigned_abs().isqrt();
                return Ok(Self(Small(((root + 5) / 10) as i128, scale as u16)));
            }
        }
        let Some((coefficient, _)) = self.parts() else { return Ok(self.clone()) };
        let square = match shift >= 0 {
            true => digits::scaled(&coefficient, shift.unsigned_abs()),
            false => coefficient.as_ref() / BigInt::from(digits::big_power(shift.unsigned_abs())),
        };
        let root: BigUint = (square.magnitude().sqrt() + 5u32) / 10u32;
        Self::from_bigint(BigInt::from(root), i64::from(scale))
    }

    pub fn exp(&self) -> Result<Self> {
        match self.0 {
            NaN | Infinity => return Ok(self.clone()),
            NegativeInfinity => return Ok(Self::ZERO),
            _ => {}
        }
        let digits_before_point = (self.approximate() * LOG10_E).clamp(-MAX_DIGITS, MAX_DIGITS);
        self.exp_at(chosen_scale(digits_before_point as i32, &[self]))
    }

    /// e to the power of a finite number, at a given scale.
    pub(super) fn exp_at(&self, scale: i32) -> Result<Self> {
        let estimate = self.approximate();
        let Some((coefficient, own_scale)) = self.parts() else { return Ok(self.clone()) };
        if estimate >= MAX_EXPONENT {
            return Err(overflow());
        }
        let result = match estimate <= -MAX_EXPONENT {
            true => BigUint::ZERO,
            false => fixed::exp(&coefficient, i64::from(own_scale), estimate, i64::from(scale)),
        };
        Self::from_bigint(BigInt::from(result), i64::from(scale))
    }

    pub fn ln(&self) -> Result<Self> {
        match self.0 {
            NaN | Infinity => return Ok(self.clone()),
            NegativeInfinity => return Err(logarithm_of_negative()),
            _ => {}
        }
        let scale = chosen_scale(self.ln_exponent(), &[self]);
        let result = self.ln_at(i64::from(scale))?;
        Self::from_bigint(result, i64::from(scale))
    }

    /// Natural logarithm of a finite number, times 10^`scale`.
    pub(super) fn ln_at(&self, scale: i64) -> Result<BigInt> {
        match self.signum() {
            0 => return Err(logarithm_of_zero()),
            -1 => return Err(logarithm_of_negative()),
            _ => {}
        }
        match self.parts() {
            Some((coefficient, own_scale)) => Ok(fixed::ln(coefficient.magnitude(), i64::from(own_scale), scale)),
            None => Ok(BigInt::ZERO),
        }
    }

    /// Position of the first digit of a finite number's logarithm, as PostgreSQL estimates it; 0 where there is none.
    pub(super) fn ln_exponent(&self) -> i32 {
        if self.signum() <= 0 {
            return 0;
        }
        let (low, high) = (Self(Small(9, 1)), Self(Small(11, 1)));
        if *self >= low && *self <= high {
            // ln(1 + x) is about x.
            let leading = match self.sub(&Self::ONE) {
                Ok(difference) => difference.leading(),
                Err(_) => return 0,
            };
            return match leading.first() {
                0 => 0,
                first => leading.weight * 4 + (first as f64).log10() as i32,
            };
        }
        let leading = self.leading();
        let first_two_groups = (leading.digits / 100_000_000) as f64;
        let exponent = f64::from(leading.weight * 4 - 4);
        let ln = first_two_groups.ln() + exponent * std::f64::consts::LN_10;
        ln.abs().log10() as i32
    }

    /// Logarithm to base 10.
    pub fn log10(&self) -> Result<Self> {
        Self(Small(10, 0)).log(self)
    }

    /// Logarithm of `number` to the base `self`.
    pub fn log(&self, number: &Self) -> Result<Self> {
        if self.is_nan() || number.is_nan() {
            return Ok(Self::NAN);
        }
        if !self.is_finite() || !number.is_finite() {
            return self.special_log(number);
        }
        let (base_exponent, number_exponent) = (self.ln_exponent(), number.ln_exponent());
        let exponent = number_exponent - base_exponent;
        let scale = chosen_scale(exponent, &[self, number]);
        // Each logarithm has some significant digits more than the result.
        let base_scale = i64::from(scale + exponent - base_exponent + 8).max(0);
        let number_scale = i64::from(scale + exponent - number_exponent + 8).max(0);
        let base = self.ln_at(base_scale)?;
        let number = number.ln_at(number_scale)?;
        if base.sign() == Sign::NoSign {
            return Err(ValueError::division_by_zero());
        }
        let result = quotient(&number, number_scale, &base, base_scale, i64::from(scale));
        Self::from_bigint(result, i64::from(scale))
    }

    /// The logarithm where one operand is infinite.
    fn special_log(&self, number: &Self) -> Result<Self> {
        if self.signum() < 0 || number.signum() < 0 {
            return Err(logarithm_of_negative());
        }
        if self.signum() == 0 || number.signum() == 0 {
            return Err(logarithm_of_zero());
        }
        Ok(match (self.is_infinite(), number.is_infinite()) {
            (true, true) => Self::NAN,
            (true, false) => Self::ZERO,
            _ => Self::INFINITY,
        })
    }
}
