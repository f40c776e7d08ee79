//! Bytes that are ordered as the values are.
//!
//! A byte for the kind of value, then of finite numbers other than 0: the position of the first digit in three bytes,
//! the digits in pairs (a byte each, from 1 on) without trailing zeros, and a 0. Negative numbers have those inverted.

use super::print::CoefficientDigits;
use super::{Infinity, NaN, NegativeInfinity, Numeric};

/// Added to the position of the first digit: it is at least -16383.
const EXPONENT_BIAS: i64 = 1 << 20;

impl Numeric {
    /// Bytes ordered as values are; equal values have equal bytes. No key is the start of another.
    pub fn sort_key(&self) -> Vec<u8> {
        let mut key = Vec::with_capacity(24);
        self.write_sort_key(&mut key);
        key
    }

    pub fn write_sort_key(&self, out: &mut Vec<u8>) {
        match self.0 {
            NegativeInfinity => return out.push(0),
            Infinity => return out.push(4),
            NaN => return out.push(5),
            _ if self.is_zero() => return out.push(2),
            _ => {}
        }
        let negative = self.is_negative();
        let inversion = if negative { 0xff } else { 0 };
        out.push(if negative { 1 } else { 3 });
        let digits = CoefficientDigits::of(self);
        let digits = digits.as_bytes();
        let exponent = digits.len() as i64 - 1 - i64::from(self.display_scale()) + EXPONENT_BIAS;
        out.extend(exponent.to_be_bytes().iter().skip(5).map(|byte| byte ^ inversion));
        let significant = digits.iter().rposition(|&digit| digit != b'0').map_or(0, |last| last + 1);
        for pair in digits[..significant].chunks(2) {
            let (tens, units) = (pair[0] - b'0', pair.get(1).map_or(0, |digit| digit - b'0'));
            out.push((tens * 10 + units + 1) ^ inversion);
        }
        out.push(inversion);
    }
}
