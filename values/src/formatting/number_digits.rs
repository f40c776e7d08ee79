//! The digits of a number as `to_char` prints them: rounded to the places that the template has.

use std::io::Write;

use super::number_format::NumberFormat;
use crate::{Result, ValueError, code};

/// A number's digits, with a point between them if it has places behind it, or `#`s where they don't fit.
pub struct Digits {
    pub negative: bool,
    pub text: Vec<u8>,
    /// Places of the template that are more than the number has before its point.
    pub spare: usize,
    /// Places of the template behind the point, or fewer where a float hasn't so many digits.
    pub after: usize,
}

impl Digits {
    /// Of a number's text, that has no sign. What has more digits before the point than the template is shown as `#`s.
    pub fn fit(negative: bool, text: Vec<u8>, after: usize, format: &NumberFormat) -> Result<Self> {
        let places = format.before.saturating_add(format.shifted);
        let before = text.iter().position(|byte| *byte == b'.').unwrap_or(text.len());
        if before <= places {
            return Ok(Self { negative, text, spare: places - before, after });
        }
        let mut text = filled(places.saturating_add(after).saturating_add(1))?;
        if let Some(point) = text.get_mut(places) {
            *point = b'.';
        }
        Ok(Self { negative, text, spare: 0, after })
    }

    pub fn of_integer(value: i64, format: &NumberFormat) -> Result<Self> {
        let mut text = Vec::with_capacity(24_usize.saturating_add(checked(format.after)?));
        push_integer(&mut text, value.unsigned_abs().into());
        if format.after > 0 {
            text.push(b'.');
            text.resize(text.len() + format.after, b'0');
        }
        Self::fit(value < 0, text, format.after, format)
    }

    /// Rounds to no more than so many digits in all.
    pub fn of_float(value: f64, max_digits: usize, format: &NumberFormat) -> Result<Self> {
        let before = digits_before_point(value);
        let after = format.after.min(max_digits.saturating_sub(before));
        if value.is_nan() {
            return Self::fit(false, b"NaN".to_vec(), after, format);
        }
        if value.is_infinite() {
            return Self::fit(value < 0.0, b"Infinity".to_vec(), after, format);
        }
        let mut text = Vec::with_capacity(32);
        // Writing to a Vec doesn't fail.
        let _ = write!(text, "{:.after$}", value.abs());
        Self::fit(value.is_sign_negative(), text, after, format)
    }

    pub fn of_decimal(decimal: &Decimal<'_>, format: &NumberFormat) -> Result<Self> {
        if let Some(name) = decimal.special {
            return Self::fit(decimal.negative, name.as_bytes().to_vec(), format.after, format);
        }
        if format.shifted > MAX_SHIFT {
            return Err(ValueError::new(code::NUMERIC_OUT_OF_RANGE, "value overflows numeric format"));
        }
        let text = decimal.rounded(format.shifted, checked(format.after)?.min(MAX_SCALE));
        let negative = decimal.negative && text.iter().any(|byte| (b'1'..=b'9').contains(byte));
        Self::fit(negative, text, format.after, format)
    }
}

/// Digits that a numeric may have behind its point, and before it.
const MAX_SCALE: usize = 16_383;
const MAX_SHIFT: usize = 131_071;

/// Places that a result has room for.
fn checked(places: usize) -> Result<usize> {
    if places <= super::MAX_RESULT { Ok(places) } else { Err(ValueError::too_long()) }
}

pub fn filled(len: usize) -> Result<Vec<u8>> {
    Ok(vec![b'#'; checked(len)?])
}

pub fn push_integer(text: &mut Vec<u8>, value: u128) {
    let mut digits = [0_u8; 40];
    let mut start = digits.len();
    let mut rest = value;
    // A u64 is much faster to divide.
    while rest > u128::from(u64::MAX) {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let mut rest = rest as u64;
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    text.extend_from_slice(&digits[start..]);
}

/// Length of the number rounded to an integer, of large ones at least 15.
fn digits_before_point(value: f64) -> usize {
    if value.is_nan() {
        return 3;
    }
    let rounded = value.abs().round_ties_even();
    if rounded.is_infinite() {
        return 8;
    }
    if rounded >= 1e15 {
        return 16;
    }
    (rounded as u64).checked_ilog10().map_or(1, |log| log as usize + 1)
}

/// A decimal number taken apart.
#[derive(Debug, Clone, Copy)]
pub struct Decimal<'a> {
    pub negative: bool,
    pub integer: &'a [u8],
    pub fraction: &'a [u8],
    /// "NaN" or "Infinity".
    pub special: Option<&'static str>,
}

impl<'a> Decimal<'a> {
    /// Of a numeric as PostgreSQL prints it.
    pub fn parse(text: &'a str) -> Result<Self> {
        let unsigned = text.strip_prefix('-');
        let negative = unsigned.is_some();
        let unsigned = unsigned.unwrap_or(text);
        let special = ["NaN", "Infinity"].into_iter().find(|name| *name == unsigned);
        if special.is_some() {
            return Ok(Self { negative, integer: b"", fraction: b"", special });
        }
        let (integer, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = || integer.bytes().chain(fraction.bytes());
        if digits().next().is_none() || !digits().all(|byte| byte.is_ascii_digit()) {
            return Err(ValueError::invalid_text("numeric", text));
        }
        Ok(Self { negative, integer: integer.as_bytes(), fraction: fraction.as_bytes(), special })
    }

    fn digit(&self, index: usize) -> u8 {
        match index.checked_sub(self.integer.len()) {
            None => self.integer.get(index),
            Some(index) => self.fraction.get(index),
        }
        .copied()
        .unwrap_or(b'0')
    }

    /// Times ten to the power of `shift`, with so many digits behind the point; halves go away from zero.
    fn rounded(&self, shift: usize, scale: usize) -> Vec<u8> {
        let point = self.integer.len() + shift;
        // The first digit takes what is carried.
        let mut digits = Vec::with_capacity(point + scale + 2);
        digits.push(b'0');
        digits.extend((0..point + scale).map(|index| self.digit(index)));
        if self.digit(point + scale) >= b'5' {
            carry(&mut digits);
        }
        if scale > 0 {
            digits.insert(point + 1, b'.');
        }
        let zeros = digits.iter().take(point).take_while(|digit| **digit == b'0').count();
        digits.drain(..zeros);
        digits
    }

    /// The integer nearest to it; `None` if it isn't one of 32 bits.
    pub fn to_i32(self) -> Result<i32> {
        let out_of_range = || ValueError::out_of_range("integer");
        match self.special {
            Some("NaN") => return Err(not_an_integer("NaN")),
            Some(_) => return Err(not_an_integer("infinity")),
            None => {}
        }
        let mut value = 0_i64;
        for digit in self.rounded(0, 0) {
            value = value * 10 + i64::from(digit - b'0');
            if value > 1 << 31 {
                return Err(out_of_range());
            }
        }
        i32::try_from(if self.negative { -value } else { value }).map_err(|_| out_of_range())
    }

    /// In scientific notation, with so many digits behind the point. Rounding may make the first digit a ten, which
    /// PostgreSQL leaves as it is.
    pub fn scientific(&self, scale: usize) -> Result<Vec<u8>> {
        let len = self.integer.len() + self.fraction.len();
        let first = (0..len).find(|index| self.digit(*index) != b'0');
        let start = first.unwrap_or(self.integer.len().saturating_sub(1));
        let exponent = self.integer.len() as i64 - start as i64 - 1;
        let exponent = if first.is_some() { exponent } else { 0 };
        let mut digits = Vec::with_capacity(checked(scale)? + 8);
        digits.push(b'0');
        digits.extend((start..=start + scale).map(|index| self.digit(index)));
        if self.digit(start + scale + 1) >= b'5' {
            carry(&mut digits);
        }
        if scale > 0 {
            digits.insert(2, b'.');
        }
        // What was carried, if anything was; else a blank in the sign's place.
        let sign = if self.negative && first.is_some() { b'-' } else { b' ' };
        match digits.first() {
            Some(b'0') => digits[0] = sign,
            _ => digits.insert(0, sign),
        }
        push_exponent(&mut digits, exponent);
        Ok(digits)
    }
}

fn not_an_integer(what: &str) -> ValueError {
    ValueError::new(code::FEATURE_NOT_SUPPORTED, format!("cannot convert {what} to integer"))
}

/// Adds one to the last of the digits.
fn carry(digits: &mut [u8]) {
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
}

pub fn push_exponent(text: &mut Vec<u8>, exponent: i64) {
    text.extend_from_slice(if exponent < 0 { b"e-" } else { b"e+" });
    if exponent.abs() < 10 {
        text.push(b'0');
    }
    push_integer(text, exponent.unsigned_abs().into());
}
