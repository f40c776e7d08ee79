//! A bounded sample of a table's raw values, for the operator on the policy host alone.
//!
//! It takes the way of every statement, under a policy set of its own that grants everything to a principal of its own.
//! Neither is ever given to an engine, so no client can come to be that principal, and nothing reads past the permit.

use std::sync::Arc;
use std::time::Duration;

use arrow::array::RecordBatch;
use futures::StreamExt;
use tokio_util::sync::CancellationToken;
use weir_connectors::{QueryScope, TableInfo};
use weir_planner::catalog::Catalog;
use weir_planner::session::{SessionFacts, StatementSession};
use weir_planner::view::View;
use weir_planner::{PlanError, bind, execute, optimize, parse, permit};
use weir_policies::{PolicyError, PolicySet, Principal};

use crate::engine::Engine;
use crate::session::Session;
use crate::session::settings::Settings;
use crate::sqlstate::{SqlError, code};

/// Rows that are read of a table.
const ROWS: usize = 1000;
/// Columns that are read at once.
const COLUMNS: usize = 500;
/// A source that takes longer than this for a sample is left alone.
const PATIENCE: Duration = Duration::from_secs(60);

const OPERATOR: &str = "operator";
const EVERYTHING: &str = "p, role:operator, *.*, select\n";

/// Reads samples.
pub struct Sampler<'a> {
    engine: &'a Engine,
    view: Arc<View>,
    session: Session,
}

impl<'a> Sampler<'a> {
    pub fn new(engine: &'a Engine, catalog: &Arc<Catalog>) -> Result<Self, Vec<PolicyError>> {
        let policies = PolicySet::from_files([("policy.csv".to_owned(), EVERYTHING.into())])?;
        let roles = [OPERATOR.to_owned()].into();
        let principal = Arc::new(Principal { user: OPERATOR.to_owned(), roles, attributes: Default::default() });
        let view = View::new(Arc::clone(&engine.runtime), &policies, catalog, Arc::clone(&principal));
        Ok(Self { engine, view: Arc::new(view), session: Session::new(principal, 0, Settings::new(OPERATOR)) })
    }

    /// Some rows of these columns. An error names no value.
    pub async fn sample(&self, table: &TableInfo, columns: &[&str]) -> Result<Vec<RecordBatch>, SqlError> {
        let mut batches = Vec::new();
        for columns in columns.chunks(COLUMNS) {
            let read = tokio::time::timeout(PATIENCE, self.read(table, columns)).await;
            let read = read.map_err(|_| {
                SqlError::new(code::QUERY_CANCELED, format!("a sample takes longer than {} s", PATIENCE.as_secs()))
            })?;
            batches.extend(read.map_err(|error| SqlError::from(error).without_values())?);
        }
        Ok(batches)
    }

    async fn read(&self, table: &TableInfo, columns: &[&str]) -> Result<Vec<RecordBatch>, PlanError> {
        let columns: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
        let (schema, name) = (quoted(&table.schema), quoted(&table.name));
        let sql = format!("SELECT {} FROM {schema}.{name} LIMIT {ROWS}", columns.join(", "));
        let cancel = CancellationToken::new();
        let scope = QueryScope::new("sample".to_owned(), OPERATOR.to_owned(), cancel.clone());
        let planning = StatementSession::new(
            &self.engine.runtime,
            SessionFacts::time_zone(&self.session),
            self.session.now(),
            scope,
        );
        let mut batches = Vec::new();
        for parsed in parse::parse(&sql)? {
            let Some(query) = parsed.query() else { continue };
            let bound = execute::aside(|| bind::bind(query, &parsed, &self.view, &self.session, &[]))?;
            let planned = optimize::plan(Arc::new(permit::permit(&bound)?), &self.engine.runtime, &planning)?;
            let optimized = optimize::optimize(&planned, &self.engine.runtime, &planning).await?;
            let mut rows = execute::execute(&optimized, &planning, &cancel)?;
            while let Some(batch) = rows.next().await {
                batches.push(batch?);
            }
        }
        Ok(batches)
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
