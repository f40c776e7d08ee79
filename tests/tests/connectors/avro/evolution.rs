//! Files of several schemas in one topic.

use super::folder_with;

#[tokio::test(flavor = "multi_thread")]
async fn older_files_resolve_to_the_newest_schema() {
    let folder = folder_with("evolution", &[]);
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
    let folder = folder_with("evolution", &[]);
    assert_eq!(
        folder.message("SELECT id FROM clash").await,
        "table \"clash\" of source \"history\" can't be read: file \"clash/2023/01/01/a.avro\": the file's schema does not resolve to the table's: \
         id: string can't be read as long"
    );
    assert_eq!(
        folder.message("SELECT new FROM lacks").await,
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
