//! `uuid` (documentation, 8.12 and 9.14), held as a number: its order is PostgreSQL's.

use crate::{Result, ValueError};

/// `uuid_in`: in braces or not, with a hyphen or none after each four digits.
pub fn parse(text: &str) -> Result<u128> {
    read(text.as_bytes()).ok_or_else(|| ValueError::invalid_text("uuid", text))
}

fn read(text: &[u8]) -> Option<u128> {
    let text = match text {
        [b'{', inner @ .., b'}'] => inner,
        _ => text,
    };
    let mut value = 0u128;
    let mut digits = 0;
    let mut after_hyphen = false;
    for &byte in text {
        if byte == b'-' && digits % 4 == 0 && (4..32).contains(&digits) && !after_hyphen {
            after_hyphen = true;
            continue;
        }
        let digit = char::from(byte).to_digit(16)?;
        value = value << 4 | u128::from(digit);
        digits += 1;
        after_hyphen = false;
        if digits > 32 {
            return None;
        }
    }
    (digits == 32).then_some(value)
}

/// `uuid_out`.
pub fn print(uuid: u128) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(36);
    for at in 0..32 {
        if matches!(at, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(char::from(DIGITS[(uuid >> (124 - 4 * at) & 15) as usize]));
    }
    text
}

/// Whether it is of RFC 4122's variant, which has versions.
fn has_version(uuid: u128) -> bool {
    uuid >> 62 & 3 == 2
}

/// `uuid_extract_version`.
pub fn uuid_extract_version(uuid: u128) -> Option<i16> {
    has_version(uuid).then_some((uuid >> 76 & 15) as i16)
}

/// `uuid_extract_timestamp`, in microseconds since 1970: of version 1.
pub fn uuid_extract_timestamp(uuid: u128) -> Option<i64> {
    if uuid_extract_version(uuid) != Some(1) {
        return None;
    }
    let (low, middle, high) = (uuid >> 96 & 0xffff_ffff, uuid >> 80 & 0xffff, uuid >> 64 & 0xfff);
    let ticks = i64::try_from(high << 48 | middle << 32 | low).ok()?;
    // Ticks are tenths of a microsecond, since the Gregorian calendar began.
    const FROM_1582_TO_1970: i64 = 12_219_292_800_000_000;
    (ticks / 10).checked_sub(FROM_1582_TO_1970)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "c232ab00-9414-11ec-b3c8-9f6bdeced846";

    #[test]
    fn uuids_are_read_and_printed() {
        for text in [
            TEXT,
            "C232AB00-9414-11EC-B3C8-9F6BDECED846",
            "{c232ab00-9414-11ec-b3c8-9f6bdeced846}",
            "c232ab00941411ecb3c89f6bdeced846",
            "c232-ab00-9414-11ec-b3c8-9f6b-dece-d846",
        ] {
            assert_eq!(print(parse(text).unwrap()), TEXT, "{text}");
        }
        for text in ["", "{", "c232", "{c232ab00941411ecb3c89f6bdeced846", "c2-32ab00941411ecb3c89f6bdeced846"] {
            assert_eq!(parse(text).unwrap_err(), ValueError::invalid_text("uuid", text));
        }
    }

    #[test]
    fn parts_are_extracted() {
        let uuid = parse(TEXT).unwrap();
        assert_eq!((uuid_extract_version(uuid), uuid_extract_timestamp(uuid)), (Some(1), Some(1_645_557_742_000_000)));
        let uuid = parse("017f22e2-79b0-7cc3-98c4-dc0c0c07398f").unwrap();
        assert_eq!((uuid_extract_version(uuid), uuid_extract_timestamp(uuid)), (Some(7), None));
        let uuid = parse("017f22e2-79b0-7cc3-18c4-dc0c0c07398f").unwrap();
        assert_eq!((uuid_extract_version(uuid), uuid_extract_timestamp(uuid)), (None, None));
    }
}
