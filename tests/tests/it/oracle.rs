//! Generated policies and queries: Weir shows what row-level security and masking views of a real PostgreSQL show.
//!
//! `WEIR_ORACLE_CASES` says how many answers are compared at least, `WEIR_ORACLE_SEED` with which seed it begins. A failure
//! names the seed of its policy set: beginning with that one, and with one case, the same set fails again.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use weir_tests::generated::answer::{Answer, WAYS, Way, ask};
use weir_tests::generated::data::{self, Column, SCHEMAS, Table, granted_name};
use weir_tests::generated::mesh::Mesh;
use weir_tests::generated::query::{Queries, Readable};
use weir_tests::generated::rules::Rules;
use weir_tests::generated::seeded::Seeded;
use weir_tests::generated::sql::{Dialect, Sql};
use weir_tests::generated::{folder, rls, shrink};
use weir_tests::postgres::Postgres;
use weir_tests::raw::Raw;
use weir_tests::weir::Weir;

/// Answers that are compared under one policy set.
const CASES_OF_SET: usize = 250;
/// Policy sets over the same tables.
const SETS_OF_TABLES: u64 = 4;
/// Tables in each source, and rows in each at most.
const TABLES: usize = 2;
const ROWS: usize = 24;
/// Failures that are shown, each made small.
const SHOWN: usize = 5;
/// Of so many statements in a hundred Weir may say that it can't plan them.
const REFUSED_PERCENT: usize = 5;
/// What it says then: a feature that it lacks, or an error of the engine's about a plan of its own.
const REFUSALS: [&str; 6] = ["0A000", "22000", "42000", "42702", "42703", "XX000"];
/// The oracle's database.
const ORACLE: &str = "oracle";

#[derive(Default)]
struct Tally {
    compared: AtomicUsize,
    with_rows: AtomicUsize,
    refused: AtomicUsize,
    failed: AtomicUsize,
    wrong: Mutex<Vec<String>>,
}

#[test]
fn generated_queries_show_what_row_level_security_shows() {
    let cases = number("WEIR_ORACLE_CASES", 10_000);
    let first = number("WEIR_ORACLE_SEED", 0) as u64;
    let postgres = Postgres::start();
    rls::make_roles(&postgres);
    let tally = Tally::default();
    let mut seed = first;
    let mut mesh = laid_out(&postgres, seed);
    while tally.compared.load(Ordering::Relaxed) < cases && tally.wrong.lock().expect("a tally").len() < SHOWN {
        compare_set(&postgres, &mesh, seed, &tally);
        seed += 1;
        if seed.is_multiple_of(SETS_OF_TABLES) {
            mesh = laid_out(&postgres, seed);
        }
    }
    let count = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
    let wrong = tally.wrong.into_inner().expect("a tally");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let (compared, with_rows, refused) = (count(&tally.compared), count(&tally.with_rows), count(&tally.refused));
    println!(
        "{compared} compared, {with_rows} with rows, {} errors, {refused} refused by Weir alone",
        count(&tally.failed)
    );
    assert!(with_rows * 3 > compared, "{with_rows} of {compared} answers have rows: the others tell little");
    assert!(refused * 100 < compared * REFUSED_PERCENT, "{refused} of {compared} statements are refused by Weir alone");
}

fn number(variable: &str, default: usize) -> usize {
    std::env::var(variable).map_or(default, |text| text.parse().unwrap_or_else(|e| panic!("{variable}={text}: {e}")))
}

/// The tables of the policy set with this seed, and of some sets beside it.
fn laid_out(postgres: &Postgres, seed: u64) -> Mesh {
    let group = seed / SETS_OF_TABLES;
    let tables = data::tables(&mut Seeded::new(group), TABLES, ROWS);
    Mesh::laid_out(postgres, &format!("shop{group}"), tables)
}

/// One policy set, in force in Weir and in the oracle.
struct Set<'a> {
    postgres: &'a Postgres,
    weir: &'a Weir,
    tables: &'a [Table],
    rules: &'a Rules,
    seed: u64,
    tally: &'a Tally,
}

fn compare_set(postgres: &Postgres, mesh: &Mesh, seed: u64, tally: &Tally) {
    let before = tally.wrong.lock().expect("a tally").len();
    let random = Seeded::new(seed);
    let rules = Rules::generated(&mut random.part(1), &mesh.tables);
    let readable = rls::build(postgres, ORACLE, &mesh.tables, &rules);
    let weir = mesh.serve(&rules);
    let set = Set { postgres, weir: &weir, tables: &mesh.tables, rules: &rules, seed, tally };
    let share = CASES_OF_SET.div_ceil(readable.values().filter(|tables| !tables.is_empty()).count().max(1));
    std::thread::scope(|scope| {
        for (number, (user, readable)) in readable.iter().enumerate() {
            let (set, random) = (&set, random.part(2 + number as u64));
            scope.spawn(move || set.compare_user(user, readable, random, share));
        }
    });
    weir.stop();
    let mut wrong = tally.wrong.lock().expect("a tally");
    if wrong.len() > before {
        wrong.push(format!("under the rules of seed {seed}\n{}", rules.text()));
    }
}

impl Set<'_> {
    fn compare_user(&self, user: &str, readable: &[Readable], mut random: Seeded, cases: usize) {
        let mut sessions = Sessions {
            oracle: rls::session(self.postgres, ORACLE, user),
            weir: self.weir.raw(user),
            user: user.to_owned(),
        };
        assert_eq!(
            columns(&mut sessions.weir),
            expected_columns(readable),
            "{user}, seed {}\n{}",
            self.seed,
            self.rules.text()
        );
        self.hidden_names(&mut sessions, readable);
        for _ in 0..cases {
            let mut queries = Queries::new(&mut random, readable, None).over_hashes(self.rules.hash());
            if queries.has_no_table() {
                return;
            }
            let query = queries.query();
            let way = *random.pick(&WAYS);
            let (expected, got) = sessions.answers(&query, way);
            self.count(&expected, &got);
            if differ(&expected, &got) {
                self.report(&mut sessions, &query, way);
            }
        }
    }

    /// What isn't granted can't be told from what isn't there.
    fn hidden_names(&self, sessions: &mut Sessions, readable: &[Readable]) {
        let known = expected_columns(readable);
        let name = |table: &Table| format!("{}.{}", table.schema, table.name);
        for table in self.tables {
            let seen = known.iter().any(|column| column.starts_with(&format!("{}.", name(table))));
            let expected = if seen { "42703" } else { "42P01" };
            let hidden = table.all_columns().into_iter().map(|column| granted_name(&column.name).to_owned());
            for column in hidden.filter(|column| !known.contains(&format!("{}.{column}", name(table)))) {
                let sql = format!("SELECT h.\"{column}\" FROM {} AS h", name(table));
                let got = ask(&mut sessions.weir, &sql, Way::Simple);
                assert_eq!(
                    got.code(),
                    Some(expected),
                    "{sql} as {}, seed {}: {}",
                    sessions.user,
                    self.seed,
                    got.text()
                );
            }
        }
    }

    fn count(&self, expected: &Answer, got: &Answer) {
        let tally = self.tally;
        let counters = [
            (&tally.compared, true),
            (&tally.with_rows, matches!(expected, Answer::Rows { rows, .. } if !rows.is_empty())),
            (&tally.failed, matches!(expected, Answer::Failed { .. })),
            (&tally.refused, is_refused(expected, got)),
        ];
        for (counter, _) in counters.iter().filter(|(_, counts)| *counts) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Notes a failure with the smallest query that shows it.
    fn report(&self, sessions: &mut Sessions, query: &Sql, way: Way) {
        if self.tally.wrong.lock().expect("a tally").len() >= SHOWN {
            return;
        }
        let before = sessions.answers(query, way);
        let small = shrink::shrunk(query, |candidate| {
            let (expected, got) = sessions.answers(candidate, way);
            // A piece that was cut out wrongly is another failure.
            expected.code() == before.0.code() && got.code() == before.1.code() && differ(&expected, &got)
        });
        let (expected, got) = sessions.answers(&small, way);
        let (user, seed) = (&sessions.user, self.seed);
        self.tally.wrong.lock().expect("a tally").push(format!(
            "seed {seed}, {user}, {way:?}: {}\nin full: {}\noracle: {}\nexpected\n{}\ngot\n{}",
            small.written(Dialect::Weir),
            query.written(Dialect::Weir),
            small.written(Dialect::Oracle { principal: user }),
            expected.text(),
            got.text(),
        ));
    }
}

/// One user's sessions with both servers.
struct Sessions {
    oracle: Raw,
    weir: Raw,
    user: String,
}

impl Sessions {
    /// The oracle's answer and Weir's.
    fn answers(&mut self, query: &Sql, way: Way) -> (Answer, Answer) {
        let expected = ask(&mut self.oracle, &query.written(Dialect::Oracle { principal: &self.user }), Way::Simple);
        let got = ask(&mut self.weir, &query.written(Dialect::Weir), way);
        (expected.sorted(query.is_ordered()), got.sorted(query.is_ordered()))
    }
}

/// Errors are alike if they have one code.
fn differ(expected: &Answer, got: &Answer) -> bool {
    match (expected.code(), got.code()) {
        (Some(expected), Some(got)) => expected != got,
        _ => expected != got && !is_refused(expected, got),
    }
}

/// Weir can't plan the statement: it lacks a feature, or the engine trips over it. That shows nobody a row.
fn is_refused(expected: &Answer, got: &Answer) -> bool {
    expected.code().is_none() && got.code().is_some_and(|code| REFUSALS.contains(&code))
}

/// `schema.table.column` of all that Weir shows in its catalog.
fn columns(weir: &mut Raw) -> Vec<String> {
    let schemas = SCHEMAS.map(folder::literal).join(", ");
    let sql = format!(
        "SELECT table_schema || '.' || table_name || '.' || column_name FROM information_schema.columns
         WHERE table_schema IN ({schemas})"
    );
    match ask(weir, &sql, Way::Simple).sorted(false) {
        Answer::Rows { rows, .. } => rows.into_iter().flatten().flatten().collect(),
        Answer::Failed { code, message } => panic!("{code}: {message}"),
    }
}

fn expected_columns(readable: &[Readable]) -> Vec<String> {
    let columns = |readable: &Readable| {
        let table = readable.table.written(Dialect::Weir);
        let name = |column: &Column| format!("{table}.{}", granted_name(&column.name));
        readable.columns.iter().map(name).collect::<Vec<_>>()
    };
    let mut all: Vec<String> = readable.iter().flat_map(columns).collect();
    all.sort_unstable();
    // A record is one column, whatever its fields.
    all.dedup();
    all
}
