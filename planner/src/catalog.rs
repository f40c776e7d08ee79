//! A snapshot of all sources' tables, and the table provider that hands a scan to its source's connector.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::datasource::TableType;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;
use weir_connectors::{Connector, ConnectorError, Fails, QueryScope, ScanRequest, Sources, TableInfo};

use crate::permit::veil::{VeiledExec, veil};

/// What one source answered when it was asked for its tables.
pub struct Discovered {
    pub source: Arc<str>,
    /// SQL schemas that the source fills, known without reaching it.
    pub schemas: Vec<String>,
    pub tables: Result<Vec<TableInfo>, ConnectorError>,
}

/// All tables of all sources at one time. Immutable; a refresh makes a new one.
#[derive(Debug, Default)]
pub struct Catalog {
    schemas: BTreeMap<String, BTreeMap<String, Arc<TableInfo>>>,
    /// Schemas whose source has never been reached: source name and reason.
    down: BTreeMap<String, Down>,
}

/// A source that has not been reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Down {
    pub source: String,
    pub reason: String,
}

impl Catalog {
    /// The catalog of what was discovered. A source that can't be reached now keeps the tables it had before.
    pub fn build(previous: &Self, discovered: &[Discovered]) -> Self {
        let mut catalog = Self::default();
        for answer in discovered {
            match &answer.tables {
                Ok(tables) => catalog.add(&answer.schemas, tables),
                Err(error) => catalog.keep(previous, &answer.source, &answer.schemas, &error.to_string()),
            }
        }
        catalog
    }

    fn add(&mut self, schemas: &[String], tables: &[TableInfo]) {
        for schema in schemas {
            self.schemas.entry(schema.clone()).or_default();
        }
        for table in tables {
            let (schema, name) = (table.schema.clone(), table.name.clone());
            let taken = self.schemas.entry(schema).or_default().insert(name, Arc::new(table.clone()));
            if let Some(other) = taken {
                tracing::warn!(table = %format!("{}.{}", other.schema, other.name), source = %other.source,
                    "two sources show a table of the same name; the later one wins");
            }
        }
    }

    fn keep(&mut self, previous: &Self, source: &Arc<str>, schemas: &[String], reason: &str) {
        for schema in schemas {
            match previous.schemas.get(schema) {
                Some(tables) => {
                    let kept =
                        tables.iter().filter(|(_, t)| t.source == *source).map(|(n, t)| (n.clone(), Arc::clone(t)));
                    self.schemas.entry(schema.clone()).or_default().extend(kept);
                }
                None => {
                    let down = Down { source: source.to_string(), reason: reason.to_owned() };
                    self.down.insert(schema.clone(), down);
                }
            }
        }
    }

    /// Schemas and their tables, by name.
    pub fn schemas(&self) -> &BTreeMap<String, BTreeMap<String, Arc<TableInfo>>> {
        &self.schemas
    }

    /// Schemas whose source has never been reached.
    pub fn down(&self) -> &BTreeMap<String, Down> {
        &self.down
    }

    pub fn tables(&self) -> impl Iterator<Item = &Arc<TableInfo>> {
        self.schemas.values().flat_map(BTreeMap::values)
    }

    pub fn table(&self, schema: &str, name: &str) -> Option<&Arc<TableInfo>> {
        self.schemas.get(schema)?.get(name)
    }

    /// The catalog without some of its tables.
    #[must_use]
    pub fn without(&self, tables: &[Arc<TableInfo>]) -> Self {
        let (mut schemas, down) = (self.schemas.clone(), self.down.clone());
        for table in tables {
            if let Some(kept) = schemas.get_mut(&table.schema) {
                kept.remove(&table.name);
            }
        }
        Self { schemas, down }
    }

    /// Whether both show the same tables with the same columns.
    pub fn same_as(&self, other: &Self) -> bool {
        self.schemas == other.schemas && self.down == other.down
    }
}

/// A source's table as the engine's planner wants it. It is put into plans by `permit` alone.
#[derive(Debug)]
pub(crate) struct SourceTable {
    pub info: Arc<TableInfo>,
    /// The row filter that reads it in a sub-select; `None`: the statement itself does.
    pub filter: Option<Arc<str>>,
    connector: Arc<dyn Connector>,
}

impl SourceTable {
    pub fn new(info: Arc<TableInfo>, sources: &Sources) -> Result<Self, ConnectorError> {
        let connector = Arc::clone(sources.get(&info.source)?);
        Ok(Self { info, filter: None, connector })
    }

    /// Whether a user's predicate on hidden rows could be told by an error: where values may fail to be read, unless the
    /// source itself leaves the hidden rows out.
    pub fn tells_by_errors(&self, filter: Option<&Expr>) -> Result<bool> {
        match self.connector.fails(&self.info) {
            Fails::Nowhere => return Ok(false),
            Fails::WhereFiltered => return Ok(true),
            Fails::WhereRead => {}
        }
        let Some(filter) = filter else { return Ok(true) };
        let parts = split_conjunction(filter);
        let support = self.supports_filters_pushdown(&parts)?;
        Ok(support.iter().any(|support| *support != TableProviderFilterPushDown::Exact))
    }

    /// The same table, read for a row filter.
    pub fn on_behalf_of(self, filter: Arc<str>) -> Self {
        Self { filter: Some(filter), ..self }
    }
}

#[async_trait]
impl TableProvider for SourceTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.info.columns)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(self.connector.filter_support(&self.info, filters))
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let scope = QueryScope::of_config(session.config())?;
        let all: Vec<usize>;
        let projection = match projection {
            Some(columns) => columns.as_slice(),
            None => {
                all = (0..self.info.columns.fields().len()).collect();
                &all
            }
        };
        let request = ScanRequest { table: &self.info, projection, filters, limit };
        let scan = self.connector.scan(session, &scope, request).await.map_err(DataFusionError::from);
        match self.filter {
            None => scan,
            Some(_) => Ok(Arc::new(VeiledExec::new(scan.map_err(veil)?))),
        }
    }
}
