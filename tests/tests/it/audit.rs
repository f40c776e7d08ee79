//! Every statement is on record once, however it ended, with what it read and under which rules.

use std::fs;
use std::time::Duration;

use serde_json::Value;
use weir_tests::raw::{self, bind, execute, parse, query, sync};
use weir_tests::run::wait_for;
use weir_tests::weir::Weir;

use crate::common;

/// The record of the one statement that holds `mark`.
fn record(weir: &Weir, mark: &str) -> Value {
    let path = weir.folder().join("audit.jsonl");
    let found = wait_for(&format!("the record of {mark}"), Duration::from_secs(10), || {
        let text = fs::read_to_string(&path).ok()?;
        let whole = text.rsplit_once('\n')?.0;
        let records = whole.lines().map(|line| serde_json::from_str(line).expect("a line of JSON"));
        let found: Vec<Value> =
            records.filter(|r: &Value| r["statement"].as_str().is_some_and(|s| s.contains(mark))).collect();
        (!found.is_empty()).then_some(found)
    });
    assert_eq!(found.len(), 1, "one record for each statement: {found:?}");
    found.into_iter().next().expect("one record")
}

fn names(list: &Value, key: &str) -> Vec<String> {
    let mut names: Vec<String> =
        list.as_array().expect("a list").iter().map(|item| item[key].as_str().expect("a name").to_owned()).collect();
    names.sort();
    names
}

/// Whoever asks must not fill the log by asking at length.
#[test]
fn a_record_holds_the_beginning_of_a_long_statement() {
    let weir = common::sourceless().start();
    let sql = format!("SELECT 'audit-long', '{}'", "\u{e9}".repeat(100_000));
    weir.raw("eva").query(&sql);
    let record = record(&weir, "'audit-long'");
    let kept = record["statement"].as_str().expect("a text");
    assert!(sql.starts_with(kept) && (65_535..=65_536).contains(&kept.len()), "{} bytes", kept.len());
    assert_eq!(record["statement_bytes"], sql.len());
    assert_eq!(record["outcome"], "ok");
}

#[test]
fn a_record_says_who_read_what_under_which_rules() {
    let mesh = common::flights();
    let sql = "SELECT 'audit-1', count(*), max(f.tailnum), max(p.model) FROM lake.flights f
               JOIN shop.planes p ON p.tailnum = f.tailnum WHERE f.month = 1 AND p.seats > 100";
    let rows = mesh.weir.psql("ana").expect(sql);
    assert!(!rows.is_empty());
    let record = record(&mesh.weir, "'audit-1'");
    assert_eq!(record["principal"], "ana");
    assert_eq!(record["roles"], serde_json::json!(["analyst"]));
    assert_eq!(record["outcome"], "ok");
    assert_eq!(record["rows"], 1);
    assert!(record["bytes"].as_u64().is_some_and(|bytes| bytes > 0));
    assert!(record["duration_ms"].as_f64().is_some_and(|ms| ms > 0.0));
    assert!(record["policy_version"].as_str().is_some_and(|version| !version.is_empty()));
    assert!(record["time"].as_str().is_some_and(|time| time.starts_with("20") && time.contains('T')), "{record}");
    assert_eq!(names(&record["tables"], "source"), ["lake", "shop"]);
    assert_eq!(names(&record["tables"], "table"), ["lake.flights", "shop.planes"]);
    for table in record["tables"].as_array().expect("a list") {
        let columns = table["columns"].to_string();
        assert!(
            columns.contains("tailnum") && !columns.contains("air_time") && !columns.contains("engines"),
            "{table}"
        );
    }
    assert!(names(&record["filters"], "rule").contains(&"own airport".to_owned()), "{record}");
    let masks = names(&record["masks"], "rule");
    assert!(masks.contains(&"aircraft".to_owned()) && masks.contains(&"model".to_owned()), "{record}");
    assert!(!masks.contains(&"speed".to_owned()), "a mask of a column that isn't read: {record}");
    assert_eq!(names(&record["sent"], "source"), ["shop"]);
    assert!(record["sent"][0]["sql"].as_str().is_some_and(|sql| sql.contains("planes")), "{record}");
    assert!(record["snapshots"].to_string().contains("flights"), "{record}");
}

#[test]
fn failures_and_denials_are_on_record() {
    let mesh = common::flights();
    let bob = mesh.weir.psql("bob");
    for (mark, sql, outcome, code) in [
        ("'audit-2'", "SELECT 'audit-2', tailnum FROM lake.flights", "denied", "42703"),
        ("'audit-3'", "SELECT 'audit-3' FROM shop.planes", "denied", "42P01"),
        ("'audit-4'", "SELECT 'audit-4', 1 / (month - month) FROM lake.flights", "error", "22012"),
        ("'audit-5'", "SELECT 'audit-5' FROM (", "error", "42601"),
    ] {
        bob.fails(sql);
        let record = record(&mesh.weir, mark);
        assert_eq!(record["outcome"], outcome, "{record}");
        assert_eq!(record["sqlstate"], code, "{record}");
        assert_eq!(record["principal"], "bob");
    }
}

#[test]
fn what_a_failed_transaction_refuses_is_on_record() {
    let weir = common::plain();
    let mut raw = weir.raw("eva");
    raw.query("BEGIN");
    raw.query("SELECT 'audit-11' FROM nowhere");
    raw.query("SELECT 'audit-12'");
    raw.send(&[parse("", "SELECT 'audit-13'"), sync()].concat());
    raw.until_ready();
    for mark in ["audit-12", "audit-13"] {
        let record = record(&weir, mark);
        assert_eq!((record["outcome"].as_str(), record["sqlstate"].as_str()), (Some("error"), Some("25P02")));
    }
    raw.query("ROLLBACK");
    raw.send(&[parse("", "SELECT 'audit-14', $1::integer"), bind("", "", &[Some("four")], false), sync()].concat());
    raw.until_ready();
    assert_eq!(record(&weir, "audit-14")["sqlstate"], "22P02");
}

#[test]
fn cancelled_and_abandoned_statements_are_on_record() {
    let weir = common::plain();
    let endless = |mark: &str| format!("SELECT '{mark}', value FROM generate_series(1, 50000000000) AS g(value)");
    let mut raw = weir.raw("eva");
    raw.send(&query(&endless("audit-6")));
    raw.until('D');
    raw::cancel(weir.port(), &raw.key.clone().expect("a key"));
    raw.until_ready();
    let cancelled = record(&weir, "audit-6");
    assert_eq!(cancelled["outcome"], "cancelled");
    assert_eq!(cancelled["sqlstate"], "57014");
    assert!(cancelled["rows"].as_u64().is_some_and(|rows| rows > 0), "{cancelled}");
    raw.send(&query(&endless("audit-7")));
    raw.until('D');
    drop(raw);
    assert_eq!(record(&weir, "audit-7")["outcome"], "abandoned");
}

#[test]
fn both_protocols_are_on_record_with_the_same_fields() {
    let weir = common::plain();
    let mut raw = weir.raw("eva");
    raw.query("SELECT 'audit-8', value FROM generate_series(1, 3) AS g(value)");
    let sql = "SELECT 'audit-9', value FROM generate_series(1, 3) AS g(value)";
    raw.send(&[parse("", sql), bind("", "", &[], false), execute("", 0), sync()].concat());
    raw.until_ready();
    let (simple, extended) = (record(&weir, "audit-8"), record(&weir, "audit-9"));
    let keys = |record: &Value| record.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&simple), keys(&extended));
    for field in ["rows", "bytes", "outcome", "principal", "policy_version"] {
        assert_eq!(simple[field], extended[field], "{field}");
    }
    assert_eq!(simple["rows"], 3);
}

/// Passwords and verifiers have no place in a log.
#[test]
fn no_secret_is_written_down() {
    let weir = common::sourceless().start();
    weir.psql("eva").expect("SELECT 'audit-10'");
    record(&weir, "audit-10");
    let password = weir.password("eva").to_owned();
    let audit = fs::read_to_string(weir.folder().join("audit.jsonl")).expect("the audit log");
    let log = weir.stop();
    for text in [audit, log] {
        assert!(!text.contains(&password) && !text.contains("SCRAM-SHA-256$"), "{text}");
    }
}
