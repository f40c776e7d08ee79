//! The wire protocol, byte by byte: login, broken messages, both query protocols, transactions, cancelling.

use weir_tests::raw::{self, Message, Raw, about, bind, error, execute, framed, parse, query, startup, sync, tags};
use weir_tests::weir::DATABASE;

use crate::common;

/// Far more rows than anyone reads: a statement that runs until it is stopped.
const ENDLESS: &str = "SELECT value FROM generate_series(1, 50000000000) AS g(value)";

fn login() -> (std::sync::Arc<weir_tests::weir::Weir>, Raw) {
    let weir = common::plain();
    let raw = weir.raw("eva");
    (weir, raw)
}

fn state(messages: &[Message]) -> (String, String) {
    let error = error(messages);
    (error.field('C').unwrap_or_default(), error.field('M').unwrap_or_default())
}

fn status(messages: &[Message]) -> String {
    messages.last().filter(|m| m.tag == 'Z').map(Message::text).unwrap_or_default()
}

fn commands(messages: &[Message]) -> Vec<String> {
    messages.iter().filter(|m| m.tag == 'C').map(Message::text).collect()
}

fn first_value(messages: &[Message]) -> String {
    let row = messages.iter().find(|m| m.tag == 'D').unwrap_or_else(|| panic!("no row in {messages:?}"));
    String::from_utf8(row.values().remove(0).expect("not NULL")).expect("text")
}

fn still_serves(weir: &weir_tests::weir::Weir) {
    assert_eq!(weir.psql("eva").expect("SELECT 1"), "1");
}

#[test]
fn login_reports_what_drivers_ask_for() {
    let (_weir, raw) = login();
    for (name, value) in [
        ("client_encoding", "UTF8"),
        ("server_encoding", "UTF8"),
        ("integer_datetimes", "on"),
        ("standard_conforming_strings", "on"),
        ("DateStyle", "ISO, MDY"),
        ("IntervalStyle", "postgres"),
        ("session_authorization", "eva"),
    ] {
        assert_eq!(raw.parameters.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(raw.parameters.contains_key("server_version") && raw.parameters.contains_key("TimeZone"));
    assert!(raw.key.is_some(), "a key to cancel with");
}

#[test]
fn startup_parameters_are_settings() {
    let weir = common::plain();
    let begin = |parameters: &[(&str, &str)]| {
        let mut raw = Raw::connect(weir.port());
        let all = [&[("user", "eva"), ("database", DATABASE)], parameters].concat();
        let end = raw.authenticate(&all, weir.password("eva"));
        (raw, end)
    };
    let (mut raw, end) = begin(&[("application_name", "tests"), ("TimeZone", "Europe/Madrid"), ("_pq_.future", "1")]);
    assert_eq!(status(&end), "I", "{end:?}");
    assert!(end.iter().any(|m| m.tag == 'v'), "an unknown option of the protocol is declined: {}", tags(&end));
    assert_eq!(first_value(&raw.query("SHOW timezone")), "Europe/Madrid");
    assert_eq!(first_value(&raw.query("SHOW application_name")), "tests");
    let (mut raw, end) = begin(&[("options", "-c statement_timeout=5min")]);
    assert_eq!(status(&end), "I", "{end:?}");
    assert_eq!(first_value(&raw.query("SHOW statement_timeout")), "5min");
    let (_, end) = begin(&[("frobnicate", "1")]);
    assert_eq!(state(&end).0, "42704", "{end:?}");
    assert!(state(&end).1.contains("frobnicate"));
}

#[test]
fn who_names_another_database_is_told_so() {
    let weir = common::plain();
    let mut raw = Raw::connect(weir.port());
    let end = raw.authenticate(&[("user", "eva"), ("database", "elsewhere")], weir.password("eva"));
    assert_eq!(state(&end), ("3D000".to_owned(), "database \"elsewhere\" does not exist".to_owned()));
}

#[test]
fn a_wrong_password_and_an_unknown_user_look_alike() {
    let weir = common::plain();
    let attempt = |user: &str| {
        let mut raw = Raw::connect(weir.port());
        raw.authenticate(&[("user", user), ("database", DATABASE)], "not-the-password")
    };
    let (known, unknown, again) = (attempt("eva"), attempt("eve"), attempt("eve"));
    assert_eq!(state(&known), ("28P01".to_owned(), "password authentication failed for user \"eva\"".to_owned()));
    // Byte for byte, but for the name and for what is random in SCRAM, whose length and salt must not tell either.
    let error_of = |messages: &[Message], name: &str| {
        String::from_utf8(error(messages).body.clone()).expect("text").replace(name, "@")
    };
    assert_eq!(error_of(&known, "eva"), error_of(&unknown, "eve"));
    let shape = |messages: &[Message]| messages.iter().map(|m| (m.tag, m.body.len())).collect::<Vec<_>>();
    assert_eq!(shape(&known), shape(&unknown));
    let salt = |messages: &[Message]| {
        let first = messages.iter().find(|m| m.tag == 'R' && m.body.starts_with(&[0, 0, 0, 11])).expect("SCRAM");
        let text = String::from_utf8_lossy(&first.body[4..]).into_owned();
        text.split_once(',').expect("a nonce, then the salt").1.to_owned()
    };
    assert_eq!(salt(&unknown), salt(&again), "a user's salt stays the same, so an unknown one's must");
}

#[test]
fn other_protocol_versions_are_answered() {
    let weir = common::plain();
    let mut raw = Raw::connect(weir.port());
    // Answered in the form of 2.0 or of 3.0: who speaks 2.0 reads its text in both.
    raw.send(&startup(131_072, &[("user", "eva")]));
    let answer = String::from_utf8_lossy(&raw.rest()).into_owned();
    assert!(answer.starts_with('E') && answer.contains("unsupported frontend protocol 2.0"), "{answer:?}");
    let mut raw = Raw::connect(weir.port());
    raw.send(&startup(raw::VERSION_3 + 9, &[("user", "eva"), ("database", DATABASE)]));
    assert_eq!(raw.receive().expect("an answer").map(|m| m.tag), Some('v'));
}

#[test]
fn broken_startup_messages_close_only_their_connection() {
    let weir = common::plain();
    let mut neighbour = weir.raw("eva");
    let oversized = {
        let mut bytes = 20_000_u32.to_be_bytes().to_vec();
        bytes.resize(20_000, b'x');
        bytes
    };
    for (what, bytes) in [
        ("oversized", oversized),
        ("undersized", vec![0, 0, 0, 3]),
        ("negative", vec![0xff, 0xff, 0xff, 0xff, 0, 3, 0, 0]),
        ("without end", vec![0, 0, 0, 12, 0, 3, 0, 0, b'u', b's', b'e', b'r']),
        ("no user", startup(raw::VERSION_3, &[("database", DATABASE)])),
        ("http", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec()),
    ] {
        let mut raw = Raw::connect(weir.port());
        // The server may close before it has read all.
        let _ = raw.try_send(&bytes);
        assert!(raw.ends(), "{what}");
    }
    let mut truncated = Raw::connect(weir.port());
    truncated.send(&startup(raw::VERSION_3, &[("user", "eva")])[..9]);
    truncated.half_close();
    assert!(truncated.ends(), "truncated");
    assert_eq!(first_value(&neighbour.query("SELECT 1")), "1");
}

#[test]
fn broken_messages_close_only_their_session() {
    let weir = common::plain();
    let mut neighbour = weir.raw("eva");
    let before = weir.memory_bytes().0;
    for (what, bytes) in [
        ("length under four", vec![b'Q', 0, 0, 0, 3]),
        ("negative length", vec![b'Q', 0xff, 0xff, 0xff, 0xff]),
        ("two gigabytes announced", vec![b'Q', 0x7f, 0xff, 0xff, 0xff, b'S']),
        ("unknown type", framed(b'%', b"")),
        ("no zero at the end", framed(b'Q', b"SELECT 1")),
        ("bind cut off", framed(b'B', b"\0\0\0\x09")),
        ("not UTF-8", framed(b'Q', b"SELECT '\xff\xfe'\0")),
    ] {
        let mut raw = weir.raw("eva");
        raw.send(&bytes);
        raw.half_close();
        let end = raw.until('E');
        if let Some(error) = end.iter().find(|m| m.tag == 'E') {
            let code = error.field('C').unwrap_or_default();
            // The cut off Bind names a statement that isn't there, and may be told that first.
            assert!(["08P01", "22021", "26000"].contains(&code.as_str()), "{what}: {code}");
        }
        assert!(raw.ends(), "{what}");
    }
    let mut truncated = weir.raw("eva");
    truncated.send(&query("SELECT 1")[..7]);
    truncated.half_close();
    assert!(truncated.ends());
    assert!(weir.memory_bytes().0 < before + (64 << 20), "memory grows with bytes received, not with bytes announced");
    assert_eq!(first_value(&neighbour.query("SELECT 1")), "1");
}

#[test]
fn a_connection_that_only_opens_holds_nothing_up() {
    let weir = common::plain();
    let _silent: Vec<Raw> = (0..20).map(|_| Raw::connect(weir.port())).collect();
    still_serves(&weir);
}

#[test]
fn errors_say_what_and_where() {
    let (_weir, mut raw) = login();
    for (sql, code, message, position) in [
        ("SELEC 1", "42601", "syntax error at or near \"SELEC\"", Some("1")),
        ("SELECT 1 FROM (", "42601", "syntax error at end of input", Some("16")),
        ("SELECT (1", "42601", "syntax error at end of input", Some("10")),
        ("SELECT 'é' FROM nothing", "42P01", "relation \"nothing\" does not exist", Some("17")),
        ("SELECT 1, nothing", "42703", "column \"nothing\" does not exist", Some("11")),
        ("SELECT nothing(1)", "42883", "", Some("8")),
        ("SELECT 'a'::integer", "22P02", "invalid input syntax for type integer: \"a\"", None),
        ("SELECT 'a' ~ '('", "2201B", "invalid regular expression: parentheses () not balanced", None),
        ("SELECT 1 LIMIT -1", "2201W", "LIMIT must not be negative", None),
        ("SELECT 1 OFFSET -1", "2201X", "OFFSET must not be negative", None),
        ("SELECT 1 / 0", "22012", "division by zero", None),
        ("SET frobnicate = 1", "42704", "unrecognized configuration parameter \"frobnicate\"", None),
    ] {
        let answer = raw.query(sql);
        assert_eq!(status(&answer), "I", "{sql}");
        let error = error(&answer);
        assert_eq!(error.field('C').as_deref(), Some(code), "{sql}: {:?}", error.field('M'));
        if !message.is_empty() {
            assert_eq!(error.field('M').as_deref(), Some(message), "{sql}");
        }
        if position.is_some() {
            assert_eq!(error.field('P').as_deref(), position, "{sql}");
        }
    }
    assert_eq!(first_value(&raw.query("SELECT 2")), "2");
}

#[test]
fn nothing_is_written_through_weir() {
    let (_weir, mut raw) = login();
    for sql in [
        "CREATE TABLE t (a integer)",
        "DELETE FROM lake.flights",
        "INSERT INTO lake.flights VALUES (1)",
        "DROP SCHEMA lake",
    ] {
        let (code, _) = state(&raw.query(sql));
        // Which of them depends on what is found out first: that it would write, or that nothing is there.
        assert!(["0A000", "25006", "42501", "42P01", "3F000"].contains(&code.as_str()), "{sql}: {code}");
    }
}

#[test]
fn simple_queries_may_hold_several_statements() {
    let (_weir, mut raw) = login();
    let answer = raw.query("SELECT 1 AS a; SELECT 'x' AS b WHERE false;");
    assert_eq!(tags(&answer), "TDCTCZ");
    assert_eq!(commands(&answer), ["SELECT 1", "SELECT 0"]);
    assert_eq!(tags(&raw.query("")), "IZ");
    assert_eq!(tags(&raw.query(" ; ")), "IZ");
    assert_eq!(tags(&raw.query("SELECT 1; SELECT 1 / 0; SELECT 3")).replace(['T', 'D'], ""), "CEZ");
}

#[test]
fn columns_are_named_and_typed_as_in_postgresql() {
    let (_weir, mut raw) = login();
    let answer =
        raw.query("SELECT 1::integer, 'x', count(*), now() IS NULL AS known, 1.5, true, DATE '2013-01-01', NULL");
    let description = answer.iter().find(|m| m.tag == 'T').expect("a description");
    let mut names = Vec::new();
    let mut rest = &description.body[2..];
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == 0).expect("a name");
        let name = String::from_utf8_lossy(&rest[..end]).into_owned();
        let oid = u32::from_be_bytes(rest[end + 7..end + 11].try_into().expect("four bytes"));
        names.push((name, oid));
        rest = &rest[end + 19..];
    }
    let named = |name: &str, oid: u32| (name.to_owned(), oid);
    let unnamed = "?column?";
    let expected = [
        named("int4", 23),
        named(unnamed, 25),
        named("count", 20),
        named("known", 16),
        named(unnamed, 1700),
        named(unnamed, 16),
        named("date", 1082),
        named(unnamed, 25),
    ];
    assert_eq!(names, expected);
}

#[test]
fn statements_are_prepared_described_and_run() {
    let (_weir, mut raw) = login();
    let sql = "SELECT value::bigint FROM generate_series(1, 10) AS g(value) WHERE value > $1::bigint ORDER BY value";
    raw.send(&[parse("s", sql), about(b'D', b'S', "s"), sync()].concat());
    let answer = raw.until_ready();
    assert_eq!(tags(&answer), "1tTZ");
    assert_eq!(answer[1].body, [0, 1, 0, 0, 0, 20], "one parameter, int8");
    for (above, binary, rows) in [("7", false, 3), ("2", true, 8)] {
        raw.send(&[bind("", "s", &[Some(above)], binary), execute("", 0), sync()].concat());
        let answer = raw.until_ready();
        assert_eq!(tags(&answer), format!("2{}CZ", "D".repeat(rows)));
        assert_eq!(commands(&answer), [format!("SELECT {rows}")]);
        let last = answer.iter().rfind(|m| m.tag == 'D').expect("a row").values().remove(0);
        let ten: &[u8] = if binary { &[0, 0, 0, 0, 0, 0, 0, 10] } else { b"10" };
        assert_eq!(last.as_deref(), Some(ten));
    }
    raw.send(&[bind("", "s", &[None], false), execute("", 0), sync()].concat());
    assert_eq!(tags(&raw.until_ready()), "2CZ");
    raw.send(&[bind("", "s", &[Some("seven")], false), execute("", 0), sync()].concat());
    assert_eq!(state(&raw.until_ready()).0, "22P02");
}

#[test]
fn names_of_statements_and_portals_live_as_they_should() {
    let (_weir, mut raw) = login();
    let mut ask = |messages: Vec<Vec<u8>>| {
        raw.send(&messages.concat());
        let answer = raw.until_ready();
        let code = answer.iter().find(|m| m.tag == 'E').and_then(|m| m.field('C')).unwrap_or_default();
        (tags(&answer), code)
    };
    let is = |tags: &str, code: &str| (tags.to_owned(), code.to_owned());
    assert_eq!(ask(vec![parse("s", "SELECT 1"), sync()]), is("1Z", ""));
    assert_eq!(ask(vec![parse("s", "SELECT 2"), sync()]), is("EZ", "42P05"));
    assert_eq!(ask(vec![bind("", "nobody", &[], false), sync()]), is("EZ", "26000"));
    assert_eq!(ask(vec![execute("nobody", 0), sync()]), is("EZ", "34000"));
    assert_eq!(ask(vec![about(b'C', b'S', "nobody"), sync()]), is("3Z", ""));
    // After an error everything is skipped up to Sync, and one answer comes.
    let skipped = vec![parse("", "SELEC"), bind("", "s", &[], false), execute("", 0), about(b'C', b'S', "s"), sync()];
    assert_eq!(ask(skipped), is("EZ", "42601"));
    assert_eq!(ask(vec![bind("", "s", &[Some("1")], false), sync()]), is("EZ", "08P01"));
    assert_eq!(ask(vec![bind("p", "s", &[], false), bind("p", "s", &[], false), sync()]), is("2EZ", "42P03"));
    // A portal ends with its transaction, which Sync ends here.
    assert_eq!(ask(vec![bind("p", "s", &[], false), sync()]), is("2Z", ""));
    assert_eq!(ask(vec![execute("p", 0), sync()]), is("EZ", "34000"));
    assert_eq!(ask(vec![about(b'C', b'S', "s"), bind("", "s", &[], false), sync()]), is("3EZ", "26000"));
    assert_eq!(ask(vec![parse("", ""), bind("", "", &[], false), execute("", 0), sync()]), is("12IZ", ""));
}

#[test]
fn portals_give_as_many_rows_as_asked_for() {
    let (_weir, mut raw) = login();
    let rows = |n: i64| format!("SELECT value FROM generate_series(1, {n}) AS g(value)");
    raw.send(&[parse("a", &rows(5)), parse("b", &rows(100_000)), sync()].concat());
    assert_eq!(tags(&raw.until_ready()), "11Z");
    raw.query("BEGIN");
    raw.send(&[bind("a", "a", &[], false), bind("b", "b", &[], false)].concat());
    // Interleaved: each portal keeps its own place.
    raw.send(&[execute("a", 2), execute("b", 3), execute("a", 2), execute("b", 1), execute("a", 2), sync()].concat());
    let answer = raw.until_ready();
    assert_eq!(tags(&answer), "22DDsDDDsDDsDsDCZ");
    let values: Vec<String> = answer
        .iter()
        .filter(|m| m.tag == 'D')
        .map(|m| String::from_utf8(m.values().remove(0).expect("not NULL")).expect("text"))
        .collect();
    assert_eq!(values, ["1", "2", "1", "2", "3", "3", "4", "4", "5"]);
    assert_eq!(commands(&answer), ["SELECT 1"], "the count of the last execution");
    raw.send(&[execute("b", 0), sync()].concat());
    let answer = raw.until_ready();
    assert_eq!(answer.iter().filter(|m| m.tag == 'D').count(), 99_996);
    assert_eq!(commands(&raw.query("COMMIT")), ["COMMIT"]);
}

#[test]
fn a_cancel_stops_a_result_in_mid_stream() {
    let (weir, mut raw) = login();
    let key = raw.key.clone().expect("a key");
    for bytes in [query(ENDLESS), [parse("", ENDLESS), bind("", "", &[], true), execute("", 0), sync()].concat()] {
        raw.send(&bytes);
        raw.until('D');
        raw::cancel(weir.port(), &key);
        let end = raw.until_ready();
        assert_eq!(state(&end), ("57014".to_owned(), "canceling statement due to user request".to_owned()));
        assert_eq!(first_value(&raw.query("SELECT 1")), "1");
    }
}

#[test]
fn a_cancel_stops_work_that_gives_no_row() {
    let (weir, mut raw) = login();
    let key = raw.key.clone().expect("a key");
    raw.send(&query(&format!("SELECT count(*), sum(value) FROM ({ENDLESS}) s")));
    // It may come before the statement runs, when it rightly has no effect: it is asked for until it has.
    let port = weir.port();
    let (done, stopped) = std::sync::mpsc::channel::<()>();
    let canceller = std::thread::spawn(move || {
        while let Err(std::sync::mpsc::RecvTimeoutError::Timeout) =
            stopped.recv_timeout(std::time::Duration::from_millis(50))
        {
            raw::cancel(port, &key);
        }
    });
    assert_eq!(state(&raw.until_ready()).0, "57014");
    done.send(()).expect("the canceller waits");
    canceller.join().expect("no panic");
}

#[test]
fn a_cancel_with_a_wrong_key_does_nothing() {
    let (weir, mut raw) = login();
    let mut key = raw.key.clone().expect("a key");
    *key.last_mut().expect("bytes") ^= 1;
    raw.send(&query("SELECT value FROM generate_series(1, 1000000) AS g(value)"));
    raw.until('D');
    raw::cancel(weir.port(), &key);
    assert_eq!(commands(&raw.until_ready()), ["SELECT 1000000"]);
}

#[test]
fn a_statement_times_out_in_mid_stream() {
    let (_weir, mut raw) = login();
    raw.query("SET statement_timeout = '300ms'");
    let timeout = ("57014".to_owned(), "canceling statement due to statement timeout".to_owned());
    assert_eq!(state(&raw.query(ENDLESS)), timeout);
    assert_eq!(state(&raw.query(&format!("SELECT sum(value) FROM ({ENDLESS}) s"))), timeout);
    // A frame for each row, of nearly all rows, and all of them in one partition.
    let frame = "(ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW)";
    for function in ["sum(x)", "max(x)"] {
        let sql = format!("SELECT {function} OVER {frame} FROM generate_series(1, 1000000) x");
        assert_eq!(state(&raw.query(&sql)), timeout, "{function}");
    }
    raw.send(&[parse("", ENDLESS), bind("", "", &[], false), execute("", 0), sync()].concat());
    assert_eq!(state(&raw.until_ready()), timeout);
    assert_eq!(first_value(&raw.query("SELECT 1")), "1");
    raw.query("RESET statement_timeout");
    assert_eq!(first_value(&raw.query("SHOW statement_timeout")), "0");
}

#[test]
fn settings_are_set_shown_and_reset() {
    let (_weir, mut raw) = login();
    assert_eq!(commands(&raw.query("SET TIME ZONE 'Asia/Tokyo'")), ["SET"]);
    assert_eq!(raw.parameters.get("TimeZone").map(String::as_str), Some("Asia/Tokyo"), "the client is told");
    assert_eq!(first_value(&raw.query("SELECT TIMESTAMPTZ '2013-01-01 00:00:00+00'")), "2013-01-01 09:00:00+09");
    assert_eq!(first_value(&raw.query("SHOW TimeZone")), "Asia/Tokyo");
    raw.query("BEGIN; SET application_name = 'a'; ROLLBACK");
    assert_ne!(first_value(&raw.query("SHOW application_name")), "a", "a rollback takes a setting back");
    raw.query("BEGIN; SET LOCAL application_name = 'b'; COMMIT");
    assert_ne!(first_value(&raw.query("SHOW application_name")), "b", "a local setting ends with its transaction");
    raw.query("RESET ALL");
    assert_ne!(first_value(&raw.query("SHOW TimeZone")), "Asia/Tokyo");
}

#[test]
fn discard_all_leaves_a_fresh_session() {
    let (_weir, mut raw) = login();
    raw.query("SET application_name = 'worn'");
    raw.send(&[parse("s", "SELECT 1"), sync()].concat());
    raw.until_ready();
    assert_eq!(commands(&raw.query("DISCARD ALL")), ["DISCARD ALL"]);
    assert_ne!(first_value(&raw.query("SHOW application_name")), "worn");
    raw.send(&[bind("", "s", &[], false), sync()].concat());
    assert_eq!(state(&raw.until_ready()).0, "26000");
    raw.query("BEGIN");
    assert_eq!(state(&raw.query("DISCARD ALL")).0, "25001");
}

#[test]
fn transactions_show_their_status() {
    let (_weir, mut raw) = login();
    let mut step = |sql: &str| {
        let answer = raw.query(sql);
        let notice = answer.iter().find(|m| m.tag == 'N').and_then(|m| m.field('C')).unwrap_or_default();
        let error = answer.iter().find(|m| m.tag == 'E').and_then(|m| m.field('C')).unwrap_or_default();
        (commands(&answer).join(" "), notice, error, status(&answer))
    };
    let is = |a: &str, b: &str, c: &str, d: &str| (a.to_owned(), b.to_owned(), c.to_owned(), d.to_owned());
    assert_eq!(step("BEGIN"), is("BEGIN", "", "", "T"));
    assert_eq!(step("BEGIN"), is("BEGIN", "25001", "", "T"));
    assert_eq!(step("SELECT 1"), is("SELECT 1", "", "", "T"));
    assert_eq!(step("SELECT nothing"), is("", "", "42703", "E"));
    assert_eq!(step("SELECT 1"), is("", "", "25P02", "E"));
    assert_eq!(step("COMMIT"), is("ROLLBACK", "", "", "I"));
    assert_eq!(step("COMMIT"), is("COMMIT", "25P01", "", "I"));
    assert_eq!(step("ROLLBACK"), is("ROLLBACK", "25P01", "", "I"));
    assert_eq!(
        step("START TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"),
        is("START TRANSACTION", "", "", "T")
    );
    assert_eq!(step("ROLLBACK"), is("ROLLBACK", "", "", "I"));
    assert_eq!(step("SELECT nothing"), is("", "", "42703", "I"));
}

#[test]
fn sessions_do_not_share_settings_or_statements() {
    let weir = common::plain();
    let (mut one, mut other) = (weir.raw("eva"), weir.raw("eva"));
    one.query("SET application_name = 'one'");
    one.send(&[parse("s", "SELECT 1"), sync()].concat());
    one.until_ready();
    assert_ne!(first_value(&other.query("SHOW application_name")), "one");
    other.send(&[bind("", "s", &[], false), sync()].concat());
    assert_eq!(state(&other.until_ready()).0, "26000");
}

#[test]
fn a_client_that_goes_away_in_mid_stream_disturbs_nobody() {
    let weir = common::plain();
    for _ in 0..5 {
        let mut raw = weir.raw("eva");
        raw.send(&query(ENDLESS));
        raw.until('D');
    }
    still_serves(&weir);
}
