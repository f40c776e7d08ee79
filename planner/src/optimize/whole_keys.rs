//! Gives the sorts below a merge all of the merge's keys.
//!
//! The engine leaves a key out of a sort where each partition has one value of it: of `SELECT 1 ... UNION ALL SELECT 2 ...`
//! each does. But a sort with a limit shares its bound among its partitions, and without the key a row of one partition
//! would throw out rows of another that come before it.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::config::ConfigOptions;
use datafusion::error::Result;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::sorts::sort_preserving_merge::SortPreservingMergeExec;
use datafusion::physical_plan::{ExecutionPlan, replace_children_if_necessary};

/// Runs before the bounds of sorts are handed down to sources.
#[derive(Debug)]
pub(super) struct WholeKeys;

impl PhysicalOptimizerRule for WholeKeys {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        let whole = |node: Arc<dyn ExecutionPlan>| match node.downcast_ref::<SortPreservingMergeExec>().and_then(whole)
        {
            Some(sort) => replace_children_if_necessary(node, vec![Arc::new(sort)]).map(Transformed::yes),
            None => Ok(Transformed::no(node)),
        };
        plan.transform_up(whole).data()
    }

    fn name(&self) -> &str {
        "whole_keys"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// The sort below a merge with the merge's keys, if it has a limit and other keys.
fn whole(merge: &SortPreservingMergeExec) -> Option<SortExec> {
    let sort = merge.input().downcast_ref::<SortExec>()?;
    let is_partial = sort.fetch().is_some() && sort.preserve_partitioning() && sort.expr() != merge.expr();
    is_partial.then(|| {
        let whole = SortExec::new(merge.expr().clone(), Arc::clone(sort.input()));
        whole.with_preserve_partitioning(true).with_fetch(sort.fetch())
    })
}
