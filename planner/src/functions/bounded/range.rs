//! How many elements `range` and `generate_series` make as functions of one value: of numbers, dates, or timestamps.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{
    DataType, Date32Type, Date64Type, Int64Type, IntervalMonthDayNano, IntervalMonthDayNanoType, TimeUnit,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};

use super::arguments::Arguments;

const HOUR: i128 = 3_600_000_000_000;
const DAY: i128 = 24 * HOUR;

/// The bounds and the step of each row's series.
pub(super) struct Series {
    arguments: Vec<(ArrayRef, bool)>,
}

impl Series {
    pub fn new(arguments: &Arguments<'_>) -> Self {
        Self { arguments: (0..).map_while(|argument| arguments.array(argument)).collect() }
    }

    /// Elements of the series in a row, or a few more; as many as can be for one that may never end. None for NULL, and
    /// for what is an error of the engine.
    pub fn elements(&self, row: usize) -> u64 {
        match self.arguments.first() {
            Some((array, _)) if *array.data_type() == DataType::Int64 => self.numbers(row).unwrap_or(0),
            _ => self.moments(row).unwrap_or(0),
        }
    }

    /// An argument and the place in it for a row; `None` for NULL.
    fn at(&self, argument: usize, row: usize) -> Option<(&ArrayRef, usize)> {
        let (array, constant) = self.arguments.get(argument)?;
        let place = if *constant { 0 } else { row };
        array.is_valid(place).then_some((array, place))
    }

    fn number(&self, argument: usize, row: usize) -> Option<i64> {
        let (array, place) = self.at(argument, row)?;
        array.as_primitive_opt::<Int64Type>().map(|array| array.value(place))
    }

    fn numbers(&self, row: usize) -> Option<u64> {
        let (start, stop, step) = match self.arguments.len() {
            1 => (0, self.number(0, row)?, 1),
            2 => (self.number(0, row)?, self.number(1, row)?, 1),
            _ => (self.number(0, row)?, self.number(1, row)?, self.number(2, row)?),
        };
        let leads_there = step > 0 && start <= stop || step < 0 && start >= stop;
        leads_there.then(|| (start.abs_diff(stop) / step.unsigned_abs()).saturating_add(1))
    }

    fn moments(&self, row: usize) -> Option<u64> {
        let ((start, start_at), (stop, stop_at), (step, step_at)) =
            (self.at(0, row)?, self.at(1, row)?, self.at(2, row)?);
        let of_dates = matches!(start.data_type(), DataType::Date32 | DataType::Date64);
        let step = step.as_primitive_opt::<IntervalMonthDayNanoType>()?.value(step_at);
        Some(between(moment(start, start_at)?, moment(stop, stop_at)?, step, of_dates))
    }
}

/// A step of months and days is between a shortest and a longest time; one that may be none at all goes on for ever.
fn between(start: i128, stop: i128, step: IntervalMonthDayNano, of_dates: bool) -> u64 {
    let (months, days) = (i128::from(step.months), i128::from(step.days));
    let within = |count: i128, least: i128, most: i128| match count < 0 {
        true => (count * most, count * least),
        false => (count * least, count * most),
    };
    // A month has 28 to 31 days, a day 23 to 25 hours where clocks are changed.
    let (month_least, month_most) = within(months, 28 * DAY - HOUR, 31 * DAY + HOUR);
    let (day_least, day_most) = within(days, DAY - HOUR, DAY + HOUR);
    let nanoseconds = i128::from(step.nanoseconds);
    let (least, most) = (month_least + day_least + nanoseconds, month_most + day_most + nanoseconds);
    // The engine tells the direction of a series of dates from any part of its step.
    let backwards = if of_dates { months < 0 || days < 0 } else { most < 0 };
    let shortest = match backwards {
        true if most < 0 => -most,
        false if least > 0 => least,
        _ => return u64::MAX,
    };
    let way = if backwards { start - stop } else { stop - start };
    if way < 0 {
        return 0;
    }
    u64::try_from(way / shortest).unwrap_or(u64::MAX).saturating_add(2)
}

/// Nanoseconds since 1970.
fn moment(array: &ArrayRef, at: usize) -> Option<i128> {
    let milliseconds = 1_000_000;
    Some(match array.data_type() {
        DataType::Date32 => i128::from(array.as_primitive::<Date32Type>().value(at)) * DAY,
        DataType::Date64 => i128::from(array.as_primitive::<Date64Type>().value(at)) * milliseconds,
        DataType::Timestamp(TimeUnit::Second, _) => {
            i128::from(array.as_primitive::<TimestampSecondType>().value(at)) * 1000 * milliseconds
        }
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            i128::from(array.as_primitive::<TimestampMillisecondType>().value(at)) * milliseconds
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            i128::from(array.as_primitive::<TimestampMicrosecondType>().value(at)) * 1000
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            i128::from(array.as_primitive::<TimestampNanosecondType>().value(at))
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(months: i32, days: i32, nanoseconds: i64) -> IntervalMonthDayNano {
        IntervalMonthDayNano::new(months, days, nanoseconds)
    }

    #[test]
    fn a_series_is_as_long_as_its_shortest_step_says() {
        assert_eq!(between(0, 10 * DAY, step(0, 1, 0), false), 10 * 24 / 23 + 2);
        assert_eq!(between(10 * DAY, 0, step(0, -1, 0), true), 10 * 24 / 23 + 2);
        assert_eq!(between(0, HOUR, step(0, 0, 1), false), HOUR as u64 + 2);
        assert_eq!(between(0, -DAY, step(0, 1, 0), false), 0);
    }

    /// January has 31 days: the series would stand still.
    #[test]
    fn a_series_whose_step_may_be_nothing_has_no_end() {
        for of_dates in [false, true] {
            assert_eq!(between(0, 10 * DAY, step(1, -31, 0), of_dates), u64::MAX);
            assert_eq!(between(0, 10 * DAY, step(0, 1, -(24 * HOUR as i64)), of_dates), u64::MAX);
        }
        // The engine takes it for a series that goes back, and it goes forwards.
        assert_eq!(between(0, -10 * DAY, step(1, -1, 0), true), u64::MAX);
    }
}
