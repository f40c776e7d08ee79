//! Order, equality and hash by value.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::arithmetic::align;
use super::{Big, Infinity, NaN, NegativeInfinity, Numeric, Small};

impl Ord for Numeric {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Small(a, scale_a), Small(b, scale_b)) = (&self.0, &other.0)
            && let Some((a, b, _)) = align(*a, *scale_a, *b, *scale_b)
        {
            return a.cmp(&b);
        }
        if !self.is_finite() || !other.is_finite() {
            return self.class().cmp(&other.class());
        }
        let sign = self.signum();
        if sign != other.signum() {
            return sign.cmp(&other.signum());
        }
        if sign == 0 {
            return Ordering::Equal;
        }
        // Most numbers differ in length: only then is aligning worth its while.
        let by_length = match sign > 0 {
            true => self.exponent().cmp(&other.exponent()),
            false => other.exponent().cmp(&self.exponent()),
        };
        by_length.then_with(|| match self.aligned(other) {
            Some((a, b, _)) => a.cmp(&b),
            None => Ordering::Equal,
        })
    }
}

impl Numeric {
    fn class(&self) -> u8 {
        match self.0 {
            NegativeInfinity => 0,
            Small(..) | Big(..) => 1,
            Infinity => 2,
            NaN => 3,
        }
    }
}

impl PartialOrd for Numeric {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Numeric {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Numeric {}

impl Hash for Numeric {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.trim_scale().0 {
            Small(coefficient, scale) => (coefficient, scale).hash(state),
            Big(coefficient, scale) => (coefficient, scale).hash(state),
            _ => self.class().hash(state),
        }
    }
}
