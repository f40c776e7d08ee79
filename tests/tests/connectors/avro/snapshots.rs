//! A statement sees one set of files, and each of them as it was.

use std::fs;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;

use super::folder_with;
use crate::common::kind;

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_sees_one_set_of_files() {
    let folder = folder_with("days", &[]);
    let statement = folder.statement().await;
    let first = statement.plan("SELECT sum(id) FROM orders WHERE _date <= DATE '2024-03-05'").await.unwrap();
    // A file that comes now belongs to the next statement, even for a scan that asks for more days.
    fs::copy(folder.path("orders/2024/03/01/part-0.avro"), folder.path("orders/2024/03/01/part-9.avro")).unwrap();
    let rows = statement.run("SELECT count(*) AS n FROM orders WHERE _date < DATE '2024-03-03'").await.unwrap();
    assert_eq!(count(&rows), 80);
    assert_eq!(count(&statement.run("SELECT count(*) AS n FROM orders").await.unwrap()), 400);
    assert_eq!(count(&folder.statement().await.run("SELECT count(*) AS n FROM orders").await.unwrap()), 410);
    statement.run_plan(first).await.unwrap();
    let [read] = statement.scope.snapshots().try_into().unwrap();
    assert_eq!((read.of.as_str(), read.snapshot.as_str()), ("history.orders", "20 files up to 2024-03-05"));
    assert!(read.tells_of_rows);
}

fn count(rows: &[RecordBatch]) -> i64 {
    rows[0].column(0).as_primitive::<Int64Type>().value(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_replaced_is_an_error() {
    let folder = folder_with("days", &[]);
    let statement = folder.statement().await;
    let sql = "SELECT sum(id) FROM orders WHERE _file = 'orders/2024/03/01/part-0.avro'";
    let (gone, replaced) = (statement.plan(sql).await.unwrap(), statement.plan(sql).await.unwrap());
    let other = fs::read(folder.path("orders/2024/03/02/part-0.avro")).unwrap();
    let path = folder.path("orders/2024/03/01/part-0.avro");
    fs::remove_file(&path).unwrap();
    let error = statement.run_plan(gone).await.unwrap_err();
    assert_eq!(
        kind(&error).to_string(),
        "table \"orders\" of source \"history\" has changed: file \"orders/2024/03/01/part-0.avro\" is gone"
    );
    fs::write(&path, [other, vec![0]].concat()).unwrap();
    let error = statement.run_plan(replaced).await.unwrap_err();
    assert_eq!(
        kind(&error).to_string(),
        "table \"orders\" of source \"history\" has changed: file \"orders/2024/03/01/part-0.avro\" was replaced while \
         it was being read"
    );
}
