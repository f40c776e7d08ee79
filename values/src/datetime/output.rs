//! How dates, times and timestamps are printed.

use super::{
    DATE_INFINITY, DATE_NEG_INFINITY, DateOrder, DateStyle, SECOND, Style, TIMESTAMP_INFINITY, TIMESTAMP_NEG_INFINITY,
    TimeTz, split, split_local,
};
use crate::civil;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
/// No more of a zone's abbreviation is printed.
const MAX_ABBREVIATION: usize = 10;

/// One value's text, put together in place: nothing is allocated for it.
pub(super) struct Line {
    bytes: [u8; Line::SIZE],
    used: usize,
}

impl Line {
    const SIZE: usize = 96;

    pub fn new() -> Self {
        Self { bytes: [b' '; Self::SIZE], used: 0 }
    }

    pub fn byte(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.used) {
            *place = byte;
            self.used += 1;
        }
    }

    pub fn text(&mut self, text: &str) {
        text.bytes().for_each(|byte| self.byte(byte));
    }

    /// Of a number below a hundred.
    pub fn two(&mut self, value: u32) {
        if let Some([tens, ones]) = self.bytes.get_mut(self.used..self.used + 2) {
            *tens = b'0' + (value / 10 % 10) as u8;
            *ones = b'0' + (value % 10) as u8;
            self.used += 2;
        }
    }

    /// At least so many digits.
    pub fn padded(&mut self, value: u64, width: usize) {
        if value < 100 && width == 2 {
            return self.two(value as u32);
        }
        let mut digits = [b'0'; 20];
        let mut rest = value;
        let mut first = digits.len();
        while rest != 0 || digits.len() - first < width.min(20) {
            first -= 1;
            digits[first] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        digits.iter().skip(first).for_each(|digit| self.byte(*digit));
    }

    /// A point and the digits of a second's fraction that aren't zeros at its end; nothing for 0.
    pub fn fraction(&mut self, micros: u32) {
        if micros == 0 {
            return;
        }
        self.byte(b'.');
        self.two(micros / 10_000);
        self.two(micros / 100 % 100);
        self.two(micros % 100);
        while self.used > 0 && self.bytes.get(self.used - 1) == Some(&b'0') {
            self.used -= 1;
        }
    }

    /// `hh:mm:ss[.ffffff]`.
    pub fn time(&mut self, micros: i64) {
        let seconds = (micros / SECOND) as u32;
        self.two(seconds / 3_600);
        self.byte(b':');
        self.two(seconds / 60 % 60);
        self.byte(b':');
        self.two(seconds % 60);
        self.fraction((micros % SECOND) as u32);
    }

    /// `+hh[:mm[:ss]]`, of seconds east.
    pub fn offset(&mut self, offset: i32) {
        let seconds = offset.unsigned_abs();
        self.byte(if offset < 0 { b'-' } else { b'+' });
        self.padded(u64::from(seconds / 3_600), 2);
        if !seconds.is_multiple_of(3_600) {
            self.byte(b':');
            self.two(seconds / 60 % 60);
        }
        if !seconds.is_multiple_of(60) {
            self.byte(b':');
            self.two(seconds % 60);
        }
    }

    fn year(&mut self, year: i32) {
        if (1..10_000).contains(&year) {
            self.two(year as u32 / 100);
            return self.two(year as u32 % 100);
        }
        let year = if year > 0 { i64::from(year) } else { 1 - i64::from(year) };
        self.padded(year.unsigned_abs(), 4);
    }

    fn era(&mut self, year: i32) {
        if year <= 0 {
            self.text(" BC");
        }
    }

    /// A date's numbers, without its era.
    fn date(&mut self, (year, month, day): (i32, u32, u32), style: &Style) {
        let day_first = style.date_order == DateOrder::Dmy;
        let (first, second, separator) = match style.date_style {
            DateStyle::Iso => {
                self.year(year);
                self.byte(b'-');
                self.two(month);
                self.byte(b'-');
                self.two(day);
                return;
            }
            DateStyle::German => (day, month, b'.'),
            DateStyle::Sql if day_first => (day, month, b'/'),
            DateStyle::Sql => (month, day, b'/'),
            DateStyle::Postgres if day_first => (day, month, b'-'),
            DateStyle::Postgres => (month, day, b'-'),
        };
        self.two(first);
        self.byte(separator);
        self.two(second);
        self.byte(separator);
        self.year(year);
    }

    /// A date and a time, without what comes after them.
    fn timestamp(&mut self, (days, micros): (i32, i64), style: &Style) -> i32 {
        let date @ (year, month, day) = civil::civil_from_days(days);
        if style.date_style != DateStyle::Postgres {
            self.date(date, style);
            self.byte(b' ');
            self.time(micros);
            return year;
        }
        let month = MONTHS.get(month as usize - 1).copied().unwrap_or_default();
        self.text(DAYS.get(civil::day_of_week(days) as usize).copied().unwrap_or_default());
        self.byte(b' ');
        if style.date_order == DateOrder::Dmy {
            self.two(day);
            self.byte(b' ');
            self.text(month);
        } else {
            self.text(month);
            self.byte(b' ');
            self.two(day);
        }
        self.byte(b' ');
        self.time(micros);
        self.byte(b' ');
        self.year(year);
        year
    }

    pub fn finish(&self, out: &mut String) {
        // All that is put in is text.
        out.push_str(self.bytes.get(..self.used).and_then(|bytes| str::from_utf8(bytes).ok()).unwrap_or_default());
    }
}

pub fn write_date(date: i32, style: &Style, out: &mut String) {
    match date {
        DATE_INFINITY => out.push_str("infinity"),
        DATE_NEG_INFINITY => out.push_str("-infinity"),
        _ => {
            let mut line = Line::new();
            let civil = civil::civil_from_days(date);
            line.date(civil, style);
            line.era(civil.0);
            line.finish(out);
        }
    }
}

pub fn write_time(micros: i64, out: &mut String) {
    let mut line = Line::new();
    line.time(micros);
    line.finish(out);
}

pub fn write_timetz(time: TimeTz, out: &mut String) {
    let mut line = Line::new();
    line.time(time.micros);
    line.offset(time.offset);
    line.finish(out);
}

pub fn write_timestamp(timestamp: i64, style: &Style, out: &mut String) {
    match timestamp {
        TIMESTAMP_INFINITY => out.push_str("infinity"),
        TIMESTAMP_NEG_INFINITY => out.push_str("-infinity"),
        _ => {
            let mut line = Line::new();
            let year = line.timestamp(split(timestamp), style);
            line.era(year);
            line.finish(out);
        }
    }
}

/// In the session's zone.
pub fn write_timestamptz(timestamp: i64, style: &Style, out: &mut String) {
    match timestamp {
        TIMESTAMP_INFINITY => out.push_str("infinity"),
        TIMESTAMP_NEG_INFINITY => out.push_str("-infinity"),
        _ => {
            let zone = style.zone.at(timestamp.div_euclid(SECOND));
            let mut line = Line::new();
            let year = line.timestamp(split_local(timestamp, zone.offset), style);
            if style.date_style == DateStyle::Iso {
                line.offset(zone.offset);
            } else {
                line.byte(b' ');
                line.text(zone.abbreviation.get(..MAX_ABBREVIATION).unwrap_or(zone.abbreviation));
            }
            line.era(year);
            line.finish(out);
        }
    }
}

/// The same as the functions that write into a buffer do, each as a new text.
macro_rules! texts {
    ($($name:ident($($argument:ident: $type:ty),*) = $write:ident;)*) => {
        $(pub fn $name($($argument: $type),*) -> String {
            let mut out = String::with_capacity(32);
            $write($($argument,)* &mut out);
            out
        })*
    };
}

texts! {
    date_text(date: i32, style: &Style) = write_date;
    time_text(micros: i64) = write_time;
    timetz_text(time: TimeTz) = write_timetz;
    timestamp_text(timestamp: i64, style: &Style) = write_timestamp;
    timestamptz_text(timestamp: i64, style: &Style) = write_timestamptz;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datetime::{DAY, Zone};

    #[test]
    fn styles() {
        use DateOrder::{Dmy, Mdy};
        let timestamp = 20_000 * DAY + 3_661_000_500;
        for (date_style, date_order, zone, expected) in [
            (DateStyle::Iso, Mdy, "UTC", ["2024-10-04", "2024-10-04 01:01:01.0005", "2024-10-04 01:01:01.0005+00"]),
            (
                DateStyle::Sql,
                Dmy,
                "Asia/Kolkata",
                ["04/10/2024", "04/10/2024 01:01:01.0005", "04/10/2024 06:31:01.0005 IST"],
            ),
            (DateStyle::German, Mdy, "-8", ["04.10.2024", "04.10.2024 01:01:01.0005", "03.10.2024 17:01:01.0005 -08"]),
            (
                DateStyle::Postgres,
                Mdy,
                "America/New_York",
                ["10-04-2024", "Fri Oct 04 01:01:01.0005 2024", "Thu Oct 03 21:01:01.0005 2024 EDT"],
            ),
        ] {
            let style = Style { date_style, date_order, zone: Zone::of_setting(zone).unwrap(), ..Style::default() };
            let texts =
                [date_text(20_000, &style), timestamp_text(timestamp, &style), timestamptz_text(timestamp, &style)];
            assert_eq!(texts, expected);
        }
        let style = Style { zone: Zone::of_setting("Europe/Berlin").unwrap(), ..Style::default() };
        assert_eq!(date_text(-719_163, &style), "0001-12-31 BC");
        assert_eq!(date_text(2_145_042_905, &style), "5874897-12-31");
        assert_eq!(timestamptz_text(-3_000_000_000_000_000, &style), "1874-12-07 19:33:28+00:53:28");
        assert_eq!(timestamptz_text(i64::MAX - 1, &style), "294247-01-10 05:00:54.775806+01");
    }
}
