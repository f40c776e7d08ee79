//! Policy files change while the server runs: what is right takes effect at once for everybody, what isn't has no effect.

use std::time::Duration;

use weir_tests::raw::{bind, error, execute, parse, sync, tags};
use weir_tests::run::wait_for;
use weir_tests::weir::{Setup, Weir};
use weir_tests::{flights, psql};

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
