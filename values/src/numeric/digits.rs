//! Decimal digits of coefficients: powers of ten, lengths, and PostgreSQL's leading groups of four digits.

use std::sync::OnceLock;

use num_bigint::{BigInt, BigUint};

use super::{Big, Numeric, Small};

/// Powers of ten that fit 128 bits.
pub(super) const POWERS: [u128; 39] = {
    let mut powers = [1; 39];
    let mut i = 1;
    while i < 39 {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};

pub(super) fn power(exponent: u64) -> Option<i128> {
    let power = POWERS.get(usize::try_from(exponent).ok()?)?;
    i128::try_from(*power).ok()
}

/// Distance of the long powers of ten that are kept.
const STEP: u64 = 1024;

/// Long powers of ten, made when first needed: a text as short as "1e131071" mustn't take a long time for each row.
/// All of them take some megabytes.
static LONG_POWERS: [OnceLock<BigUint>; 160] = [const { OnceLock::new() }; 160];

/// 10^`exponent`. Callers bound the exponent: it is at most some hundred thousands.
pub(super) fn big_power(exponent: u64) -> BigUint {
    if let Some(&power) = POWERS.get(exponent as usize) {
        return BigUint::from(power);
    }
    match LONG_POWERS.get((exponent / STEP) as usize) {
        Some(long) if exponent >= STEP => {
            let long = long.get_or_init(|| make_power(exponent / STEP * STEP));
            match exponent % STEP {
                0 => long.clone(),
                rest => long * big_power_below_step(rest),
            }
        }
        _ => make_power(exponent),
    }
}

fn big_power_below_step(exponent: u64) -> BigUint {
    match POWERS.get(exponent as usize) {
        Some(&power) => BigUint::from(power),
        None => make_power(exponent),
    }
}

fn make_power(exponent: u64) -> BigUint {
    BigUint::from(5u32).pow(exponent.min(u64::from(u32::MAX)) as u32) << exponent
}

/// `value` times 10^`exponent`.
pub(super) fn scaled(value: &BigInt, exponent: u64) -> BigInt {
    match exponent {
        0 => value.clone(),
        _ => value * BigInt::from(big_power(exponent)),
    }
}

/// Number of decimal digits, 0 for 0.
pub(super) fn count(value: u128) -> u32 {
    let bits = 128 - value.leading_zeros();
    // 1233/4096 is a little more than log10(2), precise enough for 128 bits.
    let estimate = (bits * 1233) >> 12;
    match POWERS.get(estimate as usize) {
        Some(&power) if value >= power => estimate + 1,
        _ => estimate,
    }
}

/// Number of decimal digits.
pub(super) fn count_big(value: &BigUint) -> i64 {
    let bits = value.bits();
    if bits == 0 {
        return 0;
    }
    // log10 of the top 64 bits plus that of the rest's power of two: off by far less than 1e-9, so only values that
    // close to a power of ten need a comparison.
    let shift = bits.saturating_sub(64);
    let top = (value >> shift).iter_u64_digits().next().unwrap_or(1);
    let log = (top as f64).log10() + shift as f64 * std::f64::consts::LOG10_2;
    let nearest = log.round();
    if (log - nearest).abs() > 1e-6 {
        return log.floor() as i64 + 1;
    }
    match *value >= big_power(nearest.max(0.0) as u64) {
        true => nearest as i64 + 1,
        false => nearest as i64,
    }
}

/// Whether `value` has more than `limit` digits.
pub(super) fn exceeds(value: &BigUint, limit: i64) -> bool {
    // Most values are far from the limit: 3.3 bits a digit tell.
    let bits = value.bits() as f64;
    if bits < limit as f64 * 3.3 {
        return false;
    }
    bits > (limit as f64 + 1.0) * 3.4 || count_big(value) > limit
}

/// The leading digits of a finite number in PostgreSQL's groups of four (base 10000).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Leading {
    /// Position of the first group: its unit is 10000^weight. 0 for 0.
    pub weight: i32,
    /// The first four groups.
    pub digits: u64,
    /// Whether nothing but zeros follows them.
    pub exact: bool,
}

impl Leading {
    /// The first group.
    pub fn first(self) -> u64 {
        self.digits / 1_000_000_000_000
    }
}

impl Numeric {
    /// Position of the first digit of a finite number other than 0: 0 for units, 1 for tens, -1 for tenths.
    pub(super) fn exponent(&self) -> i64 {
        match &self.0 {
            Small(coefficient, scale) => i64::from(count(coefficient.unsigned_abs())) - 1 - i64::from(*scale),
            Big(coefficient, scale) => count_big(coefficient.magnitude()) - 1 - i64::from(*scale),
            _ => 0,
        }
    }

    /// PostgreSQL's weight of a finite number.
    pub(super) fn weight(&self) -> i32 {
        match self.is_zero() {
            true => 0,
            false => self.exponent().div_euclid(4) as i32,
        }
    }

    pub(super) fn leading(&self) -> Leading {
        if self.is_zero() || !self.is_finite() {
            return Leading { exact: true, ..Leading::default() };
        }
        let weight = self.weight();
        // The four groups are the value's whole part when it's divided by this power of ten.
        let shift = 4 * (i64::from(weight) - 3) + i64::from(self.display_scale());
        let power = shift.unsigned_abs();
        if let Small(coefficient, _) = &self.0 {
            let magnitude = coefficient.unsigned_abs();
            if let Some(&power) = POWERS.get(power as usize) {
                if shift <= 0 {
                    if let Some(digits) = magnitude.checked_mul(power) {
                        return Leading { weight, digits: digits as u64, exact: true };
                    }
                } else {
                    let digits = magnitude / power;
                    return Leading { weight, digits: digits as u64, exact: digits * power == magnitude };
                }
            }
        }
        let Some((coefficient, _)) = self.parts() else { return Leading::default() };
        let magnitude = coefficient.magnitude();
        let (digits, exact) = match shift <= 0 {
            true => (magnitude * big_power(power), true),
            false => {
                let power = big_power(power);
                let digits = magnitude / &power;
                let exact = &digits * power == *magnitude;
                (digits, exact)
            }
        };
        Leading { weight, digits: digits.iter_u64_digits().next().unwrap_or(0), exact }
    }
}
