//! date_trunc and date_bin.

use super::interval::IntervalParts;
use super::sum::in_zone;
use super::unit::{Temporal, Unit, UnitName};
use super::{
    DAY, HOUR, Interval, MINUTE, SECOND, Zone, interval_out_of_range, joined, shifted, split, timestamp_is_finite,
};
use crate::civil;
use crate::{Result, ValueError, code};

const MILLISECOND: i64 = 1_000;

pub fn trunc_timestamp(unit: &UnitName, timestamp: i64) -> Result<i64> {
    if !timestamp_is_finite(timestamp) {
        return Ok(timestamp);
    }
    trunc_local(unit, timestamp, Temporal::Timestamp)
}

/// By the clock of a zone: the session's, or the one that was given.
pub fn trunc_timestamptz(unit: &UnitName, timestamp: i64, zone: &Zone) -> Result<i64> {
    if !timestamp_is_finite(timestamp) {
        return Ok(timestamp);
    }
    let of = Temporal::TimestampTz;
    match unit.span() {
        // Within a day the offset stays what it is.
        Some(Unit::Microsecond | Unit::Millisecond | Unit::Second | Unit::Minute | Unit::Hour) => {
            let offset = i64::from(zone.offset_at(timestamp.div_euclid(SECOND))) * SECOND;
            let local = trunc_local(unit, timestamp.saturating_add(offset), of)?;
            shifted(local, -offset)
        }
        _ => in_zone(timestamp, zone, |local| trunc_local(unit, local, of)),
    }
}

fn trunc_local(unit: &UnitName, timestamp: i64, of: Temporal) -> Result<i64> {
    // The first timestamp is a midnight: nothing is cut below it.
    Ok(match unit.span().ok_or_else(|| unit.not_recognized(of))? {
        Unit::Microsecond => timestamp,
        Unit::Millisecond => floor::<MILLISECOND>(timestamp),
        Unit::Second => floor::<SECOND>(timestamp),
        Unit::Minute => floor::<MINUTE>(timestamp),
        Unit::Hour => floor::<HOUR>(timestamp),
        Unit::Day => floor::<DAY>(timestamp),
        unit @ (Unit::Week
        | Unit::Month
        | Unit::Quarter
        | Unit::Year
        | Unit::Decade
        | Unit::Century
        | Unit::Millennium) => joined(trunc_date(unit, split(timestamp).0), 0)?,
        _ => return Err(unit.not_supported(of)),
    })
}

/// The same of many, for a unit that always lasts as long; `None` for others.
pub fn trunc_timestamps(unit: &UnitName, timestamps: &[i64]) -> Option<Vec<i64>> {
    fn all<const STEP: i64>(timestamps: &[i64]) -> Vec<i64> {
        let cut = |at: &i64| if timestamp_is_finite(*at) { floor::<STEP>(*at) } else { *at };
        timestamps.iter().map(cut).collect()
    }
    Some(match unit.span()? {
        Unit::Millisecond => all::<MILLISECOND>(timestamps),
        Unit::Second => all::<SECOND>(timestamps),
        Unit::Minute => all::<MINUTE>(timestamps),
        Unit::Hour => all::<HOUR>(timestamps),
        Unit::Day => all::<DAY>(timestamps),
        _ => return None,
    })
}

/// By a step that the compiler knows: division by it is quick.
fn floor<const STEP: i64>(timestamp: i64) -> i64 {
    timestamp.saturating_sub(timestamp.rem_euclid(STEP))
}

fn trunc_date(unit: Unit, days: i32) -> i64 {
    if unit == Unit::Week {
        return i64::from(days) + 1 - i64::from(civil::iso_day_of_week(days));
    }
    let (year, month, day) = civil::civil_from_days(days);
    // Years are counted from 1 but for decades, and go on without a gap before it.
    let first_of = |years: i32| (year - 1).div_euclid(years) * years + 1;
    match unit {
        Unit::Month => i64::from(days) + 1 - i64::from(day),
        Unit::Quarter => civil::days_from_civil(year, (month - 1) / 3 * 3 + 1, 1),
        Unit::Year => civil::year_start(year),
        Unit::Decade => civil::year_start(year.div_euclid(10) * 10),
        Unit::Century => civil::year_start(first_of(100)),
        _ => civil::year_start(first_of(1_000)),
    }
}

/// Towards zero, part by part.
pub fn trunc_interval(unit: &UnitName, interval: Interval) -> Result<Interval> {
    if !interval.is_finite() {
        return Ok(interval);
    }
    let Interval { months, days, micros } = interval;
    let years = |years: i32| {
        let parts = IntervalParts::from(interval);
        Interval::new(parts.years / years * years * 12, 0, 0)
    };
    let time = |step: i64| Interval::new(months, days, micros / step * step);
    let of = Temporal::Interval;
    Ok(match unit.span().ok_or_else(|| unit.not_recognized(of))? {
        Unit::Microsecond => interval,
        Unit::Millisecond => time(MILLISECOND),
        Unit::Second => time(SECOND),
        Unit::Minute => time(MINUTE),
        Unit::Hour => time(HOUR),
        Unit::Day => Interval::new(months, days, 0),
        Unit::Month => Interval::new(months, 0, 0),
        Unit::Quarter => Interval::new(months / 3 * 3, 0, 0),
        Unit::Year => years(1),
        Unit::Decade => years(10),
        Unit::Century => years(100),
        Unit::Millennium => years(1_000),
        Unit::Week => return Err(unit.not_supported(of).detail("Months usually have fractional weeks.")),
        _ => return Err(unit.not_supported(of)),
    })
}

/// The beginning of the bin that a timestamp is in, local or of UTC, where bins as wide as `stride` begin at `origin`.
pub fn date_bin(stride: Interval, timestamp: i64, origin: i64) -> Result<i64> {
    let wrong = |message| ValueError::new(code::DATETIME_OVERFLOW, message);
    if !timestamp_is_finite(timestamp) {
        return Ok(timestamp);
    }
    if !timestamp_is_finite(origin) {
        return Err(wrong("origin out of range"));
    }
    if !stride.is_finite() {
        return Err(wrong("timestamps cannot be binned into infinite intervals"));
    }
    if stride.months != 0 {
        return Err(ValueError::new(
            code::FEATURE_NOT_SUPPORTED,
            "timestamps cannot be binned into intervals containing months or years",
        ));
    }
    let width = i64::from(stride.days).checked_mul(DAY).and_then(|days| days.checked_add(stride.micros));
    let width = width.ok_or_else(interval_out_of_range)?;
    if width <= 0 {
        return Err(wrong("stride must be greater than zero"));
    }
    let since = timestamp.checked_sub(origin).ok_or_else(interval_out_of_range)?;
    shifted(timestamp, -since.rem_euclid(width))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datetime::{IntervalStyle, Style, parse_interval, parse_timestamp, timestamp_text, timestamptz_text};

    #[test]
    fn units() {
        let style = Style::default();
        let timestamp = parse_timestamp("2024-08-09 10:11:12.345678", -1, &style, 0).unwrap();
        for (unit, expected) in [
            ("millennium", "2001-01-01 00:00:00"),
            ("century", "2001-01-01 00:00:00"),
            ("decade", "2020-01-01 00:00:00"),
            ("year", "2024-01-01 00:00:00"),
            ("quarter", "2024-07-01 00:00:00"),
            ("month", "2024-08-01 00:00:00"),
            ("week", "2024-08-05 00:00:00"),
            ("day", "2024-08-09 00:00:00"),
            ("Hours", "2024-08-09 10:00:00"),
            ("minute", "2024-08-09 10:11:00"),
            ("second", "2024-08-09 10:11:12"),
            ("millisecond", "2024-08-09 10:11:12.345"),
            ("microseconds", "2024-08-09 10:11:12.345678"),
            ("dow", "22023 unit \"dow\" not recognized for type timestamp without time zone"),
            ("timezone", "0A000 unit \"timezone\" not supported for type timestamp without time zone"),
        ] {
            let said = match trunc_timestamp(&UnitName::new(unit), timestamp) {
                Ok(timestamp) => timestamp_text(timestamp, &style),
                Err(error) => format!("{} {}", error.code, error.message),
            };
            assert_eq!(said, expected);
        }
        assert_eq!(trunc_timestamp(&UnitName::new("nothing"), i64::MAX).unwrap(), i64::MAX);
        let first = super::super::MIN_TIMESTAMP;
        assert!(trunc_timestamp(&UnitName::new("century"), first).is_err());
    }

    #[test]
    fn days_of_a_zone() {
        let style = Style { zone: Zone::of_name("Europe/Berlin").unwrap(), ..Style::default() };
        let second_half_past_two = 1_729_992_600 * SECOND;
        for (unit, expected) in
            [("month", "2024-10-01 00:00:00+02"), ("day", "2024-10-27 00:00:00+02"), ("hour", "2024-10-27 02:00:00+01")]
        {
            let timestamp = trunc_timestamptz(&UnitName::new(unit), second_half_past_two, &style.zone).unwrap();
            assert_eq!(timestamptz_text(timestamp, &style), expected);
        }
    }

    #[test]
    fn intervals_and_bins() {
        let interval = |text| parse_interval(text, -1, IntervalStyle::Postgres).unwrap();
        let span = interval("17 mons 3 days 04:05:06.789");
        assert_eq!(trunc_interval(&UnitName::new("quarter"), span).unwrap(), interval("15 mons"));
        assert!(trunc_interval(&UnitName::new("week"), span).unwrap_err().detail.is_some());

        let timestamp = |text| parse_timestamp(text, -1, &Style::default(), 0).unwrap();
        for (stride, at, origin, expected) in [
            ("15 min", "2024-01-01 00:37:11", "2001-01-01 00:02", Ok("2024-01-01 00:32")),
            ("1 day", "1999-01-01 12:00", "2001-01-01", Ok("1999-01-01")),
            ("0", "1999-01-01", "2001-01-01", Err("stride must be greater than zero")),
            ("1 day", "1999-01-01", "infinity", Err("origin out of range")),
            (
                "1 mon",
                "1999-01-01",
                "2001-01-01",
                Err("timestamps cannot be binned into intervals containing months or years"),
            ),
        ] {
            let bin = date_bin(interval(stride), timestamp(at), timestamp(origin)).map_err(|error| error.message);
            assert_eq!(bin, expected.map(timestamp).map_err(str::to_owned));
        }
    }
}
