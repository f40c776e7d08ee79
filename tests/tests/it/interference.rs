//! Non-interference: whatever is hidden from a user, all that the user hears is the same.
//!
//! Two servers hold the same tables but for what one user doesn't see. `WEIR_TWINS_CASES` says how many statements are
//! sent to both, `WEIR_TWINS_SEED` with which seed they begin. A failure names the seed of its policy set: beginning with
//! that one, the same set fails again.

use weir_tests::generated::data::{self, Row, Table};
use weir_tests::generated::expression::Failing;
use weir_tests::generated::heard::{self, Heard, Order, PLANS, RUNS, Way, hear};
use weir_tests::generated::mesh::Mesh;
use weir_tests::generated::probe::probe;
use weir_tests::generated::query::{Queries, Readable};
use weir_tests::generated::rules::Rules;
use weir_tests::generated::seeded::Seeded;
use weir_tests::generated::seen::Oracle;
use weir_tests::generated::sql::{Dialect, Sql};
use weir_tests::generated::{hidden, rls, shrink, twin};
use weir_tests::postgres::Postgres;
use weir_tests::raw::{Message, Raw};
use weir_tests::weir::{Setup, Weir};

/// Statements for one user under one policy set.
const CASES_OF_SET: usize = 150;
/// Tables in each source, and rows in each at most.
const TABLES: usize = 2;
const ROWS: usize = 24;
/// Interferences that are shown, each made small.
const SHOWN: usize = 5;
/// An answer that differs between the twins is asked for so often: it may differ from run to run by itself.
const REPEATS: usize = 4;
const ORACLE: &str = "oracle";
/// Most expressions fail on hidden values alone; those that fail on others leave little to compare.
const FAILING: [Option<Failing>; 6] = [
    None,
    Some(Failing::Division),
    Some(Failing::Cast),
    Some(Failing::Hidden),
    Some(Failing::Hidden),
    Some(Failing::Hidden),
];

/// All that system catalogs say.
const CATALOGS: [&str; 12] = [
    "SELECT * FROM pg_catalog.pg_class",
    "SELECT relname, reltuples, relpages FROM pg_catalog.pg_class",
    "SELECT * FROM pg_catalog.pg_attribute",
    "SELECT * FROM pg_catalog.pg_namespace",
    "SELECT * FROM pg_catalog.pg_statistic",
    "SELECT * FROM pg_catalog.pg_stat_user_tables",
    "SELECT * FROM pg_catalog.pg_tables",
    "SELECT * FROM pg_catalog.pg_views",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM information_schema.columns",
    "SELECT c.relname, pg_relation_size(c.oid) FROM pg_catalog.pg_class c",
    "SELECT c.relname, pg_total_relation_size(c.oid) FROM pg_catalog.pg_class c",
];

#[derive(Default)]
struct Tally {
    compared: usize,
    with_rows: usize,
    failed: usize,
    /// Answers that differ from run to run of one server.
    unsteady: usize,
    /// Rows that differ between twins.
    changes: usize,
    /// Rows that differ in tables which filters read.
    read: usize,
    /// Answers that differ for others, who see what is changed.
    told: usize,
    wrong: Vec<String>,
}

#[test]
fn what_is_hidden_changes_nothing_that_is_heard() {
    let cases = number("WEIR_TWINS_CASES", 700);
    let first = number("WEIR_TWINS_SEED", 0) as u64;
    let postgres = Postgres::start();
    rls::make_roles(&postgres);
    let mut tally = Tally::default();
    let mut seed = first;
    while tally.compared < cases && tally.wrong.len() < SHOWN {
        compare_set(&postgres, seed, &mut tally);
        seed += 1;
    }
    let Tally { compared, with_rows, failed, unsteady, changes, read, told, wrong } = tally;
    println!(
        "{} policy sets, {changes} changes, {read} in what filters read, {compared} statements: {with_rows} with rows, {failed} failed, {unsteady} unsteady",
        seed - first
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(changes > 0 && told > 0, "{changes} rows differ, which changes {told} answers for those who see them");
    assert!(read > 0 || seed - first < 4, "no row differs of what filters read");
    assert!(with_rows * 3 > compared, "{with_rows} of {compared} answers have rows: the others tell little");
    assert!(unsteady * 50 < compared, "{unsteady} of {compared} answers differ from run to run");
}

fn number(variable: &str, default: usize) -> usize {
    std::env::var(variable).map_or(default, |text| text.parse().unwrap_or_else(|e| panic!("{variable}={text}: {e}")))
}

/// Compares under one policy set, as the user from whom it hides most: of all that there is, or under every other set of
/// what filters read.
fn compare_set(postgres: &Postgres, seed: u64, tally: &mut Tally) {
    let random = Seeded::new(seed);
    let tables = data::tables(&mut random.part(1), TABLES, ROWS);
    let rules = Rules::generated(&mut random.part(2), &tables);
    let readable = rls::build(postgres, ORACLE, &tables, &rules);
    let twins = readable.iter().map(|(user, readable)| {
        let mut oracle = Oracle {
            superuser: rls::superuser(postgres, ORACLE),
            user: rls::session(postgres, ORACLE, user),
            readable,
            rules: &rules,
        };
        let twin = twin::twin(&mut oracle, &mut random.part(3), &tables);
        let pairs = tables.iter().zip(&twin).filter(|(table, _)| rules.read(table));
        let read: usize = pairs.map(|(table, twin)| differing(table, twin)).sum();
        (changes(&tables, &twin, readable), read, user, twin)
    });
    let hides = |(changed, read, ..): &(Vec<usize>, usize, _, _)| {
        let all: usize = changed.iter().sum();
        if seed % 2 == 1 { (*read, all) } else { (all, *read) }
    };
    let Some((changed, read, user, twin)) = twins.max_by_key(hides) else { return };
    if read == 0 && changed.iter().all(|rows| *rows == 0) {
        return;
    }
    tally.read += read;
    tally.changes += changed.iter().sum::<usize>();
    // Tables that hide something are asked for more often.
    let often =
        readable[user].iter().zip(&changed).flat_map(|(table, rows)| vec![table.clone(); 1 + 2 * (*rows).min(1)]);
    let often: Vec<Readable> = often.collect();
    let meshes = Mesh::twins(postgres, &format!("shop{seed}"), [tables, twin]);
    let twins = Twins::of(&meshes, &rules, user, &often, seed);
    if tally.told == 0 {
        tally.told = readable.iter().map(|(other, readable)| twins.told(other, readable)).sum();
    }
    twins.compare(random.part(4), tally);
}

/// How many rows differ of each table that a user reads.
fn changes(tables: &[Table], twin: &[Table], readable: &[Readable]) -> Vec<usize> {
    let named = |table: &Table| Sql::Table { schema: table.schema, name: table.name.clone() };
    let of = |readable: &Readable| {
        let at = tables.iter().position(|table| named(table) == readable.table).expect("a table");
        differing(&tables[at], &twin[at])
    };
    readable.iter().map(of).collect()
}

/// The rows of either table that the other lacks.
fn differing(one: &Table, other: &Table) -> usize {
    let lacks = |of: &[Row], row: &&Row| !of.contains(row);
    let (one, other) = (&one.rows, &other.rows);
    other.iter().filter(|row| lacks(one, row)).count() + one.iter().filter(|row| lacks(other, row)).count()
}

/// Two servers whose tables one user can't tell apart.
struct Twins<'a> {
    servers: [Weir; 2],
    sessions: [Raw; 2],
    rules: &'a Rules,
    user: &'a str,
    readable: &'a [Readable],
    seed: u64,
}

impl<'a> Twins<'a> {
    fn of(meshes: &[Mesh; 2], rules: &'a Rules, user: &'a str, readable: &'a [Readable], seed: u64) -> Self {
        let servers = meshes.each_ref().map(|mesh| mesh.serve(rules));
        let sessions = [servers[0].raw(user), servers[1].raw(user)];
        Self { servers, sessions, rules, user, readable, seed }
    }

    /// The number of tables that show another user that the twins aren't the same.
    fn told(&self, other: &str, readable: &[Readable]) -> usize {
        let mut sessions = self.servers.each_ref().map(|server| server.raw(other));
        let differing = readable.iter().filter(|Readable { table, .. }| {
            let sql = format!("SELECT * FROM {}", table.written(Dialect::Weir));
            let [one, other] = sessions.each_mut().map(|session| hear(session, &sql, Way::Simple));
            one.comparable(Order::None) != other.comparable(Order::None)
        });
        differing.count()
    }

    fn compare(mut self, mut random: Seeded, tally: &mut Tally) {
        let before = tally.wrong.len();
        for catalog in CATALOGS {
            self.case(&Sql::text(catalog), Order::None, Way::Simple, tally);
        }
        for _ in 0..CASES_OF_SET {
            let ways = if random.chance(15) { &PLANS[..] } else { &RUNS[..] };
            let way = *random.pick(ways);
            let (statement, order) = statement(&mut random, self.readable, self.rules.hash());
            if tally.wrong.len() < SHOWN {
                self.case(&statement, order, way, tally);
            }
        }
        if tally.wrong.len() > before {
            tally.wrong.push(format!("under the rules of seed {}\n{}", self.seed, self.rules.text()));
        }
        self.servers.into_iter().for_each(|server| drop(server.stop()));
    }

    fn case(&mut self, statement: &Sql, order: Order, way: Way, tally: &mut Tally) {
        let (one, other) = self.hear(statement, way);
        tally.compared += 1;
        tally.with_rows += usize::from(one.has_rows());
        tally.failed += usize::from(one.code().is_some());
        if !differ(&one, &other, order) {
            return;
        }
        if !self.interferes(statement, order, way) {
            tally.unsteady += 1;
            return;
        }
        let small = shrink::shrunk(statement, |candidate| self.interferes(candidate, order, way));
        let (one, other) = self.hear(&small, way);
        let said = |heard: &Heard| heard::text(&heard.comparable(order));
        tally.wrong.push(format!(
            "seed {}, {}, {way:?}: {}\nin full: {}\nfirst\n{}\nwith other hidden data\n{}",
            self.seed,
            self.user,
            small.written(Dialect::Weir),
            statement.written(Dialect::Weir),
            said(&one),
            said(&other),
        ));
    }

    /// Whether a statement's answers differ, and not from run to run alone.
    fn interferes(&mut self, statement: &Sql, order: Order, way: Way) -> bool {
        let mut seen: [Vec<Vec<Message>>; 2] = Default::default();
        for _ in 0..REPEATS {
            let (one, other) = self.hear(statement, way);
            if one.holds(hidden::MARK) || other.holds(hidden::MARK) {
                return true;
            }
            seen[0].push(one.comparable(order));
            seen[1].push(other.comparable(order));
            if seen[0].iter().any(|answer| seen[1].contains(answer)) {
                return false;
            }
        }
        true
    }

    fn hear(&mut self, statement: &Sql, way: Way) -> (Heard, Heard) {
        let sql = statement.written(Dialect::Weir);
        let [one, other] = self.sessions.each_mut();
        std::thread::scope(|scope| {
            let one = scope.spawn(|| hear(one, &sql, way));
            let other = hear(other, &sql, way);
            (one.join().expect("an answer"), other)
        })
    }
}

fn statement(random: &mut Seeded, readable: &[Readable], hash: bool) -> (Sql, Order) {
    let failing = *random.pick(&FAILING);
    let mut queries = Queries::new(random, readable, failing).over_hashes(hash);
    if queries.has_no_table() {
        return probe(random, readable);
    }
    let query = queries.query();
    let order = if query.is_ordered() { Order::Total } else { Order::None };
    if random.chance(25) { probe(random, readable) } else { (query, order) }
}

fn differ(one: &Heard, other: &Heard, order: Order) -> bool {
    other.holds(hidden::MARK) || one.holds(hidden::MARK) || one.comparable(order) != other.comparable(order)
}

const SUBSELECT: &str = "
[[filter]]
name = 'own cities'
tables = ['shop.customers']
roles = ['analyst']
where = \"city IN (SELECT id FROM shop.cities WHERE country = attr('country') AND 10 / size > 0)\"
";
const MAIL: &str = "
[[mask]]
name = 'mail'
columns = ['shop.customers.email']
with = 'email'
";
const CUSTOMERS: &str = "
CREATE TABLE cities (id int, country text, size int);
CREATE TABLE customers (id int, city int, email text, note text);
INSERT INTO cities VALUES (1, 'ES', 3), (2, 'ES', 1), (3, 'PT', 2);
INSERT INTO customers VALUES (1, 1, 'ana@a.es', 'x'), (2, 2, 'bob@b.es', 'y'), (3, 3, 'eve@c.pt', 'z');
";
/// Cities of other countries, customers there, the hidden part of addresses, and a column that isn't granted.
const OTHERWISE: &str = "
INSERT INTO cities SELECT n, 'hidden7f3e', 5 FROM generate_series(10, 4000) n;
INSERT INTO customers SELECT n, n, 'hidden7f3e@' || n, 'hidden7f3e' FROM generate_series(3, 4000) n;
UPDATE customers SET email = 'hidden7f3e' || substr(email, 4), note = 'hidden7f3e' WHERE city < 3;
";

/// What a filter's sub-select reads, and what a mask leaves out, aren't for the principal either.
#[test]
fn what_a_filter_reads_and_a_mask_hides_changes_nothing_that_is_heard() {
    let postgres = Postgres::start();
    let mut databases = [("one", CUSTOMERS.to_owned()), ("other", format!("{CUSTOMERS}{OTHERWISE}"))].into_iter();
    let servers = [(); 2].map(|()| {
        let (database, script) = databases.next().expect("a database");
        rls::run(&mut rls::superuser(&postgres, "postgres"), &format!("CREATE DATABASE {database}"));
        rls::run(&mut rls::superuser(&postgres, database), &script);
        let columns = ["id", "city", "email"].map(|column| format!("p, role:analyst, shop.customers.{column}, select"));
        Setup::new()
            .source("shop", &format!("kind = \"postgres\"\nurl = \"{}\"", postgres.url(database)))
            .policy("policy.csv", &columns.join("\n"))
            .policy("rows.toml", SUBSELECT)
            .policy("masks.toml", MAIL)
            .user("ana", "country = 'ES'", &["analyst"])
            .start()
    });
    let mut sessions = servers.each_ref().map(|server| server.raw("ana"));
    for (sql, code) in [
        ("SELECT * FROM shop.customers", None),
        ("SELECT count(*), min(id), max(id), max(email) FROM shop.customers", None),
        ("SELECT id FROM shop.customers ORDER BY email DESC, id LIMIT 1", None),
        ("SELECT sum(10 / (id - 3)) FROM shop.customers", None),
        ("SELECT count(*) FROM shop.customers WHERE 10 / (4000 - city) > 0 AND left(email, 1) <> 'h'", None),
        ("SELECT a.id FROM shop.customers a JOIN shop.customers b ON a.city = b.city AND 10 / (b.id - 3) <> 99", None),
        ("SELECT id, rank() OVER (ORDER BY email, id) FROM shop.customers WHERE email NOT LIKE '%hidden%'", None),
        ("SELECT * FROM shop.customers WHERE id > (SELECT avg(10 / (id - 3)) FROM shop.customers) OR id < 0", None),
        ("SELECT note FROM shop.customers", Some("42703")),
        ("SELECT count(*) FROM shop.cities", Some("42P01")),
        ("SELECT 10 / (id - 2) FROM shop.customers", Some("22012")),
    ] {
        assert_eq!(hear(&mut sessions[0], sql, Way::Simple).code().as_deref(), code, "{sql}");
        for way in RUNS.into_iter().chain(PLANS) {
            let [one, other] = sessions.each_mut().map(|session| hear(session, sql, way));
            let said = |heard: &Heard| heard::text(&heard.comparable(Order::None));
            assert!(!differ(&one, &other, Order::None), "{way:?} {sql}\n{}\n{}", said(&one), said(&other));
        }
    }
}
