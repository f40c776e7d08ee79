//! Decompresses blocks, never to more than a block may hold.

use std::io::Read;

use bytes::Bytes;

use super::super::Fault;
use super::MAX_BLOCK_DECOMPRESSED_BYTES;

/// A codec of the specification; `xz` is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    Null,
    Deflate,
    Snappy,
    Zstandard,
    Bzip2,
}

impl Codec {
    pub fn parse(name: &[u8]) -> Result<Self, Fault> {
        match name {
            b"" | b"null" => Ok(Self::Null),
            b"deflate" => Ok(Self::Deflate),
            b"snappy" => Ok(Self::Snappy),
            b"zstandard" => Ok(Self::Zstandard),
            b"bzip2" => Ok(Self::Bzip2),
            other => Err(Fault::Codec(String::from_utf8_lossy(other).into())),
        }
    }

    pub fn decompress(self, data: &[u8]) -> Result<Bytes, Fault> {
        match self {
            Self::Null => Ok(Bytes::copy_from_slice(data)),
            Self::Deflate => read_all("deflate", flate2::read::DeflateDecoder::new(data)),
            Self::Snappy => snappy(data),
            Self::Zstandard => {
                let decoder = zstd::Decoder::with_buffer(data).map_err(|e| failed("zstandard", &e))?;
                read_all("zstandard", decoder)
            }
            Self::Bzip2 => read_all("bzip2", bzip2::read::BzDecoder::new(data)),
        }
    }
}

fn read_all(codec: &'static str, decoder: impl Read) -> Result<Bytes, Fault> {
    let mut out = Vec::new();
    decoder.take(MAX_BLOCK_DECOMPRESSED_BYTES + 1).read_to_end(&mut out).map_err(|e| failed(codec, &e))?;
    check_size(out.len() as u64)?;
    Ok(out.into())
}

/// Raw snappy, then the CRC-32 of the decompressed data, big-endian.
fn snappy(data: &[u8]) -> Result<Bytes, Fault> {
    let (data, checksum) = data.split_last_chunk::<4>().ok_or(Fault::Truncated)?;
    let size = snap::raw::decompress_len(data).map_err(|e| failed("snappy", &e))?;
    check_size(size as u64)?;
    let out = snap::raw::Decoder::new().decompress_vec(data).map_err(|e| failed("snappy", &e))?;
    if crc32fast::hash(&out) != u32::from_be_bytes(*checksum) {
        return Err(Fault::Checksum);
    }
    Ok(out.into())
}

fn check_size(bytes: u64) -> Result<(), Fault> {
    let limit = MAX_BLOCK_DECOMPRESSED_BYTES;
    if bytes > limit { Err(Fault::TooLong { what: "decompressed block", bytes, limit }) } else { Ok(()) }
}

fn failed(codec: &'static str, error: &dyn std::error::Error) -> Fault {
    Fault::Compressed { codec, reason: error.to_string().into() }
}
