//! One session's conversation: a message in, its answers out, until the client leaves.
//!
//! Simple and extended protocol go through the same functions of [`crate::query`]. The loop is ours, not pgwire's (see
//! [`crate::wire`]): rows are encoded straight into the write buffer, portals keep their running streams, and one token
//! stops a statement wherever it is.

mod cursor;
mod extended;
mod portal;
mod run;
mod simple;

use std::any::Any;
use std::future::{Future, poll_fn};
use std::io;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures::FutureExt;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::cancel::{Reason, Registration};
use crate::query::Engine;
use crate::session::Session;
use crate::session::utility::PortalEffect;
use crate::sqlstate::{SqlError, code};
use crate::wire::backend::{self, Severity};
use crate::wire::{Frame, Wire, WireError, frontend};
use portal::Portals;

/// Answers that wait for a Sync or Flush are written early once there are so many, in bytes.
const PIPELINE_BYTES: usize = 64 * 1024;
/// How long a client that reads nothing may hold up its own farewell.
const FAREWELL_TIMEOUT: Duration = Duration::from_secs(2);

/// Why a session is over.
#[derive(Debug)]
pub enum End {
    /// The client left, or can't be reached any more.
    Closed,
    /// The client is told, if it can still be.
    Fatal(SqlError),
}

/// Why a message wasn't answered in full.
#[derive(Debug)]
enum Failure {
    /// The statement failed; the session goes on.
    Statement(SqlError),
    End(End),
}

/// A client that is logged in.
pub struct Connection<S> {
    wire: Wire<S>,
    session: Session,
    engine: Arc<Engine>,
    registration: Registration,
    portals: Portals,
    /// Cancelled when the server shuts down: the session ends as soon as nothing runs.
    shutdown: CancellationToken,
    /// After an error in the extended protocol everything is skipped up to the next Sync.
    skip_to_sync: bool,
    /// Extended messages have come since the last Sync.
    in_sequence: bool,
    /// Version of the settings that the client knows.
    told_version: u64,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    pub fn new(
        wire: Wire<S>,
        session: Session,
        engine: Arc<Engine>,
        registration: Registration,
        shutdown: CancellationToken,
    ) -> Self {
        Self {
            wire,
            session,
            engine,
            registration,
            portals: Portals::default(),
            shutdown,
            skip_to_sync: false,
            in_sequence: false,
            told_version: 0,
        }
    }

    /// Serves the session to its end.
    pub async fn serve(mut self) {
        if let End::Fatal(error) = self.converse().await {
            farewell(&mut self.wire, &error).await;
        }
    }

    async fn converse(&mut self) -> End {
        backend::backend_key_data(self.registration.pid(), self.registration.secret(), self.wire.output());
        if let Err(end) = self.ready().await {
            return end;
        }
        loop {
            let frame = match self.next_frame().await {
                Ok(frame) => frame,
                Err(end) => return end,
            };
            if let Err(end) = self.handle(frame).await {
                return end;
            }
        }
    }

    /// Waits for the next message, but not for ever.
    async fn next_frame(&mut self) -> Result<Frame, End> {
        if self.wire.unsent() > PIPELINE_BYTES {
            self.wire.flush().await?;
        }
        if self.shutdown.is_cancelled() && !self.in_sequence {
            return Err(End::Fatal(Reason::Shutdown.error()));
        }
        let (patience, impatience) = self.patience();
        let mut alarm = patience.map(|patience| Box::pin(sleep(patience)));
        let mut shutdown = pin!(self.shutdown.cancelled());
        let (wire, portals) = (&mut self.wire, &mut self.portals);
        let idle_cursor_timeout = self.engine.idle_cursor_timeout.unwrap_or(Duration::MAX);
        let expiry = |portals: &Portals| {
            let expiry = portals.expiry(idle_cursor_timeout)?;
            Some(Box::pin(sleep_until(expiry.into())))
        };
        let mut cursors = expiry(portals);
        poll_fn(|cx| {
            // First, since a client that always has something to say would never let its cursors be looked at.
            while cursors.as_mut().is_some_and(|alarm| alarm.as_mut().poll(cx).is_ready()) {
                portals.expire(idle_cursor_timeout);
                cursors = expiry(portals);
            }
            if let Poll::Ready(received) = wire.poll_message(cx) {
                return Poll::Ready(received.map_err(End::from));
            }
            if shutdown.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Err(End::Fatal(Reason::Shutdown.error())));
            }
            if alarm.as_mut().is_some_and(|alarm| alarm.as_mut().poll(cx).is_ready()) {
                return Poll::Ready(Err(End::Fatal(impatience())));
            }
            wire.trim();
            Poll::Pending
        })
        .await
    }

    /// How long the session may idle as it stands, and what the client reads after that.
    fn patience(&self) -> (Option<Duration>, fn() -> SqlError) {
        let settings = self.session.settings();
        if self.session.transaction().in_block() {
            (settings.idle_in_transaction_timeout(), || {
                SqlError::new(
                    code::IDLE_IN_TRANSACTION_TIMEOUT,
                    "terminating connection due to idle-in-transaction timeout",
                )
            })
        } else {
            (settings.idle_session_timeout(), || {
                SqlError::new(code::IDLE_SESSION_TIMEOUT, "terminating connection due to idle-session timeout")
            })
        }
    }

    async fn handle(&mut self, frame: Frame) -> Result<(), End> {
        if self.skip_to_sync && !matches!(frame.tag, b'S' | b'X') {
            return Ok(());
        }
        self.wire.mark_intact();
        // A panic is a bug, but it must stay this statement's own.
        let handled = AssertUnwindSafe(self.dispatch(&frame)).catch_unwind().await;
        let handled = handled.unwrap_or_else(|panic| {
            self.wire.drop_partial();
            Err(Failure::Statement(panicked(panic.as_ref())))
        });
        match handled {
            Ok(()) => Ok(()),
            Err(Failure::Statement(error)) => self.recover(frame.tag, &error).await,
            Err(Failure::End(end)) => Err(end),
        }
    }

    async fn dispatch(&mut self, frame: &Frame) -> Result<(), Failure> {
        self.in_sequence = !matches!(frame.tag, b'Q' | b'S' | b'F');
        match frame.tag {
            b'Q' => self.query(frontend::query(&frame.body)?).await,
            b'P' => self.parse(frontend::parse(&frame.body)?).await,
            b'B' => self.bind(frontend::bind(&frame.body)?),
            b'D' => self.describe(&frontend::target(&frame.body, "DESCRIBE")?),
            b'E' => self.execute(frontend::execute(&frame.body)?).await,
            b'C' => self.close(&frontend::target(&frame.body, "CLOSE")?),
            b'S' => self.sync(&frame.body).await,
            b'H' => self.flush(&frame.body).await,
            b'X' => Err(Failure::End(End::Closed)),
            // What is left of a COPY that failed.
            b'd' | b'c' | b'f' => Ok(()),
            b'F' => {
                Err(SqlError::new(code::FEATURE_NOT_SUPPORTED, "the function call protocol is not supported").into())
            }
            tag => {
                let error = SqlError::new(code::PROTOCOL_VIOLATION, format!("invalid frontend message type {tag}"));
                Err(Failure::End(End::Fatal(error)))
            }
        }
    }

    /// Tells the client what went wrong and gets ready for what comes next.
    async fn recover(&mut self, tag: u8, error: &SqlError) -> Result<(), End> {
        self.portals.fail(self.session.transaction().depth());
        self.session.fail();
        self.send_warnings();
        if matches!(error.code, code::ADMIN_SHUTDOWN) {
            return Err(End::Fatal(error.clone()));
        }
        backend::report(Severity::Error, error, self.wire.output());
        if matches!(tag, b'Q' | b'F' | b'S') {
            self.end_message(true);
            return self.ready().await;
        }
        self.skip_to_sync = true;
        Ok(self.wire.flush().await?)
    }

    async fn flush(&mut self, body: &[u8]) -> Result<(), Failure> {
        frontend::nothing(body)?;
        Ok(self.wire.flush().await?)
    }

    async fn sync(&mut self, body: &[u8]) -> Result<(), Failure> {
        let failed = std::mem::take(&mut self.skip_to_sync);
        frontend::nothing(body)?;
        self.end_message(failed);
        Ok(self.ready().await?)
    }

    /// A transaction that no BEGIN opened ends with the message, and its portals with it.
    fn end_message(&mut self, failed: bool) {
        if self.session.end_message(failed) {
            self.portals.end_transaction(!failed);
        }
    }

    /// ReadyForQuery, after the settings that have changed; everything goes out now.
    async fn ready(&mut self) -> Result<(), End> {
        let version = self.session.settings().version();
        if self.told_version != version {
            self.told_version = version;
            for (name, value) in self.session.settings_mut().take_news() {
                backend::parameter_status(name, &value, self.wire.output());
            }
        }
        backend::ready_for_query(self.session.transaction().status(), self.wire.output());
        Ok(self.wire.flush().await?)
    }

    fn send_warnings(&mut self) {
        for warning in self.session.take_warnings() {
            backend::report(Severity::Warning, &warning, self.wire.output());
        }
    }

    fn apply(&mut self, effect: PortalEffect) -> Result<(), SqlError> {
        match effect {
            PortalEffect::Keep => Ok(()),
            PortalEffect::CloseAll => {
                self.portals.clear();
                Ok(())
            }
            PortalEffect::TransactionEnded { committed } => {
                self.portals.end_transaction(committed);
                Ok(())
            }
            PortalEffect::Close(name) => match self.portals.remove(&name) {
                true => Ok(()),
                false => Err(SqlError::new(code::INVALID_CURSOR_NAME, format!("cursor \"{name}\" does not exist"))),
            },
            PortalEffect::RolledBackTo(depth) => {
                self.portals.roll_back_to(depth);
                Ok(())
            }
            PortalEffect::Released(depth) => {
                self.portals.release(depth);
                Ok(())
            }
        }
    }
}

/// The last words to a client; it may not be there to hear them. What it still sends is read and thrown away for a
/// moment: closing a socket with unread bytes would reset the connection, and the words might be lost.
pub async fn farewell<S: AsyncRead + AsyncWrite + Unpin>(wire: &mut Wire<S>, error: &SqlError) {
    backend::report(Severity::Fatal, error, wire.output());
    let said = tokio::time::timeout(FAREWELL_TIMEOUT, async {
        wire.flush().await?;
        wire.close().await?;
        wire.discard_input().await
    });
    if let Ok(Err(error)) = said.await {
        tracing::debug!(%error, "the client was gone before its farewell");
    }
}

fn panicked(panic: &(dyn Any + Send)) -> SqlError {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = text.unwrap_or("unknown"), "a statement panicked");
    SqlError::new(code::INTERNAL_ERROR, "internal error").hint("The server's log says more.")
}

impl From<WireError> for End {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Closed => End::Closed,
            WireError::Io(error) => error.into(),
            WireError::Violation(error) => End::Fatal(error),
        }
    }
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> Self {
        tracing::debug!(%error, "connection lost");
        End::Closed
    }
}

impl From<End> for Failure {
    fn from(end: End) -> Self {
        Failure::End(end)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::End(error.into())
    }
}

impl From<SqlError> for Failure {
    fn from(error: SqlError) -> Self {
        Failure::Statement(error)
    }
}
