//! Bind parameters: a value in PostgreSQL's text or binary form to a DataFusion scalar.

use std::sync::Arc;

use arrow::array::Array;
use arrow::datatypes::{DataType, IntervalMonthDayNano};
use datafusion::common::ScalarValue;

use super::Format;
use super::datetime::{EPOCH_DAYS, EPOCH_US};
use super::error::EncodeError;
use super::interval::Interval;
use super::numeric::split_literal;
use super::params_array;
use super::params_datetime::{parse_date, parse_time, parse_timestamp};
use super::params_interval::parse_interval;
use super::strings::parse_uuid;
use super::style::Style;
use super::types::{arrow_type_of_oid, element_oid, oid, type_name};

/// Reads a parameter of the type `type_oid`; 0 and `unknown` are strings. `bytes` is `None` for NULL. The result is of
/// [`arrow_type_of_oid`], but numerics have the precision and scale of the value.
///
/// # Errors
/// 22P02, 22007, 22008 and 22003 for text that isn't such a value, 22P03 and 08P01 for binary of another length, 22021 for
/// bytes that aren't UTF-8, 0A000 for types whose binary form isn't read here; the messages are PostgreSQL's.
pub fn decode_parameter(
    type_oid: u32,
    format: Format,
    bytes: Option<&[u8]>,
    style: &Style,
) -> Result<ScalarValue, EncodeError> {
    let data_type = arrow_type_of_oid(type_oid).ok_or_else(|| {
        EncodeError::unsupported(format!("parameters of the type with OID {type_oid} aren't supported"))
    })?;
    let Some(bytes) = bytes else {
        return ScalarValue::try_from(&data_type)
            .map_err(|_| EncodeError::unsupported(format!("parameters of type {data_type} can't be NULL")));
    };
    match (element_oid(type_oid), format) {
        (Some(element), Format::Text) => params_array::decode_text(element, utf8(bytes)?, style),
        (Some(element), Format::Binary) => params_array::decode_binary(element, bytes, style),
        (None, Format::Text) => decode_text(type_oid, utf8(bytes)?, style),
        (None, Format::Binary) => decode_binary(type_oid, bytes),
    }
}

pub(super) fn decode_text(type_oid: u32, text: &str, style: &Style) -> Result<ScalarValue, EncodeError> {
    let invalid = || EncodeError::invalid_text(type_name(type_oid), text);
    Ok(match type_oid {
        oid::BOOL => ScalarValue::Boolean(Some(parse_bool(text).ok_or_else(invalid)?)),
        oid::INT2 => ScalarValue::Int16(Some(parse_int(text, type_oid)?)),
        oid::INT4 => ScalarValue::Int32(Some(parse_int(text, type_oid)?)),
        oid::INT8 => ScalarValue::Int64(Some(parse_int(text, type_oid)?)),
        oid::OID | oid::XID | oid::CID => ScalarValue::Int64(Some(i64::from(parse_int::<u32>(text, type_oid)?))),
        oid::FLOAT4 => ScalarValue::Float32(Some(parse_float4(text)?)),
        oid::FLOAT8 => ScalarValue::Float64(Some(parse_float8(text)?)),
        oid::NUMERIC => numeric_of_text(text)?,
        oid::BYTEA => ScalarValue::Binary(Some(parse_bytea(text)?)),
        oid::DATE => ScalarValue::Date32(Some(parse_date(text, style)?)),
        oid::TIME => ScalarValue::Time64Microsecond(Some(parse_time(text)?)),
        oid::TIMESTAMP => ScalarValue::TimestampMicrosecond(Some(parse_timestamp(text, false, style)?), None),
        oid::TIMESTAMPTZ => timestamptz(parse_timestamp(text, true, style)?),
        oid::INTERVAL => interval(parse_interval(text)?)?,
        oid::UUID => ScalarValue::Utf8(Some(uuid_text(parse_uuid(text).ok_or_else(invalid)?))),
        _ => ScalarValue::Utf8(Some(text.to_owned())),
    })
}

pub(super) fn decode_binary(type_oid: u32, bytes: &[u8]) -> Result<ScalarValue, EncodeError> {
    Ok(match type_oid {
        oid::BOOL => ScalarValue::Boolean(Some(exactly::<1>(bytes)? != [0])),
        oid::INT2 => ScalarValue::Int16(Some(i16::from_be_bytes(exactly(bytes)?))),
        oid::INT4 => ScalarValue::Int32(Some(i32::from_be_bytes(exactly(bytes)?))),
        oid::INT8 => ScalarValue::Int64(Some(i64::from_be_bytes(exactly(bytes)?))),
        oid::OID | oid::XID | oid::CID => ScalarValue::Int64(Some(i64::from(u32::from_be_bytes(exactly(bytes)?)))),
        oid::FLOAT4 => ScalarValue::Float32(Some(f32::from_be_bytes(exactly(bytes)?))),
        oid::FLOAT8 => ScalarValue::Float64(Some(f64::from_be_bytes(exactly(bytes)?))),
        oid::NUMERIC => numeric_of_binary(bytes)?,
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
        oid::UUID => ScalarValue::Utf8(Some(uuid_text(exactly(bytes)?))),
        oid::JSONB => match bytes {
            [1, text @ ..] => ScalarValue::Utf8(Some(utf8(text)?.to_owned())),
            [version, ..] => {
                return Err(EncodeError::new("XX000", format!("unsupported jsonb version number {version}")));
            }
            [] => return Err(insufficient()),
        },
        oid::TIMETZ | oid::INET | oid::CIDR | oid::MACADDR | oid::MACADDR8 | oid::BIT | oid::VARBIT => {
            let message = format!("binary parameters of type {} aren't supported", type_name(type_oid));
            return Err(EncodeError::unsupported(message));
        }
        _ => ScalarValue::Utf8(Some(utf8(bytes)?.to_owned())),
    })
}

/// A list of `values`, each of the element type or NULL. Numerics are brought to one scale.
pub(super) fn list(element: u32, values: Vec<ScalarValue>) -> Result<ScalarValue, EncodeError> {
    let data_type = match element {
        oid::NUMERIC => common_decimal(&values),
        _ => arrow_type_of_oid(element).unwrap_or(DataType::Utf8),
    };
    let values: Result<Vec<_>, _> = values.iter().map(|value| value.cast_to(&data_type)).collect();
    let values = values.map_err(|_| EncodeError::number_out_of_range("numeric"))?;
    let list = ScalarValue::new_list_nullable(&values, &data_type);
    debug_assert_eq!(list.len(), 1);
    Ok(ScalarValue::List(Arc::clone(&list)))
}

fn common_decimal(values: &[ScalarValue]) -> DataType {
    let scale = values.iter().filter_map(|value| match value {
        ScalarValue::Decimal128(Some(_), _, scale) | ScalarValue::Decimal256(Some(_), _, scale) => Some(*scale),
        _ => None,
    });
    let is_wide = values.iter().any(|value| matches!(value, ScalarValue::Decimal256(Some(_), _, _)));
    let scale = scale.max().unwrap_or(10);
    if is_wide { DataType::Decimal256(76, scale) } else { DataType::Decimal128(38, scale) }
}

/// Exactly `N` bytes: fewer is 08P01, more 22P03, as PostgreSQL tells them apart.
pub(super) fn exactly<const N: usize>(bytes: &[u8]) -> Result<[u8; N], EncodeError> {
    if bytes.len() < N {
        return Err(insufficient());
    }
    bytes.try_into().map_err(|_| EncodeError::new("22P03", "incorrect binary data format in bind parameter"))
}

pub(super) fn insufficient() -> EncodeError {
    EncodeError::new("08P01", "insufficient data left in message")
}

fn utf8(bytes: &[u8]) -> Result<&str, EncodeError> {
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

fn numeric_of_text(text: &str) -> Result<ScalarValue, EncodeError> {
    let trimmed = text.trim_ascii();
    if ["nan", "infinity", "-infinity", "inf", "-inf"].iter().any(|word| trimmed.eq_ignore_ascii_case(word)) {
        return Err(not_finite());
    }
    let (negative, digits, scale) = split_literal(trimmed).ok_or_else(|| EncodeError::invalid_text("numeric", text))?;
    decimal(negative, &digits, scale)
}

fn not_finite() -> EncodeError {
    EncodeError::unsupported("numeric parameters can't be NaN or infinite")
}

fn numeric_of_binary(bytes: &[u8]) -> Result<ScalarValue, EncodeError> {
    let field =
        |at: usize| bytes.get(at..at + 2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).ok_or_else(insufficient);
    let (count, weight, sign, scale) = (field(0)?, field(2)? as i16, field(4)?, field(6)?);
    let invalid = |what: &str| EncodeError::new("22P03", format!("invalid {what} in external \"numeric\" value"));
    if matches!(sign, 0xC000 | 0xD000 | 0xF000) {
        return Err(not_finite());
    }
    if !matches!(sign, 0 | 0x4000) {
        return Err(invalid("sign"));
    }
    if scale > 0x3FFF {
        return Err(invalid("scale"));
    }
    let mut groups = Vec::with_capacity(usize::from(count));
    for index in 0..usize::from(count) {
        let group = field(8 + 2 * index)?;
        groups.push(if group < 10_000 { group } else { return Err(invalid("digit")) });
    }
    exactly_end(bytes, 8 + 2 * usize::from(count))?;
    let scale = i32::from(scale);
    let digits = place_digits(&groups, i32::from(weight), scale);
    decimal(sign == 0x4000, &digits, scale)
}

fn exactly_end(bytes: &[u8], end: usize) -> Result<(), EncodeError> {
    if bytes.len() == end {
        Ok(())
    } else {
        Err(EncodeError::new("22P03", "incorrect binary data format in bind parameter"))
    }
}

/// Decimal digits down to `scale` places from base-10,000 ones; PostgreSQL too cuts off what is behind the scale.
fn place_digits(groups: &[u16], weight: i32, scale: i32) -> Vec<u8> {
    let digit = |power: i32| {
        let group = usize::try_from(weight - power.div_euclid(4)).ok().and_then(|index| groups.get(index));
        group.map_or(0, |group| (group / 10_u16.pow(power.rem_euclid(4) as u32) % 10) as u8)
    };
    let top = if groups.is_empty() { 0 } else { weight.max(0) * 4 + 3 };
    (-scale..=top).rev().map(digit).collect()
}

fn decimal(negative: bool, digits: &[u8], scale: i32) -> Result<ScalarValue, EncodeError> {
    let overflow = || EncodeError::new("22003", "value overflows numeric format");
    let digits = &digits[digits.iter().position(|digit| *digit != 0).unwrap_or(digits.len())..];
    let precision = digits.len().max(scale as usize).max(1);
    let scale = i8::try_from(scale).map_err(|_| overflow())?;
    let text: String = digits.iter().map(|digit| char::from(b'0' + digit)).collect();
    let text = format!("{}0{text}", if negative { "-" } else { "" });
    match precision {
        ..=38 => Ok(ScalarValue::Decimal128(Some(text.parse().map_err(|_| overflow())?), precision as u8, scale)),
        39..=76 => {
            let value = arrow::datatypes::i256::from_string(&text).ok_or_else(overflow)?;
            Ok(ScalarValue::Decimal256(Some(value), precision as u8, scale))
        }
        _ => Err(overflow()),
    }
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

fn uuid_text(uuid: [u8; 16]) -> String {
    let value = u128::from_be_bytes(uuid);
    let hex = format!("{value:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
