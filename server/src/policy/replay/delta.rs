//! What two states decide differently on one table for one principal, in words. Rules that only moved, and rules that say
//! the same in another way, are no difference.

mod columns;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use weir_planner::view::VisibleTable;
use weir_policies::{Principal, Rights};

/// A table as one state has it.
#[derive(Clone, Copy)]
pub struct Decided<'a> {
    pub table: &'a VisibleTable,
    pub principal: &'a Principal,
    pub rights: &'a Rights,
}

/// The differences on a table that is there in both states.
#[derive(Debug, Default)]
pub struct Delta {
    /// In which rows there are.
    rows: Vec<String>,
    /// In what shows of a column, by its name.
    columns: BTreeMap<String, Vec<String>>,
}

impl Delta {
    pub fn between(old: Decided<'_>, new: Decided<'_>) -> Self {
        Self { rows: rows::differences(old, new), columns: columns::differences(old, new) }
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.columns.is_empty()
    }

    /// Those that touch a statement which reads these columns of the table.
    pub fn touching(&self, read: &BTreeSet<String>) -> impl Iterator<Item = &String> {
        let columns = self.columns.iter().filter(|(name, _)| read.contains(*name));
        self.rows.iter().chain(columns.flat_map(|(_, differences)| differences))
    }
}
