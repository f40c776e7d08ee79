//! Queries: SELECT, VALUES, set operations and WITH, from their parts to a plan.

use std::collections::HashMap;
use std::rc::Rc;

use arrow::datatypes::DataType;
use datafusion::common::Column;
use datafusion::common::tree_node::TreeNode;
use datafusion::logical_expr::expr::Sort;
use datafusion::logical_expr::planner::ContextProvider;
use datafusion::logical_expr::{Distinct, Expr, LogicalPlan, LogicalPlanBuilder, lit};
use pg_query::protobuf::{
    AConst, CommonTableExpr, JoinType, LimitOption, Node, SelectStmt, SetOperation, SortBy, SortByDir, SortByNulls,
    WithClause, a_const,
};
use pg_query::{NodeEnum, NodeRef};
use std::sync::Arc;

use super::aggregate::has_aggregate;
use super::expr::{inner, location, parts};
use super::scope::{Cte, Scope};
use super::types::{Base, Coercion};
use super::{Binder, Named, Relation, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;

impl Binder<'_> {
    /// A query; `around` holds what it may name of the queries around it.
    pub(super) fn query(&mut self, query: &SelectStmt, around: &Scope<'_>) -> Result<Relation> {
        if !query.locking_clause.is_empty() || query.into_clause.is_some() {
            return Err(not_yet("locking of rows"));
        }
        let mut scope = Scope { ctes: Rc::clone(&around.ctes), outer: around.outer, ..Scope::default() };
        let (within, keeps_unknown) = (self.within.take(), std::mem::take(&mut self.keeps_unknown));
        if let Some(with) = &query.with_clause {
            self.with(with, &mut scope)?;
        }
        let relation = match SetOperation::try_from(query.op) {
            Ok(SetOperation::SetopNone) if !query.values_lists.is_empty() => self.values(query, &scope),
            Ok(SetOperation::SetopNone) => self.select(query, scope, keeps_unknown),
            Ok(operation) => self.set_operation(operation, query, &scope),
            Err(_) => Err(not_yet("this query")),
        };
        self.within = within;
        relation
    }

    fn with(&mut self, with: &WithClause, scope: &mut Scope<'_>) -> Result<()> {
        for node in &with.ctes {
            let NodeEnum::CommonTableExpr(cte) = inner(Some(node))? else { return Err(not_yet("this WITH")) };
            let tree = inner(cte.ctequery.as_deref())?;
            let position = self.position(cte.location);
            let is_same = |other: &Node| matches!(&other.node, Some(NodeEnum::CommonTableExpr(other)) if other.ctename == cte.ctename);
            if with.ctes.iter().take_while(|other| !std::ptr::eq(*other, node)).any(is_same) {
                let message = format!("WITH query name \"{}\" specified more than once", cte.ctename);
                return Err(PlanError::refused(code::DUPLICATE_ALIAS, message, position));
            }
            let NodeEnum::SelectStmt(query) = tree else { return Err(not_yet("a statement that writes under WITH")) };
            let relation = match with.recursive && names(tree, &cte.ctename) {
                true => self.recursive(query, cte, scope)?,
                false => self.query(query, scope)?,
            };
            let renamed = parts(&cte.aliascolnames)?;
            if renamed.len() > relation.columns.len() {
                let (name, has, given) = (&cte.ctename, relation.columns.len(), renamed.len());
                let message =
                    format!("WITH query \"{name}\" has {has} columns available but {given} columns specified");
                return Err(PlanError::InvalidColumnReference { message, position });
            }
            let columns = relation.columns.into_iter().enumerate().map(|(at, column)| Named {
                name: renamed.get(at).map_or(column.name.as_str(), |name| *name).to_owned(),
                ..column
            });
            let bound = Cte { columns: columns.collect(), plan: relation.plan };
            let mut ctes = HashMap::clone(&scope.ctes);
            ctes.insert(cte.ctename.clone(), Rc::new(bound));
            scope.ctes = Rc::new(ctes);
        }
        Ok(())
    }

    /// `first UNION [ALL] next`, where `next` reads what came last.
    fn recursive(&mut self, query: &SelectStmt, cte: &CommonTableExpr, scope: &Scope<'_>) -> Result<Relation> {
        let (Some(first), Some(next)) = (&query.larg, &query.rarg) else { return Err(not_yet("this WITH RECURSIVE")) };
        let is_union = SetOperation::try_from(query.op) == Ok(SetOperation::SetopUnion);
        if !is_union || !query.sort_clause.is_empty() || query.limit_count.is_some() || query.with_clause.is_some() {
            return Err(not_yet("this WITH RECURSIVE"));
        }
        if let Some((location, place)) = misplaced(next, &cte.ctename) {
            let message = format!("recursive reference to query \"{}\" must not appear within {place}", cte.ctename);
            return Err(PlanError::refused(code::INVALID_RECURSION, message, self.position(location)));
        }
        let first_places = target_places(first);
        let first = self.query(first, scope)?;
        let renamed = parts(&cte.aliascolnames)?;
        let table = self.unique(&cte.ctename);
        let (mut exprs, mut columns) = (Vec::new(), Vec::new());
        for (at, column) in first.columns.into_iter().enumerate() {
            let name = renamed.get(at).map_or(column.name.as_str(), |name| *name).to_owned();
            let unique = self.unique(&name);
            exprs.push(column.typed.expr.alias(unique.clone()));
            let expr = Expr::Column(Column::new(Some(table.clone()), unique));
            columns.push(Named { name, typed: Typed { expr, ..column.typed } });
        }
        let first = LogicalPlanBuilder::from(first.plan).project(exprs)?.build()?;
        let source = self.context.create_cte_work_table(&table, Arc::clone(first.schema().inner()))?;
        let rows = LogicalPlanBuilder::scan(table.clone(), source, None)?.build()?;
        let mut ctes = HashMap::clone(&scope.ctes);
        ctes.insert(cte.ctename.clone(), Rc::new(Cte { plan: rows, columns: columns.clone() }));
        let within = Scope { ctes: Rc::new(ctes), outer: scope.outer, ..Scope::default() };
        let next = self.query(next, &within)?;
        if next.columns.len() != columns.len() {
            let message = "each UNION query must have the same number of columns".to_owned();
            return Err(PlanError::Grammar { message, position: None });
        }
        let mut exprs = Vec::new();
        for (at, (column, want)) in next.columns.into_iter().zip(&columns).enumerate() {
            let (has, wants) = (column.typed.ty, want.typed.ty);
            let typed = self.coerce(column.typed, wants, Coercion::Implicit, -1);
            let typed = typed.ok().filter(|typed| has.base == wants.base && typed.data == want.typed.data);
            let Some(typed) = typed else {
                if has.base == wants.base {
                    return Err(not_yet("a recursive column whose digits grow"));
                }
                let position = first_places.get(at).and_then(|place| self.position(*place));
                let (name, place) = (&cte.ctename, at + 1);
                let message = format!(
                    "recursive query \"{name}\" column {place} has type {wants} in non-recursive term but type {has} overall"
                );
                return Err(PlanError::Mismatch { message, position });
            };
            let Expr::Column(named) = &want.typed.expr else { return Err(not_yet("this WITH RECURSIVE")) };
            exprs.push(typed.expr.alias(named.name.clone()));
        }
        let next = LogicalPlanBuilder::from(next.plan).project(exprs)?.build()?;
        let plan = LogicalPlanBuilder::from(first).to_recursive_query(table, next, !query.all)?.build()?;
        let unqualified = columns.into_iter().map(|column| {
            let Expr::Column(named) = &column.typed.expr else { return column };
            let expr = Expr::Column(Column::new_unqualified(named.name.clone()));
            Named { typed: Typed { expr, ..column.typed }, ..column }
        });
        Ok(Relation { columns: unqualified.collect(), plan })
    }

    fn select(&mut self, query: &SelectStmt, mut scope: Scope<'_>, keeps_unknown: bool) -> Result<Relation> {
        self.keeps_order = reads_ordered_rows(query);
        let mut plan = self.from(&query.from_clause, &mut scope)?;
        scope.windows = self.named_windows(query)?;
        if let Some(condition) = query.where_clause.as_deref() {
            let node = inner(Some(condition))?;
            let condition = self.condition(node, &scope, "WHERE")?;
            self.only_rows(&condition, "WHERE", node)?;
            plan = LogicalPlanBuilder::from(plan).filter(condition)?.build()?;
        }
        let mut targets = self.targets(&query.target_list, &scope)?;
        let groups = self.groups(query, &targets, &scope)?;
        let having = query.having_clause.as_deref();
        let having = having.map(|having| -> Result<Expr> {
            let node = inner(Some(having))?;
            let condition = self.condition(node, &scope, "HAVING")?;
            self.no_sets(&condition, "HAVING", node)?;
            Ok(condition)
        });
        let having = having.transpose()?;
        let visible = targets.len();
        let sorts = self.order_items(&query.sort_clause, &mut targets, &scope)?;
        let (is_distinct, distinct_on) = self.distinct_items(&query.distinct_clause, &mut targets, &scope)?;
        for target in &mut targets {
            let is_open = keeps_unknown && matches!(target.typed.expr, Expr::Literal(..));
            let settled = if is_open { target.typed.clone() } else { self.settled(target.typed.clone())? };
            target.typed = Typed { expr: super::sublink::as_values(settled.expr)?, ..settled };
        }
        if is_distinct {
            self.check_distinct(query, &targets[..visible])?;
        }

        let mut exprs: Vec<Expr> = targets.iter().map(|target| target.typed.expr.clone()).collect();
        let is_grouped = !query.group_clause.is_empty() || having.is_some() || exprs.iter().any(has_aggregate);
        if is_grouped {
            exprs.extend(having);
            let (unfolded, groups, read) = self.unfold_groups(plan, groups, exprs)?;
            let (grouped, mut above) = self.group(unfolded, groups, read)?;
            plan = grouped;
            if above.len() > targets.len()
                && let Some(condition) = above.pop()
            {
                plan = LogicalPlanBuilder::from(plan).filter(condition)?.build()?;
            }
            exprs = above;
        }
        let (windowed, exprs) = self.windows(plan, exprs)?;
        let (windowed, exprs) = self.unfold(windowed, exprs)?;

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
            plan = self.without_duplicates(plan, &columns)?;
        }
        if let Some(on) = distinct_on {
            let first = query.distinct_clause.first().and_then(|node| node.node.as_ref()).map_or(-1, location);
            plan = self.first_of_each(plan, &on, first, &sorts, &columns)?;
        } else if !sorts.is_empty() {
            let sorts = sorts.iter().map(|(at, by)| self.sort(key(*at), by)).collect::<Result<Vec<_>>>()?;
            plan = match self.ties(query, &sorts, &plan)? {
                Some(plan) => plan,
                None => LogicalPlanBuilder::from(plan).sort(sorts)?.build()?,
            };
        }
        if LimitOption::try_from(query.limit_option) != Ok(LimitOption::WithTies) {
            plan = self.limit(plan, query)?;
        }
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
        nodes
            .iter()
            .map(|node| {
                let NodeEnum::SortBy(by) = inner(Some(node))? else { return Err(not_yet("this ORDER BY")) };
                let node = inner(by.node.as_deref())?;
                let at = self.sort_target(node, targets, visible, scope)?;
                if by.use_op.is_empty() {
                    self.check_order(targets[at].typed.ty, location(node))?;
                }
                Ok((at, by.as_ref()))
            })
            .collect()
    }

    fn sort_target(
        &mut self,
        node: &NodeEnum,
        targets: &mut Vec<Named>,
        visible: usize,
        scope: &Scope<'_>,
    ) -> Result<usize> {
        if let NodeEnum::AConst(AConst { val: Some(a_const::Val::Ival(place)), location, .. }) = node {
            self.target_at(place.ival, &targets[..visible], "ORDER BY", *location)?;
            return Ok(place.ival as usize - 1);
        }
        if let NodeEnum::AConst(constant) = node {
            let message = "non-integer constant in ORDER BY".to_owned();
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
                        message: format!("ORDER BY \"{name}\" is ambiguous"),
                        position,
                    });
                }
                return Ok(at);
            }
        }
        let typed = self.expr(node, scope)?;
        if let Some(at) = targets.iter().position(|target| target.typed.expr == typed.expr) {
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
                    let at = self.sort_target(node, targets, visible, scope)?;
                    self.check_equality(targets[at].typed.ty, location(node))?;
                    Ok(at)
                });
                Ok((false, Some(on.collect::<Result<_>>()?)))
            }
        }
    }

    /// DISTINCT tells all columns apart.
    fn check_distinct(&self, query: &SelectStmt, targets: &[Named]) -> Result<()> {
        let places = target_places(query);
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
        place: i32,
        sorts: &[(usize, &SortBy)],
        columns: &[Named],
    ) -> Result<LogicalPlan> {
        if sorts.iter().take(on.len()).any(|(at, _)| !on.contains(at)) {
            let message = "SELECT DISTINCT ON expressions must match initial ORDER BY expressions".to_owned();
            return Err(PlanError::InvalidColumnReference { message, position: self.position(place) });
        }
        let keys = on.iter().map(|at| self.key(columns[*at].typed.clone())).collect::<Result<Vec<Expr>>>()?;
        let order =
            sorts.iter().map(|(at, by)| self.sort(columns[*at].typed.clone(), by)).collect::<Result<Vec<_>>>()?;
        let number = datafusion::functions_window::row_number::row_number_udwf();
        let ordered = self.numbered(number, keys, order.clone());
        let plan = LogicalPlanBuilder::window_plan(plan, vec![ordered.clone()])?;
        let (relation, name) = ordered.qualified_name();
        let first = Expr::Column(Column::new(relation, name)).eq(lit(1_u64));
        let kept = columns.iter().map(|column| column.typed.expr.clone());
        let plan = LogicalPlanBuilder::from(plan).filter(first)?.project(kept)?;
        Ok(if order.is_empty() { plan.build()? } else { plan.sort(order)?.build()? })
    }

    fn numbered(
        &self,
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

    /// FETCH FIRST n ROWS WITH TIES: the rows whose rank is at most n.
    fn ties(&mut self, query: &SelectStmt, sorts: &[Sort], plan: &LogicalPlan) -> Result<Option<LogicalPlan>> {
        if LimitOption::try_from(query.limit_option) != Ok(LimitOption::WithTies) {
            return Ok(None);
        }
        let (Some(count), None) = (query.limit_count.as_deref(), &query.limit_offset) else {
            return Err(not_yet("OFFSET beside WITH TIES"));
        };
        let count = self.expr(inner(Some(count))?, &Scope::default())?;
        let count = self.coerce(count, Base::Int8.into(), Coercion::Implicit, -1)?;
        let rank = self.numbered(datafusion::functions_window::rank::rank_udwf(), Vec::new(), sorts.to_vec());
        let (relation, name) = rank.qualified_name();
        let columns: Vec<Expr> = plan.schema().columns().into_iter().map(Expr::Column).collect();
        let ranked = LogicalPlanBuilder::window_plan(plan.clone(), vec![rank])?;
        let rank = datafusion::logical_expr::cast(Expr::Column(Column::new(relation, name)), DataType::Int64);
        let plan = LogicalPlanBuilder::from(ranked).filter(rank.lt_eq(count.expr))?.project(columns)?;
        Ok(Some(plan.sort(sorts.to_vec())?.build()?))
    }

    fn limit(&mut self, plan: LogicalPlan, query: &SelectStmt) -> Result<LogicalPlan> {
        let mut count = |node: Option<&Node>, clause: &'static str| -> Result<Option<Expr>> {
            let Some(node) = node else { return Ok(None) };
            let node = inner(Some(node))?;
            if matches!(node, NodeEnum::AConst(constant) if constant.isnull) {
                return Ok(None);
            }
            let typed = self.within(clause, |binder| binder.expr(node, &Scope::default()))?;
            Ok(Some(self.coerce(typed, Base::Int8.into(), Coercion::Implicit, location(node))?.expr))
        };
        let skip = count(query.limit_offset.as_deref(), "OFFSET")?;
        let fetch = count(query.limit_count.as_deref(), "LIMIT")?;
        if skip.is_none() && fetch.is_none() {
            return Ok(plan);
        }
        Ok(LogicalPlanBuilder::from(plan).limit_by_expr(skip, fetch)?.build()?)
    }

    fn values(&mut self, query: &SelectStmt, scope: &Scope<'_>) -> Result<Relation> {
        let mut rows: Vec<Vec<(Typed, i32)>> = Vec::with_capacity(query.values_lists.len());
        for node in &query.values_lists {
            let NodeEnum::List(list) = inner(Some(node))? else { return Err(not_yet("this VALUES")) };
            let row = list.items.iter().map(|item| {
                let item = inner(Some(item))?;
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
        plan = self.ordered_by_name(plan, query, &named)?;
        Ok(Relation { plan, columns: named })
    }

    /// ORDER BY and LIMIT of what has no tables to name: by the result's columns alone.
    fn ordered_by_name(&mut self, plan: LogicalPlan, query: &SelectStmt, columns: &[Named]) -> Result<LogicalPlan> {
        let mut targets = columns.to_vec();
        let sorts = self.order_items(&query.sort_clause, &mut targets, &Scope::default())?;
        if targets.len() > columns.len() {
            return Err(not_yet("ORDER BY an expression over a set operation"));
        }
        let sorts =
            sorts.iter().map(|(at, by)| self.sort(targets[*at].typed.clone(), by)).collect::<Result<Vec<_>>>()?;
        let plan = if sorts.is_empty() { plan } else { LogicalPlanBuilder::from(plan).sort(sorts)?.build()? };
        if LimitOption::try_from(query.limit_option) == Ok(LimitOption::WithTies) {
            return Err(not_yet("WITH TIES over a set operation"));
        }
        self.limit(plan, query)
    }

    /// One side of a set operation: constants without a type get the other side's.
    fn arm(&mut self, query: &SelectStmt, scope: &Scope<'_>) -> Result<Relation> {
        self.keeps_unknown = true;
        let Relation { plan, mut columns } = self.query(query, scope)?;
        if let LogicalPlan::Projection(projection) = &plan {
            for (column, expr) in columns.iter_mut().zip(&projection.expr) {
                if column.typed.ty.is(Base::Unknown) && matches!(expr.clone().unalias(), Expr::Literal(..)) {
                    column.typed.expr = expr.clone().unalias();
                }
            }
        }
        Ok(Relation { plan, columns })
    }

    fn set_operation(&mut self, operation: SetOperation, query: &SelectStmt, scope: &Scope<'_>) -> Result<Relation> {
        let (Some(left), Some(right)) = (&query.larg, &query.rarg) else { return Err(not_yet("this set operation")) };
        let (left_places, places) = (leftmost_places(left), target_places(right));
        let (left, right) = (self.arm(left, scope)?, self.arm(right, scope)?);
        let name = match operation {
            SetOperation::SetopUnion => "UNION",
            SetOperation::SetopIntersect => "INTERSECT",
            _ => "EXCEPT",
        };
        if left.columns.len() != right.columns.len() {
            let message = format!("each {name} query must have the same number of columns");
            let position = places.first().and_then(|place| self.position(*place));
            return Err(PlanError::Grammar { message, position });
        }
        let (mut lefts, mut rights, mut columns) = (Vec::new(), Vec::new(), Vec::new());
        for (at, (a, b)) in left.columns.into_iter().zip(right.columns).enumerate() {
            let place = places.get(at).copied().unwrap_or(-1);
            let is_left = !a.typed.ty.is(Base::Unknown);
            let (mut exprs, ty, data) = self.shared(vec![(a.typed, -1), (b.typed, place)], name)?;
            if !(query.all && operation == SetOperation::SetopUnion) {
                let place = if is_left { left_places.get(at).copied().unwrap_or(-1) } else { place };
                self.check_equality(ty, place)?;
            }
            let unique = self.unique(&a.name);
            let (Some(right), Some(left)) = (exprs.pop(), exprs.pop()) else {
                return Err(not_yet("this set operation"));
            };
            lefts.push(left.alias(unique.clone()));
            rights.push(right.alias(unique.clone()));
            let expr = Expr::Column(Column::new_unqualified(unique));
            let typed = Typed { expr, ty, data };
            if !query.all && operation != SetOperation::SetopUnion && !Self::is_plain_key(&typed) {
                return Err(not_yet("a set operation over this type"));
            }
            columns.push(Named { name: a.name, typed });
        }
        let left = LogicalPlanBuilder::from(left.plan).project(lefts)?.build()?;
        let right = LogicalPlanBuilder::from(right.plan).project(rights)?.build()?;
        let plan = match (operation, query.all) {
            (SetOperation::SetopUnion, true) => LogicalPlanBuilder::from(left).union(right)?.build()?,
            (SetOperation::SetopUnion, false) => {
                let all = LogicalPlanBuilder::from(left).union(right)?.build()?;
                self.without_duplicates(all, &columns)?
            }
            (SetOperation::SetopIntersect, false) => LogicalPlanBuilder::intersect(left, right, false)?,
            (SetOperation::SetopExcept, false) => LogicalPlanBuilder::except(left, right, false)?,
            _ => return Err(not_yet("ALL of this set operation")),
        };
        let plan = self.ordered_by_name(plan, query, &columns)?;
        Ok(Relation { plan, columns })
    }
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

fn has_sub_select(expr: &Expr) -> bool {
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

/// Where the expressions of a select list begin.
fn target_places(query: &SelectStmt) -> Vec<i32> {
    let place = |node: &Node| match &node.node {
        Some(NodeEnum::ResTarget(target)) => target.val.as_deref().and_then(|v| v.node.as_ref()).map_or(-1, location),
        _ => -1,
    };
    query.target_list.iter().map(place).collect()
}

/// The same of the first query of a set operation.
fn leftmost_places(query: &SelectStmt) -> Vec<i32> {
    let mut first = query;
    while let Some(left) = first.larg.as_deref() {
        first = left;
    }
    target_places(first)
}

/// Where a recursive query reads itself where it must not: beside an outer join that may give NULLs instead, or in a
/// sub-select of an expression.
fn misplaced(query: &SelectStmt, table: &str) -> Option<(i32, &'static str)> {
    let reads = |node: &NodeRef<'_>| match node {
        NodeRef::RangeVar(var) if var.schemaname.is_empty() && var.relname == table => Some(var.location),
        _ => None,
    };
    let within = |node: &Node| node.node.as_ref()?.nodes().iter().find_map(|(node, ..)| reads(node));
    let all = NodeEnum::SelectStmt(Box::new(query.clone()));
    all.nodes().iter().find_map(|(node, ..)| match node {
        NodeRef::JoinExpr(join) => {
            let (left, right) = (join.larg.as_deref(), join.rarg.as_deref());
            let sides = match JoinType::try_from(join.jointype) {
                Ok(JoinType::JoinLeft) => [None, right],
                Ok(JoinType::JoinRight) => [left, None],
                Ok(JoinType::JoinFull) => [left, right],
                _ => [None, None],
            };
            sides.into_iter().flatten().find_map(within).map(|at| (at, "an outer join"))
        }
        NodeRef::SubLink(link) => link.subselect.as_deref().and_then(within).map(|at| (at, "a subquery")),
        _ => None,
    })
}

/// Whether a query reads a table of that name anywhere.
fn names(query: &NodeEnum, table: &str) -> bool {
    query
        .nodes()
        .iter()
        .any(|(node, ..)| matches!(node, NodeRef::RangeVar(var) if var.schemaname.is_empty() && var.relname == table))
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
                _ => return Err(not_yet("USING in ORDER BY")),
            };
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
    fn without_duplicates(&mut self, plan: LogicalPlan, columns: &[Named]) -> Result<LogicalPlan> {
        if columns.iter().all(|column| Self::is_plain_key(&column.typed)) {
            return Ok(LogicalPlan::Distinct(Distinct::All(Arc::new(plan))));
        }
        // Values that are equal without being the same are told apart by their keys, and one of them is shown.
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
            let first = datafusion::functions_aggregate::first_last::first_value(column.typed.expr.clone(), Vec::new());
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
        if has_aggregate(expr) {
            let message = format!("aggregate functions are not allowed in {clause}");
            return Err(PlanError::Grouping { message, position });
        }
        if expr.exists(|part| Ok(matches!(part, Expr::WindowFunction(_))))? {
            let message = format!("window functions are not allowed in {clause}");
            return Err(PlanError::refused(code::WINDOWING_ERROR, message, position));
        }
        Ok(())
    }
}
