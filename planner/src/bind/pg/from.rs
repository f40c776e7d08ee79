//! FROM: tables, sub-selects and joins.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field};
use datafusion::common::{Column, JoinType as EngineJoin, TableReference};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{Expr, ExprFunctionExt, Limit, LogicalPlan, LogicalPlanBuilder, Subquery, lit};
use pg_query::NodeEnum;
use pg_query::protobuf::{Alias, JoinExpr, JoinType, Node, RangeSubselect, RangeVar};

use super::composite_types::Composite;
use super::expr::{inner, location, parts};
use super::from_errors::Hidden;
use super::from_functions::Beside;
use super::resolve::common_type;
use super::scope::{Scope, Table};
use super::types::{Base, PgType};
use super::{Binder, Named, Relation, Result, Typed, not_yet};
use crate::PlanError;
use crate::bind::limits;
use crate::error::code;
use crate::functions::pg::call;
use crate::pg_catalog::System;

/// What messages call a sub-select without an alias.
const UNNAMED: &str = "unnamed_subquery";
/// What the modifier of char(n) holds beside n.
const HEADER: i32 = 4;

/// Whether statements see a column's values otherwise than its source gives them.
fn comes_otherwise(field: &Field) -> bool {
    composite(field).is_some() || PgType::of_field(field).is_some_and(ends_with_blanks)
}

/// Whether values of a type are as long as it says.
fn ends_with_blanks(ty: PgType) -> bool {
    ty.base == Base::Bpchar && ty.typmod > HEADER
}

impl Binder<'_> {
    /// The tables of a query, joined; fills the scope with what they show.
    pub(super) fn from(&mut self, nodes: &[Node], scope: &mut Scope<'_>) -> Result<LogicalPlan> {
        let mut plan: Option<LogicalPlan> = None;
        for node in nodes {
            let (item, shown, has_left) = self.item(inner(Some(node))?, plan.as_ref(), scope)?;
            plan = Some(match plan {
                Some(left) if !has_left => joined(left, item, EngineJoin::Inner, None)?,
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
        self.check_not_own_name(table)?;
        // A sub-select without an alias has no name that another one could take.
        let same = |other: &Table| {
            other.alias == table.alias
                && !table.is_unnamed
                && !other.is_unnamed
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
            NodeEnum::RangeTableSample(sample) => self.table_sample(sample, scope)?,
            NodeEnum::RangeSubselect(query) => self.sub_select(query, scope)?,
            NodeEnum::JoinExpr(join) => self.named_join(join, scope)?,
            NodeEnum::RangeFunction(function) => return self.range_function(function, left.cloned(), None, scope),
            NodeEnum::JsonTable(table) => return self.json_table(table, left.cloned(), None, scope),
            _ => return Err(not_yet("this in FROM")),
        };
        Ok((plan, shown, false))
    }

    pub(super) fn table(&mut self, table: &RangeVar, scope: &Scope<'_>) -> Result<(LogicalPlan, Shown)> {
        if table.schemaname.is_empty()
            && let Some(cte) = scope.ctes.get(&table.relname)
        {
            let cte = Rc::clone(cte);
            self.count_reads(cte.reads)?;
            let (own, given) = (cte.columns.len() - cte.added, table.alias.as_ref().map_or(0, |a| a.colnames.len()));
            if given > own {
                // What SEARCH and CYCLE have added has its names from there.
                let name = table.alias.as_ref().map_or(&table.relname, |alias| &alias.aliasname);
                let message = format!("table \"{name}\" has {own} columns available but {given} columns specified");
                return Err(PlanError::InvalidColumnReference { message, position: None });
            }
            let relation = Relation { plan: cte.plan.clone(), columns: cte.columns.clone() };
            let (plan, shown) = self.aliased(relation, &table.relname, table.alias.as_ref())?;
            // In a query below the one with the WITH a star doesn't mean them.
            if !scope.own_ctes.contains(&table.relname) {
                let added = shown.columns.iter().rev().take(cte.added).filter_map(|named| match &named.typed.expr {
                    Expr::Column(column) => Some(column.clone()),
                    _ => None,
                });
                self.unexpanded.extend(added);
            }
            return Ok((plan, shown));
        }
        self.count_reads(1)?;
        if !table.inh {
            return Err(not_yet("ONLY"));
        }
        let name = match (table.catalogname.as_str(), table.schemaname.as_str(), table.relname.as_str()) {
            ("", "", name) => TableReference::bare(name),
            ("", schema, name) => TableReference::partial(schema, name),
            (catalog, schema, name) => TableReference::full(catalog, schema, name),
        };
        let source = self.context.relation(&name).map_err(|error| match error {
            PlanError::UndefinedTable { name, .. } => {
                PlanError::UndefinedTable { name, position: self.position(table.location) }
            }
            other => other,
        })?;
        let (source, number) = match source {
            System::Table(source) => (source, None),
            System::Catalog(source, number) => (source, Some(number)),
        };
        let schema = source.schema();
        let scanned = LogicalPlanBuilder::scan(name.clone(), source, None)?.build()?;
        let wanted = match &table.alias {
            Some(alias) => TableReference::bare(alias.aliasname.as_str()),
            None => name.clone(),
        };
        let qualifier = self.qualifier(wanted);
        if let Some(number) = number {
            self.numbers.insert(qualifier.clone(), number);
        }
        let plan = match qualifier == name {
            true => scanned,
            false => LogicalPlanBuilder::from(scanned).alias(qualifier.clone())?.build()?,
        };
        let plan = self.padded(plan)?;
        let renamed = table.alias.as_ref().map(|alias| parts(&alias.colnames)).transpose()?.unwrap_or_default();
        let (has, given) = (schema.fields().len(), renamed.len());
        if given > has {
            let name = table.alias.as_ref().map_or(&table.relname, |alias| &alias.aliasname);
            let message = format!("table \"{name}\" has {has} columns available but {given} columns specified");
            return Err(PlanError::InvalidColumnReference { message, position: None });
        }
        let mut columns = Vec::with_capacity(has);
        for (at, field) in schema.fields().iter().enumerate() {
            let (ty, data) = match composite(field) {
                Some(ty) => {
                    let ty = self.shown_on_path(ty);
                    (ty, ty.storage())
                }
                None => {
                    let ty = PgType::of_field(field).map_or(Base::Opaque.into(), |ty| self.shown_on_path(ty));
                    (ty, field.data_type().clone())
                }
            };
            self.reads_foreign_types |= ty.base == Base::Opaque;
            let expr = Expr::Column(Column::new(Some(qualifier.clone()), field.name()));
            let shown = renamed.get(at).map_or(field.name().as_str(), |name| *name);
            columns.push(Named { name: shown.to_owned(), typed: Typed { expr, ty, data } });
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
                tables: vec![Table { schema, alias, columns: columns.clone(), is_optional: false, is_unnamed: false }],
                columns,
                row_order: None,
            },
        ))
    }

    fn count_reads(&mut self, tables: usize) -> Result<()> {
        self.reads = self.reads.saturating_add(tables);
        limits::check_reads(self.reads)
    }

    /// A table with its values as statements see them.
    fn padded(&mut self, plan: LogicalPlan) -> Result<LogicalPlan> {
        if !plan.schema().fields().iter().any(|field| comes_otherwise(field)) {
            return Ok(plan);
        }
        let mut columns = Vec::with_capacity(plan.schema().fields().len());
        for (qualifier, field) in plan.schema().iter() {
            let expr = Expr::Column(Column::new(qualifier.cloned(), field.name()));
            columns.push(match comes_otherwise(field) {
                true => self.value_of(expr, field)?.expr.alias_qualified(qualifier.cloned(), field.name()),
                false => expr,
            });
        }
        Ok(LogicalPlanBuilder::from(plan).project(columns)?.build()?)
    }

    /// The value of a column: with the blanks that those of char(n) end with, which sources give without, and a record in the
    /// place of the text that it comes as.
    pub(super) fn value_of(&mut self, expr: Expr, field: &Field) -> Result<Typed> {
        if let Some(ty) = composite(field) {
            let ty = self.shown_on_path(ty);
            if let Some(composite) = Composite::get(ty) {
                return self.composite_of(Typed::new(expr, Base::Text), ty, composite, true);
            }
        }
        let ty = PgType::of_field(field).map_or(Base::Opaque.into(), |ty| self.shown_on_path(ty));
        let value = Typed { expr, ty, data: field.data_type().clone() };
        let pad = |_: &mut Self, value: Typed| {
            let length = lit(ty.typmod - HEADER);
            Ok(Typed { expr: call("bpchar", vec![value.expr, length], DataType::Utf8), ..value })
        };
        match ends_with_blanks(ty) {
            true if ty.is_array => self.each_of(value, pad),
            true => pad(self, value),
            false => Ok(value),
        }
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
        let (plan, mut shown) = self.aliased(relation, UNNAMED, select.alias.as_ref())?;
        if select.alias.is_none() {
            for table in &mut shown.tables {
                self.hidden.push(Hidden::beneath(table));
                table.is_unnamed = true;
            }
        }
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
        let table = Table {
            schema: None,
            alias: shown_as.to_owned(),
            columns: columns.clone(),
            is_optional: false,
            is_unnamed: false,
        };
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
        let table = Table {
            schema: None,
            alias: name.clone(),
            columns: columns.clone(),
            is_optional: false,
            is_unnamed: false,
        };
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
        let kind = match JoinType::try_from(join.jointype) {
            Ok(JoinType::JoinInner) => EngineJoin::Inner,
            Ok(JoinType::JoinLeft) => EngineJoin::Left,
            Ok(JoinType::JoinRight) => EngineJoin::Right,
            Ok(JoinType::JoinFull) => EngineJoin::Full,
            _ => return Err(not_yet("this join")),
        };
        let beside_left = (kind == EngineJoin::Left).then_some(Beside { join, left: &left, scope });
        let (right_plan, right, has_left) = match right {
            NodeEnum::RangeFunction(function) => {
                self.range_function(function, Some(left_plan.clone()), beside_left, &beside)?
            }
            NodeEnum::JsonTable(table) => self.json_table(table, Some(left_plan.clone()), beside_left, &beside)?,
            right => {
                let item = self.item(right, None, &beside)?;
                if matches!(kind, EngineJoin::Right | EngineJoin::Full) {
                    self.reads_none_of(&left, &item.0)?;
                }
                item
            }
        };
        for table in &right.tables {
            self.check_new(table, &left.tables)?;
        }
        let left = left.optional_if(matches!(kind, EngineJoin::Right | EngineJoin::Full));
        let right = right.optional_if(matches!(kind, EngineJoin::Left | EngineJoin::Full));
        if has_left {
            return self.join_beside(join, kind, left, (right_plan, right), scope);
        }
        let using = match join.is_natural {
            true => common_names(&left.columns, &right.columns),
            false => parts(&join.using_clause)?.into_iter().map(str::to_owned).collect(),
        };
        if using.is_empty() {
            let shown = left.beside(right);
            let condition = self.join_condition(join, &shown, scope)?;
            return Ok((joined(left_plan, right_plan, kind, condition)?, shown));
        }
        let (plan, mut shown) = self.join_using(left_plan, right_plan, kind, left, right, &using)?;
        if let Some(alias) = &join.join_using_alias {
            let columns = shown.columns.iter().take(using.len()).cloned().collect();
            let table =
                Table { schema: None, alias: alias.aliasname.clone(), columns, is_optional: false, is_unnamed: false };
            self.check_new(&table, &shown.tables)?;
            shown.tables.push(table);
        }
        Ok((plan, shown))
    }

    pub(super) fn join_condition(&mut self, join: &JoinExpr, shown: &Shown, scope: &Scope<'_>) -> Result<Option<Expr>> {
        let Some(condition) = join.quals.as_deref() else { return Ok(None) };
        let hidden = scope.hidden.iter().chain(&self.hidden).cloned().collect();
        let (columns, tables) = (shown.columns.clone(), shown.tables.clone());
        let here = Scope { columns, tables, hidden, ..scope.clone() };
        let node = inner(Some(condition))?;
        let condition = self.condition(node, &here, "JOIN/ON")?;
        self.only_rows(&condition, "JOIN conditions", node)?;
        Ok(Some(condition))
    }

    /// A join with what reads the other side, whose rows are in its plan already.
    fn join_beside(
        &mut self,
        join: &JoinExpr,
        kind: EngineJoin,
        left: Shown,
        (plan, right): (LogicalPlan, Shown),
        scope: &Scope<'_>,
    ) -> Result<(LogicalPlan, Shown)> {
        if !matches!(kind, EngineJoin::Inner | EngineJoin::Left) {
            return Err(self.not_lateral(self.read_within(join, &left)));
        }
        if join.is_natural || !join.using_clause.is_empty() {
            return Err(not_yet("this join with a function"));
        }
        let shown = left.beside(right);
        // The condition of a LEFT JOIN has been looked at where its rows are made.
        let condition = match kind {
            EngineJoin::Inner => self.join_condition(join, &shown, scope)?,
            _ => None,
        };
        let plan = match condition {
            None => plan,
            Some(condition) => LogicalPlanBuilder::from(plan).filter(condition)?.build()?,
        };
        Ok((plan, shown))
    }

    /// What an outer join keeps all rows of can't read those of the other side.
    fn reads_none_of(&self, left: &Shown, right: &LogicalPlan) -> Result<()> {
        let read = super::unnest::read_around(right)?;
        let is_left = |column: &&Column| {
            left.columns.iter().any(|named| matches!(&named.typed.expr, Expr::Column(known) if known == *column))
        };
        let mut read = read.iter().filter(is_left).peekable();
        if read.peek().is_none() {
            return Ok(());
        }
        let places = read.filter_map(|column| self.places.get(column));
        Err(self.not_lateral(places.map(|(location, name)| (*location, name.as_str())).min()))
    }

    fn not_lateral(&self, read: Option<(i32, &str)>) -> PlanError {
        let table = read.and_then(|(_, named)| named.rsplit_once('.')).map_or("", |(table, _)| table);
        let message = format!("invalid reference to FROM-clause entry for table \"{table}\"");
        let position = read.and_then(|(location, _)| self.position(location));
        PlanError::InvalidColumnReference { message, position }
    }

    /// Where the right side of a join first names a column of the left, and the column's name with its table's.
    fn read_within(&self, join: &JoinExpr, left: &Shown) -> Option<(i32, &str)> {
        let right = join.rarg.as_deref()?.node.as_ref()?;
        let begins = match right {
            NodeEnum::RangeFunction(function) => function.functions.first()?.node.as_ref().map(|node| match node {
                NodeEnum::List(list) => list.items.first().and_then(|n| n.node.as_ref()).map_or(-1, location),
                node => location(node),
            })?,
            NodeEnum::JsonTable(table) => table.location,
            _ => return None,
        };
        let place = |column: &Named| match &column.typed.expr {
            Expr::Column(column) => self.places.get(column).map(|(location, name)| (*location, name.as_str())),
            _ => None,
        };
        left.columns.iter().filter_map(place).filter(|(location, _)| *location >= begins).min()
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
#[derive(Clone, Default)]
pub(super) struct Shown {
    pub tables: Vec<Table>,
    pub columns: Vec<Named>,
    /// A column by which the rows are in order.
    pub row_order: Option<Expr>,
}

impl Shown {
    pub(super) fn beside(self, right: Shown) -> Shown {
        let tables = self.tables.into_iter().chain(right.tables).collect();
        let columns = self.columns.into_iter().chain(right.columns).collect();
        Shown { tables, columns, row_order: None }
    }

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
    limits::check_joined(left.schema().fields().len() + right.schema().fields().len())?;
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

/// The composite type of a column that comes as its text.
fn composite(field: &Field) -> Option<PgType> {
    let is_text = *field.data_type() == DataType::Utf8;
    PgType::of_mark(field).filter(|ty| ty.is_composite() && is_text)
}
