//! The system catalogs as one principal sees them: pg_catalog from datafusion-pg-catalog over the principal's names
//! alone, information_schema and Weir's own tables made here.

mod information_schema;
mod names;
mod status;

use std::sync::{Arc, LazyLock};

use arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::TableSource;
use datafusion_pg_catalog::pg_catalog::context::EmptyContextProvider;
use datafusion_pg_catalog::pg_catalog::{PgCatalogSchemaProvider, PgCatalogStaticTables};

use crate::PlanError;
use crate::view::View;
use names::Names;
pub use status::PolicyStatus;
pub(crate) use status::SCHEMA as OWN_SCHEMA;
use status::StatusTable;

/// The system tables of one view. They hold only what the view holds.
pub struct SystemCatalog {
    pg_catalog: PgCatalogSchemaProvider<Names, EmptyContextProvider>,
    names: Names,
    /// Only for those who may see policies.
    policy_status: Option<Arc<PolicyStatus>>,
}

/// A system table in a bound plan: filtered by what it was made of, so that nothing is left to decide on it.
pub(crate) struct SystemSource(pub Arc<dyn TableProvider>);

impl TableSource for SystemSource {
    fn schema(&self) -> SchemaRef {
        self.0.schema()
    }
}

impl SystemCatalog {
    pub(crate) fn new(view: &View) -> Result<Self, PlanError> {
        let names = Names::of(view);
        let pg_catalog = PgCatalogSchemaProvider::try_new(names.clone(), static_tables()?, EmptyContextProvider)?;
        let policy_status = view.may_see_policies.then(|| Arc::clone(&view.runtime.policy_status));
        Ok(Self { pg_catalog, names, policy_status })
    }

    /// A table of `pg_catalog`, `information_schema` or `weir`; `None` if there is none of that name.
    pub(crate) fn table(&self, schema: &str, table: &str) -> Result<Option<Arc<dyn TableSource>>, PlanError> {
        let provider = match schema {
            "information_schema" => information_schema::table(&self.names, table)?,
            OWN_SCHEMA => self.own(table),
            _ => match self.pg_catalog.build_table_by_name(table)? {
                Some(table) => Some(table.try_into_table_provider()?),
                None => None,
            },
        };
        Ok(provider.map(|provider| Arc::new(SystemSource(provider)) as Arc<dyn TableSource>))
    }
}

impl SystemCatalog {
    fn own(&self, table: &str) -> Option<Arc<dyn TableProvider>> {
        let status = self.policy_status.as_ref().filter(|_| table == status::TABLE)?;
        Some(Arc::new(StatusTable(Arc::clone(status))))
    }
}

/// What every PostgreSQL has built in (types, operators, ...); read once, shared by all views.
fn static_tables() -> Result<Arc<PgCatalogStaticTables>, PlanError> {
    static TABLES: LazyLock<Result<Arc<PgCatalogStaticTables>, String>> =
        LazyLock::new(|| PgCatalogStaticTables::try_new().map(Arc::new).map_err(|error| error.to_string()));
    TABLES.clone().map_err(|error| PlanError::from(DataFusionError::Internal(error)))
}
