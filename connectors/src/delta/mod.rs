//! The `delta` kind: Delta Lake tables in a local folder or an S3 bucket.
//!
//! The log is replayed by delta-rs, which also prunes partitions and files by their statistics and reads deletion
//! vectors and column mapping. This module decides what may go down into the files, pins one version of each table
//! per statement, and says which file an error came from.

mod constants;
mod direct;
mod discover;
mod exec;
mod fault;
mod filters;
mod held;
mod mount;
mod reread;
mod table;

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;
use parking_lot::Mutex;
use serde::Deserialize;

use crate::store::ObjectStoreConfig;
use crate::{Connector, ConnectorError, QueryScope, ScanRequest, TableInfo};

use exec::DeltaExec;
use mount::Mounts;
use table::{DeltaFolder, Pinned};

/// Configuration of a source of kind `delta`. Either `root` or `tables` is given.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeltaConfig {
    /// `s3://bucket/prefix` or a local folder. Each folder directly below it that holds a `_delta_log` is a table
    /// named after the folder; folders further down are not looked at.
    pub root: Option<String>,
    /// SQL name to URL or path, for tables that don't lie together.
    pub tables: BTreeMap<String, String>,
    /// How an S3 store is reached.
    pub s3: ObjectStoreConfig,
}

/// One configured source of Delta tables.
#[derive(Debug)]
pub struct DeltaSource {
    name: Arc<str>,
    config: DeltaConfig,
    mounts: Mounts,
    /// Tables that were opened, by their URL: each keeps its replayed log, and only reads what was committed since.
    open: Mutex<HashMap<String, Arc<DeltaFolder>>>,
}

impl DeltaSource {
    /// The source `name`; asks no store yet.
    pub fn new(name: Arc<str>, config: DeltaConfig) -> Result<Self, ConnectorError> {
        if config.root.is_some() != config.tables.is_empty() {
            return Err(ConnectorError::Config {
                source_name: name.to_string(),
                reason: "expected one of \"root\" and \"tables\"".to_owned(),
            });
        }
        let mounts = Mounts::new(Arc::clone(&name), config.s3.clone());
        Ok(Self { name, config, mounts, open: Mutex::default() })
    }

    /// The table at `location`, opened once.
    fn folder(&self, table: &str, location: &str) -> Result<Arc<DeltaFolder>, ConnectorError> {
        if let Some(folder) = self.open.lock().get(location) {
            return Ok(Arc::clone(folder));
        }
        let folder = Arc::new(DeltaFolder::new(&self.name, table, self.mounts.open(location)?));
        Ok(Arc::clone(self.open.lock().entry(location.to_owned()).or_insert(folder)))
    }

    /// The version that this statement reads: the latest one when the statement first asks.
    async fn pinned(&self, scope: &QueryScope, table: &TableInfo) -> Result<Arc<Pinned>, ConnectorError> {
        let folder = self.folder(&table.name, &table.remote)?;
        let key = format!("{}/{}", self.name, table.remote);
        let pinned = scope.pin(&key, Box::pin(folder.latest())).await?;
        scope.snapshot(format!("{}.{}", table.schema, table.name), format!("version {}", pinned.version()));
        Ok(pinned)
    }
}

#[async_trait]
impl Connector for DeltaSource {
    fn name(&self) -> &Arc<str> {
        &self.name
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    async fn discover(&self) -> Result<Vec<TableInfo>, ConnectorError> {
        discover::tables(self).await
    }

    fn filter_support(&self, table: &TableInfo, filters: &[&Expr]) -> Vec<TableProviderFilterPushDown> {
        // Never `Exact`: the log keeps a file when in doubt, such as a NULL partition value, so the filter stays above.
        let answer = |filter: &&Expr| match filters::can_sink(filter, &table.columns) {
            true => TableProviderFilterPushDown::Inexact,
            false => TableProviderFilterPushDown::Unsupported,
        };
        filters.iter().map(answer).collect()
    }

    async fn scan(
        &self,
        session: &dyn Session,
        scope: &Arc<QueryScope>,
        request: ScanRequest<'_>,
    ) -> Result<Arc<dyn ExecutionPlan>, ConnectorError> {
        let table = request.table;
        let pinned = self.pinned(scope, table).await?;
        let provider = pinned.provider()?;
        let projection = pinned.projection(&provider.schema(), table, request.projection)?;
        pinned.folder().register(session);
        let scan = provider.scan(session, Some(&projection), request.filters, request.limit);
        let input = match pinned.folder().traced(Box::pin(scan)).await {
            Ok(input) => input,
            Err((error, trace)) => return Err(pinned.folder().explain_data(error, &trace, None).await),
        };
        let schema = Arc::new(table.columns.project(request.projection).map_err(table::engine)?);
        Ok(Arc::new(DeltaExec::new(pinned, schema, constants::doubted(input)?)?))
    }
}
