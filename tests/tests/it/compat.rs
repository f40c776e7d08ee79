//! What statements mean: each gives what a real PostgreSQL 17 gives, by name, type, value and error.

use std::fs;

use weir_tests::postgres::Postgres;
use weir_tests::{python, run};

use crate::common;

#[test]
fn statements_mean_what_they_mean_in_postgresql() {
    let postgres = Postgres::start_17();
    let weir = common::sourceless().start();
    let theirs = format!("host=127.0.0.1 port={} user=postgres dbname=postgres", postgres.port());
    let ours = format!("host=127.0.0.1 port={} user=eva password={} dbname=mesh", weir.port(), weir.password("eva"));
    let folder = run::workspace().join("tests/slt/pg_compat");
    let gaps = run::workspace().join("tests/slt/pg_compat.gaps").display().to_string();
    let files = fs::read_dir(folder).expect("tests/slt/pg_compat").map(|entry| entry.expect("a file").path());
    let mut files: Vec<String> = files.map(|path| path.display().to_string()).collect();
    files.sort();
    assert!(!files.is_empty(), "no statements");
    let mut arguments = vec![theirs.as_str(), ours.as_str(), gaps.as_str()];
    arguments.extend(files.iter().map(String::as_str));
    let differences = python::script("compat.py", &arguments);
    assert!(differences.is_empty(), "{differences}");
    weir.stop();
}
