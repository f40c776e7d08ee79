//! What a type's modifier, such as the 3 of `timestamp(3)`, does to a value.

use super::interval::MONTHS_PER_YEAR;
use super::unit::Unit;
use super::{
    HOUR, Interval, MINUTE, POSTGRES_EPOCH, TimeTz, interval_out_of_range, timestamp_in_range, timestamp_is_finite,
    timestamp_out_of_range,
};
use crate::Result;

const MAX_PRECISION: i32 = 6;

/// Powers of ten by which microseconds are rounded to a number of digits.
fn rounding_unit(precision: i32) -> Option<i64> {
    (0..MAX_PRECISION).contains(&precision).then(|| (precision..MAX_PRECISION).fold(1, |unit, _| unit * 10))
}

/// To the nearest multiple, ties away from zero; None if it is too large.
fn round_to(value: i64, unit: i64) -> Option<i64> {
    let half = if value < 0 { -(unit / 2) } else { unit / 2 };
    Some(value.checked_add(half)? / unit * unit)
}

/// `timestamp(p)` and `timestamptz(p)`; any other modifier than 0 to 5 changes nothing.
pub fn round_timestamp(timestamp: i64, precision: i32) -> Result<i64> {
    let Some(unit) = rounding_unit(precision).filter(|_| timestamp_is_finite(timestamp)) else { return Ok(timestamp) };
    let rounded = timestamp.checked_sub(POSTGRES_EPOCH).and_then(|since| round_to(since, unit));
    let rounded = rounded.map(|since| i128::from(since) + i128::from(POSTGRES_EPOCH));
    rounded.and_then(timestamp_in_range).ok_or_else(timestamp_out_of_range)
}

/// `time(p)`.
pub fn round_time(micros: i64, precision: i32) -> i64 {
    rounding_unit(precision).and_then(|unit| round_to(micros, unit)).unwrap_or(micros)
}

/// `timetz(p)`.
pub fn round_timetz(time: TimeTz, precision: i32) -> TimeTz {
    TimeTz { micros: round_time(time.micros, precision), ..time }
}

/// `interval(p)`, `interval year to month` and so on, by the modifier as PostgreSQL's catalogs hold it.
pub fn round_interval(interval: Interval, typmod: i32) -> Result<Interval> {
    IntervalTypmod::new(typmod).apply(interval)
}

/// Which fields an interval has, as a set of bits, and how many digits its seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct IntervalTypmod {
    fields: i32,
    precision: i32,
}

const MONTHS: i32 = 1 << 1;
const YEARS: i32 = 1 << 2;
const DAYS: i32 = 1 << 3;
const HOURS: i32 = 1 << 10;
const MINUTES: i32 = 1 << 11;
const SECONDS: i32 = 1 << 12;
const ALL_FIELDS: i32 = 0x7FFF;

impl IntervalTypmod {
    pub fn new(typmod: i32) -> Self {
        if typmod < 0 {
            return Self { fields: ALL_FIELDS, precision: MAX_PRECISION };
        }
        Self { fields: (typmod >> 16) & ALL_FIELDS, precision: typmod & 0xFFFF }
    }

    /// What a number that stands last, without a unit, counts.
    pub fn last_unit(self) -> Unit {
        match self.last_field() {
            Some(YEARS) => Unit::Year,
            Some(MONTHS) => Unit::Month,
            Some(DAYS) => Unit::Day,
            Some(HOURS) => Unit::Hour,
            Some(MINUTES) => Unit::Minute,
            _ => Unit::Second,
        }
    }

    pub fn is_minutes_to_seconds(self) -> bool {
        self.fields == MINUTES | SECONDS
    }

    /// The smallest field, of the sets that there are types for.
    fn last_field(self) -> Option<i32> {
        const TO_HOUR: i32 = DAYS | HOURS;
        const TO_MINUTE: i32 = TO_HOUR | MINUTES;
        const TO_SECOND: i32 = TO_MINUTE | SECONDS;
        const HOUR_TO_MINUTE: i32 = HOURS | MINUTES;
        const HOUR_TO_SECOND: i32 = HOURS | MINUTES | SECONDS;
        const MINUTE_TO_SECOND: i32 = MINUTES | SECONDS;
        const TO_MONTH: i32 = YEARS | MONTHS;
        match self.fields {
            YEARS => Some(YEARS),
            MONTHS | TO_MONTH => Some(MONTHS),
            DAYS => Some(DAYS),
            HOURS | TO_HOUR => Some(HOURS),
            MINUTES | HOUR_TO_MINUTE | TO_MINUTE => Some(MINUTES),
            SECONDS | MINUTE_TO_SECOND | HOUR_TO_SECOND | TO_SECOND => Some(SECONDS),
            _ => None,
        }
    }

    pub fn apply(self, interval: Interval) -> Result<Interval> {
        if !interval.is_finite() {
            return Ok(interval);
        }
        let Interval { months, days, micros } = interval;
        let cut = match self.last_field() {
            Some(YEARS) => Interval::new(months / MONTHS_PER_YEAR * MONTHS_PER_YEAR, 0, 0),
            Some(MONTHS) => Interval::new(months, 0, 0),
            Some(DAYS) => Interval::new(months, days, 0),
            Some(HOURS) => Interval::new(months, days, micros / HOUR * HOUR),
            Some(MINUTES) => Interval::new(months, days, micros / MINUTE * MINUTE),
            _ => interval,
        };
        let Some(unit) = rounding_unit(self.precision) else { return Ok(cut) };
        let micros = round_to(cut.micros, unit).ok_or_else(interval_out_of_range)?;
        Ok(Interval { micros, ..cut })
    }
}
