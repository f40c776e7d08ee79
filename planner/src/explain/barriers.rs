//! Which predicates of a statement run below the barrier of a table, and which above: read off the plan that the
//! optimizer makes, for `weir policy explain`.

use std::collections::HashSet;

use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, Result};
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::sql::unparser::Unparser;
use datafusion::sql::unparser::dialect::DefaultDialect;

use crate::PlanError;
use crate::optimize;
use crate::permit::Permitted;
use crate::permit::barrier::Barrier;
use crate::runtime::Runtime;
use crate::session::StatementSession;

/// The statement's own predicates on one table, as SQL. Those of a row filter aren't among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Predicates {
    /// `schema.table`.
    pub table: String,
    /// Whether the table has a barrier, which it has where it has a row filter.
    pub barrier: bool,
    /// Run on every row of the table; without a barrier all of them do.
    pub below: Vec<String>,
    /// Run only on rows that the row filter lets through.
    pub above: Vec<String>,
}

/// The predicates on each table that the statement reads. Those that speak of several tables belong to none.
pub fn predicates(
    permitted: &Permitted,
    runtime: &Runtime,
    session: &StatementSession,
) -> Result<Vec<Predicates>, PlanError> {
    let mut search = Search { filters: row_filters(permitted, runtime, session)?, found: Vec::new() };
    search.visit(&optimize::logical(runtime, session, permitted.plan.clone())?, Vec::new())?;
    Ok(search.found)
}

/// What the row filters become on their own: the same below a barrier isn't the statement's.
fn row_filters(permitted: &Permitted, runtime: &Runtime, session: &StatementSession) -> Result<HashSet<Expr>> {
    let mut filters = HashSet::new();
    permitted.plan.apply_with_subqueries(|node| {
        if let Some(barrier) = as_barrier(node) {
            let alone = optimize::logical(runtime, session, barrier.input.clone())?;
            filters.extend(all_predicates(&alone)?);
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(filters)
}

struct Search {
    filters: HashSet<Expr>,
    found: Vec<Predicates>,
}

impl Search {
    /// `pending`: predicates right above the node, with at most projections in between.
    fn visit(&mut self, node: &LogicalPlan, mut pending: Vec<Expr>) -> Result<()> {
        if let Some(barrier) = as_barrier(node) {
            let below = all_predicates(&barrier.input)?.into_iter().filter(|part| !self.filters.contains(part));
            let below = below.collect();
            pending.extend(barrier.above().iter().cloned());
            return self.keep(&barrier.input, true, below, pending);
        }
        match node {
            LogicalPlan::TableScan(scan) => {
                pending.extend(scan.filters.iter().cloned());
                self.keep(node, false, pending, Vec::new())
            }
            LogicalPlan::Filter(filter) => {
                pending.extend(split_conjunction(&filter.predicate).into_iter().cloned());
                self.visit_subqueries(node)?;
                self.visit(&filter.input, pending)
            }
            LogicalPlan::Projection(_) | LogicalPlan::SubqueryAlias(_) => {
                self.visit_subqueries(node)?;
                node.inputs().into_iter().try_for_each(|input| self.visit(input, pending.clone()))
            }
            _ => {
                self.visit_subqueries(node)?;
                node.inputs().into_iter().try_for_each(|input| self.visit(input, Vec::new()))
            }
        }
    }

    fn visit_subqueries(&mut self, node: &LogicalPlan) -> Result<()> {
        node.apply_subqueries(|subquery| {
            self.visit(subquery, Vec::new())?;
            Ok(TreeNodeRecursion::Jump)
        })?;
        Ok(())
    }

    fn keep(&mut self, below: &LogicalPlan, barrier: bool, run_below: Vec<Expr>, run_above: Vec<Expr>) -> Result<()> {
        let Some(table) = first_table(below)? else { return Ok(()) };
        let known = self.found.iter().position(|predicates| predicates.table == table).unwrap_or_else(|| {
            self.found.push(Predicates { table, barrier, below: Vec::new(), above: Vec::new() });
            self.found.len() - 1
        });
        let predicates = &mut self.found[known];
        for (texts, exprs) in [(&mut predicates.below, run_below), (&mut predicates.above, run_above)] {
            for text in exprs.iter().map(sql) {
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
        }
        Ok(())
    }
}

fn as_barrier(node: &LogicalPlan) -> Option<&Barrier> {
    match node {
        LogicalPlan::Extension(extension) => extension.node.as_any().downcast_ref::<Barrier>(),
        _ => None,
    }
}

/// All predicates in a plan of one table: above its scan, and handed to it.
fn all_predicates(plan: &LogicalPlan) -> Result<Vec<Expr>> {
    let mut found = Vec::new();
    plan.apply(|node| {
        match node {
            LogicalPlan::Filter(filter) => found.extend(split_conjunction(&filter.predicate).into_iter().cloned()),
            LogicalPlan::TableScan(scan) => found.extend(scan.filters.iter().cloned()),
            _ => {}
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(found)
}

/// `schema.table` of the scan below a barrier; a row filter's own tables, if it has any, stand further right.
fn first_table(plan: &LogicalPlan) -> Result<Option<String>> {
    let mut found = None;
    plan.apply(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            found = Some(match scan.table_name.schema() {
                Some(schema) => format!("{schema}.{}", scan.table_name.table()),
                None => scan.table_name.table().to_owned(),
            });
            return Ok(TreeNodeRecursion::Stop);
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(found)
}

/// The predicate as SQL, with bare column names.
fn sql(expr: &Expr) -> String {
    let bare = expr.clone().transform(|part| match part {
        Expr::Column(column) => Ok(Transformed::yes(Expr::Column(Column::new_unqualified(column.name)))),
        other => Ok(Transformed::no(other)),
    });
    let bare = bare.map_or_else(|_| expr.clone(), |bare| bare.data);
    let dialect = DefaultDialect {};
    let unparser = Unparser::new(&dialect).with_pretty(true);
    // What has no SQL of its own, such as a value of one of the engine's types, is shown as EXPLAIN shows it.
    unparser.expr_to_sql(&bare).map_or_else(|_| bare.human_display().to_string(), |tree| tree.to_string())
}
