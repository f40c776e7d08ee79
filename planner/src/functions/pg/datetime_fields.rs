//! Parts of dates, times and intervals, and what they are cut down to: `extract`, `date_part`, `date_trunc`, `date_bin`.

use std::fmt::Write as _;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveBuilder, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Decimal128Type, TimestampMicrosecondType};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::logical_expr::ColumnarValue;
use weir_values::code;
use weir_values::datetime::{self, Extracted, Interval, TimeTz, UnitName, Zone};

use super::columns::{Arg, Args, Date, Ret, Text, Time, Timestamp, map1, map2, map3, unexpected};
use super::compiled::Compiled;
use super::datetime_types::{Checked, Period, Timetz, Units};
use super::written::{Texts, put_option, write2};
use super::{Proc, ValueError, of_session, strict};

pub(super) const PROCS: &[Proc] = &[
    strict("extract_date", |args| extract::<Date>(args, datetime::extract_date)),
    strict("extract_time", |args| extract::<Time>(args, datetime::extract_time)),
    strict("extract_timetz", |args| extract::<Timetz>(args, datetime::extract_timetz)),
    strict("extract_timestamp", |args| extract::<Timestamp>(args, datetime::extract_timestamp)),
    of_session("extract_timestamptz", |args| {
        let zone = args.session.zone();
        extract::<Timestamp>(args, |unit, at| datetime::extract_timestamptz(unit, at, &zone))
    }),
    strict("extract_interval", |args| extract::<Period>(args, datetime::extract_interval)),
    strict("time_part", |args| by_unit::<Time, _>(args, datetime::date_part_time)),
    strict("timetz_part", |args| by_unit::<Timetz, _>(args, datetime::date_part_timetz)),
    strict("timestamp_part", |args| by_unit::<Timestamp, _>(args, datetime::date_part_timestamp)),
    of_session("timestamptz_part", |args| {
        let zone = args.session.zone();
        by_unit::<Timestamp, _>(args, |unit, at| datetime::date_part_timestamptz(unit, at, &zone))
    }),
    strict("interval_part", |args| by_unit::<Period, _>(args, datetime::date_part_interval)),
    strict("timestamp_trunc", trunc_timestamps),
    of_session("timestamptz_trunc", |args| {
        let zone = args.session.zone();
        by_unit::<Timestamp, _>(args, |unit, at| datetime::trunc_timestamptz(unit, at, &zone))
    }),
    strict("timestamptz_trunc_zone", |args| {
        let mut known = Compiled::of(args);
        map3::<Text, Timestamp, Text, _>(args, |name, at, zone| {
            if !datetime::timestamp_is_finite(at) {
                return Ok(at);
            }
            let read = || Ok((UnitName::new(name), Zone::of_name_whole(zone)?));
            let (unit, zone) = known.get(name, zone, read)?;
            datetime::trunc_timestamptz(unit, at, zone)
        })
    }),
    strict("interval_trunc", |args| by_unit::<Period, _>(args, datetime::trunc_interval)),
    strict("timestamp_bin", |args| map3::<Period, Timestamp, Timestamp, _>(args, datetime::date_bin)),
    strict("timestamptz_bin", |args| map3::<Period, Timestamp, Timestamp, _>(args, datetime::date_bin)),
];

/// `date_trunc` of moments without a zone: of whole columns at once where the unit is a constant that always lasts as long.
fn trunc_timestamps(args: &Args<'_>) -> Result<ArrayRef> {
    if let [ColumnarValue::Scalar(ScalarValue::Utf8(Some(name))), ColumnarValue::Array(array)] = args.values
        && let Some(moments) = array.as_primitive_opt::<TimestampMicrosecondType>()
        && let Some(cut) = datetime::trunc_timestamps(&UnitName::new(name), moments.values())
    {
        return Ok(Arc::new(TimestampMicrosecondArray::try_new(cut.into(), moments.nulls().cloned())?));
    }
    by_unit::<Timestamp, _>(args, datetime::trunc_timestamp)
}

/// A function of a unit's name and a value.
fn by_unit<A: Arg, R: Ret>(
    args: &Args<'_>,
    mut compute: impl for<'c> FnMut(&UnitName, A::Value<'c>) -> Checked<R>,
) -> Result<ArrayRef> {
    if let [ColumnarValue::Scalar(ScalarValue::Utf8(Some(name))), values @ ..] = args.values {
        let unit = UnitName::new(name);
        return map1::<A, R>(&Args { values, ..*args }, |value| compute(&unit, value));
    }
    let mut units = Units::of(args);
    map2::<Text, A, R>(args, |name, value| compute(units.get(name)?, value))
}

/// `extract(field from value)`: decimals with the field's digits if the result is to be so, else numerics as texts.
fn extract<A: Arg>(
    args: &Args<'_>,
    mut compute: impl for<'c> FnMut(&UnitName, A::Value<'c>) -> Checked<Option<Extracted>>,
) -> Result<ArrayRef> {
    if let DataType::Decimal128(_, scale) = args.result {
        return by_unit::<A, _>(args, |unit, value| {
            compute(unit, value)?.map(|part| unscaled(part, *scale)).transpose()
        });
    }
    let mut units = Units::of(args);
    let mut text = String::new();
    write2::<Text, A, Texts>(args, |name, value, out| {
        text.clear();
        let part = compute(units.get(name)?, value)?;
        put_option(out, part.map(|part| written(part, &mut text)))
    })
}

/// A numeric's text.
fn written(part: Extracted, text: &mut String) -> &str {
    // Writing to a String can't fail.
    let _ = match part {
        Extracted::Infinity => text.write_str("Infinity"),
        Extracted::NegInfinity => text.write_str("-Infinity"),
        Extracted::Finite { unscaled, scale: 0 } => write!(text, "{unscaled}"),
        Extracted::Finite { unscaled, scale } => {
            let unit = 10_u128.saturating_pow(scale.into());
            let (sign, digits) = (if unscaled < 0 { "-" } else { "" }, unscaled.unsigned_abs());
            write!(text, "{sign}{}.{:0width$}", digits / unit, digits % unit, width = usize::from(scale))
        }
    };
    text
}

/// A decimal, whose scale the result's type tells.
struct Unscaled(i128);

impl Ret for Unscaled {
    type Builder = PrimitiveBuilder<Decimal128Type>;

    fn builder(rows: usize) -> Self::Builder {
        PrimitiveBuilder::with_capacity(rows)
    }

    fn push(builder: &mut Self::Builder, value: Option<Self>) -> Result<()> {
        builder.append_option(value.map(|Self(unscaled)| unscaled));
        Ok(())
    }

    fn finish(mut builder: Self::Builder, result: &DataType) -> Result<ArrayRef> {
        let decimals = builder.finish();
        match result {
            DataType::Decimal128(precision, scale) => {
                Ok(Arc::new(decimals.with_precision_and_scale(*precision, *scale)?))
            }
            _ => Err(unexpected(&(Arc::new(decimals) as ArrayRef))),
        }
    }
}

fn unscaled(part: Extracted, wanted: i8) -> Checked<Unscaled> {
    match part {
        Extracted::Finite { unscaled, scale } if i8::try_from(scale) == Ok(wanted) => Ok(Unscaled(unscaled)),
        Extracted::Finite { .. } => Err(ValueError::out_of_range("numeric")),
        // The engine's decimals have none, and to hold all years as texts for its sake would cost too much.
        Extracted::Infinity | Extracted::NegInfinity => {
            let message = "this part of infinite values can't be extracted from a column";
            Err(ValueError::new(code::FEATURE_NOT_SUPPORTED, message).hint("Use date_part, which gives floats."))
        }
    }
}

/// How the results of `extract` are held where the field is a constant and the value isn't: with the field's digits.
pub(crate) fn extracted(field: &str, type_name: &str) -> DataType {
    let unit = UnitName::new(field);
    // All values have so many.
    let (example, digits) = match type_name {
        "date" => (datetime::extract_date(&unit, 0), 20),
        "time without time zone" => (datetime::extract_time(&unit, 0), 20),
        "time with time zone" => (datetime::extract_timetz(&unit, TimeTz { micros: 0, offset: 0 }), 20),
        "timestamp without time zone" => (datetime::extract_timestamp(&unit, 0), 20),
        "timestamp with time zone" => (datetime::extract_timestamptz(&unit, 0, &Zone::utc()), 20),
        _ => (datetime::extract_interval(&unit, Interval::default()), 22),
    };
    match example {
        Ok(Some(Extracted::Finite { scale: scale @ ..=6, .. })) => DataType::Decimal128(digits, scale as i8),
        // A Julian day with its time has digits by what the time is; what is no field is told when it runs.
        _ => DataType::Utf8,
    }
}
