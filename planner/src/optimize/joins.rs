//! The engine's flattening of inner joins, kept from where it is wrong.
//!
//! It takes the keys of joins inside of each other together, and then compares all of them as the outermost join compares its
//! own: NULL with NULL as equal, or not. Where a join takes NULL for equal, as one by IS NOT DISTINCT FROM does, the joins stay
//! as they are.

use datafusion::common::tree_node::{Transformed, TreeNodeRecursion};
use datafusion::common::{JoinType, NullEquality};
use datafusion::error::Result;
use datafusion::logical_expr::LogicalPlan;
use datafusion::optimizer::eliminate_cross_join::EliminateCrossJoin;
use datafusion::optimizer::optimizer::ApplyOrder;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};

/// [`EliminateCrossJoin`] on plans without inner joins for which NULL equals NULL.
#[derive(Debug, Default)]
pub(super) struct FlattenJoins(EliminateCrossJoin);

impl OptimizerRule for FlattenJoins {
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
        let mut takes_nulls = false;
        plan.apply_with_subqueries(|node| {
            takes_nulls |= matches!(node, LogicalPlan::Join(join)
                if join.join_type == JoinType::Inner && join.null_equality == NullEquality::NullEqualsNull);
            Ok(if takes_nulls { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
        })?;
        if takes_nulls { Ok(Transformed::no(plan)) } else { self.0.rewrite(plan, config) }
    }
}
