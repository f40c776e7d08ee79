//! Time zones: a name to an offset from UTC at an instant, cached, since the rows of a column mostly lie close together.

use std::str::FromStr;

use chrono::{DateTime, NaiveDateTime, Offset, TimeZone};
use chrono_tz::{OffsetName, TZ_VARIANTS, Tz};

const DAY_S: i64 = 86_400;
/// No zone changes its offset twice within so short a time, so equal ends mean one offset between them.
const WINDOW_S: i64 = 2 * DAY_S;
const CACHE_SLOTS: usize = 1024;
/// After this instant (2100-01-01) the zone rules repeat; the compiled tables end there.
const TABLE_END_S: i64 = 4_102_444_800;
/// 400 Gregorian years: the calendar, and so every yearly rule, repeats.
const CYCLE_400_S: i64 = 146_097 * DAY_S;

/// A time zone as the setting TimeZone names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(Rule);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Rule {
    Fixed { offset_s: i32, abbreviation: Abbreviation },
    Named(Tz),
}

/// Up to ten bytes of zone abbreviation (PostgreSQL's MAXTZLEN), such as `CEST` or `+03`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Abbreviation {
    bytes: [u8; 10],
    len: u8,
}

impl Abbreviation {
    fn new(text: &str) -> Self {
        let mut bytes = [0; 10];
        let len = text.len().min(10);
        bytes[..len].copy_from_slice(&text.as_bytes()[..len]);
        Self { bytes, len: len as u8 }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

impl Zone {
    pub fn utc() -> Self {
        Self::fixed(0, "UTC")
    }

    fn fixed(offset_s: i32, name: &str) -> Self {
        Self(Rule::Fixed { offset_s, abbreviation: Abbreviation::new(name) })
    }

    /// Reads an IANA name (any case), a number of hours east (`5.5`), or a POSIX zone without daylight saving whose
    /// sign counts westwards (`<+02>-2`, `FOO3`, `+02:00`). `None`: PostgreSQL too would refuse it.
    pub fn parse(name: &str) -> Option<Self> {
        let trimmed = name.trim();
        if ["utc", "etc/utc", "zulu", "gmt0utc"].iter().any(|known| trimmed.eq_ignore_ascii_case(known)) {
            return Some(Self::utc());
        }
        if let Some(tz) = Tz::from_str(trimmed).ok().or_else(|| find_any_case(trimmed)) {
            return Some(Self(Rule::Named(tz)));
        }
        if let Ok(hours) = trimmed.parse::<f64>() {
            return (hours.abs() <= 167.0).then(|| Self::hours_east(hours));
        }
        Self::posix(trimmed)
    }

    /// As PostgreSQL's pg_tzset_offset names it: `<+05:30>-05:30`, printed as `+05:30`.
    fn hours_east(hours: f64) -> Self {
        let offset_s = (hours * 3600.0) as i32;
        let (h, m) = (offset_s.abs() / 3600, offset_s.abs() / 60 % 60);
        let sign = if offset_s < 0 { '-' } else { '+' };
        let name = if m == 0 { format!("{sign}{h:02}") } else { format!("{sign}{h:02}:{m:02}") };
        Self::fixed(offset_s, &name)
    }

    fn posix(text: &str) -> Option<Self> {
        let (name, rest) = match text.strip_prefix('<') {
            Some(quoted) => quoted.split_once('>')?,
            None => text.split_at(text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len())),
        };
        let (west, digits) = match rest.as_bytes().first()? {
            b'+' => (true, &rest[1..]),
            b'-' => (false, &rest[1..]),
            _ => (true, rest),
        };
        let mut seconds = 0_i32;
        for (index, part) in digits.split(':').enumerate() {
            let value: i32 = part.parse().ok().filter(|value| (0..=167).contains(value))?;
            seconds += value * *[3600, 60, 1].get(index)?;
        }
        Some(Self::fixed(if west { -seconds } else { seconds }, name))
    }

    /// Seconds east of UTC, and the abbreviation, at `unix_s` seconds after 1970 UTC.
    fn lookup(&self, unix_s: i64) -> (i32, Abbreviation) {
        match &self.0 {
            Rule::Fixed { offset_s, abbreviation } => (*offset_s, *abbreviation),
            Rule::Named(tz) => {
                let naive = naive_utc(within_table(unix_s));
                let offset = tz.offset_from_utc_datetime(&naive);
                (offset.fix().local_minus_utc(), Abbreviation::new(offset.abbreviation().unwrap_or_default()))
            }
        }
    }

    /// Seconds east of UTC at `unix_s` seconds after 1970 UTC.
    pub fn offset_at(&self, unix_s: i64) -> i32 {
        self.lookup(unix_s).0
    }

    /// The instant, in seconds after 1970 UTC, at which the zone's clocks show `local_s`. A time that is skipped is read with
    /// the offset that held before the change, one that comes twice with the one after it, as PostgreSQL does.
    pub fn local_to_utc(&self, local_s: i64) -> i64 {
        let before = self.lookup(local_s - DAY_S).0;
        let candidate = local_s - i64::from(before);
        let after = self.lookup(local_s + DAY_S).0;
        if before == after {
            return candidate;
        }
        let later = local_s - i64::from(after);
        if self.lookup(later).0 == after { later } else { candidate }
    }
}

/// Offsets of one zone with a small cache by window of time.
pub struct ZoneClock {
    zone: Zone,
    slots: Vec<Slot>,
}

#[derive(Clone, Copy)]
struct Slot {
    window: i64,
    offset_s: i32,
    abbreviation: Abbreviation,
}

impl ZoneClock {
    pub fn new(zone: Zone) -> Self {
        Self { zone, slots: Vec::new() }
    }

    /// As [`Zone::offset_at`].
    pub fn offset_at(&mut self, unix_s: i64) -> i32 {
        self.at(unix_s).0
    }

    /// As [`Zone::lookup`].
    #[inline]
    pub(super) fn at(&mut self, unix_s: i64) -> (i32, Abbreviation) {
        if let Rule::Fixed { offset_s, abbreviation } = self.zone.0 {
            return (offset_s, abbreviation);
        }
        let window = unix_s.div_euclid(WINDOW_S);
        if let Some(slot) = self.slots.get(window as usize % CACHE_SLOTS)
            && slot.window == window
        {
            return (slot.offset_s, slot.abbreviation);
        }
        self.fill(window, unix_s)
    }

    #[cold]
    fn fill(&mut self, window: i64, unix_s: i64) -> (i32, Abbreviation) {
        if self.slots.is_empty() {
            let empty = Slot { window: i64::MIN, offset_s: 0, abbreviation: Abbreviation::default() };
            self.slots = vec![empty; CACHE_SLOTS];
        }
        let first = self.zone.lookup(window * WINDOW_S);
        let last = self.zone.lookup(window * WINDOW_S + WINDOW_S - 1);
        if first != last {
            return self.zone.lookup(unix_s);
        }
        self.slots[window as usize % CACHE_SLOTS] = Slot { window, offset_s: first.0, abbreviation: first.1 };
        first
    }
}

fn find_any_case(name: &str) -> Option<Tz> {
    TZ_VARIANTS.iter().find(|tz| tz.name().eq_ignore_ascii_case(name)).copied()
}

fn naive_utc(unix_s: i64) -> NaiveDateTime {
    DateTime::from_timestamp(unix_s, 0).map_or(NaiveDateTime::MIN, |instant| instant.naive_utc())
}

/// An instant with the same calendar that the compiled tables reach.
fn within_table(unix_s: i64) -> i64 {
    if unix_s < TABLE_END_S {
        return unix_s;
    }
    // Step back to 2100..2500, then to the one of 28 years before 2100 that starts on the same weekday and is as long.
    let in_cycle = (unix_s - TABLE_END_S).rem_euclid(CYCLE_400_S) + TABLE_END_S;
    let (year, start_s) = year_and_start(in_cycle);
    for like in (2072..2100).rev() {
        let like_start_s = super::datetime::days_from_civil(like, 1, 1) * DAY_S;
        let same_weekday = (start_s - like_start_s) % (7 * DAY_S) == 0;
        if same_weekday && is_leap(like) == is_leap(year) {
            return in_cycle - start_s + like_start_s;
        }
    }
    TABLE_END_S - 1
}

fn year_and_start(unix_s: i64) -> (i64, i64) {
    let (year, _, _) = super::datetime::civil_from_days(unix_s.div_euclid(DAY_S));
    (year, super::datetime::days_from_civil(year, 1, 1) * DAY_S)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}
