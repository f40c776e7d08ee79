//! The plan node that reads Avro files.

use std::fmt;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::metrics::{BaselineMetrics, Count, ExecutionPlanMetricsSet, MetricBuilder, MetricsSet};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties};
use futures::{StreamExt, TryStreamExt};

use super::AvroSource;
use super::avro::schema::Record;
use super::layout::format_date;
use super::listing::{DataFile, DateRange, Listed};
use super::prune::{DATE, FILE, is_file_column};
use super::read::{Meter, Output, ReadSpec, batches};
use super::table::TableRemote;
use crate::{ConnectorError, QueryScope, ScanRequest, Sources};

/// Decoded rows stay in the processor's cache at this size.
const BATCH_ROWS: usize = 1024;

/// What a scan reads; plain data.
#[derive(Debug, Clone)]
pub struct Scan {
    source: Arc<str>,
    table: String,
    files: Vec<DataFile>,
    /// Files that were listed, and for which days.
    listed: usize,
    range: DateRange,
    record: Record,
    outputs: Vec<Output>,
    schema: SchemaRef,
    limit: Option<usize>,
}

impl Scan {
    /// The scan of the files `kept` (indices) of those listed.
    pub fn new(
        source: &Arc<str>,
        request: &ScanRequest<'_>,
        remote: TableRemote,
        listed: Listed,
        kept: Vec<usize>,
    ) -> Result<Self, ConnectorError> {
        let columns = &request.table.columns;
        let schema = columns.project(request.projection).map_err(DataFusionError::from)?;
        let mut record = Record { fields: Vec::new(), ..remote.record.clone() };
        let mut outputs = Vec::with_capacity(request.projection.len());
        for index in request.projection {
            let column = columns.field(*index);
            outputs.push(match (is_file_column(column), column.name().as_str()) {
                (false, _) => Output::Field(take_field(&remote.record, &mut record, *index)?),
                (true, DATE) => Output::Date,
                (true, FILE) => Output::File,
                (true, _) => Output::Offset,
            });
        }
        Ok(Self {
            source: Arc::clone(source),
            table: request.table.name.clone(),
            files: kept.iter().map(|index| listed.files[*index].clone()).collect(),
            listed: listed.files.len(),
            range: listed.range,
            record,
            outputs,
            schema: Arc::new(schema),
            limit: request.limit,
        })
    }
}

/// The place in `wanted` of field `index` of the table, put there at its first use.
fn take_field(table: &Record, wanted: &mut Record, index: usize) -> Result<usize, ConnectorError> {
    let missing =
        || DataFusionError::Internal(format!("a table of {} fields has no field {index}", table.fields.len()));
    let field = table.fields.get(index).ok_or_else(missing)?;
    if let Some(at) = wanted.fields.iter().position(|other| other.name == field.name) {
        return Ok(at);
    }
    wanted.fields.push(field.clone());
    Ok(wanted.fields.len() - 1)
}

/// Reads Avro files; each partition reads its own, one after the other.
#[derive(Debug)]
pub struct AvroScanExec {
    scan: Scan,
    partitions: Vec<Vec<DataFile>>,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

impl AvroScanExec {
    pub(crate) fn new(scan: Scan, target_partitions: usize) -> Self {
        let partitions = partition(&scan.files, target_partitions);
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(&scan.schema)),
            Partitioning::UnknownPartitioning(partitions.len()),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Self { scan, partitions, properties: Arc::new(properties), metrics: ExecutionPlanMetricsSet::new() }
    }
}

/// Files by size onto at most `target` partitions, the largest first; at least one partition, which may be empty.
fn partition(files: &[DataFile], target: usize) -> Vec<Vec<DataFile>> {
    let count = target.min(files.len()).max(1);
    let mut partitions: Vec<(u64, Vec<DataFile>)> = vec![(0, Vec::new()); count];
    let mut by_size: Vec<&DataFile> = files.iter().collect();
    by_size.sort_by(|a, b| b.size_bytes.cmp(&a.size_bytes).then_with(|| a.path.cmp(&b.path)));
    for file in by_size {
        if let Some((bytes, partition)) = partitions.iter_mut().min_by_key(|(bytes, _)| *bytes) {
            // Opening a file costs about as much as reading this much of it.
            *bytes += file.size_bytes + (64 << 10);
            partition.push(file.clone());
        }
    }
    let sorted = |(_, mut files): (u64, Vec<DataFile>)| {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    };
    partitions.into_iter().map(sorted).collect()
}

impl DisplayAs for AvroScanExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Scan { source, table, files, listed, range, schema, limit, .. } = &self.scan;
        let columns: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        write!(f, "AvroScanExec: source={source}, table={table}, files={}/{listed}", files.len())?;
        if !range.is_all() {
            let bound = |day: i32| if day == i32::MIN || day == i32::MAX { String::new() } else { format_date(day) };
            write!(f, ", days={}..{}", bound(range.first), bound(range.last))?;
        }
        write!(f, ", projection=[{}]", columns.join(", "))?;
        limit.map_or(Ok(()), |limit| write!(f, ", limit={limit}"))
    }
}

impl ExecutionPlan for AvroScanExec {
    fn name(&self) -> &str {
        "AvroScanExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        if children.is_empty() { Ok(self) } else { Err(DataFusionError::Internal("a scan has no children".to_owned())) }
    }

    fn with_fetch(&self, limit: Option<usize>) -> Option<Arc<dyn ExecutionPlan>> {
        let scan = Scan { limit, ..self.scan.clone() };
        Some(Arc::new(Self::new(scan, self.partitions.len())))
    }

    fn fetch(&self) -> Option<usize> {
        self.scan.limit
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let scope = QueryScope::of_task(&context)?;
        let sources = Sources::of_config(context.session_config())?;
        let scan = self.scan.clone();
        let files = self.partitions.get(partition).cloned().unwrap_or_default();
        let spec = Arc::new(ReadSpec {
            source: Arc::clone(&scan.source),
            record: scan.record,
            outputs: scan.outputs,
            schema: Arc::clone(&scan.schema),
            batch_rows: context.session_config().batch_size().clamp(1, BATCH_ROWS),
            limit: scan.limit,
        });
        let baseline = BaselineMetrics::new(&self.metrics, partition);
        let meter = ScanMeter {
            files: MetricBuilder::new(&self.metrics).counter("files_read", partition),
            bytes: MetricBuilder::new(&self.metrics).counter("bytes_read", partition),
        };
        let stream = async move {
            let connector = sources.get(&spec.source)?;
            let avro = connector.as_any().downcast_ref::<AvroSource>();
            let avro =
                avro.ok_or_else(|| DataFusionError::Internal(format!("source {} reads no Avro", spec.source)))?;
            let root = avro.root().await?.clone();
            Ok::<_, DataFusionError>(batches(root, scope, spec, files, meter)?)
        };
        let stream = futures::stream::once(stream).try_flatten().inspect_ok(move |batch| {
            baseline.record_output(batch.num_rows());
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.scan.schema), stream.boxed())))
    }
}

struct ScanMeter {
    files: Count,
    bytes: Count,
}

impl Meter for ScanMeter {
    fn file(&self) {
        self.files.add(1);
    }

    fn bytes(&self, count: usize) {
        self.bytes.add(count);
    }
}
