//! smallint, integer, bigint: from text, in other radices, shifts, divisors.

use crate::{Result, ValueError};

pub fn parse_i16(text: &str) -> Result<i16> {
    let value = parse(text, "smallint", 1 << 15)?;
    i16::try_from(value).map_err(|_| ValueError::text_out_of_range("smallint", text))
}

pub fn parse_i32(text: &str) -> Result<i32> {
    let value = parse(text, "integer", 1 << 31)?;
    i32::try_from(value).map_err(|_| ValueError::text_out_of_range("integer", text))
}

pub fn parse_i64(text: &str) -> Result<i64> {
    parse(text, "bigint", 1 << 63)
}

/// An integer in any base, with underscores and blanks around it, as PostgreSQL reads it; `least` is how far below zero the type
/// goes.
fn parse(text: &str, type_name: &str, least: u64) -> Result<i64> {
    let invalid = || ValueError::invalid_text(type_name, text);
    let too_large = || ValueError::text_out_of_range(type_name, text);
    let trimmed = text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    let negative = trimmed.starts_with('-');
    let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, digits.get(2..).unwrap_or_default()),
        [b'0', b'o' | b'O', ..] => (8, digits.get(2..).unwrap_or_default()),
        [b'0', b'b' | b'B', ..] => (2, digits.get(2..).unwrap_or_default()),
        _ => (10, digits),
    };
    let mut value = 0u64;
    // An underscore stands between digits, or after the mark of another base.
    let mut may_separate = base != 10;
    for character in digits.chars() {
        match character.to_digit(base) {
            // What has grown too large is an error before what follows is looked at.
            Some(_) if value > least / u64::from(base) => return Err(too_large()),
            Some(digit) => {
                value = value * u64::from(base) + u64::from(digit);
                may_separate = true;
            }
            None if character == '_' && may_separate => may_separate = false,
            None => return Err(invalid()),
        }
    }
    if !digits.ends_with(|last: char| last.is_digit(base)) {
        return Err(invalid());
    }
    if value > least - u64::from(!negative) {
        return Err(too_large());
    }
    let value = value.cast_signed();
    Ok(if negative { value.wrapping_neg() } else { value })
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
