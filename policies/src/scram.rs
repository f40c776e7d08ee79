//! A SCRAM-SHA-256 verifier (RFC 5802, RFC 7677) in PostgreSQL's text form, as `weir password` prints it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// RFC 7677, section 4: fewer make a stolen verifier cheap to try passwords on.
const MIN_ITERATIONS: u32 = 4096;

pub(crate) const PREFIX: &str = "SCRAM-SHA-256$";

/// What the server keeps instead of a password. `Debug` shows nothing that helps to find the password.
#[derive(Clone, PartialEq, Eq)]
pub struct ScramVerifier {
    pub iterations: u32,
    pub salt: Vec<u8>,
    pub stored_key: [u8; 32],
    pub server_key: [u8; 32],
}

/// Why a text is no verifier. Never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScramError {
    #[error("expected \"SCRAM-SHA-256$ITERATIONS:SALT$STOREDKEY:SERVERKEY\", as `weir password` prints it")]
    Form,
    #[error("the verifier's iterations: expected a whole number of at least {MIN_ITERATIONS}")]
    Iterations,
    #[error("the verifier's salt: expected base64, not empty")]
    Salt,
    #[error("the verifier's {0}: expected 32 bytes in base64")]
    Key(&'static str),
}

impl ScramVerifier {
    /// Parses `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>`, the form of PostgreSQL's `pg_authid.rolpassword`.
    pub fn parse(text: &str) -> Result<ScramVerifier, ScramError> {
        let body = text.strip_prefix(PREFIX).ok_or(ScramError::Form)?;
        let (cost, keys) = body.split_once('$').ok_or(ScramError::Form)?;
        let (iterations, salt) = cost.split_once(':').ok_or(ScramError::Form)?;
        let (stored_key, server_key) = keys.split_once(':').ok_or(ScramError::Form)?;
        Ok(ScramVerifier {
            iterations: parse_iterations(iterations)?,
            salt: STANDARD.decode(salt).ok().filter(|salt| !salt.is_empty()).ok_or(ScramError::Salt)?,
            stored_key: parse_key(stored_key, "stored key")?,
            server_key: parse_key(server_key, "server key")?,
        })
    }
}

impl fmt::Debug for ScramVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScramVerifier").field("iterations", &self.iterations).finish_non_exhaustive()
    }
}

/// At most what fits PostgreSQL's own `int`; clients read it as one.
fn parse_iterations(text: &str) -> Result<u32, ScramError> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let iterations = text.parse::<i32>().ok().filter(|_| digits).and_then(|n| u32::try_from(n).ok());
    iterations.filter(|n| *n >= MIN_ITERATIONS).ok_or(ScramError::Iterations)
}

fn parse_key(text: &str, name: &'static str) -> Result<[u8; 32], ScramError> {
    STANDARD.decode(text).ok().and_then(|key| key.try_into().ok()).ok_or(ScramError::Key(name))
}
