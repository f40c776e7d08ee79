//! Parameters and results of every type, as texts and in binary: what comes back is what a real PostgreSQL 17 gives back.

use weir_tests::postgres::Postgres;
use weir_tests::python;

use crate::common;

#[test]
fn parameters_of_every_type_come_back_as_from_postgresql() {
    let postgres = Postgres::start_17();
    let weir = common::sourceless().start();
    let theirs = format!("host=127.0.0.1 port={} user=postgres dbname=postgres", postgres.port());
    let ours = format!("host=127.0.0.1 port={} user=eva password={} dbname=mesh", weir.port(), weir.password("eva"));
    let differences = python::script("parameters.py", &[&theirs, &ours]);
    assert!(differences.is_empty(), "{differences}");
    weir.stop();
}
