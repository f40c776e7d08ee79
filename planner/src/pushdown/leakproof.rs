//! Moves leakproof predicates of the user below a row filter's barrier, so that sources can use them.
//!
//! A predicate is leakproof if evaluating it on a hidden row can neither fail nor be observed: comparisons of columns
//! and constants of one type, tests for NULL, lists, and their boolean combinations. PostgreSQL draws the same line
//! with `proleakproof` (documentation, "Rules and Privileges"). All else waits above the barrier.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::Transformed;
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::error::Result;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::logical_plan::{Extension, Filter};
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable, LogicalPlan, Operator};
use datafusion::optimizer::optimizer::ApplyOrder;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};

use weir_connectors::pattern::is_compared;

use crate::functions::pg::{makes_key, name_of};
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
    is_safe(expr, schema, &|_| false)
}

/// Whether evaluating the expression fails on no row, however long it takes.
pub(crate) fn is_total(expr: &Expr, schema: &DFSchema) -> bool {
    let total = |part: &Expr| is_total(part, schema);
    // What reads no column is the same for all rows.
    let is_constant = |part: &Expr| part.column_refs().is_empty() && !part.contains_outer();
    is_safe(expr, schema, &|part| match part {
        Expr::ScalarFunction(_) | Expr::Cast(_) if is_constant(part) => true,
        Expr::BinaryExpr(binary) => !is_logic(binary.op) && is_constant(part),
        Expr::ScalarSubquery(subquery) => subquery.outer_ref_columns.is_empty(),
        Expr::ScalarFunction(call) => is_total_function(call) && call.args.iter().all(total),
        Expr::Case(case) => {
            let branches = case.when_then_expr.iter().flat_map(|(when, then)| [when, then]);
            case.expr.iter().chain(branches).chain(&case.else_expr).all(|part| total(part))
        }
        Expr::AggregateFunction(call) => {
            let params = &call.params;
            matches!(call.func.name(), "count" | "min" | "max")
                && params.filter.is_none()
                && params.args.iter().all(total)
        }
        _ => false,
    })
}

/// Functions that have a result for all arguments of their types.
fn is_total_function(call: &ScalarFunction) -> bool {
    match (name_of(&call.func), call.args.as_slice()) {
        // Told to cut what is too long, and not to refuse it.
        (Some("bpchar" | "varchar"), [_, _]) => true,
        (Some("intdiv" | "intmod"), [_, Expr::Literal(divisor, _)]) => is_safe_divisor(divisor),
        (Some(own), _) => makes_key(own) || TOTAL.contains(&own),
        (None, _) => matches!(call.func.name(), "coalesce" | "now"),
    }
}

/// Not the divisor zero, nor the one by which the least integer has no quotient.
fn is_safe_divisor(divisor: &ScalarValue) -> bool {
    let divisor = match divisor {
        ScalarValue::Int16(divisor) => divisor.map(i64::from),
        ScalarValue::Int32(divisor) => divisor.map(i64::from),
        ScalarValue::Int64(divisor) => *divisor,
        _ => None,
    };
    divisor.is_some_and(|divisor| divisor != 0 && divisor != -1)
}

const TOTAL: [&str; 33] = [
    "bool_to_text",
    "bpcharlen",
    "btrim",
    "btrim1",
    "date_beside_timestamptz",
    "date_cmp_timestamp",
    "date_cmp_timestamptz",
    "initcap",
    "lower",
    "ltrim",
    "ltrim1",
    "nullable",
    "numeric_eq",
    "numeric_ge",
    "numeric_gt",
    "numeric_le",
    "numeric_lt",
    "numeric_ne",
    "rtrim",
    "rtrim1",
    "text_left",
    "text_reverse",
    "text_right",
    "textlen",
    "textpos",
    "timestamp_beside_timestamptz",
    "timestamp_cmp_date",
    "timestamp_cmp_timestamptz",
    "timestamp_date",
    "timestamptz_cmp_date",
    "timestamptz_cmp_timestamp",
    "timestamptz_date",
    "upper",
];

/// Whether it fails on no row; `other` knows more than what is leakproof.
fn is_safe(expr: &Expr, schema: &DFSchema, other: &dyn Fn(&Expr) -> bool) -> bool {
    let safe = |part: &Expr| is_safe(part, schema, other);
    match expr {
        Expr::Column(_) | Expr::Literal(..) => true,
        Expr::Alias(alias) => safe(&alias.expr),
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            // Long chains lean to the left: what fails last in one is found first.
            let computes = || is_logic(*op) || is_comparison(*op) && same_type(left, right, schema);
            safe(right) && safe(left) && computes() || other(expr)
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
        Expr::Cast(cast) if safe(&cast.expr) && widens(&cast.expr, cast.field.data_type(), schema) => true,
        part => other(part),
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

#[cfg(test)]
mod tests {
    use arrow::datatypes::{Field, Schema};
    use datafusion::logical_expr::{col, lit};

    use super::*;
    use crate::functions::pg::call;

    #[test]
    fn what_fails_on_no_row_is_known() {
        let fields = vec![Field::new("a", DataType::Int32, true), Field::new("t", DataType::Utf8, true)];
        let schema = DFSchema::try_from(Schema::new(fields)).unwrap();
        let int = |name, right: Expr| call(name, vec![col("a"), right], DataType::Int32).gt(lit(1_i32));
        let upper = call("upper", vec![col("t")], DataType::Utf8).eq(lit("X"));
        for total in [upper.clone(), int("intmod", lit(2_i32)).and(col("t").is_null()), lit(1_i32).eq(col("a"))] {
            assert!(is_total(&total, &schema), "{total}");
        }
        let read = call("text_to_integer", vec![col("t")], DataType::Int32).eq(lit(1_i32));
        for failing in [int("intdiv", lit(0_i32)), int("intmul", lit(2_i32)), int("intdiv", col("a")), upper.or(read)] {
            assert!(!is_total(&failing, &schema), "{failing}");
        }
    }
}
