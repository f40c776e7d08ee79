//! What can go wrong between text and plan, typed; the server turns each into its SQLSTATE.

use datafusion::error::DataFusionError;

use crate::functions::ValueError;

#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The text isn't SQL. `position` counts characters from 1.
    #[error("{message}")]
    Syntax { message: String, detail: Option<String>, position: Option<usize> },

    /// Nested deeper than the parser goes.
    #[error("stack depth limit exceeded")]
    TooComplex,

    /// More than one text may hold.
    #[error("the text has {count} {what}; the limit is {limit}")]
    TooLong { what: &'static str, count: usize, limit: usize },

    #[error("target lists can have at most {limit} entries")]
    TooManyColumns { limit: usize },

    /// Its planning would take too long.
    #[error("the query has {count} {what}; the limit is {limit}")]
    TooLarge { what: &'static str, count: usize, limit: usize },

    /// No such table, or none that this principal may see: the two look alike.
    #[error("relation \"{name}\" does not exist")]
    UndefinedTable { name: String, position: Option<usize> },

    #[error("schema \"{name}\" does not exist")]
    UndefinedSchema { name: String },

    /// No such column, or none that this principal may see: the two look alike.
    #[error("column {name} does not exist")]
    UndefinedColumn { name: String, position: Option<usize> },

    /// A table that is in the statement, and that can't be meant from there.
    #[error("invalid reference to FROM-clause entry for table \"{name}\"")]
    InvalidReference { name: String, detail: Option<String>, hint: Option<String>, position: Option<usize> },

    #[error("column reference \"{name}\" is ambiguous")]
    AmbiguousColumn { name: String, position: Option<usize> },

    #[error("function {name} does not exist")]
    UndefinedFunction { name: String, is_ambiguous: bool, position: Option<usize> },

    /// No such operator between these types, or none that is the best.
    #[error("operator {}: {operator}", if *is_ambiguous { "is not unique" } else { "does not exist" })]
    UndefinedOperator { operator: String, is_ambiguous: bool, position: Option<usize> },

    #[error("cannot cast type {from} to {to}")]
    CannotCast { from: String, to: String, position: Option<usize> },

    /// Types that don't go together.
    #[error("{message}")]
    Mismatch { message: String, position: Option<usize> },

    /// What is grouped and what isn't.
    #[error("{message}")]
    Grouping { message: String, position: Option<usize> },

    /// A statement that is wrong in a way of its own: its SQLSTATE says which.
    #[error("{message}")]
    Refused { code: &'static str, message: String, hint: Option<&'static str>, position: Option<usize> },

    /// Well-formed and yet not SQL.
    #[error("{message}")]
    Grammar { message: String, position: Option<usize> },

    #[error("{message}")]
    InvalidColumnReference { message: String, position: Option<usize> },

    #[error("{message}")]
    AmbiguousInClause { message: String, position: Option<usize> },

    #[error("{message}")]
    UndefinedInUsing { message: String },

    #[error("table name \"{name}\" specified more than once")]
    DuplicateAlias { name: String },

    /// A constant that is no value of its type.
    #[error("{error}")]
    Value { error: ValueError, position: Option<usize> },

    #[error("invalid input syntax for type {type_name}: \"{value}\"")]
    InvalidText { type_name: &'static str, value: String },

    /// An option's value that can't be; `unsupported`: it can, but not together with the others.
    #[error("{message}")]
    InvalidOption { message: String, unsupported: bool },

    #[error("{clause} must not be negative")]
    NegativeCount { clause: &'static str },

    #[error("there is no parameter ${number}")]
    UndefinedParameter { number: usize },

    /// A query names another database than the one it is connected to.
    #[error("cross-database references are not implemented: \"{name}\"")]
    CrossDatabase { name: String },

    /// The statement would change something.
    #[error("cannot execute {what} in a read-only transaction")]
    ReadOnly { what: &'static str },

    #[error("{what} is not supported")]
    Unsupported { what: String },

    /// The source of a table that the principal may see has not been reached yet.
    #[error("source \"{source_name}\" can't be reached: {reason}")]
    SourceDown { source_name: String, reason: String },

    /// The principal is no longer in the policy set.
    #[error("role \"{user}\" does not exist")]
    UnknownPrincipal { user: String },

    #[error("permission denied for {what}")]
    Forbidden { what: String },

    /// A filter or mask that was sound when it was loaded can't be bound any more; the table stays closed.
    #[error("policy rule \"{rule}\" can't be applied to \"{table}\"")]
    Rule { rule: String, table: String, reason: String },

    /// An error of the engine, with its own types.
    #[error(transparent)]
    Engine(Box<DataFusionError>),
}

/// SQLSTATEs of statements that are [`PlanError::Refused`] (PostgreSQL's documentation, appendix A).
pub(crate) mod code {
    pub const FEATURE_NOT_SUPPORTED: &str = "0A000";
    pub const INVALID_LIMIT: &str = "2201W";
    pub const INVALID_TABLESAMPLE: &str = "2202H";
    pub const UNDEFINED_FUNCTION: &str = "42883";
    pub const SYNTAX_ERROR: &str = "42601";
    pub const DUPLICATE_COLUMN: &str = "42701";
    pub const UNDEFINED_COLUMN: &str = "42703";
    pub const CANNOT_COERCE: &str = "42846";
    pub const UNDEFINED_OBJECT: &str = "42704";
    pub const DATATYPE_MISMATCH: &str = "42804";
    pub const UNDEFINED_TABLE: &str = "42P01";
    pub const WRONG_OBJECT_TYPE: &str = "42809";
    pub const INDETERMINATE_DATATYPE: &str = "42P18";
    pub const DUPLICATE_ALIAS: &str = "42712";
    pub const INVALID_RECURSION: &str = "42P19";
    pub const WINDOWING_ERROR: &str = "42P20";
    pub const PROGRAM_LIMIT_EXCEEDED: &str = "54000";
    pub const TOO_MANY_COLUMNS: &str = "54011";
    pub const INVALID_SCHEMA_NAME: &str = "3F000";
    pub const COLLATION_MISMATCH: &str = "42P21";
    pub const INVALID_PARAMETER_VALUE: &str = "22023";
    pub const CHARACTER_NOT_IN_REPERTOIRE: &str = "22021";
    pub const INVALID_ESCAPE: &str = "22025";
    pub const UNDEFINED_PARAMETER: &str = "42P02";
}

impl PlanError {
    pub(crate) fn refused(code: &'static str, message: String, position: Option<usize>) -> Self {
        Self::Refused { code, message, hint: None, position }
    }
}

impl From<DataFusionError> for PlanError {
    fn from(error: DataFusionError) -> Self {
        // A planner's own error may have travelled through the engine: it comes out as it went in.
        match error {
            DataFusionError::External(inner) => match inner.downcast::<PlanError>() {
                Ok(own) => *own,
                Err(other) => Self::Engine(Box::new(DataFusionError::External(other))),
            },
            DataFusionError::Diagnostic(_, inner) if is_own(&inner) => Self::from(*inner),
            DataFusionError::Context(_, inner) if is_own(&inner) => Self::from(*inner),
            other => Self::Engine(Box::new(other)),
        }
    }
}

fn is_own(error: &DataFusionError) -> bool {
    match error {
        DataFusionError::External(inner) => inner.is::<PlanError>(),
        DataFusionError::Diagnostic(_, inner) | DataFusionError::Context(_, inner) => is_own(inner),
        _ => false,
    }
}

impl From<PlanError> for DataFusionError {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Engine(inner) => *inner,
            own => DataFusionError::External(Box::new(own)),
        }
    }
}
