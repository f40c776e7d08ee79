//! `SHOW weir.receipt`: what a session can learn of its last statement, and what it can't.

use std::time::Duration;

use weir_tests::postgres::Postgres;
use weir_tests::psql::Psql;
use weir_tests::raw::{bind, error, execute, parse, sync, tags};
use weir_tests::run::wait_for;
use weir_tests::weir::{Setup, Weir};

use crate::common;

const SOON: Duration = Duration::from_secs(20);

/// The receipt after these statements in one session: pairs of item and value.
fn receipt(psql: &Psql, statements: &[&str]) -> Vec<(String, String)> {
    let mut arguments = vec!["-v", "ON_ERROR_STOP=0", "-A", "-t", "-F", "="];
    for statement in statements.iter().chain(&["\\echo receipt", "SHOW weir.receipt"]) {
        arguments.extend(["-c", statement]);
    }
    let text = psql.run(&arguments).expect("a receipt");
    let lines = text.split_once("receipt\n").expect("the receipt").1.lines();
    let pair = |line: &str| line.split_once('=').map(|(item, value)| (item.to_owned(), value.to_owned()));
    lines.map(|line| pair(line).expect("an item and its value")).collect()
}

fn items(receipt: &[(String, String)]) -> Vec<&str> {
    receipt.iter().map(|(item, _)| item.as_str()).collect()
}

fn values<'r>(receipt: &'r [(String, String)], item: &str) -> Vec<&'r str> {
    receipt.iter().filter(|(name, _)| name == item).map(|(_, value)| value.as_str()).collect()
}

#[test]
fn it_tells_no_rule_to_those_who_may_not_see_policies() {
    let mesh = common::flights();
    let sql = "SELECT count(*), max(p.model) FROM lake.flights f JOIN shop.planes p USING (tailnum) WHERE f.month = 1";
    let receipt = receipt(&mesh.weir.psql("ana"), &[sql, "SET extra_float_digits = 1", "SELECT 1"]);
    assert_eq!(
        items(&receipt),
        [
            "policy_version",
            "query_id",
            "time",
            "outcome",
            "table",
            "table",
            "snapshot",
            "snapshot",
            "rows",
            "bytes",
            "duration_ms"
        ]
    );
    assert_eq!(values(&receipt, "outcome"), ["ok"]);
    assert_eq!(values(&receipt, "table"), ["lake.flights", "shop.planes"]);
    let snapshots = values(&receipt, "snapshot");
    assert!(snapshots.iter().any(|text| text.starts_with("lake.flights: version ")), "{snapshots:?}");
    assert!(snapshots.iter().any(|text| text.starts_with("shop: snapshot ")), "{snapshots:?}");
    assert_eq!(values(&receipt, "rows"), ["1"]);
    let text = format!("{receipt:?}");
    assert!(!text.contains("own airport") && !text.contains("JFK") && !text.contains(".toml"), "{text}");
}

#[test]
fn what_was_sent_is_told_where_nothing_is_hidden() {
    let mesh = common::flights();
    let receipt = receipt(&mesh.weir.psql("eva"), &["SELECT count(*) FROM shop.airlines"]);
    assert!(values(&receipt, "sql").iter().all(|sql| sql.starts_with("shop: ")), "{receipt:?}");
    assert_eq!(values(&receipt, "sql").len(), 1, "{receipt:?}");
    assert!(values(&receipt, "grant").is_empty(), "{receipt:?}");
}

/// Which files a topic has, and for which days, depends on rows that may be hidden.
#[test]
fn the_files_of_a_topic_are_told_to_those_who_see_all_of_it() {
    let mesh = common::flights();
    let snapshots = |user: &str| {
        let receipt = receipt(&mesh.weir.psql(user), &["SELECT count(*) FROM history.weather WHERE month = 1"]);
        values(&receipt, "snapshot").len()
    };
    assert_eq!((snapshots("ana"), snapshots("eva")), (0, 1));
}

fn audited(postgres: &Postgres) -> Weir {
    postgres.psql("postgres").expect(
        "DROP TABLE IF EXISTS customers; CREATE TABLE customers (id int, email text, country text); \
         INSERT INTO customers VALUES (1, 'ana@example.com', 'ES'), (2, 'bob@example.com', 'PT')",
    );
    let filter = "[[filter]]\nname = 'own'\ntables = ['shop.customers']\nroles = ['analyst']\nwhere = \"country = attr('country')\"";
    Setup::new()
        .source("shop", &format!("kind = \"postgres\"\nurl = \"{}\"", postgres.url("postgres")))
        .policy("policy.csv", "p, role:analyst, shop.*, select\np, role:audit, weir.policies, select")
        .policy("rows.toml", filter)
        .policy("masks.toml", "[[mask]]\nname = 'mail'\ncolumns = ['shop.customers.email']\nwith = 'email'")
        .user("ana", "country = 'ES'", &["analyst"])
        .user("eva", "country = 'ES'", &["analyst", "audit"])
        .start()
}

#[test]
fn rules_are_told_to_those_who_may_see_policies() {
    let postgres = Postgres::start();
    let weir = audited(&postgres);
    let receipt = receipt(&weir.psql("eva"), &["SELECT email FROM shop.customers"]);
    assert_eq!(values(&receipt, "grant"), ["role:analyst shop.* (policy.csv:1)"]);
    assert_eq!(values(&receipt, "filter"), ["own on shop.customers (rows.toml:1)"]);
    assert_eq!(values(&receipt, "mask"), ["mail on shop.customers.email (masks.toml:1)"]);
    assert!(matches!(values(&receipt, "sql").as_slice(), [sql] if sql.contains("customers")), "{receipt:?}");
    // The right is gone by the time of the SHOW.
    let mut raw = weir.raw("eva");
    raw.query("SELECT email FROM shop.customers");
    let denied = weir.policy("policy.csv") + "p, eva, weir.policies, select, deny\n";
    weir.rewrite_policy("policy.csv", &denied);
    wait_for("the end of the right", SOON, || {
        let answer = raw.query("SHOW weir.receipt");
        let told = |text: &str| answer.iter().any(|m| m.body.windows(text.len()).any(|part| part == text.as_bytes()));
        assert!(told("policy_version") && told("shop.customers"));
        (!told("rows.toml")).then_some(())
    });
}

/// Rows that wait tell no more of rules than their reader may know by then.
#[test]
fn what_waits_goes_on_only_while_the_right_lasts() {
    let postgres = Postgres::start();
    let weir = audited(&postgres);
    let granted = weir.policy("policy.csv");
    let mut other = weir.raw("eva");
    let mut sees_rules = || {
        other.query("SELECT email FROM shop.customers");
        other.query("SHOW weir.receipt").iter().any(|message| message.text().contains("rows.toml"))
    };
    for sql in ["SHOW weir.receipt", "EXPLAIN (STAGE permitted) SELECT email FROM shop.customers"] {
        wait_for("the right", SOON, || sees_rules().then_some(()));
        let mut raw = weir.raw("eva");
        raw.query("SELECT email FROM shop.customers");
        raw.query("BEGIN");
        raw.send(&[parse("", sql), bind("", "", &[], false), execute("", 1), sync()].concat());
        assert_eq!(tags(&raw.until_ready()), "12DsZ", "{sql}");
        weir.rewrite_policy("policy.csv", &format!("{granted}p, eva, weir.policies, select, deny\n"));
        wait_for("the end of the right", SOON, || (!sees_rules()).then_some(()));
        raw.send(&[execute("", 0), sync()].concat());
        let answer = raw.until_ready();
        assert_eq!((tags(&answer).as_str(), error(&answer).field('C').as_deref()), ("EZ", Some("42501")), "{sql}");
        weir.rewrite_policy("policy.csv", &granted);
    }
}

#[test]
fn a_failed_statement_has_a_receipt_too() {
    let postgres = Postgres::start();
    let weir = audited(&postgres);
    let ana = weir.psql("ana");
    let missing = receipt(&ana, &["SELECT id FROM shop.customers", "SELECT id FROM shop.nothing", "SHOW nothing"]);
    assert_eq!(values(&missing, "outcome"), ["denied"]);
    assert_eq!(values(&missing, "sqlstate"), ["42P01"]);
    assert_eq!(values(&missing, "message"), ["relation \"shop.nothing\" does not exist"]);
    assert!(values(&missing, "table").is_empty(), "{missing:?}");
    let divided = receipt(&ana, &["SELECT 1 / (id - id) FROM shop.customers"]);
    assert_eq!(values(&divided, "sqlstate"), ["22012"]);
    assert_eq!(values(&divided, "table"), ["shop.customers"]);
    let block = ["BEGIN", "SELECT 1 / (id - id) FROM shop.customers", "SELECT 2", "SHOW weir.receipt", "ROLLBACK"];
    assert_eq!(values(&receipt(&ana, &block), "sqlstate"), ["22012"]);
}

#[test]
fn a_session_begins_without_one_and_both_protocols_show_it() {
    let postgres = Postgres::start();
    let weir = audited(&postgres);
    assert!(receipt(&weir.psql("ana"), &["SELECT 1"]).is_empty());
    assert!(receipt(&weir.psql("ana"), &["SELECT id FROM shop.customers", "DISCARD ALL"]).is_empty());
    let mut raw = weir.raw("ana");
    raw.query("SELECT id FROM shop.customers");
    raw.send(&[parse("", "SHOW weir.receipt"), bind("", "", &[], false), execute("", 0), sync()].concat());
    let answer = tags(&raw.until_ready());
    assert!(answer.starts_with("12DDD") && answer.ends_with("CZ"), "{answer}");
}
