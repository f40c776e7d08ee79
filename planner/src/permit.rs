//! Stage 7: applies the policy set's decisions to a bound plan. The only place that makes a [`Permitted`] plan, and
//! the only one that puts a readable table into a plan.
//!
//! Each scan of a governed table becomes, from below: the raw scan; the row filter; a [barrier](barrier) that no
//! predicate of the user passes unless it is leakproof; the masks, once. What was never granted is not even read.

pub mod barrier;
mod check;
pub(crate) mod rules;

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::common::TableReference;
use datafusion::common::tree_node::Transformed;
use datafusion::datasource::cte_worktable::CteWorkTable;
use datafusion::datasource::{DefaultTableSource, provider_as_source};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::logical_plan::{Extension, TableScan};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, TableSource};

use crate::PlanError;
use crate::bind::Bound;
use crate::catalog::SourceTable;
use crate::pg_catalog::SystemSource;
use crate::view::{GovernedSource, View, VisibleTable};
use barrier::Barrier;
pub use check::check;
use rules::Rules;
pub use rules::spelled;

/// A plan to which its principal's decisions were applied. `optimize` takes nothing else.
#[derive(Debug, Clone)]
pub struct Permitted {
    pub(crate) plan: LogicalPlan,
    pub(crate) view: Arc<View>,
    /// The columns that the client gets.
    pub columns: SchemaRef,
    /// What was decided on each table that the statement names, for the audit record.
    pub decisions: Vec<Arc<VisibleTable>>,
}

impl Permitted {
    /// Nothing that the statement names hides anything from its principal.
    pub fn is_open(&self) -> bool {
        self.decisions.iter().all(|table| table.is_open())
    }

    /// Whether the statement reads any source.
    pub fn reads_sources(&self) -> bool {
        !self.decisions.is_empty()
    }
}

/// A table function's rows: made of the arguments alone, so there is nothing to decide on.
pub(crate) struct FunctionSource(pub Arc<dyn TableProvider>);

impl TableSource for FunctionSource {
    fn schema(&self) -> SchemaRef {
        self.0.schema()
    }
}

/// Applies decisions to every table in the plan, sub-queries included.
pub fn permit(bound: &Bound) -> Result<Permitted, PlanError> {
    let mut decisions = Vec::new();
    let view = bound.view();
    let permitted = bound.plan.clone().transform_up_with_subqueries(|node| match node {
        LogicalPlan::TableScan(scan) => {
            permit_scan(scan, view, &mut decisions).map(Transformed::yes).map_err(DataFusionError::from)
        }
        other => refuse_effects(&other).map(|()| Transformed::no(other)).map_err(DataFusionError::from),
    })?;
    Ok(Permitted { plan: permitted.data, view: Arc::clone(view), columns: Arc::clone(&bound.columns), decisions })
}

/// Plans that would do anything but read have no business here, however they came.
fn refuse_effects(node: &LogicalPlan) -> Result<(), PlanError> {
    let what = match node {
        LogicalPlan::Dml(_) => "INSERT",
        LogicalPlan::Ddl(_) => "CREATE",
        LogicalPlan::Copy(_) => "COPY",
        LogicalPlan::Statement(_) => "this statement",
        _ => return Ok(()),
    };
    Err(PlanError::ReadOnly { what })
}

fn permit_scan(
    scan: TableScan,
    view: &Arc<View>,
    decisions: &mut Vec<Arc<VisibleTable>>,
) -> Result<LogicalPlan, PlanError> {
    let source = scan.source.as_ref();
    if let Some(GovernedSource(table)) = source.downcast_ref::<GovernedSource>() {
        let rules = table.rules(view)?;
        if !decisions.iter().any(|known| Arc::ptr_eq(known, table)) {
            decisions.push(Arc::clone(table));
        }
        return governed(&scan, table, &rules, view);
    }
    let provider = if let Some(SystemSource(provider)) = source.downcast_ref::<SystemSource>() {
        Arc::clone(provider)
    } else if let Some(FunctionSource(provider)) = source.downcast_ref::<FunctionSource>() {
        Arc::clone(provider)
    } else if is_recursion(source) {
        return Ok(LogicalPlan::TableScan(scan));
    } else {
        // Whatever it is, nothing was decided on it.
        return Err(PlanError::Forbidden { what: format!("table {}", scan.table_name.table()) });
    };
    Ok(LogicalPlan::TableScan(TableScan { source: provider_as_source(provider), ..scan }))
}

/// The rows that a recursive query made in its last round: they passed here when they were read.
fn is_recursion(source: &dyn TableSource) -> bool {
    source.downcast_ref::<DefaultTableSource>().is_some_and(|source| source.table_provider.is::<CteWorkTable>())
}

fn governed(scan: &TableScan, table: &Arc<VisibleTable>, rules: &Rules, view: &View) -> Result<LogicalPlan, PlanError> {
    let name = &scan.table_name;
    let provider = SourceTable::new(Arc::clone(&table.info), &view.runtime.sources)
        .map_err(|error| PlanError::from(DataFusionError::from(error)))?;
    let mut plan = LogicalPlanBuilder::scan(name.clone(), provider_as_source(Arc::new(provider)), None)?;
    if let Some(filter) = &rules.filter {
        plan = plan.filter(rules::qualify(filter, name)?)?;
        plan =
            LogicalPlanBuilder::from(LogicalPlan::Extension(Extension { node: Arc::new(Barrier::new(plan.build()?)) }));
    }
    let shown = shown_columns(scan, table, rules, name)?;
    // A project that changes nothing would only cost the optimizer's time.
    match table.is_open() && scan.projection.is_none() {
        true => Ok(plan.build()?),
        false => Ok(plan.project(shown)?.build()?),
    }
}

/// The columns that the scan promised, masked where a mask applies.
fn shown_columns(
    scan: &TableScan,
    table: &VisibleTable,
    rules: &Rules,
    name: &TableReference,
) -> Result<Vec<Expr>, PlanError> {
    let all: Vec<usize> = (0..table.columns.fields().len()).collect();
    let wanted = scan.projection.as_ref().unwrap_or(&all);
    wanted
        .iter()
        .map(|&index| {
            let field = table.columns.field(index);
            match &rules.columns[index] {
                None => Ok(Expr::Column(datafusion::common::Column::new(Some(name.clone()), field.name()))),
                Some(shown) => Ok(rules::qualify(shown, name)?.alias_qualified(Some(name.clone()), field.name())),
            }
        })
        .collect()
}
