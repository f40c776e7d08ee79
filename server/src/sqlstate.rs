//! Every error that a client may read: its SQLSTATE, message, detail, hint and position.

mod engine;

use weir_encode::EncodeError;

/// SQLSTATE codes that Weir answers with, by PostgreSQL's names (documentation, appendix A).
pub mod code {
    pub const FEATURE_NOT_SUPPORTED: &str = "0A000";
    pub const PROTOCOL_VIOLATION: &str = "08P01";
    pub const CONNECTION_FAILURE: &str = "08006";
    pub const CANNOT_CONNECT: &str = "08001";
    pub const DATA_EXCEPTION: &str = "22000";
    pub const NUMERIC_OUT_OF_RANGE: &str = "22003";
    pub const DIVISION_BY_ZERO: &str = "22012";
    pub const INVALID_ROW_COUNT_IN_LIMIT: &str = "2201W";
    pub const INVALID_ROW_COUNT_IN_OFFSET: &str = "2201X";
    pub const CARDINALITY_VIOLATION: &str = "21000";
    pub const CHARACTER_NOT_IN_REPERTOIRE: &str = "22021";
    pub const INVALID_REGULAR_EXPRESSION: &str = "2201B";
    pub const INVALID_PARAMETER_VALUE: &str = "22023";
    pub const INVALID_TEXT_REPRESENTATION: &str = "22P02";
    pub const READ_ONLY_TRANSACTION: &str = "25006";
    pub const IN_FAILED_TRANSACTION: &str = "25P02";
    pub const NO_ACTIVE_TRANSACTION: &str = "25P01";
    pub const ACTIVE_TRANSACTION: &str = "25001";
    pub const INVALID_STATEMENT_NAME: &str = "26000";
    pub const INVALID_AUTHORIZATION: &str = "28000";
    pub const INVALID_PASSWORD: &str = "28P01";
    pub const INVALID_SAVEPOINT: &str = "3B001";
    pub const INVALID_CATALOG_NAME: &str = "3D000";
    pub const INVALID_CURSOR_NAME: &str = "34000";
    pub const INSUFFICIENT_PRIVILEGE: &str = "42501";
    pub const INVALID_SCHEMA_NAME: &str = "3F000";
    pub const SYNTAX_OR_ACCESS: &str = "42000";
    pub const SYNTAX_ERROR: &str = "42601";
    pub const INVALID_NAME: &str = "42602";
    pub const AMBIGUOUS_COLUMN: &str = "42702";
    pub const UNDEFINED_COLUMN: &str = "42703";
    pub const UNDEFINED_OBJECT: &str = "42704";
    pub const UNDEFINED_FUNCTION: &str = "42883";
    pub const GROUPING_ERROR: &str = "42803";
    pub const DATATYPE_MISMATCH: &str = "42804";
    pub const CANNOT_COERCE: &str = "42846";
    pub const AMBIGUOUS_FUNCTION: &str = "42725";
    pub const DUPLICATE_ALIAS: &str = "42712";
    pub const INVALID_COLUMN_REFERENCE: &str = "42P10";
    pub const UNDEFINED_TABLE: &str = "42P01";
    pub const UNDEFINED_PARAMETER: &str = "42P02";
    pub const DUPLICATE_CURSOR: &str = "42P03";
    pub const DUPLICATE_PREPARED_STATEMENT: &str = "42P05";
    pub const OUT_OF_MEMORY: &str = "53200";
    pub const TOO_MANY_CONNECTIONS: &str = "53300";
    pub const CONFIGURATION_LIMIT_EXCEEDED: &str = "53400";
    pub const PROGRAM_LIMIT_EXCEEDED: &str = "54000";
    pub const STATEMENT_TOO_COMPLEX: &str = "54001";
    pub const TOO_MANY_COLUMNS: &str = "54011";
    pub const OBJECT_NOT_IN_PREREQUISITE_STATE: &str = "55000";
    pub const CANNOT_CHANGE_PARAMETER: &str = "55P02";
    pub const QUERY_CANCELED: &str = "57014";
    pub const ADMIN_SHUTDOWN: &str = "57P01";
    pub const CANNOT_CONNECT_NOW: &str = "57P03";
    pub const IDLE_SESSION_TIMEOUT: &str = "57P05";
    pub const IDLE_IN_TRANSACTION_TIMEOUT: &str = "25P03";
    pub const SYSTEM_ERROR: &str = "58000";
    pub const FDW_ERROR: &str = "HV000";
    pub const INTERNAL_ERROR: &str = "XX000";
    pub const DATA_CORRUPTED: &str = "XX001";
}

/// An error as a client reads it. Everything in it is meant for the client's eyes: what isn't put here isn't sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlError {
    pub code: &'static str,
    pub message: String,
    pub detail: Option<String>,
    pub hint: Option<String>,
    /// Character in the statement's text that the error speaks of, counted from 1.
    pub position: Option<usize>,
    /// A source said it, of what it holds: its text may name values, columns and files.
    of_source: bool,
}

impl From<EncodeError> for SqlError {
    fn from(error: EncodeError) -> Self {
        Self::new(error.sqlstate(), error.message())
    }
}

impl SqlError {
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), detail: None, hint: None, position: None, of_source: false }
    }

    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same error without the value that it is about, where it may name one.
    pub fn without_values(self) -> Self {
        if self.of_source {
            tracing::warn!(error = %self, "a source's data can't be read");
            return Self::new(self.code, "a source's data can't be read").hint("The server's log says more.");
        }
        match self.code {
            code::INVALID_TEXT_REPRESENTATION | code::DATA_EXCEPTION | code::INVALID_REGULAR_EXPRESSION => {
                Self::new(self.code, "a value can't be converted or computed")
            }
            code::NUMERIC_OUT_OF_RANGE => Self::new(self.code, "value out of range"),
            _ => self,
        }
    }

    /// What a source says of what it holds.
    pub fn of_source(mut self) -> Self {
        self.of_source = true;
        self
    }

    pub fn at(mut self, position: Option<usize>) -> Self {
        self.position = position;
        self
    }
}

impl std::fmt::Display for SqlError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for SqlError {}
