//! `generate_series` over timestamps, and OVERLAPS.

use std::sync::Arc;

use arrow::array::{ArrayRef, ListArray, TimestampMicrosecondArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::DataType;
use datafusion::error::{DataFusionError, Result};
use weir_values::datetime::{self, SeriesStep, TimeTz, timestamp_is_finite};

use super::columns::{Args, Maybe, Source, Text, Time, Timestamp, external, map4};
use super::datetime_types::{Checked, Period, Timetz, Zones};
use super::{Proc, of_session, seeing_nulls, strict};
use crate::functions::{FunctionError, MAX_BATCH_BYTES};

pub(super) const PROCS: &[Proc] = &[
    strict("generate_series_timestamp", |args| series(args, |step, at, _| step.next_timestamp(at))),
    of_session("generate_series_timestamptz", |args| {
        let zone = args.session.zone();
        series(args, |step, at, _| step.next_timestamptz(at, &zone))
    }),
    strict("generate_series_timestamptz_at_zone", |args| {
        let mut zones = Zones::of(args);
        series(args, |step, at, zone| step.next_timestamptz(at, zones.whole(zone)?))
    }),
    seeing_nulls("overlaps_timestamp", |args| {
        map4::<Maybe<Timestamp>, Maybe<Timestamp>, Maybe<Timestamp>, Maybe<Timestamp>, _>(args, |a, b, c, d| {
            Ok(datetime::overlaps((a, b), (c, d), |x, y| x.cmp(&y)))
        })
    }),
    seeing_nulls("overlaps_time", |args| {
        map4::<Maybe<Time>, Maybe<Time>, Maybe<Time>, Maybe<Time>, _>(args, |a, b, c, d| {
            Ok(datetime::overlaps((a, b), (c, d), |x, y| x.cmp(&y)))
        })
    }),
    seeing_nulls("overlaps_timetz", |args| {
        map4::<Maybe<Timetz>, Maybe<Timetz>, Maybe<Timetz>, Maybe<Timetz>, _>(args, |a, b, c, d| {
            Ok(datetime::overlaps((a, b), (c, d), TimeTz::compare))
        })
    }),
];

/// The timestamps of each row from the first to the last; `next` is told the zone's name where there is one.
fn series(args: &Args<'_>, mut next: impl FnMut(SeriesStep, i64, &str) -> Checked<i64>) -> Result<ArrayRef> {
    let DataType::List(item) = args.result else {
        return Err(DataFusionError::Internal("a series is an array".to_owned()));
    };
    let DataType::Timestamp(_, zone) = item.data_type() else {
        return Err(DataFusionError::Internal(format!("a series of {}", item.data_type())));
    };
    let (starts, ends, steps) = (args.short(0)?, args.short(1)?, args.short(2)?);
    let starts = Source::<Timestamp>::new(&starts, args.rows)?;
    let ends = Source::<Timestamp>::new(&ends, args.rows)?;
    let steps = Source::<Period>::new(&steps, args.rows)?;
    let names = (args.values.len() > 3).then(|| args.short(3)).transpose()?;
    let names = names.as_ref().map(|names| Source::<Text>::new(names, args.rows)).transpose()?;

    let mut all = Vec::new();
    let mut lengths = Vec::with_capacity(args.rows);
    for row in 0..args.rows {
        let before = all.len();
        let has_zone = names.as_ref().is_none_or(|names| !names.is_null(row));
        if has_zone && !starts.is_null(row) && !ends.is_null(row) && !steps.is_null(row) {
            let name = names.as_ref().map_or(Ok(""), |names| names.get(row)).map_err(external)?;
            let step = steps.get(row).and_then(SeriesStep::new).map_err(external)?;
            let (mut at, last) = (starts.get(row).map_err(external)?, ends.get(row).map_err(external)?);
            // All of them are made before the first is read.
            if !timestamp_is_finite(last) && step.reaches(at, last) {
                return Err(FunctionError::TooLarge.into());
            }
            while step.reaches(at, last) {
                if (all.len() * size_of::<i64>()) as u64 >= MAX_BATCH_BYTES {
                    return Err(FunctionError::TooLarge.into());
                }
                all.push(at);
                at = next(step, at, name).map_err(external)?;
            }
        }
        lengths.push(all.len() - before);
    }
    let values = TimestampMicrosecondArray::from(all).with_timezone_opt(zone.clone());
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(ListArray::try_new(Arc::clone(item), offsets, Arc::new(values), None)?))
}
