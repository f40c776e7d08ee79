//! Columns of types that a PostgreSQL source has itself, and arrays of any shape: statements mean what they mean there, catalogs
//! tell the types that a principal's columns are of and no others, and policies hold over them.

use std::fs;

use weir_tests::postgres::Postgres;
use weir_tests::weir::Setup;
use weir_tests::{python, run};

const CHIEF: &str = "p, role:chief, *.*, select";

/// A PostgreSQL 17 that holds what tests/data/own_types.sql makes.
fn filled() -> Postgres {
    let postgres = Postgres::start_17();
    let made = fs::read_to_string(run::workspace().join("tests/data/own_types.sql")).expect("tests/data/own_types.sql");
    postgres.psql("postgres").expect(&made);
    postgres
}

fn over(postgres: &Postgres) -> Setup {
    let keys = format!("kind = \"postgres\"\nurl = \"{}\"\nschemas = {{ shop = \"shop\" }}", postgres.url("postgres"));
    Setup::new().source("shop", &keys)
}

#[test]
fn statements_mean_what_they_mean_in_postgresql() {
    let postgres = filled();
    let weir = over(&postgres).policy("policy.csv", CHIEF).user("eva", "", &["chief"]).start();
    let path = "options='-c search_path=shop -c TimeZone=UTC'";
    let theirs = format!("host=127.0.0.1 port={} user=postgres dbname=postgres {path}", postgres.port());
    let password = weir.password("eva");
    let ours = format!("host=127.0.0.1 port={} user=eva password={password} dbname=mesh {path}", weir.port());
    let gaps = run::workspace().join("tests/slt/pg_own_types.gaps").display().to_string();
    let folder = run::workspace().join("tests/slt/pg_own_types");
    let files = fs::read_dir(folder).expect("tests/slt/pg_own_types").map(|entry| entry.expect("a file").path());
    let mut files: Vec<String> = files.map(|path| path.display().to_string()).collect();
    files.sort();
    let mut arguments = vec![theirs.as_str(), ours.as_str(), gaps.as_str()];
    arguments.extend(files.iter().map(String::as_str));
    let differences = python::script("compat.py", &arguments);
    assert!(differences.is_empty(), "{differences}");
    weir.stop();
}

#[test]
fn a_type_is_told_by_its_schema_where_its_name_alone_does_not_mean_it() {
    let postgres = filled();
    let weir = over(&postgres).policy("policy.csv", CHIEF).user("eva", "", &["chief"]).start();
    let eva = weir.psql("eva");
    assert_eq!(eva.expect("SELECT pg_typeof(m), pg_typeof(ms) FROM shop.people WHERE id = 1"), "shop.mood|shop.mood[]");
    let failed = eva.fails("SELECT 'bogus'::shop.mood");
    assert!(failed.message.contains("invalid input value for enum shop.mood: \"bogus\""), "{}", failed.message);
    assert!(eva.fails("SELECT 'sad'::mood").message.contains("type \"mood\" does not exist"));
    weir.stop();
}

#[test]
fn only_types_of_visible_columns_are_told() {
    let postgres = filled();
    let policy =
        "p, role:chief, *.*, select\np, role:clerk, shop.visits, select\np, role:narrow, shop.people.id, select";
    let weir = over(&postgres)
        .policy("policy.csv", policy)
        .user("eva", "", &["chief"])
        .user("ana", "", &["clerk"])
        .user("bob", "", &["narrow"])
        .start();
    let types = "SELECT string_agg(typname, ',' ORDER BY typname) FROM pg_type WHERE typtype = 'e'";
    assert_eq!(weir.psql("eva").expect(types), "Odd Name,mood,size");
    let composite =
        "SELECT string_agg(typname, ',' ORDER BY typname) FROM pg_type WHERE typtype = 'c' AND oid >= 16384";
    assert_eq!(weir.psql("eva").expect(composite), "addr,geo");
    assert_eq!(weir.psql("ana").expect(composite), "∅");
    assert_eq!(weir.psql("ana").expect(types), "mood");
    assert_eq!(weir.psql("bob").expect(types), "∅");
    assert_eq!(weir.psql("bob").expect("SELECT count(*) FROM pg_enum"), "0");
    assert!(weir.psql("ana").fails("SELECT 'small'::shop.size").message.contains("type \"shop.size\" does not exist"));
    let number = "SELECT 'shop.mood'::regtype::oid, 'shop.mood[]'::regtype::oid";
    assert_eq!(weir.psql("ana").expect(number), weir.psql("eva").expect(number));
    weir.stop();
}

const RULES: &str = "
[[filter]]
name = 'moods'
tables = ['shop.people']
roles = ['clerk']
where = \"m >= 'ok'\"
[[filter]]
name = 'shapes'
tables = ['shop.shapes']
roles = ['clerk']
where = \"2 = ANY (i) OR i IS NULL\"
";

const MASKS: &str = "
[[mask]]
name = 'mood'
columns = ['shop.people.m', 'shop.homes.home']
unless = ['chief']
with = 'redact'
text = 'hidden'
[[mask]]
name = 'items'
columns = ['shop.shapes.t']
unless = ['chief']
with = 'sql'
expression = \"CASE WHEN value IS NULL THEN NULL ELSE ARRAY['hidden'] END\"
";

#[test]
fn policies_hold_over_columns_of_such_types() {
    let postgres = filled();
    let setup = over(&postgres).policy("policy.csv", "p, role:chief, *.*, select\np, role:clerk, *.*, select");
    let weir = setup
        .policy("rows.toml", RULES)
        .policy("masks.toml", MASKS)
        .user("eva", "", &["chief"])
        .user("ana", "", &["clerk"])
        .start();
    let (ana, eva) = (weir.psql("ana"), weir.psql("eva"));
    assert_eq!(
        ana.expect("SELECT id, m FROM shop.people ORDER BY id"),
        "1|hidden\n3|hidden\n5|hidden\n6|hidden\n7|hidden"
    );
    assert_eq!(ana.expect("SELECT count(*) FROM shop.people WHERE m = 'ok'"), "0");
    assert_eq!(ana.expect("SELECT count(*) FROM shop.people WHERE m > 'sad'"), "5");
    assert_eq!(ana.expect("SELECT id FROM shop.people WHERE d > 'sad' ORDER BY id"), "1\n5\n6\n7");
    let shapes = "SELECT id, i, t FROM shop.shapes ORDER BY id";
    assert_eq!(ana.expect(shapes), "1|{1,2,3}|{hidden}\n2|{{1,2},{3,4}}|{hidden}\n5|∅|∅\n6|{3,2,1}|{hidden}");
    assert_eq!(ana.expect("SELECT home, pg_typeof(home) FROM shop.homes WHERE id = 2"), "hidden|text");
    assert_eq!(eva.expect("SELECT (home).street, pg_typeof(home) FROM shop.homes WHERE id = 1"), "Main St|shop.addr");
    assert_eq!(eva.expect("SELECT id FROM shop.shapes ORDER BY id"), "1\n2\n3\n4\n5\n6");
    weir.stop();
}
