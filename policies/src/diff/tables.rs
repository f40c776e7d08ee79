//! The tables that two sets are compared on: those of the inventory, and for sources that can't be reached those that the
//! rules name. In each schema, table and record `*` stands for all others, those to come among them. So a comparison is whole
//! even where no source can be asked, and tells a rule about everything from one about all that there is today.

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::{Inventory, InventoryTable, pattern_of};
use crate::pattern::{Part, Pattern};
use crate::set::PolicySet;

/// Stands for every table or column that no rule names. No rule can name it.
const OTHERS: &str = "*";

pub(super) fn all(sets: &[&PolicySet], inventory: &Inventory) -> Vec<InventoryTable> {
    let patterns: Vec<Pattern> = sets.iter().flat_map(|set| named(set)).collect();
    let mut tables: Vec<InventoryTable> = inventory.tables.iter().map(with_others).collect();
    let reached: BTreeSet<&String> =
        inventory.tables.iter().map(|table| &table.schema).chain(&inventory.schemas).collect();
    let to_come = |schema: &&String| guessed(schema, &patterns).into_iter().filter(|table| table.table == OTHERS);
    tables.extend(reached.iter().flat_map(to_come));
    tables.extend(inventory.unreachable.iter().flat_map(|schema| guessed(schema, &patterns)));
    tables
}

/// The table with columns, and fields within them, that it doesn't have yet.
fn with_others(table: &InventoryTable) -> InventoryTable {
    let mut table = table.clone();
    table.columns.push(OTHERS.to_owned());
    let records: BTreeSet<Vec<String>> =
        table.fields.iter().filter(|path| path.len() > 1).map(|path| path[..path.len() - 1].to_vec()).collect();
    table.fields.extend(records.into_iter().map(|record| [record, vec![OTHERS.to_owned()]].concat()));
    table
}

/// Every pattern of the rules of a set.
fn named(set: &PolicySet) -> Vec<Pattern> {
    let grants = set.rules.grants.iter().filter_map(|grant| pattern_of(&grant.object));
    let filters = set.filters().iter().flat_map(|filter| &filter.tables);
    let masks = set.index.masks.iter().flat_map(|rule| &rule.columns);
    grants.chain(filters.chain(masks).map(|placed| placed.pattern.clone())).collect()
}

fn guessed(schema: &str, patterns: &[Pattern]) -> Vec<InventoryTable> {
    let mut tables: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::from([(OTHERS, BTreeSet::new())]);
    let covering = || patterns.iter().filter(|pattern| pattern.schema.matches(schema));
    for pattern in covering() {
        if let Part::Name(table) = &pattern.table {
            tables.entry(table).or_default();
        }
    }
    for (table, columns) in &mut tables {
        columns.insert(OTHERS);
        for pattern in covering().filter(|pattern| pattern.table.matches(table)) {
            if let Some(Part::Name(column)) = &pattern.column {
                columns.insert(column);
            }
        }
    }
    let table = |(table, columns): (&str, BTreeSet<&str>)| InventoryTable {
        schema: schema.to_owned(),
        table: table.to_owned(),
        columns: columns.into_iter().map(str::to_owned).collect(),
        fields: Vec::new(),
    };
    tables.into_iter().map(table).collect()
}
