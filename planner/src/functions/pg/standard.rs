//! The functions of `information_schema`, by which its views tell the sizes of types.

use arrow::array::ArrayRef;
use datafusion::error::Result;
use weir_values::system::format_type;

use super::columns::{Args, Int2, Int4, Int8, map2};
use super::{Proc, strict};
use crate::pg_catalog::Measures;

pub(super) const PROCS: &[Proc] = &[
    strict("_pg_char_max_length", |args| measured(args, |measures| measures.length)),
    strict("_pg_char_octet_length", |args| measured(args, |measures| measures.bytes)),
    strict("_pg_numeric_precision", |args| measured(args, |measures| measures.precision)),
    strict("_pg_numeric_precision_radix", |args| measured(args, |measures| measures.radix)),
    strict("_pg_numeric_scale", |args| measured(args, |measures| measures.scale)),
    strict("_pg_datetime_precision", |args| measured(args, |measures| measures.datetime_precision)),
    strict("_pg_interval_type", |args| {
        map2::<Int8, Int4, _>(args, |oid, typmod| {
            let text = format_type(oid as u32, Some(typmod))?;
            let modifier = text.strip_prefix("interval").map(|text| text.trim_start_matches(is_digits));
            Ok(modifier.and_then(|text| text.strip_prefix(' ')).map(str::to_uppercase))
        })
    }),
    // There are no indexes.
    strict("_pg_index_position", |args| map2::<Int8, Int2, _>(args, |_, _| Ok(None::<i32>))),
];

fn is_digits(c: char) -> bool {
    matches!(c, '(' | ')') || c.is_ascii_digit()
}

fn measured(args: &Args<'_>, of: fn(Measures) -> Option<i32>) -> Result<ArrayRef> {
    map2::<Int8, Int4, _>(args, |oid, typmod| Ok(of(Measures::of(oid as u32, typmod))))
}
