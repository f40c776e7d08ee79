//! POSIX's way to write a time zone, `EST5EDT,M3.2.0,M11.1.0`: offsets count west, rules say when summer time is.

use crate::civil;

/// Where a zone with summer time names no rules: those of the United States.
const DEFAULT_RULES: &[u8] = b",M3.2.0,M11.1.0";
const SECS_PER_HOUR: i64 = 3_600;
const SECS_PER_DAY: i64 = 86_400;
/// Hours of an offset or of a rule's time of day reach over a week.
const MAX_HOURS: i64 = 24 * 7 - 1;

/// One of the two times that a zone keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub abbreviation: String,
    /// Seconds east of UTC.
    pub offset: i32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Summer {
    pub kept: Kept,
    start: Change,
    end: Change,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Posix {
    pub standard: Kept,
    pub summer: Option<Summer>,
}

/// When in a year the clocks change, and at which second of that day by the clock before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Change {
    day: Day,
    seconds: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Day {
    /// From 1; February 29 isn't counted.
    Julian(i64),
    /// From 0; February 29 is counted.
    OfYear(i64),
    Weekday {
        month: u32,
        /// 5 is the last.
        week: i64,
        /// From 0, Sunday.
        day: i64,
    },
}

impl Posix {
    /// A name before an offset may be empty, as PostgreSQL allows. A colon at the beginning means a file's name.
    pub fn parse(text: &[u8]) -> Option<Self> {
        if text.starts_with(b":") {
            return None;
        }
        let (abbreviation, rest) = take_name(text)?;
        let (west, rest) = take_offset(rest)?;
        let standard = Kept { abbreviation, offset: i32::try_from(-west).ok()? };
        if rest.is_empty() {
            return Some(Self { standard, summer: None });
        }

        let (abbreviation, rest) = take_name(rest)?;
        if abbreviation.is_empty() {
            return None;
        }
        let (west, rest) = match rest.first() {
            None | Some(b',' | b';') => (west - SECS_PER_HOUR, rest),
            Some(_) => take_offset(rest)?,
        };
        let kept = Kept { abbreviation, offset: i32::try_from(-west).ok()? };
        let rules = if rest.is_empty() { DEFAULT_RULES } else { rest };
        let (b',' | b';', rules) = rules.split_first()? else { return None };
        let (start, rules) = take_change(rules)?;
        let (end, rest) = take_change(rules.strip_prefix(b",")?)?;
        rest.is_empty().then_some(Self { standard, summer: Some(Summer { kept, start, end }) })
    }
}

impl Summer {
    /// The moments of a year, in seconds of UTC since 1970, at which summer time starts and ends.
    pub fn changes(&self, year: i32, standard: &Kept) -> (i64, i64) {
        (self.start.moment(year) - i64::from(standard.offset), self.end.moment(year) - i64::from(self.kept.offset))
    }
}

impl Change {
    fn moment(self, year: i32) -> i64 {
        let new_year = civil::days_from_civil(year, 1, 1);
        let day = match self.day {
            Day::Julian(day) => new_year + day - 1 + i64::from(civil::is_leap(year) && day >= 60),
            Day::OfYear(day) => new_year + day,
            Day::Weekday { month, week, day } => {
                let first = civil::days_from_civil(year, month, 1);
                let until = (day - (first + 4)).rem_euclid(7);
                let length = i64::from(civil::days_in_month(year, month));
                let weeks = (week - 1).min((length - 1 - until) / 7);
                first + until + weeks * 7
            }
        };
        day * SECS_PER_DAY + self.seconds
    }
}

/// A name, bare or in angle brackets.
fn take_name(text: &[u8]) -> Option<(String, &[u8])> {
    let (name, rest) = match text.strip_prefix(b"<") {
        Some(quoted) => {
            let end = quoted.iter().position(|byte| *byte == b'>')?;
            (quoted.get(..end)?, quoted.get(end + 1..)?)
        }
        None => {
            let ends = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b',' | b'-' | b'+');
            text.split_at(text.iter().position(ends).unwrap_or(text.len()))
        }
    };
    Some((str::from_utf8(name).ok()?.to_owned(), rest))
}

fn take_number(text: &[u8], range: std::ops::RangeInclusive<i64>) -> Option<(i64, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = text.split_at(digits);
    let mut value = None;
    for digit in number {
        let next = value.unwrap_or(0) * 10 + i64::from(digit - b'0');
        if next > *range.end() {
            return None;
        }
        value = Some(next);
    }
    value.filter(|value| range.contains(value)).map(|value| (value, rest))
}

/// `hh[:mm[:ss]]` in seconds.
fn take_seconds(text: &[u8]) -> Option<(i64, &[u8])> {
    let (hours, mut rest) = take_number(text, 0..=MAX_HOURS)?;
    let mut seconds = hours * SECS_PER_HOUR;
    if let Some(minutes) = rest.strip_prefix(b":") {
        let (minutes, after) = take_number(minutes, 0..=59)?;
        (seconds, rest) = (seconds + minutes * 60, after);
        if let Some(second) = rest.strip_prefix(b":") {
            let (second, after) = take_number(second, 0..=60)?;
            (seconds, rest) = (seconds + second, after);
        }
    }
    Some((seconds, rest))
}

fn take_offset(text: &[u8]) -> Option<(i64, &[u8])> {
    match text.split_first()? {
        (b'-', rest) => take_seconds(rest).map(|(seconds, rest)| (-seconds, rest)),
        (b'+', rest) => take_seconds(rest),
        _ => take_seconds(text),
    }
}

fn take_change(text: &[u8]) -> Option<(Change, &[u8])> {
    let (day, rest) = match text.split_first()? {
        (b'J', rest) => {
            let (day, rest) = take_number(rest, 1..=365)?;
            (Day::Julian(day), rest)
        }
        (b'M', rest) => {
            let (month, rest) = take_number(rest, 1..=12)?;
            let (week, rest) = take_number(rest.strip_prefix(b".")?, 1..=5)?;
            let (day, rest) = take_number(rest.strip_prefix(b".")?, 0..=6)?;
            (Day::Weekday { month: u32::try_from(month).ok()?, week, day }, rest)
        }
        _ => {
            let (day, rest) = take_number(text, 0..=365)?;
            (Day::OfYear(day), rest)
        }
    };
    match rest.strip_prefix(b"/") {
        Some(rest) => take_offset(rest).map(|(seconds, rest)| (Change { day, seconds }, rest)),
        None => Some((Change { day, seconds: 2 * SECS_PER_HOUR }, rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads() {
        for (text, offset, summer) in [
            ("EST5EDT", -18_000, Some(-14_400)),
            ("<+03>-3", 10_800, None),
            ("2:30", -9_000, None),
            ("IST-2IDT,M3.4.4/26,M10.5.0", 7_200, Some(10_800)),
            ("<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", -10_800, Some(-7_200)),
            ("IST-1GMT0,M10.5.0,M3.5.0/1", 3_600, Some(0)),
        ] {
            let posix = Posix::parse(text.as_bytes()).unwrap();
            assert_eq!((posix.standard.offset, posix.summer.map(|summer| summer.kept.offset)), (offset, summer));
        }
        for text in
            ["", "UTC", "A168", "A2:60", "A3B,", "A3B,M3.2.0", "A3B,M13.2.0,M11.1.0", "A3B,J0,J2", "<A3", "A3B3x"]
        {
            assert_eq!(Posix::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn changes() {
        let posix = Posix::parse(b"CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let summer = posix.summer.unwrap();
        assert_eq!(summer.changes(2024, &posix.standard), (1_711_846_800, 1_729_990_800));
    }
}
