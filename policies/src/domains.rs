//! domains.toml: which data domain owns which schemas, and with it how far the files of a domain's folder reach.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::document::Document;
use crate::error::Problems;
use crate::files::{DOMAINS, TESTS, is_prose};
use crate::pattern::{Part, RESERVED_SCHEMA, split};

/// A part of the house that owns schemas. Its files speak of these alone, and its own roles, `DOMAIN.NAME`, bear on
/// nothing else.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Domain {
    pub(crate) name: Arc<str>,
    pub(crate) schemas: BTreeSet<Arc<str>>,
}

/// All domains, and where their schemas are declared.
#[derive(Debug, Default)]
pub(crate) struct Domains {
    by_name: BTreeMap<Arc<str>, Arc<Domain>>,
    /// Schemas with the lines of domains.toml that they stand on.
    pub(crate) declared: Vec<(Arc<str>, u32)>,
}

/// A file of rules and whose it is: the house's, which may speak of all, or a domain's.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) file: Arc<str>,
    pub(crate) domain: Option<Arc<Domain>>,
}

impl Domains {
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Domain>> {
        self.by_name.values()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The domain whose own role this is.
    pub(crate) fn of_role(&self, role: &str) -> Option<&Arc<Domain>> {
        let (domain, _) = role.split_once('.')?;
        self.by_name.get(domain)
    }
}

impl Domain {
    /// Whether what a pattern covers lies in the domain's schemas.
    pub(crate) fn owns(&self, schema: &Part) -> bool {
        matches!(schema, Part::Name(name) if self.schemas.contains(name))
    }

    /// The schemas as a sentence lists them.
    pub(crate) fn listed(&self) -> String {
        self.schemas.iter().map(|schema| &**schema).collect::<Vec<_>>().join(", ")
    }

    /// Why `what`, a dotted name or pattern, isn't for the domain's files to speak of; none if it is.
    fn beyond(&self, what: &str) -> Option<String> {
        let (schema, rest) = what.split_once('.').unwrap_or((what, ""));
        if self.schemas.contains(schema) {
            return None;
        }
        let reaches = format!("`{what}` reaches beyond domain `{}`", self.name);
        let own: Vec<String> = self.schemas.iter().map(|schema| format!("{schema}.{rest}")).collect();
        Some(match schema {
            "*" => format!("{reaches}: expected {}", own.join(", ")),
            _ => format!("{reaches}, which owns {}", self.listed()),
        })
    }
}

impl Origin {
    /// The file `name` of the house, or of a domain.
    pub(crate) fn new(domain: Option<&Arc<Domain>>, name: &str) -> Origin {
        let file = match domain {
            Some(domain) => format!("{}/{name}", domain.name).into(),
            None => name.into(),
        };
        Origin { file, domain: domain.cloned() }
    }

    /// Why the file may not speak of `what`, a dotted name or pattern; none if it may.
    pub(crate) fn beyond(&self, what: &str) -> Option<String> {
        self.domain.as_ref()?.beyond(what)
    }
}

/// Reads domains.toml. None if it isn't TOML: nothing is known of the domains then.
pub(crate) fn read(text: &str, problems: &mut Problems) -> Option<Domains> {
    let document = Document::parse(DOMAINS, text, problems)?;
    let mut domains = Domains::default();
    let mut owners: BTreeMap<Arc<str>, Arc<str>> = BTreeMap::new();
    for (name, line, value) in document.entries() {
        if !is_domain_name(name) {
            problems.add(
                DOMAINS,
                line,
                format!("`{name}`: a domain is named by letters, digits, `_` and `-`{RESERVED}"),
            );
        }
        let name: Arc<str> = name.into();
        let mut schemas = BTreeSet::new();
        match value.get_ref().as_table() {
            Some(table) => {
                let mut section = document.section(line, table);
                for (schema, line) in section.required_strings("schemas", "[\"SCHEMA\", ...]", problems) {
                    match owned_schema(&schema, &name, &mut owners) {
                        Ok(schema) => {
                            schemas.insert(schema.clone());
                            domains.declared.push((schema, line));
                        }
                        Err(message) => problems.add(DOMAINS, line, message),
                    }
                }
                section.finish(problems);
            }
            None => problems.add(DOMAINS, line, format!("`{name}`: expected a table [{name}] with schemas = [...]")),
        }
        domains.by_name.insert(name.clone(), Arc::new(Domain { name, schemas }));
    }
    Some(domains)
}

const RESERVED: &str = ", and neither `tests` nor as a README, LICENSE or CODEOWNERS is";

/// Whether a folder of this name can be that of a domain.
pub(crate) fn is_domain_name(name: &str) -> bool {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    plain && !name.is_empty() && name != TESTS && !is_prose(name)
}

fn owned_schema(text: &str, domain: &Arc<str>, owners: &mut BTreeMap<Arc<str>, Arc<str>>) -> Result<Arc<str>, String> {
    let schema = match split(text)?.as_slice() {
        [Part::Name(schema)] => schema.clone(),
        _ => return Err(format!("expected the name of one schema, found `{text}`")),
    };
    if *schema == *RESERVED_SCHEMA {
        return Err(format!("schema `{RESERVED_SCHEMA}` is reserved: it holds no data"));
    }
    match owners.insert(schema.clone(), domain.clone()) {
        Some(other) => Err(format!("schema `{schema}` is owned by domain `{other}` already, and has one owner")),
        None => Ok(schema),
    }
}
