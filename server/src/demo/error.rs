//! Why the sample mesh can't be laid out or started.

use std::path::{Path, PathBuf};

/// An error of `weir demo`.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("{what}: {error}")]
    Io { what: String, error: std::io::Error },

    #[error(
        "folder {} is neither empty nor a sample mesh of this command; name another one with --dir",
        .0.display()
    )]
    Occupied(PathBuf),

    #[error("another `weir demo` serves the mesh in {}; name another folder with --dir", .0.display())]
    InUse(PathBuf),

    #[error(
        "found no PostgreSQL server (initdb and postgres) on PATH or in the usual folders; the sample mesh holds a \
         PostgreSQL database. Install one, such as `apt install postgresql`, `dnf install postgresql-server` or \
         `brew install postgresql`, or build with an embedded one: `cargo run --release --features \
         embedded-postgres -- demo`"
    )]
    NoPostgres,

    #[error("PostgreSQL refuses to run as root, and there is no unprivileged user (postgres or nobody) to run it as")]
    NoUnprivilegedUser,

    #[error("{program} failed: {output}")]
    Program { program: String, output: String },

    #[error("the private PostgreSQL did not start: {0}")]
    NotStarted(String),

    #[error("the private PostgreSQL: {0}")]
    Sql(#[from] tokio_postgres::Error),

    #[error("sample data: {0}")]
    Arrow(#[from] arrow::error::ArrowError),

    #[error("sample events: {0}")]
    Avro(#[from] arrow_avro::errors::AvroError),

    #[error("sample Delta table: {0}")]
    Delta(Box<deltalake::DeltaTableError>),

    #[error("interrupted")]
    Interrupted,
}

impl From<deltalake::DeltaTableError> for DemoError {
    fn from(error: deltalake::DeltaTableError) -> Self {
        Self::Delta(Box::new(error))
    }
}

/// Turns an I/O error into ours, saying what it happened at.
pub fn at(what: impl AsRef<Path>) -> impl FnOnce(std::io::Error) -> DemoError {
    move |error| DemoError::Io { what: what.as_ref().display().to_string(), error }
}

/// Runs `make` on a thread for blocking work.
pub async fn blocking<T: Send + 'static>(
    make: impl FnOnce() -> Result<T, DemoError> + Send + 'static,
) -> Result<T, DemoError> {
    match tokio::task::spawn_blocking(make).await {
        Ok(result) => result,
        Err(error) => Err(DemoError::Io { what: "layout".to_owned(), error: error.into() }),
    }
}
