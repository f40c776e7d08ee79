//! The house's one-way dependencies, held over what cargo itself says of the workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use serde_json::Value;
use weir_tests::run::{self, workspace};

/// Which of our crates each of our crates may use. `weir-tests` stands above all.
const MAY_USE: [(&str, &[&str]); 6] = [
    ("weir-connectors", &[]),
    ("weir-policies", &[]),
    ("weir-values", &[]),
    ("weir-encode", &["weir-connectors", "weir-values"]),
    ("weir-planner", &["weir-connectors", "weir-encode", "weir-policies", "weir-values"]),
    ("weir", &["weir-connectors", "weir-encode", "weir-planner", "weir-policies"]),
];

/// What only some of our crates may use directly, and which: sockets, TLS for clients, HTTP, and the command line belong
/// to the server; errors without a type to its `main.rs`.
const ONLY_IN: [(&str, &[&str]); 9] = [
    ("pgwire", &["weir"]),
    ("tokio-rustls", &["weir"]),
    ("axum", &["weir"]),
    ("hyper", &["weir"]),
    ("clap", &["weir"]),
    ("anyhow", &["weir"]),
    ("tokio-postgres", &["weir", "weir-connectors"]),
    ("deltalake", &["weir", "weir-connectors"]),
    ("casbin", &["weir-policies"]),
];

/// Policies know no engine and no columns.
const UNKNOWN_TO_POLICIES: [&str; 5] = ["datafusion", "arrow", "tokio-postgres", "sqlparser", "deltalake"];

fn metadata() -> Value {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--format-version", "1", "--no-deps", "--offline"]).current_dir(workspace());
    serde_json::from_str(&run::stdout(&mut command)).expect("JSON of cargo metadata")
}

/// Our crates with what they use outside of their tests.
fn uses() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = metadata();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let packages = metadata["packages"].as_array().expect("packages");
    let used = |package: &Value| {
        let all = package["dependencies"].as_array().expect("dependencies");
        all.iter().filter(|d| d["kind"].as_str() != Some("dev")).map(|d| text(&d["name"])).collect()
    };
    packages.iter().map(|package| (text(&package["name"]), used(package))).collect()
}

#[test]
fn crates_depend_one_way() {
    let uses = uses();
    let ours: BTreeSet<&str> = uses.keys().map(String::as_str).collect();
    let known: BTreeSet<&str> = MAY_USE.iter().map(|(name, _)| *name).chain(["weir-tests"]).collect();
    assert_eq!(ours, known, "a crate more or less: say here what it may use");
    for (name, allowed) in MAY_USE {
        let used: Vec<&str> = uses[name].iter().map(String::as_str).filter(|used| ours.contains(used)).collect();
        assert!(used.iter().all(|used| allowed.contains(used)), "{name} uses {used:?}, and may use {allowed:?}");
    }
}

#[test]
fn the_wire_is_known_to_the_server_alone() {
    let uses = uses();
    for (part, allowed) in ONLY_IN {
        let users: Vec<&String> = uses
            .iter()
            .filter(|(name, used)| *name != "weir-tests" && used.contains(part))
            .map(|(name, _)| name)
            .collect();
        assert!(users.iter().all(|user| allowed.contains(&user.as_str())), "{part} is used by {users:?}");
    }
    for part in UNKNOWN_TO_POLICIES {
        assert!(!uses["weir-policies"].contains(part), "policies know {part}");
    }
}

#[test]
fn every_crate_keeps_the_one_lint_table() {
    let members = metadata();
    for package in members["packages"].as_array().expect("packages") {
        let manifest = package["manifest_path"].as_str().expect("a path");
        let text = fs::read_to_string(manifest).expect("a manifest");
        assert!(text.contains("[lints]\nworkspace = true"), "{manifest} keeps lints of its own");
    }
}

#[test]
fn one_version_of_the_engine_and_its_columns() {
    let lock = fs::read_to_string(workspace().join("Cargo.lock")).expect("Cargo.lock");
    let package = |text: &str| {
        let field = |name: &str| text.lines().find_map(|l| Some(l.strip_prefix(name)?.trim_matches('"').to_owned()));
        Some((field("name = ")?, field("version = ")?))
    };
    let packages: Vec<(String, String)> = lock.split("[[package]]").filter_map(package).collect();
    for name in ["datafusion", "arrow", "parquet", "object_store", "rustls", "tokio"] {
        let versions: Vec<&str> = packages.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str()).collect();
        assert_eq!(versions.len(), 1, "{name} in versions {versions:?}");
    }
}

#[test]
fn errors_without_a_type_stay_in_the_main_file() {
    for folder in ["server", "planner", "encode", "connectors", "policies", "values"] {
        for path in sources(&workspace().join(folder).join("src")) {
            let text = fs::read_to_string(&path).expect("a source file");
            let is_main = path.ends_with("server/src/main.rs");
            assert!(is_main || !text.contains("anyhow::"), "{} uses anyhow", path.display());
        }
    }
}

#[test]
fn every_file_opens_with_its_job() {
    for folder in [
        "server/src",
        "planner/src",
        "encode/src",
        "connectors/src",
        "policies/src",
        "values/src",
        "tests/src",
        "tests/tests",
    ] {
        for path in sources(&workspace().join(folder)) {
            let text = fs::read_to_string(&path).expect("a source file");
            let first = text.lines().next().unwrap_or_default();
            assert!(first.starts_with("//! ") && first.len() > 10, "{} opens with {first:?}", path.display());
        }
    }
}

/// All Rust files below a folder.
fn sources(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}
