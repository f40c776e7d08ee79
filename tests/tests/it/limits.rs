//! Short statements that ask for too much: each gets its error at once, and nobody else notices.

use std::time::{Duration, Instant};

use crate::common;

/// Far below what any of these would take if it were tried, and far above what a busy machine takes to refuse it.
const AT_ONCE: Duration = Duration::from_secs(20);
/// A server at rest takes a tenth of it; one that tried would be past it.
const MEMORY: u64 = 1 << 30;

fn doubled(links: usize) -> String {
    let link = |n: usize| format!(", c{n} AS (SELECT a.x FROM c{0} a JOIN c{0} b ON a.x = b.x)", n - 1);
    let links_text: String = (1..=links).map(link).collect();
    format!("WITH c0 AS (SELECT 1 AS x){links_text} SELECT count(*) FROM c{links}")
}

fn joined(tables: usize) -> String {
    let join = |n: usize| format!(" JOIN generate_series(1, 2) AS t{n}(x) ON t{n}.x = t0.x");
    format!("SELECT count(*) FROM generate_series(1, 2) AS t0(x){}", (1..tables).map(join).collect::<String>())
}

#[test]
fn what_would_take_too_much_is_refused_at_once() {
    let weir = common::sourceless().start();
    let eva = weir.psql("eva");
    for (what, sql, code) in [
        ("a chain of CTEs", doubled(30), "54001"),
        ("a longer one", doubled(300), "54001"),
        ("many joins", joined(400), "54001"),
        ("many columns", format!("SELECT 1{}", ", 1".repeat(40_000)), "54011"),
        ("a long chain of operators", format!("SELECT 1{}", " + 1".repeat(3000)), "54001"),
        ("calls within calls", format!("SELECT {}1{}", "abs(".repeat(3000), ")".repeat(3000)), "54001"),
        ("a text of gigabytes", "SELECT length(repeat('x', 2000000000))".to_owned(), "54000"),
        ("a padded one", "SELECT length(lpad('x', 2000000000))".to_owned(), "54000"),
        ("a doubled one", "SELECT length(repeat(repeat('x', 60000), 60000))".to_owned(), "54000"),
        ("a wide constant for many rows", "SELECT repeat('x', 9000000) FROM generate_series(1, 9)".to_owned(), "54000"),
        (
            "a cube of many columns",
            format!("SELECT count(*) FROM (VALUES (1)) v(x) GROUP BY CUBE(x{})", ", x + 1".repeat(24)),
            "54011",
        ),
        ("a type of terabytes", "SELECT arrow_cast(NULL, 'FixedSizeList(1000000000, Int64)')".to_owned(), "42883"),
        (
            "a list for every row",
            "SELECT array_agg(x) OVER () FROM generate_series(1, 100000) AS v(x)".to_owned(),
            "54000",
        ),
        (
            "a frame past the end of numbers",
            "SELECT sum(x) OVER (ROWS BETWEEN 18446744073709551615 FOLLOWING AND 18446744073709551615 FOLLOWING) \
             FROM generate_series(1, 3) AS v(x)"
                .to_owned(),
            "22003",
        ),
    ] {
        let start = Instant::now();
        let failure = eva.fails(&sql);
        assert_eq!(failure.sqlstate.as_deref(), Some(code), "{what}: {}", failure.stderr);
        assert!(start.elapsed() < AT_ONCE, "{what} took {:?}", start.elapsed());
        let (_, peak) = weir.memory_bytes();
        assert!(peak < MEMORY, "{what} took the server to {peak} bytes");
    }
    assert_eq!(eva.expect("SELECT length(repeat('ab', 1000000))"), "2000000");
    assert_eq!(eva.expect(&doubled(5)), "1");
}

/// The engine's window operator keeps all of its input, and would take what it needs.
#[test]
fn windows_are_held_to_the_memory_budget() {
    let weir = common::sourceless().table("[limits]\nmemory = \"100MB\"").start();
    let eva = weir.psql("eva");
    let sql = "SELECT nth_value(x, 1000000000) OVER () FROM generate_series(1, 2000000000) AS v(x)";
    assert_eq!(eva.fails(sql).sqlstate.as_deref(), Some("53200"));
    let (_, peak) = weir.memory_bytes();
    assert!(peak < MEMORY, "the server took {peak} bytes");
    let small = "SELECT sum(n) FROM (SELECT count(*) OVER () AS n FROM generate_series(1, 1000) AS v(x)) w";
    assert_eq!(eva.expect(small), "1000000");
}
