//! Cursors declared in SQL: message for message as a real PostgreSQL has them.

use std::time::{Duration, Instant};

use weir_tests::generated::rls::superuser;
use weir_tests::postgres::Postgres;
use weir_tests::raw::{Message, Raw, about, bind, error, execute, parse, sync};
use weir_tests::run::wait_for;
use weir_tests::weir::{Setup, Weir};

/// Scripts, each in a session of its own: statements by the simple protocol.
const SCRIPTS: [&[&str]; 10] = [
    &[
        "BEGIN",
        "DECLARE c NO SCROLL CURSOR FOR SELECT * FROM t ORDER BY id",
        "FETCH c",
        "FETCH 2 FROM c",
        "FETCH ALL FROM c",
        "FETCH c",
        "CLOSE c",
        "FETCH c",
        "ROLLBACK",
    ],
    &[
        "BEGIN",
        "DECLARE c NO SCROLL CURSOR FOR SELECT id FROM t ORDER BY id",
        "MOVE 2 FROM c",
        "FETCH NEXT c",
        "MOVE FORWARD ALL IN c",
        "FETCH FORWARD 3 c",
        "COMMIT",
        "FETCH c",
    ],
    &[
        "BEGIN",
        "DECLARE c NO SCROLL CURSOR FOR SELECT id FROM t ORDER BY id",
        "FETCH ABSOLUTE 3 FROM c",
        "FETCH RELATIVE 2 FROM c",
        "FETCH FIRST FROM c",
        "FETCH c",
        "COMMIT",
        "SELECT 1",
    ],
    &["BEGIN", "DECLARE c NO SCROLL CURSOR FOR SELECT id FROM t", "FETCH PRIOR FROM c", "ROLLBACK"],
    &[
        "BEGIN",
        "DECLARE c NO SCROLL CURSOR FOR SELECT id FROM t",
        "FETCH 0 FROM c",
        "FETCH ABSOLUTE 0 FROM c",
        "ROLLBACK",
    ],
    &[
        "DECLARE c CURSOR FOR SELECT 1",
        "FETCH c",
        "BEGIN",
        "DECLARE c CURSOR FOR SELECT 1",
        "SAVEPOINT s",
        "DECLARE c CURSOR FOR SELECT 2",
        "ROLLBACK TO s",
        "FETCH c",
        "COMMIT",
    ],
    &[
        "DECLARE h NO SCROLL CURSOR WITH HOLD FOR SELECT id FROM t ORDER BY id",
        "FETCH 2 FROM h",
        "BEGIN",
        "FETCH h",
        "SELECT nothing",
        "ROLLBACK",
        "FETCH h",
        "CLOSE h",
        "FETCH h",
    ],
    &[
        "BEGIN",
        "DECLARE h CURSOR WITH HOLD FOR SELECT id FROM t ORDER BY id",
        "ROLLBACK",
        "FETCH h",
        "BEGIN",
        "DECLARE h CURSOR WITH HOLD FOR SELECT id FROM t ORDER BY id",
        "COMMIT",
        "FETCH h",
        "CLOSE ALL",
        "FETCH h",
    ],
    &["BEGIN", "SAVEPOINT s", "DECLARE c CURSOR FOR SELECT id FROM t", "RELEASE s", "FETCH ALL FROM c", "ROLLBACK"],
    &["BEGIN", "DECLARE b BINARY CURSOR FOR SELECT id, note FROM t ORDER BY id", "FETCH 2 FROM b", "COMMIT"],
];

fn sessions() -> (Postgres, Weir) {
    limited("")
}

/// Under these limits.
fn limited(limits: &str) -> (Postgres, Weir) {
    let postgres = Postgres::start();
    postgres.psql("postgres").expect(
        "CREATE TABLE t (id int, note text); INSERT INTO t SELECT n, 'note ' || n FROM generate_series(1, 7) n",
    );
    let weir = Setup::new()
        .table(&format!("[limits]\n{limits}"))
        .source("shop", &format!("kind = \"postgres\"\nurl = \"{}\"", postgres.url("postgres")))
        .policy("policy.csv", "p, role:chief, *.*, select")
        .user("eva", "", &["chief"])
        .start();
    (postgres, weir)
}

/// What a message says: no table's OID in a description, and of an error only its code and text.
fn said(message: &Message) -> String {
    match message.tag {
        'T' => {
            let text = String::from_utf8_lossy(&message.body[2..]).into_owned();
            let names: Vec<&str> =
                text.split('\0').filter(|part| part.chars().all(|c| c.is_ascii_lowercase())).collect();
            format!("T {}", names.concat())
        }
        'E' | 'N' => format!("{} {:?} {:?}", message.tag, message.field('C'), message.field('M')),
        tag => format!("{tag} {:?}", message.body),
    }
}

#[test]
fn cursors_answer_as_in_postgresql() {
    let (postgres, weir) = sessions();
    for script in SCRIPTS {
        let (mut ours, mut theirs) = (weir.raw("eva"), superuser(&postgres, "postgres"));
        ours.query("SET search_path = shop");
        for sql in script {
            let [ours, theirs] = [&mut ours, &mut theirs].map(|session| session.query(sql));
            let said = |messages: &[Message]| messages.iter().map(said).collect::<Vec<_>>();
            assert_eq!(said(&ours), said(&theirs), "{sql} in {script:?}");
        }
    }
}

#[test]
fn a_cursor_is_a_portal_and_the_other_way_round() {
    let (postgres, weir) = sessions();
    let (mut ours, mut theirs) = (weir.raw("eva"), superuser(&postgres, "postgres"));
    ours.query("SET search_path = shop");
    let mut both = |steps: &dyn Fn(&mut Raw) -> Vec<Message>| {
        let [ours, theirs] = [&mut ours, &mut theirs].map(steps);
        let said = |messages: &[Message]| messages.iter().map(said).collect::<Vec<_>>();
        assert_eq!(said(&ours), said(&theirs));
    };
    both(&|session| session.query("BEGIN"));
    both(&|session| session.query("DECLARE c NO SCROLL CURSOR FOR SELECT id, note FROM t ORDER BY id"));
    // FETCH by the extended protocol, described, in binary.
    both(&|session| {
        let fetch =
            [parse("", "FETCH 2 FROM c"), about(b'D', b'S', ""), bind("", "", &[], true), about(b'D', b'P', "")];
        session.send(&[fetch.concat(), execute("", 0), sync()].concat());
        session.until_ready()
    });
    // The cursor's portal, executed by its name.
    both(&|session| {
        session.send(&[execute("c", 3), sync()].concat());
        session.until_ready()
    });
    both(&|session| session.query("FETCH ALL FROM c"));
    // A portal of the protocol has its name taken.
    both(&|session| {
        session.send(&[parse("", "SELECT 1"), bind("p", "", &[], false), sync()].concat());
        session.until_ready()
    });
    both(&|session| session.query("DECLARE p CURSOR FOR SELECT 1"));
    both(&|session| session.query("ROLLBACK"));
}

fn holding(weir: &Weir) -> (Raw, impl Fn(&mut Raw, &str) -> Option<String>) {
    let mut session = weir.raw("eva");
    session.query("DECLARE h CURSOR WITH HOLD FOR SELECT id FROM shop.t ORDER BY id");
    let code = |session: &mut Raw, sql: &str| {
        session.query(sql).iter().find(|message| message.tag == 'E').and_then(|error| error.field('C'))
    };
    (session, code)
}

/// What waits holds memory and connections to sources: not for ever, however busy its session is otherwise.
#[test]
fn a_cursor_that_nobody_fetches_from_ends() {
    let (_postgres, weir) = limited("idle_cursor_timeout = \"2s\"");
    let (mut session, code) = holding(&weir);
    for _ in 0..5 {
        assert_eq!(code(&mut session, "FETCH h"), None, "it is being fetched from");
        std::thread::sleep(Duration::from_millis(500));
    }
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(2500) {
        assert_eq!(code(&mut session, "SELECT 1"), None);
    }
    let audit = weir.folder().join("audit.jsonl");
    let recorded = || std::fs::read_to_string(&audit).expect("the audit log").contains("due to idle-cursor timeout");
    wait_for("the record", Duration::from_secs(20), || recorded().then_some(()));
    assert_eq!(code(&mut session, "FETCH h").as_deref(), Some("57014"));
    assert_eq!(code(&mut session, "FETCH h").as_deref(), Some("34000"));
}

#[test]
fn a_session_has_only_so_many_cursors() {
    let (_postgres, weir) = sessions();
    let (mut session, code) = holding(&weir);
    let declare =
        |name: &str| format!("DECLARE {name} CURSOR WITH HOLD FOR SELECT value FROM generate_series(1, 9) AS g(value)");
    for number in 1..100 {
        assert_eq!(code(&mut session, &declare(&format!("c{number}"))), None, "{number}");
    }
    assert_eq!(code(&mut session, &declare("one_more")).as_deref(), Some("53400"));
    let sql = "SELECT value FROM generate_series(1, 9) AS g(value)";
    session.send(&[parse("", sql), bind("", "", &[], false), execute("", 1), sync()].concat());
    assert_eq!(error(&session.until_ready()).field('C').as_deref(), Some("53400"));
    assert_eq!(code(&mut session, "FETCH h"), None, "the others go on");
    // One that has come to its end holds nothing.
    assert_eq!(code(&mut session, "FETCH ALL FROM c1"), None);
    assert_eq!(code(&mut session, &declare("one_more")), None);
}

/// psql reads a large result through a cursor of its own.
#[test]
fn psql_fetches_in_portions() {
    let (_postgres, weir) = sessions();
    let psql = weir.psql("eva");
    let fetched = psql.run(&["-A", "-t", "-v", "FETCH_COUNT=3", "-c", "SELECT id FROM shop.t ORDER BY id"]);
    let whole = psql.run(&["-A", "-t", "-c", "SELECT id FROM shop.t ORDER BY id"]);
    assert_eq!(fetched.map_err(|e| e.stderr), whole.map_err(|e| e.stderr));
}
