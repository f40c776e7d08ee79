//! GROUP BY, aggregates and window functions: each becomes a column that the select list reads.

use datafusion::common::Column;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};

use super::{Binder, Result};
use crate::PlanError;

/// Expressions that were computed below, and the columns that hold them.
pub(super) type Computed = Vec<(Expr, Expr)>;

pub(super) fn has_aggregate(expr: &Expr) -> bool {
    expr.exists(|part| Ok(matches!(part, Expr::AggregateFunction(_)))).unwrap_or(false)
}

impl Binder<'_> {
    /// Puts the aggregation below `exprs`, which then read its columns.
    pub(super) fn group(
        &mut self,
        plan: LogicalPlan,
        groups: Vec<Expr>,
        exprs: Vec<Expr>,
    ) -> Result<(LogicalPlan, Vec<Expr>)> {
        let mut computed = Computed::new();
        let mut keys = Vec::new();
        for group in groups {
            if computed.iter().any(|(known, _)| *known == group) {
                continue;
            }
            match &group {
                Expr::Column(_) => {
                    computed.push((group.clone(), group.clone()));
                    keys.push(group);
                }
                _ => {
                    let name = self.unique("group");
                    computed.push((group.clone(), Expr::Column(Column::new_unqualified(name.clone()))));
                    keys.push(group.alias(name));
                }
            }
        }
        let mut aggregates = Vec::new();
        for expr in &exprs {
            expr.apply(|part| {
                if let Expr::AggregateFunction(call) = part {
                    if !computed.iter().any(|(known, _)| known == part) {
                        let name = self.unique(call.func.name());
                        computed.push((part.clone(), Expr::Column(Column::new_unqualified(name.clone()))));
                        aggregates.push(part.clone().alias(name));
                    }
                    return Ok(TreeNodeRecursion::Jump);
                }
                Ok(TreeNodeRecursion::Continue)
            })?;
        }
        let plan = LogicalPlanBuilder::from(plan).aggregate(keys, aggregates)?.build()?;
        let exprs = exprs.into_iter().map(|expr| replace(expr, &computed)).collect::<Result<Vec<_>>>()?;
        for expr in &exprs {
            self.check_grouped(expr, &plan)?;
        }
        Ok((plan, exprs))
    }

    /// What isn't grouped can't be read above.
    fn check_grouped(&self, expr: &Expr, plan: &LogicalPlan) -> Result<()> {
        let mut missing = None;
        expr.apply(|part| {
            if let Expr::Column(column) = part
                && !plan.schema().has_column(column)
            {
                missing.get_or_insert_with(|| column.clone());
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
        let Some(column) = missing else { return Ok(()) };
        let place = self.places.get(&column);
        let position = place.and_then(|(location, _)| self.position(*location));
        let name = place.map_or(column.name.as_str(), |(_, name)| name);
        let message =
            format!("column \"{name}\" must appear in the GROUP BY clause or be used in an aggregate function");
        Err(PlanError::Grouping { message, position })
    }

    /// Puts the window functions below `exprs`, which then read their columns.
    pub(super) fn windows(&mut self, plan: LogicalPlan, exprs: Vec<Expr>) -> Result<(LogicalPlan, Vec<Expr>)> {
        let mut windows: Vec<Expr> = Vec::new();
        for expr in &exprs {
            expr.apply(|part| {
                if matches!(part, Expr::WindowFunction(_)) && !windows.contains(part) {
                    windows.push(part.clone());
                }
                Ok(TreeNodeRecursion::Continue)
            })?;
        }
        if windows.is_empty() {
            return Ok((plan, exprs));
        }
        let column = |window: &Expr| {
            let (relation, name) = window.qualified_name();
            (window.clone(), Expr::Column(Column::new(relation, name)))
        };
        let computed: Computed = windows.iter().map(column).collect();
        let plan = LogicalPlanBuilder::window_plan(plan, windows)?;
        let exprs = exprs.into_iter().map(|expr| replace(expr, &computed)).collect::<Result<Vec<_>>>()?;
        Ok((plan, exprs))
    }
}

/// The expression with all that was computed below as columns.
fn replace(expr: Expr, computed: &Computed) -> Result<Expr> {
    let replaced = expr.transform_down(|part| match computed.iter().find(|(known, _)| *known == part) {
        Some((_, column)) => Ok(Transformed::new(column.clone(), true, TreeNodeRecursion::Jump)),
        None => Ok(Transformed::no(part)),
    })?;
    Ok(replaced.data)
}
