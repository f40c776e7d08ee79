//! extract and date_part: one part of a value, as PostgreSQL's numeric and as a float.

use super::interval::{DAYS_PER_MONTH, IntervalParts};
use super::unit::{Temporal, Unit, UnitName};
use super::{
    DATE_INFINITY, DATE_NEG_INFINITY, DAY, HOUR, Interval, MINUTE, SECOND, TIMESTAMP_INFINITY, TimeTz, Zone,
    date_is_finite, split, split_local, timestamp_is_finite,
};
use crate::{Result, civil};

const SECS_PER_DAY: i64 = DAY / SECOND;
const SECS_PER_HOUR: i64 = 3_600;
const DAYS_PER_YEAR: f64 = 365.25;

/// A part's value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Extracted {
    /// `unscaled` / 10^`scale`.
    Finite {
        unscaled: i128,
        scale: u8,
    },
    Infinity,
    NegInfinity,
}

/// A part before it is known how it is wanted.
enum Part {
    Whole(i64),
    /// Microseconds, of which milliseconds are wanted.
    Millis(i64),
    /// Microseconds, of which seconds are wanted.
    Seconds(i64),
    /// Microseconds since 1970, of which seconds are wanted.
    Epoch(i64),
    TimeTzEpoch(TimeTz),
    IntervalEpoch(Interval),
    /// The Julian day, with the time as its fraction.
    Julian {
        day: i64,
        micros: i64,
    },
    Infinite {
        is_negative: bool,
    },
    Null,
}

impl Part {
    #[inline]
    fn extracted(self) -> Option<Extracted> {
        let finite = |unscaled, scale| Some(Extracted::Finite { unscaled, scale });
        match self {
            Self::Whole(value) => finite(value.into(), 0),
            Self::Millis(micros) => finite(micros.into(), 3),
            Self::Seconds(micros) => finite(micros.into(), 6),
            Self::Epoch(micros) => finite(micros.into(), 6),
            Self::TimeTzEpoch(time) => finite(time.utc_micros().into(), 6),
            Self::IntervalEpoch(interval) => finite(interval_epoch(interval), 6),
            Self::Julian { day, micros } => {
                let scale = julian_scale(micros);
                let unit = 10_i128.pow(scale);
                let day_micros = i128::from(DAY);
                let fraction = (i128::from(micros) * unit + day_micros / 2) / day_micros;
                finite(i128::from(day) * unit + fraction, scale as u8)
            }
            Self::Infinite { is_negative: false } => Some(Extracted::Infinity),
            Self::Infinite { is_negative: true } => Some(Extracted::NegInfinity),
            Self::Null => None,
        }
    }

    #[inline]
    fn float(self) -> Option<f64> {
        Some(match self {
            Self::Whole(value) => value as f64,
            Self::Millis(micros) => (micros / SECOND) as f64 * 1e3 + (micros % SECOND) as f64 / 1e3,
            Self::Seconds(micros) => (micros / SECOND) as f64 + (micros % SECOND) as f64 / 1e6,
            Self::Epoch(micros) => micros as f64 / 1e6,
            // Floats are added as PostgreSQL does, so that the last digit is the same.
            Self::TimeTzEpoch(time) => time.micros as f64 / 1e6 - f64::from(time.offset),
            Self::IntervalEpoch(interval) => {
                let parts = IntervalParts::from(interval);
                let years = f64::from(parts.years) * (DAYS_PER_YEAR * SECS_PER_DAY as f64);
                let months = f64::from(parts.months) * (f64::from(DAYS_PER_MONTH) * SECS_PER_DAY as f64);
                let days = f64::from(parts.days) * SECS_PER_DAY as f64;
                interval.micros as f64 / 1e6 + years + months + days
            }
            Self::Julian { day, micros } => {
                let seconds = (micros / SECOND) as f64 + (micros % SECOND) as f64 / 1e6;
                day as f64 + seconds / SECS_PER_DAY as f64
            }
            Self::Infinite { is_negative: false } => f64::INFINITY,
            Self::Infinite { is_negative: true } => f64::NEG_INFINITY,
            Self::Null => return None,
        })
    }
}

/// As many decimals as a quotient of numerics has: sixteen digits that count, in groups of four, by what the leading
/// groups of the two say of its size.
fn julian_scale(micros: i64) -> u32 {
    // The divisor, 864 0000 0000, leads with 864 in the third group.
    match micros {
        0..=864 => 28,
        865..=8_649_999 => 24,
        _ => 20,
    }
}

/// One function for a numeric and one for a float for each type; NULL is None.
macro_rules! functions {
    ($($extract:ident, $date_part:ident($($argument:ident: $type:ty),*) = $part:ident;)*) => {
        $(
            pub fn $extract(unit: &UnitName, $($argument: $type),*) -> Result<Option<Extracted>> {
                $part(unit, $($argument),*).map(Part::extracted)
            }

            pub fn $date_part(unit: &UnitName, $($argument: $type),*) -> Result<Option<f64>> {
                $part(unit, $($argument),*).map(Part::float)
            }
        )*
    };
}

functions! {
    extract_time, date_part_time(time: i64) = time_part;
    extract_timetz, date_part_timetz(time: TimeTz) = timetz_part;
    extract_timestamp, date_part_timestamp(timestamp: i64) = timestamp_part;
    extract_timestamptz, date_part_timestamptz(timestamp: i64, zone: &Zone) = timestamptz_part;
    extract_interval, date_part_interval(interval: Interval) = interval_part;
}

pub fn extract_date(unit: &UnitName, date: i32) -> Result<Option<Extracted>> {
    date_only_part(unit, date).map(Part::extracted)
}

/// As of the timestamp that the date is cast to.
pub fn date_part_date(unit: &UnitName, date: i32) -> Result<Option<f64>> {
    timestamp_part(unit, super::cast::date_to_timestamp(date)?).map(Part::float)
}

/// Parts of the date alone.
#[inline]
fn date_part(unit: Unit, days: i32) -> Option<i64> {
    let days_since_monday = || i64::from(civil::iso_day_of_week(days));
    let (year, month, day) = match unit {
        Unit::Dow => return Some(days_since_monday() % 7),
        Unit::Isodow => return Some(days_since_monday()),
        Unit::Doy => return Some(civil::day_of_year(days).into()),
        Unit::Week => return Some(civil::iso_week(days).1.into()),
        Unit::Isoyear => {
            let year = i64::from(civil::iso_week(days).0);
            return Some(if year > 0 { year } else { year - 1 });
        }
        Unit::Day | Unit::Month | Unit::Quarter | Unit::Year | Unit::Decade | Unit::Century | Unit::Millennium => {
            civil::civil_from_days(days)
        }
        _ => return None,
    };
    let year = i64::from(year);
    // There is no year, century or millennium 0.
    let without_zero = |value: i64| if value > 0 { value } else { value - 1 };
    Some(match unit {
        Unit::Day => day.into(),
        Unit::Month => month.into(),
        Unit::Quarter => i64::from((month - 1) / 3 + 1),
        Unit::Year => without_zero(year),
        Unit::Decade => year.div_euclid(10),
        Unit::Century => without_zero((year - 1).div_euclid(100) + 1),
        _ => without_zero((year - 1).div_euclid(1_000) + 1),
    })
}

/// Parts of the time alone.
#[inline]
fn clock_part(unit: Unit, micros: i64) -> Option<Part> {
    Some(match unit {
        Unit::Microsecond => Part::Whole(micros % MINUTE),
        Unit::Millisecond => Part::Millis(micros % MINUTE),
        Unit::Second => Part::Seconds(micros % MINUTE),
        Unit::Minute => Part::Whole(micros / MINUTE % 60),
        Unit::Hour => Part::Whole(micros / HOUR),
        _ => return None,
    })
}

/// Parts of the offset alone.
#[inline]
fn offset_part(unit: Unit, offset: i32) -> Option<i64> {
    let offset = i64::from(offset);
    Some(match unit {
        Unit::Timezone => offset,
        Unit::TimezoneHour => offset / SECS_PER_HOUR,
        Unit::TimezoneMinute => offset / 60 % 60,
        _ => return None,
    })
}

/// Parts that grow without end do so towards infinity; others have no value there.
fn infinite_part(unit: Unit, is_negative: bool) -> Part {
    match unit {
        Unit::Year | Unit::Decade | Unit::Century | Unit::Millennium | Unit::Julian | Unit::Isoyear | Unit::Epoch => {
            Part::Infinite { is_negative }
        }
        _ => Part::Null,
    }
}

fn date_only_part(unit: &UnitName, date: i32) -> Result<Part> {
    let of = Temporal::Date;
    let part = unit.require_part(of, true)?;
    let is_time = matches!(
        part,
        Unit::Microsecond
            | Unit::Millisecond
            | Unit::Second
            | Unit::Minute
            | Unit::Hour
            | Unit::Timezone
            | Unit::TimezoneHour
            | Unit::TimezoneMinute
    );
    if is_time {
        return Err(unit.not_supported(of));
    }
    if !date_is_finite(date) {
        debug_assert!(date == DATE_INFINITY || date == DATE_NEG_INFINITY);
        return Ok(infinite_part(part, date == DATE_NEG_INFINITY));
    }
    match part {
        Unit::Julian => Ok(Part::Whole(civil::julian_day(date))),
        Unit::Epoch => Ok(Part::Whole(i64::from(date) * SECS_PER_DAY)),
        _ => date_part(part, date).map(Part::Whole).ok_or_else(|| unit.not_supported(of)),
    }
}

fn time_part(unit: &UnitName, time: i64) -> Result<Part> {
    let of = Temporal::Time;
    match unit.require_part(of, false)? {
        Unit::Epoch => Ok(Part::Seconds(time)),
        part => clock_part(part, time).ok_or_else(|| unit.not_supported(of)),
    }
}

fn timetz_part(unit: &UnitName, time: TimeTz) -> Result<Part> {
    let of = Temporal::TimeTz;
    let part = unit.require_part(of, false)?;
    if part == Unit::Epoch {
        return Ok(Part::TimeTzEpoch(time));
    }
    clock_part(part, time.micros)
        .or_else(|| offset_part(part, time.offset).map(Part::Whole))
        .ok_or_else(|| unit.not_supported(of))
}

fn timestamp_part(unit: &UnitName, timestamp: i64) -> Result<Part> {
    let of = Temporal::Timestamp;
    let part = unit.require_part(of, true)?;
    if !timestamp_is_finite(timestamp) {
        return Ok(infinite_part(part, timestamp != TIMESTAMP_INFINITY));
    }
    if part == Unit::Epoch {
        return Ok(Part::Epoch(timestamp));
    }
    local_part(part, split(timestamp)).ok_or_else(|| unit.not_supported(of))
}

fn timestamptz_part(unit: &UnitName, timestamp: i64, zone: &Zone) -> Result<Part> {
    let of = Temporal::TimestampTz;
    let part = unit.require_part(of, true)?;
    if !timestamp_is_finite(timestamp) {
        return Ok(infinite_part(part, timestamp != TIMESTAMP_INFINITY));
    }
    if part == Unit::Epoch {
        return Ok(Part::Epoch(timestamp));
    }
    let offset = zone.offset_at(timestamp.div_euclid(SECOND));
    if let Some(part) = offset_part(part, offset) {
        return Ok(Part::Whole(part));
    }
    local_part(part, split_local(timestamp, offset)).ok_or_else(|| unit.not_supported(of))
}

#[inline]
fn local_part(part: Unit, (days, micros): (i32, i64)) -> Option<Part> {
    if part == Unit::Julian {
        return Some(Part::Julian { day: civil::julian_day(days), micros });
    }
    clock_part(part, micros).or_else(|| date_part(part, days).map(Part::Whole))
}

fn interval_part(unit: &UnitName, interval: Interval) -> Result<Part> {
    let of = Temporal::Interval;
    let is_finite = interval.is_finite();
    let part = unit.require_part(of, !is_finite)?;
    let parts = IntervalParts::from(interval);
    let whole = match part {
        Unit::Microsecond => parts.seconds * SECOND + parts.micros,
        Unit::Millisecond | Unit::Second if !is_finite => return Ok(Part::Null),
        Unit::Millisecond => return Ok(Part::Millis(parts.seconds * SECOND + parts.micros)),
        Unit::Second => return Ok(Part::Seconds(parts.seconds * SECOND + parts.micros)),
        Unit::Minute => parts.minutes,
        Unit::Hour => parts.hours,
        Unit::Day => parts.days.into(),
        Unit::Month => parts.months.into(),
        Unit::Quarter => i64::from(parts.months / 3 + 1),
        Unit::Year => parts.years.into(),
        Unit::Decade => i64::from(parts.years / 10),
        Unit::Century => i64::from(parts.years / 100),
        Unit::Millennium => i64::from(parts.years / 1_000),
        Unit::Epoch => 0,
        _ => return Err(unit.not_supported(of)),
    };
    if !is_finite {
        return Ok(match part {
            Unit::Microsecond | Unit::Minute | Unit::Month | Unit::Quarter => Part::Null,
            _ => Part::Infinite { is_negative: interval == Interval::NEG_INFINITY },
        });
    }
    if part == Unit::Epoch {
        return Ok(Part::IntervalEpoch(interval));
    }
    Ok(Part::Whole(whole))
}

/// Years of 365 and a quarter days, other months of 30.
fn interval_epoch(interval: Interval) -> i128 {
    let parts = IntervalParts::from(interval);
    let quarter_days = i64::from(parts.years) * 1_461 + i64::from(parts.months) * 120 + i64::from(interval.days) * 4;
    i128::from(quarter_days) * i128::from(DAY / 4) + i128::from(interval.micros)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::days_from_civil;
    use crate::datetime::{IntervalStyle, Style, parse_interval, parse_timestamp};

    fn finite(unscaled: i128, scale: u8) -> Option<Extracted> {
        Some(Extracted::Finite { unscaled, scale })
    }

    #[test]
    fn timestamps() {
        let timestamp = parse_timestamp("2024-08-09 10:11:12.345678", -1, &Style::default(), 0).unwrap();
        for (unit, unscaled, scale) in [
            ("century", 21, 0),
            ("day", 9, 0),
            ("decade", 202, 0),
            ("dow", 5, 0),
            ("doy", 222, 0),
            ("epoch", 1_723_198_272_345_678, 6),
            ("hour", 10, 0),
            ("isodow", 5, 0),
            ("isoyear", 2024, 0),
            ("julian", 246_053_242_444_844_534_722_222_222, 20),
            ("microseconds", 12_345_678, 0),
            ("millennium", 3, 0),
            ("milliseconds", 12_345_678, 3),
            ("minute", 11, 0),
            ("month", 8, 0),
            ("quarter", 3, 0),
            ("second", 12_345_678, 6),
            ("week", 32, 0),
            ("year", 2024, 0),
        ] {
            assert_eq!(extract_timestamp(&UnitName::new(unit), timestamp).unwrap(), finite(unscaled, scale), "{unit}");
        }
        assert_eq!(date_part_timestamp(&UnitName::new("second"), timestamp).unwrap(), Some(12.345_678));
        for (unit, expected) in [
            ("timezone", "0A000 unit \"timezone\" not supported for type timestamp without time zone"),
            ("now", "0A000 unit \"now\" not supported for type timestamp without time zone"),
            ("fortnight", "22023 unit \"fortnight\" not recognized for type timestamp without time zone"),
        ] {
            let error = extract_timestamp(&UnitName::new(unit), timestamp).unwrap_err();
            assert_eq!(format!("{} {}", error.code, error.message), expected);
        }
        assert_eq!(extract_timestamp(&UnitName::new("day"), i64::MAX).unwrap(), None);
        assert_eq!(extract_timestamp(&UnitName::new("year"), i64::MIN).unwrap(), Some(Extracted::NegInfinity));
    }

    #[test]
    fn before_christ() {
        let ides = i32::try_from(days_from_civil(-43, 3, 15)).unwrap();
        for (unit, expected) in
            [("century", -1), ("decade", -5), ("millennium", -1), ("year", -44), ("isoyear", -44), ("week", 11)]
        {
            assert_eq!(extract_date(&UnitName::new(unit), ides).unwrap(), finite(expected, 0), "{unit}");
        }
    }

    #[test]
    fn others() {
        let interval = parse_interval("-17 mons 3 days 04:05:06.5", -1, IntervalStyle::Postgres).unwrap();
        for (unit, unscaled, scale) in [
            ("epoch", -44_243_693_500_000, 6),
            ("quarter", 0, 0),
            ("month", -5, 0),
            ("hour", 4, 0),
            ("second", 6_500_000, 6),
            ("year", -1, 0),
        ] {
            assert_eq!(extract_interval(&UnitName::new(unit), interval).unwrap(), finite(unscaled, scale), "{unit}");
        }
        assert_eq!(extract_interval(&UnitName::new("week"), interval).unwrap_err().code, "0A000");
        assert_eq!(extract_interval(&UnitName::new("hour"), Interval::INFINITY).unwrap(), Some(Extracted::Infinity));
        assert_eq!(extract_interval(&UnitName::new("minute"), Interval::INFINITY).unwrap(), None);

        let time = TimeTz { micros: 14_706_500_000, offset: -19_800 };
        for (unit, unscaled, scale) in [
            ("epoch", 34_506_500_000, 6),
            ("timezone", -19_800, 0),
            ("timezone_hour", -5, 0),
            ("timezone_minute", -30, 0),
        ] {
            assert_eq!(extract_timetz(&UnitName::new(unit), time).unwrap(), finite(unscaled, scale), "{unit}");
        }
        assert_eq!(extract_time(&UnitName::new("day"), 0).unwrap_err().code, "0A000");
        assert_eq!(extract_time(&UnitName::new("now"), 0).unwrap_err().code, "22023");
    }
}
