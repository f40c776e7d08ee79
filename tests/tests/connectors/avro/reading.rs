//! Every type and codec of Avro, and how rows come together in batches.

use std::sync::Arc;

use arrow::array::RecordBatch;
use weir_connectors::pgtype;

use super::folder_with;
use crate::common::metric;

#[tokio::test(flavor = "multi_thread")]
async fn every_type_has_its_column() {
    let folder = folder_with("kinds", &[]);
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
        "ns Timestamp(µs, \"UTC\")",
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
    let folder = folder_with("kinds", &[]);
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
+------------+--------------+-----------------+--------------------------+-----------------------------+-------------------------+----------------------------+-----------------------------+
| day        | tms          | tus             | ms                       | us                          | lms                     | lus                        | ns                          |
+------------+--------------+-----------------+--------------------------+-----------------------------+-------------------------+----------------------------+-----------------------------+
| 2024-02-29 | 01:02:03.004 | 23:59:59.999999 | 2024-02-29T12:00:00.001Z | 1969-12-31T23:59:59.999999Z | 2024-01-01T00:00:00.005 | 1900-01-01T00:00:00.000001 | 2023-11-14T22:13:20.123456Z |
+------------+--------------+-----------------+--------------------------+-----------------------------+-------------------------+----------------------------+-----------------------------+",
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
    let folder = folder_with("nested", &[]);
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
async fn every_codec_is_read() {
    let folder = folder_with("codecs", &[]);
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
async fn many_small_files_fill_batches() {
    let folder = folder_with("small", &["600"]);
    let statement = folder.statement().await;
    let plan = statement.plan("SELECT id FROM ticks").await.unwrap();
    let batches = statement.run_plan(Arc::clone(&plan)).await.unwrap();
    assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 600);
    assert_eq!(metric(&plan, "files_read"), 600);
    assert!(batches.len() <= 4, "{} batches", batches.len());
}
