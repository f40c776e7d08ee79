//! The `avro` connector on files that fastavro wrote: types, evolution, what is pruned, and what broken files give.

use std::any::Any;
use std::fmt::Debug;
use std::fs;
use std::path::PathBuf;
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
use weir_connectors::files::{AvroConfig, AvroSource};
use weir_connectors::{Connector, ConnectorError, QueryScope, ScanRequest, Sources, TableInfo, pgtype};
use weir_tests::python;

/// A source over a folder of its own.
struct Folder {
    folder: tempfile::TempDir,
    source: Arc<dyn Connector>,
}

impl Folder {
    fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let source = source_at(folder.path().to_str().unwrap());
        Self { folder, source }
    }

    /// A source with what `avro.py` writes for `what`.
    fn with(what: &str, arguments: &[&str]) -> Self {
        let made = Self::empty();
        python::script("avro.py", &[&[what, made.folder.path().to_str().unwrap()], arguments].concat());
        made
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    async fn statement(&self) -> Statement {
        Statement::new(&self.source, self.source.discover().await.unwrap())
    }

    async fn check(&self, sql: &str, expect: &str) {
        let rows = self.statement().await.run(sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
        assert_eq!(pretty_format_batches(&rows).unwrap().to_string(), expect.trim(), "{sql}");
    }

    async fn error(&self, sql: &str) -> String {
        message(&self.statement().await.run(sql).await.expect_err("an error"))
    }
}

fn source_at(root: &str) -> Arc<dyn Connector> {
    let config = AvroConfig { root: root.to_owned(), s3: Default::default() };
    Arc::new(AvroSource::new("history".into(), config).unwrap())
}

fn message(error: &DataFusionError) -> String {
    ConnectorError::find(error).unwrap_or_else(|| panic!("not a connector's error: {error}")).to_string()
}

/// One statement's view: tables as the catalog has them, and a scope.
struct Statement {
    context: SessionContext,
    scope: Arc<QueryScope>,
}

impl Statement {
    fn new(source: &Arc<dyn Connector>, tables: Vec<TableInfo>) -> Self {
        let scope = QueryScope::new("1".to_owned(), "ana".to_owned(), CancellationToken::new());
        let config = SessionConfig::new()
            .with_target_partitions(2)
            .with_extension(Arc::clone(&scope))
            .with_extension(Sources::new([Arc::clone(source)]));
        let context = SessionContext::new_with_config(config);
        for info in tables {
            let table = Scanned { source: Arc::clone(source), scope: Arc::clone(&scope), info: Arc::new(info) };
            context.register_table(format!("\"{}\"", table.info.name), Arc::new(table)).unwrap();
        }
        Self { context, scope }
    }

    async fn plan(&self, sql: &str) -> Result<Arc<dyn ExecutionPlan>, DataFusionError> {
        self.context.sql(sql).await?.create_physical_plan().await
    }

    async fn run(&self, sql: &str) -> Result<Vec<RecordBatch>, DataFusionError> {
        collect(self.plan(sql).await?, self.context.task_ctx()).await
    }
}

/// A table of the catalog, read through its connector, as the server does it.
#[derive(Debug)]
struct Scanned {
    source: Arc<dyn Connector>,
    scope: Arc<QueryScope>,
    info: Arc<TableInfo>,
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
        Ok(self.source.filter_support(&self.info, filters))
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

#[tokio::test(flavor = "multi_thread")]
async fn draft() {
    for (what, sqls) in [
        (
            "kinds",
            vec![
                "select bool,int,long,float,double,bytes,text,fix,suit from kinds",
                "select day,tms,tus,ms,us,lms,lus,ns from kinds",
                "select dec,dfix,wide,id,idfix,span,_date,_file,_offset from kinds",
            ],
        ),
        (
            "layouts",
            vec![
                "select * from mixed order by id",
                "select * from \"Mixed Case\"",
                "select count(*) from mixed where _date is null",
            ],
        ),
        ("evolution", vec!["select * from orders order by id", "select * from clash", "select * from lacks"]),
        ("nested", vec!["select * from trips", "select * from plain", "explain select number from trips"]),
        (
            "codecs",
            vec![
                "select count(*), sum(id), count(score) from \"null\"",
                "select count(*), sum(id), count(score) from deflate",
                "select count(*), sum(id), count(score) from snappy",
                "select count(*), sum(id), count(score) from zstandard",
                "select count(*), sum(id), count(score) from bzip2",
            ],
        ),
        (
            "days",
            vec![
                "explain select id from orders where _date = date '2024-03-03'",
                "select count(*), sum(id) from orders where _date between date '2024-03-03' and date '2024-03-04'",
                "explain select count(*) from orders where _file = 'orders/2024/03/01/part-0.avro'",
                "explain select id from orders limit 3",
            ],
        ),
    ] {
        let f = Folder::with(what, &[]);
        for t in f.source.discover().await.unwrap() {
            println!(
                "{} {:?}",
                t.name,
                t.columns
                    .fields()
                    .iter()
                    .map(|f| format!("{} {} {}", f.name(), f.data_type(), f.is_nullable()))
                    .collect::<Vec<_>>()
            );
        }
        for sql in sqls {
            match f.statement().await.run(sql).await {
                Ok(rows) => println!("{sql}\n{}", pretty_format_batches(&rows).unwrap()),
                Err(e) => println!("{sql}\nERROR {e}\n{:?}", ConnectorError::find(&e).map(|e| e.to_string())),
            }
        }
    }
}
