//! Dates and times within a jsonpath, as the ISO 8601 texts that `.datetime()` reads.

use std::cmp::Ordering;
use std::fmt;

use super::code::INVALID_ARGUMENT_FOR_SQL_JSON_DATETIME_FUNCTION;
use super::path::{Method, SessionZone};
use crate::civil::{civil_from_days, days_from_civil, days_in_month};
use crate::datetime::{Zone as TimeZone, is_zone_abbreviation};
use crate::formatting::{DateFormat, Moment, Zone, to_moment};
use crate::{Result, ValueError, code};

const DAY: i64 = 86_400_000_000;
const SECOND: i64 = 1_000_000;

/// Microseconds and days since 1970; offsets in seconds east of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Datetime {
    Date(i32),
    Time(i64),
    TimeTz(i64, i32),
    Timestamp(i64),
    /// The moment in UTC, and the offset it is shown with.
    TimestampTz(i64, i32),
}

impl Datetime {
    /// As `.type()` names it.
    pub(super) fn type_name(self) -> &'static str {
        match self {
            Datetime::Date(_) => "date",
            Datetime::Time(_) => "time without time zone",
            Datetime::TimeTz(..) => "time with time zone",
            Datetime::Timestamp(_) => "timestamp without time zone",
            Datetime::TimestampTz(..) => "timestamp with time zone",
        }
    }

    /// As messages about conversions name it.
    fn short_name(self) -> &'static str {
        match self {
            Datetime::Date(_) => "date",
            Datetime::Time(_) => "time",
            Datetime::TimeTz(..) => "timetz",
            Datetime::Timestamp(_) => "timestamp",
            Datetime::TimestampTz(..) => "timestamptz",
        }
    }
}

/// The zones' abbreviations that are read, and their hours east of UTC.
const ABBREVIATIONS: [(&str, i32); 18] = [
    ("UTC", 0),
    ("Z", 0),
    ("GMT", 0),
    ("ZULU", 0),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
    ("CET", 1),
    ("CEST", 2),
    ("EET", 2),
    ("EEST", 3),
    ("BST", 1),
    ("JST", 9),
];

/// Reads the formats that `.datetime()` knows, one character after another.
struct Reader<'a> {
    bytes: &'a [u8],
    pos: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.pos).copied()
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.pos += 1)
    }

    fn blanks(&mut self) -> bool {
        let from = self.pos;
        while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.pos += 1;
        }
        self.pos > from
    }

    /// A number of at most `most` digits.
    fn number(&mut self, most: usize) -> Option<i64> {
        self.blanks();
        let mut value = 0;
        let from = self.pos;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            if self.pos - from >= most {
                break;
            }
            value = value * 10 + i64::from(digit - b'0');
            self.pos += 1;
        }
        (self.pos > from).then_some(value)
    }

    fn date(&mut self) -> Option<i32> {
        self.blanks();
        let before_christ = self.eat(b'-').is_some();
        let mut year = i32::try_from(self.number(7)?).ok()?;
        if before_christ {
            year = 1 - year;
        }
        self.eat(b'-')?;
        let month = u32::try_from(self.number(2)?).ok()?;
        self.eat(b'-')?;
        let day = u32::try_from(self.number(2)?).ok()?;
        let valid = (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
        if valid && year <= 5_874_897 { i32::try_from(days_from_civil(year, month, day)).ok() } else { None }
    }

    fn time(&mut self) -> Option<i64> {
        let hour = self.number(2)?;
        self.eat(b':')?;
        let minute = self.number(2)?;
        self.eat(b':')?;
        let second = self.number(2)?;
        let mut micros = 0;
        if self.eat(b'.').is_some() {
            let from = self.pos;
            micros = self.number(6)?;
            for _ in self.pos - from..6 {
                micros *= 10;
            }
        }
        (hour < 24 && minute < 60 && second < 60).then_some(((hour * 60 + minute) * 60 + second) * SECOND + micros)
    }

    /// An offset; `Some(None)` when there is none.
    fn offset(&mut self) -> Option<Option<i32>> {
        let blanks = self.blanks();
        let sign = match self.peek() {
            None => return Some(None),
            Some(b'+') => 1,
            // A minus behind blanks is taken for a separator.
            Some(b'-') if !blanks => -1,
            Some(letter) if letter.is_ascii_alphabetic() && !blanks => return self.abbreviation().map(Some),
            _ => return None,
        };
        self.pos += 1;
        let hours = self.number(2)?;
        let minutes = if self.eat(b':').is_some() { self.number(2)? } else { 0 };
        let seconds = i32::try_from((hours * 60 + minutes) * 60).ok()?;
        (hours < 16 && minutes < 60).then_some(Some(sign * seconds))
    }

    fn abbreviation(&mut self) -> Option<i32> {
        let from = self.pos;
        while self.peek().is_some_and(|b| b.is_ascii_alphabetic()) {
            self.pos += 1;
        }
        let name = self.bytes.get(from..self.pos)?;
        let (_, hours) = ABBREVIATIONS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes()))?;
        Some(hours * 3600)
    }

    fn end(&mut self) -> Option<()> {
        self.blanks();
        self.peek().is_none().then_some(())
    }
}

fn read(text: &str) -> Option<Datetime> {
    let mut reader = Reader { bytes: text.as_bytes(), pos: 0 };
    let read = match reader.date() {
        Some(date) => {
            if reader.end().is_some() {
                return Some(Datetime::Date(date));
            }
            // Blanks were passed over above.
            let blanks = reader.bytes.get(reader.pos.checked_sub(1)?)?.is_ascii_whitespace();
            if !blanks {
                reader.eat(b'T')?;
            }
            let local = i64::from(date).checked_mul(DAY)?.checked_add(reader.time()?)?;
            match reader.offset()? {
                None => Datetime::Timestamp(local),
                Some(offset) => Datetime::TimestampTz(local.checked_sub(i64::from(offset) * SECOND)?, offset),
            }
        }
        None => {
            reader.pos = 0;
            let time = reader.time()?;
            match reader.offset()? {
                None => Datetime::Time(time),
                Some(offset) => Datetime::TimeTz(time, offset),
            }
        }
    };
    reader.end()?;
    Some(read)
}

/// Why a text gives no date or time.
pub(super) enum Failure {
    /// It can be suppressed.
    Soft(ValueError),
    Hard(ValueError),
}

fn not_recognized(what: &str, text: &str) -> Failure {
    let message = format!("{what} format is not recognized: \"{text}\"");
    Failure::Soft(ValueError::new(INVALID_ARGUMENT_FOR_SQL_JSON_DATETIME_FUNCTION, message))
}

/// `.datetime()` and the methods of single types.
pub(super) fn convert(
    method: &Method,
    text: &str,
    zone: Option<&dyn SessionZone>,
) -> std::result::Result<Datetime, Failure> {
    if let Method::Datetime(Some(template)) = method {
        return by_template(text, template);
    }
    let digits = match method {
        Method::Time(digits) | Method::TimeTz(digits) | Method::Timestamp(digits) | Method::TimestampTz(digits) => {
            digits.as_deref()
        }
        _ => None,
    };
    let digits = digits.map(|digits| digits.parse::<i32>().map_err(|_| precision_out_of_range(method))).transpose()?;
    let Some(value) = read(text) else {
        return Err(match (not_recognized(method.name(), text), method) {
            (Failure::Soft(error), Method::Datetime(_)) => {
                Failure::Soft(error.hint("Use a datetime template argument to specify the input data format."))
            }
            (failure, _) => failure,
        });
    };
    let converted = match method {
        Method::Date => to_date(value, zone),
        Method::Time(_) => to_time(value, zone),
        Method::TimeTz(_) => to_time_tz(value, zone),
        Method::Timestamp(_) => to_timestamp(value, zone),
        Method::TimestampTz(_) => to_timestamp_tz(value, zone),
        _ => Ok(Some(value)),
    };
    let converted = converted.map_err(Failure::Hard)?.ok_or_else(|| not_recognized(method.name(), text))?;
    Ok(digits.map_or(converted, |digits| rounded(converted, digits)))
}

/// As the template says, whose patterns tell the type.
fn by_template(text: &str, template: &str) -> std::result::Result<Datetime, Failure> {
    let format = DateFormat::parse_strict(template).map_err(Failure::Hard)?;
    let moment = to_moment(text, &format, &is_zone_abbreviation).map_err(Failure::Soft)?;
    let offset = |zone: Zone, local: i64| match zone {
        Zone::Offset(offset) => Ok(offset),
        Zone::Abbreviation(name) => {
            let zone = TimeZone::of_name(&name).map_err(Failure::Soft)?;
            Ok(zone.offset_of_local(local.div_euclid(SECOND)))
        }
    };
    Ok(match moment {
        Moment::Date(days) => Datetime::Date(days),
        Moment::Time(time) => Datetime::Time(time),
        Moment::TimeTz(time, zone) => Datetime::TimeTz(time, offset(zone, time)?),
        Moment::Timestamp(local) => Datetime::Timestamp(local),
        Moment::TimestampTz(local, zone) => {
            let offset = offset(zone, local)?;
            Datetime::TimestampTz(shifted(local, -offset), offset)
        }
    })
}

fn precision_out_of_range(method: &Method) -> Failure {
    let message =
        format!("time precision of jsonpath item method .{}() is out of range for type integer", method.name());
    Failure::Soft(ValueError::new(INVALID_ARGUMENT_FOR_SQL_JSON_DATETIME_FUNCTION, message))
}

fn rounded(value: Datetime, digits: i32) -> Datetime {
    let unit = 10i64.pow(6 - u32::try_from(digits.clamp(0, 6)).unwrap_or_default());
    let round = |micros: i64| {
        let half = if micros < 0 { -(unit / 2) } else { unit / 2 };
        micros.saturating_add(half) / unit * unit
    };
    match value {
        Datetime::Date(_) => value,
        Datetime::Time(time) => Datetime::Time(round(time)),
        Datetime::TimeTz(time, offset) => Datetime::TimeTz(round(time), offset),
        Datetime::Timestamp(micros) => Datetime::Timestamp(round(micros)),
        Datetime::TimestampTz(micros, offset) => Datetime::TimestampTz(round(micros), offset),
    }
}

/// The session's zone, or PostgreSQL's refusal to convert without it.
fn needed<'z>(zone: Option<&'z dyn SessionZone>, from: Datetime, to: &str) -> Result<&'z dyn SessionZone> {
    zone.ok_or_else(|| {
        let message = format!("cannot convert value from {} to {to} without time zone usage", from.short_name());
        ValueError::new(code::FEATURE_NOT_SUPPORTED, message).hint("Use *_tz() function for time zone support.")
    })
}

fn shifted(micros: i64, offset: i32) -> i64 {
    micros.saturating_add(i64::from(offset) * SECOND)
}

fn at_local(local: i64, zone: &dyn SessionZone) -> Datetime {
    let offset = zone.offset_at_local(local);
    Datetime::TimestampTz(shifted(local, -offset), offset)
}

/// `None` where the types don't fit.
type Converted = Result<Option<Datetime>>;

fn to_date(value: Datetime, zone: Option<&dyn SessionZone>) -> Converted {
    Ok(match value {
        Datetime::Date(_) => Some(value),
        Datetime::Timestamp(local) => Some(Datetime::Date(day(local))),
        Datetime::TimestampTz(micros, _) => {
            let offset = needed(zone, value, "date")?.offset_at(micros);
            Some(Datetime::Date(day(shifted(micros, offset))))
        }
        _ => None,
    })
}

fn to_time(value: Datetime, zone: Option<&dyn SessionZone>) -> Converted {
    Ok(match value {
        Datetime::Date(_) => None,
        Datetime::Time(_) => Some(value),
        Datetime::TimeTz(time, _) => {
            needed(zone, value, "time")?;
            Some(Datetime::Time(time))
        }
        Datetime::Timestamp(local) => Some(Datetime::Time(local.rem_euclid(DAY))),
        Datetime::TimestampTz(micros, _) => {
            let offset = needed(zone, value, "time")?.offset_at(micros);
            Some(Datetime::Time(shifted(micros, offset).rem_euclid(DAY)))
        }
    })
}

fn to_time_tz(value: Datetime, zone: Option<&dyn SessionZone>) -> Converted {
    Ok(match value {
        Datetime::Date(_) | Datetime::Timestamp(_) => None,
        Datetime::Time(time) => Some(Datetime::TimeTz(time, needed(zone, value, "timetz")?.offset_at(0))),
        Datetime::TimeTz(..) => Some(value),
        Datetime::TimestampTz(micros, _) => {
            // Without the session's zone, UTC stands for it.
            let offset = zone.map_or(0, |zone| zone.offset_at(micros));
            Some(Datetime::TimeTz(shifted(micros, offset).rem_euclid(DAY), offset))
        }
    })
}

fn to_timestamp(value: Datetime, zone: Option<&dyn SessionZone>) -> Converted {
    Ok(match value {
        Datetime::Date(days) => Some(Datetime::Timestamp(day_start(days)?)),
        Datetime::Time(_) | Datetime::TimeTz(..) => None,
        Datetime::Timestamp(_) => Some(value),
        Datetime::TimestampTz(micros, _) => {
            let offset = needed(zone, value, "timestamp")?.offset_at(micros);
            Some(Datetime::Timestamp(shifted(micros, offset)))
        }
    })
}

fn to_timestamp_tz(value: Datetime, zone: Option<&dyn SessionZone>) -> Converted {
    Ok(match value {
        Datetime::Date(days) => {
            let zone = needed(zone, value, "timestamptz")?;
            Some(at_local(day_start(days)?, zone))
        }
        Datetime::Time(_) | Datetime::TimeTz(..) => None,
        Datetime::Timestamp(local) => Some(at_local(local, needed(zone, value, "timestamptz")?)),
        Datetime::TimestampTz(..) => Some(value),
    })
}

/// The day of a local time; 64 bits of microseconds don't reach as far as 32 bits of days.
fn day(local: i64) -> i32 {
    i32::try_from(local.div_euclid(DAY)).unwrap_or(i32::MAX)
}

fn day_start(days: i32) -> Result<i64> {
    i64::from(days)
        .checked_mul(DAY)
        .ok_or_else(|| ValueError::new(code::DATETIME_OVERFLOW, "date out of range for timestamp"))
}

fn midnight(days: i32) -> i64 {
    i64::from(days).saturating_mul(DAY)
}

/// `None` for types that can't be compared.
pub(super) fn compare(a: Datetime, b: Datetime, zone: Option<&dyn SessionZone>) -> Result<Option<Ordering>> {
    use Datetime::{Date, Time, TimeTz, Timestamp, TimestampTz};
    // Times with equal moments are ordered by their zones, those further west behind.
    let time_tz = |(a, x): (i64, i32), (b, y): (i64, i32)| shifted(a, -x).cmp(&shifted(b, -y)).then(y.cmp(&x));
    let moment = |local: i64, value: Datetime| -> Result<i64> {
        let zone = needed(zone, value, "timestamptz")?;
        Ok(shifted(local, -zone.offset_at_local(local)))
    };
    let with_zone =
        |time: i64, value: Datetime| -> Result<_> { Ok((time, needed(zone, value, "timetz")?.offset_at(0))) };
    Ok(Some(match (a, b) {
        (Date(a), Date(b)) => a.cmp(&b),
        (Time(a), Time(b)) | (Timestamp(a), Timestamp(b)) | (TimestampTz(a, _), TimestampTz(b, _)) => a.cmp(&b),
        (Date(days), Timestamp(b)) => midnight(days).cmp(&b),
        (Timestamp(a), Date(days)) => a.cmp(&midnight(days)),
        (Date(days), TimestampTz(b, _)) => moment(midnight(days), a)?.cmp(&b),
        (TimestampTz(a, _), Date(days)) => a.cmp(&moment(midnight(days), b)?),
        (Timestamp(local), TimestampTz(b, _)) => moment(local, a)?.cmp(&b),
        (TimestampTz(a, _), Timestamp(local)) => a.cmp(&moment(local, b)?),
        (TimeTz(a, x), TimeTz(b, y)) => time_tz((a, x), (b, y)),
        (Time(time), TimeTz(b, y)) => time_tz(with_zone(time, a)?, (b, y)),
        (TimeTz(a, x), Time(time)) => time_tz((a, x), with_zone(time, b)?),
        _ => return Ok(None),
    }))
}

impl fmt::Display for Datetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Datetime::Date(days) => write_date(f, days, ""),
            Datetime::Time(time) => write_time(f, time),
            Datetime::TimeTz(time, offset) => {
                write_time(f, time)?;
                write_offset(f, offset)
            }
            Datetime::Timestamp(local) => {
                let time = Datetime::Time(local.rem_euclid(DAY));
                write_date(f, day(local), &format!("T{time}"))
            }
            Datetime::TimestampTz(micros, offset) => {
                let local = shifted(micros, offset);
                let time = Datetime::TimeTz(local.rem_euclid(DAY), offset);
                write_date(f, day(local), &format!("T{time}"))
            }
        }
    }
}

fn write_date(f: &mut fmt::Formatter<'_>, days: i32, time: &str) -> fmt::Result {
    let (year, month, day) = civil_from_days(days);
    let (year, era) = if year > 0 { (year, "") } else { (1 - year, " BC") };
    write!(f, "{year:04}-{month:02}-{day:02}{time}{era}")
}

fn write_time(f: &mut fmt::Formatter<'_>, time: i64) -> fmt::Result {
    let (seconds, micros) = (time / SECOND, time % SECOND);
    write!(f, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)?;
    if micros == 0 {
        return Ok(());
    }
    write!(f, ".{}", format!("{micros:06}").trim_end_matches('0'))
}

fn write_offset(f: &mut fmt::Formatter<'_>, offset: i32) -> fmt::Result {
    let (sign, seconds) = (if offset < 0 { '-' } else { '+' }, offset.unsigned_abs());
    write!(f, "{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60)?;
    if seconds % 60 > 0 { write!(f, ":{:02}", seconds % 60) } else { Ok(()) }
}
