//! Kept statements mean what their session means by them now.

use weir_tests::postgres::Postgres;
use weir_tests::raw::{self, Raw, bind, execute, parse, sync, tags};
use weir_tests::weir::Setup;

const TWO_SCHEMAS: &str = "CREATE SCHEMA one; CREATE TABLE one.t AS SELECT 1 AS x; \
    CREATE SCHEMA two; CREATE TABLE two.t AS SELECT 2 AS x; \
    CREATE SCHEMA three; CREATE TABLE three.t AS SELECT 'three' AS x";

/// The one value that the kept statement `s` returns, or the SQLSTATE that it fails with.
fn run(session: &mut Raw) -> String {
    session.send(&[bind("", "s", &[], false), execute("", 0), sync()].concat());
    let answer = session.until_ready();
    match answer.iter().find(|m| m.tag == 'D') {
        Some(row) => String::from_utf8(row.values().remove(0).expect("not NULL")).expect("text"),
        None => raw::error(&answer).field('C').expect("a code"),
    }
}

#[test]
fn a_kept_statement_follows_its_own_sessions_search_path() {
    let postgres = Postgres::start();
    postgres.psql("postgres").expect(TWO_SCHEMAS);
    let url = postgres.url("postgres");
    let keys = format!(
        "kind = \"postgres\"\nurl = \"{url}\"\nschemas = {{ one = \"one\", two = \"two\", three = \"three\" }}"
    );
    let setup = Setup::new().source("shop", &keys).policy("policy.csv", "p, role:chief, *.*, select");
    let weir = setup.user("eva", "", &["chief"]).start();
    let (mut here, mut there) = (weir.raw("eva"), weir.raw("eva"));
    for session in [&mut here, &mut there] {
        session.query("SET search_path = one");
        session.send(&[parse("s", "SELECT x FROM t"), sync()].concat());
        assert_eq!(tags(&session.until_ready()), "1Z");
        assert_eq!(run(session), "1");
    }
    here.query("SET search_path = two");
    assert_eq!(run(&mut here), "2");
    assert_eq!(run(&mut there), "1", "the other session's statement is its own");
    assert_eq!(run(&mut here), "2");
    here.query("SET search_path = three");
    assert_eq!(run(&mut here), "0A000", "a column of another type than the client was told");
    here.query("SET search_path = nowhere");
    assert_eq!(run(&mut here), "42P01");
    here.query("RESET search_path; SET search_path = one");
    assert_eq!(run(&mut here), "1");
}

#[test]
fn a_kept_statement_follows_its_sessions_settings() {
    let weir = crate::common::sourceless().start();
    let mut session = weir.raw("eva");
    let sql = "SELECT date '2024-01-31' || ' ' || current_setting('application_name')";
    session.send(&[parse("s", sql), sync()].concat());
    assert_eq!(tags(&session.until_ready()), "1Z");
    session.query("SET application_name = 'one'");
    assert_eq!(run(&mut session), "2024-01-31 one");
    session.query("SET DateStyle = 'German'; SET application_name = 'two'");
    assert_eq!(run(&mut session), "31.01.2024 two");
    session.query("RESET ALL");
    assert_eq!(run(&mut session), "2024-01-31 ");
    weir.stop();
}

#[test]
fn a_kept_statement_over_the_session_itself_tells_of_it_as_it_is_now() {
    let weir = crate::common::sourceless().start();
    let (mut here, mut there) = (weir.raw("eva"), weir.raw("eva"));
    for session in [&mut here, &mut there] {
        let sql = "SELECT setting FROM pg_settings WHERE name = 'extra_float_digits'";
        session.send(&[parse("s", sql), sync()].concat());
        assert_eq!(tags(&session.until_ready()), "1Z");
        assert_eq!(run(session), "1");
    }
    here.query("SET extra_float_digits = 3");
    assert_eq!(run(&mut here), "3");
    assert_eq!(run(&mut there), "1", "the other session's settings are its own");
    here.send(&[parse("s2", "SELECT query_start::text FROM pg_stat_activity"), sync()].concat());
    assert_eq!(tags(&here.until_ready()), "1Z");
    let mut began = || {
        here.send(&[bind("", "s2", &[], false), execute("", 0), sync()].concat());
        let row = here.until_ready().into_iter().find(|m| m.tag == 'D').expect("a row");
        row.values().remove(0).expect("not NULL")
    };
    assert_ne!(began(), began());
    weir.stop();
}

#[test]
fn now_is_when_the_transaction_began() {
    let weir = crate::common::sourceless().start();
    let mut session = weir.raw("eva");
    session.send(&[parse("s", "SELECT now()::text"), sync()].concat());
    assert_eq!(tags(&session.until_ready()), "1Z");
    session.query("BEGIN");
    let begun = run(&mut session);
    session.query("SELECT 1");
    assert_eq!(run(&mut session), begun);
    session
        .send(&[parse("later", "SELECT clock_timestamp() > now() AND statement_timestamp() > now()"), sync()].concat());
    session.until_ready();
    session.send(&[bind("", "later", &[], false), execute("", 0), sync()].concat());
    let row = session.until_ready().into_iter().find(|m| m.tag == 'D').expect("a row");
    assert_eq!(row.values(), [Some(b"t".to_vec())]);
    session.query("COMMIT");
    assert_ne!(run(&mut session), begun);
    weir.stop();
}
