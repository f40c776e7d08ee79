//! PostgreSQL and Aurora PostgreSQL as a source: discovery through its catalogs, scans as binary COPY of a query that
//! carries the projection, the filters and the limit.
//!
//! Reading order: [`config`], [`discover`] and [`kind`] (what there is and how it shows), [`pushdown`] with
//! [`literals`] and [`sql`] (what is asked), [`scan`], [`snapshot`] and [`pool`] (how it is read), `decode` (what comes
//! back), [`error`].

mod config;
mod decode;
mod discover;
mod error;
mod kind;
mod literals;
mod own_types;
mod pool;
mod pushdown;
mod scan;
mod snapshot;
mod sql;
mod tls;

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use arrow::datatypes::{DataType, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;

pub use config::{PostgresConfig, TlsMode};
pub use scan::PostgresScanExec;

use crate::{Connector, ConnectorError, Fails, QueryScope, ScanRequest, TableInfo};
use discover::{Failure, RemoteTable};
use pool::Pool;
use pushdown::Writer;
use snapshot::Snapshot;

/// How long discovery may take once the source is connected.
const DISCOVERY: Duration = Duration::from_secs(60);

/// One configured PostgreSQL database.
#[derive(Debug)]
pub struct PostgresSource {
    name: Arc<str>,
    /// SQL schema to remote schema.
    schemas: BTreeMap<String, String>,
    pool: Arc<Pool>,
}

impl PostgresSource {
    /// Checks the configuration; reaches nothing.
    pub fn new(name: Arc<str>, config: PostgresConfig) -> Result<Self, ConnectorError> {
        let pool = Arc::new(Pool::new(Arc::clone(&name), &config)?);
        let schemas = match config.schemas {
            none if none.is_empty() => BTreeMap::from([(name.to_string(), "public".to_owned())]),
            schemas => schemas,
        };
        Ok(Self { name, schemas, pool })
    }

    fn pool(&self) -> &Arc<Pool> {
        &self.pool
    }

    async fn read_catalog(&self) -> Result<Vec<TableInfo>, ConnectorError> {
        let _turn = self.pool.turn().await?;
        loop {
            let (conn, reused) = self.pool.connection().await?;
            match discover::tables(&conn.client, &self.name, &self.schemas).await {
                Ok(tables) => {
                    self.pool.give_back(conn);
                    return Ok(tables);
                }
                Err(Failure::Driver(e)) if reused && error::is_disconnect(&e) => continue,
                Err(Failure::Driver(e)) => return Err(error::running(&self.name, "pg_catalog", &e)),
                Err(other) => {
                    self.pool.give_back(conn);
                    return Err(self.config_error(other.to_string()));
                }
            }
        }
    }

    fn config_error(&self, reason: String) -> ConnectorError {
        ConnectorError::Config { source_name: self.name.to_string(), reason }
    }
}

#[async_trait]
impl Connector for PostgresSource {
    fn name(&self) -> &Arc<str> {
        &self.name
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn schemas(&self) -> Vec<String> {
        self.schemas.keys().cloned().collect()
    }

    async fn discover(&self) -> Result<Vec<TableInfo>, ConnectorError> {
        match tokio::time::timeout(DISCOVERY, self.read_catalog()).await {
            Ok(result) => result,
            Err(_) => Err(ConnectorError::Unreachable {
                source_name: self.name.to_string(),
                reason: format!("its catalogs gave no answer within {} s", DISCOVERY.as_secs()),
            }),
        }
    }

    fn fails(&self, table: &TableInfo) -> Fails {
        if RemoteTable::of(table).is_ok_and(|remote| remote.computes) {
            return Fails::WhereFiltered;
        }
        let out_of_range = |data_type: &DataType| {
            matches!(
                data_type,
                DataType::Decimal128(..) | DataType::Timestamp(..) | DataType::Interval(_) | DataType::List(_)
            )
        };
        match table.columns.fields().iter().any(|field| out_of_range(field.data_type())) {
            true => Fails::WhereRead,
            false => Fails::Nowhere,
        }
    }

    fn filter_support(&self, table: &TableInfo, filters: &[&Expr]) -> Vec<TableProviderFilterPushDown> {
        let Ok(remote) = RemoteTable::of(table) else {
            return vec![TableProviderFilterPushDown::Unsupported; filters.len()];
        };
        let writer = Writer { columns: &table.columns, remote: &remote };
        let support = |filter: &&Expr| match writer.predicate(filter) {
            Some(_) => TableProviderFilterPushDown::Exact,
            None => TableProviderFilterPushDown::Unsupported,
        };
        filters.iter().map(support).collect()
    }

    async fn scan(
        &self,
        _session: &dyn Session,
        scope: &Arc<QueryScope>,
        request: ScanRequest<'_>,
    ) -> Result<Arc<dyn ExecutionPlan>, ConnectorError> {
        let remote = RemoteTable::of(request.table)?;
        let schema: SchemaRef = Arc::new(
            request
                .table
                .columns
                .project(request.projection)
                .map_err(|e| ConnectorError::from(datafusion::error::DataFusionError::from(e)))?,
        );
        let query = query(&remote, &request)?;
        let kinds = request.projection.iter().filter_map(|i| remote.kinds.get(*i).cloned()).collect();
        Snapshot::of(scope, &self.pool).await?.plan();
        let table = format!("{}.{}", request.table.schema, request.table.name);
        Ok(Arc::new(PostgresScanExec::new(Arc::clone(&self.name), table, query, schema, kinds)))
    }
}

/// The query that a scan sends, inside its COPY.
fn query(remote: &RemoteTable, request: &ScanRequest<'_>) -> Result<String, ConnectorError> {
    let columns = &request.table.columns;
    let writer = Writer { columns, remote };
    let select: Vec<String> =
        request.projection.iter().map(|i| remote.kinds[*i].select(columns.field(*i).name())).collect();
    let mut query = String::from("SELECT");
    if !select.is_empty() {
        query.push(' ');
        query.push_str(&select.join(", "));
    }
    query.push_str(" FROM ");
    query.push_str(&sql::table(&remote.schema, &remote.table));
    for (index, filter) in request.filters.iter().enumerate() {
        let predicate = writer.predicate(filter).ok_or_else(|| {
            // Leaving it out would show rows that it hides.
            ConnectorError::from(datafusion::error::DataFusionError::Internal(format!("filter not pushable: {filter}")))
        })?;
        query.push_str(if index == 0 { " WHERE " } else { " AND " });
        query.push_str(&predicate);
    }
    if let Some(limit) = request.limit {
        query.push_str(&format!(" LIMIT {limit}"));
    }
    Ok(query)
}
