//! Sub-selects in expressions.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::Column;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::expr::{AggregateFunction, Exists, InSubquery, SetComparison, SetQuantifier};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, lit, not};
use pg_query::protobuf::{Node, RowExpr, SelectStmt, SubLink, SubLinkType};
use pg_query::{NodeEnum, NodeRef};

use super::containers::Pair;
use super::expr::{inner, parts};
use super::operators::COMPARISONS;
use super::scope::Scope;
use super::types::{Base, Coercion};
use super::unnest::{any_of, sub_query};
use super::{Binder, Named, Relation, Result, Typed, not_yet};
use crate::PlanError;
use crate::bind::limits;
use crate::functions::pg::call;

impl Binder<'_> {
    pub(super) fn sub_link(&mut self, link: &SubLink, scope: &Scope<'_>) -> Result<Typed> {
        self.sub_selects += 1;
        limits::check_sub_selects(self.sub_selects)?;
        let bound = self.linked(link, scope);
        self.sub_selects -= 1;
        bound
    }

    fn linked(&mut self, link: &SubLink, scope: &Scope<'_>) -> Result<Typed> {
        let kind = SubLinkType::try_from(link.sub_link_type).map_err(|_| not_yet("this sub-select"))?;
        let NodeEnum::SelectStmt(query) = inner(link.subselect.as_deref())? else {
            return Err(not_yet("this sub-select"));
        };
        let (relation, lacks) = self.selected(query, scope)?;
        let is_aggregate = always_has_row(query) && aggregates_all(&relation.plan);
        let value = self.of_rows(kind, link, relation, is_aggregate, scope)?;
        self.unless_lacking(lacks, value)
    }

    /// A sub-select, and whether it reads an attribute which the principal of a rule lacks.
    fn selected(&mut self, query: &SelectStmt, scope: &Scope<'_>) -> Result<(Relation, bool)> {
        self.check_may_select()?;
        let lacked = std::mem::take(&mut self.lacks);
        let relation = self.query(query, &scope.inner())?;
        let lacks = self.lacks;
        self.lacks |= lacked;
        Ok((relation, lacks))
    }

    fn of_rows(
        &mut self,
        kind: SubLinkType,
        link: &SubLink,
        relation: Relation,
        is_aggregate: bool,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        match kind {
            SubLinkType::ExistsSublink => {
                let subquery = sub_query(relation.plan);
                Ok(Typed::new(Expr::Exists(Exists { subquery, negated: false }), Base::Bool))
            }
            SubLinkType::ExprSublink => {
                let (column, plan) = self.one_column(relation, link)?;
                let plan = if is_aggregate { plan } else { self.nullable(&column, plan)? };
                Ok(Typed { expr: Expr::ScalarSubquery(sub_query(plan)), ..column.typed })
            }
            SubLinkType::ArraySublink => self.array_of_rows(relation, link),
            SubLinkType::AnySublink | SubLinkType::AllSublink => {
                let name = match link.oper_name.is_empty() {
                    true => "=",
                    false => *parts(&link.oper_name)?.last().ok_or_else(|| not_yet("this sub-select"))?,
                };
                match (kind, name) {
                    (SubLinkType::AnySublink, "=") => self.in_rows(relation, link, scope),
                    (SubLinkType::AllSublink, "<>") => {
                        let within = self.in_rows(relation, link, scope)?;
                        Ok(Typed::new(not(within.expr), Base::Bool))
                    }
                    _ => self.with_each_row(name, kind == SubLinkType::AnySublink, relation, link, scope),
                }
            }
            _ => Err(not_yet("this sub-select")),
        }
    }

    /// The plan with its one column as one that may be NULL, as it is where there is no row.
    fn nullable(&mut self, column: &Named, plan: LogicalPlan) -> Result<LogicalPlan> {
        if plan.schema().fields().iter().all(|field| field.is_nullable()) {
            return Ok(plan);
        }
        let name = self.unique("value");
        let value = call("nullable", vec![column.typed.expr.clone()], column.typed.data.clone()).alias(name);
        Ok(LogicalPlanBuilder::from(plan).project([value])?.build()?)
    }

    fn one_column(&self, relation: Relation, link: &SubLink) -> Result<(Named, LogicalPlan)> {
        match <[Named; 1]>::try_from(relation.columns) {
            Ok([column]) => Ok((column, relation.plan)),
            Err(_) => Err(PlanError::Grammar {
                message: "subquery must return only one column".to_owned(),
                position: self.position(link.location),
            }),
        }
    }

    /// `value IN (SELECT ...)`
    fn in_rows(&mut self, relation: Relation, link: &SubLink, scope: &Scope<'_>) -> Result<Typed> {
        if let Some(NodeEnum::RowExpr(row)) = link.testexpr.as_deref().and_then(|test| test.node.as_ref()) {
            return self.row_with_each_row("=", true, row, relation, link, scope);
        }
        let (column, plan) = self.tested_column(relation, link)?;
        let value = self.expr_of(link.testexpr.as_deref(), scope)?;
        // Which comparison it is, and to what both sides are converted, an `=` between them tells.
        let types = [value.ty.without_modifier(), column.typed.ty.without_modifier()];
        let chosen = super::resolve::choose(super::catalog::operators("="), &types).map_err(|_| {
            let operator = format!("{} = {}", types[0], types[1]);
            PlanError::UndefinedOperator { operator, is_ambiguous: false, position: self.position(link.location) }
        })?;
        let (want, of_rows) = (chosen.arguments[0], chosen.arguments[1]);
        let value = self.coerce(value, want, Coercion::Implicit, -1)?;
        let held = self.coerce(column.typed, of_rows, Coercion::Implicit, -1)?;
        let (value, held) = self.keyed_alike(value, held)?;
        let plan = match matches!(held, Expr::Column(_)) {
            true => plan,
            false => {
                let name = self.unique("key");
                LogicalPlanBuilder::from(plan).project([held.alias(name)])?.build()?
            }
        };
        Ok(Typed::new(Expr::InSubquery(InSubquery::new(Box::new(value), sub_query(plan), false)), Base::Bool))
    }

    /// The one column of a sub-select that a value is compared with.
    fn tested_column(&self, relation: Relation, link: &SubLink) -> Result<(Named, LogicalPlan)> {
        match <[Named; 1]>::try_from(relation.columns) {
            Ok([column]) => Ok((column, relation.plan)),
            Err(_) => Err(PlanError::Grammar {
                message: "subquery has too many columns".to_owned(),
                position: self.position(link.location),
            }),
        }
    }

    /// A value of the query around as a sub-select reads it.
    fn read_inside(&mut self, value: Typed, test: &NodeEnum, scope: &Scope<'_>) -> Result<Typed> {
        if super::window::has_window(&value.expr) {
            return Err(not_yet("this comparison of a window function with a sub-select"));
        }
        match super::aggregate::has_aggregate(&value.expr) {
            true => {
                let place = super::places::aggregate_call(test).unwrap_or(-1);
                Ok(self.read_of_groups(scope.query, value, place))
            }
            false => super::scope::outer(value),
        }
    }

    /// The values of a row beside the columns of a sub-select, as these are compared inside of it.
    fn row_with_columns(
        &mut self,
        row: &RowExpr,
        columns: Vec<Named>,
        place: i32,
        scope: &Scope<'_>,
    ) -> Result<Vec<Pair>> {
        let items = self.row_items(row, scope)?;
        if items.len() != columns.len() {
            let what = if items.len() < columns.len() { "many" } else { "few" };
            let message = format!("subquery has too {what} columns");
            return Err(PlanError::Grammar { message, position: self.position(place) });
        }
        let mut pairs = Vec::with_capacity(columns.len());
        for (at, ((item, of_item), column)) in items.into_iter().zip(columns).enumerate() {
            let item = self.settled_beside(item, &column.typed)?;
            let test = row.args.get(at).or(row.args.first());
            let item = match test {
                Some(test) => self.read_inside(item, inner(Some(test))?, scope)?,
                None => item,
            };
            pairs.push(Pair(item, column.typed, [place, of_item, place]));
        }
        Ok(pairs)
    }

    /// `(a, b) op ANY (SELECT ...)` and `(a, b) op ALL (SELECT ...)`
    fn row_with_each_row(
        &mut self,
        name: &str,
        is_any: bool,
        row: &RowExpr,
        relation: Relation,
        link: &SubLink,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        let pairs = self.row_with_columns(row, relation.columns, link.location, scope)?;
        let compared = self.compare_pairs(name, pairs, link.location)?.expr;
        let compared = if is_any { compared } else { not(compared) };
        let any = Expr::ScalarSubquery(sub_query(any_of(relation.plan, compared, &self.unique("any"))?));
        Ok(Typed::new(if is_any { any } else { not(any) }, Base::Bool))
    }

    /// `(a, b) op (SELECT ...)`: of the one row, or NULL if there is none.
    pub(super) fn row_beside_query(
        &mut self,
        name: &str,
        row: &RowExpr,
        link: &SubLink,
        place: i32,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        let NodeEnum::SelectStmt(query) = inner(link.subselect.as_deref())? else {
            return Err(not_yet("this sub-select"));
        };
        let (relation, lacks) = self.selected(query, scope)?;
        let pairs = self.row_with_columns(row, relation.columns, place, scope)?;
        let compared = self.compare_pairs(name, pairs, place)?;
        let compared = call("nullable", vec![compared.expr], DataType::Boolean).alias(self.unique("compared"));
        let plan = LogicalPlanBuilder::from(relation.plan).project([compared])?.build()?;
        self.unless_lacking(lacks, Typed::new(Expr::ScalarSubquery(sub_query(plan)), Base::Bool))
    }

    /// `value op ANY (SELECT ...)` and `value op ALL (SELECT ...)`
    fn with_each_row(
        &mut self,
        name: &str,
        is_any: bool,
        relation: Relation,
        link: &SubLink,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        let test = inner(link.testexpr.as_deref())?;
        if let NodeEnum::RowExpr(row) = test {
            return self.row_with_each_row(name, is_any, row, relation, link, scope);
        }
        let (column, plan) = self.tested_column(relation, link)?;
        let value = self.expr_of(link.testexpr.as_deref(), scope)?;
        let value = self.settled_beside(value, &column.typed)?;
        let operator = COMPARISONS.iter().find(|(symbol, _)| *symbol == name).map(|(_, operator)| *operator);
        let is_plain = value.ty.same(column.typed.ty) && value.data == column.typed.data && Self::is_plain_key(&value);
        if let Some(operator) = operator.filter(|_| is_plain) {
            let quantifier = if is_any { SetQuantifier::Any } else { SetQuantifier::All };
            let compared = SetComparison::new(Box::new(value.expr), sub_query(plan), operator, quantifier);
            return Ok(Typed::new(Expr::SetComparison(compared), Base::Bool));
        }
        // The comparison is made inside.
        let value = self.read_inside(value, test, scope)?;
        let compared = self.operate(name, value, column.typed, link.location)?;
        if !compared.ty.is(Base::Bool) {
            let message = format!("row comparison operator must yield type boolean, not type {}", compared.ty);
            return Err(PlanError::Mismatch { message, position: self.position(link.location) });
        }
        let compared = if is_any { compared.expr } else { not(compared.expr) };
        let any = Expr::ScalarSubquery(sub_query(any_of(plan, compared, &self.unique("any"))?));
        Ok(Typed::new(if is_any { any } else { not(any) }, Base::Bool))
    }

    /// `ARRAY(SELECT ...)`: the rows in their order, an empty array if there are none.
    fn array_of_rows(&mut self, relation: Relation, link: &SubLink) -> Result<Typed> {
        let (column, mut plan) = self.one_column(relation, link)?;
        let number = self.unique("row");
        let mut order_by = Vec::new();
        if let Some(numbered) = super::from::numbered(&plan, &number) {
            plan = numbered;
            order_by.push(Expr::Column(Column::new_unqualified(number)).sort(true, false));
        }
        let column = match column.typed.ty.is_array {
            true => super::arrays::free_items(column.typed)?,
            false => column.typed,
        };
        let data = DataType::new_list(column.data.clone(), true);
        let function = self.runtime.state.aggregate_functions().get("array_agg");
        let function = Arc::clone(function.ok_or_else(|| not_yet("this sub-select"))?);
        let name = self.unique("array");
        let collect = AggregateFunction::new_udf(function, vec![column.expr], false, None, order_by, None);
        let collected = Expr::AggregateFunction(collect).alias(name);
        let plan = LogicalPlanBuilder::from(plan).aggregate(Vec::<Expr>::new(), [collected])?.build()?;
        let rows = Expr::ScalarSubquery(sub_query(plan));
        let expr = call("array_or_empty", vec![rows], data.clone());
        let ty = column.ty.without_modifier().array_of();
        let array = Typed { expr, ty, data };
        match column.ty.is_array {
            true => self.procedure("arrays_collected", vec![array], ty),
            false => Ok(array),
        }
    }
}

/// Whether it gives one row whatever there is: it aggregates all.
fn always_has_row(query: &SelectStmt) -> bool {
    let is_aggregate = |node: &Node| {
        let nodes = node.node.as_ref().map(|node| node.nodes()).unwrap_or_default();
        nodes.iter().any(|(node, ..)| match node {
            NodeRef::FuncCall(call) => {
                let named = parts(&call.funcname).ok().and_then(|names| names.last().copied());
                let functions = named.map(super::catalog::functions).unwrap_or_default();
                call.over.is_none() && functions.iter().any(|function| function.kind == super::catalog::Kind::Aggregate)
            }
            _ => false,
        })
    };
    query.group_clause.is_empty() && query.having_clause.is_none() && query.target_list.iter().any(is_aggregate)
}

/// Whether the aggregates of a select list are the query's own.
fn aggregates_all(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::Aggregate(aggregate) => aggregate.group_expr.is_empty(),
        LogicalPlan::Projection(_) | LogicalPlan::Sort(_) | LogicalPlan::Window(_) | LogicalPlan::Limit(_) => {
            plan.inputs().into_iter().any(aggregates_all)
        }
        _ => false,
    }
}

/// EXISTS as a value, which the engine only knows as a condition: whether the rows are counted to more than none.
pub(super) fn counted(expr: Expr) -> Result<Expr> {
    let replaced = expr.transform_down(|part| match part {
        Expr::Exists(Exists { subquery, negated }) => {
            let rows = LogicalPlanBuilder::from(Arc::unwrap_or_clone(subquery.subquery));
            let rows = match subquery.outer_ref_columns.is_empty() {
                true => rows.limit(0, Some(1))?,
                false => rows,
            };
            let count = datafusion::functions_aggregate::count::count_all().alias("rows");
            let counted = Expr::ScalarSubquery(sub_query(rows.aggregate(Vec::<Expr>::new(), [count])?.build()?));
            let exists = if negated { counted.eq(lit(0_i64)) } else { counted.gt(lit(0_i64)) };
            Ok(Transformed::new(exists, true, TreeNodeRecursion::Jump))
        }
        other => Ok(Transformed::no(other)),
    })?;
    Ok(replaced.data)
}
