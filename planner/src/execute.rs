//! Stage 8c: runs an optimized plan as one stream of batches, under the memory budget and the cancel token.
//!
//! Plans run on threads of their own ([`Workers`]): a plan that computes for long must not keep sockets, logins and
//! CancelRequests waiting. Batches come over a channel that holds one, so a slow reader slows the plan. A plan that only
//! computes constants runs where it is asked for, since the way there and back would cost more than itself.

mod held;
pub(crate) mod interrupt;

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use arrow::array::RecordBatch;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_expr::expressions::Literal;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::execution_plan::reset_plan_states;
use datafusion::physical_plan::joins::{CrossJoinExec, HashJoinExec, NestedLoopJoinExec};
use datafusion::physical_plan::placeholder_row::PlaceholderRowExec;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::windows::WindowAggExec;
use datafusion::physical_plan::{ChildrenPropertiesMode, ExecutionPlan, ReplaceChildrenOptions, execute_stream};
use futures::{FutureExt, Stream, StreamExt};
use tokio::runtime::{Builder, Handle, Runtime, RuntimeFlavor};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::{JoinHandle, block_in_place};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use weir_connectors::ConnectorError;

use crate::PlanError;
use crate::optimize::Optimized;
use crate::session::StatementSession;
use held::HeldExec;

/// Stack of a thread that parses, plans or runs: trees of statements are walked recursively. Only what is used counts.
pub const STACK_BYTES: usize = 64 << 20;

/// The threads that plans run on.
pub(crate) struct Workers(Option<Runtime>);

impl Workers {
    pub fn new(threads: usize) -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(threads.max(1))
            .thread_name("plan")
            .thread_stack_size(STACK_BYTES)
            .enable_all()
            .build()?;
        Ok(Self(Some(runtime)))
    }

    fn spawn<F: Future<Output = ()> + Send + 'static>(&self, work: F) -> Option<JoinHandle<()>> {
        self.0.as_ref().map(|runtime| runtime.spawn(work))
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        // The last owner may be a task, which must not wait for threads.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Runs a stage of planning, which may take long, since constants are computed there: meanwhile another thread takes over
/// the tasks of this one.
pub fn aside<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().is_ok_and(|at| at.runtime_flavor() == RuntimeFlavor::MultiThread) {
        true => block_in_place(work),
        false => work(),
    }
}

/// The rows of one statement. Dropping it stops everything below.
pub struct Rows {
    source: Source,
    /// Ends with an error, never early: a part must not pass for the whole.
    done: bool,
}

enum Source {
    Here { stream: SendableRecordBatchStream, cancelled: Pin<Box<WaitForCancellationFutureOwned>> },
    Workers { batches: Receiver<Result<RecordBatch>>, work: JoinHandle<()> },
}

/// Starts the plan.
pub fn execute(
    optimized: &Optimized,
    session: &StatementSession,
    cancel: &CancellationToken,
) -> Result<Rows, PlanError> {
    let plan = Arc::clone(&optimized.physical);
    let task = session.with_batch_size(optimized.batch_size).task_until(cancel);
    if is_constant(&plan) {
        let stream = execute_stream(plan, task)?;
        let cancelled = Box::pin(cancel.clone().cancelled_owned());
        return Ok(Rows { source: Source::Here { stream, cancelled }, done: false });
    }
    let (sender, batches) = channel(1);
    let cancel = cancel.clone();
    let work = session.workers().spawn(async move {
        match execute_stream(plan, task) {
            Ok(stream) => pump(stream, &sender, &cancel).await,
            Err(error) => report(&sender, error).await,
        }
    });
    match work {
        Some(work) => Ok(Rows { source: Source::Workers { batches, work }, done: false }),
        None => Err(PlanError::from(DataFusionError::from(ConnectorError::Canceled))),
    }
}

async fn pump(mut stream: SendableRecordBatchStream, sender: &Sender<Result<RecordBatch>>, cancel: &CancellationToken) {
    loop {
        let next = tokio::select! {
            biased;
            () = cancel.cancelled() => return report(sender, ConnectorError::Canceled.into()).await,
            // Nobody reads any more.
            () = sender.closed() => return,
            next = stream.next() => next,
        };
        let Some(batch) = next else { return };
        let failed = batch.is_err();
        if sender.send(batch).await.is_err() || failed {
            return;
        }
    }
}

async fn report(sender: &Sender<Result<RecordBatch>>, error: DataFusionError) {
    // If it can't be told, nobody is there to hear it.
    drop(sender.send(Err(error)).await);
}

/// One row of constants. What is still to be computed may take long, and goes to the workers.
fn is_constant(plan: &Arc<dyn ExecutionPlan>) -> bool {
    let constants = |projection: &ProjectionExec| projection.expr().iter().all(|part| part.expr.is::<Literal>());
    plan.is::<PlaceholderRowExec>()
        || plan.downcast_ref::<ProjectionExec>().is_some_and(|p| constants(p) && p.input().is::<PlaceholderRowExec>())
}

/// Makes the engine's operators fit to run beside others. Joins can make rows without end from one batch of their
/// input; they give way to others, and to cancellation, between batches. Windows are held to the memory budget.
pub(crate) fn considerate(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let considerate = plan.transform_up(|node| {
        let joins = node.is::<CrossJoinExec>() || node.is::<NestedLoopJoinExec>() || node.is::<HashJoinExec>();
        if joins {
            return Ok(Transformed::yes(Arc::new(CooperativeExec::new(node)) as Arc<dyn ExecutionPlan>));
        }
        if !node.is::<WindowAggExec>() {
            return Ok(Transformed::no(node));
        }
        let held = node.children().into_iter().map(|input| Arc::new(HeldExec::new(Arc::clone(input))) as _).collect();
        let keep = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
        node.replace_children(held, keep).map(Transformed::yes)
    })?;
    Ok(considerate.data)
}

impl Optimized {
    /// The same plan, fit to run once more: operators keep state of a run in the plan.
    pub fn again(&self) -> Result<Self, PlanError> {
        let physical = reset_plan_states(Arc::clone(&self.physical))?;
        Ok(Self { physical, columns: Arc::clone(&self.columns), batch_size: self.batch_size })
    }
}

impl Stream for Rows {
    type Item = Result<RecordBatch>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.done {
            return Poll::Ready(None);
        }
        let next = ready!(self.source.poll_batch(context));
        self.done = !matches!(next, Some(Ok(_)));
        Poll::Ready(next)
    }
}

impl Source {
    fn poll_batch(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<RecordBatch>>> {
        match self {
            Self::Here { stream, cancelled } => {
                if cancelled.as_mut().poll(context).is_ready() {
                    return Poll::Ready(Some(Err(DataFusionError::from(ConnectorError::Canceled))));
                }
                stream.poll_next_unpin(context)
            }
            Self::Workers { batches, work } => match ready!(batches.poll_recv(context)) {
                Some(batch) => Poll::Ready(Some(batch)),
                // A worker that panicked closes the channel too, and its rows were not all.
                None => match ready!(work.poll_unpin(context)) {
                    Ok(()) => Poll::Ready(None),
                    Err(error) => Poll::Ready(Some(Err(DataFusionError::ExecutionJoin(Box::new(error))))),
                },
            },
        }
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        if let Source::Workers { work, .. } = &self.source {
            work.abort();
        }
    }
}
