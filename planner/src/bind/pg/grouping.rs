//! GROUP BY: its items and grouping sets.

use std::sync::Arc;

use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::{Expr, lit};
use pg_query::NodeEnum;
use pg_query::protobuf::{AConst, GroupingFunc, GroupingSet, GroupingSetKind, Node, SelectStmt, a_const};

use super::aggregate::has_aggregate;
use super::expr::{inner, location, parts};
use super::scope::Scope;
use super::sets::has_set;
use super::types::Base;
use super::window::has_window;
use super::{Binder, Named, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::call;

/// More sets than these of one query are refused (PostgreSQL's own limit on CUBE).
const MAX_SETS: usize = 4096;

/// What GROUP BY says.
#[derive(Default)]
pub(super) struct Groups {
    /// Each once.
    pub items: Vec<Typed>,
    /// The sets, by the items' places; none if there is one set of all items.
    pub sets: Option<Vec<Vec<usize>>>,
}

impl Binder<'_> {
    pub(super) fn groups(&mut self, query: &SelectStmt, targets: &mut [Named], scope: &Scope<'_>) -> Result<Groups> {
        let mut groups = Groups::default();
        let has_sets = query.group_clause.iter().any(|node| matches!(node.node, Some(NodeEnum::GroupingSet(_))));
        if has_sets {
            tell_apart(targets)?;
        }
        let targets = &*targets;
        let mut sets: Vec<Vec<usize>> = vec![Vec::new()];
        for node in &query.group_clause {
            let alternatives = self.alternatives_of(inner(Some(node))?, &mut groups, targets, scope)?;
            sets = product(&sets, &alternatives)?;
        }
        if query.group_distinct {
            let mut seen = std::collections::HashSet::new();
            sets.retain(|set| seen.insert(set.clone()));
        }
        if has_sets {
            groups.sets = Some(sets);
        }
        Ok(groups)
    }

    /// The sets that an item of GROUP BY stands for.
    fn alternatives_of(
        &mut self,
        node: &NodeEnum,
        groups: &mut Groups,
        targets: &[Named],
        scope: &Scope<'_>,
    ) -> Result<Vec<Vec<usize>>> {
        let NodeEnum::GroupingSet(set) = node else {
            return Ok(vec![self.members(node, groups, targets, scope)?]);
        };
        let GroupingSet { kind, content, .. } = set;
        let kind = GroupingSetKind::try_from(*kind).map_err(|_| not_yet("this grouping set"))?;
        match kind {
            GroupingSetKind::GroupingSetEmpty => Ok(vec![Vec::new()]),
            GroupingSetKind::GroupingSetSets => {
                let mut all = Vec::new();
                for node in content {
                    all.extend(self.alternatives_of(inner(Some(node))?, groups, targets, scope)?);
                }
                Ok(all)
            }
            GroupingSetKind::GroupingSetRollup => {
                let parts = self.each_members(content, groups, targets, scope)?;
                Ok((0..=parts.len()).rev().map(|count| parts[..count].concat()).collect())
            }
            GroupingSetKind::GroupingSetCube => {
                let parts = self.each_members(content, groups, targets, scope)?;
                if parts.len() > 12 {
                    let message = "CUBE is limited to 12 elements".to_owned();
                    return Err(PlanError::refused(code::TOO_MANY_COLUMNS, message, self.position(set.location)));
                }
                let sets = (0..1_usize << parts.len()).rev().map(|bits| {
                    let chosen = parts.iter().enumerate().filter(|(at, _)| bits & (1 << (parts.len() - 1 - at)) != 0);
                    chosen.flat_map(|(_, members)| members.clone()).collect()
                });
                Ok(sets.collect())
            }
            _ => Err(not_yet("this grouping set")),
        }
    }

    fn each_members(
        &mut self,
        nodes: &[Node],
        groups: &mut Groups,
        targets: &[Named],
        scope: &Scope<'_>,
    ) -> Result<Vec<Vec<usize>>> {
        nodes.iter().map(|node| self.members(inner(Some(node))?, groups, targets, scope)).collect()
    }

    /// The items of one element: `(a, b)` are two.
    fn members(
        &mut self,
        node: &NodeEnum,
        groups: &mut Groups,
        targets: &[Named],
        scope: &Scope<'_>,
    ) -> Result<Vec<usize>> {
        if let NodeEnum::RowExpr(row) = node
            && row.row_format == pg_query::protobuf::CoercionForm::CoerceImplicitCast as i32
        {
            let mut all = Vec::new();
            for node in &row.args {
                all.extend(self.members(inner(Some(node))?, groups, targets, scope)?);
            }
            return Ok(all);
        }
        let typed = self.group_item(node, targets, scope)?;
        self.no_aggregates_or_windows(&typed.expr, "GROUP BY", node)?;
        let typed = self.settled(typed)?;
        self.check_equality(typed.ty, location(node))?;
        let at = match groups.items.iter().position(|known| known.expr == typed.expr) {
            Some(at) => at,
            None => {
                groups.items.push(typed);
                groups.items.len() - 1
            }
        };
        Ok(vec![at])
    }

    fn group_item(&mut self, node: &NodeEnum, targets: &[Named], scope: &Scope<'_>) -> Result<Typed> {
        match node {
            NodeEnum::AConst(AConst { val: Some(a_const::Val::Ival(place)), location, .. }) => {
                Ok(self.target_at(place.ival, targets, "GROUP BY", *location)?.typed.clone())
            }
            NodeEnum::AConst(constant) => {
                let message = "non-integer constant in GROUP BY".to_owned();
                Err(PlanError::Grammar { message, position: self.position(constant.location) })
            }
            NodeEnum::ColumnRef(column) => match (parts(&column.fields)?.as_slice(), self.expr(node, scope)) {
                (_, Ok(typed)) => Ok(typed),
                // A name is a column's first, and then the select list's.
                ([name], Err(error @ PlanError::UndefinedColumn { .. })) => {
                    let mut named = targets.iter().filter(|target| target.name == *name);
                    let first = named.next().map(|target| target.typed.clone()).ok_or(error)?;
                    if named.any(|other| other.typed.expr != first.expr) {
                        let message = format!("GROUP BY \"{name}\" is ambiguous");
                        let position = self.position(location(node));
                        return Err(PlanError::AmbiguousInClause { message, position });
                    }
                    Ok(first)
                }
                (_, Err(error)) => Err(error),
            },
            node => self.expr(node, scope),
        }
    }

    /// `grouping(a, b)`: which of its arguments a row's set leaves out.
    pub(super) fn grouping(&mut self, grouping_call: &GroupingFunc, scope: &Scope<'_>) -> Result<Typed> {
        let mut arguments = Vec::with_capacity(grouping_call.args.len());
        for node in &grouping_call.args {
            arguments.push(self.expr_of(Some(node), scope)?.expr);
        }
        let function = self.runtime.state.aggregate_functions().get("grouping");
        let function = Arc::clone(function.ok_or_else(|| not_yet("grouping()"))?);
        let query = self.query_of(arguments.iter(), scope)?;
        let drawn = arguments.into_iter().map(|argument| self.drawn_out(argument, query, scope));
        let call = AggregateFunction::new_udf(function, drawn.collect::<Result<_>>()?, false, None, Vec::new(), None);
        let grouping = Typed::new(Expr::AggregateFunction(call), Base::Int4);
        match query == scope.query {
            true => Ok(grouping),
            false => Ok(self.read_of_groups(query, grouping, grouping_call.location)),
        }
    }
}

/// Targets that are the same are grouped by each for itself: sets may leave one of them out.
fn tell_apart(targets: &mut [Named]) -> Result<()> {
    for at in 1..targets.len() {
        let (before, rest) = targets.split_at_mut(at);
        let Some(Named { typed, .. }) = rest.first_mut() else { continue };
        let can_be_grouped = !has_aggregate(&typed.expr) && !has_window(&typed.expr) && !has_set(&typed.expr)?;
        if can_be_grouped && before.iter().any(|other| other.typed.expr == typed.expr) {
            let arguments = vec![typed.expr.clone(), lit(at as u64)];
            typed.expr = call("itself", arguments, typed.data.clone());
        }
    }
    Ok(())
}

fn product(sets: &[Vec<usize>], alternatives: &[Vec<usize>]) -> Result<Vec<Vec<usize>>> {
    if sets.len().saturating_mul(alternatives.len()) > MAX_SETS {
        let message = format!("too many grouping sets present (maximum {MAX_SETS})");
        return Err(PlanError::refused(code::TOO_MANY_COLUMNS, message, None));
    }
    let mut all = Vec::with_capacity(sets.len() * alternatives.len());
    for set in sets {
        for alternative in alternatives {
            let mut joined = set.clone();
            joined.extend(alternative.iter().filter(|at| !set.contains(at)));
            all.push(joined);
        }
    }
    Ok(all)
}
