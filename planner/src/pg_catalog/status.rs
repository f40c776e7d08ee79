//! `weir.policy_status`: the last attempts to load policies, for those who may see policies.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use datafusion::catalog::{MemTable, Session, TableProvider};
use datafusion::datasource::TableType;
use datafusion::error::Result;
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;
use parking_lot::Mutex;

/// Weir's own schema, which no source may have.
pub(crate) const SCHEMA: &str = "weir";
/// The table's name in it.
pub(super) const TABLE: &str = "policy_status";

/// Attempts that are kept.
const KEPT: usize = 100;

/// The last attempts to load policies. Shared by all views; each statement reads it anew.
#[derive(Debug, Default)]
pub struct PolicyStatus {
    attempts: Mutex<VecDeque<Attempt>>,
}

#[derive(Debug)]
struct Attempt {
    time: DateTime<Utc>,
    version: Option<String>,
    outcome: &'static str,
    /// What was wrong, if anything was.
    message: Option<String>,
}

impl PolicyStatus {
    /// A set has taken effect.
    pub fn loaded(&self, version: &str) {
        self.keep(Some(version.to_owned()), "loaded", None);
    }

    /// A set was refused and the last good one stays. `message` names each mistake with file and line; `version` is
    /// unknown where the files can't even be read.
    pub fn refused(&self, version: Option<String>, message: String) {
        self.keep(version, "refused", Some(message));
    }

    /// Tables have come or changed to which the set in force doesn't fit; nobody sees them until it does. `message` names the
    /// tables, and each mistake with file and line.
    pub fn withheld(&self, version: &str, message: String) {
        self.keep(Some(version.to_owned()), "withheld", Some(message));
    }

    fn keep(&self, version: Option<String>, outcome: &'static str, message: Option<String>) {
        let mut attempts = self.attempts.lock();
        if attempts.len() == KEPT {
            attempts.pop_front();
        }
        attempts.push_back(Attempt { time: Utc::now(), version, outcome, message });
    }

    fn batch(&self) -> Result<RecordBatch> {
        let attempts = self.attempts.lock();
        let times = attempts.iter().map(|attempt| attempt.time.timestamp_micros());
        let columns: Vec<ArrayRef> = vec![
            Arc::new(TimestampMicrosecondArray::from_iter_values(times).with_timezone("UTC")),
            Arc::new(attempts.iter().map(|attempt| attempt.version.as_deref()).collect::<StringArray>()),
            Arc::new(attempts.iter().map(|attempt| Some(attempt.outcome)).collect::<StringArray>()),
            Arc::new(attempts.iter().map(|attempt| attempt.message.as_deref()).collect::<StringArray>()),
        ];
        Ok(RecordBatch::try_new(columns_of_table(), columns)?)
    }
}

/// `time`, `version`, `outcome` (`loaded`, `refused` or `withheld`) and `message`.
pub(super) fn columns_of_table() -> SchemaRef {
    let time = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    Arc::new(Schema::new(vec![
        Field::new("time", time, false),
        Field::new("version", DataType::Utf8, true),
        Field::new("outcome", DataType::Utf8, false),
        Field::new("message", DataType::Utf8, true),
    ]))
}

/// The table over the attempts there are when it is scanned.
#[derive(Debug)]
pub(super) struct StatusTable(pub Arc<PolicyStatus>);

#[async_trait]
impl TableProvider for StatusTable {
    fn schema(&self) -> SchemaRef {
        columns_of_table()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let now = MemTable::try_new(columns_of_table(), vec![vec![self.0.batch()?]])?;
        now.scan(session, projection, filters, limit).await
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray;

    use super::*;

    #[test]
    fn only_the_last_attempts_are_kept() {
        let status = PolicyStatus::default();
        status.loaded("first");
        for number in 0..KEPT {
            status.refused(None, format!("masks.toml:{number}: wrong"));
        }
        let batch = status.batch().unwrap();
        assert_eq!(batch.num_rows(), KEPT);
        let outcomes = batch.column(2).as_string::<i32>();
        assert!(outcomes.iter().all(|outcome| outcome == Some("refused")));
        assert_eq!(batch.column(3).as_string::<i32>().value(KEPT - 1), "masks.toml:99: wrong");
    }
}
