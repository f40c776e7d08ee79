//! What can be wrong with Avro bytes and Avro schemas.

/// A fault in what a file holds; who reads the file adds its name and the offset.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Fault {
    #[error("data ends early")]
    Truncated,
    #[error("not an Avro object container file: wrong magic bytes")]
    Magic,
    #[error("sync marker does not match")]
    Sync,
    #[error("invalid variable-length integer")]
    Varint,
    #[error("int value {0} does not fit 32 bits")]
    Int(i64),
    #[error("invalid length {0}")]
    Length(i64),
    #[error("{what} of {bytes} bytes is over the limit of {limit} bytes")]
    TooLong { what: &'static str, bytes: u64, limit: u64 },
    #[error("invalid byte {0} for a boolean")]
    Boolean(u8),
    #[error("invalid byte sequence for encoding \"UTF8\"")]
    Utf8,
    #[error("union has no branch {0}")]
    Branch(i64),
    #[error("enum has no symbol {0}")]
    Symbol(i64),
    #[error("enum symbol \"{0}\" is unknown to the table and the table's enum has no default")]
    UnknownSymbol(Box<str>),
    #[error("block holds {0} bytes after its last record")]
    Trailing(usize),
    #[error("block claims {0} records, more than its bytes can hold")]
    Count(i64),
    #[error("unknown codec \"{0}\"")]
    Codec(Box<str>),
    #[error("{codec} data can't be decompressed: {reason}")]
    Compressed { codec: &'static str, reason: Box<str> },
    #[error("checksum of a snappy block does not match")]
    Checksum,
    /// A sound value that the column's type can't hold.
    #[error("{0}")]
    Range(Box<str>),
    #[error("invalid Avro schema: {0}")]
    Schema(Box<str>),
    #[error("the file's schema does not resolve to the table's: {0}")]
    Unresolved(Box<str>),
    /// A fault of this code, not of the file.
    #[error("internal error: {0}")]
    Internal(&'static str),
}

impl Fault {
    pub fn schema(reason: impl Into<String>) -> Self {
        Self::Schema(reason.into().into_boxed_str())
    }

    pub fn unresolved(reason: impl Into<String>) -> Self {
        Self::Unresolved(reason.into().into_boxed_str())
    }
}
