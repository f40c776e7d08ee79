//! Numbers within jsonb: decimal texts as numeric prints them. They are compared as they are; only arithmetic goes by
//! [`Numeric`].

use std::borrow::Cow;
use std::cmp::Ordering;

use super::path::Binary;
use crate::Result;
use crate::numeric::Numeric;

/// The text that numeric prints for a JSON number.
pub(super) fn canonical(text: &str) -> Result<Cow<'_, str>> {
    // Short ones without an exponent are as numeric prints them, except for a negative zero.
    if text.len() <= 1000 && !text.bytes().any(|b| matches!(b, b'e' | b'E')) {
        return Ok(Cow::Borrowed(match text.strip_prefix('-') {
            Some(rest) if rest.bytes().all(|b| matches!(b, b'0' | b'.')) => rest,
            _ => text,
        }));
    }
    match expanded(text) {
        Some(text) => Ok(Cow::Owned(text)),
        None => Ok(Cow::Owned(Numeric::parse(text)?.to_string())),
    }
}

/// A JSON number with its exponent written out; `None` where numeric's limits are near.
fn expanded(text: &str) -> Option<String> {
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let exponent: i64 = exponent.parse().ok().filter(|exponent| (-16_000..=131_000).contains(exponent))?;
    let (negative, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if mantissa.len() > 70 {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    let mut out = String::new();
    if negative && digits.bytes().any(|b| b != b'0') {
        out.push('-');
    }
    let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or_default());
    let point = i64::try_from(whole.len()).ok()? + exponent;
    let split = usize::try_from(point).unwrap_or_default().min(digits.len());
    let (before, behind) = digits.split_at_checked(split)?;
    let before = before.trim_start_matches('0');
    out.push_str(before);
    if before.is_empty() {
        out.push('0');
    } else {
        out.push_str(&zeros(point - i64::try_from(digits.len()).ok()?));
    }
    if !behind.is_empty() {
        out.push('.');
        out.push_str(&zeros(-point));
        out.push_str(behind);
    }
    Some(out)
}

/// A decimal text taken apart: ±0.DIGITS × 10^exponent, without zeros around the digits.
struct Decimal<'a> {
    negative: bool,
    exponent: i64,
    whole: &'a [u8],
    fraction: &'a [u8],
}

fn zeros<'b>(mut bytes: impl Iterator<Item = &'b u8>) -> usize {
    bytes.position(|&b| b != b'0').unwrap_or(usize::MAX)
}

/// `None` for zero.
fn decimal(text: &str) -> Option<Decimal<'_>> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let (mut whole, mut fraction) = (whole.as_bytes(), fraction.as_bytes());
    whole = whole.get(zeros(whole.iter())..).unwrap_or_default();
    let cut = fraction.len().saturating_sub(zeros(fraction.iter().rev()));
    fraction = fraction.get(..cut).unwrap_or_default();
    let mut exponent = i64::try_from(whole.len()).unwrap_or(i64::MAX);
    if whole.is_empty() {
        let leading = zeros(fraction.iter());
        fraction = fraction.get(leading..)?;
        exponent = -i64::try_from(leading).unwrap_or(i64::MAX);
    } else if fraction.is_empty() {
        let cut = whole.len().saturating_sub(zeros(whole.iter().rev()));
        whole = whole.get(..cut).unwrap_or_default();
    }
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    Some(Decimal { negative, exponent, whole, fraction })
}

impl Decimal<'_> {
    fn digits(&self) -> impl Iterator<Item = &u8> {
        self.whole.iter().chain(self.fraction)
    }
}

/// Compares two decimal texts by value.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    match (decimal(a), decimal(b)) {
        (None, None) => Ordering::Equal,
        (None, Some(b)) => {
            if b.negative {
                Ordering::Greater
            } else {
                Ordering::Less
            }
        }
        (Some(a), None) => {
            if a.negative {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        }
        (Some(a), Some(b)) => {
            if a.negative != b.negative {
                return if a.negative { Ordering::Less } else { Ordering::Greater };
            }
            let order = a.exponent.cmp(&b.exponent).then_with(|| a.digits().cmp(b.digits()));
            if a.negative { order.reverse() } else { order }
        }
    }
}

/// Appends bytes that are ordered as the numbers are, equal for equal numbers, and none the beginning of another.
pub(super) fn write_sort_key(text: &str, key: &mut Vec<u8>) {
    let Some(decimal) = decimal(text) else { return key.push(1) };
    key.push(if decimal.negative { 0 } else { 2 });
    let flip = if decimal.negative { 0xFF } else { 0 };
    // numeric's exponents fit 32 bits by far; moved so that they are ordered without a sign.
    let exponent = u32::try_from(decimal.exponent.saturating_add(1 << 31).max(0)).unwrap_or(u32::MAX);
    key.extend(exponent.to_be_bytes().iter().chain(decimal.digits()).chain(&[0]).map(|byte| byte ^ flip));
}

/// Addition and so on, as numeric does it.
pub(super) fn calculate(operator: Binary, a: &str, b: &str) -> Result<String> {
    let (a, b) = (Numeric::parse(a)?, Numeric::parse(b)?);
    let result = match operator {
        Binary::Add => a.add(&b)?,
        Binary::Sub => a.sub(&b)?,
        Binary::Mul => a.mul(&b)?,
        Binary::Div => a.div(&b)?,
        _ => a.rem(&b)?,
    };
    Ok(result.to_string())
}

/// The text that numeric prints for a number of a jsonpath: it may be in another base, or have underscores.
pub(super) fn canonical_literal(text: &str) -> Result<String> {
    if text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(text.to_string());
    }
    Ok(Numeric::parse(text)?.to_string())
}

pub(super) fn negated(text: &str) -> String {
    match text.strip_prefix('-') {
        Some(rest) => rest.to_string(),
        None if decimal(text).is_none() => text.to_string(),
        None => format!("-{text}"),
    }
}

pub(super) fn absolute(text: &str) -> &str {
    text.strip_prefix('-').unwrap_or(text)
}

pub(super) fn floor(text: &str) -> Result<String> {
    Ok(Numeric::parse(text)?.floor()?.to_string())
}

pub(super) fn ceiling(text: &str) -> Result<String> {
    Ok(Numeric::parse(text)?.ceil()?.to_string())
}

/// Without the fraction; `None` beyond i128.
fn whole(text: &str) -> Option<i128> {
    text.split('.').next()?.parse().ok()
}

/// Without the fraction, as an integer.
pub(super) fn truncated(text: &str) -> Option<i32> {
    i32::try_from(whole(text)?).ok()
}

/// Rounded, halves away from zero, as an integer.
pub(super) fn rounded(text: &str) -> Option<i64> {
    let up = text.split_once('.').is_some_and(|(_, fraction)| fraction.bytes().next() >= Some(b'5'));
    let step = if text.starts_with('-') { -1 } else { 1 };
    i64::try_from(whole(text)?.checked_add(if up { step } else { 0 })?).ok()
}

/// What numeric makes of a text, when it is a finite number: `Some(None)` when it isn't finite.
pub(super) fn from_text(text: &str) -> Option<Option<String>> {
    let printed = Numeric::parse(text).ok()?.to_string();
    Some(if printed.ends_with(|c: char| c.is_ascii_digit()) { Some(printed) } else { None })
}

/// numeric(precision, scale).
pub(super) fn with_typmod(text: &str, precision: i32, scale: i32) -> Result<String> {
    Ok(Numeric::parse(text)?.with_typmod(precision, scale)?.to_string())
}

/// float8 -> numeric: 15 digits.
pub(super) fn from_f64(value: f64) -> Result<String> {
    let printed = format!("{value:.14e}");
    let (mantissa, exponent) = printed.split_once('e').unwrap_or((&printed, "0"));
    let mantissa = match mantissa.contains('.') {
        true => mantissa.trim_end_matches('0').trim_end_matches('.'),
        false => mantissa,
    };
    Ok(Numeric::parse(&format!("{mantissa}e{exponent}"))?.to_string())
}

/// Base 10000 digits, and digits behind the point, of a number as numeric stores it.
pub(super) fn stored_digits(text: &str) -> (usize, i64, usize) {
    let scale = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let Some(decimal) = decimal(text) else { return (0, 0, scale) };
    let count = i64::try_from(decimal.digits().count()).unwrap_or(i64::MAX);
    let highest = (decimal.exponent - 1).div_euclid(4);
    let lowest = (decimal.exponent - count).div_euclid(4);
    (usize::try_from(highest - lowest + 1).unwrap_or_default(), highest, scale)
}
