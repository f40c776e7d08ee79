//! Which filters may sink into a Delta scan.
//!
//! Only those that can't fail on any value: a failure inside a Parquet reader would reach the user as text without a
//! SQLSTATE, and would tell of rows that a row filter above takes away. And none whose answer statistics get wrong: a
//! file's largest float leaves NaN out, while NaN is larger than every number; and the log writes numbers as floats, of
//! which a decimal of many digits is none. Nor one over a column that isn't shown as the files have it.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator};
use datafusion::physical_expr::expressions as physical;
use datafusion::physical_plan::PhysicalExpr;

use super::held;
use crate::pattern::is_compared;

/// So many digits of a decimal come back from a float as they were.
const EXACT_DIGITS: u8 = 15;
/// Longer lists stay above: the log's reader turns a list into a chain of comparisons, and walks it recursively.
const MAX_LIST: usize = 1000;

/// Whether a conjunct of a logical plan may sink.
pub fn can_sink(filter: &Expr, columns: &Schema) -> bool {
    match filter {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::And | Operator::Or, right }) => {
            can_sink(left, columns) && can_sink(right, columns)
        }
        Expr::BinaryExpr(BinaryExpr { left, op, right }) if below(left, *op, right, columns) => true,
        other => is_exact(other, columns),
    }
}

fn is_exact(filter: &Expr, columns: &Schema) -> bool {
    match filter {
        Expr::Column(column) => columns.field_with_name(&column.name).is_ok_and(exact_field),
        Expr::Literal(value, _) => exact_type(&value.data_type()),
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            is_plain(*op) && is_exact(left, columns) && is_exact(right, columns)
        }
        Expr::Not(inner) | Expr::IsTrue(inner) | Expr::IsFalse(inner) | Expr::IsUnknown(inner) => {
            is_exact(inner, columns)
        }
        Expr::IsNull(inner) | Expr::IsNotNull(inner) => {
            matches!(inner.as_ref(), Expr::Column(_)) || is_exact(inner, columns)
        }
        Expr::Between(between) => [&between.expr, &between.low, &between.high].iter().all(|e| is_exact(e, columns)),
        Expr::InList(list) => {
            list.list.len() <= MAX_LIST
                && is_exact(&list.expr, columns)
                && list.list.iter().all(|e| matches!(e, Expr::Literal(..)))
        }
        Expr::Like(like) => {
            like.escape_char.is_none()
                && !like.case_insensitive
                && is_exact(&like.expr, columns)
                && matches!(like.pattern.as_ref(), Expr::Literal(value, _) if is_plain_pattern(value))
        }
        _ => false,
    }
}

/// Whether a predicate of a physical plan may sink; a dynamic filter of a join or a top-N only compares.
pub fn can_sink_physical(filter: &Arc<dyn PhysicalExpr>, columns: &Schema) -> bool {
    let node = filter.as_ref();
    if let Some(column) = node.downcast_ref::<physical::Column>() {
        return columns.fields().get(column.index()).is_some_and(|field| exact_field(field));
    }
    if let Some(literal) = node.downcast_ref::<physical::Literal>() {
        return exact_type(&literal.value().data_type());
    }
    if let Some(cast) = node.downcast_ref::<physical::CastExpr>() {
        return can_sink_physical(cast.expr(), columns)
            && cast.expr().data_type(columns).is_ok_and(|from| widens(&from, cast.cast_type()));
    }
    if let Some(like) = node.downcast_ref::<physical::LikeExpr>() {
        let pattern = like.pattern().downcast_ref::<physical::Literal>();
        return !like.case_insensitive()
            && pattern.is_some_and(|pattern| is_plain_pattern(pattern.value()))
            && can_sink_physical(like.expr(), columns);
    }
    let plain = node.is::<physical::DynamicFilterPhysicalExpr>()
        || node.is::<physical::IsNullExpr>()
        || node.is::<physical::IsNotNullExpr>()
        || node.is::<physical::NotExpr>()
        || node.is::<physical::InListExpr>()
        || node.downcast_ref::<physical::BinaryExpr>().is_some_and(|binary| is_plain(*binary.op()));
    plain && filter.children().into_iter().all(|child| can_sink_physical(child, columns))
}

fn is_plain_pattern(value: &ScalarValue) -> bool {
    value.try_as_str().flatten().is_some_and(is_compared)
}

/// Comparisons and connectives: defined for every pair of values of a type.
fn is_plain(op: Operator) -> bool {
    use Operator::{And, Eq, Gt, GtEq, IsDistinctFrom, IsNotDistinctFrom, Lt, LtEq, NotEq, Or};
    matches!(op, And | Or | Eq | NotEq | Lt | LtEq | Gt | GtEq | IsDistinctFrom | IsNotDistinctFrom)
}

/// `column < number` on floats: no NaN is below anything, so what the statistics say is true.
fn below(left: &Expr, op: Operator, right: &Expr, columns: &Schema) -> bool {
    let (column, op, literal) = match (left, right) {
        (Expr::Column(column), Expr::Literal(literal, _)) => (column, Some(op), literal),
        (Expr::Literal(literal, _), Expr::Column(column)) => (column, op.swap(), literal),
        _ => return false,
    };
    matches!(op, Some(Operator::Lt | Operator::LtEq)) && is_number(literal) && columns.index_of(&column.name).is_ok()
}

/// Casts of integers that every value survives, such as the planner puts round the narrower key of a join.
fn widens(from: &DataType, to: &DataType) -> bool {
    match (from.is_signed_integer() && to.is_signed_integer(), from.primitive_width(), to.primitive_width()) {
        (true, Some(from), Some(to)) => from <= to,
        _ => from == to,
    }
}

fn is_number(value: &ScalarValue) -> bool {
    match value {
        ScalarValue::Float64(Some(v)) => v.is_finite(),
        ScalarValue::Float32(Some(v)) => v.is_finite(),
        _ => false,
    }
}

fn exact_field(field: &Field) -> bool {
    held::is_as_in_files(field) && exact_type(field.data_type())
}

/// Whether the log's least and greatest value of a column are values of it.
pub fn is_exact_in_log(data_type: &DataType) -> bool {
    match data_type {
        DataType::Boolean | DataType::Date32 => true,
        DataType::Decimal128(..) => exact_type(data_type),
        other => other.is_integer(),
    }
}

fn exact_type(data_type: &DataType) -> bool {
    match data_type {
        DataType::Float16 | DataType::Float32 | DataType::Float64 => false,
        DataType::Decimal128(digits, _) => *digits <= EXACT_DIGITS,
        DataType::Decimal256(..) => false,
        other => !other.is_nested(),
    }
}
