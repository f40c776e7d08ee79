//! The engine's reading of aggregates off statistics instead of rows, kept from where these are wrong.
//!
//! Of a column that is one constant it takes one distinct value for certain: but there is none without rows, and NULL is
//! none, as `count(DISTINCT x)` of a column that a mask makes NULL. So it runs only on plans without such aggregates.

use std::sync::Arc;

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::config::ConfigOptions;
use datafusion::error::Result;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::aggregates::AggregateExec;

/// A rule that runs on plans in which no aggregate is DISTINCT.
#[derive(Debug)]
pub(super) struct OfAllRows(pub Arc<dyn PhysicalOptimizerRule + Send + Sync>);

impl PhysicalOptimizerRule for OfAllRows {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, config: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        let mut is_distinct = false;
        plan.apply(|node| {
            let aggregate = node.downcast_ref::<AggregateExec>();
            is_distinct |= aggregate.is_some_and(|node| node.aggr_expr().iter().any(|call| call.is_distinct()));
            Ok(if is_distinct { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
        })?;
        if is_distinct { Ok(plan) } else { self.0.optimize(plan, config) }
    }

    fn name(&self) -> &str {
        self.0.name()
    }

    fn schema_check(&self) -> bool {
        self.0.schema_check()
    }
}
