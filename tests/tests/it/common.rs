//! Servers that several tests share while they run at the same time. None outlives the last test that holds it.

use std::sync::{Arc, Mutex, Weak};

use weir_tests::flights;
use weir_tests::postgres::Postgres;
use weir_tests::psql::Psql;
use weir_tests::weir::{Setup, Weir};

/// The flights mesh, with its oracle.
pub struct Flights {
    // Before `postgres`, so that it stops first.
    pub weir: Weir,
    postgres: Postgres,
}

impl Flights {
    /// psql on the oracle's copy that holds what `principal` may see.
    pub fn oracle(&self, principal: &str) -> Psql {
        self.postgres.psql(&format!("oracle_{principal}"))
    }

    fn start() -> Self {
        let postgres = Postgres::start();
        flights::load(&postgres);
        let weir = flights::setup(&postgres.url("shop")).user("zoe", "", &[]).start();
        Self { weir, postgres }
    }
}

/// The flights mesh that the running tests share.
pub fn flights() -> Arc<Flights> {
    static SHARED: Shared<Flights> = Shared::new();
    SHARED.get(Flights::start)
}

/// A server without sources, whose one user may see all; for tests of the wire.
pub fn plain() -> Arc<Weir> {
    static SHARED: Shared<Weir> = Shared::new();
    SHARED.get(|| sourceless().start())
}

/// What [`plain`] is started with.
pub fn sourceless() -> Setup {
    Setup::new().policy("policy.csv", "p, role:chief, *.*, select").user("eva", "", &["chief"])
}

struct Shared<T> {
    running: Mutex<Weak<T>>,
}

impl<T> Shared<T> {
    const fn new() -> Self {
        Self { running: Mutex::new(Weak::new()) }
    }

    fn get(&self, start: impl FnOnce() -> T) -> Arc<T> {
        // A start that panicked left nothing half made behind the lock.
        let mut running = self.running.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        running.upgrade().unwrap_or_else(|| {
            let started = Arc::new(start());
            *running = Arc::downgrade(&started);
            started
        })
    }
}
