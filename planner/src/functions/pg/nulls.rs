//! How many items of arrays are NULL, and how many aren't: `num_nulls(VARIADIC array)`.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int32Array};
use datafusion::error::Result;

use super::columns::{Args, unexpected};
use super::{Proc, strict};

pub(super) const PROCS: &[Proc] =
    &[strict("nulls_of", |args| counted(args, true)), strict("nonnulls_of", |args| counted(args, false))];

fn counted(args: &Args<'_>, nulls: bool) -> Result<ArrayRef> {
    let lists = args.array(0)?;
    let lists = lists.as_list_opt::<i32>().ok_or_else(|| unexpected(&lists))?;
    let count = |items: ArrayRef| {
        let count = if nulls { items.null_count() } else { items.len() - items.null_count() };
        i32::try_from(count).ok()
    };
    Ok(Arc::new(lists.iter().map(|items| items.and_then(count)).collect::<Int32Array>()))
}
