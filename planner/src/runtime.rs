//! What all statements of the process share: the function registry, the rule lists, the memory budget, the sources.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use datafusion::error::DataFusionError;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::SessionState;
use datafusion::optimizer::{Analyzer, AnalyzerRule};
use datafusion::physical_planner::DefaultPhysicalPlanner;
use datafusion::prelude::SessionConfig;
use weir_connectors::Sources;

use crate::PlanError;
use crate::bind::literals::AdoptTypes;
use crate::bind::peers::PeersByGroups;
use crate::execute::Workers;
use crate::functions::{self, MaskKey};
use crate::optimize;
use crate::pg_catalog::PolicyStatus;

/// The process's share of the machine.
#[derive(Debug, Clone)]
pub struct RuntimeOptions {
    /// Name of the one database that clients connect to.
    pub database: String,
    /// Bytes that all statements together may hold before they spill or fail.
    pub memory_bytes: usize,
    /// Bytes that all statements together may spill.
    pub spill_bytes: u64,
    /// Where to spill; the system's temporary folder if `None`.
    pub spill_folder: Option<PathBuf>,
    /// Partitions that a statement is spread over.
    pub parallelism: usize,
    /// Key of the `hash` mask; without one no mask of that kind is accepted.
    pub mask_key: Option<MaskKey>,
}

/// Shared by all statements.
pub struct Runtime {
    pub database: String,
    pub sources: Arc<Sources>,
    pub mask_key: Option<MaskKey>,
    /// What `weir.policy_status` shows.
    pub policy_status: Arc<PolicyStatus>,
    /// When the server started.
    pub(crate) started: DateTime<Utc>,
    pub(crate) state: SessionState,
    pub(crate) physical_planner: DefaultPhysicalPlanner,
    pub(crate) workers: Workers,
}

impl Runtime {
    pub fn new(options: RuntimeOptions, sources: Arc<Sources>) -> Result<Arc<Self>, PlanError> {
        let config = config(&options).with_extension(Arc::clone(&sources));
        let mut state = SessionStateBuilder::new()
            .with_config(config)
            .with_runtime_env(environment(&options)?)
            .with_expr_planners(vec![functions::operators()])
            .with_default_features()
            .with_analyzer_rules(analyzer_rules())
            .with_optimizer_rules(optimize::rules())
            .with_physical_optimizer_rules(optimize::physical_rules())
            .build();
        functions::bound(&mut state)?;
        let workers = Workers::new(options.parallelism).map_err(DataFusionError::from)?;
        Ok(Arc::new(Self {
            database: options.database,
            sources,
            mask_key: options.mask_key,
            policy_status: Arc::default(),
            started: Utc::now(),
            state,
            physical_planner: optimize::physical_planner(),
            workers,
        }))
    }
}

/// The engine's own rules, behind ours: coercion would turn columns into text that are compared with text constants, and
/// refuse frames of peers over some keys.
fn analyzer_rules() -> Vec<Arc<dyn AnalyzerRule + Send + Sync>> {
    let mut rules = Analyzer::new().rules;
    rules.insert(0, Arc::new(AdoptTypes));
    rules.insert(1, Arc::new(PeersByGroups));
    rules
}

fn config(options: &RuntimeOptions) -> SessionConfig {
    let mut config = SessionConfig::new()
        .with_target_partitions(options.parallelism.max(1))
        .with_default_catalog_and_schema(&options.database, "public")
        .with_create_default_catalog_and_schema(true)
        .with_information_schema(false);
    let settings = config.options_mut();
    settings.sql_parser.collect_spans = true;
    settings.sql_parser.parse_float_as_decimal = true;
    settings.sql_parser.map_string_types_to_utf8view = false;
    settings.execution.time_zone = Some("UTC".to_owned());
    // It refuses `GROUP BY x IS TRUE`: IS [NOT] DISTINCT FROM, which that is to the engine, gives no NULL in its logical plans, and may
    // by the type of its column in the physical ones.
    settings.execution.skip_physical_aggregate_schema_check = true;
    settings.execution.parquet.pushdown_filters = true;
    settings.execution.parquet.reorder_filters = true;
    config
}

fn environment(options: &RuntimeOptions) -> Result<Arc<RuntimeEnv>, PlanError> {
    let pool = TrackConsumersPool::new(FairSpillPool::new(options.memory_bytes), std::num::NonZeroUsize::MIN);
    let mode = match &options.spill_folder {
        Some(folder) => DiskManagerMode::Directories(vec![folder.clone()]),
        None => DiskManagerMode::OsTmpDirectory,
    };
    let disk = DiskManagerBuilder::default().with_mode(mode).with_max_temp_directory_size(options.spill_bytes);
    Ok(RuntimeEnvBuilder::new().with_memory_pool(Arc::new(pool)).with_disk_manager_builder(disk).build_arc()?)
}
