//! What a policy set says about one principal and one table: plain data, the same for the same rules.

use std::sync::Arc;

use crate::condition::RowCondition;
use crate::masks::Mask;
use crate::pattern::{Part, way};

/// The answer about one table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Decision {
    /// The table doesn't exist for this principal.
    Denied,
    Granted(Grant),
}

/// What the principal sees of a table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Grant {
    /// The visible columns only, in the table's order. The others don't exist for this principal.
    pub columns: Vec<ColumnDecision>,
    /// The rows that exist for this principal; all of them, if there is none. It reads raw values.
    pub filter: Option<RowCondition>,
    /// The rules that led here, in the order of files and lines.
    pub rules: Vec<RuleRef>,
}

/// What the principal sees of a column.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ColumnDecision {
    pub name: String,
    pub mask: Option<Arc<Mask>>,
    /// Masks of fields within the column, in the order of the file: for each field the first that covers it applies,
    /// before the column's own.
    pub fields: Vec<FieldMask>,
    /// On which of the visible rows the (masked) value shows; on the others the column is NULL. On all of them, if there is
    /// none. It reads raw values, and is there only if some roles grant the table without this column.
    pub shown_where: Option<RowCondition>,
}

/// A mask of fields within a column.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FieldMask {
    /// The way to the fields from the column; elements of arrays and values of maps need no part of their own.
    pub(crate) path: Vec<Part>,
    pub mask: Arc<Mask>,
}

impl FieldMask {
    /// The way as it follows the column's name: `.customer.email`, with `*` for any name.
    pub fn way(&self) -> String {
        way(&self.path)
    }

    /// Whether it is the mask of the field at the end of this way, outermost name first.
    pub fn covers(&self, path: &[&str]) -> bool {
        self.path.len() == path.len() && self.path.iter().zip(path).all(|(part, name)| part.matches(name))
    }
}

impl ColumnDecision {
    /// All masks that may apply, those of fields first.
    pub fn masks(&self) -> impl Iterator<Item = &Arc<Mask>> {
        self.fields.iter().map(|field| &field.mask).chain(&self.mask)
    }

    /// Whether something else than the raw value shows at the end of this way, by masks that hide it; for the column itself
    /// the way is empty.
    pub fn is_masked(&self, path: &[&str], hides: impl Fn(&Mask) -> bool) -> bool {
        let first = |length| self.fields.iter().find(|field| field.covers(&path[..length]));
        let hidden = |length| first(length).is_some_and(|field| hides(&field.mask));
        self.mask.as_ref().is_some_and(|mask| hides(mask)) || (1..=path.len()).any(hidden)
    }
}

/// A rule that took part in a decision, for the audit record and EXPLAIN.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RuleRef {
    pub kind: RuleKind,
    /// A filter's or mask's name; of a grant, its subject and object.
    pub name: Arc<str>,
    pub file: Arc<str>,
    pub line: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuleKind {
    Grant,
    Filter,
    Mask,
}
