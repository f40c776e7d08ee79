//! Portals: statements with their parameters, ready to run or in the middle of it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use bytes::BytesMut;
use datafusion::common::ScalarValue;
use weir_encode::CopyOptions;
use weir_planner::parse::Declare;

use crate::cancel::{Reason, StatementGuard};
use crate::query::{Basis, Prepared, Rows};
use crate::sqlstate::{SqlError, code};
use weir_encode::{CopyEncoder, Format, RowEncoder, Style};

/// Portals of one session that may wait in the middle of their rows: each holds what makes the rest of them.
const MAX_WAITING: usize = 100;

/// A statement bound to its parameters.
pub struct Portal {
    /// `None`: the empty query.
    pub prepared: Option<Arc<Prepared>>,
    pub parameters: Vec<ScalarValue>,
    pub formats: Vec<Format>,
    pub state: State,
    /// Savepoints that were open when the portal was made: going back behind one of them ends it.
    depth: usize,
    hold: Hold,
}

/// Whether a portal outlives its transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hold {
    No,
    /// If the transaction that it was made in is committed.
    WithCommit,
    /// It has outlived its transaction: only CLOSE ends it.
    Held,
}

/// How far a portal has come.
pub enum State {
    Ready,
    /// Some rows are sent; the rest waits, with all that makes it.
    Running(Box<Cursor>),
    /// The rest waited too long, and was let go of.
    Expired,
    Done,
}

/// The rows of a running statement, at most one batch of them here.
pub struct Cursor {
    /// `None`: what is in `batch` is all.
    pub rows: Option<Rows>,
    /// What rows at hand rest on, if on anything; those that stream know themselves.
    pub basis: Option<Basis>,
    pub columns: SchemaRef,
    batch: Option<RecordBatch>,
    /// Rows of `batch` that are used already.
    offset: usize,
    /// Rows that were used so far.
    pub position: u64,
    encoder: Encoder,
    pub guard: StatementGuard,
    /// Since when the rest waits.
    waits_since: Instant,
}

/// What rows become.
enum Encoder {
    Rows(RowEncoder),
    Copy(CopyEncoder),
}

/// A connection's portals. Most connections only ever use the unnamed one.
#[derive(Default)]
pub struct Portals {
    unnamed: Option<Portal>,
    named: HashMap<String, Portal>,
}

impl Portal {
    pub fn new(
        prepared: Option<Arc<Prepared>>,
        parameters: Vec<ScalarValue>,
        formats: Vec<Format>,
        depth: usize,
    ) -> Self {
        Self { prepared, parameters, formats, state: State::Ready, depth, hold: Hold::No }
    }

    /// The portal of a declared cursor, whose rows have been begun.
    pub fn declared(prepared: Arc<Prepared>, cursor: Box<Cursor>, declare: &Declare, depth: usize) -> Self {
        let formats = if declare.binary { vec![Format::Binary] } else { Vec::new() };
        Self {
            state: State::Running(cursor),
            hold: if declare.hold { Hold::WithCommit } else { Hold::No },
            ..Self::new(Some(prepared), Vec::new(), formats, depth)
        }
    }

    /// The columns of its rows; `None` if it returns none.
    pub fn columns(&self) -> Option<&SchemaRef> {
        match &self.state {
            State::Running(cursor) => Some(&cursor.columns),
            State::Ready | State::Expired | State::Done => {
                self.prepared.as_ref().and_then(|prepared| prepared.columns())
            }
        }
    }

    /// The rows that wait here, or what makes them.
    fn waiting(&self) -> Option<&Cursor> {
        match &self.state {
            State::Running(cursor) if cursor.rows.is_some() || cursor.batch.is_some() => Some(cursor),
            _ => None,
        }
    }
}

impl Cursor {
    /// The rows of a query.
    pub fn streaming(rows: Rows, formats: &[Format], style: &Style, guard: StatementGuard) -> Result<Self, SqlError> {
        let encoder = Encoder::Rows(RowEncoder::new(rows.schema(), formats, style)?);
        Ok(Self::new(Arc::clone(rows.schema()), Some(rows), None, encoder, guard))
    }

    /// The rows of a query as a file's contents.
    pub fn copying(rows: Rows, options: &CopyOptions, style: &Style, guard: StatementGuard) -> Result<Self, SqlError> {
        let encoder = Encoder::Copy(CopyEncoder::new(rows.schema(), options, style)?);
        Ok(Self::new(Arc::clone(rows.schema()), Some(rows), None, encoder, guard))
    }

    /// Rows that are all there.
    pub fn at_hand(
        batch: RecordBatch,
        basis: Option<Basis>,
        formats: &[Format],
        style: &Style,
        guard: StatementGuard,
    ) -> Result<Self, SqlError> {
        let encoder = Encoder::Rows(RowEncoder::new(batch.schema_ref(), formats, style)?);
        Ok(Self { basis, ..Self::new(batch.schema(), None, Some(batch), encoder, guard) })
    }

    fn new(
        columns: SchemaRef,
        rows: Option<Rows>,
        batch: Option<RecordBatch>,
        encoder: Encoder,
        guard: StatementGuard,
    ) -> Self {
        Self { rows, basis: None, columns, batch, offset: 0, position: 0, encoder, guard, waits_since: Instant::now() }
    }

    /// Other formats from here on.
    pub fn reformat(&mut self, formats: &[Format], style: &Style) -> Result<(), SqlError> {
        self.encoder = Encoder::Rows(RowEncoder::new(&self.columns, formats, style)?);
        Ok(())
    }

    /// No row is left: what made them is let go of.
    pub fn end(&mut self) {
        self.rows = None;
        self.batch = None;
    }

    /// The writer of a file's contents, if that is what the rows become.
    pub fn copy(&self) -> Option<&CopyEncoder> {
        match &self.encoder {
            Encoder::Rows(_) => None,
            Encoder::Copy(copy) => Some(copy),
        }
    }

    /// Whether rows wait to be encoded. A batch that is used up is let go of before the next is asked for.
    pub fn has_rows(&mut self) -> bool {
        if self.batch.as_ref().is_some_and(|batch| self.offset < batch.num_rows()) {
            return true;
        }
        self.batch = None;
        false
    }

    pub fn refill(&mut self, batch: RecordBatch) {
        self.batch = Some(batch);
        self.offset = 0;
    }

    /// Appends DataRow messages: at most `max_rows`, and no more once `out` holds `enough` bytes. Returns how
    /// many.
    pub fn encode(&mut self, max_rows: usize, enough: usize, out: &mut BytesMut) -> Result<usize, SqlError> {
        let Some(batch) = &self.batch else { return Ok(0) };
        let before = out.len();
        let count = match &mut self.encoder {
            Encoder::Rows(encoder) => encoder.encode(batch, self.offset, max_rows, out, enough)?,
            Encoder::Copy(encoder) => encoder.encode(batch, self.offset, max_rows, out, enough)?,
        };
        self.offset += count;
        self.position += count as u64;
        if let Some(rows) = &mut self.rows {
            rows.sent(count as u64, (out.len() - before) as u64);
        }
        Ok(count)
    }

    /// Passes over rows that are here: at most `max_rows`. Returns how many.
    pub fn pass(&mut self, max_rows: u64) -> u64 {
        let left = self.batch.as_ref().map_or(0, |batch| batch.num_rows() - self.offset);
        let count = usize::try_from(max_rows).unwrap_or(usize::MAX).min(left);
        self.offset += count;
        self.position += count as u64;
        count as u64
    }
}

impl Portals {
    /// Keeps a new portal; a name that isn't empty must be new.
    pub fn insert(&mut self, name: &str, portal: Portal) -> Result<(), SqlError> {
        if !name.is_empty() && self.named.contains_key(name) {
            return Err(SqlError::new(code::DUPLICATE_CURSOR, format!("cursor \"{name}\" already exists")));
        }
        self.put_back(name, portal);
        Ok(())
    }

    pub fn get(&self, name: &str) -> Result<&Portal, SqlError> {
        let found = if name.is_empty() { self.unnamed.as_ref() } else { self.named.get(name) };
        found.ok_or_else(|| missing(name))
    }

    /// Takes the portal out while it runs: if it fails, it is gone.
    pub fn take(&mut self, name: &str) -> Result<Portal, SqlError> {
        let found = if name.is_empty() { self.unnamed.take() } else { self.named.remove(name) };
        found.ok_or_else(|| missing(name))
    }

    pub fn put_back(&mut self, name: &str, mut portal: Portal) {
        if let State::Running(cursor) = &mut portal.state {
            cursor.waits_since = Instant::now();
        }
        if name.is_empty() {
            self.unnamed = Some(portal);
        } else {
            self.named.insert(name.to_owned(), portal);
        }
    }

    /// Whether one more portal may wait in the middle of its rows.
    pub fn may_wait(&self) -> Result<(), SqlError> {
        if self.waiting().count() < MAX_WAITING {
            return Ok(());
        }
        let message = format!("a session can't have more than {MAX_WAITING} open cursors");
        Err(SqlError::new(code::CONFIGURATION_LIMIT_EXCEEDED, message).hint("Close those that are no longer needed."))
    }

    /// When the first of the rows that wait will have waited for `patience`, if that is ever.
    pub fn expiry(&self, patience: Duration) -> Option<Instant> {
        self.waiting().filter_map(|cursor| cursor.waits_since.checked_add(patience)).min()
    }

    /// Lets go of rows that have waited for `patience`.
    pub fn expire(&mut self, patience: Duration) {
        for portal in self.unnamed.iter_mut().chain(self.named.values_mut()) {
            if let Some(cursor) = portal.waiting()
                && cursor.waits_since.elapsed() >= patience
            {
                cursor.guard.cancel(Reason::IdleCursor);
                portal.state = State::Expired;
            }
        }
    }

    fn waiting(&self) -> impl Iterator<Item = &Cursor> {
        self.unnamed.iter().chain(self.named.values()).filter_map(Portal::waiting)
    }

    /// Ends a portal; one that isn't there is fine, and false.
    pub fn remove(&mut self, name: &str) -> bool {
        self.take(name).is_ok()
    }

    pub fn clear(&mut self) {
        self.unnamed = None;
        self.named.clear();
    }

    /// A transaction is over: what it made ends, but for cursors WITH HOLD if it was committed.
    pub fn end_transaction(&mut self, committed: bool) {
        self.retain(|portal| portal.hold == Hold::Held || committed && portal.hold == Hold::WithCommit);
        self.named.values_mut().for_each(|portal| portal.hold = Hold::Held);
    }

    /// An error under `depth` savepoints ends all portals made since the innermost of them.
    pub fn fail(&mut self, depth: usize) {
        self.retain(|portal| portal.hold == Hold::Held || portal.depth < depth);
    }

    /// Back to savepoint number `depth`: what was made since then ends.
    pub fn roll_back_to(&mut self, depth: usize) {
        self.retain(|portal| portal.hold == Hold::Held || portal.depth <= depth);
    }

    /// Savepoint number `depth` is forgotten: what was made since then belongs to the one before.
    pub fn release(&mut self, depth: usize) {
        self.unnamed
            .iter_mut()
            .chain(self.named.values_mut())
            .for_each(|portal| portal.depth = portal.depth.min(depth));
    }

    fn retain(&mut self, mut keep: impl FnMut(&Portal) -> bool) {
        self.unnamed = self.unnamed.take().filter(&mut keep);
        self.named.retain(|_, portal| keep(portal));
    }
}

fn missing(name: &str) -> SqlError {
    SqlError::new(code::INVALID_CURSOR_NAME, format!("portal \"{name}\" does not exist"))
}
