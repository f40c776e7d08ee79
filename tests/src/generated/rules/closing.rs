//! Which filters would keep a table closed: what a column shows on some of the rows only is put together where no
//! sub-select of a filter has its place, and Weir refuses to read such a table.

use std::collections::BTreeSet;

use super::Rules;
use crate::generated::data::{Table, granted_name};

/// What several roles show together: the filters that hold together of each, by their numbers.
type Alternatives = BTreeSet<BTreeSet<usize>>;

impl Rules {
    /// A filter with a sub-select by which, for some user, a column shows on other rows than its table.
    pub(super) fn closing(&self, tables: &[Table]) -> Option<usize> {
        let each = self.users.iter().flat_map(|user| tables.iter().map(|table| (user.name.as_str(), table)));
        each.into_iter().find_map(|(user, table)| self.closes(user, table))
    }

    fn closes(&self, user: &str, table: &Table) -> Option<usize> {
        let subjects = [vec![user], self.behind(user)].concat();
        let columns: Vec<Vec<&str>> =
            table.all_columns().iter().map(|column| self.granting(&subjects, table, &column.name)).collect();
        let rows = self.alternatives(&columns.concat(), table);
        columns.iter().filter(|subjects| !subjects.is_empty()).find_map(|subjects| {
            let own = self.alternatives(subjects, table);
            let is_every_row = own.contains(&BTreeSet::new());
            let mut filters = own.iter().flatten().copied().filter(|number| self.filters[*number].condition.selects());
            if own == rows || is_every_row { None } else { filters.next() }
        })
    }

    /// Those of a user and the user's roles who grant a column, if none of them denies it.
    fn granting<'s>(&self, subjects: &[&'s str], table: &Table, column: &str) -> Vec<&'s str> {
        let column = granted_name(column);
        let denials = self.grants.iter().filter(|grant| grant.denies && grant.object.covers_column(table, column));
        if denials.into_iter().any(|grant| subjects.contains(&grant.subject.as_str())) {
            return Vec::new();
        }
        let grantors = self.grantors(table, column);
        subjects.iter().copied().filter(|subject| grantors.contains(subject)).collect()
    }

    /// Without those that only narrow another one.
    fn alternatives(&self, subjects: &[&str], table: &Table) -> Alternatives {
        let binds = |number: &usize, subject: &&str| {
            let filter = &self.filters[*number];
            filter.object.covers(table) && filter.roles.iter().any(|role| role == subject)
        };
        let together = |subject: &&str| (0..self.filters.len()).filter(|number| binds(number, subject)).collect();
        let all: Alternatives = subjects.iter().map(together).collect();
        let narrows = |one: &BTreeSet<usize>| all.iter().any(|other| other != one && other.is_subset(one));
        all.iter().filter(|one| !narrows(one)).cloned().collect()
    }
}
