//! Tables that a user can't tell from others: what the user doesn't see is another. Hidden rows are gone, changed, or more
//! than before, in further files, too; hidden cells of rows that are seen are changed.

use super::data::{Column, Row, TOPICS, Table};
use super::hidden::{conceal, hidden_cells};
use super::seeded::Seeded;
use super::seen::{Oracle, Seen};
use super::sql::Dialect;

/// Rows that a table gets on top, if it can hide them: no batch, or more than one.
const MORE: [usize; 6] = [0, 3, 3, 30, 120, 9_000];
/// Each such value is one more folder of a partitioned table.
const MORE_PARTITIONED: usize = 8;
/// Filters may ask for each row of a large table what a table like this one says of it.
const MORE_READ: usize = 120;
/// Of the changes, some show; without them others may. Each round takes back what shows.
const ROUNDS: usize = 40;
/// From which round on nothing stays changed of what filters read, as long as it shows in other tables.
const LAST_READ: usize = 20;

/// A row of the twin, and which row of the first table it is or was.
#[derive(Debug, Clone)]
struct Draft {
    row: Row,
    of: Option<usize>,
    /// The twin lacks the row.
    is_gone: bool,
}

/// The tables with everything changed that the oracle's user doesn't see. Leaves them in the oracle.
pub fn twin(oracle: &mut Oracle<'_>, random: &mut Seeded, tables: &[Table]) -> Vec<Table> {
    oracle.replace(tables);
    let seen: Vec<Seen> = tables.iter().map(|table| oracle.seen(table)).collect();
    let drafts = tables.iter().zip(&seen).map(|(table, seen)| drafted(oracle, random, table, seen));
    let mut drafts: Vec<Vec<Draft>> = drafts.collect();
    for round in 0..ROUNDS {
        let twins: Vec<Table> = tables.iter().zip(&drafts).map(|(table, drafts)| made(table, drafts)).collect();
        oracle.replace(&twins);
        let shows: Vec<Vec<usize>> =
            (0..tables.len()).map(|at| showing(&seen[at], &drafts[at], &oracle.seen(&twins[at]))).collect();
        if shows.iter().all(Vec::is_empty) {
            return twins;
        }
        let by_others = read_for(oracle, tables, &drafts, &shows);
        if by_others.is_empty() {
            let each = tables.iter().zip(&mut drafts).zip(&shows);
            each.for_each(|((table, drafts), shows)| take_back(table, drafts, |at| shows.contains(&at)));
        }
        // Which of the changes it was is anybody's guess, but not all of them are to blame.
        let share = if round < LAST_READ { 50 } else { 100 };
        for at in by_others {
            take_back(&tables[at], &mut drafts[at], |_| random.chance(share));
        }
    }
    panic!("changes still show after {ROUNDS} rounds");
}

fn made(table: &Table, drafts: &[Draft]) -> Table {
    let rows: Vec<Row> = drafts.iter().filter(|draft| !draft.is_gone).map(|draft| draft.row.clone()).collect();
    let used = rows.iter().map(|row| row.file + 1).max().unwrap_or(0);
    Table { rows, files: used.max(table.files), ..table.clone() }
}

fn drafted(oracle: &Oracle<'_>, random: &mut Seeded, table: &Table, seen: &Seen) -> Vec<Draft> {
    let columns = oracle.columns(table);
    let keeps_places = keeps_places(oracle, table, columns);
    let mut drafts = Vec::new();
    for (number, row) in table.rows.iter().enumerate() {
        let (mut row, mut is_gone) = (row.clone(), false);
        match seen.get(&number) {
            Some(cells) => conceal(random, table, columns, &mut row, cells),
            None if !keeps_places && random.chance(25) => is_gone = true,
            None if random.chance(60) => row.cells = hidden_cells(random, table),
            None => {}
        }
        drafts.push(Draft { row, of: Some(number), is_gone });
    }
    let limits = [(table.partition.is_some(), MORE_PARTITIONED), (oracle.rules.read(table), MORE_READ)];
    let limit = limits.into_iter().filter(|(holds, _)| *holds).map(|(_, limit)| limit).min();
    let count = (*random.pick(&MORE)).min(limit.unwrap_or(usize::MAX));
    let files = table.files + random.below(3);
    let mut more: Vec<Draft> = (0..count)
        .map(|_| Row { cells: hidden_cells(random, table), file: random.below(files) })
        .map(|row| Draft { row, of: None, is_gone: false })
        .collect();
    if !keeps_places && random.chance(50) {
        std::mem::swap(&mut more, &mut drafts);
    }
    drafts.append(&mut more);
    drafts.sort_by_key(|draft| draft.row.file);
    drafts
}

/// The number of a row in its file tells of hidden rows before it; whoever may see it, or whom it filters, sees that.
fn keeps_places(oracle: &Oracle<'_>, table: &Table, columns: &[Column]) -> bool {
    let counts = columns.iter().any(|column| column.name == "_offset")
        || oracle.rules.filters.iter().any(|filter| filter.condition.written(Dialect::Weir).contains("_offset"));
    table.schema == TOPICS && counts
}

/// The drafts of a table that show another way than its own rows.
fn showing(seen: &Seen, drafts: &[Draft], now: &Seen) -> Vec<usize> {
    let there = drafts.iter().enumerate().filter(|(_, draft)| !draft.is_gone).enumerate();
    let shows = there.filter(|(number, (_, draft))| now.get(number) != draft.of.and_then(|of| seen.get(&of)));
    shows.map(|(_, (at, _))| at).collect()
}

/// The changed tables that filters read to decide on tables of which unchanged rows show another way.
fn read_for(oracle: &Oracle<'_>, tables: &[Table], drafts: &[Vec<Draft>], shows: &[Vec<usize>]) -> Vec<usize> {
    let is_same = |table: usize, at: &usize| !is_changed(&tables[table], &drafts[table][*at]);
    let decided = (0..tables.len()).filter(|table| shows[*table].iter().any(|at| is_same(*table, at)));
    let mut read = Vec::new();
    for table in decided {
        let filters: Vec<_> =
            oracle.rules.filters.iter().filter(|filter| filter.object.covers(&tables[table])).collect();
        let reads = |at: &usize| filters.iter().any(|filter| filter.reads(&tables[*at]));
        let changed = |at: &usize| drafts[*at].iter().any(|draft| is_changed(&tables[*at], draft));
        let found: Vec<usize> = (0..tables.len()).filter(reads).filter(changed).collect();
        assert!(!found.is_empty(), "an unchanged row of {} shows another way", tables[table].name);
        read.extend(found);
    }
    read.sort_unstable();
    read.dedup();
    read
}

fn is_changed(table: &Table, draft: &Draft) -> bool {
    draft.is_gone || draft.of.is_none_or(|of| draft.row != table.rows[of])
}

/// Makes the drafts at these places what they were, or nothing.
fn take_back(table: &Table, drafts: &mut Vec<Draft>, mut at_place: impl FnMut(usize) -> bool) {
    let mut place = 0;
    drafts.retain_mut(|draft| {
        let taken = at_place(place);
        place += 1;
        match draft.of.filter(|_| taken) {
            Some(of) => {
                *draft = Draft { row: table.rows[of].clone(), of: Some(of), is_gone: false };
                true
            }
            None => !taken,
        }
    });
}
