//! What a source of data is to Weir: the [`Connector`] trait, the kinds that implement it, and what they share.
//!
//! A connector finds tables ([`Connector::discover`]) and builds execution plan nodes that read them
//! ([`Connector::scan`]). It knows nothing of principals, policies, SQL text from users, or the wire.

pub mod delta;
pub mod error;
pub mod files;
pub mod gate;
pub mod own_type;
pub mod pattern;
pub mod pgtype;
pub mod postgres;
pub mod scope;
pub mod secret;
pub mod sources;
pub mod store;

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;

pub use error::ConnectorError;
pub use scope::{QueryScope, ReadSnapshot};
pub use secret::Secret;
pub use sources::Sources;

/// A table as its source shows it. Plain data: it can be kept, compared and written down.
#[derive(Debug, Clone, PartialEq)]
pub struct TableInfo {
    /// Name of the configured source that holds the table.
    pub source: Arc<str>,
    /// SQL schema under which the table shows.
    pub schema: String,
    /// SQL name of the table.
    pub name: String,
    /// All columns in the table's order. A field's metadata may carry its PostgreSQL type: see [`pgtype`].
    pub columns: SchemaRef,
    /// What the source says of the table, if it says anything.
    pub comment: Option<String>,
    /// Where the connector finds the table again: a folder's URL, a remote schema and name. Only it reads this.
    pub remote: String,
}

/// What a scan is asked to return.
#[derive(Debug)]
pub struct ScanRequest<'a> {
    pub table: &'a Arc<TableInfo>,
    /// Indices into `table.columns`, in output order; may be empty (a count needs no column).
    pub projection: &'a [usize],
    /// Conjuncts over the table's columns. Every one was answered `Exact` or `Inexact` by
    /// [`Connector::filter_support`]; the `Exact` ones are not checked again above the scan.
    pub filters: &'a [Expr],
    /// At most so many rows are needed. May be ignored; never set together with an `Inexact` filter.
    pub limit: Option<usize>,
}

/// Where a statement may fail by a value that a row of a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fails {
    Nowhere,
    /// Where the row is read. Then which rows are read must not depend on a predicate of the user's, unless it runs with the
    /// row filter at the source: the error would tell of a hidden row.
    WhereRead,
    /// Where a column of it is looked at, be it at the source: no predicate of the user's may look at a hidden row.
    WhereFiltered,
}

/// One configured source.
#[async_trait]
pub trait Connector: Debug + Send + Sync {
    /// The configured name of the source.
    fn name(&self) -> &Arc<str>;

    /// The connector itself: a plan node that runs finds its own kind's connector through it.
    fn as_any(&self) -> &dyn Any;

    /// The SQL schemas that the source fills; known without reaching it.
    fn schemas(&self) -> Vec<String> {
        vec![self.name().to_string()]
    }

    /// Reaches the source and lists what it holds.
    async fn discover(&self) -> Result<Vec<TableInfo>, ConnectorError>;

    /// What the scan would do with each conjunct; pure, no I/O.
    fn filter_support(&self, table: &TableInfo, filters: &[&Expr]) -> Vec<TableProviderFilterPushDown>;

    /// Where a statement may fail by a value that a row holds.
    fn fails(&self, _table: &TableInfo) -> Fails {
        Fails::Nowhere
    }

    /// Builds the node that reads the table. The snapshot that it reads is pinned in `scope`: two scans of one
    /// statement read the same version of the same table.
    async fn scan(
        &self,
        session: &dyn Session,
        scope: &Arc<QueryScope>,
        request: ScanRequest<'_>,
    ) -> Result<Arc<dyn ExecutionPlan>, ConnectorError>;
}
