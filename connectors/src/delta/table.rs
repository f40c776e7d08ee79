//! One Delta table: its replayed log, kept and brought up to date, and the version that a statement has pinned.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::catalog::Session;
use datafusion::error::DataFusionError;
use datafusion::physical_plan::ExecutionPlan;
use deltalake::DeltaTable;
use deltalake::delta_datafusion::{DeltaScanConfig, DeltaScanNext};
use deltalake::kernel::EagerSnapshot;
use deltalake::logstore::{LogStoreRef, StorageConfig, default_logstore};
use object_store::ObjectStoreExt;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use tokio::sync::Mutex;

use super::fault;
use super::held;
use super::mount::{Mount, Trace};
use crate::{ConnectorError, TableInfo};

/// A folder with a `_delta_log`.
#[derive(Debug)]
pub struct DeltaFolder {
    source: Arc<str>,
    table: String,
    mount: Mount,
    /// The log as last replayed; none before the first use.
    log: Mutex<Option<DeltaTable>>,
}

impl DeltaFolder {
    pub fn new(source: &Arc<str>, table: &str, mount: Mount) -> Self {
        Self { source: Arc::clone(source), table: table.to_owned(), mount, log: Mutex::default() }
    }

    pub fn source(&self) -> &Arc<str> {
        &self.source
    }

    pub fn table(&self) -> &str {
        &self.table
    }

    pub fn mount(&self) -> &Mount {
        &self.mount
    }

    /// The latest version, read from the log now. Only commits that are new since the last time are read.
    pub async fn latest(self: Arc<Self>) -> Result<Pinned, ConnectorError> {
        let mut log = self.log.lock().await;
        let kept = match log.take() {
            Some(table) => self.catch_up(table).await,
            None => None,
        };
        let table = match kept {
            Some(table) => table,
            None => self.load().await?,
        };
        let snapshot = table.snapshot().map(|state| state.snapshot().clone());
        let snapshot = snapshot.map_err(|e| self.broken(&e))?;
        *log = Some(table);
        drop(log);
        Ok(Pinned { folder: self, snapshot: Arc::new(snapshot) })
    }

    /// Makes the store known to the engine's registry, which all sessions share. A source that was configured anew
    /// takes the place of its predecessor.
    pub fn register(&self, session: &dyn Session) {
        session.runtime_env().register_object_store(&self.mount.engine_url, Arc::clone(&self.mount.store));
    }

    /// Waits for `future`, which builds or runs a scan; with an error comes the trace of what was read.
    pub async fn traced<T, E>(&self, future: impl Future<Output = Result<T, E>>) -> Result<T, (E, Trace)> {
        let trace = Trace::default();
        trace.follow(future).await.map_err(|e| (e, trace.clone()))
    }

    /// What an error of the engine means that arose while data files were read.
    pub async fn explain_data(
        &self,
        error: DataFusionError,
        trace: &Trace,
        plan: Option<&Arc<dyn ExecutionPlan>>,
    ) -> ConnectorError {
        fault::of_data(self, error, trace.last_file(), plan).await
    }

    async fn load(&self) -> Result<DeltaTable, ConnectorError> {
        let mut table = DeltaTable::new(self.log_store());
        match Box::pin(table.load()).await {
            Ok(()) => Ok(table),
            Err(e) => Err(fault::of_log(self, &e).await),
        }
    }

    /// The kept log with what was committed since; none if it must be read anew.
    async fn catch_up(&self, mut table: DeltaTable) -> Option<DeltaTable> {
        let before = table.version();
        if let Err(e) = Box::pin(table.update_incremental(None)).await {
            tracing::debug!(source = %self.source, table = self.table, error = %e, "reading the log anew");
            return None;
        }
        (table.version() != before || self.is_same(&table).await).then_some(table)
    }

    /// Whether the last commit is still the one that was read: a table can be dropped and made again with fewer
    /// versions, and an incremental update would not notice.
    async fn is_same(&self, table: &DeltaTable) -> bool {
        let Ok(state) = table.snapshot() else { return false };
        let version = state.version();
        let commit = self.mount.prefix.clone().join("_delta_log").join(format!("{version:020}.json"));
        match self.mount.store.head(&commit).await {
            Ok(meta) => state.version_timestamp(version) == Some(meta.last_modified.timestamp_millis()),
            Err(_) => false,
        }
    }

    fn log_store(&self) -> LogStoreRef {
        let root = Arc::clone(&self.mount.store);
        let prefixed = Arc::new(PrefixStore::new(Arc::clone(&root), self.mount.prefix.clone()));
        default_logstore(prefixed, root, &self.mount.engine_url, &StorageConfig::default())
    }

    fn broken(&self, error: &deltalake::DeltaTableError) -> ConnectorError {
        self.unsupported(error.to_string())
    }

    pub fn unsupported(&self, reason: String) -> ConnectorError {
        ConnectorError::Unsupported { source_name: self.source.to_string(), table: self.table.clone(), reason }
    }

    pub fn changed(&self, reason: String) -> ConnectorError {
        ConnectorError::Changed { source_name: self.source.to_string(), table: self.table.clone(), reason }
    }

    /// The folder of the log, in the store.
    pub fn log_prefix(&self) -> Path {
        self.mount.prefix.clone().join("_delta_log")
    }
}

/// One version of a table.
#[derive(Debug, Clone)]
pub struct Pinned {
    folder: Arc<DeltaFolder>,
    snapshot: Arc<EagerSnapshot>,
}

impl Pinned {
    pub fn folder(&self) -> &Arc<DeltaFolder> {
        &self.folder
    }

    pub fn version(&self) -> u64 {
        self.snapshot.version()
    }

    /// Whether all columns stand in the files: those by which a table is partitioned stand in its log.
    pub fn holds_all_columns(&self) -> bool {
        self.snapshot.metadata().partition_columns().is_empty()
    }

    /// What the table says of itself.
    pub fn comment(&self) -> Option<String> {
        self.snapshot.metadata().description().map(str::to_owned).filter(|text| !text.is_empty())
    }

    /// The columns as the log declares them. Also known of tables that can't be read.
    pub fn columns(&self) -> SchemaRef {
        self.snapshot.arrow_schema()
    }

    /// delta-rs's own reader of this version. Refuses tables with reader features that it doesn't know.
    pub fn provider(&self) -> Result<DeltaScanNext, ConnectorError> {
        // Plain strings and plain partition columns: the types that the other kinds of source give, so that a join
        // between them needs no cast.
        let config = DeltaScanConfig { schema_force_view_types: false, ..DeltaScanConfig::new() }
            .with_wrap_partition_values(false)
            .with_parquet_pushdown(true);
        DeltaScanNext::new(Arc::clone(&self.snapshot), config).map_err(|e| fault::of_features(&self.folder, e))
    }

    /// Where the wanted columns of the catalog's `table` are among those of this version.
    pub fn projection(
        &self,
        now: &SchemaRef,
        table: &TableInfo,
        wanted: &[usize],
    ) -> Result<Vec<usize>, ConnectorError> {
        let now_shown = held::columns(now);
        let place = |&at: &usize| {
            let field = table.columns.field(at);
            let (place, found) = now
                .column_with_name(field.name())
                .ok_or_else(|| self.folder.changed(format!("column \"{}\" has gone", field.name())))?;
            if now_shown.field(place).data_type() != field.data_type() || (found.is_nullable() && !field.is_nullable())
            {
                return Err(self.folder.changed(format!("column \"{}\" has another type", field.name())));
            }
            Ok(place)
        };
        wanted.iter().map(place).collect()
    }
}

/// An error of Arrow, passed on by way of the engine.
pub fn engine(error: arrow::error::ArrowError) -> ConnectorError {
    ConnectorError::from(DataFusionError::from(error))
}
