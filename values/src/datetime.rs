//! PostgreSQL's dates, times, timestamps and intervals (documentation, 8.5 and 9.9).
//!
//! A date is an `i32` of days, a timestamp an `i64` of microseconds since 1970-01-01, local or of UTC; a time is an
//! `i64` of microseconds. The least and the greatest dates and timestamps are the infinities.

mod abbreviations;
mod age;
mod cast;
mod decode;
mod extract;
mod fault;
mod input;
mod interval;
mod interval_in;
mod interval_iso;
mod interval_out;
mod make;
mod output;
mod parts;
mod posix;
mod scan;
mod series;
mod span;
mod style;
mod sum;
mod token;
mod transitions;
mod trunc;
mod typmod;
mod tzif;
mod unit;
mod words;
mod zone;

pub use age::{age, age_tz, age_tz_until_today, age_until_today};
pub use cast::{
    compare_date_timestamp, compare_date_timestamptz, compare_timestamp_timestamptz, date_to_timestamp,
    date_to_timestamptz, interval_to_time, time_to_interval, time_to_timetz, timestamp_to_date, timestamp_to_time,
    timestamp_to_timestamptz, timestamptz_to_date, timestamptz_to_time, timestamptz_to_timestamp,
    timestamptz_to_timetz, timetz_at_zone,
};
pub use extract::{
    Extracted, date_part_date, date_part_interval, date_part_time, date_part_timestamp, date_part_timestamptz,
    date_part_timetz, extract_date, extract_interval, extract_time, extract_timestamp, extract_timestamptz,
    extract_timetz,
};
pub use input::{parse_date, parse_time, parse_timestamp, parse_timestamptz, parse_timetz};
pub use interval_in::parse_interval;
pub use interval_out::{interval_text, write_interval};
pub use make::{
    IntervalFields, make_date, make_interval, make_time, make_timestamp, make_timestamptz, make_timestamptz_in,
    to_timestamp,
};
pub use output::{
    date_text, time_text, timestamp_text, timestamptz_text, timetz_text, write_date, write_time, write_timestamp,
    write_timestamptz, write_timetz,
};
pub use series::{SeriesStep, overlaps};
pub use style::{DateOrder, DateStyle, IntervalStyle, Style};
pub use sum::{
    date_add_days, date_add_interval, date_add_time, date_add_timetz, date_minus_date, date_subtract_days,
    date_subtract_interval, time_add_interval, time_minus_time, time_subtract_interval, timestamp_add_interval,
    timestamp_minus_timestamp, timestamp_subtract_interval, timestamptz_add_interval, timestamptz_subtract_interval,
    timetz_add_interval, timetz_subtract_interval,
};
pub use trunc::{date_bin, trunc_interval, trunc_timestamp, trunc_timestamps, trunc_timestamptz};
pub use typmod::{round_interval, round_time, round_timestamp, round_timetz};
pub use unit::{Temporal, Unit, UnitName};
pub use zone::{Zone, ZoneTime};

use crate::{Result, ValueError, civil};

pub const SECOND: i64 = 1_000_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

pub const DATE_INFINITY: i32 = i32::MAX;
pub const DATE_NEG_INFINITY: i32 = i32::MIN;
pub const TIMESTAMP_INFINITY: i64 = i64::MAX;
pub const TIMESTAMP_NEG_INFINITY: i64 = i64::MIN;

/// November 24 of 4714 BC, the first day that there is; December 31 of 5874897 is the last.
pub const MIN_DATE: i32 = -2_440_588;
pub const MAX_DATE: i32 = 2_145_042_905;
pub const MIN_TIMESTAMP: i64 = MIN_DATE as i64 * DAY;
/// PostgreSQL goes on to the year 294276: thirty years more than 64 bits of microseconds since 1970 hold.
pub const MAX_TIMESTAMP: i64 = i64::MAX - 1;

/// The last day that has a Julian day number of 32 bits, which is after the last date.
const LAST_JULIAN: i64 = i32::MAX as i64 - civil::UNIX_EPOCH_JULIAN;

/// 2000-01-01, since which PostgreSQL itself counts: where it rounds, ties go away from there.
const POSTGRES_EPOCH: i64 = 10_957 * DAY;

/// A time of day with the offset it was given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeTz {
    pub micros: i64,
    /// Seconds east of UTC.
    pub offset: i32,
}

/// A span of time: months, days and the rest count apart. Equality is of the fields: see [`Interval::compare`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Interval {
    pub months: i32,
    pub days: i32,
    pub micros: i64,
}

/// Whether a word of small letters is the abbreviation of a zone.
pub fn is_zone_abbreviation(word: &str) -> bool {
    abbreviations::find(word.as_bytes()).is_some()
}

#[inline]
pub fn date_is_finite(date: i32) -> bool {
    date != DATE_INFINITY && date != DATE_NEG_INFINITY
}

#[inline]
pub fn timestamp_is_finite(timestamp: i64) -> bool {
    timestamp != TIMESTAMP_INFINITY && timestamp != TIMESTAMP_NEG_INFINITY
}

/// A finite date within the range of dates.
#[inline]
fn date_in_range(days: i64) -> Option<i32> {
    i32::try_from(days).ok().filter(|days| (MIN_DATE..=MAX_DATE).contains(days))
}

/// A finite timestamp within the range of timestamps.
#[inline]
fn timestamp_in_range(micros: i128) -> Option<i64> {
    i64::try_from(micros).ok().filter(|micros| (MIN_TIMESTAMP..=MAX_TIMESTAMP).contains(micros))
}

#[cold]
fn date_out_of_range() -> ValueError {
    ValueError::datetime_out_of_range("date")
}

#[cold]
fn timestamp_out_of_range() -> ValueError {
    ValueError::datetime_out_of_range("timestamp")
}

#[cold]
fn interval_out_of_range() -> ValueError {
    ValueError::datetime_out_of_range("interval")
}

fn checked_timestamp(micros: i128) -> Result<i64> {
    timestamp_in_range(micros).ok_or_else(timestamp_out_of_range)
}

/// The sum of a timestamp and microseconds.
#[inline]
fn shifted(timestamp: i64, micros: i64) -> Result<i64> {
    match timestamp.checked_add(micros) {
        Some(sum) if (MIN_TIMESTAMP..=MAX_TIMESTAMP).contains(&sum) => Ok(sum),
        _ => Err(timestamp_out_of_range()),
    }
}

/// The timestamp of a day and a time, either of which may be far off.
#[inline]
fn joined(days: i64, micros: i64) -> Result<i64> {
    let midnight = days.checked_mul(DAY).ok_or_else(timestamp_out_of_range)?;
    shifted(midnight, micros)
}

/// The days and the microseconds of the day of a finite timestamp.
#[inline]
fn split(timestamp: i64) -> (i32, i64) {
    // 64 bits of microseconds are fewer days than 32 bits hold.
    let days = timestamp.div_euclid(DAY);
    (days as i32, timestamp.wrapping_sub(days.wrapping_mul(DAY)))
}

/// The same of the local time at an offset, which may be out of the range of timestamps.
#[inline]
fn split_local(timestamp: i64, offset: i32) -> (i32, i64) {
    let (days, micros) = split(timestamp);
    let micros = micros + i64::from(offset) * SECOND;
    (days + micros.div_euclid(DAY) as i32, micros.rem_euclid(DAY))
}
