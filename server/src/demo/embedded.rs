//! A PostgreSQL inside this process, for machines that have none. It takes one connection at a time.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use pglite_oxide::PgliteServer;
use tokio_postgres::{Client, NoTls};

use super::error::{DemoError, at, blocking};

const STOP_LIMIT: Duration = Duration::from_secs(10);
const USER: &str = "postgres";
const DATABASE: &str = "template1";

/// A running server. It ends with the process.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    server: PgliteServer,
    address: SocketAddr,
}

impl EmbeddedPostgres {
    /// Starts the server of the mesh in `folder`; makes its data folder if there is none.
    pub async fn start(folder: &Path) -> Result<Self, DemoError> {
        let data = folder.join("postgres.embedded");
        blocking(move || {
            let server = PgliteServer::builder().path(data).username(USER).database(DATABASE).start();
            let server = server.map_err(|e| DemoError::NotStarted(format!("{e:#}")))?;
            let address = server.tcp_addr().ok_or_else(|| DemoError::NotStarted("it has no address".to_owned()))?;
            Ok(Self { server, address })
        })
        .await
    }

    /// The one connection: nobody else is let in until it is closed.
    pub async fn connect(&self) -> Result<Client, DemoError> {
        let mut config = tokio_postgres::Config::new();
        config.host(self.address.ip().to_string()).port(self.address.port()).user(USER).dbname(DATABASE);
        let (client, connection) = config.connect(NoTls).await?;
        // An error of the connection also shows at the next use of the client.
        tokio::spawn(connection);
        Ok(client)
    }

    /// Where clients find it. It asks for no password.
    pub fn url(&self) -> String {
        format!("postgres://{USER}@{}/{DATABASE}", self.address)
    }

    /// Stops the server, once its client has left.
    pub async fn stop(self) -> Result<(), DemoError> {
        let stopping = tokio::task::spawn_blocking(move || self.server.shutdown());
        let failed = |output: String| DemoError::Program { program: "the embedded PostgreSQL".to_owned(), output };
        match tokio::time::timeout(STOP_LIMIT, stopping).await {
            Ok(Ok(ended)) => ended.map_err(|e| failed(format!("{e:#}"))),
            Ok(Err(error)) => Err(at("the embedded PostgreSQL")(error.into())),
            Err(_) => Err(failed(format!("did not end within {} seconds", STOP_LIMIT.as_secs()))),
        }
    }
}
