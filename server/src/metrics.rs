//! What the server counts, for Prometheus. Labels have only values that are written down here: never a name, a text or a
//! number that comes from a client, of which there would be no end.

use std::sync::atomic::AtomicU64;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::audit::Outcome;

/// What all names begin with.
pub const PREFIX: &str = "weir";

/// Upper bounds of how long statements take, in seconds: from one that reads nothing to an export of minutes.
const DURATIONS: [f64; 16] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0];

/// How an attempt to load policies ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    Loaded,
    /// They have mistakes, or come from nobody who may change them.
    Refused,
    /// They can't be read, which says nothing about them.
    Failed,
}

impl Load {
    const ALL: [Load; 3] = [Load::Loaded, Load::Refused, Load::Failed];

    fn name(self) -> &'static str {
        match self {
            Self::Loaded => "loaded",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// All counters of one server. Counting is an atomic addition; only the histogram locks, for as long as it takes to add.
#[derive(Debug)]
pub struct Metrics {
    policy_loads: ByOutcome<3>,
    policy_refused: Gauge,
    policy_loaded_timestamp: Gauge<f64, AtomicU64>,
    statements: ByOutcome<5>,
    statement_duration: Histogram,
    rows_sent: Counter,
    bytes_sent: Counter,
    connections: Gauge,
    connections_refused: Counter,
    sources_unreachable: Gauge,
    tables_withheld: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            policy_loads: ByOutcome::new(Load::ALL.map(Load::name)),
            policy_refused: Gauge::default(),
            policy_loaded_timestamp: Gauge::default(),
            statements: ByOutcome::new(Outcome::ALL.map(Outcome::name)),
            statement_duration: Histogram::new(DURATIONS),
            rows_sent: Counter::default(),
            bytes_sent: Counter::default(),
            connections: Gauge::default(),
            connections_refused: Counter::default(),
            sources_unreachable: Gauge::default(),
            tables_withheld: Gauge::default(),
        }
    }
}

impl Metrics {
    /// An attempt to load policies has ended. One that failed tells nothing about the policies: whether they are refused
    /// stays as it was.
    pub fn policies(&self, load: Load) {
        self.policy_loads.count(load as usize);
        match load {
            Load::Loaded => {
                self.policy_refused.set(0);
                self.policy_loaded_timestamp.set(seconds_since_epoch());
            }
            Load::Refused => _ = self.policy_refused.set(1),
            Load::Failed => {}
        }
    }

    /// A statement has ended.
    pub fn statement(&self, outcome: Outcome) {
        self.statements.count(outcome as usize);
    }

    /// A statement that was run took so long, up to its last row.
    pub fn took(&self, duration: Duration) {
        self.statement_duration.observe(duration.as_secs_f64());
    }

    /// So many rows and bytes go to a client.
    pub fn sent(&self, rows: u64, bytes: u64) {
        self.rows_sent.inc_by(rows);
        self.bytes_sent.inc_by(bytes);
    }

    /// A client takes one of the places for connections, until what is returned is dropped.
    pub fn connected(&self) -> Connected {
        self.connections.inc();
        Connected(self.connections.clone())
    }

    /// A client finds no place.
    pub fn connection_refused(&self) {
        self.connections_refused.inc();
    }

    /// So many sources didn't answer when they were asked last.
    pub fn unreachable(&self, sources: usize) {
        self.sources_unreachable.set(i64::try_from(sources).unwrap_or(i64::MAX));
    }

    /// So many tables are nobody's to see until the policies fit them.
    pub fn withheld(&self, tables: usize) {
        self.tables_withheld.set(i64::try_from(tables).unwrap_or(i64::MAX));
    }

    /// Puts all of it into a registry whose prefix is [`PREFIX`]. Units and `_total` are added to the names there.
    pub fn register(&self, registry: &mut Registry) {
        let version = [("version", env!("CARGO_PKG_VERSION"))];
        registry.register("build", "The server's own version", Info::new(version));
        self.register_policies(registry);
        self.register_statements(registry);
        registry.register("connections", "Clients that are logged in or log in", self.connections.clone());
        registry.register(
            "connections_refused",
            "Clients turned away for want of a place",
            self.connections_refused.clone(),
        );
        registry.register(
            "sources_unreachable",
            "Sources that didn't answer when asked for their tables last",
            self.sources_unreachable.clone(),
        );
        registry.register(
            "tables_withheld",
            "New and changed tables that nobody sees until the policies fit them",
            self.tables_withheld.clone(),
        );
    }

    fn register_policies(&self, registry: &mut Registry) {
        registry.register(
            "policy_loads",
            "Attempts to load changed policies: loaded, refused for mistakes, or failed to be read",
            self.policy_loads.family.clone(),
        );
        registry.register(
            "policy_refused",
            "1 while the newest policies are refused and the last good ones serve",
            self.policy_refused.clone(),
        );
        registry.register_with_unit(
            "policy_loaded_timestamp",
            "When policies were loaded last",
            Unit::Seconds,
            self.policy_loaded_timestamp.clone(),
        );
    }

    fn register_statements(&self, registry: &mut Registry) {
        registry.register("statements", "Statements on record, by how they ended", self.statements.family.clone());
        registry.register_with_unit(
            "statement_duration",
            "How long queries took, from planning to their last row",
            Unit::Seconds,
            self.statement_duration.clone(),
        );
        registry.register("rows_sent", "Rows sent to clients", self.rows_sent.clone());
        registry.register("bytes_sent", "Bytes of rows sent to clients", self.bytes_sent.clone());
    }
}

/// A client that has a place; dropping it gives the place up.
#[derive(Debug)]
pub struct Connected(Gauge);

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// A counter for each value of the one label `outcome`. They are made once and found by their place: a statement looks
/// up no label.
#[derive(Debug)]
struct ByOutcome<const N: usize> {
    family: Family<[(&'static str, &'static str); 1], Counter>,
    counters: [Counter; N],
}

impl<const N: usize> ByOutcome<N> {
    fn new(outcomes: [&'static str; N]) -> Self {
        let family = Family::default();
        let counters = outcomes.map(|outcome| family.get_or_create_owned(&[("outcome", outcome)]));
        Self { family, counters }
    }

    fn count(&self, place: usize) {
        self.counters[place].inc();
    }
}

fn seconds_since_epoch() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

#[cfg(test)]
mod tests {
    use prometheus_client::encoding::text::encode;

    use super::*;

    fn page(metrics: &Metrics) -> String {
        let mut registry = Registry::with_prefix(PREFIX);
        metrics.register(&mut registry);
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        text
    }

    #[test]
    fn each_outcome_has_its_own_counter() {
        let metrics = Metrics::default();
        for (count, outcome) in Outcome::ALL.into_iter().enumerate() {
            (0..=count).for_each(|_| metrics.statement(outcome));
        }
        let page = page(&metrics);
        for (count, outcome) in Outcome::ALL.into_iter().enumerate() {
            let line = format!("weir_statements_total{{outcome=\"{}\"}} {}\n", outcome.name(), count + 1);
            assert!(page.contains(&line), "{line}{page}");
        }
    }

    #[test]
    fn a_refused_set_shows_until_one_is_loaded() {
        let metrics = Metrics::default();
        let refused = |load| {
            metrics.policies(load);
            page(&metrics).contains("weir_policy_refused 1\n")
        };
        let loads = [Load::Loaded, Load::Failed, Load::Refused, Load::Failed, Load::Loaded];
        assert_eq!(loads.map(refused), [false, false, true, true, false]);
        for line in ["loaded\"} 2\n", "refused\"} 1\n", "failed\"} 2\n"] {
            assert!(page(&metrics).contains(&format!("weir_policy_loads_total{{outcome=\"{line}")), "{line}");
        }
    }

    #[test]
    fn names_have_units_and_a_connection_counts_as_long_as_it_is_held() {
        let metrics = Metrics::default();
        metrics.took(Duration::from_millis(2));
        let connected = metrics.connected();
        let with = page(&metrics);
        assert!(with.contains("weir_connections 1\n") && with.ends_with("# EOF\n"), "{with}");
        assert!(with.contains("weir_statement_duration_seconds_bucket{le=\"0.0025\"} 1\n"), "{with}");
        assert!(with.contains(&format!("weir_build_info{{version=\"{}\"}} 1\n", env!("CARGO_PKG_VERSION"))), "{with}");
        drop(connected);
        assert!(page(&metrics).contains("weir_connections 0\n"));
    }
}
