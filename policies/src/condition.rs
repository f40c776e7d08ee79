//! Conditions on rows, built from filters by AND and OR, in one normal form: filters are taken as independent, so that
//! conditions of the same meaning are equal values.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::rows::FilterRule;

/// A condition on rows. NULL counts as false: such a row isn't kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RowCondition {
    /// Every part holds.
    All(Vec<RowCondition>),
    /// At least one part holds.
    Any(Vec<RowCondition>),
    Filter(Arc<FilterRule>),
}

impl RowCondition {
    /// The filters in it, each as often as it occurs.
    pub fn filters(&self) -> Vec<&Arc<FilterRule>> {
        match self {
            RowCondition::All(parts) | RowCondition::Any(parts) => parts.iter().flat_map(Self::filters).collect(),
            RowCondition::Filter(filter) => vec![filter],
        }
    }
}

/// Filters that hold together, by their numbers, ascending. None at all: every row.
pub(crate) type Together = Vec<u32>;

/// What several roles see together: the rows of any of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Union(BTreeSet<Together>);

impl Union {
    /// Leaves out each alternative that only narrows another one, so that equal unions are equal values.
    pub(crate) fn of(alternatives: impl IntoIterator<Item = Together>) -> Union {
        let mut by_length: Vec<Together> = alternatives.into_iter().collect();
        by_length.sort_by_key(Vec::len);
        let mut kept: BTreeSet<Together> = BTreeSet::new();
        for alternative in by_length {
            if !kept.iter().any(|wider| includes(&alternative, wider)) {
                kept.insert(alternative);
            }
        }
        Union(kept)
    }

    fn is_every_row(&self) -> bool {
        self.0.iter().any(Vec::is_empty)
    }

    /// As a condition, with further filters that always hold; `None` if it holds for every row.
    pub(crate) fn condition(&self, always: &[u32], filters: &[Arc<FilterRule>]) -> Option<RowCondition> {
        let leaf = |number: &u32| RowCondition::Filter(filters[*number as usize].clone());
        let mut parts: Vec<RowCondition> = always.iter().map(leaf).collect();
        if !self.is_every_row() {
            let alternatives = self.0.iter().map(|together| all(together.iter().map(leaf).collect()));
            match any(alternatives.collect()) {
                RowCondition::All(inner) => parts.extend(inner),
                other => parts.push(other),
            }
        }
        if parts.is_empty() { None } else { Some(all(parts)) }
    }
}

fn includes(narrow: &[u32], wide: &[u32]) -> bool {
    wide.iter().all(|filter| narrow.binary_search(filter).is_ok())
}

fn all(mut parts: Vec<RowCondition>) -> RowCondition {
    if parts.len() == 1 { parts.remove(0) } else { RowCondition::All(parts) }
}

/// Of no part at all: false, as no role sees anything then.
fn any(mut parts: Vec<RowCondition>) -> RowCondition {
    if parts.len() == 1 { parts.remove(0) } else { RowCondition::Any(parts) }
}
