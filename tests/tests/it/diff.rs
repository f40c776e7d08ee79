//! `weir policy diff`, as a pull request's check runs it: between revisions and folders, with its exit status.

use std::path::Path;
use std::process::Command;

use weir_tests::postgres::Postgres;
use weir_tests::run;
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
    assert!(status == Some(3) && text.contains("gain   role analyst (ana, bob) gains shop.orders with id\n"), "{text}");
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
