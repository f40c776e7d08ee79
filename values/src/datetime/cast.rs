//! Casts between dates, times and timestamps, and what a date is compared with others as.

use std::cmp::Ordering;

use super::{
    DATE_INFINITY, DATE_NEG_INFINITY, DAY, Interval, SECOND, TIMESTAMP_INFINITY, TIMESTAMP_NEG_INFINITY, TimeTz, Zone,
    shifted, split, split_local, timestamp_in_range, timestamp_is_finite,
};
use crate::{Result, ValueError, code};

#[cold]
pub(super) fn no_timestamp() -> ValueError {
    ValueError::new(code::DATETIME_OVERFLOW, "date out of range for timestamp")
}

pub fn date_to_timestamp(date: i32) -> Result<i64> {
    match date {
        DATE_INFINITY => Ok(TIMESTAMP_INFINITY),
        DATE_NEG_INFINITY => Ok(TIMESTAMP_NEG_INFINITY),
        _ => timestamp_in_range(i128::from(date) * i128::from(DAY)).ok_or_else(no_timestamp),
    }
}

/// Midnight in the zone.
pub fn date_to_timestamptz(date: i32, zone: &Zone) -> Result<i64> {
    let midnight = date_to_timestamp(date)?;
    if !timestamp_is_finite(midnight) {
        return Ok(midnight);
    }
    let offset = i64::from(zone.offset_of_local(midnight.div_euclid(SECOND)));
    timestamp_in_range(i128::from(midnight) - i128::from(offset * SECOND)).ok_or_else(no_timestamp)
}

pub fn timestamp_to_date(timestamp: i64) -> i32 {
    match timestamp {
        TIMESTAMP_INFINITY => DATE_INFINITY,
        TIMESTAMP_NEG_INFINITY => DATE_NEG_INFINITY,
        _ => split(timestamp).0,
    }
}

/// The day by the zone's clock: west of UTC it may be one before the first.
pub fn timestamptz_to_date(timestamp: i64, zone: &Zone) -> i32 {
    if !timestamp_is_finite(timestamp) {
        return timestamp_to_date(timestamp);
    }
    split_local(timestamp, zone.offset_at(timestamp.div_euclid(SECOND))).0
}

/// Local time of the zone; also `timestamptz AT TIME ZONE zone`.
pub fn timestamptz_to_timestamp(timestamp: i64, zone: &Zone) -> Result<i64> {
    if !timestamp_is_finite(timestamp) {
        return Ok(timestamp);
    }
    let offset = i64::from(zone.offset_at(timestamp.div_euclid(SECOND)));
    shifted(timestamp, offset * SECOND)
}

/// The moment of a local time of the zone; also `timestamp AT TIME ZONE zone`.
pub fn timestamp_to_timestamptz(timestamp: i64, zone: &Zone) -> Result<i64> {
    if !timestamp_is_finite(timestamp) {
        return Ok(timestamp);
    }
    let offset = i64::from(zone.offset_of_local(timestamp.div_euclid(SECOND)));
    shifted(timestamp, -offset * SECOND)
}

/// None, NULL, of an infinity.
pub fn timestamp_to_time(timestamp: i64) -> Option<i64> {
    timestamp_is_finite(timestamp).then(|| split(timestamp).1)
}

/// None, NULL, of an infinity.
pub fn timestamptz_to_time(timestamp: i64, zone: &Zone) -> Option<i64> {
    timestamptz_to_timetz(timestamp, zone).map(|time| time.micros)
}

/// None, NULL, of an infinity.
pub fn timestamptz_to_timetz(timestamp: i64, zone: &Zone) -> Option<TimeTz> {
    timestamp_is_finite(timestamp).then(|| {
        let offset = zone.offset_at(timestamp.div_euclid(SECOND));
        TimeTz { micros: split_local(timestamp, offset).1, offset }
    })
}

/// With the zone's offset at that time of today's day.
pub fn time_to_timetz(time: i64, zone: &Zone, now: i64) -> TimeTz {
    let today = i64::from(zone.offset_at(now.div_euclid(SECOND))) + now.div_euclid(SECOND);
    let day_secs = DAY / SECOND;
    let offset = zone.offset_of_local(today.div_euclid(day_secs) * day_secs + time / SECOND);
    TimeTz { micros: time, offset }
}

/// The same moment by another zone's clock, with the zone's offset now: `timetz AT TIME ZONE zone`.
pub fn timetz_at_zone(time: TimeTz, zone: &Zone, now: i64) -> TimeTz {
    let offset = zone.offset_at(now.div_euclid(SECOND));
    let micros = (time.utc_micros() + i64::from(offset) * SECOND).rem_euclid(DAY);
    TimeTz { micros, offset }
}

pub fn time_to_interval(time: i64) -> Interval {
    Interval::new(0, 0, time)
}

/// The time of day that is left of it without whole days.
pub fn interval_to_time(interval: Interval) -> Result<i64> {
    if interval.is_finite() {
        Ok(interval.micros.rem_euclid(DAY))
    } else {
        Err(ValueError::new(code::DATETIME_OVERFLOW, "cannot convert infinite interval to time"))
    }
}

/// Dates may lie where no timestamps are: they are before or after all of these then.
pub fn compare_date_timestamp(date: i32, timestamp: i64) -> Ordering {
    let midnight = match date {
        DATE_INFINITY => i128::from(TIMESTAMP_INFINITY),
        DATE_NEG_INFINITY => i128::from(TIMESTAMP_NEG_INFINITY),
        _ => i128::from(date) * i128::from(DAY),
    };
    compare_midnight(midnight, date, timestamp)
}

pub fn compare_date_timestamptz(date: i32, timestamp: i64, zone: &Zone) -> Ordering {
    let midnight = match date {
        DATE_INFINITY => i128::from(TIMESTAMP_INFINITY),
        DATE_NEG_INFINITY => i128::from(TIMESTAMP_NEG_INFINITY),
        _ => {
            let seconds = i64::from(date) * (DAY / SECOND);
            i128::from(seconds - i64::from(zone.offset_of_local(seconds))) * i128::from(SECOND)
        }
    };
    compare_midnight(midnight, date, timestamp)
}

/// A finite date is before infinity, however late it is.
fn compare_midnight(midnight: i128, date: i32, timestamp: i64) -> Ordering {
    if timestamp == TIMESTAMP_INFINITY && date != DATE_INFINITY {
        return Ordering::Less;
    }
    midnight.cmp(&i128::from(timestamp))
}

/// `timestamp` and `timestamptz` as they are compared: by the moment in the session's zone.
pub fn compare_timestamp_timestamptz(timestamp: i64, with_zone: i64, zone: &Zone) -> Ordering {
    if !timestamp_is_finite(timestamp) {
        return timestamp.cmp(&with_zone);
    }
    let offset = i64::from(zone.offset_of_local(timestamp.div_euclid(SECOND)));
    let moment = i128::from(timestamp) - i128::from(offset * SECOND);
    if with_zone == TIMESTAMP_INFINITY { Ordering::Less } else { moment.cmp(&i128::from(with_zone)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infinities_and_ranges() {
        let utc = Zone::utc();
        assert_eq!(date_to_timestamp(DATE_INFINITY).unwrap(), TIMESTAMP_INFINITY);
        assert_eq!(date_to_timestamptz(DATE_NEG_INFINITY, &utc).unwrap(), TIMESTAMP_NEG_INFINITY);
        assert_eq!(timestamptz_to_date(TIMESTAMP_INFINITY, &utc), DATE_INFINITY);
        assert_eq!((timestamp_to_date(-1), timestamp_to_time(-1)), (-1, Some(DAY - 1)));
        assert_eq!(timestamp_to_time(TIMESTAMP_INFINITY), None);
        assert_eq!(date_to_timestamp(200_000_000).unwrap_err().code, "22008");
        assert_eq!(interval_to_time(Interval::new(1, 1, -1)).unwrap(), DAY - 1);
        assert!(interval_to_time(Interval::INFINITY).is_err());
        // A date that no timestamp reaches is after all but infinity.
        assert_eq!(compare_date_timestamp(200_000_000, i64::MAX - 1), Ordering::Greater);
        assert_eq!(compare_date_timestamp(200_000_000, TIMESTAMP_INFINITY), Ordering::Less);
    }

    #[test]
    fn zones() {
        let berlin = Zone::of_name("Europe/Berlin").unwrap();
        let noon = 1_719_828_000 * SECOND;
        assert_eq!(timestamptz_to_timestamp(noon, &berlin).unwrap(), noon + 7_200 * SECOND);
        assert_eq!(timestamp_to_timestamptz(noon, &berlin).unwrap(), noon - 7_200 * SECOND);
        assert_eq!(timestamptz_to_timetz(noon, &berlin).map(|time| time.offset), Some(7_200));
        assert_eq!(time_to_timetz(0, &berlin, noon), TimeTz { micros: 0, offset: 7_200 });
        let late = TimeTz { micros: DAY - SECOND, offset: 0 };
        assert_eq!(timetz_at_zone(late, &berlin, noon), TimeTz { micros: 7_199 * SECOND, offset: 7_200 });
    }
}
