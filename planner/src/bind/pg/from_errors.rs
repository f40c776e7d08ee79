//! Names that mean no table or column where they stand (`errorMissingRTE` and `errorMissingColumn` in parse_relation.c).

use super::scope::{Scope, Table, is_named};
use super::{Binder, not_yet};
use crate::PlanError;
use crate::error::code;

/// A table of the statement that names can't mean.
#[derive(Clone)]
pub(crate) struct Hidden {
    schema: Option<String>,
    name: String,
    why: Why,
}

#[derive(Clone)]
enum Why {
    /// It stands beside a sub-select that isn't LATERAL.
    Beside,
    /// A join around it has a name of its own.
    Beneath,
    /// It has another name in this statement.
    Renamed(String),
}

impl Hidden {
    pub fn beside(table: &Table) -> Self {
        Self { schema: table.schema.clone(), name: table.alias.clone(), why: Why::Beside }
    }

    pub fn beneath(table: &Table) -> Self {
        Self { schema: table.schema.clone(), name: table.alias.clone(), why: Why::Beneath }
    }

    pub fn renamed(schema: &str, name: &str, alias: &str) -> Self {
        let schema = Some(schema.to_owned()).filter(|schema| !schema.is_empty());
        Self { schema, name: name.to_owned(), why: Why::Renamed(alias.to_owned()) }
    }

    fn is_named(&self, parts: &[&str]) -> bool {
        match parts {
            [name] => self.name == *name,
            [schema, name] => self.name == *name && self.schema.as_deref() == Some(*schema),
            _ => false,
        }
    }
}

impl Binder<'_> {
    /// The error of a name that no column has.
    pub(super) fn no_such_column(&self, parts: &[&str], location: i32, scope: &Scope<'_>) -> PlanError {
        let position = self.position(location);
        match parts {
            [_] if self.knows_table(parts, scope) => not_yet("a whole row of a table"),
            [name] => PlanError::UndefinedColumn { name: format!("\"{name}\""), position },
            [table @ .., name] => match self.no_such_table(parts, table, location, scope) {
                Some(error) => error,
                None => {
                    let table = table.last().copied().unwrap_or_default();
                    PlanError::UndefinedColumn { name: format!("{table}.{name}"), position }
                }
            },
            [] => not_yet("this name"),
        }
    }

    /// The error of a name whose table there isn't; `all` is the name with what follows the table's.
    pub(super) fn no_such_table(
        &self,
        all: &[&str],
        table: &[&str],
        location: i32,
        scope: &Scope<'_>,
    ) -> Option<PlanError> {
        let position = self.position(location);
        let table = match table {
            [database, rest @ ..] if rest.len() == 2 => {
                if *database != self.runtime.database {
                    let message = format!("cross-database references are not implemented: {}", all.join("."));
                    return Some(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, position));
                }
                rest
            }
            [_, _, _, ..] => {
                let message = format!("improper qualified name (too many dotted names): {}", all.join("."));
                return Some(PlanError::Grammar { message, position });
            }
            table => table,
        };
        if self.knows_table(table, scope) {
            return None;
        }
        let name = table.last().copied().unwrap_or_default().to_owned();
        let there_is = "but it cannot be referenced from this part of the query.";
        Some(match hidden(table, scope).map(|hidden| &hidden.why) {
            Some(Why::Beside) => PlanError::InvalidReference {
                detail: Some(format!("There is an entry for table \"{name}\", {there_is}")),
                hint: Some("To reference that table, you must mark this subquery with LATERAL.".to_owned()),
                name,
                position,
            },
            Some(Why::Beneath) => PlanError::InvalidReference {
                detail: Some(format!("There is an entry for table \"{name}\", {there_is}")),
                hint: None,
                name,
                position,
            },
            Some(Why::Renamed(alias)) => PlanError::InvalidReference {
                detail: None,
                hint: Some(format!("Perhaps you meant to reference the table alias \"{alias}\".")),
                name,
                position,
            },
            None => {
                let message = format!("missing FROM-clause entry for table \"{name}\"");
                PlanError::refused(code::UNDEFINED_TABLE, message, position)
            }
        })
    }

    pub(super) fn knows_table(&self, parts: &[&str], scope: &Scope<'_>) -> bool {
        around(scope).any(|here| here.tables.iter().any(|table| is_named(table, parts)))
    }
}

/// The scope and those of the queries around it, from the inside out.
fn around<'s>(scope: &'s Scope<'s>) -> impl Iterator<Item = &'s Scope<'s>> {
    std::iter::successors(Some(scope), |here| here.outer)
}

fn hidden<'s>(parts: &[&str], scope: &'s Scope<'s>) -> Option<&'s Hidden> {
    around(scope).find_map(|here| here.hidden.iter().find(|hidden| hidden.is_named(parts)))
}
