//! Rows as COPY TO writes them: text, CSV or binary (documentation, COPY, "File Formats").
//!
//! Values are those of DataRow; a row of binary COPY is a DataRow by another name, and text is escaped on its way from one
//! buffer to the other.

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use bytes::{BufMut, BytesMut};

use super::{EncodeError, Format, RowEncoder, Style};

/// How the rows are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyOptions {
    pub format: CopyFormat,
    pub delimiter: u8,
    pub null: String,
    /// The names of the columns come first.
    pub header: bool,
    pub quote: u8,
    pub escape: u8,
    pub force_quote: ForceQuote,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyFormat {
    Text,
    Csv,
    Binary,
}

/// Columns whose values are quoted whether they need it or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForceQuote {
    All,
    Columns(Vec<String>),
}

/// CopyData.
const TAG: u8 = b'd';
/// What binary files begin with, no flags and no extension.
const SIGNATURE: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// DataRow's tag, length and number of fields.
const ROW_HEADER_BYTES: usize = 7;
/// Values are turned into text in portions of about so many bytes.
const PORTION_BYTES: usize = 64 * 1024;

/// Writes the rows of one result as CopyData messages.
pub struct CopyEncoder {
    rows: RowEncoder,
    options: CopyOptions,
    names: Vec<String>,
    /// By column, in CSV.
    force_quote: Vec<bool>,
    /// DataRow messages on their way to lines.
    portion: BytesMut,
}

impl CopyEncoder {
    /// # Errors
    /// 0A000 for a column of a type that can't be sent; 42703 if an option names a column that isn't there.
    pub fn new(schema: &Schema, options: &CopyOptions, style: &Style) -> Result<Self, EncodeError> {
        let format = if options.format == CopyFormat::Binary { Format::Binary } else { Format::Text };
        let mut rows = RowEncoder::new(schema, &[format], style)?;
        if format == Format::Binary {
            rows.header[0] = TAG;
        }
        let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
        let force_quote = match &options.force_quote {
            ForceQuote::All => vec![true; names.len()],
            ForceQuote::Columns(forced) => {
                if let Some(unknown) = forced.iter().find(|column| !names.contains(column)) {
                    return Err(EncodeError::new("42703", format!("column \"{unknown}\" does not exist")));
                }
                names.iter().map(|name| forced.contains(name)).collect()
            }
        };
        Ok(Self { rows, options: options.clone(), names, force_quote, portion: BytesMut::new() })
    }

    /// The format of all columns, as CopyOutResponse tells it.
    pub fn format(&self) -> Format {
        if self.options.format == CopyFormat::Binary { Format::Binary } else { Format::Text }
    }

    pub fn columns(&self) -> usize {
        self.names.len()
    }

    /// What stands before the first row.
    pub fn begin(&self, out: &mut BytesMut) -> Result<(), EncodeError> {
        match self.options.format {
            CopyFormat::Binary => data(out, |out| out.extend_from_slice(SIGNATURE)),
            _ if self.options.header => data(out, |out| {
                for (column, name) in self.names.iter().enumerate() {
                    self.separate(column, out);
                    self.write_text(name.as_bytes(), false, out);
                }
                out.put_u8(b'\n');
            }),
            _ => Ok(()),
        }
    }

    /// What stands behind the last row.
    pub fn end(&self, out: &mut BytesMut) -> Result<(), EncodeError> {
        match self.options.format {
            CopyFormat::Binary => data(out, |out| out.put_i16(-1)),
            _ => Ok(()),
        }
    }

    /// As [`RowEncoder::encode`].
    pub fn encode(
        &mut self,
        batch: &RecordBatch,
        from: usize,
        max_rows: usize,
        out: &mut BytesMut,
        soft_limit_bytes: usize,
    ) -> Result<usize, EncodeError> {
        if self.options.format == CopyFormat::Binary {
            return self.rows.encode(batch, from, max_rows, out, soft_limit_bytes);
        }
        let mut portion = std::mem::take(&mut self.portion);
        portion.clear();
        let enough = soft_limit_bytes.saturating_sub(out.len()).clamp(1, PORTION_BYTES);
        let count = self.rows.encode(batch, from, max_rows, &mut portion, enough)?;
        let mut rest = &portion[..];
        while !rest.is_empty() {
            rest = self.write_line(rest, out)?;
        }
        self.portion = portion;
        Ok(count)
    }

    /// One DataRow message as a line; returns what follows it.
    fn write_line<'a>(&self, row: &'a [u8], out: &mut BytesMut) -> Result<&'a [u8], EncodeError> {
        let start = begin_data(out);
        let mut rest = row.get(ROW_HEADER_BYTES..).ok_or_else(EncodeError::too_large)?;
        for column in 0..self.names.len() {
            self.separate(column, out);
            let (length, values) = rest.split_at_checked(4).ok_or_else(EncodeError::too_large)?;
            let length = i32::from_be_bytes([length[0], length[1], length[2], length[3]]);
            let Ok(length) = usize::try_from(length) else {
                out.extend_from_slice(self.options.null.as_bytes());
                rest = values;
                continue;
            };
            let (value, behind) = values.split_at_checked(length).ok_or_else(EncodeError::too_large)?;
            self.write_text(value, self.force_quote[column], out);
            rest = behind;
        }
        out.put_u8(b'\n');
        end_data(start, out).map(|()| rest)
    }

    fn separate(&self, column: usize, out: &mut BytesMut) {
        if column > 0 {
            out.put_u8(self.options.delimiter);
        }
    }

    fn write_text(&self, value: &[u8], force_quote: bool, out: &mut BytesMut) {
        match self.options.format {
            CopyFormat::Csv => self.write_csv(value, force_quote, out),
            _ => self.write_escaped(value, out),
        }
    }

    /// Control characters by their letters; a backslash before itself and before the delimiter.
    fn write_escaped(&self, value: &[u8], out: &mut BytesMut) {
        let mut plain = 0;
        for (at, &byte) in value.iter().enumerate() {
            let letter = match byte {
                b'\x08' => b'b',
                b'\x0c' => b'f',
                b'\n' => b'n',
                b'\r' => b'r',
                b'\t' => b't',
                b'\x0b' => b'v',
                b'\\' => b'\\',
                other if other == self.options.delimiter => other,
                _ => continue,
            };
            out.extend_from_slice(&value[plain..at]);
            out.extend_from_slice(&[b'\\', letter]);
            plain = at + 1;
        }
        out.extend_from_slice(&value[plain..]);
    }

    /// Quoted where it must be: where it holds a mark, could be taken for NULL, or for the end of a file.
    fn write_csv(&self, value: &[u8], force_quote: bool, out: &mut BytesMut) {
        let CopyOptions { delimiter, quote, escape, null, .. } = &self.options;
        let is_mark = |byte: &u8| matches!(byte, b'\n' | b'\r') || byte == delimiter || byte == quote;
        let taken_for_end = self.names.len() == 1 && value == b"\\.";
        if !force_quote && !taken_for_end && value != null.as_bytes() && !value.iter().any(is_mark) {
            out.extend_from_slice(value);
            return;
        }
        out.put_u8(*quote);
        for byte in value {
            if byte == quote || byte == escape {
                out.put_u8(*escape);
            }
            out.put_u8(*byte);
        }
        out.put_u8(*quote);
    }
}

fn data(out: &mut BytesMut, body: impl FnOnce(&mut BytesMut)) -> Result<(), EncodeError> {
    let start = begin_data(out);
    body(out);
    end_data(start, out)
}

/// The message's beginning; returns where it stands.
fn begin_data(out: &mut BytesMut) -> usize {
    let start = out.len();
    out.extend_from_slice(&[TAG, 0, 0, 0, 0]);
    start
}

fn end_data(start: usize, out: &mut BytesMut) -> Result<(), EncodeError> {
    match i32::try_from(out.len() - start - 1) {
        Ok(length) => {
            out[start + 1..start + 5].copy_from_slice(&length.to_be_bytes());
            Ok(())
        }
        Err(_) => {
            out.truncate(start);
            Err(EncodeError::too_large())
        }
    }
}
