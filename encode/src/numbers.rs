//! Booleans, integers and floats.
//!
//! Float digits: the shortest that read back as the same number, laid out as PostgreSQL's `float8out` does
//! (src/common/d2s.c there): an exponent where it is below -4 or not below 15 (6 for float4), with two digits at least.

use std::fmt::Write;

use bytes::BytesMut;

use super::cell::{Cell, append_fixed};
use super::error::EncodeError;
use super::types::{oid, type_name};

#[inline(always)]
pub(super) fn write_bool<const FRAME: bool>(value: bool, binary: bool, out: &mut BytesMut) {
    let byte = match (binary, value) {
        (true, value) => u8::from(value),
        (false, true) => b't',
        (false, false) => b'f',
    };
    if FRAME { out.extend_from_slice(&[0, 0, 0, 1, byte]) } else { out.extend_from_slice(&[byte]) }
}

#[inline(always)]
pub(super) fn write_int_text<const FRAME: bool>(value: i64, out: &mut BytesMut) {
    let mut cell = Cell::<24>::new::<FRAME>();
    cell.int(value);
    cell.finish::<FRAME>(out);
}

/// An integer in the width of the PostgreSQL type. A value that it can't hold is an error.
#[inline(always)]
pub(super) fn write_int_binary<const FRAME: bool>(value: i64, oid: u32, out: &mut BytesMut) -> Result<(), EncodeError> {
    match oid {
        oid::INT8 => append_fixed::<FRAME, 8>(out, value.to_be_bytes()),
        oid::INT4 => append_fixed::<FRAME, 4>(out, narrow::<i32>(value, oid)?.to_be_bytes()),
        oid::INT2 => append_fixed::<FRAME, 2>(out, narrow::<i16>(value, oid)?.to_be_bytes()),
        _ => append_fixed::<FRAME, 4>(out, narrow::<u32>(value, oid)?.to_be_bytes()),
    }
    Ok(())
}

#[inline(always)]
fn narrow<T: TryFrom<i64>>(value: i64, oid: u32) -> Result<T, EncodeError> {
    T::try_from(value).map_err(|_| EncodeError::number_out_of_range(type_name(oid)))
}

#[inline]
pub(super) fn write_float8<const FRAME: bool>(value: f64, binary: bool, extra_digits: i32, out: &mut BytesMut) {
    if binary {
        return append_fixed::<FRAME, 8>(out, value.to_be_bytes());
    }
    let mut cell = Cell::<40>::new::<FRAME>();
    if !value.is_finite() {
        cell.extend(not_finite(value));
    } else if extra_digits <= 0 {
        return write_rounded::<FRAME>(value, 15 + extra_digits, out);
    } else if !write_short_decimal(value, &mut cell) {
        let mut buffer = ryu::Buffer::new();
        let digits = Digits::parse(buffer.format_finite(value.abs()).as_bytes());
        let digits = if digits.is_halfway_to_neighbour(value) { Digits::inside_interval(value) } else { digits };
        digits.write(value.is_sign_negative(), 15, &mut cell);
    }
    cell.finish::<FRAME>(out);
}

#[inline]
pub(super) fn write_float4<const FRAME: bool>(value: f32, binary: bool, extra_digits: i32, out: &mut BytesMut) {
    if binary {
        return append_fixed::<FRAME, 4>(out, value.to_be_bytes());
    }
    let mut cell = Cell::<40>::new::<FRAME>();
    if !value.is_finite() {
        cell.extend(not_finite(f64::from(value)));
    } else if extra_digits <= 0 {
        return write_rounded::<FRAME>(f64::from(value), 6 + extra_digits, out);
    } else if value == 0.0 {
        cell.extend(if value.is_sign_negative() { b"-0" } else { b"0" });
    } else {
        let mut buffer = ryu::Buffer::new();
        let digits = Digits::parse(buffer.format_finite(value.abs()).as_bytes());
        let digits =
            if digits.is_halfway_to_neighbour_f32(value) { Digits::inside_interval_f32(value) } else { digits };
        digits.write(value.is_sign_negative(), 6, &mut cell);
    }
    cell.finish::<FRAME>(out);
}

fn not_finite(value: f64) -> &'static [u8] {
    match (value.is_nan(), value > 0.0) {
        (true, _) => b"NaN",
        (false, true) => b"Infinity",
        (false, false) => b"-Infinity",
    }
}

/// Writes a number that is a decimal of at most 15 digits with at most four behind the point, which most are.
///
/// Two different decimals of 15 digits never share a float8, so if `k / 10_000` is this float8, then `k / 10_000` without
/// its trailing zeros is the shortest decimal for it.
#[inline(always)]
fn write_short_decimal(value: f64, cell: &mut Cell<40>) -> bool {
    let scaled = value * 10_000.0;
    if scaled.abs() >= 1e15 {
        return false;
    }
    let whole = (scaled + 0.5_f64.copysign(scaled)) as i64;
    if whole as f64 / 10_000.0 != value {
        return false;
    }
    if value.is_sign_negative() {
        cell.push(b'-');
    }
    let magnitude = whole.unsigned_abs();
    let (integer, fraction) = (magnitude / 10_000, magnitude % 10_000);
    cell.uint(integer);
    if fraction != 0 {
        cell.push(b'.');
        cell.padded(fraction, 4);
        cell.trim_zeros(4);
    }
    true
}

/// Significant decimal digits `d.ddd * 10^exponent`, none of them a leading or trailing zero.
struct Digits {
    bytes: [u8; 20],
    len: usize,
    exponent: i32,
}

impl Digits {
    /// Reads the digits and exponent of a positive number as printed by ryu or by `{:e}`.
    fn parse(text: &[u8]) -> Self {
        let mut digits = Self { bytes: [b'0'; 20], len: 0, exponent: -1 };
        let (mut seen_point, mut index) = (false, 0);
        while index < text.len() {
            match text[index] {
                b'.' => seen_point = true,
                b'e' => {
                    digits.exponent += parse_exponent(&text[index + 1..]);
                    break;
                }
                b'0' if digits.len == 0 => digits.exponent -= i32::from(seen_point),
                digit => {
                    digits.bytes[digits.len.min(19)] = digit;
                    digits.len = (digits.len + 1).min(20);
                    digits.exponent += i32::from(!seen_point);
                }
            }
            index += 1;
        }
        while digits.len > 1 && digits.bytes[digits.len - 1] == b'0' {
            digits.len -= 1;
        }
        digits
    }

    fn write(&self, negative: bool, fixed_below: i32, cell: &mut Cell<40>) {
        let digits = &self.bytes[..self.len];
        if negative {
            cell.push(b'-');
        }
        match self.exponent {
            below @ -4..0 => {
                cell.extend(&b"0.000"[..(1 - below) as usize]);
                cell.extend(digits);
            }
            fixed if fixed >= 0 && fixed < fixed_below => {
                let integer = fixed as usize + 1;
                cell.extend(&digits[..integer.min(self.len)]);
                if self.len > integer {
                    cell.push(b'.');
                    cell.extend(&digits[integer..]);
                } else {
                    (self.len..integer).for_each(|_| cell.push(b'0'));
                }
            }
            _ => self.write_scientific(cell),
        }
    }

    fn write_scientific(&self, cell: &mut Cell<40>) {
        cell.push(self.bytes[0]);
        if self.len > 1 {
            cell.push(b'.');
            cell.extend(&self.bytes[1..self.len]);
        }
        cell.extend(if self.exponent < 0 { b"e-" } else { b"e+" });
        let magnitude = u64::from(self.exponent.unsigned_abs());
        cell.padded(magnitude, if magnitude < 100 { 2 } else { 3 });
    }

    fn integer(&self) -> u64 {
        self.bytes[..self.len].iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'))
    }

    /// Whether these digits lie exactly between `value` and a neighbour. PostgreSQL doesn't take such digits, though they
    /// read back as `value` by rounding to even; ryu does.
    #[inline]
    fn is_halfway_to_neighbour(&self, value: f64) -> bool {
        let bits = value.to_bits() & !(1 << 63);
        let (fraction, exponent) = (bits & ((1 << 52) - 1), (bits >> 52) as i32);
        self.is_midpoint(fraction, 1 << 52, exponent, -1075)
    }

    #[inline]
    fn is_halfway_to_neighbour_f32(&self, value: f32) -> bool {
        let bits = value.to_bits() & !(1 << 31);
        let (fraction, exponent) = (bits & ((1 << 23) - 1), (bits >> 23) as i32);
        self.is_midpoint(u64::from(fraction), 1 << 23, exponent, -150)
    }

    #[inline]
    fn is_midpoint(&self, fraction: u64, hidden_bit: u64, biased_exponent: i32, bias: i32) -> bool {
        let e10 = self.exponent + 1 - self.len as i32;
        let is_normal = biased_exponent != 0;
        // A midpoint's odd factor is about twice the mantissa, and times 5^-e10 it must divide a number of 17 (9) digits;
        // 5^24 doesn't divide it.
        if !fraction.is_multiple_of(2) || e10 > 23 || e10 < if is_normal { -2 } else { -24 } {
            return false;
        }
        let mantissa = if is_normal { fraction | hidden_bit } else { fraction };
        // The neighbour below a power of two is only half as far.
        let below = if fraction == 0 && biased_exponent > 1 { 1 } else { 2 };
        let exponent = biased_exponent.max(1) + bias;
        [4 * mantissa + 2, (4 * mantissa).saturating_sub(below)]
            .into_iter()
            .any(|quarters| self.equals(quarters, exponent - 2, e10))
    }

    /// Whether `integer * 10^e10 == right * 2^e2`, compared by what remains without the factors of two.
    fn equals(&self, right: u64, e2: i32, e10: i32) -> bool {
        let five = 5_u128.pow(e10.unsigned_abs());
        let (left, right) = (u128::from(self.integer()), u128::from(right));
        let (left, right) = if e10 >= 0 { (left * five, right) } else { (left, right * five) };
        let (left_twos, right_twos) = (left.trailing_zeros() as i32, right.trailing_zeros() as i32);
        right != 0 && left >> left_twos == right >> right_twos && left_twos + e10 == right_twos + e2
    }

    /// The shortest digits strictly inside the interval of `value`.
    #[cold]
    fn inside_interval(value: f64) -> Self {
        (0..17)
            .map(|precision| Self::rounded(value.abs(), precision))
            .find(|digits| digits.reads_as::<f64>(value.abs()) && !digits.is_halfway_to_neighbour(value))
            .unwrap_or_else(|| Self::rounded(value.abs(), 16))
    }

    #[cold]
    fn inside_interval_f32(value: f32) -> Self {
        (0..9)
            .map(|precision| Self::rounded(f64::from(value.abs()), precision))
            .find(|digits| digits.reads_as::<f32>(value.abs()) && !digits.is_halfway_to_neighbour_f32(value))
            .unwrap_or_else(|| Self::rounded(f64::from(value.abs()), 8))
    }

    /// `precision` digits behind the first one, correctly rounded.
    fn rounded(value: f64, precision: usize) -> Self {
        let mut text = StackText::default();
        // StackText takes what fits and never fails.
        let _fits = write!(text, "{value:.precision$e}");
        Self::parse(text.as_bytes())
    }

    fn reads_as<T: std::str::FromStr + PartialEq>(&self, value: T) -> bool {
        let mut text = StackText::default();
        let digits = self.integer();
        let e10 = self.exponent + 1 - self.len as i32;
        let _fits = write!(text, "{digits}e{e10}");
        std::str::from_utf8(text.as_bytes()).is_ok_and(|text| text.parse::<T>().is_ok_and(|read| read == value))
    }
}

fn parse_exponent(text: &[u8]) -> i32 {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let magnitude = digits.iter().fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0'));
    if negative { -magnitude } else { magnitude }
}

/// As C's `%.*g`, for `extra_float_digits` of 0 and less.
#[cold]
fn write_rounded<const FRAME: bool>(value: f64, precision: i32, out: &mut BytesMut) {
    let precision = precision.max(1);
    let mut cell = Cell::<40>::new::<FRAME>();
    if value == 0.0 {
        cell.extend(if value.is_sign_negative() { b"-0" } else { b"0" });
    } else {
        Digits::rounded(value.abs(), precision as usize - 1).write(value.is_sign_negative(), precision, &mut cell);
    }
    cell.finish::<FRAME>(out);
}

/// Text of up to 48 bytes on the stack.
struct StackText {
    bytes: [u8; 48],
    len: usize,
}

impl Default for StackText {
    fn default() -> Self {
        Self { bytes: [0; 48], len: 0 }
    }
}

impl StackText {
    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl Write for StackText {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let len = text.len().min(self.bytes.len() - self.len);
        self.bytes[self.len..self.len + len].copy_from_slice(&text.as_bytes()[..len]);
        self.len += len;
        Ok(())
    }
}
