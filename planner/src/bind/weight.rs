//! About how much memory a plan takes. What is kept of statements for the next time is bounded by it: neither their number nor
//! their texts tell, as `repeat('x', 1000000)` is short, and so is a join of wide tables.

use std::collections::HashSet;
use std::ptr;

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan};

/// What a column adds to an operator's schema; names and types are mostly shared.
const COLUMN_BYTES: usize = 160;

/// Bytes of a plan, rough but for the values in it. What is shared counts once.
pub(crate) fn weight(plan: &LogicalPlan) -> Result<usize> {
    let (mut bytes, mut known) = (0, HashSet::new());
    plan.apply_with_subqueries(|node| {
        // The wrapper of a sub-select is made for this call; only what it holds stays where it is.
        if !matches!(node, LogicalPlan::Subquery(_)) && !known.insert(ptr::from_ref(node)) {
            return Ok(TreeNodeRecursion::Jump);
        }
        bytes += size_of::<LogicalPlan>() + COLUMN_BYTES * node.schema().fields().len();
        node.apply_expressions(|expr| {
            expr.apply(|part| {
                bytes += size_of::<Expr>();
                if let Expr::Literal(value, _) = part {
                    bytes += value.size();
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::logical_expr::{LogicalPlanBuilder, SubqueryAlias, lit};

    use super::*;

    #[test]
    fn values_and_columns_weigh_and_what_is_shared_weighs_once() {
        let of = |text: String| LogicalPlanBuilder::empty(true).project([lit(text)]).unwrap();
        let weigh = |plan: LogicalPlanBuilder| weight(&plan.build().unwrap()).unwrap();
        let (small, large) = (weigh(of(String::new())), weigh(of("x".repeat(1 << 20))));
        assert!(small < 10_000 && large - small >= 1 << 20, "{small} {large}");
        let shared = Arc::new(of("x".repeat(1 << 20)).build().unwrap());
        let side = |name: &str| LogicalPlan::SubqueryAlias(SubqueryAlias::try_new(Arc::clone(&shared), name).unwrap());
        let joined = LogicalPlanBuilder::from(side("a")).cross_join(side("b")).unwrap();
        assert!(weigh(joined) < 2 * large);
    }
}
