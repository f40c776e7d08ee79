//! psql, the real one, as the tests' first client.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// What shows a NULL in psql's output, so that it isn't taken for an empty string.
pub const NULL: &str = "∅";

/// Where psql connects to, and as whom.
#[derive(Debug, Clone)]
pub struct Psql {
    port: u16,
    user: String,
    password: String,
    database: String,
    options: String,
    variables: Vec<(String, String)>,
}

/// How psql ended, if not well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The SQLSTATE of the first error that the server sent, if it sent one.
    pub sqlstate: Option<String>,
    /// The first error's message.
    pub message: String,
    /// All of psql's standard error.
    pub stderr: String,
}

impl Psql {
    /// Connects to a server on this machine, as `user` who gives `password`.
    pub fn new(port: u16, user: &str, password: &str, database: &str) -> Self {
        let (user, password, database) = (user.to_owned(), password.to_owned(), database.to_owned());
        Self { port, user, password, database, options: String::new(), variables: Vec::new() }
    }

    /// The same with options as in `PGOPTIONS`, such as `-c statement_timeout=100ms`.
    pub fn options(&self, options: &str) -> Self {
        Self { options: options.to_owned(), ..self.clone() }
    }

    /// The same with a variable of libpq's, such as `PGSSLMODE`.
    pub fn variable(&self, name: &str, value: &str) -> Self {
        let mut psql = self.clone();
        psql.variables.push((name.to_owned(), value.to_owned()));
        psql
    }

    /// The result of a statement as CSV with a line of column names.
    pub fn csv(&self, sql: &str) -> Result<String, Failure> {
        self.run(&["--csv", "-c", sql])
    }

    /// The rows of a statement, fields parted by `|`, without column names; the last line break is cut off.
    pub fn rows(&self, sql: &str) -> Result<String, Failure> {
        self.run(&["-A", "-t", "-c", sql]).map(|text| text.trim_end_matches('\n').to_owned())
    }

    /// The rows of a statement that must succeed.
    pub fn expect(&self, sql: &str) -> String {
        self.rows(sql).unwrap_or_else(|e| panic!("{sql}\n{}", e.stderr))
    }

    /// The error of a statement that must fail.
    pub fn fails(&self, sql: &str) -> Failure {
        match self.rows(sql) {
            Err(failure) => failure,
            Ok(rows) => panic!("{sql}\nsucceeded with\n{rows}"),
        }
    }

    /// psql with these arguments.
    pub fn run(&self, arguments: &[&str]) -> Result<String, Failure> {
        let output = self.command().args(arguments).output().expect("psql can be run");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("psql writes UTF-8");
        let (stdout, stderr) = (text(output.stdout), text(output.stderr));
        if output.status.success() { Ok(stdout) } else { Err(failure(stderr)) }
    }

    /// psql, told where to go, with nothing taken from this process's own environment.
    pub fn command(&self) -> Command {
        let mut command = Command::new(binary("psql"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
            command.env_remove(name);
        }
        command
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose", "-P", &format!("null={NULL}")])
            .args(["-P", "pager=off", "-h", "127.0.0.1", "-p", &self.port.to_string()])
            .args(["-U", &self.user, "-d", &self.database])
            .env("PGPASSWORD", &self.password)
            .env("PGTZ", "UTC")
            .env("PGCLIENTENCODING", "UTF8")
            .env("PGCONNECT_TIMEOUT", "20")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        if !self.options.is_empty() {
            command.env("PGOPTIONS", &self.options);
        }
        command
    }
}

/// A program of PostgreSQL: of the newest version that the distribution has, else from PATH. Debian's own `psql` on PATH
/// is a wrapper that looks for clusters first.
pub fn binary(name: &str) -> PathBuf {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
        let numbered = versions.filter_map(|entry| {
            let path = entry.ok()?.path();
            Some((path.file_name()?.to_str()?.parse::<u32>().ok()?, path.join("bin")))
        });
        numbered.max().map(|(_, bin)| bin)
    });
    folder.as_ref().map(|bin| bin.join(name)).filter(|path| path.exists()).unwrap_or_else(|| PathBuf::from(name))
}

/// Takes psql's verbose report apart: `psql:...: ERROR:  42P01: relation "x" does not exist`.
fn failure(stderr: String) -> Failure {
    let report =
        stderr.lines().find_map(|line| ["ERROR:  ", "FATAL:  "].iter().find_map(|s| Some(line.split_once(s)?.1)));
    let (sqlstate, message) = match report.and_then(|report| report.split_once(": ")) {
        Some((code, message)) if code.len() == 5 => (Some(code.to_owned()), message.to_owned()),
        _ => (None, report.unwrap_or(stderr.trim()).to_owned()),
    };
    Failure { sqlstate, message, stderr }
}
