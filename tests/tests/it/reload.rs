//! Policy files change while the server runs: what is right takes effect at once for everybody, what isn't has no effect.

use std::time::Duration;

use weir_tests::postgres::Postgres;
use weir_tests::raw::{bind, error, execute, parse, sync, tags};
use weir_tests::run::wait_for;
use weir_tests::weir::{Setup, Weir};
use weir_tests::{flights, http, psql};

const SOON: Duration = Duration::from_secs(20);

/// The lake alone, with one clerk who may see what `grants` says.
fn lake(grants: &str) -> Setup {
    let root = flights::data().join("lake");
    Setup::new()
        .source("lake", &format!("kind = \"delta\"\nroot = \"{}\"", root.display()))
        .user("bob", "", &["clerk"])
        .policy("policy.csv", grants)
}

fn count(weir: &Weir) -> Result<String, psql::Failure> {
    weir.psql("bob").rows("SELECT count(*) FROM lake.flights")
}

/// Of a shop whose rules mask a column, with one clerk and one who may see policies.
fn masked_shop(url: &str, column: &str) -> Setup {
    Setup::new()
        .server("catalog_refresh = \"200ms\"")
        .source("shop", &format!("kind = \"postgres\"\nurl = \"{url}\""))
        .policy("policy.csv", "p, role:clerk, shop.*, select\np, role:audit, weir.policies, select")
        .policy("masks.toml", &mask(column))
        .user("bob", "", &["clerk"])
        .user("eva", "", &["audit"])
}

fn mask(column: &str) -> String {
    format!("[[mask]]\nname = 'mail'\ncolumns = ['shop.{column}']\nwith = 'null'\n")
}

fn missing(weir: &Weir, table: &str) -> Option<()> {
    let failed = weir.psql("bob").rows(&format!("SELECT * FROM shop.{table}")).err()?;
    (failed.sqlstate.as_deref() == Some("42P01")).then_some(())
}

/// A mask of a column that has another name by now covers nothing.
#[test]
fn a_table_that_its_rules_no_longer_fit_is_withheld() {
    let postgres = Postgres::start();
    let admin = postgres.psql("postgres");
    admin.expect("CREATE TABLE people (id int, email text); INSERT INTO people VALUES (1, 'hidden7f3e'); CREATE TABLE t (id int)");
    let weir = masked_shop(&postgres.url("postgres"), "people.email").http().start();
    let bob = weir.psql("bob");
    assert_eq!(bob.expect("SELECT * FROM shop.people"), "1|∅");
    admin.expect("ALTER TABLE people RENAME COLUMN email TO mail");
    wait_for("the withholding", SOON, || missing(&weir, "people"));
    assert_eq!(bob.expect("SELECT count(*) FROM shop.t"), "0", "other tables stay");
    let told = "SELECT message FROM weir.policy_status WHERE outcome = 'withheld'";
    let message = weir.psql("eva").expect(told);
    assert!(message.contains("shop.people") && message.contains("masks.toml:3: unknown column"), "{message}");
    let page = http::get(weir.http_port(), "/metrics");
    assert_eq!(http::numbers(&page.body)["weir_tables_withheld"], 1.0);
    // What comes beside it is seen, and it itself as soon as the rules fit.
    admin.expect("CREATE TABLE later (id int)");
    wait_for("the new table", SOON, || bob.rows("SELECT * FROM shop.later").ok());
    assert!(missing(&weir, "people").is_some());
    weir.rewrite_policy("masks.toml", &mask("people.mail"));
    wait_for("the mended rules", SOON, || (bob.rows("SELECT * FROM shop.people").ok()? == "1|∅").then_some(()));
    // A table that takes another's place under another name may be what the rules mean.
    admin.expect("ALTER TABLE people RENAME TO persons");
    wait_for("the end of the table", SOON, || missing(&weir, "people"));
    assert!(missing(&weir, "persons").is_some());
}

/// Rules about a source that can't be reached when they are loaded are held against it when it can.
#[test]
fn a_source_that_comes_later_is_held_against_its_rules() {
    let postgres = Postgres::start();
    let weir = masked_shop(&postgres.url("later"), "people.emial").start();
    let admin = postgres.psql("postgres");
    admin.expect("CREATE TABLE people (id int, email text); INSERT INTO people VALUES (1, 'hidden7f3e')");
    admin.expect("CREATE DATABASE later TEMPLATE postgres");
    let told = "SELECT count(*) FROM weir.policy_status WHERE outcome = 'withheld'";
    wait_for("the withholding", SOON, || (weir.psql("eva").expect(told) != "0").then_some(()));
    assert!(missing(&weir, "people").is_some());
    weir.rewrite_policy("masks.toml", &mask("people.email"));
    let seen = wait_for("the mended rules", SOON, || weir.psql("bob").rows("SELECT * FROM shop.people").ok());
    assert_eq!(seen, "1|∅");
}

#[test]
fn a_grant_and_its_end_take_effect() {
    let weir = lake("").start();
    let without = weir.policy("policy.csv");
    let with = format!("{without}p, role:clerk, lake.flights, select\n");
    assert_eq!(count(&weir).expect_err("no grant yet").sqlstate.as_deref(), Some("42P01"));
    weir.rewrite_policy("policy.csv", &with);
    wait_for("the grant", SOON, || count(&weir).ok());
    weir.rewrite_policy("policy.csv", &without);
    let gone = wait_for("the grant's end", SOON, || count(&weir).err());
    assert_eq!(gone.sqlstate.as_deref(), Some("42P01"), "{}", gone.stderr);
    weir.stop();
}

#[test]
fn a_prepared_statement_loses_a_revoked_right() {
    let weir = lake("p, role:clerk, lake.flights, select").start();
    let mut raw = weir.raw("bob");
    raw.send(&[parse("s", "SELECT count(*) FROM lake.flights"), sync()].concat());
    assert_eq!(tags(&raw.until_ready()), "1Z");
    let mut run = || {
        raw.send(&[bind("", "s", &[], false), execute("", 0), sync()].concat());
        raw.until_ready()
    };
    assert_eq!(tags(&run()), "2DCZ");
    weir.rewrite_policy("policy.csv", &weir.policy("policy.csv").replace("p, role:clerk", "p, role:nobody"));
    let answer = wait_for("the end of the right", SOON, || {
        let answer = run();
        answer.iter().any(|message| message.tag == 'E').then_some(answer)
    });
    assert_eq!(error(&answer).field('C').as_deref(), Some("42P01"));
}

#[test]
fn a_broken_set_is_refused_and_the_last_good_one_stays() {
    let weir = lake("p, role:clerk, lake.flights, select").start();
    let all = count(&weir).expect("a grant");
    let good = weir.policy("policy.csv");
    // The mistake stands beside a rule that would end the grant: neither may take effect.
    weir.rewrite_policy(
        "masks.toml",
        "[[mask]]\nname = \"m\"\ncolumns = [\"lake.flights.tailnumber\"]\nwith = \"null\"\n",
    );
    weir.rewrite_policy("policy.csv", "g, bob, role:clerk\n");
    wait_for("the refusal in the log", SOON, || {
        let log = weir.log();
        (log.contains("masks.toml") && log.contains("tailnumber")).then_some(())
    });
    assert_eq!(count(&weir).expect("the last good set stays"), all);
    // Mended, it takes effect.
    weir.rewrite_policy("masks.toml", "");
    wait_for("the mended set", SOON, || count(&weir).err());
    weir.rewrite_policy("policy.csv", &good);
    wait_for("the grant again", SOON, || count(&weir).ok());
}

#[test]
fn a_row_filter_of_a_new_version_binds_the_next_statement() {
    let weir = lake("p, role:clerk, lake.flights, select").start();
    let all = count(&weir).expect("a grant");
    weir.rewrite_policy(
        "rows.toml",
        "[[filter]]\nname = \"one\"\ntables = [\"lake.flights\"]\nroles = [\"*\"]\nwhere = \"month = 1\"\n",
    );
    let fewer = wait_for("the filter", SOON, || count(&weir).ok().filter(|n| *n != all));
    assert_eq!(fewer, weir.psql("bob").expect("SELECT count(*) FROM lake.flights WHERE month = 1"));
}

#[test]
fn a_broken_set_keeps_the_server_from_starting() {
    for (file, text, named) in [
        ("policy.csv", "p, role:clerk, lake.flight, select", "policy.csv:"),
        ("policy.csv", "q, role:clerk, lake.flights, select", "policy.csv:"),
        (
            "rows.toml",
            "[[filter]]\nname = \"f\"\ntables = [\"lake.flights\"]\nroles = [\"clerk\"]\nwhere = \"mnth = 1\"",
            "rows.toml:",
        ),
        (
            "rows.toml",
            "[[filter]]\nname = \"f\"\ntables = [\"lake.flights\"]\nroles = [\"clerk\"]\nwhere = \"month = 'x'\"",
            "rows.toml:",
        ),
        ("masks.toml", "[[mask]]\nname = \"m\"\ncolums = [\"lake.flights.tailnum\"]\nwith = \"null\"", "masks.toml:"),
        ("users.toml", "[eva]\nscram = \"not a verifier\"", "users.toml:"),
    ] {
        let refused = lake("p, role:clerk, lake.flights, select").policy(file, text).try_start();
        let (status, log) = refused.err().unwrap_or_else(|| panic!("weir starts with {file}: {text}"));
        assert!(!status.success(), "{text}: {status}");
        assert!(log.contains(named) && !log.contains("panicked"), "{text}:\n{log}");
    }
}
