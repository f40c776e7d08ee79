//! Strings and bytes, and the types that the engine keeps as strings: uuid, jsonb, char(n), inet and the like.

use bytes::BytesMut;

use super::cell::append_short;
use super::error::EncodeError;
use super::style::ByteaOutput;
use super::types::{oid, type_name};
use super::{numeric, typed_text};

/// PostgreSQL and its clients take no value over 1 GB.
pub(super) const MAX_VALUE_BYTES: usize = 0x3fff_ffff;
const HEX: &[u8; 16] = b"0123456789abcdef";
/// Strings up to this long are copied together with their length by one copy of constant size.
const SHORT: usize = 28;

/// Appends `data[start..end]` as it is.
#[inline(always)]
pub(super) fn write_range<const FRAME: bool>(
    data: &[u8],
    start: usize,
    end: usize,
    out: &mut BytesMut,
) -> Result<(), EncodeError> {
    let len = end - start;
    if FRAME
        && len <= SHORT
        && let Some(source) = data.get(start..start + SHORT)
    {
        let mut bytes = [0; SHORT + 4];
        bytes[..4].copy_from_slice(&(len as u32).to_be_bytes());
        bytes[4..].copy_from_slice(source);
        append_short(out, &bytes, len + 4);
        return Ok(());
    }
    write_bytes::<FRAME>(&data[start..end], out)
}

/// Appends `value` as it is.
#[inline]
pub(super) fn write_bytes<const FRAME: bool>(value: &[u8], out: &mut BytesMut) -> Result<(), EncodeError> {
    if FRAME {
        write_length(value.len(), out)?;
    }
    out.extend_from_slice(value);
    Ok(())
}

fn write_length(len: usize, out: &mut BytesMut) -> Result<(), EncodeError> {
    if len > MAX_VALUE_BYTES {
        return Err(EncodeError::too_large());
    }
    out.extend_from_slice(&(len as u32).to_be_bytes());
    Ok(())
}

/// A string of one of the types whose forms aren't just its bytes. `typmod` is that of `char(n)`.
pub(super) fn write_typed<const FRAME: bool>(
    value: &[u8],
    kind_oid: u32,
    typmod: i32,
    binary: bool,
    out: &mut BytesMut,
) -> Result<(), EncodeError> {
    match (kind_oid, binary) {
        (oid::BPCHAR, _) => return write_padded::<FRAME>(value, typmod, out),
        (oid::JSONB, true) => {
            // jsonb's binary form: version 1, then the text.
            if FRAME {
                write_length(value.len() + 1, out)?;
            }
            out.extend_from_slice(&[1]);
            out.extend_from_slice(value);
            return Ok(());
        }
        (_, false) => return write_bytes::<FRAME>(value, out),
        _ => {}
    }
    if kind_oid == oid::RECORD {
        // Those of several shapes, and the rows that SEARCH and CYCLE add, are held as their texts.
        return Err(EncodeError::unsupported("binary forms of records of several shapes aren't supported"));
    }
    let text = std::str::from_utf8(value).map_err(|_| invalid(kind_oid, value))?;
    let written = match kind_oid {
        oid::UUID => parse_uuid(text).map(|uuid| super::cell::append_fixed::<FRAME, 16>(out, uuid)),
        oid::NUMERIC => numeric::write_binary_of_text::<FRAME>(text, out),
        oid::PG_NODE_TREE => return write_bytes::<FRAME>(value, out),
        oid::CHAR => return write_char::<FRAME>(value, out),
        other => typed_text::write_binary::<FRAME>(text, other, out),
    };
    written.ok_or_else(|| invalid(kind_oid, value))
}

fn invalid(kind_oid: u32, value: &[u8]) -> EncodeError {
    EncodeError::invalid_text(type_name(kind_oid), &String::from_utf8_lossy(value))
}

/// `"char"` is one byte; the empty string stands for the zero byte, and a byte over 127 for `\ooo`.
fn write_char<const FRAME: bool>(value: &[u8], out: &mut BytesMut) -> Result<(), EncodeError> {
    let byte = match value {
        [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7'] => {
            ((a - b'0') << 6) | ((b - b'0') << 3) | (c - b'0')
        }
        _ => value.first().copied().unwrap_or(0),
    };
    write_bytes::<FRAME>(&[byte], out)
}

/// char(n) is always n characters long, filled up with blanks.
fn write_padded<const FRAME: bool>(value: &[u8], typmod: i32, out: &mut BytesMut) -> Result<(), EncodeError> {
    let characters = value.iter().filter(|byte| (**byte as i8) >= -64).count();
    // The modifier is n plus four; n is at most 10,485,760.
    let missing = usize::try_from(typmod.min(10_485_764) - 4).unwrap_or(0).saturating_sub(characters);
    if FRAME {
        write_length(value.len() + missing, out)?;
    }
    out.extend_from_slice(value);
    out.resize(out.len() + missing, b' ');
    Ok(())
}

/// `bytea`, in text as `bytea_output` says.
pub(super) fn write_bytea<const FRAME: bool>(
    value: &[u8],
    binary: bool,
    output: ByteaOutput,
    out: &mut BytesMut,
) -> Result<(), EncodeError> {
    match (binary, output) {
        (true, _) => write_bytes::<FRAME>(value, out),
        (false, ByteaOutput::Hex) => {
            if FRAME {
                write_length(2 + 2 * value.len(), out)?;
            }
            out.extend_from_slice(b"\\x");
            push_hex(value, out);
            Ok(())
        }
        (false, ByteaOutput::Escape) => write_measured::<FRAME>(out, |out| {
            value.iter().for_each(|byte| push_escaped(*byte, out));
            Ok(())
        }),
    }
}

fn push_hex(value: &[u8], out: &mut BytesMut) {
    let start = out.len();
    out.resize(start + 2 * value.len(), 0);
    for (pair, byte) in out[start..].chunks_exact_mut(2).zip(value) {
        pair[0] = HEX[usize::from(byte >> 4)];
        pair[1] = HEX[usize::from(byte & 15)];
    }
}

fn push_escaped(byte: u8, out: &mut BytesMut) {
    match byte {
        b'\\' => out.extend_from_slice(b"\\\\"),
        0x20..=0x7e => out.extend_from_slice(&[byte]),
        _ => out.extend_from_slice(&[b'\\', b'0' + (byte >> 6), b'0' + (byte >> 3 & 7), b'0' + (byte & 7)]),
    }
}

/// Writes a value whose length is known once it stands there, which with `FRAME` stands before it.
#[inline]
pub(super) fn write_measured<const FRAME: bool>(
    out: &mut BytesMut,
    write: impl FnOnce(&mut BytesMut) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    if !FRAME {
        return write(out);
    }
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    write(out)?;
    patch_length(start, out)
}

/// Writes the length of the value that began at `start` with four bytes left free.
#[inline]
fn patch_length(start: usize, out: &mut BytesMut) -> Result<(), EncodeError> {
    let len = out.len() - start - 4;
    if len > MAX_VALUE_BYTES {
        return Err(EncodeError::too_large());
    }
    out[start..start + 4].copy_from_slice(&(len as u32).to_be_bytes());
    Ok(())
}

/// Sixteen bytes as a `uuid`.
pub(super) fn write_uuid<const FRAME: bool>(value: &[u8], binary: bool, out: &mut BytesMut) -> Result<(), EncodeError> {
    if binary {
        return write_bytes::<FRAME>(value, out);
    }
    if FRAME {
        write_length(36, out)?;
    }
    for (index, byte) in value.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            out.extend_from_slice(b"-");
        }
        push_hex(std::slice::from_ref(byte), out);
    }
    Ok(())
}

/// Reads a uuid as PostgreSQL does: hyphens after any group of four digits, braces around, in any case.
pub(super) fn parse_uuid(text: &str) -> Option<[u8; 16]> {
    let inner = match text.strip_prefix('{') {
        Some(rest) => rest.strip_suffix('}')?,
        None => text,
    };
    let mut bytes = [0; 16];
    let mut digits = 0;
    for (index, byte) in inner.bytes().enumerate() {
        if byte == b'-' {
            let after_group = digits > 0 && digits % 4 == 0 && digits < 32 && inner.as_bytes()[index - 1] != b'-';
            after_group.then_some(())?;
            continue;
        }
        let value = char::from(byte).to_digit(16)? as u8;
        *bytes.get_mut(digits / 2)? |= if digits % 2 == 0 { value << 4 } else { value };
        digits += 1;
    }
    (digits == 32).then_some(bytes)
}
