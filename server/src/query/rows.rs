//! The rows of a running statement, and its record until they end.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::cast;
use arrow::datatypes::SchemaRef;
use datafusion::error::DataFusionError;
use futures::StreamExt;
use weir_planner::PlanError;
use weir_planner::execute;
use weir_planner::permit::Permitted;
use weir_planner::view::View;

use super::record::Statement;
use crate::cancel::{Reason, StatementGuard};
use crate::sqlstate::{SqlError, code};

/// Where rows come from.
pub(super) enum Source {
    Stream(execute::Rows),
    /// A few rows that are all there.
    Batch(Option<RecordBatch>),
}

/// What rows rest on: once begun, they go on only as long as it holds.
pub enum Basis {
    /// What was decided on the tables that a query reads.
    Decided(Arc<Permitted>),
    /// All that the principal sees: the rows tell of it. By the view's id.
    View(u64),
}

impl Basis {
    /// Fails if it no longer holds for who sees `now`.
    pub(super) fn confirm(&self, now: &View) -> Result<(), SqlError> {
        let holds = match self {
            Basis::Decided(permitted) => permitted.holds_under(now),
            Basis::View(then) => *then == now.id,
        };
        let changed = || {
            SqlError::new(code::INSUFFICIENT_PRIVILEGE, "policies have changed since the query was begun")
                .hint("Begin it again.")
        };
        holds.then_some(()).ok_or_else(changed)
    }
}

/// What a statement has begun.
pub(super) struct Started {
    pub columns: SchemaRef,
    pub source: Source,
    pub basis: Basis,
}

/// A statement's rows. Dropping them ends the statement and everything below it, and puts it on record.
pub struct Rows {
    columns: SchemaRef,
    source: Source,
    basis: Basis,
    statement: Statement,
    guard: StatementGuard,
    /// Rows or values are hidden from the principal: error texts must not show values, since a filter or a mask that
    /// fails would show a hidden one.
    discreet: bool,
}

impl Rows {
    pub(super) fn new(started: Started, statement: Statement, guard: StatementGuard) -> Self {
        let discreet = statement.is_discreet();
        let Started { columns, source, basis } = started;
        Self { columns, source, basis, statement, guard, discreet }
    }

    /// Fails, and ends the statement, if what they rest on no longer holds for who sees `now`.
    pub(super) fn confirm(&mut self, now: &View) -> Result<(), SqlError> {
        self.basis.confirm(now).inspect_err(|error| self.statement.fail(error))
    }

    /// The columns as the client was told.
    pub fn schema(&self) -> &SchemaRef {
        &self.columns
    }

    /// The next batch; `None` once all have come. An error ends the rows.
    pub async fn next(&mut self) -> Option<Result<RecordBatch, SqlError>> {
        let next = match &mut self.source {
            Source::Stream(stream) => stream.next().await,
            Source::Batch(batch) => batch.take().map(Ok),
        };
        match next {
            None => {
                self.statement.succeed();
                None
            }
            Some(Ok(batch)) => Some(self.conform(batch)),
            Some(Err(error)) => {
                let error = match self.guard.token().is_cancelled() {
                    true => self.guard.error(),
                    false if self.discreet => SqlError::from(PlanError::from(error)).without_values(),
                    false => SqlError::from(PlanError::from(error)),
                };
                self.statement.fail(&error);
                Some(Err(error))
            }
        }
    }

    /// So many rows and bytes went to the client.
    pub fn sent(&mut self, rows: u64, bytes: u64) {
        self.statement.sent(rows, bytes);
    }

    /// A batch in the types that the client was told; the engine may have chosen others of the same meaning.
    fn conform(&mut self, batch: RecordBatch) -> Result<RecordBatch, SqlError> {
        let same = |(told, is): (&Arc<arrow::datatypes::Field>, &Arc<arrow::datatypes::Field>)| {
            told.data_type() == is.data_type()
        };
        if self.columns.fields().iter().zip(batch.schema_ref().fields()).all(same) {
            return Ok(batch);
        }
        let columns = self.columns.fields().iter().zip(batch.columns());
        columns
            .map(|(told, column)| cast(column, told.data_type()))
            .collect::<Result<Vec<_>, _>>()
            .and_then(|columns| RecordBatch::try_new(Arc::clone(&self.columns), columns))
            .map_err(|error| {
                let error = SqlError::from(PlanError::from(DataFusionError::from(error)));
                self.statement.fail(&error);
                error
            })
    }
}

impl Drop for Rows {
    /// Rows that are let go of because their statement was stopped are on record as stopped, not as abandoned.
    fn drop(&mut self) {
        if matches!(self.guard.reason(), Some(reason) if reason != Reason::Disconnect) {
            self.statement.fail(&self.guard.error());
        }
    }
}

/// Runs a statement to its end and counts its rows.
pub(super) async fn drain(mut stream: execute::Rows) -> Result<usize, PlanError> {
    let mut rows = 0;
    while let Some(batch) = stream.next().await {
        rows += batch?.num_rows();
    }
    Ok(rows)
}
