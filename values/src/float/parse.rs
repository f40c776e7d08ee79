//! Floats from their text: decimal, hexadecimal, infinity, NaN.

use crate::{Result, ValueError, code};

pub fn parse_f64(text: &str) -> Result<f64> {
    let (number, kind) = scan(text).ok_or_else(|| ValueError::invalid_text("double precision", text))?;
    let (value, is_zero) = match kind {
        Kind::Decimal { is_zero } => (number.parse::<f64>().unwrap_or(f64::NAN), is_zero),
        Kind::Hexadecimal(hexadecimal) => (hexadecimal.round(53, -1074), hexadecimal.mantissa == 0),
        Kind::Special(value) => return Ok(value),
    };
    match value.is_infinite() || (value == 0.0 && !is_zero) {
        true => Err(out_of_range("double precision", number)),
        false => Ok(value),
    }
}

pub fn parse_f32(text: &str) -> Result<f32> {
    let (number, kind) = scan(text).ok_or_else(|| ValueError::invalid_text("real", text))?;
    let (value, is_zero) = match kind {
        Kind::Decimal { is_zero } => (number.parse::<f32>().unwrap_or(f32::NAN), is_zero),
        // Exact, or infinite: the bits left are no more than a real's.
        Kind::Hexadecimal(hexadecimal) => (hexadecimal.round(24, -149) as f32, hexadecimal.mantissa == 0),
        Kind::Special(value) => return Ok(value as f32),
    };
    match value.is_infinite() || (value == 0.0 && !is_zero) {
        true => Err(out_of_range("real", number)),
        false => Ok(value),
    }
}

fn out_of_range(type_name: &str, number: &str) -> ValueError {
    ValueError::new(code::NUMERIC_OUT_OF_RANGE, format!("\"{number}\" is out of range for type {type_name}"))
}

enum Kind {
    Decimal { is_zero: bool },
    Hexadecimal(Hexadecimal),
    Special(f64),
}

/// The number without the blanks around it, and what it is.
fn scan(text: &str) -> Option<(&str, Kind)> {
    let number = text.trim_matches([' ', '\t', '\n', '\x0b', '\x0c', '\r']);
    let (negative, unsigned) = match number.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let kind = match unsigned {
        [b'0', b'x' | b'X', rest @ ..] => Kind::Hexadecimal(Hexadecimal::read(rest, negative)?),
        [b'0'..=b'9' | b'.', ..] => Kind::Decimal { is_zero: check_decimal(unsigned)? },
        _ => Kind::Special(special(unsigned, negative)?),
    };
    Some((number, kind))
}

/// Whether a decimal number is zero.
fn check_decimal(text: &[u8]) -> Option<bool> {
    let mantissa_length = text.iter().position(|byte| matches!(byte, b'e' | b'E')).unwrap_or(text.len());
    let (mantissa, exponent) = text.split_at(mantissa_length);
    let (mut is_zero, mut digits, mut points) = (true, 0, 0);
    for byte in mantissa {
        match byte {
            b'0'..=b'9' => {
                digits += 1;
                is_zero &= *byte == b'0';
            }
            b'.' => points += 1,
            _ => return None,
        }
    }
    let exponent_digits = match exponent {
        [] => &b"0"[..],
        [_, b'+' | b'-', rest @ ..] | [_, rest @ ..] => rest,
    };
    let valid =
        digits > 0 && points <= 1 && !exponent_digits.is_empty() && exponent_digits.iter().all(u8::is_ascii_digit);
    valid.then_some(is_zero)
}

fn special(unsigned: &[u8], negative: bool) -> Option<f64> {
    let is = |word: &str| unsigned.eq_ignore_ascii_case(word.as_bytes());
    if is("infinity") || is("inf") {
        return Some(if negative { f64::NEG_INFINITY } else { f64::INFINITY });
    }
    // C's NaN may have a parenthesis behind it.
    let (word, rest) = unsigned.split_at_checked(3)?;
    let payload = match rest {
        [] => &[][..],
        [b'(', payload @ .., b')'] => payload,
        _ => return None,
    };
    let valid = payload.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    (word.eq_ignore_ascii_case(b"nan") && valid).then_some(f64::NAN)
}

/// mantissa * 2^exponent, and whether bits other than 0 have been left out below.
struct Hexadecimal {
    negative: bool,
    mantissa: u64,
    exponent: i64,
    more: bool,
}

impl Hexadecimal {
    fn read(text: &[u8], negative: bool) -> Option<Self> {
        let length = text.iter().position(|byte| matches!(byte, b'p' | b'P')).unwrap_or(text.len());
        let (digits, power) = text.split_at(length);
        let mut number = Self { negative, mantissa: 0, exponent: 0, more: false };
        let (mut count, mut behind_point) = (0, false);
        for &byte in digits {
            let Some(digit) = char::from(byte).to_digit(16) else {
                match byte == b'.' && !behind_point {
                    true => behind_point = true,
                    false => return None,
                }
                continue;
            };
            count += 1;
            if number.mantissa >> 60 == 0 {
                number.mantissa = number.mantissa * 16 + u64::from(digit);
                number.exponent -= if behind_point { 4 } else { 0 };
            } else {
                number.more |= digit != 0;
                number.exponent += if behind_point { 0 } else { 4 };
            }
        }
        if count == 0 {
            return None;
        }
        if let [_, power @ ..] = power {
            number.exponent += read_power(power)?;
        }
        Some(number)
    }

    /// The nearest float of that many bits whose last is no less than 2^`least`, ties to even.
    fn round(&self, bits: i64, least: i64) -> f64 {
        if self.mantissa == 0 {
            return if self.negative { -0.0 } else { 0.0 };
        }
        let length = 64 - i64::from(self.mantissa.leading_zeros());
        let dropped = (length - bits).max(least - self.exponent);
        let (mut mantissa, mut exponent) = (self.mantissa, self.exponent);
        if dropped > 0 {
            let dropped = dropped.min(66) as u32;
            let kept = mantissa.checked_shr(dropped).unwrap_or(0);
            let rest = u128::from(mantissa) - (u128::from(kept) << dropped);
            let half = 1u128 << (dropped - 1);
            let up = rest > half || (rest == half && (self.more || kept & 1 == 1));
            mantissa = kept + u64::from(up);
            exponent = (self.exponent + i64::from(dropped)).max(least);
        }
        // Both factors and each product but the last are exact.
        let mut value = mantissa as f64;
        let mut left = exponent.clamp(-2_200, 2_200);
        while left != 0 {
            let step = left.clamp(-1_000, 1_000);
            value *= 2f64.powi(step as i32);
            left -= step;
        }
        if self.negative { -value } else { value }
    }
}

fn read_power(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // Far beyond any float, but not beyond the digits of a text.
    let power = digits.iter().fold(0i64, |power, digit| (power * 10 + i64::from(digit - b'0')).min(1 << 40));
    Some(if negative { -power } else { power })
}
