//! New York's flights of 2013 as a mesh of three sources, and the same in one plain PostgreSQL: the oracle.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::postgres::Postgres;
use crate::run::{self, data_file};
use crate::weir::Setup;
use crate::{cache, python};

/// The folder with `lake/`, `history/` and `csv/`, made once on a machine.
pub fn data() -> PathBuf {
    let source = fs::read_to_string(data_file("flights.py")).expect("tests/data/flights.py");
    let versions = fs::read_to_string(data_file("requirements.txt")).expect("tests/data/requirements.txt");
    cache::once("flights", &cache::key(&[&source, &versions]), |folder| {
        python::script("flights.py", &[folder.to_str().expect("a path in UTF-8")]);
    })
}

/// Loads a fresh PostgreSQL: database `shop`, the source of Weir, and databases `oracle_ana`, `oracle_bob` and
/// `oracle_eva`, which hold everything as each of them may see it.
pub fn load(postgres: &Postgres) {
    let folder = data();
    let admin = postgres.psql("postgres");
    let run_file = |database: &str, file: &str| {
        let script = data_file(file);
        run::stdout(postgres.psql(database).command().current_dir(&folder).arg("-f").arg(script));
    };
    admin.expect("CREATE DATABASE shop");
    run_file("shop", "shop.sql");
    admin.expect("CREATE DATABASE oracle_eva");
    run_file("oracle_eva", "oracle.sql");
    for name in ["ana", "bob"] {
        admin.expect(&format!("CREATE DATABASE oracle_{name} TEMPLATE oracle_eva"));
        run_file(&format!("oracle_{name}"), &format!("oracle_{name}.sql"));
    }
}

/// The mesh over the loaded data, with its three principals: Ana, an analyst who sees her airport and masked values; Bob,
/// a clerk with a few columns; Eva, who sees all.
pub fn setup(shop_url: &str) -> Setup {
    let folder = data();
    let part = |name: &str| folder.join(name).display().to_string();
    let mut setup = Setup::new()
        .source("lake", &format!("kind = \"delta\"\nroot = \"{}\"", part("lake")))
        .source("history", &format!("kind = \"avro\"\nroot = \"{}\"", part("history")))
        .source("shop", &format!("kind = \"postgres\"\nurl = \"{shop_url}\"\nschemas = {{ shop = \"public\" }}"))
        .user("ana", "airport = \"JFK\"", &["analyst"])
        .user("bob", "", &["clerk"])
        .user("eva", "", &["chief"]);
    for file in ["policy.csv", "rows.toml", "masks.toml"] {
        setup = setup.policy(file, &policy(file));
    }
    setup
}

/// One query of tests/data/flights.sql.
#[derive(Debug)]
pub struct Query {
    pub name: String,
    pub principals: Vec<String>,
    /// Whether the rows have no order of their own and are sorted before they are compared.
    pub sorted: bool,
    pub sql: String,
}

/// All queries of the data file.
pub fn queries() -> Vec<Query> {
    let text = fs::read_to_string(data_file("flights.sql")).expect("tests/data/flights.sql");
    text.split("\n-- name: ").skip(1).map(query).collect()
}

fn query(block: &str) -> Query {
    let (name, rest) = block.split_once('\n').expect("a query below its name");
    let note = |start: &str| rest.lines().find_map(|line| line.strip_prefix(start));
    let sql: Vec<&str> = rest.lines().filter(|line| !line.starts_with("--")).collect();
    Query {
        name: name.to_owned(),
        principals: note("-- as: ").expect("principals").split_whitespace().map(str::to_owned).collect(),
        sorted: note("-- sorted").is_some(),
        sql: sql.join("\n").trim().to_owned(),
    }
}

/// A policy file of the mesh: tests/data/flights/FILE.
fn policy(file: &str) -> String {
    let path = data_file("flights").join(file);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A copy of a folder's tree, for tests that damage it.
pub fn copy_tree(from: &Path, to: &Path) {
    run::stdout(Command::new("cp").arg("-r").arg(from).arg(to));
}
