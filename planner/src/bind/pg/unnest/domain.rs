//! The columns that a sub-select reads of the query around it, and their distinct values.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema, ExprSchema, JoinConstraint, JoinType, NullEquality};
use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::logical_plan::Join;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};

use super::super::{Result, not_yet};
use super::{MAX_COPIED_NODES, Unnesting, sub_plan};
use crate::PlanError;
use crate::functions::pg::{call, is_hashed};
use crate::permit::is_recursion;

/// The distinct values of columns of a plan.
pub(super) struct Domain {
    /// The columns in the plan, and by which names the values go in `values`.
    columns: Vec<(Column, Column)>,
    /// A row for each combination; without columns nothing.
    values: Option<LogicalPlan>,
}

impl Domain {
    pub fn columns(&self) -> Vec<Column> {
        self.columns.iter().map(|(column, _)| column.clone()).collect()
    }

    pub fn place(&self, column: &Column) -> Option<usize> {
        self.columns.iter().position(|(known, _)| known == column)
    }

    /// Whether a plan reads one of the columns.
    pub fn is_read_in(&self, plan: &LogicalPlan) -> Result<bool> {
        Ok(outer_columns(plan)?.iter().any(|column| self.place(column).is_some()))
    }
}

impl Unnesting {
    /// The distinct values of columns of `base`.
    pub(super) fn domain(&mut self, base: &LogicalPlan, reads: Vec<Column>) -> Result<Domain> {
        if reads.is_empty() {
            return Ok(Domain { columns: Vec::new(), values: None });
        }
        self.check_copied(base)?;
        let mut columns = Vec::with_capacity(reads.len());
        let mut named = Vec::with_capacity(reads.len());
        for column in reads {
            if !is_hashed([base.schema().data_type(&column)?.clone()].into_iter()) {
                return Err(not_yet("a sub-select that reads a column of such a type of the query around"));
            }
            if hangs_on_order(base, &column) {
                return Err(not_yet(
                    "a sub-select that reads what an aggregate of the query around makes of its rows' order",
                ));
            }
            let name = self.unique(&column.name);
            named.push(Expr::Column(column.clone()).alias(name.clone()));
            columns.push((column, Column::new_unqualified(name)));
        }
        let values = LogicalPlanBuilder::from(base.clone()).project(named)?.distinct()?.build()?;
        Ok(Domain { columns, values: Some(values) })
    }

    /// The rows of a domain with names of their own; `None` if it has no columns.
    pub(super) fn values(&mut self, domain: &Domain) -> Result<Option<(LogicalPlan, Vec<Column>)>> {
        let Some(values) = &domain.values else { return Ok(None) };
        self.check_copied(values)?;
        let mut keys = Vec::with_capacity(domain.columns.len());
        let mut named = Vec::with_capacity(domain.columns.len());
        for (column, value) in &domain.columns {
            let name = self.unique(&column.name);
            named.push(Expr::Column(value.clone()).alias(name.clone()));
            keys.push(Column::new_unqualified(name));
        }
        Ok(Some((LogicalPlanBuilder::from(values.clone()).project(named)?.build()?, keys)))
    }

    /// A plan that stands in the statement once more must give the same rows again, and there is a limit to all of them.
    fn check_copied(&mut self, plan: &LogicalPlan) -> Result<()> {
        let mut is_fixed = true;
        plan.apply_with_subqueries(|node| {
            self.copied += 1;
            // What a recursive query made in its last round can be read but once.
            is_fixed &= match node {
                LogicalPlan::Limit(_) => false,
                LogicalPlan::Sort(sort) => sort.fetch.is_none(),
                LogicalPlan::TableScan(scan) => !is_recursion(scan.source.as_ref()),
                _ => true,
            };
            node.apply_expressions(|expr| {
                is_fixed &= !expr.is_volatile();
                Ok(TreeNodeRecursion::Continue)
            })
        })?;
        if self.copied > MAX_COPIED_NODES {
            return Err(PlanError::TooComplex);
        }
        match is_fixed {
            true => Ok(()),
            false => Err(not_yet(
                "a sub-select that reads columns of rows that LIMIT, chance or a recursive query has given",
            )),
        }
    }
}

/// Whether a column's values may be others when the plan is run once more: those of aggregates that keep the order of their rows, or
/// round by it.
fn hangs_on_order(plan: &LogicalPlan, column: &Column) -> bool {
    let Some(at) = plan.schema().maybe_index_of_column(column) else { return false };
    let any = |input: &LogicalPlan, expr: &Expr| expr.column_refs().iter().any(|read| hangs_on_order(input, read));
    match plan {
        LogicalPlan::Projection(projection) => projection.expr.get(at).is_some_and(|expr| any(&projection.input, expr)),
        LogicalPlan::SubqueryAlias(alias) => {
            hangs_on_order(&alias.input, &Column::from(alias.input.schema().qualified_field(at)))
        }
        LogicalPlan::Aggregate(aggregate) => {
            let groups = plan.schema().fields().len() - aggregate.aggr_expr.len();
            match at.checked_sub(groups).and_then(|at| aggregate.aggr_expr.get(at)) {
                Some(fold) => {
                    keeps_order(fold) || plan.schema().field(at).data_type().is_floating() && !is_extreme(fold)
                }
                None => aggregate.group_expr.get(at).is_some_and(|expr| any(&aggregate.input, expr)),
            }
        }
        LogicalPlan::Filter(_)
        | LogicalPlan::Sort(_)
        | LogicalPlan::Distinct(_)
        | LogicalPlan::Join(_)
        | LogicalPlan::Window(_) => plan.inputs().into_iter().any(|input| hangs_on_order(input, column)),
        _ => false,
    }
}

fn fold_of(expr: &Expr) -> Option<&AggregateFunction> {
    match expr {
        Expr::Alias(alias) => fold_of(&alias.expr),
        Expr::AggregateFunction(fold) => Some(fold),
        _ => None,
    }
}

fn keeps_order(expr: &Expr) -> bool {
    const KEEPING: [&str; 6] =
        ["array_agg", "string_agg", "json_agg_of", "json_object_agg_of", "first_value", "last_value"];
    fold_of(expr).is_some_and(|fold| fold.params.order_by.is_empty() && KEEPING.contains(&fold.func.name()))
}

fn is_extreme(expr: &Expr) -> bool {
    fold_of(expr).is_some_and(|fold| matches!(fold.func.name(), "min" | "max" | "first_value" | "last_value"))
}

/// A join of rows whose columns are the same, NULLs among them. Arrays and records, which the engine's joins don't compare, are the
/// same if all of their bytes are.
pub(super) fn joined_on(
    left: LogicalPlan,
    right: LogicalPlan,
    join_type: JoinType,
    (own, others): (Vec<Column>, Vec<Column>),
    condition: Option<Expr>,
) -> Result<LogicalPlanBuilder> {
    let of = |plan: &LogicalPlan, column: Column| -> Result<Expr> {
        let is_nested = plan.schema().data_type(&column)?.is_nested();
        let column = Expr::Column(column);
        Ok(if is_nested { call("row_key", vec![column], DataType::Binary) } else { column })
    };
    let pairs = own.into_iter().zip(others).map(|(a, b)| Ok((of(&left, a)?, of(&right, b)?)));
    let pairs = pairs.collect::<Result<Vec<_>>>()?;
    let join = Join::try_new(
        Arc::new(left),
        Arc::new(right),
        pairs,
        condition,
        join_type,
        JoinConstraint::On,
        NullEquality::NullEqualsNull,
        false,
    )?;
    Ok(LogicalPlanBuilder::from(LogicalPlan::Join(join)))
}

/// The columns of queries around that a plan reads, each once. What a query inside of it reads of the plan's own rows isn't
/// among them.
pub(super) fn outer_columns(plan: &LogicalPlan) -> Result<Vec<Column>> {
    let mut found = Vec::new();
    let inputs = plan.inputs();
    for (at, input) in inputs.iter().enumerate() {
        let mut below = outer_columns(input)?;
        // The right side of a join may read the left one's rows.
        if let (LogicalPlan::Join(join), 1) = (plan, at) {
            below.retain(|column| !has_column(join.left.schema(), column));
        }
        found.extend(below);
    }
    let mut failed = None;
    plan.apply_expressions(|expr| {
        expr.apply(|part| {
            match (part, sub_plan(part)) {
                (Expr::OuterReferenceColumn(_, column), _) => found.push(column.clone()),
                (_, Some(subquery)) => match outer_columns(&subquery.subquery) {
                    Ok(inner) => {
                        let is_own = |column: &Column| inputs.iter().any(|input| has_column(input.schema(), column));
                        found.extend(inner.into_iter().filter(|column| !is_own(column)));
                    }
                    Err(error) => {
                        failed.get_or_insert(error);
                    }
                },
                _ => {}
            }
            Ok(TreeNodeRecursion::Continue)
        })
    })?;
    let mut once = Vec::with_capacity(found.len());
    for column in found {
        if !once.contains(&column) {
            once.push(column);
        }
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(once),
    }
}

/// Those of them that the schema has.
pub(super) fn hits(plan: &LogicalPlan, schema: &DFSchema) -> Result<Vec<Column>> {
    Ok(outer_columns(plan)?.into_iter().filter(|column| has_column(schema, column)).collect())
}

/// Whether the column is the schema's by its whole name: one without a table is of none.
pub(super) fn has_column(schema: &DFSchema, column: &Column) -> bool {
    schema.iter().any(|(relation, field)| relation == column.relation.as_ref() && *field.name() == column.name)
}
