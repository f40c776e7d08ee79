//! Generated expressions: values, types and SQLSTATEs are those of a real PostgreSQL 17.
//!
//! Each run makes the same ones, so that it fails for what was changed and not for the day it runs on. `WEIR_EXPRESSIONS_SEED`
//! makes others, and `WEIR_EXPRESSIONS` says how many.

use weir_tests::postgres::Postgres;
use weir_tests::python;

use crate::common;

/// The share of expressions that may be refused as not supported.
const LACKING: &str = "0.03";
/// The share of those of which one server computes, and fails on, a part that the other does without.
const UNNEEDED: &str = "0.001";

#[test]
fn generated_expressions_have_the_values_they_have_in_postgresql() {
    let set = |variable: &str, default: &str| std::env::var(variable).unwrap_or_else(|_| default.to_owned());
    let (count, seed) = (set("WEIR_EXPRESSIONS", "20000"), set("WEIR_EXPRESSIONS_SEED", "1"));
    let postgres = Postgres::start_17();
    let weir = common::sourceless().start();
    let theirs = format!("host=127.0.0.1 port={} user=postgres dbname=postgres", postgres.port());
    let ours = format!("host=127.0.0.1 port={} user=eva password={} dbname=mesh", weir.port(), weir.password("eva"));
    let which = ["--count", count.as_str(), "--seed", seed.as_str()];
    let shares = ["--lacking", LACKING, "--unneeded", UNNEEDED];
    let asked = [which.as_slice(), shares.as_slice(), [theirs.as_str(), ours.as_str()].as_slice()].concat();
    // If there are differences it ends with a failure, which shows what it has printed.
    println!("{}", python::script("expressions.py", &asked));
    weir.stop();
}
