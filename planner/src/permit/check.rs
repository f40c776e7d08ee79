//! Binds every rule of a policy set against the tables that it covers, before the set takes effect.

mod mixtures;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::datatypes::Field;
use weir_connectors::TableInfo;
use weir_policies::{Attribute, FieldMask, FilterRule, Mask, MaskKind, PolicyError, PolicySet, Principal};

use super::rules::Binder;
use super::samples::Samples;
use super::text::Mentions;
use crate::PlanError;
use crate::bind::pg::rules::WithoutValue;
use crate::catalog::Catalog;
use crate::runtime::Runtime;

/// What a text holds that could call these; most rules don't, and needn't be parsed again.
const ASKS_FOR_ROLE: &str = "has_role";
const ASKS_FOR_ATTRIBUTE: &str = "attr";

/// Every filter and mask that can't be applied to a table it covers, with file and line.
pub fn check(runtime: &Runtime, policies: &PolicySet, catalog: &Catalog) -> Vec<PolicyError> {
    let mut problems = unknown_roles(policies);
    problems.extend(mixtures::check(policies, catalog));
    let samples = Samples::of(policies);
    for table in catalog.tables() {
        let items = policies.items_of_lists();
        let check = RuleCheck { runtime, catalog, table, samples: &samples, items };
        for rule in policies.filters_of(&table.schema, &table.name) {
            if let Err(reason) = check.filter(rule) {
                problems.push(PolicyError::new(&*rule.file, rule.condition_line, place(table, &rule.name, &reason)));
            }
        }
        for field in table.columns.fields() {
            for within in policies.masks_within(&table.schema, &table.name, field.name()) {
                let mask = Arc::clone(&within.mask);
                if let Err(reason) = check.within(within, field) {
                    problems.push(mask_problem(&mask, place(table, &mask.name, &reason)));
                }
            }
            for mask in policies.masks_of(&table.schema, &table.name, field.name()) {
                if let Err(reason) = check.mask(mask, field) {
                    problems.push(mask_problem(mask, place(table, &mask.name, &reason)));
                }
            }
        }
    }
    problems
}

/// Whether the text could call the function, whose name may be written in any case.
fn calls(text: &str, function: &str) -> bool {
    text.to_ascii_lowercase().contains(function)
}

fn place(table: &Arc<TableInfo>, rule: &str, reason: &str) -> String {
    format!("{rule} on {}.{}: {reason}", table.schema, table.name)
}

fn mask_problem(mask: &Mask, message: String) -> PolicyError {
    PolicyError::new(&*mask.file, mask.line, message)
}

/// A role that isn't there would make `has_role` false for all: a misspelling.
fn unknown_roles(policies: &PolicySet) -> Vec<PolicyError> {
    let known = policies.roles();
    let filters = policies.filters().iter().map(|rule| (&rule.condition, &rule.file, rule.condition_line));
    let masks = policies.masks().iter().filter_map(|mask| match &mask.kind {
        MaskKind::Sql { expression, line } => Some((expression, &mask.file, *line)),
        _ => None,
    });
    let mut problems = Vec::new();
    for (text, file, line) in filters.chain(masks) {
        if !calls(text, ASKS_FOR_ROLE) {
            continue;
        }
        // What doesn't parse is told for the tables that the rule covers.
        let Ok(mentions) = Mentions::of(text) else { continue };
        for role in mentions.roles.iter().filter(|role| !known.contains(role.as_str())) {
            problems.push(PolicyError::new(&**file, line, unknown_role(role)));
        }
    }
    problems
}

fn unknown_role(role: &str) -> String {
    match role.strip_prefix("role:") {
        Some(bare) => format!("expected the role without its prefix: has_role('{bare}')"),
        None => format!("unknown role `{role}` in has_role: policy.csv never names role:{role}"),
    }
}

/// Tries single rules on a table.
struct RuleCheck<'a> {
    runtime: &'a Runtime,
    catalog: &'a Catalog,
    table: &'a Arc<TableInfo>,
    samples: &'a Samples,
    items: &'a BTreeMap<String, Attribute>,
}

impl RuleCheck<'_> {
    /// For those who lack every attribute, which must not be a mistake, and for all values that users have.
    fn filter(&self, rule: &FilterRule) -> Result<(), String> {
        let bind = |principal: &Principal| {
            let binder = self.binder(principal);
            binder.rows(binder.filter(rule)?).map(drop)
        };
        self.try_for(rule.condition.as_ref(), bind)
    }

    fn mask(&self, mask: &Mask, field: &Field) -> Result<(), String> {
        self.try_for(text_of(mask), |principal| self.binder(principal).mask(mask, field).map(drop))
    }

    /// A mask of fields within a column.
    fn within(&self, mask: FieldMask, column: &Field) -> Result<(), String> {
        let text = text_of(&mask.mask).to_owned();
        let masks = [mask];
        self.try_for(&text, |principal| self.binder(principal).within(&masks, column).map(drop))
    }

    fn try_for(&self, text: &str, bind: impl Fn(&Principal) -> Result<(), PlanError>) -> Result<(), String> {
        match bind(&self.samples.nobody) {
            // The table is invisible until its filter can be checked.
            Err(PlanError::SourceDown { .. }) => return Ok(()),
            tried => tried.map_err(reason)?,
        }
        if !calls(text, ASKS_FOR_ATTRIBUTE) {
            return Ok(());
        }
        let mentioned = Mentions::of(text).map(|mentions| mentions.attributes).unwrap_or_default();
        let known: BTreeSet<&str> = self.samples.known(&mentioned);
        if known.is_empty() || bind(&self.samples.typical).is_ok() {
            return Ok(());
        }
        // A text that isn't any value's form doesn't do: then it matters which texts there are.
        for principal in self.samples.differing_in(&known) {
            bind(principal)
                .map_err(|error| format!("with the attributes of `{}`: {}", principal.user, reason(error)))?;
        }
        Ok(())
    }

    fn binder<'b>(&'b self, principal: &'b Principal) -> Binder<'b> {
        let Self { runtime, catalog, table, items, .. } = *self;
        Binder { runtime, catalog, principal, table, items, without: WithoutValue::Bound }
    }
}

/// What a mask says in SQL.
fn text_of(mask: &Mask) -> &str {
    match &mask.kind {
        MaskKind::Sql { expression, .. } => expression,
        _ => "",
    }
}

fn reason(error: PlanError) -> String {
    match error {
        PlanError::Rule { reason, .. } => reason,
        other => other.to_string(),
    }
}
