//! Secrets in a configuration: named there, kept elsewhere, never shown.

use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;

/// A secret as the configuration names it: `env:NAME` or `file:PATH`. The value is read when it is needed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Secret {
    Env(String),
    File(PathBuf),
}

impl Secret {
    /// Reads the secret now; a trailing line break of a file does not belong to it.
    pub fn read(&self) -> Result<String, String> {
        match self {
            Self::Env(name) => std::env::var(name).map_err(|e| format!("environment variable {name}: {e}")),
            Self::File(path) => std::fs::read_to_string(path)
                .map(|text| text.trim_end_matches(['\r', '\n']).to_owned())
                .map_err(|e| format!("{}: {e}", path.display())),
        }
    }
}

impl TryFrom<String> for Secret {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("env", name)) if !name.is_empty() => Ok(Self::Env(name.to_owned())),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
            // The text itself is not repeated: it may be the secret.
            _ => Err("expected \"env:NAME\" or \"file:PATH\", as a secret never stands in the file itself".to_owned()),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
