//! A statement at work: its future driven beside the socket, its rows streamed with back-pressure.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use arrow::datatypes::SchemaRef;
use datafusion::common::ScalarValue;
use tokio::io::{AsyncRead, AsyncWrite};
use weir_planner::parse::Kind;

use super::portal::Cursor;
use super::{Connection, Failure};
use crate::cancel::{Reason, Running, StatementGuard};
use crate::query::{self, Prepared, Rows};
use crate::session::utility;
use crate::sqlstate::SqlError;
use crate::wire::Wire;
use crate::wire::backend::{self, Column};
use weir_encode::{Format, wire_type};

/// Rows are written once so many bytes of them wait.
const WRITE_BYTES: usize = 64 * 1024;

/// How a statement's rows ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// No rows are left after so many.
    Complete(u64),
    /// The row limit is reached; there may be more.
    Suspended,
}

/// What running a statement has begun.
pub(super) enum Started {
    /// It is done, and returned no rows.
    Done(&'static str),
    /// Its rows are to be sent.
    Rows(Box<Cursor>),
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    /// A new statement begins: CancelRequests find it, and its time runs.
    pub(super) fn enter(&self) -> Running {
        self.registration.enter(StatementGuard::new(), self.session.settings().statement_timeout())
    }

    /// A portal that has run before goes on.
    pub(super) fn enter_again(&self, guard: StatementGuard) -> Running {
        self.registration.enter(guard, self.session.settings().statement_timeout())
    }

    /// Puts a statement on record that is refused before it comes to [`crate::query`].
    pub(super) fn recorded<T>(&self, text: &str, allowed: Result<T, SqlError>) -> Result<T, SqlError> {
        allowed.inspect_err(|error| query::record_refused(&self.engine, &self.session, text, error))
    }

    pub(super) async fn prepare(
        &mut self,
        running: &mut Running,
        parsed: query::Parsed,
        parameter_oids: &[u32],
    ) -> Result<Arc<Prepared>, SqlError> {
        // Boxed: what planning needs would otherwise be kept for every connection, idle ones too.
        let work = Box::pin(query::prepare(&self.engine, &self.session, parsed, parameter_oids));
        drive(running, &mut self.wire, work).await
    }

    /// Starts a statement: session statements are over then, queries have rows to send.
    pub(super) async fn start(
        &mut self,
        running: &mut Running,
        prepared: &Arc<Prepared>,
        parameters: Vec<ScalarValue>,
        formats: &[Format],
    ) -> Result<Started, SqlError> {
        match prepared.kind() {
            Kind::Utility(_) => self.start_utility(running, prepared, formats),
            Kind::Copy(copy) => {
                let (rows, guard) = self.rows(running, prepared, parameters).await?;
                let cursor = Cursor::copying(rows, &copy.options, self.session.style(), guard)?;
                Ok(Started::Rows(Box::new(cursor)))
            }
            Kind::Declare(declare) => {
                self.recorded(prepared.text(), self.may_declare(declare))?;
                let (rows, guard) = self.rows(running, prepared, parameters).await?;
                let cursor = Cursor::streaming(rows, &[], self.session.style(), guard)?;
                self.declare(declare, prepared, cursor)?;
                Ok(Started::Done("DECLARE CURSOR"))
            }
            _ => {
                let (rows, guard) = self.rows(running, prepared, parameters).await?;
                let cursor = Cursor::streaming(rows, formats, self.session.style(), guard)?;
                Ok(Started::Rows(Box::new(cursor)))
            }
        }
    }

    /// Begins a query's rows.
    async fn rows(
        &mut self,
        running: &mut Running,
        prepared: &Arc<Prepared>,
        parameters: Vec<ScalarValue>,
    ) -> Result<(Rows, StatementGuard), SqlError> {
        let guard = running.guard().clone();
        // Boxed: what planning needs would otherwise be kept for every connection, idle ones too.
        let work = Box::pin(query::run(&self.engine, &self.session, prepared, parameters, &guard));
        let rows = drive(running, &mut self.wire, work).await?;
        Ok((rows, guard))
    }

    /// Rows that were begun go on only if what was decided on them still holds.
    pub(super) fn confirm(&self, cursor: &mut Cursor) -> Result<(), SqlError> {
        match (&mut cursor.rows, &cursor.basis) {
            (Some(rows), _) => query::confirm(&self.engine, &self.session, rows),
            (None, Some(basis)) => query::confirm_basis(&self.engine, &self.session, basis),
            (None, None) => Ok(()),
        }
    }

    /// What comes before a statement's rows: their description if it was asked for, or the beginning of a file.
    pub(super) fn announce(&mut self, cursor: &Cursor, formats: Option<&[Format]>) -> Result<(), SqlError> {
        match (cursor.copy(), formats) {
            (Some(copy), _) => {
                backend::copy_out_response(copy.format() as i16, copy.columns(), self.wire.output());
                copy.begin(self.wire.output())?;
            }
            (None, Some(formats)) => self.describe_rows(&cursor.columns, formats),
            (None, None) => {}
        }
        Ok(())
    }

    /// What comes behind a statement's last row.
    pub(super) fn conclude(&mut self, prepared: &Prepared, cursor: &Cursor, rows: u64) -> Result<(), SqlError> {
        if let Some(copy) = cursor.copy() {
            copy.end(self.wire.output())?;
            backend::copy_done(self.wire.output());
        }
        let (tag, count) = tag_of(prepared, rows);
        self.complete(tag, count);
        Ok(())
    }

    /// The one place where statements about the session are carried out and put on record.
    fn start_utility(
        &mut self,
        running: &Running,
        prepared: &Arc<Prepared>,
        formats: &[Format],
    ) -> Result<Started, SqlError> {
        let Some(utility) = prepared.utility() else { return Ok(Started::Done("")) };
        let ran = match utility::asks_receipt(utility) {
            true => query::receipt(&self.engine, &self.session)
                .map(|(rows, basis)| (utility::Outcome::shown(rows), Some(basis))),
            false => self.session.run_utility(utility).map(|outcome| (outcome, None)),
        };
        let ran = ran.and_then(|(outcome, basis)| {
            self.apply(outcome.portals)?;
            Ok((outcome.tag, outcome.rows, basis))
        });
        query::record_utility(&self.engine, &self.session, prepared, ran.as_ref().err());
        match ran? {
            (tag, None, _) => Ok(Started::Done(tag)),
            (_, Some(batch), basis) => {
                let cursor = Cursor::at_hand(batch, basis, formats, self.session.style(), running.guard().clone())?;
                Ok(Started::Rows(Box::new(cursor)))
            }
        }
    }

    /// CommandComplete, after what the statement had to say beside.
    pub(super) fn complete(&mut self, tag: &str, rows: Option<u64>) {
        self.send_warnings();
        backend::command_complete(tag, rows, self.wire.output());
    }

    pub(super) fn describe_rows(&mut self, columns: &SchemaRef, formats: &[Format]) {
        let columns = columns.fields().iter().enumerate().map(|(index, field)| {
            let wire = wire_type(field);
            Column {
                name: field.name(),
                type_oid: wire.oid,
                type_length: wire.len,
                type_modifier: wire.typmod,
                format: formats.get(index).copied().unwrap_or(Format::Text) as i16,
            }
        });
        backend::row_description(columns, self.wire.output());
    }

    /// Passes over rows until there are no more, or until `limit` of them are passed over; gives how many were.
    pub(super) async fn pass(
        &mut self,
        running: &mut Running,
        cursor: &mut Cursor,
        limit: Option<u64>,
    ) -> Result<u64, Failure> {
        let mut passed = 0;
        while limit.is_none_or(|limit| passed < limit) {
            if !cursor.has_rows() && !next_batch(running, &mut self.wire, cursor, false).await? {
                cursor.end();
                break;
            }
            passed += cursor.pass(limit.map_or(u64::MAX, |limit| limit - passed));
        }
        Ok(passed)
    }

    /// Sends rows until there are no more, or until `limit` of them are sent.
    pub(super) async fn stream(
        &mut self,
        running: &mut Running,
        cursor: &mut Cursor,
        limit: Option<u64>,
    ) -> Result<Progress, Failure> {
        let mut sent = 0;
        loop {
            let left = limit.map_or(u64::MAX, |limit| limit - sent);
            if left == 0 {
                return Ok(Progress::Suspended);
            }
            if !cursor.has_rows() && !next_batch(running, &mut self.wire, cursor, sent > 0).await? {
                return Ok(Progress::Complete(sent));
            }
            self.wire.mark_intact();
            let max_rows = usize::try_from(left).unwrap_or(usize::MAX);
            let enough = self.wire.output_length(WRITE_BYTES);
            sent += cursor.encode(max_rows, enough, self.wire.output())? as u64;
            if self.wire.unsent() >= WRITE_BYTES {
                flush(running, &mut self.wire).await?;
            }
        }
    }
}

/// The tag and row count of a query that returned `rows` rows.
pub(super) fn tag_of(prepared: &Prepared, rows: u64) -> (&'static str, Option<u64>) {
    let tag = prepared.tag();
    (tag, matches!(tag, "SELECT" | "COPY").then_some(rows))
}

/// Runs a part of a statement to its end, or to its cancellation.
async fn drive<T, S: AsyncRead + AsyncWrite + Unpin>(
    running: &mut Running,
    wire: &mut Wire<S>,
    work: impl Future<Output = Result<T, SqlError>> + Unpin,
) -> Result<T, SqlError> {
    let guard = running.guard().clone();
    let mut work = pin!(work);
    let mut cancelled = pin!(guard.token().cancelled());
    poll_fn(|cx| {
        if let Poll::Ready(done) = work.as_mut().poll(cx) {
            return Poll::Ready(done);
        }
        poll_timers(running, wire, cx);
        if cancelled.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        // What listens to the token ends by itself, with its own account of it; what doesn't is dropped.
        match work.as_mut().poll(cx) {
            Poll::Ready(done) => Poll::Ready(done),
            Poll::Pending => Poll::Ready(Err(guard.error())),
        }
    })
    .await
}

/// Waits for the next batch; false: there are no more. While it waits, rows that are encoded already (`rows_wait`) go
/// out, so that the first row doesn't wait for a full buffer.
async fn next_batch<S: AsyncRead + AsyncWrite + Unpin>(
    running: &mut Running,
    wire: &mut Wire<S>,
    cursor: &mut Cursor,
    rows_wait: bool,
) -> Result<bool, Failure> {
    let Some(rows) = &mut cursor.rows else { return Ok(false) };
    let guard = running.guard().clone();
    let next = {
        let mut next = pin!(rows.next());
        let mut cancelled = pin!(guard.token().cancelled());
        poll_fn(|cx| {
            if let Poll::Ready(next) = next.as_mut().poll(cx) {
                return Poll::Ready(Ok(next));
            }
            if rows_wait && let Poll::Ready(Err(error)) = wire.poll_flush(cx) {
                running.guard().cancel(Reason::Disconnect);
                return Poll::Ready(Err(Failure::from(error)));
            }
            poll_timers(running, wire, cx);
            if cancelled.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            match next.as_mut().poll(cx) {
                Poll::Ready(next) => Poll::Ready(Ok(next)),
                Poll::Pending => Poll::Ready(Err(guard.error().into())),
            }
        })
        .await?
    };
    match next {
        None => Ok(false),
        Some(Ok(batch)) => {
            cursor.refill(batch);
            Ok(true)
        }
        Some(Err(error)) => Err(error.into()),
    }
}

/// Writes what waits. A client that reads slowly holds up its statement here, and the statement can still be cancelled.
async fn flush<S: AsyncRead + AsyncWrite + Unpin>(running: &mut Running, wire: &mut Wire<S>) -> Result<(), Failure> {
    let guard = running.guard().clone();
    let mut cancelled = pin!(guard.token().cancelled());
    poll_fn(|cx| {
        // First, since a client that reads fast would never let the clocks be looked at.
        poll_timers(running, wire, cx);
        if cancelled.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(guard.error().into()));
        }
        wire.poll_flush(cx).map_err(|error| {
            guard.cancel(Reason::Disconnect);
            Failure::from(error)
        })
    })
    .await
}

fn poll_timers<S: AsyncRead + AsyncWrite + Unpin>(running: &mut Running, wire: &mut Wire<S>, cx: &mut Context<'_>) {
    running.poll_timers(cx, |cx| wire.poll_closed(cx));
}
