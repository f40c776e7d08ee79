//! Text of a numeric.

use std::fmt;

use super::{Big, Infinity, NaN, NegativeInfinity, Numeric, Small};

/// Decimal digits of a coefficient's magnitude, without leading zeros; "0" for 0.
pub(super) enum CoefficientDigits {
    Short([u8; 40], usize),
    Long(String),
}

impl CoefficientDigits {
    pub fn of(value: &Numeric) -> Self {
        match &value.0 {
            Big(coefficient, _) => Self::Long(coefficient.magnitude().to_string()),
            Small(coefficient, _) => Self::short(coefficient.unsigned_abs()),
            _ => Self::short(0),
        }
    }

    fn short(mut value: u128) -> Self {
        let mut buffer = [b'0'; 40];
        let mut start = buffer.len();
        // Parts of 18 digits, which 64 bits hold.
        const PART: u128 = 1_000_000_000_000_000_000;
        while value >= PART {
            let part = (value % PART) as u64;
            value /= PART;
            write_digits(&mut buffer[start - 18..start], part);
            start -= 18;
        }
        let left = value as u64;
        let length = left.checked_ilog10().unwrap_or(0) as usize + 1;
        write_digits(&mut buffer[start - length..start], left);
        Self::Short(buffer, start - length)
    }

    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Short(buffer, start) => &buffer[*start..],
            Self::Long(text) => text.as_bytes(),
        }
    }
}

/// Fills the buffer with the last digits of `value`.
fn write_digits(buffer: &mut [u8], mut value: u64) {
    for place in buffer.iter_mut().rev() {
        *place = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

impl Numeric {
    /// Appends the number as PostgreSQL prints it.
    pub fn write_text(&self, out: &mut String) {
        let scale = match self.0 {
            NaN => return out.push_str("NaN"),
            Infinity => return out.push_str("Infinity"),
            NegativeInfinity => return out.push_str("-Infinity"),
            Small(_, scale) | Big(_, scale) => usize::from(scale),
        };
        if self.is_negative() {
            out.push('-');
        }
        let digits = CoefficientDigits::of(self);
        let digits = std::str::from_utf8(digits.as_bytes()).unwrap_or_default();
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(scale));
        out.reserve(digits.len().max(scale) + 2);
        out.push_str(if whole.is_empty() { "0" } else { whole });
        if scale > 0 {
            out.push('.');
            out.extend(std::iter::repeat_n('0', scale - fraction.len()));
            out.push_str(fraction);
        }
    }
}

impl fmt::Display for Numeric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write_text(&mut text);
        f.pad(&text)
    }
}
