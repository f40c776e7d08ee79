//! Why a decision is as it is: who grants what, through whom each filter binds, and which masks spare the principal. For
//! people to read; the decision itself is [`Rights::decide`]'s.

use std::collections::HashSet;
use std::sync::Arc;

use super::Rights;
use crate::decision::{Grant, RuleRef};
use crate::index::Covering;
use crate::masks::Mask;
use crate::pattern::way;
use crate::rows::FilterRule;

/// What lies behind a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reasons {
    /// The user and those of the roles that made something of the table visible.
    pub grantors: Vec<Grantor>,
    /// Filters that bind everyone, beside those of the grantors.
    pub everyone: Vec<Arc<FilterRule>>,
    /// Denials of single columns.
    pub denials: Vec<RuleRef>,
    /// Masks that would cover a visible column, but spare the principal.
    pub spared: Vec<Spared>,
}

/// A user or role that grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grantor {
    /// As it stands in policy.csv: `ana` or `role:analyst`.
    pub subject: String,
    pub grants: Vec<RuleRef>,
    /// The filters that bind it, which hold together. None: it shows every row.
    pub filters: Vec<Arc<FilterRule>>,
}

/// A mask that a role is spared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spared {
    pub column: String,
    /// The way from the column to the masked fields, as the rule has it; empty for the column itself.
    pub fields: String,
    pub mask: Arc<Mask>,
    pub role: Arc<str>,
}

impl Rights {
    /// What led to `grant`, which [`Rights::decide`] gave for the table.
    pub fn reasons(&self, schema: &str, table: &str, grant: &Grant) -> Reasons {
        let used: HashSet<&RuleRef> = grant.rules.iter().collect();
        let filters = self.table_filters(schema, table);
        let grantors = self.subjects.iter().zip(&filters.by_subject).filter_map(|(holder, together)| {
            let rules = holder.grants.of_table(schema, table).filter(|covering| !covering.denies());
            let grants: Vec<RuleRef> = rules.map(|c| c.rule.clone()).filter(|rule| used.contains(rule)).collect();
            let subject = holder.subject.to_string();
            (!grants.is_empty()).then(|| Grantor { subject, grants, filters: self.filters_of(together) })
        });
        Reasons {
            grantors: grantors.collect(),
            everyone: self.filters_of(&filters.everyone),
            denials: self.denials(schema, table, None),
            spared: self.spared(schema, table, grant),
        }
    }

    /// Denials that bear on the table: of all of it, or of single columns; with a column, those that bear on it.
    pub fn denials(&self, schema: &str, table: &str, column: Option<&str>) -> Vec<RuleRef> {
        self.bearing_on(schema, table, column).filter(|covering| covering.denies()).map(|c| c.rule.clone()).collect()
    }

    /// Grants likewise, whether a denial takes back what they give or not.
    pub fn grants(&self, schema: &str, table: &str, column: Option<&str>) -> Vec<RuleRef> {
        self.bearing_on(schema, table, column).filter(|covering| !covering.denies()).map(|c| c.rule.clone()).collect()
    }

    fn bearing_on(&self, schema: &str, table: &str, column: Option<&str>) -> impl Iterator<Item = &Covering> {
        let bears = move |covering: &&Covering| match (&covering.column, column) {
            (Some(own), Some(column)) => **own == *column,
            _ => true,
        };
        self.subjects.iter().flat_map(move |holder| holder.grants.of_table(schema, table)).filter(bears)
    }

    fn filters_of(&self, numbers: &[u32]) -> Vec<Arc<FilterRule>> {
        numbers.iter().map(|number| Arc::clone(&self.rules.filters[*number as usize])).collect()
    }

    fn spared(&self, schema: &str, table: &str, grant: &Grant) -> Vec<Spared> {
        let mut spared = Vec::new();
        for entry in self.rules.masks_by_table.lookup(schema, table) {
            let rule = &self.rules.masks[entry.rule as usize];
            let Some((role, _)) = rule.unless.iter().find(|(role, _)| self.roles.contains(&**role)) else { continue };
            for column in grant.columns.iter().filter(|column| entry.column.matches(&column.name)) {
                let column = column.name.clone();
                let fields = way(&entry.fields);
                let found = Spared { column, fields, mask: Arc::clone(&rule.mask), role: Arc::clone(role) };
                // One mask may name a column by several patterns.
                if !spared.contains(&found) {
                    spared.push(found);
                }
            }
        }
        spared
    }
}
