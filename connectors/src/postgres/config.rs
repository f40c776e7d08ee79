//! The configuration of a PostgreSQL source, and what the driver makes of it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use tokio_postgres::config::{Host, SslMode};

use crate::{ConnectorError, Secret};

/// The keys of a source with `kind = "postgres"`: PostgreSQL 12 or later, Aurora PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostgresConfig {
    /// `postgres://user@host:port/database`. Neither a password nor `sslmode` may stand in it: see `password`, `tls`.
    pub url: String,
    /// `env:NAME` or `file:PATH`, read anew for each connection, so that it can be rotated.
    pub password: Option<Secret>,
    /// SQL schema = remote schema. Default: `public` under the source's name.
    #[serde(default)]
    pub schemas: BTreeMap<String, String>,
    /// How many statements read the source at the same time, and how many idle connections are kept; further
    /// statements wait for their turn. Scans that run at once within one statement never wait for each other: the
    /// second and later ones open a further connection. But 1 is meant to the letter, for servers that take no second
    /// connection: each scan is then read whole into memory before the statement's next one. Default 4.
    #[serde(default = "default_connections")]
    pub connections: usize,
    /// `disable`, `prefer`, `require` or `verify-full`. Default `prefer`, as libpq has it.
    #[serde(default)]
    pub tls: TlsMode,
    /// PEM file of the authorities that `verify-full` trusts. Default: those of the platform.
    pub ca_cert: Option<PathBuf>,
    /// Seconds until an attempt to connect and log in counts as failed. Default 5.
    #[serde(default = "default_connect_timeout")]
    pub connect_timeout: u64,
}

/// Whether connections are encrypted and whose certificate counts, in libpq's words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TlsMode {
    /// No encryption.
    Disable,
    /// Encrypted if the server can; its certificate isn't checked.
    #[default]
    Prefer,
    /// Encrypted or not at all; the certificate isn't checked.
    Require,
    /// Encrypted, with a certificate from a trusted authority for the host's name. The choice outside a private
    /// network.
    VerifyFull,
}

fn default_connections() -> usize {
    4
}

fn default_connect_timeout() -> u64 {
    5
}

impl PostgresConfig {
    /// The configuration with every default, for `url`.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            password: None,
            schemas: BTreeMap::new(),
            connections: default_connections(),
            tls: TlsMode::default(),
            ca_cert: None,
            connect_timeout: default_connect_timeout(),
        }
    }

    /// The driver's configuration, without the password.
    pub(super) fn driver(&self, source: &str) -> Result<tokio_postgres::Config, ConnectorError> {
        let wrong = |reason: &str| ConnectorError::Config { source_name: source.to_owned(), reason: reason.to_owned() };
        if !self.url.starts_with("postgres://") && !self.url.starts_with("postgresql://") {
            return Err(wrong("url: expected postgres://user@host:port/database"));
        }
        // The driver's own words may repeat parts of the URL, and with them a password.
        let mut driver: tokio_postgres::Config =
            self.url.parse().map_err(|_| wrong("url: not of the form postgres://user@host:port/database"))?;
        self.check(&driver).map_err(wrong)?;
        driver
            .ssl_mode(match self.tls {
                TlsMode::Disable => SslMode::Disable,
                TlsMode::Prefer => SslMode::Prefer,
                TlsMode::Require | TlsMode::VerifyFull => SslMode::Require,
            })
            .connect_timeout(Duration::from_secs(self.connect_timeout))
            .keepalives_idle(Duration::from_secs(30))
            .application_name("weir");
        Ok(driver)
    }

    fn check(&self, driver: &tokio_postgres::Config) -> Result<(), &'static str> {
        let query = self.url.split_once('?').map_or("", |(_, query)| query);
        if driver.get_password().is_some() {
            return Err("url: a password must not stand in it; set password = \"env:NAME\" or \"file:PATH\"");
        }
        if query.split('&').any(|pair| pair.starts_with("sslmode=")) {
            return Err("url: set tls instead of sslmode");
        }
        if driver.get_hosts().is_empty() && driver.get_hostaddrs().is_empty() {
            return Err("url: names no host");
        }
        if driver.get_user().is_none() {
            return Err("url: names no user");
        }
        if self.connections == 0 {
            return Err("connections: expected at least 1");
        }
        if self.connect_timeout == 0 {
            return Err("connect_timeout: expected at least 1 second");
        }
        if self.ca_cert.is_some() && self.tls != TlsMode::VerifyFull {
            return Err("ca_cert: only used with tls = \"verify-full\"");
        }
        Ok(())
    }
}

/// `host:port/database` of a configuration, for error messages.
pub(super) fn target(driver: &tokio_postgres::Config) -> String {
    let port = driver.get_ports().first().copied().unwrap_or(5432);
    let host = match driver.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        #[cfg(unix)]
        Some(Host::Unix(path)) => path.display().to_string(),
        None => driver.get_hostaddrs().first().map(ToString::to_string).unwrap_or_default(),
    };
    let database = driver.get_dbname().or(driver.get_user()).unwrap_or_default();
    format!("{host}:{port}/{database}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(config: PostgresConfig) -> String {
        config.driver("shop").unwrap_err().to_string()
    }

    #[test]
    fn a_password_in_the_url_is_refused_and_not_repeated() {
        let text = refused(PostgresConfig::new("postgres://ana:hunter2@localhost/db"));
        assert!(text.contains("password") && !text.contains("hunter2"), "{text}");
        let text = refused(PostgresConfig::new("postgres://ana:hunter2@localhost:port/db"));
        assert!(!text.contains("hunter2"), "{text}");
    }

    #[test]
    fn mistakes_name_their_key() {
        assert!(refused(PostgresConfig::new("mysql://a@b/c")).contains("url"));
        assert!(refused(PostgresConfig::new("postgres://a@b/c?sslmode=require")).contains("tls"));
        let none = PostgresConfig { connections: 0, ..PostgresConfig::new("postgres://a@b/c") };
        assert!(refused(none).contains("connections"));
        let unused = PostgresConfig { ca_cert: Some("x.pem".into()), ..PostgresConfig::new("postgres://a@b/c") };
        assert!(refused(unused).contains("ca_cert"));
    }

    #[test]
    fn unknown_keys_are_refused() {
        let parsed: Result<PostgresConfig, _> = serde_json::from_str(r#"{"url": "postgres://a@b/c", "schema": "x"}"#);
        assert!(parsed.unwrap_err().to_string().contains("schema"));
        let parsed: PostgresConfig =
            serde_json::from_str(r#"{"url": "postgres://a@b/c", "tls": "verify-full"}"#).unwrap();
        assert_eq!(parsed.tls, TlsMode::VerifyFull);
    }
}
