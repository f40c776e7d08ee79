//! What can be proved of two conditions or two masks without knowing what their SQL means: which one shows no more than the
//! other. What can't be proved isn't so.

use crate::condition::RowCondition;
use crate::masks::{MaskKind, Period};

/// How the rows of a new condition compare with those of an old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    Same,
    Fewer,
    More,
    Unknown,
}

/// Compares two conditions, each made of parts that hold together. A part that isn't there holds for every row.
pub(super) fn compared(old: &[&Option<RowCondition>], new: &[&Option<RowCondition>]) -> Rows {
    match (follows_from(new, old), follows_from(old, new)) {
        (true, true) => Rows::Same,
        (true, false) => Rows::Fewer,
        (false, true) => Rows::More,
        (false, false) => Rows::Unknown,
    }
}

/// Whether every row of `narrow` is one of `wide`.
fn follows_from(narrow: &[&Option<RowCondition>], wide: &[&Option<RowCondition>]) -> bool {
    let narrow: Vec<RowCondition> = narrow.iter().filter_map(|part| part.as_ref()).cloned().collect();
    let narrow = RowCondition::All(narrow);
    wide.iter().filter_map(|part| part.as_ref()).all(|wide| implies(&narrow, wide))
}

/// Whether `narrow` true means `wide` true, each filter taken as a sign of its own. Filters are the same if their texts are.
fn implies(narrow: &RowCondition, wide: &RowCondition) -> bool {
    use RowCondition::{All, Any, Filter};
    match (narrow, wide) {
        (_, All(parts)) => parts.iter().all(|part| implies(narrow, part)),
        (Any(parts), _) => parts.iter().all(|part| implies(part, wide)),
        (Filter(narrow), Filter(wide)) => narrow.condition == wide.condition,
        (All(parts), Filter(_)) => parts.iter().any(|part| implies(part, wide)),
        (Filter(_), Any(alternatives)) => alternatives.iter().any(|wide| implies(narrow, wide)),
        (All(parts), Any(alternatives)) => {
            alternatives.iter().any(|wide| implies(narrow, wide)) || parts.iter().any(|part| implies(part, wide))
        }
    }
}

/// Whether whoever sees a value under `new` could tell it from what `old` shows.
pub(super) fn at_least_as_strict(new: &MaskKind, old: &MaskKind) -> bool {
    use MaskKind::{Bucket, Null, Redact, Sql, Truncate};
    match (new, old) {
        (Null, _) => true,
        // What redact shows is whether there is a value. These may hide that.
        (Redact { .. }, Null | Sql { .. }) => false,
        (Redact { .. }, _) => true,
        (Truncate { to: new }, Truncate { to: old }) => coarser(*new, *old),
        (Bucket { size: new }, Bucket { size: old }) => old > &0 && new % old == 0,
        // Fewer characters may show more: a value that is no longer than what is kept is hidden altogether.
        _ => new == old,
    }
}

/// Whether each period of `new` is made of whole periods of `old`.
fn coarser(new: Period, old: Period) -> bool {
    use Period::{Day, Hour, Minute, Month, Quarter, Week, Year};
    let finer: &[Period] = match new {
        Minute => &[Minute],
        Hour => &[Minute, Hour],
        Day => &[Minute, Hour, Day],
        Week => &[Minute, Hour, Day, Week],
        Month => &[Minute, Hour, Day, Month],
        Quarter => &[Minute, Hour, Day, Month, Quarter],
        Year => &[Minute, Hour, Day, Month, Quarter, Year],
    };
    finer.contains(&old)
}
