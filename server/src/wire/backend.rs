//! What the server says, appended to a write buffer.
//!
//! The few messages of every statement are written by hand, without allocating; the rest goes through pgwire.

use bytes::{BufMut, BytesMut};
use pgwire::messages::Message;
use pgwire::messages::response::{ErrorResponse, NoticeResponse};
use pgwire::messages::startup::{Authentication, BackendKeyData, NegotiateProtocolVersion, ParameterStatus, SecretKey};

use crate::sqlstate::SqlError;

/// How bad it is, in PostgreSQL's words. `Fatal` ends the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Fatal,
    Error,
    Warning,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Severity::Fatal => "FATAL",
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
        }
    }
}

/// One column as `RowDescription` tells it. No table stands behind it: table OID and column number are 0.
#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    pub name: &'a str,
    pub type_oid: u32,
    pub type_length: i16,
    pub type_modifier: i32,
    /// 0: text, 1: binary.
    pub format: i16,
}

pub fn parse_complete(out: &mut BytesMut) {
    out.put_slice(b"1\0\0\0\x04");
}

pub fn bind_complete(out: &mut BytesMut) {
    out.put_slice(b"2\0\0\0\x04");
}

pub fn close_complete(out: &mut BytesMut) {
    out.put_slice(b"3\0\0\0\x04");
}

pub fn no_data(out: &mut BytesMut) {
    out.put_slice(b"n\0\0\0\x04");
}

pub fn portal_suspended(out: &mut BytesMut) {
    out.put_slice(b"s\0\0\0\x04");
}

pub fn empty_query(out: &mut BytesMut) {
    out.put_slice(b"I\0\0\0\x04");
}

/// `status`: `I` idle, `T` in a transaction, `E` in a failed one.
pub fn ready_for_query(status: u8, out: &mut BytesMut) {
    out.put_slice(&[b'Z', 0, 0, 0, 5, status]);
}

/// `CommandComplete` with a tag such as `BEGIN`, or with a row count behind it such as `SELECT 3`.
pub fn command_complete(tag: &str, rows: Option<u64>, out: &mut BytesMut) {
    message(b'C', out, |out| {
        out.put_slice(tag.as_bytes());
        if let Some(rows) = rows {
            out.put_u8(b' ');
            out.put_slice(itoa::Buffer::new().format(rows).as_bytes());
        }
        out.put_u8(0);
    });
}

/// `RowDescription`. At most `i16::MAX` columns: PostgreSQL's own limit is 1,664.
pub fn row_description<'a>(columns: impl ExactSizeIterator<Item = Column<'a>>, out: &mut BytesMut) {
    message(b'T', out, |out| {
        out.put_i16(i16::try_from(columns.len()).unwrap_or(i16::MAX));
        for column in columns {
            text(column.name, out);
            out.put_i32(0);
            out.put_i16(0);
            out.put_u32(column.type_oid);
            out.put_i16(column.type_length);
            out.put_i32(column.type_modifier);
            out.put_i16(column.format);
        }
    });
}

/// `CopyOutResponse`: as many columns, all in one format.
pub fn copy_out_response(format: i16, columns: usize, out: &mut BytesMut) {
    message(b'H', out, |out| {
        out.put_u8(u8::from(format != 0));
        out.put_i16(i16::try_from(columns).unwrap_or(i16::MAX));
        (0..columns).for_each(|_| out.put_i16(format));
    });
}

pub fn copy_done(out: &mut BytesMut) {
    out.put_slice(b"c\0\0\0\x04");
}

pub fn parameter_description(oids: &[u32], out: &mut BytesMut) {
    message(b't', out, |out| {
        out.put_u16(u16::try_from(oids.len()).unwrap_or(u16::MAX));
        oids.iter().for_each(|&oid| out.put_u32(oid));
    });
}

/// An error; a warning goes out as a notice.
pub fn report(severity: Severity, error: &SqlError, out: &mut BytesMut) {
    let fields = fields(severity, error);
    let encoded = match severity {
        Severity::Fatal | Severity::Error => ErrorResponse::new(fields).encode(out),
        Severity::Warning => NoticeResponse::new(fields).encode(out),
    };
    log_refused(encoded);
}

pub fn authentication(message: &Authentication, out: &mut BytesMut) {
    log_refused(message.encode(out));
}

pub fn parameter_status(name: &str, value: &str, out: &mut BytesMut) {
    log_refused(ParameterStatus::new(name.to_owned(), value.to_owned()).encode(out));
}

pub fn backend_key_data(pid: i32, secret: &[u8], out: &mut BytesMut) {
    let secret = SecretKey::Bytes(bytes::Bytes::copy_from_slice(secret));
    log_refused(BackendKeyData::new(pid, secret).encode(out));
}

/// `version`: the protocol that is spoken from here on, as the full 32-bit number.
pub fn negotiate_protocol_version(version: i32, unknown_options: Vec<String>, out: &mut BytesMut) {
    log_refused(NegotiateProtocolVersion::new(version, unknown_options).encode(out));
}

/// pgwire refuses only messages over 30 kB of kinds that never come near that.
fn log_refused(encoded: Result<(), pgwire::error::PgWireError>) {
    if let Err(error) = encoded {
        tracing::error!(%error, "a message could not be encoded");
    }
}

/// Type byte, length and body: the length is set once the body is written.
fn message(tag: u8, out: &mut BytesMut, body: impl FnOnce(&mut BytesMut)) {
    out.put_u8(tag);
    let start = out.len();
    out.put_u32(0);
    body(out);
    let length = u32::try_from(out.len() - start).unwrap_or(u32::MAX);
    out[start..start + 4].copy_from_slice(&length.to_be_bytes());
}

/// Zero-terminated text. A zero byte inside it would end it early, so none is let through.
fn text(value: &str, out: &mut BytesMut) {
    match value.find('\0') {
        Some(end) => out.put_slice(&value.as_bytes()[..end]),
        None => out.put_slice(value.as_bytes()),
    }
    out.put_u8(0);
}

fn fields(severity: Severity, error: &SqlError) -> Vec<(u8, String)> {
    let mut fields = vec![
        (b'S', severity.name().to_owned()),
        (b'V', severity.name().to_owned()),
        (b'C', error.code.to_owned()),
        (b'M', error.message.replace('\0', "")),
    ];
    fields.extend(error.detail.as_ref().map(|detail| (b'D', detail.replace('\0', ""))));
    fields.extend(error.hint.as_ref().map(|hint| (b'H', hint.replace('\0', ""))));
    fields.extend(error.position.map(|position| (b'P', position.to_string())));
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_cover_the_body() {
        let mut out = BytesMut::new();
        command_complete("SELECT", Some(12), &mut out);
        assert_eq!(&out[..], b"C\0\0\0\x0eSELECT 12\0");
        out.clear();
        row_description(
            [Column { name: "a", type_oid: 23, type_length: 4, type_modifier: -1, format: 1 }].into_iter(),
            &mut out,
        );
        assert_eq!(&out[..], b"T\0\0\0\x1a\0\x01a\0\0\0\0\0\0\0\0\0\0\x17\0\x04\xff\xff\xff\xff\0\x01");
    }

    #[test]
    fn errors_carry_both_severities_and_all_fields() {
        let mut out = BytesMut::new();
        let error = SqlError::new("42601", "syntax error").detail("d").hint("h").at(Some(3));
        report(Severity::Error, &error, &mut out);
        assert_eq!(&out[5..], b"SERROR\0VERROR\0C42601\0Msyntax error\0Dd\0Hh\0P3\0\0");
        assert_eq!((out[0], usize::from(out[4])), (b'E', out.len() - 1));
    }
}
