//! Generated tables. Values come from small pools, so that tables join, groups have members and filters keep some rows.

use super::seeded::Seeded;

/// A column's type: those that mean the same in every kind of source and in PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Int,
    Long,
    Text,
    Bool,
    Date,
    /// With time zone, in microseconds.
    Moment,
    /// `numeric(10,2)`.
    Money,
    /// Double precision; the values are quarters, so that sums are exact in any order.
    Real,
}

impl Kind {
    pub const ALL: [Kind; 8] =
        [Kind::Int, Kind::Long, Kind::Text, Kind::Bool, Kind::Date, Kind::Moment, Kind::Money, Kind::Real];

    pub fn sql_name(self) -> &'static str {
        match self {
            Kind::Int => "integer",
            Kind::Long => "bigint",
            Kind::Text => "text",
            Kind::Bool => "boolean",
            Kind::Date => "date",
            Kind::Moment => "timestamptz",
            Kind::Money => "numeric(10,2)",
            Kind::Real => "double precision",
        }
    }

    /// A value as PostgreSQL writes it.
    pub fn value(self, random: &mut Seeded) -> String {
        match self {
            Kind::Int => random.between(-3, 12).to_string(),
            Kind::Long => match random.chance(90) {
                true => random.between(-5, 40).to_string(),
                false => random.between(-9_000_000_000, 9_000_000_000).to_string(),
            },
            Kind::Text if random.chance(30) => (*random.pick(&ADDRESSES)).to_owned(),
            Kind::Text => (*random.pick(&TEXTS)).to_owned(),
            Kind::Bool => random.chance(50).to_string(),
            Kind::Date => format!("2024-{:02}-{:02}", random.between(1, 3), random.between(1, 28)),
            Kind::Moment => moment(random),
            Kind::Money => format!("{}.{:02}", random.between(-20, 60), *random.pick(&[0, 5, 25, 50, 99])),
            Kind::Real => (random.between(-40, 80) as f64 / 4.0).to_string(),
        }
    }
}

pub const TEXTS: [&str; 18] = [
    "",
    "a",
    "ab",
    "abc",
    "b",
    "blue",
    "7",
    "12",
    "green",
    "grün",
    "Madrid",
    "madrid",
    "north",
    "south",
    "x y",
    "%",
    "it's",
    "longer than the other texts are",
];
/// What masks of addresses bite on, and what only looks like it.
pub const ADDRESSES: [&str; 17] = [
    "ana@example.com",
    "bob@example.com",
    "a@b@mail.example",
    "ñandú@bücher.example",
    "ana@localhost",
    "ana@",
    "x@Ana Ruiz. Madrid",
    "10.1.2.3",
    "10.1.2.77",
    "10.1.2.3/8",
    " 10.1.3.9 ",
    "10.1.2.300",
    "010.1.2.3",
    "2001:db8:1:2::3",
    "2001:DB8:1:9::1",
    "2001:db8:1:2:3",
    "::ffff:10.1.2.3",
];
/// What the common column `team` holds.
pub const TEAMS: [&str; 4] = ["blue", "green", "north", "south"];

/// Some lie so close together that a source's statistics, which are cut to milliseconds, take them for one.
fn moment(random: &mut Seeded) -> String {
    let micros = *random.pick(&[0, 1, 250, 999, 500_000]);
    let (day, hour) = (random.between(1, 3), random.between(0, 23));
    match random.chance(30) {
        true => format!("2024-02-29 10:00:00.{micros:06}+00"),
        false => format!("2024-02-{day:02} {hour:02}:{:02}:30.{micros:06}+00", random.between(0, 59)),
    }
}

/// A value as PostgreSQL writes it; `None` is NULL.
pub type Cell = Option<String>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
}

/// A table of one of the three sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub schema: &'static str,
    pub name: String,
    /// The columns that are stored; a topic has [`FILE_COLUMNS`] more.
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// How many files hold the rows, some perhaps without any.
    pub files: usize,
    /// The column by which a Delta table is partitioned.
    pub partition: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub cells: Vec<Cell>,
    /// Which of the table's files holds the row: a commit of a Delta table, a day's file of a topic.
    pub file: usize,
}

/// What a topic has behind its own columns: from the folder, the path below the root, the number in the file.
pub const FILE_COLUMNS: [(&str, Kind); 3] = [("_date", Kind::Date), ("_file", Kind::Text), ("_offset", Kind::Long)];

/// The fields of a record that some tables of the lake and some topics have: columns of their own here and in the oracle.
pub const RECORD: [&str; 3] = ["r.f0", "r.f1", "r.f2"];

/// The column that a grant names: a record stands for all its fields.
pub fn granted_name(column: &str) -> &str {
    column.split_once('.').map_or(column, |(record, _)| record)
}

/// The sources of a generated mesh, each a schema.
pub const SCHEMAS: [&str; 3] = ["lake", "history", "shop"];
pub const TOPICS: &str = "history";
/// Every table begins with these columns, so that one rule can speak of all tables.
pub const COMMON: [(&str, Kind); 3] = [("id", Kind::Int), ("team", Kind::Text), ("level", Kind::Int)];

impl Table {
    /// All columns, as a client with every right sees them.
    pub fn all_columns(&self) -> Vec<Column> {
        let own = self.columns.iter().cloned();
        let column = |(name, kind): (&str, Kind)| Column { name: name.to_owned(), kind };
        own.chain(FILE_COLUMNS.into_iter().filter(|_| self.schema == TOPICS).map(column)).collect()
    }

    /// All rows with all columns.
    pub fn all_rows(&self) -> Vec<Vec<Cell>> {
        let mut offsets = vec![0; self.files];
        let whole = |row: &Row| {
            let mut cells = row.cells.clone();
            if self.schema == TOPICS {
                cells.extend([
                    Some(date_of_file(row.file)),
                    Some(self.path(row.file)),
                    Some(offsets[row.file].to_string()),
                ]);
                offsets[row.file] += 1;
            }
            cells
        };
        self.rows.iter().map(whole).collect()
    }

    /// Where a topic's file lies below the source's root.
    pub fn path(&self, file: usize) -> String {
        format!("{}/{}/part-{file}.avro", self.name, date_of_file(file).replace('-', "/"))
    }
}

/// Two files fall on each day.
fn date_of_file(file: usize) -> String {
    format!("2024-02-{:02}", file / 2 + 1)
}

/// `count` tables in each source, of up to `rows` rows.
pub fn tables(random: &mut Seeded, count: usize, rows: usize) -> Vec<Table> {
    let names = (0..count).map(|number| format!("t{number}"));
    let names: Vec<String> = names.collect();
    SCHEMAS
        .into_iter()
        .flat_map(|schema| names.iter().map(move |name| (schema, name)))
        .map(|(schema, name)| table(random, schema, name, rows))
        .collect()
}

fn table(random: &mut Seeded, schema: &'static str, name: &str, rows: usize) -> Table {
    let mut columns: Vec<Column> = COMMON.map(|(name, kind)| Column { name: name.to_owned(), kind }).into();
    for number in 0..random.below(6) {
        columns.push(Column { name: format!("c{number}"), kind: own_kind(random) });
    }
    if schema != "shop" && random.chance(60) {
        let names = &RECORD[..1 + random.below(RECORD.len())];
        columns.extend(names.iter().map(|name| Column { name: (*name).to_owned(), kind: own_kind(random) }));
    }
    let files = 1 + random.below(4);
    let count = if random.chance(5) { 0 } else { 1 + random.below(rows) };
    let mut rows: Vec<Row> = (0..count).map(|number| row(random, &columns, number, files)).collect();
    rows.sort_by_key(|row| row.file);
    let partitions: Vec<usize> = (1..columns.len()).filter(|at| can_partition(&columns[*at])).collect();
    let partition = (schema == "lake" && random.chance(40)).then(|| *random.pick(&partitions));
    Table { schema, name: name.to_owned(), columns, rows, files, partition }
}

/// Texts are what most masks are for.
fn own_kind(random: &mut Seeded) -> Kind {
    if random.chance(20) { Kind::Text } else { *random.pick(&Kind::ALL) }
}

/// A folder's name can't tell an empty text from NULL.
fn can_partition(column: &Column) -> bool {
    let is_field = RECORD.contains(&column.name.as_str());
    matches!(column.kind, Kind::Int | Kind::Date) && !is_field || column.name == "team"
}

/// `id` tells the rows of a table apart. The others may be NULL.
pub fn row(random: &mut Seeded, columns: &[Column], number: usize, files: usize) -> Row {
    let mut cells = Vec::new();
    for column in columns {
        cells.push(match column.name.as_str() {
            "id" => Some(number.to_string()),
            _ if random.chance(12) => None,
            "team" => Some((*random.pick(&TEAMS)).to_owned()),
            _ => Some(column.kind.value(random)),
        });
    }
    Row { cells, file: random.below(files) }
}
