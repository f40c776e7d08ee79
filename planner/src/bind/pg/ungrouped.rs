//! Which column of a query that groups isn't grouped, and where it stands.

use std::collections::HashSet;

use datafusion::logical_expr::Expr;
use pg_query::protobuf::{Node, SelectStmt};
use pg_query::{NodeEnum, NodeRef};

use super::expr::{location, parts};
use super::places;
use super::scope::Scope;
use super::{Binder, Named, Result};
use crate::PlanError;

impl Binder<'_> {
    /// The error with the place of the first column, or argument of GROUPING, that isn't one of the items grouped by.
    pub(super) fn with_ungrouped(
        &mut self,
        error: PlanError,
        query: &SelectStmt,
        items: &[Expr],
        scope: &Scope<'_>,
    ) -> PlanError {
        if !matches!(error, PlanError::Grouping { .. }) {
            return error;
        }
        let targets = query.target_list.iter().filter_map(|node| match &node.node {
            Some(NodeEnum::ResTarget(target)) => target.val.as_deref(),
            _ => None,
        });
        let sorts = query.sort_clause.iter().filter_map(|node| match &node.node {
            Some(NodeEnum::SortBy(by)) => by.node.as_deref(),
            _ => None,
        });
        let having = query.having_clause.as_deref();
        let nodes = targets.chain(sorts).chain(having).filter_map(|node| node.node.as_ref());
        for node in nodes {
            if let Ok(Some(found)) = self.first_ungrouped(node, items, scope) {
                return found;
            }
        }
        error
    }

    fn first_ungrouped(&mut self, node: &NodeEnum, items: &[Expr], scope: &Scope<'_>) -> Result<Option<PlanError>> {
        if let (NodeEnum::ColumnRef(column), Some(prefix)) = (node, super::targets::star(node)) {
            let all = self.expand(&prefix, scope, column.location)?;
            let first = all.into_iter().find(|named| !items.contains(&named.typed.expr));
            let Some(first) = first else { return Ok(None) };
            let is_it = |named: &Named| named.typed.expr == first.typed.expr;
            let table = scope.tables.iter().find(|table| table.columns.iter().any(is_it));
            let name = table.map_or(first.name.clone(), |table| format!("{}.{}", table.alias, first.name));
            return Ok(Some(PlanError::Grouping {
                message: ungrouped(&name),
                position: self.position(column.location),
            }));
        }
        let mut covered = HashSet::new();
        let mut found: Vec<(i32, String)> = Vec::new();
        for (part, ..) in node.nodes() {
            let is_covering = match part {
                NodeRef::SubLink(_) => true,
                NodeRef::FuncCall(call) if call.agg_within_group => {
                    // Its direct arguments are read of the groups.
                    let rows = call.agg_order.iter().chain(call.agg_filter.as_deref());
                    let nodes = rows.filter_map(|node| node.node.as_ref()).flat_map(NodeEnum::nodes);
                    covered.extend(nodes.filter_map(|(inside, ..)| column_at(&inside)));
                    false
                }
                NodeRef::FuncCall(call) if call.over.is_none() && places::is_aggregate(call) => true,
                NodeRef::ColumnRef(_) => false,
                _ => self.expr(&part.to_enum(), scope).is_ok_and(|typed| items.contains(&typed.expr)),
            };
            if is_covering {
                covered.extend(part.to_enum().nodes().into_iter().filter_map(|(inside, ..)| column_at(&inside)));
            }
            if let NodeRef::GroupingFunc(grouping) = part {
                for arg in grouping.args.iter().filter_map(|arg| arg.node.as_ref()) {
                    if !items.contains(&self.expr(arg, scope)?.expr) {
                        let message =
                            "arguments to GROUPING must be grouping expressions of the associated query level";
                        found.push((location(arg), message.to_owned()));
                    }
                }
            }
        }
        for (part, ..) in node.nodes() {
            let Some(at) = column_at(&part).filter(|at| !covered.contains(at)) else { continue };
            let Ok(typed) = self.expr(&part.to_enum(), scope) else { continue };
            let Expr::Column(column) = &typed.expr else { continue };
            if items.contains(&typed.expr) {
                continue;
            }
            let name = self.places.get(column).map_or(column.name.as_str(), |(_, name)| name);
            found.push((at, ungrouped(name)));
        }
        let first = found.into_iter().min_by_key(|(at, _)| *at);
        Ok(first.map(|(at, message)| PlanError::Grouping { message, position: self.position(at) }))
    }

    /// Of an item of GROUP BY that means a target with an aggregate the error tells the aggregate's place.
    pub(super) fn with_aggregate(&self, error: PlanError, query: &SelectStmt) -> PlanError {
        let PlanError::Grouping { message, position } = error else { return error };
        let item = query.group_clause.iter().filter_map(|node| node.node.as_ref());
        let mut named = item.filter(|node| self.position(location(node)) == position).filter_map(|node| match node {
            NodeEnum::ColumnRef(column) => parts(&column.fields).ok()?.first().copied(),
            _ => None,
        });
        let target = named.next().and_then(|name| query.target_list.iter().find_map(|node| named_target(node, name)));
        let place = target.and_then(places::aggregate_call).and_then(|at| self.position(at));
        PlanError::Grouping { message, position: place.or(position) }
    }
}

fn ungrouped(name: &str) -> String {
    format!("column \"{name}\" must appear in the GROUP BY clause or be used in an aggregate function")
}

fn column_at(node: &NodeRef<'_>) -> Option<i32> {
    match node {
        NodeRef::ColumnRef(column) => Some(column.location),
        _ => None,
    }
}

/// The expression of a target, if that is its name.
fn named_target<'q>(node: &'q Node, name: &str) -> Option<&'q NodeEnum> {
    let Some(NodeEnum::ResTarget(target)) = &node.node else { return None };
    let value = target.val.as_deref()?.node.as_ref()?;
    let is_named = match target.name.is_empty() {
        true => super::targets::figured(value).is_some_and(|figured| figured == name),
        false => target.name == name,
    };
    is_named.then_some(value)
}
