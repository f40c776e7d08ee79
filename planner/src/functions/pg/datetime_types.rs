//! How intervals and times with zones are read from columns and written to them, and what is kept of the words beside
//! them: units and zones.

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, PrimitiveBuilder, StringArray, StringBuilder};
use arrow::datatypes::{DataType, IntervalMonthDayNano, IntervalMonthDayNanoType};
use datafusion::error::Result;
use std::sync::Arc;
use weir_values::datetime::{self, DAY, Interval, IntervalStyle, SECOND, Style, TimeTz, UnitName, Zone};

use super::ValueError;
use super::columns::{Arg, Args, Ret, bounded, external, unexpected};
use super::compiled::Compiled;

pub(super) type Checked<T> = std::result::Result<T, ValueError>;

/// An interval.
pub(super) struct Period;

impl Arg for Period {
    type Column<'c> = &'c PrimitiveArray<IntervalMonthDayNanoType>;
    type Value<'c> = Interval;

    fn column(array: &ArrayRef) -> Result<Self::Column<'_>> {
        array.as_primitive_opt().ok_or_else(|| unexpected(array))
    }

    fn is_null(column: &Self::Column<'_>, at: usize) -> bool {
        column.is_null(at)
    }

    fn get<'c>(column: &Self::Column<'c>, at: usize) -> Checked<Self::Value<'c>> {
        Ok(interval(column.value(at)))
    }
}

impl Ret for Interval {
    type Builder = PrimitiveBuilder<IntervalMonthDayNanoType>;

    fn builder(rows: usize) -> Self::Builder {
        PrimitiveBuilder::with_capacity(rows)
    }

    fn push(builder: &mut Self::Builder, value: Option<Self>) -> Result<()> {
        builder.append_option(value.map(held).transpose().map_err(external)?);
        Ok(())
    }

    fn finish(mut builder: Self::Builder, _: &DataType) -> Result<ArrayRef> {
        Ok(Arc::new(builder.finish()))
    }
}

/// The extremes are the infinities.
pub(super) fn interval(held: IntervalMonthDayNano) -> Interval {
    match (held.months, held.days, held.nanoseconds) {
        (i32::MAX, i32::MAX, i64::MAX) => Interval::INFINITY,
        (i32::MIN, i32::MIN, i64::MIN) => Interval::NEG_INFINITY,
        (months, days, nanoseconds) => Interval::new(months, days, nanoseconds / 1000),
    }
}

/// As the engine holds intervals: of the time it counts nanoseconds, which end after 292 years.
pub(super) fn held(interval: Interval) -> Checked<IntervalMonthDayNano> {
    let Interval { months, days, micros } = interval;
    let nanoseconds = match interval.is_finite() {
        true => micros.checked_mul(1000).ok_or_else(|| ValueError::datetime_out_of_range("interval"))?,
        false => micros,
    };
    Ok(IntervalMonthDayNano::new(months, days, nanoseconds))
}

/// A time with time zone, which is held as its text.
pub(super) struct Timetz;

impl Arg for Timetz {
    type Column<'c> = &'c StringArray;
    type Value<'c> = TimeTz;

    fn column(array: &ArrayRef) -> Result<Self::Column<'_>> {
        array.as_string_opt::<i32>().ok_or_else(|| unexpected(array))
    }

    fn is_null(column: &Self::Column<'_>, at: usize) -> bool {
        column.is_null(at)
    }

    fn get<'c>(column: &Self::Column<'c>, at: usize) -> Checked<Self::Value<'c>> {
        let text = column.value(at);
        match plain_timetz(text.as_bytes()) {
            Some(time) => Ok(time),
            None => datetime::parse_timetz(text, -1, &Style::default(), 0),
        }
    }
}

impl Ret for TimeTz {
    /// The texts, and the room for one.
    type Builder = (StringBuilder, String);

    fn builder(_: usize) -> Self::Builder {
        (StringBuilder::new(), String::new())
    }

    fn push((texts, text): &mut Self::Builder, value: Option<Self>) -> Result<()> {
        match value {
            None => texts.append_null(),
            Some(time) => {
                text.clear();
                datetime::write_timetz(time, text);
                texts.append_value(text);
            }
        }
        bounded(texts.values_slice().len())
    }

    fn finish((mut texts, _): Self::Builder, _: &DataType) -> Result<ArrayRef> {
        Ok(Arc::new(texts.finish()))
    }
}

/// `hh:mm:ss[.ffffff]±hh[:mm[:ss]]`, as times are held. None for all that isn't just so: it is read with more care.
fn plain_timetz(text: &[u8]) -> Option<TimeTz> {
    let sign_at = text.iter().position(|byte| matches!(byte, b'+' | b'-'))?;
    let (time, zone) = text.split_at_checked(sign_at)?;
    let (clock, fraction) = time.split_at_checked(8)?;
    let mut micros = i64::from(seconds(clock)?) * SECOND;
    if let Some((point, digits)) = fraction.split_first() {
        if *point != b'.' || !(1..=6).contains(&digits.len()) {
            return None;
        }
        let mut unit = SECOND;
        for digit in digits {
            unit /= 10;
            micros += i64::from(char::from(*digit).to_digit(10)?) * unit;
        }
    }
    let (sign, zone) = zone.split_first()?;
    let offset = displacement(zone)?;
    let offset = if *sign == b'-' { -offset } else { offset };
    (micros <= DAY).then_some(TimeTz { micros, offset })
}

/// Seconds of `hh[:mm[:ss]]`. What AT TIME ZONE makes of a span may have more hours than may be written.
fn displacement(text: &[u8]) -> Option<i32> {
    let hours = text.iter().position(|byte| *byte == b':').unwrap_or(text.len());
    let (hours, rest) = text.split_at_checked(hours)?;
    let hours: i32 = std::str::from_utf8(hours).ok()?.parse().ok().filter(|_| hours.len() >= 2)?;
    let rest = [b"00", rest].concat();
    hours.checked_mul(3_600)?.checked_add(seconds(&rest)?)
}

/// Of `hh[:mm[:ss]]`.
fn seconds(text: &[u8]) -> Option<i32> {
    let two = |tens: u8, ones: u8| {
        let digit = |byte: u8| char::from(byte).to_digit(10);
        i32::try_from(digit(tens)? * 10 + digit(ones)?).ok()
    };
    let sixtieths = |tens, ones| two(tens, ones).filter(|value| *value < 60);
    match *text {
        [a, b] => Some(two(a, b)? * 3_600),
        [a, b, b':', c, d] => Some(two(a, b)? * 3_600 + sixtieths(c, d)? * 60),
        [a, b, b':', c, d, b':', e, f] => Some(two(a, b)? * 3_600 + sixtieths(c, d)? * 60 + sixtieths(e, f)?),
        _ => None,
    }
}

/// Words for units that were read before.
pub(super) struct Units<'a>(Compiled<'a, UnitName>);

impl<'a> Units<'a> {
    pub fn of(args: &Args<'a>) -> Self {
        Self(Compiled::of(args))
    }

    pub fn get(&mut self, name: &str) -> Checked<&UnitName> {
        self.0.get(name, "", || Ok(UnitName::new(name)))
    }
}

/// Zones that were named before.
pub(super) struct Zones<'a>(Compiled<'a, Zone>);

impl<'a> Zones<'a> {
    pub fn of(args: &Args<'a>) -> Self {
        Self(Compiled::of(args))
    }

    /// As AT TIME ZONE takes a name.
    pub fn get(&mut self, name: &str) -> Checked<&Zone> {
        self.0.get(name, "", || Zone::of_name(name))
    }

    /// As date_add and generate_series take it.
    pub fn whole(&mut self, name: &str) -> Checked<&Zone> {
        self.0.get(name, "", || Zone::of_name_whole(name))
    }
}

/// The zone that an interval stood for last: mostly it stands for all.
#[derive(Default)]
pub(super) struct Offset(Option<(Interval, Zone)>);

impl Offset {
    pub fn zone(&mut self, interval: Interval) -> Checked<&Zone> {
        let known = match self.0.take().filter(|(last, _)| *last == interval) {
            Some(known) => known,
            None => {
                let text = || datetime::interval_text(interval, IntervalStyle::default());
                (interval, Zone::of_interval(interval, text)?)
            }
        };
        Ok(&self.0.insert(known).1)
    }
}
