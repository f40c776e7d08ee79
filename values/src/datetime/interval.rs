//! Intervals: their sum, their product with a number, their order (documentation, 9.9).

use std::cmp::Ordering;

use super::{DAY, Interval, MINUTE, SECOND, interval_out_of_range};
use crate::{Result, ValueError};

pub(super) const MONTHS_PER_YEAR: i32 = 12;
/// As many days count for a month where intervals are compared, or months divided.
pub(super) const DAYS_PER_MONTH: i32 = 30;
const SECS_PER_DAY: f64 = 86_400.0;

impl Interval {
    pub const INFINITY: Self = Self { months: i32::MAX, days: i32::MAX, micros: i64::MAX };
    pub const NEG_INFINITY: Self = Self { months: i32::MIN, days: i32::MIN, micros: i64::MIN };

    pub const fn new(months: i32, days: i32, micros: i64) -> Self {
        Self { months, days, micros }
    }

    pub fn is_finite(self) -> bool {
        self != Self::INFINITY && self != Self::NEG_INFINITY
    }

    /// The result of arithmetic, which is infinite only if it was meant to be.
    pub(super) fn finite(months: i32, days: i32, micros: i64) -> Result<Self> {
        let result = Self { months, days, micros };
        if result.is_finite() { Ok(result) } else { Err(interval_out_of_range()) }
    }

    /// What intervals are equal and ordered by: microseconds, of months that have thirty days.
    pub fn key(self) -> i128 {
        let days = i64::from(self.months) * i64::from(DAYS_PER_MONTH) + i64::from(self.days);
        i128::from(days) * i128::from(DAY) + i128::from(self.micros)
    }

    pub fn compare(self, other: Self) -> Ordering {
        self.key().cmp(&other.key())
    }

    /// Unary minus.
    pub fn negated(self) -> Result<Self> {
        match self {
            Self::INFINITY => Ok(Self::NEG_INFINITY),
            Self::NEG_INFINITY => Ok(Self::INFINITY),
            _ => {
                let negated =
                    || Some((self.months.checked_neg()?, self.days.checked_neg()?, self.micros.checked_neg()?));
                let (months, days, micros) = negated().ok_or_else(interval_out_of_range)?;
                Self::finite(months, days, micros)
            }
        }
    }

    pub fn plus(self, other: Self) -> Result<Self> {
        match (self.is_finite(), other.is_finite()) {
            (true, true) => self.combine(other, i32::checked_add, i64::checked_add),
            (false, false) if self != other => Err(interval_out_of_range()),
            (false, _) => Ok(self),
            (true, false) => Ok(other),
        }
    }

    pub fn minus(self, other: Self) -> Result<Self> {
        match (self.is_finite(), other.is_finite()) {
            (true, true) => self.combine(other, i32::checked_sub, i64::checked_sub),
            (false, false) if self == other => Err(interval_out_of_range()),
            (false, _) => Ok(self),
            (true, false) => other.negated(),
        }
    }

    fn combine(
        self,
        other: Self,
        narrow: impl Fn(i32, i32) -> Option<i32>,
        wide: impl Fn(i64, i64) -> Option<i64>,
    ) -> Result<Self> {
        let combined = || {
            let months = narrow(self.months, other.months)?;
            let days = narrow(self.days, other.days)?;
            Some((months, days, wide(self.micros, other.micros)?))
        };
        let (months, days, micros) = combined().ok_or_else(interval_out_of_range)?;
        Self::finite(months, days, micros)
    }

    /// Parts of months go down to days, parts of days to time.
    pub fn times(self, factor: f64) -> Result<Self> {
        if factor.is_nan() {
            return Err(interval_out_of_range());
        }
        if !self.is_finite() || factor.is_infinite() {
            // The sign of the one decides on the infinity of the other; nothing times infinity is no interval.
            let sign = match self.key().cmp(&0) {
                Ordering::Less => -factor,
                Ordering::Equal => 0.0,
                Ordering::Greater => factor,
            };
            return match sign.partial_cmp(&0.0) {
                Some(Ordering::Less) => Ok(Self::NEG_INFINITY),
                Some(Ordering::Greater) => Ok(Self::INFINITY),
                _ => Err(interval_out_of_range()),
            };
        }
        self.scale(|part| part * factor)
    }

    pub fn divided(self, divisor: f64) -> Result<Self> {
        if divisor == 0.0 {
            return Err(ValueError::division_by_zero());
        }
        if divisor.is_nan() {
            return Err(interval_out_of_range());
        }
        if !self.is_finite() {
            if divisor.is_infinite() {
                return Err(interval_out_of_range());
            }
            return if divisor < 0.0 { self.negated() } else { Ok(self) };
        }
        self.scale(|part| part / divisor)
    }

    fn scale(self, scaled: impl Fn(f64) -> f64) -> Result<Self> {
        let months_exact = scaled(f64::from(self.months));
        let months = to_i32(months_exact)?;
        let days_exact = scaled(f64::from(self.days));
        let mut days = to_i32(days_exact)?;

        // What is left of a month is a number of days, but for floating point's last digits.
        let days_of_month = round_to_micros((months_exact - f64::from(months)) * f64::from(DAYS_PER_MONTH));
        let whole_days = days_of_month as i32;
        let mut seconds =
            round_to_micros((days_exact - f64::from(days) + days_of_month - f64::from(whole_days)) * SECS_PER_DAY);
        if seconds.abs() >= SECS_PER_DAY {
            let more = (seconds / SECS_PER_DAY) as i32;
            days = days.checked_add(more).ok_or_else(interval_out_of_range)?;
            seconds -= f64::from(more) * SECS_PER_DAY;
        }
        let days = days.checked_add(whole_days).ok_or_else(interval_out_of_range)?;
        let micros = (scaled(self.micros as f64) + seconds * SECOND as f64).round_ties_even();
        // 2^63 itself is one too many.
        if !(i64::MIN as f64..-(i64::MIN as f64)).contains(&micros) {
            return Err(interval_out_of_range());
        }
        Self::finite(months, days, micros as i64)
    }

    /// A whole day for every 24 hours.
    pub fn justify_hours(self) -> Result<Self> {
        if !self.is_finite() {
            return Ok(self);
        }
        let (mut days, mut micros) = (whole_days(self.micros)?, self.micros % DAY);
        days = days.checked_add(self.days).ok_or_else(interval_out_of_range)?;
        level_days(&mut days, &mut micros);
        Self::finite(self.months, days, micros)
    }

    /// A whole month for every 30 days.
    pub fn justify_days(self) -> Result<Self> {
        if !self.is_finite() {
            return Ok(self);
        }
        let mut days = self.days % DAYS_PER_MONTH;
        let more = self.days / DAYS_PER_MONTH;
        let mut months = self.months.checked_add(more).ok_or_else(interval_out_of_range)?;
        if months > 0 && days < 0 {
            days += DAYS_PER_MONTH;
            months -= 1;
        } else if months < 0 && days > 0 {
            days -= DAYS_PER_MONTH;
            months += 1;
        }
        Self::finite(months, days, self.micros)
    }

    /// Both, so that all parts have one sign.
    pub fn justify_interval(self) -> Result<Self> {
        if !self.is_finite() {
            return Ok(self);
        }
        let Self { mut months, mut days, mut micros } = self;
        // Days of the time's sign go to months first: else days might overflow where the result doesn't.
        if (days > 0 && micros > 0) || (days < 0 && micros < 0) {
            months = months.checked_add(days / DAYS_PER_MONTH).ok_or_else(interval_out_of_range)?;
            days %= DAYS_PER_MONTH;
        }
        days = days.checked_add(whole_days(micros)?).ok_or_else(interval_out_of_range)?;
        micros %= DAY;
        months = months.checked_add(days / DAYS_PER_MONTH).ok_or_else(interval_out_of_range)?;
        days %= DAYS_PER_MONTH;

        if months > 0 && (days < 0 || (days == 0 && micros < 0)) {
            days += DAYS_PER_MONTH;
            months -= 1;
        } else if months < 0 && (days > 0 || (days == 0 && micros > 0)) {
            days -= DAYS_PER_MONTH;
            months += 1;
        }
        level_days(&mut days, &mut micros);
        Self::finite(months, days, micros)
    }
}

/// Makes the sign of the time that of the days.
fn level_days(days: &mut i32, micros: &mut i64) {
    if *days > 0 && *micros < 0 {
        *micros += DAY;
        *days -= 1;
    } else if *days < 0 && *micros > 0 {
        *micros -= DAY;
        *days += 1;
    }
}

fn whole_days(micros: i64) -> Result<i32> {
    i32::try_from(micros / DAY).map_err(|_| interval_out_of_range())
}

fn round_to_micros(seconds: f64) -> f64 {
    (seconds * 1e6).round_ties_even() / 1e6
}

fn to_i32(value: f64) -> Result<i32> {
    // 2^31 itself is one too many.
    if (f64::from(i32::MIN)..-f64::from(i32::MIN)).contains(&value) {
        Ok(value as i32)
    } else {
        Err(interval_out_of_range())
    }
}

/// An interval's months and time as they are printed and taken apart: every part has the sign of its whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct IntervalParts {
    pub years: i32,
    pub months: i32,
    pub days: i32,
    pub hours: i64,
    pub minutes: i64,
    pub seconds: i64,
    pub micros: i64,
}

impl From<Interval> for IntervalParts {
    fn from(interval: Interval) -> Self {
        let micros = interval.micros;
        Self {
            years: interval.months / MONTHS_PER_YEAR,
            months: interval.months % MONTHS_PER_YEAR,
            days: interval.days,
            hours: micros / (60 * MINUTE),
            minutes: micros / MINUTE % 60,
            seconds: micros / SECOND % 60,
            micros: micros % SECOND,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products() {
        let month = Interval::new(1, 0, 0);
        for (interval, factor, expected) in [
            (month, 0.5, Interval::new(0, 15, 0)),
            (Interval::new(0, 1, 0), 1.0 / 3.0, Interval::new(0, 0, 28_800_000_000)),
            (Interval::new(1, 1, 1), -1.5, Interval::new(-1, -16, -43_200_000_002)),
            (Interval::new(11, 3, 7), 0.1, Interval::new(1, 3, 25_920_000_001)),
            (Interval::INFINITY, -2.0, Interval::NEG_INFINITY),
            (month, f64::INFINITY, Interval::INFINITY),
        ] {
            assert_eq!(interval.times(factor).unwrap(), expected, "{interval:?} * {factor}");
        }
        assert!(month.times(f64::NAN).is_err() && month.times(1e10).is_err());
        assert!(Interval::default().times(f64::INFINITY).is_err() && Interval::INFINITY.times(0.0).is_err());
        assert_eq!(month.divided(0.0).unwrap_err().code, "22012");
        assert_eq!(Interval::new(1, 0, 0).divided(7.0).unwrap(), Interval::new(0, 4, 24_685_689_600));
    }

    #[test]
    fn sums_and_order() {
        assert!(Interval::INFINITY.plus(Interval::NEG_INFINITY).is_err());
        assert!(Interval::INFINITY.minus(Interval::INFINITY).is_err());
        assert_eq!(Interval::INFINITY.minus(Interval::NEG_INFINITY).unwrap(), Interval::INFINITY);
        assert!(Interval::new(i32::MIN, 0, 0).negated().is_err());
        assert_eq!(Interval::new(1, 0, 0).compare(Interval::new(0, 30, 0)), Ordering::Equal);
        assert_eq!(Interval::new(0, 0, 25 * 60 * MINUTE).compare(Interval::new(0, 1, 0)), Ordering::Greater);
    }

    #[test]
    fn justified() {
        let interval = Interval::new(1, -1, -60 * MINUTE);
        assert_eq!(interval.justify_interval().unwrap(), Interval::new(0, 28, 23 * 60 * MINUTE));
        assert_eq!(Interval::new(0, 35, 0).justify_days().unwrap(), Interval::new(1, 5, 0));
        assert_eq!(
            Interval::new(0, 0, 27 * 60 * MINUTE).justify_hours().unwrap(),
            Interval::new(0, 1, 3 * 60 * MINUTE)
        );
    }
}
