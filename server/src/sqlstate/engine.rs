//! Errors of planner, connectors and engine as SQLSTATEs, told from their types.

use std::error::Error;
use std::sync::Arc;

use arrow::error::ArrowError;
use datafusion::common::SchemaError;
use datafusion::error::DataFusionError;
use weir_connectors::ConnectorError;
use weir_planner::PlanError;
use weir_planner::functions::{FunctionError, MAX_BATCH_BYTES, MAX_VALUE_BYTES, ValueError, find_value_error};

use super::{SqlError, code};

impl From<PlanError> for SqlError {
    fn from(error: PlanError) -> Self {
        let message = error.to_string();
        match error {
            PlanError::Syntax { detail, position, .. } => {
                Self { detail, ..Self::new(code::SYNTAX_ERROR, message) }.at(position)
            }
            PlanError::TooComplex => {
                Self::new(code::STATEMENT_TOO_COMPLEX, message).hint("Nest expressions and sub-queries less deeply.")
            }
            PlanError::TooManyColumns { .. } => Self::new(code::TOO_MANY_COLUMNS, message),
            PlanError::TooLong { .. } => Self::new(code::PROGRAM_LIMIT_EXCEEDED, message),
            PlanError::TooLarge { .. } => Self::new(code::STATEMENT_TOO_COMPLEX, message)
                .hint("A common table expression counts as often as it is read."),
            PlanError::UndefinedTable { position, .. } => Self::new(code::UNDEFINED_TABLE, message).at(position),
            PlanError::UndefinedSchema { .. } => Self::new(code::INVALID_SCHEMA_NAME, message),
            PlanError::UndefinedColumn { position, .. } => Self::new(code::UNDEFINED_COLUMN, message).at(position),
            PlanError::AmbiguousColumn { position, .. } => Self::new(code::AMBIGUOUS_COLUMN, message).at(position),
            PlanError::Refused { code, hint, position, .. } => {
                Self { hint: hint.map(str::to_owned), ..Self::new(code, message) }.at(position)
            }
            PlanError::InvalidReference { detail, hint, position, .. } => {
                Self { detail, hint, ..Self::new(code::UNDEFINED_TABLE, message) }.at(position)
            }
            PlanError::UndefinedFunction { name, is_ambiguous: true, position } => {
                Self::new(code::AMBIGUOUS_FUNCTION, format!("function {name} is not unique"))
                    .hint(FUNCTION_CANDIDATES)
                    .at(position)
            }
            PlanError::UndefinedFunction { position, .. } => {
                Self::new(code::UNDEFINED_FUNCTION, message).hint(NO_FUNCTION).at(position)
            }
            PlanError::UndefinedOperator { is_ambiguous: true, position, .. } => {
                Self::new(code::AMBIGUOUS_FUNCTION, message).hint(CANDIDATES).at(position)
            }
            PlanError::UndefinedOperator { position, .. } => {
                Self::new(code::UNDEFINED_FUNCTION, message).hint(NO_OPERATOR).at(position)
            }
            PlanError::CannotCast { position, .. } => Self::new(code::CANNOT_COERCE, message).at(position),
            PlanError::Mismatch { position, .. } => Self::new(code::DATATYPE_MISMATCH, message).at(position),
            PlanError::Grouping { position, .. } => Self::new(code::GROUPING_ERROR, message).at(position),
            PlanError::Grammar { position, .. } => Self::new(code::SYNTAX_ERROR, message).at(position),
            PlanError::InvalidColumnReference { position, .. } => {
                Self::new(code::INVALID_COLUMN_REFERENCE, message).at(position)
            }
            PlanError::AmbiguousInClause { position, .. } => Self::new(code::AMBIGUOUS_COLUMN, message).at(position),
            PlanError::UndefinedInUsing { .. } => Self::new(code::UNDEFINED_COLUMN, message),
            PlanError::DuplicateAlias { .. } => Self::new(code::DUPLICATE_ALIAS, message),
            PlanError::Value { error, position } => of_value(&error).at(position),
            PlanError::InvalidText { .. } => Self::new(code::INVALID_TEXT_REPRESENTATION, message),
            PlanError::InvalidOption { unsupported: true, .. } => Self::new(code::FEATURE_NOT_SUPPORTED, message),
            PlanError::InvalidOption { .. } => Self::new(code::INVALID_PARAMETER_VALUE, message),
            PlanError::NegativeCount { clause: "LIMIT" } => Self::new(code::INVALID_ROW_COUNT_IN_LIMIT, message),
            PlanError::NegativeCount { .. } => Self::new(code::INVALID_ROW_COUNT_IN_OFFSET, message),
            PlanError::UndefinedParameter { .. } => Self::new(code::UNDEFINED_PARAMETER, message),
            PlanError::CrossDatabase { .. } | PlanError::Unsupported { .. } => {
                Self::new(code::FEATURE_NOT_SUPPORTED, message)
            }
            PlanError::ReadOnly { .. } => Self::new(code::READ_ONLY_TRANSACTION, message),
            PlanError::SourceDown { .. } => Self::new(code::CANNOT_CONNECT, message),
            PlanError::UnknownPrincipal { .. } => Self::new(code::INVALID_AUTHORIZATION, message),
            PlanError::Forbidden { .. } => Self::new(code::INSUFFICIENT_PRIVILEGE, message),
            // Why is for the log: the rule's text is not for everyone.
            PlanError::Rule { rule, table, reason } => {
                tracing::error!(rule, table, reason, "a policy rule can't be applied; the table stays closed");
                Self::new(code::INSUFFICIENT_PRIVILEGE, format!("permission denied for table {table}"))
            }
            PlanError::Engine(engine) => of_engine(&engine),
        }
    }
}

const NO_OPERATOR: &str =
    "No operator matches the given name and argument types. You might need to add explicit type casts.";
const FUNCTION_CANDIDATES: &str =
    "Could not choose a best candidate function. You might need to add explicit type casts.";
const NO_FUNCTION: &str =
    "No function matches the given name and argument types. You might need to add explicit type casts.";
const CANDIDATES: &str = "Could not choose a best candidate operator. You might need to add explicit type casts.";

fn of_value(error: &ValueError) -> SqlError {
    SqlError { detail: error.detail.clone(), hint: error.hint.clone(), ..SqlError::new(error.code, &error.message) }
}

fn of_engine(error: &DataFusionError) -> SqlError {
    if let Some(own) = find_value_error(error) {
        return of_value(own);
    }
    if let Some(own) = ConnectorError::find(error) {
        return of_connector(own);
    }
    if let Some(own) = FunctionError::find(error) {
        return of_function(own);
    }
    match error.find_root() {
        DataFusionError::ArrowError(arrow, _) => of_arrow(arrow),
        DataFusionError::SQL(parser, _) => SqlError::new(code::SYNTAX_ERROR, parser.to_string()),
        DataFusionError::NotImplemented(what) => SqlError::new(code::FEATURE_NOT_SUPPORTED, lower_first(what)),
        DataFusionError::Plan(what) if what.starts_with("Correlated scalar subquery must be aggregated") => {
            SqlError::new(code::FEATURE_NOT_SUPPORTED, "such a correlated sub-query is not supported")
        }
        DataFusionError::Plan(what) => SqlError::new(code::SYNTAX_OR_ACCESS, lower_first(what)),
        DataFusionError::SchemaError(schema, _) => of_schema(schema),
        DataFusionError::Execution(what) if what.eq_ignore_ascii_case("scalar subquery returned more than one row") => {
            SqlError::new(code::CARDINALITY_VIOLATION, "more than one row returned by a subquery used as an expression")
        }
        DataFusionError::Execution(what) => SqlError::new(code::DATA_EXCEPTION, lower_first(what)),
        DataFusionError::ResourcesExhausted(what) => SqlError::new(code::OUT_OF_MEMORY, "out of memory")
            .detail(first_line(what))
            .hint("The statement needs more than the memory budget of the server, or than it may spill."),
        DataFusionError::Shared(shared) => of_engine(Arc::as_ref(shared)),
        DataFusionError::Collection(errors) => match errors.first() {
            Some(first) => of_engine(first),
            None => internal(error),
        },
        DataFusionError::ObjectStore(store) => {
            SqlError::new(code::CONNECTION_FAILURE, first_line(&store.to_string())).of_source()
        }
        DataFusionError::ParquetError(parquet) => {
            SqlError::new(code::DATA_CORRUPTED, first_line(&parquet.to_string())).of_source()
        }
        DataFusionError::External(inner) => of_external(inner.as_ref()).unwrap_or_else(|| internal(error)),
        _ => internal(error),
    }
}

/// What is nobody's mistake but ours: told in the log, not to the client.
fn internal(error: &DataFusionError) -> SqlError {
    tracing::error!(%error, "internal error");
    SqlError::new(code::INTERNAL_ERROR, "internal error").hint("The server's log says more.")
}

fn of_connector(error: &ConnectorError) -> SqlError {
    let message = error.to_string();
    match error {
        ConnectorError::Unreachable { .. } => SqlError::new(code::CANNOT_CONNECT, message),
        ConnectorError::Lost { .. } => SqlError::new(code::CONNECTION_FAILURE, message),
        ConnectorError::Refused { .. } => SqlError::new(code::FDW_ERROR, message).of_source(),
        ConnectorError::Corrupt { .. } => SqlError::new(code::DATA_CORRUPTED, message).of_source(),
        ConnectorError::Unsupported { .. } => SqlError::new(code::FEATURE_NOT_SUPPORTED, message).of_source(),
        ConnectorError::Changed { .. } => SqlError::new(code::FDW_ERROR, message)
            .hint("The catalog is refreshed from time to time; try again in a moment.")
            .of_source(),
        ConnectorError::OutOfRange { .. } => SqlError::new(code::NUMERIC_OUT_OF_RANGE, message),
        ConnectorError::Config { .. } => SqlError::new(code::FDW_ERROR, message),
        ConnectorError::Undisclosed => SqlError::new(code::FDW_ERROR, message).hint("The server's log says more."),
        ConnectorError::Canceled => SqlError::new(code::QUERY_CANCELED, "canceling statement due to user request"),
        ConnectorError::Engine(inner) => of_engine(inner),
    }
}

fn of_function(error: FunctionError) -> SqlError {
    let message = error.to_string();
    match error {
        FunctionError::TooLarge => SqlError::new(code::PROGRAM_LIMIT_EXCEEDED, message).detail(format!(
            "A function's result may take {} MB, and those for one batch of rows {} MB.",
            MAX_VALUE_BYTES >> 20,
            MAX_BATCH_BYTES >> 20
        )),
        FunctionError::TooMuchWork => SqlError::new(code::PROGRAM_LIMIT_EXCEEDED, message),
        FunctionError::TooLong { .. } => SqlError::new(code::INVALID_PARAMETER_VALUE, message),
    }
}

fn of_arrow(error: &ArrowError) -> SqlError {
    match error {
        ArrowError::DivideByZero => SqlError::new(code::DIVISION_BY_ZERO, "division by zero"),
        ArrowError::ArithmeticOverflow(_) => SqlError::new(code::NUMERIC_OUT_OF_RANGE, "value out of range"),
        ArrowError::CastError(what) | ArrowError::ParseError(what) => {
            SqlError::new(code::INVALID_TEXT_REPRESENTATION, lower_first(what))
        }
        ArrowError::NotYetImplemented(what) => SqlError::new(code::FEATURE_NOT_SUPPORTED, lower_first(what)),
        ArrowError::ExternalError(inner) => of_external(inner.as_ref())
            .unwrap_or_else(|| SqlError::new(code::DATA_EXCEPTION, first_line(&inner.to_string()))),
        ArrowError::InvalidArgumentError(what) | ArrowError::ComputeError(what) => {
            SqlError::new(code::DATA_EXCEPTION, lower_first(what))
        }
        other => SqlError::new(code::INTERNAL_ERROR, first_line(&other.to_string())),
    }
}

/// What the engine has wrapped without a look at it.
fn of_external(inner: &(dyn Error + Send + Sync + 'static)) -> Option<SqlError> {
    if let Some(arrow) = inner.downcast_ref::<ArrowError>() {
        return Some(of_arrow(arrow));
    }
    if let Some(engine) = inner.downcast_ref::<DataFusionError>() {
        return Some(of_engine(engine));
    }
    if let Some(parsed) = inner.downcast_ref::<regex_syntax::Error>() {
        return Some(invalid_regex(&parsed.to_string()));
    }
    inner.downcast_ref::<regex::Error>().map(|error| match error {
        regex::Error::CompiledTooBig(_) => invalid_regex("regular expression is too complex"),
        other => invalid_regex(&other.to_string()),
    })
}

/// A syntax error comes with a drawing of the place; what is wrong stands in its last line.
fn invalid_regex(text: &str) -> SqlError {
    let last = text.lines().last().unwrap_or_default();
    let what = last.strip_prefix("error: ").unwrap_or(last);
    SqlError::new(code::INVALID_REGULAR_EXPRESSION, format!("invalid regular expression: {what}"))
}

fn of_schema(error: &SchemaError) -> SqlError {
    match error {
        SchemaError::FieldNotFound { field, .. } => {
            SqlError::new(code::UNDEFINED_COLUMN, format!("column \"{}\" does not exist", field.name))
        }
        SchemaError::AmbiguousReference { field } => {
            SqlError::new(code::AMBIGUOUS_COLUMN, format!("column reference \"{}\" is ambiguous", field.name))
        }
        SchemaError::DuplicateQualifiedField { name, .. } | SchemaError::DuplicateUnqualifiedField { name } => {
            SqlError::new(code::AMBIGUOUS_COLUMN, format!("column reference \"{name}\" is ambiguous"))
        }
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

fn lower_first(text: &str) -> String {
    let line = first_line(text);
    let mut chars = line.chars();
    match (chars.next(), chars.clone().next()) {
        // A name, such as `LIMIT`.
        (_, Some(second)) if second.is_uppercase() => line,
        (Some(first), _) => first.to_lowercase().chain(chars).collect(),
        (None, _) => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_functions_have_their_codes_however_the_engine_wraps_them() {
        let code_of = |error: FunctionError| {
            let engine = DataFusionError::from(error).context("while folding");
            SqlError::from(PlanError::from(DataFusionError::Shared(Arc::new(engine)))).code
        };
        assert_eq!(code_of(FunctionError::TooLarge), code::PROGRAM_LIMIT_EXCEEDED);
        assert_eq!(code_of(FunctionError::TooLong { characters: 255 }), code::INVALID_PARAMETER_VALUE);
    }
}
