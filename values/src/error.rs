//! What is wrong with a value, in PostgreSQL's words.

use std::fmt;

/// An error as a client sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueError {
    /// SQLSTATE, one of [`code`].
    pub code: &'static str,
    pub message: String,
    pub detail: Option<String>,
    pub hint: Option<String>,
}

/// SQLSTATEs (PostgreSQL's documentation, appendix A).
pub mod code {
    pub const FEATURE_NOT_SUPPORTED: &str = "0A000";
    pub const STRING_TOO_LONG: &str = "22001";
    pub const NUMERIC_OUT_OF_RANGE: &str = "22003";
    pub const NULL_NOT_ALLOWED: &str = "22004";
    pub const INVALID_DATETIME_FORMAT: &str = "22007";
    pub const DATETIME_OVERFLOW: &str = "22008";
    pub const INVALID_TIME_ZONE_DISPLACEMENT: &str = "22009";
    pub const SUBSTRING_ERROR: &str = "22011";
    pub const DIVISION_BY_ZERO: &str = "22012";
    pub const INVALID_TABLESAMPLE: &str = "2202H";
    pub const INVALID_TABLESAMPLE_REPEAT: &str = "2202G";
    pub const INVALID_PRECEDING_OR_FOLLOWING: &str = "22013";
    pub const INVALID_NTILE: &str = "22014";
    pub const INTERVAL_OVERFLOW: &str = "22015";
    pub const INVALID_NTH_VALUE: &str = "22016";
    pub const INVALID_LIMIT: &str = "2201W";
    pub const INVALID_OFFSET: &str = "2201X";
    pub const INVALID_REGEX: &str = "2201B";
    pub const INVALID_LOGARITHM: &str = "2201E";
    pub const INVALID_POWER: &str = "2201F";
    pub const INVALID_WIDTH_BUCKET: &str = "2201G";
    pub const CHARACTER_NOT_IN_REPERTOIRE: &str = "22021";
    pub const INVALID_PARAMETER_VALUE: &str = "22023";
    pub const INVALID_ESCAPE_SEQUENCE: &str = "22025";
    pub const STRING_LENGTH_MISMATCH: &str = "22026";
    pub const ARRAY_SUBSCRIPT_ERROR: &str = "2202E";
    pub const INVALID_ESCAPE_CHARACTER: &str = "22019";
    pub const INVALID_TEXT_REPRESENTATION: &str = "22P02";
    pub const INVALID_BINARY_REPRESENTATION: &str = "22P03";
    pub const UNTRANSLATABLE_CHARACTER: &str = "22P05";
    pub const INVALID_JSON_TEXT: &str = "22032";
    pub const INVALID_SQL_JSON_SUBSCRIPT: &str = "22033";
    pub const SQL_JSON_NOT_FOUND: &str = "22035";
    pub const NON_NUMERIC_SQL_JSON_ITEM: &str = "22036";
    pub const SINGLETON_SQL_JSON_ITEM_REQUIRED: &str = "22038";
    pub const SQL_JSON_ARRAY_NOT_FOUND: &str = "22039";
    pub const SQL_JSON_OBJECT_NOT_FOUND: &str = "2203C";
    pub const SYNTAX_ERROR: &str = "42601";
    pub const UNDEFINED_OBJECT: &str = "42704";
    pub const DATATYPE_MISMATCH: &str = "42804";
    pub const PROGRAM_LIMIT_EXCEEDED: &str = "54000";
    pub const DATA_EXCEPTION: &str = "22000";
}

impl ValueError {
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), detail: None, hint: None }
    }

    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// 22P02: a text that isn't one of the type, which is named as in messages.
    pub fn invalid_text(type_name: &str, text: &str) -> Self {
        let message = format!("invalid input syntax for type {type_name}: \"{text}\"");
        Self::new(code::INVALID_TEXT_REPRESENTATION, message)
    }

    /// 22003: `what` as in "integer out of range".
    pub fn out_of_range(what: &str) -> Self {
        Self::new(code::NUMERIC_OUT_OF_RANGE, format!("{what} out of range"))
    }

    /// 22003: a text that is a number, but too large for the type.
    pub fn text_out_of_range(type_name: &str, text: &str) -> Self {
        Self::new(code::NUMERIC_OUT_OF_RANGE, format!("value \"{text}\" is out of range for type {type_name}"))
    }

    /// 22008: `what` as in "timestamp out of range".
    pub fn datetime_out_of_range(what: &str) -> Self {
        Self::new(code::DATETIME_OVERFLOW, format!("{what} out of range"))
    }

    /// 22003, of a float.
    pub fn overflow() -> Self {
        Self::new(code::NUMERIC_OUT_OF_RANGE, "value out of range: overflow")
    }

    /// 22003, of a float.
    pub fn underflow() -> Self {
        Self::new(code::NUMERIC_OUT_OF_RANGE, "value out of range: underflow")
    }

    pub fn division_by_zero() -> Self {
        Self::new(code::DIVISION_BY_ZERO, "division by zero")
    }

    /// 54000: a result that is larger than a value may be.
    pub fn too_long() -> Self {
        Self::new(code::PROGRAM_LIMIT_EXCEEDED, "requested length too large")
    }

    pub fn invalid_parameter(message: impl Into<String>) -> Self {
        Self::new(code::INVALID_PARAMETER_VALUE, message)
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ValueError {}
