//! The rows that SEARCH and CYCLE keep: each one's text, and behind which others it comes.
//!
//! Such a row is held as the length of its key, the key, and its text. Keys have the order of the rows.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BinaryArray, BinaryBuilder, BooleanBuilder, StringArray};
use arrow::compute::SortOptions;
use arrow::row::{RowConverter, SortField};
use datafusion::error::{DataFusionError, Result};

use super::columns::{Args, unexpected};
use super::{Proc, seeing_nulls, strict};
use crate::functions::{FunctionError, MAX_BATCH_BYTES};

pub(super) const PROCS: &[Proc] = &[
    // The text, and what its columns are ordered by.
    seeing_nulls("path_row", row),
    strict("path_row_key", key),
    strict("path_row_text", text),
    strict("path_has", has),
];

const PREFIX: usize = size_of::<u32>();

fn row(args: &Args<'_>) -> Result<ArrayRef> {
    let text = args.array(0)?;
    let text = text.as_string_opt::<i32>().ok_or_else(|| unexpected(&text))?;
    let columns = (1..args.values.len()).map(|at| args.array(at)).collect::<Result<Vec<_>>>()?;
    // NULLs come last, and are equal.
    let options = SortOptions { descending: false, nulls_first: false };
    let fields = columns.iter().map(|column| SortField::new_with_options(column.data_type().clone(), options));
    let keys = RowConverter::new(fields.collect())?.convert_columns(&columns)?;
    let mut rows = BinaryBuilder::new();
    let mut held = Vec::new();
    for at in 0..args.rows {
        let key = keys.row(at);
        let key = key.data();
        let length = u32::try_from(key.len()).map_err(|_| DataFusionError::from(FunctionError::TooLarge))?;
        held.clear();
        held.extend_from_slice(&length.to_le_bytes());
        held.extend_from_slice(key);
        held.extend_from_slice(text.value(at).as_bytes());
        rows.append_value(&held);
        if rows.values_slice().len() as u64 > MAX_BATCH_BYTES {
            return Err(FunctionError::TooLarge.into());
        }
    }
    Ok(Arc::new(rows.finish()))
}

/// The key and the text of a row.
fn parts(held: &[u8]) -> Result<(&[u8], &str)> {
    let split = held.split_first_chunk::<PREFIX>().and_then(|(length, rest)| {
        let (key, text) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        Some((key, std::str::from_utf8(text).ok()?))
    });
    split.ok_or_else(|| DataFusionError::Internal("a row of a path without its key".to_owned()))
}

/// The keys and texts of rows.
fn all_parts(rows: &BinaryArray) -> impl Iterator<Item = Result<Option<(&[u8], &str)>>> {
    rows.iter().map(|row| row.map(parts).transpose())
}

fn key(args: &Args<'_>) -> Result<ArrayRef> {
    let rows = args.array(0)?;
    let rows = rows.as_binary_opt::<i32>().ok_or_else(|| unexpected(&rows))?;
    let keys = all_parts(rows).map(|row| Ok(row?.map(|(key, _)| key)));
    Ok(Arc::new(keys.collect::<Result<BinaryArray>>()?))
}

fn text(args: &Args<'_>) -> Result<ArrayRef> {
    let rows = args.array(0)?;
    let rows = rows.as_binary_opt::<i32>().ok_or_else(|| unexpected(&rows))?;
    let texts = all_parts(rows).map(|row| Ok(row?.map(|(_, text)| text)));
    Ok(Arc::new(texts.collect::<Result<StringArray>>()?))
}

/// Whether a path has gone through a row that is equal.
fn has(args: &Args<'_>) -> Result<ArrayRef> {
    let (paths, wanted) = (args.array(0)?, args.array(1)?);
    let paths = paths.as_list_opt::<i32>().ok_or_else(|| unexpected(&paths))?;
    let rows = paths.values().as_binary_opt::<i32>().ok_or_else(|| unexpected(paths.values()))?;
    let wanted = wanted.as_binary_opt::<i32>().ok_or_else(|| unexpected(&wanted))?;
    let mut found = BooleanBuilder::with_capacity(args.rows);
    for at in 0..args.rows {
        if paths.is_null(at) || wanted.is_null(at) {
            found.append_null();
            continue;
        }
        let (key, _) = parts(wanted.value(at))?;
        let mut is_found = false;
        for place in paths.value_offsets()[at] as usize..paths.value_offsets()[at + 1] as usize {
            is_found = !rows.is_null(place) && parts(rows.value(place))?.0 == key;
            if is_found {
                break;
            }
        }
        found.append_value(is_found);
    }
    Ok(Arc::new(found.finish()))
}
