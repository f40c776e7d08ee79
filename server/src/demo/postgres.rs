//! A private PostgreSQL: found on this machine, run on a free loopback port, and never outliving this process.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::{Child, ChildStdin, Command};
use tokio_postgres::{Client, NoTls};

use super::error::{DemoError, at};
use super::unprivileged::Account;

const START_LIMIT: Duration = Duration::from_secs(30);
const STOP_LIMIT: Duration = Duration::from_secs(10);
const USER: &str = "weir";

/// Runs its arguments, a server, and interrupts it once the standard input ends, which happens when the process that
/// holds the other end goes away, in whatever way.
const KEEPER: &str = "exec 3<&0; \"$@\" 3<&- </dev/null & server=$!; \
    { cat <&3 >/dev/null; kill -INT $server 2>/dev/null; } & exec 3<&-; wait $server";

/// A running server. It stops when this is dropped.
#[derive(Debug)]
pub struct PrivatePostgres {
    child: Child,
    /// Held open as long as the server shall run.
    stay: Option<ChildStdin>,
    port: u16,
    password: String,
    password_file: PathBuf,
}

impl PrivatePostgres {
    /// Starts the server of the mesh in `folder`; makes its data folder if there is none.
    pub async fn start(folder: &Path) -> Result<Self, DemoError> {
        let programs = find_programs().ok_or(DemoError::NoPostgres)?;
        let account = Account::needed()?;
        let place = match &account {
            Some(account) => account.reachable(folder)?,
            None => folder.to_owned(),
        };
        let (data, password_file) = (place.join("postgres"), folder.join("postgres.password"));
        let password = kept_password(&password_file)?;
        if !data.join("PG_VERSION").exists() {
            make_data(&programs, account, &place, &data, &password).await?;
        }
        let log = folder.join("postgres.log");
        let deadline = Instant::now() + START_LIMIT;
        loop {
            let port = free_port()?;
            let (child, stay) = spawn(&programs, account, &data, port, &log)?;
            let mut server = Self {
                child,
                stay: Some(stay),
                port,
                password: password.clone(),
                password_file: password_file.clone(),
            };
            if server.accepts(deadline).await? {
                return Ok(server);
            }
            // A server of an earlier run may still be on its way out, or somebody took the port.
            if Instant::now() > deadline {
                return Err(DemoError::NotStarted(last_lines(&log)));
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// A connection to its database.
    pub async fn connect(&self) -> Result<Client, DemoError> {
        let (client, connection) = self.config().connect(NoTls).await?;
        // An error of the connection also shows at the next use of the client.
        tokio::spawn(connection);
        Ok(client)
    }

    /// Where clients find it; the password is in [`Self::password_file`].
    pub fn url(&self) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/postgres", self.port)
    }

    pub fn password_file(&self) -> &Path {
        &self.password_file
    }

    /// Stops the server, and waits until it has ended.
    pub async fn stop(mut self) -> Result<(), DemoError> {
        self.stay = None;
        match tokio::time::timeout(STOP_LIMIT, self.child.wait()).await {
            Ok(ended) => ended.map(|_| ()).map_err(at("postgres")),
            Err(_) => Err(DemoError::Program {
                program: "postgres".to_owned(),
                output: format!("did not end within {} seconds", STOP_LIMIT.as_secs()),
            }),
        }
    }

    fn config(&self) -> tokio_postgres::Config {
        let mut config = tokio_postgres::Config::new();
        config.host("127.0.0.1").port(self.port).user(USER).password(&self.password).dbname("postgres");
        config.connect_timeout(Duration::from_secs(2));
        config
    }

    /// Waits until it takes connections; false if it has ended instead.
    async fn accepts(&mut self, deadline: Instant) -> Result<bool, DemoError> {
        while Instant::now() < deadline {
            if self.child.try_wait().map_err(at("postgres"))?.is_some() {
                return Ok(false);
            }
            if self.connect().await.is_ok() {
                return Ok(true);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(false)
    }
}

/// The folder that holds `initdb` and `postgres`: one of PATH, or where distributions put them; the newest of several.
fn find_programs() -> Option<PathBuf> {
    let complete = |folder: &PathBuf| ["initdb", "postgres"].iter().all(|program| folder.join(program).is_file());
    let path = std::env::var_os("PATH").unwrap_or_default();
    if let Some(found) = std::env::split_paths(&path).find(complete) {
        return Some(found);
    }
    let usual = [
        ("/usr/lib/postgresql", "", "bin"),
        ("/usr/lib64", "pgsql", "bin"),
        ("/usr", "pgsql-", "bin"),
        ("/usr/local", "pgsql", "bin"),
        ("/opt/homebrew/opt", "postgresql", "bin"),
        ("/usr/local/opt", "postgresql", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
        ("/Library/PostgreSQL", "", "bin"),
    ];
    let mut found: Vec<PathBuf> =
        usual.iter().flat_map(|(parent, prefix, bin)| versions(parent, prefix, bin)).collect();
    found.retain(complete);
    found.into_iter().max_by_key(|folder| version(folder))
}

fn versions(parent: &str, prefix: &str, bin: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    let named = entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
    named.map(|entry| entry.path().join(bin)).collect()
}

/// The number in the name of the folder above `bin`.
fn version(folder: &Path) -> u32 {
    let name = folder.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let digits: String = name.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_default()
}

/// The database's password: nobody else on this machine needs to get in.
fn kept_password(file: &Path) -> Result<String, DemoError> {
    if let Ok(password) = fs::read_to_string(file) {
        return Ok(password.trim_end().to_owned());
    }
    let password = format!("{:032x}", rand::random::<u128>());
    let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map_err(at(file))?;
    writeln!(out, "{password}").map_err(at(file))?;
    Ok(password)
}

async fn make_data(
    programs: &Path,
    account: Option<Account>,
    place: &Path,
    data: &Path,
    password: &str,
) -> Result<(), DemoError> {
    // What an interrupted run has left.
    for leftover in [data.to_owned(), place.join("postgres.unfinished")] {
        if leftover.exists() {
            fs::remove_dir_all(&leftover).map_err(at(&leftover))?;
        }
    }
    let unfinished = place.join("postgres.unfinished");
    fs::create_dir(&unfinished).map_err(at(&unfinished))?;
    let handed = place.join("postgres.initial-password");
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&handed).map_err(at(&handed))?;
    writeln!(file, "{password}").map_err(at(&handed))?;
    if let Some(account) = account {
        account.own(&unfinished)?;
        account.own(&handed)?;
    }
    let mut initdb = Command::new(programs.join("initdb"));
    initdb.arg("-D").arg(&unfinished).args([
        "-U",
        USER,
        "-A",
        "scram-sha-256",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ]);
    initdb.arg("--pwfile").arg(&handed).current_dir(place).stdin(Stdio::null()).kill_on_drop(true);
    if let Some(account) = account {
        account.run(&mut initdb);
    }
    let output = initdb.output().await.map_err(at("initdb"));
    fs::remove_file(&handed).map_err(at(&handed))?;
    let output = output?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(DemoError::Program { program: "initdb".to_owned(), output: text });
    }
    fs::rename(&unfinished, data).map_err(at(data))
}

fn spawn(
    programs: &Path,
    account: Option<Account>,
    data: &Path,
    port: u16,
    log: &Path,
) -> Result<(Child, ChildStdin), DemoError> {
    let log = File::create(log).map_err(at(log))?;
    let mut keeper = Command::new("/bin/sh");
    keeper.args(["-c", KEEPER, "weir-demo-postgres"]).arg(programs.join("postgres")).arg("-D").arg(data);
    keeper.args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]);
    keeper.args(["-c", "shared_buffers=16MB", "-c", "max_connections=40", "-c", "synchronous_commit=off"]);
    // Ctrl-C goes to the whole process group of a terminal; the database must outlive the statements that it ends.
    keeper.process_group(0).current_dir(data).stdin(Stdio::piped());
    keeper.stdout(log.try_clone().map_err(at("log"))?).stderr(log);
    if let Some(account) = account {
        account.run(&mut keeper);
    }
    let mut child = keeper.spawn().map_err(at("/bin/sh"))?;
    let stay = child.stdin.take().ok_or_else(|| at("/bin/sh")(std::io::Error::other("no standard input")))?;
    Ok((child, stay))
}

fn free_port() -> Result<u16, DemoError> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(at("127.0.0.1"))?;
    Ok(listener.local_addr().map_err(at("127.0.0.1"))?.port())
}

fn last_lines(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_else(|e| e.to_string());
    let lines: Vec<&str> = text.lines().collect();
    format!("{} says: {}", log.display(), lines[lines.len().saturating_sub(5)..].join("; "))
}
