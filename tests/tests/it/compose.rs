//! docker-compose.yml and the Dockerfile, as far as they can be held without Docker: they parse, and everything that they
//! name is there.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use serde_json::Value;
use weir_tests::python::python;
use weir_tests::run::{self, workspace};

fn compose() -> Value {
    let code = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))";
    let text = run::stdout(Command::new(python()).args(["-c", code]).arg(workspace().join("docker-compose.yml")));
    serde_json::from_str(&text).expect("JSON")
}

fn services(compose: &Value) -> Vec<(&str, &Value)> {
    compose["services"].as_object().expect("services").iter().map(|(name, service)| (name.as_str(), service)).collect()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().map(|list| list.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

#[test]
fn it_brings_up_all_that_the_mesh_has() {
    let compose = compose();
    let names: BTreeSet<&str> = services(&compose).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, BTreeSet::from(["kafka", "postgres", "registry", "s3", "sample", "weir"]));
    for (name, service) in services(&compose) {
        let depends =
            service["depends_on"].as_object().map(|d| d.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
        assert!(depends.iter().all(|other| names.contains(other.as_str())), "{name} depends on {depends:?}");
        assert!(service["image"].is_string() == service["build"].is_null(), "{name} has an image or is built");
    }
}

#[test]
fn its_ports_are_on_loopback_and_used_once() {
    let compose = compose();
    let mut taken = BTreeSet::new();
    for (name, service) in services(&compose) {
        for port in texts(&service["ports"]) {
            let parts: Vec<&str> = port.split(':').collect();
            assert_eq!((parts.len(), parts[0]), (3, "127.0.0.1"), "{name}: {port}");
            assert!(taken.insert(parts[1].to_owned()), "{name}: {port} is taken");
        }
    }
    let listen = fs::read_to_string(workspace().join("tests/compose/weir.toml")).expect("weir.toml");
    assert!(taken.contains("5439") && listen.contains("listen = \"0.0.0.0:5439\""));
    assert!(taken.contains("8439") && listen.contains("http = \"0.0.0.0:8439\""));
}

#[test]
fn its_files_and_volumes_are_there() {
    let compose = compose();
    let declared: BTreeSet<&String> = compose["volumes"].as_object().expect("volumes").keys().collect();
    let dockerfile = fs::read_to_string(workspace().join("Dockerfile")).expect("a Dockerfile");
    for (name, service) in services(&compose) {
        for volume in texts(&service["volumes"]) {
            let from = volume.split(':').next().expect("a source");
            let there = match from.strip_prefix("./") {
                Some(path) => workspace().join(path).exists(),
                None => declared.contains(&from.to_owned()),
            };
            assert!(there, "{name}: {volume}");
        }
        if let Some(target) = service["build"]["target"].as_str() {
            assert!(dockerfile.contains(&format!(" AS {target}\n")), "{name}: no stage {target}");
        }
    }
}

#[test]
fn what_the_dockerfile_copies_is_there() {
    let dockerfile = fs::read_to_string(workspace().join("Dockerfile")).expect("a Dockerfile");
    let copies: Vec<&str> = dockerfile.lines().filter_map(|line| line.strip_prefix("COPY ")).collect();
    assert!(copies.len() > 5);
    for copy in copies.into_iter().filter(|copy| !copy.starts_with("--from=")) {
        let mut paths: Vec<&str> = copy.split_whitespace().collect();
        paths.pop();
        assert!(paths.iter().all(|path| workspace().join(path).exists()), "COPY {copy}");
    }
    // Every crate of the workspace, or cargo refuses to read it.
    let manifest = fs::read_to_string(workspace().join("Cargo.toml")).expect("Cargo.toml");
    let members = manifest.lines().find_map(|line| line.strip_prefix("members = ")).expect("members");
    for member in members.trim_matches(['[', ']']).split(", ").map(|member| member.trim_matches('"')) {
        assert!(dockerfile.contains(&format!("COPY {member} {member}\n")), "the build lacks {member}");
    }
    assert!(dockerfile.contains("USER weir\n"), "the server does not run as root");
}

/// The configuration is one that this very version reads: only what is out of reach from here may be missing.
#[test]
fn weir_reads_its_configuration() {
    let output = Command::new(weir_tests::weir::binary())
        .args(["check", "--config"])
        .arg(workspace().join("tests/compose/weir.toml"))
        .envs(["HASH_KEY", "S3_ACCESS_KEY", "S3_SECRET_KEY", "SHOP_PASSWORD"].map(|name| (name, "sample")))
        .output()
        .expect("weir can be run");
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    assert!(!text.contains("weir.toml:"), "{text}");
}
