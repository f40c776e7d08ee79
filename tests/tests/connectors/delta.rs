//! The `delta` connector on tables that delta-rs's Python package wrote: what it prunes and pushes, which version it
//! reads, and what it says of tables and files that are broken.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests: what goes wrong fails the test")]

use std::any::Any;
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use arrow::datatypes::SchemaRef;
use arrow::util::pretty::pretty_format_batches;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::datasource::{MemTable, TableType};
use datafusion::error::DataFusionError;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::{ExecutionPlan, collect, displayable};
use datafusion::prelude::{SessionConfig, SessionContext};
use tokio_util::sync::CancellationToken;
use weir_connectors::delta::{DeltaConfig, DeltaSource};
use weir_connectors::{Connector, ConnectorError, QueryScope, ScanRequest, TableInfo};
use weir_tests::{python, run};

/// A source over a folder of its own, and one engine that all statements share.
struct Lake {
    folder: tempfile::TempDir,
    source: Arc<DeltaSource>,
    runtime: Arc<RuntimeEnv>,
}

impl Lake {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = Some(folder.path().to_str().unwrap().to_owned());
        let source = DeltaSource::new("lake".into(), DeltaConfig { root, ..DeltaConfig::default() }).unwrap();
        Self { folder, source: Arc::new(source), runtime: Arc::default() }
    }

    /// A source with what `delta.py` writes for `what`.
    fn with(what: &str, arguments: &[&str]) -> Self {
        let lake = Self::new();
        lake.write(what, arguments);
        lake
    }

    fn write(&self, what: &str, arguments: &[&str]) -> String {
        let folder = self.folder.path().to_str().unwrap();
        python::script("delta.py", &[&[what, folder], arguments].concat())
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    async fn table(&self, name: &str) -> Arc<TableInfo> {
        let tables = self.source.discover().await.unwrap();
        Arc::new(tables.into_iter().find(|t| t.name == name).unwrap_or_else(|| panic!("no table {name}")))
    }

    async fn statement(&self) -> Statement {
        Statement::new(&(Arc::clone(&self.source) as _), &self.runtime, self.source.discover().await.unwrap())
    }

    async fn rows(&self, sql: &str) -> String {
        let statement = self.statement().await;
        text(&statement.run(sql).await.unwrap())
    }

    async fn error(&self, sql: &str) -> String {
        let error = self.statement().await.run(sql).await.expect_err("an error");
        ConnectorError::find(&error).unwrap_or_else(|| panic!("not a connector's error: {error}")).to_string()
    }
}

/// One statement's view: tables as the catalog has them, and a scope.
struct Statement {
    context: SessionContext,
    scope: Arc<QueryScope>,
}

impl Statement {
    fn new(source: &Arc<dyn Connector>, runtime: &Arc<RuntimeEnv>, tables: Vec<TableInfo>) -> Self {
        let scope = QueryScope::new("1".to_owned(), "ana".to_owned(), CancellationToken::new());
        let config = SessionConfig::new().with_target_partitions(4).with_extension(Arc::clone(&scope));
        let context = SessionContext::new_with_config_rt(config, Arc::clone(runtime));
        for info in tables {
            let table = Scanned { source: Arc::clone(source), scope: Arc::clone(&scope), info: Arc::new(info) };
            context.register_table(table.info.name.clone(), Arc::new(table)).unwrap();
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

fn text(batches: &[RecordBatch]) -> String {
    pretty_format_batches(batches).unwrap().to_string()
}

/// Sum of a metric over a plan that has run.
fn metric(plan: &Arc<dyn ExecutionPlan>, name: &str) -> usize {
    let own = plan.metrics().and_then(|m| m.sum_by_name(name)).map_or(0, |value| value.as_usize());
    own + plan.children().into_iter().map(|child| metric(child, name)).sum::<usize>()
}

async fn files_read(lake: &Lake, sql: &str) -> usize {
    let statement = lake.statement().await;
    let plan = statement.plan(sql).await.unwrap();
    collect(Arc::clone(&plan), statement.context.task_ctx()).await.unwrap();
    metric(&plan, "count_files_scanned")
}

#[tokio::test(flavor = "multi_thread")]
async fn partitions_and_files_are_pruned() {
    let lake = Lake::with("partitioned", &[]);
    assert_eq!(files_read(&lake, "SELECT sum(id) FROM orders").await, 18);
    assert_eq!(files_read(&lake, "SELECT sum(id) FROM orders WHERE day = DATE '2024-03-02'").await, 3);
    assert_eq!(
        files_read(&lake, "SELECT sum(id) FROM orders WHERE region = 'north' AND day > DATE '2024-03-04'").await,
        2
    );
    // Each file holds every eighteenth id, so a bound on ids leaves files out by their statistics alone.
    assert_eq!(files_read(&lake, "SELECT sum(amount) FROM orders WHERE id < 4").await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_wanted_columns_are_read() {
    let lake = Lake::with("partitioned", &["60000"]);
    let bytes = async |sql: &str| {
        let statement = lake.statement().await;
        let plan = statement.plan(sql).await.unwrap();
        collect(Arc::clone(&plan), statement.context.task_ctx()).await.unwrap();
        metric(&plan, "bytes_scanned")
    };
    let narrow = bytes("SELECT paid FROM orders").await;
    let wide = bytes("SELECT * FROM orders").await;
    assert!(narrow * 5 < wide, "{narrow} of {wide} bytes");
    assert_eq!(
        lake.rows("SELECT region, paid, day, region AS r FROM orders WHERE id = 7").await,
        "\
+--------+-------+------------+-------+
| region | paid  | day        | r     |
+--------+-------+------------+-------+
| south  | false | 2024-03-02 | south |
+--------+-------+------------+-------+"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_reach_the_files_and_change_nothing() {
    let lake = Lake::with("partitioned", &[]);
    let statement = lake.statement().await;
    let all = statement.run("SELECT * FROM orders").await.unwrap();
    let schema = all[0].schema();
    let local = SessionContext::new();
    let copy = MemTable::try_new(Arc::clone(&schema), vec![vec![concat_batches(&schema, &all).unwrap()]]).unwrap();
    local.register_table("orders", Arc::new(copy)).unwrap();
    let predicates = [
        "id = 17",
        "id <> 17",
        "id > 590",
        "id BETWEEN 10 AND 20",
        "id IN (1, 5, 700)",
        "id NOT IN (1, 5, 7)",
        "region = 'north'",
        "region <> 'north'",
        "region IS NULL",
        "region IS NOT NULL",
        "NOT (region = 'north')",
        "region IN ('south', 'west')",
        "region > 'north'",
        "region LIKE 'n%'",
        "day >= DATE '2024-03-05'",
        "day = DATE '2024-03-03' OR region = 'south'",
        "day = DATE '2024-03-03' AND id > 300",
        "region = 'north' OR id < 5",
        "region IS DISTINCT FROM 'north'",
        "amount = 4.2",
        "amount >= 9.99",
        "amount < 0.05",
        "amount NOT BETWEEN 1 AND 8",
        "at < TIMESTAMPTZ '2024-03-01T00:00:05.000015Z'",
        "at = TIMESTAMPTZ '2024-03-01T00:00:05.000015Z'",
        "at > TIMESTAMPTZ '2024-03-01T00:09:58.001794Z'",
        "note IS NULL",
        "note LIKE 'note 1%'",
        "note > 'note 9'",
        "note NOT LIKE '%1%'",
        "score < 3",
        "score > 190",
        "score >= 'NaN'::double",
        "score = 'NaN'::double",
        "score <> 4",
        "NOT (score < 190)",
        "score NOT IN (1, 2)",
        "score BETWEEN 1 AND 'NaN'::double",
        "paid",
        "NOT paid",
        "paid IS NULL",
        "paid IS NOT TRUE",
        "paid = false",
        "id % 7 = 3",
        "id + 1 > 599",
        "length(note) > 46",
        "region = 'north' AND id % 2 = 0",
        "region = note",
        "coalesce(region, 'x') = 'x'",
        "1 = 0",
        "day::text LIKE '%-03-06'",
    ];
    for predicate in predicates {
        let sql = format!("SELECT * FROM orders WHERE {predicate} ORDER BY id");
        let ours = text(&lake.statement().await.run(&sql).await.unwrap());
        let expected = text(&local.sql(&sql).await.unwrap().collect().await.unwrap());
        assert_eq!(ours.lines().count(), expected.lines().count(), "{predicate}");
        assert_eq!(ours, expected, "{predicate}");
    }
    let plan = statement.plan("SELECT id FROM orders WHERE amount = 4.2 AND 10 / id > 1").await.unwrap();
    let shown = displayable(plan.as_ref()).indent(true).to_string();
    let source = shown.lines().find(|line| line.contains("DataSourceExec")).unwrap();
    assert!(source.contains("predicate=amount@") && !source.contains("10 /"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn floats_and_extremes_are_not_answered_from_statistics() {
    let lake = Lake::with("partitioned", &[]);
    let greatest = lake.rows("SELECT max(score) AS m, max(note) AS n FROM orders").await;
    assert!(greatest.contains(&format!("| NaN | note 96 {} |", "x".repeat(40))), "{greatest}");
    let top = lake.rows("SELECT id FROM orders ORDER BY score DESC NULLS LAST, id LIMIT 12").await;
    assert!(top.contains("| 550 |") && !top.contains("| 599 |"), "NaN is larger than every number:\n{top}");
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_come_from_the_log() {
    let lake = Lake::with("partitioned", &[]);
    let statement = lake.statement().await;
    let plan = statement.plan("SELECT count(*) FROM orders").await.unwrap();
    let shown = displayable(plan.as_ref()).indent(true).to_string();
    assert!(!shown.contains("DataSourceExec"), "{shown}");
    assert!(text(&statement.run("SELECT count(*) FROM orders").await.unwrap()).contains("600"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_type_comes_as_it_was_written() {
    let lake = Lake::with("types", &[]);
    let types: Vec<String> =
        lake.table("types").await.columns.fields().iter().map(|f| format!("{} {}", f.name(), f.data_type())).collect();
    let expected = [
        "b Boolean",
        "i8 Int8",
        "i16 Int16",
        "i32 Int32",
        "i64 Int64",
        "f32 Float32",
        "f64 Float64",
        "dec Decimal128(38, 10)",
        "s Utf8",
        "bin Binary",
        "d Date32",
        "ts Timestamp(µs, \"UTC\")",
        "ntz Timestamp(µs)",
    ];
    assert_eq!(types[..expected.len()], expected);
    let simple = lake.rows("SELECT b, i8, i16, i32, i64, f32, f64, dec, s, bin, d, ts, ntz FROM types").await;
    let nested = lake.rows("SELECT list, st, m, deep FROM types").await;
    assert_eq!(simple, include_str!("delta_types.txt").trim_end());
    assert_eq!(nested, include_str!("delta_nested.txt").trim_end());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_reads_one_version() {
    let lake = Lake::with("append", &["grow", "0", "10"]);
    let first = lake.statement().await;
    let count = "SELECT count(*) AS n, max(id) AS last FROM grow";
    assert!(text(&first.run(count).await.unwrap()).contains("| 10 | 9 "));
    lake.write("append", &["grow", "10", "5"]);
    assert!(text(&first.run(count).await.unwrap()).contains("| 10 | 9 "), "a pinned version must not move");
    assert_eq!(first.scope.snapshots(), [("lake.grow".to_owned(), "version 0".to_owned())]);
    let second = lake.statement().await;
    assert!(text(&second.run(count).await.unwrap()).contains("| 15 | 14 "), "the next statement sees the commit");
    assert_eq!(second.scope.snapshots(), [("lake.grow".to_owned(), "version 1".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_made_again_with_fewer_versions_is_noticed() {
    let lake = Lake::with("append", &["grow", "0", "10"]);
    lake.write("append", &["grow", "10", "10"]);
    assert!(lake.rows("SELECT sum(id) FROM grow").await.contains("190"));
    std::fs::remove_dir_all(lake.path("grow")).unwrap();
    lake.write("append", &["grow", "100", "1"]);
    assert!(lake.rows("SELECT sum(id) FROM grow").await.contains("100"));
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_that_changed_under_the_catalog_are_an_error() {
    let lake = Lake::with("append", &["grow", "0", "10"]);
    let statement = lake.statement().await;
    lake.write("retype", &["grow"]);
    let error = statement.run("SELECT id FROM grow").await.expect_err("another type");
    assert!(matches!(ConnectorError::find(&error), Some(ConnectorError::Changed { .. })), "{error}");
    assert!(lake.rows("SELECT id FROM grow ORDER BY id").await.contains("| a  |"));
}

#[tokio::test(flavor = "multi_thread")]
async fn deleted_rows_are_not_read() {
    let lake = Lake::with("deleted", &["dv", "0", "7", "99"]);
    lake.write("append", &["dv", "100", "10"]);
    assert!(lake.rows("SELECT count(*) AS n, sum(id) AS s FROM dv").await.contains("| 107 | 5889 |"));
    assert!(lake.rows("SELECT count(*) AS n FROM dv").await.contains("| 107 |"));
    assert!(lake.rows("SELECT count(*) AS n FROM dv WHERE id IN (7, 8, 99, 105)").await.contains("| 2 |"));
    assert!(lake.rows("SELECT id FROM dv WHERE id < 2").await.contains("| 1  |"));
    assert!(!lake.rows("SELECT id FROM dv ORDER BY id LIMIT 1").await.contains("| 0  |"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_reader_feature_is_refused() {
    for feature in ["quantumRead", "typeWidening"] {
        let lake = Lake::with("feature", &["odd", feature]);
        lake.write("append", &["fine", "0", "3"]);
        let table = TableInfo {
            name: "odd".to_owned(),
            remote: lake.path("odd").display().to_string(),
            ..(*lake.table("fine").await).clone()
        };
        let statement = Statement::new(&(Arc::clone(&lake.source) as _), &lake.runtime, vec![table]);
        let error = statement.run("SELECT * FROM odd").await.expect_err("refused");
        assert!(matches!(ConnectorError::find(&error), Some(ConnectorError::Unsupported { .. })), "{error}");
        assert!(error.to_string().to_lowercase().contains(&feature.to_lowercase()), "{error}");
        assert!(lake.rows("SELECT count(*) AS n FROM fine").await.contains("| 3 |"), "its neighbour is read");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_with_other_names_in_the_files_are_read() {
    let lake = Lake::with("mapped", &[]);
    assert!(lake.rows("SELECT count(*) AS n, sum(id) AS s FROM mapped").await.contains("| 100 | 4950 |"));
    let filtered = "SELECT id, part FROM mapped WHERE part = 'b' AND id > 90 AND id < 96";
    assert!(lake.rows(filtered).await.contains("| 91 | b    |\n| 94 | b    |\n+"));
    assert!(lake.rows("SELECT id FROM mapped WHERE part IS NULL AND id < 3").await.contains("| 2  |"));
    assert!(lake.rows("SELECT st FROM mapped WHERE id = 42").await.contains("{x: 42}"));
    assert_eq!(files_read(&lake, "SELECT id FROM mapped WHERE part = 'a'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrupt_file_is_named() {
    let lake = Lake::with("append", &["grow", "0", "100000"]);
    let file = lake.write("spoil", &["grow"]);
    let error = lake.statement().await.run("SELECT sum(id) FROM grow").await.expect_err("corrupt");
    match ConnectorError::find(&error) {
        Some(ConnectorError::Corrupt { file: named, offset_bytes, .. }) => {
            assert_eq!(named, file.trim());
            assert_eq!(*offset_bytes, 4, "the first column chunk begins behind the magic number");
        }
        other => panic!("{other:?} of {error}"),
    }
    std::fs::write(file.trim(), b"not Parquet at all").unwrap();
    assert!(lake.error("SELECT * FROM grow").await.contains(file.trim()));
    std::fs::remove_file(file.trim()).unwrap();
    let gone = lake.error("SELECT * FROM grow").await;
    assert!(gone.contains(file.trim()) && gone.contains("has changed"), "{gone}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_predicate_is_not_a_corrupt_file() {
    let lake = Lake::with("append", &["grow", "0", "10"]);
    let error =
        lake.statement().await.run("SELECT id FROM grow WHERE 10 / id > 1").await.expect_err("division by zero");
    assert!(ConnectorError::find(&error).is_none(), "{error}");
    assert!(matches!(error.find_root(), DataFusionError::ArrowError(..)), "its type survives: {error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrupt_log_is_named_and_hides_no_other_table() {
    let lake = Lake::with("append", &["broken", "0", "3"]);
    lake.write("append", &["fine", "0", "3"]);
    std::fs::create_dir_all(lake.path("no_table/below")).unwrap();
    let table = lake.table("broken").await;
    let commit = lake.path(&format!("broken/_delta_log/{:020}.json", 1));
    std::fs::write(&commit, "{\"add\": {\"path\": oops").unwrap();
    let names: Vec<String> = lake.source.discover().await.unwrap().into_iter().map(|t| t.name).collect();
    assert_eq!(names, ["fine"]);
    let statement = Statement::new(&(Arc::clone(&lake.source) as _), &lake.runtime, vec![(*table).clone()]);
    let error = statement.run("SELECT * FROM broken").await.expect_err("corrupt").to_string();
    assert!(error.contains(commit.to_str().unwrap()), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_root_is_unreachable() {
    let config = DeltaConfig { root: Some("/nowhere/at/all".to_owned()), ..DeltaConfig::default() };
    let error = DeltaSource::new("lake".into(), config).unwrap().discover().await.expect_err("no such folder");
    assert!(matches!(&error, ConnectorError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains("/nowhere/at/all"), "{error}");
    assert!(DeltaSource::new("lake".into(), DeltaConfig::default()).is_err(), "neither root nor tables");
}

#[tokio::test(flavor = "multi_thread")]
async fn listed_tables_may_lie_anywhere() {
    let lake = Lake::with("append", &["one", "0", "3"]);
    let tables = [("renamed".to_owned(), lake.path("one").display().to_string())].into();
    let source = DeltaSource::new("odd.Name".into(), DeltaConfig { tables, ..DeltaConfig::default() }).unwrap();
    let source: Arc<dyn Connector> = Arc::new(source);
    let found = source.discover().await.unwrap();
    assert_eq!((found[0].schema.as_str(), found[0].name.as_str()), ("odd.Name", "renamed"));
    let statement = Statement::new(&source, &lake.runtime, found);
    assert!(text(&statement.run("SELECT sum(id) AS s FROM renamed").await.unwrap()).contains("| 3 |"));
}

/// An S3 emulator; ends with the test.
struct S3 {
    child: Child,
    endpoint: String,
}

impl S3 {
    fn start() -> Self {
        let port = run::free_port().to_string();
        let program: &Path = &python::python().with_file_name("ministack");
        let mut command = Command::new(program);
        for name in ["GATEWAY_PORT", "EDGE_PORT", "MINISTACK_PORT"] {
            command.env(name, &port);
        }
        command.env("BIND_HOST", "127.0.0.1").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap_or_else(|e| panic!("{}: {e}", program.display()));
        let s3 = Self { child, endpoint: format!("http://127.0.0.1:{port}") };
        let address = format!("127.0.0.1:{port}");
        run::wait_for("the S3 emulator", Duration::from_secs(30), || std::net::TcpStream::connect(&address).ok());
        s3
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_in_a_bucket_are_read() {
    let s3 = S3::start();
    python::script("delta.py", &["s3", &s3.endpoint, "lake"]);
    let secrets = tempfile::tempdir().unwrap();
    let key = secrets.path().join("key");
    std::fs::write(&key, "test\n").unwrap();
    let config = serde_json::json!({
        "root": "s3://lake/tables",
        "s3": {
            "region": "us-east-1", "endpoint": s3.endpoint, "allow_http": true,
            "access_key": format!("file:{}", key.display()), "secret_key": format!("file:{}", key.display()),
        },
    });
    let source = DeltaSource::new("cloud".into(), serde_json::from_value(config).unwrap()).unwrap();
    let source: Arc<dyn Connector> = Arc::new(source);
    let runtime = Arc::default();
    let statement = Statement::new(&source, &runtime, source.discover().await.unwrap());
    let rows = text(&statement.run("SELECT count(*) AS n, sum(id) AS s FROM orders WHERE id >= 990").await.unwrap());
    assert!(rows.contains("| 10 | 9945 |"), "{rows}");
    drop(s3);
    let start = std::time::Instant::now();
    let error = source.discover().await.expect_err("nobody answers");
    assert!(matches!(&error, ConnectorError::Unreachable { .. }), "{error}");
    assert!(start.elapsed() < Duration::from_secs(20), "took {:?}", start.elapsed());
}

/// Keeps the harness honest: the connector is what answers, not a copy.
#[tokio::test(flavor = "multi_thread")]
async fn the_plan_shows_source_table_and_version() {
    let lake = Lake::with("append", &["grow", "0", "10"]);
    let plan = lake.statement().await.plan("SELECT id FROM grow").await.unwrap();
    let shown = displayable(plan.as_ref()).indent(true).to_string();
    assert!(shown.contains("DeltaExec: source=lake, table=grow, version=0"), "{shown}");
    let _: &dyn Any = lake.source.as_any();
}
