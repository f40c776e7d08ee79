//! The server's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS: RFC 5802 and RFC 7677, with PostgreSQL's choices where
//! they leave one (the user is the startup packet's, the one in the exchange is ignored).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::sqlstate::{SqlError, code};

pub const SCRAM_SHA_256: &str = "SCRAM-SHA-256";
pub const SCRAM_SHA_256_PLUS: &str = "SCRAM-SHA-256-PLUS";

/// Length of SHA-256's output, and so of all keys, in bytes.
const KEY_BYTES: usize = 32;
/// Length of SHA-256's blocks, in bytes.
const BLOCK_BYTES: usize = 64;
const SALT_BYTES: usize = 16;
const NONCE_BYTES: usize = 18;

/// What is kept of a password. It proves a login but doesn't make one.
#[derive(Clone)]
pub struct Verifier {
    pub iterations: u32,
    pub salt: Vec<u8>,
    pub stored_key: [u8; KEY_BYTES],
    pub server_key: [u8; KEY_BYTES],
}

/// Verifiers for users that don't exist: the same user always gets the same salt, as a real one would.
pub struct Mock {
    secret: [u8; KEY_BYTES],
}

/// An exchange that waits for the client's proof.
pub struct Exchange {
    verifier: Verifier,
    /// `c=` that the client must repeat, in base64.
    binding: String,
    nonce: String,
    client_first_bare: String,
    server_first: String,
}

impl Mock {
    /// With a secret of this process.
    pub fn new() -> Self {
        Self { secret: rand::random() }
    }

    pub fn verifier(&self, user: &str, iterations: u32) -> Verifier {
        let derive = |what: &[u8]| hmac(&self.secret, &[what, user.as_bytes()]);
        Verifier {
            iterations,
            salt: derive(b"salt")[..SALT_BYTES].to_vec(),
            stored_key: derive(b"stored"),
            server_key: derive(b"server"),
        }
    }
}

impl Default for Mock {
    fn default() -> Self {
        Self::new()
    }
}

/// A fresh server nonce, in base64.
pub fn nonce() -> String {
    STANDARD.encode(rand::random::<[u8; NONCE_BYTES]>())
}

impl Exchange {
    /// Reads the client's first message and makes the server's. `endpoint` is the certificate's hash if
    /// SCRAM-SHA-256-PLUS was offered.
    pub fn begin(
        mechanism: &str,
        endpoint: Option<&[u8]>,
        client_first: &[u8],
        verifier: Verifier,
        server_nonce: &str,
    ) -> Result<(String, Self), SqlError> {
        let plus = match (mechanism, endpoint) {
            (SCRAM_SHA_256_PLUS, Some(endpoint)) => Some(endpoint),
            (SCRAM_SHA_256, _) => None,
            _ => return Err(violation("client selected an invalid SASL authentication mechanism")),
        };
        let text = printable(client_first)?;
        let (header, bare) = split_gs2_header(text)?;
        let mut bound = header.as_bytes().to_vec();
        bound.extend_from_slice(check_binding(header, plus, endpoint.is_some())?);
        let nonce = format!("{}{server_nonce}", client_nonce(bare)?);
        let server_first = format!("r={nonce},s={},i={}", STANDARD.encode(&verifier.salt), verifier.iterations);
        let exchange = Self {
            verifier,
            binding: STANDARD.encode(bound),
            nonce,
            client_first_bare: bare.to_owned(),
            server_first: server_first.clone(),
        };
        Ok((server_first, exchange))
    }

    /// Checks the client's proof. `Some`: the server's last message, which proves the server to the client;
    /// `None`: the password is wrong.
    pub fn finish(self, client_final: &[u8]) -> Result<Option<String>, SqlError> {
        let text = printable(client_final)?;
        let (unsigned, proof) = text.rsplit_once(",p=").ok_or_else(|| malformed("The proof is missing."))?;
        let mut attributes = unsigned.split(',');
        if attributes.next().and_then(|a| a.strip_prefix("c=")) != Some(&self.binding) {
            return Err(SqlError::new(code::INVALID_AUTHORIZATION, "SCRAM channel binding check failed"));
        }
        if attributes.next().and_then(|a| a.strip_prefix("r=")) != Some(&self.nonce) {
            return Err(violation("invalid SCRAM response").detail("Nonce does not match."));
        }
        let proof: [u8; KEY_BYTES] = STANDARD
            .decode(proof)
            .ok()
            .and_then(|proof| proof.try_into().ok())
            .ok_or_else(|| malformed("Malformed proof in client-final-message."))?;
        let message = [self.client_first_bare.as_str(), &self.server_first, unsigned].join(",");
        let signature = hmac(&self.verifier.stored_key, &[message.as_bytes()]);
        let client_key: [u8; KEY_BYTES] = std::array::from_fn(|i| proof[i] ^ signature[i]);
        let proven: bool = Sha256::digest(client_key).ct_eq(&self.verifier.stored_key).into();
        let server_signature = hmac(&self.verifier.server_key, &[message.as_bytes()]);
        Ok(proven.then(|| format!("v={}", STANDARD.encode(server_signature))))
    }
}

/// The header up to and with its second comma, and what follows.
fn split_gs2_header(text: &str) -> Result<(&str, &str), SqlError> {
    let ends = text.match_indices(',').nth(1).map(|(at, _)| at + 1);
    let (header, bare) = text.split_at(ends.ok_or_else(|| malformed("The GS2 header is missing."))?);
    match header.split(',').nth(1) {
        Some("") => Ok((header, bare)),
        _ => Err(SqlError::new(
            code::FEATURE_NOT_SUPPORTED,
            "client uses authorization identity, but it is not supported",
        )),
    }
}

/// Whether what the client says of channel binding fits the mechanism that it chose (`plus`: the one with binding) and
/// what was offered. Returns the bytes to bind, none without binding.
fn check_binding<'a>(header: &str, plus: Option<&'a [u8]>, offered: bool) -> Result<&'a [u8], SqlError> {
    let flag = header.split(',').next().unwrap_or_default();
    match (flag, plus) {
        ("p=tls-server-end-point", Some(endpoint)) => Ok(endpoint),
        (flag, Some(_)) if flag.starts_with("p=") => {
            Err(violation(format!("unsupported SCRAM channel-binding type \"{}\"", &flag[2..])))
        }
        ("n" | "y", Some(_)) => Err(malformed(
            "The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include channel binding data.",
        )),
        ("n", None) => Ok(&[]),
        // Someone between client and server has taken -PLUS off the offer.
        ("y", None) if offered => {
            Err(SqlError::new(code::INVALID_AUTHORIZATION, "SCRAM channel binding negotiation error").detail(
                "The client supports SCRAM channel binding but thinks the server does not.  However, this server does \
             support channel binding.",
            ))
        }
        ("y", None) => Ok(&[]),
        (flag, None) if flag.starts_with("p=") => Err(malformed(
            "The client selected SCRAM-SHA-256 without channel binding, but the SCRAM message includes channel \
             binding data.",
        )),
        _ => Err(malformed("Unexpected channel-binding flag.")),
    }
}

fn client_nonce(bare: &str) -> Result<&str, SqlError> {
    if bare.starts_with("m=") {
        return Err(SqlError::new(code::FEATURE_NOT_SUPPORTED, "client requires an unsupported SCRAM extension"));
    }
    let mut attributes = bare.split(',');
    let user = attributes.next().filter(|attribute| attribute.starts_with("n="));
    let nonce = attributes.next().and_then(|attribute| attribute.strip_prefix("r=")).filter(|nonce| !nonce.is_empty());
    match (user, nonce) {
        (Some(_), Some(nonce)) if nonce.bytes().all(|b| (0x21..=0x7e).contains(&b)) => Ok(nonce),
        (Some(_), Some(_)) => Err(violation("non-printable characters in SCRAM nonce")),
        _ => Err(malformed("The user name or the nonce is missing.")),
    }
}

fn printable(message: &[u8]) -> Result<&str, SqlError> {
    if message.is_empty() {
        return Err(malformed("The message is empty."));
    }
    if message.contains(&0) {
        return Err(malformed("Message length does not match input length."));
    }
    std::str::from_utf8(message).map_err(|_| malformed("The message is not UTF-8."))
}

fn malformed(detail: &str) -> SqlError {
    violation("malformed SCRAM message").detail(detail)
}

fn violation(message: impl Into<String>) -> SqlError {
    SqlError::new(code::PROTOCOL_VIOLATION, message)
}

/// HMAC-SHA-256 of the parts, one after the other. A key is padded with zeros to the block's length by definition.
fn hmac(key: &[u8; KEY_BYTES], parts: &[&[u8]]) -> [u8; KEY_BYTES] {
    let mut block = [0; BLOCK_BYTES];
    block[..KEY_BYTES].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7677, section 3: user `user`, password `pencil`.
    const CLIENT_FIRST: &str = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    const SERVER_NONCE: &str = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    const SERVER_FIRST: &str = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    const CLIENT_FINAL: &str = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
                                p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    const SERVER_FINAL: &str = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    fn pencil() -> Verifier {
        let salt = STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
        let salted = hi(b"pencil", &salt, 4096);
        let client_key = hmac(&salted, &[b"Client Key"]);
        Verifier {
            iterations: 4096,
            salt,
            stored_key: Sha256::digest(client_key).into(),
            server_key: hmac(&salted, &[b"Server Key"]),
        }
    }

    /// RFC 5802's Hi() for passwords of up to 32 bytes.
    fn hi(password: &[u8], salt: &[u8], iterations: u32) -> [u8; 32] {
        let mut key = [0; 32];
        key[..password.len()].copy_from_slice(password);
        let mut last = hmac(&key, &[salt, &1u32.to_be_bytes()]);
        let mut all = last;
        for _ in 1..iterations {
            last = hmac(&key, &[&last]);
            all.iter_mut().zip(last).for_each(|(a, b)| *a ^= b);
        }
        all
    }

    fn begin(mechanism: &str, endpoint: Option<&[u8]>, first: &str) -> Result<(String, Exchange), SqlError> {
        Exchange::begin(mechanism, endpoint, first.as_bytes(), pencil(), SERVER_NONCE)
    }

    #[test]
    fn rfc_7677_example() {
        let (server_first, exchange) = begin(SCRAM_SHA_256, None, CLIENT_FIRST).unwrap();
        assert_eq!(server_first, SERVER_FIRST);
        assert_eq!(exchange.finish(CLIENT_FINAL.as_bytes()).unwrap().as_deref(), Some(SERVER_FINAL));
    }

    #[test]
    fn a_wrong_proof_is_no_login() {
        let (_, exchange) = begin(SCRAM_SHA_256, None, CLIENT_FIRST).unwrap();
        let wrong = CLIENT_FINAL.replace("dHzb", "eHzb");
        assert_eq!(exchange.finish(wrong.as_bytes()).unwrap(), None);
    }

    #[test]
    fn the_nonce_and_the_binding_must_be_repeated() {
        let (_, exchange) = begin(SCRAM_SHA_256, None, CLIENT_FIRST).unwrap();
        let error = exchange.finish(CLIENT_FINAL.replace("r=rOpr", "r=xOpr").as_bytes()).unwrap_err();
        assert_eq!(error.detail.as_deref(), Some("Nonce does not match."));
        let (_, exchange) = begin(SCRAM_SHA_256, None, CLIENT_FIRST).unwrap();
        let error = exchange.finish(CLIENT_FINAL.replace("c=biws", "c=eSws").as_bytes()).unwrap_err();
        assert_eq!(error.code, "28000");
    }

    #[test]
    fn a_downgrade_is_noticed() {
        let first = CLIENT_FIRST.replacen("n,,", "y,,", 1);
        let error = begin(SCRAM_SHA_256, Some(b"hash"), &first).err().unwrap();
        assert_eq!((error.code, &*error.message), ("28000", "SCRAM channel binding negotiation error"));
        assert!(begin(SCRAM_SHA_256, None, &first).is_ok());
    }

    #[test]
    fn plus_binds_the_certificate() {
        let first = CLIENT_FIRST.replacen("n,,", "p=tls-server-end-point,,", 1);
        let (_, exchange) = begin(SCRAM_SHA_256_PLUS, Some(b"hash"), &first).unwrap();
        assert_eq!(exchange.binding, STANDARD.encode(b"p=tls-server-end-point,,hash"));
        assert!(begin(SCRAM_SHA_256_PLUS, None, &first).is_err());
        assert!(begin(SCRAM_SHA_256_PLUS, Some(b"hash"), CLIENT_FIRST).is_err());
        assert!(begin(SCRAM_SHA_256, Some(b"hash"), &first).is_err());
        let unique = CLIENT_FIRST.replacen("n,,", "p=tls-unique,,", 1);
        let error = begin(SCRAM_SHA_256_PLUS, Some(b"hash"), &unique).err().unwrap();
        assert_eq!(error.message, "unsupported SCRAM channel-binding type \"tls-unique\"");
    }

    #[test]
    fn garbage_is_an_error() {
        for first in
            ["", "n", "n,,", "n,,n=user", "n,,r=x", "q,,n=u,r=x", "n,a=x,n=u,r=x", "n,,m=x,n=u,r=x", "n,,n=u,r="]
        {
            assert!(begin(SCRAM_SHA_256, None, first).is_err(), "{first}");
        }
        for last in ["", "c=biws", "c=biws,p=", "p=AAAA", ",p=", "c=biws,r=x,p=!!"] {
            let (_, exchange) = begin(SCRAM_SHA_256, None, CLIENT_FIRST).unwrap();
            assert!(exchange.finish(last.as_bytes()).is_err(), "{last}");
        }
        assert!(begin("PLAIN", None, CLIENT_FIRST).is_err());
    }

    #[test]
    fn an_unknown_user_has_a_salt_that_stays() {
        let mock = Mock::new();
        let (one, again, other) = (mock.verifier("x", 4096), mock.verifier("x", 4096), mock.verifier("y", 4096));
        assert_eq!(one.salt, again.salt);
        assert_ne!(one.salt, other.salt);
        assert_ne!(one.salt, Mock::new().verifier("x", 4096).salt);
    }

    #[test]
    fn weir_password_makes_a_verifier_that_logs_in() {
        let text = crate::auth::password::make_verifier("pencil");
        let parts: Vec<&str> = text.split(['$', ':']).collect();
        let salt = STANDARD.decode(parts[2]).unwrap();
        let salted = hi(b"pencil", &salt, parts[1].parse().unwrap());
        let stored: [u8; 32] = Sha256::digest(hmac(&salted, &[b"Client Key"])).into();
        assert_eq!((parts[0], STANDARD.decode(parts[3]).unwrap()), ("SCRAM-SHA-256", stored.to_vec()));
    }
}
