//! Conditions in the arguments of aggregates and window functions, and in FILTER, as [`super::in_order`] has those of filters
//! and projections: what stands to the right is computed only for rows that the left doesn't decide.
//!
//! The left side is computed again for those rows, so it must be one that can neither fail nor take long; and it holds
//! nothing that was made so before, so that the whole grows by no more than itself.

use datafusion::common::DFSchema;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::Result;
use datafusion::logical_expr::{BinaryExpr, Case, Expr, LogicalPlan, Operator, lit, not};

use crate::pushdown::leakproof::is_leakproof;

/// The plan behind the rule list, which would make AND and OR of a CASE again.
pub(super) fn in_order(plan: LogicalPlan) -> Result<LogicalPlan> {
    Ok(plan.transform_up_with_subqueries(of_node)?.data)
}

fn of_node(node: LogicalPlan) -> Result<Transformed<LogicalPlan>> {
    let schema = match &node {
        LogicalPlan::Aggregate(aggregate) => aggregate.input.schema().as_ref().clone(),
        LogicalPlan::Window(window) => window.input.schema().as_ref().clone(),
        _ => return Ok(Transformed::no(node)),
    };
    node.map_expressions(|expr| {
        let name = expr.schema_name().to_string();
        let changed = of_expr(expr, &schema)?;
        // What the columns are called hangs on their expressions.
        Ok(match changed.transformed && changed.data.schema_name().to_string() != name {
            true => changed.update_data(|expr| expr.alias(name)),
            false => changed,
        })
    })
}

fn of_expr(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    expr.transform_up(|part| {
        let Expr::BinaryExpr(BinaryExpr { left, op, right }) = part else { return Ok(Transformed::no(part)) };
        let is_guarded = match op {
            Operator::And | Operator::Or => !is_leakproof(&right, schema) && is_leakproof(&left, schema),
            _ => false,
        };
        if !is_guarded {
            return Ok(Transformed::no(Expr::BinaryExpr(BinaryExpr { left, op, right })));
        }
        let guard = left.as_ref().clone();
        let both = Expr::BinaryExpr(BinaryExpr { left, op, right });
        Ok(Transformed::yes(match op {
            Operator::And => when(not(guard), lit(false), both),
            _ => when(guard, lit(true), both),
        }))
    })
}

fn when(condition: Expr, then: Expr, otherwise: Expr) -> Expr {
    Expr::Case(Case::new(None, vec![(Box::new(condition), Box::new(then))], Some(Box::new(otherwise))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::datatypes::{DataType, Field, Schema};
    use datafusion::logical_expr::{binary_expr, col};

    #[test]
    fn a_null_on_the_left_leaves_the_right_to_be_computed() {
        let schema = DFSchema::try_from(Schema::new(vec![Field::new("x", DataType::Int64, true)])).unwrap();
        let quotient = binary_expr(lit(1i64), Operator::Divide, col("x")).gt(lit(2i64));
        let value = col("x").eq(lit(0i64)).or(quotient);
        let ordered = of_expr(value.clone(), &schema).unwrap().data.to_string();
        assert_eq!(ordered, format!("CASE WHEN x = Int64(0) THEN Boolean(true) ELSE {value} END"));
        let plain = col("x").eq(lit(0i64)).or(col("x").is_null());
        assert!(!of_expr(plain, &schema).unwrap().transformed);
    }
}
