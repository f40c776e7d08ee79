//! What masked columns show, and that the whole query sees nothing else.

use weir_tests::postgres::Postgres;
use weir_tests::weir::{Setup, Weir};

const PEOPLE: &str = "DROP TABLE IF EXISTS people; CREATE TABLE people (id int, email text, ip inet, host text, born date, seen timestamptz, \
    age int, paid numeric(10,2)); \
    INSERT INTO people VALUES \
    (1, 'ana@example.com', '10.1.2.3', '2001:db8:1:2::3', '1990-05-17', '2024-08-15 13:45:59.5+00', 34, 123.45), \
    (2, 'bob@example.com', '10.1.2.9', 'localhost', 'infinity', '-infinity', -1, -0.01), \
    (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL)";

const MASKS: &str = "
[[mask]]
name = 'mail'
columns = ['shop.people.email']
unless = ['dpo']
with = 'email'
[[mask]]
name = 'network'
columns = ['shop.people.ip', 'shop.people.host']
unless = ['dpo']
with = 'ip'
[[mask]]
name = 'year'
columns = ['shop.people.born']
unless = ['dpo']
with = 'truncate'
to = 'year'
[[mask]]
name = 'hour'
columns = ['shop.people.seen']
unless = ['dpo']
with = 'truncate'
to = 'hour'
[[mask]]
name = 'tens'
columns = ['shop.people.age', 'shop.people.paid']
unless = ['dpo']
with = 'bucket'
size = 10
";

fn people(postgres: &Postgres) -> Setup {
    postgres.psql("postgres").expect(PEOPLE);
    let keys = format!("kind = \"postgres\"\nurl = \"{}\"", postgres.url("postgres"));
    let policy = "p, role:analyst, shop.*, select\np, role:dpo, shop.*, select";
    let setup = Setup::new().source("shop", &keys).policy("policy.csv", policy);
    setup.user("ana", "", &["analyst"]).user("eva", "", &["dpo"])
}

fn masked(postgres: &Postgres) -> Weir {
    people(postgres).policy("masks.toml", MASKS).start()
}

#[test]
fn each_kind_shows_what_it_leaves() {
    let postgres = Postgres::start();
    let weir = masked(&postgres);
    let (ana, eva) = (weir.psql("ana"), weir.psql("eva"));
    let all = "SELECT * FROM shop.people ORDER BY id";
    let shown = [
        "1|***@example.com|10.1.2.0/24|2001:db8:1::|1990-01-01|2024-08-15 13:00:00+00|30|120.00",
        "2|***@example.com|10.1.2.0/24|***|infinity|-infinity|-10|-10.00",
        "3|∅|∅|∅|∅|∅|∅|∅",
    ];
    assert_eq!(ana.expect(all).lines().collect::<Vec<_>>(), shown);
    assert_eq!(
        eva.expect(all),
        postgres.psql("postgres").expect("SET timezone = 'UTC'; SELECT * FROM people ORDER BY id").replace("SET\n", "")
    );
}

#[test]
fn the_whole_query_sees_the_mask() {
    let postgres = Postgres::start();
    let weir = masked(&postgres);
    let ana = weir.psql("ana");
    for (sql, answer) in [
        ("SELECT count(*) FROM shop.people WHERE email = 'ana@example.com'", "0"),
        ("SELECT count(*) FROM shop.people WHERE email = '***@example.com'", "2"),
        ("SELECT count(*) FROM shop.people WHERE age = 34 OR age = -1", "0"),
        ("SELECT min(age), max(age) FROM shop.people", "-10|30"),
        ("SELECT max(paid) FROM shop.people", "120.00"),
        ("SELECT id FROM shop.people WHERE born > DATE '1990-01-02' AND born < DATE '1991-01-01'", ""),
        ("SELECT count(*) FROM shop.people a JOIN shop.people b USING (ip)", "4"),
        ("SELECT email, count(*) FROM shop.people GROUP BY email ORDER BY 2 DESC LIMIT 1", "***@example.com|2"),
    ] {
        assert_eq!(ana.expect(sql), answer, "{sql}");
    }
}

#[test]
fn a_mask_that_does_not_fit_its_column_is_refused() {
    let postgres = Postgres::start();
    for (keys, found) in [
        ("columns = ['shop.people.age']\nwith = 'email'", "the mask email is for text, column \"age\" is"),
        ("columns = ['shop.people.age']\nwith = 'ip'", "the mask ip is for text, column \"age\" is"),
        (
            "columns = ['shop.people.born']\nwith = 'truncate'\nto = 'hour'",
            "the mask truncate to hour is for timestamps",
        ),
        ("columns = ['shop.people.email']\nwith = 'bucket'\nsize = 2", "the mask bucket is for numbers"),
    ] {
        let mask = format!("[[mask]]\nname = 'm'\n{keys}\n");
        let (status, output) = people(&postgres).policy("masks.toml", &mask).check();
        assert!(!status.success(), "{keys}");
        assert!(output.contains("masks.toml:1") && output.contains(found), "{keys}: {output}");
    }
}
