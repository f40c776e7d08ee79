//! Exact sums: sum and avg.

use num_bigint::BigInt;

use super::arithmetic::align;
use super::{Infinity, NaN, NegativeInfinity, Numeric, Repr, Small, digits};
use crate::Result;

/// A sum on the way: of any length, and not an error before its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Total {
    small: i128,
    /// What overflowed `small`, at the same scale.
    big: Option<Box<BigInt>>,
    scale: u16,
}

impl Total {
    pub fn add(&mut self, coefficient: i128, scale: u16) {
        if let Some((sum, addend, scale)) = align(self.small, self.scale, coefficient, scale)
            && let (Some(sum), true) = (sum.checked_add(addend), self.big.is_none() || scale == self.scale)
        {
            self.small = sum;
            self.scale = scale;
            return;
        }
        self.add_big(&BigInt::from(coefficient), scale);
    }

    pub fn add_big(&mut self, coefficient: &BigInt, scale: u16) {
        let mut sum = BigInt::from(self.small);
        if let Some(big) = self.big.take() {
            sum += *big;
        }
        if scale > self.scale {
            sum = digits::scaled(&sum, u64::from(scale - self.scale));
            self.scale = scale;
        }
        sum += digits::scaled(coefficient, u64::from(self.scale - scale));
        self.small = 0;
        match i128::try_from(&sum) {
            Ok(small) => self.small = small,
            Err(_) => self.big = Some(Box::new(sum)),
        }
    }

    pub fn add_numeric(&mut self, value: &Numeric) {
        match &value.0 {
            Small(coefficient, scale) => self.add(*coefficient, *scale),
            Repr::Big(coefficient, scale) => self.add_big(coefficient, *scale),
            _ => {}
        }
    }

    pub fn merge(&mut self, other: &Self) {
        self.add(other.small, other.scale);
        if let Some(big) = &other.big {
            self.add_big(big, other.scale);
        }
    }

    pub fn scale(&self) -> u16 {
        self.scale
    }

    pub fn coefficient(&self) -> BigInt {
        match &self.big {
            Some(big) => big.as_ref() + self.small,
            None => BigInt::from(self.small),
        }
    }

    pub fn result(&self) -> Result<Numeric> {
        match &self.big {
            None => Ok(Numeric(Small(self.small, self.scale))),
            Some(_) => Numeric::from_bigint(self.coefficient(), i64::from(self.scale)),
        }
    }

    pub fn write_bytes(&self, out: &mut Vec<u8>) {
        let coefficient = self.coefficient().to_signed_bytes_le();
        out.extend(self.scale.to_le_bytes());
        out.extend((coefficient.len() as u32).to_le_bytes());
        out.extend(coefficient);
    }

    pub fn read_bytes(bytes: &mut &[u8]) -> Option<Self> {
        let scale = u16::from_le_bytes(take(bytes)?);
        let length = u32::from_le_bytes(take(bytes)?);
        let (coefficient, rest) = bytes.split_at_checked(length as usize)?;
        *bytes = rest;
        let mut total = Self::default();
        total.add_big(&BigInt::from_signed_bytes_le(coefficient), scale);
        Some(total)
    }
}

/// The next bytes of a serialised state.
pub(super) fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*head)
}

/// How many values of an aggregate aren't finite, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub all: u64,
    pub nan: u64,
    pub infinity: u64,
    pub negative_infinity: u64,
}

impl Counts {
    pub fn add(&mut self, value: &Numeric) {
        self.all += 1;
        match value.0 {
            NaN => self.nan += 1,
            Infinity => self.infinity += 1,
            NegativeInfinity => self.negative_infinity += 1,
            _ => {}
        }
    }

    pub fn merge(&mut self, other: &Self) {
        self.all += other.all;
        self.nan += other.nan;
        self.infinity += other.infinity;
        self.negative_infinity += other.negative_infinity;
    }

    /// The sum, if it isn't finite.
    pub fn special_sum(&self) -> Option<Numeric> {
        match (self.nan, self.infinity, self.negative_infinity) {
            (0, 0, 0) => None,
            (0, _, 0) => Some(Numeric::INFINITY),
            (0, 0, _) => Some(Numeric::NEGATIVE_INFINITY),
            _ => Some(Numeric::NAN),
        }
    }

    pub fn write_bytes(&self, out: &mut Vec<u8>) {
        for count in [self.all, self.nan, self.infinity, self.negative_infinity] {
            out.extend(count.to_le_bytes());
        }
    }

    pub fn read_bytes(bytes: &mut &[u8]) -> Option<Self> {
        let mut next = || take(bytes).map(u64::from_le_bytes);
        Some(Self { all: next()?, nan: next()?, infinity: next()?, negative_infinity: next()? })
    }
}

/// State of sum and avg over numerics, or over integers where their result is a numeric.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    counts: Counts,
    total: Total,
}

impl Sum {
    pub fn add(&mut self, value: &Numeric) {
        self.counts.add(value);
        self.total.add_numeric(value);
    }

    pub fn add_i64(&mut self, value: i64) {
        self.add_unscaled(i128::from(value), 0);
    }

    /// Adds `coefficient` / 10^`scale`.
    pub fn add_unscaled(&mut self, coefficient: i128, scale: u16) {
        self.counts.all += 1;
        self.total.add(coefficient, scale);
    }

    pub fn merge(&mut self, other: &Self) {
        self.counts.merge(&other.counts);
        self.total.merge(&other.total);
    }

    pub fn count(&self) -> u64 {
        self.counts.all
    }

    /// Null of no values. An error if the sum is beyond numeric's limits.
    pub fn sum(&self) -> Result<Option<Numeric>> {
        match (self.counts.all, self.counts.special_sum()) {
            (0, _) => Ok(None),
            (_, Some(special)) => Ok(Some(special)),
            _ => self.total.result().map(Some),
        }
    }

    pub fn avg(&self) -> Result<Option<Numeric>> {
        match self.sum()? {
            Some(sum) => sum.div(&Numeric(Small(i128::from(self.counts.all), 0))).map(Some),
            None => Ok(None),
        }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(56);
        self.counts.write_bytes(&mut out);
        self.total.write_bytes(&mut out);
        out
    }

    /// None if they aren't the bytes of a sum.
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let sum = Self { counts: Counts::read_bytes(&mut bytes)?, total: Total::read_bytes(&mut bytes)? };
        bytes.is_empty().then_some(sum)
    }
}
