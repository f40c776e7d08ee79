//! Ways in which other engines have leaked, each over every way in.
//!
//! Two servers hold the same tables but for what Ana doesn't see: rows of other teams, a column that isn't granted, what masks
//! leave out, whole tables. `tests/data/leaks.txt` holds the statements: whatever is sent, by whichever way, both servers say
//! the same to her.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use weir_tests::generated::data::{Column, Kind, Row, SCHEMAS, Table};
use weir_tests::generated::heard::{self, Heard, Order, PLANS, RUNS, Way, hear};
use weir_tests::generated::hidden::MARK;
use weir_tests::generated::mesh::Mesh;
use weir_tests::postgres::Postgres;
use weir_tests::raw::{Message, Raw, bind, execute, parse, query, sync};
use weir_tests::run::wait_for;
use weir_tests::weir::{Setup, Weir};

const STATEMENTS: &str = include_str!("../../data/leaks.txt");
const SOON: Duration = Duration::from_secs(20);
/// What a statement of the list would write if it could.
const LEAKED_FILE: &str = "/tmp/weir-leak";
/// One filter that every source can apply itself, and one that none can.
const FILTERS: [&str; 2] = ["team = attr('team')", "upper(team) = upper(attr('team'))"];
/// What Ana sees of `people`; `note` and what topics have beside aren't granted, nor is `vault`.
const GRANTED: [&str; 5] = ["id", "team", "level", "email", "paid"];
const MASKS: &str = "
[[mask]]
name = 'mail'
columns = ['*.people.email']
unless = ['chief']
with = 'email'

[[mask]]
name = 'about'
columns = ['*.people.paid']
unless = ['chief']
with = 'bucket'
size = 100
";

fn column(name: &str, kind: Kind) -> Column {
    Column { name: name.to_owned(), kind }
}

fn row(cells: [&str; 6], file: usize) -> Row {
    Row { cells: cells.map(|cell| Some(cell.to_owned())).to_vec(), file }
}

/// Ana's rows, Bob's row, and one that nobody of them sees.
fn rows() -> Vec<Row> {
    vec![
        row(["1", "blue", "1", "ana@a.es", "110", "n1"], 0),
        row(["2", "blue", "2", "bea@a.es", "230", "n2"], 0),
        row(["3", "blue", "3", "cid@b.es", "199", "n3"], 1),
        row(["4", "green", "4", "dan@b.es", "50", "n4"], 1),
        row(["10", "north", "0", "eva@c.es", "500", "n5"], 1),
    ]
}

/// The same as Ana sees it, and otherwise all else.
fn other_rows() -> Vec<Row> {
    let mut rows = vec![
        row(["1", "blue", "1", "hidden7f3e@a.es", "150", MARK], 0),
        row(["2", "blue", "2", "hidden7f3e.@a.es", "201", MARK], 0),
        row(["3", "blue", "3", "x@b.es", "100", MARK], 1),
    ];
    rows.extend((10..3000).map(|id| {
        let (id, level) = (id.to_string(), [77, 0, -1, 5][id % 4].to_string());
        row([&id, if id.len() > 3 { "green" } else { "north" }, &level, "hidden7f3e@d.es", "110", MARK], id.len() % 2)
    }));
    rows
}

fn tables(rows: &[Row], vault: &[Row]) -> Vec<Table> {
    let columns = ["id", "team", "level", "email", "paid", "note"]
        .map(|name| column(name, if matches!(name, "id" | "level" | "paid") { Kind::Int } else { Kind::Text }));
    let table = |schema, name: &str, rows: &[Row]| {
        let (name, columns) = (name.to_owned(), columns.to_vec());
        Table { schema, name, columns, rows: rows.to_vec(), files: 2, partition: None }
    };
    SCHEMAS.into_iter().flat_map(|schema| [table(schema, "people", rows), table(schema, "vault", vault)]).collect()
}

/// The tables in two versions. Nothing changes them, so that all tests share them.
struct Data {
    _postgres: Postgres,
    meshes: [Mesh; 2],
}

fn data() -> &'static Data {
    static DATA: OnceLock<Data> = OnceLock::new();
    DATA.get_or_init(|| {
        let postgres = Postgres::start();
        let (one, other) = (rows(), other_rows());
        let meshes = Mesh::twins(&postgres, "leaks", [tables(&one, &one[..1]), tables(&other, &other)]);
        Data { _postgres: postgres, meshes }
    })
}

fn setup(mesh: &Mesh, filter: &str) -> Setup {
    let grants =
        SCHEMAS.map(|schema| GRANTED.map(|c| format!("p, role:analyst, {schema}.people.{c}, select")).join("\n"));
    mesh.setup()
        .policy("policy.csv", &grants.join("\n"))
        .policy("policy.csv", "p, role:chief, *.*, select\np, role:chief, weir.policies, select")
        .policy("rows.toml", &rule("own team", filter))
        .policy("masks.toml", MASKS)
        .user("ana", "team = 'blue'", &["analyst"])
        .user("bob", "team = 'green'", &["analyst"])
        .user("eva", "", &["chief"])
}

fn rule(name: &str, filter: &str) -> String {
    format!("[[filter]]\nname = \"{name}\"\ntables = [\"*.people\"]\nroles = [\"analyst\"]\nwhere = \"{filter}\"\n")
}

/// A statement, and what comes of it: rows, or a SQLSTATE.
struct Case {
    expected: &'static str,
    sql: String,
}

fn cases() -> Vec<Case> {
    let lines = STATEMENTS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .flat_map(|line| {
            let (expected, sql) = line.split_once(' ').expect("what comes of it, and a statement");
            let in_schema = |schema: &str| {
                let sql = sql.replace('@', &format!("{schema}.people")).replace("%.", &format!("{schema}."));
                sql.replace("\"%\"", &format!("\"{schema}\""))
            };
            let mut each: Vec<String> = SCHEMAS.map(in_schema).to_vec();
            each.dedup();
            each.into_iter().map(move |sql| Case { expected, sql })
        })
        .collect()
}

impl Case {
    /// The code that a way must give; `None` where any will do, since the statement has no place there.
    fn code(&self, way: Way) -> Option<Option<&str>> {
        let expected = Some(self.expected).filter(|code| *code != "rows");
        let is_query = ["SELECT", "WITH"].iter().any(|word| self.sql.starts_with(word));
        match way {
            Way::Simple | Way::Extended | Way::Binary | Way::Prepared | Way::Portions => Some(expected),
            Way::Copy | Way::CopyBinary | Way::Cursor | Way::ExplainAnalyze if is_query => Some(expected),
            _ => None,
        }
    }
}

#[test]
fn no_statement_that_leaked_elsewhere_tells_anything_by_any_way() {
    for filter in FILTERS {
        let mut servers = data().meshes.each_ref().map(|mesh| setup(mesh, filter).start());
        let cases = cases();
        let all = &servers;
        let halves: Vec<Vec<String>> = std::thread::scope(|scope| {
            let halves = cases.chunks(cases.len().div_ceil(2));
            let halves: Vec<_> = halves.map(|half| scope.spawn(move || wrong(all, half))).collect();
            halves.into_iter().map(|half| half.join().expect("all statements sent")).collect()
        });
        let wrong = halves.concat();
        assert!(wrong.is_empty(), "where {filter}: {} wrong\n{}", wrong.len(), wrong.join("\n\n"));
        servers.iter_mut().for_each(|server| drop(server.end()));
        let sent = servers.each_ref().map(sent);
        assert_eq!(sent[0], sent[1], "what PostgreSQL is asked tells of hidden rows");
    }
    assert!(!Path::new(LEAKED_FILE).exists());
}

/// What the servers say that they shouldn't.
fn wrong(servers: &[Weir; 2], cases: &[Case]) -> Vec<String> {
    let mut sessions = servers.each_ref().map(|server| server.raw("ana"));
    let mut wrong = Vec::new();
    for case in cases {
        for way in RUNS.into_iter().chain(PLANS) {
            let [one, other] = sessions.each_mut().map(|session| hear(session, &case.sql, way));
            let code = one.code();
            let differs = one.comparable(Order::None) != other.comparable(Order::None);
            let tells = one.holds(MARK) || other.holds(MARK) || one.holds("root:x:");
            if differs || tells || case.code(way).is_some_and(|expected| code.as_deref() != expected) {
                let said = |heard: &Heard| heard::text(&heard.comparable(Order::None));
                wrong.push(format!("{way:?} {} ({})\n{}\n{}", case.sql, case.expected, said(&one), said(&other)));
            }
        }
    }
    wrong
}

/// The SQL that went to sources, from the audit log.
fn sent(server: &Weir) -> Vec<String> {
    let log = std::fs::read_to_string(server.folder().join("audit.jsonl")).expect("an audit log");
    let records = log.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a record"));
    let mut sent: Vec<String> = records
        .flat_map(|record| record["sent"].as_array().cloned().unwrap_or_default())
        .map(|sent| sent["sql"].as_str().unwrap_or_default().to_owned())
        .collect();
    sent.sort();
    assert!(sent.iter().any(|sql| sql.contains("people")), "{sent:?}");
    sent
}

/// The messages with `name` written as `@`.
fn anonymous(heard: &Heard, name: &str) -> Vec<Message> {
    let replaced = |message: Message| {
        let body = String::from_utf8_lossy(&message.body).replace(name, "@").into_bytes();
        Message { tag: message.tag, body }
    };
    heard.comparable(Order::None).into_iter().map(replaced).collect()
}

#[test]
fn denied_looks_like_misspelt_by_every_way() {
    let weir = setup(&data().meshes[0], FILTERS[0]).start();
    let mut session = weir.raw("ana");
    for (sql, denied, misspelt) in [
        ("SELECT * FROM lake.#", "vault", "vaukt"),
        ("SELECT 1 FROM shop.people WHERE EXISTS (SELECT 1 FROM history.#)", "vault", "vaukt"),
        ("SELECT # FROM shop.people", "note", "nott"),
        ("SELECT p.# FROM lake.people p", "note", "nott"),
        ("SELECT count(*) FROM history.people GROUP BY #", "note", "nott"),
    ] {
        for way in RUNS.into_iter().chain(PLANS) {
            let [of_denied, of_misspelt] = [denied, misspelt].map(|name| {
                let heard = hear(&mut session, &sql.replace('#', name), way);
                assert!(
                    matches!(heard.code().as_deref(), Some("42P01" | "42703")),
                    "{way:?} {sql}: {:?}",
                    heard.code()
                );
                anonymous(&heard, name)
            });
            assert_eq!(of_denied, of_misspelt, "{way:?} {sql}");
        }
    }
}

#[test]
fn a_mask_applies_once_however_deep_it_is_read() {
    let weir = setup(&data().meshes[0], FILTERS[0]).start();
    let mut session = weir.raw("ana");
    for table in SCHEMAS.map(|schema| format!("{schema}.people")) {
        let plain = format!("SELECT id, email, paid FROM {table} ORDER BY id");
        for nested in [
            format!("SELECT * FROM (SELECT id, email, paid FROM (SELECT * FROM {table}) a) b ORDER BY id"),
            format!(
                "WITH a AS (SELECT * FROM {table}), b AS (SELECT * FROM a) SELECT id, email, paid FROM b ORDER BY id"
            ),
            format!("SELECT a.id, b.email, a.paid FROM {table} a JOIN {table} b USING (id) ORDER BY id"),
        ] {
            for way in RUNS.into_iter().filter(|way| *way != Way::ExplainAnalyze) {
                let rows = |heard: Heard| -> Vec<Vec<u8>> {
                    assert_eq!(heard.code(), None);
                    let rows = heard.answer.into_iter().filter(|message| matches!(message.tag, 'D' | 'd'));
                    rows.map(|row| row.body).collect()
                };
                let (once, deep) = (rows(hear(&mut session, &plain, way)), rows(hear(&mut session, &nested, way)));
                assert_eq!(once, deep, "{way:?} {nested}");
            }
        }
    }
}

#[test]
fn what_is_kept_for_one_user_is_not_shown_to_another() {
    let weir = setup(&data().meshes[0], FILTERS[0]).start();
    let mut sessions = ["ana", "bob", "eva"].map(|user| weir.raw(user));
    for table in SCHEMAS.map(|schema| format!("{schema}.people")) {
        let sql = format!("SELECT id, email FROM {table} ORDER BY id");
        for way in RUNS.into_iter().chain(PLANS) {
            let said = |sessions: &mut [Raw; 3]| {
                sessions.each_mut().map(|session| hear(session, &sql, way).comparable(Order::Total))
            };
            let (first, second) = (said(&mut sessions), said(&mut sessions));
            assert_eq!(first, second, "{way:?} {sql}");
            let [ana, bob, eva] = first;
            if !PLANS.contains(&way) {
                assert!(ana != bob && bob != eva && ana != eva, "{way:?} {sql}");
            }
        }
    }
}

#[test]
fn a_misspelt_key_loads_nothing() {
    let misspelt = rule("own team", "true").replace("where", "were");
    let Err((_, log)) = setup(&data().meshes[0], FILTERS[0]).policy("rows.toml", &misspelt).try_start() else {
        panic!("a server without one of its filters")
    };
    assert!(log.contains("rows.toml:") && log.contains("were"), "{log}");
}

/// Statements of one user in the middle of their work, each in a session of its own.
struct Begun {
    prepared: Raw,
    portal: Raw,
    cursor: Raw,
    held: Raw,
}

impl Begun {
    fn by_ana(weir: &Weir, sql: &str) -> Self {
        let [mut prepared, mut portal, mut cursor, mut held] = [(); 4].map(|()| weir.raw("ana"));
        prepared.send(&[parse("s", sql), sync()].concat());
        expect(&prepared.until_ready(), None);
        portal.query("BEGIN");
        portal.send(&[parse("", sql), bind("p", "", &[], false), execute("p", 1), sync()].concat());
        expect(&portal.until_ready(), None);
        cursor.query("BEGIN");
        expect(&cursor.query(&format!("DECLARE c CURSOR FOR {sql}")), None);
        expect(&cursor.query("FETCH 1 FROM c"), None);
        expect(&held.query(&format!("DECLARE c CURSOR WITH HOLD FOR {sql}")), None);
        expect(&held.query("FETCH 1 FROM c"), None);
        Self { prepared, portal, cursor, held }
    }

    /// Goes on with all of them: the rows, or the code, of the one that is prepared, and of the others.
    fn go_on(mut self) -> (Result<usize, String>, [Result<usize, String>; 3]) {
        self.prepared.send(&[bind("", "s", &[], false), execute("", 0), sync()].concat());
        self.portal.send(&[execute("p", 0), sync()].concat());
        self.cursor.send(&query("FETCH ALL FROM c"));
        self.held.send(&query("FETCH ALL FROM c"));
        let begun = [&mut self.portal, &mut self.cursor, &mut self.held].map(|session| outcome(&session.until_ready()));
        (outcome(&self.prepared.until_ready()), begun)
    }
}

fn outcome(messages: &[Message]) -> Result<usize, String> {
    match messages.iter().find(|message| message.tag == 'E') {
        Some(error) => Err(error.field('C').unwrap_or_default()),
        None => Ok(messages.iter().filter(|message| message.tag == 'D').count()),
    }
}

fn expect(messages: &[Message], code: Option<&str>) {
    assert_eq!(outcome(messages).err().as_deref(), code);
}

/// What was begun under rules that have changed since is over, and what is begun anew is decided anew; a change that
/// doesn't concern it goes by.
#[test]
fn what_was_begun_ends_with_the_right_to_it() {
    let weir = Arc::new(setup(&data().meshes[0], FILTERS[0]).start());
    let kept = ["policy.csv", "rows.toml", "masks.toml", "users.toml"].map(|file| (file, weir.policy(file)));
    let [grants, filters, masks, users] = kept.each_ref().map(|(_, text)| text.clone());
    let over = || Err("42501".to_owned());
    for (file, text, prepared, begun) in [
        ("policy.csv", without(&grants, ".people.email"), Err("42703".to_owned()), over()),
        ("policy.csv", without(&grants, "g, ana"), Err("42P01".to_owned()), over()),
        ("rows.toml", format!("{filters}{}", rule("low", "level < 3")), Ok(2), over()),
        ("rows.toml", filters.replace("team =", "level > 1 AND team ="), Ok(2), over()),
        (
            "masks.toml",
            format!("{MASKS}\n[[mask]]\nname = 'l'\ncolumns = ['*.people.level']\nwith = 'null'\n"),
            Ok(3),
            over(),
        ),
        ("masks.toml", masks.replace("size = 100", "size = 10"), Ok(3), over()),
        ("users.toml", users.replace("'blue'", "'green'"), Ok(1), over()),
        ("rows.toml", format!("# moved\n{filters}"), Ok(3), Ok(2)),
        (
            "rows.toml",
            format!("{filters}{}", rule("vault", "false").replace("people", "vault").replace("analyst", "chief")),
            Ok(3),
            Ok(2),
        ),
        ("policy.csv", format!("{grants}p, role:analyst, lake.vault, select\n"), Ok(3), Ok(2)),
    ] {
        for table in SCHEMAS.map(|schema| format!("{schema}.people")) {
            let sql = format!("SELECT id, email, paid, level FROM {table} ORDER BY id");
            let was_begun = Begun::by_ana(&weir, &sql);
            change(&weir, file, &text);
            let (of_prepared, of_begun) = was_begun.go_on();
            assert_eq!(of_prepared, prepared, "{file}\n{text}\n{sql}");
            assert_eq!(of_begun, [(); 3].map(|()| begun.clone()), "{file}\n{text}\n{sql}");
            let (file, text) = kept.iter().find(|(kept, _)| *kept == file).expect("a file");
            change(&weir, file, text);
        }
    }
}

fn without(text: &str, what: &str) -> String {
    text.lines().filter(|line| !line.contains(what)).map(|line| format!("{line}\n")).collect()
}

/// Replaces a policy file, and waits until it is in force.
fn change(weir: &Weir, file: &str, text: &str) {
    let loads = || weir.log().matches("new policies are in force").count();
    let before = loads();
    weir.rewrite_policy(file, text);
    wait_for("the change", SOON, || {
        let log = weir.log();
        assert!(!log.contains("are refused"), "{log}");
        (loads() > before).then_some(())
    });
}
