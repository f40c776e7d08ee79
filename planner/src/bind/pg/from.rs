//! FROM: tables, sub-selects and joins.

use std::collections::HashMap;
use std::rc::Rc;

use datafusion::common::{Column, JoinType as EngineJoin, TableReference};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::planner::ContextProvider;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};
use pg_query::NodeEnum;
use pg_query::protobuf::{Alias, JoinExpr, JoinType, Node, RangeSubselect, RangeVar};

use super::expr::{inner, parts};
use super::scope::{Scope, Table};
use super::types::PgType;
use super::{Binder, Named, Relation, Result, Typed, not_yet};
use crate::PlanError;

impl Binder<'_> {
    /// The tables of a query, joined; fills the scope with what they show.
    pub(super) fn from(&mut self, nodes: &[Node], scope: &mut Scope<'_>) -> Result<LogicalPlan> {
        let mut plan: Option<LogicalPlan> = None;
        for node in nodes {
            let (item, shown) = self.item(inner(Some(node))?, scope)?;
            plan = Some(match plan {
                None => item,
                Some(left) => LogicalPlanBuilder::from(left).cross_join(item)?.build()?,
            });
            self.add(shown, scope)?;
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

    fn item(&mut self, node: &NodeEnum, scope: &Scope<'_>) -> Result<(LogicalPlan, Shown)> {
        match node {
            NodeEnum::RangeVar(table) => self.table(table, scope),
            NodeEnum::RangeSubselect(query) => self.sub_select(query, scope),
            NodeEnum::JoinExpr(join) => self.join(join, scope),
            _ => Err(not_yet("this in FROM")),
        }
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
            let ty = PgType::of_field(field).ok_or_else(|| not_yet("a column of this type"))?;
            let expr = Expr::Column(Column::new(Some(qualifier.clone()), field.name()));
            let shown = renamed.get(at).map_or(field.name().as_str(), |name| *name);
            columns.push(Named { name: shown.to_owned(), typed: Typed { expr, ty, data: field.data_type().clone() } });
        }
        let (schema, alias) = match &table.alias {
            Some(alias) => (None, alias.aliasname.clone()),
            None => (Some(table.schemaname.clone()).filter(|s| !s.is_empty()), table.relname.clone()),
        };
        Ok((plan, Shown { tables: vec![Table { schema, alias, columns: columns.clone() }], columns }))
    }

    fn sub_select(&mut self, select: &RangeSubselect, scope: &Scope<'_>) -> Result<(LogicalPlan, Shown)> {
        if select.lateral {
            return Err(not_yet("LATERAL"));
        }
        let NodeEnum::SelectStmt(query) = inner(select.subquery.as_deref())? else {
            return Err(not_yet("this in FROM"));
        };
        // It sees what the query around the whole sees, and not its neighbours.
        let around = Scope { ctes: Rc::clone(&scope.ctes), outer: scope.outer, ..Scope::default() };
        let relation = self.query(query, &around)?;
        self.aliased(relation, "unnamed_subquery", select.alias.as_ref())
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
        let table = Table { schema: None, alias: shown_as.to_owned(), columns: columns.clone() };
        Ok((plan, Shown { tables: vec![table], columns }))
    }

    fn join(&mut self, join: &JoinExpr, scope: &Scope<'_>) -> Result<(LogicalPlan, Shown)> {
        if join.alias.is_some() || join.join_using_alias.is_some() {
            return Err(not_yet("an alias of a join"));
        }
        let (left_plan, left) = self.item(inner(join.larg.as_deref())?, scope)?;
        let (right_plan, right) = self.item(inner(join.rarg.as_deref())?, scope)?;
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
        let using = match join.is_natural {
            true => common_names(&left.columns, &right.columns),
            false => parts(&join.using_clause)?.into_iter().map(str::to_owned).collect(),
        };
        if using.is_empty() {
            let tables: Vec<Table> = left.tables.into_iter().chain(right.tables).collect();
            let columns: Vec<Named> = left.columns.into_iter().chain(right.columns).collect();
            let shown = Shown { tables, columns };
            let condition = match join.quals.as_deref() {
                Some(condition) => {
                    let here = Scope {
                        columns: shown.columns.clone(),
                        tables: shown.tables.clone(),
                        ctes: Rc::clone(&scope.ctes),
                        outer: scope.outer,
                    };
                    Some(self.condition(inner(Some(condition))?, &here, "JOIN/ON")?)
                }
                None => None,
            };
            return Ok((joined(left_plan, right_plan, kind, condition)?, shown));
        }
        self.join_using(left_plan, right_plan, kind, left, right, &using)
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
        for name in using {
            let (a, b) = (one_named(&left.columns, name)?, one_named(&right.columns, name)?);
            conditions.push(self.operate("=", a.clone(), b.clone(), -1)?.expr);
            if kind != EngineJoin::Inner && a.data != b.data {
                return Err(not_yet("USING over several kinds"));
            }
            let typed = match kind {
                EngineJoin::Right => b,
                EngineJoin::Full => {
                    let coalesce = datafusion::functions::core::coalesce();
                    let expr = Expr::ScalarFunction(ScalarFunction::new_udf(coalesce, vec![a.expr, b.expr]));
                    Typed { expr, ..a }
                }
                _ if a.data != b.data => return Err(not_yet("USING over several kinds")),
                _ => a,
            };
            merged.push(Named { name: name.clone(), typed });
        }
        let rest = |columns: Vec<Named>| columns.into_iter().filter(|column| !using.contains(&column.name));
        let columns = merged.into_iter().chain(rest(left.columns)).chain(rest(right.columns)).collect();
        let tables = left.tables.into_iter().chain(right.tables).collect();
        let condition = conditions.into_iter().reduce(Expr::and);
        Ok((joined(left_plan, right_plan, kind, condition)?, Shown { tables, columns }))
    }
}

/// What an item of FROM shows.
struct Shown {
    tables: Vec<Table>,
    columns: Vec<Named>,
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

fn one_named(columns: &[Named], name: &str) -> Result<Typed> {
    let mut found = columns.iter().filter(|column| column.name == name);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one.typed.clone()),
        (None, _) => {
            let message = format!("column \"{name}\" specified in USING clause does not exist");
            Err(PlanError::UndefinedInUsing { message })
        }
        _ => Err(PlanError::AmbiguousColumn { name: name.to_owned(), position: None }),
    }
}
