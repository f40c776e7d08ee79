//! The batch that is being filled, over the ends of blocks and files.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Builder, Int64Builder, RecordBatch, RecordBatchOptions, StringBuilder};
use datafusion::error::DataFusionError;

use super::super::avro::column::Sink;
use super::super::avro::schema::{Record, Schema};
use super::super::avro::{Fault, arrow_type, resolve};
use super::super::listing::DataFile;
use super::open_file::Compiled;
use super::{Output, ReadSpec};
use crate::ConnectorError;

/// A batch ends after so many encoded bytes even if it has few rows.
const BATCH_BYTES: usize = 8 << 20;

pub struct Rows {
    /// One per field of the record.
    pub sinks: Vec<Sink>,
    pub encoded_bytes: usize,
    count: usize,
    batch_rows: usize,
    /// Rows still wanted, of this batch and those to come.
    wanted: usize,
    date: Option<Date32Builder>,
    file: Option<StringBuilder>,
    offset: Option<Int64Builder>,
    /// The last file's schema and what was compiled from it: the next file's is mostly the same.
    last: Option<(String, Compiled)>,
}

impl Rows {
    pub fn new(spec: &ReadSpec) -> Result<Self, ConnectorError> {
        let sinks = arrow_type::columns(&spec.record).iter().map(|field| Sink::new(field.data_type())).collect();
        let sinks: Result<Vec<Sink>, Fault> = sinks;
        Ok(Self {
            sinks: sinks.map_err(|fault| DataFusionError::Internal(fault.to_string()))?,
            encoded_bytes: 0,
            count: 0,
            batch_rows: spec.batch_rows,
            wanted: spec.limit.unwrap_or(usize::MAX),
            date: spec.outputs.contains(&Output::Date).then(Date32Builder::new),
            file: spec.outputs.contains(&Output::File).then(StringBuilder::new),
            offset: spec.outputs.contains(&Output::Offset).then(Int64Builder::new),
            last: None,
        })
    }

    /// What reads files of the writer's schema `json` as `table`.
    pub fn compile(&mut self, json: &str, table: &Record) -> Result<Compiled, Fault> {
        if let Some((last, compiled)) = &self.last
            && last == json
        {
            return Ok(compiled.clone());
        }
        let writer = Schema::parse(json)?;
        let min_bytes = writer.min_bytes();
        let compiled = Compiled { op: Arc::new(resolve::compile(&writer.into_record(), table)?), min_bytes };
        self.last = Some((json.to_owned(), compiled.clone()));
        Ok(compiled)
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub fn is_full(&self) -> bool {
        self.count > 0 && (self.room() == 0 || self.encoded_bytes >= BATCH_BYTES)
    }

    pub fn is_at_limit(&self) -> bool {
        self.wanted == 0
    }

    /// Rows that the batch still takes.
    pub fn room(&self) -> usize {
        self.batch_rows.saturating_sub(self.count).min(self.wanted)
    }

    /// Whether one more row fits after `bytes` more were read.
    pub fn takes(&self, bytes: usize) -> bool {
        self.encoded_bytes + bytes < BATCH_BYTES
    }

    /// Counts in `count` records of `file` from number `first` on, whose fields were pushed.
    pub fn add(&mut self, file: &DataFile, first: i64, count: usize) {
        if let Some(date) = &mut self.date {
            match file.date {
                Some(day) => date.append_value_n(day, count),
                None => date.append_nulls(count),
            }
        }
        if let Some(path) = &mut self.file {
            (0..count).for_each(|_| path.append_value(&file.path));
        }
        if let Some(offset) = &mut self.offset {
            (first..first + count as i64).for_each(|number| offset.append_value(number));
        }
        self.count += count;
        self.wanted -= count;
    }

    /// The batch so far; a new one begins.
    pub fn finish(&mut self, spec: &ReadSpec) -> Result<RecordBatch, ConnectorError> {
        let fields: Vec<ArrayRef> =
            self.sinks.iter_mut().map(Sink::finish).collect::<Result<_, _>>().map_err(DataFusionError::from)?;
        let missing = || DataFusionError::Internal("an output column was not built".to_owned());
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(spec.outputs.len());
        for output in &spec.outputs {
            columns.push(match output {
                Output::Field(index) => Arc::clone(&fields[*index]),
                Output::Date => Arc::new(self.date.as_mut().ok_or_else(missing)?.finish()),
                Output::File => Arc::new(self.file.as_mut().ok_or_else(missing)?.finish()),
                Output::Offset => Arc::new(self.offset.as_mut().ok_or_else(missing)?.finish()),
            });
        }
        let options = RecordBatchOptions::new().with_row_count(Some(self.count));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&spec.schema), columns, &options);
        (self.count, self.encoded_bytes) = (0, 0);
        Ok(batch.map_err(DataFusionError::from)?)
    }
}
