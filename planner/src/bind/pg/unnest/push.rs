//! A sub-select for each of the values that it reads of the query around: the values are joined in below what reads them, and
//! go up with the rows, as further keys of what groups, numbers or compares rows.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchemaRef, JoinType, NullEquality, ScalarValue};
use datafusion::functions_window::row_number::row_number_udwf;
use datafusion::logical_expr::expr::{AggregateFunction, Sort as SortKey};
use datafusion::logical_expr::logical_plan::{Aggregate, Join, Limit, Sort, Union, Values, Window};
use datafusion::logical_expr::{
    Distinct, Expr, LogicalPlan, LogicalPlanBuilder, Operator, SubqueryAlias, binary_expr, cast, lit, when,
};

use super::super::select::numbered;
use super::super::{Result, not_yet};
use super::domain::{Domain, joined_on};
use super::{Unnesting, named_as, sub_plan};

/// Rows of a sub-select, and the columns that hold the values that they are for. Beside these it has its own columns alone.
type Pushed = (LogicalPlan, Vec<Column>);

impl Unnesting {
    /// The plan's rows for each row of the domain.
    pub(super) fn push(&mut self, plan: &LogicalPlan, domain: &Domain) -> Result<Pushed> {
        if !domain.is_read_in(plan)? {
            return self.beside(plan.clone(), domain);
        }
        match plan {
            LogicalPlan::Projection(projection) => {
                let (input, keys) = self.push(&projection.input, domain)?;
                let exprs = self.read(projection.expr.clone(), domain, &keys)?;
                let exprs = exprs.into_iter().zip(&projection.expr).map(|(new, old)| named_as(old, new));
                let exprs = exprs.chain(keys.iter().cloned().map(Expr::Column));
                Ok((LogicalPlanBuilder::from(input).project(exprs)?.build()?, keys))
            }
            LogicalPlan::Filter(filter) => {
                let (input, keys) = self.push(&filter.input, domain)?;
                let condition = read(filter.predicate.clone(), domain, &keys)?;
                Ok((LogicalPlanBuilder::from(input).filter(condition)?.build()?, keys))
            }
            LogicalPlan::SubqueryAlias(alias) => {
                let (input, keys) = self.push(&alias.input, domain)?;
                let keys = keys.into_iter().map(|key| Column::new(Some(alias.alias.clone()), key.name));
                let input = SubqueryAlias::try_new(Arc::new(input), alias.alias.clone())?;
                Ok((LogicalPlan::SubqueryAlias(input), keys.collect()))
            }
            LogicalPlan::Subquery(inner) => self.push(&inner.subquery, domain),
            LogicalPlan::Join(join) => self.push_join(join, domain),
            LogicalPlan::Aggregate(aggregate) if aggregate.group_expr.is_empty() => self.push_total(aggregate, domain),
            LogicalPlan::Aggregate(aggregate) => self.push_groups(aggregate, domain),
            LogicalPlan::Window(window) => self.push_window(window, domain),
            LogicalPlan::Sort(sort) if sort.fetch.is_none() => {
                let (input, keys) = self.push(&sort.input, domain)?;
                let order = self.read_order(&sort.expr, domain, &keys)?;
                Ok((LogicalPlanBuilder::from(input).sort(order)?.build()?, keys))
            }
            LogicalPlan::Sort(sort) => {
                let fetch = sort.fetch.map(|fetch| lit(i64::try_from(fetch).unwrap_or(i64::MAX)));
                self.push_first(sort, None, fetch, domain)
            }
            LogicalPlan::Limit(limit) => self.push_limit(limit, domain),
            LogicalPlan::Distinct(Distinct::All(input)) => {
                let (input, keys) = self.push(input, domain)?;
                Ok((LogicalPlanBuilder::from(input).distinct()?.build()?, keys))
            }
            LogicalPlan::Union(union) => self.push_union(union, domain),
            LogicalPlan::Values(values) => self.push_values(values, domain),
            LogicalPlan::Unnest(unnest) => {
                let (input, keys) = self.push(&unnest.input, domain)?;
                let (columns, options) = (unnest.exec_columns.clone(), unnest.options.clone());
                let unnested = LogicalPlanBuilder::from(input).unnest_columns_with_options(columns, options)?;
                let plan = with_keys(unnested.build()?, &unnest.schema, &keys)?;
                Ok((plan, keys))
            }
            _ => Err(not_yet("a sub-select of this kind that reads columns of the query around")),
        }
    }

    /// All rows of a plan that reads none of the values, beside each of them.
    fn beside(&mut self, plan: LogicalPlan, domain: &Domain) -> Result<Pushed> {
        match self.values(domain)? {
            None => Ok((plan, Vec::new())),
            Some((values, keys)) => Ok((LogicalPlanBuilder::from(plan).cross_join(values)?.build()?, keys)),
        }
    }

    fn read(&self, exprs: Vec<Expr>, domain: &Domain, keys: &[Column]) -> Result<Vec<Expr>> {
        exprs.into_iter().map(|expr| read(expr, domain, keys)).collect()
    }

    fn read_order(&self, order: &[SortKey], domain: &Domain, keys: &[Column]) -> Result<Vec<SortKey>> {
        let key = |key: &SortKey| Ok(SortKey { expr: read(key.expr.clone(), domain, keys)?, ..key.clone() });
        order.iter().map(key).collect()
    }

    /// What an outer join keeps has the values; both sides have them if both read them, and must have the same.
    fn push_join(&mut self, join: &Join, domain: &Domain) -> Result<Pushed> {
        let (reads_left, reads_right) = (domain.is_read_in(&join.left)?, domain.is_read_in(&join.right)?);
        let (on_left, on_right) = match join.join_type {
            JoinType::Inner => (reads_left || !reads_right, reads_right),
            JoinType::Left | JoinType::LeftSemi | JoinType::LeftAnti => (true, reads_right),
            JoinType::Right => (reads_left, true),
            _ => return Err(not_yet("a join of this kind in a sub-select that reads columns of the query around")),
        };
        let (left, left_keys) = match on_left {
            true => self.push(&join.left, domain)?,
            false => (LogicalPlan::clone(&join.left), Vec::new()),
        };
        let (right, right_keys) = match on_right {
            true => self.push(&join.right, domain)?,
            false => (LogicalPlan::clone(&join.right), Vec::new()),
        };
        let keys = match join.join_type {
            JoinType::Right => right_keys.clone(),
            _ if on_left => left_keys.clone(),
            _ => right_keys.clone(),
        };
        let pairs = join.on.iter().cloned().map(|pair| compared(pair, join.null_equality)).chain(join.filter.clone());
        let pairs = pairs.map(|condition| read(condition, domain, &keys)).collect::<Result<Vec<_>>>()?;
        let same = if on_left && on_right { (left_keys, right_keys) } else { (Vec::new(), Vec::new()) };
        let condition = pairs.into_iter().reduce(Expr::and);
        let joined = match same.0.is_empty() {
            true => LogicalPlanBuilder::from(left).join_on(right, join.join_type, condition)?,
            false => joined_on(left, right, join.join_type, same, condition)?,
        };
        Ok((with_keys(joined.build()?, &join.schema, &keys)?, keys))
    }

    /// An aggregate over all rows has a row even if there are none.
    fn push_total(&mut self, aggregate: &Aggregate, domain: &Domain) -> Result<Pushed> {
        let (input, inner_keys) = self.push(&aggregate.input, domain)?;
        let found = self.unique("found");
        let mut named = Vec::with_capacity(aggregate.aggr_expr.len());
        let mut shown = Vec::with_capacity(aggregate.aggr_expr.len());
        for (expr, (relation, field)) in aggregate.aggr_expr.iter().zip(aggregate.schema.iter()) {
            let name = self.unique("total");
            named.push(read(expr.clone().unalias(), domain, &inner_keys)?.alias(name.clone()));
            let value = Expr::Column(Column::new_unqualified(name));
            let empty = of_no_rows(expr, field.data_type())?;
            let value = match empty.is_null() {
                true => value,
                false => {
                    let is_found = Expr::Column(Column::new_unqualified(found.clone())).is_true();
                    when(is_found, value).otherwise(Expr::Literal(empty, None))?
                }
            };
            shown.push(value.alias_qualified(relation.cloned(), field.name()));
        }
        let columns: Vec<Expr> = inner_keys.iter().cloned().map(Expr::Column).collect();
        let grouped = LogicalPlanBuilder::from(input).aggregate(columns, named)?.build()?;
        let all: Vec<Expr> = grouped.schema().columns().into_iter().map(Expr::Column).collect();
        let grouped = LogicalPlanBuilder::from(grouped).project(all.into_iter().chain([lit(true).alias(found)]))?;
        let Some((values, keys)) = self.values(domain)? else { return Err(not_yet("a sub-select that reads nothing")) };
        let same = (keys.clone(), inner_keys);
        let joined = joined_on(values, grouped.build()?, JoinType::Left, same, None)?;
        let shown = shown.into_iter().chain(keys.iter().cloned().map(Expr::Column));
        Ok((joined.project(shown)?.build()?, keys))
    }

    fn push_groups(&mut self, aggregate: &Aggregate, domain: &Domain) -> Result<Pushed> {
        if aggregate.group_expr.iter().any(|expr| matches!(expr, Expr::GroupingSet(_))) {
            return Err(not_yet("grouping sets in a sub-select that reads columns of the query around"));
        }
        let (input, keys) = self.push(&aggregate.input, domain)?;
        let renamed = |exprs: &[Expr]| -> Result<Vec<Expr>> {
            let new = self.read(exprs.to_vec(), domain, &keys)?;
            Ok(new.into_iter().zip(exprs).map(|(new, old)| named_as(old, new)).collect())
        };
        let mut groups = renamed(&aggregate.group_expr)?;
        let aggregates = renamed(&aggregate.aggr_expr)?;
        groups.extend(keys.iter().cloned().map(Expr::Column));
        let grouped = LogicalPlan::Aggregate(Aggregate::try_new(Arc::new(input), groups, aggregates)?);
        Ok((with_keys(grouped, &aggregate.schema, &keys)?, keys))
    }

    fn push_window(&mut self, window: &Window, domain: &Domain) -> Result<Pushed> {
        let (input, keys) = self.push(&window.input, domain)?;
        let partitioned = |expr: Expr| {
            let partitioned = expr.transform_down(|part| match part {
                Expr::WindowFunction(mut call) => {
                    call.params.partition_by.extend(keys.iter().cloned().map(Expr::Column));
                    Ok(Transformed::new(Expr::WindowFunction(call), true, TreeNodeRecursion::Jump))
                }
                other => Ok(Transformed::no(other)),
            })?;
            Ok(partitioned.data)
        };
        let exprs = self.read(window.window_expr.clone(), domain, &keys)?;
        let exprs = exprs.into_iter().map(partitioned).collect::<Result<Vec<_>>>()?;
        let exprs = exprs.into_iter().zip(&window.window_expr).map(|(new, old)| named_as(old, new));
        let windowed = LogicalPlan::Window(Window::try_new(exprs.collect(), Arc::new(input))?);
        Ok((with_keys(windowed, &window.schema, &keys)?, keys))
    }

    fn push_limit(&mut self, limit: &Limit, domain: &Domain) -> Result<Pushed> {
        let (skip, fetch) = (row_count(limit.skip.as_deref())?, row_count(limit.fetch.as_deref())?);
        if let LogicalPlan::Sort(sort) = limit.input.as_ref()
            && sort.fetch.is_none()
        {
            return self.push_first(sort, skip, fetch, domain);
        }
        let (input, keys) = self.push(&limit.input, domain)?;
        self.first_rows(input, keys, Vec::new(), (skip, fetch), limit.input.schema())
    }

    fn push_first(&mut self, sort: &Sort, skip: Option<Expr>, fetch: Option<Expr>, domain: &Domain) -> Result<Pushed> {
        let (input, keys) = self.push(&sort.input, domain)?;
        let order = self.read_order(&sort.expr, domain, &keys)?;
        self.first_rows(input, keys, order, (skip, fetch), sort.input.schema())
    }

    /// Of the rows for each value those behind the first `skip`, `fetch` of them at most.
    fn first_rows(
        &mut self,
        input: LogicalPlan,
        keys: Vec<Column>,
        order: Vec<SortKey>,
        (skip, fetch): (Option<Expr>, Option<Expr>),
        schema: &DFSchemaRef,
    ) -> Result<Pushed> {
        let name = self.unique("row");
        let among = keys.iter().cloned().map(Expr::Column).collect();
        let number = numbered(row_number_udwf(), among, order).alias(name.clone());
        let numbered = LogicalPlanBuilder::from(input).window([number])?;
        let number = cast(Expr::Column(Column::new_unqualified(name)), DataType::Int64);
        let skip = skip.unwrap_or_else(|| lit(0_i64));
        let mut condition = number.clone().gt(skip.clone());
        if let Some(fetch) = fetch {
            condition = condition.and((number - skip).lt_eq(fetch));
        }
        let kept = numbered.filter(condition)?.build()?;
        Ok((with_keys(kept, schema, &keys)?, keys))
    }

    fn push_union(&mut self, union: &Union, domain: &Domain) -> Result<Pushed> {
        let mut inputs = Vec::with_capacity(union.inputs.len());
        let mut shared: Vec<Column> = Vec::new();
        for input in &union.inputs {
            let (pushed, keys) = self.push(input, domain)?;
            if shared.is_empty() {
                shared = keys.iter().map(|key| Column::new_unqualified(self.unique(&key.name))).collect();
            }
            let own = input.schema().columns().into_iter().map(Expr::Column);
            let keys = keys.into_iter().zip(&shared).map(|(key, shared)| Expr::Column(key).alias(shared.name.clone()));
            let arm = LogicalPlanBuilder::from(pushed).project(own.chain(keys))?.build()?;
            inputs.push(Arc::new(arm));
        }
        let all = LogicalPlan::Union(Union::try_new(inputs)?);
        Ok((with_keys(all, &union.schema, &shared)?, shared))
    }

    /// One projection a row.
    fn push_values(&mut self, values: &Values, domain: &Domain) -> Result<Pushed> {
        let mut all: Option<LogicalPlanBuilder> = None;
        let mut shared: Vec<Column> = Vec::new();
        for row in &values.values {
            let (one, keys) = self.beside(LogicalPlanBuilder::empty(true).build()?, domain)?;
            if shared.is_empty() {
                shared = keys.iter().map(|key| Column::new_unqualified(self.unique(&key.name))).collect();
            }
            let exprs = self.read(row.clone(), domain, &keys)?;
            let own = exprs.into_iter().zip(values.schema.iter()).map(|(expr, (relation, field))| {
                cast(expr, field.data_type().clone()).alias_qualified(relation.cloned(), field.name())
            });
            let keys = keys.into_iter().zip(&shared).map(|(key, shared)| Expr::Column(key).alias(shared.name.clone()));
            let row = LogicalPlanBuilder::from(one).project(own.chain(keys))?.build()?;
            all = Some(match all {
                None => LogicalPlanBuilder::from(row),
                Some(before) => before.union(row)?,
            });
        }
        let all = all.ok_or_else(|| not_yet("VALUES without rows"))?.build()?;
        Ok((with_keys(all, &values.schema, &shared)?, shared))
    }
}

/// The plan with its own columns and the keys alone.
fn with_keys(plan: LogicalPlan, schema: &DFSchemaRef, keys: &[Column]) -> Result<LogicalPlan> {
    let columns = schema.columns().into_iter().chain(keys.iter().cloned()).map(Expr::Column);
    Ok(LogicalPlanBuilder::from(plan).project(columns)?.build()?)
}

/// The expression, which reads the values where it read columns of the query around.
fn read(expr: Expr, domain: &Domain, keys: &[Column]) -> Result<Expr> {
    let mut is_nested = false;
    let read = expr.transform_down(|part| {
        if let Some(subquery) = sub_plan(&part) {
            is_nested |= domain.is_read_in(&subquery.subquery).unwrap_or(true);
        }
        Ok(match &part {
            Expr::OuterReferenceColumn(_, column) => match domain.place(column) {
                Some(at) => Transformed::yes(Expr::Column(keys[at].clone())),
                None => Transformed::no(part),
            },
            _ => Transformed::no(part),
        })
    })?;
    match is_nested {
        true => Err(not_yet("a sub-select that reads columns two queries around it")),
        false => Ok(read.data),
    }
}

/// What LIMIT and OFFSET count.
fn row_count(count: Option<&Expr>) -> Result<Option<Expr>> {
    match count {
        None => Ok(None),
        Some(Expr::Literal(value, _)) if value.is_null() => Ok(None),
        Some(Expr::Literal(ScalarValue::Int64(Some(count)), _)) if *count >= 0 => Ok(Some(lit(*count))),
        Some(_) => Err(not_yet("such a LIMIT in a sub-select that reads columns of the query around")),
    }
}

/// What an aggregate gives of no rows.
fn of_no_rows(expr: &Expr, data: &DataType) -> Result<ScalarValue> {
    match expr.clone().unalias_nested().data {
        Expr::AggregateFunction(AggregateFunction { func, .. }) => Ok(func.default_value(data)?),
        _ => Err(not_yet("this aggregate in a sub-select that reads columns of the query around")),
    }
}

/// Keys of a join as a condition.
pub(super) fn compared((left, right): (Expr, Expr), null_equality: NullEquality) -> Expr {
    match null_equality {
        NullEquality::NullEqualsNothing => left.eq(right),
        NullEquality::NullEqualsNull => binary_expr(left, Operator::IsNotDistinctFrom, right),
    }
}
