//! Dates, times and intervals as texts and back, and of the numbers that are their parts.

use arrow::array::{Array, ArrayRef, AsArray, StringArray, StringBuilder};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, IntervalMonthDayNanoType, IntervalUnit, Time64MicrosecondType, TimeUnit,
    TimestampMicrosecondType,
};
use weir_values::datetime::{self, IntervalFields, Style};

use super::columns::{Float8, Int4, Text, map1, map2, map3, map6, map7};
use super::datetime_types::interval;
use super::{Proc, of_session, strict};

pub(super) const PROCS: &[Proc] = &[
    of_session("date_in", |args| {
        let (style, now) = (args.session.style(), args.session.now());
        map1::<Text, _>(args, |text| datetime::parse_date(text, &style, now))
    }),
    of_session("time_in", |args| {
        let (style, now) = (args.session.style(), args.session.now());
        map1::<Text, _>(args, |text| datetime::parse_time(text, -1, &style, now))
    }),
    of_session("timetz_in", |args| {
        let (style, now) = (args.session.style(), args.session.now());
        map1::<Text, _>(args, |text| datetime::parse_timetz(text, -1, &style, now))
    }),
    of_session("timestamp_in", |args| {
        let (style, now) = (args.session.style(), args.session.now());
        map1::<Text, _>(args, |text| datetime::parse_timestamp(text, -1, &style, now))
    }),
    of_session("timestamptz_in", |args| {
        let (style, now) = (args.session.style(), args.session.now());
        map1::<Text, _>(args, |text| datetime::parse_timestamptz(text, -1, &style, now))
    }),
    // The modifier, if there is one, tells what a number alone is.
    of_session("interval_in", |args| {
        let style = args.session.interval_style();
        match args.values.len() {
            1 => map1::<Text, _>(args, |text| datetime::parse_interval(text, -1, style)),
            _ => map2::<Text, Int4, _>(args, |text, typmod| datetime::parse_interval(text, typmod, style)),
        }
    }),
    strict("make_date", |args| map3::<Int4, Int4, Int4, _>(args, datetime::make_date)),
    strict("make_time", |args| map3::<Int4, Int4, Float8, _>(args, datetime::make_time)),
    strict("make_timestamp", |args| map6::<Int4, Int4, Int4, Int4, Int4, Float8, _>(args, datetime::make_timestamp)),
    of_session("make_timestamptz", |args| {
        let zone = args.session.zone();
        map6::<Int4, Int4, Int4, Int4, Int4, Float8, _>(args, |year, month, day, hour, minute, second| {
            datetime::make_timestamptz((year, month, day), (hour, minute, second), &zone)
        })
    }),
    strict("make_timestamptz_at_timezone", |args| {
        map7::<Int4, Int4, Int4, Int4, Int4, Float8, Text, _>(args, |year, month, day, hour, minute, second, zone| {
            datetime::make_timestamptz_in((year, month, day), (hour, minute, second), zone)
        })
    }),
    strict("make_interval", |args| {
        map7::<Int4, Int4, Int4, Int4, Int4, Int4, Float8, _>(args, |years, months, weeks, days, hours, minutes, s| {
            datetime::make_interval(IntervalFields { years, months, weeks, days, hours, minutes }, s)
        })
    }),
    strict("float8_timestamptz", |args| map1::<Float8, _>(args, datetime::to_timestamp)),
];

/// What is printed of a column of dates, times, timestamps or intervals; `None` for others.
pub(super) fn texts(array: &ArrayRef, style: &Style) -> Option<StringArray> {
    match array.data_type() {
        DataType::Date32 => written::<Date32Type>(array, |date, out| datetime::write_date(date, style, out)),
        DataType::Time64(TimeUnit::Microsecond) => written::<Time64MicrosecondType>(array, datetime::write_time),
        DataType::Timestamp(TimeUnit::Microsecond, None) => {
            written::<TimestampMicrosecondType>(array, |at, out| datetime::write_timestamp(at, style, out))
        }
        DataType::Timestamp(TimeUnit::Microsecond, Some(_)) => {
            written::<TimestampMicrosecondType>(array, |at, out| datetime::write_timestamptz(at, style, out))
        }
        DataType::Interval(IntervalUnit::MonthDayNano) => written::<IntervalMonthDayNanoType>(array, |held, out| {
            datetime::write_interval(interval(held), style.interval_style, out);
        }),
        _ => None,
    }
}

fn written<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    mut write: impl FnMut(T::Native, &mut String),
) -> Option<StringArray> {
    const USUAL_BYTES: usize = 24;
    let values = array.as_primitive_opt::<T>()?;
    let mut texts = StringBuilder::with_capacity(values.len(), values.len() * USUAL_BYTES);
    let mut text = String::new();
    for value in values {
        match value {
            None => texts.append_null(),
            Some(value) => {
                text.clear();
                write(value, &mut text);
                texts.append_value(&text);
            }
        }
    }
    Some(texts.finish())
}
