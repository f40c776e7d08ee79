//! Stage 8a: a permitted plan to the plan that runs. Takes nothing but [`Permitted`].
//!
//! It goes in two steps: [`plan`] applies the rules, which asks no source, so that its outcome serves as long as what was
//! decided holds; [`optimize`] asks the sources for their snapshots, and makes what runs once.

mod aggregated;
mod constant_filters;
mod constants;
mod filters;
mod guarded;
mod in_order;
mod inferred;
mod joins;
mod statistics;
mod whole_keys;

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use chrono::{DateTime, Utc};
use datafusion::catalog::Session;
use datafusion::common::alias::AliasGenerator;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::config::ConfigOptions;
use datafusion::datasource::DefaultTableSource;
use datafusion::error::DataFusionError;
use datafusion::execution::FunctionRegistry;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::optimizer::optimizer::Optimizer;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_planner::{DefaultPhysicalPlanner, PhysicalPlanner};

use crate::PlanError;
use crate::bind::weight::weight;
use crate::catalog::SourceTable;
use crate::execute;
use crate::permit::Permitted;
use crate::permit::barrier::{self, BarrierPlanner};
use crate::pushdown::leakproof::PushLeakproof;
use crate::runtime::Runtime;
use crate::session::StatementSession;

use constant_filters::PushDownFilters;
pub(crate) use filters::physical_rules;
use joins::FlattenJoins;

/// A permitted plan after all rules.
#[derive(Debug)]
pub struct Planned {
    pub permitted: Arc<Permitted>,
    plan: LogicalPlan,
    /// Tables that the plan reads and the columns that it reads of them.
    pub reads: Vec<Read>,
    /// Rows of a batch, where they must be fewer than usual.
    batch_size: Option<usize>,
}

impl Planned {
    /// About how many bytes its plan takes.
    pub fn weight(&self) -> Result<usize, PlanError> {
        Ok(weight(&self.plan)?)
    }
}

/// A plan that is ready to run.
#[derive(Debug, Clone)]
pub struct Optimized {
    pub(crate) physical: Arc<dyn ExecutionPlan>,
    /// The columns that the client gets.
    pub columns: SchemaRef,
    /// Rows of a batch, where they must be fewer than usual.
    pub(crate) batch_size: Option<usize>,
}

/// What a plan reads of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The row filter that reads it in a sub-select; `None`: the statement itself does.
    pub filter: Option<String>,
    pub source: String,
    pub schema: String,
    pub table: String,
    pub columns: Vec<String>,
}

/// Rules of the engine's that are left out. The first two bring the reading of a record's field down to the scan, through any
/// node that isn't known to them: past a barrier, and past the projection that masks, whose columns they then take from below
/// it by their names, raw. The third, where it is switched on, takes projections for mere names.
const LEFT_OUT: [&str; 3] = ["extract_leaf_expressions", "push_down_leaf_projections", "unions_to_filter"];

/// The engine's own rules in the engine's order, and ours behind the one that it completes: PushDownFilter brings the
/// user's predicates down to a barrier, PushLeakproof takes the harmless ones across, and the next round of
/// PushDownFilter brings those down to the source.
pub(crate) fn rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    let mut rules = Optimizer::new().rules;
    rules.retain(|rule| !LEFT_OUT.contains(&rule.name()));
    let flatten: Arc<dyn OptimizerRule + Send + Sync> = Arc::new(FlattenJoins::default());
    if let Some(rule) = rules.iter_mut().find(|rule| rule.name() == flatten.name()) {
        *rule = flatten;
    }
    let own: Arc<dyn OptimizerRule + Send + Sync> = Arc::new(PushDownFilters::default());
    let behind = match rules.iter_mut().enumerate().find(|(_, rule)| rule.name() == own.name()) {
        Some((at, rule)) => {
            *rule = own;
            at + 1
        }
        None => rules.len(),
    };
    rules.insert(behind, Arc::new(PushLeakproof));
    rules
}

pub(crate) fn physical_planner() -> DefaultPhysicalPlanner {
    DefaultPhysicalPlanner::with_extension_planners(vec![Arc::new(BarrierPlanner)])
}

/// The rule list over a logical plan.
pub(crate) fn logical(
    runtime: &Runtime,
    session: &StatementSession,
    plan: LogicalPlan,
) -> datafusion::error::Result<LogicalPlan> {
    let context = Context {
        options: Arc::clone(Session::config(session).options()),
        aliases: Arc::new(AliasGenerator::new()),
        now: session.now(),
        functions: &runtime.state,
    };
    runtime.state.optimizer().optimize(plan, &context, |_, _| {})
}

/// What the engine's rules ask for: the statement's settings, when its transaction began, and the functions that some rules put in.
struct Context<'a> {
    options: Arc<ConfigOptions>,
    aliases: Arc<AliasGenerator>,
    now: DateTime<Utc>,
    functions: &'a SessionState,
}

impl OptimizerConfig for Context<'_> {
    fn query_execution_start_time(&self) -> Option<DateTime<Utc>> {
        Some(self.now)
    }

    fn alias_generator(&self) -> &Arc<AliasGenerator> {
        &self.aliases
    }

    fn options(&self) -> Arc<ConfigOptions> {
        Arc::clone(&self.options)
    }

    fn function_registry(&self) -> Option<&dyn FunctionRegistry> {
        Some(self.functions)
    }
}

/// Applies the rules.
pub fn plan(permitted: Arc<Permitted>, runtime: &Runtime, session: &StatementSession) -> Result<Planned, PlanError> {
    let open = permitted.is_open();
    let plan = execute::aside(|| aggregated::in_order(logical(runtime, session, permitted.plan.clone())?));
    let plan = plan.map_err(|error| disclosed(error, open))?;
    barrier::check(&plan)?;
    let reads = reads(&plan)?;
    let batch_size = constants::batch_size(&plan, Session::config(session).batch_size())?;
    Ok(Planned { permitted, plan, reads, batch_size })
}

/// Asks the sources for their snapshots, and makes the plan that runs.
pub async fn optimize(
    planned: &Planned,
    runtime: &Runtime,
    session: &StatementSession,
) -> Result<Optimized, PlanError> {
    let Planned { permitted, plan, batch_size, .. } = planned;
    let session = session.with_batch_size(*batch_size);
    let physical = runtime.physical_planner.create_physical_plan(plan, session.as_ref()).await;
    let physical = execute::considerate(physical.map_err(|error| disclosed(error, false))?)?;
    Ok(Optimized { physical, columns: Arc::clone(&permitted.columns), batch_size: *batch_size })
}

/// Whether a plan can be made as far as the rule list goes. Nothing is kept of it, and no source is asked.
pub fn check(permitted: &Permitted, runtime: &Runtime, session: &StatementSession) -> Result<(), PlanError> {
    let made = logical(runtime, session, permitted.plan.clone());
    made.map(drop).map_err(|error| disclosed(error, permitted.is_open()).into())
}

/// An error without the plan that the engine may have written into it: the plan holds row filters, hidden tables and the
/// places of files. What is wrong with the statement itself was told when it was bound.
fn disclosed(error: DataFusionError, open: bool) -> DataFusionError {
    match error.find_root() {
        DataFusionError::Plan(_) if !open => DataFusionError::Internal(error.strip_backtrace()),
        DataFusionError::NotImplemented(what) if !open => {
            tracing::warn!(what, "the engine can't plan a statement");
            DataFusionError::NotImplemented(
                "such a combination of sub-queries and conditions is not supported".to_owned(),
            )
        }
        _ => error,
    }
}

fn reads(plan: &LogicalPlan) -> Result<Vec<Read>, PlanError> {
    let mut found: BTreeMap<(Option<String>, String, String), Read> = BTreeMap::new();
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node
            && let Some(source) = scan.source.as_ref().downcast_ref::<DefaultTableSource>()
            && let Some(table) = source.table_provider.downcast_ref::<SourceTable>()
        {
            let info = &table.info;
            let filter = table.filter.as_ref().map(ToString::to_string);
            let key = (filter.clone(), info.schema.clone(), info.name.clone());
            let read = found.entry(key).or_insert_with(|| Read {
                filter,
                source: info.source.to_string(),
                schema: info.schema.clone(),
                table: info.name.clone(),
                columns: Vec::new(),
            });
            let filters = scan.filters.iter().flat_map(|f| f.column_refs()).map(|c| c.name.clone());
            let columns = scan.projected_schema.fields().iter().map(|f| f.name().clone()).chain(filters);
            for column in columns {
                if !read.columns.contains(&column) {
                    read.columns.push(column);
                }
            }
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(found.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_goes_by_the_names_that_the_engine_has() {
        let names: Vec<String> = Optimizer::new().rules.iter().map(|rule| rule.name().to_owned()).collect();
        assert!(LEFT_OUT.iter().all(|left_out| names.iter().any(|name| name == left_out)), "{names:?}");
        let put_in_place = [PushDownFilters::default().name().to_owned(), FlattenJoins::default().name().to_owned()];
        assert!(put_in_place.iter().all(|own| names.contains(own)), "{names:?}");
        assert_eq!(rules().len(), names.len() - LEFT_OUT.len() + 1);
    }
}
