//! The `avro` connector: Avro object container files in dated folders, as stream loaders write them.
//!
//! ```toml
//! [sources.history]
//! kind = "avro"
//! root = "s3://lake/events"            # or a local folder
//! s3 = { region = "eu-west-1" }        # see crate::store::ObjectStoreConfig
//! ```
//!
//! Each folder under the root is a table; its columns are those of the record ([`avro::arrow_type`], [`avro::merge`]),
//! then `_date` (from the path: [`layout`]), `_file` (path below the root) and `_offset` (number of the record in its
//! file, from 0). A field of one of these names hides that column. A file or folder whose name starts with `.` or `_`
//! is passed over, and so is any file that doesn't end in `.avro`.

pub mod avro;
mod exec;
pub mod layout;
mod listing;
mod prune;
mod read;
mod table;

use std::any::Any;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;
use object_store::ObjectStore;
use object_store::path::Path;
use serde::Deserialize;
use tokio::sync::OnceCell;
use url::Url;

use crate::store::{self, ObjectStoreConfig};
use crate::{Connector, ConnectorError, QueryScope, ScanRequest, TableInfo};

pub use exec::AvroScanExec;

use listing::{DateRange, PinnedFiles};
use table::TableRemote;

/// A source of kind `avro` as configured.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AvroConfig {
    /// `s3://bucket/folder`, `file:///folder`, or a local path: the folder that holds one folder per topic.
    pub root: String,
    #[serde(default)]
    pub s3: ObjectStoreConfig,
}

/// One source of kind `avro`.
#[derive(Debug)]
pub struct AvroSource {
    name: Arc<str>,
    config: AvroConfig,
    root: OnceCell<Root>,
}

/// The opened root.
#[derive(Debug, Clone)]
pub(crate) struct Root {
    pub store: Arc<dyn ObjectStore>,
    pub prefix: Path,
    pub url: Url,
}

impl Root {
    /// The place in the store of a path below the root.
    pub fn path(&self, source: &str, below: &str) -> Result<Path, ConnectorError> {
        // Parsed, not joined: the parts of a listed path are encoded already.
        Path::parse(format!("{}/{below}", self.prefix)).map_err(|e| store::store_error(source, e.into()))
    }
}

impl AvroSource {
    /// Makes the source; asks nothing of the store.
    pub fn new(name: Arc<str>, config: AvroConfig) -> Result<Self, ConnectorError> {
        Ok(Self { name, config, root: OnceCell::new() })
    }

    /// The store, opened by whoever needs it first.
    pub(crate) async fn root(&self) -> Result<&Root, ConnectorError> {
        let open = || async {
            let (name, config) = (Arc::clone(&self.name), self.config.clone());
            // Off the runtime's threads: secrets may be files.
            let opened = tokio::task::spawn_blocking(move || store::open(&name, &config.root, &config.s3)).await;
            let (store, prefix, url) = opened.map_err(|e| self.internal(&e.to_string()))??;
            Ok(Root { store, prefix, url })
        };
        self.root.get_or_try_init(open).await
    }

    fn internal(&self, reason: &str) -> ConnectorError {
        let message = format!("source {}: {reason}", self.name);
        datafusion::error::DataFusionError::Internal(message).into()
    }

    fn remote(&self, table: &TableInfo) -> Result<TableRemote, ConnectorError> {
        serde_json::from_str(&table.remote).map_err(|e| self.internal(&format!("table {}: {e}", table.name)))
    }
}

#[async_trait]
impl Connector for AvroSource {
    fn name(&self) -> &Arc<str> {
        &self.name
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    async fn discover(&self) -> Result<Vec<TableInfo>, ConnectorError> {
        table::discover(&self.name, self.root().await?).await
    }

    fn filter_support(&self, table: &TableInfo, filters: &[&Expr]) -> Vec<TableProviderFilterPushDown> {
        filters.iter().map(|filter| prune::support(&table.columns, filter)).collect()
    }

    async fn scan(
        &self,
        session: &dyn Session,
        scope: &Arc<QueryScope>,
        request: ScanRequest<'_>,
    ) -> Result<Arc<dyn ExecutionPlan>, ConnectorError> {
        let remote = self.remote(request.table)?;
        let range = DateRange::of_filters(request.filters);
        let key = format!("{}/{}", self.name, request.table.name);
        let pinned = scope.pin(&key, async { Ok(PinnedFiles::new(&remote.folder)) }).await?;
        let root = self.root().await?;
        let listed = scope.cancel.run_until_cancelled(pinned.list(&self.name, root, range)).await;
        let listed = listed.ok_or(ConnectorError::Canceled)??;
        scope.listing(format!("{}.{}", request.table.schema, request.table.name), listed.describe());
        let kept = prune::apply(session, &request, &listed.files)?;
        let scan = exec::Scan::new(&self.name, &request, remote, listed, kept)?;
        Ok(Arc::new(AvroScanExec::new(scan, session.config().target_partitions())))
    }
}
