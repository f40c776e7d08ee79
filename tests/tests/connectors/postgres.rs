//! The `postgres` connector on a real PostgreSQL: every type, exact filters, quoting, one snapshot per statement, cancel,
//! broken connections.

mod faults;
mod filters;
mod snapshots;
mod tls;
mod types;

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::util::pretty::pretty_format_batches;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::datasource::TableType;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::{ExecutionPlan, collect, displayable};
use datafusion::prelude::{SessionConfig, SessionContext};
use tokio_util::sync::CancellationToken;
use weir_connectors::postgres::{PostgresConfig, PostgresSource};
use weir_connectors::{Connector, ConnectorError, QueryScope, ScanRequest, Sources, TableInfo};
use weir_tests::postgres::Postgres;

/// A server of a test's own, and the source over its database `postgres`.
struct Shop {
    server: Postgres,
    source: Arc<dyn Connector>,
}

impl Shop {
    fn with(sql: &str) -> Self {
        let server = Postgres::start();
        server.psql("postgres").expect(sql);
        let source = source(PostgresConfig::new(server.url("postgres")));
        Self { server, source }
    }

    fn psql(&self, sql: &str) -> String {
        self.server.psql("postgres").expect(sql)
    }

    async fn statement(&self) -> Statement {
        Statement::new(&self.source, true, self.source.discover().await.unwrap())
    }

    async fn rows(&self, sql: &str) -> String {
        text(&self.statement().await.run(sql).await.unwrap())
    }

    async fn error(&self, sql: &str) -> DataFusionError {
        self.statement().await.run(sql).await.expect_err("an error")
    }
}

fn source(config: PostgresConfig) -> Arc<dyn Connector> {
    Arc::new(PostgresSource::new("shop".into(), config).unwrap())
}

/// One statement: the tables as the catalog has them, and a scope.
struct Statement {
    context: SessionContext,
    scope: Arc<QueryScope>,
}

impl Statement {
    /// `push`: filters may go to the source; otherwise the engine evaluates all of them.
    fn new(source: &Arc<dyn Connector>, push: bool, tables: Vec<TableInfo>) -> Self {
        let scope = QueryScope::new("q-1".to_owned(), "ana".to_owned(), CancellationToken::new());
        let config = SessionConfig::new()
            .with_target_partitions(4)
            .with_extension(Arc::clone(&scope))
            .with_extension(Sources::new([Arc::clone(source)]));
        let context = SessionContext::new_with_config(config);
        for info in tables {
            let name = info.name.clone();
            let table = Scanned { source: Arc::clone(source), scope: Arc::clone(&scope), info: Arc::new(info), push };
            context.register_table(datafusion::common::TableReference::bare(name), Arc::new(table)).unwrap();
        }
        Self { context, scope }
    }

    async fn plan(&self, sql: &str) -> Result<Arc<dyn ExecutionPlan>, DataFusionError> {
        self.context.sql(sql).await?.create_physical_plan().await
    }

    async fn run(&self, sql: &str) -> Result<Vec<RecordBatch>, DataFusionError> {
        let plan = self.plan(sql).await?;
        let schema = plan.schema();
        let batches = collect(plan, self.context.task_ctx()).await?;
        for batch in &batches {
            assert_eq!(batch.schema_ref(), &schema, "a batch of another schema than its plan");
        }
        Ok(batches)
    }

    async fn explain(&self, sql: &str) -> String {
        displayable(self.plan(sql).await.unwrap().as_ref()).indent(false).to_string()
    }
}

/// A table of the catalog, read through its connector, as the server does it.
#[derive(Debug)]
struct Scanned {
    source: Arc<dyn Connector>,
    scope: Arc<QueryScope>,
    info: Arc<TableInfo>,
    push: bool,
}

#[async_trait]
impl TableProvider for Scanned {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.info.columns)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> datafusion::error::Result<Vec<TableProviderFilterPushDown>> {
        match self.push {
            true => Ok(self.source.filter_support(&self.info, filters)),
            false => Ok(vec![TableProviderFilterPushDown::Unsupported; filters.len()]),
        }
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> datafusion::error::Result<Arc<dyn ExecutionPlan>> {
        let all: Vec<usize> = (0..self.info.columns.fields().len()).collect();
        let projection = projection.unwrap_or(&all);
        let request = ScanRequest { table: &self.info, projection, filters, limit };
        Ok(self.source.scan(session, &self.scope, request).await?)
    }
}

fn text(batches: &[RecordBatch]) -> String {
    pretty_format_batches(batches).unwrap().to_string()
}

/// The connector's error inside the engine's.
fn kind(error: &DataFusionError) -> &ConnectorError {
    ConnectorError::find(error).unwrap_or_else(|| panic!("not a connector's error: {error}"))
}
