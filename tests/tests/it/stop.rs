//! How a server ends, and what it bounds: sessions, and the time of running statements at shutdown.

use std::time::Duration;

use weir_tests::raw::{Raw, query};
use weir_tests::run::wait_for;
use weir_tests::weir::DATABASE;

use crate::common;

#[test]
fn running_statements_finish_and_idle_sessions_are_told() {
    let mut weir = common::sourceless().start();
    let (mut idle, mut running) = (weir.raw("eva"), weir.raw("eva"));
    running.send(&query("SELECT value FROM generate_series(1, 3000000) AS g(value)"));
    running.until('D');
    weir.signal("TERM");
    let end = idle.until('E');
    let code = end.last().and_then(|message| message.field('C'));
    assert_eq!(code.as_deref(), Some("57P01"));
    assert!(idle.ends());
    let complete = running.until('C');
    assert_eq!(complete.last().map(|message| message.text()), Some("SELECT 3000000".to_owned()));
    drop(running);
    let status = weir.wait(Duration::from_secs(20)).expect("the server ends");
    assert!(status.success(), "{status}\n{}", weir.log());
}

#[test]
fn a_statement_that_never_ends_is_cancelled_after_the_grace() {
    let mut weir = common::sourceless().table("[limits]\nshutdown_grace = \"500ms\"").start();
    let mut running = weir.raw("eva");
    running.send(&query("SELECT value FROM generate_series(1, 50000000000) AS g(value)"));
    running.until('D');
    weir.signal("TERM");
    let end = running.until('E');
    let code = end.last().and_then(|message| message.field('C'));
    assert!(matches!(code.as_deref(), Some("57P01" | "57014")), "{code:?}");
    drop(running);
    assert!(weir.wait(Duration::from_secs(20)).is_some_and(|status| status.success()), "{}", weir.log());
}

#[test]
fn more_sessions_than_allowed_are_turned_away() {
    let weir = common::sourceless().table("[limits]\nconnections = 2").start();
    let held = (weir.raw("eva"), weir.raw("eva"));
    let mut third = Raw::connect(weir.port());
    let end = third.authenticate(&[("user", "eva"), ("database", DATABASE)], weir.password("eva"));
    let error = end.last().filter(|message| message.tag == 'E').expect("an error");
    assert_eq!(error.field('C').as_deref(), Some("53300"), "{:?}", error.field('M'));
    drop(held);
    wait_for("a place", Duration::from_secs(10), || weir.psql("eva").rows("SELECT 1").ok());
    weir.stop();
}

#[test]
fn a_port_in_use_is_an_error_that_names_it() {
    let weir = common::sourceless().start();
    let config = weir.folder().join("weir.toml");
    let output = std::process::Command::new(weir_tests::weir::binary())
        .args(["serve", "--config"])
        .arg(config)
        .output()
        .expect("weir can be run");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(stderr.contains(&weir.port().to_string()) && !stderr.contains("panicked"), "{stderr}");
}
