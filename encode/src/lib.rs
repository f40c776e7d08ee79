//! Arrow columns to PostgreSQL's wire rows, text and binary, as PostgreSQL 17 prints them.
//!
//! [`RowEncoder`] binds each batch's columns to their buffers once, then walks the rows: one match per value, no allocation,
//! no dynamic dispatch. The families of types have a file each; what a type is sent as is decided in [`types`].

mod arrays;
mod cell;
mod column;
mod copy;
mod datetime;
mod error;
mod interval;
mod json;
mod numbers;
mod numeric;
mod params;
mod params_array;
mod params_binary;
mod params_datetime;
mod params_interval;
mod params_own;
mod ranges;
mod records;
mod shown;
mod strings;
mod style;
mod text;
mod typed_text;
mod types;
mod wide;
mod zone;

#[cfg(test)]
mod oracle_tests;

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use bytes::BytesMut;

use column::{Column, Context};
use types::Kind;

pub use copy::{CopyEncoder, CopyFormat, CopyOptions, ForceQuote};
pub use error::EncodeError;
pub use params::{decode_parameter, is_read};
pub use params_own::decode_parameter_of;
pub use shown::shown;
pub use style::{ByteaOutput, DateOrder, DateStyle, IntervalStyle, Style};
pub use text::texts;
pub use types::{parameter_field, wire_type};
pub use wide::{wide_array, wide_item, wide_parts};
pub use zone::{Zone, ZoneClock};

/// The two formats of a value on the wire, 0 and 1 in the protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Text,
    Binary,
}

/// Writes the rows of one result as DataRow messages.
pub struct RowEncoder {
    columns: Vec<(Kind, Format)>,
    context: Context,
    /// What every message begins with: its kind, room for its length, and the number of fields.
    header: [u8; 7],
}

impl RowEncoder {
    /// `formats` is as in Bind: empty for text throughout, one for all columns, or one per column.
    ///
    /// # Errors
    /// 08P01 for another number of formats; 0A000 for a column of a type that can't be sent; 54011 for too many columns.
    pub fn new(schema: &Schema, formats: &[Format], style: &Style) -> Result<Self, EncodeError> {
        let fields = schema.fields();
        let count = u16::try_from(fields.len()).ok().filter(|count| *count <= i16::MAX as u16);
        let count = count.ok_or_else(|| EncodeError::new("54011", "result has too many columns"))?;
        let mut columns = Vec::with_capacity(fields.len());
        for (index, field) in fields.iter().enumerate() {
            columns.push((types::kind_of(field)?, format_of(formats, index, fields.len())?));
        }
        let [high, low] = count.to_be_bytes();
        Ok(Self { columns, context: Context::new(style), header: [b'D', 0, 0, 0, 0, high, low] })
    }

    /// Appends a message per row, from row `from` until the batch ends, `max_rows` are written, or `out` holds at least
    /// `soft_limit_bytes`. Returns how many rows were written: at least one if there is one to write.
    ///
    /// # Errors
    /// A value that its type can't hold on the wire (22003, 22008, 22P02, 2202E, 54000), a type that has no binary form
    /// (42883), or a batch of another schema. `out` then ends behind the last whole message.
    pub fn encode(
        &mut self,
        batch: &RecordBatch,
        from: usize,
        max_rows: usize,
        out: &mut BytesMut,
        soft_limit_bytes: usize,
    ) -> Result<usize, EncodeError> {
        let end = batch.num_rows().min(from.saturating_add(max_rows));
        if from >= end {
            return Ok(0);
        }
        let columns = self.bind(batch)?;
        for row in from..end {
            let start = out.len();
            if let Err(error) = write_row(&columns, row, self.header, out, &mut self.context) {
                out.truncate(start);
                return Err(error);
            }
            if out.len() >= soft_limit_bytes {
                return Ok(row + 1 - from);
            }
        }
        Ok(end - from)
    }

    fn bind<'a>(&self, batch: &'a RecordBatch) -> Result<Vec<Column<'a>>, EncodeError> {
        if batch.num_columns() != self.columns.len() {
            let message =
                format!("result has {} columns where the plan said {}", batch.num_columns(), self.columns.len());
            return Err(EncodeError::new("XX000", message));
        }
        let pairs = batch.columns().iter().zip(&self.columns);
        pairs.map(|(array, (kind, format))| Column::bind(array.as_ref(), *kind, *format == Format::Binary)).collect()
    }
}

fn format_of(formats: &[Format], index: usize, columns: usize) -> Result<Format, EncodeError> {
    match formats {
        [] => Ok(Format::Text),
        [all] => Ok(*all),
        each if each.len() == columns => Ok(each[index]),
        each => {
            let message = format!("bind message has {} result formats but query has {columns} columns", each.len());
            Err(EncodeError::new("08P01", message))
        }
    }
}

#[inline(always)]
fn write_row(
    columns: &[Column<'_>],
    row: usize,
    header: [u8; 7],
    out: &mut BytesMut,
    context: &mut Context,
) -> Result<(), EncodeError> {
    let start = out.len();
    out.extend_from_slice(&header);
    for column in columns {
        column.write_field(row, out, context)?;
    }
    // The length counts itself but not the message's kind.
    let len = i32::try_from(out.len() - start - 1).map_err(|_| EncodeError::too_large())?;
    out[start + 1..start + 5].copy_from_slice(&len.to_be_bytes());
    Ok(())
}
