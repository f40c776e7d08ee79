//! Masks and tags from a seed: each mask fits every column that it covers.

use std::slice;

use super::made::place;
use super::{Mask, Object, ROLES, Rules, Tag, With};
use crate::generated::data::{Column, Kind, RECORD, Table, granted_name};
use crate::generated::expression::{Expressions, Scope};
use crate::generated::seeded::Seeded;
use crate::generated::sql::Sql;

/// What a moment is truncated to, and from the third on a date, too.
const PERIODS: [&str; 7] = ["minute", "hour", "day", "week", "month", "quarter", "year"];
/// How often a mask is looked for that fits columns of several types.
const TRIES: usize = 12;

impl Rules {
    /// Adds up to eight masks, and the tags that some of them name.
    pub(super) fn mask(&mut self, random: &mut Seeded, tables: &[Table]) {
        self.tags = (0..random.below(3)).map(|number| tag(random, number, tables)).collect();
        for _ in 0..random.below(9) {
            let mask = match self.tags.is_empty() || random.chance(60) {
                true => named(random, tables),
                false => tagged(random, self.tags.as_slice(), tables),
            };
            self.masks.push(mask);
        }
    }
}

/// Columns of one type mostly, so that more than NULL masks them.
fn tag(random: &mut Seeded, number: usize, tables: &[Table]) -> Tag {
    let first = pattern(random, tables);
    let wanted = kinds(slice::from_ref(&first), tables);
    let mut objects = vec![first];
    for _ in 0..TRIES {
        let other = pattern(random, tables);
        let fits = kinds(slice::from_ref(&other), tables) == wanted || random.chance(5);
        if fits && objects.len() < 3 && !objects.contains(&other) {
            objects.push(other);
        }
    }
    // A name with a dot is quoted in the file.
    Tag { name: format!("kind.k{number}"), objects }
}

/// Columns of one name: of one table, of a schema, of tables of one name, or of all.
fn pattern(random: &mut Seeded, tables: &[Table]) -> Object {
    let table = random.pick(tables);
    let column = column(random, &table.all_columns());
    let (schema, name) = (Some(table.schema), Some(table.name.clone()));
    let (schema, table) = match random.below(6) {
        0 | 1 => (None, None),
        2 => (schema, None),
        3 => (None, name),
        _ => (schema, name),
    };
    Object { schema, table, column: Some(column) }
}

/// Texts more often than others: most masks are for them. A team is no address.
fn column(random: &mut Seeded, columns: &[Column]) -> String {
    let texts: Vec<&Column> = columns.iter().filter(|c| c.kind == Kind::Text && c.name != "team").collect();
    let column = if !texts.is_empty() && random.chance(40) { *random.pick(&texts) } else { random.pick(columns) };
    column.name.clone()
}

fn tagged(random: &mut Seeded, tags: &[Tag], tables: &[Table]) -> Mask {
    let Tag { name, objects } = random.pick(tags).clone();
    let with = with(random, &kinds(&objects, tables));
    Mask { tag: Some(name), objects, unless: unless(random), with }
}

fn named(random: &mut Seeded, tables: &[Table]) -> Mask {
    let (mut object, columns) = place(random, tables);
    let column = column(random, &columns);
    let (of_table, is_field) = (object.table.is_some(), RECORD.contains(&column.as_str()));
    if of_table && (random.chance(5) || is_field && random.chance(20)) {
        // Of every type, and of records, only NULL is.
        object.column = is_field.then(|| granted_name(&column).to_owned());
        return Mask { tag: None, objects: vec![object], unless: unless(random), with: With::Null };
    }
    object.column = Some(column);
    let mut objects = vec![object];
    if random.chance(20) {
        objects.push(pattern(random, tables));
    }
    let with = with(random, &kinds(&objects, tables));
    Mask { tag: None, objects, unless: unless(random), with }
}

fn unless(random: &mut Seeded) -> Vec<String> {
    random.some(&ROLES, 20).into_iter().map(|role| (*role).to_owned()).collect()
}

/// The types of all columns that are covered.
fn kinds(objects: &[Object], tables: &[Table]) -> Vec<Kind> {
    let covered =
        |table: &Table, column: &Column| objects.iter().any(|object| object.covers_column(table, &column.name));
    let of_table = |table: &Table| -> Vec<Kind> {
        table.all_columns().iter().filter(|column| covered(table, column)).map(|column| column.kind).collect()
    };
    let mut kinds: Vec<Kind> = tables.iter().flat_map(of_table).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// A mask that fits all of the types.
fn with(random: &mut Seeded, kinds: &[Kind]) -> With {
    if let [kind] = kinds
        && random.chance(20)
    {
        return With::Sql { expression: expression(random, *kind) };
    }
    let tries = (0..TRIES).map(|_| {
        let kind = *random.pick(kinds);
        simple(random, kind)
    });
    tries.into_iter().find(|with| kinds.iter().all(|kind| fits(with, *kind))).unwrap_or(With::Null)
}

/// A mask for the type; NULL if it has no other.
fn simple(random: &mut Seeded, kind: Kind) -> With {
    match (kind, random.below(10)) {
        (_, 0) => With::Null,
        (Kind::Text | Kind::Int | Kind::Long, 1..4) => With::Hash,
        (Kind::Text, 4) => With::Redact { text: "***".to_owned() },
        (Kind::Text, 5 | 6) => With::Email,
        (Kind::Text, 7 | 8) => With::Ip,
        (Kind::Text, _) => With::Partial { keep_first: random.between(0, 3), keep_last: random.between(0, 2) },
        (Kind::Int | Kind::Long, _) => With::Bucket { size: *random.pick(&[2, 5, 10]) },
        (Kind::Money | Kind::Real, _) => With::Bucket { size: *random.pick(&[1, 2, 5, 10]) },
        // A date by the day would show as it is.
        (Kind::Date, _) => With::Truncate { to: PERIODS[3 + random.below(PERIODS.len() - 3)] },
        (Kind::Moment, _) => With::Truncate { to: PERIODS[random.below(PERIODS.len())] },
        (Kind::Bool, _) => With::Null,
    }
}

fn fits(with: &With, kind: Kind) -> bool {
    match with {
        With::Null | With::Sql { .. } => true,
        With::Hash => matches!(kind, Kind::Text | Kind::Int | Kind::Long),
        With::Email | With::Ip | With::Redact { .. } | With::Partial { .. } => kind == Kind::Text,
        With::Bucket { size } => match kind {
            Kind::Int | Kind::Long => *size > 1,
            kind => matches!(kind, Kind::Money | Kind::Real),
        },
        With::Truncate { to } => kind == Kind::Moment || kind == Kind::Date && PERIODS[3..].contains(to),
    }
}

/// An expression over `value`; `literal` keeps it apart from words of SQL.
fn expression(random: &mut Seeded, kind: Kind) -> Sql {
    let scope = Scope { columns: vec![Column { name: "value".to_owned(), kind }], roles: Vec::new() };
    let depth = 1 + random.below(3);
    Expressions { random, failing: None, aggregated: false, unbounded: false }.value(&scope, kind, depth)
}
