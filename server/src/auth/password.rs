//! A password to the verifier that users.toml keeps.

/// The SCRAM-SHA-256 verifier of a password, with a fresh salt, in PostgreSQL's form:
/// `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>`. The password goes through SASLprep (RFC 4013) unless
/// that refuses it, as in PostgreSQL and its clients.
pub fn make_verifier(password: &str) -> String {
    postgres_protocol::password::scram_sha_256(password.as_bytes())
}
