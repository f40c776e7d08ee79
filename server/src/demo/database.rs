//! Which PostgreSQL holds the sample's application database: one whose binaries are on this machine, else the embedded
//! one, in builds that carry it.

use std::path::Path;

use tokio_postgres::Client;

use super::DemoOptions;
#[cfg(feature = "embedded-postgres")]
use super::embedded::EmbeddedPostgres;
use super::error::DemoError;
use super::postgres::PrivatePostgres;

/// The running database. It ends with this process at the latest.
#[derive(Debug)]
pub enum Database {
    Private(PrivatePostgres),
    #[cfg(feature = "embedded-postgres")]
    Embedded(EmbeddedPostgres),
}

impl Database {
    /// Starts the database of the mesh in `folder`.
    pub async fn start(folder: &Path, options: &DemoOptions) -> Result<Self, DemoError> {
        if options.embedded() {
            return Self::embedded(folder, DemoError::NoPostgres).await;
        }
        match Box::pin(PrivatePostgres::start(folder)).await {
            Ok(postgres) => Ok(Self::Private(postgres)),
            Err(none @ (DemoError::NoPostgres | DemoError::NoUnprivilegedUser)) => Self::embedded(folder, none).await,
            Err(error) => Err(error),
        }
    }

    #[cfg(feature = "embedded-postgres")]
    async fn embedded(folder: &Path, _instead_of: DemoError) -> Result<Self, DemoError> {
        EmbeddedPostgres::start(folder).await.map(Self::Embedded)
    }

    #[cfg(not(feature = "embedded-postgres"))]
    async fn embedded(_folder: &Path, instead_of: DemoError) -> Result<Self, DemoError> {
        Err(instead_of)
    }

    /// A connection to it.
    pub async fn connect(&self) -> Result<Client, DemoError> {
        match self {
            Self::Private(postgres) => postgres.connect().await,
            #[cfg(feature = "embedded-postgres")]
            Self::Embedded(postgres) => postgres.connect().await,
        }
    }

    /// The keys that tell a `[sources]` table of weir.toml where it is.
    pub fn source_keys(&self) -> String {
        match self {
            Self::Private(postgres) => {
                let password = toml::Value::String(format!("file:{}", postgres.password_file().display()));
                format!("url = \"{}\"\npassword = {password}\n", postgres.url())
            }
            #[cfg(feature = "embedded-postgres")]
            Self::Embedded(postgres) => format!("url = \"{}\"\nconnections = 1\n", postgres.url()),
        }
    }

    /// Stops it, and waits until it has ended.
    pub async fn stop(self) -> Result<(), DemoError> {
        match self {
            Self::Private(postgres) => postgres.stop().await,
            #[cfg(feature = "embedded-postgres")]
            Self::Embedded(postgres) => postgres.stop().await,
        }
    }
}
