//! The `weir` binary, started with a configuration and policies of its own on a port of its own.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::psql::Psql;
use crate::raw::Raw;
use crate::run;

/// The one database that a server shows.
pub const DATABASE: &str = "mesh";

/// What keys the hash mask.
pub const HASH_KEY: &str = "a key for tests";

/// A start takes longer than its second where many tests share few cores.
const START_LIMIT: Duration = Duration::from_secs(60);
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// What a server is started with. Starts out with no source, no grant and no user.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    sources: String,
    server: String,
    tables: String,
    policies: BTreeMap<String, String>,
    passwords: BTreeMap<String, String>,
    variables: Vec<(String, String)>,
    policies_from: Option<String>,
    has_http: bool,
}

/// A running server; it is killed when dropped.
#[derive(Debug)]
pub struct Weir {
    child: Child,
    port: u16,
    http_port: Option<u16>,
    folder: TempDir,
    passwords: BTreeMap<String, String>,
}

impl Setup {
    pub fn new() -> Self {
        Self { policies: BTreeMap::from([("policy.csv".to_owned(), String::new())]), ..Self::default() }
    }

    /// A source with the keys of its table, such as `kind = "delta"\nroot = "/data"`.
    pub fn source(mut self, name: &str, keys: &str) -> Self {
        self.sources += &format!("[sources.{name}]\n{keys}\n\n");
        self
    }

    /// Keys for the `[server]` table, such as `max_connections = 2`.
    pub fn server(mut self, keys: &str) -> Self {
        self.server += &format!("{keys}\n");
        self
    }

    /// Serves metrics, on a port of its own.
    pub fn http(mut self) -> Self {
        self.has_http = true;
        self
    }

    /// Further tables of the configuration.
    pub fn table(mut self, text: &str) -> Self {
        self.tables += &format!("{text}\n");
        self
    }

    /// Text added to a policy file.
    pub fn policy(mut self, file: &str, text: &str) -> Self {
        *self.policies.entry(file.to_owned()).or_default() += &format!("{text}\n");
        self
    }

    /// A user whose password is the name with `-secret` behind it, with further keys (attributes) of users.toml, and
    /// with roles.
    pub fn user(mut self, name: &str, keys: &str, roles: &[&str]) -> Self {
        let password = format!("{name}-secret");
        let scram = verifier(&password);
        self = self.policy("users.toml", &format!("[{name}]\nscram = \"{scram}\"\n{keys}\n"));
        for role in roles {
            self = self.policy("policy.csv", &format!("g, {name}, role:{role}"));
        }
        self.passwords.insert(name.to_owned(), password);
        self
    }

    /// Keys of `[policies]` that say where the policies are, instead of a folder of the setup's own.
    pub fn policies_from(mut self, keys: &str) -> Self {
        self.policies_from = Some(keys.to_owned());
        self
    }

    /// Writes the policy files into a folder, which it makes.
    pub fn write_policies(&self, folder: &Path) {
        fs::create_dir_all(folder).expect("a policy folder");
        for (name, text) in &self.policies {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder of tests");
            write_whole(&path, text);
        }
    }

    /// An environment variable of the server.
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Starts the server, and waits until it accepts connections.
    pub fn start(self) -> Weir {
        match self.try_start() {
            Ok(weir) => weir,
            Err((status, log)) => panic!("weir ended with {status} instead of serving:\n{log}"),
        }
    }

    /// Starts the server. Gives how it ended and what it wrote, if it ended instead of accepting connections.
    pub fn try_start(self) -> Result<Weir, (ExitStatus, String)> {
        let folder = tempfile::Builder::new().prefix("weir-test-").tempdir().expect("a folder");
        let port = run::free_port();
        let http_port = self.has_http.then(run::free_port);
        self.write(folder.path(), port, http_port);
        let log = File::create(folder.path().join("log")).expect("a log file");
        let child = Command::new(binary())
            .args(["serve", "--config"])
            .arg(folder.path().join("weir.toml"))
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log file"))
            .stderr(log)
            .spawn()
            .unwrap_or_else(|e| panic!("{} can't be run (is it built?): {e}", binary().display()));
        let mut weir = Weir { child, port, http_port, folder, passwords: self.passwords };
        match weir.wait_until_accepting() {
            None => Ok(weir),
            Some(status) => Err((status, weir.log())),
        }
    }

    /// Runs `weir check` on this setup; gives how it ended and all that it wrote.
    pub fn check(self) -> (ExitStatus, String) {
        let folder = tempfile::tempdir().expect("a folder");
        self.write(folder.path(), run::free_port(), None);
        let output = Command::new(binary())
            .args(["check", "--config"])
            .arg(folder.path().join("weir.toml"))
            .envs(self.variables)
            .stdin(Stdio::null())
            .output()
            .expect("weir can be run");
        let text = [output.stdout, output.stderr].concat();
        (output.status, String::from_utf8_lossy(&text).into_owned())
    }

    fn write(&self, folder: &Path, port: u16, http_port: Option<u16>) {
        let policies = folder.join("policies");
        self.write_policies(&policies);
        let policies_from = match &self.policies_from {
            Some(keys) => keys.clone(),
            None => format!("path = \"{}\"", policies.display()),
        };
        let http = http_port.map(|port| format!("http = \"127.0.0.1:{port}\"\n")).unwrap_or_default();
        let config = format!(
            "[server]\nlisten = \"127.0.0.1:{port}\"\ndatabase = \"{DATABASE}\"\n{}{http}\n\
             [policies]\n{policies_from}\nrefresh = \"200ms\"\nhash_key = \"file:{}\"\n\n{}{}",
            self.server,
            folder.join("hash.key").display(),
            self.sources,
            self.tables
        );
        write_whole(&folder.join("hash.key"), HASH_KEY);
        write_whole(&folder.join("weir.toml"), &config);
    }
}

impl Weir {
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The port of a server that was set up with [`Setup::http`].
    pub fn http_port(&self) -> u16 {
        self.http_port.expect("a server that serves metrics")
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The folder that holds `weir.toml`, `policies/` and `log`.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// psql as one of the users.
    pub fn psql(&self, user: &str) -> Psql {
        Psql::new(self.port, user, self.password(user), DATABASE)
    }

    /// A raw connection, logged in as one of the users.
    pub fn raw(&self, user: &str) -> Raw {
        Raw::login(self.port, user, self.password(user), DATABASE)
    }

    pub fn password(&self, user: &str) -> &str {
        self.passwords.get(user).unwrap_or_else(|| panic!("no user {user} was set up"))
    }

    /// Replaces a policy file, as a pull of the policies does: at once, never half written.
    pub fn rewrite_policy(&self, file: &str, text: &str) {
        let folder = self.folder().join("policies");
        // The unfinished file has a name that the server ignores.
        let unfinished = folder.join(".unfinished");
        write_whole(&unfinished, text);
        fs::rename(unfinished, folder.join(file)).expect("a policy file replaced");
    }

    /// A policy file as it stands.
    pub fn policy(&self, file: &str) -> String {
        fs::read_to_string(self.folder().join("policies").join(file)).expect("a policy file")
    }

    /// All that the server has written to standard output and error.
    pub fn log(&self) -> String {
        let bytes = fs::read(self.folder().join("log")).expect("the log");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Resident memory in bytes, now and at most since the start.
    pub fn memory_bytes(&self) -> (u64, u64) {
        memory_bytes(self.pid())
    }

    /// Sends SIGTERM, and asserts that the server ends cleanly: with success, without a panic on the way.
    pub fn stop(mut self) -> String {
        self.end()
    }

    /// The same, and leaves its folder to be read: what it writes while it answers is all there.
    pub fn end(&mut self) -> String {
        self.signal("TERM");
        let status = self.wait(STOP_LIMIT);
        let log = self.log();
        assert!(status.is_some_and(|s| s.success()), "weir ended with {status:?} after SIGTERM:\n{log}");
        assert!(!log.contains("panicked"), "weir panicked:\n{log}");
        log
    }

    pub fn signal(&self, name: &str) {
        // The shell's own: the program `kill` isn't on every machine.
        run::stdout(Command::new("sh").args(["-c", &format!("kill -{name} {}", self.pid())]));
    }

    /// How the server ended, if it does within the limit.
    pub fn wait(&mut self, limit: Duration) -> Option<ExitStatus> {
        let start = Instant::now();
        while start.elapsed() < limit {
            if let Some(status) = self.child.try_wait().expect("a child of this process") {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        None
    }

    fn wait_until_accepting(&mut self) -> Option<ExitStatus> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child of this process") {
                return Some(status);
            }
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return None;
            }
            assert!(start.elapsed() < START_LIMIT, "weir accepts nothing within {START_LIMIT:?}:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Weir {
    fn drop(&mut self) {
        // It may have ended already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<&str> = log.lines().collect();
            eprintln!("--- the last of weir's log\n{}\n---", lines[lines.len().saturating_sub(40)..].join("\n"));
        }
    }
}

/// The binary under test: `WEIR_BIN`, or the one in the target folder that this test lies in.
pub fn binary() -> PathBuf {
    std::env::var_os("WEIR_BIN").map(PathBuf::from).unwrap_or_else(|| {
        let test = std::env::current_exe().expect("the test's own path");
        test.parent().and_then(Path::parent).expect("target/<profile>/deps").join("weir")
    })
}

/// What `weir password` prints for a password given on standard input.
pub fn verifier(password: &str) -> String {
    let mut child = Command::new(binary())
        .arg("password")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("{} can't be run (is it built?): {e}", binary().display()));
    child.stdin.take().expect("a pipe").write_all(format!("{password}\n").as_bytes()).expect("weir reads the password");
    let output = child.wait_with_output().expect("weir ends");
    assert!(output.status.success(), "weir password ended with {}", output.status);
    String::from_utf8(output.stdout).expect("a verifier in UTF-8").trim().to_owned()
}

/// Resident memory of a process in bytes: now, and at most since its start.
pub fn memory_bytes(pid: u32) -> (u64, u64) {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("a running process");
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a field of /proc/pid/status");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number of kB") * 1024
    };
    (field("VmRSS:"), field("VmHWM:"))
}

fn write_whole(path: &Path, text: &str) {
    fs::write(path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}
