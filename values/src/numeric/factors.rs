//! Greatest common divisor, least common multiple, factorial.

use num_bigint::{BigInt, BigUint, Sign};

use super::{MAX_WHOLE_DIGITS, Numeric, digits, overflow};
use crate::{Result, ValueError, code};

impl Numeric {
    pub fn gcd(&self, other: &Self) -> Result<Self> {
        match self.aligned(other) {
            Some((a, b, scale)) => Self::from_bigint(BigInt::from(gcd(a.into_parts().1, b.into_parts().1)), scale),
            None => Ok(Self::NAN),
        }
    }

    pub fn lcm(&self, other: &Self) -> Result<Self> {
        let Some((a, b, scale)) = self.aligned(other) else { return Ok(Self::NAN) };
        let (a, b) = (a.into_parts().1, b.into_parts().1);
        if a.bits() == 0 || b.bits() == 0 {
            return Self::from_bigint(BigInt::ZERO, scale);
        }
        let divisor = gcd(a.clone(), b.clone());
        let multiple = a / divisor * b;
        Self::from_bigint(BigInt::from(multiple), scale)
    }

    pub fn factorial(number: i64) -> Result<Self> {
        if number < 0 {
            let message = "factorial of a negative number is undefined";
            return Err(ValueError::new(code::NUMERIC_OUT_OF_RANGE, message));
        }
        // The largest whose factorial has no more than 131072 digits.
        if number > 32_177 {
            return Err(overflow());
        }
        let product = product(1, number as u64);
        debug_assert!(!digits::exceeds(&product, MAX_WHOLE_DIGITS));
        Self::from_bigint(BigInt::from_biguint(Sign::Plus, product), 0)
    }
}

/// `from` * (`from` + 1) * ... * `to`, by halves: factors of like length multiply fastest. 1 if there are none.
fn product(from: u64, to: u64) -> BigUint {
    if to < from + 16 {
        return (from..=to).fold(BigUint::from(1u32), |product, factor| product * factor);
    }
    let middle = from.midpoint(to);
    product(from, middle) * product(middle + 1, to)
}

/// Euclid's algorithm, by Lehmer: most steps are done on the leading 64 bits alone.
fn gcd(a: BigUint, b: BigUint) -> BigUint {
    let (mut a, mut b) = if a < b { (b, a) } else { (a, b) };
    while b.bits() > 64 {
        let (rows, stepped) = leading_steps(&a, &b);
        if !stepped {
            let remainder = &a % &b;
            (a, b) = (b, remainder);
            continue;
        }
        let [[p, q], [r, s]] = rows;
        let combine =
            |x: i64, y: i64| BigInt::from(x) * BigInt::from(a.clone()) + BigInt::from(y) * BigInt::from(b.clone());
        (a, b) = (combine(p, q).into_parts().1, combine(r, s).into_parts().1);
    }
    if b.bits() == 0 {
        return a;
    }
    let small = b.iter_u64_digits().next().unwrap_or(0);
    let (mut x, mut y) = (small, (a % small).iter_u64_digits().next().unwrap_or(0));
    while y != 0 {
        (x, y) = (y, x % y);
    }
    BigUint::from(x)
}

/// The steps of Euclid's algorithm that the leading 62 bits determine, as factors of the two numbers, and whether
/// there are any.
fn leading_steps(a: &BigUint, b: &BigUint) -> ([[i64; 2]; 2], bool) {
    let shift = a.bits().saturating_sub(62);
    let top = |number: &BigUint| (number >> shift).iter_u64_digits().next().unwrap_or(0) as i128;
    let (mut x, mut y) = (top(a), top(b));
    let (mut p, mut q, mut r, mut s) = (1i128, 0i128, 0i128, 1i128);
    let mut stepped = false;
    // The quotient is certain where both ends of the range of the true numbers give it.
    while y + r != 0 && y + s != 0 {
        let quotient = (x + p) / (y + r);
        if quotient != (x + q) / (y + s) {
            break;
        }
        let next = (p - quotient * r, q - quotient * s);
        if next.0.abs() > i128::from(i32::MAX) || next.1.abs() > i128::from(i32::MAX) {
            break;
        }
        (p, q, r, s) = (r, s, next.0, next.1);
        (x, y) = (y, x - quotient * y);
        stepped = true;
    }
    ([[p as i64, q as i64], [r as i64, s as i64]], stepped)
}
