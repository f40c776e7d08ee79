//! `weir policy explain --untagged` on tables with personal data in them, tagged and not.

use std::process::Command;

use weir_tests::postgres::Postgres;
use weir_tests::weir::{self, Setup};

const TABLES: &str = "DROP TABLE IF EXISTS customers, orders, empty; \
    CREATE TABLE customers (id bigint, email text, contact text, note text, phone text, vip boolean, paid_with text); \
    INSERT INTO customers SELECT n, 'a' || n || '@example.com', CASE WHEN n % 2 = 0 THEN 'b' || n || '@example.org' END, \
        'order 2024-000-' || n, '+34 612 345 6' || n, true, 'DE89370400440532013000' FROM generate_series(10, 99) n; \
    CREATE TABLE orders (id bigint, number text, day text, source inet, card text); \
    INSERT INTO orders SELECT n, '2024-000-' || n, '2024-01-' || n % 28 + 1, '10.1.2.3', '4111111111111111' \
        FROM generate_series(1000, 3000) n; \
    CREATE TABLE empty (client_ip text, shipping text)";

/// Whether the command succeeds, and what it prints to standard output.
fn untagged(setup: Setup) -> (bool, String) {
    let weir = setup.start();
    let mut command = Command::new(weir::binary());
    command.args(["policy", "explain", "--untagged", "--config"]).arg(weir.folder().join("weir.toml"));
    let output = command.output().expect("weir can be run");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn setup(postgres: &Postgres) -> Setup {
    postgres.psql("postgres").expect(TABLES);
    Setup::new()
        .source("shop", &format!("kind = \"postgres\"\nurl = \"{}\"", postgres.url("postgres")))
        // What nobody is granted is looked at all the same.
        .policy("policy.csv", "p, role:analyst, shop.orders, select")
        .policy("tags.toml", "'pii.email' = ['*.*.email']")
        .policy("masks.toml", "[[mask]]\nname = 'm'\ncolumns = ['shop.customers.phone']\nwith = 'null'")
}

#[test]
fn personal_columns_without_a_tag_are_listed() {
    let postgres = Postgres::start();
    let (success, text) = untagged(setup(&postgres));
    assert!(success, "{text}");
    let lines: Vec<String> = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        lines,
        [
            "shop.customers.contact e-mail address 45 of 45 sampled values",
            "shop.customers.paid_with IBAN 90 of 90 sampled values",
            "shop.customers.phone phone number by its name; 90 of 90 sampled values; named by mask m",
            "shop.empty.client_ip IP address by its name; no value sampled",
            "shop.orders.card card number 1000 of 1000 sampled values",
            "shop.orders.source IP address 1000 of 1000 sampled values",
            "6 found without a tag; 3 tables sampled, 0 not",
        ]
    );
    assert!(!text.contains("example") && !text.contains("4111") && !text.contains("10.1.2"), "{text}");
}

#[test]
fn a_source_that_is_down_is_said_and_fails_the_command() {
    let postgres = Postgres::start();
    let url = "postgres://weir@127.0.0.1:1/gone";
    let (success, text) = untagged(setup(&postgres).source("gone", &format!("kind = \"postgres\"\nurl = \"{url}\"")));
    assert!(!success && text.contains("gone: can't be sampled: source gone can't be reached"), "{text}");
    assert!(text.contains("shop.customers.contact"), "{text}");
}

#[test]
fn one_or_the_other_is_asked() {
    for arguments in [vec![], vec!["--untagged", "--as", "ana", "SELECT 1"], vec!["--as", "ana"]] {
        let output = Command::new(weir::binary()).args(["policy", "explain"]).args(&arguments).output();
        let output = output.expect("weir can be run");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
