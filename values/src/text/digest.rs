//! Hashes.

use md5::Md5;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

/// `md5(bytes)`, as hexadecimal digits.
pub fn md5(bytes: &[u8]) -> String {
    super::encode::hex(&Md5::digest(bytes))
}

/// `sha224(bytes)`
pub fn sha224(bytes: &[u8]) -> Vec<u8> {
    Sha224::digest(bytes).to_vec()
}

/// `sha256(bytes)`
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// `sha384(bytes)`
pub fn sha384(bytes: &[u8]) -> Vec<u8> {
    Sha384::digest(bytes).to_vec()
}

/// `sha512(bytes)`
pub fn sha512(bytes: &[u8]) -> Vec<u8> {
    Sha512::digest(bytes).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_the_known_ones() {
        assert_eq!(md5(b"a"), "0cc175b9c0f1b6a831c399e269772661");
        let sha = super::super::encode::hex(&sha256(b"a"));
        assert_eq!(sha, "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
        assert_eq!((sha224(b"").len(), sha384(b"").len(), sha512(b"").len()), (28, 48, 64));
    }
}
