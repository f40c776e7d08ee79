//! What can be wrong with the text of a date, a time or an interval.

use crate::{ValueError, code};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    Format,
    /// A field is larger than it may be.
    Field,
    /// A month or a day is, which another order of fields might explain.
    MonthOrDay,
    IntervalField,
    ZoneDisplacement,
    /// By the name in lower case.
    UnknownZone(String),
}

pub(super) type Decoded<T> = std::result::Result<T, Fault>;

impl Fault {
    #[cold]
    pub fn error(self, type_name: &str, text: &str) -> ValueError {
        let field = || format!("date/time field value out of range: \"{text}\"");
        match self {
            Self::Format => {
                let message = format!("invalid input syntax for type {type_name}: \"{text}\"");
                ValueError::new(code::INVALID_DATETIME_FORMAT, message)
            }
            Self::Field => ValueError::new(code::DATETIME_OVERFLOW, field()),
            Self::MonthOrDay => ValueError::new(code::DATETIME_OVERFLOW, field())
                .hint("Perhaps you need a different \"datestyle\" setting."),
            Self::IntervalField => {
                ValueError::new(code::INTERVAL_OVERFLOW, format!("interval field value out of range: \"{text}\""))
            }
            Self::ZoneDisplacement => ValueError::new(
                code::INVALID_TIME_ZONE_DISPLACEMENT,
                format!("time zone displacement out of range: \"{text}\""),
            ),
            Self::UnknownZone(name) => super::zone::not_recognized(&name),
        }
    }
}
