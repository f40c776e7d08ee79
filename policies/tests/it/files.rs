//! The folder: which files belong to it, its version, and everything else refused.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use weir_policies::PolicySet;

use crate::support::{files, lines, load, mistakes, try_load};

fn folder(text: &'static str) -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    for (name, content) in files(text) {
        fs::write(dir.path().join(name), content).expect("a file");
    }
    dir
}

fn refused(dir: &Path) -> String {
    lines(&PolicySet::load(dir).expect_err("refused"))
}

#[test]
fn a_folder_is_read_and_has_its_contents_version() {
    let dir = folder("== policy.csv\np, role:a, lake.orders, select\n== users.toml\n[ana]\n");
    let set = PolicySet::load(dir.path()).expect("loads");
    assert_eq!(set.version().len(), 12);
    assert!(set.version().bytes().all(|b| b.is_ascii_hexdigit()));
    assert_eq!(set.version(), PolicySet::load(dir.path()).expect("loads").version());
    let version = set.version().to_owned();
    assert_eq!(set.with_commit("1234abc").version(), format!("1234abc+{version}"));
    fs::write(dir.path().join("users.toml"), "[ana] \n").expect("a file");
    assert_ne!(PolicySet::load(dir.path()).expect("loads").version(), version);
}

#[test]
fn the_version_tells_files_apart() {
    let a = load("== policy.csv\n== rows.toml\n#\n== masks.toml\n");
    let b = load("== policy.csv\n== rows.toml\n== masks.toml\n#\n");
    let c = load("== policy.csv\n== rows.toml\n#\n");
    assert!(a.version() != b.version() && a.version() != c.version());
}

#[test]
fn prose_and_hidden_entries_do_not_count() {
    let dir = folder("== policy.csv\n");
    let version = PolicySet::load(dir.path()).expect("loads").version().to_owned();
    for name in ["README", "README.txt", "notes.md", ".gitignore", "LICENSE"] {
        fs::write(dir.path().join(name), "x").expect("a file");
    }
    fs::create_dir(dir.path().join(".git")).expect("a folder");
    fs::write(dir.path().join(".git/config"), "x").expect("a file");
    assert_eq!(PolicySet::load(dir.path()).expect("loads").version(), version);
}

/// Version control names files with their folders; what doesn't count on disk doesn't count there.
#[test]
fn the_same_files_count_from_memory() {
    let version = load("== policy.csv\n").version().to_owned();
    assert_eq!(load("== policy.csv\n== .github/workflows/test.yml\nx\n== README\nx\n== notes.md\n").version(), version);
    assert!(!PolicySet::counts(".github/CODEOWNERS") && !PolicySet::counts("README") && PolicySet::counts("rows.yaml"));
    assert!(mistakes("== policy.csv\n== docs.d/page.txt\n").contains("docs.d/page.txt: unexpected folder"));
}

#[test]
fn whatever_else_is_there_is_refused() {
    let dir = folder("== policy.csv\n");
    for name in ["row.toml", "Masks.toml", "policies.csv", "casbin.conf", "masks.toml.orig", "rows.yaml"] {
        fs::write(dir.path().join(name), "").expect("a file");
    }
    for name in ["sales", "tests/deep", "users.toml"] {
        fs::create_dir_all(dir.path().join(name)).expect("a folder");
    }
    fs::write(dir.path().join("sales/policy.csv"), "").expect("a file");
    let found = refused(dir.path());
    let names: Vec<&str> = found.lines().filter_map(|line| line.split_once(": ")).map(|(name, _)| name).collect();
    let expected = [
        "Masks.toml",
        "casbin.conf",
        "masks.toml.orig",
        "policies.csv",
        "row.toml",
        "rows.yaml",
        "sales",
        "tests/deep",
        "users.toml",
    ];
    assert_eq!(names, expected, "{found}");
    assert!(found.contains("row.toml: unexpected file, expected only policy.csv, model.conf, users.toml"), "{found}");
    assert!(found.contains("sales: unknown domain `sales`: domains.toml has no [sales]"), "{found}");
    assert!(found.contains("tests/deep: unexpected folder: tests are files, *.toml"), "{found}");
}

#[test]
fn without_policy_csv_or_folder_there_is_no_set() {
    assert!(mistakes("== users.toml\n").starts_with("policy.csv: file not found"));
    let dir = folder("== policy.csv\n");
    assert!(refused(&dir.path().join("gone")).contains("can't read the policy folder"));
    assert!(refused(&dir.path().join("policy.csv")).contains("can't read the policy folder"));
}

#[test]
fn all_mistakes_of_all_files_come_at_once() {
    let found = mistakes(
        "== policy.csv
p, role:a, lake.orders, write
== users.toml
[ana
== rows.toml
[[filter]]
name = 'x'
== masks.toml
a = 1
b = 2
",
    );
    let places: Vec<String> =
        found.lines().map(|line| line.splitn(3, ':').take(2).collect::<Vec<_>>().join(":")).collect();
    let expected =
        ["masks.toml:1", "masks.toml:2", "policy.csv:1", "rows.toml:1", "rows.toml:1", "rows.toml:1", "users.toml:1"];
    assert_eq!(places, expected, "{found}");
}

/// What a file holds is repeated in the message, and must not break a line of the log.
#[test]
fn a_mistake_is_told_on_one_line() {
    let found =
        mistakes("== policy.csv\np, role:\u{1b}[31ma, lake.orders, select\n== tags.toml\n\"a\" = [\"x\\ny\"]\n");
    assert_eq!(found.lines().count(), 2, "{found}");
    assert!(!found.contains('\u{1b}') && found.contains("x\\ny"), "{found}");
}

#[test]
fn text_must_be_utf8_and_may_have_windows_forms() {
    let bytes = b"p, role:a, lake.orders, select\r\np, role:\xff, lake.x, select\n".to_vec();
    let errors = PolicySet::from_files([("policy.csv".to_owned(), bytes)]).expect_err("refused");
    assert_eq!(lines(&errors), "policy.csv:2: expected UTF-8 text");
    let mut windows = files("== policy.csv\np, role:a, lake.orders, select\n== users.toml\n[ana]\na = 1\n");
    windows.values_mut().for_each(|text| *text = format!("\u{feff}{}", text.replace('\n', "\r\n")));
    let set = try_load(&windows).expect("loads");
    assert_eq!(crate::support::sees(&set, &["a"], "lake.orders"), "id email total");
}

#[test]
fn a_model_may_only_say_what_the_built_in_one_says() {
    load(
        "== policy.csv
== model.conf
# the order and the blanks don't count
[request_definition]
r = sub,obj,act
[role_definition]
g = _, _
[policy_definition]
p = sub, obj, act, eft
[matchers]
m = r.act == p.act && g(r.sub, p.sub) && keyMatch(r.obj, p.obj)  # any order
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
",
    );
    let found = mistakes(
        "== policy.csv
== model.conf
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act, eft
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.obj == p.obj
m2 = true
nonsense
",
    );
    assert_eq!(
        found,
        "model.conf: missing in [role_definition]: `g = _, _`
model.conf:6: unsupported model, expected `e = some(where (p.eft == allow)) && !some(where (p.eft == deny))`
model.conf:8: unsupported model, expected `m = g(r.sub, p.sub) && keyMatch(r.obj, p.obj) && r.act == p.act`
model.conf:9: unsupported `m2` in [matchers], expected the sections request_definition (r), policy_definition (p), \
role_definition (g), policy_effect (e) and matchers (m)
model.conf:10: unsupported `nonsense` in [matchers], expected the sections request_definition (r), policy_definition (p), \
role_definition (g), policy_effect (e) and matchers (m)"
    );
}

#[tokio::test]
async fn a_set_loads_inside_a_runtime() {
    let text = "== policy.csv\ng, ana, role:a\np, role:a, lake.orders, select\n== users.toml\n[ana]\n";
    let roles = || load(text).principal("ana").expect("ana").roles.len();
    assert_eq!(tokio::task::spawn_blocking(roles).await.expect("no panic"), 1);
    assert_eq!(roles(), 1, "on the runtime's own thread");
}
