//! `to_char` of timestamps and intervals.

use super::calendar::{IsoDay, julian_day};
use super::date_format::{DateFormat, Field, Node, Ordinal, Pattern};
use super::date_plan::Clock;
use super::{DAY, HOUR, MAX_RESULT, MINUTE, SECOND, ordinal};
use crate::civil::{civil_from_days, day_of_week, days_from_civil};
use crate::{Result, ValueError, code};

pub(super) static MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub(super) static MONTHS_SHORT: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
pub(super) static DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
pub(super) static DAYS_SHORT: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
/// December comes first, so that of two that start alike the longer one does.
pub(super) static ROMAN_MONTHS: [&str; 12] = ["XII", "XI", "X", "IX", "VIII", "VII", "VI", "V", "IV", "III", "II", "I"];

/// What a template can print.
struct Parts<'a> {
    /// The year 0 is 1 BC.
    year: i32,
    month: i32,
    day: i32,
    hour: i64,
    minute: i64,
    second: i64,
    micros: i64,
    zone: Option<&'a str>,
    /// Seconds east.
    offset: i32,
    /// Since 1970; intervals aren't tied to any day.
    days: Option<i32>,
}

/// Appends a moment, local as printed, to `out`; `zone` is the abbreviation and the offset in seconds east of the zone it
/// is local to, if its type has one. `false`: the result is NULL (the moment is infinite or the template empty).
pub fn to_char_timestamp(
    micros: i64,
    format: &DateFormat,
    zone: Option<(&str, i32)>,
    out: &mut String,
) -> Result<bool> {
    if [i64::MIN, i64::MAX].contains(&micros) || format.is_empty() {
        return Ok(false);
    }
    // An i64 of microseconds has days that fit.
    let (days, time) = (micros.div_euclid(DAY) as i32, micros.rem_euclid(DAY));
    let (year, month, day) = civil_from_days(days);
    // Shorter integers are faster to divide.
    let (seconds, micros) = ((time / SECOND) as u32, (time % SECOND) as u32);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if let (Some(plan), 1..10_000) = (&format.plan, year) {
        plan.write(&Clock { year: year as u32, month, day, hour, minute, second, micros }, out);
        return Ok(true);
    }
    let parts = Parts {
        year,
        month: month as i32,
        day: day as i32,
        hour: hour.into(),
        minute: minute.into(),
        second: second.into(),
        micros: i64::from(micros),
        zone: zone.map(|(abbreviation, _)| abbreviation),
        offset: zone.map_or(0, |(_, offset)| offset),
        days: Some(days),
    };
    parts.write(format, out)?;
    Ok(true)
}

/// Appends an interval to `out` (times of day, too, are printed as intervals). `false`: the result is NULL.
pub fn to_char_interval(months: i32, days: i32, micros: i64, format: &DateFormat, out: &mut String) -> Result<bool> {
    let infinite = [(i32::MAX, i32::MAX, i64::MAX), (i32::MIN, i32::MIN, i64::MIN)];
    if infinite.contains(&(months, days, micros)) || format.is_empty() {
        return Ok(false);
    }
    let parts = Parts {
        year: months / 12,
        month: months % 12,
        day: days,
        hour: micros / HOUR,
        minute: micros / MINUTE % 60,
        second: micros / SECOND % 60,
        micros: micros % SECOND,
        zone: None,
        offset: 0,
        days: None,
    };
    parts.write(format, out)?;
    Ok(true)
}

impl Parts<'_> {
    fn write(&self, format: &DateFormat, out: &mut String) -> Result<()> {
        let limit = out.len().saturating_add(MAX_RESULT);
        for node in &format.nodes {
            match node {
                Node::Space(letter) | Node::Separator(letter) | Node::Letter(letter) => out.push(*letter),
                Node::Field(field) => self.write_field(field, out)?,
            }
            if out.len() > limit {
                return Err(ValueError::too_long());
            }
        }
        Ok(())
    }

    /// Not inlined: in the loop, what all patterns need would be computed ahead of it.
    #[inline(never)]
    fn write_field(&self, field: &Field, out: &mut String) -> Result<()> {
        use Pattern::*;
        let start = out.len();
        // Widths count the sign.
        let signed = |width: usize, value: i64| if field.fill { 0 } else { width + usize::from(value < 0) };
        let padded = |width: usize| if field.fill { 0 } else { width };
        match field.pattern() {
            Meridiem { dotted } => {
                let afternoon = self.hour % 24 >= 12;
                out.push_str(match (afternoon, dotted, field.lower) {
                    (false, false, false) => "AM",
                    (false, false, true) => "am",
                    (false, true, false) => "A.M.",
                    (false, true, true) => "a.m.",
                    (true, false, false) => "PM",
                    (true, false, true) => "pm",
                    (true, true, false) => "P.M.",
                    (true, true, true) => "p.m.",
                });
                return Ok(());
            }
            Hour12 => {
                let hour = if self.hour % 12 == 0 { 12 } else { self.hour % 12 };
                number(out, hour, signed(2, self.hour));
            }
            Hour24 => number(out, self.hour, signed(2, self.hour)),
            Minute => number(out, self.minute, signed(2, self.minute)),
            Second => number(out, self.second, signed(2, self.second)),
            Fraction(digits) => self.write_fraction(digits, out),
            Milliseconds => self.write_fraction(3, out),
            Microseconds => self.write_fraction(6, out),
            SecondsOfDay => number(out, self.hour * 3600 + self.minute * 60 + self.second, 0),
            Zone | ZoneHour | ZoneMinute | Offset => return self.write_zone(field, out),
            Era { dotted } => {
                self.only_dates()?;
                out.push_str(match (self.year <= 0, dotted, field.lower) {
                    (false, false, false) => "AD",
                    (false, false, true) => "ad",
                    (false, true, false) => "A.D.",
                    (false, true, true) => "a.d.",
                    (true, false, false) => "BC",
                    (true, false, true) => "bc",
                    (true, true, false) => "B.C.",
                    (true, true, true) => "b.c.",
                });
                return Ok(());
            }
            MonthName { capital } => return self.write_name(&MONTHS, self.month - 1, capital, 9, field, out),
            MonthShort { capital } => return self.write_name(&MONTHS_SHORT, self.month - 1, capital, 0, field, out),
            DayName { capital } => return self.write_name(&DAYS, self.day_of_week()?, capital, 9, field, out),
            DayShort { capital } => return self.write_name(&DAYS_SHORT, self.day_of_week()?, capital, 0, field, out),
            RomanMonth => {
                self.write_roman_month(field, out);
                return Ok(());
            }
            Fixed => return Ok(()),
            Month => number(out, self.month.into(), signed(2, self.month.into())),
            DayOfYear => number(out, self.day_of_year().into(), padded(3)),
            IsoDayOfYear => number(out, self.iso_day().day_of_year.into(), padded(3)),
            DayOfMonth => number(out, self.day.into(), padded(2)),
            DayOfWeek => {
                let day = self.day_of_week()?;
                number(out, i64::from(day) + 1, 0);
            }
            IsoDay => {
                let day = self.day_of_week()?;
                number(out, if day == 0 { 7 } else { day.into() }, 0);
            }
            WeekOfYear => number(out, (i64::from(self.day_of_year()) - 1) / 7 + 1, padded(2)),
            IsoWeek => number(out, self.iso_day().week.into(), padded(2)),
            WeekOfMonth => number(out, (i64::from(self.day) - 1) / 7 + 1, 0),
            Quarter if self.month == 0 => return Ok(()),
            Quarter => number(out, i64::from((self.month - 1) / 3 + 1), 0),
            Century => {
                let century = self.century();
                number(out, century, signed(2, century));
            }
            CommaYear => {
                let year = i64::from(self.shown_year(self.year));
                number(out, year / 1000, 0);
                out.push(',');
                number(out, year % 1000, 3);
            }
            Year(digits) => self.write_year(self.year, digits, field, out),
            IsoYear(digits) => self.write_year(self.iso_day().year, digits, field, out),
            Julian => number(out, julian_day(self.year, self.month, self.day).into(), 0),
        }
        if let Some(kind) = field.ordinal {
            let digits = out.as_bytes().get(start..).unwrap_or_default();
            out.push_str(ordinal(digits, kind == Ordinal::Upper)?);
        }
        Ok(())
    }

    /// The day since 1970, which intervals don't have.
    fn only_dates(&self) -> Result<i32> {
        self.days.ok_or_else(|| {
            let message = "invalid format specification for an interval value";
            ValueError::new(code::INVALID_DATETIME_FORMAT, message)
                .hint("Intervals are not tied to specific calendar dates.")
        })
    }

    /// Sunday is 0.
    fn day_of_week(&self) -> Result<i32> {
        Ok(day_of_week(self.only_dates()?) as i32)
    }

    /// Of an interval, all days that it has.
    fn day_of_year(&self) -> i32 {
        match self.days {
            Some(days) => (i64::from(days) - days_from_civil(self.year, 1, 1) + 1) as i32,
            None => self.year.wrapping_mul(12).wrapping_add(self.month).wrapping_mul(30).wrapping_add(self.day),
        }
    }

    fn iso_day(&self) -> IsoDay {
        IsoDay::of(self.year, self.month, self.day)
    }

    /// Years before Christ count from 1.
    fn shown_year(&self, year: i32) -> i32 {
        if self.days.is_none() || year > 0 { year } else { 1 - year }
    }

    fn century(&self) -> i64 {
        let year = i64::from(self.year);
        match self.days {
            None => year / 100,
            Some(_) if year > 0 => (year - 1) / 100 + 1,
            Some(_) => year / 100 - 1,
        }
    }

    /// The last `digits` of a year, all of it for four.
    fn write_year(&self, year: i32, digits: u8, field: &Field, out: &mut String) {
        let year = i64::from(self.shown_year(year));
        let negative = self.shown_year(self.year) < 0;
        let width = match digits {
            1 => 0,
            _ if field.fill => 0,
            _ => usize::from(digits) + usize::from(negative),
        };
        let shown = match digits {
            1 => year % 10,
            2 => year % 100,
            3 => year % 1000,
            _ => year,
        };
        number(out, shown, width);
    }

    fn write_fraction(&self, digits: u8, out: &mut String) {
        let unit = 10_i64.pow(6 - u32::from(digits.min(6)));
        number(out, self.micros / unit, digits.into());
    }

    fn write_zone(&self, field: &Field, out: &mut String) -> Result<()> {
        self.only_dates()?;
        let sign = if self.offset >= 0 { '+' } else { '-' };
        let minutes = i64::from(self.offset.unsigned_abs() / 60);
        match field.pattern() {
            Pattern::ZoneHour => {
                out.push(sign);
                number(out, minutes / 60, 2);
            }
            Pattern::ZoneMinute => number(out, minutes % 60, 2),
            Pattern::Offset => {
                out.push(sign);
                number(out, minutes / 60, if field.fill { 0 } else { 2 });
                if self.offset % 3600 != 0 {
                    out.push(':');
                    number(out, minutes % 60, 2);
                }
            }
            _ if field.lower => out.extend(self.zone.unwrap_or_default().chars().map(|c| c.to_ascii_lowercase())),
            _ => out.push_str(self.zone.unwrap_or_default()),
        }
        Ok(())
    }

    fn write_name(
        &self,
        names: &[&str],
        index: i32,
        capital: bool,
        width: usize,
        field: &Field,
        out: &mut String,
    ) -> Result<()> {
        self.only_dates()?;
        let name = usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or_default();
        match (capital, field.lower) {
            (true, _) => out.push_str(name),
            (false, true) => out.extend(name.chars().map(|letter| letter.to_ascii_lowercase())),
            (false, false) => out.extend(name.chars().map(|letter| letter.to_ascii_uppercase())),
        }
        if !field.fill && !field.localized {
            pad(out, name.len(), width);
        }
        Ok(())
    }

    fn write_roman_month(&self, field: &Field, out: &mut String) {
        // An interval's whole years count as December, or January where they are negative.
        let index = match (self.month, self.year) {
            (0, 0) => return,
            (0, 1..) => 0,
            (0, _) => 11,
            (month @ ..=-1, _) => -(month + 1),
            (month, _) => 12 - month,
        };
        let name = usize::try_from(index).ok().and_then(|index| ROMAN_MONTHS.get(index)).copied().unwrap_or_default();
        if field.lower {
            out.extend(name.chars().map(|letter| letter.to_ascii_lowercase()));
        } else {
            out.push_str(name);
        }
        if !field.fill {
            pad(out, name.len(), 4);
        }
    }
}

fn pad(out: &mut String, len: usize, width: usize) {
    out.extend(std::iter::repeat_n(' ', width.saturating_sub(len)));
}

/// "00" to "99".
static PAIRS: &str = "\
    0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
    5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

/// Appends the two digits of a number below 100.
#[inline]
fn pair(out: &mut String, value: usize) {
    out.push_str(PAIRS.get(value * 2..value * 2 + 2).unwrap_or_default());
}

/// Appends a number, with zeros up to a width that counts the sign.
fn number(out: &mut String, value: i64, width: usize) {
    // What dates and times mostly are made of.
    match (width, value) {
        (2, 0..100) => return pair(out, value as usize),
        (4, 0..10_000) => {
            pair(out, value as usize / 100);
            return pair(out, value as usize % 100);
        }
        _ => {}
    }
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    let mut rest = value.unsigned_abs();
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    let mut width = width;
    if value < 0 {
        out.push('-');
        width = width.saturating_sub(1);
    }
    let digits = &digits[start.min(digits.len() - width.min(digits.len()))..];
    out.push_str(str::from_utf8(digits).unwrap_or_default());
}
