//! The first end-to-end test: every query of tests/data/flights.sql answers as one plain PostgreSQL over the same data
//! does, in exact text, for each of three principals.

use weir_tests::flights::{Query, queries};
use weir_tests::psql::{Failure, Psql};

use crate::common;

#[test]
fn every_query_answers_as_the_oracle_does() {
    let mesh = common::flights();
    let queries = queries();
    let mut wrong = Vec::new();
    let mut compared = 0;
    for query in &queries {
        for principal in &query.principals {
            let expected = answer(&mesh.oracle(principal), query);
            let expected = expected.unwrap_or_else(|e| panic!("{}: the oracle: {}", query.name, e.stderr));
            compared += 1;
            match answer(&mesh.weir.psql(principal), query) {
                Ok(got) if got == expected => {}
                Ok(got) => wrong.push(format!("{} as {principal}: {}", query.name, difference(&expected, &got))),
                Err(e) => wrong.push(format!("{} as {principal}: {}", query.name, e.stderr.trim())),
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {compared} answers are wrong:\n{}", wrong.len(), wrong.join("\n"));
    for principal in ["ana", "bob", "eva"] {
        let count = queries.iter().filter(|query| query.principals.iter().any(|p| p == principal)).count();
        assert!(count >= 15, "only {count} queries run as {principal}");
    }
}

/// The oracle would agree with a server that shows everyone everything if the principals' views were all alike.
#[test]
fn the_principals_see_different_rows() {
    let mesh = common::flights();
    let counts = |principal: &str| {
        let sql = "SELECT count(*), count(DISTINCT origin) FROM lake.flights";
        let (weir, oracle) = (mesh.weir.psql(principal).expect(sql), mesh.oracle(principal).expect(sql));
        assert_eq!(weir, oracle, "as {principal}");
        weir
    };
    assert_eq!(counts("eva"), "336776|3");
    assert_eq!(counts("bob"), "336776|3");
    assert!(counts("ana").ends_with("|1"));
}

#[test]
fn a_hash_hides_its_input_and_is_the_same_in_every_source() {
    let mesh = common::flights();
    let ana = mesh.weir.psql("ana");
    let eva = mesh.weir.psql("eva");
    let raw = eva.expect("SELECT tailnum FROM shop.planes WHERE tailnum = 'N102UW'");
    assert_eq!(raw, "N102UW");
    assert_eq!(ana.expect("SELECT count(*) FROM shop.planes WHERE tailnum = 'N102UW'"), "0");
    assert_eq!(ana.expect("SELECT count(*) FROM lake.flights WHERE tailnum LIKE 'N%UA'"), "0");
    let both = "SELECT count(*) FROM (SELECT DISTINCT tailnum FROM lake.flights WHERE origin = 'JFK') f
                JOIN shop.planes p ON p.tailnum = f.tailnum";
    assert_eq!(ana.expect(both), eva.expect(both));
    assert_eq!(ana.expect("SELECT count(*) FROM lake.flights WHERE tailnum IS NULL"), {
        eva.expect("SELECT count(*) FROM lake.flights WHERE tailnum IS NULL AND origin = 'JFK'")
    });
}

fn answer(psql: &Psql, query: &Query) -> Result<String, Failure> {
    let text = psql.csv(&query.sql)?;
    if !query.sorted {
        return Ok(text);
    }
    let (names, rows) = text.split_once('\n').unwrap_or((&text, ""));
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.sort_unstable();
    Ok(format!("{names}\n{}\n", rows.join("\n")))
}

/// The first line in which two outputs differ.
fn difference(expected: &str, got: &str) -> String {
    let (lines, got_lines) = (expected.lines().count(), got.lines().count());
    let first = (0..).find(|at| expected.lines().nth(*at) != got.lines().nth(*at)).unwrap_or(0);
    let line = |text: &str| text.lines().nth(first).unwrap_or("(no line)").to_owned();
    format!(
        "line {} of {lines} (got {got_lines})\n    expected {}\n    got      {}",
        first + 1,
        line(expected),
        line(got)
    )
}
