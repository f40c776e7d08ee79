//! What a policy set says about one principal and one table: plain data, the same for the same rules.

use std::sync::Arc;

use crate::condition::RowCondition;
use crate::masks::Mask;

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
    /// On which of the visible rows the (masked) value shows; on the others the column is NULL. On all of them, if there is
    /// none. It reads raw values, and is there only if some roles grant the table without this column.
    pub shown_where: Option<RowCondition>,
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
