//! Login: who may connect, proven by SCRAM-SHA-256 against stored verifiers.
//!
//! The server never sees a password. pgwire's own SCRAM server isn't used: it wants the salted password, which logs in
//! as well as the password itself, has one iteration count for all users, and compares in variable time.

pub mod password;
pub mod scram;

use pgwire::messages::startup::Authentication;
use tokio::io::{AsyncRead, AsyncWrite};

pub use scram::{Mock, Verifier};

use crate::sqlstate::{SqlError, code};
use crate::wire::{Wire, WireError, backend, frontend};
use scram::{Exchange, SCRAM_SHA_256, SCRAM_SHA_256_PLUS};

/// Iterations that PostgreSQL's own verifiers have unless told otherwise.
pub const DEFAULT_ITERATIONS: u32 = 4096;

/// Where verifiers are kept.
pub trait Credentials: Send + Sync {
    /// The verifier of a user who may log in with a password.
    fn verifier(&self, user: &str) -> Option<Verifier>;

    /// Iterations that users without a verifier seem to have: as most of those with one, or names could be probed.
    fn usual_iterations(&self) -> u32 {
        DEFAULT_ITERATIONS
    }
}

/// What the connection is, as far as login cares.
#[derive(Debug, Clone, Copy)]
pub struct Channel<'a> {
    pub encrypted: bool,
    /// The peer is this machine.
    pub loopback: bool,
    /// Hash of the server's certificate for `tls-server-end-point` (RFC 5929), where its signature defines one.
    pub endpoint: Option<&'a [u8]>,
}

/// Asks the client to prove that it is `user`. Everything but success ends the connection.
pub async fn authenticate<S: AsyncRead + AsyncWrite + Unpin>(
    wire: &mut Wire<S>,
    credentials: &(impl Credentials + ?Sized),
    mock: &Mock,
    user: &str,
    channel: Channel<'_>,
) -> Result<(), WireError> {
    if !channel.encrypted && !channel.loopback {
        return Err(needs_encryption().into());
    }
    let mut mechanisms = vec![SCRAM_SHA_256.to_owned()];
    if channel.endpoint.is_some() {
        mechanisms.insert(0, SCRAM_SHA_256_PLUS.to_owned());
    }
    send(wire, &Authentication::SASL(mechanisms)).await?;
    let body = answer(wire).await?;
    let (mechanism, first) = frontend::sasl_initial(&body)?;
    let known = credentials.verifier(user);
    let usual = credentials.usual_iterations();
    let (verifier, real) = match known {
        Some(verifier) => (verifier, true),
        None => (mock.verifier(user, usual), false),
    };
    let first = match first {
        Some(first) => first.to_vec(),
        // The client may wait to be asked for its first message.
        None => {
            send(wire, &Authentication::SASLContinue(bytes::Bytes::new())).await?;
            answer(wire).await?.to_vec()
        }
    };
    let (challenge, exchange) = Exchange::begin(mechanism, channel.endpoint, &first, verifier, &scram::nonce())?;
    send(wire, &Authentication::SASLContinue(challenge.into())).await?;
    let proof = answer(wire).await?;
    match exchange.finish(&proof)? {
        Some(signature) if real => {
            backend::authentication(&Authentication::SASLFinal(signature.into()), wire.output());
            Ok(())
        }
        _ => {
            // The name is the client's own word: it is written as a quoted text.
            tracing::warn!(?user, "password authentication failed");
            Err(wrong_password(user).into())
        }
    }
}

async fn send<S: AsyncRead + AsyncWrite + Unpin>(
    wire: &mut Wire<S>,
    message: &Authentication,
) -> Result<(), WireError> {
    backend::authentication(message, wire.output());
    wire.flush().await.map_err(WireError::from)
}

async fn answer<S: AsyncRead + AsyncWrite + Unpin>(wire: &mut Wire<S>) -> Result<bytes::Bytes, WireError> {
    let frame = wire.next_message().await?;
    match frame.tag {
        b'p' => Ok(frame.body),
        // A client that gives up.
        b'X' => Err(WireError::Closed),
        tag => {
            Err(SqlError::new(code::PROTOCOL_VIOLATION, format!("expected SASL response, got message type {tag}"))
                .into())
        }
    }
}

/// The same for an unknown user and for a wrong password.
pub fn wrong_password(user: &str) -> SqlError {
    SqlError::new(code::INVALID_PASSWORD, format!("password authentication failed for user \"{user}\""))
}

fn needs_encryption() -> SqlError {
    SqlError::new(code::INVALID_AUTHORIZATION, "password login from another machine needs an encrypted connection")
        .hint("Connect with TLS (sslmode=require); the server must have [tls] in its config.")
}
