//! Single values in PostgreSQL's binary form to what Arrow stores. No value allocates.

use super::DecodeError;

/// Days from 1970-01-01 to PostgreSQL's 2000-01-01.
const EPOCH_DAYS: i32 = 10_957;
/// The same in microseconds.
const EPOCH_US: i64 = 946_684_800_000_000;

const NUMERIC_POSITIVE: u16 = 0x0000;
const NUMERIC_NEGATIVE: u16 = 0x4000;
const NUMERIC_NAN: u16 = 0xC000;

/// Why a value can't be decoded; [`Fault::of_column`] adds where it stood.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// The value is one, but not for the Arrow type.
    Range(String),
    /// The bytes aren't of the type.
    Shape(String),
}

impl Fault {
    pub fn of_column(self, column: &str) -> DecodeError {
        let column = column.to_owned();
        match self {
            Self::Range(reason) => DecodeError::OutOfRange { column, reason },
            Self::Shape(reason) => DecodeError::Changed { column, reason },
        }
    }
}

/// The bytes of a type of fixed width.
#[inline]
pub fn fixed<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Fault> {
    bytes.try_into().map_err(|_| Fault::Shape(format!("a value of {} bytes instead of {N}", bytes.len())))
}

/// Days since 1970. PostgreSQL's infinities are the largest and smallest integers, and stay so.
#[inline]
pub fn date(bytes: &[u8]) -> Result<i32, Fault> {
    match i32::from_be_bytes(fixed(bytes)?) {
        infinity @ (i32::MAX | i32::MIN) => Ok(infinity),
        days => days.checked_add(EPOCH_DAYS).ok_or_else(|| Fault::Range("date out of range".to_owned())),
    }
}

/// Microseconds since 1970. PostgreSQL's infinities are the largest and smallest integers, and stay so.
#[inline]
pub fn timestamp(bytes: &[u8]) -> Result<i64, Fault> {
    match i64::from_be_bytes(fixed(bytes)?) {
        infinity @ (i64::MAX | i64::MIN) => Ok(infinity),
        us => match us.checked_add(EPOCH_US) {
            Some(us) if us != i64::MAX => Ok(us),
            _ => Err(Fault::Range("timestamp out of range".to_owned())),
        },
    }
}

/// Months, days and nanoseconds.
pub fn interval(bytes: &[u8]) -> Result<(i32, i32, i64), Fault> {
    let [a, b, c, d, e, f, g, h, days @ .., m0, m1, m2, m3] = fixed::<16>(bytes)?;
    let us = i64::from_be_bytes([a, b, c, d, e, f, g, h]);
    let (months, days) = (i32::from_be_bytes([m0, m1, m2, m3]), i32::from_be_bytes(days));
    // The infinities are all fields' extremes, here as there.
    if matches!((months, days, us), (i32::MAX, i32::MAX, i64::MAX) | (i32::MIN, i32::MIN, i64::MIN)) {
        return Ok((months, days, us));
    }
    let ns = us.checked_mul(1000).ok_or_else(|| Fault::Range("interval out of range".to_owned()))?;
    Ok((months, days, ns))
}

/// A numeric as an integer of 10^-scale with at most `precision` digits.
pub fn numeric(bytes: &[u8], precision: u8, scale: i8) -> Result<i128, Fault> {
    let (head, digits) = bytes.split_first_chunk::<8>().ok_or_else(|| Fault::Shape("a cut numeric".to_owned()))?;
    let count = u16::from_be_bytes([head[0], head[1]]);
    let weight = i32::from(i16::from_be_bytes([head[2], head[3]]));
    let sign = u16::from_be_bytes([head[4], head[5]]);
    if digits.len() != usize::from(count) * 2 {
        return Err(Fault::Shape("a cut numeric".to_owned()));
    }
    let magnitude = magnitude(digits, weight, scale)?;
    if magnitude >= power_of_ten(i32::from(precision))? {
        return Err(overflow());
    }
    match sign {
        NUMERIC_POSITIVE => Ok(magnitude),
        NUMERIC_NEGATIVE => Ok(-magnitude),
        NUMERIC_NAN => Err(Fault::Range("NaN".to_owned())),
        _ => Err(Fault::Range("infinity".to_owned())),
    }
}

/// `digits` are of base 10,000, the first one worth 10,000^weight.
fn magnitude(digits: &[u8], weight: i32, scale: i8) -> Result<i128, Fault> {
    let mut value = 0i128;
    let mut exponent = 4 * (weight + 1) + i32::from(scale);
    for pair in digits.chunks_exact(2) {
        let digit = i128::from(u16::from_be_bytes([pair[0], pair[1]]));
        exponent -= 4;
        // The last digit may reach below the scale: with zeros only.
        let kept = (4 + exponent.min(0)).max(0);
        let dropped = power_of_ten(4 - kept)?;
        if digit % dropped != 0 {
            return Err(Fault::Range("more digits than the column's scale".to_owned()));
        }
        value =
            value.checked_mul(power_of_ten(kept)?).and_then(|v| v.checked_add(digit / dropped)).ok_or_else(overflow)?;
    }
    match exponent {
        1.. if value != 0 => value.checked_mul(power_of_ten(exponent)?).ok_or_else(overflow),
        _ => Ok(value),
    }
}

fn power_of_ten(exponent: i32) -> Result<i128, Fault> {
    u32::try_from(exponent).ok().and_then(|e| 10i128.checked_pow(e)).ok_or_else(overflow)
}

fn overflow() -> Fault {
    Fault::Range("numeric field overflow".to_owned())
}

/// The 36 characters of a uuid, in lower case with hyphens.
pub fn uuid(bytes: &[u8]) -> Result<[u8; 36], Fault> {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut text = [b'-'; 36];
    let mut at = 0;
    for (index, byte) in fixed::<16>(bytes)?.into_iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            at += 1;
        }
        text[at] = HEX[usize::from(byte >> 4)];
        text[at + 1] = HEX[usize::from(byte & 15)];
        at += 2;
    }
    Ok(text)
}

#[inline]
pub fn text(bytes: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|_| Fault::Range("invalid byte sequence for encoding \"UTF8\"".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(weight: i16, sign: u16, digits: &[u16]) -> Vec<u8> {
        let mut bytes = (digits.len() as u16).to_be_bytes().to_vec();
        bytes.extend(weight.to_be_bytes());
        bytes.extend(sign.to_be_bytes());
        bytes.extend([0, 0]);
        digits.iter().for_each(|d| bytes.extend(d.to_be_bytes()));
        bytes
    }

    #[test]
    fn numerics_of_every_length() {
        assert_eq!(numeric(&encoded(0, 0, &[]), 10, 2), Ok(0));
        assert_eq!(numeric(&encoded(1, 0, &[1, 2345, 6700]), 10, 2), Ok(1_234_567));
        assert_eq!(numeric(&encoded(-1, NUMERIC_NEGATIVE, &[500]), 10, 2), Ok(-5));
        assert_eq!(numeric(&encoded(2, 0, &[3]), 12, 2), Ok(30_000_000_000));
        assert_eq!(numeric(&encoded(-10, 0, &[100]), 38, 38), Ok(1));
        let nines = [9999, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 9900];
        assert_eq!(numeric(&encoded(-1, 0, &nines), 38, 38), Ok(10i128.pow(38) - 1));
    }

    #[test]
    fn numerics_that_do_not_fit_are_errors() {
        assert!(matches!(numeric(&encoded(0, NUMERIC_NAN, &[]), 10, 2), Err(Fault::Range(_))));
        assert!(matches!(numeric(&encoded(0, 0xD000, &[]), 10, 2), Err(Fault::Range(_))));
        assert!(matches!(numeric(&encoded(-1, 0, &[1]), 10, 2), Err(Fault::Range(_))));
        assert!(matches!(numeric(&encoded(i16::MAX, 0, &[1]), 10, 2), Err(Fault::Range(_))));
        assert!(matches!(numeric(&encoded(0, 0, &[1000]), 3, 0), Err(Fault::Range(_))));
        assert!(matches!(numeric(&[0, 2, 0, 0, 0, 0, 0, 0, 1], 3, 0), Err(Fault::Shape(_))));
    }

    #[test]
    fn times_keep_their_infinities_and_their_limits() {
        assert_eq!(date(&i32::MAX.to_be_bytes()), Ok(i32::MAX));
        assert_eq!(date(&(-EPOCH_DAYS - 1).to_be_bytes()), Ok(-1));
        assert_eq!(timestamp(&i64::MIN.to_be_bytes()), Ok(i64::MIN));
        assert_eq!(timestamp(&(-EPOCH_US - 1).to_be_bytes()), Ok(-1));
        assert!(matches!(timestamp(&(i64::MAX - EPOCH_US).to_be_bytes()), Err(Fault::Range(_))));
        assert!(matches!(timestamp(&[0; 4]), Err(Fault::Shape(_))));
    }
}
