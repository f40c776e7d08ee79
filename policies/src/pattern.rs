//! Patterns over names: `schema.table`, `schema.table.column` and, for what is within a column, `schema.table.column.field`
//! and deeper, where `*` stands for any whole part. Names are compared with the catalog's, part by part and case by
//! case, never as joined text.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// The schema of Weir's own objects. No source has it, and no pattern over data covers it.
pub(crate) const RESERVED_SCHEMA: &str = "weir";

/// One part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    Any,
    Name(Arc<str>),
}

impl Part {
    pub(crate) fn matches(&self, name: &str) -> bool {
        match self {
            Part::Any => true,
            Part::Name(own) => **own == *name,
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Part, String> {
        match text {
            "*" => Ok(Part::Any),
            "" => Err("a name part is empty".to_owned()),
            _ if text.contains('*') => Err(format!("`*` stands for a whole name, not for a part of `{text}`")),
            _ if text.contains('"') => {
                Err(format!("names are written without quotes, as the catalog has them: {text}"))
            }
            _ if text.trim() != text => Err(format!("a blank before or after the name `{text}`")),
            _ => Ok(Part::Name(text.into())),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Any => "*",
            Part::Name(name) => name,
        })
    }
}

/// `schema.table`, for columns `schema.table.column`, and for their fields `schema.table.column.field`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Pattern {
    pub(crate) schema: Part,
    pub(crate) table: Part,
    pub(crate) column: Option<Part>,
    /// The way from the column to a field within it, outermost first; empty for the column itself.
    pub(crate) fields: Vec<Part>,
}

impl Pattern {
    pub(crate) fn of_table(text: &str) -> Result<Pattern, String> {
        match split(text)?.as_slice() {
            [schema, table] => Pattern::new(schema.clone(), table.clone(), None).of_data(),
            _ => Err(format!("expected schema.table, found `{text}`")),
        }
    }

    pub(crate) fn of_column(text: &str) -> Result<Pattern, String> {
        match split(text)?.as_slice() {
            [schema, table, column, fields @ ..] => {
                let column = Pattern::new(schema.clone(), table.clone(), Some(column.clone()));
                Pattern { fields: fields.to_vec(), ..column }.of_data()
            }
            _ => Err(format!("expected schema.table.column, found `{text}`")),
        }
    }

    /// A pattern over tables or columns.
    pub(crate) fn new(schema: Part, table: Part, column: Option<Part>) -> Pattern {
        Pattern { schema, table, column, fields: Vec::new() }
    }

    pub(crate) fn covers(&self, schema: &str, table: &str) -> bool {
        self.schema.matches(schema) && self.table.matches(table)
    }

    /// Whether it is the way to a field, whose names begin with that of the column.
    pub(crate) fn leads_along(&self, path: &[String]) -> bool {
        let parts = self.column.iter().chain(&self.fields);
        path.len() == 1 + self.fields.len() && parts.zip(path).all(|(part, name)| part.matches(name))
    }

    /// Whether every part is `*`.
    pub(crate) fn names_nothing(&self) -> bool {
        [&self.schema, &self.table].into_iter().chain(&self.column).chain(&self.fields).all(|part| *part == Part::Any)
    }

    fn of_data(self) -> Result<Pattern, String> {
        match &self.schema {
            Part::Name(name) if **name == *RESERVED_SCHEMA => {
                Err(format!("schema `{RESERVED_SCHEMA}` is reserved: it holds no data"))
            }
            _ => Ok(self),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.table)?;
        self.column.iter().chain(&self.fields).try_for_each(|part| write!(f, ".{part}"))
    }
}

pub(crate) fn split(text: &str) -> Result<Vec<Part>, String> {
    text.split('.').map(Part::parse).collect::<Result<_, _>>().map_err(|e| format!("`{text}`: {e}"))
}

/// Rules (by their number) under the patterns that they name: finds the few that bear on a table among thousands.
#[derive(Debug, Default)]
pub(crate) struct PatternIndex {
    named: HashMap<Arc<str>, HashMap<Arc<str>, Vec<Entry>>>,
    wild: Vec<(Pattern, u32)>,
}

/// A rule that bears on a table, and which of its columns it speaks of, or of which fields within them.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) rule: u32,
    pub(crate) column: Part,
    pub(crate) fields: Vec<Part>,
}

impl PatternIndex {
    pub(crate) fn insert(&mut self, pattern: &Pattern, rule: u32) {
        match (&pattern.schema, &pattern.table) {
            (Part::Name(schema), Part::Name(table)) => {
                let tables = self.named.entry(schema.clone()).or_default();
                tables.entry(table.clone()).or_default().push(entry(pattern, rule));
            }
            _ => self.wild.push((pattern.clone(), rule)),
        }
    }

    /// What bears on the table, in the order of the rules' numbers.
    pub(crate) fn lookup(&self, schema: &str, table: &str) -> Vec<Entry> {
        let named = self.named.get(schema).and_then(|tables| tables.get(table)).into_iter().flatten().cloned();
        let wild = self.wild.iter().filter(|(pattern, _)| pattern.covers(schema, table));
        let mut found: Vec<Entry> = named.chain(wild.map(|(pattern, rule)| entry(pattern, *rule))).collect();
        found.sort_by_key(|entry| entry.rule);
        found
    }
}

fn entry(pattern: &Pattern, rule: u32) -> Entry {
    Entry { rule, column: pattern.column.clone().unwrap_or(Part::Any), fields: pattern.fields.clone() }
}
