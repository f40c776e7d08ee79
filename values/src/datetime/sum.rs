//! Sums and differences of dates, times and timestamps (documentation, 9.9, table 9.32).

use std::cmp::Ordering;

use super::cast::{date_to_timestamp, no_timestamp};
use super::{
    DAY, Interval, SECOND, TIMESTAMP_INFINITY, TIMESTAMP_NEG_INFINITY, TimeTz, Zone, checked_timestamp, date_in_range,
    date_is_finite, date_out_of_range, interval_out_of_range, joined, shifted, split, timestamp_is_finite,
    timestamp_out_of_range,
};
use crate::civil;
use crate::{Result, ValueError, code};

pub fn date_add_days(date: i32, days: i32) -> Result<i32> {
    if !date_is_finite(date) {
        return Ok(date);
    }
    date_in_range(i64::from(date) + i64::from(days)).ok_or_else(date_out_of_range)
}

pub fn date_subtract_days(date: i32, days: i32) -> Result<i32> {
    if !date_is_finite(date) {
        return Ok(date);
    }
    date_in_range(i64::from(date) - i64::from(days)).ok_or_else(date_out_of_range)
}

/// Days from `b` to `a`.
pub fn date_minus_date(a: i32, b: i32) -> Result<i32> {
    if !date_is_finite(a) || !date_is_finite(b) {
        return Err(ValueError::new(code::DATETIME_OVERFLOW, "cannot subtract infinite dates"));
    }
    // The dates that there are lie closer together than 32 bits reach.
    Ok(a.wrapping_sub(b))
}

pub fn date_add_interval(date: i32, interval: Interval) -> Result<i64> {
    timestamp_add_interval(date_to_timestamp(date)?, interval)
}

pub fn date_subtract_interval(date: i32, interval: Interval) -> Result<i64> {
    timestamp_subtract_interval(date_to_timestamp(date)?, interval)
}

/// A timestamp.
pub fn date_add_time(date: i32, time: i64) -> Result<i64> {
    let midnight = date_to_timestamp(date)?;
    if !timestamp_is_finite(midnight) {
        return Ok(midnight);
    }
    shifted(midnight, time)
}

/// A timestamp of UTC.
pub fn date_add_timetz(date: i32, time: TimeTz) -> Result<i64> {
    let midnight = date_to_timestamp(date)?;
    if !timestamp_is_finite(midnight) {
        return Ok(midnight);
    }
    shifted(midnight, time.utc_micros()).map_err(|_| no_timestamp())
}

/// Local time, or any where months and days are those of UTC.
pub fn timestamp_add_interval(timestamp: i64, interval: Interval) -> Result<i64> {
    match add_infinite(timestamp, interval)? {
        Some(infinite) => Ok(infinite),
        None => {
            let timestamp = add_months(timestamp, interval.months)?;
            let timestamp = add_days(timestamp, interval.days)?;
            shifted(timestamp, interval.micros)
        }
    }
}

pub fn timestamp_subtract_interval(timestamp: i64, interval: Interval) -> Result<i64> {
    timestamp_add_interval(timestamp, interval.negated()?)
}

/// Months and days are those of the zone: a day may have 23 hours.
pub fn timestamptz_add_interval(timestamp: i64, interval: Interval, zone: &Zone) -> Result<i64> {
    match add_infinite(timestamp, interval)? {
        Some(infinite) => Ok(infinite),
        None => {
            let mut timestamp = timestamp;
            if interval.months != 0 {
                timestamp = in_zone(timestamp, zone, |local| add_months(local, interval.months))?;
            }
            if interval.days != 0 {
                timestamp = in_zone(timestamp, zone, |local| add_days(local, interval.days))?;
            }
            shifted(timestamp, interval.micros)
        }
    }
}

pub fn timestamptz_subtract_interval(timestamp: i64, interval: Interval, zone: &Zone) -> Result<i64> {
    timestamptz_add_interval(timestamp, interval.negated()?, zone)
}

/// What is infinite if one of the two is; opposite infinities have no sum.
fn add_infinite(timestamp: i64, interval: Interval) -> Result<Option<i64>> {
    let infinite = match interval {
        Interval::INFINITY => TIMESTAMP_INFINITY,
        Interval::NEG_INFINITY => TIMESTAMP_NEG_INFINITY,
        _ if timestamp_is_finite(timestamp) => return Ok(None),
        _ => return Ok(Some(timestamp)),
    };
    if timestamp_is_finite(timestamp) || timestamp == infinite {
        Ok(Some(infinite))
    } else {
        Err(timestamp_out_of_range())
    }
}

fn add_months(timestamp: i64, months: i32) -> Result<i64> {
    if months == 0 {
        return Ok(timestamp);
    }
    let (days, micros) = split(timestamp);
    let (year, month, day) = civil::civil_from_days(days);
    let month = i64::from(year) * 12 + i64::from(month) - 1 + i64::from(months);
    let year = i32::try_from(month.div_euclid(12)).map_err(|_| timestamp_out_of_range())?;
    let month = month.rem_euclid(12) as u32 + 1;
    // Of a month that is too short, the last day.
    let day = day.min(civil::days_in_month(year, month));
    let days = civil::days_from_civil(year, month, day);
    joined(days, micros)
}

fn add_days(timestamp: i64, days: i32) -> Result<i64> {
    // 32 bits of days are microseconds enough for 68 bits.
    match i64::from(days).checked_mul(DAY) {
        Some(micros) => shifted(timestamp, micros),
        None => checked_timestamp(i128::from(timestamp) + i128::from(days) * i128::from(DAY)),
    }
}

/// What is done to a moment's local time, and back.
pub(super) fn in_zone(timestamp: i64, zone: &Zone, change: impl Fn(i64) -> Result<i64>) -> Result<i64> {
    let offset = i64::from(zone.offset_at(timestamp.div_euclid(SECOND)));
    let local = change(timestamp.saturating_add(offset * SECOND))?;
    let offset = i64::from(zone.offset_of_local(local.div_euclid(SECOND)));
    shifted(local, -offset * SECOND)
}

/// Days and time from `b` to `a`: no months.
pub fn timestamp_minus_timestamp(a: i64, b: i64) -> Result<Interval> {
    if let Some(infinite) = subtract_infinite(a, b)? {
        return Ok(infinite);
    }
    let micros = a.checked_sub(b).ok_or_else(interval_out_of_range)?;
    Ok(Interval::new(0, (micros / DAY) as i32, micros % DAY))
}

/// Equal infinities have no difference.
pub(super) fn subtract_infinite(a: i64, b: i64) -> Result<Option<Interval>> {
    if timestamp_is_finite(a) && timestamp_is_finite(b) {
        return Ok(None);
    }
    // One of the two is infinite: their order says which way.
    match a.cmp(&b) {
        Ordering::Less => Ok(Some(Interval::NEG_INFINITY)),
        Ordering::Greater => Ok(Some(Interval::INFINITY)),
        Ordering::Equal => Err(interval_out_of_range()),
    }
}

/// Around the clock: months and days change nothing.
pub fn time_add_interval(time: i64, interval: Interval) -> Result<i64> {
    if !interval.is_finite() {
        return Err(ValueError::new(code::DATETIME_OVERFLOW, "cannot add infinite interval to time"));
    }
    // Past 64 bits PostgreSQL's sum wraps around.
    Ok(time.wrapping_add(interval.micros).rem_euclid(DAY))
}

pub fn time_subtract_interval(time: i64, interval: Interval) -> Result<i64> {
    if !interval.is_finite() {
        return Err(ValueError::new(code::DATETIME_OVERFLOW, "cannot subtract infinite interval from time"));
    }
    Ok(time.wrapping_sub(interval.micros).rem_euclid(DAY))
}

pub fn time_minus_time(a: i64, b: i64) -> Interval {
    Interval::new(0, 0, a - b)
}

pub fn timetz_add_interval(time: TimeTz, interval: Interval) -> Result<TimeTz> {
    Ok(TimeTz { micros: time_add_interval(time.micros, interval)?, ..time })
}

pub fn timetz_subtract_interval(time: TimeTz, interval: Interval) -> Result<TimeTz> {
    Ok(TimeTz { micros: time_subtract_interval(time.micros, interval)?, ..time })
}

impl TimeTz {
    /// The time of UTC, which may be of the day before or after.
    pub(super) fn utc_micros(self) -> i64 {
        self.micros - i64::from(self.offset) * SECOND
    }

    /// By the moment; of the same moment, the time with the offset further east comes first.
    pub fn compare(self, other: Self) -> Ordering {
        self.utc_micros().cmp(&other.utc_micros()).then(other.offset.cmp(&self.offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datetime::{
        IntervalStyle, Style, interval_text, parse_date, parse_interval, parse_timestamp, parse_timestamptz,
        timestamp_text, timestamptz_text,
    };

    fn interval(text: &str) -> Interval {
        parse_interval(text, -1, IntervalStyle::Postgres).unwrap()
    }

    #[test]
    fn timestamps() {
        let style = Style::default();
        for (timestamp, span, expected) in [
            ("2024-01-31", "1 mon", Ok("2024-02-29 00:00:00")),
            ("2024-03-31 12:00", "-1 mon -1 day -1:00", Ok("2024-02-28 11:00:00")),
            ("infinity", "-1 day", Ok("infinity")),
            ("2024-01-01", "-infinity", Ok("-infinity")),
            ("infinity", "-infinity", Err("timestamp out of range")),
            ("4714-11-24 BC", "-1 us", Err("timestamp out of range")),
            ("2024-01-01", "2147483647 mons", Err("timestamp out of range")),
        ] {
            let sum = timestamp_add_interval(parse_timestamp(timestamp, -1, &style, 0).unwrap(), interval(span));
            let sum = sum.map(|sum| timestamp_text(sum, &style)).map_err(|error| error.message);
            assert_eq!(sum.as_deref().map_err(String::as_str), expected, "{timestamp} + {span}");
        }
        let [a, b] = ["2024-03-01", "2024-01-01 06:00"].map(|text| parse_timestamp(text, -1, &style, 0).unwrap());
        let difference = timestamp_minus_timestamp(a, b).unwrap();
        assert_eq!(interval_text(difference, IntervalStyle::Postgres), "59 days 18:00:00");
        assert!(timestamp_minus_timestamp(i64::MAX, i64::MAX).is_err());
    }

    #[test]
    fn days_of_a_zone() {
        let style = Style { zone: Zone::of_name("America/New_York").unwrap(), ..Style::default() };
        for (timestamp, span, expected) in [
            ("2024-03-09 12:00", "1 day", "2024-03-10 12:00:00-04"),
            ("2024-03-09 12:00", "24 hours", "2024-03-10 13:00:00-04"),
            ("2024-11-03 01:30", "1 mon 1 hour", "2024-12-03 02:30:00-05"),
        ] {
            let timestamp = parse_timestamptz(timestamp, -1, &style, 0).unwrap();
            let sum = timestamptz_add_interval(timestamp, interval(span), &style.zone).unwrap();
            assert_eq!(timestamptz_text(sum, &style), expected);
        }
    }

    #[test]
    fn dates_and_times() {
        let date = |text| parse_date(text, &Style::default(), 0).unwrap();
        assert_eq!(date_minus_date(date("2024-03-01"), date("2024-02-01")).unwrap(), 29);
        assert_eq!(date_minus_date(i32::MAX, 0).unwrap_err().message, "cannot subtract infinite dates");
        assert_eq!(date_add_days(date("5874897-12-31"), 1).unwrap_err().message, "date out of range");
        assert_eq!(
            date_add_interval(date("5874897-12-31"), Interval::default()).unwrap_err().message,
            "date out of range for timestamp"
        );
        let half_to_midnight = DAY - DAY / 48;
        assert_eq!(time_add_interval(half_to_midnight, interval("2 days 01:00")).unwrap(), DAY / 48);
        assert!(time_add_interval(0, Interval::INFINITY).is_err());
        let (here, east) = (TimeTz { micros: 0, offset: 0 }, TimeTz { micros: DAY / 24, offset: 3_600 });
        assert_eq!((here.compare(east), east.compare(here)), (Ordering::Greater, Ordering::Less));
    }
}
