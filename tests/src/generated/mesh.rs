//! Generated tables, laid out as the sources of a Weir.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::data::{TOPICS, Table};
use super::folder;
use super::rls::{run, superuser};
use super::rules::Rules;
use crate::postgres::Postgres;
use crate::run;
use crate::weir::{Setup, Weir};

/// A lake and topics in a folder, and a shop in a database.
pub struct Mesh {
    pub tables: Vec<Table>,
    folder: TempDir,
    shop_url: String,
}

impl Mesh {
    /// Lays the tables out, with a new database for the shop.
    pub fn laid_out(postgres: &Postgres, database: &str, tables: Vec<Table>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        folder::lay_out(&[(folder.path(), tables.iter().collect())]);
        Self::with_shop(postgres, database, tables, folder)
    }

    /// Lays out two meshes, databases `<name>_a` and `<name>_b`; tables that are the same in both have the same files.
    pub fn twins(postgres: &Postgres, name: &str, tables: [Vec<Table>; 2]) -> [Self; 2] {
        let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
        let [first, second] = folders.each_ref().map(|folder| folder.path());
        let (same, other): (Vec<&Table>, Vec<&Table>) = tables[1].iter().partition(|table| tables[0].contains(table));
        folder::lay_out(&[(first, tables[0].iter().collect()), (second, other)]);
        for table in same.into_iter().filter(|table| table.schema != "shop") {
            let path = |root: &Path| root.join(table.schema).join(&table.name);
            run::stdout(Command::new("cp").arg("-a").arg(path(first)).arg(path(second)));
        }
        let mut names = ["a", "b"].into_iter().map(|twin| format!("{name}_{twin}"));
        let mut folders = folders.into_iter();
        tables.map(|tables| {
            let (name, folder) = (names.next().expect("a name"), folders.next().expect("a folder"));
            Self::with_shop(postgres, &name, tables, folder)
        })
    }

    fn with_shop(postgres: &Postgres, database: &str, tables: Vec<Table>, folder: TempDir) -> Self {
        run(&mut superuser(postgres, "postgres"), &format!("CREATE DATABASE {database} STRATEGY FILE_COPY"));
        let mut shop = superuser(postgres, database);
        for table in tables.iter().filter(|table| table.schema == "shop") {
            run(&mut shop, &folder::create("public", &table.name, &table.all_columns(), &table.all_rows()));
        }
        Self { tables, folder, shop_url: postgres.url(database) }
    }

    /// The folder that holds the lake's and the topics' files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A setup with these tables as its sources, and no rules.
    pub fn setup(&self) -> Setup {
        let folder =
            |kind: &str, part: &str| format!("kind = \"{kind}\"\nroot = \"{}\"", self.folder().join(part).display());
        let shop = format!("kind = \"postgres\"\nurl = \"{}\"\nschemas = {{ shop = \"public\" }}", self.shop_url);
        let setup = Setup::new().source("lake", &folder("delta", "lake")).source(TOPICS, &folder("avro", TOPICS));
        setup.source("shop", &shop)
    }

    /// A server of these tables under the rules.
    pub fn serve(&self, rules: &Rules) -> Weir {
        match rules.files(self.setup()).try_start() {
            Ok(weir) => weir,
            Err((status, log)) => panic!("weir ended with {status}:\n{log}\n{}", rules.text()),
        }
    }
}
