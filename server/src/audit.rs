//! The audit log: one JSON line per statement, written by a thread of its own.
//!
//! Records are made in [`crate::query`] alone. If the log can't be written any more, no further statement runs: what
//! isn't on record must not happen.

pub mod recorded;

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, ErrorKind, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::Mutex;
use serde::Serialize;

/// How long a record may wait in memory while others follow it.
const FLUSH_AFTER: Duration = Duration::from_millis(100);

/// How a statement ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Ok,
    Error,
    /// The principal may not, or what they named doesn't exist for them.
    Denied,
    Cancelled,
    /// The client stopped reading before the last row.
    Abandoned,
}

impl Outcome {
    /// In the order of their declaration.
    pub const ALL: [Outcome; 5] =
        [Outcome::Ok, Outcome::Error, Outcome::Denied, Outcome::Cancelled, Outcome::Abandoned];

    /// As the log writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Error => "error",
            Self::Denied => "denied",
            Self::Cancelled => "cancelled",
            Self::Abandoned => "abandoned",
        }
    }
}

impl Serialize for Outcome {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A table that was read, with the columns that were read of it.
#[derive(Debug, Clone, Serialize)]
pub struct TableRead {
    pub source: String,
    pub table: String,
    pub columns: Vec<String>,
    /// The row filter that reads the table in a sub-select, where it isn't the statement that does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
}

/// A rule that took part in a decision.
#[derive(Debug, Clone, Serialize)]
pub struct Rule {
    pub table: String,
    /// The column that a mask covers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    pub rule: String,
    pub file: String,
    pub line: u32,
}

/// SQL that went to a source.
#[derive(Debug, Clone, Serialize)]
pub struct Sent {
    pub source: String,
    pub sql: String,
}

/// A snapshot that was read, of a table or of a source whose tables share one.
#[derive(Debug, Clone, Serialize)]
pub struct Snapshot {
    pub table: String,
    pub snapshot: String,
}

/// One statement on record.
#[derive(Debug, Clone, Serialize)]
pub struct Record {
    /// When it began: RFC 3339, UTC.
    pub time: String,
    pub query_id: String,
    pub session: i32,
    pub principal: String,
    pub roles: Vec<String>,
    pub policy_version: String,
    pub statement: String,
    pub tables: Vec<TableRead>,
    pub filters: Vec<Rule>,
    pub masks: Vec<Rule>,
    pub sent: Vec<Sent>,
    pub snapshots: Vec<Snapshot>,
    pub rows: u64,
    pub bytes: u64,
    pub duration_ms: f64,
    pub outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sqlstate: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The log's writing end; clones write to the same file.
#[derive(Clone)]
pub struct Audit {
    inner: Arc<Inner>,
}

struct Inner {
    records: Mutex<Option<Sender<Arc<Record>>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    broken: Arc<AtomicBool>,
}

impl Audit {
    /// Opens the log for appending; only its owner may read it.
    pub fn open(path: &Path) -> std::io::Result<Self> {
        let file = owned_file(path)?;
        let (records, incoming) = channel();
        let broken = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&broken);
        let writer = std::thread::Builder::new().name("audit".to_owned()).spawn(move || {
            if let Err(error) = write_all(&incoming, BufWriter::new(file)) {
                tracing::error!(%error, "the audit log can't be written; no further statement runs");
                flag.store(true, Ordering::Release);
            }
        })?;
        let inner = Inner { records: Mutex::new(Some(records)), writer: Mutex::new(Some(writer)), broken };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Whether statements may run: everything so far is on record, or on its way there.
    pub fn is_sound(&self) -> bool {
        !self.inner.broken.load(Ordering::Acquire)
    }

    pub fn write(&self, record: Arc<Record>) {
        let sent = self.inner.records.lock().as_ref().map(|records| records.send(record).is_ok());
        if sent != Some(true) {
            self.inner.broken.store(true, Ordering::Release);
        }
    }

    /// Writes what waits and closes the log.
    pub fn close(&self) {
        drop(self.inner.records.lock().take());
        if let Some(writer) = self.inner.writer.lock().take()
            && writer.join().is_err()
        {
            tracing::error!("the audit log's writer panicked");
        }
    }
}

/// Whether the log could be opened, without making it: the file, or the folder that it would be made in.
pub fn check(path: &Path) -> std::io::Result<()> {
    match OpenOptions::new().append(true).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
            let folder = folder.metadata()?;
            match folder.is_dir() && !folder.permissions().readonly() {
                true => Ok(()),
                false => Err(ErrorKind::PermissionDenied.into()),
            }
        }
        opened => opened.map(drop),
    }
}

#[cfg(unix)]
fn owned_file(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn owned_file(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

/// Writes records as they come; what is written is flushed as soon as no other waits behind it for a moment.
fn write_all(incoming: &Receiver<Arc<Record>>, mut log: BufWriter<File>) -> std::io::Result<()> {
    while let Ok(record) = incoming.recv() {
        write(&mut log, &record)?;
        while let Ok(record) = incoming.recv_timeout(FLUSH_AFTER) {
            write(&mut log, &record)?;
            if log.buffer().len() > log.capacity() / 2 {
                log.flush()?;
            }
        }
        log.flush()?;
    }
    log.flush()
}

fn write(log: &mut BufWriter<File>, record: &Record) -> std::io::Result<()> {
    serde_json::to_writer(&mut *log, record)?;
    log.write_all(b"\n")
}
