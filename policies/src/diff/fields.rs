//! What differs in the masks of fields within columns.

use std::collections::BTreeSet;

use super::compare::{Changed, Phrase, mask, named};
use crate::decision::{ColumnDecision, Grant};
use crate::inventory::InventoryTable;
use crate::masks::Mask;

/// The way to a field within a column.
type Path = Vec<String>;

/// Compares the masks of all fields that there are, and of those that rules name, in columns that are seen before and after.
pub(super) fn differences(
    name: &str,
    table: &InventoryTable,
    old: &Grant,
    new: &Grant,
    changed: &Changed,
) -> Vec<Phrase> {
    let mut phrases = Vec::new();
    for after in &new.columns {
        let Some(before) = old.columns.iter().find(|column| column.name == after.name) else { continue };
        if before.fields.is_empty() && after.fields.is_empty() {
            continue;
        }
        for path in paths(table, before, after) {
            let full = format!("{name}.{}.{}", after.name, path.join("."));
            phrases.extend(mask(&full, first(before, &path), first(after, &path), changed));
        }
    }
    phrases
}

/// What masks of fields hide of a column, as a sentence lists it.
pub(super) fn masked(column: &ColumnDecision) -> Option<String> {
    let field = |field: &crate::FieldMask| {
        let path: Vec<String> = field.path.iter().map(ToString::to_string).collect();
        format!("{}.{} masked by {}", column.name, path.join("."), named(&field.mask))
    };
    let fields: Vec<String> = column.fields.iter().map(field).collect();
    (!fields.is_empty()).then(|| format!("with {}", fields.join(" and ")))
}

fn paths(table: &InventoryTable, before: &ColumnDecision, after: &ColumnDecision) -> BTreeSet<Path> {
    let known = table.fields.iter().filter(|path| path.first() == Some(&after.name)).map(|path| path[1..].to_vec());
    let fields = before.fields.iter().chain(&after.fields);
    // Of a source that can't be reached the fields are those that rules name, where `*` is any other.
    let named = fields.map(|field| field.path.iter().map(ToString::to_string).collect());
    let open = table.fields.is_empty();
    known.chain(named.filter(|_| open)).filter(|path: &Path| !path.is_empty()).collect()
}

/// The mask of a field: the first that covers it.
fn first<'c>(column: &'c ColumnDecision, path: &Path) -> Option<&'c Mask> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    column.fields.iter().find(|field| field.covers(&path)).map(|field| &*field.mask)
}
