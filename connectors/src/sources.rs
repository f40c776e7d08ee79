//! All configured sources by name. Plan nodes hold a source's name and find the connector here when they run.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::error::DataFusionError;
use datafusion::prelude::SessionConfig;

use crate::{Connector, ConnectorError};

/// The configured sources; put into the session config as an extension.
#[derive(Debug, Default)]
pub struct Sources {
    by_name: BTreeMap<String, Arc<dyn Connector>>,
}

impl Sources {
    pub fn new(connectors: impl IntoIterator<Item = Arc<dyn Connector>>) -> Arc<Self> {
        let by_name = connectors.into_iter().map(|c| (c.name().to_string(), c)).collect();
        Arc::new(Self { by_name })
    }

    /// The connector of the source `name`.
    pub fn get(&self, name: &str) -> Result<&Arc<dyn Connector>, ConnectorError> {
        self.by_name.get(name).ok_or_else(|| ConnectorError::Config {
            source_name: name.to_owned(),
            reason: "no such source is configured".to_owned(),
        })
    }

    /// All connectors, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn Connector>> {
        self.by_name.values()
    }

    /// The sources of the session that a task runs for.
    pub fn of_config(config: &SessionConfig) -> Result<Arc<Self>, ConnectorError> {
        config
            .get_extension::<Self>()
            .ok_or_else(|| ConnectorError::from(DataFusionError::Internal("no sources in this session".to_owned())))
    }
}
