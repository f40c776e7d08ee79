//! Age: the difference of two timestamps in years, months, days and time.

use super::interval::MONTHS_PER_YEAR;
use super::sum::subtract_infinite;
use super::{DAY, Interval, SECOND, Zone, interval_out_of_range, split, split_local, timestamp_is_finite};
use crate::{Result, civil};

/// From `b` to `a`, both local.
pub fn age(a: i64, b: i64) -> Result<Interval> {
    match subtract_infinite(a, b)? {
        Some(infinite) => Ok(infinite),
        None => between(split(a), split(b), a < b),
    }
}

/// From `b` to `a` by the clocks of the zone: that they were changed in between doesn't count.
pub fn age_tz(a: i64, b: i64, zone: &Zone) -> Result<Interval> {
    if let Some(infinite) = subtract_infinite(a, b)? {
        return Ok(infinite);
    }
    let local = |moment: i64| split_local(moment, zone.offset_at(moment.div_euclid(SECOND)));
    between(local(a), local(b), a < b)
}

/// From a timestamp to the midnight with which today begins in the zone.
pub fn age_until_today(timestamp: i64, zone: &Zone, now: i64) -> Result<Interval> {
    let (today, _) = split_local(now, zone.offset_at(now.div_euclid(SECOND)));
    age(i64::from(today).saturating_mul(DAY), timestamp)
}

/// The same for a moment: to today's midnight in the zone.
pub fn age_tz_until_today(timestamp: i64, zone: &Zone, now: i64) -> Result<Interval> {
    if !timestamp_is_finite(timestamp) {
        return age(now, timestamp);
    }
    let (today, _) = split_local(now, zone.offset_at(now.div_euclid(SECOND)));
    let midnight = i64::from(today).saturating_mul(DAY);
    let offset = i64::from(zone.offset_of_local(midnight / SECOND));
    age_tz(midnight.saturating_sub(offset * SECOND), timestamp, zone)
}

/// `is_negative` says whether the first is the earlier moment: by local time alone it may not be.
fn between((a_days, a_micros): (i32, i64), (b_days, b_micros): (i32, i64), is_negative: bool) -> Result<Interval> {
    let (a_date, b_date) = (civil::civil_from_days(a_days), civil::civil_from_days(b_days));
    let sign = if is_negative { -1 } else { 1 };
    let mut years = (a_date.0 - b_date.0) * sign;
    let mut months = (a_date.1 as i32 - b_date.1 as i32) * sign;
    let mut days = (a_date.2 as i32 - b_date.2 as i32) * sign;
    let mut micros = (a_micros - b_micros) * i64::from(sign);

    if micros < 0 {
        micros += DAY;
        days -= 1;
    }
    // Days are borrowed from the month of the earlier date.
    let (year, month, _) = if is_negative { a_date } else { b_date };
    while days < 0 {
        days += civil::days_in_month(year, month) as i32;
        months -= 1;
    }
    while months < 0 {
        months += MONTHS_PER_YEAR;
        years -= 1;
    }
    let months = (years * MONTHS_PER_YEAR + months) * sign;
    let interval = Interval::new(months, days * sign, micros * i64::from(sign));
    if interval.is_finite() { Ok(interval) } else { Err(interval_out_of_range()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datetime::{IntervalStyle, Style, interval_text, parse_timestamp};

    #[test]
    fn ages() {
        for (a, b, expected) in [
            ("2001-04-10", "1957-06-13", "43 years 9 mons 27 days"),
            ("2024-03-01", "2024-01-31", "1 mon 1 day"),
            ("2024-01-31", "2024-03-01", "-1 mons -1 days"),
            ("2024-03-01 00:00", "2024-02-29 23:59:59.5", "00:00:00.5"),
            ("infinity", "2024-01-01", "infinity"),
            ("4714-11-24 BC", "294247-01-01", "-298959 years -1 mons -7 days"),
        ] {
            let style = Style::default();
            let [a, b] = [a, b].map(|text| parse_timestamp(text, -1, &style, 0).unwrap());
            assert_eq!(interval_text(age(a, b).unwrap(), IntervalStyle::Postgres), expected);
        }
        assert!(age(i64::MAX, i64::MAX).is_err());
    }
}
