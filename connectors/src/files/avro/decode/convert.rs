//! Pushes one decoded value into a column, converted and checked.

use arrow::array::StringBuilder;
use arrow::datatypes::i256;

use super::super::Fault;
use super::super::column::Sink;
use super::{MISMATCH, decimal_bound};

#[inline]
pub fn push_integer(value: i64, factor: i64, into: &mut Sink) -> Result<(), Fault> {
    match into {
        Sink::Int64(column) => column.append_value(value),
        Sink::Int32(column) => column.append_value(i32::try_from(value).map_err(|_| Fault::Int(value))?),
        Sink::Date(column) => column.append_value(i32::try_from(value).map_err(|_| Fault::Int(value))?),
        Sink::Micros(column) => column.append_value(scaled(value, factor)?),
        Sink::Time(column) => column.append_value(time_of_day(scaled(value, factor)?)?),
        Sink::Float32(column) => column.append_value(value as f32),
        Sink::Float64(column) => column.append_value(value as f64),
        _ => return Err(MISMATCH),
    }
    Ok(())
}

/// Nanoseconds, of which a column holds whole microseconds.
#[inline]
pub fn push_nanos(value: i64, into: &mut Sink) -> Result<(), Fault> {
    let Sink::Micros(column) = into else { return Err(MISMATCH) };
    column.append_value(value.div_euclid(1000));
    Ok(())
}

/// A NaN of any bits becomes the one positive NaN, which sorts highest as PostgreSQL's does.
#[inline]
pub fn push_float(value: f32, into: &mut Sink) -> Result<(), Fault> {
    match into {
        Sink::Float32(column) => column.append_value(if value.is_nan() { f32::NAN } else { value }),
        Sink::Float64(column) => column.append_value(if value.is_nan() { f64::NAN } else { f64::from(value) }),
        _ => return Err(MISMATCH),
    }
    Ok(())
}

/// The same of a double.
#[inline]
pub fn push_double(value: f64, into: &mut Sink) -> Result<(), Fault> {
    let Sink::Float64(column) = into else { return Err(MISMATCH) };
    column.append_value(if value.is_nan() { f64::NAN } else { value });
    Ok(())
}

#[inline]
pub fn push_bytes(value: &[u8], into: &mut Sink) -> Result<(), Fault> {
    match into {
        Sink::Text(column) => push_text(value, column),
        Sink::Bytes(column) => {
            room(column.values_slice().len(), value.len())?;
            column.append_value(value);
            Ok(())
        }
        _ => Err(MISMATCH),
    }
}

#[inline]
pub fn push_text(value: &[u8], into: &mut StringBuilder) -> Result<(), Fault> {
    let text = std::str::from_utf8(value).map_err(|_| Fault::Utf8)?;
    room(into.values_slice().len(), text.len())?;
    into.append_value(text);
    Ok(())
}

/// A number in two's complement, big-endian, of any length; no bytes are 0.
pub fn push_decimal(bytes: &[u8], digits: u8, into: &mut Sink) -> Result<(), Fault> {
    let out_of_range = || Fault::Range("numeric field overflow".into());
    let value = number(bytes).ok_or_else(out_of_range)?;
    let bound = decimal_bound(digits);
    if value >= bound || value <= bound.wrapping_neg() {
        return Err(out_of_range());
    }
    match into {
        Sink::Decimal128(column) => column.append_value(value.to_i128().ok_or_else(out_of_range)?),
        Sink::Decimal256(column) => column.append_value(value),
        _ => return Err(MISMATCH),
    }
    Ok(())
}

/// A UUID of 16 bytes, as text in PostgreSQL's form.
pub fn push_uuid(bytes: [u8; 16], into: &mut Sink) -> Result<(), Fault> {
    let Sink::Text(column) = into else { return Err(MISMATCH) };
    let mut text = [b'-'; 36];
    let mut at = 0;
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            at += 1;
        }
        text[at] = HEX[usize::from(byte >> 4)];
        text[at + 1] = HEX[usize::from(byte & 15)];
        at += 2;
    }
    push_text(&text, column)
}

/// A UUID written as text: 32 hexadecimal digits, with or without hyphens.
pub fn push_uuid_text(text: &[u8], into: &mut Sink) -> Result<(), Fault> {
    let invalid = || Fault::Range("invalid input syntax for type uuid".into());
    let mut bytes = [0u8; 16];
    let mut digits = 0;
    for byte in text.iter().filter(|byte| **byte != b'-') {
        let digit = char::from(*byte).to_digit(16).ok_or_else(invalid)?;
        let slot = bytes.get_mut(digits / 2).ok_or_else(invalid)?;
        *slot = *slot << 4 | u8::try_from(digit).map_err(|_| invalid())?;
        digits += 1;
    }
    if digits == 32 { push_uuid(bytes, into) } else { Err(invalid()) }
}

const HEX: &[u8; 16] = b"0123456789abcdef";
const DAY_MICROS: i64 = 86_400_000_000;

#[inline]
fn scaled(value: i64, factor: i64) -> Result<i64, Fault> {
    value.checked_mul(factor).ok_or_else(|| Fault::Range("timestamp out of range".into()))
}

#[inline]
fn time_of_day(micros: i64) -> Result<i64, Fault> {
    let valid = (0..DAY_MICROS).contains(&micros);
    valid.then_some(micros).ok_or_else(|| Fault::Range("time out of range".into()))
}

/// Offsets of a column have 31 bits.
#[inline]
fn room(used: usize, more: usize) -> Result<(), Fault> {
    const LIMIT: usize = i32::MAX as usize;
    match used.checked_add(more) {
        Some(sum) if sum <= LIMIT => Ok(()),
        _ => Err(Fault::TooLong { what: "batch of text", bytes: more as u64, limit: LIMIT as u64 }),
    }
}

/// The number in `bytes`, if it fits 256 bits; leading bytes that only repeat the sign don't count.
fn number(bytes: &[u8]) -> Option<i256> {
    let sign = bytes.first().map_or(0, |first| if first & 0x80 == 0 { 0 } else { 0xff });
    let spare = bytes.len().saturating_sub(32);
    let (extra, value) = bytes.split_at(spare);
    let sign_kept = spare == 0 || value.first().is_some_and(|first| (first ^ sign) & 0x80 == 0);
    if !sign_kept || extra.iter().any(|byte| *byte != sign) {
        return None;
    }
    let mut wide = [sign; 32];
    wide[32 - value.len()..].copy_from_slice(value);
    Some(i256::from_be_bytes(wide))
}
