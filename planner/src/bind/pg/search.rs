//! SEARCH and CYCLE of a recursive query: the columns that they add to it (`rewriteSearchCycle.c`).
//!
//! The rows of a path are held with keys that have their order, see `functions/pg/paths.rs`.

use std::collections::HashSet;

use arrow::datatypes::{DataType, Field};
use datafusion::logical_expr::{Expr, lit, when};
use pg_query::NodeEnum;
use pg_query::protobuf::{
    ColumnRef, CommonTableExpr, Node, RangeVar, ResTarget, SelectStmt, SetOperation, String as Name,
};

use super::comparable::{has_equality, no_equality};
use super::expr::{inner, location, parts};
use super::scope::Scope;
use super::types::{Base, PgType};
use super::{Binder, Named, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::call;

/// The columns that SEARCH and CYCLE add to a recursive query, behind its own.
#[derive(Default)]
pub(super) struct Added<'q> {
    pub columns: Vec<AddedColumn>,
    clauses: Clauses<'q>,
    mark: Option<Mark>,
}

#[derive(Default, Clone, Copy)]
struct Clauses<'q> {
    search: &'q [Node],
    cycle: &'q [Node],
}

/// One of them: its name, and by which name the engine knows it.
pub(super) struct AddedColumn {
    kind: Kind,
    pub name: String,
    pub inside: String,
    pub ty: PgType,
    pub data: DataType,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// In which round a row was made, which only SEARCH BREADTH reads.
    Round,
    Breadth,
    Depth,
    Mark,
    Path,
}

/// What marks the rows that close a cycle, and what all others.
struct Mark {
    closes: Typed,
    otherwise: Expr,
}

fn row_type() -> (PgType, DataType) {
    (Base::Record.into(), DataType::Binary)
}

fn path_type() -> (PgType, DataType) {
    (PgType::from(Base::Record).array_of(), DataType::new_list(DataType::Binary, true))
}

/// Whether a value is a row that SEARCH or CYCLE have made, or an array of such.
pub(super) fn is_path(typed: &Typed) -> bool {
    typed.ty.base == Base::Record
        && match &typed.data {
            DataType::Binary => !typed.ty.is_array,
            DataType::List(item) => typed.ty.is_array && *item.data_type() == DataType::Binary,
            _ => false,
        }
}

/// Whether a function takes such values as they are held.
pub(super) fn takes_paths(source: &str) -> bool {
    matches!(
        source,
        "array_length" | "array_upper" | "array_lower" | "array_ndims" | "array_dims" | "array_cardinality"
    )
}

impl AddedColumn {
    /// Whether a statement can name it.
    pub fn is_shown(&self) -> bool {
        self.kind != Kind::Round
    }

    pub fn field(&self) -> Field {
        Field::new(&self.inside, self.data.clone(), true)
    }

    /// The column with the expression that it is.
    pub fn named(&self, expr: Expr) -> Named {
        let typed = Typed { expr, ty: self.ty, data: self.data.clone() };
        Named { name: self.name.clone(), typed }
    }
}

impl Binder<'_> {
    /// What the clauses of a query under WITH add; their values are known before the query is.
    pub(super) fn added<'q>(&mut self, cte: &'q CommonTableExpr, scope: &Scope<'_>) -> Result<Added<'q>> {
        let mut added = Added::default();
        if let Some(search) = &cte.search_clause {
            added.clauses.search = &search.search_col_list;
            let kind = if search.search_breadth_first { Kind::Breadth } else { Kind::Depth };
            if kind == Kind::Breadth {
                added.columns.push(self.added_column(Kind::Round, "round", (Base::Int8.into(), DataType::Int64)));
            }
            let held = if kind == Kind::Breadth { row_type() } else { path_type() };
            added.columns.push(self.added_column(kind, &search.search_seq_column, held));
        }
        if let Some(cycle) = &cte.cycle_clause {
            added.clauses.cycle = &cycle.cycle_col_list;
            let mut values = Vec::with_capacity(2);
            for node in [&cycle.cycle_mark_value, &cycle.cycle_mark_default] {
                let node = inner(node.as_deref())?;
                values.push((self.expr(node, scope)?, location(node)));
            }
            let (values, ty, data) = self.shared(values, "CYCLE")?;
            let Ok([closes, otherwise]) = <[Expr; 2]>::try_from(values) else { return Err(not_yet("this CYCLE")) };
            if !has_equality(ty) {
                return Err(no_equality(ty, None));
            }
            added.columns.push(self.added_column(Kind::Mark, &cycle.cycle_mark_column, (ty, data.clone())));
            added.columns.push(self.added_column(Kind::Path, &cycle.cycle_path_column, path_type()));
            added.mark = Some(Mark { closes: Typed { expr: closes, ty, data }, otherwise });
        }
        Ok(added)
    }

    fn added_column(&mut self, kind: Kind, name: &str, (ty, data): (PgType, DataType)) -> AddedColumn {
        AddedColumn { kind, name: name.to_owned(), inside: self.unique(name), ty, data }
    }

    pub(super) fn not_recursive(&self, cte: &CommonTableExpr) -> PlanError {
        let message = "WITH query is not recursive".to_owned();
        PlanError::Grammar { message, position: self.position(cte.location) }
    }

    /// What the clauses say of a query whose own columns are known (`analyzeCTE` in parse_cte.c).
    pub(super) fn check_added(
        &self,
        cte: &CommonTableExpr,
        (first, next): (&SelectStmt, &SelectStmt),
        own: &[Named],
    ) -> Result<()> {
        if !is_leaf(first) {
            let message = "with a SEARCH or CYCLE clause, the left side of the UNION must be a SELECT".to_owned();
            return Err(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, None));
        }
        if !is_leaf(next) {
            let message = "with a SEARCH or CYCLE clause, the right side of the UNION must be a SELECT".to_owned();
            return Err(PlanError::Grammar { message, position: None });
        }
        let is_own = |name: &str| own.iter().any(|column| column.name == name);
        let taken = |what: &str, name: &str, place: i32| match is_own(name) {
            true => {
                let message = format!("{what} column name \"{name}\" already used in WITH query column list");
                Err(PlanError::Grammar { message, position: self.position(place) })
            }
            false => Ok(()),
        };
        let same = |one: &str, other: &str, place: i32| {
            let message = format!("{one} column name and {other} column name are the same");
            PlanError::Grammar { message, position: self.position(place) }
        };
        if let Some(search) = &cte.search_clause {
            self.check_listed("search", &search.search_col_list, search.location, is_own)?;
            taken("search sequence", &search.search_seq_column, search.location)?;
        }
        if let Some(cycle) = &cte.cycle_clause {
            self.check_listed("cycle", &cycle.cycle_col_list, cycle.location, is_own)?;
            taken("cycle mark", &cycle.cycle_mark_column, cycle.location)?;
            taken("cycle path", &cycle.cycle_path_column, cycle.location)?;
            if cycle.cycle_mark_column == cycle.cycle_path_column {
                return Err(same("cycle mark", "cycle path", cycle.location));
            }
        }
        if let (Some(search), Some(cycle)) = (&cte.search_clause, &cte.cycle_clause) {
            let other = match &search.search_seq_column {
                name if *name == cycle.cycle_mark_column => "cycle mark",
                name if *name == cycle.cycle_path_column => "cycle path",
                _ => return Ok(()),
            };
            return Err(same("search sequence", other, search.location));
        }
        Ok(())
    }

    fn check_listed(&self, what: &str, names: &[Node], place: i32, is_own: impl Fn(&str) -> bool) -> Result<()> {
        let position = self.position(place);
        let mut seen = HashSet::new();
        for name in parts(names)? {
            if !is_own(name) {
                let message = format!("{what} column \"{name}\" not in WITH query column list");
                return Err(PlanError::Grammar { message, position });
            }
            if !seen.insert(name) {
                let message = format!("{what} column \"{name}\" specified more than once");
                return Err(PlanError::refused(code::DUPLICATE_COLUMN, message, position));
            }
        }
        Ok(())
    }

    /// The recursive term with the added columns of the row that each of its rows comes from behind its own.
    pub(super) fn with_added(
        &mut self,
        next: &SelectStmt,
        reference: &RangeVar,
        added: &Added<'_>,
    ) -> Result<SelectStmt> {
        let groups = !next.group_clause.is_empty() || !next.distinct_clause.is_empty() || next.having_clause.is_some();
        if groups {
            return Err(not_yet("SEARCH or CYCLE of a recursive term that groups"));
        }
        let table = reference.alias.as_ref().map_or(&reference.relname, |alias| &alias.aliasname);
        let mut next = next.clone();
        for column in &added.columns {
            let part = |name: &str| Node { node: Some(NodeEnum::String(Name { sval: name.to_owned() })) };
            // What no statement can name goes by the name that it has inside.
            let name = if column.is_shown() { &column.name } else { &column.inside };
            let value = NodeEnum::ColumnRef(ColumnRef { fields: vec![part(table), part(name)], location: -1 });
            let target = ResTarget {
                name: self.unique("added"),
                indirection: Vec::new(),
                val: Some(Box::new(Node { node: Some(value) })),
                location: -1,
            };
            next.target_list.push(Node { node: Some(NodeEnum::ResTarget(Box::new(target))) });
        }
        Ok(next)
    }

    /// Of the rows before only those that close no cycle have others behind them.
    pub(super) fn goes_on(&mut self, added: &Added<'_>, before: &[Expr]) -> Result<Option<Expr>> {
        let marks = added.columns.iter().zip(before).find(|(column, _)| column.kind == Kind::Mark);
        let (Some(mark), Some((column, before))) = (&added.mark, marks) else { return Ok(None) };
        let before = column.named(before.clone()).typed;
        Ok(Some(self.operate("<>", before, mark.closes.clone(), -1)?.expr))
    }

    /// The values of the added columns for a row with these columns of its own, from those of the row before.
    pub(super) fn added_values(
        &mut self,
        added: &Added<'_>,
        own: &[Named],
        before: Option<&[Expr]>,
    ) -> Result<Vec<Expr>> {
        let old = |kind: Kind| {
            let at = added.columns.iter().position(|column| column.kind == kind)?;
            before?.get(at).cloned()
        };
        let round = || old(Kind::Round).map_or_else(|| lit(0_i64), |round| round + lit(1_i64));
        let mut values = Vec::with_capacity(added.columns.len());
        for column in &added.columns {
            values.push(match column.kind {
                Kind::Round => round(),
                Kind::Breadth => {
                    let round = Typed::new(round(), Base::Int8);
                    self.path_row(Some(round), added.clauses.search, own, false)?
                }
                Kind::Depth => {
                    let row = self.path_row(None, added.clauses.search, own, false)?;
                    behind(old(Kind::Depth), row, &column.data)
                }
                Kind::Path => {
                    let row = self.path_row(None, added.clauses.cycle, own, true)?;
                    behind(old(Kind::Path), row, &column.data)
                }
                Kind::Mark => {
                    let Some(mark) = &added.mark else { return Err(not_yet("this CYCLE")) };
                    let marked = match old(Kind::Path) {
                        None => mark.otherwise.clone(),
                        Some(path) => {
                            let row = self.path_row(None, added.clauses.cycle, own, true)?;
                            let closes = call("path_has", vec![path, row], DataType::Boolean);
                            when(closes, mark.closes.expr.clone()).otherwise(mark.otherwise.clone())?
                        }
                    };
                    call("nullable", vec![marked], column.data.clone())
                }
            });
        }
        Ok(values)
    }

    /// A row of a path.
    fn path_row(&mut self, first: Option<Typed>, names: &[Node], own: &[Named], compares: bool) -> Result<Expr> {
        let mut values: Vec<Typed> = first.into_iter().collect();
        for name in parts(names)? {
            let column =
                own.iter().find(|column| column.name == name).ok_or_else(|| not_yet("this SEARCH or CYCLE"))?;
            values.push(column.typed.clone());
        }
        let (mut texts, mut keys) = (Vec::with_capacity(values.len()), Vec::with_capacity(values.len()));
        for value in values {
            if !has_equality(value.ty) && compares {
                return Err(no_equality(value.ty, None));
            }
            if !has_equality(value.ty) || (value.ty.base == Base::Record && !is_path(&value)) {
                return Err(not_yet("SEARCH or CYCLE by a column of this type"));
            }
            keys.push(match value.ty.is_array {
                true => self.array_order(value.clone())?,
                false => self.key(value.clone())?,
            });
            texts.push(self.printed(value)?);
        }
        let text = self.procedure("record_of", texts, Base::Record.into())?;
        Ok(call("path_row", std::iter::once(text.expr).chain(keys).collect(), DataType::Binary))
    }

    /// The rows of a path as texts.
    pub(super) fn path_texts(&mut self, path: Typed) -> Result<Typed> {
        let text = |row: Typed| {
            let expr = call("path_row_text", vec![row.expr], DataType::Utf8);
            Ok(Typed { expr, ty: row.ty, data: DataType::Utf8 })
        };
        match path.ty.is_array {
            true => self.each_of(path, |_, row| text(row)),
            false => text(path),
        }
    }
}

/// A path with one more row.
fn behind(path: Option<Expr>, row: Expr, data: &DataType) -> Expr {
    match path {
        None => call("array_of", vec![row], data.clone()),
        Some(path) => call("array_append", vec![path, row], data.clone()),
    }
}

/// Whether a side of a UNION is one query to it.
fn is_leaf(query: &SelectStmt) -> bool {
    SetOperation::try_from(query.op) == Ok(SetOperation::SetopNone)
        || !query.sort_clause.is_empty()
        || query.limit_count.is_some()
        || query.limit_offset.is_some()
        || query.with_clause.is_some()
}

/// Where a term reads the recursive query itself, by no query inside of it.
pub(super) fn reference<'q>(next: &'q SelectStmt, name: &str) -> Result<Option<&'q RangeVar>> {
    for node in &next.from_clause {
        if let Some(found) = node.node.as_ref().map(|node| reference_in(node, name)).transpose()?.flatten() {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn reference_in<'q>(node: &'q NodeEnum, name: &str) -> Result<Option<&'q RangeVar>> {
    match node {
        NodeEnum::RangeVar(var) if var.schemaname.is_empty() && var.relname == name => Ok(Some(var)),
        NodeEnum::JoinExpr(join) => {
            for side in [&join.larg, &join.rarg] {
                let side = side.as_deref().and_then(|side| side.node.as_ref());
                let Some(found) = side.map(|side| reference_in(side, name)).transpose()?.flatten() else { continue };
                return match join.alias {
                    Some(_) => Err(not_yet("SEARCH or CYCLE of a recursive term with such a join")),
                    None => Ok(Some(found)),
                };
            }
            Ok(None)
        }
        _ => Ok(None),
    }
}
