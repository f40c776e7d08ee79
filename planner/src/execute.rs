//! Stage 8c: runs an optimized plan as one stream of batches, under the memory budget and the cancel token.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::execution_plan::reset_plan_states;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use futures::{Stream, StreamExt};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use weir_connectors::ConnectorError;

use crate::PlanError;
use crate::optimize::Optimized;
use crate::session::StatementSession;

/// The rows of one statement. Dropping it stops everything below.
pub struct Rows {
    stream: SendableRecordBatchStream,
    cancelled: Pin<Box<WaitForCancellationFutureOwned>>,
    /// Ends with an error, never early: a part must not pass for the whole.
    done: bool,
}

/// Starts the plan.
pub fn execute(
    optimized: &Optimized,
    session: &StatementSession,
    cancel: &CancellationToken,
) -> Result<Rows, PlanError> {
    let stream = execute_stream(Arc::clone(&optimized.physical), session.task())?;
    Ok(Rows { stream, cancelled: Box::pin(cancel.clone().cancelled_owned()), done: false })
}

impl Optimized {
    /// The same plan, fit to run once more: operators keep state of a run in the plan.
    pub fn again(&self) -> Result<Self, PlanError> {
        let physical = reset_plan_states(Arc::clone(&self.physical))?;
        Ok(Self { physical, columns: Arc::clone(&self.columns), reads: self.reads.clone() })
    }

    /// The plan that runs.
    pub fn plan(&self) -> &Arc<dyn ExecutionPlan> {
        &self.physical
    }
}

impl Rows {
    pub fn schema(&self) -> SchemaRef {
        self.stream.schema()
    }
}

impl Stream for Rows {
    type Item = Result<RecordBatch>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.done {
            return Poll::Ready(None);
        }
        if self.cancelled.as_mut().poll(context).is_ready() {
            self.done = true;
            return Poll::Ready(Some(Err(DataFusionError::from(ConnectorError::Canceled))));
        }
        let next = self.stream.poll_next_unpin(context);
        if let Poll::Ready(None | Some(Err(_))) = &next {
            self.done = true;
        }
        next
    }
}
