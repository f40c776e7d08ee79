//! The `postgres` connector on a real PostgreSQL: every type, exact filters, quoting, one snapshot per statement, cancel,
//! broken connections.

mod faults;
mod filters;
mod snapshots;
mod tls;
mod types;

use std::ops::Deref;
use std::sync::Arc;

use weir_connectors::Connector;
use weir_connectors::postgres::{PostgresConfig, PostgresSource};
use weir_tests::postgres::Postgres;

use crate::common::Engine;

/// A server of a test's own, and the source over its database `postgres`.
struct Shop {
    server: Postgres,
    engine: Engine,
}

impl Shop {
    fn with(sql: &str) -> Self {
        let server = Postgres::start();
        server.psql("postgres").expect(sql);
        let engine = engine(PostgresConfig::new(server.url("postgres")));
        Self { server, engine }
    }

    fn psql(&self, sql: &str) -> String {
        self.server.psql("postgres").expect(sql)
    }
}

impl Deref for Shop {
    type Target = Engine;

    fn deref(&self) -> &Engine {
        &self.engine
    }
}

fn engine(config: PostgresConfig) -> Engine {
    Engine::new(source(config), 4)
}

fn source(config: PostgresConfig) -> Arc<dyn Connector> {
    Arc::new(PostgresSource::new("shop".into(), config).unwrap())
}
