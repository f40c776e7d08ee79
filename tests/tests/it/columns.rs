//! What statements mean over columns: over Delta tables, a PostgreSQL and Avro files each gives what a real PostgreSQL 17 gives
//! over a table with the same rows, by name, type, value and SQLSTATE; also where a row filter hides some of them.

use std::fs;

use weir_tests::postgres::Postgres;
use weir_tests::weir::Setup;
use weir_tests::{python, run};

/// What `SHOWN` says in tests/data/column_rows.py.
const FILTER: &str = "
[[filter]]
name = 'shown'
tables = ['*.facts', '*.grouped', '*.parted']
roles = ['clerk']
where = 'id % 3 <> 0'
";

/// Of the conditions and expressions that tests/data/columns.py makes, one in so many is asked.
const SHARE: &str = "20";

#[test]
fn statements_over_columns_mean_what_they_mean_in_postgresql() {
    let postgres = Postgres::start_17();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let theirs = format!("host=127.0.0.1 port={} user=postgres", postgres.port());
    python::script("column_rows.py", &[&theirs, folder.path().to_str().expect("a path in UTF-8")]);
    let root = |name: &str| folder.path().join(name).display().to_string();
    let remote = format!("kind = \"postgres\"\nurl = \"{}\"\nschemas = {{ shop = \"shop\" }}", postgres.url("source"));
    let weir = Setup::new()
        .source("lake", &format!("kind = \"delta\"\nroot = \"{}\"", root("lake")))
        .source("history", &format!("kind = \"avro\"\nroot = \"{}\"", root("history")))
        .source("shop", &remote)
        .policy("policy.csv", "p, role:chief, *.*, select\np, role:clerk, *.*, select")
        .policy("rows.toml", FILTER)
        .user("eva", "", &["chief"])
        .user("ana", "", &["clerk"])
        .start();
    let ours = format!("host=127.0.0.1 port={} dbname=mesh", weir.port());
    let files = fs::read_dir(run::workspace().join("tests/slt/pg_columns")).expect("tests/slt/pg_columns");
    let mut files: Vec<String> = files.map(|entry| entry.expect("a file").path().display().to_string()).collect();
    files.sort();
    let gaps = run::workspace().join("tests/slt/pg_columns.gaps").display().to_string();
    let mut arguments = vec!["--share", SHARE, theirs.as_str(), ours.as_str(), gaps.as_str()];
    arguments.extend(files.iter().map(String::as_str));
    let differences = python::script("columns.py", &arguments);
    assert!(differences.is_empty(), "{differences}");
    weir.stop();
}
