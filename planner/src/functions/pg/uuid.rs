//! `uuid`: see [`weir_values::uuid`].

use std::sync::Arc;

use arrow::array::{ArrayRef, StringBuilder};
use datafusion::error::Result;
use weir_values::uuid;

use super::columns::{Args, Text, map1};
use super::{Proc, strict, volatile};
use crate::functions::{FunctionError, MAX_BATCH_BYTES};

pub(super) const PROCS: &[Proc] = &[
    strict("uuid_in", |args| map1::<Text, _>(args, |text| Ok(uuid::print(uuid::parse(text)?)))),
    strict("uuid_extract_version", |args| {
        map1::<Text, _>(args, |text| Ok(uuid::uuid_extract_version(uuid::parse(text)?)))
    }),
    strict("uuid_extract_timestamp", |args| {
        map1::<Text, _>(args, |text| Ok(uuid::uuid_extract_timestamp(uuid::parse(text)?)))
    }),
    volatile("gen_random_uuid", random),
];

/// How long a uuid's text is.
const TEXT_BYTES: usize = 36;

/// Another one in each row, of version 4.
fn random(args: &Args<'_>) -> Result<ArrayRef> {
    let bytes = args.rows.saturating_mul(TEXT_BYTES);
    if bytes as u64 > MAX_BATCH_BYTES {
        return Err(FunctionError::TooLarge.into());
    }
    let mut results = StringBuilder::with_capacity(args.rows, bytes);
    for _ in 0..args.rows {
        let chance: u128 = rand::random();
        let of_version = chance & !(15 << 76) | 4 << 76;
        results.append_value(uuid::print(of_version & !(3 << 62) | 2 << 62));
    }
    Ok(Arc::new(results.finish()))
}
