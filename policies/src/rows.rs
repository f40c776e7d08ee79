//! A rows.toml: row filters. A filter binds the roles that it names on the tables that it names.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::document::{Document, Section};
use crate::domains::{Domain, Origin};
use crate::error::Problems;
use crate::grants::check_name;
use crate::pattern::Pattern;

/// A row filter: only rows for which the condition is true stay.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FilterRule {
    pub name: Arc<str>,
    /// The SQL condition under `where`, over the table's raw columns, with `attr('NAME')` for the principal's attributes,
    /// `has_role('ROLE')` and `current_user`, and with sub-selects on any table, which read raw.
    pub condition: Arc<str>,
    pub file: Arc<str>,
    /// The line of the filter's `[[filter]]`.
    pub line: u32,
    /// The line of the condition, for mistakes in it.
    pub condition_line: u32,
    pub(crate) tables: Vec<Placed>,
    pub(crate) binds: Binds,
    /// Whose filter it is, if not the house's.
    pub(crate) domain: Option<Arc<Domain>>,
}

/// A pattern and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Placed {
    pub(crate) pattern: Pattern,
    pub(crate) file: Arc<str>,
    pub(crate) line: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Binds {
    Everyone,
    /// Role names, each with its line.
    Roles(BTreeSet<(Arc<str>, u32)>),
}

impl FilterRule {
    /// Whether the filter speaks of this table.
    pub fn covers(&self, schema: &str, table: &str) -> bool {
        self.tables.iter().any(|placed| placed.pattern.covers(schema, table))
    }

    /// Whether the condition may read tables of this schema: a domain's filter reads what the domain owns alone, since it
    /// reads with its author's rights.
    pub fn may_read(&self, schema: &str) -> bool {
        self.domain.as_ref().is_none_or(|domain| domain.schemas.contains(schema))
    }

    pub(crate) fn binds_everyone(&self) -> bool {
        matches!(self.binds, Binds::Everyone)
    }

    pub(crate) fn binds_role(&self, role: &str) -> bool {
        self.binds.roles().any(|(name, _)| **name == *role)
    }
}

impl Binds {
    /// The roles that are named, each with its line.
    pub(crate) fn roles(&self) -> impl Iterator<Item = &(Arc<str>, u32)> {
        match self {
            Binds::Everyone => None,
            Binds::Roles(roles) => Some(roles),
        }
        .into_iter()
        .flatten()
    }
}

pub(crate) fn read(origin: &Origin, text: &str, problems: &mut Problems) -> Vec<Arc<FilterRule>> {
    let Some(document) = Document::parse(&origin.file, text, problems) else {
        return Vec::new();
    };
    let mut names = HashSet::new();
    let mut filters = Vec::new();
    for section in document.tables("filter", problems) {
        let Some(filter) = read_filter(section, origin, problems) else {
            continue;
        };
        if !names.insert(filter.name.clone()) {
            problems.add(&origin.file, filter.line, format!("there is already a filter `{}`", filter.name));
        }
        filters.push(Arc::new(filter));
    }
    filters
}

fn read_filter(mut section: Section<'_, '_>, origin: &Origin, problems: &mut Problems) -> Option<FilterRule> {
    let line = section.line;
    let name = section.required_string("name", problems);
    let tables = section.required_strings("tables", "[\"schema.table\", ...]", problems);
    let roles = section.required_strings("roles", "[\"ROLE\", ...] or [\"*\"]", problems);
    let condition = section.required_string("where", problems);
    section.finish(problems);

    let tables = patterns(origin, &tables, Pattern::of_table, problems);
    let binds = binds(&origin.file, &roles, problems);
    let (name, _) = name?;
    let (condition, condition_line) = condition?;
    Some(FilterRule {
        name: name.into(),
        condition: condition.into(),
        file: origin.file.clone(),
        line,
        condition_line,
        tables,
        binds,
        domain: origin.domain.clone(),
    })
}

fn binds(file: &str, roles: &[(String, u32)], problems: &mut Problems) -> Binds {
    if let [(only, _)] = roles
        && only == "*"
    {
        return Binds::Everyone;
    }
    let roles = role_names(file, roles, problems);
    Binds::Roles(roles.into_iter().collect())
}

/// Role names as the TOML files write them: without the prefix `role:`.
pub(crate) fn role_names(file: &str, roles: &[(String, u32)], problems: &mut Problems) -> Vec<(Arc<str>, u32)> {
    let mut names = Vec::new();
    for (role, line) in roles {
        match (role.strip_prefix("role:"), check_name("role", role)) {
            (Some(bare), _) => problems.add(file, *line, format!("expected the role without its prefix: \"{bare}\"")),
            (None, Err(message)) => problems.add(file, *line, message),
            (None, Ok(())) => names.push((role.as_str().into(), *line)),
        }
    }
    names
}

/// The patterns that the file may speak of.
pub(crate) fn patterns(
    origin: &Origin,
    texts: &[(String, u32)],
    parse: fn(&str) -> Result<Pattern, String>,
    problems: &mut Problems,
) -> Vec<Placed> {
    let mut patterns = Vec::new();
    for (text, line) in texts {
        let pattern = parse(text).and_then(|pattern| origin.beyond(text).map_or(Ok(pattern), Err));
        match pattern {
            Ok(pattern) => patterns.push(Placed { pattern, file: origin.file.clone(), line: *line }),
            Err(message) => problems.add(&origin.file, *line, message),
        }
    }
    patterns
}
