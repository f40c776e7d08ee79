//! The units of time: what can be taken out of a value, what it can be cut down to, and what numbers are labelled with.

use super::words::{self, SpanWord, Word};
use crate::{Result, ValueError, code};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
    Millennium,
    Dow,
    Isodow,
    Doy,
    Isoyear,
    Julian,
    Epoch,
    Timezone,
    TimezoneHour,
    TimezoneMinute,
}

/// The types that have units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Temporal {
    Date,
    Time,
    TimeTz,
    Timestamp,
    TimestampTz,
    Interval,
}

impl Temporal {
    /// As messages name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Time => "time without time zone",
            Self::TimeTz => "time with time zone",
            Self::Timestamp => "timestamp without time zone",
            Self::TimestampTz => "timestamp with time zone",
            Self::Interval => "interval",
        }
    }
}

/// The longest name that is looked at: longer ones are cut, as identifiers are.
const MAX_NAME: usize = 63;

/// The word for a unit, as a function was given it: read once for all rows. It never fails by itself, for functions
/// answer some values before they look at the word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitName {
    /// In lower case.
    name: String,
    meaning: Meaning,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// A word for spans of time.
    Span(Unit),
    /// A word for parts of dates only.
    Part(Unit),
    /// A word that stands for a moment, such as `now`.
    Moment,
    Unknown,
}

impl UnitName {
    pub fn new(name: &str) -> Self {
        let mut end = name.len().min(MAX_NAME);
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        let name = name.get(..end).unwrap_or_default().to_ascii_lowercase();
        let meaning = match words::span_word(name.as_bytes()) {
            Some(SpanWord::Unit(unit)) => Meaning::Span(unit),
            Some(SpanWord::Ago) => Meaning::Unknown,
            None => match words::date_word(name.as_bytes()) {
                Some(Word::Unit(unit)) => Meaning::Part(unit),
                Some(Word::Epoch) => Meaning::Part(Unit::Epoch),
                Some(
                    Word::Now
                    | Word::Yesterday
                    | Word::Today
                    | Word::Tomorrow
                    | Word::Allballs
                    | Word::Infinity
                    | Word::NegInfinity,
                ) => Meaning::Moment,
                _ => Meaning::Unknown,
            },
        };
        Self { name, meaning }
    }

    /// What is to be taken out of a value.
    #[inline]
    pub(super) fn part(&self) -> Option<Unit> {
        match self.meaning {
            Meaning::Span(unit) | Meaning::Part(unit) => Some(unit),
            Meaning::Moment | Meaning::Unknown => None,
        }
    }

    /// What a value is to be cut down to.
    #[inline]
    pub(super) fn span(&self) -> Option<Unit> {
        match self.meaning {
            Meaning::Span(unit) => Some(unit),
            _ => None,
        }
    }

    /// The word stands for a moment, which some functions know and don't support, and others don't know.
    pub(super) fn is_moment(&self) -> bool {
        self.meaning == Meaning::Moment
    }

    #[cold]
    pub(super) fn not_recognized(&self, of: Temporal) -> ValueError {
        ValueError::invalid_parameter(format!("unit \"{}\" not recognized for type {}", self.name, of.name()))
    }

    #[cold]
    pub(super) fn not_supported(&self, of: Temporal) -> ValueError {
        let message = format!("unit \"{}\" not supported for type {}", self.name, of.name());
        ValueError::new(code::FEATURE_NOT_SUPPORTED, message)
    }

    /// For a word that stands for no part: not supported if it stands for a moment and `knows_moments`.
    #[cold]
    pub(super) fn no_part(&self, of: Temporal, knows_moments: bool) -> ValueError {
        if knows_moments && self.is_moment() { self.not_supported(of) } else { self.not_recognized(of) }
    }

    #[inline]
    pub(super) fn require_part(&self, of: Temporal, knows_moments: bool) -> Result<Unit> {
        self.part().ok_or_else(|| self.no_part(of, knows_moments))
    }
}
