//! Which rows of a partition the frame of a row has (documentation, 4.2.8), for frames that the engine doesn't know.

use std::cmp::Ordering;
use std::ops::Range;

use arrow::array::{Array, ArrayRef, AsArray, make_comparator};
use arrow::compute::{SortOptions, partition};
use arrow::datatypes::Int64Type;
use datafusion::error::{DataFusionError, Result};
use weir_values::{ValueError, code};

use super::columns::{external, unexpected};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Unit {
    Rows,
    Groups,
    Range,
}

/// Where a frame begins or ends; what is preceding or following is so many rows, groups or so far away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Bound {
    Unbounded,
    Current,
    Preceding,
    Following,
}

impl Bound {
    pub fn has_offset(self) -> bool {
        matches!(self, Self::Preceding | Self::Following)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Exclude {
    Nothing,
    CurrentRow,
    Group,
    Ties,
}

/// A frame; its columns are those of [`Columns`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Frame {
    pub unit: Unit,
    pub start: Bound,
    pub end: Bound,
    pub exclude: Exclude,
    /// How the one key of RANGE with an offset is ordered.
    pub descending: bool,
}

impl Frame {
    /// How many columns each bound with an offset has: the offset itself, and for RANGE whether it is negative, and what it
    /// makes of the row's key.
    pub fn columns_of_bound(self) -> usize {
        if self.unit == Unit::Range { 3 } else { 1 }
    }

    pub fn columns(self) -> usize {
        let bounds = [self.start, self.end].into_iter().filter(|bound| bound.has_offset()).count();
        bounds * self.columns_of_bound()
    }
}

/// The frames of a partition's rows.
pub(super) struct Frames {
    frame: Frame,
    rows: usize,
    /// Rows that are equal in the window's order, and the group of each row.
    groups: Vec<Range<usize>>,
    group_of: Vec<usize>,
    start: Side,
    end: Side,
}

/// What is known of a bound.
enum Side {
    Plain,
    /// A number of rows or groups.
    Count(usize),
    /// For each row a row of the partition; none where its key is NULL.
    Reach(Vec<Option<usize>>),
}

impl Frames {
    /// `offsets` are the columns of the bounds, `keys` those of the window's order.
    pub fn new(frame: Frame, offsets: &[ArrayRef], keys: &[ArrayRef], rows: usize) -> Result<Self> {
        let groups = match keys.is_empty() {
            true => std::iter::once(0..rows).collect(),
            false => partition(keys)?.ranges(),
        };
        let mut group_of = Vec::with_capacity(rows);
        for (at, group) in groups.iter().enumerate() {
            group_of.extend(group.clone().map(|_| at));
        }
        let (first, second) = match frame.start.has_offset() {
            true => offsets.split_at(frame.columns_of_bound().min(offsets.len())),
            false => (&[][..], offsets),
        };
        let start = side(frame, true, first, keys, rows)?;
        let end = side(frame, false, second, keys, rows)?;
        Ok(Self { frame, rows, groups, group_of, start, end })
    }

    /// The rows of a row's frame, in at most three pieces.
    pub fn of(&self, row: usize, pieces: &mut Vec<Range<usize>>) {
        pieces.clear();
        let at = self.group_of[row];
        let group = self.groups[at].clone();
        let (start, end) = (self.start_of(row, at), self.end_of(row, at));
        let mut add = |from: usize, to: usize| {
            if from < to {
                pieces.push(from..to);
            }
        };
        let gone = match self.frame.exclude {
            Exclude::Nothing => return add(start, end),
            Exclude::CurrentRow => row..row + 1,
            Exclude::Group | Exclude::Ties => group,
        };
        add(start, end.min(gone.start));
        if self.frame.exclude == Exclude::Ties {
            add(start.max(row), end.min(row + 1));
        }
        add(start.max(gone.end), end);
    }

    fn start_of(&self, row: usize, group: usize) -> usize {
        match (self.frame.start, &self.start) {
            (Bound::Unbounded, _) => 0,
            (Bound::Current, _) => match self.frame.unit {
                Unit::Rows => row,
                _ => self.groups[group].start,
            },
            (_, Side::Reach(reached)) => reached[row].unwrap_or(self.groups[group].start),
            (bound, side) => {
                let count = side.count();
                match (self.frame.unit, bound) {
                    (Unit::Rows, Bound::Preceding) => row.saturating_sub(count),
                    (Unit::Rows, _) => row.saturating_add(count).min(self.rows),
                    (_, Bound::Preceding) => self.groups[group.saturating_sub(count)].start,
                    (..) => self.groups.get(group.saturating_add(count)).map_or(self.rows, |group| group.start),
                }
            }
        }
    }

    /// The row behind the last one.
    fn end_of(&self, row: usize, group: usize) -> usize {
        match (self.frame.end, &self.end) {
            (Bound::Unbounded, _) => self.rows,
            (Bound::Current, _) => match self.frame.unit {
                Unit::Rows => row + 1,
                _ => self.groups[group].end,
            },
            (_, Side::Reach(reached)) => reached[row].unwrap_or(self.groups[group].end),
            (bound, side) => {
                let count = side.count();
                match (self.frame.unit, bound) {
                    (Unit::Rows, Bound::Preceding) => (row + 1).saturating_sub(count),
                    (Unit::Rows, _) => (row + 1).saturating_add(count).min(self.rows),
                    (_, Bound::Preceding) => group.checked_sub(count).map_or(0, |at| self.groups[at].end),
                    (..) => self.groups.get(group.saturating_add(count)).map_or(self.rows, |group| group.end),
                }
            }
        }
    }
}

impl Side {
    fn count(&self) -> usize {
        match self {
            Self::Count(count) => *count,
            _ => 0,
        }
    }
}

fn side(frame: Frame, is_start: bool, columns: &[ArrayRef], keys: &[ArrayRef], rows: usize) -> Result<Side> {
    let bound = if is_start { frame.start } else { frame.end };
    if !bound.has_offset() || rows == 0 {
        return Ok(Side::Plain);
    }
    let which = if is_start { "starting" } else { "ending" };
    let [offset, more @ ..] = columns else { return Err(missing()) };
    if offset.is_null(0) {
        let message = format!("frame {which} offset must not be null");
        return Err(external(ValueError::new(code::NULL_NOT_ALLOWED, message)));
    }
    if frame.unit != Unit::Range {
        let count = offset.as_primitive_opt::<Int64Type>().ok_or_else(|| unexpected(offset))?.value(0);
        if count < 0 {
            let message = format!("frame {which} offset must not be negative");
            return Err(external(ValueError::new(code::INVALID_PRECEDING_OR_FOLLOWING, message)));
        }
        return Ok(Side::Count(usize::try_from(count).unwrap_or(usize::MAX)));
    }
    let ([negative, limit], [key]) = (more, keys) else { return Err(missing()) };
    let negative = negative.as_boolean_opt().ok_or_else(|| unexpected(negative))?;
    if key.null_count() < rows && negative.is_valid(0) && negative.value(0) {
        let message = "invalid preceding or following size in window function";
        return Err(external(ValueError::new(code::INVALID_PRECEDING_OR_FOLLOWING, message)));
    }
    reach(key, limit, frame.descending, is_start, rows).map(Side::Reach)
}

/// By the limit of each row, where its frame starts or ends among the rows whose keys aren't NULL.
fn reach(
    key: &ArrayRef,
    limit: &ArrayRef,
    descending: bool,
    is_start: bool,
    rows: usize,
) -> Result<Vec<Option<usize>>> {
    let options = SortOptions { descending, nulls_first: false };
    let compare = make_comparator(key, limit, options)?;
    // NULLs come all first or all last.
    let nulls = key.null_count();
    let first = if rows > 0 && key.is_null(0) { nulls } else { 0 };
    let places: Vec<usize> = (first..first + rows - nulls).collect();
    let reached = (0..rows).map(|row| {
        if key.is_null(row) {
            return None;
        }
        let is_before = |at: &usize| match compare(*at, row) {
            Ordering::Less => true,
            Ordering::Equal => !is_start,
            Ordering::Greater => false,
        };
        Some(first + places.partition_point(is_before))
    });
    Ok(reached.collect())
}

fn missing() -> DataFusionError {
    DataFusionError::Internal("a frame without its offsets".to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{BooleanArray, Int64Array};

    use super::*;

    fn all(frame: Frame, offsets: &[ArrayRef], keys: &[ArrayRef], rows: usize) -> Vec<Vec<usize>> {
        let frames = Frames::new(frame, offsets, keys, rows).unwrap();
        let mut pieces = Vec::new();
        let of = |row: usize| {
            frames.of(row, &mut pieces);
            pieces.iter().cloned().flatten().collect()
        };
        (0..rows).map(of).collect()
    }

    fn integers(values: Vec<Option<i64>>) -> ArrayRef {
        Arc::new(Int64Array::from(values))
    }

    const PLAIN: Frame = Frame {
        unit: Unit::Rows,
        start: Bound::Preceding,
        end: Bound::Following,
        exclude: Exclude::Nothing,
        descending: false,
    };

    #[test]
    fn rows_and_groups_are_counted() {
        let one = integers(vec![Some(1); 4]);
        let keys = [integers(vec![Some(1), Some(2), Some(2), Some(3)])];
        let offsets = [Arc::clone(&one), one];
        let rows = all(PLAIN, &offsets, &keys, 4);
        assert_eq!(rows, [vec![0, 1], vec![0, 1, 2], vec![1, 2, 3], vec![2, 3]]);
        let ties = Frame { exclude: Exclude::Ties, unit: Unit::Groups, ..PLAIN };
        let rows = all(ties, &offsets, &keys, 4);
        assert_eq!(rows, [vec![0, 1, 2], vec![0, 1, 3], vec![0, 2, 3], vec![1, 2, 3]]);
    }

    #[test]
    fn ranges_reach_over_values_and_keep_nulls_apart() {
        let keys = [integers(vec![Some(1), Some(2), Some(4), None])];
        let frame = Frame { unit: Unit::Range, end: Bound::Current, ..PLAIN };
        let limits = integers(vec![Some(-1), Some(0), Some(2), None]);
        let fits: ArrayRef = Arc::new(BooleanArray::from(vec![false; 4]));
        let offsets = [integers(vec![Some(2); 4]), fits, limits];
        assert_eq!(all(frame, &offsets, &keys, 4), [vec![0], vec![0, 1], vec![1, 2], vec![3]]);
    }
}
