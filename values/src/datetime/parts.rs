//! The parts of a date and a time as their text gives them, one field at a time: which number is what depends on
//! which parts there are already.

use super::fault::{Decoded, Fault};
use super::scan::{fraction_micros, leading_i32, leading_i64};
use super::words::{self, Word};
use super::{DAY, DateOrder, HOUR, MINUTE, SECOND};
use crate::civil;

/// Sets of parts.
pub(super) mod set {
    pub const YEAR: u32 = 1;
    pub const MONTH: u32 = 1 << 1;
    pub const DAY: u32 = 1 << 2;
    pub const DATE: u32 = YEAR | MONTH | DAY;
    pub const DAY_OF_YEAR: u32 = 1 << 3;
    pub const TIME: u32 = 1 << 4;
    pub const ZONE: u32 = 1 << 5;
    /// A zone's abbreviation that says whether it is summer.
    pub const SUMMER: u32 = 1 << 6;
    /// The word DST.
    pub const DST: u32 = 1 << 7;
    /// A zone's abbreviation whose meaning depends on the time.
    pub const VARYING: u32 = 1 << 8;
    pub const MERIDIEM: u32 = 1 << 9;
    pub const ERA: u32 = 1 << 10;
    pub const WEEKDAY: u32 = 1 << 11;
}

/// Displacements of zones are less than sixteen hours.
const MAX_ZONE_HOURS: i32 = 15;
const DAYS_OF_LEAP_YEAR: i32 = 366;

#[derive(Debug, Clone, Default)]
pub(super) struct Parts {
    pub year: i32,
    pub month: i32,
    pub day: i32,
    day_of_year: i32,
    /// The year was given by one or two digits.
    is_short_year: bool,
    pub hour: i32,
    pub minute: i32,
    pub second: i32,
    pub micros: i32,
}

impl Parts {
    pub fn set_days(&mut self, days: i32) {
        let (year, month, day) = civil::civil_from_days(days);
        (self.year, self.month, self.day) = (year, month as i32, day as i32);
    }

    pub fn set_time(&mut self, micros: i64) {
        self.hour = (micros / HOUR) as i32;
        self.minute = (micros / MINUTE % 60) as i32;
        self.second = (micros / SECOND % 60) as i32;
        self.micros = (micros % SECOND) as i32;
    }

    /// Seconds from midnight.
    pub fn seconds(&self) -> i64 {
        (i64::from(self.hour) * 60 + i64::from(self.minute)) * 60 + i64::from(self.second)
    }

    pub fn time(&self) -> i64 {
        self.seconds() * SECOND + i64::from(self.micros)
    }

    /// The day, if there is such a date.
    pub fn days(&self) -> Option<i64> {
        let (month, day) = (u32::try_from(self.month).ok()?, u32::try_from(self.day).ok()?);
        Some(civil::days_from_civil(self.year, month, day))
    }

    /// More than 24 hours, or a part of the time that is larger than it may be.
    pub fn time_overflows(&self) -> bool {
        !(0..=24).contains(&self.hour)
            || !(0..=59).contains(&self.minute)
            || !(0..=60).contains(&self.second)
            || self.time() > DAY
    }

    /// A date with separators. `known` are the parts that there are already; those it has are returned.
    pub fn read_date(&mut self, text: &[u8], known: u32, order: DateOrder) -> Decoded<u32> {
        let mut all = known;
        let mut has_named_month = false;
        for field in date_fields(text) {
            let field = field?;
            if field.first().is_some_and(u8::is_ascii_alphabetic) {
                let Some(Word::Month(month)) = words::date_word(field) else { return Err(Fault::Format) };
                if all & set::MONTH != 0 {
                    return Err(Fault::Format);
                }
                (self.month, has_named_month) = (month, true);
                all |= set::MONTH;
            }
        }
        for field in date_fields(text) {
            let field = field?;
            if field.first().is_some_and(u8::is_ascii_alphabetic) {
                continue;
            }
            let found = self.read_number(field, has_named_month, all, order)?;
            if all & found != 0 {
                return Err(Fault::Format);
            }
            all |= found;
        }
        if all & !(set::DAY_OF_YEAR | set::ZONE) != set::DATE {
            return Err(Fault::Format);
        }
        Ok(all & !known)
    }

    /// A number by itself: a part of a date, or a time if the date is there.
    pub fn read_number(&mut self, text: &[u8], has_named_month: bool, known: u32, order: DateOrder) -> Decoded<u32> {
        let (value, rest) = leading_i32(text);
        let value = value.ok_or(Fault::Field)?;
        match rest.first() {
            _ if rest.len() == text.len() => return Err(Fault::Format),
            Some(b'.') if text.len() - rest.len() > 2 => return self.read_run(text, known | set::DATE),
            Some(b'.') => self.micros = fraction_micros(rest)?,
            Some(_) => return Err(Fault::Format),
            None => {}
        }

        let date = known & set::DATE;
        let is_long = text.len() >= 3;
        if text.len() == 3 && date == set::YEAR && (1..=DAYS_OF_LEAP_YEAR).contains(&value) {
            self.day_of_year = value;
            return Ok(set::DAY_OF_YEAR | set::MONTH | set::DAY);
        }
        let year_first = is_long || order == DateOrder::Ymd;
        let part = match date {
            0 if year_first => set::YEAR,
            0 if order == DateOrder::Dmy => set::DAY,
            0 | set::YEAR | set::DAY => set::MONTH,
            set::MONTH if has_named_month && year_first => set::YEAR,
            set::MONTH => set::DAY,
            _ if date == set::YEAR | set::MONTH => {
                if has_named_month && is_long && self.is_short_year {
                    // What was taken for the year is the day: 08-Jan-1999 where years come first.
                    self.day = self.year;
                    self.year = value;
                    self.is_short_year = false;
                    return Ok(set::DAY);
                }
                set::DAY
            }
            _ if date == set::MONTH | set::DAY => set::YEAR,
            _ if date == set::DATE => return self.read_run(text, known),
            _ => return Err(Fault::Format),
        };
        match part {
            set::YEAR => {
                self.year = value;
                self.is_short_year = text.len() <= 2;
            }
            set::MONTH => self.month = value,
            _ => self.day = value,
        }
        Ok(part)
    }

    /// Digits that run together: yyyymmdd, yymmdd, hhmmss or hhmm.
    pub fn read_run(&mut self, text: &[u8], known: u32) -> Decoded<u32> {
        let mut digits = text;
        if let Some(point) = text.iter().position(|byte| *byte == b'.') {
            let (whole, rest) = text.split_at(point);
            let count = rest.iter().skip(1).take_while(|byte| byte.is_ascii_digit()).count();
            self.micros = fraction_micros(rest.get(..=count).unwrap_or_default())?;
            digits = whole;
        } else if known & set::DATE != set::DATE && digits.len() >= 6 {
            let (year, rest) = digits.split_at(digits.len() - 4);
            let (month, day) = rest.split_at(2);
            (self.year, self.month, self.day) = (number(year), number(month), number(day));
            self.is_short_year |= year.len() == 2;
            return Ok(set::DATE);
        }
        if known & set::TIME != 0 {
            return Err(Fault::Format);
        }
        let (hour, rest) = digits.split_at_checked(2).ok_or(Fault::Format)?;
        let (minute, second) = rest.split_at_checked(2).ok_or(Fault::Format)?;
        if !matches!(second.len(), 0 | 2) {
            return Err(Fault::Format);
        }
        (self.hour, self.minute, self.second) = (number(hour), number(minute), number(second));
        Ok(set::TIME)
    }

    /// `hh:mm[:ss[.ffffff]]`.
    pub fn read_time(&mut self, text: &[u8]) -> Decoded<()> {
        let time = read_clock(text, false)?;
        self.hour = time.hours.try_into().map_err(|_| Fault::Field)?;
        (self.minute, self.second, self.micros) = (time.minutes, time.seconds, time.micros);
        Ok(())
    }

    /// Checks the date, and completes it: its era, its century, its day of the year.
    pub fn finish_date(&mut self, known: u32, is_julian: bool, is_bc: bool) -> Decoded<()> {
        if known & set::YEAR != 0 && !is_julian {
            if is_bc {
                // There is no year zero: 1 BC is what comes before 1.
                self.year = 1 - positive(self.year)?;
            } else if self.is_short_year {
                self.year = match self.year {
                    ..0 => return Err(Fault::Field),
                    0..70 => self.year + 2000,
                    70..100 => self.year + 1900,
                    _ => self.year,
                };
            } else {
                positive(self.year)?;
            }
        }
        if known & set::DAY_OF_YEAR != 0 {
            let days = civil::days_from_civil(self.year, 1, 1) + i64::from(self.day_of_year) - 1;
            self.set_days(days.try_into().map_err(|_| Fault::Field)?);
        }
        if known & set::MONTH != 0 && !(1..=12).contains(&self.month) {
            return Err(Fault::MonthOrDay);
        }
        if known & set::DAY != 0 && !(1..=31).contains(&self.day) {
            return Err(Fault::MonthOrDay);
        }
        // A day that this month of this year doesn't have: no other order would mend that.
        if known & set::DATE == set::DATE && self.day as u32 > civil::days_in_month(self.year, self.month as u32) {
            return Err(Fault::Field);
        }
        Ok(())
    }
}

fn positive(year: i32) -> Decoded<i32> {
    if year > 0 { Ok(year) } else { Err(Fault::Field) }
}

/// Digits alone. Too many wrap around, to what is then out of range.
fn number(digits: &[u8]) -> i32 {
    leading_i64(digits).0.unwrap_or(-1) as i32
}

/// The runs of digits and letters of a date. After each one character is passed over, whatever it is.
fn date_fields(text: &[u8]) -> impl Iterator<Item = Decoded<&[u8]>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest.first()?;
        let start = rest.iter().position(u8::is_ascii_alphanumeric);
        let Some((_, field)) = start.and_then(|start| rest.split_at_checked(start)) else {
            rest = &[];
            return Some(Err(Fault::Format));
        };
        let is_number = field.first().is_some_and(u8::is_ascii_digit);
        let ends = |byte: &u8| if is_number { !byte.is_ascii_digit() } else { !byte.is_ascii_alphabetic() };
        let (field, after) = field.split_at(field.iter().position(ends).unwrap_or(field.len()));
        rest = after.get(1..).unwrap_or_default();
        Some(Ok(field))
    })
}

/// A time with colons; hours may go on past a day.
pub(super) struct Clock {
    pub hours: i64,
    pub minutes: i32,
    pub seconds: i32,
    pub micros: i32,
}

/// Two numbers are hours and minutes, or minutes and seconds if so wanted or if there is a fraction.
pub(super) fn read_clock(text: &[u8], prefer_seconds: bool) -> Decoded<Clock> {
    let (hours, rest) = leading_i64(text);
    let hours = hours.ok_or(Fault::Field)?;
    let (minutes, rest) = leading_i32(rest.strip_prefix(b":").ok_or(Fault::Format)?);
    let mut clock = Clock { hours, minutes: minutes.ok_or(Fault::Field)?, seconds: 0, micros: 0 };
    match rest.first() {
        None if prefer_seconds => clock.shift()?,
        None => {}
        Some(b'.') => {
            clock.micros = fraction_micros(rest)?;
            clock.shift()?;
        }
        Some(b':') => {
            let (seconds, rest) = leading_i32(rest.get(1..).unwrap_or_default());
            clock.seconds = seconds.ok_or(Fault::Field)?;
            match rest.first() {
                Some(b'.') => clock.micros = fraction_micros(rest)?,
                Some(_) => return Err(Fault::Format),
                None => {}
            }
        }
        Some(_) => return Err(Fault::Format),
    }
    let is_clock = clock.hours >= 0 && (0..60).contains(&clock.minutes) && (0..=60).contains(&clock.seconds);
    if is_clock { Ok(clock) } else { Err(Fault::Field) }
}

impl Clock {
    /// What was read as hours and minutes is minutes and seconds.
    fn shift(&mut self) -> Decoded<()> {
        self.seconds = self.minutes;
        self.minutes = self.hours.try_into().map_err(|_| Fault::Field)?;
        self.hours = 0;
        Ok(())
    }
}

/// A displacement from UTC, `+hh[:mm[:ss]]` or `+hhmm`, in seconds.
pub(super) fn read_displacement(text: &[u8]) -> Decoded<i32> {
    let Some((sign @ (b'+' | b'-'), digits)) = text.split_first() else { return Err(Fault::Format) };
    let (hours, mut rest) = leading_i32(digits);
    let mut hours = hours.ok_or(Fault::ZoneDisplacement)?;
    let (mut minutes, mut seconds) = (0, 0);
    if let Some(after) = rest.strip_prefix(b":") {
        let (value, after) = leading_i32(after);
        (minutes, rest) = (value.ok_or(Fault::ZoneDisplacement)?, after);
        if let Some(after) = rest.strip_prefix(b":") {
            let (value, after) = leading_i32(after);
            (seconds, rest) = (value.ok_or(Fault::ZoneDisplacement)?, after);
        }
    } else if rest.is_empty() && text.len() > 3 {
        (hours, minutes) = (hours / 100, hours % 100);
    }
    let fits = (0..=MAX_ZONE_HOURS).contains(&hours) && (0..60).contains(&minutes) && (0..60).contains(&seconds);
    if !fits {
        return Err(Fault::ZoneDisplacement);
    }
    if !rest.is_empty() {
        return Err(Fault::Format);
    }
    let displacement = (hours * 60 + minutes) * 60 + seconds;
    Ok(if *sign == b'-' { -displacement } else { displacement })
}
