//! TLS: certificate and key from files, and a socket that is plain or encrypted.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256, Sha384, Sha512};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// The protocol's name in TLS (ALPN), which direct TLS must announce.
pub const ALPN: &[u8] = b"postgresql";

/// Why TLS can't be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("can't read {path}: {error}")]
    Read { path: PathBuf, error: rustls::pki_types::pem::Error },
    #[error("{path} holds no certificate")]
    NoCertificate { path: PathBuf },
    #[error("the certificate {cert} and its key {key} can't be used: {error}")]
    Rejected { cert: PathBuf, key: PathBuf, error: rustls::Error },
}

/// What is needed to accept encrypted connections.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    endpoint: Option<Arc<[u8]>>,
}

impl Tls {
    /// Reads a certificate chain and its private key, both PEM.
    pub fn load(cert: &Path, key: &Path) -> Result<Self, TlsError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |error| TlsError::Read { path, error }
        };
        let rejected = |error| TlsError::Rejected { cert: cert.to_owned(), key: key.to_owned(), error };
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(cert)
            .and_then(|certificates| certificates.collect())
            .map_err(unreadable(cert))?;
        let leaf = chain.first().ok_or_else(|| TlsError::NoCertificate { path: cert.to_owned() })?;
        let endpoint = endpoint_hash(leaf).map(Arc::from);
        let private_key = PrivateKeyDer::from_pem_file(key).map_err(unreadable(key))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(rejected)?
            .with_no_client_auth()
            .with_single_cert(chain, private_key)
            .map_err(rejected)?;
        config.alpn_protocols = vec![ALPN.to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), endpoint })
    }

    /// The certificate's hash for channel binding `tls-server-end-point` (RFC 5929), if its signature defines one.
    pub fn endpoint(&self) -> Option<Arc<[u8]>> {
        self.endpoint.clone()
    }

    /// Shakes hands as the server.
    pub async fn accept(&self, stream: TcpStream) -> io::Result<Socket> {
        self.acceptor.accept(stream).await.map(|stream| Socket::Tls(Box::new(stream)))
    }
}

/// A connection to a client.
#[derive(Debug)]
pub enum Socket {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Socket {
    /// Whether the client named the protocol in its TLS handshake.
    pub fn has_alpn(&self) -> bool {
        matches!(self, Socket::Tls(stream) if stream.get_ref().1.alpn_protocol() == Some(ALPN))
    }
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Socket::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Socket::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Socket::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Socket::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Socket::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Socket::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Socket::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Socket::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

/// RFC 5929, section 4.1: the certificate, hashed with its own signature's hash function, with SHA-256 in place of MD5
/// and SHA-1. `None` where the signature has no single hash function (Ed25519) or one that isn't known here.
fn endpoint_hash(certificate: &[u8]) -> Option<Vec<u8>> {
    let (_, body, _) = element(certificate)?;
    let (_, _, after_signed_part) = element(body)?;
    let (_, algorithm, _) = element(after_signed_part)?;
    let (_, oid, parameters) = element(algorithm)?;
    match signature_hash(oid, parameters)? {
        Hash::Sha256 => Some(Sha256::digest(certificate).to_vec()),
        Hash::Sha384 => Some(Sha384::digest(certificate).to_vec()),
        Hash::Sha512 => Some(Sha512::digest(certificate).to_vec()),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// 1.2.840.113549.1.1: RSA signatures (PKCS #1).
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
/// 1.2.840.10045.4: ECDSA signatures (ANSI X9.62).
const ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04];
/// 2.16.840.1.101.3.4.2: hash functions (NIST).
const NIST_HASH: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];

fn signature_hash(oid: &[u8], parameters: &[u8]) -> Option<Hash> {
    match (oid.strip_prefix(RSA), oid.strip_prefix(ECDSA)) {
        (Some([4 | 5 | 11]), _) | (_, Some([1] | [3, 2])) => Some(Hash::Sha256),
        (Some([12]), _) | (_, Some([3, 3])) => Some(Hash::Sha384),
        (Some([13]), _) | (_, Some([3, 4])) => Some(Hash::Sha512),
        // RSASSA-PSS names its hash in its parameters; by default SHA-1, which SHA-256 stands in for.
        (Some([10]), _) => pss_hash(parameters),
        _ => None,
    }
}

fn pss_hash(parameters: &[u8]) -> Option<Hash> {
    let (_, sequence, _) = element(parameters)?;
    let Some((0xa0, tagged, _)) = element(sequence) else { return Some(Hash::Sha256) };
    let (_, algorithm, _) = element(tagged)?;
    let (_, oid, _) = element(algorithm)?;
    match oid.strip_prefix(NIST_HASH)? {
        [1] => Some(Hash::Sha256),
        [2] => Some(Hash::Sha384),
        [3] => Some(Hash::Sha512),
        _ => None,
    }
}

/// The first DER element: its tag, its contents, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first - 0x80))?;
            (digits.iter().fold(0, |length, &digit| length << 8 | usize::from(digit)), rest)
        }
        _ => return None,
    };
    let (contents, rest) = rest.split_at_checked(length)?;
    Some((tag, contents, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn der_elements_never_run_over() {
        assert_eq!(element(&[0x30, 2, 1, 2, 9]), Some((0x30, &[1, 2][..], &[9][..])));
        assert_eq!(element(&[0x30, 0x81, 1, 7]), Some((0x30, &[7][..], &[][..])));
        for bad in [&[][..], &[0x30], &[0x30, 3, 1], &[0x30, 0x80], &[0x30, 0x84, 255, 255, 255, 255, 1]] {
            assert_eq!(element(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn hash_by_signature() {
        let oid = |base: &[u8], rest: &[u8]| [base, rest].concat();
        assert_eq!(signature_hash(&oid(RSA, &[11]), &[]), Some(Hash::Sha256));
        assert_eq!(signature_hash(&oid(RSA, &[5]), &[]), Some(Hash::Sha256));
        assert_eq!(signature_hash(&oid(ECDSA, &[3, 3]), &[]), Some(Hash::Sha384));
        assert_eq!(signature_hash(&oid(RSA, &[10]), &[0x30, 0]), Some(Hash::Sha256));
        assert_eq!(signature_hash(&[0x2b, 0x65, 0x70], &[]), None);
    }
}
