//! A numeric from its text.

use num_bigint::{BigInt, BigUint, Sign};

use super::{MAX_SCALE, MAX_WHOLE_DIGITS, Numeric, Small, overflow};
use crate::{Result, ValueError};

impl Numeric {
    /// Reads a number: decimal with fraction and exponent, `0x`, `0o`, `0b`, `NaN`, `Infinity`.
    pub fn parse(text: &str) -> Result<Self> {
        match read_plain(text.as_bytes()) {
            Some(number) => Ok(number),
            None => read(text),
        }
    }
}

fn read(text: &str) -> Result<Numeric> {
    let invalid = || ValueError::invalid_text("numeric", text);
    let start = trim_blanks(text.as_bytes());
    let (negative, unsigned) = match start {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, start),
    };
    let (number, rest) = match unsigned {
        [b'0'..=b'9' | b'.', ..] => match radix(unsigned) {
            Some((radix, digits)) => read_whole(digits, radix, negative, &invalid)?,
            None => read_decimal(unsigned, negative, &invalid)?,
        },
        _ => read_special(start, unsigned, negative).ok_or_else(invalid)?,
    };
    match trim_blanks(rest).is_empty() {
        true => number.ok_or_else(overflow),
        false => Err(invalid()),
    }
}

/// Most numbers: a sign, at most 36 digits and a point. `None` for whatever else.
fn read_plain(text: &[u8]) -> Option<Numeric> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    // A leading 0 may announce another radix.
    if digits.is_empty() || digits.len() > 37 || matches!(digits, [b'0', b'a'..=b'z' | b'A'..=b'Z', ..]) {
        return None;
    }
    let mut coefficient: i128 = 0;
    let mut scale = None;
    for (at, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => coefficient = coefficient * 10 + i128::from(byte - b'0'),
            b'.' if scale.is_none() && digits.len() > 1 => scale = Some(digits.len() - 1 - at),
            _ => return None,
        }
    }
    let scale = u16::try_from(scale.unwrap_or(0)).ok()?;
    // 37 digits without a point are below 10^37 too, which fits.
    Some(Numeric(Small(if negative { -coefficient } else { coefficient }, scale)))
}

fn trim_blanks(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| !is_blank(*byte)).unwrap_or(text.len());
    &text[start..]
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r')
}

/// The number, none if it's beyond the limits, and the text behind it.
type Read<'a> = (Option<Numeric>, &'a [u8]);

fn read_special<'a>(start: &'a [u8], unsigned: &'a [u8], negative: bool) -> Option<Read<'a>> {
    let infinity = if negative { Numeric::NEGATIVE_INFINITY } else { Numeric::INFINITY };
    // NaN has no sign.
    let words = [(start, "nan", Numeric::NAN), (unsigned, "infinity", infinity.clone()), (unsigned, "inf", infinity)];
    words.into_iter().find_map(|(text, word, number)| {
        let (head, rest) = text.split_at_checked(word.len())?;
        head.eq_ignore_ascii_case(word.as_bytes()).then_some((Some(number), rest))
    })
}

fn radix(text: &[u8]) -> Option<(u32, &[u8])> {
    match text {
        [b'0', b'x' | b'X', rest @ ..] => Some((16, rest)),
        [b'0', b'o' | b'O', rest @ ..] => Some((8, rest)),
        [b'0', b'b' | b'B', rest @ ..] => Some((2, rest)),
        _ => None,
    }
}

fn read_whole<'a>(text: &'a [u8], radix: u32, negative: bool, invalid: &dyn Fn() -> ValueError) -> Result<Read<'a>> {
    let mut digits = Vec::new();
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match char::from(byte).to_digit(radix) {
            Some(digit) => digits.push(digit as u8),
            // An underscore stands before a digit.
            None if byte == b'_' && text.get(at + 1).is_some_and(|&b| char::from(b).is_digit(radix)) => {}
            None if byte == b'_' => return Err(invalid()),
            None => break,
        }
        at += 1;
    }
    if digits.is_empty() {
        return Err(invalid());
    }
    let significant = digits.iter().position(|&digit| digit != 0).unwrap_or(digits.len());
    let digits = &digits[significant..];
    // 131072 decimal digits are less than 435412 bits.
    let number = match digits.len() as u64 * u64::from(radix.ilog2()) > 435_500 {
        true => return Err(overflow()),
        false => BigUint::from_radix_be(digits, radix).unwrap_or_default(),
    };
    let sign = if negative { Sign::Minus } else { Sign::Plus };
    Ok((Numeric::from_bigint(BigInt::from_biguint(sign, number), 0).ok(), &text[at..]))
}

fn read_decimal<'a>(text: &'a [u8], negative: bool, invalid: &dyn Fn() -> ValueError) -> Result<Read<'a>> {
    let mut digits: Vec<u8> = Vec::with_capacity(text.len());
    let mut point = None;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'0'..=b'9' => digits.push(byte - b'0'),
            b'.' if point.is_none() => {
                point = Some(digits.len());
                // No underscore beside the point.
                if text.get(at + 1) == Some(&b'_') {
                    return Err(invalid());
                }
            }
            b'.' => return Err(invalid()),
            b'_' if text.get(at + 1).is_some_and(u8::is_ascii_digit) => {}
            b'_' => return Err(invalid()),
            _ => break,
        }
        at += 1;
    }
    if digits.is_empty() {
        return Err(invalid());
    }
    let behind_point = (digits.len() - point.unwrap_or(digits.len())) as i64;
    let mut rest = &text[at..];
    let mut exponent = 0;
    if let [b'e' | b'E', after @ ..] = rest {
        (exponent, rest) = read_exponent(after, invalid)?;
    }
    let scale = behind_point - exponent;
    let number = build(&digits, scale, negative);
    Ok((number, rest))
}

fn read_exponent<'a>(text: &'a [u8], invalid: &dyn Fn() -> ValueError) -> Result<(i64, &'a [u8])> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if !digits.first().is_some_and(u8::is_ascii_digit) {
        return Err(invalid());
    }
    let mut exponent: i64 = 0;
    let mut at = 0;
    while let Some(&byte) = digits.get(at) {
        match byte {
            b'0'..=b'9' => exponent = exponent * 10 + i64::from(byte - b'0'),
            b'_' if digits.get(at + 1).is_some_and(u8::is_ascii_digit) => {}
            b'_' => return Err(invalid()),
            _ => break,
        }
        if exponent > i64::from(i32::MAX / 2) {
            return Err(overflow());
        }
        at += 1;
    }
    Ok((if negative { -exponent } else { exponent }, &digits[at..]))
}

/// The digits over 10^`scale`; none if that's beyond the limits.
fn build(digits: &[u8], scale: i64, negative: bool) -> Option<Numeric> {
    let significant = digits.iter().position(|&digit| digit != 0).unwrap_or(digits.len());
    let digits = &digits[significant..];
    if scale > MAX_SCALE {
        return None;
    }
    if digits.is_empty() {
        return Some(Numeric(Small(0, scale.max(0) as u16)));
    }
    if digits.len() as i64 - scale > MAX_WHOLE_DIGITS {
        return None;
    }
    let sign = if negative { Sign::Minus } else { Sign::Plus };
    let coefficient = BigInt::from_biguint(sign, from_digits(digits));
    match scale < 0 {
        true => Numeric::from_bigint(super::digits::scaled(&coefficient, scale.unsigned_abs()), 0).ok(),
        false => Numeric::from_bigint(coefficient, scale).ok(),
    }
}

/// The number of those decimal digits. Long ones are put together by halves: time grows less than with the square.
fn from_digits(digits: &[u8]) -> BigUint {
    const PART: usize = 1024;
    let part = |digits| BigUint::from_radix_be(digits, 10).unwrap_or_default();
    if digits.len() <= PART {
        return part(digits);
    }
    let mut parts: Vec<BigUint> = digits.rchunks(PART).map(part).collect();
    let mut power = super::digits::big_power(PART as u64);
    while parts.len() > 2 {
        parts = join_pairs(&parts, &power);
        power = &power * &power;
    }
    join_pairs(&parts, &power).pop().unwrap_or_default()
}

/// Joins each part with the next, which stands before it and counts that power of ten.
fn join_pairs(parts: &[BigUint], power: &BigUint) -> Vec<BigUint> {
    let join = |pair: &[BigUint]| match pair {
        [low, high] => high * power + low,
        _ => pair.first().cloned().unwrap_or_default(),
    };
    parts.chunks(2).map(join).collect()
}
