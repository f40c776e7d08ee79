//! Powers.

use num_bigint::{BigInt, Sign};

use super::round::divide_power;
use super::transcend::{LOG10_E, MAX_EXPONENT, chosen_scale};
use super::{MAX_CHOSEN_SCALE, MAX_WHOLE_DIGITS, Numeric, Small, digits, divide, overflow};
use crate::{Result, ValueError, code};

fn complex_result() -> ValueError {
    let message = "a negative number raised to a non-integer power yields a complex result";
    ValueError::new(code::INVALID_POWER, message)
}

impl Numeric {
    pub fn power(&self, exponent: &Self) -> Result<Self> {
        let special = !self.is_finite() || !exponent.is_finite();
        if special && (self.is_nan() || exponent.is_nan()) {
            let one = exponent.is_zero() || (self.is_finite() && *self == Self::ONE);
            return Ok(if one { Self::ONE } else { Self::NAN });
        }
        if self.is_zero() && exponent.is_negative() {
            let message = "zero raised to a negative power is undefined";
            return Err(ValueError::new(code::INVALID_POWER, message));
        }
        if special {
            return self.special_power(exponent);
        }
        let whole = exponent.is_integral();
        if whole && let Some(whole) = exponent.to_whole().and_then(|whole| i32::try_from(whole).ok()) {
            return self.whole_power(whole, exponent);
        }
        if self.is_zero() {
            return Ok(Self(Small(0, 16)));
        }
        if !self.is_negative() {
            return self.positive_power(exponent);
        }
        if !whole {
            return Err(complex_result());
        }
        let result = self.abs().positive_power(exponent)?;
        Ok(if exponent.is_odd() { result.neg() } else { result })
    }

    /// The power where one operand is infinite.
    fn special_power(&self, exponent: &Self) -> Result<Self> {
        if self.is_negative() && exponent.is_finite() && !exponent.is_integral() {
            return Err(complex_result());
        }
        if exponent.is_zero() || (self.is_finite() && *self == Self::ONE) {
            return Ok(Self::ONE);
        }
        if self.is_zero() {
            return Ok(Self::ZERO);
        }
        if exponent.is_infinite() {
            let magnitude = self.abs();
            if magnitude == Self::ONE {
                return Ok(Self::ONE);
            }
            let grows = (magnitude > Self::ONE) != exponent.is_negative();
            return Ok(if grows { Self::INFINITY } else { Self::ZERO });
        }
        if exponent.is_negative() {
            return Ok(Self::ZERO);
        }
        Ok(if self.is_negative() && exponent.is_odd() { Self::NEGATIVE_INFINITY } else { Self::INFINITY })
    }

    /// Whether a finite number is whole and odd.
    fn is_odd(&self) -> bool {
        match self.trim_scale().0 {
            Small(coefficient, 0) => coefficient & 1 == 1,
            super::Big(coefficient, 0) => coefficient.bit(0),
            _ => false,
        }
    }

    /// The power of a number above 0: e to the power of its logarithm times the exponent.
    fn positive_power(&self, exponent: &Self) -> Result<Self> {
        // First with few digits, to choose the scale of the result.
        let ln_exponent = self.ln_exponent();
        let estimate = self.ln_times(exponent, i64::from(8 - ln_exponent).max(0))?.approximate();
        if estimate.abs() > MAX_EXPONENT * 3.01 / 3.0 {
            return match estimate > 0.0 {
                true => Err(overflow()),
                false => Ok(Self(Small(0, MAX_CHOSEN_SCALE as u16))),
            };
        }
        let digits_before_point = (estimate * LOG10_E) as i32;
        let scale = chosen_scale(digits_before_point, &[self, exponent]);
        let significant = (scale + digits_before_point).max(0);
        let ln_scale = i64::from(significant - ln_exponent + 8).max(0);
        self.ln_times(exponent, ln_scale)?.exp_at(scale)
    }

    /// The product of the logarithm, computed at that scale, and `factor`, rounded to it.
    fn ln_times(&self, factor: &Self, scale: i64) -> Result<Logarithm> {
        let Some((coefficient, factor_scale)) = factor.parts() else { return Err(overflow()) };
        let product = self.ln_at(scale)? * coefficient.as_ref();
        Ok(Logarithm { coefficient: divide_power(&product, u64::from(factor_scale)), scale })
    }

    /// The power by squaring.
    fn whole_power(&self, exponent: i32, exponent_numeric: &Self) -> Result<Self> {
        let digits_before_point = self.power_digits(exponent);
        if digits_before_point > MAX_WHOLE_DIGITS as f64 {
            return Err(overflow());
        }
        if digits_before_point + 1.0 < f64::from(-MAX_CHOSEN_SCALE) {
            return Ok(Self(Small(0, MAX_CHOSEN_SCALE as u16)));
        }
        let scale = chosen_scale(digits_before_point as i32, &[self, exponent_numeric]);
        match exponent {
            0 => return Self::ONE.round(scale),
            1 => return self.round(scale),
            -1 => return Self::ONE.quotient(self, i64::from(scale)),
            2 => return self.squared(scale),
            _ if self.is_zero() => return Self::ZERO.round(scale),
            _ => {}
        }
        let growth = f64::from(exponent).abs().ln() as i64;
        let significant = 1 + i64::from(scale) + digits_before_point as i64 + growth + 8;
        let Some((coefficient, own_scale)) = self.parts() else { return Ok(self.clone()) };
        let base = Factor { coefficient: coefficient.into_owned(), scale: i64::from(own_scale) };
        match base.power(exponent.unsigned_abs(), significant) {
            Some(power) if exponent < 0 => {
                let scale = i64::from(scale);
                let one = BigInt::from(1);
                if power.coefficient.sign() == Sign::NoSign {
                    return Err(ValueError::division_by_zero());
                }
                Self::from_bigint(divide::quotient(&one, 0, &power.coefficient, power.scale, scale), scale)
            }
            Some(power) => power.rounded(i64::from(scale)),
            None if exponent < 0 => Self::ZERO.round(scale),
            None => Err(overflow()),
        }
    }

    fn squared(&self, scale: i32) -> Result<Self> {
        let Some((coefficient, own_scale)) = self.parts() else { return Ok(self.clone()) };
        let square =
            Factor { coefficient: coefficient.as_ref() * coefficient.as_ref(), scale: 2 * i64::from(own_scale) };
        square.rounded(i64::from(scale))
    }

    /// About how many digits the power has before the point.
    fn power_digits(&self, exponent: i32) -> f64 {
        let leading = self.leading();
        if leading.digits == 0 {
            return 0.0;
        }
        // The groups up to the last that isn't 0, of the first four.
        let (mut digits, mut position) = (leading.digits, leading.weight * 4 - 12);
        while leading.exact && digits % 10_000 == 0 {
            digits /= 10_000;
            position += 4;
        }
        f64::from(exponent) * ((digits as f64).log10() + f64::from(position))
    }
}

/// A logarithm of some more digits than a numeric may have.
struct Logarithm {
    coefficient: BigInt,
    scale: i64,
}

impl Logarithm {
    fn approximate(&self) -> f64 {
        match Numeric::from_bigint(self.coefficient.clone(), self.scale) {
            Ok(number) => number.approximate(),
            Err(_) => self.shortened().approximate(),
        }
    }

    /// The nearest numeric: a scale beyond numeric's limit is cut to it.
    fn shortened(&self) -> Numeric {
        let scale = self.scale.min(super::MAX_SCALE);
        let coefficient = divide_power(&self.coefficient, (self.scale - scale) as u64);
        let infinity = if coefficient.sign() == Sign::Minus { Numeric::NEGATIVE_INFINITY } else { Numeric::INFINITY };
        Numeric::from_bigint(coefficient, scale).unwrap_or(infinity)
    }

    fn exp_at(&self, scale: i32) -> Result<Numeric> {
        match Numeric::from_bigint(self.coefficient.clone(), self.scale) {
            Ok(number) => number.exp_at(scale),
            Err(_) => self.shortened().exp_at(scale),
        }
    }
}

/// A number on the way to a power.
#[derive(Clone)]
struct Factor {
    coefficient: BigInt,
    scale: i64,
}

impl Factor {
    /// The power to about that many significant digits; none if it has more digits before the point than a numeric.
    fn power(self, exponent: u32, significant: i64) -> Option<Self> {
        let mut result = match exponent & 1 {
            1 => self.clone(),
            _ => Self { coefficient: BigInt::from(1), scale: 0 },
        };
        let mut base = self;
        let mut left = exponent >> 1;
        while left > 0 {
            base = base.times(&base, significant);
            if left & 1 == 1 {
                result = base.times(&result, significant);
            }
            if base.weight() >= MAX_WHOLE_DIGITS / 4 || result.weight() >= MAX_WHOLE_DIGITS / 4 {
                return None;
            }
            left >>= 1;
        }
        Some(result)
    }

    /// PostgreSQL's weight: the position of the first group of four digits.
    fn weight(&self) -> i64 {
        match digits::count_big(self.coefficient.magnitude()) {
            0 => 0,
            count => (count - 1 - self.scale).div_euclid(4),
        }
    }

    fn times(&self, other: &Self, significant: i64) -> Self {
        let full = self.scale + other.scale;
        let scale = (significant - (self.weight() + other.weight()) * 4).min(full).max(0);
        let product = &self.coefficient * &other.coefficient;
        Self { coefficient: divide_power(&product, (full - scale) as u64), scale }
    }

    fn rounded(&self, scale: i64) -> Result<Numeric> {
        let coefficient = match scale < self.scale {
            true => divide_power(&self.coefficient, (self.scale - scale) as u64),
            false => digits::scaled(&self.coefficient, (scale - self.scale) as u64),
        };
        Numeric::from_bigint(coefficient, scale)
    }
}
