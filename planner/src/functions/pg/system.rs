//! Identifiers, places in the log and sizes: see [`weir_values::system`].

use std::sync::Arc;

use arrow::array::{ArrayRef, TimestampMicrosecondArray};
use arrow::datatypes::DataType;
use chrono::Utc;
use datafusion::error::Result;
use weir_values::system::ids::{self, Tid};
use weir_values::system::{encodings, hash, lsn, size};
use weir_values::{ValueError, code};

use super::columns::{Args, Bool, Int2, Int4, Int8, Items, Text, map1, map2, map4};
use super::written::{Texts, put, write1, write2};
use super::{Proc, of_session, strict, volatile};

pub(super) const PROCS: &[Proc] = &[
    volatile("clock_timestamp", clock),
    // Read once, when the statement is planned.
    of_session("statement_timestamp", clock),
    strict("oidin", |args| map1::<Text, _>(args, |text| ids::parse_oid(text).map(i64::from))),
    strict("xidin", |args| map1::<Text, _>(args, |text| ids::parse_id(text, "xid").map(i64::from))),
    strict("cidin", |args| map1::<Text, _>(args, |text| ids::parse_id(text, "cid").map(i64::from))),
    strict("oidlarger", |args| map2::<Int8, Int8, _>(args, |a, b| Ok(a.max(b)))),
    strict("oidsmaller", |args| map2::<Int8, Int8, _>(args, |a, b| Ok(a.min(b)))),
    strict("to_oid", to_oid),
    strict("oid_int4", |args| map1::<Int8, _>(args, |oid| Ok(oid as u32 as i32))),
    strict("xid8in", |args| map1::<Text, _>(args, |text| Ok(ids::parse_xid8(text)?.to_string()))),
    strict("xid8_key", |args| map1::<Text, _>(args, |text| Ok(ids::parse_xid8(text)?.to_be_bytes().to_vec()))),
    strict("xid8toxid", |args| map1::<Text, _>(args, |text| Ok(i64::from(ids::parse_xid8(text)? as u32)))),
    strict("xid8_larger", |args| {
        map2::<Text, Text, _>(args, |a, b| Ok(ids::parse_xid8(a)?.max(ids::parse_xid8(b)?).to_string()))
    }),
    strict("xid8_smaller", |args| {
        map2::<Text, Text, _>(args, |a, b| Ok(ids::parse_xid8(a)?.min(ids::parse_xid8(b)?).to_string()))
    }),
    strict("xid8cmp", |args| {
        map2::<Text, Text, _>(args, |a, b| Ok(ids::parse_xid8(a)?.cmp(&ids::parse_xid8(b)?) as i32))
    }),
    strict("tidin", |args| map1::<Text, _>(args, |text| Ok(Tid::parse(text)?.print()))),
    strict("tid_key", |args| map1::<Text, _>(args, |text| Ok(tid_key(Tid::parse(text)?)))),
    strict("tidlarger", |args| map2::<Text, Text, _>(args, |a, b| Ok(Tid::parse(a)?.max(Tid::parse(b)?).print()))),
    strict("tidsmaller", |args| map2::<Text, Text, _>(args, |a, b| Ok(Tid::parse(a)?.min(Tid::parse(b)?).print()))),
    strict("pg_lsn_in", |args| map1::<Text, _>(args, |text| Ok(lsn::print(lsn::parse(text)?)))),
    strict("pg_lsn_key", |args| map1::<Text, _>(args, |text| Ok(lsn::parse(text)?.to_be_bytes().to_vec()))),
    strict("numeric_pg_lsn", |args| map1::<Text, _>(args, |number| Ok(lsn::print(lsn::of_numeric(number)?)))),
    strict("pg_lsn_mi", |args| {
        map2::<Text, Text, _>(args, |a, b| Ok(lsn::distance(lsn::parse(a)?, lsn::parse(b)?).to_string()))
    }),
    strict("pg_lsn_pli", |args| map2::<Text, Text, _>(args, |at, by| Ok(lsn::print(lsn::add(lsn::parse(at)?, by)?)))),
    strict("pg_lsn_mii", |args| {
        map2::<Text, Text, _>(args, |at, by| Ok(lsn::print(lsn::subtract(lsn::parse(at)?, by)?)))
    }),
    strict("setting_named", |args| {
        map4::<Text, Bool, Items<Text>, Items<Text>, _>(args, |name, missing_ok, names, values| {
            let at = names.iter().position(|known| known.is_some_and(|known| known.eq_ignore_ascii_case(name)));
            match at.and_then(|at| values.get(at)) {
                Some(value) => Ok(value.map(str::to_owned)),
                None if missing_ok => Ok(None),
                None => {
                    let message = format!("unrecognized configuration parameter \"{name}\"");
                    Err(ValueError::new(code::UNDEFINED_OBJECT, message))
                }
            }
        })
    }),
    strict("pg_size_pretty", |args| map1::<Int8, _>(args, |bytes| Ok(size::pg_size_pretty(bytes)))),
    strict("pg_size_pretty_numeric", |args| map1::<Text, _>(args, |bytes| Ok(size::pg_size_pretty_numeric(bytes)))),
    strict("pg_size_bytes", |args| map1::<Text, _>(args, size::pg_size_bytes)),
    strict("PG_encoding_to_char", |args| {
        write1::<Int4, Texts>(args, |number, out| put(out, encodings::encoding_name(number)))
    }),
    strict("PG_char_to_encoding", |args| map1::<Text, _>(args, |name| Ok(encodings::encoding_number(name)))),
    strict("to_ascii_default", |args| {
        write1::<Text, Texts>(args, |text, out| put(out, encodings::to_ascii_by_name(text, "UTF8")?))
    }),
    strict("to_ascii_enc", |args| {
        write2::<Text, Int4, Texts>(args, |text, number, out| put(out, encodings::to_ascii(text, number)?))
    }),
    strict("to_ascii_encname", |args| {
        write2::<Text, Text, Texts>(args, |text, name, out| put(out, encodings::to_ascii_by_name(text, name)?))
    }),
    strict("hashtext", |args| map1::<Text, _>(args, |text| Ok(hash::hash_text(text)))),
    strict("hashname", |args| map1::<Text, _>(args, |name| Ok(hash::hash_text(name)))),
    strict("hashtextextended", |args| map2::<Text, Int8, _>(args, |text, seed| Ok(hash::hash_text_seeded(text, seed)))),
    strict("hashint2", |args| map1::<Int2, _>(args, |value| Ok(hash::hash_int4(value.into())))),
    strict("hashint4", |args| map1::<Int4, _>(args, |value| Ok(hash::hash_int4(value)))),
    strict("hashint8", |args| map1::<Int8, _>(args, |value| Ok(hash::hash_int8(value)))),
    strict("hashoid", |args| map1::<Int8, _>(args, |oid| Ok(hash::hash_int4(oid as u32 as i32)))),
    strict("record_in", |args| {
        map1::<Text, String>(args, |_| {
            let message = "input of anonymous composite types is not implemented";
            Err(ValueError::new(code::FEATURE_NOT_SUPPORTED, message))
        })
    }),
];

/// What the clock shows: microseconds since 1970.
fn clock(args: &Args<'_>) -> Result<ArrayRef> {
    let times = (0..args.rows).map(|_| Utc::now().timestamp_micros()).collect::<Vec<_>>();
    Ok(Arc::new(TimestampMicrosecondArray::from(times).with_timezone("UTC")))
}

/// An integer of any width as an identifier: 32 bits without a sign.
fn to_oid(args: &Args<'_>) -> Result<ArrayRef> {
    match args.values.first().map(|value| value.data_type()) {
        Some(DataType::Int16) => map1::<Int2, _>(args, |value| Ok(i64::from(value as u32))),
        Some(DataType::Int32) => map1::<Int4, _>(args, |value| Ok(i64::from(value as u32))),
        _ => map1::<Int8, _>(args, |value| {
            u32::try_from(value).map(i64::from).map_err(|_| ValueError::out_of_range("OID"))
        }),
    }
}

fn tid_key(tid: Tid) -> Vec<u8> {
    let mut key = tid.block.to_be_bytes().to_vec();
    key.extend(tid.offset.to_be_bytes());
    key
}
