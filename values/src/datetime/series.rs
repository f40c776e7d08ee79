//! What generate_series and OVERLAPS ask of times.

use std::cmp::Ordering;

use super::sum::{timestamp_add_interval, timestamptz_add_interval};
use super::{Interval, Zone};
use crate::{Result, ValueError};

/// The step of a series of timestamps, and which way it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeriesStep {
    interval: Interval,
    is_descending: bool,
}

impl SeriesStep {
    pub fn new(interval: Interval) -> Result<Self> {
        let key = interval.key();
        if key == 0 {
            return Err(ValueError::invalid_parameter("step size cannot equal zero"));
        }
        if !interval.is_finite() {
            return Err(ValueError::invalid_parameter("step size cannot be infinite"));
        }
        Ok(Self { interval, is_descending: key < 0 })
    }

    /// Whether a value isn't past the last one.
    pub fn reaches(self, value: i64, last: i64) -> bool {
        if self.is_descending { value >= last } else { value <= last }
    }

    pub fn next_timestamp(self, value: i64) -> Result<i64> {
        timestamp_add_interval(value, self.interval)
    }

    pub fn next_timestamptz(self, value: i64, zone: &Zone) -> Result<i64> {
        timestamptz_add_interval(value, self.interval, zone)
    }
}

/// `(start1, end1) OVERLAPS (start2, end2)`, where None is NULL: unknown as long as what isn't known might decide.
/// Ends may come before starts; the end itself isn't of the period, unless it is all of it.
pub fn overlaps<T: Copy>(
    first: (Option<T>, Option<T>),
    second: (Option<T>, Option<T>),
    compare: impl Fn(T, T) -> Ordering,
) -> Option<bool> {
    let less = |a: T, b: T| compare(a, b).is_lt();
    // In order, the one that is known first.
    let ordered = |(start, end): (Option<T>, Option<T>)| match (start, end) {
        (None, None) => None,
        (None, Some(known)) | (Some(known), None) => Some((known, None)),
        (Some(start), Some(end)) if less(end, start) => Some((end, Some(start))),
        (Some(start), Some(end)) => Some((start, Some(end))),
    };
    let ((start1, end1), (start2, end2)) = (ordered(first)?, ordered(second)?);
    let (later, earlier_end, later_end) = match compare(start1, start2) {
        // Two periods that begin at once have that moment in common.
        Ordering::Equal => {
            return if end1.is_some() && end2.is_some() { Some(true) } else { None };
        }
        Ordering::Greater => (start1, end2, end1),
        Ordering::Less => (start2, end1, end2),
    };
    match (earlier_end, later_end) {
        (None, _) => None,
        (Some(end), _) if less(later, end) => Some(true),
        (Some(_), known) => known.map(|_| false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods() {
        let known = |a: i32, b: i32| (Some(a), Some(b));
        for (first, second, expected) in [
            (known(1, 3), known(2, 4), Some(true)),
            (known(1, 2), known(2, 3), Some(false)),
            (known(3, 1), known(2, 4), Some(true)),
            (known(1, 1), known(1, 1), Some(true)),
            (known(1, 3), (Some(2), None), Some(true)),
            (known(1, 2), (Some(2), None), None),
            ((Some(1), None), known(2, 4), None),
            ((None, None), known(2, 4), None),
        ] {
            assert_eq!(overlaps(first, second, |a, b| a.cmp(&b)), expected, "{first:?} {second:?}");
        }
    }

    #[test]
    fn steps() {
        assert_eq!(SeriesStep::new(Interval::new(1, -30, 0)).unwrap_err().message, "step size cannot equal zero");
        assert_eq!(SeriesStep::new(Interval::INFINITY).unwrap_err().message, "step size cannot be infinite");
        let back = SeriesStep::new(Interval::new(0, 0, -5)).unwrap();
        assert_eq!(back.next_timestamp(3).unwrap(), -2);
        assert!(back.reaches(3, 0) && !back.reaches(-2, 0));
    }
}
