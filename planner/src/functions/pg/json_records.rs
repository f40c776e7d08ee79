//! Records of JSON over columns: `json_to_record` and its kin, and the rows of JSON_TABLE.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayBuilder, ArrayRef, BooleanBuilder, Int32Builder, ListArray, ListBuilder, StringBuilder, StructArray,
    new_null_array,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, FieldRef, Fields};
use datafusion::error::{DataFusionError, Result};
use weir_values::json::path::Options;
use weir_values::json::{Cell, Field, Json, JsonPath, Kind, Pattern, jsonb_parse, record, records, table_rows};
use weir_values::{ValueError, code};

use super::columns::{Args, Source, Text, bounded, external};
use super::json_path::{Clock, Variables};
use super::{Proc, of_session_seeing_nulls, seeing_nulls, strict, string};

pub(super) const PROCS: &[Proc] = &[
    seeing_nulls("json_records", |args| json_records(args, false)),
    // The same, and behind them for each column whether the JSON has it.
    seeing_nulls("json_records_given", |args| json_records(args, true)),
    seeing_nulls("record_fields", record_fields),
    strict("json_undetermined", undetermined),
    of_session_seeing_nulls("json_table_rows", table),
];

/// The records of an array, and how they are held.
pub(super) fn records_type(result: &DataType) -> Result<(&FieldRef, &Fields)> {
    let DataType::List(item) = result else { return Err(no_records()) };
    let DataType::Struct(fields) = item.data_type() else { return Err(no_records()) };
    Ok((item, fields))
}

pub(super) fn no_records() -> DataFusionError {
    DataFusionError::Internal("an array of records was expected".to_owned())
}

/// Arrays of records, which have these columns.
pub(super) fn list_of(result: &DataType, lengths: Vec<usize>, columns: Vec<ArrayRef>) -> Result<ArrayRef> {
    let (item, fields) = records_type(result)?;
    let records = Arc::new(StructArray::try_new(fields.clone(), columns, None)?);
    Ok(Arc::new(ListArray::try_new(Arc::clone(item), OffsetBuffer::from_lengths(lengths), records, None)?))
}

/// The texts of a column, or of its arrays' items.
enum Column {
    Texts(StringBuilder),
    Items(ListBuilder<StringBuilder>),
}

impl Column {
    fn push(&mut self, cell: Cell) {
        match (self, cell) {
            (Column::Texts(texts), Cell::Text(text)) => texts.append_value(text),
            (Column::Texts(texts), _) => texts.append_null(),
            (Column::Items(lists), Cell::Items(items)) => {
                items.into_iter().for_each(|item| lists.values().append_option(item));
                lists.append(true);
            }
            (Column::Items(lists), _) => lists.append(false),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Column::Texts(texts) => texts.values_slice().len() + size_of_val(texts.offsets_slice()),
            Column::Items(lists) => {
                let items = lists.values_ref();
                items.values_slice().len() + size_of_val(items.offsets_slice()) + lists.len() * size_of::<i32>()
            }
        }
    }

    fn finish(self) -> ArrayRef {
        match self {
            Column::Texts(mut texts) => Arc::new(texts.finish()),
            Column::Items(mut lists) => Arc::new(lists.finish()),
        }
    }
}

/// The records of a json or jsonb: their columns' texts. Told the function's name, and in a JSON array each column's
/// name behind a letter: `t`ext, `j`son, capitals for arrays of such.
fn json_records(args: &Args<'_>, tells_given: bool) -> Result<ArrayRef> {
    let (texts, function, columns) = (args.short(0)?, args.short(1)?, args.short(2)?);
    let texts = Source::<Text>::new(&texts, args.rows)?;
    let function = string(&function)?.iter().flatten().next().unwrap_or_default().to_owned();
    let fields = fields_of(string(&columns)?.iter().flatten().next().unwrap_or_default()).map_err(external)?;
    let kind = if function.starts_with("jsonb") { Kind::Jsonb } else { Kind::Json };
    let is_set = function.ends_with("set");
    let mut columns: Vec<Column> = fields
        .iter()
        .map(|field| match field.is_array {
            true => Column::Items(ListBuilder::new(StringBuilder::new())),
            false => Column::Texts(StringBuilder::new()),
        })
        .collect();
    let mut given: Vec<BooleanBuilder> = fields.iter().map(|_| BooleanBuilder::new()).collect();
    let mut lengths = Vec::with_capacity(args.rows);
    for row in 0..args.rows {
        let mut length = 0;
        let mut add = |cells: Vec<Cell>| {
            length += 1;
            given.iter_mut().zip(&cells).for_each(|(given, cell)| given.append_value(*cell != Cell::Missing));
            columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
            let bytes: usize = columns.iter().map(Column::bytes).sum();
            bounded(bytes).map_err(|_| ValueError::too_long())
        };
        match (texts.is_null(row), is_set) {
            (true, true) => {}
            // A record that is NULL has nothing in any column.
            (true, false) => add(fields.iter().map(|_| Cell::Missing).collect()).map_err(external)?,
            (false, true) => {
                let text = texts.get(row).map_err(external)?;
                records(kind, &function, text, &fields, add).map_err(external)?;
            }
            (false, false) => {
                let cells = record(kind, texts.get(row).map_err(external)?, &fields).map_err(external)?;
                add(cells).map_err(external)?;
            }
        }
        lengths.push(length);
    }
    let given = given.into_iter().filter(|_| tells_given);
    let given = given.map(|mut given| Arc::new(given.finish()) as ArrayRef);
    list_of(args.result, lengths, columns.into_iter().map(Column::finish).chain(given).collect())
}

fn fields_of(columns: &str) -> std::result::Result<Vec<Field>, ValueError> {
    let Json::Array(columns) = jsonb_parse(columns)? else { return Ok(Vec::new()) };
    let field = |column: &Json<'_>| {
        let Json::String(text) = column else { return None };
        let (letter, name) = text.split_at_checked(1)?;
        let is_json = letter.eq_ignore_ascii_case("j");
        Some(Field { name: name.to_owned(), is_array: letter.starts_with(char::is_uppercase), is_json })
    };
    Ok(columns.iter().filter_map(field).collect())
}

/// The record of its columns.
fn record_fields(args: &Args<'_>) -> Result<ArrayRef> {
    let DataType::Struct(fields) = args.result else { return Err(no_records()) };
    let columns = (0..args.values.len()).map(|at| args.array(at)).collect::<Result<Vec<_>>>()?;
    Ok(Arc::new(StructArray::try_new(fields.clone(), columns, None)?))
}

/// A record of which nothing tells the columns; the last argument is the function's name.
fn undetermined(args: &Args<'_>) -> Result<ArrayRef> {
    let columns = (0..args.values.len()).map(|at| args.array(at)).collect::<Result<Vec<_>>>()?;
    let has_value = |row: usize| columns.iter().all(|column| !column.is_null(row));
    if !(0..args.rows).any(has_value) {
        return Ok(new_null_array(args.result, args.rows));
    }
    let function = args.short(args.values.len().saturating_sub(1))?;
    let function = string(&function)?.iter().flatten().next().unwrap_or_default().to_owned();
    let message = format!("could not determine row type for result of {function}");
    Err(external(ValueError::new(code::FEATURE_NOT_SUPPORTED, message).hint(
        "Provide a non-null record argument, or call the function in the FROM clause using a column definition list.",
    )))
}

/// A pattern of JSON_TABLE with its path read.
struct Scan {
    path: JsonPath,
    place: usize,
    nested: Vec<Scan>,
}

impl Scan {
    /// From `[path, [nested], [nested], ...]`; patterns are numbered as they come.
    fn of(plan: &Json<'_>, count: &mut usize) -> std::result::Result<Self, ValueError> {
        let wrong = || ValueError::invalid_parameter("no JSON_TABLE");
        let Json::Array(parts) = plan else { return Err(wrong()) };
        let Some((Json::String(path), nested)) = parts.split_first() else { return Err(wrong()) };
        let place = *count;
        *count += 1;
        let path = JsonPath::parse(path)?;
        let nested = nested.iter().map(|plan| Self::of(plan, count)).collect::<std::result::Result<_, _>>()?;
        Ok(Self { path, place, nested })
    }

    fn pattern(&self) -> Pattern<'_> {
        Pattern { path: &self.path, place: self.place, nested: self.nested.iter().map(Self::pattern).collect() }
    }
}

/// The rows of JSON_TABLE over a jsonb, with variables, its patterns, and `e` if it tells errors: for each pattern its
/// item and its number.
fn table(args: &Args<'_>) -> Result<ArrayRef> {
    let (documents, variables) = (args.short(0)?, args.short(1)?);
    let (plan, on_error) = (args.short(2)?, args.short(3)?);
    let documents = Source::<Text>::new(&documents, args.rows)?;
    let variables = Source::<Text>::new(&variables, args.rows)?;
    let plan = jsonb_parse(string(&plan)?.iter().flatten().next().unwrap_or_default()).map_err(external)?;
    let mut count = 0;
    let scan = Scan::of(&plan, &mut count).map_err(external)?;
    let pattern = scan.pattern();
    let silent = string(&on_error)?.iter().flatten().next() != Some("e");
    let clock = Clock::of(args);
    let mut known_variables = Variables::of(args, 1);
    let mut items: Vec<StringBuilder> = (0..count).map(|_| StringBuilder::new()).collect();
    let mut numbers: Vec<Int32Builder> = (0..count).map(|_| Int32Builder::new()).collect();
    let mut lengths = Vec::with_capacity(args.rows);
    for row in 0..args.rows {
        if documents.is_null(row) || variables.is_null(row) {
            lengths.push(0);
            continue;
        }
        let tree = jsonb_parse(documents.get(row).map_err(external)?).map_err(external)?;
        let vars = known_variables.tree(variables.get(row).map_err(external)?).map_err(external)?;
        let options = Options { vars: Some(vars), silent, zone: Some(&clock) };
        let found = table_rows(&tree, &pattern, count, options).map_err(external)?;
        for places in found.places.chunks(count) {
            for (at, place) in places.iter().enumerate() {
                items[at].append_option(place.and_then(|(item, _)| found.items.get(item)));
                numbers[at].append_option(place.map(|(_, number)| number));
            }
            bounded(items.iter().map(|items| items.values_slice().len()).sum())?;
        }
        lengths.push(found.places.len() / count);
    }
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(2 * count);
    for (mut items, mut numbers) in items.into_iter().zip(numbers) {
        columns.push(Arc::new(items.finish()));
        columns.push(Arc::new(numbers.finish()));
    }
    list_of(args.result, lengths, columns)
}
