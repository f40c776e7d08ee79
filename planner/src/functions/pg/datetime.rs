//! Dates, times and intervals.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::compute::kernels::numeric::{add, sub};
use arrow::compute::{cast, try_binary};
use arrow::datatypes::{
    DataType, Date32Type, Float64Type, Int32Type, IntervalMonthDayNano, IntervalMonthDayNanoType,
    TimestampMicrosecondType,
};
use arrow::error::ArrowError;
use datafusion::error::Result;

use super::{Proc, ValueError, argument, primitive};

pub(super) const PROCS: &[Proc] = &[
    Proc { name: "date_pli", kernel: |args, _| date_plus(args, 1) },
    Proc { name: "date_mii", kernel: |args, _| date_plus(args, -1) },
    Proc { name: "date_mi", kernel: |args, _| date_minus_date(args) },
    Proc { name: "timestamp_pl_interval", kernel: |args, to| with_interval(args, to, add) },
    Proc { name: "timestamp_mi_interval", kernel: |args, to| with_interval(args, to, sub) },
    Proc { name: "timestamp_mi", kernel: |args, _| timestamp_minus_timestamp(args) },
    Proc { name: "interval_mul", kernel: |args, _| interval_times(args) },
];

const DAY: i64 = 86_400_000_000;

fn external(error: ValueError) -> ArrowError {
    ArrowError::ExternalError(Box::new(error))
}

fn date_plus(args: &[ArrayRef], sign: i32) -> Result<ArrayRef> {
    let (dates, days) = (primitive::<Date32Type>(argument(args, 0)?)?, primitive::<Int32Type>(argument(args, 1)?)?);
    let moved = try_binary::<_, _, _, Date32Type>(dates, days, |date, days| {
        days.checked_mul(sign)
            .and_then(|days| date.checked_add(days))
            .ok_or_else(|| external(ValueError::DatetimeOutOfRange("date")))
    })?;
    Ok(Arc::new(moved))
}

fn date_minus_date(args: &[ArrayRef]) -> Result<ArrayRef> {
    let (a, b) = (primitive::<Date32Type>(argument(args, 0)?)?, primitive::<Date32Type>(argument(args, 1)?)?);
    let days = try_binary::<_, _, _, Int32Type>(a, b, |a, b| {
        a.checked_sub(b).ok_or_else(|| external(ValueError::DatetimeOutOfRange("date")))
    })?;
    Ok(Arc::new(days))
}

type Arithmetic = fn(&dyn arrow::array::Datum, &dyn arrow::array::Datum) -> std::result::Result<ArrayRef, ArrowError>;

fn with_interval(args: &[ArrayRef], to: &DataType, compute: Arithmetic) -> Result<ArrayRef> {
    let timestamps = cast(argument(args, 0)?, to)?;
    compute(&timestamps, argument(args, 1)?).map_err(|error| match error {
        ArrowError::ArithmeticOverflow(_) | ArrowError::ComputeError(_) => {
            ValueError::DatetimeOutOfRange("timestamp").into()
        }
        other => other.into(),
    })
}

/// Days and a rest of less than one, both of the same sign.
fn timestamp_minus_timestamp(args: &[ArrayRef]) -> Result<ArrayRef> {
    let of = |at| argument(args, at).and_then(|array| primitive::<TimestampMicrosecondType>(array));
    let differences = try_binary::<_, _, _, IntervalMonthDayNanoType>(of(0)?, of(1)?, |a, b| {
        let out_of_range = || external(ValueError::DatetimeOutOfRange("interval"));
        let micros = a.checked_sub(b).ok_or_else(out_of_range)?;
        let days = i32::try_from(micros / DAY).map_err(|_| out_of_range())?;
        Ok(IntervalMonthDayNano::new(0, days, micros % DAY * 1000))
    })?;
    Ok(Arc::new(differences))
}

/// What a month's fraction comes to goes to the days at 30 each, what a day's fraction comes to goes to the time
/// (`interval_mul` in timestamp.c).
fn interval_times(args: &[ArrayRef]) -> Result<ArrayRef> {
    let intervals = primitive::<IntervalMonthDayNanoType>(argument(args, 0)?)?;
    let factors = primitive::<Float64Type>(argument(args, 1)?)?;
    let products = try_binary::<_, _, _, IntervalMonthDayNanoType>(intervals, factors, |interval, factor| {
        times(interval, factor).ok_or_else(|| external(ValueError::DatetimeOutOfRange("interval")))
    })?;
    Ok(Arc::new(products))
}

fn times(interval: IntervalMonthDayNano, factor: f64) -> Option<IntervalMonthDayNano> {
    let whole = |value: f64| (value.is_finite() && value.abs() < 2_147_483_648.0).then_some(value.trunc() as i32);
    let rounded = |value: f64| (value * 1e6).round_ties_even() / 1e6;
    let months = f64::from(interval.months) * factor;
    let days = f64::from(interval.days) * factor;
    let month_days = rounded((months - months.trunc()) * 30.0);
    let mut seconds = rounded((days - days.trunc() + month_days - month_days.trunc()) * 86_400.0);
    let mut extra_days = 0.0;
    if seconds.abs() >= 86_400.0 {
        extra_days = (seconds / 86_400.0).trunc();
        seconds -= extra_days * 86_400.0;
    }
    let micros = (interval.nanoseconds as f64 / 1000.0 * factor + seconds * 1e6).round_ties_even();
    let days = whole(days.trunc() + month_days.trunc() + extra_days)?;
    let nanos = (micros.abs() < 9.2e15).then_some(micros as i64 * 1000)?;
    Some(IntervalMonthDayNano::new(whole(months)?, days, nanos))
}
