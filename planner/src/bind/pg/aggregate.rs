//! GROUP BY, aggregates and window functions: each becomes a column that the select list reads.

use std::collections::HashSet;
use std::sync::Arc;

use datafusion::common::Column;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::{Aggregate, Expr, LogicalPlan, LogicalPlanBuilder, lit, when};

use super::grouping::Groups;
use super::{Binder, Result, not_yet};
use crate::PlanError;

/// Expressions that were computed below, and the columns that hold them.
pub(super) type Computed = Vec<(Expr, Expr)>;

/// What GROUP BY made of its items.
struct Grouped {
    plan: LogicalPlan,
    computed: Computed,
    /// The items' keys, by which `grouping` names them.
    key_of: Computed,
    keys: Vec<Expr>,
    /// Aggregates with the names of their columns.
    aggregates: Vec<(Expr, String)>,
}

pub(super) fn has_aggregate(expr: &Expr) -> bool {
    expr.exists(|part| Ok(matches!(part, Expr::AggregateFunction(_)))).unwrap_or(false)
}

impl Binder<'_> {
    /// Puts the aggregation below `exprs`, which then read its columns.
    pub(super) fn group(
        &mut self,
        plan: LogicalPlan,
        groups: Groups,
        exprs: Vec<Expr>,
    ) -> Result<(LogicalPlan, Vec<Expr>)> {
        let Grouped { plan, mut computed, key_of, keys, mut aggregates } = self.grouped(plan, &groups)?;
        for expr in &exprs {
            expr.apply(|part| {
                if let Expr::AggregateFunction(call) = part {
                    if !computed.iter().any(|(known, _)| known == part) {
                        let name = self.unique(call.func.name());
                        computed.push((part.clone(), Expr::Column(Column::new_unqualified(name.clone()))));
                        aggregates.push((part.clone(), name));
                    }
                    return Ok(TreeNodeRecursion::Jump);
                }
                Ok(TreeNodeRecursion::Continue)
            })?;
        }
        let mut named = Vec::with_capacity(aggregates.len());
        for (aggregate, name) in aggregates {
            // What `grouping` names are the keys.
            let aggregate = match &aggregate {
                Expr::AggregateFunction(call) if call.func.name() == "grouping" => {
                    let mut call = call.clone();
                    let arguments = std::mem::take(&mut call.params.args).into_iter();
                    call.params.args = arguments.map(|argument| replace(argument, &key_of)).collect::<Result<_>>()?;
                    if call.params.args.iter().any(|argument| !keys.contains(argument)) {
                        let message =
                            "arguments to GROUPING must be grouping expressions of the associated query level"
                                .to_owned();
                        return Err(PlanError::Grouping { message, position: None });
                    }
                    Expr::AggregateFunction(call)
                }
                _ => aggregate,
            };
            named.push(aggregate.alias(name));
        }
        if keys.is_empty() && named.is_empty() {
            let count = datafusion::functions_aggregate::count::count_all();
            named.push(count.alias(self.unique("rows")));
        }
        let keys = match &groups.sets {
            None => keys,
            Some(sets) => {
                let sets = sets.iter().map(|set| set.iter().map(|at| keys[*at].clone()).collect()).collect();
                vec![Expr::GroupingSet(datafusion::logical_expr::GroupingSet::GroupingSets(sets))]
            }
        };
        let mut plan = LogicalPlanBuilder::from(plan).aggregate(keys, named)?.build()?;
        if groups.sets.is_some() {
            // The column that tells the sets apart is the engine's alone, and not always there.
            let columns = plan.schema().columns().into_iter();
            let kept = columns.filter(|column| column.name != Aggregate::INTERNAL_GROUPING_ID).map(Expr::Column);
            let kept: Vec<Expr> = kept.collect();
            plan = LogicalPlanBuilder::from(plan).project(kept)?.build()?;
        }
        let exprs = exprs.into_iter().map(|expr| replace(expr, &computed)).collect::<Result<Vec<_>>>()?;
        for expr in &exprs {
            self.check_grouped(expr, &plan)?;
        }
        Ok((plan, exprs))
    }

    /// The keys as columns of the plan below. Of values that are equal without being the same the key is grouped by, and
    /// one of them shown.
    fn grouped(&mut self, plan: LogicalPlan, groups: &Groups) -> Result<Grouped> {
        let (mut computed, mut key_of) = (Computed::new(), Computed::new());
        let (mut keys, mut below, mut aggregates) = (Vec::new(), Vec::new(), Vec::new());
        for (at, item) in groups.items.iter().enumerate() {
            let is_plain = Self::is_plain_key(item);
            let is_left_out = groups.sets.iter().flatten().any(|set| !set.contains(&at));
            if is_plain && matches!(item.expr, Expr::Column(_)) {
                key_of.push((item.expr.clone(), item.expr.clone()));
                keys.push(item.expr.clone());
                let shown = match is_left_out {
                    true => self.shown_where_in(item.expr.clone(), item.expr.clone(), &mut aggregates)?,
                    false => item.expr.clone(),
                };
                computed.push((item.expr.clone(), shown));
                continue;
            }
            let name = self.unique("group");
            let column = Expr::Column(Column::new_unqualified(name.clone()));
            below.push(self.key(item.clone())?.alias(name));
            keys.push(column.clone());
            key_of.push((item.expr.clone(), column.clone()));
            if is_plain {
                let shown = match is_left_out {
                    true => self.shown_where_in(column.clone(), column, &mut aggregates)?,
                    false => column,
                };
                computed.push((item.expr.clone(), shown));
                continue;
            }
            let name = self.unique("group");
            let first = datafusion::functions_aggregate::first_last::first_value(item.expr.clone(), Vec::new());
            let shown = Expr::Column(Column::new_unqualified(name.clone()));
            aggregates.push((first, name));
            let shown = match is_left_out {
                true => self.shown_where_in(column, shown, &mut aggregates)?,
                false => shown,
            };
            computed.push((item.expr.clone(), shown));
        }
        let plan = match below.is_empty() {
            true => plan,
            false => {
                let all = plan.schema().columns().into_iter().map(Expr::Column).chain(below);
                LogicalPlanBuilder::from(plan).project(all)?.build()?
            }
        };
        Ok(Grouped { plan, computed, key_of, keys, aggregates })
    }

    /// A key's value, and NULL where a row's set leaves it out. The engine's own NULLs there won't do: what it knows of the
    /// rows below, that two keys are equal or one is constant, it takes to hold above too.
    fn shown_where_in(&mut self, key: Expr, value: Expr, aggregates: &mut Vec<(Expr, String)>) -> Result<Expr> {
        let (left_out, name) = self.left_out(key)?;
        aggregates.push((left_out, name.clone()));
        let is_in = Expr::Column(Column::new_unqualified(name)).eq(lit(0_i32));
        Ok(when(is_in, value).end()?)
    }

    /// Whether a row's grouping set leaves a key out, and the name of the column that says so.
    fn left_out(&mut self, key: Expr) -> Result<(Expr, String)> {
        let function = self.runtime.state.aggregate_functions().get("grouping");
        let function = Arc::clone(function.ok_or_else(|| not_yet("grouping()"))?);
        let call = AggregateFunction::new_udf(function, vec![key], false, None, Vec::new(), None);
        Ok((Expr::AggregateFunction(call), self.unique("grouping")))
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

    /// Puts what window functions read of sub-selects below them: the engine computes it in a select list alone.
    fn below_windows(&mut self, plan: LogicalPlan, exprs: Vec<Expr>) -> Result<(LogicalPlan, Vec<Expr>)> {
        let mut computed = Computed::new();
        let mut below = Vec::new();
        for expr in &exprs {
            expr.apply(|part| {
                let Expr::WindowFunction(call) = part else { return Ok(TreeNodeRecursion::Continue) };
                for argument in call.params.args.iter().filter(|argument| super::select::has_sub_select(argument)) {
                    if computed.iter().any(|(known, _)| known == argument) {
                        continue;
                    }
                    let name = self.unique("argument");
                    computed.push((argument.clone(), Expr::Column(Column::new_unqualified(name.clone()))));
                    below.push(argument.clone().alias(name));
                }
                Ok(TreeNodeRecursion::Continue)
            })?;
        }
        if below.is_empty() {
            return Ok((plan, exprs));
        }
        let all: Vec<Expr> = plan.schema().columns().into_iter().map(Expr::Column).chain(below).collect();
        let plan = LogicalPlanBuilder::from(plan).project(all)?.build()?;
        let exprs = exprs.into_iter().map(|expr| {
            let replaced = expr.transform(|part| match part {
                Expr::WindowFunction(mut call) => {
                    for argument in &mut call.params.args {
                        let known = computed.iter().find(|(known, _)| known == argument);
                        *argument = known.map_or_else(|| argument.clone(), |(_, column)| column.clone());
                    }
                    Ok(Transformed::yes(Expr::WindowFunction(call)))
                }
                other => Ok(Transformed::no(other)),
            })?;
            Ok(replaced.data)
        });
        Ok((plan, exprs.collect::<Result<_>>()?))
    }

    /// Puts the window functions below `exprs`, which then read their columns.
    pub(super) fn windows(&mut self, plan: LogicalPlan, exprs: Vec<Expr>) -> Result<(LogicalPlan, Vec<Expr>)> {
        let (plan, exprs) = self.below_windows(plan, exprs)?;
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
        // Two that differ may have one name with the engine: such are named anew, and computed each for itself.
        let (mut computed, mut together, mut alone) = (Computed::new(), Vec::new(), Vec::new());
        let mut names = HashSet::new();
        for window in windows {
            let (relation, name) = window.qualified_name();
            if names.insert((relation.clone(), name.clone())) {
                computed.push((window.clone(), Expr::Column(Column::new(relation, name))));
                together.push(window);
            } else {
                let name = self.unique("window");
                computed.push((window.clone(), Expr::Column(Column::new_unqualified(name.clone()))));
                alone.push(window.alias(name));
            }
        }
        let mut plan = LogicalPlanBuilder::window_plan(plan, together)?;
        for window in alone {
            plan = LogicalPlanBuilder::from(plan).window([window])?.build()?;
        }
        let exprs = exprs.into_iter().map(|expr| replace(expr, &computed)).collect::<Result<Vec<_>>>()?;
        Ok((plan, exprs))
    }
}

/// The expression with all that was computed below as columns.
pub(super) fn replace(expr: Expr, computed: &Computed) -> Result<Expr> {
    let replaced = expr.transform_down(|part| match computed.iter().find(|(known, _)| *known == part) {
        Some((_, column)) => Ok(Transformed::new(column.clone(), true, TreeNodeRecursion::Jump)),
        None => Ok(Transformed::no(part)),
    })?;
    Ok(replaced.data)
}
