//! The tags.toml: names for sets of columns, such as `"pii.email" = ["*.*.email", "lake.customers.contact"]`. A tag is one for
//! the house and all domains: each domain adds its own columns to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::DeValue;

use crate::document::Document;
use crate::domains::{Domain, Origin};
use crate::error::Problems;
use crate::pattern::{Part, Pattern};
use crate::rows::{Placed, patterns};

/// All tags by name.
#[derive(Debug, Default)]
pub(crate) struct Tags(BTreeMap<String, Tag>);

#[derive(Debug, Default)]
struct Tag {
    of_house: Vec<Placed>,
    of_domains: Vec<Placed>,
}

/// The columns that carry a tag, as one file means it.
#[derive(Debug)]
pub(crate) struct Tagged {
    pub(crate) columns: Vec<Placed>,
    /// Columns that domains put under a tag of which the house speaks.
    pub(crate) by_domains: Vec<Placed>,
}

impl Tags {
    /// Reads one file and adds its columns.
    pub(crate) fn read(&mut self, origin: &Origin, text: &str, problems: &mut Problems) {
        let Some(document) = Document::parse(&origin.file, text, problems) else {
            return;
        };
        for (name, line, value) in document.entries() {
            if matches!(value.get_ref(), DeValue::Table(_)) {
                let message =
                    format!("`{name}` is a table: a tag with a dot is quoted, as in \"{name}.email\" = [...]");
                problems.add(&origin.file, line, message);
                continue;
            }
            let what = format!("`{name}` = [\"schema.table.column\", ...]");
            let columns = document.strings(value, &what, problems);
            let columns = patterns(origin, &columns, Pattern::of_column, problems);
            let tag = self.0.entry(name.to_owned()).or_default();
            match origin.domain {
                Some(_) => tag.of_domains.extend(columns),
                None => tag.of_house.extend(columns),
            }
        }
    }

    /// The columns of a tag: for the house all of them, for a domain those in its own schemas. The message says why there
    /// are none.
    pub(crate) fn of(&self, tag: &str, origin: &Origin) -> Result<Tagged, String> {
        let found = self.0.get(tag).ok_or_else(|| format!("unknown tag `{tag}`: tags.toml has no such key"))?;
        let Some(domain) = &origin.domain else {
            return Ok(Tagged { columns: found.of_house.clone(), by_domains: found.of_domains.clone() });
        };
        let all = found.of_house.iter().chain(&found.of_domains);
        let columns: Vec<Placed> = all.flat_map(|placed| within(domain, placed)).collect();
        match columns.is_empty() {
            true => {
                Err(format!("tag `{tag}` has no column in what domain `{}` owns: {}", domain.name, domain.listed()))
            }
            false => Ok(Tagged { columns, by_domains: Vec::new() }),
        }
    }

    /// The names of the tags that hold a column for which this is true.
    pub(crate) fn holding(&self, covers: impl Fn(&Placed) -> bool) -> Vec<&str> {
        let holds = |tag: &Tag| tag.of_house.iter().chain(&tag.of_domains).any(&covers);
        self.0.iter().filter(|(_, tag)| holds(tag)).map(|(name, _)| name.as_str()).collect()
    }

    /// The columns of all tags, as they stand in the files.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &Placed> {
        self.0.values().flat_map(|tag| tag.of_house.iter().chain(&tag.of_domains))
    }
}

/// What of a pattern lies in the domain's schemas.
fn within(domain: &Domain, placed: &Placed) -> Vec<Placed> {
    let in_schema = |schema: &Arc<str>| Placed {
        pattern: Pattern { schema: Part::Name(schema.clone()), ..placed.pattern.clone() },
        ..placed.clone()
    };
    match &placed.pattern.schema {
        Part::Any => domain.schemas.iter().map(in_schema).collect(),
        Part::Name(schema) if domain.schemas.contains(schema) => vec![placed.clone()],
        Part::Name(_) => Vec::new(),
    }
}
