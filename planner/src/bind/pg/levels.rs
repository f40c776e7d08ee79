//! Aggregates of queries around a sub-select: an aggregate is one of the nearest query whose columns it reads
//! (`check_agg_arguments` in parse_agg.c). That query computes it, and the sub-select reads its value as a column.

use std::sync::Arc;

use arrow::datatypes::Field;
use datafusion::common::Column;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};

use super::aggregates::Clauses;
use super::scope::Scope;
use super::unnest::{read_around, sub_plan};
use super::{Binder, Result, Typed};
use crate::PlanError;

/// An aggregate, or what is made of some, that a sub-select reads of a query around.
pub(super) struct OuterAggregate {
    /// The query that it belongs to.
    query: usize,
    expr: Expr,
    /// The column that holds it above the query's groups.
    name: String,
    location: i32,
}

impl Binder<'_> {
    /// The query that an aggregate over such expressions belongs to: this one if they read no columns.
    pub(super) fn query_of<'e>(&self, exprs: impl Iterator<Item = &'e Expr>, scope: &Scope<'_>) -> Result<usize> {
        let mut nearest: Option<(usize, usize)> = None;
        for expr in exprs {
            let (reads_own, around) = columns_read(expr)?;
            if reads_own {
                return Ok(scope.query);
            }
            for column in around {
                let found = self.level_of(&column, scope);
                nearest = nearest.into_iter().chain(found).min();
            }
        }
        Ok(nearest.map_or(scope.query, |(_, query)| query))
    }

    /// How many queries around the one with a column is, and which.
    fn level_of(&self, column: &Column, scope: &Scope<'_>) -> Option<(usize, usize)> {
        let owner = self.outer_aggregates.iter().find(|one| one.name == column.name).map(|one| one.query);
        let mut scopes = std::iter::successors(Some(scope), |scope| scope.outer).enumerate();
        let found = scopes.find(|(_, scope)| match owner {
            Some(owner) => scope.query == owner,
            None => shows(scope, column),
        });
        found.map(|(level, scope)| (level, scope.query))
    }

    /// Whether an expression reads columns of a query within the one of that number.
    pub(super) fn reads_within(&self, expr: &Expr, query: usize, scope: &Scope<'_>) -> Result<bool> {
        let (reads_own, around) = columns_read(expr)?;
        let mut scopes = std::iter::successors(Some(scope), |scope| scope.outer);
        let level = scopes.position(|scope| scope.query == query).unwrap_or_default();
        let is_within = |column: &Column| self.level_of(column, scope).is_some_and(|(found, _)| found < level);
        Ok((reads_own && level > 0) || around.iter().any(is_within))
    }

    /// Whether an expression, or a sub-select in it, reads columns of its own query.
    pub(super) fn reads_rows_of(&self, expr: &Expr, scope: &Scope<'_>) -> Result<bool> {
        let (reads_own, around) = columns_read(expr)?;
        let is_own = |column: &Column| self.level_of(column, scope).is_some_and(|(level, _)| level == 0);
        Ok(reads_own || around.iter().any(is_own))
    }

    /// An expression of a sub-select as the query around it reads it.
    pub(super) fn drawn_out(&self, expr: Expr, query: usize, scope: &Scope<'_>) -> Result<Expr> {
        let drawn = expr.transform(|part| match &part {
            Expr::OuterReferenceColumn(_, column)
                if self.level_of(column, scope).is_some_and(|(_, owner)| owner == query) =>
            {
                Ok(Transformed::yes(Expr::Column(column.clone())))
            }
            _ => Ok(Transformed::no(part)),
        })?;
        Ok(drawn.data)
    }

    /// An aggregate over such arguments, computed by the query that it belongs to. `made` makes it.
    pub(super) fn of_its_query<'q, const N: usize>(
        &mut self,
        arguments: [Typed; N],
        clauses: Clauses<'q>,
        scope: &Scope<'_>,
        made: impl FnOnce(&mut Self, [Typed; N], Clauses<'q>) -> Result<Typed>,
    ) -> Result<Typed> {
        let node = clauses.node;
        if node.over.is_some() {
            return made(self, arguments, clauses);
        }
        let aggregated = arguments.iter().map(|argument| &argument.expr);
        let query = self.query_of(clauses.exprs().chain(aggregated), scope)?;
        self.holds_none_of(query, &arguments, &clauses)?;
        let value = made(self, arguments, clauses)?;
        self.read_of(query, value, node.location, scope)
    }

    /// An aggregate of a query, as it is read where it stands.
    pub(super) fn read_of(&mut self, query: usize, value: Typed, location: i32, scope: &Scope<'_>) -> Result<Typed> {
        if query == scope.query {
            return Ok(value);
        }
        let value = Typed { expr: self.drawn_out(value.expr, query, scope)?, ..value };
        Ok(self.read_of_groups(query, value, location))
    }

    /// What a query computes of its groups, as a sub-select reads it.
    pub(super) fn read_of_groups(&mut self, query: usize, typed: Typed, location: i32) -> Typed {
        let known = self.outer_aggregates.iter().find(|one| one.query == query && one.expr == typed.expr);
        let name = match known {
            Some(known) => known.name.clone(),
            None => {
                let name = self.unique("aggregate");
                self.outer_aggregates.push(OuterAggregate { query, expr: typed.expr, name: name.clone(), location });
                name
            }
        };
        let field = Arc::new(Field::new(&name, typed.data.clone(), true));
        Typed { expr: Expr::OuterReferenceColumn(field, Column::new_unqualified(name)), ..typed }
    }

    /// Where an aggregate of a query stands that a sub-select of the expression, or it itself, reads.
    pub(super) fn outer_aggregate_in(&self, expr: &Expr, query: usize) -> Option<i32> {
        let (_, around) = columns_read(expr).ok()?;
        let is_read = |one: &&OuterAggregate| one.query == query && around.iter().any(|column| column.name == one.name);
        self.outer_aggregates.iter().filter(is_read).map(|one| one.location).min()
    }

    /// A query's FROM is there before its groups.
    pub(super) fn no_aggregates_in_from(&self, query: usize) -> Result<()> {
        match self.outer_aggregates.iter().find(|one| one.query == query) {
            None => Ok(()),
            Some(found) => {
                let message = "aggregate functions are not allowed in FROM clause of their own query level".to_owned();
                Err(PlanError::Grouping { message, position: self.position(found.location) })
            }
        }
    }

    /// What the sub-selects of a query read of its groups, and as which columns.
    pub(super) fn read_in_sub_selects(&mut self, query: usize) -> Vec<(Column, Expr)> {
        let mut read = Vec::new();
        let mut others = Vec::new();
        for one in std::mem::take(&mut self.outer_aggregates) {
            match one.query == query {
                true => read.push((Column::new_unqualified(one.name), one.expr)),
                false => others.push(one),
            }
        }
        self.outer_aggregates = others;
        read
    }
}

/// Columns that are grouped by, that sub-selects read, and that groups don't keep as they are.
pub(super) fn keys_read(items: &[Typed], exprs: &[Expr]) -> Result<Vec<(Column, Expr)>> {
    let mut around = Vec::new();
    for expr in exprs {
        around.extend(columns_read(expr)?.1);
    }
    let read = items.iter().filter(|item| !Binder::is_plain_key(item)).filter_map(|item| match &item.expr {
        Expr::Column(column) if around.contains(column) => Some((column.clone(), item.expr.clone())),
        _ => None,
    });
    Ok(read.collect())
}

/// The grouped plan with what sub-selects read of it.
pub(super) fn with_read(plan: LogicalPlan, read: &[(Column, Expr)], values: Vec<Expr>) -> Result<LogicalPlan> {
    if read.is_empty() {
        return Ok(plan);
    }
    let all = plan.schema().columns().into_iter().map(Expr::Column);
    let values = values
        .into_iter()
        .zip(read)
        .map(|(value, (column, _))| value.alias_qualified(column.relation.clone(), column.name.clone()));
    let all: Vec<Expr> = all.chain(values).collect();
    Ok(LogicalPlanBuilder::from(plan).project(all)?.build()?)
}

/// Whether an expression reads columns of its own query, and which it or its sub-selects read of those that may be around.
fn columns_read(expr: &Expr) -> Result<(bool, Vec<Column>)> {
    let (mut reads_own, mut around, mut queries) = (false, Vec::new(), Vec::new());
    expr.apply(|part| {
        match part {
            Expr::Column(_) => reads_own = true,
            Expr::OuterReferenceColumn(_, column) => around.push(column.clone()),
            part => queries.extend(sub_plan(part)),
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    for query in queries {
        around.extend(read_around(&query.subquery)?);
    }
    Ok((reads_own, around))
}

/// Whether an expression is the same whatever the rows.
pub(super) fn reads_no_columns(expr: &Expr) -> Result<bool> {
    let (reads_own, around) = columns_read(expr)?;
    Ok(!reads_own && around.is_empty())
}

/// Whether a query's tables have a column.
fn shows(scope: &Scope<'_>, column: &Column) -> bool {
    let in_tables = scope.tables.iter().flat_map(|table| &table.columns);
    scope.columns.iter().chain(in_tables).any(|named| match &named.typed.expr {
        Expr::Column(known) => known == column,
        expr => expr.column_refs().contains(column),
    })
}
