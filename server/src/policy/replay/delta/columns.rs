//! What shows of a table's columns.

use std::collections::{BTreeMap, HashMap};

use arrow::datatypes::Field;
use weir_planner::permit::{fields, spelled};
use weir_policies::{ColumnDecision, Mask, MaskKind, Principal, RowCondition};

use super::Decided;
use crate::policy::replay::blame;
use crate::policy::replay::condition::Condition;
use crate::policy::words;

pub(super) fn differences(old: Decided<'_>, new: Decided<'_>) -> BTreeMap<String, Vec<String>> {
    let info = &new.table.info;
    let (schema, table) = (info.schema.as_str(), info.name.as_str());
    let (before, after) = (by_name(old), by_name(new));
    let of = |field: &Field| {
        let name = field.name().as_str();
        match (before.get(name), after.get(name)) {
            (Some(before), Some(after)) => column(field, new, (before, old.principal), (after, new.principal)),
            (Some(_), None) => vec![blame::column_lost(schema, table, name, old.rights, new.rights)],
            (None, Some(_)) => vec![blame::column_gained(schema, table, name, old.rights, new.rights)],
            (None, None) => Vec::new(),
        }
    };
    let all = info.columns.fields().iter().map(|field| (field.name().clone(), of(field)));
    all.filter(|(_, differences)| !differences.is_empty()).collect()
}

fn by_name(decided: Decided<'_>) -> HashMap<&str, &ColumnDecision> {
    decided.table.grant.columns.iter().map(|column| (column.name.as_str(), column)).collect()
}

/// A column's decision, and for whom.
type Shown<'a> = (&'a ColumnDecision, &'a Principal);

/// The mask that falls on a place, and on whose values.
type Masked<'a> = (Option<&'a Mask>, &'a Principal);

fn column(field: &Field, of: Decided<'_>, old: Shown<'_>, new: Shown<'_>) -> Vec<String> {
    let name = format!("{}.{}.{}", of.table.info.schema, of.table.info.name, field.name());
    let (before, after) = (old.0.mask.as_deref(), new.0.mask.as_deref());
    let mut told: Vec<String> = masks(&name, (before, old.1), (after, new.1)).into_iter().collect();
    if !(old.0.fields.is_empty() && new.0.fields.is_empty()) {
        for path in fields::paths(field) {
            let path: Vec<&str> = path.iter().skip(1).map(String::as_str).collect();
            let place = format!("{name}.{}", path.join("."));
            told.extend(masks(&place, (first(old.0, &path), old.1), (first(new.0, &path), new.1)));
        }
    }
    told.extend(cells(&name, old, new));
    told
}

/// The mask of a field: the first that covers it.
fn first<'c>(column: &'c ColumnDecision, path: &[&str]) -> Option<&'c Mask> {
    column.fields.iter().find(|field| field.covers(path)).map(|field| &*field.mask)
}

fn masks(place: &str, old: Masked<'_>, new: Masked<'_>) -> Option<String> {
    let shown = |(mask, principal): Masked<'_>| mask.map(|mask| shown(mask, principal));
    if shown(old) == shown(new) {
        return None;
    }
    let told = |(mask, principal): Masked<'_>| match mask {
        Some(mask) => format!("{} (mask `{}`, {}:{})", self::shown(mask, principal), mask.name, mask.file, mask.line),
        None => "the raw value".to_owned(),
    };
    Some(format!("{place} shows {}, and showed {}", told(new), told(old)))
}

/// What a mask shows; equal for masks that show the same.
fn shown(mask: &Mask, principal: &Principal) -> String {
    match &mask.kind {
        MaskKind::Sql { expression, .. } => {
            // A set whose masks don't parse was refused.
            let sql = spelled(expression, principal).unwrap_or_else(|_| expression.to_string());
            format!("the SQL expression {sql}")
        }
        kind => words::mask(kind),
    }
}

/// On which rows the column shows, where not all roles grant it.
fn cells(name: &str, old: Shown<'_>, new: Shown<'_>) -> Option<String> {
    let rows = |(column, principal): Shown<'_>| column.shown_where.as_ref().map(|rows| Condition::of(rows, principal));
    if rows(old) == rows(new) {
        return None;
    }
    let told = |(column, principal): Shown<'_>| told(column.shown_where.as_ref(), principal);
    Some(format!("{name} is there on {}, and was on {}", told(new), told(old)))
}

fn told(rows: Option<&RowCondition>, principal: &Principal) -> String {
    match rows {
        Some(rows) => format!("rows where {}", words::condition(rows, principal)),
        None => "all rows".to_owned(),
    }
}
