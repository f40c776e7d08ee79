//! Wide constants: the engine writes a constant out for every row of a batch, so that a text of megabytes becomes
//! gigabytes before any budget is asked.

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{Expr, LogicalPlan};

use crate::functions::{FunctionError, MAX_BATCH_BYTES};

/// A constant of a plan that reads rows. A list of half a million keys fits.
const MAX_CONSTANT_BYTES: usize = 4 << 20;

/// How many rows a batch of the plan may have at most so that its widest constant, written out for all of them, stays
/// within bounds; none if the usual number does.
pub(super) fn batch_size(plan: &LogicalPlan, usual: usize) -> Result<Option<usize>> {
    let (widest, reads_rows) = survey(plan)?;
    let limit = usize::try_from(MAX_BATCH_BYTES).unwrap_or(usize::MAX);
    if !reads_rows || widest.saturating_mul(usual) <= limit {
        return Ok(None);
    }
    if widest > MAX_CONSTANT_BYTES {
        return Err(DataFusionError::External(Box::new(FunctionError::TooLarge)));
    }
    Ok(Some((limit / widest).max(1)))
}

/// The widest constant's bytes, and whether there may be more rows than the plan has nodes.
fn survey(plan: &LogicalPlan) -> Result<(usize, bool)> {
    let (mut widest, mut reads_rows) = (0, false);
    plan.apply_with_subqueries(|node| {
        let of_few = matches!(
            node,
            LogicalPlan::EmptyRelation(_)
                | LogicalPlan::Projection(_)
                | LogicalPlan::Filter(_)
                | LogicalPlan::Union(_)
                | LogicalPlan::SubqueryAlias(_)
                | LogicalPlan::Limit(_)
                | LogicalPlan::Sort(_)
                | LogicalPlan::Aggregate(_)
                | LogicalPlan::Window(_)
                | LogicalPlan::Distinct(_)
        );
        reads_rows |= !of_few;
        node.apply_expressions(|expr| {
            expr.apply(|part| {
                if let Expr::Literal(value, _) = part {
                    widest = widest.max(value.size());
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    })?;
    Ok((widest, reads_rows))
}

#[cfg(test)]
mod tests {
    use datafusion::logical_expr::{LogicalPlanBuilder, lit};

    use super::*;

    fn over(rows: LogicalPlanBuilder, bytes: usize) -> LogicalPlan {
        rows.project(vec![lit("x".repeat(bytes))]).unwrap().build().unwrap()
    }

    fn rows() -> LogicalPlanBuilder {
        LogicalPlanBuilder::values(vec![vec![lit(1)], vec![lit(2)]]).unwrap()
    }

    #[test]
    fn batches_shrink_with_their_constants() {
        assert_eq!(batch_size(&over(rows(), 1000), 8192).unwrap(), None);
        let narrow = batch_size(&over(rows(), 1 << 20), 8192).unwrap().unwrap();
        assert!((200..=256).contains(&narrow), "{narrow}");
        assert!(batch_size(&over(rows(), 5 << 20), 8192).is_err());
        assert_eq!(batch_size(&over(LogicalPlanBuilder::empty(true), 5 << 20), 8192).unwrap(), None);
    }
}
