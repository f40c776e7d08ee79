//! `pg_lsn` (documentation, 8.20): a place in the write-ahead log.

use crate::{Result, ValueError, code};

/// `pg_lsn_in`.
pub fn parse(text: &str) -> Result<u64> {
    let half = |digits: &str| {
        let valid = (1..=8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if valid { u32::from_str_radix(digits, 16).ok() } else { None }
    };
    let halves = text.split_once('/').and_then(|(high, low)| half(high).zip(half(low)));
    let (high, low) = halves.ok_or_else(|| ValueError::invalid_text("pg_lsn", text))?;
    Ok(u64::from(high) << 32 | u64::from(low))
}

/// `pg_lsn_out`.
pub fn print(lsn: u64) -> String {
    format!("{:X}/{:X}", lsn >> 32, lsn & 0xffff_ffff)
}

/// `a - b`: a whole numeric.
pub fn distance(a: u64, b: u64) -> i128 {
    i128::from(a) - i128::from(b)
}

/// The place of a number, of its text.
pub fn of_numeric(numeric: &str) -> Result<u64> {
    match numeric {
        "NaN" => Err(ValueError::new(code::FEATURE_NOT_SUPPORTED, "cannot convert NaN to pg_lsn")),
        numeric => add(0, numeric),
    }
}

/// `lsn + numeric`, of the numeric's text.
pub fn add(lsn: u64, numeric: &str) -> Result<u64> {
    move_by(lsn, numeric, false)
}

/// `lsn - numeric`.
pub fn subtract(lsn: u64, numeric: &str) -> Result<u64> {
    move_by(lsn, numeric, true)
}

fn move_by(lsn: u64, numeric: &str, back: bool) -> Result<u64> {
    let unsupported = |message: &str| Err(ValueError::new(code::FEATURE_NOT_SUPPORTED, message));
    let (negative, digits) = match numeric.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, numeric),
    };
    match digits {
        "NaN" if back => return unsupported("cannot subtract NaN from pg_lsn"),
        "NaN" => return unsupported("cannot add NaN to pg_lsn"),
        "Infinity" => return unsupported("cannot convert infinity to pg_lsn"),
        _ => {}
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let amount: Option<i128> = if whole.is_empty() { Some(0) } else { whole.parse().ok() };
    let negative = negative != back;
    let moved = amount.and_then(|amount| {
        // A half is rounded away from zero, and the sum is what is rounded.
        let (half, some) =
            (matches!(fraction.as_bytes().first(), Some(b'5'..=b'9')), fraction.bytes().any(|b| b != b'0'));
        let exactly_half = half && fraction.trim_end_matches('0') == "5";
        let whole =
            if negative { i128::from(lsn).checked_sub(amount)? } else { i128::from(lsn).checked_add(amount)? };
        let step = match (negative, whole) {
            _ if !some => 0,
            (false, 0..) => i128::from(half),
            (false, _) => i128::from(half && !exactly_half),
            (true, 1..) => -i128::from(half && !exactly_half),
            (true, _) => -i128::from(half),
        };
        whole.checked_add(step)
    });
    moved
        .and_then(|moved| u64::try_from(moved).ok())
        .ok_or_else(|| ValueError::invalid_parameter("pg_lsn out of range"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_and_printed() {
        for (text, printed) in [("16/b374d848", "16/B374D848"), ("00000001/0", "1/0")] {
            assert_eq!(print(parse(text).unwrap()), printed);
        }
        for text in ["", "1", "1/", "/1", "G/1", "123456789/1", " 1/2", "1/2/3"] {
            assert_eq!(parse(text).unwrap_err(), ValueError::invalid_text("pg_lsn", text));
        }
    }

    #[test]
    fn places_are_calculated_with() {
        assert_eq!(distance(0, 1 << 32), -4_294_967_296);
        for (result, expected) in [
            (add(5, "1.5"), Ok(7)),
            (add(5, "-1.5"), Ok(4)),
            (subtract(5, "5.4"), Ok(0)),
            (subtract(5, "5.5"), Err("pg_lsn out of range")),
            (add(u64::MAX, "1"), Err("pg_lsn out of range")),
            (add(5, "NaN"), Err("cannot add NaN to pg_lsn")),
            (subtract(5, "NaN"), Err("cannot subtract NaN from pg_lsn")),
            (add(5, "Infinity"), Err("cannot convert infinity to pg_lsn")),
        ] {
            assert_eq!(result.map_err(|error| error.message), expected.map_err(String::from));
        }
    }
}
