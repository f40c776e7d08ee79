//! How intervals are read: `1 year 2 mons`, `1 2:03:04`, `1-2`, `@ 3 days ago`, and what ISO 8601 writes.

use super::fault::{Decoded, Fault};
use super::interval_iso;
use super::parts::{read_clock, set};
use super::scan::{fraction, leading_i32, leading_i64};
use super::span::Span;
use super::token::{Fields, Kind};
use super::typmod::IntervalTypmod;
use super::unit::Unit;
use super::words::{self, SpanWord, Word};
use super::{HOUR, Interval, IntervalStyle, MINUTE, SECOND, interval_out_of_range};
use crate::Result;

/// How much text an interval's fields may have.
const LIMIT: usize = 256;

/// `typmod` is as PostgreSQL's catalogs hold it, -1 for none: which fields there are decides what a number alone is.
pub fn parse_interval(text: &str, typmod: i32, style: IntervalStyle) -> Result<Interval> {
    let typmod = IntervalTypmod::new(typmod);
    let read = match Fields::split(text, LIMIT) {
        Some(fields) => read_fields(&fields, typmod, style),
        None => Err(Fault::Format),
    };
    // What isn't in PostgreSQL's own form may be in that of ISO 8601.
    let read = match read {
        Err(Fault::Format) => interval_iso::read(text.as_bytes()).map(Read::Finite),
        _ => read,
    };
    let interval = match read {
        Ok(Read::Finite(span)) => span.interval().ok_or_else(interval_out_of_range)?,
        Ok(Read::Infinity) => Interval::INFINITY,
        Ok(Read::NegInfinity) => Interval::NEG_INFINITY,
        Err(Fault::Field) => return Err(Fault::IntervalField.error("interval", text)),
        Err(fault) => return Err(fault.error("interval", text)),
    };
    typmod.apply(interval)
}

enum Read {
    Finite(Span),
    Infinity,
    NegInfinity,
}

/// The sets of fields that were given: the same twice is refused.
fn unit_set(unit: Unit, has_fraction: bool) -> u32 {
    const FIRST: u32 = 12;
    match unit {
        Unit::Year => set::YEAR,
        Unit::Month => set::MONTH,
        Unit::Day => set::DAY,
        Unit::Second if has_fraction => SECONDS,
        Unit::Hour => 1 << FIRST,
        Unit::Minute => 1 << (FIRST + 1),
        Unit::Second => 1 << (FIRST + 2),
        Unit::Millisecond => 1 << (FIRST + 3),
        Unit::Microsecond => 1 << (FIRST + 4),
        Unit::Week => 1 << (FIRST + 5),
        Unit::Decade => 1 << (FIRST + 6),
        Unit::Century => 1 << (FIRST + 7),
        _ => 1 << (FIRST + 8),
    }
}

const SECONDS: u32 = 0b111 << 14;
const TIME: u32 = 0b11111 << 12;

/// From the last field to the first: units come after their numbers.
fn read_fields(fields: &Fields, typmod: IntervalTypmod, style: IntervalStyle) -> Decoded<Read> {
    // The standard lets one sign at the beginning hold for all, if it is the only one.
    let starts_with = |at, signs: &[u8]| fields.text(at).first().is_some_and(|byte| signs.contains(byte));
    let all_negative = style == IntervalStyle::SqlStandard
        && starts_with(0, b"-")
        && !(1..fields.len()).any(|at| starts_with(at, b"+-"));

    let mut span = Span::default();
    let mut infinite = None;
    let mut known = 0;
    // The unit of the next number; none yet for the last, which the fields that are wanted decide.
    let mut unit = None;
    let mut unit_is_open = false;
    let mut is_ago = false;
    for at in (0..fields.len()).rev() {
        let text = fields.text(at);
        let is_last = at + 1 == fields.len();
        let kind = fields.kind(at).ok_or(Fault::Format)?;
        let found = match kind {
            Kind::Time => {
                span.micros = read_span_time(text, typmod)?;
                if all_negative {
                    span.micros = -span.micros.abs();
                }
                (unit, unit_is_open) = (Some(Unit::Day), false);
                TIME
            }
            Kind::Signed | Kind::Date | Kind::Number => {
                let time = match text {
                    [_, rest @ ..] if kind == Kind::Signed && rest.contains(&b':') => read_span_time(rest, typmod).ok(),
                    _ => None,
                };
                if let Some(time) = time {
                    span.micros = if text.starts_with(b"-") || all_negative { -time } else { time };
                    (unit, unit_is_open) = (Some(Unit::Day), false);
                    TIME
                } else {
                    let of = unit.unwrap_or_else(|| typmod.last_unit());
                    let (number, of) = read_number(text, of, all_negative)?;
                    span.add(number.whole, number.fraction, of)?;
                    // Before hours come days.
                    unit = Some(if of == Unit::Hour { Unit::Day } else { of });
                    unit_is_open = false;
                    unit_set(of, number.fraction != 0.0)
                }
            }
            Kind::Word | Kind::SignedWord => {
                if unit_is_open {
                    return Err(Fault::Format);
                }
                match words::span_word(text) {
                    Some(SpanWord::Unit(named)) => {
                        (unit, unit_is_open) = (Some(named), true);
                        0
                    }
                    Some(SpanWord::Ago) if is_last => {
                        is_ago = true;
                        // It is no unit, and a number before it has none then: `5 ago` is refused.
                        unit = Some(Unit::Epoch);
                        0
                    }
                    Some(SpanWord::Ago) => return Err(Fault::Format),
                    None => match words::date_word(text) {
                        Some(Word::Unit(named)) => {
                            (unit, unit_is_open) = (Some(named), true);
                            0
                        }
                        Some(Word::Infinity) if is_last => {
                            infinite = Some(Read::Infinity);
                            unit = Some(Unit::Epoch);
                            set::DATE | TIME
                        }
                        Some(Word::NegInfinity) if is_last => {
                            infinite = Some(Read::NegInfinity);
                            unit = Some(Unit::Epoch);
                            set::DATE | TIME
                        }
                        Some(Word::Ignored) => {
                            unit = None;
                            0
                        }
                        _ => return Err(Fault::Format),
                    },
                }
            }
        };
        if known & found != 0 {
            return Err(Fault::Format);
        }
        known |= found;
    }
    if known == 0 || unit_is_open {
        return Err(Fault::Format);
    }
    if is_ago {
        span.negate()?;
    }
    Ok(infinite.unwrap_or(Read::Finite(span)))
}

/// `hh:mm[:ss[.ffffff]]` in microseconds.
fn read_span_time(text: &[u8], typmod: IntervalTypmod) -> Decoded<i64> {
    let clock = read_clock(text, typmod.is_minutes_to_seconds())?;
    let micros = || {
        let hours = clock.hours.checked_mul(HOUR)?;
        let rest = i64::from(clock.minutes) * MINUTE + i64::from(clock.seconds) * SECOND + i64::from(clock.micros);
        hours.checked_add(rest)
    };
    micros().ok_or(Fault::Field)
}

struct Number {
    whole: i64,
    fraction: f64,
}

/// A number of a unit, or years and months with a hyphen, which are months whatever the unit.
fn read_number(text: &[u8], unit: Unit, all_negative: bool) -> Decoded<(Number, Unit)> {
    let is_negative = text.starts_with(b"-");
    let (whole, rest) = leading_i64(text);
    let whole = whole.ok_or(Fault::Field)?;
    let (mut number, unit) = match rest.first() {
        None => (Number { whole, fraction: 0.0 }, unit),
        Some(b'.') => {
            let fraction = fraction(rest)?;
            (Number { whole, fraction: if is_negative { -fraction } else { fraction } }, unit)
        }
        Some(b'-') => {
            let (months, rest) = leading_i32(rest.get(1..).unwrap_or_default());
            let months = months.filter(|months| (0..12).contains(months)).ok_or(Fault::Field)?;
            if !rest.is_empty() {
                return Err(Fault::Format);
            }
            let months = i64::from(if is_negative { -months } else { months });
            let whole = whole.checked_mul(12).and_then(|whole| whole.checked_add(months)).ok_or(Fault::Field)?;
            (Number { whole, fraction: 0.0 }, Unit::Month)
        }
        Some(_) => return Err(Fault::Format),
    };
    if all_negative {
        number.whole = number.whole.checked_abs().map_or(number.whole, |whole| -whole);
        number.fraction = -number.fraction.abs();
    }
    Ok((number, unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datetime::interval_text;

    fn said(text: &str, typmod: i32, style: IntervalStyle) -> String {
        match parse_interval(text, typmod, style) {
            Ok(interval) => interval_text(interval, IntervalStyle::Postgres),
            Err(error) => format!("{} {}", error.code, error.message),
        }
    }

    #[test]
    fn forms() {
        for (text, expected) in [
            ("1 year 2 months 3 days 4 hours 5 minutes 6 seconds", "1 year 2 mons 3 days 04:05:06"),
            ("1 2:03:04", "1 day 02:03:04"),
            ("1-2", "1 year 2 mons"),
            ("-1-2 +3 -4:05:06", "-1 years -2 mons +3 days -04:05:06"),
            ("@ 1.5 weeks ago", "-10 days -12:00:00"),
            ("1.5 months", "1 mon 15 days"),
            ("0.7 years", "8 mons"),
            ("1.5", "00:00:01.5"),
            ("P1Y2M3DT4H5M6.7S", "1 year 2 mons 3 days 04:05:06.7"),
            ("P0001-02-03T04:05:06", "1 year 2 mons 3 days 04:05:06"),
            ("P00010203T040506", "1 year 2 mons 3 days 04:05:06"),
            ("infinity", "infinity"),
            ("0.5 us", "00:00:00"),
            ("0.6 us", "00:00:00.000001"),
            ("1 day 1 day", "22007 invalid input syntax for type interval: \"1 day 1 day\""),
            ("day", "22007 invalid input syntax for type interval: \"day\""),
            ("1 day ago ago", "22007 invalid input syntax for type interval: \"1 day ago ago\""),
            ("1:60", "22015 interval field value out of range: \"1:60\""),
            ("2147483648 days", "22015 interval field value out of range: \"2147483648 days\""),
            ("178956971 years", "22008 interval out of range"),
        ] {
            assert_eq!(said(text, -1, IntervalStyle::Postgres), expected, "{text}");
        }
        assert_eq!(said("-1 2:00", -1, IntervalStyle::SqlStandard), "-1 days -02:00:00");
        assert_eq!(said("-1 +2:00", -1, IntervalStyle::SqlStandard), "-1 days +02:00:00");
    }

    #[test]
    fn fields() {
        const YEAR: i32 = 0x0004_FFFF;
        const YEAR_TO_MONTH: i32 = 0x0006_FFFF;
        const DAY_TO_HOUR: i32 = 0x0408_FFFF;
        const MINUTE_TO_SECOND: i32 = 0x1800_FFFF;
        const SECOND_2: i32 = 0x1000_0002;
        for (text, typmod, expected) in [
            ("1", YEAR, "1 year"),
            ("1 2:03", YEAR, "00:00:00"),
            ("1", YEAR_TO_MONTH, "1 mon"),
            ("1", DAY_TO_HOUR, "01:00:00"),
            ("4 5:06:07.895", DAY_TO_HOUR, "4 days 05:00:00"),
            ("12:34", MINUTE_TO_SECOND, "00:12:34"),
            ("4 5:06:07.895", SECOND_2, "4 days 05:06:07.9"),
        ] {
            assert_eq!(said(text, typmod, IntervalStyle::Postgres), expected, "{text} {typmod:#x}");
        }
    }
}
