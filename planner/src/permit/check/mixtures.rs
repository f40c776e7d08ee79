//! Users who see a column on some rows only, by a filter with a sub-select. Such a value would be put together above the
//! barrier, where no sub-select of an author has its place: the table would be closed to them.

use std::collections::BTreeSet;
use std::sync::Arc;

use weir_connectors::TableInfo;
use weir_policies::{Decision, FilterRule, Grant, PolicyError, PolicySet, Principal, RowCondition};

use super::super::text::Mentions;
use super::place;
use crate::catalog::Catalog;

/// A mistake for each filter and table, with the first user whom it concerns.
pub(super) fn check(policies: &PolicySet, catalog: &Catalog) -> Vec<PolicyError> {
    let selecting: Vec<&Arc<FilterRule>> = policies.filters().iter().filter(|rule| selects(rule)).collect();
    if selecting.is_empty() {
        return Vec::new();
    }
    let by_column = policies.tables_granted_by_column().into_iter();
    let tables = by_column.filter_map(|(schema, table)| catalog.schemas().get(schema)?.get(table));
    let covered = |table: &&Arc<TableInfo>| selecting.iter().any(|rule| rule.covers(&table.schema, &table.name));
    let tables: Vec<&Arc<TableInfo>> = tables.filter(covered).collect();
    let mut names: Vec<&str> = policies.users().collect();
    names.sort_unstable();
    let users: Vec<Principal> = names.into_iter().filter_map(|user| policies.principal(user)).collect();
    tables.into_iter().flat_map(|table| mistakes(policies, table, &users)).collect()
}

fn selects(rule: &FilterRule) -> bool {
    Mentions::of(&rule.condition).is_ok_and(|mentions| mentions.selects)
}

fn mistakes(policies: &PolicySet, table: &Arc<TableInfo>, users: &[Principal]) -> Vec<PolicyError> {
    let columns: Vec<&str> = table.columns.fields().iter().map(|field| field.name().as_str()).collect();
    let mut told: BTreeSet<(Arc<str>, u32)> = BTreeSet::new();
    let mut problems = Vec::new();
    for user in users {
        let Decision::Granted(grant) = policies.rights(user).decide(&table.schema, &table.name, &columns) else {
            continue;
        };
        for (column, rule) in shown_by_selecting(&grant) {
            if told.insert((Arc::clone(&rule.file), rule.condition_line)) {
                let reason = format!(
                    "`{}` sees column \"{column}\" on some of the rows only, by this filter's sub-select: grant the column \
                     to all roles that see the table, or to none",
                    user.user
                );
                problems.push(PolicyError::new(&*rule.file, rule.condition_line, place(table, &rule.name, &reason)));
            }
        }
    }
    problems
}

/// Columns that show where a filter with a sub-select holds.
fn shown_by_selecting(grant: &Grant) -> Vec<(&str, &Arc<FilterRule>)> {
    let shown = grant.columns.iter().filter_map(|column| Some((column, column.shown_where.as_ref()?)));
    shown
        .flat_map(|(column, condition)| RowCondition::filters(condition).into_iter().map(|rule| (&*column.name, rule)))
        .filter(|(_, rule)| selects(rule))
        .collect()
}
