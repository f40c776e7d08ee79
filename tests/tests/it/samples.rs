//! TABLESAMPLE over tables of which not all rows are to be seen, and clauses that would lock rows.

use std::collections::BTreeSet;

use weir_tests::postgres::Postgres;
use weir_tests::weir::{Setup, Weir};

const SHOP: &str = "DROP TABLE IF EXISTS orders, alike; \
    CREATE TABLE orders AS SELECT i AS id, i % 2 AS side FROM generate_series(1, 2000) i; \
    CREATE TABLE alike AS SELECT 1 AS x, 0 AS side FROM generate_series(1, 1000) i";

fn start(postgres: &Postgres) -> Weir {
    postgres.psql("postgres").expect(SHOP);
    Setup::new()
        .source("shop", &format!("kind = \"postgres\"\nurl = \"{}\"", postgres.url("postgres")))
        .policy("policy.csv", "p, role:analyst, shop.*, select")
        .policy("rows.toml", "[[filter]]\nname = 'even'\ntables = ['shop.*']\nroles = ['analyst']\nwhere = 'side = 0'")
        .user("ana", "", &["analyst"])
        .start()
}

fn drawn(weir: &Weir, sample: &str) -> BTreeSet<i32> {
    let rows = weir.psql("ana").expect(&format!("SELECT id FROM shop.orders TABLESAMPLE {sample}"));
    rows.lines().map(|id| id.parse().expect("an id")).collect()
}

#[test]
fn a_sample_is_drawn_of_the_rows_that_are_seen() {
    let postgres = Postgres::start();
    let weir = start(&postgres);
    for method in ["BERNOULLI", "SYSTEM"] {
        assert_eq!(drawn(&weir, &format!("{method} (100)")).len(), 1000);
        assert_eq!(drawn(&weir, &format!("{method} (0)")).len(), 0);
        let half = drawn(&weir, &format!("{method} (50)"));
        assert!((300..700).contains(&half.len()), "{}", half.len());
        assert!(half.iter().all(|id| id % 2 == 0));
        let first = drawn(&weir, &format!("{method} (50) REPEATABLE (7)"));
        assert!((300..700).contains(&first.len()), "{}", first.len());
        assert!(first.iter().all(|id| id % 2 == 0));
        assert_eq!(first, drawn(&weir, &format!("{method} (50) REPEATABLE (7)")));
        assert_ne!(first, drawn(&weir, &format!("{method} (50) REPEATABLE (8)")));
    }
    // Rows that are alike are drawn each for itself.
    let count = weir.psql("ana").expect("SELECT count(*) FROM shop.alike TABLESAMPLE BERNOULLI (50) REPEATABLE (1)");
    assert!((300..700).contains(&count.parse::<i32>().expect("a count")), "{count}");
}

#[test]
fn a_sample_says_what_is_wrong_with_it() {
    let postgres = Postgres::start();
    let weir = start(&postgres);
    let mistakes = [
        ("BERNOULLI (101)", "2202H", "sample percentage must be between 0 and 100"),
        ("BERNOULLI (NULL)", "2202H", "TABLESAMPLE parameter cannot be null"),
        ("SYSTEM (1, 2)", "2202H", "tablesample method system requires 1 argument, not 2"),
        ("BERNOULLI (10) REPEATABLE (NULL)", "2202G", "TABLESAMPLE REPEATABLE parameter cannot be null"),
        ("BERNOULLI (true)", "42804", "argument of TABLESAMPLE must be type real, not type boolean"),
        ("dice (10)", "42704", "tablesample method dice does not exist"),
    ];
    for (sample, code, message) in mistakes {
        let failure = weir.psql("ana").fails(&format!("SELECT id FROM shop.orders TABLESAMPLE {sample}"));
        assert_eq!((failure.sqlstate.as_deref(), failure.message.as_str()), (Some(code), message), "{sample}");
    }
}

#[test]
fn rows_are_locked_as_in_a_read_only_transaction() {
    let postgres = Postgres::start();
    let weir = start(&postgres);
    for (clause, what) in [
        ("FOR UPDATE", "FOR UPDATE"),
        ("FOR NO KEY UPDATE OF o SKIP LOCKED", "FOR NO KEY UPDATE"),
        ("FOR SHARE NOWAIT", "FOR SHARE"),
        ("FOR KEY SHARE FOR UPDATE", "FOR KEY SHARE"),
    ] {
        let failure = weir.psql("ana").fails(&format!("SELECT id FROM shop.orders o {clause}"));
        let message = format!("cannot execute SELECT {what} in a read-only transaction");
        assert_eq!((failure.sqlstate.as_deref(), failure.message), (Some("25006"), message), "{clause}");
    }
    assert_eq!(weir.psql("ana").expect("SELECT 1 FROM (VALUES (1)) v FOR UPDATE"), "1");
}
