//! The driver's errors to the connector's: what could not be reached, what broke, what was refused.

use std::error::Error as _;
use std::fmt::Write as _;

use tokio_postgres::error::SqlState;

use crate::ConnectorError;

/// An error before the source was ready to take a statement.
pub fn unreachable(source: &str, target: &str, error: &tokio_postgres::Error) -> ConnectorError {
    let reason = match error.as_db_error() {
        Some(db) => format!("{target}: {}", db.message()),
        None => format!("{target}: {}", chain(error)),
    };
    ConnectorError::Unreachable { source_name: source.to_owned(), reason }
}

/// An error of a statement that reads `table`.
pub fn running(source: &str, table: &str, error: &tokio_postgres::Error) -> ConnectorError {
    let Some(db) = error.as_db_error() else {
        return lost(source, chain(error));
    };
    let code = db.code();
    if gone(code) {
        return ConnectorError::Changed {
            source_name: source.to_owned(),
            table: table.to_owned(),
            reason: db.message().to_owned(),
        };
    }
    if ends_connection(code) {
        return lost(source, db.message().to_owned());
    }
    ConnectorError::Refused {
        source_name: source.to_owned(),
        sqlstate: code.code().to_owned(),
        message: db.message().to_owned(),
    }
}

/// The connection is no use any more.
pub fn lost(source: &str, reason: String) -> ConnectorError {
    ConnectorError::Lost { source_name: source.to_owned(), reason }
}

/// Whether the error says that the connection itself has ended, rather than that a statement was refused.
pub fn is_disconnect(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_none_or(|db| ends_connection(db.code()))
}

/// The table, one of its columns or its schema isn't there as discovered.
fn gone(code: &SqlState) -> bool {
    [SqlState::UNDEFINED_TABLE, SqlState::UNDEFINED_COLUMN, SqlState::INVALID_SCHEMA_NAME].contains(code)
}

fn ends_connection(code: &SqlState) -> bool {
    code.code().starts_with("08")
        || [
            SqlState::ADMIN_SHUTDOWN,
            SqlState::CRASH_SHUTDOWN,
            SqlState::CANNOT_CONNECT_NOW,
            SqlState::DATABASE_DROPPED,
        ]
        .contains(code)
}

/// The error and its causes in one line; the driver keeps the telling part in the cause.
fn chain(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        // Writing to a String can't fail.
        let _ = write!(text, ": {inner}");
        cause = inner.source();
    }
    text
}
