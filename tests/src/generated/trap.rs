//! Expressions that fail on values which only the hidden rows of a twin hold.

use super::data::{Column, Kind};
use super::hidden::MARK;
use super::seeded::Seeded;
use super::sql::Sql;
use crate::sql;

/// An integer made of a column, as long as its value is none of a twin's own.
pub fn trap(random: &mut Seeded, column: &Column) -> Sql {
    let name = &column.name;
    let above = |bound: &str| format!("(10 / CASE WHEN {name} > {bound} THEN 0 ELSE 1 END)");
    let year = format!("(10 / (2199 - CAST(date_part('year', {name}) AS integer)))");
    let choice = random.below(3);
    let inner = match (column.kind, choice) {
        (Kind::Int, 0) => format!("(10 / ({name} - 4000000))"),
        (Kind::Int, 1) => format!("({name} * 1000)"),
        (Kind::Int, _) => format!("ascii(chr({name} + 60))"),
        (Kind::Long, _) => format!("CAST(10 / ({name} - 9000000000000) AS integer)"),
        // A pattern may not end in the character that escapes another.
        (Kind::Text, 0) => format!("CASE WHEN 'hidden' LIKE {name} THEN 1 ELSE 2 END"),
        // The mark itself stands in no statement.
        (Kind::Text, _) => format!("CAST(CASE WHEN {name} LIKE '{}%' THEN {name} ELSE '1' END AS integer)", &MARK[..6]),
        (Kind::Bool, _) => format!("CAST({name} AS integer)"),
        (Kind::Date, 0) => above("DATE '2150-01-01'"),
        (Kind::Moment, 0) => above("TIMESTAMPTZ '2150-01-01 00:00:00+00'"),
        (Kind::Date | Kind::Moment, _) => year,
        (Kind::Money, 0) => above("CAST(90000000 AS numeric(10,2))"),
        (Kind::Real, 0) => above("CAST(900000000 AS double precision)"),
        (Kind::Money | Kind::Real, _) => format!("CAST({name} * 1000 AS integer)"),
    };
    Sql::value(Kind::Int, [sql![inner]])
}
