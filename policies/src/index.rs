//! The rules of a policy set, indexed once when it is loaded: by subject and table, so that a decision looks at the few
//! rules that bear on it, whatever the number of rules.

use std::collections::HashMap;
use std::sync::Arc;

use crate::decision::{RuleKind, RuleRef};
use crate::grants::{Effect, GrantRule, Object, Subject};
use crate::masks::MaskRule;
use crate::pattern::PatternIndex;
use crate::rows::FilterRule;

/// Everything that decisions are made from; shared by all principals.
#[derive(Default)]
pub(crate) struct RuleIndex {
    pub(crate) subjects: HashMap<Subject, Arc<SubjectGrants>>,
    pub(crate) filters: Vec<Arc<FilterRule>>,
    pub(crate) filters_by_table: PatternIndex,
    pub(crate) masks: Vec<MaskRule>,
    pub(crate) masks_by_table: PatternIndex,
}

/// The grants of one subject by what they cover.
#[derive(Default)]
pub(crate) struct SubjectGrants {
    everything: Vec<Covering>,
    schemas: HashMap<Arc<str>, SchemaGrants>,
    policies: Vec<Covering>,
}

#[derive(Default)]
struct SchemaGrants {
    all_tables: Vec<Covering>,
    tables: HashMap<Arc<str>, Vec<Covering>>,
}

/// One grant, or denial, that covers the table asked about, or one column of it.
pub(crate) struct Covering {
    pub(crate) column: Option<Arc<str>>,
    pub(crate) effect: Effect,
    pub(crate) rule: RuleRef,
}

impl RuleIndex {
    pub(crate) fn new<'g>(
        grants: impl IntoIterator<Item = &'g GrantRule>,
        filters: Vec<Arc<FilterRule>>,
        masks: Vec<MaskRule>,
    ) -> RuleIndex {
        let mut filters_by_table = PatternIndex::default();
        for (number, filter) in (0..).zip(&filters) {
            filter.tables.iter().for_each(|placed| filters_by_table.insert(&placed.pattern, number));
        }
        let mut masks_by_table = PatternIndex::default();
        for (number, mask) in (0..).zip(&masks) {
            mask.columns.iter().for_each(|placed| masks_by_table.insert(&placed.pattern, number));
        }
        RuleIndex { subjects: by_subject(grants), filters, filters_by_table, masks, masks_by_table }
    }
}

fn by_subject<'g>(grants: impl IntoIterator<Item = &'g GrantRule>) -> HashMap<Subject, Arc<SubjectGrants>> {
    let mut subjects: HashMap<Subject, SubjectGrants> = HashMap::new();
    for grant in grants {
        subjects.entry(grant.subject.clone()).or_default().insert(grant);
    }
    subjects.into_iter().map(|(subject, grants)| (subject, Arc::new(grants))).collect()
}

impl Covering {
    pub(crate) fn denies(&self) -> bool {
        self.effect == Effect::Deny
    }
}

impl SubjectGrants {
    fn insert(&mut self, grant: &GrantRule) {
        let mut covering = Covering {
            column: None,
            effect: grant.effect,
            rule: RuleRef {
                kind: RuleKind::Grant,
                name: format!("{} {}", grant.subject, grant.object).into(),
                file: grant.file.clone(),
                line: grant.line,
            },
        };
        let place = match &grant.object {
            Object::Everything => &mut self.everything,
            Object::Policies => &mut self.policies,
            Object::Schema(schema) => &mut self.schemas.entry(schema.clone()).or_default().all_tables,
            Object::Table(schema, table) => {
                let schema = self.schemas.entry(schema.clone()).or_default();
                schema.tables.entry(table.clone()).or_default()
            }
            Object::Column(schema, table, column) => {
                covering.column = Some(column.clone());
                let schema = self.schemas.entry(schema.clone()).or_default();
                schema.tables.entry(table.clone()).or_default()
            }
        };
        place.push(covering);
    }

    /// What covers the table or one of its columns.
    pub(crate) fn of_table(&self, schema: &str, table: &str) -> impl Iterator<Item = &Covering> {
        let own = self.schemas.get(schema);
        let named = own.and_then(|own| own.tables.get(table));
        self.everything.iter().chain(own.into_iter().flat_map(|own| &own.all_tables)).chain(named.into_iter().flatten())
    }

    /// Tables of which a single column is granted.
    pub(crate) fn tables_by_column(&self) -> impl Iterator<Item = (&str, &str)> {
        self.schemas.iter().flat_map(|(schema, own)| {
            let by_column = |grants: &Vec<Covering>| grants.iter().any(|c| c.column.is_some() && !c.denies());
            let tables = own.tables.iter().filter(move |(_, grants)| by_column(grants));
            tables.map(move |(table, _)| (&**schema, &**table))
        })
    }

    /// What covers every table of the schema.
    pub(crate) fn of_whole_schema(&self, schema: &str) -> impl Iterator<Item = &Covering> {
        self.everything.iter().chain(self.schemas.get(schema).into_iter().flat_map(|own| &own.all_tables))
    }

    /// What covers something in the schema: all of it, a table or a column.
    pub(crate) fn of_schema(&self, schema: &str) -> impl Iterator<Item = &Covering> {
        let tables = self.schemas.get(schema).into_iter().flat_map(|own| own.tables.values().flatten());
        self.of_whole_schema(schema).chain(tables)
    }

    /// What covers `weir.policies`. A wildcard over data never grants it, but a denial of everything takes it away.
    pub(crate) fn of_policies(&self) -> impl Iterator<Item = &Covering> {
        let denials = self.everything.iter().filter(|covering| covering.denies());
        self.policies.iter().chain(denials)
    }
}
