//! What a twin holds where its user doesn't look: values that make expressions fail, that lie outside of all others, or that
//! carry the mark.

use std::net::IpAddr;

use super::data::{Cell, Column, Kind, Row, TEXTS, Table};
use super::seeded::Seeded;

/// Stands in most hidden texts of the twin, and in nothing else.
pub const MARK: &str = "hidden7f3e";

/// Changes the cells of a row that its user doesn't see as they are.
pub fn conceal(random: &mut Seeded, table: &Table, columns: &[Column], row: &mut Row, seen: &[Cell]) {
    for (at, column) in table.columns.iter().enumerate() {
        let shown = columns.iter().position(|shown| shown.name == column.name);
        let is_raw = shown.is_some_and(|shown| seen[shown] == row.cells[at]);
        if !is_raw && random.chance(80) {
            // A mask mostly shows whether there is a value.
            let with_null = shown.is_none() && column.name != "id";
            let is_partition = table.partition == Some(at);
            row.cells[at] = match row.cells[at].as_deref().and_then(alike).filter(|_| !is_partition) {
                Some(other) if random.chance(60) => Some(other),
                _ => hidden_cell(random, column, is_partition, with_null),
            };
        }
    }
}

/// Cells of a row that is hidden as a whole.
pub fn hidden_cells(random: &mut Seeded, table: &Table) -> Vec<Cell> {
    let cell =
        |(at, column): (usize, &Column)| hidden_cell(random, column, table.partition == Some(at), column.name != "id");
    table.columns.iter().enumerate().map(cell).collect()
}

fn hidden_cell(random: &mut Seeded, column: &Column, is_partition: bool, with_null: bool) -> Cell {
    if with_null && random.chance(10) {
        return None;
    }
    let value = match (column.kind, random.below(4)) {
        (Kind::Text, 0) if !is_partition => (*random.pick(&TEXTS)).to_owned(),
        (Kind::Text, 1) if !is_partition => format!("{MARK}\\"),
        (Kind::Text, _) => format!("{MARK} {}", random.below(9)),
        (kind, 0) => kind.value(random),
        (kind, _) => extreme(random, kind).to_owned(),
    };
    Some(value)
}

/// So far out as no expression of a rule overflows on.
fn extreme(random: &mut Seeded, kind: Kind) -> &'static str {
    let values: &[&'static str] = match kind {
        Kind::Int => &["0", "1", "-4000000", "4000000"],
        Kind::Long => &["0", "-9000000000000", "9000000000000"],
        Kind::Text => &[""],
        Kind::Bool => &["true", "false"],
        Kind::Date => &["1901-01-01", "2199-12-31"],
        Kind::Moment => &["1901-01-01 00:00:00.000001+00", "2199-12-31 23:59:59.999999+00"],
        Kind::Money => &["0.00", "-99999000.00", "99999000.00"],
        Kind::Real => &["0", "-1000000000", "1000000000"],
    };
    random.pick::<&str>(values)
}

/// Another text that masks of addresses show in the same way, if it is one.
fn alike(text: &str) -> Option<String> {
    if let Some((_, domain)) = text.rsplit_once('@') {
        return Some(format!("{MARK}@{domain}"));
    }
    Some(match text.parse().ok()? {
        IpAddr::V4(address) => {
            let [first, second, third, _] = address.octets();
            format!("{first}.{second}.{third}.254")
        }
        IpAddr::V6(address) => {
            let [first, second, third, ..] = address.segments();
            format!("{first:x}:{second:x}:{third:x}::fe")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_has_one_domain_or_network() {
        for (text, other) in [
            ("ana@example.com", Some("hidden7f3e@example.com")),
            ("10.1.2.3", Some("10.1.2.254")),
            ("2001:DB8:1:9::1", Some("2001:db8:1::fe")),
            ("blue", None),
        ] {
            assert_eq!(alike(text).as_deref(), other, "{text}");
        }
    }
}
