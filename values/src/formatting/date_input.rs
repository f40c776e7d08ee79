//! `to_date` and `to_timestamp`: what was read by a template makes a moment.

use super::calendar::{days_before, is_julian, iso_week_start, julian_day};
use super::date_format::{Convention, DateFormat, Node, Pattern};
use super::date_scan::{Fields, scan};
use super::{DAY, HOUR, MINUTE, SECOND};
use crate::civil::{UNIX_EPOCH_JULIAN, civil_from_days, days_in_month};
use crate::{Result, ValueError, code};

/// A moment that was read by a template. Whether it is in range is seen when [`Parsed::instant`] knows its zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// Microseconds since 1970 in its zone, or the session's where it has none.
    pub local: i64,
    pub zone: Option<Zone>,
}

impl Parsed {
    /// The moment in UTC, given the offset of its zone in seconds east.
    pub fn instant(&self, offset: i32) -> Result<i64> {
        let instant = self.local.checked_sub(i64::from(offset) * SECOND);
        let in_range = instant.filter(|instant| (-UNIX_EPOCH_JULIAN * DAY..i64::MAX).contains(instant));
        in_range.ok_or_else(|| ValueError::datetime_out_of_range("timestamp"))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Zone {
    /// Seconds east.
    Offset(i32),
    /// In small letters.
    Abbreviation(String),
}

/// 5874897-12-31, the last day that a date can be, since 1970.
const LAST_DAY: i64 = 2_145_042_905;

/// `to_date`. Zones are read as in [`to_timestamp`], but don't count.
pub fn to_date(text: &str, format: &DateFormat, is_abbreviation: &dyn Fn(&str) -> bool) -> Result<i32> {
    day(&read(text, format, is_abbreviation)?, text)
}

fn day(read: &Read, text: &str) -> Result<i32> {
    let Read { year, month, day, .. } = *read;
    let out_of_range = || ValueError::new(code::DATETIME_OVERFLOW, format!("date out of range: \"{text}\""));
    if !is_julian(year, month) {
        return Err(out_of_range());
    }
    let days = i64::from(julian_day(year, month, day)) - UNIX_EPOCH_JULIAN;
    match i32::try_from(days) {
        Ok(date) if (-UNIX_EPOCH_JULIAN..=LAST_DAY).contains(&days) => Ok(date),
        _ => Err(out_of_range()),
    }
}

/// `to_timestamp`, whose result is `local` in its zone. `is_abbreviation` says whether a word of small letters is the
/// abbreviation of a zone.
pub fn to_timestamp(text: &str, format: &DateFormat, is_abbreviation: &dyn Fn(&str) -> bool) -> Result<Parsed> {
    let read = read(text, format, is_abbreviation)?;
    Ok(Parsed { local: local(&read)?, zone: read.zone })
}

fn local(read: &Read) -> Result<i64> {
    let Read { year, month, day, time, precision, .. } = *read;
    let out_of_range = || ValueError::datetime_out_of_range("timestamp");
    if !is_julian(year, month) {
        return Err(out_of_range());
    }
    let days = i64::from(julian_day(year, month, day)) - UNIX_EPOCH_JULIAN;
    let local = days.checked_mul(DAY).and_then(|micros| micros.checked_add(time)).ok_or_else(out_of_range)?;
    Ok(if precision == 0 { local } else { rounded(local, precision) })
}

/// What was read by a template as the standard has them: of the type that its patterns make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moment {
    Date(i32),
    /// Microseconds of the day.
    Time(i64),
    TimeTz(i64, Zone),
    /// Microseconds since 1970.
    Timestamp(i64),
    /// The same in its zone.
    TimestampTz(i64, Zone),
}

/// Reads a text by a template of [`DateFormat::parse_strict`] (`parse_datetime` in formatting.c).
pub fn to_moment(text: &str, format: &DateFormat, is_abbreviation: &dyn Fn(&str) -> bool) -> Result<Moment> {
    let read = read(text, format, is_abbreviation)?;
    let wrong = |message: &str| ValueError::new(code::INVALID_DATETIME_FORMAT, message);
    let has = |kind: Kind| {
        let is_one = |node: &Node| matches!(node, Node::Field(field) if kind_of(field.pattern()) == Some(kind));
        format.nodes.iter().any(is_one)
    };
    let zone = |ty: &str| {
        let missing = || wrong(&format!("missing time zone in input string for type {ty}"));
        read.zone.clone().ok_or_else(missing)
    };
    let time = if read.precision == 0 { read.time } else { rounded_time(read.time, read.precision) };
    match (has(Kind::Date), has(Kind::Time), has(Kind::Zone)) {
        (true, true, is_zoned) => {
            let local = local(&read);
            match is_zoned {
                true => {
                    let out_of_range = |_| ValueError::datetime_out_of_range("timestamptz");
                    Ok(Moment::TimestampTz(local.map_err(out_of_range)?, zone("timestamptz")?))
                }
                false => Ok(Moment::Timestamp(local?)),
            }
        }
        (true, false, true) => Err(wrong("datetime format is zoned but not timed")),
        (true, false, false) => day(&read, text).map(Moment::Date),
        (false, true, true) => Ok(Moment::TimeTz(time, zone("timetz")?)),
        (false, true, false) => Ok(Moment::Time(time)),
        (false, false, _) => Err(wrong("datetime format is not dated and not timed")),
    }
}

/// What a pattern tells of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Date,
    Time,
    Zone,
}

fn kind_of(pattern: Pattern) -> Option<Kind> {
    use Pattern::*;
    Some(match pattern {
        Fixed => return None,
        Meridiem { .. }
        | Hour12
        | Hour24
        | Minute
        | Second
        | Milliseconds
        | Microseconds
        | Fraction(_)
        | SecondsOfDay => Kind::Time,
        Zone | Offset | ZoneHour | ZoneMinute => Kind::Zone,
        _ => Kind::Date,
    })
}

struct Read {
    year: i32,
    month: i32,
    day: i32,
    /// Microseconds of the day.
    time: i64,
    precision: u8,
    zone: Option<Zone>,
}

fn read(text: &str, format: &DateFormat, is_abbreviation: &dyn Fn(&str) -> bool) -> Result<Read> {
    let fields = scan(text, format, is_abbreviation)?;
    // In PostgreSQL's order, which decides what error a text with several gets.
    let (hour, minute, second) = clock(&fields)?;
    let date = Date::of(&fields)?;
    let fraction = fields.millis.wrapping_mul(1000).wrapping_add(fields.micros);
    let in_range = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..60).contains(&second);
    if !date.is_valid() || !in_range || !(0..1_000_000).contains(&fraction) {
        let message = format!("date/time field value out of range: \"{text}\"");
        return Err(ValueError::new(code::DATETIME_OVERFLOW, message));
    }
    let zone = zone(&fields, text)?;
    let time = i64::from(hour) * HOUR + i64::from(minute) * MINUTE + i64::from(second) * SECOND + i64::from(fraction);
    Ok(Read { year: date.year, month: date.month, day: date.day, time, precision: fields.precision, zone })
}

fn clock(fields: &Fields) -> Result<(i32, i32, i32)> {
    let or = |value: i32, other: i32| if value == 0 { other } else { value };
    let of_day = fields.second_of_day;
    let mut hour = or(fields.hour, of_day / 3600);
    let minute = or(fields.minute, of_day / 60 % 60);
    let second = or(fields.second, of_day % 60);
    if fields.is_12_hour {
        if !(1..=12).contains(&hour) {
            let message = format!("hour \"{hour}\" is invalid for the 12-hour clock");
            return Err(ValueError::new(code::INVALID_DATETIME_FORMAT, message)
                .hint("Use the 24-hour clock, or give an hour between 1 and 12."));
        }
        hour = hour % 12 + if fields.afternoon != 0 { 12 } else { 0 };
    }
    Ok((hour, minute, second))
}

fn zone(fields: &Fields, text: &str) -> Result<Option<Zone>> {
    if fields.zone_sign == 0 {
        return Ok(fields.abbreviation.clone().map(Zone::Abbreviation));
    }
    let (hour, minute) = (fields.zone_hour, fields.zone_minute);
    // No zone is further from UTC than 15 hours.
    if !(0..=15).contains(&hour) || !(0..60).contains(&minute) {
        let message = format!("time zone displacement out of range: \"{text}\"");
        return Err(ValueError::new(code::INVALID_TIME_ZONE_DISPLACEMENT, message));
    }
    Ok(Some(Zone::Offset(fields.zone_sign * (hour * 3600 + minute * 60))))
}

/// A date while it is put together, and which parts of it were given.
struct Date {
    year: i32,
    month: i32,
    day: i32,
    has_year: bool,
    has_month: bool,
    has_day: bool,
}

impl Date {
    fn of(fields: &Fields) -> Result<Self> {
        let mut date = Self { year: 0, month: 1, day: 1, has_year: false, has_month: false, has_day: false };
        if let Some(year) = year(fields) {
            date.year = year;
            date.has_year = true;
        }
        if fields.julian != 0 {
            date.set_julian(fields.julian);
        }
        let by_iso_week = fields.convention == Some(Convention::IsoWeek);
        let mut day_of_year = fields.day_of_year;
        if fields.week != 0 && by_iso_week {
            // Without a day it is the week's Monday.
            let after_monday = match fields.day_of_week {
                0 => 0,
                day if day > 1 => day - 2,
                _ => 6,
            };
            date.set_julian(iso_week_start(date.year, fields.week).wrapping_add(after_monday));
        } else if fields.week != 0 {
            day_of_year = first_of_week(fields.week);
        }
        let day = match fields.week_of_month {
            0 => fields.day,
            week => first_of_week(week),
        };
        if day != 0 {
            date.day = day;
            date.has_day = true;
        }
        if fields.month != 0 {
            date.month = fields.month;
            date.has_month = true;
        }
        if day_of_year != 0 && (date.month <= 1 || date.day <= 1) {
            if date.year == 0 && fields.before_christ == 0 {
                let message = "cannot calculate day of year without year information";
                return Err(ValueError::new(code::INVALID_DATETIME_FORMAT, message));
            }
            match by_iso_week {
                true => date.set_julian(iso_week_start(date.year, 1).wrapping_sub(1).wrapping_add(day_of_year)),
                false => date.set_day_of_year(day_of_year),
            }
        }
        Ok(date)
    }

    fn set_julian(&mut self, julian: i32) {
        let (year, month, day) = civil_from_days(julian.saturating_sub(UNIX_EPOCH_JULIAN as i32));
        (self.year, self.month, self.day) = (year, month as i32, day as i32);
        (self.has_year, self.has_month, self.has_day) = (true, true, true);
    }

    /// Sets the month and the day where they aren't set.
    fn set_day_of_year(&mut self, day_of_year: i32) {
        let before = days_before(self.year);
        let ends = before.iter().skip(1);
        let months = ends.take_while(|end| day_of_year > **end).count();
        if self.month <= 1 {
            self.month = months as i32 + 1;
        }
        if self.day <= 1 {
            self.day = day_of_year.wrapping_sub(before.get(months).copied().unwrap_or_default());
        }
        (self.has_month, self.has_day) = (true, true);
    }

    /// Whether what was given can be: the 30th of February can without a year.
    fn is_valid(&self) -> bool {
        if self.has_month && !(1..=12).contains(&self.month) || self.has_day && !(1..=31).contains(&self.day) {
            return false;
        }
        if !(self.has_year && self.has_month && self.has_day) {
            return true;
        }
        u32::try_from(self.month).is_ok_and(|month| self.day <= days_in_month(self.year, month) as i32)
    }
}

/// The day on which a week starts, counted as weeks are: from 1.
fn first_of_week(week: i32) -> i32 {
    week.wrapping_sub(1).wrapping_mul(7).wrapping_add(1)
}

/// The year by its pattern, the century and the era, if it was given. PostgreSQL lets it overflow.
fn year(fields: &Fields) -> Option<i32> {
    let before_christ = fields.before_christ != 0;
    let century = if before_christ { fields.century.wrapping_neg() } else { fields.century };
    // Centuries start with their first year: the 21st in 2001, the 6th BC in 600 BC, which is the year -599.
    let hundreds = |century: i32| century.wrapping_mul(100);
    Some(match (fields.year, century) {
        (0, 0) => return None,
        (0, 1..) => hundreds(century - 1).wrapping_add(1),
        (0, _) => hundreds(century).wrapping_add(1),
        (year, 1..) if fields.year_digits <= 2 => match year % 100 {
            0 => hundreds(century),
            year => hundreds(century - 1).wrapping_add(year),
        },
        (year, ..=-1) if fields.year_digits <= 2 => match year % 100 {
            0 => hundreds(century).wrapping_add(1),
            year => hundreds(century + 1).wrapping_sub(year).wrapping_add(1),
        },
        // Of a year in full, the century doesn't count.
        (year, _) => match if before_christ { year.wrapping_neg() } else { year } {
            year @ ..=-1 => year + 1,
            year => year,
        },
    })
}

/// Rounds a time of day to so many digits behind the second's point.
fn rounded_time(micros: i64, digits: u8) -> i64 {
    let unit = 10_i64.pow(6 - u32::from(digits.min(6)));
    micros.saturating_add(unit / 2) / unit * unit
}

/// Rounds to so many digits behind the second's point. Halves go away from the year 2000, as PostgreSQL counts from it.
fn rounded(micros: i64, digits: u8) -> i64 {
    const YEAR_2000: i64 = 10_957 * DAY;
    let unit = 10_i64.pow(6 - u32::from(digits.min(6)));
    let half = if micros >= YEAR_2000 { unit / 2 } else { -unit / 2 };
    let since = micros.saturating_sub(YEAR_2000);
    (since.saturating_add(half) / unit * unit).saturating_add(YEAR_2000)
}
