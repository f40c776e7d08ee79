//! PostgreSQL's binary COPY format to Arrow batches: a header, tuples, a trailer, cut anywhere by the wire.
//!
//! Format: <https://www.postgresql.org/docs/current/sql-copy.html>, "Binary Format".

mod column;
mod value;

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;

use super::kind::Kind;
use column::Column;

const SIGNATURE: &[u8; 11] = b"PGCOPY\n\xff\r\n\0";
const HEADER_BYTES: usize = SIGNATURE.len() + 8;
/// A batch ends at so many bytes of tuples, however few rows these are: wide rows must not fill the memory.
const BATCH_BYTES: usize = 4 << 20;
/// Rows of the first batch, which someone waits for.
const FIRST_ROWS: usize = 512;

/// Why tuples can't be decoded.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A value that its Arrow type can't hold.
    #[error("column \"{column}\": {reason}")]
    OutOfRange { column: String, reason: String },
    /// A column isn't what it was when the table was discovered.
    #[error("column \"{column}\": {reason}")]
    Changed { column: String, reason: String },
    /// The bytes aren't the format.
    #[error("{0}")]
    Malformed(String),
}

/// Collects tuples into batches of one schema.
pub struct Decoder {
    schema: SchemaRef,
    columns: Vec<Column>,
    batch_rows: usize,
    /// Rows at which the current batch is full.
    full_rows: usize,
    rows: usize,
    bytes: usize,
    /// Bytes of a tuple whose end hasn't come yet.
    carry: Vec<u8>,
    /// Where the fields of the current tuple lie; kept so that no row allocates.
    fields: Vec<Option<(usize, usize)>>,
    header_read: bool,
    trailer_read: bool,
}

enum Step {
    /// A row or the trailer of so many bytes.
    Read(usize),
    Incomplete,
}

impl Decoder {
    /// `kinds` has one element per field of `schema`.
    pub fn new(schema: SchemaRef, kinds: &[Kind], batch_rows: usize) -> Self {
        Self {
            columns: kinds.iter().map(Column::new).collect(),
            fields: vec![None; kinds.len()],
            schema,
            batch_rows: batch_rows.max(1),
            full_rows: batch_rows.clamp(1, FIRST_ROWS),
            rows: 0,
            bytes: 0,
            carry: Vec::new(),
            header_read: false,
            trailer_read: false,
        }
    }

    /// Takes the next bytes of the stream.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), DecodeError> {
        if self.carry.is_empty() {
            let used = self.consume(chunk)?;
            self.carry.extend_from_slice(&chunk[used..]);
            return Ok(());
        }
        let mut buffer = std::mem::take(&mut self.carry);
        buffer.extend_from_slice(chunk);
        let used = self.consume(&buffer)?;
        buffer.drain(..used);
        self.carry = buffer;
        Ok(())
    }

    /// Whether enough rows have come for a batch.
    pub fn is_full(&self) -> bool {
        self.rows >= self.full_rows || self.bytes >= BATCH_BYTES
    }

    /// Rows that have come since the last batch.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The stream has ended as it should: with a trailer and nothing after it.
    pub fn is_complete(&self) -> bool {
        self.trailer_read && self.carry.is_empty()
    }

    /// The rows so far as one batch.
    pub fn finish_batch(&mut self) -> Result<RecordBatch, ArrowError> {
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        let columns = self.columns.iter_mut().map(Column::finish).collect::<Result<_, _>>()?;
        self.rows = 0;
        self.bytes = 0;
        self.full_rows = self.batch_rows;
        RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)
    }

    fn consume(&mut self, buffer: &[u8]) -> Result<usize, DecodeError> {
        let mut at = 0;
        if !self.header_read {
            match header(buffer)? {
                Step::Read(bytes) => at = bytes,
                Step::Incomplete => return Ok(0),
            }
            self.header_read = true;
        }
        while at < buffer.len() {
            if self.trailer_read {
                return Err(DecodeError::Malformed("data after the end of the copy".to_owned()));
            }
            match self.tuple(&buffer[at..])? {
                Step::Read(bytes) => at += bytes,
                Step::Incomplete => break,
            }
        }
        Ok(at)
    }

    /// Finds the fields first, so that no column takes a value of a tuple that isn't all there.
    fn tuple(&mut self, buffer: &[u8]) -> Result<Step, DecodeError> {
        let Some(count) = buffer.first_chunk().map(|b| i16::from_be_bytes(*b)) else { return Ok(Step::Incomplete) };
        if count == -1 {
            self.trailer_read = true;
            return Ok(Step::Read(2));
        }
        if usize::try_from(count) != Ok(self.columns.len()) {
            return Err(DecodeError::Malformed(format!("{count} columns instead of {}", self.columns.len())));
        }
        let mut at = 2;
        for field in &mut self.fields {
            let Some(length) = buffer.get(at..).and_then(|b| b.first_chunk()).map(|b| i32::from_be_bytes(*b)) else {
                return Ok(Step::Incomplete);
            };
            at += 4;
            *field = match usize::try_from(length) {
                Ok(length) => Some((at, at + length)),
                Err(_) if length == -1 => None,
                Err(_) => return Err(DecodeError::Malformed(format!("a value of {length} bytes"))),
            };
            at = field.map_or(at, |(_, end)| end);
        }
        if at > buffer.len() {
            return Ok(Step::Incomplete);
        }
        self.append(buffer)?;
        self.rows += 1;
        self.bytes += at;
        Ok(Step::Read(at))
    }

    fn append(&mut self, buffer: &[u8]) -> Result<(), DecodeError> {
        for (index, (column, field)) in self.columns.iter_mut().zip(&self.fields).enumerate() {
            let appended = match field {
                Some((start, end)) => column.append(&buffer[*start..*end]),
                None if self.schema.field(index).is_nullable() => {
                    column.append_null();
                    Ok(())
                }
                None => Err(value::Fault::Shape("has NULLs now".to_owned())),
            };
            appended.map_err(|fault| fault.of_column(self.schema.field(index).name()))?;
        }
        Ok(())
    }
}

fn header(buffer: &[u8]) -> Result<Step, DecodeError> {
    if !buffer.starts_with(&SIGNATURE[..buffer.len().min(SIGNATURE.len())]) {
        return Err(DecodeError::Malformed("not the binary copy format".to_owned()));
    }
    let Some((fixed, rest)) = buffer.split_first_chunk::<HEADER_BYTES>() else { return Ok(Step::Incomplete) };
    let flags = u32::from_be_bytes([fixed[11], fixed[12], fixed[13], fixed[14]]);
    let extension = u32::from_be_bytes([fixed[15], fixed[16], fixed[17], fixed[18]]) as usize;
    // The upper half are flags that a reader must know; bit 16 (oids) hasn't been sent since PostgreSQL 12.
    if flags >> 16 != 0 {
        return Err(DecodeError::Malformed(format!("unknown flags {flags:#x} in the copy header")));
    }
    Ok(if rest.len() < extension { Step::Incomplete } else { Step::Read(HEADER_BYTES + extension) })
}

#[cfg(test)]
mod tests;
