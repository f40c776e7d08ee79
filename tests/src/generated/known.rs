//! What generated queries stay away from, since Weir is known to answer it wrongly. Whoever mends one of these sets it to
//! false.

/// A constant date in an aggregate or a window function: `sum(CASE WHEN day >= DATE '2024-01-01' THEN 1 ELSE 0 END)` fails
/// with 42703, as the aggregate's name changes with the constant's type.
pub const DATES_IN_AGGREGATES: bool = false;

/// LIMIT over a Delta table of which no column is read: `SELECT 1 FROM lake.t LIMIT 2` gives every row.
pub const LIMIT_WITHOUT_COLUMNS: bool = false;

/// NOT IN with a sub-query: where it is NULL, it counts as true if it stands beside OR or over a constant.
pub const NOT_IN_WITH_NULL: bool = true;

/// FULL JOIN of a relation with a constant column, which is taken for constant above the join, too: ORDER BY an expression
/// over it doesn't sort.
pub const FULL_JOIN_OF_CONSTANTS: bool = true;

/// A condition over an outer join that may hold where a side is missing, such as `nullif(a.x, 1) IS NOT NULL`: it is moved
/// to the wrong side where both sides have a column of that name.
pub const FILTER_OVER_OUTER_JOIN: bool = false;

/// A column declared NOT NULL that a mask, or a role's missing grant, shows as NULL: `IS NULL` is false for it, and count()
/// counts it.
pub const NULL_OF_NOT_NULL: bool = false;

/// What rank() and its like give isn't bigint: `rank() OVER () / 6` isn't an integer.
pub const NUMBERS_OF_ROWS: bool = true;
