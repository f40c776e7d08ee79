//! `weir policy explain`, as whoever writes the rules asks it.

use std::path::Path;
use std::process::Command;

use weir_tests::postgres::Postgres;
use weir_tests::weir::{self, Setup, Weir};

const TABLES: &str = "DROP TABLE IF EXISTS customers, secrets; \
    CREATE TABLE customers (id int, email text, country text, note text); CREATE TABLE secrets (id int)";

const GRANTS: &str = "p, role:analyst, shop.customers, select
p, role:analyst, shop.customers.note, select, deny
p, role:clerk, shop.customers.id, select
p, role:clerk, shop.customers.country, select
p, role:dpo, shop.*, select
g, role:senior, role:analyst";

const FILTERS: &str = "
[[filter]]
name = 'own'
tables = ['shop.customers']
roles = ['analyst']
where = \"country = attr('country')\"
[[filter]]
name = 'odd'
tables = ['shop.customers']
roles = ['clerk']
where = 'id % 2 = 1'
";

fn server(postgres: &Postgres) -> Weir {
    postgres.psql("postgres").expect(TABLES);
    Setup::new()
        .source("shop", &format!("kind = \"postgres\"\nurl = \"{}\"", postgres.url("postgres")))
        .policy("policy.csv", GRANTS)
        .policy("rows.toml", FILTERS)
        .policy("masks.toml", "[[mask]]\nname = 'mail'\ncolumns = ['*.*.email']\nunless = ['dpo']\nwith = 'email'")
        .user("ana", "country = 'ES'", &["senior"])
        .user("bob", "", &["analyst", "clerk"])
        .user("eva", "", &["dpo"])
        .start()
}

/// What the command prints, and whether it succeeds.
fn explain(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(weir::binary());
    command.args(["policy", "explain", "--config"]).arg(folder.join("weir.toml")).args(arguments);
    let output = command.output().expect("weir can be run");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text)
}

fn explained(weir: &Weir, who: &str, sql: &str) -> String {
    let (success, text) = explain(weir.folder(), &["--as", who, sql]);
    assert!(success, "{text}");
    text
}

/// The one line that starts so, without blanks around it.
fn line<'t>(text: &'t str, start: &str) -> &'t str {
    let mut found = text.lines().map(str::trim).filter(|line| line.starts_with(start));
    found.next().unwrap_or_else(|| panic!("no line starts with {start:?}:\n{text}"))
}

#[test]
fn each_rule_is_told_with_its_place() {
    let postgres = Postgres::start();
    let weir = server(&postgres);
    let text = explained(&weir, "ana", "SELECT id FROM shop.customers WHERE id > 1 AND upper(email) = 'X'");
    let file = weir.policy("policy.csv");
    let place = |line: &str| file.lines().position(|found| found == line).expect("a line of policy.csv") + 1;
    let of_ana = place("g, ana, role:senior");
    let granted = format!(
        "granted: role:analyst shop.customers (policy.csv:1); ana has role:senior (policy.csv:{of_ana}); \
         role:senior has role:analyst (policy.csv:6)"
    );
    assert_eq!(line(&text, "granted"), granted);
    assert!(text.starts_with("ana (role:analyst, role:senior), policy version "), "{text}");
    assert_eq!(line(&text, "rows"), "rows: only where country = 'ES'");
    assert_eq!(
        line(&text, "role:analyst is bound"),
        "role:analyst is bound by filter \"own\" (rows.toml:2): country = 'ES', written country = attr('country')"
    );
    assert_eq!(line(&text, "raw"), "raw columns: id, country");
    assert_eq!(
        line(&text, "column email"),
        "column email: masked by \"mail\" (masks.toml:1), shows the domain of the e-mail address"
    );
    assert_eq!(line(&text, "not granted"), "not granted, so that they don't exist: note");
    assert_eq!(line(&text, "denied"), "denied: role:analyst shop.customers.note (policy.csv:2)");
    assert!(line(&text, "below the barrier").ends_with(": id > 1"), "{text}");
    let above = line(&text, "above it");
    assert!(above.contains("upper(") && above.contains("'X'") && !above.contains("id >"), "{text}");
}

#[test]
fn roles_that_add_up_are_told_apart() {
    let postgres = Postgres::start();
    let weir = server(&postgres);
    let text = explained(&weir, "bob", "SELECT count(*) FROM shop.customers");
    assert!(text.contains("a row is there if any of these shows it:"), "{text}");
    assert!(line(&text, "role:analyst is bound").ends_with("where bob has no country: NULL keeps no row"), "{text}");
    assert_eq!(line(&text, "role:clerk is bound"), "role:clerk is bound by filter \"odd\" (rows.toml:7): id % 2 = 1");
    assert!(text.contains("column email: NULL but on rows where country = NULL, as not all of the grants name it"));
    let spared = explained(&weir, "eva", "SELECT * FROM shop.customers");
    assert_eq!(line(&spared, "rows"), "rows: all, as no filter binds here");
    assert_eq!(line(&spared, "column email"), "column email: mask \"mail\" (masks.toml:1) spares role:dpo");
    assert!(spared.contains("no row filter, so no barrier"), "{spared}");
}

#[test]
fn what_cannot_be_seen_is_told_to_the_author_alone() {
    let postgres = Postgres::start();
    let weir = server(&postgres);
    let text = explained(&weir, "role:analyst", "SELECT note FROM shop.customers JOIN shop.secrets USING (id)");
    assert!(text.contains("fails with 42P01: relation \"shop.secrets\" does not exist"), "{text}");
    assert!(text.contains("not visible: the table exists, but nothing grants it to role:analyst"), "{text}");
    let text = explained(&weir, "ana", "SELECT note FROM shop.customers");
    assert!(text.contains("fails with 42703") && text.contains("don't exist: note"), "{text}");
    let text = explained(&weir, "ana", "SELECT * FROM shop.nothing");
    assert!(text.contains("shop.nothing: no source has such a table"), "{text}");
}

#[test]
fn who_and_what_is_asked_must_be_known() {
    let postgres = Postgres::start();
    let weir = server(&postgres);
    for (arguments, expected) in [
        (["--as", "anna", "SELECT 1"], "there is no user `anna`; users.toml has: ana, bob, eva"),
        (["--as", "role:chief", "SELECT 1"], "there is no role `chief`; policy.csv names: analyst, clerk, dpo, senior"),
        (["--as", "ana", "SELECT 1 FROM ("], "the statement can't be explained: 42601"),
        (["--as", "ana", "SELECT 1; SELECT 2"], "expected one statement"),
        (["--as", "ana", "DELETE FROM shop.customers"], "expected a query"),
    ] {
        let (success, text) = explain(weir.folder(), &arguments);
        assert!(!success && text.contains(expected), "{arguments:?}: {text}");
    }
}
