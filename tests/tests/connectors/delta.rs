//! The `delta` connector on tables that delta-rs's Python package wrote: what it prunes and pushes, which version it
//! reads, and what it says of tables and files that are broken.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use arrow::compute::concat_batches;
use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;
use datafusion::prelude::SessionContext;
use weir_connectors::delta::{DeltaConfig, DeltaSource};
use weir_connectors::{Connector, ConnectorError, ReadSnapshot, TableInfo};
use weir_tests::python;
use weir_tests::s3::S3;

use crate::common::{Engine, Folder, metric, text};

/// A source with what `delta.py` writes for `what`.
fn lake_with(what: &str, arguments: &[&str]) -> Folder {
    let open = |root: &str| {
        let config = DeltaConfig { root: Some(root.to_owned()), ..DeltaConfig::default() };
        Engine::new(Arc::new(DeltaSource::new("lake".into(), config).unwrap()), 4)
    };
    let lake = Folder::empty(open, "delta.py");
    lake.write(what, arguments);
    lake
}

async fn table(lake: &Folder, name: &str) -> Arc<TableInfo> {
    let tables = lake.source.discover().await.unwrap();
    Arc::new(tables.into_iter().find(|t| t.name == name).unwrap_or_else(|| panic!("no table {name}")))
}

async fn files_read(lake: &Folder, sql: &str) -> usize {
    metric(&lake.statement().await.finished(sql).await, "count_files_scanned")
}

#[tokio::test(flavor = "multi_thread")]
async fn partitions_and_files_are_pruned() {
    let lake = lake_with("partitioned", &[]);
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
    let lake = lake_with("partitioned", &["60000"]);
    let bytes = async |sql: &str| metric(&lake.statement().await.finished(sql).await, "bytes_scanned");
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
    let lake = lake_with("partitioned", &[]);
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
        let ours = lake.rows(&sql).await;
        let expected = text(&local.sql(&sql).await.unwrap().collect().await.unwrap());
        assert_eq!(ours.lines().count(), expected.lines().count(), "{predicate}");
        assert_eq!(ours, expected, "{predicate}");
    }
    let shown = statement.explain("SELECT id FROM orders WHERE amount = 4.2 AND 10 / id > 1").await;
    let source = shown.lines().find(|line| line.contains("DataSourceExec")).unwrap();
    assert!(source.contains("predicate=amount@") && !source.contains("10 /"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn floats_and_extremes_are_not_answered_from_statistics() {
    let lake = lake_with("partitioned", &[]);
    let greatest = lake.rows("SELECT max(score) AS m, max(note) AS n FROM orders").await;
    assert!(greatest.contains(&format!("| NaN | note 96 {} |", "x".repeat(40))), "{greatest}");
    let top = lake.rows("SELECT id FROM orders ORDER BY score DESC NULLS LAST, id LIMIT 12").await;
    assert!(top.contains("| 550 |") && !top.contains("| 599 |"), "NaN is larger than every number:\n{top}");
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_come_from_the_log() {
    let lake = lake_with("partitioned", &[]);
    let statement = lake.statement().await;
    let shown = statement.explain("SELECT count(*) FROM orders").await;
    assert!(!shown.contains("DataSourceExec"), "{shown}");
    assert!(text(&statement.run("SELECT count(*) FROM orders").await.unwrap()).contains("600"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_type_comes_as_it_was_written() {
    let lake = lake_with("types", &[]);
    let types: Vec<String> = table(&lake, "types")
        .await
        .columns
        .fields()
        .iter()
        .map(|f| format!("{} {}", f.name(), f.data_type()))
        .collect();
    let expected = [
        "b Boolean",
        "i8 Int16",
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
    let lake = lake_with("append", &["grow", "0", "10"]);
    let read = |snapshot: &str| ReadSnapshot {
        of: "lake.grow".to_owned(),
        snapshot: snapshot.to_owned(),
        tells_of_rows: false,
    };
    let first = lake.statement().await;
    let count = "SELECT count(*) AS n, max(id) AS last FROM grow";
    assert!(text(&first.run(count).await.unwrap()).contains("| 10 | 9 "));
    lake.write("append", &["grow", "10", "5"]);
    assert!(text(&first.run(count).await.unwrap()).contains("| 10 | 9 "), "a pinned version must not move");
    assert_eq!(first.scope.snapshots(), [read("version 0")]);
    let second = lake.statement().await;
    assert!(text(&second.run(count).await.unwrap()).contains("| 15 | 14 "), "the next statement sees the commit");
    assert_eq!(second.scope.snapshots(), [read("version 1")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_made_again_with_fewer_versions_is_noticed() {
    let lake = lake_with("append", &["grow", "0", "10"]);
    lake.write("append", &["grow", "10", "10"]);
    assert!(lake.rows("SELECT sum(id) FROM grow").await.contains("190"));
    std::fs::remove_dir_all(lake.path("grow")).unwrap();
    lake.write("append", &["grow", "100", "1"]);
    assert!(lake.rows("SELECT sum(id) FROM grow").await.contains("100"));
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_that_changed_under_the_catalog_are_an_error() {
    let lake = lake_with("append", &["grow", "0", "10"]);
    let statement = lake.statement().await;
    lake.write("retype", &["grow"]);
    let error = statement.run("SELECT id FROM grow").await.expect_err("another type");
    assert!(matches!(ConnectorError::find(&error), Some(ConnectorError::Changed { .. })), "{error}");
    assert!(lake.rows("SELECT id FROM grow ORDER BY id").await.contains("| a  |"));
}

#[tokio::test(flavor = "multi_thread")]
async fn deleted_rows_are_not_read() {
    let lake = lake_with("deleted", &["dv", "0", "7", "99"]);
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
        let lake = lake_with("feature", &["odd", feature]);
        lake.write("append", &["fine", "0", "3"]);
        let odd = TableInfo {
            name: "odd".to_owned(),
            remote: lake.path("odd").display().to_string(),
            ..(*table(&lake, "fine").await).clone()
        };
        let error = lake.statement_over(vec![odd]).run("SELECT * FROM odd").await.expect_err("refused");
        assert!(matches!(ConnectorError::find(&error), Some(ConnectorError::Unsupported { .. })), "{error}");
        assert!(error.to_string().to_lowercase().contains(&feature.to_lowercase()), "{error}");
        assert!(lake.rows("SELECT count(*) AS n FROM fine").await.contains("| 3 |"), "its neighbour is read");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_with_other_names_in_the_files_are_read() {
    let lake = lake_with("mapped", &[]);
    assert!(lake.rows("SELECT count(*) AS n, sum(id) AS s FROM mapped").await.contains("| 100 | 4950 |"));
    let filtered = "SELECT id, part FROM mapped WHERE part = 'b' AND id > 90 AND id < 96";
    assert!(lake.rows(filtered).await.contains("| 91 | b    |\n| 94 | b    |\n+"));
    assert!(lake.rows("SELECT id FROM mapped WHERE part IS NULL AND id < 3").await.contains("| 2  |"));
    assert!(lake.rows("SELECT st FROM mapped WHERE id = 42").await.contains("{x: 42}"));
    assert_eq!(files_read(&lake, "SELECT id FROM mapped WHERE part = 'a'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrupt_file_is_named() {
    let lake = lake_with("append", &["grow", "0", "100000"]);
    let file = lake.write("spoil", &["grow"]);
    let error = lake.error("SELECT sum(id) FROM grow").await;
    match ConnectorError::find(&error) {
        Some(ConnectorError::Corrupt { file: named, offset_bytes, .. }) => {
            assert_eq!(named, file.trim());
            assert_eq!(*offset_bytes, 4, "the first column chunk begins behind the magic number");
        }
        other => panic!("{other:?} of {error}"),
    }
    std::fs::write(file.trim(), b"not Parquet at all").unwrap();
    assert!(lake.message("SELECT * FROM grow").await.contains(file.trim()));
    std::fs::remove_file(file.trim()).unwrap();
    let gone = lake.message("SELECT * FROM grow").await;
    assert!(gone.contains(file.trim()) && gone.contains("has changed"), "{gone}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_predicate_is_not_a_corrupt_file() {
    let lake = lake_with("append", &["grow", "0", "10"]);
    let error = lake.error("SELECT id FROM grow WHERE 10 / id > 1").await;
    assert!(ConnectorError::find(&error).is_none(), "{error}");
    assert!(matches!(error.find_root(), DataFusionError::ArrowError(..)), "its type survives: {error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrupt_log_is_named_and_hides_no_other_table() {
    let lake = lake_with("append", &["broken", "0", "3"]);
    lake.write("append", &["fine", "0", "3"]);
    std::fs::create_dir_all(lake.path("no_table/below")).unwrap();
    let broken = table(&lake, "broken").await;
    let commit = lake.path(&format!("broken/_delta_log/{:020}.json", 1));
    std::fs::write(&commit, "{\"add\": {\"path\": oops").unwrap();
    let names: Vec<String> = lake.source.discover().await.unwrap().into_iter().map(|t| t.name).collect();
    assert_eq!(names, ["fine"]);
    let statement = lake.statement_over(vec![(*broken).clone()]);
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
    let lake = lake_with("append", &["one", "0", "3"]);
    let tables = [("renamed".to_owned(), lake.path("one").display().to_string())].into();
    let source = DeltaSource::new("odd.Name".into(), DeltaConfig { tables, ..DeltaConfig::default() }).unwrap();
    let odd = lake.over(Arc::new(source));
    let found = odd.source.discover().await.unwrap();
    assert_eq!((found[0].schema.as_str(), found[0].name.as_str()), ("odd.Name", "renamed"));
    assert!(odd.rows("SELECT sum(id) AS s FROM renamed").await.contains("| 3 |"));
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_in_a_bucket_are_read() {
    let mut s3 = S3::start();
    s3.make_bucket("lake");
    python::script("delta.py", &["s3", &s3.endpoint(), "lake"]);
    let config = serde_json::json!({"root": "s3://lake/tables", "s3": s3.config()});
    let source = DeltaSource::new("cloud".into(), serde_json::from_value(config).unwrap()).unwrap();
    let cloud = Engine::new(Arc::new(source), 4);
    let rows = cloud.rows("SELECT count(*) AS n, sum(id) AS s FROM orders WHERE id >= 990").await;
    assert!(rows.contains("| 10 | 9945 |"), "{rows}");
    s3.stop();
    let start = std::time::Instant::now();
    let error = cloud.source.discover().await.expect_err("nobody answers");
    assert!(matches!(&error, ConnectorError::Unreachable { .. }), "{error}");
    assert!(start.elapsed() < Duration::from_secs(20), "took {:?}", start.elapsed());
}

/// Keeps the harness honest: the connector is what answers, not a copy.
#[tokio::test(flavor = "multi_thread")]
async fn the_plan_shows_source_table_and_version() {
    let lake = lake_with("append", &["grow", "0", "10"]);
    let shown = lake.statement().await.explain("SELECT id FROM grow").await;
    assert!(shown.contains("DeltaExec: source=lake, table=grow, version=0"), "{shown}");
    let _: &dyn Any = lake.source.as_any();
}
