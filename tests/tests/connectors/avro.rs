//! The `avro` connector on files that fastavro wrote: types, evolution, what is pruned, and what broken files give.

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
async fn every_type_has_its_column() {
    let folder = Folder::with("kinds", &[]);
    let tables = folder.source.discover().await.unwrap();
    let columns: Vec<String> = tables[0]
        .columns
        .fields()
        .iter()
        .map(|f| {
            format!("{} {}{}", f.name(), f.data_type(), pgtype::typname(f).map_or(String::new(), |t| format!(" {t}")))
        })
        .collect();
    let expect = [
        "bool Boolean",
        "int Int32",
        "long Int64",
        "float Float32",
        "double Float64",
        "bytes Binary",
        "text Utf8",
        "fix Binary",
        "suit Utf8",
        "day Date32",
        "tms Time64(µs)",
        "tus Time64(µs)",
        "ms Timestamp(µs, \"UTC\")",
        "us Timestamp(µs, \"UTC\")",
        "lms Timestamp(µs)",
        "lus Timestamp(µs)",
        "ns Timestamp(ns, \"UTC\")",
        "dec Decimal128(10, 2)",
        "dfix Decimal128(15, 3)",
        "wide Decimal256(50, 10)",
        "id Utf8 uuid",
        "idfix Utf8 uuid",
        "span Interval(MonthDayNano)",
        "_date Date32",
        "_file Utf8",
        "_offset Int64",
    ];
    assert_eq!(columns, expect);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_type_has_its_value() {
    let folder = Folder::with("kinds", &[]);
    folder
        .check(
            "SELECT bool, int, long, float, double, bytes, text, fix, suit FROM kinds ORDER BY _offset",
            "
+-------+-------------+----------------------+-------+--------+-------+------+--------+--------+
| bool  | int         | long                 | float | double | bytes | text | fix    | suit   |
+-------+-------------+----------------------+-------+--------+-------+------+--------+--------+
| true  | 7           | 1099511627776        | 1.5   | 2.25   | 00ff  | añ✓  | 616263 | HEARTS |
| false | -2147483648 | -9223372036854775808 | -inf  | NaN    |       |      | 616263 | SPADES |
|       |             |                      |       |        |       |      |        |        |
+-------+-------------+----------------------+-------+--------+-------+------+--------+--------+",
        )
        .await;
    folder
        .check(
            "SELECT day, tms, tus, ms, us, lms, lus, ns FROM kinds ORDER BY _offset LIMIT 1",
            "
+------------+--------------+-----------------+--------------------------+-----------------------------+-------------------------+----------------------------+--------------------------------+
| day        | tms          | tus             | ms                       | us                          | lms                     | lus                        | ns                             |
+------------+--------------+-----------------+--------------------------+-----------------------------+-------------------------+----------------------------+--------------------------------+
| 2024-02-29 | 01:02:03.004 | 23:59:59.999999 | 2024-02-29T12:00:00.001Z | 1969-12-31T23:59:59.999999Z | 2024-01-01T00:00:00.005 | 1900-01-01T00:00:00.000001 | 2023-11-14T22:13:20.123456789Z |
+------------+--------------+-----------------+--------------------------+-----------------------------+-------------------------+----------------------------+--------------------------------+",
        )
        .await;
    folder
        .check(
            "SELECT dec, dfix, wide, id, idfix, span FROM kinds ORDER BY _offset LIMIT 2",
            "
+--------------+--------+------------------------------------------------------+--------------------------------------+--------------------------------------+---------------------------------+
| dec          | dfix   | wide                                                 | id                                   | idfix                                | span                            |
+--------------+--------+------------------------------------------------------+--------------------------------------+--------------------------------------+---------------------------------+
| -12345678.90 | -0.001 | 1234567890123456789012345678901234567890.0123456789  | 12345678-90ab-cdef-1234-567890abcdef | 00000000-0000-0000-0000-0000000000ff | 14 mons 3 days 1.500000000 secs |
| 99999999.99  | -0.001 | -1234567890123456789012345678901234567890.0123456789 | 12345678-90ab-cdef-1234-567890abcdef | 00000000-0000-0000-0000-0000000000ff | 14 mons 3 days 1.500000000 secs |
+--------------+--------+------------------------------------------------------+--------------------------------------+--------------------------------------+---------------------------------+",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nested_values_are_read() {
    let folder = Folder::with("nested", &[]);
    folder
        .check(
            "SELECT points, by_name, maybe, either, number, void FROM trips ORDER BY _offset",
            "
+-----------------------------+-----------------+--------------+---------------------------------------+--------+------+
| points                      | by_name         | maybe        | either                                | number | void |
+-----------------------------+-----------------+--------------+---------------------------------------+--------+------+
| [{x: 1, y: 2}, {x: 3, y: }] | {a: [1, , 3]}   | {x: 9, y: 9} | {string: text, int: , point: }        | 1.0    |      |
| []                          | {}              |              | {string: , int: 5, point: }           | 2.5    |      |
| [{x: 4, y: 4}]              | {b: [], c: [7]} |              | {string: , int: , point: {x: 1, y: }} |        |      |
| []                          | {}              |              |                                       |        |      |
+-----------------------------+-----------------+--------------+---------------------------------------+--------+------+",
        )
        .await;
    // A schema that is no record is one column.
    folder
        .check(
            "SELECT value, _offset FROM plain",
            "
+-------+---------+
| value | _offset |
+-------+---------+
| a     | 0       |
| b     | 1       |
+-------+---------+",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn older_files_resolve_to_the_newest_schema() {
    let folder = Folder::with("evolution", &[]);
    folder
        .check(
            "SELECT inner, id, amount, label, kind, login, tags, note, _date FROM orders ORDER BY _date",
            "
+-------------------+---------------+--------+-------+------+-------+-------+------+------------+
| inner             | id            | amount | label | kind | login | tags  | note | _date      |
+-------------------+---------------+--------+-------+------+-------+-------+------+------------+
| {y: none, x: 1.0} | 1             | 1.5    | one   | A    | ana   | [new] |      | 2022-01-01 |
| {y: none, x: 2.0} | 1099511627776 |        | two   | C    | bo    | [new] |      | 2023-01-01 |
| {y: y, x: 2.5}    | 3             | 3.5    | three | B    | cy    | []    | n    | 2024-01-01 |
+-------------------+---------------+--------+-------+------+-------+-------+------+------------+",
        )
        .await;
    // Only wanted fields are resolved, each to its own column, whatever the order.
    folder
        .check(
            "SELECT login, id FROM orders WHERE _date = DATE '2022-01-01'",
            "
+-------+----+
| login | id |
+-------+----+
| ana   | 1  |
+-------+----+",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_that_does_not_resolve_is_an_error() {
    let folder = Folder::with("evolution", &[]);
    assert_eq!(
        folder.error("SELECT id FROM clash").await,
        "table \"clash\" of source \"history\" can't be read: file \"clash/2023/01/01/a.avro\": the file's schema does not resolve to the table's: \
         id: string can't be read as long"
    );
    assert_eq!(
        folder.error("SELECT new FROM lacks").await,
        "table \"lacks\" of source \"history\" can't be read: file \"lacks/2023/01/01/a.avro\": the file's schema does not resolve to the table's: \
         field \"new\" is missing from the file and has no default"
    );
    folder
        .check(
            "SELECT id FROM clash WHERE _date > DATE '2023-12-31'",
            "
+----+
| id |
+----+
| 1  |
+----+",
        )
        .await;
}

/// What the scan of a statement shows of itself, and how many files it read.
async fn scanned(folder: &Folder, sql: &str) -> (String, usize) {
    let statement = folder.statement().await;
    let plan = statement.plan(sql).await.unwrap();
    collect(Arc::clone(&plan), statement.context.task_ctx()).await.unwrap();
    let shown = displayable(plan.as_ref()).indent(true).to_string();
    let scan = shown.lines().find_map(|line| Some(line[line.find("AvroScanExec: ")?..].to_owned()));
    (scan.unwrap_or_else(|| panic!("no scan in {shown}")), metric(&plan, "files_read"))
}

fn metric(plan: &Arc<dyn ExecutionPlan>, name: &str) -> usize {
    let own = plan.metrics().and_then(|m| m.sum_by_name(name)).map_or(0, |value| value.as_usize());
    own + plan.children().into_iter().map(|child| metric(child, name)).sum::<usize>()
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_pruned_by_date_and_path() {
    let folder = Folder::with("days", &[]);
    for (filter, files, listed) in [
        ("true", 40, "40/40"),
        ("_date = DATE '2024-03-03'", 4, "4/4, days=2024-03-03..2024-03-03"),
        ("_date BETWEEN DATE '2024-03-03' AND DATE '2024-03-04'", 8, "8/8, days=2024-03-03..2024-03-04"),
        ("_date >= DATE '2024-03-09'", 8, "8/8, days=2024-03-09.."),
        ("DATE '2024-03-02' > _date", 4, "4/4, days=..2024-03-01"),
        ("_date IN (DATE '2024-03-02', DATE '2024-03-05')", 8, "8/16, days=2024-03-02..2024-03-05"),
        ("_date = DATE '2024-03-02' OR _date = DATE '2024-03-03'", 8, "8/8, days=2024-03-02..2024-03-03"),
        ("_date <> DATE '2024-03-02'", 36, "36/40"),
        ("_date IS NULL", 0, "0/40"),
        ("_file = 'orders/2024/03/01/part-0.avro'", 1, "1/40"),
        (
            "_date = DATE '2024-03-01' AND _file <> 'orders/2024/03/01/part-0.avro'",
            3,
            "3/4, days=2024-03-01..2024-03-01",
        ),
        ("_date > DATE '2030-01-01'", 0, "0/0, days=2030-01-02.."),
        ("id = 17", 40, "40/40"),
    ] {
        let sql = format!("SELECT sum(id) FROM orders WHERE {filter}");
        let (shown, read) = scanned(&folder, &sql).await;
        assert_eq!(read, files, "{sql}");
        let expect = format!("AvroScanExec: source=history, table=orders, files={listed}, projection=[");
        assert!(shown.starts_with(&expect), "{sql}: {shown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pruning_changes_no_answer() {
    let folder = Folder::with("days", &[]);
    // Rows of day d are ids 40(d-1) to 40d-1; the same filter on ids is never answered by the path.
    for (by_path, by_value) in [
        ("_date = DATE '2024-03-03'", "id BETWEEN 80 AND 119"),
        ("_date < DATE '2024-03-03' OR _date > DATE '2024-03-09'", "id < 80 OR id >= 360"),
        ("NOT _date BETWEEN DATE '2024-03-02' AND DATE '2024-03-09'", "id < 40 OR id >= 360"),
        ("_date NOT IN (DATE '2024-03-01', DATE '2024-03-10')", "id BETWEEN 40 AND 359"),
        ("_date = DATE '2024-03-02' AND id % 2 = 0", "id BETWEEN 40 AND 79 AND id % 2 = 0"),
        ("_date IS NOT NULL AND _file > 'orders/2024/03/05/part-1.avro'", "id >= 180"),
    ] {
        let rows = async |filter: &str| {
            let sql = format!("SELECT id, name, amount FROM orders WHERE {filter} ORDER BY id");
            pretty_format_batches(&folder.statement().await.run(&sql).await.unwrap()).unwrap().to_string()
        };
        assert_eq!(rows(by_path).await, rows(by_value).await, "{by_path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn projection_and_limit_reach_the_scan() {
    let folder = Folder::with("days", &[]);
    let (shown, read) = scanned(&folder, "SELECT name FROM orders LIMIT 3").await;
    assert_eq!(shown, "AvroScanExec: source=history, table=orders, files=40/40, projection=[name], limit=3");
    assert!(read <= 2, "{read} files for three rows");
    let (shown, _) = scanned(&folder, "SELECT count(*) FROM orders").await;
    assert!(shown.ends_with("projection=[]"), "{shown}");
    folder
        .check(
            "SELECT count(*) AS n, count(DISTINCT _file) AS files, max(_offset) AS last FROM orders",
            "
+-----+-------+------+
| n   | files | last |
+-----+-------+------+
| 400 | 40    | 9    |
+-----+-------+------+",
        )
        .await;
    folder
        .check(
            "SELECT count(*) AS n FROM orders",
            "
+-----+
| n   |
+-----+
| 400 |
+-----+",
        )
        .await;
    folder
        .check(
            "SELECT amount, _offset, name, _file FROM orders WHERE id = 17",
            "
+--------+---------+------+-------------------------------+
| amount | _offset | name | _file                         |
+--------+---------+------+-------------------------------+
| 4.25   | 7       | n17  | orders/2024/03/01/part-1.avro |
+--------+---------+------+-------------------------------+",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_layout_gives_its_date() {
    let folder = Folder::with("layouts", &[]);
    folder
        .check(
            "SELECT id, _date, _file FROM mixed ORDER BY id",
            "
+----+------------+---------------------------------------------+
| id | _date      | _file                                       |
+----+------------+---------------------------------------------+
| 0  | 2024-03-01 | mixed/2024/03/01/a.avro                     |
| 1  | 2024-03-02 | mixed/2024/03/02/13/b.avro                  |
| 2  | 2024-03-03 | mixed/2024-03-03/c.avro                     |
| 3  | 2024-03-04 | mixed/date=2024-03-04/d.avro                |
| 4  | 2024-03-05 | mixed/year=2024/month=3/day=5/hour=1/e.avro |
| 5  | 2024-03-06 | mixed/20240306/f.avro                       |
| 6  |            | mixed/g.avro                                |
| 7  |            | mixed/misc/h.avro                           |
| 8  |            | mixed/2024/13/01/i.avro                     |
+----+------------+---------------------------------------------+",
        )
        .await;
    folder
        .check(
            "SELECT id FROM mixed WHERE _date >= DATE '2024-03-02' AND _date < DATE '2024-03-06' ORDER BY id",
            "
+----+
| id |
+----+
| 1  |
| 2  |
| 3  |
| 4  |
+----+",
        )
        .await;
    folder
        .check(
            "SELECT id, _file FROM \"Mixed Case\"",
            "
+----+------------------------------+
| id | _file                        |
+----+------------------------------+
| 1  | Mixed Case/2024/03/01/a.avro |
+----+------------------------------+",
        )
        .await;
    let names: Vec<String> = folder.source.discover().await.unwrap().into_iter().map(|table| table.name).collect();
    assert_eq!(names, ["Mixed Case", "mixed"], "a folder without files is no table");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_codec_is_read() {
    let folder = Folder::with("codecs", &[]);
    for codec in ["null", "deflate", "snappy", "zstandard", "bzip2"] {
        let sql = format!(
            "SELECT count(*) AS n, sum(id) AS ids, count(score) AS scores, sum(score) AS score, \
             sum(array_length(tags)) AS tags, max(name) AS name FROM \"{codec}\""
        );
        folder
            .check(
                &sql,
                "
+------+---------+--------+-----------+------+--------+
| n    | ids     | scores | score     | tags | name   |
+------+---------+--------+-----------+------+--------+
| 2000 | 1999000 | 667    | 83291.625 | 3000 | name 9 |
+------+---------+--------+-----------+------+--------+",
            )
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_sees_one_set_of_files() {
    let folder = Folder::with("days", &[]);
    let statement = folder.statement().await;
    let first = statement.plan("SELECT sum(id) FROM orders WHERE _date <= DATE '2024-03-05'").await.unwrap();
    // A file that comes now belongs to the next statement, even for a scan that asks for more days.
    fs::copy(folder.path("orders/2024/03/01/part-0.avro"), folder.path("orders/2024/03/01/part-9.avro")).unwrap();
    let rows = statement.run("SELECT count(*) AS n FROM orders WHERE _date < DATE '2024-03-03'").await.unwrap();
    assert_eq!(count(&rows), 80);
    assert_eq!(count(&statement.run("SELECT count(*) AS n FROM orders").await.unwrap()), 400);
    assert_eq!(count(&folder.statement().await.run("SELECT count(*) AS n FROM orders").await.unwrap()), 410);
    collect(first, statement.context.task_ctx()).await.unwrap();
    let expect = [("history.orders".to_owned(), "20 files up to 2024-03-05".to_owned())];
    assert_eq!(statement.scope.snapshots(), expect);
}

fn count(rows: &[RecordBatch]) -> i64 {
    use arrow::array::AsArray;
    rows[0].column(0).as_primitive::<arrow::datatypes::Int64Type>().value(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_replaced_is_an_error() {
    let folder = Folder::with("days", &[]);
    let statement = folder.statement().await;
    let sql = "SELECT sum(id) FROM orders WHERE _file = 'orders/2024/03/01/part-0.avro'";
    let (gone, replaced) = (statement.plan(sql).await.unwrap(), statement.plan(sql).await.unwrap());
    let other = fs::read(folder.path("orders/2024/03/02/part-0.avro")).unwrap();
    let path = folder.path("orders/2024/03/01/part-0.avro");
    fs::remove_file(&path).unwrap();
    let error = collect(gone, statement.context.task_ctx()).await.unwrap_err();
    assert_eq!(
        message(&error),
        "table \"orders\" of source \"history\" has changed: file \"orders/2024/03/01/part-0.avro\" is gone"
    );
    fs::write(&path, [other, vec![0]].concat()).unwrap();
    let error = collect(replaced, statement.context.task_ctx()).await.unwrap_err();
    assert_eq!(
        message(&error),
        "table \"orders\" of source \"history\" has changed: file \"orders/2024/03/01/part-0.avro\" was replaced while \
         it was being read"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_statement_ends_with_an_error() {
    let folder = Folder::with("days", &[]);
    let statement = folder.statement().await;
    let plan = statement.plan("SELECT id FROM orders").await.unwrap();
    statement.scope.cancel.cancel();
    let error = collect(plan, statement.context.task_ctx()).await.unwrap_err();
    assert!(matches!(ConnectorError::find(&error), Some(ConnectorError::Canceled)), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_small_files_fill_batches() {
    let folder = Folder::with("small", &["600"]);
    let statement = folder.statement().await;
    let plan = statement.plan("SELECT id FROM ticks").await.unwrap();
    let batches = collect(Arc::clone(&plan), statement.context.task_ctx()).await.unwrap();
    assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 600);
    assert_eq!(metric(&plan, "files_read"), 600);
    assert!(batches.len() <= 4, "{} batches", batches.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_root_that_is_not_there_is_unreachable() {
    let folder = Folder::empty();
    let root = folder.path("nowhere");
    let error = source_at(root.to_str().unwrap()).discover().await.unwrap_err();
    assert!(matches!(error, ConnectorError::Unreachable { .. }), "{error}");
    assert_eq!(folder.source.discover().await.unwrap(), []);
    let error = source_at("ftp://host/x").discover().await.unwrap_err();
    assert!(matches!(error, ConnectorError::Config { .. }), "{error}");
}

/// Where blocks start in a file that avro.py wrote: behind each sync marker but the last.
fn blocks(bytes: &[u8]) -> Vec<usize> {
    let sync: Vec<u8> = (0..16).collect();
    let mut starts: Vec<usize> =
        bytes.windows(16).enumerate().filter(|(_, w)| *w == sync).map(|(i, _)| i + 16).collect();
    starts.pop();
    starts
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrupt_file_is_named_with_the_block() {
    let folder = Folder::with("codecs", &[]);
    let whole = |codec: &str| fs::read(folder.path(&format!("{codec}/2024/03/01/a.avro"))).unwrap();
    let statement = folder.statement().await;
    let check = async |codec: &str, bytes: &[u8], offset: usize, reason: &str| {
        let file = format!("{codec}/2024/03/01/a.avro");
        let before = fs::read(folder.path(&file)).unwrap();
        fs::write(folder.path(&file), bytes).unwrap();
        // A statement of its own; its tables were found while the file was sound.
        let tables = folder.source.discover();
        let error = match Statement::new(&folder.source, tables.await.unwrap())
            .run(&format!("SELECT * FROM \"{codec}\""))
            .await
        {
            Ok(_) => panic!("{codec}: no error for {reason}"),
            Err(error) => message(&error),
        };
        fs::write(folder.path(&file), before).unwrap();
        let expect = format!("file \"{file}\" is corrupt at byte {offset}: {reason}");
        assert!(error.starts_with(&expect), "{error}\nexpected {expect}");
    };
    drop(statement);
    for codec in ["null", "deflate", "snappy", "zstandard", "bzip2"] {
        let bytes = whole(codec);
        let starts = blocks(&bytes);
        assert!(starts.len() > 3, "{codec}: {} blocks", starts.len());
        let last = *starts.last().unwrap();
        check(codec, &bytes[..bytes.len() - 1], last, "data ends early").await;
        check(codec, &bytes[..last + 1], last, "data ends early").await;
        let mut wrong_sync = bytes.clone();
        wrong_sync[starts[2] - 1] ^= 1;
        check(codec, &wrong_sync, starts[1], "sync marker does not match").await;
        let mut garbled = bytes.clone();
        garbled[starts[1] + 4..starts[1] + 40].fill(0xff);
        check(codec, &garbled, starts[1], "").await;
        folder
            .check(
                &format!("SELECT count(*) AS n FROM \"{codec}\""),
                "
+------+
| n    |
+------+
| 2000 |
+------+",
            )
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_a_broken_head_is_named_and_others_are_read() {
    let folder = Folder::with("days", &[]);
    fs::write(folder.path("orders/2024/03/01/zero.avro"), b"").unwrap();
    fs::write(folder.path("orders/2024/03/02/text.avro"), b"id,name\n1,a\n").unwrap();
    fs::write(folder.path("orders/2024/03/03/head.avro"), b"Obj\x01\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")
        .unwrap();
    let at = |day: u8, file: &str, reason: &str| {
        (
            format!("SELECT * FROM orders WHERE _date = DATE '2024-03-{day:02}'"),
            format!("file \"orders/2024/03/{day:02}/{file}.avro\" is corrupt at byte 0: {reason}"),
        )
    };
    for (sql, expect) in [
        at(1, "zero", "data ends early"),
        at(2, "text", "not an Avro object container file: wrong magic bytes"),
        at(3, "head", "invalid variable-length integer"),
    ] {
        assert_eq!(folder.error(&sql).await, expect);
    }
    folder
        .check(
            "SELECT count(*) AS n FROM orders WHERE _date > DATE '2024-03-03'",
            "
+-----+
| n   |
+-----+
| 280 |
+-----+",
        )
        .await;
}

/// A small generator (splitmix64): the same mutations in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// `bytes` with a few bytes changed, cut out, put in, or the end cut off.
    fn mutate(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(out.len().max(1)).min(out.len().saturating_sub(1));
            match self.below(6) {
                _ if out.is_empty() => out.push(self.next() as u8),
                0 => out[at] = self.next() as u8,
                1 => out[at] ^= 1 << self.below(8),
                2 => out[at] = [0, 1, 0x7f, 0x80, 0xff][self.below(5)],
                3 => drop(out.drain(at..(at + 1 + self.below(8)).min(out.len()))),
                4 => drop(out.splice(at..at, std::iter::repeat_n(0xff, 1 + self.below(10)))),
                _ => out.truncate(at),
            }
        }
        out
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_bytes_make_the_reader_panic() {
    let (mut random, mut faults) = (Random(7), 0);
    for (what, below) in [
        ("kinds", "kinds/2024/03/01/a.avro"),
        ("nested", "trips/2024/03/01/a.avro"),
        ("codecs", "deflate/2024/03/01/a.avro"),
        ("codecs", "snappy/2024/03/01/a.avro"),
        ("codecs", "zstandard/2024/03/01/a.avro"),
        ("codecs", "bzip2/2024/03/01/a.avro"),
        ("codecs", "null/2024/03/01/a.avro"),
    ] {
        let folder = Folder::with(what, &[]);
        let bytes = fs::read(folder.path(below)).unwrap();
        let table = below.split('/').next().unwrap();
        for _ in 0..400 {
            let tables = folder.source.discover().await.unwrap();
            fs::write(folder.path(below), random.mutate(&bytes)).unwrap();
            // Once with the sound file's columns, once with those that the mutated file itself gives.
            let found = folder.source.discover().await.unwrap();
            for tables in [tables, found] {
                if !tables.iter().any(|info| info.name == table) {
                    continue;
                }
                if let Err(error) =
                    Statement::new(&folder.source, tables).run(&format!("SELECT * FROM \"{table}\"")).await
                {
                    let known = ConnectorError::find(&error);
                    let named = matches!(
                        known,
                        Some(
                            ConnectorError::Corrupt { .. }
                                | ConnectorError::OutOfRange { .. }
                                | ConnectorError::Unsupported { .. }
                        )
                    );
                    assert!(named, "{what}: {error}");
                    faults += 1;
                }
            }
            fs::write(folder.path(below), &bytes).unwrap();
        }
    }
    assert!(faults > 2000, "only {faults} mutations were noticed");
}
