//! What the metrics tell of the engine's state: it is read when it is asked for, and so never out of date.

use std::fmt;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;

use super::Engine;

/// The state of an engine.
pub struct Observed(Arc<Engine>);

impl Observed {
    pub fn new(engine: Arc<Engine>) -> Self {
        Self(engine)
    }
}

impl fmt::Debug for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observed")
    }
}

impl Collector for Observed {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let world = self.0.world();
        let version = Info::new([("version", world.policies.version())]);
        write(&mut encoder, "policy_version", "The version of the policies in force.", &version)?;
        let broken = ConstGauge::new(i64::from(!self.0.audit.is_sound()));
        write(&mut encoder, "audit_broken", "1 if the audit log can't be written: no statement runs.", &broken)
    }
}

fn write(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, metric: &impl EncodeMetric) -> fmt::Result {
    metric.encode(encoder.encode_descriptor(name, help, None, metric.metric_type())?)
}
