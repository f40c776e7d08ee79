//! Reads a list of files one after the other and yields their records in batches.
//!
//! Memory is bounded by what is fetched ahead, one block, and one batch, whatever the size of the files.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use bytes::Bytes;
use datafusion::error::DataFusionError;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::{GetOptions, GetRange};

use super::Root;
use super::avro::Fault;
use super::avro::schema::Record;
use super::listing::DataFile;
use crate::store::store_error;
use crate::{ConnectorError, QueryScope};

mod open_file;
mod rows;

use open_file::{OpenFile, Progress};
use rows::Rows;

/// Bytes of one request to the store, and how many requests run ahead of the decoder.
const CHUNK_BYTES: u64 = 2 << 20;
const CHUNKS_AHEAD: usize = 3;
/// A column of the scan's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// A field of [`ReadSpec::record`].
    Field(usize),
    Date,
    File,
    Offset,
}

/// What to read of each file.
#[derive(Debug)]
pub struct ReadSpec {
    pub source: Arc<str>,
    /// The table's record, with only the fields that are wanted.
    pub record: Record,
    pub outputs: Vec<Output>,
    pub schema: SchemaRef,
    pub batch_rows: usize,
    /// Rows after which a partition ends.
    pub limit: Option<usize>,
}

/// Called with what was read, for the scan's metrics.
pub trait Meter: Send {
    fn file(&self);
    fn bytes(&self, count: usize);
}

/// The batches of `files`, in their order. Ends with an error once the statement is cancelled.
pub fn batches(
    root: Root,
    scope: Arc<QueryScope>,
    spec: Arc<ReadSpec>,
    files: Vec<DataFile>,
    meter: impl Meter + 'static,
) -> Result<BoxStream<'static, Result<RecordBatch, DataFusionError>>, ConnectorError> {
    let (source, ahead) = (Arc::clone(&spec.source), files.clone());
    let chunks = futures::stream::iter(ahead.into_iter().flat_map(chunks)).map(move |chunk| {
        let (source, root) = (Arc::clone(&source), root.clone());
        async move { fetch(&source, &root, &chunk).await }
    });
    let reader = Reader {
        rows: Rows::new(&spec)?,
        spec,
        scope,
        files: files.into_iter(),
        chunks: chunks.buffered(CHUNKS_AHEAD).boxed(),
        open: None,
        meter,
    };
    Ok(futures::stream::try_unfold(reader, Reader::step).map_err(DataFusionError::from).boxed())
}

/// A part of a file.
#[derive(Debug, Clone)]
pub struct Fetch {
    pub file: DataFile,
    pub range: Range<u64>,
}

/// Gets a part of a file as it was when it was listed.
pub async fn fetch(source: &str, root: &Root, part: &Fetch) -> Result<Bytes, ConnectorError> {
    if part.range.is_empty() {
        return Ok(Bytes::new());
    }
    let changed = |reason: &str| ConnectorError::Changed {
        source_name: source.to_owned(),
        table: table_of(&part.file.path).to_owned(),
        reason: format!("file \"{}\" {reason}", part.file.path),
    };
    let failed = |error| match error {
        object_store::Error::NotFound { .. } => changed("is gone"),
        object_store::Error::Precondition { .. } => changed("was replaced while it was being read"),
        other => store_error(source, other),
    };
    let options = GetOptions {
        range: Some(GetRange::Bounded(part.range.clone())),
        if_match: part.file.e_tag.clone(),
        ..GetOptions::default()
    };
    let path = root.path(source, &part.file.path)?;
    let bytes = root.store.get_opts(&path, options).await.map_err(failed)?.bytes().await.map_err(failed)?;
    let wanted = part.range.end - part.range.start;
    if bytes.len() as u64 == wanted { Ok(bytes) } else { Err(changed("is shorter than it was when it was listed")) }
}

/// The connector's error for a fault in a file. A sound file that this table or this version can't read isn't corrupt.
pub fn fault_error(source: &str, file: &str, offset_bytes: u64, fault: Fault) -> ConnectorError {
    let (source_name, reason) = (source.to_owned(), fault.to_string());
    match fault {
        Fault::Internal(_) => DataFusionError::Internal(format!("file {file}: {reason}")).into(),
        Fault::Unresolved(_) | Fault::UnknownSymbol(_) | Fault::Codec(_) => ConnectorError::Unsupported {
            source_name,
            table: table_of(file).to_owned(),
            reason: format!("file \"{file}\": {reason}"),
        },
        _ => ConnectorError::Corrupt { source_name, file: file.to_owned(), offset_bytes, reason },
    }
}

/// The table that a path below the root belongs to.
fn table_of(path: &str) -> &str {
    path.split_once('/').map_or(path, |(table, _)| table)
}

fn chunks(file: DataFile) -> impl Iterator<Item = Fetch> {
    // A file without a byte has one empty part: it still has to be found wanting.
    let count = file.size_bytes.div_ceil(CHUNK_BYTES).max(1);
    let size = file.size_bytes;
    (0..count).map(move |i| Fetch { file: file.clone(), range: i * CHUNK_BYTES..((i + 1) * CHUNK_BYTES).min(size) })
}

struct Reader<M> {
    spec: Arc<ReadSpec>,
    scope: Arc<QueryScope>,
    files: std::vec::IntoIter<DataFile>,
    chunks: BoxStream<'static, Result<Bytes, ConnectorError>>,
    open: Option<OpenFile>,
    rows: Rows,
    meter: M,
}

impl<M: Meter> Reader<M> {
    async fn step(mut self) -> Result<Option<(RecordBatch, Self)>, ConnectorError> {
        loop {
            if self.scope.cancel.is_cancelled() {
                return Err(ConnectorError::Canceled);
            }
            if self.rows.is_at_limit() && self.rows.is_empty() {
                return Ok(None);
            }
            if self.rows.is_full() {
                return Ok(Some((self.rows.finish(&self.spec)?, self)));
            }
            let Some(open) = &mut self.open else {
                match self.files.next() {
                    Some(file) => {
                        self.meter.file();
                        self.open = Some(OpenFile::new(file));
                    }
                    None if !self.rows.is_empty() => return Ok(Some((self.rows.finish(&self.spec)?, self))),
                    None => return Ok(None),
                }
                continue;
            };
            match open.advance(&self.spec, &mut self.rows)? {
                Progress::Rows => {}
                Progress::End => self.open = None,
                Progress::More => self.more().await?,
            }
        }
    }

    async fn more(&mut self) -> Result<(), ConnectorError> {
        let next = self.scope.cancel.run_until_cancelled(self.chunks.next()).await.ok_or(ConnectorError::Canceled)?;
        let bytes = next.transpose()?;
        match (&mut self.open, bytes) {
            (Some(open), Some(bytes)) => {
                self.meter.bytes(bytes.len());
                open.push(&bytes);
                Ok(())
            }
            _ => Err(DataFusionError::Internal("a file has fewer parts than it asks for".to_owned()).into()),
        }
    }
}
