//! What planning needs to know of a session, and the engine's session for one statement.

use std::any::Any;
use std::borrow::Cow;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use datafusion::catalog::{CatalogProviderList, Session};
use datafusion::common::DFSchema;
use datafusion::config::{ConfigOptions, TableOptions};
use datafusion::error::Result;
use datafusion::execution::TaskContext;
use datafusion::execution::context::ExecutionProps;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::logical_expr::registry::ExtensionTypeRegistryRef;
use datafusion::logical_expr::{AggregateUDF, Expr, HigherOrderUDF, LogicalPlan, ScalarUDF, WindowUDF};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_planner::PhysicalPlanner;
use datafusion::prelude::SessionConfig;
use tokio_util::sync::CancellationToken;
use weir_connectors::QueryScope;

use crate::execute::Workers;
use crate::optimize;
use crate::runtime::Runtime;

/// What a statement may read of the session that it runs in.
pub trait SessionFacts: Send + Sync {
    fn user(&self) -> &str;
    /// Schemas in which an unqualified table name is looked up, in order.
    fn search_path(&self) -> Vec<String>;
    /// An IANA time zone name.
    fn time_zone(&self) -> &str;
    fn backend_pid(&self) -> i32;
    /// The client's address and the server's own, if there is a connection.
    fn addresses(&self) -> Option<[SocketAddr; 2]> {
        None
    }
    /// When it began.
    fn connected(&self) -> DateTime<Utc>;
    /// A setting's value as SHOW prints it.
    fn setting(&self, name: &str) -> Option<String>;
    /// All settings, by their names.
    fn settings(&self) -> Vec<Setting>;
    /// When its transaction began: what `now()` gives, and words such as `today` in a statement refer to.
    fn now(&self) -> DateTime<Utc>;
}

/// A setting as `pg_settings` has it: its value in its own unit.
#[derive(Debug, Clone)]
pub struct Setting {
    pub name: String,
    pub value: String,
    pub default: String,
    pub description: &'static str,
}

/// The engine's session for one statement: the shared registries with the statement's own settings and scope.
#[derive(Clone)]
pub struct StatementSession {
    runtime: Arc<Runtime>,
    config: SessionConfig,
    properties: ExecutionProps,
    table_options: TableOptions,
    now: DateTime<Utc>,
}

impl StatementSession {
    /// `now`: when the transaction began.
    pub fn new(runtime: &Arc<Runtime>, time_zone: &str, now: DateTime<Utc>, scope: Arc<QueryScope>) -> Self {
        let mut config = runtime.state.config().clone().with_extension(scope);
        if config.options().execution.time_zone.as_deref() != Some(time_zone) {
            config.options_mut().execution.time_zone = Some(time_zone.to_owned());
        }
        let mut properties = ExecutionProps::new();
        properties.mark_start_execution(Arc::clone(config.options()));
        properties.query_execution_start_time = Some(now);
        let table_options = runtime.state.table_options().clone();
        Self { runtime: Arc::clone(runtime), config, properties, table_options, now }
    }

    /// What `now()` gives.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The same session with other batches, if `rows` says so.
    pub(crate) fn with_batch_size(&self, rows: Option<usize>) -> Cow<'_, Self> {
        match rows {
            None => Cow::Borrowed(self),
            Some(rows) => {
                let config = self.config.clone().with_batch_size(rows);
                Cow::Owned(Self { config, ..self.clone() })
            }
        }
    }

    /// The threads that the statement's plan runs on.
    pub(crate) fn workers(&self) -> &Workers {
        &self.runtime.workers
    }

    /// The context that the statement's plan runs in.
    pub fn task(&self) -> Arc<TaskContext> {
        self.task_with(self.config.clone())
    }

    /// The same, with the token that ends it.
    pub(crate) fn task_until(&self, cancel: &CancellationToken) -> Arc<TaskContext> {
        self.task_with(self.config.clone().with_extension(Arc::new(cancel.clone())))
    }

    fn task_with(&self, config: SessionConfig) -> Arc<TaskContext> {
        // The function maps serve the reading of plans from other processes; a plan made here needs none.
        Arc::new(TaskContext::new(
            None,
            String::new(),
            config,
            HashMap::new(),
            HashMap::new(),
            HashMap::new(),
            HashMap::new(),
            Arc::clone(self.runtime.state.runtime_env()),
        ))
    }
}

#[async_trait]
impl Session for StatementSession {
    fn session_id(&self) -> &str {
        self.runtime.state.session_id()
    }

    fn config(&self) -> &SessionConfig {
        &self.config
    }

    fn catalog_list(&self) -> Arc<dyn CatalogProviderList> {
        Arc::clone(self.runtime.state.catalog_list())
    }

    fn config_options(&self) -> &ConfigOptions {
        self.config.options()
    }

    fn optimize(&self, plan: &LogicalPlan) -> Result<LogicalPlan> {
        optimize::logical(&self.runtime, self, plan.clone())
    }

    fn physical_optimizers(&self) -> &[Arc<dyn PhysicalOptimizerRule + Send + Sync>] {
        self.runtime.state.physical_optimizers()
    }

    async fn create_physical_plan(&self, plan: &LogicalPlan) -> Result<Arc<dyn ExecutionPlan>> {
        let plan = self.optimize(plan)?;
        self.runtime.physical_planner.create_physical_plan(&plan, self).await
    }

    fn create_physical_expr(&self, expr: Expr, schema: &DFSchema) -> Result<Arc<dyn PhysicalExpr>> {
        self.runtime.state.create_physical_expr(expr, schema)
    }

    fn scalar_functions(&self) -> &HashMap<String, Arc<ScalarUDF>> {
        self.runtime.state.scalar_functions()
    }

    fn higher_order_functions(&self) -> &HashMap<String, Arc<HigherOrderUDF>> {
        self.runtime.state.higher_order_functions()
    }

    fn aggregate_functions(&self) -> &HashMap<String, Arc<AggregateUDF>> {
        self.runtime.state.aggregate_functions()
    }

    fn window_functions(&self) -> &HashMap<String, Arc<WindowUDF>> {
        self.runtime.state.window_functions()
    }

    fn extension_type_registry(&self) -> &ExtensionTypeRegistryRef {
        Session::extension_type_registry(&self.runtime.state)
    }

    fn runtime_env(&self) -> &Arc<RuntimeEnv> {
        self.runtime.state.runtime_env()
    }

    fn execution_props(&self) -> &ExecutionProps {
        &self.properties
    }

    fn as_any(&self) -> &dyn Any {
        // Some providers ask for the engine's own session state; they find the shared one, which knows no statement.
        &self.runtime.state
    }

    fn table_options(&self) -> &TableOptions {
        &self.table_options
    }

    fn table_options_mut(&mut self) -> &mut TableOptions {
        &mut self.table_options
    }

    fn task_ctx(&self) -> Arc<TaskContext> {
        self.task()
    }
}
