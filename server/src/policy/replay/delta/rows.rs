//! Which rows of a table there are.

use std::collections::{BTreeMap, BTreeSet};

use weir_policies::{FilterRule, RowCondition};

use super::Decided;
use crate::policy::replay::condition::Condition;
use crate::policy::words;

/// A filter's SQL for the principal, and the filter.
type Spelled<'a> = (&'a str, &'a FilterRule);

pub(super) fn differences(old: Decided<'_>, new: Decided<'_>) -> Vec<String> {
    let (before, after) = (Filters::of(old), Filters::of(new));
    if before.parts == after.parts {
        return Vec::new();
    }
    let name = format!("{}.{}", new.table.info.schema, new.table.info.name);
    match (before.beyond(&after), after.beyond(&before)) {
        (Some(gone), Some(come)) => one_by_one(&name, gone, &come),
        // Filters of several roles add up: what one of them does can't be said alone.
        _ => vec![as_a_whole(&name, old, new, &before, &after)],
    }
}

/// The filters of a decision.
struct Filters<'a> {
    /// What holds of every row.
    parts: BTreeSet<Condition>,
    by_sql: BTreeMap<String, &'a FilterRule>,
}

impl<'a> Filters<'a> {
    fn of(decided: Decided<'a>) -> Self {
        let filter = decided.table.grant.filter.as_ref();
        let filters = filter.map(RowCondition::filters).unwrap_or_default();
        let spelled = |rule: &'a std::sync::Arc<FilterRule>| (words::filter_sql(rule, decided.principal), &**rule);
        let by_sql = filters.into_iter().map(spelled).collect();
        Self { parts: Condition::parts(filter, decided.principal), by_sql }
    }

    /// What holds here and not there, if each of it is one filter.
    fn beyond(&self, other: &Self) -> Option<Vec<Spelled<'_>>> {
        let more = self.parts.difference(&other.parts);
        let filter = |part: &Condition| match part {
            Condition::Filter(sql) => self.by_sql.get_key_value(sql).map(|(sql, rule)| (sql.as_str(), *rule)),
            _ => None,
        };
        more.map(filter).collect()
    }

    fn names(&self) -> String {
        let names: BTreeSet<String> = self.by_sql.values().map(|rule| named(rule)).collect();
        names.into_iter().collect::<Vec<_>>().join(", ")
    }
}

fn one_by_one(table: &str, mut gone: Vec<Spelled<'_>>, come: &[Spelled<'_>]) -> Vec<String> {
    let mut told = Vec::new();
    for (sql, rule) in come {
        let rule_now = named(rule);
        told.push(match gone.iter().position(|(_, other)| other.name == rule.name) {
            Some(at) => {
                let (before, _) = gone.remove(at);
                format!("{rule_now} on {table} is {sql}, and was {before}")
            }
            None => format!("{rule_now} now holds on {table}"),
        });
    }
    told.extend(gone.iter().map(|(_, rule)| format!("{} no longer holds on {table}", named(rule))));
    told
}

fn as_a_whole(name: &str, old: Decided<'_>, new: Decided<'_>, before: &Filters<'_>, after: &Filters<'_>) -> String {
    let rows = |decided: Decided<'_>| match &decided.table.grant.filter {
        Some(filter) => format!("those where {}", words::condition(filter, decided.principal)),
        None => "all".to_owned(),
    };
    let by = match after.by_sql.is_empty() {
        true => before.names(),
        false => after.names(),
    };
    format!("the rows of {name} are {}, and were {}, by {by}", rows(new), rows(old))
}

fn named(rule: &FilterRule) -> String {
    format!("filter `{}` ({}:{})", rule.name, rule.file, rule.line)
}
