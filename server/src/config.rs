//! `weir.toml`: read once, typed, passed on explicitly. Every mistake names file, line, and what was expected.

mod listen;
mod reader;
mod units;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use weir_connectors::delta::{DeltaConfig, DeltaSource};
use weir_connectors::files::{AvroConfig, AvroSource};
use weir_connectors::postgres::{PostgresConfig, PostgresSource};
use weir_connectors::{Connector, ConnectorError, Secret};

use crate::engine::PolicySource;
use crate::git::follow::Followed;
pub use listen::Listen;
use reader::parse;
use units::{bytes, duration};

/// All that `weir.toml` says, with defaults where it says nothing.
#[derive(Debug)]
pub struct Config {
    pub server: Server,
    pub tls: Option<TlsFiles>,
    pub policies: Policies,
    pub audit: Audit,
    pub limits: Limits,
    pub sources: BTreeMap<String, SourceConfig>,
    places: Places,
}

/// Where that stands which can only be found wrong when it is used.
#[derive(Debug)]
struct Places {
    file: PathBuf,
    listen: Option<usize>,
    http: Option<usize>,
    hash_key: Option<usize>,
    sources: BTreeMap<String, usize>,
}

/// `[server]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Address for PostgreSQL clients.
    pub listen: SocketAddr,
    /// Address of `/metrics` and `/healthz`; nothing is served there if not given.
    pub http: Option<SocketAddr>,
    /// Name of the database that clients connect to.
    pub database: String,
    /// How often sources are asked for new and changed tables.
    #[serde(deserialize_with = "duration")]
    pub catalog_refresh: Duration,
}

/// `[tls]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
    /// Certificate chain, PEM.
    pub cert: PathBuf,
    /// Private key, PEM.
    pub key: PathBuf,
}

/// `[policies]`
#[derive(Debug, Deserialize)]
#[serde(try_from = "PolicyKeys")]
pub struct Policies {
    /// Where the policy files are.
    pub source: PolicySource,
    /// How often changed files are looked for.
    pub refresh: Duration,
    /// Secret that keys the `hash` mask.
    pub hash_key: Option<Secret>,
}

/// The keys of `[policies]`, some of which belong together.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyKeys {
    /// Folder of the policy files; with `git` the folder within the repository.
    path: Option<PathBuf>,
    /// The repository, as `git fetch` takes it.
    git: Option<String>,
    branch: Option<String>,
    /// Where the clone of the repository is kept.
    clone: Option<PathBuf>,
    /// Keys of which one must have signed each commit.
    signers: Option<PathBuf>,
    #[serde(default = "ten_seconds", deserialize_with = "duration")]
    refresh: Duration,
    hash_key: Option<Secret>,
}

impl TryFrom<PolicyKeys> for Policies {
    type Error = String;

    fn try_from(keys: PolicyKeys) -> Result<Self, String> {
        let source = match (keys.git, keys.path) {
            (Some(url), path) => PolicySource::Repository(Followed {
                url,
                branch: keys.branch.unwrap_or_else(|| "main".to_owned()),
                clone: keys.clone.unwrap_or_else(|| "policies.git".into()),
                folder: path.unwrap_or_default(),
                signers: keys.signers,
            }),
            (None, Some(path)) => {
                let of_git = [("branch", keys.branch.is_some()), ("clone", keys.clone.is_some())];
                let of_git = of_git.into_iter().chain([("signers", keys.signers.is_some())]);
                if let Some((key, _)) = of_git.into_iter().find(|(_, given)| *given) {
                    return Err(format!("`{key}` belongs to git = \"...\""));
                }
                PolicySource::Folder(path)
            }
            (None, None) => return Err("[policies] expects path = \"...\" or git = \"...\"".to_owned()),
        };
        Ok(Self { source, refresh: keys.refresh, hash_key: keys.hash_key })
    }
}

/// `[audit]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Audit {
    /// File that gets one JSON line per statement.
    pub path: PathBuf,
}

/// `[limits]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Sessions at the same time.
    pub connections: NonZeroUsize,
    /// Bytes that all statements together may hold before they spill.
    #[serde(deserialize_with = "bytes")]
    pub memory: u64,
    /// Bytes that all statements together may spill.
    #[serde(deserialize_with = "bytes")]
    pub spill: u64,
    /// Where to spill; the system's temporary folder if not given.
    pub spill_folder: Option<PathBuf>,
    /// `statement_timeout` of sessions that set none; 0 for none.
    #[serde(deserialize_with = "duration")]
    pub statement_timeout: Duration,
    /// How long a begun result waits for its next fetch: it holds memory and connections to sources. 0: for ever.
    #[serde(deserialize_with = "duration")]
    pub idle_cursor_timeout: Duration,
    /// How long running statements may go on at shutdown.
    #[serde(deserialize_with = "duration")]
    pub shutdown_grace: Duration,
    /// Partitions that a statement is spread over; the number of processors if not given.
    pub parallelism: Option<NonZeroUsize>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 5439)),
            http: None,
            database: "mesh".to_owned(),
            catalog_refresh: Duration::from_secs(30),
        }
    }
}

impl Default for Audit {
    fn default() -> Self {
        Self { path: "audit.jsonl".into() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: NonZeroUsize::MIN.saturating_add(999),
            memory: 2 << 30,
            spill: 64 << 30,
            spill_folder: None,
            statement_timeout: Duration::ZERO,
            idle_cursor_timeout: Duration::from_secs(15 * 60),
            shutdown_grace: Duration::from_secs(30),
            parallelism: None,
        }
    }
}

/// `[sources.NAME]`, by its kind.
#[derive(Debug, Clone)]
pub enum SourceConfig {
    Delta(DeltaConfig),
    Postgres(PostgresConfig),
    Avro(AvroConfig),
}

/// Kinds that `kind` may name.
const KINDS: &str = "\"delta\", \"postgres\" or \"avro\"";

impl SourceConfig {
    /// The connector, which asks nothing of its source yet.
    pub fn connector(self, name: &str) -> Result<Arc<dyn Connector>, ConnectorError> {
        let name: Arc<str> = name.into();
        Ok(match self {
            Self::Delta(config) => Arc::new(DeltaSource::new(name, config)?),
            Self::Postgres(config) => Arc::new(PostgresSource::new(name, config)?),
            Self::Avro(config) => Arc::new(AvroSource::new(name, config)?),
        })
    }
}

/// A mistake in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    pub file: PathBuf,
    /// Counted from 1; `None` if the file can't be read at all.
    pub line: Option<usize>,
    pub message: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file.display(), self.message),
            None => write!(f, "{}: {}", self.file.display(), self.message),
        }
    }
}

impl std::error::Error for ConfigError {}

/// Reads a config file. Relative paths in it are meant from its own folder.
pub fn read(file: &Path) -> Result<Config, ConfigError> {
    let text = std::fs::read_to_string(file).map_err(|error| ConfigError {
        file: file.to_owned(),
        line: None,
        message: error.to_string(),
    })?;
    let mut config = parse(file, &text)?;
    let folder = file.parent().unwrap_or(Path::new("."));
    config.resolve(folder);
    Ok(config)
}

impl Config {
    /// The connectors of all sources, which ask nothing of them yet.
    pub fn connectors(&self) -> Result<Vec<Arc<dyn Connector>>, ConfigError> {
        let connector = |(name, source): (&String, &SourceConfig)| {
            source.clone().connector(name).map_err(|error| ConfigError {
                file: self.places.file.clone(),
                line: self.places.sources.get(name).copied(),
                message: error.to_string(),
            })
        };
        self.sources.iter().map(connector).collect()
    }

    /// Where PostgreSQL clients connect to.
    pub fn listen(&self) -> Listen {
        self.address("listen", self.server.listen, self.places.listen)
    }

    /// Where metrics are read.
    pub fn http(&self) -> Option<Listen> {
        self.server.http.map(|address| self.address("http", address, self.places.http))
    }

    fn address(&self, key: &'static str, address: SocketAddr, line: Option<usize>) -> Listen {
        Listen { address, key, file: self.places.file.clone(), line }
    }

    /// The secret that keys the `hash` mask.
    pub fn hash_key(&self) -> Result<Option<String>, ConfigError> {
        let read = self.policies.hash_key.as_ref().map(Secret::read).transpose();
        read.map_err(|reason| ConfigError {
            file: self.places.file.clone(),
            line: self.places.hash_key,
            message: format!("hash_key: {reason}"),
        })
    }

    fn resolve(&mut self, folder: &Path) {
        let policies: Vec<&mut PathBuf> = match &mut self.policies.source {
            PolicySource::Folder(folder) => vec![folder],
            PolicySource::Repository(git) => std::iter::once(&mut git.clone).chain(&mut git.signers).collect(),
        };
        let tls = self.tls.iter_mut().flat_map(|tls| [&mut tls.cert, &mut tls.key]);
        let other = [&mut self.audit.path].into_iter().chain(&mut self.limits.spill_folder);
        for path in policies.into_iter().chain(tls).chain(other) {
            *path = folder.join(&*path);
        }
        for source in self.sources.values_mut() {
            source.resolve(folder);
        }
    }
}

impl SourceConfig {
    fn resolve(&mut self, folder: &Path) {
        match self {
            Self::Delta(config) => {
                config.root.iter_mut().chain(config.tables.values_mut()).for_each(|p| from(folder, p))
            }
            Self::Avro(config) => from(folder, &mut config.root),
            Self::Postgres(config) => {
                if let Some(path) = &mut config.ca_cert {
                    *path = folder.join(&*path);
                }
            }
        }
    }
}

/// A relative path is meant from the folder of the config; a URL stays what it is.
fn from(folder: &Path, place: &mut String) {
    if !place.contains("://") {
        let path = folder.join(&*place);
        // Object stores take no `..`; a path that isn't there stays as it is, and is complained about by its source.
        let climbs = path.components().any(|part| part == Component::ParentDir);
        let path = if climbs { path.canonicalize().unwrap_or(path) } else { path };
        *place = path.to_string_lossy().into_owned();
    }
}

fn ten_seconds() -> Duration {
    Duration::from_secs(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse(Path::new("weir.toml"), text).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn a_full_file_is_read() {
        let text = "[server]\nlisten = \"127.0.0.1:1\"\ndatabase = \"m\"\n[policies]\npath = \"p\"\nrefresh = \"250ms\"\n\
                    [limits]\nmemory = \"1GB\"\n[sources.lake]\nkind = \"delta\"\nroot = \"/lake\"\n";
        let config = parse(Path::new("weir.toml"), text).unwrap();
        assert_eq!(config.server.database, "m");
        assert_eq!(config.policies.refresh, Duration::from_millis(250));
        assert_eq!(config.limits.memory, 1 << 30);
        assert!(matches!(config.sources["lake"], SourceConfig::Delta(_)));
    }

    /// What only the connector finds wrong has its place all the same.
    #[test]
    fn a_source_that_cannot_be_made_names_its_line() {
        let text = "[policies]\npath = \"p\"\nhash_key = \"env:WEIR_NO_SUCH_KEY\"\n\n\
                    [sources.shop]\nkind = \"postgres\"\nurl = \"postgres://a@b/c\"\nconnections = 0\n";
        let config = parse(Path::new("weir.toml"), text).unwrap();
        let source = config.connectors().map(|_| ()).unwrap_err().to_string();
        assert!(source.starts_with("weir.toml:5: source \"shop\": "), "{source}");
        let key = config.hash_key().unwrap_err().to_string();
        assert!(key.starts_with("weir.toml:3: hash_key: ") && key.contains("WEIR_NO_SUCH_KEY"), "{key}");
    }

    /// So has an address that turns out to be taken.
    #[test]
    fn an_address_that_cannot_be_had_names_its_line() {
        let text = "[policies]\npath = \"p\"\n[server]\nhttp = \"127.0.0.1:8439\"\n";
        let config = parse(Path::new("weir.toml"), text).unwrap();
        let taken = std::io::Error::from(std::io::ErrorKind::AddrInUse);
        let http = config.http().map(|http| http.error(&taken).to_string()).unwrap_or_default();
        assert!(http.starts_with("weir.toml:4: http: can't listen on 127.0.0.1:8439: "), "{http}");
        let listen = config.listen().error(&taken).to_string();
        assert!(listen.starts_with("weir.toml: listen: can't listen on 127.0.0.1:5439: "), "{listen}");
        assert!(parse(Path::new("weir.toml"), "[policies]\npath = \"p\"\n").unwrap().http().is_none());
    }

    #[test]
    fn a_mistake_names_its_line_and_what_was_expected() {
        let key = error("[policies]\npath = \"p\"\n[server]\nlisen = \"127.0.0.1:1\"\n");
        assert!(key.starts_with("weir.toml:4: unknown field `lisen`, expected one of `listen`"), "{key}");
        let source = error("[policies]\npath = \"p\"\n[sources.lake]\nkind = \"delta\"\n\nroots = \"x\"\n");
        assert!(source.starts_with("weir.toml:6: unknown field `roots`"), "{source}");
        let kind = error("[policies]\npath = \"p\"\n[sources.lake]\nkind = \"delt\"\n");
        assert!(kind.starts_with("weir.toml:4: unknown kind, expected \"delta\""), "{kind}");
        let unit = error("[policies]\npath = \"p\"\nrefresh = \"10\"\n");
        assert!(unit.starts_with("weir.toml:3: expected a time"), "{unit}");
        let lacks = error("[server]\n[policies]\nrefresh = \"1s\"\n");
        assert!(lacks.starts_with("weir.toml:2: [policies] expects path"), "{lacks}");
        let folder = error("[policies]\npath = \"p\"\nsigners = \"keys\"\n");
        assert!(folder.starts_with("weir.toml:1: `signers` belongs to git"), "{folder}");
        let none = error("[policies]\npath = \"p\"\n[limits]\nconnections = 0\n");
        assert!(none.starts_with("weir.toml:4: invalid value: integer `0`, expected a nonzero"), "{none}");
        assert!(error("[server]\n").contains("[policies]"));
        assert!(error("[policies]\npath = \"p\"\n[polices]\n").starts_with("weir.toml:3: unknown section `polices`"));
        assert!(error("[policies\n").starts_with("weir.toml:1:"));
    }
}
