//! Sub-selects in the condition of an outer join.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Column, ExprSchema, JoinType};
use datafusion::logical_expr::expr::{InSubquery, SetComparison};
use datafusion::logical_expr::logical_plan::Join;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};

use super::super::{Result, not_yet};
use super::domain::{Domain, hits, joined_on};
use super::{Unnesting, push, sub_plan, with_plan};

impl Unnesting {
    /// What a sub-select reads of one side is joined to that side. One that reads both is computed for each row of the side
    /// that may be without a match beside the distinct values that it reads of the other side, by which the rows join.
    pub(super) fn outer_join(&mut self, join: Join, found: Vec<Expr>) -> Result<LogicalPlan> {
        let columns: Vec<Expr> = join.schema.columns().into_iter().map(Expr::Column).collect();
        let on = join.on.iter().cloned().map(|pair| push::compared(pair, join.null_equality));
        let mut condition: Vec<Expr> = on.chain(join.filter.clone()).collect();
        let (mut of_left, mut of_right, mut of_both) = (Vec::new(), Vec::new(), Vec::new());
        for part in found {
            match (!reads(&part, &join.left)?.is_empty(), !reads(&part, &join.right)?.is_empty()) {
                (true, true) => of_both.push(part),
                (false, true) => of_right.push(part),
                (_, false) => of_left.push(part),
            }
        }
        let (mut left, mut right) = (Arc::unwrap_or_clone(join.left), Arc::unwrap_or_clone(join.right));
        let mut keys = (Vec::new(), Vec::new());
        match join.join_type {
            _ if of_both.is_empty() => {}
            JoinType::Left => {
                let (beside, own, held) = self.beside_values(&left, right, &of_both, &mut condition)?;
                (right, keys) = (beside, (own, held));
            }
            JoinType::Right => {
                let (beside, own, held) = self.beside_values(&right, left, &of_both, &mut condition)?;
                (left, keys) = (beside, (held, own));
            }
            _ => return Err(not_yet("a sub-select that reads both sides of such a join in its condition")),
        }
        left = self.attached(left, of_left, &mut condition)?;
        right = self.attached(right, of_right, &mut condition)?;
        let condition = condition.into_iter().reduce(Expr::and);
        let joined = match keys.0.is_empty() {
            true => LogicalPlanBuilder::from(left).join_on(right, join.join_type, condition)?,
            false => joined_on(left, right, join.join_type, keys, condition)?,
        };
        Ok(joined.project(columns)?.build()?)
    }

    /// A side with the values of sub-selects, which the conditions read then.
    fn attached(&mut self, side: LogicalPlan, found: Vec<Expr>, conditions: &mut Vec<Expr>) -> Result<LogicalPlan> {
        let mut plan = side.clone();
        for part in &found {
            let (joined, value) = self.attach(&side, plan, part)?;
            plan = joined;
            put(conditions, part, &value)?;
        }
        Ok(plan)
    }

    /// The side that may be without a match, its rows beside each of the values that sub-selects read of the other, with the
    /// sub-selects' values. Also the columns on both sides that must be the same.
    fn beside_values(
        &mut self,
        kept: &LogicalPlan,
        other: LogicalPlan,
        found: &[Expr],
        conditions: &mut Vec<Expr>,
    ) -> Result<(LogicalPlan, Vec<Column>, Vec<Column>)> {
        let mut read: Vec<Column> = Vec::new();
        for part in found {
            for column in reads(part, kept)? {
                if !read.contains(&column) {
                    read.push(column);
                }
            }
        }
        let domain = self.domain(kept, read)?;
        let Some((values, keys)) = self.values(&domain)? else {
            return Err(not_yet("a sub-select that reads nothing"));
        };
        let base = LogicalPlanBuilder::from(other).cross_join(values)?.build()?;
        let mut plan = base.clone();
        for part in found {
            let (joined, value) = self.attach(&base, plan, &of_values(part.clone(), &domain, &keys)?)?;
            plan = joined;
            put(conditions, part, &value)?;
        }
        Ok((plan, domain.columns(), keys))
    }
}

/// The columns of a side that a sub-select, or what it is compared with, reads.
fn reads(part: &Expr, side: &LogicalPlan) -> Result<Vec<Column>> {
    let mut read = match sub_plan(part) {
        Some(subquery) => hits(&subquery.subquery, side.schema())?,
        None => Vec::new(),
    };
    if let Expr::InSubquery(InSubquery { expr, .. }) | Expr::SetComparison(SetComparison { expr, .. }) = part {
        let own = expr.column_refs().into_iter().filter(|column| side.schema().field_from_column(column).is_ok());
        let own: Vec<Column> = own.filter(|column| !read.contains(column)).cloned().collect();
        read.extend(own);
    }
    Ok(read)
}

/// Conditions with a value in the place of a sub-select.
fn put(conditions: &mut Vec<Expr>, part: &Expr, value: &Expr) -> Result<()> {
    for condition in conditions {
        let replaced = std::mem::take(condition).transform(|expr| match expr == *part {
            true => Ok(Transformed::yes(value.clone())),
            false => Ok(Transformed::no(expr)),
        })?;
        *condition = replaced.data;
    }
    Ok(())
}

/// The sub-select, which reads the values of a domain where it read columns.
fn of_values(part: Expr, domain: &Domain, keys: &[Column]) -> Result<Expr> {
    let key = |column: &Column| domain.place(column).and_then(|at| keys.get(at)).cloned();
    let outer = |expr: Expr| {
        expr.transform(|part| match part {
            Expr::OuterReferenceColumn(field, column) => Ok(match key(&column) {
                Some(key) => Transformed::yes(Expr::OuterReferenceColumn(field, key)),
                None => Transformed::no(Expr::OuterReferenceColumn(field, column)),
            }),
            other => Ok(Transformed::no(other)),
        })
    };
    let own = |expr: Expr| {
        expr.transform(|part| match part {
            Expr::Column(column) => Ok(match key(&column) {
                Some(key) => Transformed::yes(Expr::Column(key)),
                None => Transformed::no(Expr::Column(column)),
            }),
            other => Ok(Transformed::no(other)),
        })
    };
    let inner = sub_plan(&part).map(|subquery| LogicalPlan::clone(&subquery.subquery));
    let inner = inner.ok_or_else(|| not_yet("this sub-select"))?;
    let inner = inner.transform_up_with_subqueries(|plan| plan.map_expressions(outer))?;
    let compared = match part {
        Expr::InSubquery(within) => {
            let expr = Box::new(own(*within.expr)?.data);
            Expr::InSubquery(InSubquery { expr, ..within })
        }
        Expr::SetComparison(compared) => {
            let expr = Box::new(own(*compared.expr)?.data);
            Expr::SetComparison(SetComparison { expr, ..compared })
        }
        other => other,
    };
    Ok(with_plan(compared, inner.data))
}
