//! The two buffers of one connection: bytes in, cut into messages; bytes out, appended to by whoever has something to
//! say and written with back-pressure.
//!
//! pgwire's `messages` module gives the message types and encodes what the server says rarely. The connection loop is
//! ours, not pgwire's `process_socket` and handler traits: its default portal collects a whole result before the first
//! row, its cancel reaches only planning, and rows must go straight into the socket's write buffer. What clients send
//! is decoded by [`frontend`], because pgwire's decoders panic on a message that ends early and replace bytes that
//! aren't UTF-8 where PostgreSQL refuses them.

pub mod backend;
pub mod frontend;

use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};

use crate::sqlstate::{SqlError, code};

/// Longest packet taken from someone who hasn't logged in yet, startup packets included, in bytes.
pub const MAX_UNAUTHENTICATED_BYTES: usize = 10_000;
/// Longest message of the kinds that carry only names and counts, in bytes.
const MAX_SMALL_MESSAGE_BYTES: usize = 10_000;
/// Room that an idle connection keeps for the next message, in bytes.
const READ_FLOOR_BYTES: usize = 2 * 1024;
/// The read buffer grows by what has arrived, but never by more than this at once, in bytes.
const READ_STEP_BYTES: usize = 1024 * 1024;
/// How much a client may send ahead while a statement runs before the socket stops being read, in bytes.
const READ_AHEAD_BYTES: usize = 64 * 1024;
/// An idle connection gives back any buffer that is larger, in bytes.
const IDLE_BUFFER_BYTES: usize = 4 * 1024;

/// One message: its type byte and what follows the length.
#[derive(Debug)]
pub struct Frame {
    pub tag: u8,
    pub body: Bytes,
}

/// Why no further message comes.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    #[error("the peer closed the connection")]
    Closed,
    #[error(transparent)]
    Io(#[from] io::Error),
    /// What was received is no message; the bytes after it can't be trusted.
    #[error(transparent)]
    Violation(#[from] SqlError),
}

/// The buffered connection to one client.
#[derive(Debug)]
pub struct Wire<S> {
    stream: S,
    input: BytesMut,
    output: BytesMut,
    /// `output` up to here is written.
    written: usize,
    /// `output` up to here holds whole messages.
    intact: usize,
    max_message_bytes: usize,
    /// Longest message since the buffers were last trimmed: the input buffer's allocation is at least that large.
    longest_frame: usize,
    peer_closed: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    /// A connection whose peer hasn't logged in yet: messages are held to [`MAX_UNAUTHENTICATED_BYTES`].
    pub fn new(stream: S) -> Self {
        Self {
            stream,
            input: BytesMut::new(),
            output: BytesMut::new(),
            written: 0,
            intact: 0,
            max_message_bytes: MAX_UNAUTHENTICATED_BYTES,
            longest_frame: 0,
            peer_closed: false,
        }
    }

    /// Sets the longest message taken from now on, in bytes.
    pub fn set_max_message_bytes(&mut self, limit: usize) {
        self.max_message_bytes = limit;
    }

    pub fn stream(&self) -> &S {
        &self.stream
    }

    /// The stream itself, for a change of transport. Bytes that were read but not used are lost: see
    /// [`has_unread`](Self::has_unread).
    pub fn into_stream(self) -> S {
        self.stream
    }

    /// Whether bytes were received that no message has used yet.
    pub fn has_unread(&self) -> bool {
        !self.input.is_empty()
    }

    /// The write buffer, for whole messages. [`mark_intact`](Self::mark_intact) before anything that may panic.
    pub fn output(&mut self) -> &mut BytesMut {
        &mut self.output
    }

    /// Bytes that wait to be written.
    pub fn unsent(&self) -> usize {
        self.output.len() - self.written
    }

    /// Length of the write buffer at which `unsent` bytes wait.
    pub fn output_length(&self, unsent: usize) -> usize {
        self.written + unsent
    }

    /// Everything in the write buffer is whole messages.
    pub fn mark_intact(&mut self) {
        self.intact = self.output.len();
    }

    /// Drops what was appended since the last [`mark_intact`](Self::mark_intact).
    pub fn drop_partial(&mut self) {
        self.output.truncate(self.intact.max(self.written));
    }

    /// The next startup packet, without its length.
    pub async fn next_startup_packet(&mut self) -> Result<Bytes, WireError> {
        poll_fn(|cx| {
            loop {
                if let Some(packet) = self.take_startup_packet()? {
                    return Poll::Ready(Ok(packet));
                }
                ready!(self.poll_more(cx))?;
            }
        })
        .await
    }

    /// The next message.
    pub async fn next_message(&mut self) -> Result<Frame, WireError> {
        poll_fn(|cx| self.poll_message(cx)).await
    }

    /// The next message, if it is there.
    pub fn poll_message(&mut self, cx: &mut Context<'_>) -> Poll<Result<Frame, WireError>> {
        loop {
            if let Some(frame) = self.take_frame()? {
                return Poll::Ready(Ok(frame));
            }
            ready!(self.poll_more(cx))?;
        }
    }

    /// Ready once the peer has closed its side. What it sends meanwhile is kept for
    /// [`next_message`](Self::next_message), up to a bound.
    pub fn poll_closed(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while !self.peer_closed {
            if self.input.len() >= READ_AHEAD_BYTES {
                return Poll::Pending;
            }
            // A broken connection counts as closed here; whoever reads or writes next meets the error itself.
            match ready!(self.poll_fill(cx)) {
                Ok(received) if received > 0 => {}
                _ => self.peer_closed = true,
            }
        }
        Poll::Ready(())
    }

    /// Writes all that was appended.
    pub async fn flush(&mut self) -> io::Result<()> {
        poll_fn(|cx| self.poll_flush(cx)).await
    }

    /// Writes as much as the socket takes; ready once everything is written.
    pub fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.written < self.output.len() {
            let count = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.output[self.written..]))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += count;
        }
        self.output.clear();
        self.written = 0;
        self.intact = 0;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    /// Gives back large buffers, so that thousands of idle connections stay small.
    pub fn trim(&mut self) {
        if self.output.is_empty() && self.output.capacity() > IDLE_BUFFER_BYTES {
            self.output = BytesMut::new();
        }
        if self.longest_frame.max(self.input.capacity()) > IDLE_BUFFER_BYTES && self.input.len() < IDLE_BUFFER_BYTES {
            self.input = BytesMut::from(&self.input[..]);
            self.longest_frame = 0;
        }
    }

    /// Tells the peer that nothing more comes.
    pub async fn close(&mut self) -> io::Result<()> {
        poll_fn(|cx| Pin::new(&mut self.stream).poll_shutdown(cx)).await
    }

    /// Reads and throws away until the peer closes its side.
    pub async fn discard_input(&mut self) -> io::Result<()> {
        while !self.peer_closed {
            self.input.clear();
            let received = poll_fn(|cx| self.poll_fill(cx)).await?;
            self.peer_closed = received == 0;
        }
        Ok(())
    }

    fn take_startup_packet(&mut self) -> Result<Option<Bytes>, WireError> {
        let Some(length) = announced_length(&self.input, 0) else { return Ok(None) };
        if !(8..=MAX_UNAUTHENTICATED_BYTES).contains(&length) {
            return Err(SqlError::new(code::PROTOCOL_VIOLATION, "invalid length of startup packet").into());
        }
        if self.input.len() < length {
            return Ok(None);
        }
        let mut packet = self.input.split_to(length).freeze();
        packet.advance(4);
        Ok(Some(packet))
    }

    fn take_frame(&mut self) -> Result<Option<Frame>, WireError> {
        let Some(&tag) = self.input.first() else { return Ok(None) };
        let limit = self.limit_for(tag)?;
        let Some(length) = announced_length(&self.input, 1) else { return Ok(None) };
        if !(4..=limit).contains(&length) {
            return Err(SqlError::new(code::PROTOCOL_VIOLATION, "invalid message length").into());
        }
        if self.input.len() <= length {
            return Ok(None);
        }
        self.longest_frame = self.longest_frame.max(length);
        let mut body = self.input.split_to(length + 1).freeze();
        body.advance(5);
        Ok(Some(Frame { tag, body }))
    }

    /// Longest message of type `tag`, in bytes, its length field included. An unknown type is refused before its
    /// length is believed.
    fn limit_for(&self, tag: u8) -> Result<usize, SqlError> {
        match tag {
            b'Q' | b'P' | b'B' | b'F' | b'd' => Ok(self.max_message_bytes),
            b'p' | b'C' | b'D' | b'E' | b'H' | b'S' | b'X' | b'c' | b'f' => {
                Ok(self.max_message_bytes.min(MAX_SMALL_MESSAGE_BYTES))
            }
            _ => Err(SqlError::new(code::PROTOCOL_VIOLATION, format!("invalid frontend message type {tag}"))),
        }
    }

    fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), WireError>> {
        if self.peer_closed {
            return Poll::Ready(Err(WireError::Closed));
        }
        match ready!(self.poll_fill(cx))? {
            0 => {
                self.peer_closed = true;
                Poll::Ready(Err(WireError::Closed))
            }
            _ => Poll::Ready(Ok(())),
        }
    }

    /// Reads once. The buffer grows with what was received, whatever length a message announces.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.input.capacity() - self.input.len() < READ_FLOOR_BYTES / 2 {
            self.input.reserve(self.input.len().clamp(READ_FLOOR_BYTES, READ_STEP_BYTES));
        }
        pin!(self.stream.read_buf(&mut self.input)).poll(cx)
    }
}

/// The length field at `offset`, if it has arrived. A negative one is too large for any limit.
fn announced_length(input: &[u8], offset: usize) -> Option<usize> {
    let field = input.get(offset..offset + 4)?;
    let length = u32::from_be_bytes([field[0], field[1], field[2], field[3]]);
    Some(usize::try_from(length).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;

    async fn received(bytes: &[u8]) -> Result<Frame, WireError> {
        let (mut client, server) = tokio::io::duplex(1 << 20);
        client.write_all(bytes).await.unwrap();
        drop(client);
        let mut wire = Wire::new(server);
        wire.set_max_message_bytes(1000);
        wire.next_message().await
    }

    fn violation(result: Result<Frame, WireError>) -> String {
        match result {
            Err(WireError::Violation(error)) => error.message,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn cuts_messages() {
        let frame = received(b"Q\0\0\0\x0dSELECT 1\0S\0\0\0\x04").await.unwrap();
        assert_eq!((frame.tag, &frame.body[..]), (b'Q', &b"SELECT 1\0"[..]));
    }

    #[tokio::test]
    async fn refuses_lengths_before_anything_is_allocated() {
        assert_eq!(violation(received(b"Q\0\0\0\x03").await), "invalid message length");
        assert_eq!(violation(received(b"Q\x7f\xff\xff\xff").await), "invalid message length");
        assert_eq!(violation(received(b"Q\xff\xff\xff\xff").await), "invalid message length");
        assert_eq!(violation(received(b"!").await), "invalid frontend message type 33");
    }

    #[tokio::test]
    async fn a_truncated_message_is_a_closed_connection() {
        assert!(matches!(received(b"Q\0\0\0\x0dSEL").await, Err(WireError::Closed)));
    }

    #[tokio::test]
    async fn memory_follows_bytes_received() {
        let (mut client, server) = tokio::io::duplex(1 << 20);
        let mut wire = Wire::new(server);
        wire.set_max_message_bytes(64 << 20);
        client.write_all(b"Q\x03\0\0\0some bytes of the announced forty-eight million").await.unwrap();
        let pending = futures::poll!(pin!(wire.next_message()));
        assert!(pending.is_pending());
        assert!(wire.input.capacity() <= 2 * READ_FLOOR_BYTES, "{}", wire.input.capacity());
    }

    #[tokio::test]
    async fn trimming_gives_back_a_large_message() {
        let (mut client, server) = tokio::io::duplex(1 << 20);
        let mut wire = Wire::new(server);
        wire.set_max_message_bytes(64 << 20);
        let mut message = b"Q\0\x08\0\x04".to_vec();
        message.resize(message.len() + (8 << 16), b'x');
        message.extend_from_slice(b"S\0\0\0\x04");
        client.write_all(&message).await.unwrap();
        assert_eq!(wire.next_message().await.unwrap().body.len(), 8 << 16);
        assert!(wire.poll_closed(&mut Context::from_waker(std::task::Waker::noop())).is_pending());
        wire.trim();
        assert_eq!(wire.input.capacity(), 5);
        assert_eq!(wire.next_message().await.unwrap().tag, b'S');
    }

    #[tokio::test]
    async fn what_comes_during_a_statement_is_kept() {
        let (mut client, server) = tokio::io::duplex(1 << 20);
        let mut wire = Wire::new(server);
        client.write_all(b"S\0\0\0\x04").await.unwrap();
        drop(client);
        poll_fn(|cx| wire.poll_closed(cx)).await;
        assert_eq!(wire.next_message().await.unwrap().tag, b'S');
        assert!(matches!(wire.next_message().await, Err(WireError::Closed)));
    }

    #[tokio::test]
    async fn half_an_append_can_be_dropped() {
        let (mut client, server) = tokio::io::duplex(1 << 10);
        let mut wire = Wire::new(server);
        wire.output().extend_from_slice(b"whole");
        wire.mark_intact();
        wire.output().extend_from_slice(b"ha");
        wire.drop_partial();
        wire.flush().await.unwrap();
        drop(wire);
        let mut all = Vec::new();
        client.read_to_end(&mut all).await.unwrap();
        assert_eq!(all, b"whole");
    }
}
