//! What the rules make of one table, in words.

use std::sync::Arc;

use weir_connectors::TableInfo;
use weir_planner::explain::Predicates;
use weir_planner::view::VisibleTable;
use weir_policies::{Grantor, Mask, PolicySet, Principal, Reasons, Rights, RuleRef};

use crate::policy::words;

/// Tells of tables to the author of the rules, who may know all of them.
pub struct Teller<'a> {
    policies: &'a PolicySet,
    principal: &'a Principal,
    rights: Arc<Rights>,
}

impl<'a> Teller<'a> {
    pub fn new(policies: &'a PolicySet, principal: &'a Principal) -> Self {
        Self { policies, principal, rights: policies.rights(principal) }
    }

    /// A table that the principal sees, or a part of it. `predicates`: the statement's own, if it could be planned.
    pub fn visible(&self, table: &VisibleTable, predicates: Option<&Predicates>) -> String {
        let info = &table.info;
        let reasons = self.rights.reasons(&info.schema, &info.name, &table.grant);
        let mut lines: Vec<String> = reasons.grantors.iter().flat_map(|grantor| self.granted(grantor)).collect();
        lines.extend(self.rows(table, &reasons));
        lines.extend(self.columns(table, &reasons));
        lines.extend(predicates.map(barrier).into_iter().flatten());
        told(info, &lines)
    }

    /// A table that is there, and not for the principal.
    pub fn hidden(&self, info: &TableInfo) -> String {
        let who = &self.principal.user;
        let denials = self.rights.denials(&info.schema, &info.name, None);
        let mut lines = match denials.is_empty() {
            true => vec![format!("not visible: the table exists, but nothing grants it to {who}")],
            false => vec![format!("not visible: the table exists, but it is denied to {who}")],
        };
        lines.extend(denials.iter().map(|rule| format!("denied: {}", placed(rule))));
        told(info, &lines)
    }

    fn granted(&self, grantor: &Grantor) -> Vec<String> {
        let role = grantor.subject.strip_prefix("role:");
        let links = role.map(|role| self.policies.membership(&self.principal.user, role)).unwrap_or_default();
        let links = links.iter().map(|l| format!("; {} has {} ({}:{})", l.member, l.role, l.file, l.line));
        let links: String = links.collect();
        grantor.grants.iter().map(|rule| format!("granted: {}{links}", placed(rule))).collect()
    }

    /// Which rows there are, and whose filters say so.
    fn rows(&self, table: &VisibleTable, reasons: &Reasons) -> Vec<String> {
        let bound = reasons.grantors.iter().any(|grantor| !grantor.filters.is_empty());
        let first = match &table.grant.filter {
            Some(filter) => format!("rows: only where {}", words::condition(filter, self.principal)),
            None if bound => "rows: all, since one of the grants is bound by no filter".to_owned(),
            None => "rows: all, as no filter binds here".to_owned(),
        };
        let mut lines = vec![first];
        let filter = |filter: &Arc<weir_policies::FilterRule>| words::filter(filter, self.principal);
        lines.extend(reasons.everyone.iter().map(|rule| format!("  everyone is bound by {}", filter(rule))));
        if bound {
            if reasons.grantors.len() > 1 {
                lines.push("  a row is there if any of these shows it:".to_owned());
            }
            lines.extend(reasons.grantors.iter().map(|grantor| match grantor.filters.as_slice() {
                [] => format!("  {} shows every row", grantor.subject),
                filters => {
                    let filters: Vec<String> = filters.iter().map(filter).collect();
                    format!("  {} is bound by {}", grantor.subject, filters.join(", and by "))
                }
            }));
        }
        lines
    }

    /// What each column shows, and which ones don't exist for the principal.
    fn columns(&self, table: &VisibleTable, reasons: &Reasons) -> Vec<String> {
        let mut lines = Vec::new();
        let mut raw = Vec::new();
        for column in &table.grant.columns {
            let name = column.name.as_str();
            if column.masks().next().is_none() {
                raw.push(name);
            }
            lines.extend(column.fields.iter().map(|field| masked(&format!("{name}{}", field.way()), &field.mask)));
            lines.extend(column.mask.iter().map(|mask| masked(name, mask)));
            let spared = reasons.spared.iter().filter(|spared| spared.column == name);
            lines.extend(spared.map(|spared| {
                let (mask, role) = (&spared.mask, &spared.role);
                let place = format!("{name}{}", spared.fields);
                format!("column {place}: mask \"{}\" ({}:{}) spares role:{role}", mask.name, mask.file, mask.line)
            }));
            if let Some(shown) = &column.shown_where {
                lines.push(format!(
                    "column {name}: NULL but on rows where {}, as not all of the grants name it",
                    words::condition(shown, self.principal)
                ));
            }
        }
        if !raw.is_empty() {
            lines.insert(0, format!("raw columns: {}", raw.join(", ")));
        }
        let all = table.info.columns.fields().iter().map(|field| field.name().as_str());
        let missing: Vec<&str> = all.filter(|name| !table.grant.columns.iter().any(|c| c.name == *name)).collect();
        if !missing.is_empty() {
            lines.push(format!("not granted, so that they don't exist: {}", missing.join(", ")));
        }
        lines.extend(reasons.denials.iter().map(|rule| format!("denied: {}", placed(rule))));
        lines
    }
}

/// What of the statement runs where.
fn barrier(predicates: &Predicates) -> Vec<String> {
    let listed = |predicates: &[String]| match predicates {
        [] => "no predicate of the statement".to_owned(),
        predicates => predicates.join("; "),
    };
    if !predicates.barrier {
        return vec![format!("no row filter, so no barrier; at the source's scan: {}", listed(&predicates.below))];
    }
    vec![
        format!("below the barrier, on every row like the filter itself: {}", listed(&predicates.below)),
        format!("above it, on no row but those that the filter keeps: {}", listed(&predicates.above)),
        "  and all that isn't named here: joins, groups, sorts, limits".to_owned(),
    ]
}

fn masked(place: &str, mask: &Mask) -> String {
    let shown = words::mask(&mask.kind);
    format!("column {place}: masked by \"{}\" ({}:{}), shows {shown}", mask.name, mask.file, mask.line)
}

fn placed(rule: &RuleRef) -> String {
    format!("{} ({}:{})", rule.name, rule.file, rule.line)
}

fn told(info: &TableInfo, lines: &[String]) -> String {
    let lines: String = lines.iter().map(|line| format!("  {line}\n")).collect();
    format!("{}.{}\n{lines}", info.schema, info.name)
}
