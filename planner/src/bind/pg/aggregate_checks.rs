//! What aggregates and their arguments must not be, as PostgreSQL says it.

use pg_query::NodeEnum;
use pg_query::protobuf::FuncCall;

use super::aggregates::Clauses;
use super::expr::inner;
use super::scope::Scope;
use super::types::Base;
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;

impl Binder<'_> {
    /// Over a window there are neither DISTINCT nor ORDER BY.
    pub(super) fn only_plain_over(&self, node: &FuncCall) -> Result<()> {
        let what = match () {
            () if node.agg_distinct => "DISTINCT",
            () if !node.agg_order.is_empty() => "aggregate ORDER BY",
            () => return Ok(()),
        };
        let message = format!("{what} is not implemented for window functions");
        Err(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, self.position(node.location)))
    }

    /// Arguments of an aggregate have none themselves, nor window functions.
    pub(super) fn holds_no_calls(&self, node: &FuncCall, arguments: &[Typed]) -> Result<()> {
        if node.over.is_some() {
            return self.no_window_in(node, arguments);
        }
        let inside = |place: fn(&NodeEnum) -> Option<i32>| {
            let by = node.agg_order.iter();
            let found = node.args.iter().chain(by).filter_map(|arg| arg.node.as_ref()).find_map(place);
            self.position(found.unwrap_or(node.location))
        };
        if arguments.iter().any(|argument| super::aggregate::has_aggregate(&argument.expr)) {
            let message = "aggregate function calls cannot be nested".to_owned();
            return Err(PlanError::Grouping { message, position: inside(super::places::aggregate_call) });
        }
        if arguments.iter().any(|argument| super::window::has_window(&argument.expr)) {
            let message = "aggregate function calls cannot contain window function calls".to_owned();
            return Err(PlanError::Grouping { message, position: inside(super::places::window_call) });
        }
        Ok(())
    }

    /// Nor has an aggregate one in a sub-select that belongs to the same query.
    pub(super) fn holds_none_of(&self, query: usize, arguments: &[Typed], clauses: &Clauses<'_>) -> Result<()> {
        let exprs = arguments.iter().map(|argument| &argument.expr).chain(clauses.exprs());
        match exprs.filter_map(|expr| self.outer_aggregate_in(expr, query)).min() {
            None => Ok(()),
            Some(place) => {
                let message = "aggregate function calls cannot be nested".to_owned();
                Err(PlanError::Grouping { message, position: self.position(place) })
            }
        }
    }

    /// Direct arguments are computed once for each group: of the query that the aggregate belongs to, or one around it.
    pub(super) fn direct_around(
        &self,
        query: usize,
        node: &FuncCall,
        direct: &[Typed],
        scope: &Scope<'_>,
    ) -> Result<()> {
        for (argument, written) in direct.iter().zip(&node.args) {
            if query != scope.query && self.reads_within(&argument.expr, query, scope)? {
                let message =
                    "outer-level aggregate cannot contain a lower-level variable in its direct arguments".to_owned();
                let place = super::places::column(inner(Some(written))?).unwrap_or(node.location);
                return Err(PlanError::Grouping { message, position: self.position(place) });
            }
        }
        Ok(())
    }

    /// What DISTINCT is ordered by are arguments as they are written, before the function's types convert them.
    pub(super) fn check_distinct_order(&mut self, node: &FuncCall, scope: &Scope<'_>) -> Result<()> {
        if node.agg_order.is_empty() {
            return Ok(());
        }
        let arguments = node.args.iter().map(|argument| self.expr_of(Some(argument), scope));
        let arguments = arguments.collect::<Result<Vec<_>>>()?;
        for by in &node.agg_order {
            let NodeEnum::SortBy(by) = inner(Some(by))? else { return Err(not_yet("this ORDER BY")) };
            let shown = inner(by.node.as_deref())?;
            let typed = self.expr(shown, scope)?;
            let is_it = |argument: &Typed| argument.expr == typed.expr && argument.ty.same(typed.ty);
            if typed.ty.is(Base::Unknown) || !arguments.iter().any(is_it) {
                let message =
                    "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list".to_owned();
                let position = self.position(super::places::bound(shown));
                return Err(PlanError::InvalidColumnReference { message, position });
            }
        }
        Ok(())
    }
}
