//! The framing of an object container file: header, blocks, sync markers, codecs.
//!
//! Bytes are pushed in as they arrive ([`Container::push`]) and whole blocks come out ([`Container::next_block`]); no
//! more than one block is held, and no length is believed beyond what the file has left.

use bytes::{Buf, Bytes, BytesMut};

use super::Fault;
use super::cursor::Cursor;

mod codec;

pub use codec::Codec;

/// A block's bytes as stored; and once decompressed.
pub const MAX_BLOCK_BYTES: u64 = 64 << 20;
pub const MAX_BLOCK_DECOMPRESSED_BYTES: u64 = 256 << 20;
const MAX_HEADER_BYTES: usize = 16 << 20;
const SYNC_BYTES: usize = 16;
const MAGIC: &[u8; 4] = b"Obj\x01";

/// What the start of a file says of the rest.
#[derive(Debug, Clone)]
pub struct Header {
    /// The writer's schema as JSON.
    pub schema: String,
    pub codec: Codec,
    pub sync: [u8; SYNC_BYTES],
}

/// One block, decompressed.
#[derive(Debug, Clone)]
pub struct Block {
    pub data: Bytes,
    /// Records that the block says it holds.
    pub records: i64,
    /// Where the block starts in the file.
    pub offset_bytes: u64,
}

/// A file being read from front to back.
#[derive(Debug)]
pub struct Container {
    buffer: BytesMut,
    /// Where `buffer` starts in the file.
    offset_bytes: u64,
    size_bytes: u64,
    header: Option<Header>,
}

impl Container {
    /// A file of `size_bytes`.
    pub fn new(size_bytes: u64) -> Self {
        Self { buffer: BytesMut::new(), offset_bytes: 0, size_bytes, header: None }
    }

    /// The next bytes of the file.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Where reading stands: at a fault, the start of the block or header that has it.
    pub fn offset_bytes(&self) -> u64 {
        self.offset_bytes
    }

    /// The header, once all of it has arrived; `None` asks for more bytes.
    pub fn header(&mut self) -> Result<Option<&Header>, Fault> {
        if self.header.is_none() {
            match parse_header(&self.buffer) {
                Ok((header, used)) => {
                    self.advance(used);
                    self.header = Some(header);
                }
                Err(Fault::Truncated) if self.has_more() && self.buffer.len() < MAX_HEADER_BYTES => {}
                Err(Fault::Truncated) if self.has_more() => {
                    let (bytes, limit) = (self.buffer.len() as u64, MAX_HEADER_BYTES as u64);
                    return Err(Fault::TooLong { what: "header", bytes, limit });
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(self.header.as_ref())
    }

    /// The next block: `More` asks for more bytes.
    pub fn next_block(&mut self) -> Result<Next, Fault> {
        let Some(header) = &self.header else { return Err(Fault::Internal("block before header")) };
        if self.buffer.is_empty() {
            return Ok(if self.has_more() { Next::More } else { Next::End });
        }
        let mut cursor = Cursor::new(&self.buffer);
        let (records, length) = match (|| Ok((cursor.long()?, cursor.long()?)))() {
            Ok(head) => head,
            Err(Fault::Truncated) if self.has_more() => return Ok(Next::More),
            Err(fault) => return Err(fault),
        };
        let head = self.buffer.len() - cursor.left();
        let (records, stored) = self.check_head(head, records, length)?;
        let Ok(data) = cursor.take(stored) else { return Ok(Next::More) };
        let Ok(sync) = cursor.array::<SYNC_BYTES>() else { return Ok(Next::More) };
        if sync != header.sync {
            return Err(Fault::Sync);
        }
        let data = header.codec.decompress(data)?;
        let offset_bytes = self.offset_bytes;
        self.advance(head + stored + SYNC_BYTES);
        Ok(Next::Block(Block { data, records, offset_bytes }))
    }

    fn check_head(&self, head: usize, records: i64, length: i64) -> Result<(i64, usize), Fault> {
        let stored = usize::try_from(length).map_err(|_| Fault::Length(length))?;
        if records < 0 {
            return Err(Fault::Count(records));
        }
        let left = self.size_bytes.saturating_sub(self.offset_bytes);
        if (stored as u64).saturating_add((head + SYNC_BYTES) as u64) > left {
            return Err(Fault::Truncated);
        }
        if stored as u64 > MAX_BLOCK_BYTES {
            return Err(Fault::TooLong { what: "block", bytes: stored as u64, limit: MAX_BLOCK_BYTES });
        }
        Ok((records, stored))
    }

    fn has_more(&self) -> bool {
        self.offset_bytes + (self.buffer.len() as u64) < self.size_bytes
    }

    fn advance(&mut self, count: usize) {
        self.buffer.advance(count);
        self.offset_bytes += count as u64;
    }
}

/// What [`Container::next_block`] found.
#[derive(Debug)]
pub enum Next {
    Block(Block),
    More,
    End,
}

fn parse_header(bytes: &[u8]) -> Result<(Header, usize), Fault> {
    let mut cursor = Cursor::new(bytes);
    let known = bytes.len().min(MAGIC.len());
    if bytes[..known] != MAGIC[..known] {
        return Err(Fault::Magic);
    }
    cursor.take(MAGIC.len())?;
    let (mut schema, mut codec) = (None, Codec::Null);
    loop {
        let count = cursor.long()?;
        if count < 0 {
            cursor.long()?;
        }
        for _ in 0..count.unsigned_abs() {
            let (key, value) = (cursor.bytes()?, cursor.bytes()?);
            match key {
                b"avro.schema" => schema = Some(std::str::from_utf8(value).map_err(|_| Fault::Utf8)?.to_owned()),
                b"avro.codec" => codec = Codec::parse(value)?,
                _ => {}
            }
        }
        if count == 0 {
            break;
        }
    }
    let sync = cursor.array()?;
    let schema = schema.ok_or_else(|| Fault::schema("the header has none"))?;
    Ok((Header { schema, codec, sync }, bytes.len() - cursor.left()))
}
