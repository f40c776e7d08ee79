//! What can go wrong at a source, typed, so that nothing is ever matched by its text.

use datafusion::error::DataFusionError;

/// An error of one source. It travels inside [`DataFusionError::External`]; [`ConnectorError::find`] gets it back.
#[derive(Debug, thiserror::Error)]
pub enum ConnectorError {
    /// The source can't be reached: nothing answered, or login was refused.
    #[error("source \"{source_name}\" can't be reached: {reason}")]
    Unreachable { source_name: String, reason: String },

    /// The connection broke while the source was being read.
    #[error("connection to source \"{source_name}\" was lost: {reason}")]
    Lost { source_name: String, reason: String },

    /// The source understood and refused; the code is its own SQLSTATE.
    #[error("source \"{source_name}\": {message}")]
    Refused { source_name: String, sqlstate: String, message: String },

    /// A file isn't what it should be. `offset_bytes` is as near to the fault as the reader knows.
    #[error("file \"{file}\" is corrupt at byte {offset_bytes}: {reason}")]
    Corrupt { source_name: String, file: String, offset_bytes: u64, reason: String },

    /// The table needs a feature that this version can't read rightly.
    #[error("table \"{table}\" of source \"{source_name}\" can't be read: {reason}")]
    Unsupported { source_name: String, table: String, reason: String },

    /// The table has gone, or its columns are no longer what the catalog says.
    #[error("table \"{table}\" of source \"{source_name}\" has changed: {reason}")]
    Changed { source_name: String, table: String, reason: String },

    /// A value lies outside what its column's type can hold here.
    #[error("value out of range in column \"{column}\" of source \"{source_name}\": {reason}")]
    OutOfRange { source_name: String, column: String, reason: String },

    /// The configuration of the source can't work.
    #[error("source \"{source_name}\": {reason}")]
    Config { source_name: String, reason: String },

    /// A source failed that whoever asks may not know of: a row filter reads it. The log says which.
    #[error("a source that decides on rows can't be read")]
    Undisclosed,

    /// The statement was cancelled or timed out while the source was being read.
    #[error("canceling statement")]
    Canceled,

    /// An error of the engine below the scan, passed on as it is.
    #[error(transparent)]
    Engine(Box<DataFusionError>),
}

impl ConnectorError {
    /// The connector's error inside an engine error, however deeply the engine has wrapped it.
    pub fn find(error: &DataFusionError) -> Option<&ConnectorError> {
        let mut at: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(e) = at {
            if let Some(found) = e.downcast_ref::<ConnectorError>() {
                match found {
                    ConnectorError::Engine(inner) => return Self::find(inner).or(Some(found)),
                    _ => return Some(found),
                }
            }
            if let Some(DataFusionError::External(inner)) = e.downcast_ref::<DataFusionError>() {
                at = Some(inner.as_ref());
                continue;
            }
            at = e.source();
        }
        None
    }
}

impl From<ConnectorError> for DataFusionError {
    fn from(error: ConnectorError) -> Self {
        match error {
            ConnectorError::Engine(inner) => *inner,
            other => DataFusionError::External(Box::new(other)),
        }
    }
}

impl From<DataFusionError> for ConnectorError {
    fn from(error: DataFusionError) -> Self {
        ConnectorError::Engine(Box::new(error))
    }
}
