//! Set operations: UNION, INTERSECT and EXCEPT.

use datafusion::common::Column;
use datafusion::logical_expr::expr_fn::ExprFunctionExt;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, lit};
use pg_query::NodeEnum;
use pg_query::protobuf::{Node, SelectStmt, SetOperation};

use super::expr::{inner, location};
use super::scope::{Scope, Table};
use super::types::Base;
use super::{Binder, Named, Relation, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;

/// Which side a row comes from.
const LEFT: i32 = 1;
const RIGHT: i32 = 2;

impl Binder<'_> {
    /// ORDER BY and LIMIT of a set operation: by the result's columns alone.
    fn ordered_by_name(&mut self, plan: LogicalPlan, query: &SelectStmt, columns: &[Named]) -> Result<LogicalPlan> {
        let scope = Scope { columns: columns.to_vec(), ..Scope::default() };
        let mut targets = columns.to_vec();
        let mut sorts = Vec::with_capacity(query.sort_clause.len());
        for node in &query.sort_clause {
            let (at, by) = self.order_item(node, &mut targets, columns.len(), &scope)?;
            if at >= columns.len() {
                return Err(PlanError::Refused {
                    code: code::FEATURE_NOT_SUPPORTED,
                    message: "invalid UNION/INTERSECT/EXCEPT ORDER BY clause".to_owned(),
                    hint: Some("Add the expression/function to every SELECT, or move the UNION into a FROM clause."),
                    position: self.position(by.node.as_deref().and_then(|n| n.node.as_ref()).map_or(-1, location)),
                });
            }
            sorts.push(self.sort(targets[at].typed.clone(), by)?);
        }
        self.ordered(plan, sorts, Vec::new(), query, &scope)
    }

    /// ORDER BY and LIMIT of VALUES, which is a table to them.
    pub(super) fn ordered_values(
        &mut self,
        plan: LogicalPlan,
        query: &SelectStmt,
        columns: &[Named],
    ) -> Result<LogicalPlan> {
        let table = Table {
            schema: None,
            alias: "*VALUES*".to_owned(),
            columns: columns.to_vec(),
            is_optional: false,
            is_unnamed: false,
        };
        let scope = Scope { columns: columns.to_vec(), tables: vec![table], ..Scope::default() };
        let mut targets = columns.to_vec();
        let mut sorts = Vec::with_capacity(query.sort_clause.len());
        for node in &query.sort_clause {
            let (at, by) = self.order_item(node, &mut targets, columns.len(), &scope)?;
            let node = inner(by.node.as_deref())?;
            self.only_rows(&targets[at].typed.expr, "VALUES", node)?;
            let key = self.settled(targets[at].typed.clone())?;
            sorts.push(self.sort(key, by)?);
        }
        self.ordered(plan, sorts, Vec::new(), query, &scope)
    }

    /// One side of a set operation: constants without a type get the other side's.
    pub(super) fn arm(&mut self, query: &SelectStmt, scope: &Scope<'_>) -> Result<Relation> {
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

    pub(super) fn set_operation(
        &mut self,
        operation: SetOperation,
        query: &SelectStmt,
        scope: &Scope<'_>,
    ) -> Result<Relation> {
        let (Some(left), Some(right_query)) = (&query.larg, &query.rarg) else {
            return Err(not_yet("this set operation"));
        };
        let (first_places, places) = (target_places(left), target_places(right_query));
        self.no_locking_in(left)?;
        let left = self.arm(left, scope)?;
        self.no_locking_in(right_query)?;
        let right = self.arm(right_query, scope)?;
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
            let of_left = a.typed.ty;
            let (mut exprs, ty, data) = self.shared(vec![(a.typed, -1), (b.typed, place)], name)?;
            let ty = super::records::type_of_arms(ty, of_left);
            let unique = self.unique(&a.name);
            let (Some(right), Some(left)) = (exprs.pop(), exprs.pop()) else {
                return Err(not_yet("this set operation"));
            };
            lefts.push(left.alias(unique.clone()));
            rights.push(right.alias(unique.clone()));
            let expr = Expr::Column(Column::new_unqualified(unique));
            let typed = Typed { expr, ty, data };
            if operation != SetOperation::SetopUnion || !query.all {
                // The side whose type it is.
                let places = if of_left.same(ty) { &first_places } else { &places };
                self.check_equality(typed.ty, places.get(at).copied().unwrap_or(-1))?;
            }
            columns.push(Named { name: a.name, typed });
        }
        let has_no_columns = columns.is_empty();
        if has_no_columns {
            // Rows without columns are all equal.
            let row = self.unique("row");
            lefts.push(lit(LEFT).alias(row.clone()));
            rights.push(lit(LEFT).alias(row));
        }
        let is_plain = columns.iter().all(|column| Self::is_plain_key(&column.typed));
        let side = self.unique("side");
        if operation == SetOperation::SetopUnion && !query.all && !is_plain {
            // Of values that are equal without being the same the left one is shown.
            lefts.push(lit(LEFT).alias(side.clone()));
            rights.push(lit(RIGHT).alias(side.clone()));
        }
        let left = LogicalPlanBuilder::from(left.plan).project(lefts)?.build()?;
        let right = LogicalPlanBuilder::from(right.plan).project(rights)?.build()?;
        let plan = match (operation, query.all) {
            (SetOperation::SetopUnion, true) => LogicalPlanBuilder::from(left).union(right)?.build()?,
            (SetOperation::SetopUnion, false) => {
                let all = LogicalPlanBuilder::from(left).union(right)?.build()?;
                let order = Expr::Column(Column::new_unqualified(side)).sort(true, false);
                self.without_duplicates(all, &columns, &[order])?
            }
            (SetOperation::SetopIntersect, false) if is_plain => LogicalPlanBuilder::intersect(left, right, false)?,
            (SetOperation::SetopExcept, false) if is_plain => LogicalPlanBuilder::except(left, right, false)?,
            (operation, all) => {
                let is_both = operation == SetOperation::SetopIntersect;
                self.matched(is_both, all, [left, right], &columns)?
            }
        };
        let plan = match has_no_columns {
            true => LogicalPlanBuilder::from(plan).project(Vec::<Expr>::new())?.build()?,
            false => plan,
        };
        let plan = self.ordered_by_name(plan, query, &columns)?;
        Ok(Relation { plan, columns })
    }

    /// INTERSECT, or else EXCEPT. With ALL the rows that are equal are numbered on each side, so that each has its match.
    fn matched(&mut self, is_both: bool, all: bool, sides: [LogicalPlan; 2], columns: &[Named]) -> Result<LogicalPlan> {
        let side = self.unique("side");
        let [left, right] = sides;
        let of_side = |plan: LogicalPlan, number: i32| -> Result<LogicalPlan> {
            let own = columns.iter().map(|column| column.typed.expr.clone());
            let marked = own.chain([lit(number).alias(side.clone())]).collect::<Vec<_>>();
            Ok(LogicalPlanBuilder::from(plan).project(marked)?.build()?)
        };
        let (left, right) = (of_side(left, LEFT)?, of_side(right, RIGHT)?);
        let mut plan = LogicalPlanBuilder::from(left).union(right)?.build()?;
        let side = Expr::Column(Column::new_unqualified(side));
        let mut keys = Vec::with_capacity(columns.len());
        for column in columns {
            keys.push(self.key(column.typed.clone())?);
        }
        if all {
            let number = self.unique("number");
            let among = keys.iter().cloned().chain([side.clone()]).collect();
            let function = datafusion::functions_window::row_number::row_number_udwf();
            let numbered = super::select::numbered(function, among, Vec::new()).alias(number.clone());
            plan = LogicalPlanBuilder::from(plan).window([numbered])?.build()?;
            keys.push(Expr::Column(Column::new_unqualified(number)));
        }
        let (least, most) = (self.unique("least"), self.unique("most"));
        let mut found = vec![
            datafusion::functions_aggregate::min_max::min(side.clone()).alias(least.clone()),
            datafusion::functions_aggregate::min_max::max(side.clone()).alias(most.clone()),
        ];
        let (mut grouped, mut kept) = (Vec::with_capacity(keys.len()), Vec::with_capacity(columns.len()));
        for (at, key) in keys.into_iter().enumerate() {
            let name = self.unique("key");
            grouped.push(key.alias(name.clone()));
            let Some(column) = columns.get(at) else { continue };
            let Expr::Column(shown) = &column.typed.expr else { return Err(not_yet("this set operation")) };
            if Self::is_plain_key(&column.typed) {
                kept.push(Expr::Column(Column::new_unqualified(name)).alias(shown.name.clone()));
                continue;
            }
            // Of values that are equal without being the same the left one is shown.
            let first = datafusion::functions_aggregate::first_last::first_value(column.typed.expr.clone(), Vec::new());
            let name = self.unique("shown");
            found.push(first.filter(side.clone().eq(lit(LEFT))).build()?.alias(name.clone()));
            kept.push(Expr::Column(Column::new_unqualified(name)).alias(shown.name.clone()));
        }
        let named = |name: String| Expr::Column(Column::new_unqualified(name));
        let wanted = match is_both {
            true => named(least).eq(lit(LEFT)).and(named(most).eq(lit(RIGHT))),
            false => named(most).eq(lit(LEFT)),
        };
        Ok(LogicalPlanBuilder::from(plan).aggregate(grouped, found)?.filter(wanted)?.project(kept)?.build()?)
    }
}

/// Where the expressions of a select list begin.
pub(super) fn target_places(query: &SelectStmt) -> Vec<i32> {
    let place = |node: &Node| match &node.node {
        Some(NodeEnum::ResTarget(target)) => {
            target.val.as_deref().and_then(|v| v.node.as_ref()).map_or(-1, super::places::bound)
        }
        _ => -1,
    };
    match query.values_lists.first().and_then(|node| node.node.as_ref()) {
        Some(NodeEnum::List(list)) => {
            list.items.iter().map(|item| item.node.as_ref().map_or(-1, super::places::bound)).collect()
        }
        _ => query.target_list.iter().map(place).collect(),
    }
}
