//! FROM: tables, sub-selects and joins.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use datafusion::common::{Column, JoinType as EngineJoin, ScalarValue, TableReference};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::planner::ContextProvider;
use datafusion::logical_expr::{Expr, ExprFunctionExt, Limit, LogicalPlan, LogicalPlanBuilder, Subquery};
use pg_query::NodeEnum;
use pg_query::protobuf::{Alias, JoinExpr, JoinType, Node, RangeFunction, RangeSubselect, RangeVar};

use super::expr::{inner, parts};
use super::from_errors::Hidden;
use super::resolve::common_type;
use super::scope::{Scope, Table};
use super::types::{Base, PgType};
use super::{Binder, Named, Relation, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;

impl Binder<'_> {
    /// The tables of a query, joined; fills the scope with what they show.
    pub(super) fn from(&mut self, nodes: &[Node], scope: &mut Scope<'_>) -> Result<LogicalPlan> {
        let mut plan: Option<LogicalPlan> = None;
        for node in nodes {
            let (item, shown, has_left) = self.item(inner(Some(node))?, plan.as_ref(), scope)?;
            plan = Some(match plan {
                Some(left) if !has_left => LogicalPlanBuilder::from(left).cross_join(item)?.build()?,
                _ => item,
            });
            self.add(shown, scope)?;
            scope.hidden.append(&mut self.hidden);
        }
        match plan {
            Some(plan) => Ok(plan),
            None => Ok(LogicalPlanBuilder::empty(true).build()?),
        }
    }

    fn add(&self, shown: Shown, scope: &mut Scope<'_>) -> Result<()> {
        for table in &shown.tables {
            self.check_new(table, &scope.tables)?;
        }
        scope.tables.extend(shown.tables);
        scope.columns.extend(shown.columns);
        scope.row_order = shown.row_order;
        Ok(())
    }

    fn check_new(&self, table: &Table, known: &[Table]) -> Result<()> {
        let same = |other: &Table| {
            other.alias == table.alias
                && (other.schema == table.schema || other.schema.is_none() || table.schema.is_none())
        };
        match known.iter().any(same) {
            true => Err(PlanError::DuplicateAlias { name: table.alias.clone() }),
            false => Ok(()),
        }
    }

    /// One item; `left` is what stands before it, and whether its plan has that in it already is told.
    fn item(
        &mut self,
        node: &NodeEnum,
        left: Option<&LogicalPlan>,
        scope: &Scope<'_>,
    ) -> Result<(LogicalPlan, Shown, bool)> {
        let (plan, shown) = match node {
            NodeEnum::RangeVar(table) => self.table(table, scope)?,
            NodeEnum::RangeSubselect(query) => self.sub_select(query, scope)?,
            NodeEnum::JoinExpr(join) => self.named_join(join, scope)?,
            NodeEnum::RangeFunction(function) => return self.range_function(function, left.cloned(), false, scope),
            _ => return Err(not_yet("this in FROM")),
        };
        Ok((plan, shown, false))
    }

    fn table(&mut self, table: &RangeVar, scope: &Scope<'_>) -> Result<(LogicalPlan, Shown)> {
        if table.schemaname.is_empty()
            && let Some(cte) = scope.ctes.get(&table.relname)
        {
            let cte = Rc::clone(cte);
            let relation = Relation { plan: cte.plan.clone(), columns: cte.columns.clone() };
            return self.aliased(relation, &table.relname, table.alias.as_ref());
        }
        let name = match (table.catalogname.as_str(), table.schemaname.as_str(), table.relname.as_str()) {
            ("", "", name) => TableReference::bare(name),
            ("", schema, name) => TableReference::partial(schema, name),
            (catalog, schema, name) => TableReference::full(catalog, schema, name),
        };
        let source = self.context.get_table_source(name.clone()).map_err(|error| match PlanError::from(error) {
            PlanError::UndefinedTable { name, .. } => {
                PlanError::UndefinedTable { name, position: self.position(table.location) }
            }
            other => other,
        })?;
        let schema = source.schema();
        let scanned = LogicalPlanBuilder::scan(name.clone(), source, None)?.build()?;
        let wanted = match &table.alias {
            Some(alias) => TableReference::bare(alias.aliasname.as_str()),
            None => name.clone(),
        };
        let qualifier = self.qualifier(wanted);
        let plan = match qualifier == name {
            true => scanned,
            false => LogicalPlanBuilder::from(scanned).alias(qualifier.clone())?.build()?,
        };
        let renamed = table.alias.as_ref().map(|alias| parts(&alias.colnames)).transpose()?.unwrap_or_default();
        let mut columns = Vec::with_capacity(schema.fields().len());
        for (at, field) in schema.fields().iter().enumerate() {
            let ty = PgType::of_field(field).unwrap_or(Base::Opaque.into());
            self.reads_foreign_types |= ty.base == Base::Opaque || table.schemaname == "information_schema";
            let expr = Expr::Column(Column::new(Some(qualifier.clone()), field.name()));
            let shown = renamed.get(at).map_or(field.name().as_str(), |name| *name);
            columns.push(Named { name: shown.to_owned(), typed: Typed { expr, ty, data: field.data_type().clone() } });
        }
        if let Some(alias) = table.alias.as_ref().filter(|alias| alias.aliasname != table.relname) {
            self.hidden.push(Hidden::renamed(&table.schemaname, &table.relname, &alias.aliasname));
        }
        let (schema, alias) = match &table.alias {
            Some(alias) => (None, alias.aliasname.clone()),
            None => (Some(table.schemaname.clone()).filter(|s| !s.is_empty()), table.relname.clone()),
        };
        Ok((
            plan,
            Shown {
                tables: vec![Table { schema, alias, columns: columns.clone(), is_optional: false }],
                columns,
                row_order: None,
            },
        ))
    }

    fn sub_select(&mut self, select: &RangeSubselect, scope: &Scope<'_>) -> Result<(LogicalPlan, Shown)> {
        let NodeEnum::SelectStmt(query) = inner(select.subquery.as_deref())? else {
            return Err(not_yet("this in FROM"));
        };
        // It sees what the query around the whole sees, and its neighbours only if it is LATERAL.
        let around = match select.lateral {
            true => scope.inner(),
            false => {
                let hidden = scope.tables.iter().map(Hidden::beside).chain(scope.hidden.iter().cloned()).collect();
                Scope { ctes: Rc::clone(&scope.ctes), outer: scope.outer, hidden, ..Scope::default() }
            }
        };
        let hidden_here = std::mem::take(&mut self.hidden);
        let keeps_order = std::mem::take(&mut self.keeps_order);
        let mut relation = self.query(query, &around)?;
        self.hidden = hidden_here;
        let number = keeps_order.then(|| self.unique("row"));
        let number = number.filter(|number| match numbered(&relation.plan, number) {
            Some(plan) => {
                relation.plan = plan;
                true
            }
            None => false,
        });
        let outer_ref_columns = relation.plan.all_out_ref_exprs();
        if select.lateral && !outer_ref_columns.is_empty() {
            let (subquery, spans) = (Arc::new(relation.plan), datafusion::common::Spans::new());
            relation.plan = LogicalPlan::Subquery(Subquery { subquery, outer_ref_columns, spans });
        }
        let (plan, mut shown) = self.aliased(relation, "unnamed_subquery", select.alias.as_ref())?;
        shown.row_order = number.and_then(|number| {
            let (qualifier, field) = plan.schema().qualified_field_with_unqualified_name(&number).ok()?;
            Some(Expr::Column(Column::new(qualifier.cloned(), field.name())))
        });
        Ok((plan, shown))
    }

    /// A query as a table of its own.
    fn aliased(&mut self, relation: Relation, name: &str, alias: Option<&Alias>) -> Result<(LogicalPlan, Shown)> {
        let shown_as = alias.map_or(name, |alias| alias.aliasname.as_str());
        let renamed = alias.map(|alias| parts(&alias.colnames)).transpose()?.unwrap_or_default();
        if renamed.len() > relation.columns.len() {
            let (has, given) = (relation.columns.len(), renamed.len());
            let message = format!("table \"{shown_as}\" has {has} columns available but {given} columns specified");
            return Err(PlanError::InvalidColumnReference { message, position: None });
        }
        let qualifier = self.qualifier(TableReference::bare(shown_as));
        let plan = LogicalPlanBuilder::from(relation.plan).alias(qualifier.clone())?.build()?;
        let columns = relation.columns.into_iter().enumerate().map(|(at, column)| {
            let Expr::Column(inside) = &column.typed.expr else { return Err(not_yet("this sub-select")) };
            let expr = Expr::Column(Column::new(Some(qualifier.clone()), inside.name.clone()));
            let name = renamed.get(at).map_or(column.name.as_str(), |name| *name).to_owned();
            Ok(Named { name, typed: Typed { expr, ..column.typed } })
        });
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let table = Table { schema: None, alias: shown_as.to_owned(), columns: columns.clone(), is_optional: false };
        Ok((plan, Shown { tables: vec![table], columns, row_order: None }))
    }

    /// A join with the name that it has, which hides the tables beneath.
    fn named_join(&mut self, join: &JoinExpr, scope: &Scope<'_>) -> Result<(LogicalPlan, Shown)> {
        let (plan, shown) = self.join(join, scope)?;
        let Some(alias) = &join.alias else { return Ok((plan, shown)) };
        let (name, renamed) = (&alias.aliasname, parts(&alias.colnames)?);
        let (has, given) = (shown.columns.len(), renamed.len());
        if given > has {
            let message =
                format!("join expression \"{name}\" has {has} columns available but {given} columns specified");
            return Err(PlanError::InvalidColumnReference { message, position: None });
        }
        self.hidden.extend(shown.tables.iter().map(Hidden::beneath));
        let mut columns = shown.columns;
        for (column, name) in columns.iter_mut().zip(renamed) {
            column.name = name.to_owned();
        }
        let table = Table { schema: None, alias: name.clone(), columns: columns.clone(), is_optional: false };
        Ok((plan, Shown { tables: vec![table], columns, row_order: None }))
    }

    fn join(&mut self, join: &JoinExpr, scope: &Scope<'_>) -> Result<(LogicalPlan, Shown)> {
        let (left_plan, left, _) = self.item(inner(join.larg.as_deref())?, None, scope)?;
        let beside = Scope {
            columns: scope.columns.iter().chain(&left.columns).cloned().collect(),
            tables: scope.tables.iter().chain(&left.tables).cloned().collect(),
            ..scope.clone()
        };
        let right = inner(join.rarg.as_deref())?;
        if let NodeEnum::RangeFunction(function) = right {
            return self.join_function(join, left_plan, left, function, &beside);
        }
        let (right_plan, right, _) = self.item(right, None, &beside)?;
        for table in &right.tables {
            self.check_new(table, &left.tables)?;
        }
        let kind = match JoinType::try_from(join.jointype) {
            Ok(JoinType::JoinInner) => EngineJoin::Inner,
            Ok(JoinType::JoinLeft) => EngineJoin::Left,
            Ok(JoinType::JoinRight) => EngineJoin::Right,
            Ok(JoinType::JoinFull) => EngineJoin::Full,
            _ => return Err(not_yet("this join")),
        };
        let left = left.optional_if(matches!(kind, EngineJoin::Right | EngineJoin::Full));
        let right = right.optional_if(matches!(kind, EngineJoin::Left | EngineJoin::Full));
        let using = match join.is_natural {
            true => common_names(&left.columns, &right.columns),
            false => parts(&join.using_clause)?.into_iter().map(str::to_owned).collect(),
        };
        if using.is_empty() {
            let tables: Vec<Table> = left.tables.into_iter().chain(right.tables).collect();
            let columns: Vec<Named> = left.columns.into_iter().chain(right.columns).collect();
            let shown = Shown { tables, columns, row_order: None };
            let condition = match join.quals.as_deref() {
                Some(condition) => {
                    let here = Scope { columns: shown.columns.clone(), tables: shown.tables.clone(), ..scope.clone() };
                    let node = inner(Some(condition))?;
                    let condition = self.condition(node, &here, "JOIN/ON")?;
                    self.only_rows(&condition, "JOIN conditions", node)?;
                    Some(condition)
                }
                None => None,
            };
            return Ok((joined(left_plan, right_plan, kind, condition)?, shown));
        }
        let (plan, mut shown) = self.join_using(left_plan, right_plan, kind, left, right, &using)?;
        if let Some(alias) = &join.join_using_alias {
            let columns = shown.columns.iter().take(using.len()).cloned().collect();
            let table = Table { schema: None, alias: alias.aliasname.clone(), columns, is_optional: false };
            self.check_new(&table, &shown.tables)?;
            shown.tables.push(table);
        }
        Ok((plan, shown))
    }

    /// A join with a function, which may read the other side.
    fn join_function(
        &mut self,
        join: &JoinExpr,
        left_plan: LogicalPlan,
        left: Shown,
        function: &RangeFunction,
        beside: &Scope<'_>,
    ) -> Result<(LogicalPlan, Shown)> {
        let is_left = JoinType::try_from(join.jointype) == Ok(JoinType::JoinLeft);
        let is_inner = JoinType::try_from(join.jointype) == Ok(JoinType::JoinInner);
        if join.is_natural || !join.using_clause.is_empty() || !(is_left || is_inner) {
            return Err(not_yet("this join with a function"));
        }
        let (right_plan, right, has_left) = self.range_function(function, Some(left_plan.clone()), is_left, beside)?;
        let right = right.optional_if(is_left);
        let columns: Vec<Named> = left.columns.iter().chain(&right.columns).cloned().collect();
        let tables: Vec<Table> = left.tables.into_iter().chain(right.tables).collect();
        let here = Scope { columns: columns.clone(), tables: tables.clone(), ..beside.clone() };
        let condition = match join.quals.as_deref() {
            Some(condition) => Some(self.condition(inner(Some(condition))?, &here, "JOIN/ON")?),
            None => None,
        };
        let shown = Shown { tables, columns, row_order: None };
        if !has_left {
            let kind = if is_left { EngineJoin::Left } else { EngineJoin::Inner };
            return Ok((joined(left_plan, right_plan, kind, condition)?, shown));
        }
        let is_always = |expr: &Expr| matches!(expr, Expr::Literal(ScalarValue::Boolean(Some(true)), _));
        let plan = match condition.filter(|condition| !is_always(condition)) {
            None => right_plan,
            Some(condition) if is_inner => LogicalPlanBuilder::from(right_plan).filter(condition)?.build()?,
            Some(_) => return Err(not_yet("LEFT JOIN with a function on a condition")),
        };
        Ok((plan, shown))
    }

    /// The columns that both sides are joined by come once, and first.
    fn join_using(
        &mut self,
        left_plan: LogicalPlan,
        right_plan: LogicalPlan,
        kind: EngineJoin,
        left: Shown,
        right: Shown,
        using: &[String],
    ) -> Result<(LogicalPlan, Shown)> {
        let mut conditions = Vec::new();
        let mut merged = Vec::new();
        for (at, name) in using.iter().enumerate() {
            if using[..at].contains(name) {
                let message = format!("column name \"{name}\" appears more than once in USING clause");
                return Err(PlanError::refused(code::DUPLICATE_COLUMN, message, None));
            }
            let (a, b) = (one_named(&left.columns, name, "left")?, one_named(&right.columns, name, "right")?);
            let (left_key, right_key) = self.keyed_alike(a.clone(), b.clone())?;
            conditions.push(left_key.eq(right_key));
            let (a, b) = match a.ty.same(b.ty) && a.data == b.data {
                true => (a, b),
                false => {
                    let types = [a.ty.without_modifier(), b.ty.without_modifier()];
                    let common = common_type(&types).map_err(|_| not_yet("USING over several kinds"))?;
                    (self.implicitly(a, common)?, self.implicitly(b, common)?)
                }
            };
            if a.data != b.data {
                return Err(not_yet("USING over several kinds"));
            }
            let typed = match kind {
                EngineJoin::Right => b,
                EngineJoin::Full => {
                    let coalesce = datafusion::functions::core::coalesce();
                    let expr = Expr::ScalarFunction(ScalarFunction::new_udf(coalesce, vec![a.expr, b.expr]));
                    Typed { expr, ..a }
                }
                _ => a,
            };
            merged.push(Named { name: name.clone(), typed });
        }
        let rest = |columns: Vec<Named>| columns.into_iter().filter(|column| !using.contains(&column.name));
        let columns = merged.into_iter().chain(rest(left.columns)).chain(rest(right.columns)).collect();
        let tables = left.tables.into_iter().chain(right.tables).collect();
        let condition = conditions.into_iter().reduce(Expr::and);
        Ok((joined(left_plan, right_plan, kind, condition)?, Shown { tables, columns, row_order: None }))
    }
}

/// What an item of FROM shows.
pub(super) struct Shown {
    pub tables: Vec<Table>,
    pub columns: Vec<Named>,
    /// A column by which the rows are in order.
    pub row_order: Option<Expr>,
}

impl Shown {
    /// The same beside an outer join that may give NULLs instead, or not.
    fn optional_if(mut self, is_optional: bool) -> Self {
        for table in &mut self.tables {
            table.is_optional |= is_optional;
        }
        self
    }
}

/// The plan with a column more, which numbers its rows in the order that it sorts them by; `None` if it doesn't.
pub(super) fn numbered(plan: &LogicalPlan, name: &str) -> Option<LogicalPlan> {
    match plan {
        LogicalPlan::Sort(sort) => {
            let number = datafusion::functions_window::expr_fn::row_number().order_by(sort.expr.clone());
            let number = number.build().ok()?.alias(name);
            let input =
                LogicalPlanBuilder::from(LogicalPlan::clone(&sort.input)).window([number]).ok()?.build().ok()?;
            let sorted = LogicalPlanBuilder::from(input).sort_with_limit(sort.expr.clone(), sort.fetch);
            sorted.ok()?.build().ok()
        }
        LogicalPlan::Projection(projection) => {
            let input = numbered(&projection.input, name)?;
            let all = projection.expr.iter().cloned().chain([Expr::Column(Column::new_unqualified(name))]);
            LogicalPlanBuilder::from(input).project(all).ok()?.build().ok()
        }
        LogicalPlan::Limit(limit) => {
            let input = Arc::new(numbered(&limit.input, name)?);
            let (skip, fetch) = (limit.skip.clone(), limit.fetch.clone());
            Some(LogicalPlan::Limit(Limit { skip, fetch, input }))
        }
        _ => None,
    }
}

fn joined(left: LogicalPlan, right: LogicalPlan, kind: EngineJoin, condition: Option<Expr>) -> Result<LogicalPlan> {
    let builder = LogicalPlanBuilder::from(left);
    Ok(match (condition, kind) {
        (None, EngineJoin::Inner) => builder.cross_join(right)?.build()?,
        (None, _) => return Err(not_yet("a join without a condition")),
        (Some(condition), kind) => builder.join_on(right, kind, [condition])?.build()?,
    })
}

fn common_names(left: &[Named], right: &[Named]) -> Vec<String> {
    let names: HashMap<&str, ()> = right.iter().map(|column| (column.name.as_str(), ())).collect();
    left.iter().filter(|column| names.contains_key(column.name.as_str())).map(|column| column.name.clone()).collect()
}

/// The one column of a side of a join that USING names.
fn one_named(columns: &[Named], name: &str, side: &str) -> Result<Typed> {
    let mut found = columns.iter().filter(|column| column.name == name);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one.typed.clone()),
        (None, _) => {
            let message = format!("column \"{name}\" specified in USING clause does not exist in {side} table");
            Err(PlanError::UndefinedInUsing { message })
        }
        _ => {
            let message = format!("common column name \"{name}\" appears more than once in {side} table");
            Err(PlanError::AmbiguousInClause { message, position: None })
        }
    }
}
