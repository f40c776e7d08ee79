//! What went wrong at a table, found out by looking again.
//!
//! The errors of the log's and the files' readers name no file, and pass through layers that turn them into text. So
//! when a read has failed, the file at hand is read once more, piece by piece, until it says where the fault is. That
//! costs one file, once, on a statement that has failed anyway.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use datafusion::datasource::physical_plan::FileScanConfig;
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::DataFusionError;
use datafusion::parquet::errors::ParquetError;
use datafusion::physical_plan::ExecutionPlan;
use deltalake::DeltaTableError;
use futures::{FutureExt, TryStreamExt};
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};

use super::reread::ParquetFile;
use super::table::DeltaFolder;
use crate::ConnectorError;
use crate::store::store_error;

/// Reader features of Delta's protocol that are read rightly here; any other makes a table unreadable.
const READ: [&str; 7] = [
    "columnMapping",
    "deletionVectors",
    "timestampNtz",
    "v2Checkpoint",
    "vacuumProtocolCheck",
    "variantType",
    "variantType-preview",
];

/// Where the file in question can't be told, because the read went on in another task, the scan's files are looked at
/// until so many bytes have been. A scan of more than a few megabytes is split by files, and then it can be told.
const LOOK_LIMIT_BYTES: u64 = 512 << 20;

/// Why the engine failed while it read data files: `last` is the file that it read last, if known.
pub async fn of_data(
    folder: &DeltaFolder,
    error: DataFusionError,
    last: Option<Path>,
    plan: Option<&Arc<dyn ExecutionPlan>>,
) -> ConnectorError {
    if ConnectorError::find(&error).is_some() || !may_be_a_files_fault(&error) {
        return ConnectorError::from(error);
    }
    let files = match last {
        Some(file) => vec![file],
        None => plan.map(files_of).unwrap_or_default(),
    };
    for file in files {
        if let Some(fault) = look_at_data(folder, &file).await {
            return fault;
        }
    }
    ConnectorError::from(error)
}

/// Why the log could not be replayed.
pub async fn of_log(folder: &DeltaFolder, error: &DeltaTableError) -> ConnectorError {
    let mount = folder.mount();
    let listed: Result<Vec<ObjectMeta>, _> = mount.store.list(Some(&folder.log_prefix())).try_collect().await;
    let files = match listed {
        Ok(files) => files,
        Err(e) => return store_error(folder.source(), e),
    };
    if files.is_empty() {
        return folder.changed(format!("there is no Delta log in {}", mount.url));
    }
    let mut unread = Vec::new();
    for file in files {
        match look_at_log(folder, &file, &mut unread).await {
            Some(fault) => return fault,
            None => continue,
        }
    }
    match unread.is_empty() {
        true => folder.unsupported(format!("its log can't be replayed: {error}")),
        false => folder.unsupported(format!("it needs the reader feature {}", unread.join(", "))),
    }
}

/// Why the reader refused a table whose log it could replay.
pub fn of_features(folder: &DeltaFolder, error: DataFusionError) -> ConnectorError {
    folder.unsupported(match error {
        DataFusionError::External(inner) => inner.to_string(),
        other => other.to_string(),
    })
}

/// Errors of the engine itself, such as a memory limit, need no look at the files.
fn may_be_a_files_fault(error: &DataFusionError) -> bool {
    !matches!(
        error.find_root(),
        DataFusionError::ResourcesExhausted(_)
            | DataFusionError::Plan(_)
            | DataFusionError::NotImplemented(_)
            | DataFusionError::Configuration(_)
            | DataFusionError::SchemaError(..)
            | DataFusionError::ExecutionJoin(_)
    )
}

fn files_of(plan: &Arc<dyn ExecutionPlan>) -> Vec<Path> {
    let mut files = Vec::new();
    let mut nodes = vec![plan];
    while let Some(node) = nodes.pop() {
        nodes.extend(node.children());
        let source = node.downcast_ref::<DataSourceExec>().map(DataSourceExec::data_source);
        if let Some(config) = source.and_then(|source| source.downcast_ref::<FileScanConfig>()) {
            let groups = config.file_groups.iter().flat_map(|group| group.iter());
            files.extend(groups.map(|file| file.object_meta.clone()));
        }
    }
    let mut bytes = 0;
    let near = files.into_iter().take_while(|file| {
        bytes += file.size;
        bytes <= LOOK_LIMIT_BYTES
    });
    near.map(|file| file.location).collect()
}

/// Reads a data file through; none if nothing is wrong with it.
async fn look_at_data(folder: &DeltaFolder, file: &Path) -> Option<ConnectorError> {
    let store = &folder.mount().store;
    let size = match store.head(file).await {
        Ok(meta) => meta.size,
        Err(e) => return Some(missing(folder, file, e)),
    };
    let parquet = ParquetFile { store: Arc::clone(store), file: file.clone(), size };
    match AssertUnwindSafe(parquet.check()).catch_unwind().await {
        Ok(checked) => checked.err().map(|(offset_bytes, e)| corrupt(folder, file, offset_bytes, e)),
        // The reader gave up by a panic, and took the place with it.
        Err(_) => Some(at_offset(folder, file, 0, "the reader panicked over it".to_owned())),
    }
}

/// Reads a file of the log; none if nothing is wrong with it. Features that it asks for in vain go to `unread`.
async fn look_at_log(folder: &DeltaFolder, file: &ObjectMeta, unread: &mut Vec<String>) -> Option<ConnectorError> {
    let store = &folder.mount().store;
    let name = file.location.filename().unwrap_or_default();
    if name.ends_with(".parquet") {
        let parquet = ParquetFile { store: Arc::clone(store), file: file.location.clone(), size: file.size };
        return parquet.check_footer().await.err().map(|(at, e)| corrupt(folder, &file.location, at, e));
    }
    let is_commit = name.strip_suffix(".json").is_some_and(|stem| stem.bytes().all(|b| b.is_ascii_digit()));
    if !is_commit {
        return None;
    }
    let bytes = match read_whole(store.as_ref(), &file.location).await {
        Ok(bytes) => bytes,
        Err(e) => return Some(missing(folder, &file.location, e)),
    };
    let mut actions = serde_json::Deserializer::from_slice(&bytes).into_iter::<serde_json::Value>();
    loop {
        let at = actions.byte_offset() as u64;
        match actions.next()? {
            Ok(action) => note_features(&action, unread),
            Err(e) => {
                let (source_name, file) = (folder.source().to_string(), folder.mount().display(&file.location));
                return Some(ConnectorError::Corrupt { source_name, file, offset_bytes: at, reason: e.to_string() });
            }
        }
    }
}

fn note_features(action: &serde_json::Value, unread: &mut Vec<String>) {
    let Some(protocol) = action.get("protocol") else { return };
    unread.clear();
    let features = protocol.get("readerFeatures").and_then(|f| f.as_array()).into_iter().flatten();
    let unknown = features.filter_map(|f| f.as_str()).filter(|f| !READ.contains(f));
    unread.extend(unknown.map(|f| format!("\"{f}\"")));
    if let Some(version) = protocol.get("minReaderVersion").and_then(|v| v.as_i64()).filter(|v| *v > 3) {
        unread.push(format!("version {version}"));
    }
}

async fn read_whole(store: &dyn ObjectStore, file: &Path) -> Result<bytes::Bytes, object_store::Error> {
    store.get(file).await?.bytes().await
}

fn missing(folder: &DeltaFolder, file: &Path, error: object_store::Error) -> ConnectorError {
    let name = folder.mount().display(file);
    match error {
        object_store::Error::NotFound { .. } => folder.changed(format!("its file \"{name}\" is no longer there")),
        other => ConnectorError::Lost { source_name: folder.source().to_string(), reason: format!("{name}: {other}") },
    }
}

fn corrupt(folder: &DeltaFolder, file: &Path, offset_bytes: u64, error: ParquetError) -> ConnectorError {
    // A store that fails hides inside the reader's error; it says nothing about the file.
    if let ParquetError::External(inner) = error {
        return match inner.downcast::<object_store::Error>() {
            Ok(store) => missing(folder, file, *store),
            Err(other) => at_offset(folder, file, offset_bytes, other.to_string()),
        };
    }
    at_offset(folder, file, offset_bytes, error.to_string())
}

fn at_offset(folder: &DeltaFolder, file: &Path, offset_bytes: u64, reason: String) -> ConnectorError {
    let (source_name, file) = (folder.source().to_string(), folder.mount().display(file));
    ConnectorError::Corrupt { source_name, file, offset_bytes, reason }
}
