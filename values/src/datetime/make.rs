//! make_date and its like, and to_timestamp of a number.

use std::fmt::Write as _;

use super::abbreviations::{self, Abbreviation};
use super::cast::timestamp_to_timestamptz;
use super::fault::Fault;
use super::parts::read_displacement;
use super::{
    DAY, HOUR, Interval, MAX_TIMESTAMP, MIN_TIMESTAMP, MINUTE, POSTGRES_EPOCH, SECOND, TIMESTAMP_INFINITY,
    TIMESTAMP_NEG_INFINITY, Zone, date_in_range, interval_out_of_range, timestamp_in_range,
};
use crate::civil;
use crate::{Result, ValueError, code};

fn wrong(message: String) -> ValueError {
    ValueError::new(code::DATETIME_OVERFLOW, message)
}

/// A negative year is one BC.
pub fn make_date(year: i32, month: i32, day: i32) -> Result<i32> {
    // A message says the year before the year 1 as 0.
    let said = if (-i32::MAX..0).contains(&year) { year + 1 } else { year };
    let days = civil_days(year, month, day);
    let days = days.ok_or_else(|| wrong(format!("date field value out of range: {said}-{month:02}-{day:02}")))?;
    date_in_range(days).ok_or_else(|| wrong(format!("date out of range: {said}-{month:02}-{day:02}")))
}

/// None if there is no such date.
fn civil_days(year: i32, month: i32, day: i32) -> Option<i64> {
    // Before the year 1 is the year -1; the least year has no opposite.
    let year = match year {
        0 | i32::MIN => return None,
        ..0 => year + 1,
        _ => year,
    };
    let (month, day) = (u32::try_from(month).ok()?, u32::try_from(day).ok()?);
    let is_date = day >= 1 && day <= civil::days_in_month(year, month);
    is_date.then(|| civil::days_from_civil(year, month, day))
}

pub fn make_time(hour: i32, minute: i32, second: f64) -> Result<i64> {
    let micros = || {
        // Seconds count as they are rounded.
        let micros = (second * SECOND as f64).round_ties_even();
        if !(0..=24).contains(&hour) || !(0..=59).contains(&minute) || !(0.0..=60e6).contains(&micros) {
            return None;
        }
        let micros = i64::from(hour) * HOUR + i64::from(minute) * MINUTE + micros as i64;
        (micros <= DAY).then_some(micros)
    };
    micros().ok_or_else(|| wrong(format!("time field value out of range: {hour}:{minute:02}:{}", percent_g(second, 2))))
}

pub fn make_timestamp(year: i32, month: i32, day: i32, hour: i32, minute: i32, second: f64) -> Result<i64> {
    let days = civil_days(year, month, day);
    let days = days.ok_or_else(|| wrong(format!("date field value out of range: {year}-{month:02}-{day:02}")))?;
    // Farther out there is no date either.
    if date_in_range(days).is_none() {
        return Err(wrong(format!("date out of range: {year}-{month:02}-{day:02}")));
    }
    let time = make_time(hour, minute, second)?;
    timestamp_in_range(i128::from(days) * i128::from(DAY) + i128::from(time)).ok_or_else(|| {
        let second = percent_g(second, 2);
        wrong(format!("timestamp out of range: {year}-{month:02}-{day:02} {hour}:{minute:02}:{second}"))
    })
}

/// Local time of a zone, the session's.
pub fn make_timestamptz(
    (year, month, day): (i32, i32, i32),
    (hour, minute, second): (i32, i32, f64),
    zone: &Zone,
) -> Result<i64> {
    let local = make_timestamp(year, month, day, hour, minute, second)?;
    timestamp_to_timestamptz(local, zone)
}

/// Local time of a zone that is named, which is looked at after the rest.
pub fn make_timestamptz_in(
    (year, month, day): (i32, i32, i32),
    (hour, minute, second): (i32, i32, f64),
    zone: &str,
) -> Result<i64> {
    let local = make_timestamp(year, month, day, hour, minute, second)?;
    timestamp_to_timestamptz(local, &zone_argument(zone)?)
}

/// A zone as make_timestamptz takes it: numbers are east of UTC, other than where POSIX's form is read.
fn zone_argument(name: &str) -> Result<Zone> {
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(ValueError::invalid_parameter(format!(
            "invalid input syntax for type numeric time zone: \"{name}\""
        ))
        .hint("Numeric time zones must have \"-\" or \"+\" as first character."));
    }
    match read_displacement(name.as_bytes()) {
        Ok(offset) => return Ok(Zone::fixed(offset)),
        Err(Fault::ZoneDisplacement) => {
            return Err(ValueError::invalid_parameter(format!("numeric time zone \"{name}\" out of range")));
        }
        Err(_) => {}
    }
    match abbreviations::find(name.to_ascii_lowercase().as_bytes()) {
        Some(Abbreviation::Standard(offset) | Abbreviation::Daylight(offset)) => Ok(Zone::fixed(offset)),
        _ => Zone::of_name(name),
    }
}

/// The arguments of make_interval but for seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IntervalFields {
    pub years: i32,
    pub months: i32,
    pub weeks: i32,
    pub days: i32,
    pub hours: i32,
    pub minutes: i32,
}

pub fn make_interval(fields: IntervalFields, seconds: f64) -> Result<Interval> {
    let made = || {
        let months = fields.years.checked_mul(12)?.checked_add(fields.months)?;
        let days = fields.weeks.checked_mul(7)?.checked_add(fields.days)?;
        let time = i64::from(fields.hours) * HOUR + i64::from(fields.minutes) * MINUTE;
        let seconds = (seconds * SECOND as f64).round_ties_even();
        if !(i64::MIN as f64..-(i64::MIN as f64)).contains(&seconds) {
            return None;
        }
        Interval::finite(months, days, time.checked_add(seconds as i64)?).ok()
    };
    made().ok_or_else(interval_out_of_range)
}

/// Of seconds since 1970.
pub fn to_timestamp(seconds: f64) -> Result<i64> {
    if seconds.is_nan() {
        return Err(wrong("timestamp cannot be NaN".to_owned()));
    }
    if seconds.is_infinite() {
        return Ok(if seconds > 0.0 { TIMESTAMP_INFINITY } else { TIMESTAMP_NEG_INFINITY });
    }
    let out_of_range = || wrong(format!("timestamp out of range: \"{}\"", percent_g(seconds, 0)));
    let scale = SECOND as f64;
    if !(MIN_TIMESTAMP as f64 / scale..=MAX_TIMESTAMP as f64 / scale).contains(&seconds) {
        return Err(out_of_range());
    }
    // Rounded as PostgreSQL does: as seconds since 2000, of which a float holds more digits.
    let since = ((seconds - (POSTGRES_EPOCH / SECOND) as f64) * scale).round_ties_even();
    timestamp_in_range(since as i128 + i128::from(POSTGRES_EPOCH)).ok_or_else(out_of_range)
}

/// A number as C's `%g` prints it, with zeros before it up to a width.
fn percent_g(value: f64, width: usize) -> String {
    const DIGITS: i32 = 6;
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let scientific = format!("{:.*e}", DIGITS as usize - 1, value);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent = exponent.parse::<i32>().unwrap_or(0);
    let trimmed = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    let mut text = String::new();
    // Writing to a String can't fail.
    let _ = if (-4..DIGITS).contains(&exponent) {
        let decimals = (DIGITS - 1 - exponent).max(0) as usize;
        write!(text, "{}", trimmed(&format!("{value:.decimals$}")))
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        write!(text, "{}e{sign}{:02}", trimmed(mantissa), exponent.abs())
    };
    let missing = width.saturating_sub(text.len());
    let at = usize::from(text.starts_with('-'));
    text.insert_str(at, &"0".repeat(missing));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message<T: std::fmt::Debug>(result: Result<T>) -> String {
        result.unwrap_err().message
    }

    #[test]
    fn made() {
        assert_eq!(make_date(-44, 3, 15).unwrap(), civil::days_from_civil(-43, 3, 15) as i32);
        assert_eq!(message(make_date(2024, 2, 30)), "date field value out of range: 2024-02-30");
        assert_eq!(message(make_date(-44, 13, 1)), "date field value out of range: -43-13-01");
        assert_eq!(make_time(8, 15, 23.5).unwrap(), 29_723_500_000);
        assert_eq!(message(make_time(24, 0, 0.1)), "time field value out of range: 24:00:0.1");
        assert_eq!(message(make_timestamp(2024, 7, 1, 25, 0, 5.0)), "time field value out of range: 25:00:05");
        let at_noon = |zone| make_timestamptz_in((2024, 7, 1), (12, 0, 0.0), zone);
        assert_eq!(at_noon("+02").unwrap(), 1_719_828_000 * SECOND);
        assert_eq!(message(at_noon("8")), "invalid input syntax for type numeric time zone: \"8\"");
        let fields = IntervalFields { years: 1, months: 2, weeks: 3, days: 4, hours: 5, minutes: 6 };
        assert_eq!(make_interval(fields, 7.5).unwrap(), Interval::new(14, 25, 18_367_500_000));
        assert!(make_interval(fields, f64::INFINITY).is_err());
        assert_eq!(to_timestamp(1.5).unwrap(), 1_500_000);
        assert_eq!(message(to_timestamp(1e20)), "timestamp out of range: \"1e+20\"");
        assert_eq!(message(to_timestamp(f64::NAN)), "timestamp cannot be NaN");
    }

    #[test]
    fn numbers() {
        for (value, expected) in
            [(5.0, "05"), (0.5, "0.5"), (-1.0, "-1"), (1_234_567.5, "1.23457e+06"), (0.000_012_34, "1.234e-05")]
        {
            assert_eq!(percent_g(value, 2), expected);
        }
    }
}
