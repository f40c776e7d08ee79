//! Accounts for rows that the engine's window operator keeps: it holds its whole input, and asks no budget for it. When the input
//! ends, it leaves the statement's token to what computes over these rows.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use arrow::array::{Array, RecordBatch};
use arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::{RecordBatchStream, SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties};
use futures::{Stream, StreamExt};
use tokio_util::sync::CancellationToken;

use super::interrupt;

/// The operator copies its input into one batch before it computes: each row is there twice.
const COPIES: usize = 2;

/// Passes batches on and reserves their memory until the plan above lets go of the stream.
#[derive(Debug)]
pub(super) struct HeldExec {
    input: Arc<dyn ExecutionPlan>,
}

impl HeldExec {
    pub fn new(input: Arc<dyn ExecutionPlan>) -> Self {
        Self { input }
    }
}

impl DisplayAs for HeldExec {
    fn fmt_as(&self, _format: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HeldExec")
    }
}

impl ExecutionPlan for HeldExec {
    fn name(&self) -> &str {
        "HeldExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.input.properties()
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, mut children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        match (children.pop(), children.is_empty()) {
            (Some(input), true) => Ok(Arc::new(Self { input })),
            _ => Err(DataFusionError::Internal("held rows have one input".to_owned())),
        }
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let reservation = MemoryConsumer::new("rows of a window").register(context.memory_pool());
        let cancel = context.session_config().get_extension::<CancellationToken>();
        let input = self.input.execute(partition, context)?;
        Ok(Box::pin(Held { input, reservation, cancel }))
    }
}

struct Held {
    input: SendableRecordBatchStream,
    reservation: MemoryReservation,
    cancel: Option<Arc<CancellationToken>>,
}

impl Stream for Held {
    type Item = Result<RecordBatch>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(self.input.poll_next_unpin(context));
        Poll::Ready(match next {
            Some(Ok(batch)) => Some(self.reservation.try_grow(COPIES * bytes(&batch)).map(|()| batch)),
            None => {
                // Now the operator above computes all of its rows.
                interrupt::leave(self.cancel.as_deref().cloned());
                None
            }
            failed => failed,
        })
    }
}

impl RecordBatchStream for Held {
    fn schema(&self) -> SchemaRef {
        self.input.schema()
    }
}

/// What the rows of the batch take, not the buffers that they may share with other batches.
fn bytes(batch: &RecordBatch) -> usize {
    let column = |column: &dyn Array| column.to_data().get_slice_memory_size();
    batch.columns().iter().map(|c| column(c.as_ref()).unwrap_or_else(|_| c.get_array_memory_size())).sum()
}
