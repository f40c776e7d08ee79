//! An address that the server listens on, and where the config says so: whether it can be had shows only when it is
//! taken.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use super::ConfigError;

/// An address of `[server]`.
#[derive(Debug, Clone)]
pub struct Listen {
    pub address: SocketAddr,
    pub(super) key: &'static str,
    pub(super) file: PathBuf,
    /// `None`, where the file leaves it to the default.
    pub(super) line: Option<usize>,
}

impl Listen {
    /// What is wrong with the address, as a mistake of its line.
    pub fn error(&self, error: &io::Error) -> ConfigError {
        let message = format!("{}: can't listen on {}: {error}", self.key, self.address);
        ConfigError { file: self.file.clone(), line: self.line, message }
    }
}
