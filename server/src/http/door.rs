//! Who is let in to the pages: a few connections at a time, each for a few seconds. A client that asks slowly, or not at
//! all, costs no more than that, and makes room for the next one.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Sleep, sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// Connections at the same time; scrapers and probes are a handful.
const PLACES: usize = 32;
/// From a connection's begin to its end: what is asked is a line, and the answer some kilobytes.
const PATIENCE: Duration = Duration::from_secs(5);

/// The listener of the pages.
pub struct Door {
    listener: TcpListener,
    /// Those who are in, the longest first: cancelled, they leave.
    visitors: VecDeque<CancellationToken>,
}

impl Door {
    pub fn new(listener: TcpListener) -> Self {
        Self { listener, visitors: VecDeque::new() }
    }
}

impl Listener for Door {
    type Io = Visitor;
    type Addr = SocketAddr;

    /// The next connection. If there is no place for it, who has been in the longest goes: an answer takes a moment, so that
    /// is somebody who doesn't ask.
    async fn accept(&mut self) -> (Visitor, SocketAddr) {
        let (stream, peer) = Listener::accept(&mut self.listener).await;
        self.visitors.retain(|visitor| !visitor.is_cancelled());
        if self.visitors.len() >= PLACES
            && let Some(longest) = self.visitors.pop_front()
        {
            longest.cancel();
        }
        let end = CancellationToken::new();
        self.visitors.push_back(end.clone());
        (
            Visitor {
                stream,
                deadline: Box::pin(sleep(PATIENCE)),
                sent_away: Box::pin(end.clone().cancelled_owned()),
                end,
            },
            peer,
        )
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that fails once its time is up, or once its place is needed.
pub struct Visitor {
    stream: TcpStream,
    deadline: Pin<Box<Sleep>>,
    sent_away: Pin<Box<WaitForCancellationFutureOwned>>,
    end: CancellationToken,
}

impl Visitor {
    fn in_time(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        match self.deadline.as_mut().poll(cx).is_ready() || self.sent_away.as_mut().poll(cx).is_ready() {
            true => Err(io::ErrorKind::TimedOut.into()),
            false => Ok(()),
        }
    }
}

impl Drop for Visitor {
    /// The place is free.
    fn drop(&mut self) {
        self.end.cancel();
    }
}

impl AsyncRead for Visitor {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.in_time(cx)?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Visitor {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.in_time(cx)?;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
