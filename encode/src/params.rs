//! Bind parameters: a value in PostgreSQL's text or binary form to a DataFusion scalar.

use arrow::datatypes::{DataType, IntervalMonthDayNano};
use datafusion::common::ScalarValue;

use super::Format;
use super::datetime::{EPOCH_DAYS, EPOCH_US};
use super::error::EncodeError;
use super::interval::Interval;
use super::params_array;
use super::params_binary;
use super::params_datetime::{parse_date, parse_time, parse_timestamp};
use super::params_interval::parse_interval;
use super::style::Style;
use super::types::{arrow_type_of_oid, element_oid, oid, type_name};

/// Reads a parameter of the type `type_oid`; 0 and `unknown` are strings. `bytes` is `None` for NULL. Arrays, and values that are held
/// as texts, come as texts that the type's input function has still to read, see [`is_read`]; others are of [`arrow_type_of_oid`].
///
/// # Errors
/// 22P02, 22007, 22008 and 22003 for text that isn't such a value, 22P03 and 08P01 for binary of another length, 22021 for
/// bytes that aren't UTF-8, 42883 and 0A000 for types that have no binary form; the messages are PostgreSQL's.
pub fn decode_parameter(
    type_oid: u32,
    format: Format,
    bytes: Option<&[u8]>,
    style: &Style,
) -> Result<ScalarValue, EncodeError> {
    let data_type = arrow_type_of_oid(type_oid).ok_or_else(|| {
        EncodeError::unsupported(format!("parameters of the type with OID {type_oid} aren't supported"))
    })?;
    let read = is_read(&data_type);
    match (bytes, format) {
        (None, _) if read => Ok(ScalarValue::Utf8(None)),
        (None, _) => ScalarValue::try_from(&data_type)
            .map_err(|_| EncodeError::unsupported(format!("parameters of type {data_type} can't be NULL"))),
        (Some(bytes), Format::Text) if read => Ok(utf8(bytes)?.into()),
        (Some(bytes), Format::Text) => decode_text(type_oid, utf8(bytes)?, style),
        (Some(bytes), Format::Binary) => match element_oid(type_oid) {
            Some(element) => Ok(params_array::text(element, bytes)?.as_str().into()),
            None if read => Ok(params_binary::text(type_oid, bytes)?.as_str().into()),
            None => decode_binary(type_oid, bytes),
        },
    }
}

/// Whether parameters of a type that is held so come as texts.
pub fn is_read(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::List(_))
}

pub(super) fn decode_text(type_oid: u32, text: &str, style: &Style) -> Result<ScalarValue, EncodeError> {
    let invalid = || EncodeError::invalid_text(type_name(type_oid), text);
    Ok(match type_oid {
        oid::BOOL => ScalarValue::Boolean(Some(parse_bool(text).ok_or_else(invalid)?)),
        oid::INT2 => ScalarValue::Int16(Some(parse_int(text, type_oid)?)),
        oid::INT4 => ScalarValue::Int32(Some(parse_int(text, type_oid)?)),
        oid::INT8 => ScalarValue::Int64(Some(parse_int(text, type_oid)?)),
        oid::OID | oid::XID | oid::CID => ScalarValue::Int64(Some(parse_oid(text, type_oid)?)),
        oid::FLOAT4 => ScalarValue::Float32(Some(parse_float4(text)?)),
        oid::FLOAT8 => ScalarValue::Float64(Some(parse_float8(text)?)),
        oid::BYTEA => ScalarValue::Binary(Some(parse_bytea(text)?)),
        oid::DATE => ScalarValue::Date32(Some(parse_date(text, style)?)),
        oid::TIME => ScalarValue::Time64Microsecond(Some(parse_time(text)?)),
        oid::TIMESTAMP => ScalarValue::TimestampMicrosecond(Some(parse_timestamp(text, false, style)?), None),
        oid::TIMESTAMPTZ => timestamptz(parse_timestamp(text, true, style)?),
        oid::INTERVAL => interval(parse_interval(text)?)?,
        _ => ScalarValue::Utf8(Some(text.to_owned())),
    })
}

pub(super) fn decode_binary(type_oid: u32, bytes: &[u8]) -> Result<ScalarValue, EncodeError> {
    Ok(match type_oid {
        oid::BOOL => match bytes {
            [] => return Err(EncodeError::no_data()),
            bytes => ScalarValue::Boolean(Some(exactly::<1>(bytes)? != [0])),
        },
        oid::INT2 => ScalarValue::Int16(Some(i16::from_be_bytes(exactly(bytes)?))),
        oid::INT4 => ScalarValue::Int32(Some(i32::from_be_bytes(exactly(bytes)?))),
        oid::INT8 => ScalarValue::Int64(Some(i64::from_be_bytes(exactly(bytes)?))),
        oid::OID | oid::XID | oid::CID => ScalarValue::Int64(Some(i64::from(u32::from_be_bytes(exactly(bytes)?)))),
        oid::FLOAT4 => ScalarValue::Float32(Some(f32::from_be_bytes(exactly(bytes)?))),
        oid::FLOAT8 => ScalarValue::Float64(Some(f64::from_be_bytes(exactly(bytes)?))),
        oid::BYTEA => ScalarValue::Binary(Some(bytes.to_vec())),
        oid::DATE => ScalarValue::Date32(Some(match i32::from_be_bytes(exactly(bytes)?) {
            infinite @ (i32::MAX | i32::MIN) => infinite,
            days => days.checked_add(EPOCH_DAYS).ok_or_else(|| EncodeError::out_of_range("date"))?,
        })),
        oid::TIME => {
            let micros = i64::from_be_bytes(exactly(bytes)?);
            let in_day = (0..=super::datetime::DAY_US).contains(&micros);
            ScalarValue::Time64Microsecond(Some(
                in_day.then_some(micros).ok_or_else(|| EncodeError::out_of_range("time"))?,
            ))
        }
        oid::TIMESTAMP => ScalarValue::TimestampMicrosecond(Some(timestamp_of_binary(bytes)?), None),
        oid::TIMESTAMPTZ => timestamptz(timestamp_of_binary(bytes)?),
        oid::INTERVAL => interval_of_binary(bytes)?,
        _ => ScalarValue::Utf8(Some(utf8(bytes)?.to_owned())),
    })
}

/// Exactly `N` bytes: fewer is 08P01, more 22P03, as PostgreSQL tells them apart.
pub(super) fn exactly<const N: usize>(bytes: &[u8]) -> Result<[u8; N], EncodeError> {
    if bytes.len() < N {
        return Err(insufficient());
    }
    bytes.try_into().map_err(|_| EncodeError::excess())
}

pub(super) fn insufficient() -> EncodeError {
    EncodeError::new("08P01", "insufficient data left in message")
}

pub(super) fn utf8(bytes: &[u8]) -> Result<&str, EncodeError> {
    let invalid = |rest: &[u8]| {
        let shown: Vec<String> = rest.iter().take(4).map(|byte| format!("0x{byte:02x}")).collect();
        EncodeError::new("22021", format!("invalid byte sequence for encoding \"UTF8\": {}", shown.join(" ")))
    };
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let from = error.valid_up_to();
        invalid(&bytes[from..from + error.error_len().unwrap_or(bytes.len() - from)])
    })?;
    if text.contains('\0') { Err(invalid(&[0])) } else { Ok(text) }
}

fn parse_bool(text: &str) -> Option<bool> {
    let text = text.trim().to_ascii_lowercase();
    let is_prefix = |word: &str, least: usize| text.len() >= least && word.starts_with(&text);
    match text.as_str() {
        "1" => Some(true),
        "0" => Some(false),
        _ if is_prefix("true", 1) || is_prefix("yes", 1) || text == "on" => Some(true),
        _ if is_prefix("false", 1) || is_prefix("no", 1) || is_prefix("off", 2) => Some(false),
        _ => None,
    }
}

/// Decimal, or with 0x, 0o or 0b before it; underscores between digits.
fn parse_int<T: TryFrom<i128>>(text: &str, type_oid: u32) -> Result<T, EncodeError> {
    let name = type_name(type_oid);
    let invalid = || EncodeError::invalid_text(name, text);
    let trimmed = text.trim_ascii();
    let (negative, unsigned) = match trimmed.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let (radix, digits) = match unsigned.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => (16, &unsigned[2..]),
        Some("0o") => (8, &unsigned[2..]),
        Some("0b") => (2, &unsigned[2..]),
        _ => (10, unsigned),
    };
    let (mut value, mut last) = (0_i128, b'_');
    for byte in digits.bytes() {
        if byte == b'_' && last != b'_' {
            last = byte;
            continue;
        }
        let digit = char::from(byte).to_digit(radix).ok_or_else(invalid)?;
        // Past 64 bits it is out of range whatever follows; stopping to grow keeps the syntax check going.
        value = (value * i128::from(radix) + i128::from(digit)).min(i128::from(u64::MAX) * 2);
        last = byte;
    }
    if last == b'_' {
        return Err(invalid());
    }
    let value = if negative { -value } else { value };
    T::try_from(value)
        .map_err(|_| EncodeError::new("22003", format!("value \"{text}\" is out of range for type {name}")))
}

/// A negative number stands for the one of the same bits.
fn parse_oid(text: &str, type_oid: u32) -> Result<i64, EncodeError> {
    match parse_int::<i64>(text, type_oid) {
        Ok(number @ -2_147_483_648..0) => Ok(number + (1 << 32)),
        _ => parse_int::<u32>(text, type_oid).map(i64::from),
    }
}

fn parse_float8(text: &str) -> Result<f64, EncodeError> {
    let trimmed = text.trim_ascii();
    let value: f64 = trimmed.parse().map_err(|_| EncodeError::invalid_text("double precision", text))?;
    check_float(trimmed, value.is_infinite(), value == 0.0, "double precision")?;
    Ok(value)
}

fn parse_float4(text: &str) -> Result<f32, EncodeError> {
    let trimmed = text.trim_ascii();
    let value: f32 = trimmed.parse().map_err(|_| EncodeError::invalid_text("real", text))?;
    check_float(trimmed, value.is_infinite(), value == 0.0, "real")?;
    Ok(value)
}

/// A number that became infinite or zero without being written so is out of range.
fn check_float(text: &str, is_infinite: bool, is_zero: bool, name: &str) -> Result<(), EncodeError> {
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let overflowed = is_infinite && text.bytes().any(|byte| byte.is_ascii_digit());
    let underflowed = is_zero && mantissa.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    if overflowed || underflowed {
        return Err(EncodeError::new("22003", format!("\"{text}\" is out of range for type {name}")));
    }
    Ok(())
}

/// The text of a numeric in base 10,000.
pub(super) fn numeric_text(bytes: &[u8]) -> Result<String, EncodeError> {
    let field =
        |at: usize| bytes.get(at..at + 2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).ok_or_else(insufficient);
    let (count, weight, sign, scale) = (field(0)?, field(2)? as i16, field(4)?, field(6)?);
    let invalid = |what: &str| EncodeError::new("22P03", format!("invalid {what} in external \"numeric\" value"));
    let special = match sign {
        0 | 0x4000 => None,
        0xC000 => Some("NaN"),
        0xD000 => Some("Infinity"),
        0xF000 => Some("-Infinity"),
        _ => return Err(invalid("sign")),
    };
    if scale > 0x3FFF {
        return Err(invalid("scale"));
    }
    let mut groups = Vec::with_capacity(usize::from(count));
    for index in 0..usize::from(count) {
        let group = field(8 + 2 * index)?;
        groups.push(if group < 10_000 { group } else { return Err(invalid("digit")) });
    }
    exactly_end(bytes, 8 + 2 * usize::from(count))?;
    match special {
        Some(special) => Ok(special.to_owned()),
        None => Ok(written(sign == 0x4000, &groups, i32::from(weight), i32::from(scale))),
    }
}

fn exactly_end(bytes: &[u8], end: usize) -> Result<(), EncodeError> {
    if bytes.len() == end { Ok(()) } else { Err(EncodeError::excess()) }
}

/// Decimal digits down to `scale` places from base-10,000 ones; PostgreSQL too cuts off what is behind the scale.
fn written(is_negative: bool, groups: &[u16], weight: i32, scale: i32) -> String {
    let digit = |power: i32| {
        let group = usize::try_from(weight - power.div_euclid(4)).ok().and_then(|index| groups.get(index));
        group.map_or(b'0', |group| b'0' + (group / 10_u16.pow(power.rem_euclid(4) as u32) % 10) as u8)
    };
    let top = if groups.is_empty() { 0 } else { weight.max(0) * 4 + 3 };
    let mut text = String::from(if is_negative { "-" } else { "" });
    let first = (0..=top).rev().find(|power| digit(*power) != b'0').unwrap_or(0);
    text.extend((0..=first).rev().map(digit).map(char::from));
    if scale > 0 {
        text.push('.');
        text.extend((-scale..0).rev().map(digit).map(char::from));
    }
    text
}

/// `\xDEADBEEF`, or the escape form with `\\` and `\ooo`.
fn parse_bytea(text: &str) -> Result<Vec<u8>, EncodeError> {
    let invalid = || EncodeError::invalid_text("bytea", text);
    let Some(hex) = text.strip_prefix("\\x") else {
        return parse_escaped(text.as_bytes())
            .ok_or_else(|| EncodeError::new("22P02", "invalid input syntax for type bytea"));
    };
    let digits: Vec<u32> = hex
        .chars()
        .filter(|c| !matches!(c, ' ' | '\n' | '\t' | '\r'))
        .map(|c| c.to_digit(16).ok_or_else(|| EncodeError::new("22023", format!("invalid hexadecimal digit: \"{c}\""))))
        .collect::<Result<_, _>>()?;
    if !digits.len().is_multiple_of(2) {
        return Err(EncodeError::new("22023", "invalid hexadecimal data: odd number of digits"));
    }
    digits.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).map_err(|_| invalid())).collect()
}

fn parse_escaped(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, tail)) = rest.split_first() {
        let (byte, tail) = match (first, tail) {
            (b'\\', [b'\\', tail @ ..]) => (b'\\', tail),
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', tail @ ..]) => {
                (((a - b'0') << 6) | ((b - b'0') << 3) | (c - b'0'), tail)
            }
            (b'\\', _) => return None,
            (byte, tail) => (*byte, tail),
        };
        bytes.push(byte);
        rest = tail;
    }
    Some(bytes)
}

fn timestamp_of_binary(bytes: &[u8]) -> Result<i64, EncodeError> {
    match i64::from_be_bytes(exactly(bytes)?) {
        infinite @ (i64::MAX | i64::MIN) => Ok(infinite),
        micros => micros.checked_add(EPOCH_US).ok_or_else(|| EncodeError::out_of_range("timestamp")),
    }
}

fn timestamptz(micros: i64) -> ScalarValue {
    ScalarValue::TimestampMicrosecond(Some(micros), Some("UTC".into()))
}

fn interval_of_binary(bytes: &[u8]) -> Result<ScalarValue, EncodeError> {
    let bytes = exactly::<16>(bytes)?;
    let value = u128::from_be_bytes(bytes);
    interval(Interval { micros: (value >> 64) as i64, days: (value >> 32) as i32, months: value as i32 })
}

/// The engine counts in nanoseconds, so the time part reaches 292 years.
fn interval(interval: Interval) -> Result<ScalarValue, EncodeError> {
    let nanoseconds = match interval.micros {
        extreme @ (i64::MAX | i64::MIN) => Some(extreme),
        micros => micros.checked_mul(1000),
    };
    let nanoseconds = nanoseconds.ok_or_else(|| EncodeError::out_of_range("interval"))?;
    let value = IntervalMonthDayNano::new(interval.months, interval.days, nanoseconds);
    Ok(ScalarValue::IntervalMonthDayNano(Some(value)))
}

pub(super) fn uuid_text(uuid: [u8; 16]) -> String {
    let value = u128::from_be_bytes(uuid);
    let hex = format!("{value:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
