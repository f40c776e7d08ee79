//! Records over columns: a struct of fields each, whose own NULL is the record's.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryBuilder, BooleanBuilder, ListArray, StringBuilder, StructArray, UInt32Array,
    make_array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::{SortOptions, take};
use arrow::datatypes::{DataType, Int32Type};
use arrow::row::{RowConverter, SortField};
use datafusion::error::{DataFusionError, Result};
use weir_values::record::{print_record, read_record};
use weir_values::{ValueError, code};

use super::columns::{Args, Int4, Text, bounded, external, map3, unexpected};
use super::{Proc, boolean, seeing_nulls, strict, string};

pub(super) const PROCS: &[Proc] = &[
    seeing_nulls("record_or_null", or_null),
    seeing_nulls("beside_text", beside_text),
    seeing_nulls("record_field", field),
    seeing_nulls("record_renamed", renamed),
    strict("record_part", part),
    seeing_nulls("record_text", text),
    seeing_nulls("record_key", key),
    seeing_nulls("row_key", bytes),
    strict("record_unlike", unlike),
    strict("records_apart", apart),
];

fn columns(args: &Args<'_>, from: usize) -> Result<Vec<ArrayRef>> {
    (from..args.values.len()).map(|at| args.array(at)).collect()
}

fn record(array: &ArrayRef) -> Result<&StructArray> {
    array.as_struct_opt().ok_or_else(|| unexpected(array))
}

fn no_record() -> DataFusionError {
    DataFusionError::Internal("a record was expected".to_owned())
}

/// The record of its fields, or NULL where all of them are.
fn or_null(args: &Args<'_>) -> Result<ArrayRef> {
    let DataType::Struct(fields) = args.result else { return Err(no_record()) };
    let columns = columns(args, 0)?;
    let nulls: Vec<Option<NullBuffer>> = columns.iter().map(Array::logical_nulls).collect();
    let is_present = |row: usize| nulls.iter().any(|nulls| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row)));
    let present = NullBuffer::from_iter((0..args.rows).map(is_present));
    Ok(Arc::new(StructArray::try_new(fields.clone(), columns, Some(present))?))
}

/// A text and the value that it shows.
fn beside_text(args: &Args<'_>) -> Result<ArrayRef> {
    let DataType::Struct(fields) = args.result else { return Err(no_record()) };
    Ok(Arc::new(StructArray::try_new(fields.clone(), columns(args, 0)?, None)?))
}

/// Bytes that are the same for values that are the same in every bit, NULL among them.
fn bytes(args: &Args<'_>) -> Result<ArrayRef> {
    let column = args.array(0)?;
    let converter = RowConverter::new(vec![SortField::new(column.data_type().clone())])?;
    Ok(Arc::new(converter.convert_columns(&[column])?.try_into_binary()?))
}

/// A field by its place; NULL where the record is.
fn field(args: &Args<'_>) -> Result<ArrayRef> {
    let array = args.array(0)?;
    let place = args.short(1)?;
    let place = place.as_primitive_opt::<Int32Type>().ok_or_else(|| unexpected(&place))?;
    let at = usize::try_from(place.value(0)).map_err(|_| no_record())?;
    let record = record(&array)?;
    let column = record.columns().get(at).ok_or_else(no_record)?;
    if record.null_count() == 0 {
        return Ok(Arc::clone(column));
    }
    let nulls = NullBuffer::union(record.nulls(), column.nulls());
    Ok(make_array(column.to_data().into_builder().nulls(nulls).build()?))
}

/// The record with other names of its fields.
fn renamed(args: &Args<'_>) -> Result<ArrayRef> {
    let DataType::Struct(fields) = args.result else { return Err(no_record()) };
    let array = args.array(0)?;
    let record = record(&array)?;
    Ok(Arc::new(StructArray::try_new(fields.clone(), record.columns().to_vec(), record.nulls().cloned())?))
}

/// The text of a field, by its place, in the text of a record of so many; NULL where there is none.
fn part(args: &Args<'_>) -> Result<ArrayRef> {
    map3::<Text, Int4, Int4, _>(args, |text, count, place| {
        let mut found = None;
        read_record(text, usize::try_from(count).unwrap_or_default(), |at, column| {
            if i32::try_from(at) == Ok(place) {
                found = column.map(str::to_owned);
            }
            Ok(())
        })?;
        Ok(found)
    })
}

/// The text of a record, which is told with its fields' texts.
fn text(args: &Args<'_>) -> Result<ArrayRef> {
    let present = args.array(0)?;
    let columns = columns(args, 1)?;
    let texts = columns.iter().map(string).collect::<Result<Vec<_>>>()?;
    let mut results = StringBuilder::new();
    let mut line = String::new();
    for row in 0..args.rows {
        if present.is_null(row) {
            results.append_null();
            continue;
        }
        line.clear();
        let fields = texts.iter().map(|text| (!text.is_null(row)).then(|| text.value(row)));
        print_record(fields, &mut line).map_err(external)?;
        results.append_value(&line);
        bounded(results.values_slice().len())?;
    }
    Ok(Arc::new(results.finish()))
}

/// Bytes that are in order as the records are, of what orders their fields. NULLs among these are equal, and above all
/// else; the first argument is NULL where the record is.
fn key(args: &Args<'_>) -> Result<ArrayRef> {
    let present = args.array(0)?;
    let columns = columns(args, 1)?;
    let last = SortOptions::new(false, false);
    let fields = columns.iter().map(|column| SortField::new_with_options(column.data_type().clone(), last)).collect();
    let rows = match columns.is_empty() {
        true => None,
        false => Some(RowConverter::new(fields)?.convert_columns(&columns)?),
    };
    let mut keys = BinaryBuilder::new();
    for row in 0..args.rows {
        match (&rows, present.is_null(row)) {
            (_, true) => keys.append_null(),
            (None, false) => keys.append_value(b""),
            (Some(rows), false) => keys.append_value(rows.row(row).as_ref()),
        }
        bounded(keys.values_slice().len())?;
    }
    Ok(Arc::new(keys.finish()))
}

/// Records that can't be compared beyond the fields whose keys are given: an error where these don't decide.
fn unlike(args: &Args<'_>) -> Result<ArrayRef> {
    let (left, right) = (args.array(0)?, args.array(1)?);
    let (symbol, message) = (args.short(2)?, args.short(3)?);
    let left = left.as_binary_opt::<i32>().ok_or_else(|| unexpected(&left))?;
    let right = right.as_binary_opt::<i32>().ok_or_else(|| unexpected(&right))?;
    let (symbol, message) = (string(&symbol)?.value(0), string(&message)?.value(0));
    let mut results = BooleanBuilder::with_capacity(args.rows);
    for row in 0..args.rows {
        if left.is_null(row) || right.is_null(row) {
            results.append_null();
            continue;
        }
        results.append_value(match left.value(row).cmp(right.value(row)) {
            Ordering::Equal => return Err(external(ValueError::new(code::DATATYPE_MISMATCH, message))),
            Ordering::Less => matches!(symbol, "<" | "<=" | "<>"),
            Ordering::Greater => matches!(symbol, ">" | ">=" | "<>"),
        });
    }
    Ok(Arc::new(results.finish()))
}

/// Of the items of lists, which are told with their keys, one of each, in the order of the keys or the other way around.
fn apart(args: &Args<'_>) -> Result<ArrayRef> {
    let DataType::List(item) = args.result else { return Err(no_record()) };
    let array = args.array(0)?;
    let (ascending, nulls_first) = (args.short(1)?, args.short(2)?);
    let (ascending, nulls_first) = (boolean(&ascending)?.value(0), boolean(&nulls_first)?.value(0));
    let lists = array.as_list_opt::<i32>().ok_or_else(|| unexpected(&array))?;
    let [keys, values] = record(lists.values())?.columns() else { return Err(no_record()) };
    let keys = keys.as_binary_opt::<i32>().ok_or_else(|| unexpected(keys))?;
    let key = |place: u32| (!keys.is_null(place as usize)).then(|| keys.value(place as usize));
    let (mut places, mut lengths): (Vec<u32>, Vec<usize>) = (Vec::new(), Vec::with_capacity(args.rows));
    for row in 0..args.rows {
        let offsets = lists.value_offsets();
        let mut items: Vec<u32> = match lists.is_null(row) {
            true => Vec::new(),
            false => (offsets[row] as u32..offsets[row + 1] as u32).collect(),
        };
        items.sort_by(|a, b| match (key(*a), key(*b)) {
            (Some(a), Some(b)) if ascending => a.cmp(b),
            (Some(a), Some(b)) => b.cmp(a),
            (a, b) if nulls_first => a.is_some().cmp(&b.is_some()),
            (a, b) => a.is_none().cmp(&b.is_none()),
        });
        items.dedup_by(|a, b| key(*a) == key(*b));
        lengths.push(items.len());
        places.extend(items);
    }
    let values = take(values, &UInt32Array::from(places), None)?;
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(ListArray::try_new(Arc::clone(item), offsets, values, lists.nulls().cloned())?))
}
