//! Exponential and logarithm in binary fixed point, precise to far more digits than the result shows.

use std::cell::RefCell;

use num_bigint::{BigInt, BigUint, Sign};

use super::digits;

/// Bits of precision beyond those that the result shows.
const GUARD: u64 = 72;

/// Bits that `count` decimal digits take, at most.
fn bits_of_digits(count: i64) -> u64 {
    (count.max(0) as u64).saturating_mul(10) / 3 + 1
}

/// A fixed-point number of `bits` binary places, times 10^`scale`, to the nearest.
fn to_decimal(value: &BigUint, bits: u64, scale: i64) -> BigUint {
    let scaled = value * digits::big_power(scale.max(0) as u64);
    (scaled + (BigUint::from(1u32) << (bits - 1))) >> bits
}

/// e to the power of `coefficient` / 10^`scale`, which is about `estimate`, times 10^`result_scale`.
pub(super) fn exp(coefficient: &BigInt, scale: i64, estimate: f64, result_scale: i64) -> BigUint {
    if coefficient.sign() == Sign::NoSign {
        return digits::big_power(result_scale.max(0) as u64);
    }
    // The result's bits before and behind the point.
    let whole_bits = (estimate * std::f64::consts::LOG2_E).max(0.0) as u64 + 1;
    let wanted = whole_bits + bits_of_digits(result_scale);
    // Halving the argument and squaring the result shortens the series: both take about the same work if there are as
    // many of the one as terms of the other.
    let halvings =
        (estimate.abs().log2().ceil().max(-64.0) as i64 + (wanted as f64).sqrt() as i64 / 2 + 4).max(0) as u64;
    let bits = wanted + halvings + GUARD;

    let argument = (coefficient.magnitude() << bits) / (digits::big_power(scale.max(0) as u64) << halvings);
    let one = BigUint::from(1u32) << bits;
    let mut sum = &one + &argument;
    let mut term = argument.clone();
    for n in 2u32.. {
        term = ((term * &argument) >> bits) / n;
        if term.bits() == 0 {
            break;
        }
        sum += &term;
    }
    if coefficient.sign() == Sign::Minus {
        sum = (one << bits) / sum;
    }
    for _ in 0..halvings {
        sum = (&sum * &sum) >> bits;
    }
    to_decimal(&sum, bits, result_scale)
}

/// Natural logarithm of `coefficient` / 10^`scale`, which is more than 0, times 10^`result_scale`.
pub(super) fn ln(coefficient: &BigUint, scale: i64, result_scale: i64) -> BigInt {
    let wanted = bits_of_digits(result_scale);
    // Each root halves the logarithm, and with it the terms' factor: worth it for many digits only.
    let roots = (wanted / 400).min(12);
    let bits = wanted + GUARD + 2 * roots;
    let one = BigUint::from(1u32) << bits;

    // value = mantissa * 2^exponent, the mantissa between about 0.7 and 1.4.
    let length = coefficient.bits();
    let shift = length.saturating_sub(64);
    let top = (coefficient >> shift).iter_u64_digits().next().unwrap_or(1);
    let log = (top as f64).log2() + shift as f64 - scale as f64 * std::f64::consts::LOG2_10;
    let exponent = log.round() as i64;
    let power = digits::big_power(scale.max(0) as u64);
    let up = bits as i64 - exponent;
    let mut mantissa = match up >= 0 {
        true => (coefficient << up.unsigned_abs()) / power,
        false => coefficient / (power << up.unsigned_abs()),
    };
    for _ in 0..roots {
        mantissa = (mantissa << bits).sqrt();
    }

    // ln m = 2 artanh((m - 1) / (m + 1))
    let below_one = mantissa < one;
    let difference = if below_one { &one - &mantissa } else { &mantissa - &one };
    let z = (difference << bits) / (&mantissa + &one);
    let series = inverse_tangent_series(&z, bits);
    let mut result = BigInt::from_biguint(if below_one { Sign::Minus } else { Sign::Plus }, series << (roots + 1));
    if exponent != 0 {
        result += BigInt::from(ln_2(bits)) * exponent;
    }
    BigInt::from_biguint(result.sign(), to_decimal(result.magnitude(), bits, result_scale))
}

/// z + z^3/3 + z^5/5 + ...
fn inverse_tangent_series(z: &BigUint, bits: u64) -> BigUint {
    let square = (z * z) >> bits;
    let mut sum = z.clone();
    let mut power = z.clone();
    for n in (3u32..).step_by(2) {
        power = (power * &square) >> bits;
        let term = &power / n;
        if term.bits() == 0 {
            break;
        }
        sum += term;
    }
    sum
}

/// The same of 1/`divisor`.
fn inverse_tangent_of_reciprocal(divisor: u32, bits: u64) -> BigUint {
    let mut power = (BigUint::from(1u32) << bits) / divisor;
    let mut sum = power.clone();
    for n in (3u32..).step_by(2) {
        power = power / divisor / divisor;
        let term = &power / n;
        if term.bits() == 0 {
            break;
        }
        sum += term;
    }
    sum
}

thread_local! {
    /// The logarithm of 2 of the largest number of bits asked for so far.
    static LN_2: RefCell<(u64, BigUint)> = const { RefCell::new((0, BigUint::ZERO)) };
}

fn ln_2(bits: u64) -> BigUint {
    LN_2.with_borrow_mut(|(known, value)| {
        if *known < bits {
            // More bits than asked for: sums of truncated terms are off in the last ones.
            let precision = bits + 64;
            let of = |divisor| inverse_tangent_of_reciprocal(divisor, precision);
            // 18 artanh 1/26 - 2 artanh 1/4801 + 8 artanh 1/8749.
            *value = of(26) * 18u32 + of(8749) * 8u32 - of(4801) * 2u32;
            *known = precision;
        }
        &*value >> (*known - bits)
    })
}
