//! Stage 7: applies the policy set's decisions to a bound plan. The only place that makes a [`Permitted`] plan, and
//! the only one that puts a readable table into a plan.
//!
//! Each scan of a governed table becomes, from below: the raw scan; the row filter; a [barrier](barrier) that no
//! predicate of the user passes unless it is leakproof; the masks, once. What was never granted is not even read.

pub(crate) mod author;
mod bare;
pub mod barrier;
mod check;
pub mod fields;
mod foreign;
pub(crate) mod rules;
mod samples;
mod subselect;
#[cfg(test)]
mod tests;
pub(crate) mod text;
pub(crate) mod veil;

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, TableReference};
use datafusion::datasource::cte_worktable::CteWorkTable;
use datafusion::datasource::{DefaultTableSource, provider_as_source};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::logical_plan::{Extension, TableScan};
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, TableSource};

use crate::PlanError;
use crate::bind::{Bound, reads_clock};
use crate::catalog::SourceTable;
use crate::pg_catalog::SystemSource;
use crate::pushdown::leakproof::is_total;
use crate::view::{GovernedSource, View, VisibleTable};
pub use bare::shows_value;
use barrier::Barrier;
pub use check::check;
use rules::{Rows, Rules};
pub use text::spelled;

/// A plan to which its principal's decisions were applied. `optimize` takes nothing else.
#[derive(Debug, Clone)]
pub struct Permitted {
    pub(crate) plan: LogicalPlan,
    pub(crate) view: Arc<View>,
    /// The columns that the client gets.
    pub columns: SchemaRef,
    /// What was decided on each table that the statement names, for the audit record.
    pub decisions: Vec<Arc<VisibleTable>>,
    /// It reads catalogs, which are made of the view.
    reads_catalogs: bool,
    /// The statement, or a filter or mask in it, reads the clock, or is else another each time.
    pub volatile: bool,
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

    /// Whether all that was decided would be decided the same now: its principal, or the policies, may have changed.
    pub fn holds_under(&self, now: &View) -> bool {
        let same = |table: &Arc<VisibleTable>| table.shows_as_in(&self.view, now).unwrap_or(false);
        self.view.id == now.id || !self.reads_catalogs && self.decisions.iter().all(same)
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
    let mut reads_catalogs = false;
    let view = bound.view();
    let permitted = bound.plan.clone().transform_up_with_subqueries(|node| match node {
        LogicalPlan::TableScan(scan) => {
            reads_catalogs |= scan.source.downcast_ref::<SystemSource>().is_some();
            permit_scan(scan, view, &mut decisions).map(Transformed::yes).map_err(DataFusionError::from)
        }
        other => refuse_effects(&other).map(|()| Transformed::no(other)).map_err(DataFusionError::from),
    })?;
    let (view, columns) = (Arc::clone(view), Arc::clone(&bound.columns));
    let volatile = bound.volatile || reads_clock(&permitted.data)?;
    Ok(Permitted { plan: permitted.data, view, columns, decisions, reads_catalogs, volatile })
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
pub(crate) fn is_recursion(source: &dyn TableSource) -> bool {
    source.downcast_ref::<DefaultTableSource>().is_some_and(|source| source.table_provider.is::<CteWorkTable>())
}

fn governed(scan: &TableScan, table: &Arc<VisibleTable>, rules: &Rules, view: &View) -> Result<LogicalPlan, PlanError> {
    let name = &scan.table_name;
    let (plan, from) = match &rules.rows {
        Rows::All => (raw(table, view, name)?.build()?, name.clone()),
        Rows::Where(filter) => {
            let filter = rules::qualify(filter, name)?;
            let closed = source(table, view)?.tells_by_errors(Some(&filter))?;
            let raw = raw(table, view, name)?;
            let closed = closed || !is_total(&filter, raw.schema());
            let filtered = raw.filter(filter)?;
            (behind(Barrier::new(filtered.build()?, closed)), name.clone())
        }
        Rows::Selected(rows) => {
            let closed = source(table, view)?.tells_by_errors(None)? || may_fail(rows)?;
            (behind(Barrier::over_joins(rows.clone(), closed)), rules::own_name(&table.info))
        }
    };
    // A project that changes nothing would only cost the optimizer's time.
    if table.is_open() && scan.projection.is_none() {
        return Ok(plan);
    }
    let shown = shown_columns(scan, table, rules, &from)?;
    Ok(LogicalPlanBuilder::from(plan).project(shown)?.build()?)
}

/// Whether a filter's joins and conditions fail on some row: which rows they see, a predicate below the barrier would decide.
fn may_fail(plan: &LogicalPlan) -> Result<bool, PlanError> {
    Ok(plan.exists(|node| {
        let schema = merge_schema(&node.inputs());
        let mut total = true;
        node.apply_expressions(|expr| {
            total &= is_total(expr, &schema);
            Ok(TreeNodeRecursion::Continue)
        })?;
        Ok(!total)
    })?)
}

/// All rows and columns of the table.
fn raw(table: &VisibleTable, view: &View, name: &TableReference) -> Result<LogicalPlanBuilder, PlanError> {
    Ok(LogicalPlanBuilder::scan(name.clone(), provider_as_source(Arc::new(source(table, view)?)), None)?)
}

fn source(table: &VisibleTable, view: &View) -> Result<SourceTable, PlanError> {
    let source = SourceTable::new(Arc::clone(&table.info), &view.runtime.sources);
    Ok(source.map_err(DataFusionError::from)?)
}

fn behind(barrier: Barrier) -> LogicalPlan {
    LogicalPlan::Extension(Extension { node: Arc::new(barrier) })
}

/// The columns that the scan promised, masked where a mask applies. `from` names the raw columns.
fn shown_columns(
    scan: &TableScan,
    table: &VisibleTable,
    rules: &Rules,
    from: &TableReference,
) -> Result<Vec<Expr>, PlanError> {
    let name = &scan.table_name;
    let all: Vec<usize> = (0..table.columns.fields().len()).collect();
    let wanted = scan.projection.as_ref().unwrap_or(&all);
    wanted
        .iter()
        .map(|&index| {
            let field = table.columns.field(index);
            match &rules.columns[index] {
                None if from == name => Ok(Expr::Column(Column::new(Some(name.clone()), field.name()))),
                None => {
                    let raw = Expr::Column(Column::new(Some(from.clone()), field.name()));
                    Ok(raw.alias_qualified(Some(name.clone()), field.name()))
                }
                Some(shown) => Ok(rules::qualify(shown, from)?.alias_qualified(Some(name.clone()), field.name())),
            }
        })
        .collect()
}
