//! The barrier above a row filter: what stands above it never sees a row that the filter hides.
//!
//! The optimizer moves predicates, limits and join keys down as far as it can. It stops at this node, in the logical
//! and in the physical plan; only [`pushdown::leakproof`](crate::pushdown::leakproof) moves a predicate past it. Of what the
//! plan finds out while it runs, such as the keys of a join's other side, it lets comparisons of raw columns pass. At run time
//! it passes its input's batches on untouched.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::common::DFSchemaRef;
use datafusion::common::stats::Precision;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::config::ConfigOptions;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::logical_plan::Filter;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::utils::{conjunction, split_conjunction};
use datafusion::logical_expr::{Expr, LogicalPlan, UserDefinedLogicalNode, UserDefinedLogicalNodeCore};
use datafusion::physical_expr::expressions::{Column, DynamicFilterPhysicalExpr};
use datafusion::physical_expr::{PhysicalExpr, create_physical_expr};
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::filter_pushdown::{
    ChildPushdownResult, FilterDescription, FilterPushdownPhase, FilterPushdownPropagation,
};
use datafusion::physical_plan::statistics::{ChildStats, StatisticsArgs};
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, Statistics};
use datafusion::physical_planner::{ExtensionPlanner, PhysicalPlanner};
use weir_connectors::gate;

use crate::pushdown::leakproof::is_leakproof;

/// The barrier in a logical plan.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Barrier {
    pub(crate) input: LogicalPlan,
    /// Predicates that the engine moved here although they may not pass: those that name no column, such as
    /// `1 / 0 = 1`, which would tell by an error whether a hidden row is there. They run right above the barrier.
    above: Vec<Expr>,
    /// No predicate passes, be it leakproof.
    closed: bool,
    /// Other tables are joined below, which the row filter reads.
    joins: bool,
}

impl Barrier {
    pub fn new(input: LogicalPlan, closed: bool) -> Self {
        Self { input, above: Vec::new(), closed, joins: false }
    }

    /// A barrier over a filter that reads other tables.
    pub fn over_joins(input: LogicalPlan, closed: bool) -> Self {
        Self { joins: true, ..Self::new(input, closed) }
    }

    /// Whether a predicate may be evaluated on hidden rows.
    pub(crate) fn lets_pass(&self, predicate: &Expr) -> bool {
        !self.closed && is_leakproof(predicate, self.input.schema())
    }

    /// The same barrier over another input.
    pub(crate) fn over(&self, input: LogicalPlan) -> Self {
        Self { input, above: self.above.clone(), ..*self }
    }

    /// Predicates that were taken out from below, and run right above.
    pub(crate) fn above(&self) -> &[Expr] {
        &self.above
    }

    /// Takes a filter that was slipped under the barrier apart: what isn't leakproof comes back above it.
    fn lift(&mut self, filter: &Filter) -> Result<()> {
        let parts = split_conjunction(&filter.predicate).into_iter().cloned();
        let (below, above): (Vec<_>, Vec<_>) = parts.partition(|part| self.lets_pass(part));
        self.above.extend(above);
        self.input = match conjunction(below) {
            Some(predicate) => LogicalPlan::Filter(Filter::try_new(predicate, Arc::clone(&filter.input))?),
            None => filter.input.as_ref().clone(),
        };
        Ok(())
    }
}

impl PartialOrd for Barrier {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.input.partial_cmp(&other.input)
    }
}

impl UserDefinedLogicalNodeCore for Barrier {
    fn name(&self) -> &str {
        "Barrier"
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![&self.input]
    }

    fn schema(&self) -> &DFSchemaRef {
        self.input.schema()
    }

    fn expressions(&self) -> Vec<Expr> {
        self.above.clone()
    }

    /// All columns: no predicate of any kind moves below.
    fn prevent_predicate_push_down_columns(&self) -> HashSet<String> {
        self.input.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    fn fmt_for_explain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Barrier")
    }

    fn with_exprs_and_inputs(&self, above: Vec<Expr>, mut inputs: Vec<LogicalPlan>) -> Result<Self> {
        let (Some(input), true) = (inputs.pop(), inputs.is_empty()) else {
            return Err(DataFusionError::Internal("a barrier has one input".to_owned()));
        };
        let slipped = match &input {
            LogicalPlan::Filter(filter) if *filter.input == self.input => Some(filter.clone()),
            _ => None,
        };
        let mut barrier = Self { input, above, ..*self };
        if let Some(filter) = slipped {
            barrier.lift(&filter)?;
        }
        Ok(barrier)
    }

    /// A column that nobody above needs is needed below only by the filter, which asks for itself.
    fn necessary_children_exprs(&self, output_columns: &[usize]) -> Option<Vec<Vec<usize>>> {
        Some(vec![output_columns.to_vec()])
    }
}

/// The barrier in a physical plan. It answers no question of the optimizer about what lies below: no statistics, no
/// limit, no sort and no filter passes it but dynamic ones that [`can_pass`]. How many rows come it says by rote, for the
/// order of joins: tables of which much is hidden are mostly large ones.
#[derive(Debug)]
pub struct BarrierExec {
    input: Arc<dyn ExecutionPlan>,
    /// No dynamic filter passes. So it is where tables are joined below, too: the engine hands filters on to both sides of a
    /// join by the bare names of their columns, and what the row filter reads would be filtered by what the user asks for.
    closed: bool,
}

/// Rows that a barrier says it lets through, whatever lies below.
const ROWS_BY_ROTE: usize = 1_000_000;

/// Whether a filter of a plan that runs may see hidden rows. A dynamic filter compares its columns with what the operator
/// above has seen so far, which can't fail: keys and bounds of a join's other side, the limit of a sort. Columns that are
/// computed, by a mask for one, would be computed of hidden rows.
fn can_pass(filter: &Arc<dyn PhysicalExpr>) -> bool {
    let dynamic = filter.downcast_ref::<DynamicFilterPhysicalExpr>();
    dynamic.is_some_and(|filter| filter.children().into_iter().all(|child| child.is::<Column>()))
}

impl DisplayAs for BarrierExec {
    fn fmt_as(&self, _format: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BarrierExec")
    }
}

impl ExecutionPlan for BarrierExec {
    fn name(&self) -> &str {
        "BarrierExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.input.properties()
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, mut children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        match (children.pop(), children.is_empty()) {
            (Some(input), true) => Ok(Arc::new(Self { input, closed: self.closed })),
            _ => Err(DataFusionError::Internal("a barrier has one input".to_owned())),
        }
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        self.input.execute(partition, context)
    }

    fn child_stats_requests(&self, _: Option<usize>) -> Vec<ChildStats> {
        vec![ChildStats::Skip]
    }

    fn statistics_from_inputs(&self, _: &[Arc<Statistics>], _: &StatisticsArgs) -> Result<Arc<Statistics>> {
        let unknown = Statistics::new_unknown(&self.schema());
        Ok(Arc::new(unknown.with_num_rows(Precision::Inexact(ROWS_BY_ROTE))))
    }

    fn gather_filters_for_pushdown(
        &self,
        _: FilterPushdownPhase,
        filters: Vec<Arc<dyn PhysicalExpr>>,
        _: &ConfigOptions,
    ) -> Result<FilterDescription> {
        gate::sinking(self, filters, |filter| !self.closed && can_pass(filter))
    }

    fn handle_child_pushdown_result(
        &self,
        _: FilterPushdownPhase,
        result: ChildPushdownResult,
        _: &ConfigOptions,
    ) -> Result<FilterPushdownPropagation<Arc<dyn ExecutionPlan>>> {
        Ok(FilterPushdownPropagation::if_all(result))
    }
}

/// Refuses a plan in which anything is computed below a barrier but the row filter and what may pass to it: the engine would
/// have moved an expression of the user's there. Below joins stand the sub-selects of row filters, which compute what they like.
pub(crate) fn check(plan: &LogicalPlan) -> Result<()> {
    let mut computed = None;
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::Extension(extension) = node
            && let Some(barrier) = extension.node.as_any().downcast_ref::<Barrier>()
        {
            computed = computed_below(&barrier.input).cloned();
        }
        Ok(if computed.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    match computed {
        None => Ok(()),
        Some(expr) => Err(DataFusionError::Internal(format!("{expr} is computed below a barrier"))),
    }
}

fn computed_below(plan: &LogicalPlan) -> Option<&Expr> {
    match plan {
        LogicalPlan::Projection(projection) => {
            let computed = projection.expr.iter().find(|expr| !may_stand_below(expr));
            computed.or_else(|| computed_below(&projection.input))
        }
        LogicalPlan::Filter(filter) => computed_below(&filter.input),
        LogicalPlan::SubqueryAlias(alias) => computed_below(&alias.input),
        _ => None,
    }
}

/// Columns and constants. What a row filter says twice, the engine computes once, below it, under such a name.
fn may_stand_below(expr: &Expr) -> bool {
    match expr {
        Expr::Column(_) | Expr::Literal(..) => true,
        Expr::Alias(alias) => alias.name.starts_with("__common_expr") || may_stand_below(&alias.expr),
        _ => false,
    }
}

/// Makes the physical barrier of a logical one.
#[derive(Debug)]
pub(crate) struct BarrierPlanner;

#[async_trait]
impl ExtensionPlanner for BarrierPlanner {
    async fn plan_extension(
        &self,
        _planner: &dyn PhysicalPlanner,
        node: &dyn UserDefinedLogicalNode,
        _logical_inputs: &[&LogicalPlan],
        physical_inputs: &[Arc<dyn ExecutionPlan>],
        session: &dyn Session,
        context: &PhysicalPlanningContext,
    ) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let (Some(barrier), [input]) = (node.as_any().downcast_ref::<Barrier>(), physical_inputs) else {
            return Ok(None);
        };
        let closed = barrier.closed || barrier.joins;
        let plan: Arc<dyn ExecutionPlan> = Arc::new(BarrierExec { input: Arc::clone(input), closed });
        let Some(predicate) = conjunction(barrier.above.clone()) else { return Ok(Some(plan)) };
        let properties = session.execution_props();
        let predicate = create_physical_expr(&predicate, barrier.input.schema(), properties, context)?;
        Ok(Some(Arc::new(FilterExec::try_new(predicate, plan)?)))
    }
}
