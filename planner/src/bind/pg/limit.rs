//! LIMIT, OFFSET and FETCH FIRST, and numbers that hold for all rows of a query.

use arrow::datatypes::DataType;
use datafusion::common::Column;
use datafusion::common::tree_node::TreeNode;
use datafusion::logical_expr::expr::Sort;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, WindowUDF, cast, lit};
use pg_query::NodeEnum;
use pg_query::protobuf::{ColumnRef, LimitOption, SelectStmt};
use std::sync::Arc;

use super::expr::{inner, location, parts};
use super::scope::Scope;
use super::types::{Base, Coercion};
use super::{Binder, Result, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::call;

impl Binder<'_> {
    /// The rows of a query in their order, as many as it wants; `places` puts those in order that `sorts` doesn't tell apart.
    pub(super) fn ordered(
        &mut self,
        plan: LogicalPlan,
        sorts: Vec<Sort>,
        places: Vec<Sort>,
        query: &SelectStmt,
        scope: &Scope<'_>,
    ) -> Result<LogicalPlan> {
        let with_ties = LimitOption::try_from(query.limit_option) == Ok(LimitOption::WithTies);
        let skip = self.limit_of(query.limit_offset.as_deref(), "OFFSET", scope)?;
        let fetch = self.limit_of(query.limit_count.as_deref(), "LIMIT", scope)?;
        if with_ties && fetch.is_none() {
            let message = "row count cannot be null in FETCH FIRST ... WITH TIES clause".to_owned();
            return Err(PlanError::refused(code::INVALID_LIMIT, message, None));
        }
        if fetch.is_some() && with_ties && !sorts.is_empty() {
            return self.counted_rows(plan, (sorts, places), skip, fetch, true);
        }
        let is_computed = |count: &Option<Expr>| count.as_ref().is_some_and(super::select::has_sub_select);
        if is_computed(&skip) || is_computed(&fetch) {
            return self.counted_rows(plan, (sorts, places), skip, fetch, false);
        }
        let plan = match sorts.is_empty() {
            true => plan,
            false => LogicalPlanBuilder::from(plan).sort(sorts.into_iter().chain(places))?.build()?,
        };
        match skip.is_none() && fetch.is_none() {
            true => Ok(plan),
            false => Ok(LogicalPlanBuilder::from(plan).limit_by_expr(skip, fetch)?.build()?),
        }
    }

    fn limit_of(
        &mut self,
        node: Option<&pg_query::protobuf::Node>,
        clause: &str,
        scope: &Scope<'_>,
    ) -> Result<Option<Expr>> {
        let Some(node) = node else { return Ok(None) };
        let node = inner(Some(node))?;
        if matches!(node, NodeEnum::AConst(constant) if constant.isnull) {
            return Ok(None);
        }
        Ok(Some(self.number_for_all(node, scope, clause, clause)?))
    }

    /// A bigint that is one and the same for all rows; `inside` is how errors name its place where calls are concerned.
    pub(super) fn number_for_all(
        &mut self,
        node: &NodeEnum,
        scope: &Scope<'_>,
        clause: &str,
        inside: &str,
    ) -> Result<Expr> {
        let typed = self.expr(node, scope)?;
        self.only_rows(&typed.expr, inside, node)?;
        let (ty, place) = (typed.ty, location(node));
        let typed =
            self.coerce(typed, Base::Int8.into(), Coercion::Assignment, place).map_err(|error| match error {
                PlanError::CannotCast { position, .. } => PlanError::Mismatch {
                    message: format!("argument of {clause} must be type bigint, not type {ty}"),
                    position,
                },
                other => other,
            })?;
        self.same_for_all(&typed.expr, clause, node, scope)?;
        Ok(typed.expr)
    }

    /// What holds for all rows reads none of them.
    pub(super) fn same_for_all(&self, expr: &Expr, clause: &str, node: &NodeEnum, scope: &Scope<'_>) -> Result<()> {
        if expr.exists(|part| Ok(matches!(part, Expr::OuterReferenceColumn(..))))? {
            return Err(not_yet("a column of the query around in this place"));
        }
        if self.reads_rows_of(expr, scope)? {
            let message = format!("argument of {clause} must not contain variables");
            let is_own = |column: &ColumnRef| {
                parts(&column.fields).is_ok_and(|names| self.column(&names, column.location, scope).is_ok())
            };
            let place = super::places::columns(node).find(|column| is_own(column)).map(|column| column.location);
            let position = self.position(place.unwrap_or(location(node)));
            return Err(PlanError::InvalidColumnReference { message, position });
        }
        Ok(())
    }

    /// The rows by their numbers; with ties those too that are equal to the last one in the order.
    fn counted_rows(
        &mut self,
        plan: LogicalPlan,
        (sorts, places): (Vec<Sort>, Vec<Sort>),
        skip: Option<Expr>,
        fetch: Option<Expr>,
        with_ties: bool,
    ) -> Result<LogicalPlan> {
        let kept: Vec<Expr> = plan.schema().columns().into_iter().map(Expr::Column).collect();
        let number = datafusion::functions_window::row_number::row_number_udwf();
        let all: Vec<Sort> = sorts.iter().cloned().chain(places).collect();
        let (plan, row) = self.with_number(plan, number, &all)?;
        let (plan, rank) = match with_ties {
            true => self.with_number(plan, datafusion::functions_window::rank::rank_udwf(), &sorts)?,
            false => (plan, row.clone()),
        };
        let count = |name, count: Expr| call(name, vec![count], DataType::Int64);
        let skip = skip.map(|skip| {
            let skip = count("offset_count", skip);
            datafusion::functions::core::expr_fn::coalesce(vec![skip, lit(0_i64)])
        });
        let mut builder = LogicalPlanBuilder::from(plan);
        if let Some(skip) = &skip {
            builder = builder.filter(row.gt(skip.clone()))?;
        }
        if let Some(fetch) = fetch {
            let fetch = count("limit_count", fetch);
            let place = match skip {
                Some(skip) => rank - skip,
                None => rank,
            };
            let within = place.lt_eq(fetch.clone());
            let within = if with_ties { within.and(fetch.clone().gt(lit(0_i64))) } else { within };
            // NULL is no limit.
            builder = builder.filter(fetch.is_null().or(within))?;
        }
        let builder = builder.project(kept)?;
        Ok(if sorts.is_empty() { builder.build()? } else { builder.sort(all)?.build()? })
    }

    /// The plan with a column that numbers its rows, as a bigint.
    fn with_number(
        &mut self,
        plan: LogicalPlan,
        function: Arc<WindowUDF>,
        sorts: &[Sort],
    ) -> Result<(LogicalPlan, Expr)> {
        let name = self.unique("number");
        let numbered = super::select::numbered(function, Vec::new(), sorts.to_vec()).alias(name.clone());
        let plan = LogicalPlanBuilder::from(plan).window([numbered])?.build()?;
        Ok((plan, cast(Expr::Column(Column::new_unqualified(name)), DataType::Int64)))
    }
}
