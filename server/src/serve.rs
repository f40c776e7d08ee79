//! `weir serve`: from a config to a server that listens, and to its end.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::config::{Config, Limits};
use crate::engine::Engine;
use crate::listener::{self, Options};
use crate::tls::Tls;

/// Serves until Ctrl-C or SIGTERM; `ready` is called once clients can connect.
pub async fn serve(config: Config, ready: impl FnOnce(SocketAddr)) -> anyhow::Result<()> {
    let shutdown = CancellationToken::new();
    let signals = tokio::spawn(stop_on_signal(shutdown.clone()));
    let tls = match &config.tls {
        Some(files) => Some(Tls::load(&files.cert, &files.key)?),
        None => None,
    };
    let options = options(&config.limits, tls);
    let listen = config.server.listen;
    let engine = tokio::select! {
        engine = Engine::start(config) => engine?,
        () = shutdown.cancelled() => return Ok(()),
    };
    let listener = TcpListener::bind(listen).await.with_context(|| format!("can't listen on {listen}"))?;
    let address = listener.local_addr()?;
    tracing::info!(%address, policies = engine.world().policies.version(), "ready for PostgreSQL clients");
    ready(address);
    let fresh = tokio::spawn(Arc::clone(&engine).keep_fresh(shutdown.clone()));
    listener::serve(listener, Arc::clone(&engine), options, shutdown).await;
    fresh.await.context("the refresh of policies and tables panicked")?;
    signals.await.context("the signal handler panicked")??;
    let audit = engine.audit.clone();
    tokio::task::spawn_blocking(move || audit.close()).await.context("the audit log could not be closed")?;
    Ok(())
}

fn options(limits: &Limits, tls: Option<Tls>) -> Options {
    Options {
        max_connections: limits.connections,
        shutdown_grace: limits.shutdown_grace,
        tls,
        ..Options::default()
    }
}

#[cfg(unix)]
async fn stop_on_signal(shutdown: CancellationToken) -> anyhow::Result<()> {
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
async fn stop_on_signal(shutdown: CancellationToken) -> anyhow::Result<()> {
    tokio::signal::ctrl_c().await?;
    shutdown.cancel();
    Ok(())
}
