//! How dates, times and timestamps are read.

use super::decode::{self, Moment};
use super::fault::Fault;
use super::parts::Parts;
use super::token::Fields;
use super::typmod::{round_time, round_timestamp, round_timetz};
use super::{
    DATE_INFINITY, DATE_NEG_INFINITY, DAY, LAST_JULIAN, SECOND, Style, TIMESTAMP_INFINITY, TIMESTAMP_NEG_INFINITY,
    TimeTz, date_in_range, timestamp_in_range,
};
use crate::{Result, ValueError, civil, code};

/// How much text the fields of a date may have, and those of types with a time.
const DATE_LIMIT: usize = 129;
const LIMIT: usize = 153;

/// `now` is the moment that words such as `today` refer to, in microseconds of UTC.
pub fn parse_date(text: &str, style: &Style, now: i64) -> Result<i32> {
    if let Some((days, b"")) = plain_date(text.as_bytes()) {
        return Ok(days);
    }
    let moment = Fields::split(text, DATE_LIMIT)
        .ok_or(Fault::Format)
        .and_then(|fields| decode::datetime(&fields, style, now))
        .map_err(|fault| fault.error("date", text))?;
    match moment {
        Moment::Infinity => Ok(DATE_INFINITY),
        Moment::NegInfinity => Ok(DATE_NEG_INFINITY),
        Moment::Epoch => Ok(0),
        Moment::At { parts, .. } => parts.days().and_then(date_in_range).ok_or_else(|| out_of_range("date", text)),
    }
}

pub fn parse_time(text: &str, precision: i32, style: &Style, now: i64) -> Result<i64> {
    let (parts, _) = read_time(text, "time", style, now)?;
    Ok(round_time(parts.time(), precision))
}

pub fn parse_timetz(text: &str, precision: i32, style: &Style, now: i64) -> Result<TimeTz> {
    let (parts, offset) = read_time(text, "time with time zone", style, now)?;
    Ok(round_timetz(TimeTz { micros: parts.time(), offset }, precision))
}

fn read_time(text: &str, type_name: &str, style: &Style, now: i64) -> Result<(Parts, i32)> {
    Fields::split(text, LIMIT)
        .ok_or(Fault::Format)
        .and_then(|fields| decode::time(&fields, style, now))
        .map_err(|fault| fault.error(type_name, text))
}

/// A zone in the text is looked at and left out.
pub fn parse_timestamp(text: &str, precision: i32, style: &Style, now: i64) -> Result<i64> {
    let timestamp = match plain_timestamp(text.as_bytes()) {
        Some((local, b"")) => local,
        _ => read_timestamp(text, "timestamp", style, now, false)?,
    };
    round_timestamp(timestamp, precision)
}

/// Local time of the session's zone where the text has no other.
pub fn parse_timestamptz(text: &str, precision: i32, style: &Style, now: i64) -> Result<i64> {
    let plain = plain_timestamp(text.as_bytes()).and_then(|(local, rest)| {
        let offset = match rest {
            [] => style.zone.offset_of_local(local.div_euclid(SECOND)),
            [sign @ (b'+' | b'-'), hours @ ..] => {
                let hours = match hours {
                    [_, _] | [_, _, b':', b'0', b'0'] => two(hours)? as i32,
                    _ => return None,
                };
                let offset = (hours < 16).then_some(hours * 3_600)?;
                if *sign == b'-' { -offset } else { offset }
            }
            _ => return None,
        };
        Some(local - i64::from(offset) * SECOND)
    });
    let timestamp = match plain {
        Some(timestamp) => timestamp,
        None => read_timestamp(text, "timestamp with time zone", style, now, true)?,
    };
    round_timestamp(timestamp, precision)
}

fn read_timestamp(text: &str, type_name: &str, style: &Style, now: i64, with_zone: bool) -> Result<i64> {
    let moment = Fields::split(text, LIMIT)
        .ok_or(Fault::Format)
        .and_then(|fields| decode::datetime(&fields, style, now))
        .map_err(|fault| fault.error(type_name, text))?;
    match moment {
        Moment::Infinity => Ok(TIMESTAMP_INFINITY),
        Moment::NegInfinity => Ok(TIMESTAMP_NEG_INFINITY),
        Moment::Epoch => Ok(0),
        Moment::At { parts, offset } => {
            let timestamp = parts.days().filter(|days| *days <= LAST_JULIAN).and_then(|days| {
                let local = i128::from(days) * i128::from(DAY) + i128::from(parts.time());
                let offset = if with_zone { i64::from(offset) * SECOND } else { 0 };
                timestamp_in_range(local - i128::from(offset))
            });
            timestamp.ok_or_else(|| out_of_range("timestamp", text))
        }
    }
}

#[cold]
fn out_of_range(what: &str, text: &str) -> ValueError {
    ValueError::new(code::DATETIME_OVERFLOW, format!("{what} out of range: \"{text}\""))
}

/// `yyyy-mm-dd` at the beginning, which means the same by all settings, and what follows. None for all that isn't just
/// so: it is read with more care.
fn plain_date(text: &[u8]) -> Option<(i32, &[u8])> {
    let (date, rest) = text.split_at_checked(10)?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = date else { return None };
    let year = two(&[*y1, *y2])? * 100 + two(&[*y3, *y4])?;
    let (month, day) = (two(&[*m1, *m2])?, two(&[*d1, *d2])?);
    let year = i32::try_from(year).ok().filter(|year| *year > 0)?;
    if day == 0 || day > civil::days_in_month(year, month) {
        return None;
    }
    Some((civil::days_from_civil(year, month, day) as i32, rest))
}

/// `yyyy-mm-dd hh:mm:ss[.ffffff]` at the beginning, with a space or a T, and what follows.
fn plain_timestamp(text: &[u8]) -> Option<(i64, &[u8])> {
    let (days, rest) = plain_date(text)?;
    let (time, rest) = rest.split_at_checked(9)?;
    let [b' ' | b'T', h1, h2, b':', m1, m2, b':', s1, s2] = time else { return None };
    let (hour, minute, second) = (two(&[*h1, *h2])?, two(&[*m1, *m2])?, two(&[*s1, *s2])?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = i64::from((hour * 60 + minute) * 60 + second);
    let mut micros = i64::from(days) * DAY + seconds * SECOND;
    let Some((b'.', digits)) = rest.split_first() else { return Some((micros, rest)) };
    let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = digits.split_at(count);
    if !(1..=6).contains(&count) {
        return None;
    }
    let mut unit = SECOND;
    for digit in digits {
        unit /= 10;
        micros += i64::from(digit - b'0') * unit;
    }
    Some((micros, rest))
}

/// The number of two digits, the first ones.
fn two(digits: &[u8]) -> Option<u32> {
    match digits {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9', ..] => Some(u32::from(tens - b'0') * 10 + u32::from(ones - b'0')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datetime::{
        DateOrder, DateStyle, Zone, date_text, time_text, timestamp_text, timestamptz_text, timetz_text,
    };

    fn style(date_style: DateStyle, date_order: DateOrder, zone: &str) -> Style {
        Style { date_style, date_order, zone: Zone::of_setting(zone).unwrap(), ..Style::default() }
    }

    /// What is printed, or SQLSTATE and message.
    fn said(result: Result<String>) -> String {
        result.unwrap_or_else(|error| format!("{} {}", error.code, error.message))
    }

    #[test]
    fn dates() {
        let check = |style: &Style, table: &[(&str, &str)]| {
            for (text, expected) in table {
                let date = parse_date(text, style, 0).map(|date| date_text(date, style));
                assert_eq!(said(date), *expected, "{text}");
            }
        };
        check(
            &Style::default(),
            &[
                ("1999-01-08", "1999-01-08"),
                ("January 8, 1999", "1999-01-08"),
                ("1/8/1999", "1999-01-08"),
                ("01/02/03", "2003-01-02"),
                ("08-Jan-99", "1999-01-08"),
                ("19990108", "1999-01-08"),
                ("990108", "1999-01-08"),
                ("1999.008", "1999-01-08"),
                ("J2451187", "1999-01-08"),
                ("January 8, 99 BC", "0099-01-08 BC"),
                ("epoch", "1970-01-01"),
                ("tomorrow", "1970-01-02"),
                ("-infinity", "-infinity"),
                ("5874897-12-31", "5874897-12-31"),
                ("4714-11-24 BC", "4714-11-24 BC"),
                ("99-Jan-08", "22008 date/time field value out of range: \"99-Jan-08\""),
                ("2024-02-30", "22008 date/time field value out of range: \"2024-02-30\""),
                ("0000-01-01", "22008 date/time field value out of range: \"0000-01-01\""),
                ("4714-11-23 BC", "22008 date out of range: \"4714-11-23 BC\""),
                ("5874898-01-01", "22008 date out of range: \"5874898-01-01\""),
                ("1999-01", "22007 invalid input syntax for type date: \"1999-01\""),
                ("1 2 3 4", "22007 invalid input syntax for type date: \"1 2 3 4\""),
            ],
        );
        check(
            &style(DateStyle::German, DateOrder::Dmy, "UTC"),
            &[
                ("1/8/1999", "01.08.1999"),
                ("08-Jan-99", "08.01.1999"),
                ("01/02/03", "01.02.2003"),
                ("1/18/1999", "22008 date/time field value out of range: \"1/18/1999\""),
            ],
        );
        check(
            &style(DateStyle::Sql, DateOrder::Ymd, "UTC"),
            &[("99-Jan-08", "01/08/1999"), ("01/02/03", "02/03/2001")],
        );
        let hints = |text| parse_date(text, &Style::default(), 0).unwrap_err().hint.is_some();
        assert!(hints("2024-13-01") && !hints("2024-02-30"));
    }

    #[test]
    fn times() {
        for (text, expected) in [
            ("04:05:06.789", "04:05:06.789"),
            ("040506", "04:05:06"),
            ("0405", "04:05:00"),
            ("04:05 PM", "16:05:00"),
            ("12:05 am", "00:05:00"),
            ("13:05 PM", "22008 date/time field value out of range: \"13:05 PM\""),
            ("allballs", "00:00:00"),
            ("24:00:00", "24:00:00"),
            ("24:00:01", "22008 date/time field value out of range: \"24:00:01\""),
            ("23:59:59.9999996", "24:00:00"),
            ("1:2.5", "00:01:02.5"),
            ("2003-04-12 04:05:06 America/New_York", "04:05:06"),
            ("12", "22007 invalid input syntax for type time: \"12\""),
        ] {
            assert_eq!(said(parse_time(text, -1, &Style::default(), 0).map(time_text)), expected, "{text}");
        }
    }

    #[test]
    fn times_with_zones() {
        let style = style(DateStyle::Iso, DateOrder::Mdy, "Europe/Berlin");
        for (text, expected) in [
            ("04:05:06.789-8", "04:05:06.789-08"),
            ("040506+0730", "04:05:06+07:30"),
            ("04:05:06+07:30:15", "04:05:06+07:30:15"),
            ("04:05:06 PST", "04:05:06-08"),
            ("2003-04-12 04:05:06 America/New_York", "04:05:06-04"),
            ("2024-07-01 04:05", "04:05:00+02"),
            ("04:05 Asia/Tokyo", "22007 invalid input syntax for type time with time zone: \"04:05 Asia/Tokyo\""),
            ("04:05+16", "22009 time zone displacement out of range: \"04:05+16\""),
        ] {
            assert_eq!(said(parse_timetz(text, -1, &style, 0).map(timetz_text)), expected, "{text}");
        }
    }

    #[test]
    fn timestamps() {
        let style = style(DateStyle::Iso, DateOrder::Mdy, "Europe/Berlin");
        for (text, expected) in [
            ("1999-01-08 04:05:06", "1999-01-08 04:05:06+01"),
            ("1999-01-08T04:05:06.789Z", "1999-01-08 05:05:06.789+01"),
            ("20011225T040506.789-07", "2001-12-25 12:05:06.789+01"),
            ("January 8 04:05:06 1999 PST", "1999-01-08 13:05:06+01"),
            ("2004-10-19 10:23:54+02:30", "2004-10-19 09:53:54+02"),
            ("2004-10-19 10:23:54+02", "2004-10-19 10:23:54+02"),
            ("2024-03-31 02:30", "2024-03-31 03:30:00+02"),
            ("2024-10-27 02:30:00", "2024-10-27 02:30:00+01"),
            ("1890-01-01", "1890-01-01 00:00:00+00:53:28"),
            ("0044-03-15 BC", "0044-03-15 00:00:00+00:53:28 BC"),
            ("2500-07-01", "2500-07-01 00:00:00+02"),
            ("2024-07-01 12:00 MET DST", "2024-07-01 12:00:00+02"),
            ("2012-03-01 MSK", "2012-02-29 21:00:00+01"),
            ("2010-03-01 MSK", "2010-02-28 22:00:00+01"),
            ("2024-07-01 12:00 utc+3", "2024-07-01 17:00:00+02"),
            ("now", "1970-01-01 01:00:00+01"),
            ("infinity", "infinity"),
            ("J2451187.5", "1999-01-08 12:00:00+01"),
            ("2024-07-01 12:00 Mars/Base", "22023 time zone \"mars/base\" not recognized"),
            ("2024-07-01 12:00+15:60", "22009 time zone displacement out of range: \"2024-07-01 12:00+15:60\""),
            ("4714-11-24 00:00 BC", "22008 timestamp out of range: \"4714-11-24 00:00 BC\""),
            ("-1", "22007 invalid input syntax for type timestamp with time zone: \"-1\""),
        ] {
            let timestamp = parse_timestamptz(text, -1, &style, 0);
            assert_eq!(said(timestamp.map(|timestamp| timestamptz_text(timestamp, &style))), expected, "{text}");
        }
        // Ties go away from 2000.
        for (text, expected) in
            [("1999-12-31 23:59:58.5", "1999-12-31 23:59:58"), ("2000-01-01 00:00:00.5", "2000-01-01 00:00:01")]
        {
            let timestamp = parse_timestamp(text, 0, &style, 0).unwrap();
            assert_eq!(timestamp_text(timestamp, &style), expected);
        }
    }
}
