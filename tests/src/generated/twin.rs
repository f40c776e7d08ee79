//! Tables that a user can't tell from others: what the user doesn't see is another. Hidden rows are gone, changed, or more
//! than before, in further files, too; hidden cells of rows that are seen are changed.

use super::data::{Cell, Column, Kind, Row, TEXTS, TOPICS, Table};
use super::seeded::Seeded;
use super::seen::{Oracle, Seen};
use super::sql::Dialect;

/// Stands in most hidden texts of the twin, and in nothing else.
pub const MARK: &str = "hidden7f3e";
/// Rows that a table gets on top, if it can hide them: no batch, or more than one.
const MORE: [usize; 6] = [0, 3, 3, 30, 120, 9_000];
/// Each such value is one more folder of a partitioned table.
const MORE_PARTITIONED: usize = 8;
/// Of the changes, some show; without them others may. Each round takes back what shows.
const ROUNDS: usize = 30;

/// A row of the twin, and which row of the first table it is or was.
#[derive(Debug, Clone)]
struct Draft {
    row: Row,
    of: Option<usize>,
}

/// The tables with everything changed that the oracle's user doesn't see. Leaves them in the oracle.
pub fn twin(oracle: &mut Oracle<'_>, random: &mut Seeded, tables: &[Table]) -> Vec<Table> {
    oracle.replace(tables);
    let seen: Vec<Seen> = tables.iter().map(|table| oracle.seen(table)).collect();
    let drafts = tables.iter().zip(&seen).map(|(table, seen)| drafted(oracle, random, table, seen));
    let mut drafts: Vec<Vec<Draft>> = drafts.collect();
    for _ in 0..ROUNDS {
        let twins: Vec<Table> = tables.iter().zip(&drafts).map(|(table, drafts)| made(table, drafts)).collect();
        oracle.replace(&twins);
        let mut shows = false;
        for (number, table) in tables.iter().enumerate() {
            let now = oracle.seen(&twins[number]);
            shows |= taken_back(table, &seen[number], &mut drafts[number], &now);
        }
        if !shows {
            return twins;
        }
    }
    panic!("changes still show after {ROUNDS} rounds");
}

fn made(table: &Table, drafts: &[Draft]) -> Table {
    let rows: Vec<Row> = drafts.iter().map(|draft| draft.row.clone()).collect();
    let used = rows.iter().map(|row| row.file + 1).max().unwrap_or(0);
    Table { rows, files: used.max(table.files), ..table.clone() }
}

fn drafted(oracle: &Oracle<'_>, random: &mut Seeded, table: &Table, seen: &Seen) -> Vec<Draft> {
    let columns = oracle.columns(table);
    // The number of a row in its file tells of hidden rows before it; whoever may see it, or whom it filters, sees that.
    let counts = columns.iter().any(|column| column.name == "_offset")
        || oracle.rules.filters.iter().any(|filter| filter.condition.written(Dialect::Weir).contains("_offset"));
    let keeps_places = table.schema == TOPICS && counts;
    let mut drafts = Vec::new();
    for (number, row) in table.rows.iter().enumerate() {
        let mut row = row.clone();
        match seen.get(&number) {
            Some(cells) => conceal(random, table, columns, &mut row, cells),
            None if !keeps_places && random.chance(25) => continue,
            None if random.chance(60) => row.cells = hidden_cells(random, table),
            None => {}
        }
        drafts.push(Draft { row, of: Some(number) });
    }
    let limit = if table.partition.is_some() { MORE_PARTITIONED } else { usize::MAX };
    let count = (*random.pick(&MORE)).min(limit);
    let files = table.files + random.below(3);
    let mut more: Vec<Draft> = (0..count)
        .map(|_| Row { cells: hidden_cells(random, table), file: random.below(files) })
        .map(|row| Draft { row, of: None })
        .collect();
    if !keeps_places && random.chance(50) {
        std::mem::swap(&mut more, &mut drafts);
    }
    drafts.append(&mut more);
    drafts.sort_by_key(|draft| draft.row.file);
    drafts
}

/// Changes the cells of a row that its user doesn't see as they are.
fn conceal(random: &mut Seeded, table: &Table, columns: &[Column], row: &mut Row, seen: &[Cell]) {
    for (at, column) in table.columns.iter().enumerate() {
        let shown = columns.iter().position(|shown| shown.name == column.name);
        let is_raw = shown.is_some_and(|shown| seen[shown] == row.cells[at]);
        if !is_raw && random.chance(80) {
            // A mask mostly shows whether there is a value.
            let with_null = shown.is_none() && column.name != "id";
            row.cells[at] = hidden_cell(random, column, table.partition == Some(at), with_null);
        }
    }
}

fn hidden_cells(random: &mut Seeded, table: &Table) -> Vec<Cell> {
    let cell =
        |(at, column): (usize, &Column)| hidden_cell(random, column, table.partition == Some(at), column.name != "id");
    table.columns.iter().enumerate().map(cell).collect()
}

/// Values that make expressions fail, that lie outside of all others, or that carry the mark.
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

/// Takes back the changes that show, and says whether there were any.
fn taken_back(table: &Table, seen: &Seen, drafts: &mut Vec<Draft>, now: &Seen) -> bool {
    let mut shows = false;
    let mut number = 0;
    drafts.retain_mut(|draft| {
        let expected = draft.of.and_then(|of| seen.get(&of));
        let same = now.get(&number) == expected;
        number += 1;
        shows |= !same;
        match draft.of.filter(|_| !same) {
            Some(of) => {
                assert_ne!(draft.row, table.rows[of], "an unchanged row of {} shows another way", table.name);
                draft.row = table.rows[of].clone();
                true
            }
            None => same,
        }
    });
    shows
}
