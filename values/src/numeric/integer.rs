//! smallint, integer, bigint: from text, in other radices, shifts, divisors.

use crate::{Result, ValueError};

pub fn parse_i16(text: &str) -> Result<i16> {
    parse(text, "smallint", i128::from(i16::MIN), i128::from(i16::MAX)).map(|value| value as i16)
}

pub fn parse_i32(text: &str) -> Result<i32> {
    parse(text, "integer", i128::from(i32::MIN), i128::from(i32::MAX)).map(|value| value as i32)
}

pub fn parse_i64(text: &str) -> Result<i64> {
    parse(text, "bigint", i128::from(i64::MIN), i128::from(i64::MAX)).map(|value| value as i64)
}

/// A sign, digits (of another radix behind `0x`, `0o`, `0b`), underscores before digits, blanks around.
fn parse(text: &str, type_name: &str, least: i128, most: i128) -> Result<i128> {
    let invalid = || ValueError::invalid_text(type_name, text);
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r');
    let bytes = text.as_bytes();
    let start = bytes.iter().position(|byte| !is_blank(byte)).unwrap_or(bytes.len());
    let (negative, unsigned) = match &bytes[start..] {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (radix, digits) = match unsigned {
        [b'0', b'x' | b'X', rest @ ..] => (16, rest),
        [b'0', b'o' | b'O', rest @ ..] => (8, rest),
        [b'0', b'b' | b'B', rest @ ..] => (2, rest),
        rest => (10, rest),
    };
    let digit = |at: usize| digits.get(at).and_then(|&byte| char::from(byte).to_digit(radix));
    let mut value: i128 = 0;
    let mut at = 0;
    loop {
        match (digit(at), digits.get(at)) {
            (Some(digit), _) => {
                value = value * i128::from(radix) + i128::from(digit);
                // Before whatever may be wrong behind it.
                if value > most.max(-least) {
                    return Err(ValueError::text_out_of_range(type_name, text));
                }
            }
            // A decimal number doesn't begin with one.
            (None, Some(b'_')) if digit(at + 1).is_some() && (at > 0 || radix != 10) => {}
            _ => break,
        }
        at += 1;
    }
    if at == 0 || !digits[at..].iter().all(is_blank) {
        return Err(invalid());
    }
    let value = if negative { -value } else { value };
    match (least..=most).contains(&value) {
        true => Ok(value),
        false => Err(ValueError::text_out_of_range(type_name, text)),
    }
}

pub fn to_hex_i32(value: i32) -> String {
    format!("{value:x}")
}

pub fn to_hex_i64(value: i64) -> String {
    format!("{value:x}")
}

pub fn to_bin_i32(value: i32) -> String {
    format!("{value:b}")
}

pub fn to_bin_i64(value: i64) -> String {
    format!("{value:b}")
}

pub fn to_oct_i32(value: i32) -> String {
    format!("{value:o}")
}

pub fn to_oct_i64(value: i64) -> String {
    format!("{value:o}")
}

/// `<<`: only the count's low bits matter, as on PostgreSQL's usual machines.
pub fn shift_left_i16(value: i16, count: i32) -> i16 {
    i32::from(value).wrapping_shl(count as u32) as i16
}

pub fn shift_left_i32(value: i32, count: i32) -> i32 {
    value.wrapping_shl(count as u32)
}

pub fn shift_left_i64(value: i64, count: i32) -> i64 {
    value.wrapping_shl(count as u32)
}

/// `>>`: keeps the sign.
pub fn shift_right_i16(value: i16, count: i32) -> i16 {
    i32::from(value).wrapping_shr(count as u32) as i16
}

pub fn shift_right_i32(value: i32, count: i32) -> i32 {
    value.wrapping_shr(count as u32)
}

pub fn shift_right_i64(value: i64, count: i32) -> i64 {
    value.wrapping_shr(count as u32)
}

macro_rules! divisors {
    ($gcd:ident, $lcm:ident, $type:ty, $name:literal) => {
        pub fn $gcd(a: $type, b: $type) -> Result<$type> {
            let (mut x, mut y) = (a.unsigned_abs(), b.unsigned_abs());
            while y != 0 {
                (x, y) = (y, x % y);
            }
            <$type>::try_from(x).map_err(|_| ValueError::out_of_range($name))
        }

        pub fn $lcm(a: $type, b: $type) -> Result<$type> {
            if a == 0 || b == 0 {
                return Ok(0);
            }
            let (mut x, mut y) = (a.unsigned_abs(), b.unsigned_abs());
            while y != 0 {
                (x, y) = (y, x % y);
            }
            let multiple = (a.unsigned_abs() / x).checked_mul(b.unsigned_abs());
            multiple
                .and_then(|multiple| <$type>::try_from(multiple).ok())
                .ok_or_else(|| ValueError::out_of_range($name))
        }
    };
}

divisors!(gcd_i32, lcm_i32, i32, "integer");
divisors!(gcd_i64, lcm_i64, i64, "bigint");
