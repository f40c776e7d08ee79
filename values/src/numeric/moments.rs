//! Variance and standard deviation.

use num_bigint::{BigInt, Sign};

use super::sum::{Counts, Total};
use super::{Numeric, Repr, Small};
use crate::Result;

/// State of var_pop, var_samp, stddev_pop and stddev_samp (and of sum and avg) over numerics or integers: the exact
/// sums of the values and of their squares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moments {
    counts: Counts,
    sum: Total,
    squares: Total,
}

impl Moments {
    pub fn add(&mut self, value: &Numeric) {
        match &value.0 {
            Small(coefficient, scale) => return self.add_unscaled(*coefficient, *scale),
            Repr::Big(coefficient, scale) => {
                self.squares.add_big(&(coefficient.as_ref() * coefficient.as_ref()), 2 * scale)
            }
            _ => {}
        }
        self.counts.add(value);
        self.sum.add_numeric(value);
    }

    pub fn add_i64(&mut self, value: i64) {
        self.add_unscaled(i128::from(value), 0);
    }

    /// Adds `coefficient` / 10^`scale`.
    pub fn add_unscaled(&mut self, coefficient: i128, scale: u16) {
        self.counts.all += 1;
        self.sum.add(coefficient, scale);
        match coefficient.checked_mul(coefficient) {
            Some(square) => self.squares.add(square, 2 * scale),
            None => {
                let coefficient = BigInt::from(coefficient);
                self.squares.add_big(&(&coefficient * &coefficient), 2 * scale);
            }
        }
    }

    pub fn merge(&mut self, other: &Self) {
        self.counts.merge(&other.counts);
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
    }

    pub fn count(&self) -> u64 {
        self.counts.all
    }

    pub fn var_pop(&self) -> Result<Option<Numeric>> {
        self.variance(false).map(|variance| variance.map(|(variance, _)| variance))
    }

    pub fn var_samp(&self) -> Result<Option<Numeric>> {
        self.variance(true).map(|variance| variance.map(|(variance, _)| variance))
    }

    pub fn stddev_pop(&self) -> Result<Option<Numeric>> {
        self.deviation(false)
    }

    pub fn stddev_samp(&self) -> Result<Option<Numeric>> {
        self.deviation(true)
    }

    fn deviation(&self, sample: bool) -> Result<Option<Numeric>> {
        match self.variance(sample)? {
            Some((variance, Some(scale))) => variance.sqrt_at(scale).map(Some),
            other => Ok(other.map(|(variance, _)| variance)),
        }
    }

    /// The variance, and the scale of its root; no scale where the root is the variance.
    fn variance(&self, sample: bool) -> Result<Option<(Numeric, Option<i32>)>> {
        let count = self.counts.all;
        if count <= u64::from(sample) {
            return Ok(None);
        }
        if self.counts.special_sum().is_some() {
            return Ok(Some((Numeric::NAN, None)));
        }
        let sum = self.sum.coefficient();
        // Both at twice the scale of the sum: that of the squares.
        let dividend = self.squares.coefficient() * count - &sum * &sum;
        if dividend.sign() != Sign::Plus {
            return Ok(Some((Numeric::ZERO, None)));
        }
        let scale = i64::from(self.squares.scale());
        let divisor = i128::from(count) * i128::from(if sample { count - 1 } else { count });
        let (dividend, divisor) = (Unlimited { coefficient: dividend, scale }, Numeric(Small(divisor, 0)));
        let (variance, scale) = dividend.divide(&divisor)?;
        Ok(Some((variance, Some(scale))))
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(80);
        self.counts.write_bytes(&mut out);
        self.sum.write_bytes(&mut out);
        self.squares.write_bytes(&mut out);
        out
    }

    /// None if they aren't the bytes of such a state.
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let moments = Self {
            counts: Counts::read_bytes(&mut bytes)?,
            sum: Total::read_bytes(&mut bytes)?,
            squares: Total::read_bytes(&mut bytes)?,
        };
        bytes.is_empty().then_some(moments)
    }
}

/// A number beyond numeric's limits, which its quotient need not be.
struct Unlimited {
    coefficient: BigInt,
    scale: i64,
}

impl Unlimited {
    fn divide(self, divisor: &Numeric) -> Result<(Numeric, i32)> {
        // The leading digits and the scale choose the quotient's scale, whatever the length.
        let Ok(dividend) = Numeric::from_bigint(self.coefficient.clone(), self.scale) else {
            return self.divide_long(divisor);
        };
        let scale = dividend.quotient_scale(divisor);
        Ok((dividend.quotient(divisor, i64::from(scale))?, scale))
    }

    fn divide_long(self, divisor: &Numeric) -> Result<(Numeric, i32)> {
        let length = super::digits::count_big(self.coefficient.magnitude());
        // So long a scale is above any that's chosen, and so many digits before the point need none behind it.
        let scale = if length - self.scale > super::MAX_WHOLE_DIGITS / 2 {
            self.scale.min(i64::from(super::MAX_CHOSEN_SCALE))
        } else {
            i64::from(super::MAX_CHOSEN_SCALE)
        };
        let Some((divisor, divisor_scale)) = divisor.parts() else { return Ok((Numeric::NAN, 0)) };
        let quotient =
            super::divide::quotient(&self.coefficient, self.scale, &divisor, i64::from(divisor_scale), scale);
        Ok((Numeric::from_bigint(quotient, scale)?, scale as i32))
    }
}
