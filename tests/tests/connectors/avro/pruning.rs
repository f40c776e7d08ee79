//! What of a topic isn't read: files of other days or with other paths, columns nobody asks for, rows behind a limit.

use super::{check_files, folder_with, scanned};

#[tokio::test(flavor = "multi_thread")]
async fn files_are_pruned_by_date_and_path() {
    let folder = folder_with("days", &[]);
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
        check_files(&folder.statement().await, &sql, files, listed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pruning_changes_no_answer() {
    let folder = folder_with("days", &[]);
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
            folder.rows(&sql).await
        };
        assert_eq!(rows(by_path).await, rows(by_value).await, "{by_path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn projection_and_limit_reach_the_scan() {
    let folder = folder_with("days", &[]);
    let (shown, read) = scanned(&folder.statement().await, "SELECT name FROM orders LIMIT 3").await;
    assert_eq!(shown, "AvroScanExec: source=history, table=orders, files=40/40, projection=[name], limit=3");
    assert!(read <= 2, "{read} files for three rows");
    // A sort by nothing goes away, and its limit stays.
    folder
        .check(
            "SELECT -3 AS n FROM orders ORDER BY n LIMIT 2",
            "
+----+
| n  |
+----+
| -3 |
| -3 |
+----+",
        )
        .await;
    let (shown, _) = scanned(&folder.statement().await, "SELECT count(*) FROM orders").await;
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
    let folder = folder_with("layouts", &[]);
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
