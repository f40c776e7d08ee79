//! Numbers at the beginning of a text's bytes.

use super::fault::{Decoded, Fault};

/// A whole number with or without a sign, and what follows it. 0 where there are no digits; None if it is too large.
pub(super) fn leading_i64(text: &[u8]) -> (Option<i64>, &[u8]) {
    let (is_negative, digits) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    };
    let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = digits.split_at(count);
    if count == 0 {
        return (Some(0), text);
    }
    let value = digits.iter().try_fold(0_i64, |value, digit| {
        let digit = i64::from(digit - b'0');
        let value = value.checked_mul(10)?;
        if is_negative { value.checked_sub(digit) } else { value.checked_add(digit) }
    });
    (value, rest)
}

/// The same within 32 bits.
pub(super) fn leading_i32(text: &[u8]) -> (Option<i32>, &[u8]) {
    let (value, rest) = leading_i64(text);
    (value.and_then(|value| value.try_into().ok()), rest)
}

/// A point and digits, with nothing after them.
pub(super) fn fraction(text: &[u8]) -> Decoded<f64> {
    if text == b"." {
        return Ok(0.0);
    }
    let is_fraction = matches!(text, [b'.', digits @ ..] if digits.iter().all(u8::is_ascii_digit));
    let parsed = str::from_utf8(text).ok().filter(|_| is_fraction).and_then(|text| text.parse().ok());
    parsed.ok_or(Fault::Format)
}

/// A fraction of a second, as microseconds.
pub(super) fn fraction_micros(text: &[u8]) -> Decoded<i32> {
    // Up to six digits are exact without floating point.
    if let [b'.', digits @ ..] = text
        && digits.len() <= 6
        && digits.iter().all(u8::is_ascii_digit)
    {
        let value = digits.iter().fold(0, |value, digit| value * 10 + i32::from(digit - b'0'));
        return Ok((digits.len()..6).fold(value, |value, _| value * 10));
    }
    fraction(text).map(|fraction| (fraction * 1e6).round_ties_even() as i32)
}
