//! The plan node above delta-rs's own scan: it names the source and version, lets only safe filters sink, tells the
//! optimizer no more than the log knows for sure, and turns errors into the source's own.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::SchemaRef;
use datafusion::common::stats::Precision;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::config::ConfigOptions;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::parquet::errors::ParquetError;
use datafusion::physical_expr::EquivalenceProperties;
use datafusion::physical_plan::execution_plan::CardinalityEffect;
use datafusion::physical_plan::filter_pushdown::{
    ChildPushdownResult, FilterDescription, FilterPushdownPhase, FilterPushdownPropagation,
};
use datafusion::physical_plan::statistics::{ChildStats, StatisticsArgs};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    ColumnStatistics, DisplayAs, DisplayFormatType, ExecutionPlan, PhysicalExpr, PlanProperties, Statistics,
};
use futures::stream::{Stream, StreamExt};

use super::direct::direct;
use super::filters::can_sink_physical;
use super::held;
use super::mount::Trace;
use super::table::Pinned;
use crate::{ConnectorError, gate};

/// Reads one version of a Delta table.
#[derive(Debug, Clone)]
pub struct DeltaExec {
    pinned: Arc<Pinned>,
    /// The catalog's columns, whose metadata may be older than this version's.
    schema: SchemaRef,
    input: Arc<dyn ExecutionPlan>,
    /// What runs in place of the input, if it gives the same rows for less.
    direct: Option<Arc<dyn ExecutionPlan>>,
    properties: Arc<PlanProperties>,
}

impl DeltaExec {
    /// `input` yields columns of the types of the files, in the order of `schema`.
    pub fn new(pinned: Arc<Pinned>, schema: SchemaRef, input: Arc<dyn ExecutionPlan>) -> Result<Self> {
        let direct = if pinned.holds_all_columns() { direct(&input)? } else { None };
        let below = input.properties();
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(&schema)),
            below.partitioning.clone(),
            below.emission_type,
            below.boundedness,
        );
        Ok(Self { pinned, schema, input, direct, properties: Arc::new(properties) })
    }

    fn with_input(&self, input: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(Self::new(Arc::clone(&self.pinned), Arc::clone(&self.schema), input)?))
    }
}

impl DisplayAs for DeltaExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folder = self.pinned.folder();
        write!(f, "DeltaExec: source={}, table={}, version={}", folder.source(), folder.table(), self.pinned.version())
    }
}

impl ExecutionPlan for DeltaExec {
    fn name(&self) -> &'static str {
        "DeltaExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        // A repartitioning between this node and its scan would only come between an error and its file.
        vec![false]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, mut children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        match (children.pop(), children.is_empty()) {
            (Some(input), true) => self.with_input(input),
            _ => Err(DataFusionError::Internal("a Delta scan has one input".to_owned())),
        }
    }

    fn repartitioned(&self, partitions: usize, config: &ConfigOptions) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        self.input.repartitioned(partitions, config)?.map(|input| self.with_input(input)).transpose()
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let trace = Trace::default();
        let run = self.direct.as_ref().unwrap_or(&self.input);
        let inner = trace.enter(|| run.execute(partition, context))?;
        let (pinned, input, schema) = (Arc::clone(&self.pinned), Arc::clone(&self.input), Arc::clone(&self.schema));
        let batches = TracedStream { inner, trace: trace.clone() }.then(move |batch| {
            let (pinned, input, trace) = (Arc::clone(&pinned), Arc::clone(&input), trace.clone());
            let schema = Arc::clone(&schema);
            async move {
                match batch {
                    Ok(batch) => relabel(batch, schema),
                    Err(e) => Err(pinned.folder().explain_data(e, &trace, Some(&input)).await.into()),
                }
            }
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), batches)))
    }

    fn child_stats_requests(&self, partition: Option<usize>) -> Vec<ChildStats> {
        vec![ChildStats::At(partition)]
    }

    fn statistics_from_inputs(&self, input: &[Arc<Statistics>], _: &StatisticsArgs) -> Result<Arc<Statistics>> {
        let Some(known) = input.first() else { return Ok(Arc::new(Statistics::new_unknown(&self.schema))) };
        let mut statistics = Statistics::clone(known);
        for (column, field) in statistics.column_statistics.iter_mut().zip(self.schema.fields()) {
            if !held::is_as_in_files(field) {
                *column = ColumnStatistics::new_unknown();
                continue;
            }
            // The log shortens long texts and cuts timestamps to milliseconds, and leaves NaN out: good enough to
            // skip files and to plan, but no answer to a min() or max().
            column.min_value = std::mem::replace(&mut column.min_value, Precision::Absent).to_inexact();
            column.max_value = std::mem::replace(&mut column.max_value, Precision::Absent).to_inexact();
        }
        Ok(Arc::new(statistics))
    }

    fn supports_limit_pushdown(&self) -> bool {
        // delta-rs's scan of no column takes a limit in and forgets it.
        self.input.supports_limit_pushdown() && self.input.with_fetch(Some(1)).is_some()
    }

    fn with_fetch(&self, limit: Option<usize>) -> Option<Arc<dyn ExecutionPlan>> {
        // Without it the limit stays above this node, and nothing is lost.
        self.input.with_fetch(limit).and_then(|input| self.with_input(input).ok())
    }

    fn fetch(&self) -> Option<usize> {
        self.input.fetch()
    }

    fn cardinality_effect(&self) -> CardinalityEffect {
        CardinalityEffect::Equal
    }

    fn gather_filters_for_pushdown(
        &self,
        _: FilterPushdownPhase,
        filters: Vec<Arc<dyn PhysicalExpr>>,
        _: &ConfigOptions,
    ) -> Result<FilterDescription> {
        gate::sinking(self, filters, |filter| can_sink_physical(filter, &self.schema))
    }

    fn handle_child_pushdown_result(
        &self,
        _: FilterPushdownPhase,
        result: ChildPushdownResult,
        _: &ConfigOptions,
    ) -> Result<FilterPushdownPropagation<Arc<dyn ExecutionPlan>>> {
        Ok(FilterPushdownPropagation::if_all(result))
    }
}

/// The same columns as the catalog shows them, under its names and metadata.
fn relabel(batch: RecordBatch, schema: SchemaRef) -> Result<RecordBatch> {
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    let (_, columns, _) = batch.into_parts();
    let columns =
        columns.into_iter().zip(schema.fields()).map(|(column, field)| held::column(column, field.data_type()));
    let columns = columns.collect::<Result<Vec<_>, _>>();
    columns
        .and_then(|columns| RecordBatch::try_new_with_options(schema, columns, &options))
        .map_err(|e| ConnectorError::from(DataFusionError::from(e)).into())
}

/// Notes which file each poll reads.
struct TracedStream {
    inner: SendableRecordBatchStream,
    trace: Trace,
}

impl Stream for TracedStream {
    type Item = Result<RecordBatch>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { inner, trace } = &mut *self;
        // The Parquet reader panics over some damaged files; that must stay an error of the file.
        let polled = catch_unwind(AssertUnwindSafe(|| trace.enter(|| inner.poll_next_unpin(cx))));
        polled.unwrap_or_else(|_| {
            let panicked = ParquetError::General("the reader panicked".to_owned());
            Poll::Ready(Some(Err(DataFusionError::ParquetError(Box::new(panicked)))))
        })
    }
}
