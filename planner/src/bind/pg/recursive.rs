//! WITH, and the queries under it that read themselves.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use arrow::datatypes::{Fields, Schema};
use datafusion::common::Column;
use datafusion::logical_expr::planner::ContextProvider;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};
use pg_query::protobuf::{CommonTableExpr, JoinType, Node, SelectStmt, SetOperation, WithClause};
use pg_query::{NodeEnum, NodeRef};

use super::coerce::freed;
use super::expr::{inner, location, parts};
use super::resolve::common_type;
use super::scope::{Cte, Scope};
use super::search::Added;
use super::types::Coercion;
use super::{Binder, Named, Relation, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;

impl Binder<'_> {
    pub(super) fn with(&mut self, with: &WithClause, scope: &mut Scope<'_>) -> Result<()> {
        for node in self.in_order(with)? {
            let NodeEnum::CommonTableExpr(cte) = inner(Some(node))? else { return Err(not_yet("this WITH")) };
            let tree = inner(cte.ctequery.as_deref())?;
            let position = self.position(cte.location);
            let is_same = |other: &Node| matches!(&other.node, Some(NodeEnum::CommonTableExpr(other)) if other.ctename == cte.ctename);
            if with.ctes.iter().take_while(|other| !std::ptr::eq(*other, node)).any(is_same) {
                let message = format!("WITH query name \"{}\" specified more than once", cte.ctename);
                return Err(PlanError::refused(code::DUPLICATE_ALIAS, message, position));
            }
            let NodeEnum::SelectStmt(query) = tree else { return Err(not_yet("a statement that writes under WITH")) };
            let added = self.added(cte, scope)?;
            let before = self.reads;
            let is_recursive = with.recursive && names(tree, &cte.ctename);
            let (relation, own) = match is_recursive {
                true => self.recursive(query, cte, &added, scope)?,
                false => {
                    let relation = self.query(query, scope)?;
                    let own = relation.columns.len();
                    (relation, own)
                }
            };
            let renamed = parts(&cte.aliascolnames)?;
            if renamed.len() > own {
                let (name, has, given) = (&cte.ctename, own, renamed.len());
                let message =
                    format!("WITH query \"{name}\" has {has} columns available but {given} columns specified");
                return Err(PlanError::InvalidColumnReference { message, position });
            }
            if !is_recursive && !added.columns.is_empty() {
                return Err(self.not_recursive(cte));
            }
            let added = relation.columns.len() - own;
            let columns = relation.columns.into_iter().enumerate().map(|(at, column)| Named {
                name: renamed.get(at).map_or(column.name.as_str(), |name| *name).to_owned(),
                ..column
            });
            // It is read where it is named.
            let reads = (self.reads - before).max(1);
            self.reads = before;
            let bound = Cte { columns: columns.collect(), plan: relation.plan, added, reads };
            let mut ctes = HashMap::clone(&scope.ctes);
            ctes.insert(cte.ctename.clone(), Rc::new(bound));
            scope.own_ctes.insert(cte.ctename.clone());
            scope.ctes = Rc::new(ctes);
        }
        Ok(())
    }

    /// `first UNION [ALL] next`, where `next` reads what came last; also tells how many of the columns are its own.
    fn recursive(
        &mut self,
        query: &SelectStmt,
        cte: &CommonTableExpr,
        added: &Added<'_>,
        scope: &Scope<'_>,
    ) -> Result<(Relation, usize)> {
        let (first_term, next) = self.terms(query, cte)?;
        let first_places = super::setops::target_places(first_term);
        let next_places = super::setops::target_places(next);
        let first = self.query(first_term, scope)?;
        let renamed = parts(&cte.aliascolnames)?;
        let table = self.unique(&cte.ctename);
        let (mut exprs, mut columns) = (Vec::new(), Vec::new());
        for (at, column) in first.columns.into_iter().enumerate() {
            let name = renamed.get(at).map_or(column.name.as_str(), |name| *name).to_owned();
            let unique = self.unique(&name);
            // The digits of a numeric may grow from row to row.
            let typed = self.settled(column.typed)?;
            let typed = Typed { ty: typed.ty, ..freed(typed)? };
            exprs.push(typed.expr.alias(unique.clone()));
            let expr = Expr::Column(Column::new(Some(table.clone()), unique));
            columns.push(Named { name, typed: Typed { expr, ..typed } });
        }
        let first = LogicalPlanBuilder::from(first.plan).project(exprs)?.build()?;
        let fields = first.schema().fields().iter().cloned();
        let fields = fields.chain(added.columns.iter().map(|column| Arc::new(column.field())));
        let source = self.context.create_cte_work_table(&table, Arc::new(Schema::new(fields.collect::<Fields>())))?;
        let rows = LogicalPlanBuilder::scan(table.clone(), source, None)?.build()?;
        let mut ctes = HashMap::clone(&scope.ctes);
        let before = added.columns.iter().map(|column| {
            let expr = Expr::Column(Column::new(Some(table.clone()), column.inside.clone()));
            match column.is_shown() {
                true => column.named(expr),
                false => Named { name: column.inside.clone(), ..column.named(expr) },
            }
        });
        let all = columns.iter().cloned().chain(before).collect();
        ctes.insert(
            cte.ctename.clone(),
            Rc::new(Cte { plan: rows, columns: all, added: added.columns.len(), reads: 1 }),
        );
        let hidden = scope.hidden.clone();
        let within = Scope { ctes: Rc::new(ctes), outer: scope.outer, hidden, ..Scope::default() };
        let reference = match added.columns.is_empty() {
            true => None,
            false => {
                if let Err(error) = self.check_added(cte, (first_term, next), &columns) {
                    // That the recursive term names what is there twice is found first.
                    return Err(match self.arm(next, &within) {
                        Err(ambiguous @ PlanError::AmbiguousColumn { .. }) => ambiguous,
                        _ => error,
                    });
                }
                super::search::reference(next, &cte.ctename)?
            }
        };
        let mut next = match reference {
            None => self.arm(next, &within)?,
            Some(reference) => {
                let next = self.with_added(next, reference, added)?;
                self.arm(&next, &within)?
            }
        };
        let behind = next.columns.len() - reference.map_or(0, |_| added.columns.len());
        let before: Vec<Named> = next.columns.split_off(behind);
        if next.columns.len() != columns.len() {
            let message = "each UNION query must have the same number of columns".to_owned();
            let position = next_places.first().and_then(|place| self.position(*place));
            return Err(PlanError::Grammar { message, position });
        }
        let exprs = self.fitted(next.columns, &columns, cte, (&first_places, &next_places))?;
        let unqualified = columns.into_iter().map(|column| {
            let Expr::Column(named) = &column.typed.expr else { return column };
            let expr = Expr::Column(Column::new_unqualified(named.name.clone()));
            Named { typed: Typed { expr, ..column.typed }, ..column }
        });
        let mut columns: Vec<Named> = unqualified.collect();
        let own = columns.len();
        let (first, next) = match added.columns.is_empty() {
            true => (first, LogicalPlanBuilder::from(next.plan).project(exprs)?.build()?),
            false => {
                if reference.is_none() {
                    let name = &cte.ctename;
                    let message = format!(
                        "with a SEARCH or CYCLE clause, the recursive reference to WITH query \"{name}\" must be at the top level of its right-hand SELECT"
                    );
                    return Err(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, None));
                }
                let next = LogicalPlanBuilder::from(next.plan);
                self.beside_added(added, &columns, first, (next, exprs), before)?
            }
        };
        let plan = LogicalPlanBuilder::from(first).to_recursive_query(table, next, !query.all)?.build()?;
        let shown = added.columns.iter().filter(|column| column.is_shown());
        columns.extend(shown.map(|column| column.named(Expr::Column(Column::new_unqualified(column.inside.clone())))));
        Ok((Relation { columns, plan }, own))
    }

    /// The recursive term's columns in the types of the other one's, which they can't change.
    fn fitted(
        &mut self,
        given: Vec<Named>,
        columns: &[Named],
        cte: &CommonTableExpr,
        (first_places, next_places): (&[i32], &[i32]),
    ) -> Result<Vec<Expr>> {
        let mut exprs = Vec::with_capacity(columns.len());
        for (at, (column, want)) in given.into_iter().zip(columns).enumerate() {
            let (has, wants) = (column.typed.ty, want.typed.ty);
            let place = next_places.get(at).copied().unwrap_or(-1);
            let overall = common_type(&[wants, has]).map_err(|_| {
                let message = format!("UNION types {wants} and {has} cannot be matched");
                PlanError::Mismatch { message, position: self.position(place) }
            })?;
            if !overall.same(wants) {
                let position = first_places.get(at).and_then(|place| self.position(*place));
                let (name, at) = (&cte.ctename, at + 1);
                let message = format!(
                    "recursive query \"{name}\" column {at} has type {wants} in non-recursive term but type {overall} overall"
                );
                let hint = Some("Cast the output of the non-recursive term to the correct type.");
                return Err(PlanError::Refused { code: code::DATATYPE_MISMATCH, message, hint, position });
            }
            let typed = self.coerce(column.typed, wants, Coercion::Implicit, place)?;
            let typed = Typed { ty: typed.ty, ..freed(typed)? };
            if typed.data != want.typed.data {
                return Err(not_yet("a recursive column whose digits grow"));
            }
            let Expr::Column(named) = &want.typed.expr else { return Err(not_yet("this WITH RECURSIVE")) };
            exprs.push(typed.expr.alias(named.name.clone()));
        }
        Ok(exprs)
    }

    /// Both terms with what SEARCH and CYCLE add behind their own columns.
    fn beside_added(
        &mut self,
        added: &Added<'_>,
        own: &[Named],
        first: LogicalPlan,
        (next, mut exprs): (LogicalPlanBuilder, Vec<Expr>),
        before: Vec<Named>,
    ) -> Result<(LogicalPlan, LogicalPlan)> {
        let shown = |values: Vec<Expr>| {
            let added =
                values.into_iter().zip(&added.columns).map(|(value, column)| value.alias(column.inside.clone()));
            own.iter().map(|column| column.typed.expr.clone()).chain(added).collect::<Vec<_>>()
        };
        let values = self.added_values(added, own, None)?;
        let first = LogicalPlanBuilder::from(first).project(shown(values))?.build()?;
        let mut old = Vec::with_capacity(before.len());
        for column in before {
            let name = self.unique(&column.name);
            exprs.push(column.typed.expr.alias(name.clone()));
            old.push(Expr::Column(Column::new_unqualified(name)));
        }
        let mut next = next.project(exprs)?;
        if let Some(condition) = self.goes_on(added, &old)? {
            next = next.filter(condition)?;
        }
        let values = self.added_values(added, own, Some(&old))?;
        Ok((first, next.project(shown(values))?.build()?))
    }

    /// The two terms of a recursive query, once it is known to be one (`parse_cte.c`).
    fn terms<'q>(&self, query: &'q SelectStmt, cte: &CommonTableExpr) -> Result<(&'q SelectStmt, &'q SelectStmt)> {
        let name = cte.ctename.as_str();
        let wrong =
            |message: String, at: i32| Err(PlanError::refused(code::INVALID_RECURSION, message, self.position(at)));
        let is_union = SetOperation::try_from(query.op) == Ok(SetOperation::SetopUnion);
        let (true, Some(first), Some(next)) = (is_union, &query.larg, &query.rarg) else {
            let message = format!(
                "recursive query \"{name}\" does not have the form non-recursive-term UNION [ALL] recursive-term"
            );
            return wrong(message, cte.location);
        };
        let mut found = References { name, all: Vec::new() };
        if let Some(with) = &query.with_clause {
            found.with(with, Some("a subquery"));
        }
        found.query(first, Some("its non-recursive term"));
        found.query(next, None);
        for (count, (location, place)) in found.all.iter().enumerate() {
            let reference = format!("recursive reference to query \"{name}\" must not appear");
            match place {
                Some(place) => return wrong(format!("{reference} within {place}"), *location),
                None if count > 0 => return wrong(format!("{reference} more than once"), *location),
                None => {}
            }
        }
        if query.with_clause.is_some() {
            return Err(not_yet("WITH inside of a recursive query"));
        }
        let place = |node: Option<&Node>| node.and_then(|node| node.node.as_ref()).map_or(-1, location);
        let by = query.sort_clause.first().and_then(|node| match &node.node {
            Some(NodeEnum::SortBy(by)) => by.node.as_deref(),
            _ => None,
        });
        let extras = [
            ("ORDER BY", !query.sort_clause.is_empty(), by),
            ("OFFSET", query.limit_offset.is_some(), query.limit_offset.as_deref()),
            ("LIMIT", query.limit_count.is_some(), query.limit_count.as_deref()),
        ];
        if let Some((what, _, node)) = extras.into_iter().find(|(_, has, _)| *has) {
            let message = format!("{what} in a recursive query is not implemented");
            return Err(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, self.position(place(node))));
        }
        let reads_itself = next.from_clause.iter().filter_map(|node| node.node.as_ref()).any(|node| reads(node, name));
        let targets = next.target_list.iter().chain(next.having_clause.as_deref());
        let aggregate = targets.filter_map(|node| node.node.as_ref()).find_map(super::places::aggregate_call);
        match aggregate.filter(|_| reads_itself) {
            Some(at) => {
                wrong("aggregate functions are not allowed in a recursive query's recursive term".to_owned(), at)
            }
            None => Ok((first, next)),
        }
    }

    /// The queries of WITH, each behind those that it names: under RECURSIVE they may stand in any order.
    fn in_order<'q>(&self, with: &'q WithClause) -> Result<Vec<&'q Node>> {
        if !with.recursive {
            return Ok(with.ctes.iter().collect());
        }
        let mut left: Vec<(&Node, &CommonTableExpr)> = Vec::with_capacity(with.ctes.len());
        for node in &with.ctes {
            let NodeEnum::CommonTableExpr(cte) = inner(Some(node))? else { return Err(not_yet("this WITH")) };
            left.push((node, cte));
        }
        let mut ordered = Vec::with_capacity(left.len());
        while let Some((_, first)) = left.first() {
            let is_free = |(_, cte): &(&Node, &CommonTableExpr)| {
                let tree = cte.ctequery.as_deref().and_then(|query| query.node.as_ref());
                let needs = |other: &CommonTableExpr| {
                    other.ctename != cte.ctename && tree.is_some_and(|tree| names(tree, &other.ctename))
                };
                !left.iter().any(|(_, other)| needs(other))
            };
            let Some(at) = left.iter().position(is_free) else {
                let message = "mutual recursion between WITH items is not implemented".to_owned();
                let position = self.position(first.location);
                return Err(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, position));
            };
            ordered.push(left.remove(at).0);
        }
        Ok(ordered)
    }
}

/// Where a recursive query names itself, and in what it must not.
struct References<'n> {
    name: &'n str,
    all: Vec<(i32, Option<&'static str>)>,
}

impl References<'_> {
    fn with(&mut self, with: &WithClause, place: Option<&'static str>) {
        for node in &with.ctes {
            if let Some(NodeEnum::CommonTableExpr(cte)) = &node.node
                && let Some(NodeEnum::SelectStmt(query)) = cte.ctequery.as_deref().and_then(|query| query.node.as_ref())
            {
                self.query(query, place);
            }
        }
    }

    fn query(&mut self, query: &SelectStmt, place: Option<&'static str>) {
        if let Some(with) = &query.with_clause {
            let is_hidden =
                |node: &Node| matches!(&node.node, Some(NodeEnum::CommonTableExpr(cte)) if cte.ctename == self.name);
            if with.ctes.iter().any(is_hidden) {
                return;
            }
            self.with(with, place);
        }
        if let (Some(left), Some(right)) = (&query.larg, &query.rarg) {
            let (of_left, of_right) = match SetOperation::try_from(query.op) {
                Ok(SetOperation::SetopIntersect) => (place.or(Some("INTERSECT")), place.or(Some("INTERSECT"))),
                Ok(SetOperation::SetopExcept) => (place, place.or(Some("EXCEPT"))),
                _ => (place, place),
            };
            self.query(left, of_left);
            self.query(right, of_right);
            return;
        }
        let conditions = query.where_clause.as_deref().into_iter().chain(query.having_clause.as_deref());
        for node in query.target_list.iter().chain(query.values_lists.iter()) {
            self.expression(node, place);
        }
        for node in &query.from_clause {
            self.from(node, place);
        }
        for node in conditions.chain(&query.group_clause).chain(&query.sort_clause) {
            self.expression(node, place);
        }
    }

    fn from(&mut self, node: &Node, place: Option<&'static str>) {
        match &node.node {
            Some(NodeEnum::RangeVar(var)) if var.schemaname.is_empty() && var.relname == self.name => {
                self.all.push((var.location, place));
            }
            Some(NodeEnum::RangeSubselect(sub)) => {
                if let Some(NodeEnum::SelectStmt(query)) = sub.subquery.as_deref().and_then(|query| query.node.as_ref())
                {
                    self.query(query, place);
                }
            }
            Some(NodeEnum::JoinExpr(join)) => {
                let outer = place.or(Some("an outer join"));
                let (left, right) = match JoinType::try_from(join.jointype) {
                    Ok(JoinType::JoinLeft) => (place, outer),
                    Ok(JoinType::JoinRight) => (outer, place),
                    Ok(JoinType::JoinFull) => (outer, outer),
                    _ => (place, place),
                };
                for (side, place) in [(&join.larg, left), (&join.rarg, right)] {
                    if let Some(side) = side.as_deref() {
                        self.from(side, place);
                    }
                }
                if let Some(condition) = join.quals.as_deref() {
                    self.expression(condition, place);
                }
            }
            _ => {}
        }
    }

    /// The sub-selects of an expression.
    fn expression(&mut self, node: &Node, place: Option<&'static str>) {
        let nodes = node.node.as_ref().map(|node| node.nodes()).unwrap_or_default();
        for (node, ..) in nodes {
            if let NodeRef::SubLink(link) = node
                && let Some(NodeEnum::SelectStmt(query)) =
                    link.subselect.as_deref().and_then(|query| query.node.as_ref())
            {
                self.query(query, place.or(Some("a subquery")));
            }
        }
    }
}

/// Whether an item of FROM is the table of that name, or a join with it.
fn reads(node: &NodeEnum, table: &str) -> bool {
    let within = |node: &Option<Box<Node>>| {
        node.as_deref().and_then(|node| node.node.as_ref()).is_some_and(|node| reads(node, table))
    };
    match node {
        NodeEnum::RangeVar(var) => var.schemaname.is_empty() && var.relname == table,
        NodeEnum::JoinExpr(join) => within(&join.larg) || within(&join.rarg),
        _ => false,
    }
}

/// Whether a query reads a table of that name anywhere.
fn names(query: &NodeEnum, table: &str) -> bool {
    query
        .nodes()
        .iter()
        .any(|(node, ..)| matches!(node, NodeRef::RangeVar(var) if var.schemaname.is_empty() && var.relname == table))
}
