//! Binds every rule of a policy set against the tables that it covers, before the set takes effect.

use std::sync::Arc;

use weir_policies::{Mask, PolicyError, PolicySet};

use super::rules::RuleCheck;
use crate::catalog::Catalog;
use crate::runtime::Runtime;

/// Every filter and mask that can't be applied to a table it covers, with file and line.
pub fn check(runtime: &Runtime, policies: &PolicySet, catalog: &Catalog) -> Vec<PolicyError> {
    let mut problems = Vec::new();
    for table in catalog.tables() {
        let check = RuleCheck::new(runtime, table);
        for rule in policies.filters().iter().filter(|rule| rule.covers(&table.schema, &table.name)) {
            if let Err(reason) = check.filter(rule) {
                problems.push(PolicyError::new(&*rule.file, rule.condition_line, place(table, &rule.name, &reason)));
            }
        }
        for field in table.columns.fields() {
            for within in policies.masks_within(&table.schema, &table.name, field.name()) {
                let mask = Arc::clone(&within.mask);
                if let Err(reason) = check.within(&[within], field) {
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

fn place(table: &Arc<weir_connectors::TableInfo>, rule: &str, reason: &str) -> String {
    format!("{rule} on {}.{}: {reason}", table.schema, table.name)
}

fn mask_problem(mask: &Mask, message: String) -> PolicyError {
    PolicyError::new(&*mask.file, mask.line, message)
}
