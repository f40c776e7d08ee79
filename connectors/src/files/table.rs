//! Finds the tables under a root: one per folder, its columns from the schemas of some of its files.

use std::sync::Arc;

use arrow::datatypes::{Field, Schema as ArrowSchema};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, TryStreamExt};
use object_store::path::Path;
use serde::{Deserialize, Serialize};
use tracing::warn;

use super::Root;
use super::avro::container::Container;
use super::avro::schema::{Record, Schema};
use super::avro::{arrow_type, merge};
use super::listing::{DataFile, data_file, is_hidden};
use super::prune::file_columns;
use super::read::{Fetch, fault_error, fetch};
use crate::store::store_error;
use crate::{ConnectorError, TableInfo, store};

/// Files whose schemas make a table's: the newest, the oldest, and some between.
const SAMPLES: usize = 12;
/// Headers are small; more is read only of a file whose header goes on.
const HEADER_CHUNK_BYTES: u64 = 64 << 10;
const TABLES_AT_ONCE: usize = 8;

/// What [`TableInfo::remote`] holds: the folder, and the record that its files are read as.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableRemote {
    pub folder: String,
    pub record: Record,
}

/// All tables, in the order of their names. A folder without a readable file makes none, with a warning.
pub async fn discover(source: &Arc<str>, root: &Root) -> Result<Vec<TableInfo>, ConnectorError> {
    store::reach(source, root.store.as_ref(), &root.prefix, &root.url).await?;
    let found = root.store.list_with_delimiter(Some(&root.prefix)).await.map_err(|e| store_error(source, e))?;
    let folders = found.common_prefixes.into_iter().filter(|folder| !is_hidden(folder.filename().unwrap_or_default()));
    let tables = futures::stream::iter(folders).map(|folder| table(source, root, folder)).buffered(TABLES_AT_ONCE);
    let mut tables: Vec<TableInfo> = tables.try_filter_map(|found| async move { Ok(found) }).try_collect().await?;
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(tables)
}

async fn table(source: &Arc<str>, root: &Root, folder: Path) -> Result<Option<TableInfo>, ConnectorError> {
    let name = folder.filename().unwrap_or_default().to_owned();
    let samples = samples(root, &folder).await.map_err(|e| store_error(source, e))?;
    if samples.is_empty() {
        warn!(source = %source, folder = %name, "folder holds no Avro file and so is no table");
        return Ok(None);
    }
    let mut merged: Option<Record> = None;
    for file in samples {
        let record = match header_record(source, root, &file).await {
            Ok(record) => record,
            // The fault is reported to whoever reads the file; the table's other files stay readable.
            Err(error @ (ConnectorError::Corrupt { .. } | ConnectorError::Unsupported { .. })) => {
                warn!(source = %source, table = %name, %error, "schema of a file was not read");
                continue;
            }
            Err(error) => return Err(error),
        };
        merged = Some(match merged {
            None => merge::simplify_record(&record),
            Some(newer) => merge::widen_record(&newer, &record),
        });
    }
    let Some(record) = merged else {
        warn!(source = %source, folder = %name, "no file of the folder has a schema that can be read; it is no table");
        return Ok(None);
    };
    Ok(Some(info(source, name, record)?))
}

fn info(source: &Arc<str>, name: String, record: Record) -> Result<TableInfo, ConnectorError> {
    let mut fields: Vec<Arc<Field>> = arrow_type::columns(&record).iter().cloned().collect();
    let free = file_columns().into_iter().filter(|own| !record.fields.iter().any(|field| field.name == *own.name()));
    fields.extend(free.map(Arc::new));
    let comment = record.doc.clone();
    let remote = TableRemote { folder: name.clone(), record };
    let remote = serde_json::to_string(&remote)
        .map_err(|e| datafusion::error::DataFusionError::Internal(format!("table {name}: {e}")))?;
    Ok(TableInfo {
        source: Arc::clone(source),
        schema: source.to_string(),
        name,
        columns: Arc::new(ArrowSchema::new(fields)),
        comment,
        remote,
    })
}

/// The newest file first, then ever older ones: of up to [`SAMPLES`] of the topic's uppermost folders (years or days,
/// by its layout) the last file each, and the first file of all.
async fn samples(root: &Root, topic: &Path) -> object_store::Result<Vec<DataFile>> {
    let found = root.store.list_with_delimiter(Some(topic)).await?;
    let mut folders: Vec<Path> = found.common_prefixes.into_iter().filter(is_shown).collect();
    folders.sort();
    let mut files: Vec<DataFile> =
        found.objects.into_iter().filter_map(|meta| data_file(&root.prefix, topic, meta)).collect();
    files.sort_by(|a, b| (a.date, &a.path).cmp(&(b.date, &b.path)));
    // Files right in the topic's folder have no date: they count as older than all that have one.
    files = files.pop().into_iter().collect();
    for folder in spread(&folders) {
        files.extend(outermost(root, topic, folder, true).await?);
    }
    if let Some(oldest) = folders.first() {
        files.extend(outermost(root, topic, oldest.clone(), false).await?);
    }
    files.sort_by(|a, b| (b.date, &b.path).cmp(&(a.date, &a.path)));
    files.dedup_by(|a, b| a.path == b.path);
    Ok(files)
}

/// Up to [`SAMPLES`] of the folders, evenly spread; the last is always there.
fn spread(folders: &[Path]) -> Vec<Path> {
    let step = folders.len().div_ceil(SAMPLES).max(1);
    folders.iter().rev().step_by(step).cloned().collect()
}

/// The last (or first) file below a folder, by the order of names, which is that of dates.
fn outermost<'a>(
    root: &'a Root,
    topic: &'a Path,
    folder: Path,
    last: bool,
) -> BoxFuture<'a, object_store::Result<Option<DataFile>>> {
    async move {
        let found = root.store.list_with_delimiter(Some(&folder)).await?;
        let mut folders: Vec<Path> = found.common_prefixes.into_iter().filter(is_shown).collect();
        let files = found.objects.into_iter().filter_map(|meta| data_file(&root.prefix, topic, meta));
        let own =
            if last { files.max_by(|a, b| a.path.cmp(&b.path)) } else { files.min_by(|a, b| a.path.cmp(&b.path)) };
        folders.sort();
        if last {
            folders.reverse();
        }
        for inner in folders {
            if let Some(file) = outermost(root, topic, inner, last).await? {
                return Ok(Some(file));
            }
        }
        Ok(own)
    }
    .boxed()
}

fn is_shown(folder: &Path) -> bool {
    !is_hidden(folder.filename().unwrap_or_default())
}

async fn header_record(source: &Arc<str>, root: &Root, file: &DataFile) -> Result<Record, ConnectorError> {
    let mut container = Container::new(file.size_bytes);
    let mut at = 0;
    loop {
        let end = (at + HEADER_CHUNK_BYTES).min(file.size_bytes);
        let bytes = fetch(source, root, &Fetch { file: file.clone(), range: at..end }).await?;
        container.push(&bytes);
        at = end;
        let fault = |fault| fault_error(source, &file.path, 0, fault);
        let Some(header) = container.header().map_err(fault)? else { continue };
        return Ok(Schema::parse(&header.schema).map_err(fault)?.into_record());
    }
}
