//! Connections to one PostgreSQL: opened when needed, kept while idle, bounded by statement.
//!
//! Only a statement's first connection is waited for. If its further ones were, statements that each hold one and wait
//! for another would stop each other for good; so these are opened beyond the bound instead ([`Pool::connection`]).
//! A pool of one opens no second one ([`Pool::is_single`]): a statement's scans then follow each other.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use tokio::task::AbortHandle;
use tokio_postgres::{CancelToken, Client};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::config::{PostgresConfig, TlsMode, target};
use super::{error, tls};
use crate::{ConnectorError, Secret};

/// How long a statement waits for its turn.
const WAIT: Duration = Duration::from_secs(30);
/// How long a cancel request may take.
const CANCEL: Duration = Duration::from_secs(5);

/// Makes values that are cast to text on the source look the same whoever configured it.
const SETUP: &str = "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; \
    SET extra_float_digits = 1; SET bytea_output = 'hex'; SET standard_conforming_strings = on; \
    SET default_transaction_read_only = on";

/// One connection. Dropping it closes it in good order; [`Conn::kill`] ends it at once.
pub struct Conn {
    pub client: Client,
    task: AbortHandle,
    /// A cancel request was sent to it and may still be on its way: it isn't used for another statement.
    pub tainted: bool,
}

impl Conn {
    /// Closes the socket now, whatever the server still has to say.
    pub fn kill(self) {
        self.task.abort();
    }
}

/// The connections of one source.
pub struct Pool {
    pub source: Arc<str>,
    driver: tokio_postgres::Config,
    password: Option<Secret>,
    tls_mode: TlsMode,
    ca_cert: Option<std::path::PathBuf>,
    timeout: Duration,
    connector: OnceCell<MakeRustlsConnect>,
    turns: Arc<Semaphore>,
    capacity: usize,
    idle: Mutex<Vec<Conn>>,
}

impl Pool {
    /// Checks the configuration; reaches nothing.
    pub fn new(source: Arc<str>, config: &PostgresConfig) -> Result<Self, ConnectorError> {
        Ok(Self {
            driver: config.driver(&source)?,
            source,
            password: config.password.clone(),
            tls_mode: config.tls,
            ca_cert: config.ca_cert.clone(),
            timeout: Duration::from_secs(config.connect_timeout),
            connector: OnceCell::new(),
            turns: Arc::new(Semaphore::new(config.connections.min(Semaphore::MAX_PERMITS))),
            capacity: config.connections,
            idle: Mutex::default(),
        })
    }

    /// A statement's turn to read the source; it lasts until the permit is dropped.
    pub async fn turn(&self) -> Result<OwnedSemaphorePermit, ConnectorError> {
        match tokio::time::timeout(WAIT, Arc::clone(&self.turns).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) => Err(self.unreachable("the pool is closed".to_owned())),
            Err(_) => Err(self.unreachable(format!(
                "{} statements are reading it, as many as its connections allow; none ended within {} s",
                self.capacity,
                WAIT.as_secs()
            ))),
        }
    }

    /// The source is never to see a second connection.
    pub fn is_single(&self) -> bool {
        self.capacity == 1
    }

    /// An idle connection, else a new one, beyond the bound if need be. `true`: it was idle, and may have died unnoticed.
    pub async fn connection(&self) -> Result<(Conn, bool), ConnectorError> {
        match self.idle() {
            Some(conn) => Ok((conn, true)),
            None => Ok((self.open().await?, false)),
        }
    }

    /// Takes back a connection that is outside any transaction.
    pub fn give_back(&self, conn: Conn) {
        if conn.tainted || conn.client.is_closed() {
            return conn.kill();
        }
        let mut idle = self.idle.lock();
        if idle.len() < self.capacity {
            idle.push(conn);
        }
    }

    fn idle(&self) -> Option<Conn> {
        let mut idle = self.idle.lock();
        while let Some(conn) = idle.pop() {
            if !conn.client.is_closed() {
                return Some(conn);
            }
        }
        None
    }

    /// Opens and sets up a new connection.
    async fn open(&self) -> Result<Conn, ConnectorError> {
        // The driver's future is of many kilobytes; it must not lie in that of each scan.
        match tokio::time::timeout(self.timeout, Box::pin(self.connect())).await {
            Ok(result) => result,
            Err(_) => Err(self.unreachable(format!(
                "{}: no answer within {} s",
                target(&self.driver),
                self.timeout.as_secs()
            ))),
        }
    }

    /// Asks the server to stop what the token's connection runs. Errors are only logged: the connection is closed in
    /// any case, which stops the statement at its next row.
    pub async fn cancel(&self, token: CancelToken) {
        let Ok(connector) = self.connector().await else { return };
        match tokio::time::timeout(CANCEL, Box::pin(token.cancel_query(connector))).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(source = %self.source, %error, "cancel request failed"),
            Err(_) => tracing::warn!(source = %self.source, "cancel request timed out"),
        }
    }

    async fn connect(&self) -> Result<Conn, ConnectorError> {
        let connector = self.connector().await?;
        let mut driver = self.driver.clone();
        if let Some(password) = self.read_password().await? {
            driver.password(password);
        }
        let unreachable = |e| error::unreachable(&self.source, &target(&self.driver), &e);
        let (client, connection) = driver.connect(connector).await.map_err(unreachable)?;
        let source = Arc::clone(&self.source);
        let task = tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%source, %error, "connection ended");
            }
        });
        let conn = Conn { client, task: task.abort_handle(), tainted: false };
        conn.client.batch_execute(SETUP).await.map_err(unreachable)?;
        Ok(conn)
    }

    async fn connector(&self) -> Result<MakeRustlsConnect, ConnectorError> {
        let made = self.connector.get_or_try_init(|| async {
            let (mode, ca_cert) = (self.tls_mode, self.ca_cert.clone());
            self.blocking(move || tls::connector(mode, ca_cert.as_deref())).await
        });
        made.await.cloned()
    }

    async fn read_password(&self) -> Result<Option<String>, ConnectorError> {
        match self.password.clone() {
            None => Ok(None),
            Some(secret) => self.blocking(move || secret.read().map_err(|e| format!("password: {e}"))).await.map(Some),
        }
    }

    /// Runs what reads files away from the runtime's threads; what it says of them is an error of the configuration.
    async fn blocking<T, F>(&self, work: F) -> Result<T, ConnectorError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, String> + Send + 'static,
    {
        let config = |reason| ConnectorError::Config { source_name: self.source.to_string(), reason };
        match tokio::task::spawn_blocking(work).await {
            Ok(result) => result.map_err(config),
            Err(join) => Err(config(join.to_string())),
        }
    }

    fn unreachable(&self, reason: String) -> ConnectorError {
        ConnectorError::Unreachable { source_name: self.source.to_string(), reason }
    }
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool")
            .field("source", &self.source)
            .field("target", &target(&self.driver))
            .finish_non_exhaustive()
    }
}
