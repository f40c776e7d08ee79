//! The audit log: one JSON line per statement, written by a thread of its own.
//!
//! Records are made in [`crate::query`] alone. While the log can't be written, no further statement runs: what isn't on
//! record must not happen. What waits is written as soon as that can be done again.

pub mod recorded;

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::Mutex;
use serde::Serialize;

/// How long a record may wait in memory while others follow it.
const FLUSH_AFTER: Duration = Duration::from_millis(100);
/// Bytes of records that are written at once.
const FLUSH_BYTES: usize = 64 << 10;
/// How long after a failure the log is tried again.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// Records that wait for the writer; who has one more waits with it.
const WAITING: usize = 1024;
/// Bytes that a record keeps of a text that a client or a statement may have made as long as it likes.
const TEXT_BYTES: usize = 64 << 10;

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
    /// It depends on the rows that there are.
    #[serde(skip)]
    pub tells_of_rows: bool,
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
    /// Bytes of the whole statement, where the record holds only its beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement_bytes: Option<usize>,
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
    records: Mutex<Option<SyncSender<Arc<Record>>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    state: Arc<State>,
}

/// What the writer and those who hand it records tell each other.
#[derive(Default)]
struct State {
    broken: AtomicBool,
    closing: AtomicBool,
}

impl State {
    fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Acquire)
    }

    fn breaks(&self, error: &str) {
        if !self.broken.swap(true, Ordering::AcqRel) {
            tracing::error!(error, "the audit log can't be written; no further statement runs until it can");
        }
    }
}

impl Audit {
    /// Opens the log for appending; only its owner may read it.
    pub fn open(path: &Path) -> std::io::Result<Self> {
        let file = owned_file(path)?;
        let (records, incoming) = sync_channel(WAITING);
        let state = Arc::<State>::default();
        let log = Log { file, unwritten: Vec::new(), state: Arc::clone(&state) };
        let writer = std::thread::Builder::new().name("audit".to_owned()).spawn(move || log.write_all(&incoming))?;
        let inner = Inner { records: Mutex::new(Some(records)), writer: Mutex::new(Some(writer)), state };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Whether statements may run: everything so far is on record, or on its way there.
    pub fn is_sound(&self) -> bool {
        !self.inner.state.is_broken()
    }

    /// Puts a record on its way. If many wait already, this waits with them: what happens is no faster than its record.
    pub fn write(&self, record: Arc<Record>) {
        let records = self.inner.records.lock().clone();
        let sent = match (records, self.is_sound()) {
            (Some(records), true) => records.send(record).is_ok(),
            // What ran when the log broke still finds its place; of statements that are refused since then many may not.
            (Some(records), false) => return drop(records.try_send(record)),
            (None, _) => false,
        };
        if !sent {
            self.inner.state.breaks("it is closed");
        }
    }

    /// Writes what waits and closes the log.
    pub fn close(&self) {
        self.inner.state.closing.store(true, Ordering::Release);
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

/// The log's file, and what of the records isn't in it yet.
struct Log {
    file: File,
    unwritten: Vec<u8>,
    state: Arc<State>,
}

impl Log {
    /// Writes records as they come, until no more can come; what is there is written as soon as no other comes for a moment.
    fn write_all(mut self, incoming: &Receiver<Arc<Record>>) {
        loop {
            let next = match self.unwritten.is_empty() {
                true => incoming.recv().map_err(|_| RecvTimeoutError::Disconnected),
                false => incoming.recv_timeout(FLUSH_AFTER),
            };
            match next {
                Ok(record) => {
                    self.add(&record);
                    if self.unwritten.len() < FLUSH_BYTES {
                        continue;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return self.flush(),
            }
            self.flush();
            // Nothing more is taken up meanwhile.
            while self.state.is_broken() && !self.state.closing.load(Ordering::Acquire) {
                std::thread::sleep(RETRY_AFTER);
                self.flush();
            }
        }
    }

    fn add(&mut self, record: &Record) {
        let before = self.unwritten.len();
        match serde_json::to_writer(&mut self.unwritten, record) {
            Ok(()) => self.unwritten.push(b'\n'),
            Err(error) => {
                self.unwritten.truncate(before);
                self.state.breaks(&error.to_string());
            }
        }
    }

    fn flush(&mut self) {
        let mut written = 0;
        let failed = loop {
            match self.file.write(&self.unwritten[written..]) {
                _ if written == self.unwritten.len() => break None,
                Ok(0) => break Some(ErrorKind::WriteZero.into()),
                Ok(count) => written += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => break Some(error),
            }
        };
        self.unwritten.drain(..written);
        match failed {
            Some(error) => self.state.breaks(&error.to_string()),
            None if self.state.broken.swap(false, Ordering::AcqRel) => {
                tracing::warn!("the audit log can be written again");
            }
            None => {}
        }
    }
}

/// The beginning of a text, as a record keeps it.
pub fn cut(text: &str) -> &str {
    match text.len() {
        0..=TEXT_BYTES => text,
        _ => &text[..text.floor_char_boundary(TEXT_BYTES)],
    }
}
