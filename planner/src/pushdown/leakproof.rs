//! Moves leakproof predicates of the user below a row filter's barrier, so that sources can use them.
//!
//! A predicate is leakproof if evaluating it on a hidden row can neither fail nor be observed: comparisons of columns
//! and constants of one type, tests for NULL, lists, and their boolean combinations. PostgreSQL draws the same line
//! with `proleakproof` (documentation, "Rules and Privileges"). All else waits above the barrier.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::DFSchema;
use datafusion::common::tree_node::Transformed;
use datafusion::error::Result;
use datafusion::logical_expr::logical_plan::{Extension, Filter};
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable, LogicalPlan, Operator};
use datafusion::optimizer::optimizer::ApplyOrder;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};

use weir_connectors::pattern::is_compared;

use crate::permit::barrier::Barrier;

/// The rule; see the module.
#[derive(Debug)]
pub(crate) struct PushLeakproof;

impl OptimizerRule for PushLeakproof {
    fn name(&self) -> &str {
        "push_leakproof"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::TopDown)
    }

    fn supports_rewrite(&self) -> bool {
        true
    }

    fn rewrite(&self, plan: LogicalPlan, _config: &dyn OptimizerConfig) -> Result<Transformed<LogicalPlan>> {
        let LogicalPlan::Filter(filter) = plan else { return Ok(Transformed::no(plan)) };
        let LogicalPlan::Extension(extension) = filter.input.as_ref() else {
            return Ok(Transformed::no(LogicalPlan::Filter(filter)));
        };
        let Some(barrier) = extension.node.as_any().downcast_ref::<Barrier>() else {
            return Ok(Transformed::no(LogicalPlan::Filter(filter)));
        };
        let parts = split_conjunction_owned(filter.predicate.clone());
        let (below, above): (Vec<_>, Vec<_>) = parts.into_iter().partition(|part| barrier.lets_pass(part));
        let Some(below) = conjunction(below) else { return Ok(Transformed::no(LogicalPlan::Filter(filter))) };
        let input = LogicalPlan::Filter(Filter::try_new(below, Arc::new(barrier.input.clone()))?);
        let crossed = LogicalPlan::Extension(Extension { node: Arc::new(barrier.over(input)) });
        Ok(Transformed::yes(match conjunction(above) {
            Some(above) => LogicalPlan::Filter(Filter::try_new(above, Arc::new(crossed))?),
            None => crossed,
        }))
    }
}

/// Whether evaluating the expression on any row can neither fail nor be observed.
pub(crate) fn is_leakproof(expr: &Expr, schema: &DFSchema) -> bool {
    let safe = |part: &Expr| is_leakproof(part, schema);
    match expr {
        Expr::Column(_) | Expr::Literal(..) => true,
        Expr::Alias(alias) => safe(&alias.expr),
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            // Long chains lean to the left: what fails last in one is found first.
            safe(right) && safe(left) && (is_logic(*op) || is_comparison(*op) && same_type(left, right, schema))
        }
        Expr::Not(inner)
        | Expr::IsNull(inner)
        | Expr::IsNotNull(inner)
        | Expr::IsTrue(inner)
        | Expr::IsFalse(inner)
        | Expr::IsUnknown(inner)
        | Expr::IsNotTrue(inner)
        | Expr::IsNotFalse(inner)
        | Expr::IsNotUnknown(inner) => safe(inner),
        Expr::Between(between) => {
            safe(&between.expr)
                && safe(&between.low)
                && safe(&between.high)
                && same_type(&between.expr, &between.low, schema)
                && same_type(&between.expr, &between.high, schema)
        }
        Expr::InList(list) => {
            safe(&list.expr) && list.list.iter().all(|item| safe(item) && same_type(&list.expr, item, schema))
        }
        Expr::Like(like) => {
            let plain = !like.case_insensitive && like.escape_char.is_none();
            plain && safe(&like.expr) && is_plain_pattern(&like.pattern)
        }
        Expr::Cast(cast) => safe(&cast.expr) && widens(&cast.expr, cast.field.data_type(), schema),
        _ => false,
    }
}

fn is_logic(op: Operator) -> bool {
    matches!(op, Operator::And | Operator::Or)
}

/// Operators that compare values of one type and can't fail.
pub(crate) fn is_comparison(op: Operator) -> bool {
    use Operator as O;
    matches!(op, O::Eq | O::NotEq | O::Lt | O::LtEq | O::Gt | O::GtEq | O::IsDistinctFrom | O::IsNotDistinctFrom)
}

/// Types that differ would be converted when the predicate runs, and a conversion can fail.
fn same_type(left: &Expr, right: &Expr, schema: &DFSchema) -> bool {
    match (left.get_type(schema), right.get_type(schema)) {
        (Ok(left), Ok(right)) => left == right || left.is_null() || right.is_null(),
        _ => false,
    }
}

fn is_plain_pattern(pattern: &Expr) -> bool {
    match pattern {
        Expr::Literal(value, _) => value.try_as_str().flatten().is_some_and(is_compared),
        _ => false,
    }
}

/// Conversions that succeed on every value.
fn widens(from: &Expr, to: &DataType, schema: &DFSchema) -> bool {
    use DataType as T;
    let Ok(from) = from.get_type(schema) else { return false };
    let text = |t: &DataType| matches!(t, T::Utf8 | T::LargeUtf8 | T::Utf8View);
    match (&from, to) {
        (same, other) if same == other => true,
        (T::Int8, T::Int16 | T::Int32 | T::Int64) | (T::Int16, T::Int32 | T::Int64) | (T::Int32, T::Int64) => true,
        (T::Int8 | T::Int16 | T::Int32, T::Float64) | (T::Float32, T::Float64) => true,
        (from, to) => text(from) && text(to),
    }
}
