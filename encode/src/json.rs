//! Structs, maps and lists of them as json, written straight into the output, laid out as PostgreSQL's `row_to_json`.

use arrow::array::StructArray;
use arrow::datatypes::Fields;
use bytes::BytesMut;

use super::cell::BARE;
use super::column::{Column, Context, Values};
use super::datetime::Layout;
use super::error::EncodeError;
use super::strings::write_measured;
use super::types::{kind_of, oid};

/// One field of a struct.
pub(super) struct Member<'a> {
    /// The name as it stands in the object: escaped, in quotes, with the colon.
    key: Vec<u8>,
    column: Column<'a>,
}

pub(super) fn members<'a>(fields: &Fields, array: &'a StructArray) -> Result<Vec<Member<'a>>, EncodeError> {
    let member = |(field, column): (&arrow::datatypes::FieldRef, &'a arrow::array::ArrayRef)| {
        let mut key = BytesMut::new();
        push_string(field.name().as_bytes(), &mut key);
        key.extend_from_slice(b":");
        Ok(Member { key: key.to_vec(), column: Column::bind(column.as_ref(), kind_of(field)?, false)? })
    };
    fields.iter().zip(array.columns()).map(member).collect()
}

/// Appends a row's document. Timestamps in it have the ISO 8601 form whatever the DateStyle.
pub(super) fn write_document<const FRAME: bool>(
    column: &Column<'_>,
    row: usize,
    out: &mut BytesMut,
    context: &mut Context,
) -> Result<(), EncodeError> {
    let layout = std::mem::replace(&mut context.layout, Layout::Json);
    let written = write_measured::<FRAME>(out, |out| write_json(column, row, out, context));
    context.layout = layout;
    written
}

fn write_json(column: &Column<'_>, row: usize, out: &mut BytesMut, context: &mut Context) -> Result<(), EncodeError> {
    if column.is_null(row) {
        out.extend_from_slice(b"null");
        return Ok(());
    }
    match &column.values {
        Values::Null => out.extend_from_slice(b"null"),
        Values::Indexed(index, values) => write_json(values, index.at(row), out, context)?,
        Values::Struct(members) => write_object(members, row, out, context)?,
        Values::Map(ranges, keys, values) => {
            out.extend_from_slice(b"{");
            for (count, item) in ranges.of_row(row).enumerate() {
                if count > 0 {
                    out.extend_from_slice(b",");
                }
                write_quoted(keys, item, out, context)?;
                out.extend_from_slice(b":");
                write_json(values, item, out, context)?;
            }
            out.extend_from_slice(b"}");
        }
        Values::List(ranges, items) => {
            out.extend_from_slice(b"[");
            for (count, item) in ranges.of_row(row).enumerate() {
                if count > 0 {
                    out.extend_from_slice(b",");
                }
                write_json(items, item, out, context)?;
            }
            out.extend_from_slice(b"]");
        }
        Values::Bool(values) => out.extend_from_slice(if values.value(row) { b"true" } else { b"false" }),
        _ => write_scalar(column, row, out, context)?,
    }
    Ok(())
}

fn write_object(
    members: &[Member<'_>],
    row: usize,
    out: &mut BytesMut,
    context: &mut Context,
) -> Result<(), EncodeError> {
    out.extend_from_slice(b"{");
    for (count, member) in members.iter().enumerate() {
        if count > 0 {
            out.extend_from_slice(b",");
        }
        out.extend_from_slice(&member.key);
        write_json(&member.column, row, out, context)?;
    }
    out.extend_from_slice(b"}");
    Ok(())
}

/// Numbers and json as they are, everything else, and NaN and the infinities, as a string of its text.
fn write_scalar(column: &Column<'_>, row: usize, out: &mut BytesMut, context: &mut Context) -> Result<(), EncodeError> {
    let is_number =
        matches!(column.kind.oid, oid::INT2 | oid::INT4 | oid::INT8 | oid::FLOAT4 | oid::FLOAT8 | oid::NUMERIC);
    if !is_number && !matches!(column.kind.oid, oid::JSON | oid::JSONB) {
        return write_quoted(column, row, out, context);
    }
    let start = out.len();
    column.write_value::<BARE>(row, out, context)?;
    if is_number && !out.last().is_some_and(u8::is_ascii_digit) {
        quote(start, out, &mut context.scratch);
    }
    Ok(())
}

fn write_quoted(column: &Column<'_>, row: usize, out: &mut BytesMut, context: &mut Context) -> Result<(), EncodeError> {
    if column.is_null(row) {
        out.extend_from_slice(b"\"\"");
        return Ok(());
    }
    let start = out.len();
    column.write_value::<BARE>(row, out, context)?;
    quote(start, out, &mut context.scratch);
    Ok(())
}

/// Turns what `out` holds from `start` into a json string.
fn quote(start: usize, out: &mut BytesMut, scratch: &mut Vec<u8>) {
    scratch.clear();
    scratch.extend_from_slice(&out[start..]);
    out.truncate(start);
    push_string(scratch, out);
}

fn push_string(text: &[u8], out: &mut BytesMut) {
    out.extend_from_slice(b"\"");
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
        out.extend_from_slice(&rest[..at]);
        push_escape(rest[at], out);
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.extend_from_slice(b"\"");
}

fn push_escape(byte: u8, out: &mut BytesMut) {
    let hex = b"0123456789abcdef";
    match byte {
        b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        0x08 => out.extend_from_slice(b"\\b"),
        0x0c => out.extend_from_slice(b"\\f"),
        control => {
            let (high, low) = (hex[usize::from(control >> 4)], hex[usize::from(control & 15)]);
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
        }
    }
}
