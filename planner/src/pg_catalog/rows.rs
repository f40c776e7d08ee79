//! What the catalogs of every PostgreSQL 17 hold (`tests/data/catalog.sh` wrote the files), and columns made of values.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Float32Array, Int16Array, Int32Array, Int64Array, IntervalMonthDayNanoArray, ListArray,
    StringArray, TimestampMicrosecondArray, new_null_array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, IntervalMonthDayNano, IntervalUnit, TimeUnit};
use arrow::error::ArrowError;
use weir_values::array::Array;

/// One file: the names of its columns, then a row a line, as COPY writes them.
pub(super) struct File {
    names: Vec<&'static str>,
    rows: Vec<Vec<&'static str>>,
}

macro_rules! files {
    ($($name:literal)*) => {
        /// The text of a relation's rows; `None` if every PostgreSQL has none of its own in it.
        fn text(relation: &str) -> Option<&'static str> {
            Some(match relation {
                $($name => include_str!(concat!("rows/", $name, ".tsv")),)*
                _ => return None,
            })
        }
    };
}

files! {
    "keywords" "pg_aggregate" "pg_am" "pg_amop" "pg_amproc" "pg_attribute" "pg_cast" "pg_class" "pg_collation" "pg_conversion"
    "pg_language" "pg_namespace" "pg_opclass" "pg_operator" "pg_opfamily" "pg_proc" "pg_range"
    "pg_tablespace" "pg_ts_config" "pg_ts_config_map" "pg_ts_dict" "pg_ts_parser" "pg_ts_template" "pg_type" "settings"
}

impl File {
    pub fn of(relation: &str) -> Option<Self> {
        let mut lines = text(relation)?.lines().map(|line| line.split('\t').collect::<Vec<_>>());
        Some(Self { names: lines.next()?, rows: lines.collect() })
    }

    /// The values of a column; all NULL if there is none of that name.
    pub fn column(&self, name: &str) -> impl Iterator<Item = Cell<'static>> {
        let at = self.names.iter().position(|known| *known == name);
        self.rows.iter().map(move |row| match at.and_then(|at| row.get(at)) {
            None | Some(&"\\N") => Cell::Null,
            Some(text) => Cell::Text(unescaped(text)),
        })
    }

    /// The values of some columns, row by row.
    pub fn select<const N: usize>(&self, names: [&str; N]) -> impl Iterator<Item = [&'static str; N]> {
        let places = names.map(|name| self.names.iter().position(|known| *known == name));
        self.rows.iter().map(move |row| places.map(|at| at.and_then(|at| row.get(at)).copied().unwrap_or_default()))
    }
}

/// What stands for a value in the text that COPY writes.
pub(super) fn unescaped(text: &'static str) -> Cow<'static, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        plain.push(match c {
            '\\' => match rest.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some(other) => other,
                None => '\\',
            },
            c => c,
        });
    }
    Cow::Owned(plain)
}

/// A value of a catalog. Texts are read as the column's type.
#[derive(Clone, Debug)]
pub(crate) enum Cell<'a> {
    Null,
    /// Nothing: NULL where the column may be, else false, 0 or an empty text.
    Nothing,
    Bool(bool),
    Int(i64),
    Text(Cow<'a, str>),
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl Cell<'_> {
    fn number<T: TryFrom<i64> + std::str::FromStr>(&self) -> Option<T> {
        match self {
            Self::Int(value) => T::try_from(*value).ok(),
            Self::Text(text) => text.parse().ok(),
            Self::Bool(_) | Self::Null | Self::Nothing => None,
        }
    }

    fn bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            Self::Text(text) => Some(text == "t"),
            _ => None,
        }
    }

    fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The value of a column that can't be NULL.
    pub fn or_zero(self, data: &DataType) -> Self {
        match (&self, data) {
            (Self::Nothing, DataType::Boolean) => Self::Bool(false),
            (Self::Nothing, DataType::Int16 | DataType::Int32 | DataType::Int64 | DataType::Float32) => Self::Int(0),
            (Self::Nothing, _) => Self::Text(Cow::Borrowed("")),
            _ => self,
        }
    }
}

/// A column of these values.
pub(crate) fn column(data: &DataType, cells: &[Cell<'_>]) -> Result<ArrayRef, ArrowError> {
    Ok(match data {
        DataType::Boolean => Arc::new(cells.iter().map(Cell::bool).collect::<BooleanArray>()),
        DataType::Int16 => Arc::new(cells.iter().map(Cell::number).collect::<Int16Array>()),
        DataType::Int32 => Arc::new(cells.iter().map(Cell::number).collect::<Int32Array>()),
        DataType::Int64 => Arc::new(cells.iter().map(Cell::number).collect::<Int64Array>()),
        DataType::Float32 => {
            let number = |cell: &Cell<'_>| match cell {
                Cell::Text(text) => text.parse().ok(),
                cell => cell.number::<i16>().map(f32::from),
            };
            Arc::new(cells.iter().map(number).collect::<Float32Array>())
        }
        DataType::Timestamp(TimeUnit::Microsecond, zone) => {
            let times = cells.iter().map(Cell::number).collect::<TimestampMicrosecondArray>();
            Arc::new(times.with_timezone_opt(zone.clone()))
        }
        // Cells hold microseconds.
        DataType::Interval(IntervalUnit::MonthDayNano) => {
            let span = |micros: i64| IntervalMonthDayNano::new(0, 0, micros.saturating_mul(1000));
            let spans = cells.iter().map(|cell| cell.number().map(span));
            Arc::new(spans.collect::<IntervalMonthDayNanoArray>())
        }
        DataType::Utf8 => Arc::new(cells.iter().map(Cell::text).collect::<StringArray>()),
        DataType::List(item) => Arc::new(lists(item.data_type(), cells)?),
        other => new_null_array(other, cells.len()),
    })
}

/// Arrays of one dimension that begin at 1, from their texts.
fn lists(item: &DataType, cells: &[Cell<'_>]) -> Result<ListArray, ArrowError> {
    let (mut items, mut lengths, mut present) = (Vec::new(), Vec::with_capacity(cells.len()), Vec::new());
    for cell in cells {
        let before = items.len();
        if let Some(text) = cell.text() {
            let array: Array = Array::parse(text).map_err(|error| ArrowError::ParseError(error.message))?;
            let item = |item: Option<String>| item.map_or(Cell::Null, |text| Cell::Text(Cow::Owned(text)));
            items.extend(array.items.into_iter().map(item));
        }
        lengths.push(items.len() - before);
        present.push(cell.text().is_some());
    }
    let field = Arc::new(Field::new_list_field(item.clone(), true));
    ListArray::try_new(
        field,
        OffsetBuffer::from_lengths(lengths),
        column(item, &items)?,
        Some(NullBuffer::from(present)),
    )
}
