//! The engine's pushdown of filters in logical plans, kept from moving conditions on nothing below an aggregate of nothing.
//!
//! It moves a condition below an aggregate if all columns of the condition are grouped by. One that names no column, such as
//! what is left of `x NOT IN (NULL, 17)`, always is; but an aggregate without groups gives a row of no rows, so that such a
//! condition would no longer take it away. Nor may it leave conditions that fail on the sides of a join (see [`super::inferred`]).

use std::sync::Arc;

use datafusion::common::tree_node::Transformed;
use datafusion::error::Result;
use datafusion::logical_expr::logical_plan::{Aggregate, Filter};
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{Expr, GroupingSet, LogicalPlan};
use datafusion::optimizer::optimizer::ApplyOrder;
use datafusion::optimizer::push_down_filter::PushDownFilter;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};

use super::inferred::Given;

/// The engine's rule but for what it does wrong.
#[derive(Debug, Default)]
pub(super) struct PushDownFilters(PushDownFilter);

impl OptimizerRule for PushDownFilters {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        self.0.apply_order()
    }

    fn supports_rewrite(&self) -> bool {
        true
    }

    fn rewrite(&self, plan: LogicalPlan, config: &dyn OptimizerConfig) -> Result<Transformed<LogicalPlan>> {
        let given = Given::of(&plan);
        let moved = self.moved(plan, config)?;
        Ok(match given {
            Some(given) => given.kept(moved),
            None => moved,
        })
    }
}

impl PushDownFilters {
    fn moved(&self, plan: LogicalPlan, config: &dyn OptimizerConfig) -> Result<Transformed<LogicalPlan>> {
        let LogicalPlan::Filter(filter) = &plan else { return self.0.rewrite(plan, config) };
        let (conditions, input) = merged(filter);
        let over_nothing =
            matches!(input.as_ref(), LogicalPlan::Aggregate(aggregate) if gives_row_of_nothing(aggregate));
        let (on_nothing, others): (Vec<Expr>, Vec<Expr>) =
            conditions.into_iter().partition(|condition| condition.column_refs().is_empty());
        if !over_nothing || on_nothing.is_empty() {
            return self.0.rewrite(plan, config);
        }
        let Some(others) = conjunction(others) else { return Ok(Transformed::no(plan)) };
        let below = LogicalPlan::Filter(Filter::try_new(others, Arc::clone(input))?);
        self.0.rewrite(below, config)?.map_data(|below| above(on_nothing, below))
    }
}

/// The conditions of filters that stand on each other, and what they stand on.
fn merged(filter: &Filter) -> (Vec<Expr>, &Arc<LogicalPlan>) {
    let mut conditions = split_conjunction_owned(filter.predicate.clone());
    let mut input = &filter.input;
    while let LogicalPlan::Filter(below) = input.as_ref() {
        conditions.extend(split_conjunction_owned(below.predicate.clone()));
        input = &below.input;
    }
    (conditions, input)
}

/// Whether the aggregate has a row where its input has none.
fn gives_row_of_nothing(aggregate: &Aggregate) -> bool {
    match aggregate.group_expr.as_slice() {
        [] => true,
        [Expr::GroupingSet(GroupingSet::GroupingSets(sets))] => sets.iter().any(Vec::is_empty),
        groups => groups.iter().any(|group| matches!(group, Expr::GroupingSet(_))),
    }
}

/// One filter over what is below, since two would be merged and moved as one.
fn above(conditions: Vec<Expr>, below: LogicalPlan) -> Result<LogicalPlan> {
    let (left, input) = match &below {
        LogicalPlan::Filter(filter) => merged(filter),
        _ => (Vec::new(), &Arc::new(below.clone())),
    };
    let predicate = conjunction(left.into_iter().chain(conditions));
    match predicate {
        Some(predicate) => Ok(LogicalPlan::Filter(Filter::try_new(predicate, Arc::clone(input))?)),
        None => Ok(below),
    }
}
