//! What can go wrong between an Arrow value and its PostgreSQL form, with the SQLSTATE that the client gets.

/// An error of the encoder or of a parameter's decoding. One pointer wide, since the hot loops return it by value.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.message)]
pub struct EncodeError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    sqlstate: &'static str,
    message: String,
    is_excess: bool,
}

impl EncodeError {
    pub fn new(sqlstate: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { sqlstate, message: message.into(), is_excess: false }))
    }

    /// 22P03: a value has more bytes than its type takes. PostgreSQL's message ends with the parameter's number, or is another where
    /// an array holds the value.
    pub(super) fn excess() -> Self {
        let message = "incorrect binary data format in bind parameter".to_owned();
        Self(Box::new(Inner { sqlstate: "22P03", message, is_excess: true }))
    }

    /// 08P01: a value ends where a byte is read.
    pub(super) fn no_data() -> Self {
        Self::new("08P01", "no data left in message")
    }

    /// Whether a value had more bytes than its type takes.
    pub fn is_excess(&self) -> bool {
        self.0.is_excess
    }

    /// The five-character code, as in PostgreSQL's errcodes.
    pub fn sqlstate(&self) -> &'static str {
        self.0.sqlstate
    }

    /// The primary message, in PostgreSQL's wording where it has one.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// 0A000: the type has no form on the wire.
    pub(super) fn unsupported(message: impl Into<String>) -> Self {
        Self::new("0A000", message)
    }

    /// 22008: a date, time or timestamp that PostgreSQL's type can't hold.
    pub(super) fn out_of_range(type_name: &str) -> Self {
        Self::new("22008", format!("{type_name} out of range"))
    }

    /// 22003: a number that PostgreSQL's type can't hold.
    pub(super) fn number_out_of_range(type_name: &str) -> Self {
        Self::new("22003", format!("{type_name} out of range"))
    }

    /// 22P02: text that isn't a value of the type.
    pub(super) fn invalid_text(type_name: &str, text: &str) -> Self {
        Self::new("22P02", format!("invalid input syntax for type {type_name}: \"{text}\""))
    }

    /// 22007: text that isn't a date, time or interval.
    pub(super) fn invalid_datetime(type_name: &str, text: &str) -> Self {
        Self::new("22007", format!("invalid input syntax for type {type_name}: \"{text}\""))
    }

    /// 54000: a value that is longer than the protocol and its clients can take.
    pub(super) fn too_large() -> Self {
        Self::new("54000", "result value is larger than 1 GB")
    }

    /// XX000: the batch isn't of the schema that the encoder was made for.
    pub(super) fn schema_mismatch(expected: &str, found: &arrow::datatypes::DataType) -> Self {
        Self::new("XX000", format!("result column is {found} where the plan said {expected}"))
    }
}
