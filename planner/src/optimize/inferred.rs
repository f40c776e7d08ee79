//! Conditions that the engine adds to the sides of a join, or puts before those of its ON, kept from failing.
//!
//! Of `t.k = u.k AND 10 / t.k > 1` it makes `10 / u.k > 1` for the rows of u, and of `t.a <> u.b AND 10 / t.a > 1 OR t.a = 5` it
//! makes `10 / t.a > 1 OR t.a = 5` for those of t. No row is in the result for them that isn't anyway, but they are computed for rows
//! that nothing else of the statement looks at. So those that may fail are taken out again. And of `ON t.a <> u.b` and
//! `WHERE 10 / (t.a - u.b) > 1` the former comes first, as in PostgreSQL.

use std::sync::Arc;

use datafusion::common::tree_node::Transformed;
use datafusion::logical_expr::logical_plan::{Filter, Join};
use datafusion::logical_expr::utils::{conjunction, split_conjunction, split_conjunction_owned};
use datafusion::logical_expr::{Expr, LogicalPlan};

use crate::bind::pg::may_fail;

/// A join before its conditions are moved, if one of them may fail.
pub(super) struct Given {
    /// Those above the join.
    above: Vec<Expr>,
    /// Those of its ON.
    own: Vec<Expr>,
    left: Arc<LogicalPlan>,
    right: Arc<LogicalPlan>,
}

impl Given {
    pub(super) fn of(plan: &LogicalPlan) -> Option<Self> {
        let mut above = Vec::new();
        let mut plan = plan;
        while let LogicalPlan::Filter(filter) = plan {
            above.extend(split_conjunction(&filter.predicate));
            plan = &filter.input;
        }
        let LogicalPlan::Join(join) = plan else { return None };
        let own: Vec<&Expr> = join.filter.iter().flat_map(split_conjunction).collect();
        above.iter().chain(&own).any(|condition| may_fail(condition)).then(|| Self {
            above: above.into_iter().cloned().collect(),
            own: own.into_iter().cloned().collect(),
            left: Arc::clone(&join.left),
            right: Arc::clone(&join.right),
        })
    }

    /// The plan that the engine made of it, without what it added.
    pub(super) fn kept(&self, plan: Transformed<LogicalPlan>) -> Transformed<LogicalPlan> {
        plan.update_data(|plan| self.without_added(plan))
    }

    fn without_added(&self, plan: LogicalPlan) -> LogicalPlan {
        match plan {
            LogicalPlan::Filter(filter) => {
                let input = Arc::new(self.without_added(Arc::unwrap_or_clone(filter.input)));
                LogicalPlan::Filter(Filter::new(filter.predicate, input))
            }
            LogicalPlan::Join(join) => {
                let (left, right) = (self.side(join.left, &self.left), self.side(join.right, &self.right));
                let filter = join.filter.and_then(|filter| conjunction(self.in_order(split_conjunction_owned(filter))));
                LogicalPlan::Join(Join { left, right, filter, ..join })
            }
            other => other,
        }
    }

    /// A side of the join: as it was, or below a filter of what was moved and added.
    fn side(&self, side: Arc<LogicalPlan>, before: &Arc<LogicalPlan>) -> Arc<LogicalPlan> {
        let LogicalPlan::Filter(filter) = side.as_ref() else { return side };
        if !Arc::ptr_eq(&filter.input, before) {
            return side;
        }
        let mut moved = split_conjunction_owned(filter.predicate.clone());
        let is_given = |condition: &Expr| self.above.contains(condition) || self.own.contains(condition);
        moved.retain(|condition| is_given(condition) || !may_fail(condition));
        match conjunction(self.in_order(moved)) {
            Some(moved) => Arc::new(LogicalPlan::Filter(Filter::new(moved, Arc::clone(before)))),
            None => Arc::clone(before),
        }
    }

    /// ON's come before those above.
    fn in_order(&self, conditions: Vec<Expr>) -> impl Iterator<Item = Expr> {
        let (own, above): (Vec<Expr>, Vec<Expr>) =
            conditions.into_iter().partition(|condition| self.own.contains(condition));
        own.into_iter().chain(above)
    }
}

#[cfg(test)]
mod tests {
    use super::super::constant_filters::PushDownFilters;
    use super::*;
    use datafusion::common::JoinType;
    use datafusion::logical_expr::{LogicalPlanBuilder, Operator, binary_expr, col, lit};
    use datafusion::optimizer::{OptimizerContext, OptimizerRule};

    fn table(name: &str) -> LogicalPlan {
        let rows = LogicalPlanBuilder::values(vec![vec![lit(1_i32), lit(2_i32)]]).unwrap();
        let named = rows.project([col("column1").alias("k"), col("column2").alias("z")]).unwrap();
        named.alias(name).unwrap().build().unwrap()
    }

    /// A join on k, with a condition of its own and one above it, after the rule.
    fn moved(own: Expr, above: Expr) -> String {
        let join = LogicalPlanBuilder::from(table("t"));
        let join = join.join(table("u"), JoinType::Inner, (vec!["t.k"], vec!["u.k"]), Some(own)).unwrap();
        let plan = join.filter(above).unwrap().build().unwrap();
        PushDownFilters::default().rewrite(plan, &OptimizerContext::new()).unwrap().data.display_indent().to_string()
    }

    fn quotient(divisor: Expr) -> Expr {
        binary_expr(lit(10_i32), Operator::Divide, divisor).gt(lit(1_i32))
    }

    #[test]
    fn what_may_fail_is_made_for_no_other_side() {
        let plan = moved(col("t.z").gt(col("u.z")), quotient(col("t.k")).and(col("t.k").gt(lit(0_i32))));
        assert!(plan.contains("/ t.k") && plan.contains("u.k > "), "{plan}");
        assert!(!plan.contains("/ u.k"), "{plan}");
    }

    #[test]
    fn conditions_of_the_join_come_first() {
        let difference = binary_expr(col("t.z"), Operator::Minus, col("u.z"));
        let plan = moved(col("t.z").not_eq(col("u.z")), quotient(difference));
        let (own, above) = (plan.find("t.z != u.z").unwrap(), plan.find("t.z - u.z").unwrap());
        assert!(own < above, "{plan}");
    }
}
