//! Conditions of joins without keys, of which the engine computes what reads one side's columns below the join, once for each
//! row of that side: in `x = 0 OR 10 / x > y`, `10 / x` for rows that the left of OR decides as well. What may fail behind AND, OR
//! or in a branch of CASE stays where it is, to be computed for the pairs of rows that come to it.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, FieldRef, Schema};
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::config::ConfigOptions;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, Operator};
use datafusion::physical_expr::expressions::{BinaryExpr, CaseExpr};
use datafusion::physical_expr::utils::collect_columns;
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::joins::utils::JoinFilter;
use datafusion::physical_plan::joins::{NestedLoopJoinExec, NestedLoopJoinExecBuilder};

use super::in_order::{Ordered, can_fail, in_order};

/// Runs before the engine brings parts of conditions below joins.
#[derive(Debug)]
pub(super) struct Guarded;

impl PhysicalOptimizerRule for Guarded {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        let guarded = |node: Arc<dyn ExecutionPlan>| match node.downcast_ref::<NestedLoopJoinExec>() {
            Some(join) => Ok(joined(join)?.map_or_else(|| Transformed::no(node), Transformed::yes)),
            None => Ok(Transformed::no(node)),
        };
        plan.transform_up(guarded).data()
    }

    fn name(&self) -> &str {
        "guarded"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

fn joined(join: &NestedLoopJoinExec) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    let Some(filter) = join.filter() else { return Ok(None) };
    let condition = guarded(Arc::clone(filter.expression()), filter)?;
    if !condition.transformed {
        return Ok(None);
    }
    let filter = JoinFilter::new(condition.data, filter.column_indices().to_vec(), Arc::clone(filter.schema()));
    let join = NestedLoopJoinExecBuilder::from(join).with_filter(Some(filter)).build()?;
    Ok(Some(Arc::new(join)))
}

/// A part of a join's condition that is computed in any case, with what may fail of it and isn't computed in any case kept whole.
fn guarded(expr: Arc<dyn PhysicalExpr>, condition: &JoinFilter) -> Result<Transformed<Arc<dyn PhysicalExpr>>> {
    // Such a part is computed below the join as it is.
    if is_of_one_side(&expr, condition) {
        return Ok(Transformed::no(expr));
    }
    if let Some(binary) = expr.downcast_ref::<BinaryExpr>()
        && matches!(binary.op(), Operator::And | Operator::Or)
        && can_fail(binary.right())?
    {
        let left = guarded(Arc::clone(binary.left()), condition)?.data;
        let right = Arc::new(Whole::new(Arc::clone(binary.right()), condition)?);
        return Ok(Transformed::yes(Arc::new(Ordered { left, op: *binary.op(), right })));
    }
    let chooses = expr.is::<CaseExpr>()
        || expr.downcast_ref::<ScalarFunctionExpr>().is_some_and(|function| function.fun().short_circuits());
    match chooses && can_fail(&expr)? {
        true => Ok(Transformed::yes(Arc::new(Whole::new(expr, condition)?))),
        false => expr.map_children(|part| guarded(part, condition)),
    }
}

fn is_of_one_side(expr: &Arc<dyn PhysicalExpr>, condition: &JoinFilter) -> bool {
    let columns = collect_columns(expr);
    let mut sides = columns.iter().map(|column| condition.column_indices().get(column.index()).map(|index| index.side));
    let first = sides.next();
    sides.all(|side| Some(side) == first)
}

/// An expression that shows nothing of itself but columns: all of its condition's, so that it isn't taken for one side's.
#[derive(Debug, Eq)]
struct Whole {
    expr: Arc<dyn PhysicalExpr>,
    columns: Vec<Arc<dyn PhysicalExpr>>,
}

impl Whole {
    fn new(expr: Arc<dyn PhysicalExpr>, condition: &JoinFilter) -> Result<Self> {
        let columns = collect_columns(condition.expression()).into_iter();
        let columns = columns.map(|column| Arc::new(column) as Arc<dyn PhysicalExpr>).collect();
        Ok(Self { expr: in_order(expr)?.data, columns })
    }
}

impl PartialEq for Whole {
    fn eq(&self, other: &Self) -> bool {
        self.expr.eq(&other.expr) && self.columns == other.columns
    }
}

impl Hash for Whole {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.expr.hash(state);
    }
}

impl fmt::Display for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}

impl PhysicalExpr for Whole {
    fn data_type(&self, schema: &Schema) -> Result<DataType> {
        self.expr.data_type(schema)
    }

    fn nullable(&self, schema: &Schema) -> Result<bool> {
        self.expr.nullable(schema)
    }

    fn return_field(&self, schema: &Schema) -> Result<FieldRef> {
        self.expr.return_field(schema)
    }

    fn evaluate(&self, batch: &RecordBatch) -> Result<ColumnarValue> {
        self.expr.evaluate(batch)
    }

    fn children(&self) -> Vec<&Arc<dyn PhysicalExpr>> {
        self.columns.iter().collect()
    }

    fn with_new_children(self: Arc<Self>, columns: Vec<Arc<dyn PhysicalExpr>>) -> Result<Arc<dyn PhysicalExpr>> {
        let expr = Arc::clone(&self.expr).transform_up(|part| {
            let at = self.columns.iter().position(|column| column.eq(&part));
            Ok(match at.and_then(|at| columns.get(at)) {
                Some(column) => Transformed::yes(Arc::clone(column)),
                None => Transformed::no(part),
            })
        })?;
        Ok(Arc::new(Self { expr: expr.data, columns }))
    }

    fn fmt_sql(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt_sql(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::datatypes::Field;
    use datafusion::common::JoinType;
    use datafusion::physical_expr::expressions::{binary, col, lit};
    use datafusion::physical_optimizer::projection_pushdown::ProjectionPushdown;
    use datafusion::physical_plan::displayable;
    use datafusion::physical_plan::empty::EmptyExec;

    /// A join of x and y by a condition, after the rule and the engine's.
    fn pushed(condition: impl Fn(&Schema) -> Result<Arc<dyn PhysicalExpr>>) -> String {
        let side = |name| Arc::new(Schema::new(vec![Field::new(name, DataType::Int32, true)]));
        let both = Schema::new(["x", "y"].map(|name| Field::new(name, DataType::Int32, true)).to_vec());
        let indices = JoinFilter::build_column_indices(vec![0], vec![0]);
        let filter = JoinFilter::new(condition(&both).unwrap(), indices, Arc::new(both));
        let [left, right] = [side("x"), side("y")].map(|schema| Arc::new(EmptyExec::new(schema)));
        let join = NestedLoopJoinExec::try_new(left, right, Some(filter), &JoinType::Left, None).unwrap();
        let options = ConfigOptions::default();
        let plan = Guarded.optimize(Arc::new(join), &options).unwrap();
        let plan = ProjectionPushdown::new().optimize(plan, &options).unwrap();
        displayable(plan.as_ref()).indent(false).to_string()
    }

    fn quotient(schema: &Schema) -> Result<Arc<dyn PhysicalExpr>> {
        let quotient = binary(lit(10_i32), Operator::Divide, col("x", schema)?, schema)?;
        binary(quotient, Operator::Gt, col("y", schema)?, schema)
    }

    #[test]
    fn what_may_fail_stays_behind_what_decides() {
        let plan = pushed(|schema| {
            let guard = binary(col("x", schema)?, Operator::NotEq, lit(0_i32), schema)?;
            binary(guard, Operator::And, quotient(schema)?, schema)
        });
        assert!(plan.contains("AND 10 / x@0 > y@1") && !plan.contains("10 / x@0 as"), "{plan}");
    }

    #[test]
    fn what_is_computed_in_any_case_is_computed_below() {
        let plan = pushed(quotient);
        assert!(plan.contains("10 / x@0 as"), "{plan}");
    }
}
