//! What the engine's planning errors mean in PostgreSQL's terms, told from types, and where in the text they lie.

use std::collections::HashMap;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, SchemaError};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{Expr, LogicalPlan, Volatility};

use super::{BindContext, names};
use crate::PlanError;
use crate::parse::{Parsed, split};

/// The planning error as PostgreSQL would put it.
pub(super) fn explain(error: DataFusionError, context: &BindContext<'_>, parsed: &Parsed) -> PlanError {
    let position = error
        .diagnostic()
        .and_then(|diagnostic| diagnostic.span)
        .and_then(|span| split::char_position(&parsed.whole, to_location(span.start)));
    let own = PlanError::from(error);
    let PlanError::Engine(engine) = own else { return at(own, position) };
    match engine.find_root() {
        DataFusionError::SchemaError(schema_error, _) => schema_problem(schema_error, position),
        DataFusionError::Internal(_) | DataFusionError::Plan(_) => match context.missing_function() {
            Some(name) => {
                let position = position.or_else(|| split::position_of_call(&parsed.whole, &name));
                PlanError::UndefinedFunction { name: format!("{name}()"), is_ambiguous: false, position }
            }
            None => PlanError::Engine(engine),
        },
        _ => PlanError::Engine(engine),
    }
}

fn to_location(at: datafusion::common::Location) -> datafusion::sql::sqlparser::tokenizer::Location {
    datafusion::sql::sqlparser::tokenizer::Location::new(at.line, at.column)
}

fn at(error: PlanError, place: Option<usize>) -> PlanError {
    match error {
        PlanError::UndefinedTable { name, position } => {
            PlanError::UndefinedTable { name, position: position.or(place) }
        }
        PlanError::UndefinedFunction { name, is_ambiguous, position } => {
            PlanError::UndefinedFunction { name, is_ambiguous, position: position.or(place) }
        }
        other => other,
    }
}

fn schema_problem(error: &SchemaError, position: Option<usize>) -> PlanError {
    match error {
        SchemaError::FieldNotFound { field, .. } => PlanError::UndefinedColumn { name: column_name(field), position },
        SchemaError::AmbiguousReference { field } => {
            PlanError::AmbiguousColumn { name: names::client_name(&field.name).to_owned(), position }
        }
        SchemaError::DuplicateQualifiedField { name, .. } | SchemaError::DuplicateUnqualifiedField { name } => {
            PlanError::AmbiguousColumn { name: names::client_name(name).to_owned(), position }
        }
    }
}

/// As PostgreSQL prints it: quoted alone, bare behind its table.
fn column_name(column: &Column) -> String {
    match &column.relation {
        Some(relation) => format!("{}.{}", relation.table(), column.name),
        None => format!("\"{}\"", column.name),
    }
}

/// The number of `$n`.
pub(super) fn parameter_number(name: &str) -> Result<usize, PlanError> {
    match name.strip_prefix('$').and_then(|digits| digits.parse::<u16>().ok()) {
        Some(number) if number > 0 => Ok(number.into()),
        _ => Err(PlanError::UndefinedParameter { number: 0 }),
    }
}

/// Types of parameters that their place alone tells, by number: `$1::date` is a date, `LIMIT $1` a bigint.
pub(super) fn placed_parameters(plan: &LogicalPlan) -> Result<HashMap<usize, DataType>, PlanError> {
    let mut types = HashMap::new();
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::Limit(limit) = node {
            for count in [&limit.skip, &limit.fetch].into_iter().flatten() {
                if let Expr::Placeholder(placeholder) = count.as_ref()
                    && let Ok(number) = parameter_number(&placeholder.id)
                {
                    types.entry(number).or_insert(DataType::Int64);
                }
            }
        }
        node.apply_expressions(|expr| {
            expr.apply(|part| {
                if let Expr::Cast(cast) = part
                    && let Expr::Placeholder(placeholder) = cast.expr.as_ref()
                    && let Ok(number) = parameter_number(&placeholder.id)
                {
                    types.entry(number).or_insert_with(|| cast.field.data_type().clone());
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    })?;
    Ok(types)
}

/// Whether the plan calls a function whose value depends on when it is called.
pub(crate) fn reads_clock(plan: &LogicalPlan) -> Result<bool, PlanError> {
    let mut found = false;
    plan.apply_with_subqueries(|node| {
        node.apply_expressions(|expr| {
            expr.apply(|part| {
                if let Expr::ScalarFunction(call) = part
                    && call.func.signature().volatility != Volatility::Immutable
                {
                    found = true;
                    return Ok(TreeNodeRecursion::Stop);
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    })?;
    Ok(found)
}
