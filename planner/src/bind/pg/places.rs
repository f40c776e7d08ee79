//! Where in the text a statement says what it can't say.

use std::collections::HashSet;

use pg_query::protobuf::{ColumnRef, FuncCall};
use pg_query::{NodeEnum, NodeRef};

use super::catalog::{self, Kind};
use super::expr::{location, parts};

/// The first call of an aggregate in an expression.
pub(super) fn aggregate_call(node: &NodeEnum) -> Option<i32> {
    first_call(node, |call| call.over.is_none() && is_aggregate(call))
}

/// The first call over a window in an expression.
pub(super) fn window_call(node: &NodeEnum) -> Option<i32> {
    first_call(node, |call| call.over.is_some())
}

/// The first call in an expression of a function that gives several rows.
pub(super) fn set_call(node: &NodeEnum) -> Option<i32> {
    first_call(node, |call| {
        let name = parts(&call.funcname).ok().and_then(|names| names.last().copied());
        name.map(catalog::functions).unwrap_or_default().iter().any(|function| function.returns_set)
    })
}

/// The first name of a column in an expression.
pub(super) fn column(node: &NodeEnum) -> Option<i32> {
    columns(node).map(|column| column.location).next()
}

/// The names of columns in an expression, as they stand in the text.
pub(super) fn columns(node: &NodeEnum) -> impl Iterator<Item = &ColumnRef> {
    let nodes = node.nodes().into_iter();
    let mut columns: Vec<&ColumnRef> = nodes
        .filter_map(|(node, ..)| match node {
            NodeRef::ColumnRef(column) => Some(column),
            _ => None,
        })
        .collect();
    columns.sort_by_key(|column| column.location);
    columns.into_iter()
}

/// Where an expression stands once it is bound: a constant that is converted stands where it is written.
pub(super) fn bound(node: &NodeEnum) -> i32 {
    match node {
        NodeEnum::TypeCast(cast) => match cast.arg.as_deref().and_then(|arg| arg.node.as_ref()) {
            Some(NodeEnum::AConst(constant)) => constant.location,
            _ => location(node),
        },
        node => location(node),
    }
}

pub(super) fn is_aggregate(call: &FuncCall) -> bool {
    let name = parts(&call.funcname).ok().and_then(|names| names.last().copied());
    name.map(catalog::functions).unwrap_or_default().iter().any(|function| function.kind == Kind::Aggregate)
}

/// What a sub-select calls is its own.
fn first_call(node: &NodeEnum, is_one: impl Fn(&FuncCall) -> bool) -> Option<i32> {
    let nodes = node.nodes();
    let inside: HashSet<i32> = nodes
        .iter()
        .filter_map(|(node, ..)| match node {
            NodeRef::SubLink(link) => link.subselect.as_deref().and_then(|query| query.node.as_ref()),
            _ => None,
        })
        .flat_map(calls)
        .map(|call| call.location)
        .collect();
    calls(node).filter(|call| is_one(call)).map(|call| call.location).filter(|at| !inside.contains(at)).min()
}

fn calls(node: &NodeEnum) -> impl Iterator<Item = &FuncCall> {
    node.nodes().into_iter().filter_map(|(node, ..)| match node {
        NodeRef::FuncCall(call) => Some(call),
        _ => None,
    })
}
