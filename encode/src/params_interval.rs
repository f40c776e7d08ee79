//! Intervals from their text form: `1 year 2 mons -3 days 04:05:06.7`, `@ 1 day ago`, `P1Y2M3DT4H5M6S`, `1-2`.

use super::error::EncodeError;
use super::interval::Interval;

const SECOND_US: f64 = 1e6;
const DAY_US: f64 = 86_400e6;

/// Reads an interval.
pub(super) fn parse_interval(text: &str) -> Result<Interval, EncodeError> {
    let trimmed = text.trim();
    let sum = match trimmed.strip_prefix('P') {
        Some(designators) => iso_8601(designators),
        None => units(trimmed),
    };
    let sum = sum.ok_or_else(|| EncodeError::invalid_datetime("interval", text))?;
    sum.into_interval()
        .ok_or_else(|| EncodeError::new("22008", format!("interval field value out of range: \"{text}\"")))
}

/// The parts read so far; fractions have been carried down already.
#[derive(Default)]
struct Sum {
    months: i64,
    days: i64,
    micros: f64,
    whole_micros: i64,
}

impl Sum {
    /// Adds `value` units, a fraction of a month as days of 30 to it and of a day as time, as PostgreSQL does.
    fn add(&mut self, value: f64, unit: Unit) {
        match unit {
            Unit::Months(count) => {
                let months = value * count;
                let whole = months.trunc();
                self.months = self.months.saturating_add(whole as i64);
                // Years are carried into whole months only.
                if count == 1.0 && whole != months {
                    self.add(((months - whole) * 30.0 * 1e6).round() / 1e6, Unit::Days(1.0));
                }
            }
            Unit::Days(count) => {
                let days = value * count;
                self.days = self.days.saturating_add(days.trunc() as i64);
                self.micros += days.fract() * DAY_US;
            }
            Unit::Micros(count) => {
                let micros = value * count;
                self.whole_micros = self.whole_micros.saturating_add(micros.trunc() as i64);
                self.micros += micros.fract();
            }
        }
    }

    fn negated(self) -> Self {
        Self { months: -self.months, days: -self.days, micros: -self.micros, whole_micros: -self.whole_micros }
    }

    fn into_interval(self) -> Option<Interval> {
        Some(Interval {
            months: i32::try_from(self.months).ok()?,
            days: i32::try_from(self.days).ok()?,
            micros: self.whole_micros.checked_add(self.micros.round() as i64)?,
        })
    }
}

#[derive(Clone, Copy)]
enum Unit {
    Months(f64),
    Days(f64),
    Micros(f64),
}

fn unit(name: &str) -> Option<Unit> {
    Some(match name.to_ascii_lowercase().as_str() {
        "y" | "yr" | "yrs" | "year" | "years" => Unit::Months(12.0),
        "mon" | "mons" | "month" | "months" => Unit::Months(1.0),
        "decade" | "decades" => Unit::Months(120.0),
        "century" | "centuries" => Unit::Months(1200.0),
        "w" | "week" | "weeks" => Unit::Days(7.0),
        "d" | "day" | "days" => Unit::Days(1.0),
        "h" | "hr" | "hrs" | "hour" | "hours" => Unit::Micros(3600.0 * SECOND_US),
        "m" | "min" | "mins" | "minute" | "minutes" => Unit::Micros(60.0 * SECOND_US),
        "" | "s" | "sec" | "secs" | "second" | "seconds" => Unit::Micros(SECOND_US),
        "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => Unit::Micros(1e3),
        "us" | "usec" | "usecs" | "microsecond" | "microseconds" => Unit::Micros(1.0),
        _ => return None,
    })
}

fn units(text: &str) -> Option<Sum> {
    let mut sum = Sum::default();
    let text = text.strip_prefix('@').unwrap_or(text);
    let mut words = text.split_ascii_whitespace().peekable();
    words.peek()?;
    while let Some(word) = words.next() {
        if word.eq_ignore_ascii_case("ago") {
            return words.next().is_none().then(|| sum.negated());
        }
        if word.contains(':') {
            clock(word, &mut sum)?;
        } else if let Some((years, months)) = year_month(word) {
            sum.add(years, Unit::Months(12.0));
            sum.add(months, Unit::Months(1.0));
        } else {
            let end = word.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(word.len());
            let value: f64 = word[..end].parse().ok()?;
            let bare = end == word.len();
            let next = words.peek().copied();
            let name = match (bare, next) {
                (true, Some(next)) if next.contains(':') => "day",
                (true, Some(next)) if !next.eq_ignore_ascii_case("ago") => words.next()?,
                _ => &word[end..],
            };
            sum.add(value, unit(name)?);
        }
    }
    Some(sum)
}

/// `1-2` of the SQL standard: years and months.
fn year_month(word: &str) -> Option<(f64, f64)> {
    let (negative, digits) = match word.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, word.strip_prefix('+').unwrap_or(word)),
    };
    let (years, months) = digits.split_once('-')?;
    let sign = if negative { -1.0 } else { 1.0 };
    Some((sign * f64::from(years.parse::<u32>().ok()?), sign * f64::from(months.parse::<u32>().ok()?)))
}

/// `[+-]H:MM[:SS[.ffffff]]`, hours without bound.
fn clock(word: &str, sum: &mut Sum) -> Option<()> {
    let (sign, digits) = match word.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, word.strip_prefix('+').unwrap_or(word)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    for (index, part) in whole.split(':').enumerate() {
        let unit_us = *[3600.0 * SECOND_US, 60.0 * SECOND_US, SECOND_US].get(index)?;
        let value: u32 = part.parse().ok()?;
        if index > 0 && value >= 60 + u32::from(index == 2) {
            return None;
        }
        sum.add(sign * f64::from(value), Unit::Micros(unit_us));
    }
    let micros = super::params_datetime::fraction_us(fraction)? as f64;
    sum.add(sign * micros, Unit::Micros(1.0));
    Some(())
}

/// What follows the `P`: `1Y2M3W4DT5H6M7.8S`.
fn iso_8601(text: &str) -> Option<Sum> {
    let mut sum = Sum::default();
    let (mut rest, mut in_time) = (text, false);
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        if let Some(time) = rest.strip_prefix('T') {
            (rest, in_time) = (time, true);
            continue;
        }
        let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let value: f64 = rest[..end].parse().ok()?;
        let unit = match (rest.as_bytes()[end], in_time) {
            (b'Y', false) => Unit::Months(12.0),
            (b'M', false) => Unit::Months(1.0),
            (b'W', false) => Unit::Days(7.0),
            (b'D', false) => Unit::Days(1.0),
            (b'H', true) => Unit::Micros(3600.0 * SECOND_US),
            (b'M', true) => Unit::Micros(60.0 * SECOND_US),
            (b'S', true) => Unit::Micros(SECOND_US),
            _ => return None,
        };
        sum.add(value, unit);
        rest = &rest[end + 1..];
    }
    Some(sum)
}
