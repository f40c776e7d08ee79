//! `weir serve`: from a config to a server that listens, and to its end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinError;
use tokio_util::sync::CancellationToken;

use crate::config::{Config, ConfigError, Limits, Listen};
use crate::engine::{Engine, EngineError};
use crate::http::Pages;
use crate::listener::{self, Options};
use crate::tls::{Tls, TlsError};

/// Why a server can't start, or didn't end in good order.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Listen(#[from] ConfigError),
    #[error("signals can't be received: {0}")]
    Signals(io::Error),
    #[error("{task} panicked: {error}")]
    Panicked { task: &'static str, error: JoinError },
}

/// Serves until Ctrl-C or SIGTERM; `ready` is called once clients can connect.
pub async fn serve(config: Config, ready: impl FnOnce(SocketAddr)) -> Result<(), ServeError> {
    let shutdown = CancellationToken::new();
    let signals = tokio::spawn(stop_on_signal(shutdown.clone()));
    let tls = match &config.tls {
        Some(files) => Some(Tls::load(&files.cert, &files.key)?),
        None => None,
    };
    let options = options(&config.limits, tls);
    let (listen, http) = (config.listen(), config.http());
    let engine = tokio::select! {
        engine = Engine::start(config) => engine?,
        () = shutdown.cancelled() => return Ok(()),
    };
    let http = match &http {
        Some(http) => Some(bind(http).await?),
        None => None,
    };
    let (listener, address) = bind(&listen).await?;
    let pages = http.map(|(listener, address)| {
        tracing::info!(%address, "metrics are served");
        Pages::open(listener, Arc::clone(&engine), shutdown.clone())
    });
    tracing::info!(%address, policies = engine.world().policies.version(), "ready for PostgreSQL clients");
    ready(address);
    let fresh = tokio::spawn(Arc::clone(&engine).keep_fresh(shutdown.clone()));
    listener::serve(listener, Arc::clone(&engine), options, shutdown).await;
    fresh.await.map_err(panicked("the refresh of policies and tables"))?;
    signals.await.map_err(panicked("the signal handler"))?.map_err(ServeError::Signals)?;
    let audit = engine.audit.clone();
    tokio::task::spawn_blocking(move || audit.close()).await.map_err(panicked("the audit log's writer"))?;
    match pages {
        Some(pages) => pages.close().await.map_err(panicked("the server of metrics")),
        None => Ok(()),
    }
}

async fn bind(listen: &Listen) -> Result<(TcpListener, SocketAddr), ConfigError> {
    let bound = TcpListener::bind(listen.address).await.and_then(|listener| {
        let address = listener.local_addr()?;
        Ok((listener, address))
    });
    bound.map_err(|error| listen.error(&error))
}

fn panicked(task: &'static str) -> impl FnOnce(JoinError) -> ServeError {
    move |error| ServeError::Panicked { task, error }
}

fn options(limits: &Limits, tls: Option<Tls>) -> Options {
    Options {
        max_connections: limits.connections.get(),
        shutdown_grace: limits.shutdown_grace,
        tls,
        ..Options::default()
    }
}

#[cfg(unix)]
async fn stop_on_signal(shutdown: CancellationToken) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        () = shutdown.cancelled() => {}
    }
    shutdown.cancel();
    Ok(())
}

#[cfg(not(unix))]
async fn stop_on_signal(shutdown: CancellationToken) -> io::Result<()> {
    tokio::signal::ctrl_c().await?;
    shutdown.cancel();
    Ok(())
}
