//! What one statement carries to every scan it makes: who asks, whether it was cancelled, and the snapshots it has
//! pinned.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use datafusion::execution::TaskContext;
use datafusion::prelude::SessionConfig;
use parking_lot::Mutex;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use crate::ConnectorError;

type Pin = Arc<OnceCell<Arc<dyn Any + Send + Sync>>>;

/// One statement's view of all sources. Put into the session config as an extension, found again by scans.
pub struct QueryScope {
    /// Unique in this process; shows in audit records and in the source's own log.
    pub query_id: String,
    /// Name of the principal who asks, for the source's own log.
    pub user: String,
    /// Cancelled when the client cancels or leaves, or a timeout strikes.
    pub cancel: CancellationToken,
    pins: Mutex<HashMap<String, Pin>>,
    sent: Mutex<Vec<SentSql>>,
    snapshots: Mutex<Vec<ReadSnapshot>>,
}

/// SQL that a statement sent to a source, for the audit record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentSql {
    pub source: String,
    pub sql: String,
}

/// What a statement read of a table or a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadSnapshot {
    /// The table, or the source whose tables share one.
    pub of: String,
    pub snapshot: String,
    /// Its text depends on the rows that there are, and on which of them were asked for.
    pub tells_of_rows: bool,
}

impl QueryScope {
    pub fn new(query_id: String, user: String, cancel: CancellationToken) -> Arc<Self> {
        Arc::new(Self {
            query_id,
            user,
            cancel,
            pins: Mutex::default(),
            sent: Mutex::default(),
            snapshots: Mutex::default(),
        })
    }

    /// The scope of the statement that a session plans.
    pub fn of_config(config: &SessionConfig) -> Result<Arc<Self>, ConnectorError> {
        config.get_extension::<Self>().ok_or_else(|| {
            ConnectorError::from(datafusion::error::DataFusionError::Internal(
                "no query scope in this session".to_owned(),
            ))
        })
    }

    /// The scope of the statement that a task runs for.
    pub fn of_task(context: &TaskContext) -> Result<Arc<Self>, ConnectorError> {
        Self::of_config(context.session_config())
    }

    /// The value pinned under `key` for this statement, made by the first who asks; others wait for it.
    /// Keys are `<source>` or `<source>/<table>`; a key is always used with one type.
    pub async fn pin<T, F>(&self, key: &str, make: F) -> Result<Arc<T>, ConnectorError>
    where
        T: Any + Send + Sync,
        F: Future<Output = Result<T, ConnectorError>> + Send,
    {
        let cell = Arc::clone(self.pins.lock().entry(key.to_owned()).or_default());
        let value = cell
            .get_or_try_init(|| async { Ok::<_, ConnectorError>(Arc::new(make.await?) as Arc<dyn Any + Send + Sync>) })
            .await?;
        Arc::clone(value).downcast::<T>().map_err(|_| {
            ConnectorError::from(datafusion::error::DataFusionError::Internal(format!("pin {key} holds another type")))
        })
    }

    /// Records SQL that goes to a source.
    pub fn sent(&self, source: &str, sql: &str) {
        self.sent.lock().push(SentSql { source: source.to_owned(), sql: sql.to_owned() });
    }

    /// Records which snapshot of a table is read, such as `("lake.orders", "version 12")`, or of a source whose tables
    /// share one: `("shop", "snapshot 746:746:")`, in PostgreSQL's own notation.
    pub fn snapshot(&self, of: String, snapshot: String) {
        self.read(ReadSnapshot { of, snapshot, tells_of_rows: false });
    }

    /// Records which of a table's files are read.
    pub fn listing(&self, of: String, files: String) {
        self.read(ReadSnapshot { of, snapshot: files, tells_of_rows: true });
    }

    fn read(&self, read: ReadSnapshot) {
        let mut snapshots = self.snapshots.lock();
        if !snapshots.iter().any(|other| other.of == read.of) {
            snapshots.push(read);
        }
    }

    /// All SQL sent to sources so far, in order.
    pub fn sent_sql(&self) -> Vec<SentSql> {
        self.sent.lock().clone()
    }

    /// All snapshots read so far.
    pub fn snapshots(&self) -> Vec<ReadSnapshot> {
        self.snapshots.lock().clone()
    }
}

impl fmt::Debug for QueryScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueryScope").field("query_id", &self.query_id).field("user", &self.user).finish_non_exhaustive()
    }
}
