//! COPY TO STDOUT: the same bytes as from a real PostgreSQL, and clean errors.

use weir_tests::generated::rls::superuser;
use weir_tests::postgres::Postgres;
use weir_tests::raw::{Message, Raw, about, bind, error, execute, parse, sync, tags};
use weir_tests::weir::{Setup, Weir};

const TABLE: &str = r#"
CREATE TABLE t (id int, note text, amount numeric(10,2), at timestamptz, flag bool, tags text[], raw bytea);
INSERT INTO t VALUES
    (1, 'plain', 1.50, '2024-02-29 10:00:00.25+00', true, '{a,b}', '\x00ff'),
    (2, E'tab\there\nnew line\rreturn\\backslash', -0.01, NULL, false, '{}', ''),
    (3, '', NULL, '1999-12-31 23:59:59+00', NULL, NULL, NULL),
    (4, NULL, 99999999.99, '2024-02-29 10:00:00+00', true, '{NULL,"q,"}', '\x5c'),
    (5, 'quote" and '' and , and ; and |', 0, NULL, false, '{"x"}', NULL),
    (6, '\.', 0, NULL, false, NULL, NULL),
    (7, '\N', 0, NULL, false, NULL, NULL),
    (8, E'\x08\x0c\x0b\x01 control', 0, NULL, false, NULL, NULL),
    (9, 'grün ☃', 0, NULL, false, NULL, NULL);
"#;

const OPTIONS: [&str; 16] = [
    "",
    "WITH (FORMAT text, DELIMITER '|')",
    "(NULL '')",
    "(HEADER, DELIMITER ',')",
    "CSV",
    "WITH CSV HEADER",
    "(FORMAT csv, HEADER true, DELIMITER ';')",
    "(FORMAT csv, NULL 'NULL')",
    "(FORMAT csv, QUOTE '''')",
    "(FORMAT csv, ESCAPE '\\')",
    "(FORMAT csv, FORCE_QUOTE *)",
    "(FORMAT csv, FORCE_QUOTE (note, id))",
    "CSV DELIMITER AS '|' NULL AS '-' FORCE QUOTE flag",
    "(FORMAT csv, HEADER, ENCODING 'UTF8')",
    "(FORMAT binary)",
    "BINARY",
];

struct Pair {
    weir: Raw,
    postgres: Raw,
    // Both go on as long as their sessions.
    _servers: (Weir, Postgres),
}

impl Pair {
    fn start() -> Self {
        let postgres = Postgres::start();
        postgres.psql("postgres").expect(TABLE);
        let weir = Setup::new()
            .source("shop", &format!("kind = \"postgres\"\nurl = \"{}\"", postgres.url("postgres")))
            .policy("policy.csv", "p, role:chief, *.*, select")
            .user("eva", "", &["chief"])
            .start();
        let mut pair =
            Self { weir: weir.raw("eva"), postgres: superuser(&postgres, "postgres"), _servers: (weir, postgres) };
        pair.weir.query("SET search_path = shop");
        pair
    }

    fn each(&mut self, ask: impl FnMut(&mut Raw) -> Vec<Message>) -> [Vec<Message>; 2] {
        [&mut self.weir, &mut self.postgres].map(ask)
    }
}

/// What a COPY is made of, however it is cut into messages.
fn contents(messages: &[Message]) -> (String, Vec<u8>) {
    let data = messages.iter().filter(|message| message.tag == 'd');
    let bytes = data.flat_map(|message| message.body.iter().copied()).collect();
    let mut told = tags(messages);
    told.retain(|tag| tag != 'd');
    (told, bytes)
}

#[test]
fn a_copy_is_the_same_file_as_from_postgresql() {
    let mut pair = Pair::start();
    for options in OPTIONS {
        for what in ["(SELECT * FROM t ORDER BY id)", "t (id, note)", "(SELECT note FROM t)", "(SELECT 1 WHERE false)"]
        {
            let sql = format!("COPY {what} TO STDOUT {options}");
            if what == "(SELECT 1 WHERE false)" && options.to_lowercase().contains("quote") && options.contains("note")
                || what != "(SELECT * FROM t ORDER BY id)" && options.contains("flag")
                || what == "(SELECT note FROM t)" && options.contains("id")
            {
                continue;
            }
            let [ours, theirs] = pair.each(|session| session.query(&sql));
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let (ours, theirs) = (contents(&ours), contents(&theirs));
            assert_eq!((ours.0, text(&ours.1)), (theirs.0, text(&theirs.1)), "{sql}");
            let extended = [parse("", &sql), bind("", "", &[], false), about(b'D', b'P', ""), execute("", 2), sync()];
            let [ours, theirs] = pair.each(|session| {
                session.send(&extended.concat());
                session.until_ready()
            });
            assert_eq!(contents(&ours), contents(&theirs), "extended: {sql}");
        }
    }
}

#[test]
fn a_copy_that_cannot_be_fails_as_in_postgresql() {
    let mut pair = Pair::start();
    for sql in [
        "COPY t TO STDOUT (DELIMITER 'ab')",
        "COPY t TO STDOUT (FORMAT csv, DELIMITER '\"')",
        "COPY t TO STDOUT (FORMAT xml)",
        "COPY t TO STDOUT (FORMAT csv, FORMAT csv)",
        "COPY t TO STDOUT (QUOTE '!')",
        "COPY t TO STDOUT (FORMAT binary, DELIMITER ',')",
        "COPY t TO STDOUT (FORMAT csv, FORCE_QUOTE (nothing))",
        "COPY t TO STDOUT (UNHEARD)",
        "COPY t (nothing) TO STDOUT",
        "COPY nothing TO STDOUT",
        "COPY (SELECT 1 / (id - 3) FROM t ORDER BY id) TO STDOUT",
        "COPY (SELECT $1) TO STDOUT",
        "COPY (SELECT 1",
    ] {
        let [ours, theirs] = pair.each(|session| session.query(sql));
        assert_eq!(error(&ours).field('C'), error(&theirs).field('C'), "{sql}: {:?}", error(&ours).field('M'));
        assert_eq!(ours.last().map(Message::text), theirs.last().map(Message::text), "{sql}");
        let [ours, theirs] = pair.each(|session| session.query("SELECT 1"));
        assert_eq!(tags(&ours), tags(&theirs), "after {sql}");
    }
    // Nothing is written through Weir, and no file of the server's is read or written.
    for (sql, code) in [
        ("COPY t FROM STDIN", "25006"),
        ("COPY t FROM '/etc/passwd'", "25006"),
        ("COPY t TO '/tmp/weir-copy'", "42501"),
        ("COPY t TO PROGRAM 'cat'", "42501"),
        ("COPY (DELETE FROM t) TO STDOUT", "25006"),
    ] {
        assert_eq!(error(&pair.weir.query(sql)).field('C').as_deref(), Some(code), "{sql}");
    }
    assert!(!std::path::Path::new("/tmp/weir-copy").exists());
}

/// A client that only knows the end of a COPY by its last message, and one that cancels in the middle.
#[test]
fn a_large_copy_streams_and_can_be_cancelled() {
    let mut pair = Pair::start();
    let sql = "COPY (SELECT * FROM generate_series(1, 200000)) TO STDOUT";
    let [ours, theirs] = pair.each(|session| session.query(sql));
    assert_eq!(contents(&ours), contents(&theirs));
    let complete = ours.iter().find(|message| message.tag == 'C').map(Message::text);
    assert_eq!(complete.as_deref(), Some("COPY 200000"));
    let key = pair.weir.key.clone().expect("a key");
    pair.weir.send(&weir_tests::raw::query("COPY (SELECT * FROM generate_series(1, 1000000000)) TO STDOUT"));
    for _ in 0..10 {
        pair.weir.receive().expect("an answer").expect("a message");
    }
    weir_tests::raw::cancel(pair._servers.0.port(), &key);
    let rest = pair.weir.until_ready();
    assert_eq!(error(&rest).field('C').as_deref(), Some("57014"));
    assert_eq!(tags(&pair.weir.query("SELECT 1")), "TDCZ");
}
