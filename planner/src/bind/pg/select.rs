//! Queries: SELECT, VALUES, set operations and WITH, from their parts to a plan.

use std::rc::Rc;

use datafusion::common::Column;
use datafusion::common::tree_node::TreeNode;
use datafusion::logical_expr::expr::Sort;
use datafusion::logical_expr::{Distinct, Expr, LogicalPlan, LogicalPlanBuilder, lit};
use pg_query::protobuf::{AConst, Node, SelectStmt, SetOperation, SortBy, SortByDir, SortByNulls, a_const};
use pg_query::{NodeEnum, NodeRef};
use std::sync::Arc;

use super::aggregate::has_aggregate;
use super::expr::{inner, location, parts};
use super::scope::Scope;
use super::types::Base;
use super::{Binder, Named, Relation, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;

impl Binder<'_> {
    /// A query; `around` holds what it may name of the queries around it.
    pub(super) fn query(&mut self, query: &SelectStmt, around: &Scope<'_>) -> Result<Relation> {
        if query.into_clause.is_some() {
            return Err(not_yet("SELECT INTO"));
        }
        let hidden = around.hidden.clone();
        self.counter += 1;
        let number = self.counter;
        let ctes = Rc::clone(&around.ctes);
        let mut scope = Scope { query: number, ctes, outer: around.outer, hidden, ..Scope::default() };
        let (within, keeps_unknown) = (self.within.take(), std::mem::take(&mut self.keeps_unknown));
        if let Some(with) = &query.with_clause {
            self.with(with, &mut scope)?;
        }
        let query_around = std::mem::replace(&mut self.query, number);
        let ctes = Rc::clone(&scope.ctes);
        let relation = match SetOperation::try_from(query.op) {
            Ok(SetOperation::SetopNone) if !query.values_lists.is_empty() => self.values(query, &scope),
            Ok(SetOperation::SetopNone) => self.select(query, scope, keeps_unknown),
            Ok(operation) => self.set_operation(operation, query, &scope),
            Err(_) => Err(not_yet("this query")),
        };
        self.query = query_around;
        self.within = within;
        let relation = relation?;
        self.check_locking(query, &ctes)?;
        Ok(relation)
    }

    fn select(&mut self, query: &SelectStmt, mut scope: Scope<'_>, keeps_unknown: bool) -> Result<Relation> {
        self.keeps_order = reads_ordered_rows(query);
        let mut plan = self.from(&query.from_clause, &mut scope)?;
        self.no_aggregates_in_from(scope.query)?;
        scope.windows = self.named_windows(query)?;
        let mut targets = self.targets(&query.target_list, &scope)?;
        if let Some(condition) = query.where_clause.as_deref() {
            let node = inner(Some(condition))?;
            let condition = self.condition(node, &scope, "WHERE")?;
            self.only_rows(&condition, "WHERE", node)?;
            plan = LogicalPlanBuilder::from(plan).filter(condition)?.build()?;
        }
        let having = query.having_clause.as_deref();
        let having = having.map(|having| {
            let node = inner(Some(having))?;
            let condition = self.condition(node, &scope, "HAVING")?;
            self.no_window_in_having(&condition, node)?;
            self.no_sets(&condition, "HAVING", node)?;
            Ok::<_, PlanError>(condition)
        });
        let having = having.transpose()?;
        let visible = targets.len();
        let sorts = self.order_items(&query.sort_clause, &mut targets, &scope)?;
        let groups = self.groups(query, &mut targets[..visible], &scope);
        let groups = groups.map_err(|error| self.with_aggregate(error, query))?;
        let (is_distinct, distinct_on) = self.distinct_items(&query.distinct_clause, &mut targets, &scope)?;
        for target in &mut targets {
            let is_open = keeps_unknown && matches!(target.typed.expr, Expr::Literal(..));
            let settled = if is_open { target.typed.clone() } else { self.settled(target.typed.clone())? };
            target.typed = Typed { expr: super::sublink::counted(settled.expr)?, ..settled };
        }
        if is_distinct {
            self.check_distinct(query, &targets[..visible])?;
        }

        let mut exprs: Vec<Expr> = targets.iter().map(|target| target.typed.expr.clone()).collect();
        let mut read = self.read_in_sub_selects(scope.query);
        let is_grouped = !query.group_clause.is_empty() || having.is_some() || exprs.iter().any(has_aggregate);
        if is_grouped || !read.is_empty() {
            exprs.extend(having);
            let count = exprs.len();
            read.extend(super::levels::keys_read(&groups.items, &exprs)?);
            exprs.extend(read.iter().map(|(_, value)| value.clone()));
            let items: Vec<Expr> = groups.items.iter().map(|item| item.expr.clone()).collect();
            let (unfolded, groups, exprs_above) = self.unfold_groups(plan, groups, exprs)?;
            let grouped = self.group(unfolded, groups, exprs_above);
            let (grouped, mut above) = grouped.map_err(|error| self.with_ungrouped(error, query, &items, &scope))?;
            let values = above.split_off(count);
            plan = super::levels::with_read(grouped, &read, values)?;
            if above.len() > targets.len()
                && let Some(condition) = above.pop()
            {
                plan = LogicalPlanBuilder::from(plan).filter(condition)?.build()?;
            }
            exprs = above;
        }
        let (mut windowed, mut exprs) = self.windows(plan, exprs)?;
        // Sets that the order doesn't hang on are made of rows that are in order already.
        let told_apart: Vec<usize> =
            sorts.iter().map(|(at, _)| *at).chain(distinct_on.iter().flatten().copied()).collect();
        let has_late_sets = !sorts.is_empty() && !is_distinct && late_sets(&exprs, &told_apart)?;
        let mut distinct_on = distinct_on;
        if has_late_sets && let Some(on) = distinct_on.take() {
            let values =
                exprs.iter().zip(&targets).map(|(expr, target)| Typed { expr: expr.clone(), ..target.typed.clone() });
            let values: Vec<Typed> = values.collect();
            if told_apart.iter().any(|at| has_sub_select(&values[*at].expr)) {
                return Err(not_yet("DISTINCT ON by a sub-select beside a function that returns several rows"));
            }
            windowed = self.first_of_each(windowed, &on, query, &sorts, &values)?;
        }
        let mut places = Vec::new();
        match has_late_sets {
            true => (windowed, exprs, places) = self.unfold_in_place(windowed, exprs)?,
            false => (windowed, exprs) = self.unfold(windowed, exprs)?,
        }
        for place in &places {
            exprs.push(place.expr.clone());
            targets.push(Named { name: self.unique("place"), typed: place.clone() });
        }

        if is_distinct && targets.len() > visible {
            let message = "for SELECT DISTINCT, ORDER BY expressions must appear in select list".to_owned();
            let hidden = sorts.iter().find(|(at, _)| *at >= visible).map(|(_, by)| by_place(by));
            return Err(PlanError::InvalidColumnReference {
                message,
                position: hidden.and_then(|at| self.position(at)),
            });
        }
        // What is compared with the query around is drawn out above the select list, beside its names.
        let (plan, columns) = self.project(windowed, exprs, &targets, scope.outer.is_some())?;
        let mut plan = plan;
        let key = |at: usize| columns[at].typed.clone();
        if is_distinct {
            plan = self.without_duplicates(plan, &columns, &[])?;
        }
        if let Some(on) = distinct_on {
            let values: Vec<Typed> = columns.iter().map(|column| column.typed.clone()).collect();
            plan = self.first_of_each(plan, &on, query, &sorts, &values)?;
        }
        let sorts = sorts.iter().map(|(at, by)| self.sort(key(*at), by)).collect::<Result<Vec<_>>>()?;
        let places = columns.iter().skip(columns.len() - places.len());
        let places = places.map(|column| column.typed.expr.clone().sort(true, false)).collect();
        plan = self.ordered(plan, sorts, places, query, &scope)?;
        if columns.len() > visible {
            let kept = columns.iter().take(visible).map(|column| column.typed.expr.clone());
            plan = LogicalPlanBuilder::from(plan).project(kept)?.build()?;
        }
        Ok(Relation { plan, columns: columns.into_iter().take(visible).collect() })
    }

    /// Names each column as no other of the query is named.
    fn project(
        &mut self,
        plan: LogicalPlan,
        exprs: Vec<Expr>,
        targets: &[Named],
        anew: bool,
    ) -> Result<(LogicalPlan, Vec<Named>)> {
        let mut columns = Vec::with_capacity(targets.len());
        let mut projected = Vec::with_capacity(targets.len());
        let mut taken = std::collections::HashSet::new();
        for (expr, target) in exprs.into_iter().zip(targets) {
            let is_free = !anew && taken.insert(target.name.clone());
            let name = if is_free { target.name.clone() } else { self.unique(&target.name) };
            projected.push(expr.alias(name.clone()));
            let expr = Expr::Column(Column::new_unqualified(name));
            columns.push(Named { name: target.name.clone(), typed: Typed { expr, ..target.typed.clone() } });
        }
        Ok((LogicalPlanBuilder::from(plan).project(projected)?.build()?, columns))
    }

    pub(super) fn target_at<'t>(
        &self,
        place: i32,
        targets: &'t [Named],
        clause: &str,
        location: i32,
    ) -> Result<&'t Named> {
        let found = usize::try_from(place).ok().and_then(|place| place.checked_sub(1)).and_then(|at| targets.get(at));
        found.ok_or_else(|| PlanError::InvalidColumnReference {
            message: format!("{clause} position {place} is not in select list"),
            position: self.position(location),
        })
    }

    /// What ORDER BY names: each a target, which is added if it is in none.
    fn order_items<'q>(
        &mut self,
        nodes: &'q [Node],
        targets: &mut Vec<Named>,
        scope: &Scope<'_>,
    ) -> Result<Vec<(usize, &'q SortBy)>> {
        let visible = targets.len();
        nodes.iter().map(|node| self.order_item(node, targets, visible, scope)).collect()
    }

    /// One of them, of a list of which the first are visible.
    pub(super) fn order_item<'q>(
        &mut self,
        node: &'q Node,
        targets: &mut Vec<Named>,
        visible: usize,
        scope: &Scope<'_>,
    ) -> Result<(usize, &'q SortBy)> {
        let NodeEnum::SortBy(by) = inner(Some(node))? else { return Err(not_yet("this ORDER BY")) };
        let node = inner(by.node.as_deref())?;
        let at = self.sort_target(node, "ORDER BY", targets, visible, scope)?;
        if by.use_op.is_empty() {
            self.check_order(targets[at].typed.ty, location(node))?;
        }
        Ok((at, by.as_ref()))
    }

    fn sort_target(
        &mut self,
        node: &NodeEnum,
        clause: &str,
        targets: &mut Vec<Named>,
        visible: usize,
        scope: &Scope<'_>,
    ) -> Result<usize> {
        if let NodeEnum::AConst(AConst { val: Some(a_const::Val::Ival(place)), location, .. }) = node {
            self.target_at(place.ival, &targets[..visible], clause, *location)?;
            return Ok(place.ival as usize - 1);
        }
        if let NodeEnum::AConst(constant) = node {
            let message = format!("non-integer constant in {clause}");
            return Err(PlanError::Grammar { message, position: self.position(constant.location) });
        }
        if let NodeEnum::ColumnRef(column) = node
            && let [name] = parts(&column.fields)?.as_slice()
        {
            let mut named = targets[..visible].iter().enumerate().filter(|(_, target)| target.name == *name);
            if let Some((at, first)) = named.next() {
                if named.any(|(_, other)| other.typed.expr != first.typed.expr) {
                    let position = self.position(column.location);
                    return Err(PlanError::AmbiguousInClause {
                        message: format!("{clause} \"{name}\" is ambiguous"),
                        position,
                    });
                }
                return Ok(at);
            }
        }
        let typed = self.expr(node, scope)?;
        // What is held alike may be ordered otherwise: an enum isn't its text.
        let is_it = |target: &Named| target.typed.expr == typed.expr && target.typed.ty.same(typed.ty);
        if let Some(at) = targets.iter().position(is_it) {
            return Ok(at);
        }
        let name = self.unique("sort");
        targets.push(Named { name, typed });
        Ok(targets.len() - 1)
    }

    /// DISTINCT, and the targets of DISTINCT ON.
    fn distinct_items(
        &mut self,
        nodes: &[Node],
        targets: &mut Vec<Named>,
        scope: &Scope<'_>,
    ) -> Result<(bool, Option<Vec<usize>>)> {
        match nodes {
            [] => Ok((false, None)),
            [Node { node: None }] => Ok((true, None)),
            nodes => {
                let visible = targets.len();
                let on = nodes.iter().map(|node| {
                    let node = inner(Some(node))?;
                    let at = self.sort_target(node, "DISTINCT ON", targets, visible, scope)?;
                    self.check_equality(targets[at].typed.ty, location(node))?;
                    Ok(at)
                });
                Ok((false, Some(on.collect::<Result<_>>()?)))
            }
        }
    }

    /// DISTINCT tells all columns apart.
    fn check_distinct(&self, query: &SelectStmt, targets: &[Named]) -> Result<()> {
        let places = super::setops::target_places(query);
        for (at, target) in targets.iter().enumerate() {
            // Where a star stands for several columns, there is no telling which is whose.
            let place = if places.len() == targets.len() { places[at] } else { -1 };
            self.check_equality(target.typed.ty, place)?;
        }
        Ok(())
    }

    /// DISTINCT ON: the first row of each group in the query's order.
    fn first_of_each(
        &mut self,
        plan: LogicalPlan,
        on: &[usize],
        query: &SelectStmt,
        sorts: &[(usize, &SortBy)],
        values: &[Typed],
    ) -> Result<LogicalPlan> {
        let place = query.distinct_clause.first().and_then(|node| node.node.as_ref()).map_or(-1, location);
        if sorts.iter().take(on.len()).any(|(at, _)| !on.contains(at)) {
            let message = "SELECT DISTINCT ON expressions must match initial ORDER BY expressions".to_owned();
            return Err(PlanError::InvalidColumnReference { message, position: self.position(place) });
        }
        let kept: Vec<Expr> = plan.schema().columns().into_iter().map(Expr::Column).collect();
        let keys = on.iter().map(|at| self.key(values[*at].clone())).collect::<Result<Vec<Expr>>>()?;
        let order = sorts.iter().map(|(at, by)| self.sort(values[*at].clone(), by)).collect::<Result<Vec<_>>>()?;
        let number = datafusion::functions_window::row_number::row_number_udwf();
        let ordered = numbered(number, keys, order);
        let plan = LogicalPlanBuilder::window_plan(plan, vec![ordered.clone()])?;
        let (relation, name) = ordered.qualified_name();
        let first = Expr::Column(Column::new(relation, name)).eq(lit(1_u64));
        let plan = LogicalPlanBuilder::from(plan).filter(first)?.project(kept)?;
        Ok(plan.build()?)
    }

    fn values(&mut self, query: &SelectStmt, scope: &Scope<'_>) -> Result<Relation> {
        let mut rows: Vec<Vec<(Typed, i32)>> = Vec::with_capacity(query.values_lists.len());
        for node in &query.values_lists {
            let NodeEnum::List(list) = inner(Some(node))? else { return Err(not_yet("this VALUES")) };
            let row = list.items.iter().map(|item| {
                let item = inner(Some(item))?;
                if let NodeEnum::SetToDefault(default) = item {
                    let message = "DEFAULT is not allowed in this context".to_owned();
                    return Err(PlanError::Grammar { message, position: self.position(default.location) });
                }
                Ok((self.expr(item, scope)?, location(item)))
            });
            let row = row.collect::<Result<Vec<_>>>()?;
            for ((typed, _), item) in row.iter().zip(&list.items) {
                self.only_rows(&typed.expr, "VALUES", inner(Some(item))?)?;
            }
            if rows.first().is_some_and(|first| first.len() != row.len()) {
                let at = list.items.first().and_then(|item| item.node.as_ref()).map_or(-1, location);
                let message = "VALUES lists must all be the same length".to_owned();
                return Err(PlanError::Grammar { message, position: self.position(at) });
            }
            rows.push(row);
        }
        let width = rows.first().map_or(0, Vec::len);
        let mut columns: Vec<Vec<Expr>> = Vec::with_capacity(width);
        let mut named = Vec::with_capacity(width);
        for at in 0..width {
            let column = rows.iter().map(|row| row[at].clone()).collect();
            let (exprs, ty, data) = self.shared(column, "VALUES")?;
            let name = format!("column{}", at + 1);
            let expr = Expr::Column(Column::new_unqualified(name.clone()));
            named.push(Named { name, typed: Typed { expr, ty, data } });
            columns.push(exprs);
        }
        let rows: Vec<Vec<Expr>> =
            (0..rows.len()).map(|row| columns.iter().map(|column| column[row].clone()).collect()).collect();
        let mut plan = match rows.iter().flatten().any(has_sub_select) {
            true => rows_of_sub_selects(rows, &named)?,
            false => LogicalPlanBuilder::values(rows)?.build()?,
        };
        plan = self.ordered_values(plan, query, &named)?;
        Ok(Relation { plan, columns: named })
    }
}

/// A window function without arguments over a window.
pub(super) fn numbered(
    function: Arc<datafusion::logical_expr::WindowUDF>,
    partition_by: Vec<Expr>,
    order_by: Vec<Sort>,
) -> Expr {
    use datafusion::logical_expr::expr::{WindowFunction, WindowFunctionParams};
    use datafusion::logical_expr::{WindowFrame, WindowFunctionDefinition};
    let window_frame = WindowFrame::new((!order_by.is_empty()).then_some(false));
    let params = WindowFunctionParams {
        args: Vec::new(),
        partition_by,
        order_by,
        window_frame,
        filter: None,
        null_treatment: None,
        distinct: false,
    };
    let fun = WindowFunctionDefinition::WindowUDF(function);
    Expr::WindowFunction(Box::new(WindowFunction { fun, params }))
}

/// Whether there are functions that return several rows in what a query gives, and in nothing that its rows are put in order by
/// or told apart (`make_sort_input_target` in planner.c).
fn late_sets(exprs: &[Expr], told_apart: &[usize]) -> Result<bool> {
    let mut is_late = false;
    for (at, expr) in exprs.iter().enumerate() {
        if super::sets::has_set(expr)? {
            if told_apart.contains(&at) {
                return Ok(false);
            }
            is_late = true;
        }
    }
    Ok(is_late)
}

/// Whether the order matters in which the rows of the one sub-select come that a query reads: it aggregates them so.
fn reads_ordered_rows(query: &SelectStmt) -> bool {
    let [from] = query.from_clause.as_slice() else { return false };
    let is_aggregate = |node: &Node| {
        let nodes = node.node.as_ref().map(|node| node.nodes()).unwrap_or_default();
        nodes.iter().any(|(node, ..)| match node {
            NodeRef::FuncCall(call) => {
                parts(&call.funcname).is_ok_and(|names| names.last().is_some_and(|n| keeps_rows(n)))
            }
            _ => false,
        })
    };
    matches!(from.node, Some(NodeEnum::RangeSubselect(_))) && query.target_list.iter().any(is_aggregate)
}

/// Aggregates whose results have the order of their rows.
pub(super) fn keeps_rows(name: &str) -> bool {
    matches!(name, "array_agg" | "string_agg" | "xmlagg") || (name.starts_with("json") && name.contains("_agg"))
}

pub(super) fn has_sub_select(expr: &Expr) -> bool {
    expr.exists(|part| Ok(matches!(part, Expr::ScalarSubquery(_) | Expr::Exists(_) | Expr::InSubquery(_))))
        .unwrap_or(true)
}

/// VALUES whose values the engine computes in a select list alone.
fn rows_of_sub_selects(rows: Vec<Vec<Expr>>, columns: &[Named]) -> Result<LogicalPlan> {
    let mut all: Option<LogicalPlanBuilder> = None;
    for row in rows {
        let named = row.into_iter().zip(columns).map(|(value, column)| value.alias(column.name.clone()));
        let row = LogicalPlanBuilder::empty(true).project(named)?.build()?;
        all = Some(match all {
            None => LogicalPlanBuilder::from(row),
            Some(before) => before.union(row)?,
        });
    }
    Ok(all.ok_or_else(|| not_yet("VALUES without rows"))?.build()?)
}

fn by_place(by: &SortBy) -> i32 {
    by.node.as_deref().and_then(|node| node.node.as_ref()).map_or(-1, location)
}

impl Binder<'_> {
    /// One key of ORDER BY: NULLs come last, or first where the order is reversed.
    pub(super) fn sort(&mut self, typed: Typed, by: &SortBy) -> Result<Sort> {
        let mut ascending = by.sortby_dir != SortByDir::SortbyDesc as i32;
        if !by.use_op.is_empty() {
            ascending = match parts(&by.use_op)?.last() {
                Some(&"<") => true,
                Some(&">") => false,
                Some(name)
                    if super::catalog::operators(name)
                        .iter()
                        .any(|known| matches!(known.arguments[..], [left, _] if left.same(typed.ty))) =>
                {
                    return Err(PlanError::Refused {
                        code: code::WRONG_OBJECT_TYPE,
                        message: format!("operator {name} is not a valid ordering operator"),
                        hint: Some("Ordering operators must be \"<\" or \">\" members of btree operator families."),
                        position: self.position(by.location),
                    });
                }
                _ => return Err(not_yet("USING in ORDER BY")),
            };
        }
        if typed.ty.is(Base::Json) || typed.ty.is(Base::Jsonpath) {
            return Err(PlanError::Refused {
                code: code::UNDEFINED_FUNCTION,
                message: format!("could not identify an ordering operator for type {}", typed.ty),
                hint: Some("Use an explicit ordering operator or modify the query."),
                position: self.position(by_place(by)),
            });
        }
        let key = self.key(typed)?;
        let nulls_first = match SortByNulls::try_from(by.sortby_nulls) {
            Ok(SortByNulls::SortbyNullsFirst) => true,
            Ok(SortByNulls::SortbyNullsLast) => false,
            _ => !ascending,
        };
        Ok(key.sort(ascending, nulls_first))
    }

    /// DISTINCT: of rows that are equal one.
    pub(super) fn without_duplicates(
        &mut self,
        plan: LogicalPlan,
        columns: &[Named],
        order: &[Sort],
    ) -> Result<LogicalPlan> {
        if columns.iter().all(|column| Self::is_plain_key(&column.typed)) {
            return Ok(LogicalPlan::Distinct(Distinct::All(Arc::new(plan))));
        }
        // Values that are equal without being the same are told apart by their keys, and the first of them is shown.
        let (mut keys, mut shown, mut kept) = (Vec::new(), Vec::new(), Vec::new());
        for column in columns {
            let Expr::Column(inside) = &column.typed.expr else { return Err(not_yet("DISTINCT of this")) };
            if Self::is_plain_key(&column.typed) {
                keys.push(column.typed.expr.clone());
                kept.push(column.typed.expr.clone());
                continue;
            }
            let key = self.key(column.typed.clone())?;
            let name = self.unique("key");
            keys.push(key.alias(name));
            let first =
                datafusion::functions_aggregate::first_last::first_value(column.typed.expr.clone(), order.to_vec());
            let name = self.unique(&inside.name);
            shown.push(first.alias(name.clone()));
            kept.push(Expr::Column(Column::new_unqualified(name)).alias(inside.name.clone()));
        }
        Ok(LogicalPlanBuilder::from(plan).aggregate(keys, shown)?.project(kept)?.build()?)
    }

    /// Windows that WINDOW names, each of which may name one before it.
    fn named_windows(&self, query: &SelectStmt) -> Result<Rc<Vec<pg_query::protobuf::WindowDef>>> {
        let mut windows: Vec<pg_query::protobuf::WindowDef> = Vec::new();
        for node in &query.window_clause {
            let NodeEnum::WindowDef(window) = inner(Some(node))? else { return Err(not_yet("this WINDOW")) };
            let position = self.position(window.location);
            if windows.iter().any(|known| known.name == window.name) {
                let message = format!("window \"{}\" is already defined", window.name);
                return Err(PlanError::refused(code::WINDOWING_ERROR, message, position));
            }
            if !window.refname.is_empty() && !windows.iter().any(|known| known.name == window.refname) {
                return Err(PlanError::refused(
                    code::UNDEFINED_OBJECT,
                    format!("window \"{}\" does not exist", window.refname),
                    position,
                ));
            }
            windows.push(window.as_ref().clone());
        }
        Ok(Rc::new(windows))
    }

    fn no_window_in_having(&self, condition: &Expr, node: &NodeEnum) -> Result<()> {
        if !super::window::has_window(condition) {
            return Ok(());
        }
        let message = "window functions are not allowed in HAVING".to_owned();
        let place = super::places::window_call(node).unwrap_or(location(node));
        Err(PlanError::refused(code::WINDOWING_ERROR, message, self.position(place)))
    }

    /// What is evaluated row by row can't have aggregates, window functions or sets in it.
    pub(super) fn only_rows(&self, expr: &Expr, clause: &str, node: &NodeEnum) -> Result<()> {
        self.no_aggregates_or_windows(expr, clause, node)?;
        self.no_sets(expr, clause, node)
    }

    /// What gives one value can't have functions in it that give several rows.
    fn no_sets(&self, expr: &Expr, clause: &str, node: &NodeEnum) -> Result<()> {
        if super::sets::has_set(expr)? {
            let message = format!("set-returning functions are not allowed in {clause}");
            let position = self.position(location(node));
            return Err(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, position));
        }
        Ok(())
    }

    pub(super) fn no_aggregates_or_windows(&self, expr: &Expr, clause: &str, node: &NodeEnum) -> Result<()> {
        let position = self.position(location(node));
        let read = self.outer_aggregate_in(expr, self.query);
        if has_aggregate(expr) || read.is_some() {
            let place = super::places::aggregate_call(node).or(read);
            let position = place.map_or(position, |place| self.position(place));
            let message = format!("aggregate functions are not allowed in {clause}");
            return Err(PlanError::Grouping { message, position });
        }
        if super::window::has_window(expr) {
            let position = super::places::window_call(node).map_or(position, |place| self.position(place));
            let message = format!("window functions are not allowed in {clause}");
            return Err(PlanError::refused(code::WINDOWING_ERROR, message, position));
        }
        Ok(())
    }
}
