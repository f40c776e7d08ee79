//! Topics in a bucket: the same rows as in a folder, only the days that are asked for, and errors that name source and
//! file.

use std::fs;

use weir_connectors::ConnectorError;
use weir_tests::s3::S3;

use super::{blocks, check_files, folder_with, history};
use crate::common::{Engine, Folder, kind, metric, text};

/// Bucket and folder of the topics that [`copied`] makes.
const ROOT: &str = "events/raw";

/// The source `history` at a bucket, perhaps at a folder in it.
fn in_bucket(s3: &S3, root: &str) -> Engine {
    history(&format!("s3://{root}"), serde_json::from_value(s3.config()).unwrap())
}

/// What `avro.py` writes for `what`, in a folder and copied to a bucket.
fn copied(what: &str, arguments: &[&str]) -> (S3, Folder, Engine) {
    let (s3, local) = (S3::start(), folder_with(what, arguments));
    s3.make_bucket("events");
    s3.upload(&local.path(""), ROOT);
    let events = in_bucket(&s3, ROOT);
    (s3, local, events)
}

/// The rows of a statement, or what the connector says instead.
async fn answer(engine: &Engine, sql: &str) -> String {
    match engine.statement().await.run(sql).await {
        Ok(rows) => text(&rows),
        Err(error) => kind(&error).to_string(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_gives_what_a_folder_gives() {
    let (s3, local) = (S3::start(), folder_with("kinds", &[]));
    for what in ["nested", "evolution", "layouts"] {
        local.write(what, &[]);
    }
    for (bucket, root) in [("events", "events"), ("lake", "lake/raw/topics")] {
        s3.make_bucket(bucket);
        s3.upload(&local.path(""), root);
        let cloud = in_bucket(&s3, root);
        let tables = cloud.source.discover().await.unwrap();
        assert_eq!(tables, local.source.discover().await.unwrap(), "{root}");
        let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
        assert_eq!(names, ["Mixed Case", "clash", "kinds", "lacks", "mixed", "orders", "plain", "trips"], "{root}");
        for name in names {
            let sql = format!("SELECT * FROM \"{name}\" ORDER BY _file, _offset");
            assert_eq!(answer(&cloud, &sql).await, answer(&local, &sql).await, "{root}: {sql}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_object_is_read_once_in_parts() {
    let (_s3, local, events) = copied("large", &["200000", "null"]);
    let sql = "SELECT count(*) AS n, sum(id) AS ids, sum(amount) AS amounts, count(DISTINCT name) AS names, \
               max(\"on\") AS latest, max(_offset) AS last FROM big";
    let rows = events.rows(sql).await;
    assert!(rows.contains("| 200000 |"), "{rows}");
    assert_eq!(rows, local.rows(sql).await);
    let size = fs::metadata(local.path("big/2024/03/01/a.avro")).unwrap().len() as usize;
    assert!(size > 4 << 20, "{size} bytes are a single part or two");
    assert_eq!(metric(&events.statement().await.finished(sql).await, "bytes_read"), size);
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_of_other_days_are_not_touched() {
    let (s3, local, events) = copied("days", &[]);
    // Tables are found while all is sound; from then on every other day is garbage.
    let tables = events.source.discover().await.unwrap();
    for day in (1..=10).filter(|day| *day != 3) {
        for part in 0..4 {
            s3.put(&format!("{ROOT}/orders/2024/03/{day:02}/part-{part}.avro"), b"no Avro at all");
        }
    }
    for (filter, files, listed) in [
        ("_date = DATE '2024-03-03'", 4, "4/4, days=2024-03-03..2024-03-03"),
        ("_date > DATE '2024-03-02' AND DATE '2024-03-04' > _date", 4, "4/4, days=2024-03-03..2024-03-03"),
        (
            "_date = DATE '2024-03-03' AND _file > 'orders/2024/03/03/part-1.avro'",
            2,
            "2/4, days=2024-03-03..2024-03-03",
        ),
        ("_file = 'orders/2024/03/03/part-1.avro'", 1, "1/40"),
        ("_date > DATE '2030-01-01'", 0, "0/0, days=2030-01-02.."),
    ] {
        let sql = format!("SELECT id, name, amount, _date, _file, _offset FROM orders WHERE {filter} ORDER BY id");
        let rows = events.statement_over(tables.clone()).run(&sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
        assert_eq!(text(&rows), local.rows(&sql).await, "{sql}");
        check_files(&events.statement_over(tables.clone()), &sql, files, listed).await;
    }
    let error = events.statement_over(tables).run("SELECT sum(id) FROM orders").await.expect_err("garbage");
    match kind(&error) {
        ConnectorError::Corrupt { source_name, file, offset_bytes: 0, .. } => {
            assert_eq!(source_name, "history");
            assert!(file.starts_with("orders/2024/03/") && !file.contains("/03/03/"), "{file}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_is_not_there_is_unreachable() {
    let (s3, _local, events) = copied("days", &[]);
    let tables = events.source.discover().await.unwrap();
    let nowhere = in_bucket(&s3, "nowhere/raw");
    let mut errors = vec![nowhere.source.discover().await.unwrap_err().into()];
    // Tables that were found when the bucket was still there.
    for sql in ["SELECT id FROM orders", "SELECT id FROM orders WHERE _date = DATE '2024-03-03'"] {
        errors.push(nowhere.statement_over(tables.clone()).run(sql).await.expect_err(sql));
    }
    for error in &errors {
        let error = kind(error);
        assert!(
            matches!(error, ConnectorError::Unreachable { source_name, .. } if source_name == "history"),
            "{error:?}"
        );
        let text = error.to_string();
        assert!(text.contains("\"history\"") && text.contains("nowhere") && text.contains("NoSuchBucket"), "{text}");
    }
    assert_eq!(in_bucket(&s3, "events/empty").source.discover().await.unwrap(), [], "a folder without objects");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truncated_object_is_named() {
    let (s3, local, events) = copied("days", &[]);
    let file = "orders/2024/03/05/part-0.avro";
    let whole = fs::read(local.path(file)).unwrap();
    let block = blocks(&whole)[0];
    for (length, offset) in [(whole.len() - 1, block), (block + 1, block), (block - 1, 0), (0, 0)] {
        s3.put(&format!("{ROOT}/{file}"), &whole[..length]);
        let error = events.error("SELECT sum(id) FROM orders").await;
        let error = kind(&error);
        assert!(matches!(error, ConnectorError::Corrupt { source_name, .. } if source_name == "history"), "{error:?}");
        assert_eq!(error.to_string(), format!("file \"{file}\" is corrupt at byte {offset}: data ends early"));
        let others = "SELECT count(*) AS n, sum(id) AS ids FROM orders WHERE _date <> DATE '2024-03-05'";
        assert_eq!(events.rows(others).await, local.rows(others).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_changes_before_it_is_read_is_an_error() {
    let (s3, local, events) = copied("days", &[]);
    let file = "orders/2024/03/05/part-0.avro";
    let (object, whole) = (format!("{ROOT}/{file}"), fs::read(local.path(file)).unwrap());
    let statement = events.statement().await;
    let plan = async || statement.plan("SELECT sum(id) FROM orders WHERE _date = DATE '2024-03-05'").await.unwrap();
    let (truncated, gone, lost) = (plan().await, plan().await, plan().await);
    let changed =
        |reason: &str| format!("table \"orders\" of source \"history\" has changed: file \"{file}\" {reason}");
    s3.put(&object, &whole[..whole.len() - 1]);
    let error = statement.run_plan(truncated).await.expect_err("a shorter object");
    assert_eq!(kind(&error).to_string(), changed("was replaced while it was being read"));
    s3.delete(&object);
    let error = statement.run_plan(gone).await.expect_err("no object");
    assert_eq!(kind(&error).to_string(), changed("is gone"));
    drop(s3);
    let error = statement.run_plan(lost).await.expect_err("no store");
    let error = kind(&error);
    assert!(matches!(error, ConnectorError::Unreachable { source_name, .. } if source_name == "history"), "{error:?}");
}
