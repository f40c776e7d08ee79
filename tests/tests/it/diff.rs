//! `weir policy diff`, as a pull request's check runs it: between revisions and folders, with its exit status, and over
//! the audit log of a server.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use weir_tests::postgres::Postgres;
use weir_tests::raw::{bind, execute, parse, sync};
use weir_tests::run::{self, wait_for};
use weir_tests::weir::{self, Setup, Weir};

const SHOP: &str = "CREATE TABLE customers (id int, email text); CREATE TABLE orders (id int)";
const MASKED: &str = "[[mask]]\nname = 'mail'\ncolumns = ['shop.*.email']\nwith = 'email'";
const SPARED: &str = "[[mask]]\nname = 'mail'\ncolumns = ['shop.*.email']\nunless = ['analyst']\nwith = 'email'";

fn start(postgres: &Postgres) -> Weir {
    postgres.psql("postgres").expect(SHOP);
    let keys = format!("kind = \"postgres\"\nurl = \"{}\"", postgres.url("postgres"));
    Setup::new()
        .source("shop", &keys)
        .policy("policy.csv", "p, role:analyst, shop.customers, select")
        .policy("masks.toml", MASKED)
        .user("ana", "", &["analyst"])
        .user("bob", "", &["analyst"])
        .start()
}

const REGIONS: &str = "CREATE TABLE customers (id int, email text, region text); CREATE TABLE orders (id int)";
const OWN: &str = "[[filter]]\nname = 'own'\ntables = ['shop.customers']\nroles = ['analyst']\n\
    where = \"region = attr('region')\"";

/// A server with statements of ana and bob on record, and its audit log. One is of a session with a search path, one
/// takes a parameter, and one failed.
fn on_record(postgres: &Postgres) -> (Weir, PathBuf) {
    postgres.psql("postgres").expect(REGIONS);
    let keys = format!("kind = \"postgres\"\nurl = \"{}\"", postgres.url("postgres"));
    let setup = Setup::new()
        .source("shop", &keys)
        .policy("policy.csv", "p, role:analyst, shop.*, select")
        .policy("rows.toml", OWN)
        .policy("masks.toml", MASKED);
    let weir =
        setup.user("ana", "region = 'north'", &["analyst"]).user("bob", "region = 'south'", &["analyst"]).start();
    let (ana, bob) = (weir.psql("ana"), weir.psql("bob"));
    for sql in
        ["email FROM shop.customers", "email FROM shop.customers", "id FROM shop.customers", "id FROM shop.orders"]
    {
        ana.expect(&format!("SELECT {sql}"));
    }
    ana.run(&["-c", "SET search_path = shop", "-c", "SELECT id FROM orders"]).expect("a table on the path");
    bob.expect("SELECT * FROM shop.customers");
    bob.fails("SELECT nothing FROM shop.customers");
    let mut raw = weir.raw("bob");
    let sql = "SELECT id FROM shop.customers WHERE id = $1";
    raw.send(&[parse("", sql), bind("", "", &[Some("1")], false), execute("", 0), sync()].concat());
    raw.until_ready();
    bob.expect("SELECT 'the last'");
    let log = weir.folder().join("audit.jsonl");
    wait_for("the last record", Duration::from_secs(10), || {
        fs::read_to_string(&log).ok().filter(|text| text.contains("the last") && text.ends_with('\n'))
    });
    (weir, log)
}

/// A folder `proposed` beside the server's policies, in which these files differ from them.
fn propose(weir: &Weir, changed: &[(&str, String)]) {
    let proposed = weir.folder().join("proposed");
    fs::create_dir_all(&proposed).expect("a folder");
    for file in ["policy.csv", "users.toml", "rows.toml", "masks.toml"] {
        let new = changed.iter().find(|(name, _)| *name == file);
        fs::write(proposed.join(file), new.map_or_else(|| weir.policy(file), |(_, text)| text.clone()))
            .expect("a file");
    }
}

fn replay(weir: &Weir, states: [&str; 2], log: &Path) -> (Option<i32>, String) {
    diff(weir.folder(), &[states[0], states[1], "--replay", log.to_str().expect("a path in UTF-8")])
}

fn git(weir: &Weir, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.arg("-C").arg(weir.folder().join("policies")).args(["-c", "user.name=test", "-c", "user.email=test@localhost"]);
    git.args(["-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null"]).args(arguments);
    run::stdout(&mut git);
}

fn commit(weir: &Weir) {
    git(weir, &["add", "."]);
    git(weir, &["commit", "--quiet", "-m", "rules"]);
}

/// The exit status, and all that was written.
fn diff(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(weir::binary());
    command.args(["policy", "diff", "--config"]).arg(folder.join("weir.toml")).args(arguments).current_dir(folder);
    let output = command.output().expect("weir can be run");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code(), text)
}

#[test]
fn a_gain_between_two_revisions_is_told_and_fails() {
    let postgres = Postgres::start();
    let weir = start(&postgres);
    let folder = weir.folder();
    git(&weir, &["init", "--quiet"]);
    commit(&weir);
    let (status, text) = diff(folder, &["HEAD"]);
    assert!(status == Some(0) && text.ends_with("gains: 0, possible gains: 0, losses: 0\n"), "{text}");

    weir.rewrite_policy("masks.toml", SPARED);
    let gain = "gain   role analyst (ana, bob) sees shop.customers.email raw, and saw it masked by `mail` (email)\n";
    let (status, text) = diff(folder, &["HEAD"]);
    assert!(status == Some(3) && text.contains(gain), "{text}");
    commit(&weir);
    let (status, text) = diff(folder, &["HEAD~1", "HEAD"]);
    assert!(
        status == Some(3) && text.contains(gain) && text.ends_with("gains: 1, possible gains: 0, losses: 0\n"),
        "{text}"
    );
    let (status, text) = diff(folder, &["HEAD~1", "HEAD", "--json"]);
    assert!(status == Some(3) && text.contains("\"kind\":\"gain\""), "{text}");
    let (status, text) = diff(folder, &["HEAD", "HEAD~1"]);
    assert!(status == Some(0) && text.contains("losses: 1"), "{text}");
}

#[test]
fn folders_are_compared_and_what_is_neither_is_told() {
    let postgres = Postgres::start();
    let weir = start(&postgres);
    let folder = weir.folder();
    std::fs::create_dir(folder.join("proposed")).expect("a folder");
    for file in ["masks.toml", "users.toml"] {
        std::fs::write(folder.join("proposed").join(file), weir.policy(file)).expect("a file");
    }
    let rules = weir.policy("policy.csv") + "p, role:analyst, shop.orders, select\n";
    std::fs::write(folder.join("proposed/policy.csv"), rules).expect("a file");
    let (status, text) = diff(folder, &["policies", "proposed"]);
    assert!(
        status == Some(3) && text.contains("gain   role analyst (ana, bob) gains shop.orders with id, *\n"),
        "{text}"
    );
    let (status, text) = diff(folder, &["nothing"]);
    assert!(status == Some(1) && text.contains("nothing is no folder, and no git revision either"), "{text}");
    std::fs::write(folder.join("proposed/rows.toml"), "[[filtre]]\n").expect("a file");
    let (status, text) = diff(folder, &["policies", "proposed"]);
    assert!(status == Some(1) && text.contains("the policies of proposed are refused:\n  rows.toml:1:"), "{text}");
}

#[test]
fn a_source_that_is_down_is_compared_by_name() {
    let postgres = Postgres::start();
    let weir = start(&postgres);
    let folder = weir.folder();
    git(&weir, &["init", "--quiet"]);
    commit(&weir);
    drop(postgres);
    weir.rewrite_policy("masks.toml", SPARED);
    let (status, text) = diff(folder, &["HEAD"]);
    assert!(status == Some(3) && text.contains("sees shop.customers.email raw"), "{text}");
    assert!(text.contains("schema shop: its source can't be reached"), "{text}");
}

#[test]
fn statements_on_record_that_would_fail_are_told() {
    let postgres = Postgres::start();
    let (weir, log) = on_record(&postgres);
    let (status, text) = replay(&weir, ["policies", "policies"], &log);
    assert_eq!(status, Some(0), "{text}");
    assert!(!["fails  ", "other  ", "works  "].iter().any(|kind| text.contains(kind)), "{text}");
    let denial = "p, role:analyst, shop.customers.email, select, deny\n";
    let moved = format!("# A rule that moves stays the same.\n\n{}", weir.policy("rows.toml"));
    propose(&weir, &[("policy.csv", weir.policy("policy.csv") + denial), ("rows.toml", moved)]);
    let (status, text) = replay(&weir, ["policies", "proposed"], &log);
    assert_eq!(status, Some(0), "{text}");
    let because = "shop.customers.email is denied by role:analyst shop.customers.email (policy.csv:4)\n";
    let told = [
        "losses: 1\n",
        "fails  ana, 2 times: SELECT email FROM shop.customers: 42703 column \"email\" does not exist; ",
        because,
        "other  bob, once: SELECT * FROM shop.customers: no longer returns email; ",
        because,
        "1 statement can't be replayed, failing under both\n",
        "replayed: 6 statements, on record 7 times; fail: 1, may give other results: 1, no longer fail: 0\n",
    ];
    assert!(text.ends_with(&told.concat()), "{text}");

    let (status, text) = replay(&weir, ["proposed", "policies"], &log);
    let works = "works  ana, 2 times: SELECT email FROM shop.customers: it failed with 42703 ";
    assert!(status == Some(3) && text.contains(works), "a gain decides, whatever works: {text}");
}

#[test]
fn statements_on_record_that_may_give_other_results_are_told() {
    let postgres = Postgres::start();
    let (weir, log) = on_record(&postgres);
    let users = weir.policy("users.toml").replace("'south'", "'west'");
    propose(&weir, &[("users.toml", users), ("masks.toml", MASKED.replace("'email'", "'null'"))]);
    let (status, text) = replay(&weir, ["policies", "proposed"], &log);
    assert_eq!(status, Some(3), "an attribute that changes may be a gain: {text}");
    let filter = "filter `own` (rows.toml:1) on shop.customers is region = 'west', and was region = 'south'";
    let mask = "shop.customers.email shows NULL for every value (mask `mail`, masks.toml:1), \
                and showed the domain of the e-mail address (mask `mail`, masks.toml:1)";
    for line in [
        format!("other  ana, 2 times: SELECT email FROM shop.customers: {mask}\n"),
        format!("other  bob, once: SELECT * FROM shop.customers: {filter}; {mask}\n"),
        format!("other  bob, once: SELECT id FROM shop.customers WHERE id = $1: {filter}\n"),
    ] {
        assert!(text.contains(&line), "{line}{text}");
    }
    assert!(text.ends_with("fail: 0, may give other results: 3, no longer fail: 0\n"), "{text}");

    let users = weir.policy("users.toml");
    let (without_bob, _) = users.split_once("[bob]").expect("bob");
    let grants = weir.policy("policy.csv");
    let grants: Vec<&str> = grants.lines().filter(|line| !line.starts_with("g, bob")).collect();
    propose(&weir, &[("users.toml", without_bob.to_owned()), ("policy.csv", grants.join("\n"))]);
    let log = log.to_str().expect("a path in UTF-8");
    let (_, text) = diff(weir.folder(), &["policies", "proposed", "--json", "--replay", log]);
    let found: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
    let changes = found["replay"]["changes"].as_array().expect("a list");
    assert_eq!(changes.len(), 3, "{text}");
    assert!(changes.iter().all(|change| change["kind"] == "fails" && change["principal"] == "bob"), "{text}");
    assert!(changes.iter().all(|change| change["sqlstate"] == "28000" && change["count"] == 1), "{text}");
}

#[test]
fn a_log_may_end_early_and_no_more_and_policies_must_be_sound() {
    let postgres = Postgres::start();
    let (weir, log) = on_record(&postgres);
    let whole = fs::read_to_string(&log).expect("the log");
    let copy = weir.folder().join("copy.jsonl");
    fs::write(&copy, format!("{whole}{}", &whole[..40])).expect("a file");
    let (status, text) = replay(&weir, ["policies", "policies"], &copy);
    let cut = format!("copy.jsonl:{}: the last line is cut off, and left out\n", whole.lines().count() + 1);
    assert!(status == Some(0) && text.contains(&cut), "{text}");
    fs::write(&copy, format!("{}\n{whole}", &whole[..40])).expect("a file");
    let (status, text) = replay(&weir, ["policies", "policies"], &copy);
    assert!(status == Some(1) && text.contains("copy.jsonl:1:") && text.contains("expected a record"), "{text}");
    let (status, text) = replay(&weir, ["policies", "policies"], Path::new("nothing.jsonl"));
    assert!(status == Some(1) && text.contains("audit log nothing.jsonl: "), "{text}");

    propose(&weir, &[("rows.toml", OWN.replace("region =", "regoin ="))]);
    let (status, text) = replay(&weir, ["policies", "proposed"], &log);
    assert!(status == Some(1) && text.contains("the policies of proposed are refused:\n  rows.toml:5:"), "{text}");
}
