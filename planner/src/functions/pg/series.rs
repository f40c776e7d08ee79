//! Series that are too long for one value: of constant timestamps, made batch by batch as they are read, so that they can be
//! cancelled and may have no end.

use std::sync::Arc;

use arrow::array::{ArrayRef, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use datafusion::catalog::TableProvider;
use datafusion::catalog::streaming::StreamingTable;
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use weir_values::datetime::{SeriesStep, Zone, timestamp_is_finite};
use weir_values::numeric::Numeric;

use super::columns::external;
use super::datetime_types::interval;

/// Longer series aren't made before the statement runs: their arrays would be too wide a constant.
const LONG: f64 = 100_000.0;

/// Whether a series from one constant to another is long, by a step that is 1 if it isn't given. One that has no end is, one
/// without rows isn't, nor what is an error.
pub(crate) fn is_long(arguments: &[&ScalarValue]) -> bool {
    let numbers: Option<Vec<f64>> = arguments.iter().take(3).map(|argument| number(argument)).collect();
    match numbers.as_deref() {
        Some([start, end]) => end - start >= LONG,
        Some([start, end, step]) => *step != 0.0 && (end - start) / step >= LONG,
        _ => false,
    }
}

fn number(value: &ScalarValue) -> Option<f64> {
    match value {
        ScalarValue::Int32(Some(number)) => Some(f64::from(*number)),
        ScalarValue::Int64(Some(number)) => Some(*number as f64),
        ScalarValue::Decimal128(Some(number), _, scale) => Some(*number as f64 / 10_f64.powi(i32::from(*scale))),
        ScalarValue::Utf8(Some(text)) => Numeric::parse(text).ok()?.to_string().parse().ok(),
        ScalarValue::TimestampMicrosecond(Some(i64::MAX), _) => Some(f64::INFINITY),
        ScalarValue::TimestampMicrosecond(Some(i64::MIN), _) => Some(f64::NEG_INFINITY),
        ScalarValue::TimestampMicrosecond(Some(moment), _) => Some(*moment as f64),
        ScalarValue::IntervalMonthDayNano(Some(step)) => Some(interval(*step).key() as f64),
        _ => None,
    }
}

/// A table of one column with the timestamps from the first constant to the second by the third; a zone is that of days and
/// months of moments. `None` if the constants are no such series.
pub(crate) fn timestamps(arguments: &[&ScalarValue], zone: Option<Zone>) -> Option<Result<Arc<dyn TableProvider>>> {
    let [start, end, ScalarValue::IntervalMonthDayNano(Some(step))] = arguments else { return None };
    let data = start.data_type();
    let (ScalarValue::TimestampMicrosecond(Some(first), _), ScalarValue::TimestampMicrosecond(Some(last), _)) =
        (start, end)
    else {
        return None;
    };
    let step = SeriesStep::new(interval(*step)).ok().filter(|_| timestamp_is_finite(*first))?;
    let schema = Arc::new(Schema::new(vec![Field::new("generate_series", data, false)]));
    let series = Series { schema: Arc::clone(&schema), first: *first, last: *last, step, zone };
    let table = StreamingTable::try_new(schema, vec![Arc::new(series)]);
    Some(table.map(|table| Arc::new(table) as Arc<dyn TableProvider>))
}

#[derive(Debug)]
struct Series {
    schema: SchemaRef,
    first: i64,
    last: i64,
    step: SeriesStep,
    zone: Option<Zone>,
}

impl PartitionStream for Series {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let batches = Batches {
            schema: Arc::clone(&self.schema),
            next: Some(Ok(self.first)),
            last: self.last,
            step: self.step,
            zone: self.zone.clone(),
            rows: context.session_config().batch_size(),
        };
        Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), futures::stream::iter(batches)))
    }
}

struct Batches {
    schema: SchemaRef,
    /// The value that comes next, or what is wrong with it.
    next: Option<std::result::Result<i64, weir_values::ValueError>>,
    last: i64,
    step: SeriesStep,
    zone: Option<Zone>,
    rows: usize,
}

impl Iterator for Batches {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut values = Vec::with_capacity(self.rows);
        while values.len() < self.rows {
            match self.next.take() {
                Some(Ok(value)) if self.step.reaches(value, self.last) => {
                    let next = match &self.zone {
                        Some(zone) => self.step.next_timestamptz(value, zone),
                        None => self.step.next_timestamp(value),
                    };
                    // PostgreSQL knows what comes next before it gives a value.
                    if next.is_ok() {
                        values.push(value);
                    }
                    self.next = Some(next);
                }
                Some(Err(error)) if values.is_empty() => return Some(Err(external(error))),
                // What comes before the error is given first.
                Some(Err(error)) => {
                    self.next = Some(Err(error));
                    break;
                }
                Some(Ok(_)) | None => break,
            }
        }
        match values.is_empty() {
            true => None,
            false => Some(self.batch(values)),
        }
    }
}

impl Batches {
    fn batch(&self, values: Vec<i64>) -> Result<RecordBatch> {
        let zone = match self.schema.field(0).data_type() {
            DataType::Timestamp(_, zone) => zone.clone(),
            _ => None,
        };
        let column: ArrayRef = Arc::new(TimestampMicrosecondArray::from(values).with_timezone_opt(zone));
        Ok(RecordBatch::try_new(Arc::clone(&self.schema), vec![column])?)
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray;
    use arrow::datatypes::TimestampMicrosecondType;
    use weir_values::datetime::{Interval, MAX_TIMESTAMP};

    use super::*;

    #[test]
    fn what_comes_before_an_error_is_given() {
        let field =
            Field::new("generate_series", DataType::Timestamp(arrow::datatypes::TimeUnit::Microsecond, None), false);
        let step = SeriesStep::new(Interval::new(0, 0, 10)).unwrap();
        let mut batches = Batches {
            schema: Arc::new(Schema::new(vec![field])),
            next: Some(Ok(MAX_TIMESTAMP - 35)),
            last: i64::MAX,
            step,
            zone: None,
            rows: 2,
        };
        let mut given = Vec::new();
        let error = loop {
            match batches.next() {
                Some(Ok(batch)) => {
                    given.extend(batch.column(0).as_primitive::<TimestampMicrosecondType>().values().iter().copied());
                }
                other => break other,
            }
        };
        assert_eq!(given, [MAX_TIMESTAMP - 35, MAX_TIMESTAMP - 25, MAX_TIMESTAMP - 15]);
        assert!(error.is_some_and(|error| error.is_err()));
        assert!(batches.next().is_none());
    }
}
