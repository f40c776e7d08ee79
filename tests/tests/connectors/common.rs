//! What the tests of every kind of source share: its tables as the catalog has them, and an engine that reads them
//! through the connector, as the server does.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::util::pretty::pretty_format_batches;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::TableReference;
use datafusion::datasource::TableType;
use datafusion::error::DataFusionError;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::{ExecutionPlan, collect, displayable};
use datafusion::prelude::{SessionConfig, SessionContext};
use tokio_util::sync::CancellationToken;
use weir_connectors::{Connector, ConnectorError, QueryScope, ScanRequest, Sources, TableInfo};
use weir_tests::python;

/// A source, and one engine that all statements over it share.
#[derive(Clone)]
pub struct Engine {
    pub source: Arc<dyn Connector>,
    runtime: Arc<RuntimeEnv>,
    partitions: usize,
    push: bool,
}

impl Engine {
    /// Plans with up to so many partitions, and gives the source every filter that it takes.
    pub fn new(source: Arc<dyn Connector>, partitions: usize) -> Self {
        Self { source, runtime: Arc::default(), partitions, push: true }
    }

    /// The same engine over another source.
    pub fn over(&self, source: Arc<dyn Connector>) -> Self {
        Self { source, ..self.clone() }
    }

    /// The same, but no filter goes to the source: the engine evaluates all of them.
    pub fn keeping_filters(&self) -> Self {
        Self { push: false, ..self.clone() }
    }

    /// A statement over the tables that the source has now.
    pub async fn statement(&self) -> Statement {
        self.statement_over(self.source.discover().await.unwrap())
    }

    /// A statement over tables as they were found before.
    pub fn statement_over(&self, tables: Vec<TableInfo>) -> Statement {
        let scope = QueryScope::new("q-1".to_owned(), "ana".to_owned(), CancellationToken::new());
        let config = SessionConfig::new()
            .with_target_partitions(self.partitions)
            .with_extension(Arc::clone(&scope))
            .with_extension(Sources::new([Arc::clone(&self.source)]));
        let context = SessionContext::new_with_config_rt(config, Arc::clone(&self.runtime));
        for info in tables {
            let name = TableReference::bare(info.name.clone());
            let (source, scope) = (Arc::clone(&self.source), Arc::clone(&scope));
            let table = Scanned { source, scope, info: Arc::new(info), push: self.push };
            context.register_table(name, Arc::new(table)).unwrap();
        }
        Statement { context, scope }
    }

    /// The rows of a statement of its own, as a table.
    pub async fn rows(&self, sql: &str) -> String {
        text(&self.statement().await.run(sql).await.unwrap_or_else(|e| panic!("{sql}: {e}")))
    }

    /// Asserts what the rows of a statement are; `expect` may stand between empty lines.
    pub async fn check(&self, sql: &str, expect: &str) {
        assert_eq!(self.rows(sql).await, expect.trim(), "{sql}");
    }

    /// The error of a statement that must fail.
    pub async fn error(&self, sql: &str) -> DataFusionError {
        match self.statement().await.run(sql).await {
            Err(error) => error,
            Ok(rows) => panic!("{sql} succeeded with\n{}", text(&rows)),
        }
    }

    /// What the connector says in the error of a statement that must fail.
    pub async fn message(&self, sql: &str) -> String {
        kind(&self.error(sql).await).to_string()
    }
}

/// A source over a folder of a test's own.
pub struct Folder {
    folder: tempfile::TempDir,
    engine: Engine,
    script: &'static str,
}

impl Folder {
    /// An empty one; `open` makes the engine over a root, and `script` of tests/data writes into it.
    pub fn empty(open: impl FnOnce(&str) -> Engine, script: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let engine = open(folder.path().to_str().unwrap());
        Self { folder, engine, script }
    }

    /// Lets the script write `what`; gives what it prints.
    pub fn write(&self, what: &str, arguments: &[&str]) -> String {
        python::script(self.script, &[&[what, self.folder.path().to_str().unwrap()], arguments].concat())
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }
}

impl Deref for Folder {
    type Target = Engine;

    fn deref(&self) -> &Engine {
        &self.engine
    }
}

/// One statement: tables as the catalog has them, and a scope.
pub struct Statement {
    pub context: SessionContext,
    pub scope: Arc<QueryScope>,
}

impl Statement {
    pub async fn plan(&self, sql: &str) -> Result<Arc<dyn ExecutionPlan>, DataFusionError> {
        self.context.sql(sql).await?.create_physical_plan().await
    }

    pub async fn run(&self, sql: &str) -> Result<Vec<RecordBatch>, DataFusionError> {
        self.run_plan(self.plan(sql).await?).await
    }

    /// All rows of a plan of this statement.
    pub async fn run_plan(&self, plan: Arc<dyn ExecutionPlan>) -> Result<Vec<RecordBatch>, DataFusionError> {
        let schema = plan.schema();
        let batches = collect(plan, self.context.task_ctx()).await?;
        for batch in &batches {
            assert_eq!(batch.schema_ref(), &schema, "a batch of another schema than its plan");
        }
        Ok(batches)
    }

    /// The plan of a statement that has run to its end, with its metrics.
    pub async fn finished(&self, sql: &str) -> Arc<dyn ExecutionPlan> {
        let plan = self.plan(sql).await.unwrap();
        self.run_plan(Arc::clone(&plan)).await.unwrap();
        plan
    }

    pub async fn explain(&self, sql: &str) -> String {
        shown(&self.plan(sql).await.unwrap())
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

pub fn text(batches: &[RecordBatch]) -> String {
    pretty_format_batches(batches).unwrap().to_string()
}

/// A plan as EXPLAIN shows it, one node a line.
pub fn shown(plan: &Arc<dyn ExecutionPlan>) -> String {
    displayable(plan.as_ref()).indent(true).to_string()
}

/// Sum of a metric over a plan that has run.
pub fn metric(plan: &Arc<dyn ExecutionPlan>, name: &str) -> usize {
    let own = plan.metrics().and_then(|m| m.sum_by_name(name)).map_or(0, |value| value.as_usize());
    own + plan.children().into_iter().map(|child| metric(child, name)).sum::<usize>()
}

/// The connector's error inside the engine's.
pub fn kind(error: &DataFusionError) -> &ConnectorError {
    ConnectorError::find(error).unwrap_or_else(|| panic!("not a connector's error: {error}"))
}
