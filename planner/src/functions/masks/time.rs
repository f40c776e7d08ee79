//! The `truncate` mask: shows the beginning of the minute, hour, day, week, month, quarter or year, in UTC.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, PrimitiveArray};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use chrono::{Datelike, Days, NaiveDate};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};
use weir_policies::Period;

use super::text;

const DAY_SECONDS: i64 = 86_400;

/// The mask as a function. Infinity stays what it is; a moment outside of the calendar is shown as NULL.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct TruncateMask {
    to: Period,
    signature: Signature,
}

/// What can be truncated to a period.
pub(super) fn types_of(to: Period) -> &'static str {
    match to {
        Period::Minute | Period::Hour => "timestamps",
        _ => "dates and timestamps",
    }
}

impl TruncateMask {
    /// None if a column of the type can't be truncated so.
    pub fn new(to: Period, data_type: &DataType) -> Option<Self> {
        let fits = match data_type {
            DataType::Timestamp(..) => true,
            DataType::Date32 => !matches!(to, Period::Minute | Period::Hour),
            _ => false,
        };
        fits.then(|| Self { to, signature: Signature::any(1, Volatility::Immutable) })
    }

    fn array(&self, array: &ArrayRef) -> Result<ArrayRef> {
        Ok(match array.data_type() {
            DataType::Date32 => {
                let dates = array.as_primitive::<Date32Type>();
                let day = |day: i32| i32::try_from(self.day(i64::from(day))?).ok();
                Arc::new(dates.unary_opt::<_, Date32Type>(|v| if is_infinite(v) { Some(v) } else { day(v) }))
            }
            DataType::Timestamp(TimeUnit::Second, _) => self.moments::<TimestampSecondType>(array, 1),
            DataType::Timestamp(TimeUnit::Millisecond, _) => self.moments::<TimestampMillisecondType>(array, 1000),
            DataType::Timestamp(TimeUnit::Microsecond, _) => self.moments::<TimestampMicrosecondType>(array, 1_000_000),
            DataType::Timestamp(TimeUnit::Nanosecond, _) => {
                self.moments::<TimestampNanosecondType>(array, 1_000_000_000)
            }
            other => return Err(DataFusionError::Internal(format!("no truncate mask for {other}"))),
        })
    }

    fn moments<T: ArrowPrimitiveType<Native = i64>>(&self, array: &ArrayRef, second: i64) -> ArrayRef {
        let shown = |v: i64| if v == i64::MAX || v == i64::MIN { Some(v) } else { self.moment(v, second) };
        let moments: PrimitiveArray<T> = array.as_primitive::<T>().unary_opt(shown);
        Arc::new(moments.with_data_type(array.data_type().clone()))
    }

    /// A moment since 1970, `second` being the length of a second.
    fn moment(&self, moment: i64, second: i64) -> Option<i64> {
        let of = |length: i64| moment.div_euclid(length).checked_mul(length);
        match self.to {
            Period::Minute => of(60 * second),
            Period::Hour => of(3600 * second),
            Period::Day => of(DAY_SECONDS * second),
            _ => {
                let day = DAY_SECONDS * second;
                self.day(moment.div_euclid(day))?.checked_mul(day)
            }
        }
    }

    /// A day since 1970.
    fn day(&self, day: i64) -> Option<i64> {
        let date = NaiveDate::from_epoch_days(i32::try_from(day).ok()?)?;
        let first = match self.to {
            Period::Minute | Period::Hour | Period::Day => date,
            Period::Week => date.checked_sub_days(Days::new(date.weekday().num_days_from_monday().into()))?,
            Period::Month => date.with_day(1)?,
            Period::Quarter => NaiveDate::from_ymd_opt(date.year(), date.month0() / 3 * 3 + 1, 1)?,
            Period::Year => NaiveDate::from_ymd_opt(date.year(), 1, 1)?,
        };
        Some(first.to_epoch_days().into())
    }
}

/// How the sources bring PostgreSQL's infinite dates.
fn is_infinite(date: i32) -> bool {
    date == i32::MAX || date == i32::MIN
}

impl ScalarUDFImpl for TruncateMask {
    fn name(&self) -> &str {
        "mask_truncate"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        Ok(arguments.first().cloned().unwrap_or(DataType::Null))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        text::map_arrays(&args, |array| self.array(array))
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array, Date32Array, TimestampMicrosecondArray};

    use super::*;

    const PERIODS: [Period; 7] =
        [Period::Minute, Period::Hour, Period::Day, Period::Week, Period::Month, Period::Quarter, Period::Year];

    fn shown(to: Period, array: ArrayRef) -> ArrayRef {
        TruncateMask::new(to, array.data_type()).unwrap().array(&array).unwrap()
    }

    /// 2024-08-15T13:45:59.123456Z and a moment before 1970, beside what PostgreSQL's date_trunc makes of them.
    #[test]
    fn moments_show_where_their_period_begins() {
        let parsed = |text: &str| chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros();
        let expected = [
            ("2024-08-15T13:45:00Z", "1969-12-31T23:59:00Z"),
            ("2024-08-15T13:00:00Z", "1969-12-31T23:00:00Z"),
            ("2024-08-15T00:00:00Z", "1969-12-31T00:00:00Z"),
            ("2024-08-12T00:00:00Z", "1969-12-29T00:00:00Z"),
            ("2024-08-01T00:00:00Z", "1969-12-01T00:00:00Z"),
            ("2024-07-01T00:00:00Z", "1969-10-01T00:00:00Z"),
            ("2024-01-01T00:00:00Z", "1969-01-01T00:00:00Z"),
        ];
        let moments = vec![
            Some(parsed("2024-08-15T13:45:59.123456Z")),
            Some(parsed("1969-12-31T23:59:59.999999Z")),
            Some(i64::MAX),
            None,
        ];
        for (to, (late, early)) in PERIODS.into_iter().zip(expected) {
            let array = TimestampMicrosecondArray::from(moments.clone()).with_timezone("UTC");
            let wanted = vec![Some(parsed(late)), Some(parsed(early)), Some(i64::MAX), None];
            let wanted = TimestampMicrosecondArray::from(wanted).with_timezone("UTC");
            assert_eq!(shown(to, Arc::new(array)).as_ref(), &wanted as &dyn Array, "{to}");
        }
    }

    #[test]
    fn dates_are_truncated_to_days_and_longer() {
        let dates = Date32Array::from(vec![Some(19_950), Some(i32::MAX), None, Some(i32::MAX - 1)]);
        let months = shown(Period::Month, Arc::new(dates.clone()));
        assert_eq!(months.as_ref(), &Date32Array::from(vec![Some(19_936), Some(i32::MAX), None, None]) as &dyn Array);
        assert!(TruncateMask::new(Period::Hour, dates.data_type()).is_none());
        assert!(TruncateMask::new(Period::Month, &DataType::Utf8).is_none());
    }
}
