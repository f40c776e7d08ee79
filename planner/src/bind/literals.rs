//! Text constants take the type that they are compared with, or cast to, as PostgreSQL's `unknown` literals do.
//!
//! The engine would rather turn the column into text: `month = 'x'` would be false instead of an error, and `id = '05'`
//! too. Where the text is no value of the type, that is an error of the statement, found before anything runs.

use arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::config::ConfigOptions;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::expr::{Between, Cast, InList};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable, LogicalPlan};
use datafusion::optimizer::AnalyzerRule;

use crate::PlanError;
use crate::pushdown::leakproof::is_comparison;

/// The rule over whole plans; it runs before the engine's own type coercion.
#[derive(Debug)]
pub(crate) struct AdoptTypes;

impl AnalyzerRule for AdoptTypes {
    fn name(&self) -> &str {
        "adopt_types"
    }

    fn analyze(&self, plan: LogicalPlan, _config: &ConfigOptions) -> Result<LogicalPlan> {
        let adopted = plan.transform_up_with_subqueries(|node| {
            let schema = match &node {
                // A scan's filters speak of all its columns; it has none yet.
                LogicalPlan::TableScan(_) => return Ok(Transformed::no(node)),
                other => merge_schema(&other.inputs()),
            };
            let names = NamePreserver::new(&node);
            node.map_expressions(|expr| {
                let name = names.save(&expr);
                Ok(adopt(expr, &schema)?.update_data(|expr| name.restore(expr)))
            })
        })?;
        Ok(adopted.data)
    }
}

/// The expression with its text constants in the types of what they meet.
pub(crate) fn adopt(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    expr.transform_up(|part| match part {
        Expr::BinaryExpr(BinaryExpr { left, op, right }) if is_comparison(op) => {
            let (left, right) = (as_type_of(*left, &right, schema)?, right);
            let right = as_type_of(*right, &left, schema)?;
            Ok(Transformed::yes(Expr::BinaryExpr(BinaryExpr { left: left.into(), op, right: right.into() })))
        }
        Expr::InList(InList { expr, list, negated }) => {
            let list = list.into_iter().map(|item| as_type_of(item, &expr, schema)).collect::<Result<_>>()?;
            Ok(Transformed::yes(Expr::InList(InList { expr, list, negated })))
        }
        Expr::Between(Between { expr, negated, low, high }) => {
            let (low, high) = (as_type_of(*low, &expr, schema)?, as_type_of(*high, &expr, schema)?);
            Ok(Transformed::yes(Expr::Between(Between { expr, negated, low: low.into(), high: high.into() })))
        }
        Expr::Cast(Cast { expr, field }) if text(&expr).is_some() && type_name(field.data_type()).is_some() => {
            let value = convert(*expr, field.data_type())?;
            Ok(Transformed::yes(match &value {
                Expr::Literal(converted, _) if converted.data_type() == *field.data_type() => value,
                _ => Expr::Cast(Cast { expr: value.into(), field }),
            }))
        }
        other => Ok(Transformed::no(other)),
    })
}

/// `expr`, if it is a text constant, in the type of `other`.
fn as_type_of(expr: Expr, other: &Expr, schema: &DFSchema) -> Result<Expr> {
    if text(&expr).is_none() || matches!(other, Expr::Placeholder(_)) {
        return Ok(expr);
    }
    match other.get_type(schema) {
        Ok(wanted) if type_name(&wanted).is_some() => convert(expr, &wanted),
        // What can't be typed yet is for the engine to say.
        _ => Ok(expr),
    }
}

fn text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Literal(ScalarValue::Utf8(Some(text)) | ScalarValue::Utf8View(Some(text)), _) => Some(text),
        _ => None,
    }
}

fn convert(expr: Expr, wanted: &DataType) -> Result<Expr> {
    let Some(value) = text(&expr) else { return Ok(expr) };
    let name = type_name(wanted).unwrap_or_default();
    match ScalarValue::Utf8(Some(value.trim().to_owned())).cast_to(wanted) {
        Ok(converted) if !converted.is_null() => Ok(Expr::Literal(converted, None)),
        _ if is_special(value, wanted) => Ok(expr),
        _ => Err(DataFusionError::from(PlanError::InvalidText { type_name: name, value: value.to_owned() })),
    }
}

/// Spellings that PostgreSQL knows beside the usual ones; the engine decides on them when it runs.
fn is_special(value: &str, wanted: &DataType) -> bool {
    let word = value.trim().to_ascii_lowercase();
    match wanted {
        DataType::Boolean => matches!(word.as_str(), "y" | "n" | "on" | "off" | "yes" | "no"),
        DataType::Float32 | DataType::Float64 => matches!(word.as_str(), "infinity" | "-infinity" | "nan"),
        DataType::Date32 | DataType::Timestamp(..) => true,
        _ => false,
    }
}

/// PostgreSQL's name of a type whose constants are converted here.
fn type_name(data_type: &DataType) -> Option<&'static str> {
    Some(match data_type {
        DataType::Boolean => "boolean",
        DataType::Int16 => "smallint",
        DataType::Int32 => "integer",
        DataType::Int64 => "bigint",
        DataType::Float32 => "real",
        DataType::Float64 => "double precision",
        DataType::Date32 => "date",
        DataType::Timestamp(TimeUnit::Microsecond | TimeUnit::Nanosecond, None) => "timestamp",
        _ => return None,
    })
}
