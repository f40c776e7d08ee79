//! Dates, times and timestamps from their text form, as parameters come.
//!
//! Read: ISO 8601 and PostgreSQL's ISO style, `m/d/y` dates in the order of DateStyle, `20240131`, a time zone as an
//! offset, `Z` or a name, ` BC`, and the words `epoch`, `infinity` and `-infinity`.

use super::datetime::{DAY_US, EPOCH_US, civil_from_days, days_from_civil};
use super::error::EncodeError;
use super::style::{DateOrder, Style};
use super::zone::Zone;

const SECOND_US: i64 = 1_000_000;

/// Days from 1970-01-01.
pub(super) fn parse_date(text: &str, style: &Style) -> Result<i32, EncodeError> {
    let trimmed = text.trim();
    match special(trimmed) {
        Some(Special::Epoch) => return Ok(0),
        Some(Special::Infinity) => return Ok(i32::MAX),
        Some(Special::MinusInfinity) => return Ok(i32::MIN),
        None => {}
    }
    let (stamp, before_christ) = strip_era(trimmed);
    // A time behind the date is read and dropped, as PostgreSQL does.
    let date = stamp.split_once([' ', 'T', 't']).map_or(stamp, |(date, _)| date);
    let days = date_days(date, before_christ, style).map_err(|fault| fault.into_error("date", text))?;
    let days = i32::try_from(days).ok().filter(|days| (-2_440_588..2_145_042_906).contains(days));
    days.ok_or_else(|| EncodeError::new("22008", format!("date out of range: \"{text}\"")))
}

/// Microseconds from 1970-01-01, in UTC if `with_zone`. Without, a zone in the text is read and ignored.
pub(super) fn parse_timestamp(text: &str, with_zone: bool, style: &Style) -> Result<i64, EncodeError> {
    let trimmed = text.trim();
    match special(trimmed) {
        Some(Special::Epoch) => return Ok(0),
        Some(Special::Infinity) => return Ok(i64::MAX),
        Some(Special::MinusInfinity) => return Ok(i64::MIN),
        None => {}
    }
    let name = if with_zone { "timestamp with time zone" } else { "timestamp" };
    let parts = Parts::read(trimmed, style).map_err(|fault| fault.into_error(name, text))?;
    let micros = parts.days.checked_mul(DAY_US).and_then(|days| days.checked_add(parts.clock_us));
    let micros = match (with_zone, parts.zone) {
        (false, _) => micros,
        (true, Some(ZoneText::Offset(offset_s))) => {
            micros.and_then(|micros| micros.checked_sub(i64::from(offset_s) * SECOND_US))
        }
        (true, Some(ZoneText::Named(zone))) => micros.map(|micros| local_to_utc(&zone, micros)),
        (true, None) => micros.map(|micros| local_to_utc(&style.time_zone, micros)),
    };
    let in_range = |micros: &i64| *micros >= -2_440_588 * DAY_US && micros.checked_sub(EPOCH_US).is_some();
    micros.filter(in_range).ok_or_else(|| EncodeError::new("22008", format!("timestamp out of range: \"{text}\"")))
}

/// Microseconds since midnight.
pub(super) fn parse_time(text: &str) -> Result<i64, EncodeError> {
    let trimmed = text.trim();
    let clock = trimmed.rsplit_once([' ', 'T']).map_or(trimmed, |(_, clock)| clock);
    let end = clock.find(['+', '-', 'Z', 'z']).unwrap_or(clock.len());
    if !clock[..end].bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.')) {
        return Err(Fault::Syntax.into_error("time", text));
    }
    parse_clock(&clock[..end]).ok_or_else(|| {
        let fault = if end > 0 { Fault::FieldRange } else { Fault::Syntax };
        fault.into_error("time", text)
    })
}

/// `H:MM[:SS[.ffffff]]` to microseconds since midnight, 24:00:00 included.
pub(super) fn parse_clock(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut fields = whole.split(':').map(|part| small_number(part, 2));
    let hours = fields.next()??;
    let minutes = fields.next()??;
    let seconds = fields.next().unwrap_or(Some(0))?;
    if fields.next().is_some() {
        return None;
    }
    let micros = (hours * 3600 + minutes * 60 + seconds) * SECOND_US + fraction_us(fraction)?;
    (minutes < 60 && seconds <= 60 && micros <= DAY_US).then_some(micros)
}

/// `Z`, `+hh`, `+hhmm` or `+hh:mm[:ss]` to seconds east of UTC.
pub(super) fn parse_offset(text: &str) -> Option<i32> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let seconds = if digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        small_number(&digits[..2], 2)? * 3600 + small_number(&digits[2..], 2)? * 60
    } else {
        let mut sum = 0;
        for (index, part) in digits.split(':').enumerate() {
            sum += small_number(part, 2)? * [3600, 60, 1].get(index)?;
        }
        sum
    };
    (seconds < 16 * 3600).then_some(sign * seconds as i32)
}

/// Digits behind the point as microseconds, rounded.
pub(super) fn fraction_us(digits: &str) -> Option<i64> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let first = digits.bytes().chain(std::iter::repeat(b'0')).take(6).fold(0, |sum, d| sum * 10 + i64::from(d - b'0'));
    let rounds_up = digits.as_bytes().get(6).is_some_and(|digit| *digit >= b'5');
    Some(first + i64::from(rounds_up))
}

fn local_to_utc(zone: &Zone, micros: i64) -> i64 {
    zone.local_to_utc(micros.div_euclid(SECOND_US)) * SECOND_US + micros.rem_euclid(SECOND_US)
}

enum Special {
    Epoch,
    Infinity,
    MinusInfinity,
}

fn special(text: &str) -> Option<Special> {
    match text.to_ascii_lowercase().as_str() {
        "epoch" => Some(Special::Epoch),
        "infinity" | "+infinity" => Some(Special::Infinity),
        "-infinity" => Some(Special::MinusInfinity),
        _ => None,
    }
}

enum Fault {
    Syntax,
    FieldRange,
}

impl Fault {
    fn into_error(self, type_name: &str, text: &str) -> EncodeError {
        match self {
            Self::Syntax => EncodeError::invalid_datetime(type_name, text),
            Self::FieldRange => EncodeError::new("22008", format!("date/time field value out of range: \"{text}\"")),
        }
    }
}

enum ZoneText {
    Offset(i32),
    Named(Zone),
}

/// A timestamp's text, taken apart.
struct Parts {
    days: i64,
    clock_us: i64,
    zone: Option<ZoneText>,
}

impl Parts {
    fn read(text: &str, style: &Style) -> Result<Self, Fault> {
        let (stamp, before_christ) = strip_era(text);
        let (date, rest) = stamp.split_once([' ', 'T', 't']).unwrap_or((stamp, ""));
        let days = date_days(date, before_christ, style)?;
        let rest = rest.trim();
        let clock_end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.'))).unwrap_or(rest.len());
        let clock_us = match &rest[..clock_end] {
            "" => 0,
            clock if clock.contains(':') => parse_clock(clock).ok_or(Fault::FieldRange)?,
            _ => return Err(Fault::Syntax),
        };
        let zone = match rest[clock_end..].trim() {
            "" => None,
            zone => Some(read_zone(zone).ok_or(Fault::Syntax)?),
        };
        Ok(Self { days, clock_us, zone })
    }
}

fn read_zone(text: &str) -> Option<ZoneText> {
    match parse_offset(text) {
        Some(offset_s) => Some(ZoneText::Offset(offset_s)),
        None if text.starts_with(|c: char| c.is_ascii_alphabetic()) => Zone::parse(text).map(ZoneText::Named),
        None => None,
    }
}

fn strip_era(text: &str) -> (&str, bool) {
    let cut = text.len().saturating_sub(3);
    match text.get(cut..) {
        Some(era) if era.eq_ignore_ascii_case(" bc") => (text[..cut].trim_end(), true),
        Some(era) if era.eq_ignore_ascii_case(" ad") => (text[..cut].trim_end(), false),
        _ => (text, false),
    }
}

fn date_days(text: &str, before_christ: bool, style: &Style) -> Result<i64, Fault> {
    let (year, month, day) = split_date(text, style.date_order).ok_or(Fault::Syntax)?;
    let year = if before_christ { 1 - year } else { year };
    let (month, day) = (month as u32, day as u32);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || (!before_christ && year < 1) {
        return Err(Fault::FieldRange);
    }
    let days = days_from_civil(year, month, day);
    // A day that the month doesn't have counts into the next one.
    if civil_from_days(days) == (year, month, day) { Ok(days) } else { Err(Fault::FieldRange) }
}

/// (year, month, day), unchecked.
fn split_date(text: &str, order: DateOrder) -> Option<(i64, i64, i64)> {
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((small_number(&text[..4], 4)?, small_number(&text[4..6], 2)?, small_number(&text[6..], 2)?));
    }
    let separator = ['-', '/', '.'].into_iter().find(|separator| text.contains(*separator))?;
    let mut parts = text.split(separator);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = match order {
        _ if a.len() >= 3 => (a, b, c),
        DateOrder::Ymd => (a, b, c),
        DateOrder::Mdy => (c, a, b),
        DateOrder::Dmy => (c, b, a),
    };
    let full_year = |short: i64| if short < 70 { 2000 + short } else { 1900 + short };
    let number = small_number(year, 7)?;
    Some((if year.len() == 2 { full_year(number) } else { number }, small_number(month, 2)?, small_number(day, 2)?))
}

/// Decimal digits, at most `width` of them.
fn small_number(text: &str, width: usize) -> Option<i64> {
    let is_number = (1..=width).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}
