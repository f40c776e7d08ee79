//! Which columns names mean: PostgreSQL's namespaces.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use arrow::datatypes::Field;
use datafusion::common::Column;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::logical_expr::{Expr, LogicalPlan, lit};

use super::from_errors::Hidden;
use super::types::Base;
use super::{Binder, Named, Result, Typed, not_yet};
use crate::PlanError;

/// What an expression may name.
#[derive(Default, Clone)]
pub(crate) struct Scope<'o> {
    /// Tells the query from all others of the statement.
    pub query: usize,
    /// Columns by their bare names, in the order of `*`.
    pub columns: Vec<Named>,
    /// Columns by their table.
    pub tables: Vec<Table>,
    pub ctes: Rc<HashMap<String, Rc<Cte>>>,
    /// Those of them that this query's own WITH has.
    pub own_ctes: HashSet<String>,
    /// The windows that WINDOW names.
    pub windows: Rc<Vec<pg_query::protobuf::WindowDef>>,
    /// By what the rows are in the order that the sub-select they come from gave them.
    pub row_order: Option<Expr>,
    /// Tables of the statement that can't be meant.
    pub hidden: Vec<Hidden>,
    /// The scope of the query around this one.
    pub outer: Option<&'o Scope<'o>>,
}

#[derive(Clone)]
pub(crate) struct Table {
    pub schema: Option<String>,
    pub alias: String,
    pub columns: Vec<Named>,
    /// Whether an outer join may give NULLs in place of its rows.
    pub is_optional: bool,
    /// It has no alias: its name is one for messages alone.
    pub is_unnamed: bool,
}

/// A query under WITH, bound once; each use reads its plan anew.
pub(crate) struct Cte {
    pub plan: LogicalPlan,
    pub columns: Vec<Named>,
    /// How many of the columns, the last, SEARCH and CYCLE have added.
    pub added: usize,
    /// How many tables one read of it reads.
    pub reads: usize,
}

impl<'o> Scope<'o> {
    /// An empty scope of a query inside this one.
    pub fn inner(&'o self) -> Scope<'o> {
        Scope { ctes: Rc::clone(&self.ctes), outer: Some(self), ..Scope::default() }
    }
}

impl Binder<'_> {
    /// The column that a name of one to three parts means.
    pub(super) fn column(&self, parts: &[&str], location: i32, scope: &Scope<'_>) -> Result<Typed> {
        let mut at = Some(scope);
        let mut is_own = true;
        while let Some(here) = at {
            if let Some(found) = self.column_in(parts, location, here)? {
                return if is_own { Ok(found) } else { outer(found) };
            }
            at = here.outer;
            is_own = false;
        }
        Err(self.no_such_column(parts, location, scope))
    }

    fn column_in(&self, parts: &[&str], location: i32, scope: &Scope<'_>) -> Result<Option<Typed>> {
        let (name, columns) = match parts {
            [name] => (name, scope.columns.iter().collect::<Vec<_>>()),
            [table @ .., name] => {
                let tables = scope.tables.iter().filter(|t| is_named(t, table));
                (name, tables.flat_map(|table| &table.columns).collect())
            }
            [] => return Ok(None),
        };
        let mut found = columns.into_iter().filter(|column| column.name == **name);
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(Some(one.typed.clone())),
            (None, _) if **name == *"tableoid" => self.number_of_table(parts, scope),
            (None, _) => self.column_renamed(name, parts, location, scope),
            _ => Err(PlanError::AmbiguousColumn { name: (*name).to_owned(), position: self.position(location) }),
        }
    }

    /// A column of the catalogs by the name that it had before PostgreSQL 17, by which psql 15 and 16 ask for it.
    fn column_renamed(&self, name: &str, parts: &[&str], location: i32, scope: &Scope<'_>) -> Result<Option<Typed>> {
        let now = match name {
            "daticulocale" => "datlocale",
            "colliculocale" => "colllocale",
            _ => return Ok(None),
        };
        if self.number_of_table(parts, scope)?.is_none() {
            return Ok(None);
        }
        let before = parts.iter().take(parts.len() - 1).copied();
        self.column_in(&before.chain([now]).collect::<Vec<_>>(), location, scope)
    }

    /// `tableoid` of a table of the catalogs: other tables have none.
    fn number_of_table(&self, parts: &[&str], scope: &Scope<'_>) -> Result<Option<Typed>> {
        let table = match (parts, scope.tables.as_slice()) {
            ([_], [only]) => Some(only),
            ([table @ .., _], tables) => tables.iter().find(|known| !table.is_empty() && is_named(known, table)),
            _ => None,
        };
        let first = table.and_then(|table| table.columns.first());
        let Some(Expr::Column(Column { relation: Some(qualifier), .. })) = first.map(|column| &column.typed.expr)
        else {
            return Ok(None);
        };
        match self.numbers.get(qualifier) {
            Some(_) if table.is_some_and(|table| table.is_optional) => Err(not_yet("tableoid beside an outer join")),
            number => Ok(number.map(|number| Typed::new(lit(i64::from(*number)), Base::Oid))),
        }
    }
}

pub(super) fn is_named(table: &Table, parts: &[&str]) -> bool {
    match parts {
        _ if table.is_unnamed => false,
        [alias] => table.alias == *alias,
        [schema, alias] => table.alias == *alias && table.schema.as_deref() == Some(*schema),
        _ => false,
    }
}

/// A column of a query around, as the engine wants it marked.
pub(super) fn outer(typed: Typed) -> Result<Typed> {
    if let Some(row) = super::records::outer_row(&typed)? {
        return Ok(row);
    }
    let data = typed.data.clone();
    let marked = typed.expr.transform(|part| match part {
        Expr::Column(column) => {
            let field = Arc::new(Field::new(column.name(), data.clone(), true));
            Ok(Transformed::yes(Expr::OuterReferenceColumn(field, column)))
        }
        Expr::OuterReferenceColumn(..) => Ok(Transformed::no(part)),
        other => Ok(Transformed::no(other)),
    })?;
    Ok(Typed { expr: marked.data, ..typed })
}
