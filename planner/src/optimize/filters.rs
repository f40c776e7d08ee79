//! The engine's pushdown of filters in plans that run, kept from where it mixes columns up.
//!
//! It finds a filter's columns in the input of a node by their names alone. Above a join both sides may have a column of
//! one name, and a filter on one side would land on the other. And what a join finds out of the values of one side it hands
//! down to the other, where NULLs don't pass, although for some joins NULL equals NULL. So it runs only on those parts of a
//! plan below whose top no node has a name twice, nor is such a join.

use std::any::Any;
use std::collections::HashSet;
use std::sync::Arc;

use datafusion::common::NullEquality;
use datafusion::config::ConfigOptions;
use datafusion::error::Result;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::aggregate_statistics::AggregateStatistics;
use datafusion::physical_optimizer::filter_pushdown::FilterPushdown;
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;
use datafusion::physical_optimizer::projection_pushdown::ProjectionPushdown;
use datafusion::physical_plan::joins::HashJoinExec;
use datafusion::physical_plan::{ExecutionPlan, replace_children_if_necessary};

use super::guarded::Guarded;
use super::in_order::InOrder;
use super::statistics::OfAllRows;
use super::whole_keys::WholeKeys;

type Rule = Arc<dyn PhysicalOptimizerRule + Send + Sync>;

/// The engine's own rules in the engine's order, with its pushdown of filters and its use of statistics held to what they do
/// right, and ours: before parts of joins' conditions are moved, before what a sort finds out is handed down, and behind all
/// others.
pub(crate) fn physical_rules() -> Vec<Rule> {
    let mut rules = PhysicalOptimizer::new().rules;
    let is_pushdown = |rule: &Rule| {
        let own: &dyn Any = rule.as_ref();
        own.is::<FilterPushdown>()
    };
    let is_of_statistics = |rule: &Rule| {
        let own: &dyn Any = rule.as_ref();
        own.is::<AggregateStatistics>()
    };
    let at = rules.iter().rposition(is_pushdown).unwrap_or(rules.len());
    rules.insert(at, Arc::new(WholeKeys));
    let moves_conditions = |rule: &Rule| {
        let own: &dyn Any = rule.as_ref();
        own.is::<ProjectionPushdown>()
    };
    let at = rules.iter().position(moves_conditions).unwrap_or(rules.len());
    rules.insert(at, Arc::new(Guarded));
    let held = |rule: Rule| -> Rule {
        match () {
            () if is_pushdown(&rule) => Arc::new(Unambiguous(rule)),
            () if is_of_statistics(&rule) => Arc::new(OfAllRows(rule)),
            () => rule,
        }
    };
    let own: Rule = Arc::new(InOrder);
    rules.into_iter().map(held).chain([own]).collect()
}

/// A rule that runs where no name comes twice, and below joins for which NULL equals NULL.
#[derive(Debug)]
struct Unambiguous(Rule);

impl PhysicalOptimizerRule for Unambiguous {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, config: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        match self.visit(plan, config)? {
            Visited::Clear(plan) => self.0.optimize(plan, config),
            Visited::Done(plan) => Ok(plan),
        }
    }

    fn name(&self) -> &str {
        self.0.name()
    }

    fn schema_check(&self) -> bool {
        self.0.schema_check()
    }
}

/// A part of a plan after the walk.
enum Visited {
    /// Neither the top nor any node below it has a name twice; the rule may start here or further up.
    Clear(Arc<dyn ExecutionPlan>),
    /// The rule has run wherever it may.
    Done(Arc<dyn ExecutionPlan>),
}

impl Unambiguous {
    /// Each node is looked at once, from below: the rule starts at the last node whose inputs are all clear.
    fn visit(&self, plan: Arc<dyn ExecutionPlan>, config: &ConfigOptions) -> Result<Visited> {
        let inputs = plan.children().into_iter().map(|input| self.visit(Arc::clone(input), config));
        let inputs = inputs.collect::<Result<Vec<_>>>()?;
        if inputs.iter().all(|input| matches!(input, Visited::Clear(_))) && !takes_nulls(&plan) {
            // The top's own columns are named by nothing below the place where the rule starts.
            return Ok(match has_clear_names(&plan) {
                true => Visited::Clear(plan),
                false => Visited::Done(self.0.optimize(plan, config)?),
            });
        }
        let done = inputs.into_iter().map(|input| match input {
            Visited::Clear(input) => self.0.optimize(input, config),
            Visited::Done(input) => Ok(input),
        });
        let done = done.collect::<Result<Vec<_>>>()?;
        Ok(Visited::Done(replace_children_if_necessary(plan, done)?))
    }
}

/// Whether it is a join for which NULL equals NULL: what it finds out of one side's values would leave out the other's NULLs.
fn takes_nulls(plan: &Arc<dyn ExecutionPlan>) -> bool {
    plan.downcast_ref::<HashJoinExec>().is_some_and(|join| join.null_equality() == NullEquality::NullEqualsNull)
}

fn has_clear_names(plan: &Arc<dyn ExecutionPlan>) -> bool {
    let schema = plan.schema();
    let mut names = HashSet::with_capacity(schema.fields().len());
    schema.fields().iter().all(|field| names.insert(field.name()))
}
