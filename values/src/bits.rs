//! `bit(n)` and `bit varying(n)`: bit strings, held as text of 0 and 1 (documentation, 9.6).

use crate::text::{bounded, overlay_places, substr_places};
use crate::{Result, ValueError, code};

/// A bit string read from text: binary digits, after an optional `b`, or hexadecimal ones after an `x`.
pub fn parse(text: &str) -> Result<String> {
    match text.as_bytes().first() {
        Some(b'x' | b'X') => from_hex(text.get(1..).unwrap_or("")),
        Some(b'b' | b'B') => from_binary(text.get(1..).unwrap_or("")),
        _ => from_binary(text),
    }
}

fn from_binary(digits: &str) -> Result<String> {
    match digits.chars().find(|c| !matches!(c, '0' | '1')) {
        None => Ok(digits.to_owned()),
        Some(c) => Err(invalid_digit(c, "binary")),
    }
}

fn from_hex(digits: &str) -> Result<String> {
    bounded(digits.len().saturating_mul(4))?;
    let mut bits = String::with_capacity(digits.len() * 4);
    for c in digits.chars() {
        let digit = c.to_digit(16).ok_or_else(|| invalid_digit(c, "hexadecimal"))?;
        bits.extend((0..4).rev().map(|place| digit_of(digit >> place & 1 == 1)));
    }
    Ok(bits)
}

fn invalid_digit(c: char, kind: &str) -> ValueError {
    let message = format!("\"{c}\" is not a valid {kind} digit");
    ValueError::new(code::INVALID_TEXT_REPRESENTATION, message)
}

fn digit_of(bit: bool) -> char {
    if bit { '1' } else { '0' }
}

/// A bit string as `bit(length)`: an explicit cast cuts it, or fills it up with zeros.
pub fn bit(bits: &str, length: i32, is_explicit: bool) -> Result<String> {
    let wanted = usize::try_from(length).unwrap_or(0);
    if bits.len() == wanted {
        return Ok(bits.to_owned());
    }
    if !is_explicit {
        let message = format!("bit string length {} does not match type bit({length})", bits.len());
        return Err(ValueError::new(code::STRING_LENGTH_MISMATCH, message));
    }
    bounded(wanted)?;
    let kept = bits.get(..wanted.min(bits.len())).unwrap_or("");
    let mut result = String::with_capacity(wanted);
    result.push_str(kept);
    result.extend(std::iter::repeat_n('0', wanted - kept.len()));
    Ok(result)
}

/// A bit string as `bit varying(length)`: an explicit cast cuts it.
pub fn varbit(bits: &str, length: i32, is_explicit: bool) -> Result<&str> {
    let wanted = usize::try_from(length).unwrap_or(0);
    match bits.get(..wanted) {
        Some(kept) if kept.len() < bits.len() && !is_explicit => {
            let message = format!("bit string too long for type bit varying({length})");
            Err(ValueError::new(code::STRING_TOO_LONG, message))
        }
        Some(kept) => Ok(kept),
        None => Ok(bits),
    }
}

/// An integer of 4 bytes as `bit(length)`: its last bits, after copies of its sign.
pub fn from_int4(value: i32, length: i32) -> Result<String> {
    from_int8(value.into(), length)
}

/// An integer of 8 bytes as `bit(length)`.
pub fn from_int8(value: i64, length: i32) -> Result<String> {
    let length = usize::try_from(length).unwrap_or(1);
    bounded(length)?;
    Ok((0..length).rev().map(|place| digit_of(value >> place.min(63) & 1 == 1)).collect())
}

/// A bit string as an integer of 4 bytes.
pub fn to_int4(bits: &str) -> Result<i32> {
    if bits.len() > 32 {
        return Err(ValueError::out_of_range("integer"));
    }
    Ok(value(bits) as u32 as i32)
}

/// A bit string as an integer of 8 bytes.
pub fn to_int8(bits: &str) -> Result<i64> {
    if bits.len() > 64 {
        return Err(ValueError::out_of_range("bigint"));
    }
    Ok(value(bits) as i64)
}

fn value(bits: &str) -> u64 {
    bits.bytes().fold(0, |value, bit| value << 1 | u64::from(bit == b'1'))
}

fn combine(one: &str, other: &str, name: &str, operator: impl Fn(bool, bool) -> bool) -> Result<String> {
    if one.len() != other.len() {
        let message = format!("cannot {name} bit strings of different sizes");
        return Err(ValueError::new(code::STRING_LENGTH_MISMATCH, message));
    }
    let pairs = one.bytes().zip(other.bytes());
    Ok(pairs.map(|(one, other)| digit_of(operator(one == b'1', other == b'1'))).collect())
}

/// `one & other`
pub fn and(one: &str, other: &str) -> Result<String> {
    combine(one, other, "AND", |one, other| one && other)
}

/// `one | other`
pub fn or(one: &str, other: &str) -> Result<String> {
    combine(one, other, "OR", |one, other| one || other)
}

/// `one # other`
pub fn xor(one: &str, other: &str) -> Result<String> {
    combine(one, other, "XOR", |one, other| one != other)
}

/// `~ bits`
pub fn not(bits: &str) -> String {
    bits.bytes().map(|bit| digit_of(bit != b'1')).collect()
}

/// `bits << count`: to the right if negative. The length stays.
pub fn shift_left(bits: &str, count: i32) -> String {
    shift(bits, count.into())
}

/// `bits >> count`
pub fn shift_right(bits: &str, count: i32) -> String {
    shift(bits, -i64::from(count))
}

fn shift(bits: &str, left: i64) -> String {
    let gone = usize::try_from(left.unsigned_abs()).unwrap_or(usize::MAX).min(bits.len());
    let zeros = std::iter::repeat_n('0', gone);
    let mut result = String::with_capacity(bits.len());
    if left >= 0 {
        result.push_str(bits.get(gone..).unwrap_or(""));
        result.extend(zeros);
    } else {
        result.extend(zeros);
        result.push_str(bits.get(..bits.len() - gone).unwrap_or(""));
    }
    result
}

/// `one || other`
pub fn concat(one: &str, other: &str) -> Result<String> {
    bounded(one.len().saturating_add(other.len()))?;
    Ok([one, other].concat())
}

/// `length(bits)`, `bit_length(bits)`
pub fn length(bits: &str) -> i32 {
    bits.len() as i32
}

/// `octet_length(bits)`
pub fn octet_length(bits: &str) -> i32 {
    bits.len().div_ceil(8) as i32
}

/// `bit_count(bits)`
pub fn bit_count(bits: &str) -> i64 {
    bits.bytes().map(|bit| i64::from(bit == b'1')).sum()
}

/// `substring(bits from start for count)`
pub fn substring(bits: &str, start: i32, count: Option<i32>) -> Result<&str> {
    let (first, last) = substr_places(start, count)?;
    Ok(bits.get(first.min(bits.len())..last.min(bits.len())).unwrap_or(""))
}

/// `overlay(bits placing new from start for count)`; without a count, as many as `new` has.
pub fn overlay(bits: &str, new: &str, start: i32, count: Option<i32>) -> Result<String> {
    let (head, after) = overlay_places(start, count.unwrap_or_else(|| length(new)))?;
    let (head, tail) = (substring(bits, 1, Some(head))?, substring(bits, after, None)?);
    bounded(head.len() + new.len() + tail.len())?;
    Ok([head, new, tail].concat())
}

/// `position(bits in within)`: from 1, or 0. In no bits there is nothing, not even no bits.
pub fn position(bits: &str, within: &str) -> i32 {
    match within.find(bits) {
        Some(at) if !within.is_empty() => at as i32 + 1,
        _ => 0,
    }
}

fn place(bits: &str, index: i32) -> Result<usize> {
    let found = usize::try_from(index).ok().filter(|index| *index < bits.len());
    found.ok_or_else(|| {
        let message = format!("bit index {index} out of valid range (0..{})", length(bits) - 1);
        ValueError::new(code::ARRAY_SUBSCRIPT_ERROR, message)
    })
}

/// `get_bit(bits, index)`: counted from the left, from 0.
pub fn get_bit(bits: &str, index: i32) -> Result<i32> {
    let place = place(bits, index)?;
    Ok(i32::from(bits.as_bytes().get(place) == Some(&b'1')))
}

/// `set_bit(bits, index, bit)`
pub fn set_bit(bits: &str, index: i32, bit: i32) -> Result<String> {
    let place = place(bits, index)?;
    if !matches!(bit, 0 | 1) {
        return Err(ValueError::invalid_parameter("new bit must be 0 or 1"));
    }
    let mut result = bits.to_owned();
    result.replace_range(place..=place, if bit == 1 { "1" } else { "0" });
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bit_strings_are_read() {
        for (text, bits) in [("101", "101"), ("b101", "101"), ("x1F", "00011111"), ("", ""), ("X", "")] {
            assert_eq!(parse(text).as_deref(), Ok(bits));
        }
        for (text, message) in [
            ("12", "\"2\" is not a valid binary digit"),
            ("x1g", "\"g\" is not a valid hexadecimal digit"),
            ("é", "\"é\" is not a valid binary digit"),
            ("1 0", "\" \" is not a valid binary digit"),
        ] {
            assert_eq!(parse(text), Err(ValueError::new("22P02", message)));
        }
    }

    #[test]
    fn casts_cut_and_fill() {
        assert_eq!((bit("101", 5, true).as_deref(), bit("10101", 3, true).as_deref()), (Ok("10100"), Ok("101")));
        assert_eq!((varbit("10101", 3, true), varbit("1", 3, false)), (Ok("101"), Ok("1")));
        let error = bit("1010", 3, false).unwrap_err();
        assert_eq!(error, ValueError::new("22026", "bit string length 4 does not match type bit(3)"));
        let error = varbit("1010", 3, false).unwrap_err();
        assert_eq!(error, ValueError::new("22001", "bit string too long for type bit varying(3)"));
        assert_eq!(
            (from_int4(5, 8).as_deref(), from_int4(-5, 8).as_deref(), from_int4(5, 2).as_deref()),
            (Ok("00000101"), Ok("11111011"), Ok("01"))
        );
        assert_eq!(from_int8(-5, 70).unwrap(), format!("{}011", "1".repeat(67)));
        assert_eq!((to_int4("101"), to_int4(&"1".repeat(32)), to_int8(&"1".repeat(64))), (Ok(5), Ok(-1), Ok(-1)));
        assert_eq!(to_int4(&"1".repeat(33)).unwrap_err().message, "integer out of range");
        assert_eq!(to_int8(&"1".repeat(65)).unwrap_err().message, "bigint out of range");
    }

    #[test]
    fn bit_strings_are_combined() {
        assert_eq!(
            (and("110", "011").as_deref(), or("100", "001").as_deref(), xor("110", "011").as_deref()),
            (Ok("010"), Ok("101"), Ok("101"))
        );
        assert_eq!(and("1", "10"), Err(ValueError::new("22026", "cannot AND bit strings of different sizes")));
        assert_eq!(
            (not("101"), shift_left("101", 1), shift_right("101", 1), shift_left("101", -1)),
            ("010".into(), "010".into(), "010".into(), "010".into())
        );
        assert_eq!(
            (shift_left("101", 5), shift_left("101", i32::MIN), shift_right("101", i32::MIN)),
            ("000".into(), "000".into(), "000".into())
        );
    }

    #[test]
    fn bit_strings_are_cut() {
        assert_eq!(
            (substring("10101", 2, Some(3)), substring("10101", -1, Some(3)), substring("101", 2, None)),
            (Ok("010"), Ok("1"), Ok("01"))
        );
        assert_eq!(substring("1", 1, Some(-1)).unwrap_err().code, "22011");
        assert_eq!(
            (overlay("10101", "00", 2, None).as_deref(), overlay("10101", "00", 2, Some(3)).as_deref()),
            (Ok("10001"), Ok("1001"))
        );
        assert_eq!((position("", ""), position("", "1"), position("01", "1101"), position("1", "")), (0, 1, 3, 0));
        assert_eq!((get_bit("101", 1), set_bit("101", 1, 1).as_deref()), (Ok(0), Ok("111")));
        assert_eq!(get_bit("101", 3), Err(ValueError::new("2202E", "bit index 3 out of valid range (0..2)")));
        assert_eq!(set_bit("101", 1, 2).unwrap_err().message, "new bit must be 0 or 1");
        assert_eq!((length("101"), octet_length("101010101"), bit_count("101")), (3, 2, 2));
    }
}
