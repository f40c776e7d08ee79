//! The plan node that reads a query from a PostgreSQL source, and the stream that it runs.

use std::fmt;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryPool};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType, SchedulingType};
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricsSet};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties,
    ReplaceChildrenOptions, SendableRecordBatchStream,
};
use futures::stream::{self, BoxStream};
use futures::{FutureExt, Stream, StreamExt, TryFutureExt, TryStreamExt};
use tokio_postgres::CopyOutStream;
use tokio_postgres::error::SqlState;
use tokio_util::sync::WaitForCancellationFutureOwned;

use super::decode::{DecodeError, Decoder};
use super::kind::Kind;
use super::snapshot::{Lease, Snapshot};
use super::{PostgresSource, error};
use crate::{ConnectorError, QueryScope, Sources};

/// Reads the rows of one query. It holds only what can be written down; the connection is found when it runs, through
/// the [`Sources`] and the [`QueryScope`] of the session.
#[derive(Debug, Clone)]
pub struct PostgresScanExec {
    source: Arc<str>,
    /// The table's SQL name, for messages.
    table: String,
    query: String,
    /// One per field of the schema.
    kinds: Vec<Kind>,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

impl PostgresScanExec {
    pub(super) fn new(source: Arc<str>, table: String, query: String, schema: SchemaRef, kinds: Vec<Kind>) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema),
            Partitioning::UnknownPartitioning(1),
            EmissionType::Incremental,
            Boundedness::Bounded,
        )
        .with_scheduling_type(SchedulingType::NonCooperative);
        Self { source, table, query, kinds, properties: Arc::new(properties), metrics: ExecutionPlanMetricsSet::new() }
    }

    /// Name of the source.
    pub fn source(&self) -> &Arc<str> {
        &self.source
    }

    /// The query that is sent to it.
    pub fn query(&self) -> &str {
        &self.query
    }
}

impl DisplayAs for PostgresScanExec {
    fn fmt_as(&self, format: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match format {
            DisplayFormatType::Default | DisplayFormatType::Verbose => {
                write!(f, "PostgresScanExec: source={}, sql={}", self.source, self.query)
            }
            DisplayFormatType::TreeRender => write!(f, "source={}\nsql={}", self.source, self.query),
        }
    }
}

impl ExecutionPlan for PostgresScanExec {
    fn name(&self) -> &str {
        "PostgresScanExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        _children: Vec<Arc<dyn ExecutionPlan>>,
        _options: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        self.replace_children(children, ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        if partition != 0 {
            return Err(DataFusionError::Internal(format!("partition {partition} of a scan that has one")));
        }
        let scan = self.clone();
        let metrics = BaselineMetrics::new(&self.metrics, partition);
        let batches = async move {
            let (copy, is_single) = scan.open(&context, metrics).await?;
            let copy = copy.map_err(DataFusionError::from);
            Ok::<_, DataFusionError>(match is_single {
                true => whole(copy, context.memory_pool()).await?.left_stream(),
                false => copy.right_stream(),
            })
        };
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema(), batches.try_flatten_stream())))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }
}

/// All that the scan reads, before the first of it is used: who uses it may wait for another scan, and that one for the
/// connection that this one holds.
async fn whole(
    scan: impl Stream<Item = Result<RecordBatch>>,
    memory: &Arc<dyn MemoryPool>,
) -> Result<BoxStream<'static, Result<RecordBatch>>> {
    let reservation = MemoryConsumer::new("PostgresScanExec").register(memory);
    let mut scan = pin!(scan);
    let mut batches = Vec::new();
    while let Some(batch) = scan.try_next().await? {
        reservation.try_grow(batch.get_array_memory_size())?;
        batches.push(batch);
    }
    let kept = stream::iter(batches).map(move |batch| {
        reservation.shrink(batch.get_array_memory_size());
        Ok(batch)
    });
    Ok(kept.boxed())
}

impl PostgresScanExec {
    /// The running COPY, and whether it holds the only connection there is.
    async fn open(self, context: &TaskContext, metrics: BaselineMetrics) -> Result<(CopyStream, bool), ConnectorError> {
        let config = context.session_config();
        let scope = QueryScope::of_task(context)?;
        let sources = Sources::of_config(config)?;
        let connector = sources.get(&self.source)?.as_any();
        let source = connector.downcast_ref::<PostgresSource>().ok_or_else(|| ConnectorError::Config {
            source_name: self.source.to_string(),
            reason: "is no longer a postgres source".to_owned(),
        })?;
        let snapshot = Snapshot::of(&scope, source.pool()).await?;
        let copy = format!("COPY ({}) TO STDOUT (FORMAT binary)", self.query);
        scope.sent(&self.source, &self.query);
        let start = async {
            let (lease, statement) = snapshot.lease(&scope, &copy).await?;
            let copy = lease.client()?.copy_out(&statement).await;
            Ok::<_, ConnectorError>((lease, copy.map_err(|e| error::running(&self.source, &self.table, &e))?))
        };
        let started = scope.cancel.run_until_cancelled(start).await;
        let (lease, copy) = started.ok_or(ConnectorError::Canceled)??;
        let stream = CopyStream {
            decoder: Decoder::new(self.schema(), &self.kinds, config.batch_size()),
            copy: Box::pin(copy),
            lease: Some(lease),
            cancelled: Box::pin(scope.cancel.clone().cancelled_owned()),
            scan: self,
            scope,
            metrics,
        };
        Ok((stream, source.pool().is_single()))
    }
}

/// The running COPY. Dropping it, or an error, gives up the lease, which stops the remote statement.
struct CopyStream {
    copy: Pin<Box<CopyOutStream>>,
    lease: Option<Lease>,
    cancelled: Pin<Box<WaitForCancellationFutureOwned>>,
    decoder: Decoder,
    scan: PostgresScanExec,
    scope: Arc<QueryScope>,
    metrics: BaselineMetrics,
}

impl Stream for CopyStream {
    type Item = Result<RecordBatch, ConnectorError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.lease.is_none() {
            return Poll::Ready(None);
        }
        let polled = this.poll_batch(cx);
        if let Poll::Ready(Some(Err(_))) = polled {
            this.lease = None;
        }
        if let Poll::Ready(Some(Ok(batch))) = &polled {
            this.metrics.record_output(batch.num_rows());
        }
        polled
    }
}

impl CopyStream {
    fn poll_batch(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<RecordBatch, ConnectorError>>> {
        // Asked once per batch and while there is nothing to read, not for each chunk, which holds one row.
        if self.cancelled.poll_unpin(cx).is_ready() {
            return Poll::Ready(Some(Err(ConnectorError::Canceled)));
        }
        loop {
            match std::task::ready!(self.copy.poll_next_unpin(cx)) {
                Some(Ok(chunk)) => {
                    if let Err(e) = self.decoder.push(&chunk) {
                        return Poll::Ready(Some(Err(self.decode_error(e))));
                    }
                    if self.decoder.is_full() {
                        return Poll::Ready(Some(self.batch()));
                    }
                }
                Some(Err(e)) => return Poll::Ready(Some(Err(self.remote_error(&e)))),
                None => return Poll::Ready(self.end()),
            }
        }
    }

    fn batch(&mut self) -> Result<RecordBatch, ConnectorError> {
        self.decoder.finish_batch().map_err(|e| ConnectorError::from(DataFusionError::from(e)))
    }

    /// The remote statement has ended; whatever is left is the last batch.
    fn end(&mut self) -> Option<Result<RecordBatch, ConnectorError>> {
        if !self.decoder.is_complete() {
            return Some(Err(error::lost(&self.scan.source, "the copy ended before its trailer".to_owned())));
        }
        if let Some(lease) = self.lease.take() {
            lease.finish();
        }
        (self.decoder.rows() > 0).then(|| self.batch())
    }

    fn remote_error(&self, error: &tokio_postgres::Error) -> ConnectorError {
        if error.code() == Some(&SqlState::QUERY_CANCELED) && self.scope.cancel.is_cancelled() {
            return ConnectorError::Canceled;
        }
        error::running(&self.scan.source, &self.scan.table, error)
    }

    fn decode_error(&self, error: DecodeError) -> ConnectorError {
        let source_name = self.scan.source.to_string();
        match error {
            DecodeError::OutOfRange { column, reason } => ConnectorError::OutOfRange { source_name, column, reason },
            changed @ DecodeError::Changed { .. } => {
                ConnectorError::Changed { source_name, table: self.scan.table.clone(), reason: changed.to_string() }
            }
            DecodeError::Malformed(reason) => ConnectorError::Lost { source_name, reason },
        }
    }
}
