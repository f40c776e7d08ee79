//! The file that is being read: its header compiled, its blocks decoded one by one.

use std::sync::Arc;

use super::super::avro::Fault;
use super::super::avro::container::{Block, Container, Next};
use super::super::avro::cursor::Cursor;
use super::super::avro::decode::RecordOp;
use super::super::listing::DataFile;
use super::rows::Rows;
use super::{ReadSpec, fault_error};
use crate::ConnectorError;

pub struct OpenFile {
    file: DataFile,
    container: Container,
    compiled: Option<Compiled>,
    block: Option<OpenBlock>,
    next_record: i64,
}

/// What a file's header says, ready for use.
#[derive(Debug, Clone)]
pub struct Compiled {
    pub op: Arc<RecordOp>,
    /// The fewest bytes that a record of the file takes.
    pub min_bytes: usize,
}

#[derive(Debug)]
struct OpenBlock {
    block: Block,
    at: usize,
    left: usize,
}

/// What [`OpenFile::advance`] did or needs.
pub enum Progress {
    /// It went on, perhaps with new rows.
    Rows,
    /// It needs more of the file's bytes.
    More,
    /// The file is read.
    End,
}

impl OpenFile {
    pub fn new(file: DataFile) -> Self {
        let container = Container::new(file.size_bytes);
        Self { file, container, compiled: None, block: None, next_record: 0 }
    }

    /// The next bytes of the file.
    pub fn push(&mut self, bytes: &[u8]) {
        self.container.push(bytes);
    }

    /// Goes on until the batch is full, a block ends or bytes are wanting.
    pub fn advance(&mut self, spec: &ReadSpec, rows: &mut Rows) -> Result<Progress, ConnectorError> {
        let offset = self.block.as_ref().map_or_else(|| self.container.offset_bytes(), |open| open.block.offset_bytes);
        self.try_advance(spec, rows).map_err(|(fault, field)| {
            let column = field.and_then(|index| spec.record.fields.get(index)).map(|field| field.name.clone());
            locate(spec, &self.file.path, offset, fault, column)
        })
    }

    fn try_advance(&mut self, spec: &ReadSpec, rows: &mut Rows) -> Result<Progress, (Fault, Option<usize>)> {
        let plain = |fault| (fault, None);
        let Some(compiled) = &self.compiled else {
            let Some(header) = self.container.header().map_err(plain)? else { return Ok(Progress::More) };
            self.compiled = Some(rows.compile(&header.schema, &spec.record).map_err(plain)?);
            return Ok(Progress::Rows);
        };
        if let Some(open) = &mut self.block {
            let count = open.read(&compiled.op, rows)?;
            rows.add(&self.file, self.next_record, count);
            self.next_record += count as i64;
            if open.left == 0 {
                open.check_end(spec).map_err(plain)?;
                self.block = None;
            }
            return Ok(Progress::Rows);
        }
        match self.container.next_block().map_err(plain)? {
            Next::More => return Ok(Progress::More),
            Next::End => return Ok(Progress::End),
            Next::Block(block) => self.block = Some(OpenBlock::new(block, compiled.min_bytes).map_err(plain)?),
        }
        Ok(Progress::Rows)
    }
}

impl OpenBlock {
    /// A block that claims more records than its bytes can hold is refused.
    fn new(block: Block, min_bytes: usize) -> Result<Self, Fault> {
        let most = block.data.len().checked_div(min_bytes).unwrap_or(MAX_EMPTY_RECORDS);
        let left = usize::try_from(block.records).ok().filter(|records| *records <= most);
        Ok(Self { left: left.ok_or(Fault::Count(block.records))?, block, at: 0 })
    }

    /// Reads records until the batch is full or the block ends, and returns how many.
    fn read(&mut self, op: &RecordOp, rows: &mut Rows) -> Result<usize, (Fault, Option<usize>)> {
        let most = self.left.min(rows.room());
        let done = if rows.sinks.is_empty() {
            // Nobody asks for a value: the block's count is all that is needed.
            most
        } else {
            let mut cursor = Cursor::new(&self.block.data[self.at..]);
            let before = cursor.left();
            let mut done = 0;
            while done < most && rows.takes(before - cursor.left()) {
                op.read(&mut cursor, &mut rows.sinks)?;
                done += 1;
            }
            let used = before - cursor.left();
            rows.encoded_bytes += used;
            self.at += used;
            done
        };
        self.left -= done;
        Ok(done)
    }

    fn check_end(&self, spec: &ReadSpec) -> Result<(), Fault> {
        match self.block.data.len() - self.at {
            0 => Ok(()),
            _ if spec.record.fields.is_empty() => Ok(()),
            left => Err(Fault::Trailing(left)),
        }
    }
}

/// Records without a byte (only nulls) could be claimed in any number; writers end a block long before this.
const MAX_EMPTY_RECORDS: usize = 1 << 24;

/// The connector's error: of the column if its type can't hold a sound value, else of the file.
fn locate(spec: &ReadSpec, file: &str, offset_bytes: u64, fault: Fault, column: Option<String>) -> ConnectorError {
    match (fault, column) {
        (Fault::Range(reason), Some(column)) => ConnectorError::OutOfRange {
            source_name: spec.source.to_string(),
            column,
            reason: format!("{reason} in file \"{file}\", block at byte {offset_bytes}"),
        },
        (fault, _) => fault_error(&spec.source, file, offset_bytes, fault),
    }
}
