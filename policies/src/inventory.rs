//! Holds the rules against the tables that there are: a rule about something that doesn't exist is a mistake, since
//! it doesn't protect what its author meant.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::error::PolicyError;
use crate::files::DOMAINS;
use crate::grants::{Object, Subject};
use crate::pattern::{Part, Pattern};
use crate::rows::{FilterRule, Placed};
use crate::set::PolicySet;

/// What the sources have, as far as they could be asked.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    pub tables: Vec<InventoryTable>,
    /// Schemas that were reached, for those that have no table at all. A table's own schema needn't be repeated here.
    pub schemas: BTreeSet<String>,
    /// Schemas whose source can't be reached: rules about them stay unchecked.
    pub unreachable: BTreeSet<String>,
}

/// A table with its columns' names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InventoryTable {
    pub schema: String,
    pub table: String,
    pub columns: Vec<String>,
    /// The ways to all fields within columns, each from its column's name on. Arrays and maps add no name of their own.
    pub fields: Vec<Vec<String>>,
}

impl InventoryTable {
    /// Whether the way leads to a column or to a field within one; an empty way is the table's own.
    pub(crate) fn has(&self, path: &[&str]) -> bool {
        match path {
            [] => true,
            [column] => self.columns.iter().any(|name| name == column),
            _ => self.fields.iter().any(|known| known.iter().map(String::as_str).eq(path.iter().copied())),
        }
    }

    /// The ways to a column and to all fields within it.
    pub(crate) fn paths_of(&self, column: &str) -> Vec<Vec<String>> {
        let within = self.fields.iter().filter(|path| path.first().is_some_and(|first| first == column));
        std::iter::once(vec![column.to_owned()]).chain(within.cloned()).collect()
    }
}

/// Which tables a rule may have been meant for that doesn't fit what there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Any, if `None`.
    schema: Option<Arc<str>>,
    table: Option<Arc<str>>,
}

impl About {
    pub(crate) fn schema(schema: &str) -> Self {
        Self { schema: Some(schema.into()), table: None }
    }

    pub(crate) fn table(schema: &str, table: &str) -> Self {
        Self { schema: Some(schema.into()), table: Some(table.into()) }
    }

    pub fn covers(&self, schema: &str, table: &str) -> bool {
        self.schema.as_ref().is_none_or(|own| **own == *schema) && self.table.as_ref().is_none_or(|own| **own == *table)
    }
}

/// A rule that doesn't fit.
pub(crate) struct Mistake {
    pub error: PolicyError,
    pub about: About,
}

/// What there is in a table.
struct Columns<'i> {
    names: BTreeSet<&'i str>,
    fields: &'i [Vec<String>],
}

impl Columns<'_> {
    fn has(&self, pattern: &Pattern) -> bool {
        let Some(column) = &pattern.column else { return true };
        match pattern.fields.is_empty() {
            true => self.names.iter().any(|name| column.matches(name)),
            false => self.fields.iter().any(|path| pattern.leads_along(path)),
        }
    }
}

/// The inventory by name.
struct Known<'i> {
    schemas: BTreeMap<&'i str, BTreeMap<&'i str, Columns<'i>>>,
    unreachable: &'i BTreeSet<String>,
}

pub(crate) fn check(set: &PolicySet, inventory: &Inventory) -> Vec<Mistake> {
    let known = Known::of(inventory);
    let mut mistakes = Mistakes::default();
    for grant in &set.rules.grants {
        if let Some(misfit) = pattern_of(&grant.object).and_then(|pattern| known.misfit(&pattern)) {
            mistakes.add(&grant.file, grant.line, misfit);
        }
    }
    for filter in set.filters() {
        known.check_all(&filter.tables, &mut mistakes);
        check_binding(set, filter, &known, &mut mistakes);
    }
    known.check_all(set.tags.columns(), &mut mistakes);
    for (schema, line) in &set.domains.declared {
        let whole = Pattern::new(Part::Name(schema.clone()), Part::Any, None);
        if let Some(misfit) = known.misfit(&whole) {
            mistakes.add(DOMAINS, *line, misfit);
        }
    }
    // What a mask has from a tag was checked with the tag, on its own lines.
    for rule in set.index.masks.iter().filter(|rule| !rule.from_tag) {
        known.check_all(&rule.columns, &mut mistakes);
    }
    mistakes.into_sorted()
}

/// Why something doesn't fit.
struct Misfit {
    message: String,
    about: About,
}

/// In the order of files and lines, each once.
#[derive(Default)]
struct Mistakes(Vec<Mistake>);

impl Mistakes {
    fn add(&mut self, file: &str, line: u32, misfit: Misfit) {
        self.0.push(Mistake { error: PolicyError::new(file, line, misfit.message), about: misfit.about });
    }

    fn into_sorted(mut self) -> Vec<Mistake> {
        self.0.sort_by(|a, b| a.error.cmp(&b.error));
        self.0.dedup_by(|a, b| a.error == b.error);
        self.0
    }
}

/// What a grant covers, as a pattern; nothing to check for what isn't data.
pub(crate) fn pattern_of(object: &Object) -> Option<Pattern> {
    let name = |name: &Arc<str>| Part::Name(name.clone());
    let (schema, table, column) = match object {
        Object::Everything | Object::Policies => return None,
        Object::Schema(schema) => (name(schema), Part::Any, None),
        Object::Table(schema, table) => (name(schema), name(table), None),
        Object::Column(schema, table, column) => (name(schema), name(table), Some(name(column))),
    };
    Some(Pattern::new(schema, table, column))
}

impl<'i> Known<'i> {
    fn of(inventory: &'i Inventory) -> Known<'i> {
        let mut schemas: BTreeMap<&str, BTreeMap<&str, Columns<'_>>> = BTreeMap::new();
        for schema in &inventory.schemas {
            schemas.entry(schema).or_default();
        }
        for table in &inventory.tables {
            let names = table.columns.iter().map(String::as_str).collect();
            let columns = Columns { names, fields: &table.fields };
            schemas.entry(&table.schema).or_default().insert(&table.table, columns);
        }
        Known { schemas, unreachable: &inventory.unreachable }
    }

    fn check_all<'p>(&self, patterns: impl IntoIterator<Item = &'p Placed>, mistakes: &mut Mistakes) {
        for placed in patterns {
            if let Some(misfit) = self.misfit(&placed.pattern) {
                mistakes.add(&placed.file, placed.line, misfit);
            }
        }
    }

    /// What is wrong with the pattern, if anything is.
    fn misfit(&self, pattern: &Pattern) -> Option<Misfit> {
        let Part::Name(schema) = &pattern.schema else {
            return self.misfit_in_any_schema(pattern);
        };
        if self.unreachable.contains(&**schema) {
            return None;
        }
        let about = About::schema(schema);
        let Some(tables) = self.schemas.get(&**schema) else {
            let message = format!("unknown schema `{schema}`{}", alike(schema, self.schemas.keys()));
            return Some(Misfit { message, about });
        };
        let Part::Name(table) = &pattern.table else {
            return self.misfit_in_any_table(pattern, about);
        };
        let Some(columns) = tables.get(&**table) else {
            // Whatever table of the schema was meant.
            let message = format!("unknown table `{schema}.{table}`{}", alike(table, tables.keys()));
            return Some(Misfit { message, about });
        };
        let about = About::table(schema, table);
        match &pattern.column {
            Some(Part::Name(column)) if !columns.names.contains(&**column) => {
                let alike = alike(column, columns.names.iter());
                Some(Misfit { message: format!("unknown column `{schema}.{table}.{column}`{alike}"), about })
            }
            Some(_) if !columns.has(pattern) => {
                Some(Misfit { message: format!("`{pattern}` matches nothing within {schema}.{table}"), about })
            }
            _ => None,
        }
    }

    fn misfit_in_any_schema(&self, pattern: &Pattern) -> Option<Misfit> {
        // What isn't found may be in a source that can't be reached now.
        let open = !self.unreachable.is_empty() || pattern.names_nothing();
        let table = match &pattern.table {
            Part::Name(table) => Some(table.clone()),
            _ => None,
        };
        let message = || format!("`{pattern}` matches nothing in any schema");
        let misfit = || Misfit { message: message(), about: About { schema: None, table } };
        (!open && !self.anything_matches(pattern)).then(misfit)
    }

    /// A whole schema may be empty today, but a column that no table has is a misspelling.
    fn misfit_in_any_table(&self, pattern: &Pattern, about: About) -> Option<Misfit> {
        let names_column = pattern.column.iter().chain(&pattern.fields).any(|part| *part != Part::Any);
        let misfit = || Misfit { message: format!("`{pattern}` matches no column of any table"), about };
        (names_column && !self.anything_matches(pattern)).then(misfit)
    }

    fn anything_matches(&self, pattern: &Pattern) -> bool {
        self.tables().any(|(schema, table, columns)| pattern.covers(schema, table) && columns.has(pattern))
    }

    /// The tables that any of the patterns covers; one that several cover comes several times.
    fn covered_by(&self, patterns: &[Placed]) -> Vec<(&'i str, &'i str)> {
        let covered = |placed: &Placed| -> Vec<(&'i str, &'i str)> {
            let pattern = &placed.pattern;
            match (&pattern.schema, &pattern.table) {
                // Rules are many, and most name their table.
                (Part::Name(schema), Part::Name(table)) => {
                    let found = self.schemas.get_key_value(&**schema);
                    let found = found.and_then(|(schema, tables)| Some((*schema, *tables.get_key_value(&**table)?.0)));
                    found.into_iter().collect()
                }
                _ => self
                    .tables()
                    .map(|(schema, table, _)| (schema, table))
                    .filter(|(s, t)| pattern.covers(s, t))
                    .collect(),
            }
        };
        patterns.iter().flat_map(covered).collect()
    }

    fn tables(&self) -> impl Iterator<Item = (&'i str, &'i str, &Columns<'i>)> {
        self.schemas
            .iter()
            .flat_map(|(schema, tables)| tables.iter().map(|(table, columns)| (*schema, *table, columns)))
    }
}

/// A filter binds a role through that role's own grants. Where the role sees a table only through another role that the
/// filter doesn't name, the filter would have no effect: that can't be what its author meant.
fn check_binding(set: &PolicySet, filter: &FilterRule, known: &Known<'_>, mistakes: &mut Mistakes) {
    for (role, line) in filter.binds.roles() {
        let subject = Subject::Role(role.clone());
        let inherited = set.enforcer.implicit_roles(&subject);
        for (schema, table) in known.covered_by(&filter.tables) {
            let grants = |role: &str| grants_something(set, role, schema, table);
            if grants(role) {
                continue;
            }
            if let Some(other) = inherited.iter().find(|other| !filter.binds_role(other) && grants(other)) {
                let message = format!(
                    "role `{role}` sees {schema}.{table} only through role `{other}`, which filter `{}` does not name: \
                     it would have no effect there",
                    filter.name
                );
                mistakes.add(&filter.file, *line, Misfit { message, about: About::table(schema, table) });
                break;
            }
        }
    }
}

fn grants_something(set: &PolicySet, role: &str, schema: &str, table: &str) -> bool {
    let grants = set.index.subjects.get(&Subject::Role(role.into()));
    grants.is_some_and(|grants| grants.of_table(schema, table).any(|covering| !covering.denies()))
}

/// A hint, if a name differs only in case: names are the catalog's, and nothing is folded.
fn alike<'n>(name: &str, names: impl Iterator<Item = &'n &'n str>) -> String {
    let lower = name.to_lowercase();
    let found = names.into_iter().find(|other| other.to_lowercase() == lower);
    found.map(|other| format!(", did you mean `{other}`?")).unwrap_or_default()
}
