//! `/metrics` and `/healthz`: what is counted, what the pages tell of policies that are refused, and that a client of
//! theirs harms nobody.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use weir_tests::flights;
use weir_tests::http::{self, Answer, numbers};
use weir_tests::raw::{Raw, bind, error, execute, parse, query, sync, tags};
use weir_tests::run::wait_for;
use weir_tests::weir::{DATABASE, Weir};

use crate::common;

const SOON: Duration = Duration::from_secs(20);
const ENDLESS: &str = "SELECT value FROM generate_series(1, 50000000000) AS g(value)";

fn read(weir: &Weir) -> BTreeMap<String, f64> {
    let page = http::get(weir.http_port(), "/metrics");
    assert_eq!(page.status, 200, "{}", page.head);
    numbers(&page.body)
}

fn number(weir: &Weir, name: &str) -> f64 {
    let numbers = read(weir);
    numbers.get(name).copied().unwrap_or_else(|| panic!("no {name} among {numbers:?}"))
}

fn statements(weir: &Weir, outcome: &str) -> f64 {
    number(weir, &format!("weir_statements_total{{outcome=\"{outcome}\"}}"))
}

fn loads(weir: &Weir, outcome: &str) -> f64 {
    number(weir, &format!("weir_policy_loads_total{{outcome=\"{outcome}\"}}"))
}

fn health(weir: &Weir) -> Answer {
    http::get(weir.http_port(), "/healthz")
}

#[test]
fn statements_are_counted_by_how_they_end() {
    let weir = common::sourceless().http().start();
    let eva = weir.psql("eva");
    eva.expect("SELECT value FROM generate_series(1, 3) AS g(value)");
    eva.fails("SELECT 1 / 0");
    eva.fails("SELECT * FROM nothing");
    eva.options("-c statement_timeout=100ms").fails("SELECT count(*) FROM generate_series(1, 50000000000) AS g(value)");
    // A client may hear of its error a moment before the statement has ended.
    wait_for("the cancelled statement", SOON, || (statements(&weir, "cancelled") == 1.0).then_some(()));
    let counted = ["ok", "error", "denied", "cancelled", "abandoned"].map(|outcome| statements(&weir, outcome));
    assert_eq!(counted, [1.0, 1.0, 1.0, 1.0, 0.0]);
    let numbers = read(&weir);
    assert_eq!(numbers["weir_rows_sent_total"], 3.0);
    assert!(numbers["weir_bytes_sent_total"] > 3.0);
    // Rows count while they are on their way, and the statement once it has ended.
    let mut raw = weir.raw("eva");
    raw.send(&query(ENDLESS));
    raw.until('D');
    assert!(number(&weir, "weir_rows_sent_total") > 3.0);
    wait_for("the one session", SOON, || (number(&weir, "weir_connections") == 1.0).then_some(()));
    drop(raw);
    wait_for("the abandoned statement", SOON, || (statements(&weir, "abandoned") == 1.0).then_some(()));
    wait_for("the end of the session", SOON, || (number(&weir, "weir_connections") == 0.0).then_some(()));
    weir.stop();
}

#[test]
fn durations_are_those_of_queries() {
    let weir = common::sourceless().http().start();
    let mut raw = weir.raw("eva");
    raw.query("SET application_name = 'probe'");
    raw.query("SELECT 1");
    raw.query("SELECT * FROM nothing");
    let numbers = read(&weir);
    assert_eq!(numbers["weir_statements_total{outcome=\"ok\"}"], 2.0);
    // Neither the session's own statements nor those that were refused before they began, of which there may be many.
    assert_eq!(numbers["weir_statement_duration_seconds_count"], 1.0);
    assert_eq!(numbers["weir_statement_duration_seconds_bucket{le=\"+Inf\"}"], 1.0);
    assert!(numbers["weir_statement_duration_seconds_sum"] > 0.0);
}

#[test]
fn a_refused_set_shows_while_the_last_good_one_serves() {
    let weir = common::sourceless().http().start();
    let eva = weir.psql("eva");
    let version = |weir: &Weir| {
        let named = read(weir).into_keys().filter(|name| name.starts_with("weir_policy_version_info{version="));
        named.collect::<Vec<_>>()
    };
    let first = version(&weir);
    assert_eq!(first.len(), 1, "{first:?}");
    let (loaded, since) = (loads(&weir, "loaded"), number(&weir, "weir_policy_loaded_timestamp_seconds"));
    assert_eq!((loaded, loads(&weir, "refused"), number(&weir, "weir_policy_refused")), (1.0, 0.0, 0.0));
    weir.rewrite_policy("masks.toml", "[[mask]]\nname = \"m\"\ncolums = [\"secret_table.secret_column\"]\n");
    wait_for("the refusal", SOON, || (number(&weir, "weir_policy_refused") == 1.0).then_some(()));
    assert!(loads(&weir, "refused") >= 1.0);
    assert_eq!((loads(&weir, "loaded"), loads(&weir, "failed"), version(&weir)), (1.0, 0.0, first.clone()));
    assert_eq!(eva.expect("SELECT 1"), "1");
    assert_eq!(health(&weir).status, 200);
    // Nobody logs in here, so nothing of a policy is told but its version.
    let page = http::get(weir.http_port(), "/metrics").body;
    assert!(!["secret", "masks.toml", "eva", "chief", "SCRAM"].iter().any(|text| page.contains(text)), "{page}");
    weir.rewrite_policy("masks.toml", "# mended\n");
    wait_for("the mended set", SOON, || (number(&weir, "weir_policy_refused") == 0.0).then_some(()));
    assert_eq!(loads(&weir, "loaded"), 2.0);
    assert!(number(&weir, "weir_policy_loaded_timestamp_seconds") > since);
    let second = version(&weir);
    assert!(second.len() == 1 && second != first, "{second:?} after {first:?}");
}

/// What can't be read says nothing about the policies.
#[test]
fn a_folder_that_is_gone_is_no_refusal() {
    let weir = common::sourceless().http().start();
    let (folder, away) = (weir.folder().join("policies"), weir.folder().join("away"));
    std::fs::rename(&folder, &away).expect("the folder moves");
    wait_for("the failure", SOON, || (loads(&weir, "failed") >= 1.0).then_some(()));
    assert_eq!((loads(&weir, "refused"), number(&weir, "weir_policy_refused")), (0.0, 0.0));
    assert_eq!(weir.psql("eva").expect("SELECT 1"), "1");
    std::fs::rename(&away, &folder).expect("the folder moves back");
    wait_for("the return", SOON, || (loads(&weir, "loaded") == 2.0).then_some(()));
}

#[test]
fn sources_and_clients_that_are_turned_away_are_counted() {
    let root = flights::data().join("lake");
    let weir = common::sourceless()
        .http()
        .table("[limits]\nconnections = 1")
        .source("lake", &format!("kind = \"delta\"\nroot = \"{}\"", root.display()))
        .source("shop", "kind = \"postgres\"\nurl = \"postgres://weir@127.0.0.1:1/shop\"")
        .start();
    assert_eq!(number(&weir, "weir_sources_unreachable"), 1.0);
    let held = weir.raw("eva");
    assert_eq!((number(&weir, "weir_connections"), number(&weir, "weir_connections_refused_total")), (1.0, 0.0));
    let mut second = Raw::connect(weir.port());
    second.authenticate(&[("user", "eva"), ("database", DATABASE)], weir.password("eva"));
    assert_eq!((number(&weir, "weir_connections"), number(&weir, "weir_connections_refused_total")), (1.0, 1.0));
    drop(held);
}

#[test]
fn the_pages_are_what_they_should_be_and_others_are_not_found() {
    let weir = common::sourceless().http().start();
    let port = weir.http_port();
    let page = http::get(port, "/metrics");
    let openmetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!((page.field("content-type"), page.field("connection")), (Some(openmetrics), Some("close")));
    let known = numbers(&page.body);
    let build = known.keys().find(|name| name.starts_with("weir_build_info{version="));
    assert!(build.is_some() && known["weir_audit_broken"] == 0.0, "{known:?}");
    let health = health(&weir);
    assert_eq!((health.status, health.body.trim_end()), (200, "ok"));
    let answer = |method: &str, path: &str| http::request(port, method, path).expect("an answer");
    for path in ["/", "/metrics/", "/metric", "/healthz/x", "/../weir.toml", "/console"] {
        assert_eq!(answer("GET", path).status, 404, "{path}");
    }
    for path in ["/metrics", "/healthz"] {
        let head = answer("HEAD", path);
        assert_eq!((head.status, head.body.as_str()), (200, ""), "{path}");
        for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
            assert_eq!(answer(method, path).status, 405, "{method} {path}");
        }
    }
}

#[test]
fn a_broken_audit_log_is_no_health() {
    let weir = common::sourceless().http().table("[audit]\npath = \"/dev/full\"").start();
    assert_eq!(health(&weir).status, 200);
    let mut prepared = weir.raw("eva");
    prepared.send(&[parse("s", "SELECT 1"), sync()].concat());
    assert_eq!(tags(&prepared.until_ready()), "1Z");
    weir.psql("eva").expect("SELECT 1");
    let sick = wait_for("the end of health", SOON, || Some(health(&weir)).filter(|answer| answer.status == 503));
    assert_eq!(sick.body.trim_end(), "the audit log can't be written");
    assert_eq!(number(&weir, "weir_audit_broken"), 1.0);
    assert_eq!(weir.psql("eva").fails("SELECT 1").sqlstate.as_deref(), Some("58000"));
    // Not even a statement that was prepared before.
    prepared.send(&[bind("", "s", &[], false), execute("", 0), sync()].concat());
    assert_eq!(error(&prepared.until_ready()).field('C').as_deref(), Some("58000"));
}

#[test]
fn silent_and_raving_clients_harm_nobody() {
    let weir = common::sourceless().http().start();
    let port = weir.http_port();
    let silent: Vec<_> = (0..300).map(|_| http::connect(port).expect("a connection")).collect();
    // They have no part in what SQL clients do.
    assert_eq!(weir.psql("eva").expect("SELECT 1"), "1");
    // Nor do they keep anyone from the pages.
    assert_eq!(http::get(port, "/metrics").status, 200);
    assert_eq!(health(&weir).status, 200);
    for mut stream in silent {
        // Each was closed by the server, for want of a place or of time.
        let ended = stream.read(&mut [0; 1]).map_err(|error| error.kind());
        assert!(matches!(ended, Ok(0) | Err(ErrorKind::ConnectionReset)), "{ended:?}");
    }
    let header = format!("GET /metrics HTTP/1.1\r\nX: {}", "x".repeat(8 << 20));
    let headers = format!("GET /metrics HTTP/1.1\r\n{}", "X: x\r\n".repeat(100_000));
    let body = format!("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n{}", "x".repeat(8 << 20));
    for raving in ["\0\u{1}\u{2}\n\n\r\n\r\n", "GET", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &header, &headers, &body] {
        let mut stream = http::connect(port).expect("a connection");
        // It may be cut off before all is said, and what it hears is all the same.
        let _ = stream.write_all(raving.as_bytes());
        let _ = stream.read_to_end(&mut Vec::new());
    }
    assert_eq!(health(&weir).status, 200);
    let log = weir.stop();
    assert!(!log.contains("ERROR"), "{log}");
}

#[test]
fn a_shutdown_shows_and_a_silent_client_holds_up_none() {
    let mut weir = common::sourceless().http().table("[limits]\nshutdown_grace = \"3s\"").start();
    let mut running = weir.raw("eva");
    running.send(&query(ENDLESS));
    running.until('D');
    weir.signal("TERM");
    let port = weir.http_port();
    let leaving = wait_for("the end of health", SOON, || Some(http::get(port, "/healthz")).filter(|a| a.status == 503));
    assert_eq!(leaving.body.trim_end(), "the server is shutting down");
    assert_eq!(number(&weir, "weir_connections"), 1.0);
    let _silent = http::connect(port).expect("a connection");
    drop(running);
    assert!(weir.wait(SOON).is_some_and(|status| status.success()), "{}", weir.log());
}

#[test]
fn an_address_that_is_taken_is_an_error_that_names_its_line() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address");
    let refused = common::sourceless().server(&format!("http = \"{address}\"")).try_start();
    let (status, log) = refused.expect_err("weir starts on a port that is taken");
    assert!(!status.success() && !log.contains("panicked"), "{status}: {log}");
    assert!(log.contains("weir.toml:4: http: ") && log.contains(&address.to_string()), "{log}");
}
