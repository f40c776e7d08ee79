//! Functions over the catalogs that return rows: as an array of records per row.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int32Array, ListArray, StructArray, new_empty_array};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::DataType;
use datafusion::error::Result;
use weir_values::{ValueError, code};

use super::catalogs::{Catalogs, Checked, catalogs};
use super::columns::{Args, Int8, Items, Source, Text, external, map2, unexpected};
use super::json_records::{list_of, no_records, records_type};
use super::{Proc, of_catalogs, of_session, strict};
use crate::pg_catalog::{Cell, KEYWORDS, PUBLIC, Privileges, column, time_zones};

pub(super) const PROCS: &[Proc] = &[
    strict("_pg_expandarray", numbered),
    strict("pg_get_keywords", |args| {
        let row = |row: &[&'static str; 5]| row.iter().map(|text| Cell::from(*text)).collect();
        records(args, |_| Ok(KEYWORDS.iter().map(row).collect()))
    }),
    of_catalogs("aclexplode", |args| {
        let catalogs = catalogs(args)?;
        let lists = args.short(0)?;
        let lists = Source::<Items<Text>>::new(&lists, args.rows)?;
        records(args, |row| {
            if lists.is_null(row) {
                return Ok(Vec::new());
            }
            let items = lists.get(row)?;
            let rows = items.into_iter().flatten().map(|item| catalogs.exploded(item));
            Ok(rows.collect::<Checked<Vec<_>>>()?.into_iter().flatten().collect())
        })
    }),
    of_catalogs("acldefault_sql", |args| {
        let catalogs = catalogs(args)?;
        map2::<Text, Int8, _>(args, |kind, owner| {
            let owner = catalogs.role_name(owner as u32).map_or_else(|| owner.to_string(), str::to_owned);
            let all = Privileges::of(kind).ok_or_else(|| {
                let message = format!("unrecognized object type abbreviation: {kind}");
                ValueError::new(code::FEATURE_NOT_SUPPORTED, message)
            })?;
            Ok(all.usual(&owner).into_iter().map(Some).collect::<Vec<_>>())
        })
    }),
    strict("pg_options_to_table", |args| {
        let lists = args.short(0)?;
        let lists = Source::<Items<Text>>::new(&lists, args.rows)?;
        records(args, |row| {
            if lists.is_null(row) {
                return Ok(Vec::new());
            }
            let text = |text: &str| Cell::Text(Cow::Owned(text.to_owned()));
            let option = |option: &str| match option.split_once('=') {
                Some((name, value)) => vec![text(name), text(value)],
                None => vec![text(option), Cell::Null],
            };
            Ok(lists.get(row)?.into_iter().flatten().map(option).collect())
        })
    }),
    of_session("pg_timezone_names", |args| {
        let now = args.session.now().div_euclid(1_000_000);
        let cells = |row: Vec<(&str, Cell<'static>)>| row.into_iter().map(|(_, cell)| cell).collect();
        records(args, |_| Ok(time_zones(now).map(cells).collect()))
    }),
    // There are none of these.
    strict("pg_available_extensions", none),
    strict("pg_available_extension_versions", none),
    strict("pg_get_publication_tables", none),
    strict("pg_get_replication_slots", none),
    strict("pg_listening_channels", none),
    strict("pg_lock_status", none),
    strict("pg_mcv_list_items", none),
    strict("pg_partition_ancestors", none),
    strict("pg_partition_tree", none),
    strict("pg_prepared_xact", none),
    strict("pg_show_replication_origin_status", none),
    strict("pg_stat_get_progress_info", none),
    strict("pg_stat_get_subscription", none),
    strict("pg_stat_get_wal_senders", none),
];

/// Records of what is made for each row of a batch.
fn records(args: &Args<'_>, mut rows: impl FnMut(usize) -> Checked<Vec<Vec<Cell<'static>>>>) -> Result<ArrayRef> {
    let (_, fields) = records_type(args.result)?;
    let mut columns: Vec<Vec<Cell<'static>>> = vec![Vec::new(); fields.len()];
    let mut lengths = Vec::with_capacity(args.rows);
    for row in 0..args.rows {
        let made = rows(row).map_err(external)?;
        lengths.push(made.len());
        for cells in made {
            columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
        }
    }
    let columns = fields.iter().zip(&columns).map(|(field, cells)| column(field.data_type(), cells));
    list_of(args.result, lengths, columns.collect::<std::result::Result<_, _>>()?)
}

fn none(args: &Args<'_>) -> Result<ArrayRef> {
    let DataType::List(item) = args.result else { return Err(no_records()) };
    let offsets = OffsetBuffer::from_lengths(std::iter::repeat_n(0, args.rows));
    Ok(Arc::new(ListArray::try_new(Arc::clone(item), offsets, new_empty_array(item.data_type()), None)?))
}

/// The items of an array with their numbers.
fn numbered(args: &Args<'_>) -> Result<ArrayRef> {
    let (item, fields) = records_type(args.result)?;
    let array = args.array(0)?;
    let lists = array.as_list_opt::<i32>().ok_or_else(|| unexpected(&array))?;
    let numbers = lists.offsets().windows(2).flat_map(|place| 1..=place[1] - place[0]);
    let first = lists.value_offsets().first().copied().unwrap_or(0) as usize;
    let last = lists.value_offsets().last().copied().unwrap_or(0) as usize;
    let items = lists.values().slice(first, last - first);
    let columns: Vec<ArrayRef> = vec![items, Arc::new(Int32Array::from_iter_values(numbers))];
    let records = Arc::new(StructArray::try_new(fields.clone(), columns, None)?);
    let offsets = OffsetBuffer::from_lengths(lists.offsets().lengths());
    Ok(Arc::new(ListArray::try_new(Arc::clone(item), offsets, records, lists.nulls().cloned())?))
}

impl Catalogs {
    /// What an aclitem says: who granted what to whom, and whether that may be granted further.
    fn exploded(&self, item: &str) -> Checked<Vec<Vec<Cell<'static>>>> {
        let wrong = || ValueError::new(code::INVALID_TEXT_REPRESENTATION, format!("no access privilege: {item}"));
        let (grantee, held, grantor) = Privileges::parts(item).ok_or_else(wrong)?;
        let grantor = self.role_named(&grantor)?;
        let grantee = if grantee.is_empty() { PUBLIC } else { self.role_named(&grantee)? };
        let row = |(privilege, may_grant): (&'static str, bool)| {
            vec![Cell::Int(grantor.into()), Cell::Int(grantee.into()), privilege.into(), Cell::Bool(may_grant)]
        };
        Ok(held.into_iter().map(row).collect())
    }
}
