//! An interval while its text is read: the sum of what its numbers and units say.

use super::fault::{Decoded, Fault};
use super::interval::{DAYS_PER_MONTH, MONTHS_PER_YEAR};
use super::unit::Unit;
use super::{DAY, HOUR, Interval, MINUTE, SECOND};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub years: i32,
    pub months: i32,
    pub days: i32,
    pub micros: i64,
}

impl Span {
    /// Adds a number of units; a fraction goes down to smaller ones.
    pub fn add(&mut self, value: i64, fraction: f64, unit: Unit) -> Decoded<()> {
        let added = match unit {
            Unit::Microsecond => self.add_micros(value, fraction, 1),
            Unit::Millisecond => self.add_micros(value, fraction, 1_000),
            Unit::Second => self.add_micros(value, fraction, SECOND),
            Unit::Minute => self.add_micros(value, fraction, MINUTE),
            Unit::Hour => self.add_micros(value, fraction, HOUR),
            Unit::Day => self.add_days(value, 1).and_then(|()| self.add_micros(0, fraction, DAY)),
            Unit::Week => self.add_days(value, 7).and_then(|()| self.add_fraction_of_days(fraction, 7)),
            Unit::Month => self.add_months(value).and_then(|()| self.add_fraction_of_days(fraction, DAYS_PER_MONTH)),
            Unit::Year => self.add_years(value, fraction, 1),
            Unit::Decade => self.add_years(value, fraction, 10),
            Unit::Century => self.add_years(value, fraction, 100),
            Unit::Millennium => self.add_years(value, fraction, 1_000),
            _ => return Err(Fault::Format),
        };
        added.ok_or(Fault::Field)
    }

    fn add_micros(&mut self, value: i64, fraction: f64, unit: i64) -> Option<()> {
        self.micros = self.micros.checked_add(value.checked_mul(unit)?)?;
        if fraction != 0.0 {
            let exact = fraction * unit as f64;
            let mut micros = exact as i64;
            // Ties go down here, as nowhere else.
            let rest = exact - micros as f64;
            if rest > 0.5 {
                micros += 1;
            } else if rest < -0.5 {
                micros -= 1;
            }
            self.micros = self.micros.checked_add(micros)?;
        }
        Some(())
    }

    fn add_days(&mut self, value: i64, unit: i32) -> Option<()> {
        self.days = self.days.checked_add(i32::try_from(value).ok()?.checked_mul(unit)?)?;
        Some(())
    }

    fn add_fraction_of_days(&mut self, fraction: f64, unit: i32) -> Option<()> {
        let exact = fraction * f64::from(unit);
        let days = exact as i32;
        self.days = self.days.checked_add(days)?;
        self.add_micros(0, exact - f64::from(days), DAY)
    }

    fn add_months(&mut self, value: i64) -> Option<()> {
        self.months = self.months.checked_add(i32::try_from(value).ok()?)?;
        Some(())
    }

    fn add_years(&mut self, value: i64, fraction: f64, unit: i32) -> Option<()> {
        self.years = self.years.checked_add(i32::try_from(value).ok()?.checked_mul(unit)?)?;
        let months = (fraction * f64::from(unit) * f64::from(MONTHS_PER_YEAR)).round_ties_even();
        self.months = self.months.checked_add(months as i32)?;
        Some(())
    }

    pub fn negate(&mut self) -> Decoded<()> {
        let negated = || {
            Some(Self {
                years: self.years.checked_neg()?,
                months: self.months.checked_neg()?,
                days: self.days.checked_neg()?,
                micros: self.micros.checked_neg()?,
            })
        };
        *self = negated().ok_or(Fault::Field)?;
        Ok(())
    }

    pub fn interval(self) -> Option<Interval> {
        let months = i64::from(self.years) * i64::from(MONTHS_PER_YEAR) + i64::from(self.months);
        Some(Interval::new(i32::try_from(months).ok()?, self.days, self.micros))
    }
}
