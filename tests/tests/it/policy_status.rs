//! `weir.policy_status`: what became of each attempt to load policies, for those who may see policies.

use std::time::Duration;

use weir_tests::raw::{bind, execute, parse, sync, tags};
use weir_tests::run::wait_for;
use weir_tests::weir::{Setup, Weir};

const SOON: Duration = Duration::from_secs(20);
const OUTCOMES: &str = "SELECT outcome FROM weir.policy_status ORDER BY time";
const BROKEN: &str = "[[mask]]\nname = 'm'\ncolumns = ['lake.orders']\nwith = 'null'\n";

fn server() -> Weir {
    Setup::new()
        .policy("policy.csv", "p, role:audit, weir.policies, select\np, role:chief, *.*, select")
        .user("eva", "", &["audit"])
        .user("bob", "", &["chief"])
        .start()
}

#[test]
fn a_refused_set_shows_beside_the_good_one_that_serves() {
    let weir = server();
    let eva = weir.psql("eva");
    let version = eva.expect("SELECT version FROM weir.policy_status WHERE outcome = 'loaded' AND message IS NULL");
    assert!(!version.is_empty() && !version.contains('\n'), "one set was loaded: {version:?}");
    weir.rewrite_policy("masks.toml", BROKEN);
    wait_for("the refusal", SOON, || (eva.expect(OUTCOMES) == "loaded\nrefused").then_some(()));
    let message = eva.expect("SELECT message FROM weir.policy_status WHERE outcome = 'refused'");
    assert!(message.contains("masks.toml:3: ") && message.contains("lake.orders"), "{message}");
    assert!(weir.log().contains(&message), "the log says the same:\n{}", weir.log());
    // The good version serves, which the receipt of a failed statement names.
    let arguments = ["-v", "ON_ERROR_STOP=0", "-A", "-t", "-c", "SELECT * FROM nothing", "-c", "SHOW weir.receipt"];
    let receipt = eva.run(&arguments).expect("a receipt");
    assert!(receipt.contains(&format!("policy_version|{version}\n")), "{receipt}");
    // It isn't refused again and again.
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(eva.expect("SELECT count(*) FROM weir.policy_status"), "2");
    weir.rewrite_policy("masks.toml", "# mended\n");
    wait_for("the mended set", SOON, || (eva.expect(OUTCOMES) == "loaded\nrefused\nloaded").then_some(()));
    assert_ne!(eva.expect("SELECT version FROM weir.policy_status ORDER BY time DESC LIMIT 1"), version);
    assert_eq!(
        eva.expect("SELECT count(*) FROM weir.policy_status WHERE time <= now() AND time > now() - INTERVAL '1 hour'"),
        "3"
    );
}

#[test]
fn a_prepared_statement_sees_what_was_added() {
    let weir = server();
    let mut raw = weir.raw("eva");
    raw.send(&[parse("s", "SELECT outcome FROM weir.policy_status"), sync()].concat());
    raw.until_ready();
    let mut run = || {
        raw.send(&[bind("", "s", &[], false), execute("", 0), sync()].concat());
        tags(&raw.until_ready())
    };
    assert_eq!(run(), "2DCZ");
    weir.rewrite_policy("masks.toml", BROKEN);
    wait_for("the refusal", SOON, || (run() == "2DDCZ").then_some(()));
}

#[test]
fn it_does_not_exist_for_others() {
    let weir = server();
    let bob = weir.psql("bob");
    let missing = |table: &str| {
        let failure = bob.fails(&format!("SELECT * FROM {table}"));
        (failure.sqlstate, failure.message.replace(table, "TABLE"))
    };
    assert_eq!(missing("weir.policy_status"), missing("weir.policy_statuses"));
    assert_eq!(missing("weir.policy_status").0.as_deref(), Some("42P01"));
    let listed = "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema = 'weir'";
    assert_eq!(bob.expect(listed), "");
    assert_eq!(bob.expect("SELECT count(*) FROM pg_namespace WHERE nspname = 'weir'"), "0");
    let eva = weir.psql("eva");
    assert_eq!(eva.expect(listed), "weir|policy_status");
    assert_eq!(eva.expect("SELECT count(*) FROM pg_class WHERE relname = 'policy_status'"), "1");
}
