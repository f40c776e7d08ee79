//! The `avro` connector on files that fastavro wrote: types, evolution, what is pruned, which files a statement sees, what
//! broken files give, and the same in a bucket.

mod evolution;
mod faults;
mod pruning;
mod reading;
mod s3;
mod snapshots;

use std::sync::Arc;

use weir_connectors::files::{AvroConfig, AvroSource};
use weir_connectors::store::ObjectStoreConfig;

use crate::common::{Engine, Folder, Statement, metric, shown};

/// A source over a folder of its own.
fn empty_folder() -> Folder {
    Folder::empty(|root| history(root, ObjectStoreConfig::default()), "avro.py")
}

/// A source with what `avro.py` writes for `what`.
fn folder_with(what: &str, arguments: &[&str]) -> Folder {
    let folder = empty_folder();
    folder.write(what, arguments);
    folder
}

/// The source `history` at a root.
fn history(root: &str, s3: ObjectStoreConfig) -> Engine {
    let config = AvroConfig { root: root.to_owned(), s3 };
    Engine::new(Arc::new(AvroSource::new("history".into(), config).unwrap()), 2)
}

/// What the scan of a statement shows of itself, and how many files it read.
async fn scanned(statement: &Statement, sql: &str) -> (String, usize) {
    let plan = statement.finished(sql).await;
    let shown = shown(&plan);
    let scan = shown.lines().find_map(|line| Some(line[line.find("AvroScanExec: ")?..].to_owned()));
    (scan.unwrap_or_else(|| panic!("no scan in {shown}")), metric(&plan, "files_read"))
}

/// Asserts how many files a statement reads, and what its scan shows of those kept and listed.
async fn check_files(statement: &Statement, sql: &str, files: usize, listed: &str) {
    let (shown, read) = scanned(statement, sql).await;
    assert_eq!(read, files, "{sql}");
    let expect = format!("AvroScanExec: source=history, table=orders, files={listed}, projection=[");
    assert!(shown.starts_with(&expect), "{sql}: {shown}");
}

/// Where blocks start in a file that avro.py wrote: behind each sync marker but the last.
fn blocks(bytes: &[u8]) -> Vec<usize> {
    let sync: Vec<u8> = (0..16).collect();
    let mut starts: Vec<usize> =
        bytes.windows(16).enumerate().filter(|(_, w)| *w == sync).map(|(i, _)| i + 16).collect();
    starts.pop();
    starts
}
