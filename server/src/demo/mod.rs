//! `weir demo`: lays out a sample mesh of a delivery company in a folder, and starts the PostgreSQL that belongs to it.
//!
//! Every part is made in a folder beside its place and moved there when it is whole, so a layout that was interrupted
//! goes on where it stopped, and a later start over the same folder only starts the database again.

mod data;
mod database;
#[cfg(feature = "embedded-postgres")]
mod embedded;
mod error;
mod events;
mod lake;
mod policies;
mod postgres;
mod shop;
mod unprivileged;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tokio::signal::unix::{SignalKind, signal};

pub use error::DemoError;

use database::Database;
use error::at;

/// Says that a folder was laid out by this command, and to its reader what is in it.
const NOTE: &str = "weir-demo.txt";

/// File of the secret that keys the `hash` mask.
const HASH_KEY: &str = "hash.key";

/// What `weir demo` can be told.
#[derive(Debug, Clone, clap::Args)]
pub struct DemoOptions {
    /// Folder of the sample mesh; made if it isn't there, used again if it is
    #[arg(long, value_name = "FOLDER", default_value = "weir-demo")]
    pub dir: PathBuf,
    /// Address for PostgreSQL clients
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:5439")]
    pub listen: SocketAddr,
    /// Keep the application database in the embedded PostgreSQL even if this machine has one
    #[cfg(feature = "embedded-postgres")]
    #[arg(long)]
    pub embedded: bool,
}

impl DemoOptions {
    fn embedded(&self) -> bool {
        #[cfg(feature = "embedded-postgres")]
        return self.embedded;
        #[cfg(not(feature = "embedded-postgres"))]
        return false;
    }
}

/// A mesh that is ready to be served. Its database runs until [`Demo::stop`], or until this is dropped.
#[derive(Debug)]
pub struct Demo {
    config: PathBuf,
    folder: PathBuf,
    listen: SocketAddr,
    work_tree: bool,
    database: Database,
    /// Held as long as the mesh is served: no second demo may start its database.
    _claim: File,
}

/// Lays out what isn't there yet, starts the database and writes `weir.toml`. Ctrl-C and SIGTERM end it.
pub async fn run(options: &DemoOptions) -> Result<Demo, DemoError> {
    let wait = |kind| signal(kind).map_err(at("signal handler"));
    let (mut interrupt, mut terminate) = (wait(SignalKind::interrupt())?, wait(SignalKind::terminate())?);
    tokio::select! {
        demo = Box::pin(prepare(options)) => demo,
        _ = interrupt.recv() => Err(DemoError::Interrupted),
        _ = terminate.recv() => Err(DemoError::Interrupted),
    }
}

impl Demo {
    /// The configuration to serve.
    pub fn config(&self) -> &Path {
        &self.config
    }

    /// Stops the database and waits until it has ended.
    pub async fn stop(self) -> Result<(), DemoError> {
        self.database.stop().await
    }

    /// What to tell the user once the server listens.
    pub fn greeting(&self) -> String {
        let mut text = format!(
            "\nThe sample mesh of a delivery company lies in {}\n\n\
             \x20 lake     a Delta lake: orders, couriers\n\
             \x20 events   Avro files in dated folders: order_events\n\
             \x20 shop     a PostgreSQL database: customers, addresses, restaurants\n\
             \x20 policies {}\n\n",
            self.folder.display(),
            match self.work_tree {
                true => "a git work tree with the rights of three users",
                false => "a plain folder (there is no git command here) with the rights of three users",
            },
        );
        for user in policies::USERS {
            text += &format!("# {}: {}\n{}\n\n", user.name, user.sees, self.psql(user.name));
        }
        text + "A first query over all three sources, for each of them:\n\n"
            + shop::FIRST_QUERY
            + "\n\nand one that shows the masks, for ana and olga:\n\n"
            + shop::MASK_QUERY
            + "\n\nCtrl-C ends it; the folder stays, and `weir demo` takes it up again.\n"
    }

    fn psql(&self, user: &str) -> String {
        let (host, port, password) = (self.listen.ip(), self.listen.port(), policies::password(user));
        format!("PGPASSWORD={password} psql -h {host} -p {port} -U {user} -d mesh")
    }
}

async fn prepare(options: &DemoOptions) -> Result<Demo, DemoError> {
    let folder = std::path::absolute(&options.dir).map_err(at(&options.dir))?;
    let claim = claim(&folder)?;
    let work_tree = policies::lay_out(&folder).await?;
    make_hash_key(&folder.join(HASH_KEY))?;
    // The database starts while the files are written: the longest part of either is waiting.
    let files = async {
        lake::lay_out(&folder).await?;
        events::lay_out(&folder).await
    };
    let database = async {
        let database = Database::start(&folder, options).await?;
        shop::lay_out(&database).await?;
        Ok::<_, DemoError>(database)
    };
    let ((), database) = tokio::try_join!(Box::pin(files), Box::pin(database))?;
    let config = folder.join("weir.toml");
    let text = config_text(options, &folder, &database);
    std::fs::write(&config, text).map_err(at(&config))?;
    Ok(Demo { config, folder, listen: options.listen, work_tree, database, _claim: claim })
}

/// Takes a new or empty folder, or one that was taken before and is free now; never one that holds something else.
fn claim(folder: &Path) -> Result<File, DemoError> {
    std::fs::create_dir_all(folder).map_err(at(folder))?;
    let note = folder.join(NOTE);
    if !note.exists() && std::fs::read_dir(folder).map_err(at(folder))?.next().is_some() {
        return Err(DemoError::Occupied(folder.to_owned()));
    }
    let text = "The sample mesh of `weir demo`. All of it is made up; the folder can be removed at any time.\n";
    let mut claim = OpenOptions::new().write(true).create(true).truncate(false).open(&note).map_err(at(&note))?;
    match claim.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(DemoError::InUse(folder.to_owned())),
        Err(TryLockError::Error(error)) => return Err(at(&note)(error)),
    }
    claim.write_all(text.as_bytes()).map_err(at(&note))?;
    Ok(claim)
}

/// A secret of this folder alone; kept, so that hashes stay the same from start to start.
fn make_hash_key(file: &Path) -> Result<(), DemoError> {
    use std::os::unix::fs::OpenOptionsExt;
    let opened = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    let mut opened = match opened {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Ok(()),
        other => other.map_err(at(file))?,
    };
    let secret: u128 = rand::random();
    writeln!(opened, "{secret:032x}").map_err(at(file))
}

fn config_text(options: &DemoOptions, folder: &Path, database: &Database) -> String {
    let quoted = |path: &Path| toml::Value::String(path.display().to_string()).to_string();
    format!(
        "# Written anew at each start of `weir demo`; copy it to keep changes.\n\
         [server]\nlisten = \"{}\"\ndatabase = \"mesh\"\n\n\
         [policies]\npath = {}\nrefresh = \"1s\"\nhash_key = {}\n\n\
         [sources.lake]\nkind = \"delta\"\nroot = {}\n\n\
         [sources.events]\nkind = \"avro\"\nroot = {}\n\n\
         [sources.shop]\nkind = \"postgres\"\n{}schemas = {{ shop = \"shop\" }}\ntls = \"disable\"\n",
        options.listen,
        quoted(&folder.join("policies")),
        toml::Value::String(format!("file:{}", folder.join(HASH_KEY).display())),
        quoted(&folder.join("lake")),
        quoted(&folder.join("events")),
        database.source_keys(),
    )
}
