//! Sub-selects that read columns of the query around them, made joins (after T. Neumann and A. Kemper, "Unnesting Arbitrary
//! Queries", BTW 2015).
//!
//! The engine's own rules know those that compare such a column by `=` in a WHERE below an aggregate, and EXISTS and IN as
//! conditions: these are left to them. Of all others the distinct values of the columns that they read are joined into the
//! sub-select ([`push`]), which then gives its rows for each of these values, and the result is joined back.

mod domain;
mod outer_join;
mod push;
mod single;

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, JoinType};
use datafusion::functions_aggregate::bool_and_or::bool_or;
use datafusion::logical_expr::expr::{Exists, InSubquery, SetComparison, SetQuantifier};
use datafusion::logical_expr::logical_plan::{Aggregate, Filter, Join, Projection, Window};
use datafusion::logical_expr::{
    Distinct, Expr, LogicalPlan, LogicalPlanBuilder, Subquery, binary_expr, check_subquery_expr, lit, not, when,
};
use datafusion::optimizer::decorrelate_predicate_subquery::DecorrelatePredicateSubquery;
use datafusion::optimizer::scalar_subquery_to_join::ScalarSubqueryToJoin;
use datafusion::optimizer::{OptimizerContext, OptimizerRule};

use super::{Result, not_yet};
use domain::{Domain, has_column, hits, joined_on, outer_columns};
use single::single_value;

/// Nodes of plans that may be written once more for their distinct values.
const MAX_COPIED_NODES: usize = 4096;

/// The plan without sub-selects that the engine's rules can't make joins of.
pub(super) fn unnest(plan: LogicalPlan) -> Result<LogicalPlan> {
    match reads_outer_columns(&plan)? {
        true => Unnesting { names: 0, copied: 0 }.plan(plan),
        false => Ok(plan),
    }
}

/// A column that a sub-select reads of the query around, and that isn't there: it wasn't grouped by.
pub(super) fn ungrouped(plan: &LogicalPlan) -> Result<Option<Column>> {
    Ok(outer_columns(plan)?.into_iter().next())
}

/// The columns of queries around, and of tables beside it, that a plan reads.
pub(super) fn read_around(plan: &LogicalPlan) -> Result<Vec<Column>> {
    outer_columns(plan)
}

/// What is counted while a statement's sub-selects are made joins.
struct Unnesting {
    names: usize,
    copied: usize,
}

/// Where expressions stand, which tells what the engine's rules do with sub-selects in them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Filter,
    Projection,
    Elsewhere,
}

impl Unnesting {
    fn unique(&mut self, name: &str) -> String {
        self.names += 1;
        format!("{name}#u{}", self.names)
    }

    fn plan(&mut self, plan: LogicalPlan) -> Result<LogicalPlan> {
        let mut failed = None;
        let plan = plan.map_children(|child| match self.plan(child) {
            Ok(child) => Ok(Transformed::yes(child)),
            Err(error) => {
                failed.get_or_insert(error);
                Ok(Transformed::no(LogicalPlanBuilder::empty(false).build()?))
            }
        })?;
        if let Some(error) = failed {
            return Err(error);
        }
        let plan = self.inner_plans(plan.data)?;
        let plan = match plan {
            LogicalPlan::Filter(filter) => self.filter(filter)?,
            LogicalPlan::Projection(projection) => self.projection(projection)?,
            LogicalPlan::Aggregate(aggregate) => self.aggregate(aggregate)?,
            LogicalPlan::Window(window) => self.window(window)?,
            LogicalPlan::Join(join) => self.join(join)?,
            other => other,
        };
        Ok(plan.recompute_schema()?)
    }

    /// The plans of the sub-selects in a node's expressions, first.
    fn inner_plans(&mut self, plan: LogicalPlan) -> Result<LogicalPlan> {
        let mut failed = None;
        let plan = plan.map_expressions(|expr| {
            expr.transform_down(|part| {
                let Some(subquery) = sub_plan(&part) else { return Ok(Transformed::no(part)) };
                match self.plan(LogicalPlan::clone(&subquery.subquery)) {
                    Ok(inner) => Ok(Transformed::new(with_plan(part, inner), true, TreeNodeRecursion::Continue)),
                    Err(error) => {
                        failed.get_or_insert(error);
                        Ok(Transformed::new(part, false, TreeNodeRecursion::Stop))
                    }
                }
            })
        })?;
        match failed {
            Some(error) => Err(error),
            None => Ok(plan.data),
        }
    }

    /// Conditions without sub-selects come first, so that fewer rows are joined.
    fn filter(&mut self, filter: Filter) -> Result<LogicalPlan> {
        let base = LogicalPlan::clone(&filter.input);
        let parts = datafusion::logical_expr::utils::split_conjunction_owned(filter.predicate.clone());
        let mut plain = Vec::new();
        let mut joined = Vec::new();
        for part in parts {
            match self.found(&base, std::slice::from_ref(&part), Place::Filter)?.is_empty() {
                true => plain.push(part),
                false => joined.push(part),
            }
        }
        if joined.is_empty() {
            return Ok(LogicalPlan::Filter(filter));
        }
        let base = match plain.into_iter().reduce(Expr::and) {
            Some(condition) => LogicalPlanBuilder::from(base).filter(condition)?.build()?,
            None => base,
        };
        let columns: Vec<Expr> = base.schema().columns().into_iter().map(Expr::Column).collect();
        let (plan, joined) = self.attach_all(base, joined, Place::Filter)?;
        let condition = joined.into_iter().reduce(Expr::and).unwrap_or_else(|| lit(true));
        Ok(LogicalPlanBuilder::from(plan).filter(condition)?.project(columns)?.build()?)
    }

    fn projection(&mut self, projection: Projection) -> Result<LogicalPlan> {
        let base = LogicalPlan::clone(&projection.input);
        if self.found(&base, &projection.expr, Place::Projection)?.is_empty() {
            return Ok(LogicalPlan::Projection(projection));
        }
        let (plan, exprs) = self.attach_all(base, projection.expr.clone(), Place::Projection)?;
        let exprs = exprs.into_iter().zip(&projection.expr).map(|(new, old)| named_as(old, new));
        Ok(LogicalPlanBuilder::from(plan).project(exprs)?.build()?)
    }

    fn aggregate(&mut self, aggregate: Aggregate) -> Result<LogicalPlan> {
        let base = LogicalPlan::clone(&aggregate.input);
        let all: Vec<Expr> = aggregate.group_expr.iter().chain(&aggregate.aggr_expr).cloned().collect();
        if self.found(&base, &all, Place::Elsewhere)?.is_empty() {
            return Ok(LogicalPlan::Aggregate(aggregate));
        }
        let (plan, exprs) = self.attach_all(base, all.clone(), Place::Elsewhere)?;
        let mut exprs: Vec<Expr> = exprs.into_iter().zip(&all).map(|(new, old)| named_as(old, new)).collect();
        let aggregates = exprs.split_off(aggregate.group_expr.len());
        Ok(LogicalPlan::Aggregate(Aggregate::try_new(Arc::new(plan), exprs, aggregates)?))
    }

    fn window(&mut self, window: Window) -> Result<LogicalPlan> {
        let base = LogicalPlan::clone(&window.input);
        if self.found(&base, &window.window_expr, Place::Elsewhere)?.is_empty() {
            return Ok(LogicalPlan::Window(window));
        }
        let columns: Vec<Expr> = window.schema.columns().into_iter().map(Expr::Column).collect();
        let (plan, exprs) = self.attach_all(base, window.window_expr.clone(), Place::Elsewhere)?;
        let exprs = exprs.into_iter().zip(&window.window_expr).map(|(new, old)| named_as(old, new));
        let plan = LogicalPlan::Window(Window::try_new(exprs.collect(), Arc::new(plan))?);
        Ok(LogicalPlanBuilder::from(plan).project(columns)?.build()?)
    }

    fn join(&mut self, join: Join) -> Result<LogicalPlan> {
        let reads = hits(&join.right, join.left.schema())?;
        if !reads.is_empty() {
            return self.lateral(join);
        }
        let condition: Vec<Expr> = join.filter.iter().cloned().collect();
        let both = LogicalPlan::Join(Join { filter: None, ..join.clone() });
        let found = self.found(&both, &condition, Place::Elsewhere)?;
        match join.join_type {
            _ if found.is_empty() => Ok(LogicalPlan::Join(join)),
            JoinType::Inner => {
                let condition = condition.into_iter().reduce(Expr::and).unwrap_or_else(|| lit(true));
                self.filter(Filter::try_new(condition, Arc::new(both))?)
            }
            JoinType::Left | JoinType::Right | JoinType::Full => self.outer_join(join, found),
            _ => Err(not_yet("a sub-select in the condition of this join")),
        }
    }

    /// The right side reads columns of the left one's rows.
    fn lateral(&mut self, join: Join) -> Result<LogicalPlan> {
        if !matches!(join.join_type, JoinType::Inner | JoinType::Left) {
            return Err(not_yet("LATERAL on this side of this join"));
        }
        let columns: Vec<Expr> = join.schema.columns().into_iter().map(Expr::Column).collect();
        let domain = self.domain(&join.left, hits(&join.right, join.left.schema())?)?;
        let (right, keys) = self.push(&join.right, &domain)?;
        let on = join.on.into_iter().map(|pair| push::compared(pair, join.null_equality));
        let condition = on.chain(join.filter).reduce(Expr::and);
        let keys = (domain.columns(), keys);
        let plan = joined_on(Arc::unwrap_or_clone(join.left), right, join.join_type, keys, condition)?;
        Ok(plan.project(columns)?.build()?)
    }

    /// The sub-selects in expressions that the engine's rules don't make joins of.
    fn found(&self, base: &LogicalPlan, exprs: &[Expr], place: Place) -> Result<Vec<Expr>> {
        let mut found: Vec<Expr> = Vec::new();
        for expr in exprs {
            let mut failed = None;
            expr.apply(|part| {
                if sub_plan(part).is_none() {
                    return Ok(TreeNodeRecursion::Continue);
                }
                // The engine knows but true and false of IN inside of another condition.
                let is_whole = expr == part || matches!(expr, Expr::Not(inner) if inner.as_ref() == part);
                let place = if is_whole || !matches!(part, Expr::InSubquery(_)) { place } else { Place::Elsewhere };
                match is_left_to_engine(base, part, place) {
                    Ok(true) => {}
                    Ok(false) if found.contains(part) => {}
                    Ok(false) => found.push(part.clone()),
                    Err(error) => {
                        failed.get_or_insert(error);
                    }
                }
                Ok(TreeNodeRecursion::Jump)
            })?;
            if let Some(error) = failed {
                return Err(error);
            }
        }
        Ok(found)
    }

    /// Joins what the sub-selects give to `base`, and puts its columns in their places.
    fn attach_all(&mut self, base: LogicalPlan, exprs: Vec<Expr>, place: Place) -> Result<(LogicalPlan, Vec<Expr>)> {
        let found = self.found(&base, &exprs, place)?;
        let mut plan = base.clone();
        let mut values = Vec::with_capacity(found.len());
        for part in &found {
            let (joined, value) = self.attach(&base, plan, part)?;
            plan = joined;
            values.push(value);
        }
        let exprs = exprs.into_iter().map(|expr| {
            let replaced = expr.transform_down(|part| match found.iter().position(|known| *known == part) {
                Some(at) => Ok(Transformed::new(values[at].clone(), true, TreeNodeRecursion::Jump)),
                None => Ok(Transformed::no(part)),
            })?;
            Ok(replaced.data)
        });
        Ok((plan, exprs.collect::<Result<_>>()?))
    }

    fn attach(&mut self, base: &LogicalPlan, plan: LogicalPlan, part: &Expr) -> Result<(LogicalPlan, Expr)> {
        match part {
            Expr::ScalarSubquery(subquery) => self.attach_value(base, plan, &subquery.subquery),
            Expr::Exists(Exists { subquery, negated }) => {
                let (plan, exists) = self.attach_existence(base, plan, &subquery.subquery)?;
                Ok((plan, if *negated { not(exists) } else { exists }))
            }
            Expr::InSubquery(InSubquery { expr, subquery, negated }) => {
                let is_own = outer_columns(&subquery.subquery)?.is_empty();
                let (plan, within) = match is_own && !expr.column_refs().is_empty() {
                    true => self.attach_membership(plan, expr, &subquery.subquery)?,
                    false => {
                        let item = one_column(&subquery.subquery)?;
                        let compared = outer_expr(base, expr)?.eq(Expr::Column(item));
                        let any = any_of(LogicalPlan::clone(&subquery.subquery), compared, &self.unique("any"))?;
                        self.attach_value(base, plan, &any)?
                    }
                };
                Ok((plan, if *negated { not(within) } else { within }))
            }
            Expr::SetComparison(SetComparison { expr, subquery, op, quantifier }) => {
                let item = Expr::Column(one_column(&subquery.subquery)?);
                let compared = binary_expr(outer_expr(base, expr)?, *op, item);
                let is_any = *quantifier == SetQuantifier::Any;
                let compared = if is_any { compared } else { not(compared) };
                let any = any_of(LogicalPlan::clone(&subquery.subquery), compared, &self.unique("any"))?;
                let (plan, any) = self.attach_value(base, plan, &any)?;
                Ok((plan, if is_any { any } else { not(any) }))
            }
            _ => Err(not_yet("this sub-select")),
        }
    }

    /// The one value of a sub-select, NULL where it has no row.
    fn attach_value(
        &mut self,
        base: &LogicalPlan,
        plan: LogicalPlan,
        inner: &LogicalPlan,
    ) -> Result<(LogicalPlan, Expr)> {
        if let Some(value) = value_of_row(inner, base)? {
            return Ok((plan, value));
        }
        let reads = hits(inner, base.schema())?;
        let domain = self.domain(base, reads)?;
        let (rows, keys) = self.push(inner, &domain)?;
        let value = Expr::Column(one_column(inner)?);
        let name = self.unique("value");
        let columns: Vec<Expr> = keys.iter().cloned().map(Expr::Column).collect();
        let rows = LogicalPlanBuilder::from(rows);
        let rows = match has_one_row(inner) {
            true => rows.project(columns.into_iter().chain([value.alias(name.clone())]))?,
            false => rows.aggregate(columns, [single_value(value).alias(name.clone())])?,
        };
        let plan = self.joined(plan, rows.build()?, &domain, keys)?;
        Ok((plan, Expr::Column(Column::new_unqualified(name))))
    }

    fn attach_existence(
        &mut self,
        base: &LogicalPlan,
        plan: LogicalPlan,
        inner: &LogicalPlan,
    ) -> Result<(LogicalPlan, Expr)> {
        let domain = self.domain(base, hits(inner, base.schema())?)?;
        let (rows, keys) = self.push(inner, &domain)?;
        let name = self.unique("exists");
        let columns: Vec<Expr> = keys.iter().cloned().map(Expr::Column).collect();
        let rows = match keys.is_empty() {
            true => {
                let count = datafusion::functions_aggregate::count::count_all().alias(name.clone());
                let found = Expr::Column(Column::new_unqualified(name.clone())).gt(lit(0_i64));
                let counted = LogicalPlanBuilder::from(rows).aggregate(Vec::<Expr>::new(), [count])?;
                counted.project([found.alias(name.clone())])?
            }
            false => {
                let distinct = LogicalPlanBuilder::from(rows).project(columns.clone())?.distinct()?;
                distinct.project(columns.into_iter().chain([lit(true).alias(name.clone())]))?
            }
        };
        let plan = self.joined(plan, rows.build()?, &domain, keys)?;
        Ok((plan, Expr::Column(Column::new_unqualified(name)).is_true()))
    }

    /// `value IN (SELECT ...)` of a sub-select that reads nothing of the query around.
    fn attach_membership(
        &mut self,
        plan: LogicalPlan,
        value: &Expr,
        inner: &LogicalPlan,
    ) -> Result<(LogicalPlan, Expr)> {
        let item = one_column(inner)?;
        let (key, found, flag) = (self.unique("key"), self.unique("found"), self.unique("null"));
        let items = LogicalPlanBuilder::from(inner.clone()).project([Expr::Column(item.clone()).alias(key.clone())])?;
        let items = items.distinct()?;
        let key = Expr::Column(Column::new_unqualified(key));
        let items = items.project([key.clone(), lit(true).alias(found.clone())])?.build()?;
        let plan = LogicalPlanBuilder::from(plan).join_on(items, JoinType::Left, [value.clone().eq(key)])?.build()?;
        // NULL if there is no row, else whether one is NULL.
        let has_null = bool_or(Expr::Column(item).is_null()).alias(flag);
        let nulls = LogicalPlanBuilder::from(inner.clone()).aggregate(Vec::<Expr>::new(), [has_null])?.build()?;
        let nulls = Expr::ScalarSubquery(sub_query(nulls));
        let found = Expr::Column(Column::new_unqualified(found)).is_true();
        let unknown = value.clone().is_null().or(nulls.clone());
        let null = Expr::Literal(datafusion::common::ScalarValue::Boolean(None), None);
        let mut within = when(found, lit(true)).when(nulls.is_null(), lit(false)).when(unknown, null);
        Ok((plan, within.otherwise(lit(false))?))
    }

    /// What was made of a sub-select beside the rows that it is for.
    fn joined(
        &mut self,
        plan: LogicalPlan,
        rows: LogicalPlan,
        domain: &Domain,
        keys: Vec<Column>,
    ) -> Result<LogicalPlan> {
        if keys.is_empty() {
            return Ok(LogicalPlanBuilder::from(plan).join_on(rows, JoinType::Left, [lit(true)])?.build()?);
        }
        Ok(joined_on(plan, rows, JoinType::Left, (domain.columns(), keys), None)?.build()?)
    }
}

/// What a sub-select without FROM gives for a row of `base`.
fn value_of_row(inner: &LogicalPlan, base: &LogicalPlan) -> Result<Option<Expr>> {
    let LogicalPlan::Projection(projection) = inner else { return Ok(None) };
    let ([value], LogicalPlan::EmptyRelation(row)) = (projection.expr.as_slice(), projection.input.as_ref()) else {
        return Ok(None);
    };
    if !row.produce_one_row || value.exists(|part| Ok(sub_plan(part).is_some()))? {
        return Ok(None);
    }
    let read = value.clone().unalias().transform(|part| match part {
        Expr::OuterReferenceColumn(_, column) if has_column(base.schema(), &column) => {
            Ok(Transformed::yes(Expr::Column(column)))
        }
        other => Ok(Transformed::no(other)),
    })?;
    Ok(Some(read.data))
}

/// `compared` of any row: true if it is of one, else NULL if it is of one, else false.
pub(super) fn any_of(rows: LogicalPlan, compared: Expr, name: &str) -> Result<LogicalPlan> {
    let (truth, unknown) = (format!("{name} true"), format!("{name} null"));
    let null = compared.clone().is_null();
    let folded = [bool_or(compared).alias(truth.clone()), bool_or(null).alias(unknown.clone())];
    let column = |name: String| Expr::Column(Column::new_unqualified(name));
    let nothing = Expr::Literal(datafusion::common::ScalarValue::Boolean(None), None);
    let any =
        when(column(truth).is_true(), lit(true)).when(column(unknown).is_true(), nothing).otherwise(lit(false))?;
    let rows = LogicalPlanBuilder::from(rows).aggregate(Vec::<Expr>::new(), folded)?;
    Ok(rows.project([any.alias(name)])?.build()?)
}

/// An expression of the query around, as the sub-select reads it.
pub(super) fn outer_expr(around: &LogicalPlan, expr: &Expr) -> Result<Expr> {
    let read = expr.clone().transform(|part| match part {
        Expr::Column(column) => {
            let (_, field) = around.schema().qualified_field_from_column(&column)?;
            Ok(Transformed::yes(Expr::OuterReferenceColumn(Arc::clone(field), column)))
        }
        other => Ok(Transformed::no(other)),
    })?;
    Ok(read.data)
}

pub(super) fn sub_query(plan: LogicalPlan) -> Subquery {
    let outer_ref_columns = plan.all_out_ref_exprs();
    Subquery { subquery: Arc::new(plan), outer_ref_columns, spans: datafusion::common::Spans::new() }
}

pub(super) fn sub_plan(expr: &Expr) -> Option<&Subquery> {
    match expr {
        Expr::ScalarSubquery(subquery) | Expr::Exists(Exists { subquery, .. }) => Some(subquery),
        Expr::InSubquery(within) => Some(&within.subquery),
        Expr::SetComparison(compared) => Some(&compared.subquery),
        _ => None,
    }
}

fn with_plan(mut expr: Expr, plan: LogicalPlan) -> Expr {
    let place = match &mut expr {
        Expr::ScalarSubquery(subquery) | Expr::Exists(Exists { subquery, .. }) => subquery,
        Expr::InSubquery(within) => &mut within.subquery,
        Expr::SetComparison(compared) => &mut compared.subquery,
        _ => return expr,
    };
    *place = sub_query(plan);
    expr
}

/// Whether the engine's rules make a join of a sub-select, or run it once for the whole.
fn is_left_to_engine(base: &LogicalPlan, part: &Expr, place: Place) -> Result<bool> {
    let Some(subquery) = sub_plan(part) else { return Ok(true) };
    let reads = outer_columns(&subquery.subquery)?;
    if hits(&subquery.subquery, base.schema())?.len() < reads.len() || !is_plain(&subquery.subquery)? {
        return Ok(false);
    }
    Ok(match (part, place) {
        (Expr::ScalarSubquery(_), _) if reads.is_empty() => true,
        (Expr::ScalarSubquery(_), Place::Filter | Place::Projection) => {
            let probe = LogicalPlanBuilder::from(base.clone()).project([part.clone().alias("probe")])?.build()?;
            check_subquery_expr(&probe, &subquery.subquery, part).is_ok()
                && is_done(&ScalarSubqueryToJoin::new(), probe, base)
        }
        (Expr::InSubquery(_), Place::Filter) if gives_outer_columns(&subquery.subquery)? => false,
        (Expr::Exists(_) | Expr::InSubquery(_), Place::Filter) => {
            let probe = Filter::try_new(part.clone(), Arc::new(base.clone()))?;
            is_done(&DecorrelatePredicateSubquery::new(), LogicalPlan::Filter(probe), base)
        }
        (Expr::SetComparison(_), Place::Filter) => reads.is_empty(),
        _ => false,
    })
}

/// Whether conditions that read columns of the query around stand below nothing that would give other rows without them. The
/// engine's rules draw them up through more, such as a window.
fn is_plain(plan: &LogicalPlan) -> Result<bool> {
    if outer_columns(plan)?.is_empty() {
        return Ok(true);
    }
    let is_passed = match plan {
        LogicalPlan::Projection(_) | LogicalPlan::Filter(_) | LogicalPlan::SubqueryAlias(_) => true,
        LogicalPlan::Aggregate(_) | LogicalPlan::Distinct(Distinct::All(_)) => true,
        LogicalPlan::Sort(sort) => sort.fetch.is_none(),
        LogicalPlan::Join(join) => join.join_type == JoinType::Inner,
        _ => false,
    };
    if !is_passed {
        return Ok(false);
    }
    for input in plan.inputs() {
        if !is_plain(input)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a select list has columns of the query around in it.
fn gives_outer_columns(plan: &LogicalPlan) -> Result<bool> {
    Ok(plan.exists(|node| {
        let LogicalPlan::Projection(projection) = node else { return Ok(false) };
        let mut is_outer = false;
        for expr in &projection.expr {
            is_outer |= expr.exists(|part| Ok(matches!(part, Expr::OuterReferenceColumn(..))))?;
        }
        Ok(is_outer)
    })?)
}

/// Whether a rule of the engine's makes joins of all sub-selects of a node that read columns of `base`.
fn is_done(rule: &dyn OptimizerRule, plan: LogicalPlan, base: &LogicalPlan) -> bool {
    let Ok(rewritten) = rule.rewrite(plan, &OptimizerContext::new()) else { return false };
    rewritten.transformed && hits(&rewritten.data, base.schema()).is_ok_and(|left| left.is_empty())
}

/// Whether a plan has sub-selects that aren't values or conditions of their own.
fn reads_outer_columns(plan: &LogicalPlan) -> Result<bool> {
    let mut found = false;
    plan.apply_with_subqueries(|node| {
        found |= matches!(node, LogicalPlan::Subquery(_));
        node.apply_expressions(|expr| {
            found |= expr.exists(|part| {
                Ok(match part {
                    Expr::OuterReferenceColumn(..) => true,
                    Expr::ScalarSubquery(_) | Expr::Exists(_) => false,
                    part => sub_plan(part).is_some(),
                })
            })?;
            Ok(TreeNodeRecursion::Continue)
        })
    })?;
    Ok(found)
}

/// The new expression under the old one's name.
fn named_as(old: &Expr, new: Expr) -> Expr {
    let (relation, name) = old.qualified_name();
    match new.qualified_name() == (relation.clone(), name.clone()) {
        true => new,
        false => new.alias_qualified(relation, name),
    }
}

fn one_column(plan: &LogicalPlan) -> Result<Column> {
    match <[Column; 1]>::try_from(plan.schema().columns()) {
        Ok([column]) => Ok(column),
        Err(_) => Err(not_yet("a sub-select of several columns")),
    }
}

/// Whether it gives one row at most, whatever there is.
fn has_one_row(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::Projection(projection) => has_one_row(&projection.input),
        LogicalPlan::SubqueryAlias(alias) => has_one_row(&alias.input),
        LogicalPlan::Filter(filter) => has_one_row(&filter.input),
        LogicalPlan::Aggregate(aggregate) => aggregate.group_expr.is_empty(),
        other => other.max_rows().is_some_and(|rows| rows <= 1),
    }
}
