//! Accepts connections, one task each, up to a limit; ends them in good order at shutdown.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::auth::{self, Channel, Mock};
use crate::cancel::{Reason, Registry};
use crate::handlers::{Connection, farewell};
use crate::query::{self, Engine};
use crate::session::Session;
use crate::session::settings::Settings;
use crate::sqlstate::{SqlError, code};
use crate::startup::{self, Opening, Startup};
use crate::tls::{Socket, Tls};
use crate::wire::{Wire, WireError, backend};

/// After a failed accept (too many open files, mostly) it is tried again after this time.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// Statements that were cancelled at shutdown get so long to tell their clients.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// Connections that are no session yet, or only cancel one, beside as many as there may be sessions.
const SPARE_SOCKETS: usize = 64;

/// What the listener is told by the config.
#[derive(Clone)]
pub struct Options {
    /// Sessions at the same time.
    pub max_connections: usize,
    /// From the connection's first byte to the end of the login.
    pub authentication_timeout: Duration,
    /// How long running statements may go on after the shutdown has begun.
    pub shutdown_grace: Duration,
    /// Longest message of a client that is logged in, in bytes.
    pub max_message_bytes: usize,
    pub tls: Option<Tls>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_connections: 100,
            authentication_timeout: Duration::from_secs(60),
            shutdown_grace: Duration::from_secs(30),
            max_message_bytes: 64 * 1024 * 1024,
            tls: None,
        }
    }
}

/// What all connections share.
struct Shared {
    engine: Arc<Engine>,
    options: Options,
    registry: Arc<Registry>,
    sessions: Arc<Semaphore>,
    mock: Mock,
    shutdown: CancellationToken,
}

/// Serves `listener` until `shutdown` is cancelled and the last session has ended. Sessions that idle end at once;
/// running statements get the grace period, and are cancelled then. CancelRequests are heard to the end.
pub async fn serve(listener: TcpListener, engine: Arc<Engine>, options: Options, shutdown: CancellationToken) {
    let shared = Arc::new(Shared {
        engine,
        registry: Arc::new(Registry::default()),
        sessions: Arc::new(Semaphore::new(options.max_connections)),
        options,
        mock: Mock::new(),
        shutdown: shutdown.clone(),
    });
    let mut tasks = JoinSet::new();
    tokio::select! {
        () = shutdown.cancelled() => {}
        () = accept(&listener, &shared, &mut tasks) => {}
    }
    tracing::info!(sessions = shared.registry.len(), "shutting down");
    drain(&listener, &shared, &mut tasks, shared.options.shutdown_grace).await;
    shared.registry.cancel_all(Reason::Shutdown);
    drain(&listener, &shared, &mut tasks, LAST_WORDS).await;
    tasks.shutdown().await;
}

/// Goes on accepting, for CancelRequests, until no session is left or the time is up.
async fn drain(listener: &TcpListener, shared: &Arc<Shared>, tasks: &mut JoinSet<()>, patience: Duration) {
    let deadline = Instant::now() + patience;
    while !tasks.is_empty() && Instant::now() < deadline {
        tokio::select! {
            joined = tasks.join_next() => joined.into_iter().for_each(log_panic),
            accepted = listener.accept() => accepted.into_iter().for_each(|(stream, peer)| spawn(shared, tasks, stream, peer)),
            () = tokio::time::sleep_until(deadline) => {}
        }
    }
}

async fn accept(listener: &TcpListener, shared: &Arc<Shared>, tasks: &mut JoinSet<()>) {
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => spawn(shared, tasks, stream, peer),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    sleep(ACCEPT_PAUSE).await;
                }
            },
            Some(joined) = tasks.join_next() => log_panic(joined),
        }
    }
}

fn spawn(shared: &Arc<Shared>, tasks: &mut JoinSet<()>, stream: TcpStream, peer: SocketAddr) {
    let crowded = tasks.len() >= 2 * shared.options.max_connections + SPARE_SOCKETS;
    let shared = Arc::clone(shared);
    tasks.spawn(async move {
        let served = match crowded {
            true => refuse(stream, too_many(&shared)).await,
            false => connect(&shared, stream, peer).await,
        };
        if let Err(error) = served {
            tracing::debug!(%peer, %error, "connection ended before it was a session");
        }
    });
}

/// Statements catch their own panics; one that gets here has ended its own connection and no other.
fn log_panic(joined: Result<(), JoinError>) {
    if let Err(error) = joined
        && error.is_panic()
    {
        tracing::error!(%error, "a session panicked");
    }
}

async fn refuse(stream: TcpStream, error: SqlError) -> Result<(), WireError> {
    farewell(&mut Wire::new(Socket::Plain(stream)), &error).await;
    Ok(())
}

async fn connect(shared: &Arc<Shared>, stream: TcpStream, peer: SocketAddr) -> Result<(), WireError> {
    stream.set_nodelay(true)?;
    let addresses = [peer, stream.local_addr()?];
    let deadline = Instant::now() + shared.options.authentication_timeout;
    let slow = |_| io::Error::from(io::ErrorKind::TimedOut);
    let opening = timeout_at(deadline, Box::pin(startup::open(stream, shared.options.tls.as_ref()))).await;
    match opening.map_err(slow)?? {
        Opening::Cancel { mut wire, pid, secret } => {
            shared.registry.cancel(pid, &secret);
            // The only answer: over TLS, a connection that just breaks off counts as a failure.
            wire.close().await?;
        }
        Opening::Refused { mut wire, error } => farewell(&mut wire, &error).await,
        Opening::Session { wire, startup } => session(shared, wire, startup, addresses, deadline).await?,
    }
    Ok(())
}

async fn session(
    shared: &Arc<Shared>,
    mut wire: Wire<Socket>,
    startup: Startup,
    addresses: [SocketAddr; 2],
    deadline: Instant,
) -> Result<(), WireError> {
    let Ok(_place) = Arc::clone(&shared.sessions).try_acquire_owned() else {
        farewell(&mut wire, &too_many(shared)).await;
        return Ok(());
    };
    let _connected = shared.engine.metrics.connected();
    let login = timeout_at(deadline, Box::pin(log_in(shared, &mut wire, &startup, addresses))).await;
    let login = login
        .unwrap_or_else(|_| Err(SqlError::new(code::QUERY_CANCELED, "canceling authentication due to timeout").into()));
    let (session, registration) = match login {
        Ok(logged_in) => logged_in,
        Err(WireError::Violation(error)) => {
            farewell(&mut wire, &error).await;
            return Ok(());
        }
        Err(other) => return Err(other),
    };
    wire.set_max_message_bytes(shared.options.max_message_bytes);
    let shutdown = shared.shutdown.child_token();
    Connection::new(wire, session, Arc::clone(&shared.engine), registration, shutdown).serve().await;
    Ok(())
}

/// From the startup packet to AuthenticationOk. A violation is what the client is told.
async fn log_in(
    shared: &Shared,
    wire: &mut Wire<Socket>,
    startup: &Startup,
    addresses: [SocketAddr; 2],
) -> Result<(Session, crate::cancel::Registration), WireError> {
    if shared.shutdown.is_cancelled() {
        return Err(SqlError::new(code::CANNOT_CONNECT_NOW, "the database system is shutting down").into());
    }
    if let Some((version, unknown)) = startup.negotiation() {
        backend::negotiate_protocol_version(version, unknown, wire.output());
    }
    let endpoint = shared.options.tls.as_ref().and_then(Tls::endpoint);
    let encrypted = matches!(wire.stream(), Socket::Tls(_));
    let channel = Channel {
        encrypted,
        loopback: addresses[0].ip().to_canonical().is_loopback(),
        endpoint: endpoint.as_deref().filter(|_| encrypted),
    };
    auth::authenticate(wire, &*shared.engine, &shared.mock, &startup.user, channel).await?;
    // Only someone who is known learns which databases there are.
    if startup.database != shared.engine.database() {
        return Err(SqlError::new(
            code::INVALID_CATALOG_NAME,
            format!("database \"{}\" does not exist", startup.database),
        )
        .into());
    }
    let principal = query::login(&shared.engine, &startup.user)?;
    let settings = startup.apply(server_settings(shared, startup))?;
    backend::authentication(&pgwire::messages::startup::Authentication::Ok, wire.output());
    let registration = shared.registry.register(startup.takes_long_key());
    let session = Session::new(principal, registration.pid(), settings).between(addresses);
    Ok((session, registration))
}

/// The settings that follow from the server's config.
fn server_settings(shared: &Shared, startup: &Startup) -> Settings {
    let mut settings = Settings::new(&startup.user);
    settings.set_by_server("max_connections", &shared.options.max_connections.to_string());
    if shared.options.tls.is_some() {
        settings.set_by_server("ssl", "on");
    }
    if let Some(timeout) = shared.engine.statement_timeout {
        settings.set_by_server("statement_timeout", &timeout.as_millis().to_string());
    }
    settings
}

/// What a client is told for whom there is no place; it is counted, too.
fn too_many(shared: &Shared) -> SqlError {
    shared.engine.metrics.connection_refused();
    SqlError::new(code::TOO_MANY_CONNECTIONS, "sorry, too many clients already")
}
