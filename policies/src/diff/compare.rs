//! What differs between two decisions on one table, as parts of sentences.

use std::collections::{BTreeMap, BTreeSet};

use super::ChangeKind;
use super::fields;
use super::stricter::{Rows, at_least_as_strict, compared};
use crate::condition::RowCondition;
use crate::decision::{ColumnDecision, Grant};
use crate::inventory::InventoryTable;
use crate::masks::{Mask, MaskKind};
use crate::scram::ScramVerifier;

/// A change without the one it concerns: `gains` `lake.orders.total` `, masked by ...`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Phrase {
    pub(super) kind: ChangeKind,
    /// `schema.table`.
    pub(super) table: String,
    pub(super) verb: &'static str,
    /// A table or column; phrases that differ in nothing else are said at once.
    pub(super) object: String,
    pub(super) rest: String,
}

/// What is different about the one who asks, and may be read by conditions whose text stays the same.
pub(super) struct Changed {
    /// Names of attributes.
    pub(super) attributes: BTreeSet<String>,
    pub(super) roles: bool,
}

/// Compares what somebody saw of a table with what they see now.
pub(super) fn table(
    table: &InventoryTable,
    old: Option<&Grant>,
    new: Option<&Grant>,
    changed: &Changed,
) -> Vec<Phrase> {
    let name = &format!("{}.{}", table.schema, table.table);
    let mut phrases = differences(name, old, new, changed);
    if let (Some(old), Some(new)) = (old, new) {
        phrases.extend(fields::differences(name, table, old, new, changed));
    }
    phrases.iter_mut().for_each(|phrase| name.clone_into(&mut phrase.table));
    phrases
}

fn differences(name: &str, old: Option<&Grant>, new: Option<&Grant>, changed: &Changed) -> Vec<Phrase> {
    match (old, new) {
        (None, None) => Vec::new(),
        (Some(_), None) => vec![phrase(ChangeKind::Loss, "loses", name, "")],
        (None, Some(new)) => vec![phrase(ChangeKind::Gain, "gains", name, described(new))],
        (Some(old), Some(new)) => {
            let mut phrases: Vec<Phrase> = rows(name, old, new, changed).into_iter().collect();
            phrases.extend(columns(name, old, new, changed));
            phrases
        }
    }
}

/// Whether the one who asks sees what rules are applied.
pub(super) fn policies(old: bool, new: bool) -> Option<Phrase> {
    let (kind, verb) = match (old, new) {
        (false, true) => (ChangeKind::Gain, "gains"),
        (true, false) => (ChangeKind::Loss, "loses"),
        _ => return None,
    };
    Some(phrase(kind, verb, "weir.policies", ", the right to see what rules are applied"))
}

/// Whether the one who asks proves who they are in the same way.
pub(super) fn password(old: Option<&ScramVerifier>, new: Option<&ScramVerifier>) -> Option<Phrase> {
    match (old, new) {
        (Some(_), None) => Some(phrase(ChangeKind::Loss, "loses", "the password", ", and can't log in")),
        (None, Some(_)) => Some(phrase(ChangeKind::PossibleGain, "can log in with", "a password", ", and couldn't")),
        (Some(old), Some(new)) if old != new => {
            let rest = ": who knows it sees what this user sees";
            Some(phrase(ChangeKind::PossibleGain, "has", "another password", rest))
        }
        _ => None,
    }
}

impl Phrase {
    /// The phrase for any table or column that the same is to be said of.
    pub(super) fn of_anything(&self) -> Phrase {
        Phrase { table: String::new(), object: String::new(), ..self.clone() }
    }
}

fn phrase(kind: ChangeKind, verb: &'static str, object: &str, rest: impl Into<String>) -> Phrase {
    Phrase { kind, table: String::new(), verb, object: object.to_owned(), rest: rest.into() }
}

/// What a table that is gained shows.
fn described(grant: &Grant) -> String {
    let hidden: Vec<String> =
        grant.columns.iter().filter_map(|column| Some(format!("{} {}", column.name, limits(column)?))).collect();
    let names: Vec<&str> = grant.columns.iter().map(|column| column.name.as_str()).collect();
    let mut text = format!(" with {}", names.join(", "));
    if !hidden.is_empty() {
        text += &format!("; {}", hidden.join(", "));
    }
    if let Some(filter) = &grant.filter {
        text += &format!("; only rows where {}", shown(filter));
    }
    text
}

/// How less than the raw column shows on all rows; none if all does.
fn limits(column: &ColumnDecision) -> Option<String> {
    let masked = column.mask.as_ref().map(|mask| format!("masked by {}", named(mask)));
    let partly = column.shown_where.as_ref().map(|rows| format!("only where {}", shown(rows)));
    let limits: Vec<String> = masked.into_iter().chain(fields::masked(column)).chain(partly).collect();
    (!limits.is_empty()).then(|| limits.join(" and "))
}

fn rows(name: &str, old: &Grant, new: &Grant, changed: &Changed) -> Option<Phrase> {
    match (compared_for(&[&old.filter], &[&new.filter], changed), &old.filter, &new.filter) {
        (Rows::Same, _, Some(new)) => same_condition("may see other rows of", name, "", new, changed),
        (Rows::Same, _, None) => None,
        (Rows::Fewer, None, Some(new)) => {
            Some(phrase(ChangeKind::Loss, "sees only some rows of", name, format!(", those where {}", shown(new))))
        }
        (Rows::More, Some(old), None) => {
            Some(phrase(ChangeKind::Gain, "sees all rows of", name, format!(", and saw those where {}", shown(old))))
        }
        (rows, old, new) => {
            let (kind, verb) = match rows {
                Rows::Fewer => (ChangeKind::Loss, "sees fewer rows of"),
                Rows::More => (ChangeKind::Gain, "sees more rows of"),
                _ => (ChangeKind::PossibleGain, "may see other rows of"),
            };
            let shown = |filter: &Option<RowCondition>| filter.as_ref().map_or("true".to_owned(), shown);
            Some(phrase(kind, verb, name, format!(", those where {}, and saw those where {}", shown(new), shown(old))))
        }
    }
}

/// Compares two conditions by their texts. A text that reads what has changed of the one who asks isn't the same condition
/// any more: what follows from it by its text is no longer sure to be less than it was.
fn compared_for(old: &[&Option<RowCondition>], new: &[&Option<RowCondition>], changed: &Changed) -> Rows {
    let rows = compared(old, new);
    let filters = || old.iter().chain(new).filter_map(|part| part.as_ref()).flat_map(RowCondition::filters);
    // Fewer than all rows are fewer, whatever the condition reads.
    let from_all = old.iter().all(|part| part.is_none());
    match rows {
        Rows::Fewer if !from_all && filters().any(|filter| read_of(&filter.condition, changed).is_some()) => {
            Rows::Unknown
        }
        rows => rows,
    }
}

/// A condition keeps its text, but what it reads of the one who asks may have changed.
fn same_condition(
    verb: &'static str,
    object: &str,
    rows: &str,
    condition: &RowCondition,
    changed: &Changed,
) -> Option<Phrase> {
    let why = condition.filters().into_iter().find_map(|filter| {
        read_of(&filter.condition, changed)
            .map(|what| format!("{rows}: `{}` reads {what}", one_line(&filter.condition)))
    });
    why.map(|why| phrase(ChangeKind::PossibleGain, verb, object, why))
}

/// What a text of SQL reads of that which changed. A text that only looks like it counts too.
fn read_of(sql: &str, changed: &Changed) -> Option<String> {
    let attribute = changed.attributes.iter().find(|name| sql.contains(name.as_str()));
    let attribute = attribute.map(|name| format!("the attribute {name}, which changes"));
    let roles = changed.roles && sql.to_ascii_lowercase().contains("has_role");
    attribute.or_else(|| roles.then(|| "roles, which change".to_owned()))
}

fn columns(name: &str, old: &Grant, new: &Grant, changed: &Changed) -> Vec<Phrase> {
    let before: BTreeMap<&str, &ColumnDecision> = old.columns.iter().map(|c| (c.name.as_str(), c)).collect();
    let after: BTreeSet<&str> = new.columns.iter().map(|column| column.name.as_str()).collect();
    let mut phrases = Vec::new();
    for lost in before.keys().filter(|column| !after.contains(*column)) {
        phrases.push(phrase(ChangeKind::Loss, "loses", &format!("{name}.{lost}"), ""));
    }
    for column in &new.columns {
        let full = format!("{name}.{}", column.name);
        match before.get(column.name.as_str()) {
            None => {
                let how = limits(column).map(|limits| format!(", {limits}")).unwrap_or_default();
                phrases.push(phrase(ChangeKind::Gain, "gains", &full, how));
            }
            Some(before) => {
                phrases.extend(mask(&full, before.mask.as_deref(), column.mask.as_deref(), changed));
                phrases.extend(cells(&full, (old, before), (new, column), changed));
            }
        }
    }
    phrases
}

pub(super) fn mask(column: &str, old: Option<&Mask>, new: Option<&Mask>, changed: &Changed) -> Option<Phrase> {
    match (old, new) {
        (None, None) => None,
        (None, Some(new)) => {
            Some(phrase(ChangeKind::Loss, "sees", column, format!(" masked by {}, and saw it raw", named(new))))
        }
        (Some(old), None) => {
            Some(phrase(ChangeKind::Gain, "sees", column, format!(" raw, and saw it masked by {}", named(old))))
        }
        (Some(old), Some(new)) if same_kind(&old.kind, &new.kind) => match &new.kind {
            MaskKind::Sql { expression, .. } => {
                let what = read_of(expression, changed)?;
                let rest = format!(": mask {} reads {what}", named(new));
                Some(phrase(ChangeKind::PossibleGain, "may see other values of", column, rest))
            }
            _ => None,
        },
        (Some(old), Some(new)) => {
            let strict = at_least_as_strict(&new.kind, &old.kind);
            let kind = if strict { ChangeKind::Loss } else { ChangeKind::PossibleGain };
            let rest = format!(" masked by {}, and saw it masked by {}", named(new), named(old));
            Some(phrase(kind, "sees", column, rest))
        }
    }
}

/// Whether both show the same, wherever they stand.
fn same_kind(old: &MaskKind, new: &MaskKind) -> bool {
    match (old, new) {
        (MaskKind::Sql { expression: old, .. }, MaskKind::Sql { expression: new, .. }) => old == new,
        (old, new) => old == new,
    }
}

/// On which rows a column shows, where that isn't said by which rows are seen at all.
fn cells(
    column: &str,
    (old_table, old): (&Grant, &ColumnDecision),
    (new_table, new): (&Grant, &ColumnDecision),
    changed: &Changed,
) -> Option<Phrase> {
    let whole = compared_for(&[&old_table.filter], &[&new_table.filter], changed);
    let cells = compared_for(&[&old_table.filter, &old.shown_where], &[&new_table.filter, &new.shown_where], changed);
    if cells == Rows::Same {
        let condition = new.shown_where.as_ref()?;
        return same_condition("may see", column, " on other rows", condition, changed);
    }
    if cells == whole {
        return None;
    }
    let (kind, verb, on_which) = match cells {
        Rows::Fewer => (ChangeKind::Loss, "sees", "on fewer rows"),
        Rows::More => (ChangeKind::Gain, "sees", "on more rows"),
        _ => (ChangeKind::PossibleGain, "may see", "on other rows"),
    };
    let on = |rows: &Option<RowCondition>| match rows {
        Some(rows) => format!("those where {}", shown(rows)),
        None => "all rows of the table that are seen".to_owned(),
    };
    let rest = format!(" {on_which}: {}, and saw it on {}", on(&new.shown_where), on(&old.shown_where));
    Some(phrase(kind, verb, column, rest))
}

fn shown(condition: &RowCondition) -> String {
    let joined = |parts: &[RowCondition], with: &str| parts.iter().map(nested).collect::<Vec<_>>().join(with);
    match condition {
        RowCondition::All(parts) => joined(parts, " and "),
        RowCondition::Any(parts) => joined(parts, " or "),
        RowCondition::Filter(filter) => format!("`{}`", one_line(&filter.condition)),
    }
}

fn nested(condition: &RowCondition) -> String {
    match condition {
        RowCondition::Filter(_) => shown(condition),
        _ => format!("({})", shown(condition)),
    }
}

pub(super) fn named(mask: &Mask) -> String {
    let how = match &mask.kind {
        MaskKind::Null => "null".to_owned(),
        MaskKind::Redact { text } => format!("redact `{text}`"),
        MaskKind::Hash => "hash".to_owned(),
        MaskKind::Partial { keep_first, keep_last } => format!("partial, {keep_first} first and {keep_last} last"),
        MaskKind::Email => "email".to_owned(),
        MaskKind::Ip => "ip".to_owned(),
        MaskKind::Truncate { to } => format!("truncate to {to}"),
        MaskKind::Bucket { size } => format!("bucket of {size}"),
        MaskKind::Sql { expression, .. } => format!("sql `{}`", one_line(expression)),
    };
    format!("`{}` ({how})", mask.name)
}

fn one_line(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}
