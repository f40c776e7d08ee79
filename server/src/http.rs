//! `/metrics` and `/healthz`, for scrapers and probes. Nobody logs in here: what is told are counts and the policies'
//! version, and nothing that a policy, a statement or a source holds.

mod door;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;
use tokio::task::{JoinError, JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::engine::{Engine, Observed};
use crate::metrics::PREFIX;
use door::Door;

/// The format that the registry writes.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What the routes tell of.
struct Told {
    engine: Arc<Engine>,
    registry: Registry,
    shutdown: CancellationToken,
}

/// The pages, as long as they are served.
pub struct Pages {
    end: CancellationToken,
    task: JoinHandle<()>,
}

impl Pages {
    /// Serves the pages at `listener`. They go on during a shutdown, so that its end can be watched.
    pub fn open(listener: TcpListener, engine: Arc<Engine>, shutdown: CancellationToken) -> Self {
        let routes = routes(Told { registry: registry(&engine), engine, shutdown });
        let end = CancellationToken::new();
        let served = axum::serve(Door::new(listener), routes).with_graceful_shutdown(end.clone().cancelled_owned());
        let task = tokio::spawn(async move {
            if let Err(error) = served.await {
                tracing::error!(%error, "metrics are no longer served");
            }
        });
        Self { end, task }
    }

    /// Ends them; a client that is being answered, or slow to ask, has the rest of its time.
    pub async fn close(self) -> Result<(), JoinError> {
        self.end.cancel();
        self.task.await
    }
}

/// What is counted on the way, and what the engine knows when it is asked.
fn registry(engine: &Arc<Engine>) -> Registry {
    let mut registry = Registry::with_prefix(PREFIX);
    engine.metrics.register(&mut registry);
    registry.register_collector(Box::new(Observed::new(Arc::clone(engine))));
    registry
}

/// GET answers HEAD, too. What no route names is not found, and no route reads a body.
fn routes(told: Told) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(healthz))
        .fallback(async || (StatusCode::NOT_FOUND, "not found\n"))
        .layer(map_response(last))
        .with_state(Arc::new(told))
}

async fn metrics(State(told): State<Arc<Told>>) -> Response {
    let mut page = String::new();
    match encode(&mut page, &told.registry) {
        Ok(()) => ([(header::CONTENT_TYPE, OPEN_METRICS)], page).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn healthz(State(told): State<Arc<Told>>) -> (StatusCode, &'static str) {
    if told.shutdown.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "the server is shutting down\n");
    }
    match told.engine.audit.is_sound() {
        true => (StatusCode::OK, "ok\n"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "the audit log can't be written\n"),
    }
}

/// One answer a connection: whoever comes rarely needs no place in between.
async fn last(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
