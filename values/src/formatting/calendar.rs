//! The calendar's arithmetic as templates need it: of days that need not exist (an interval's months and days, the 30th
//! of February), so it wraps where PostgreSQL's 32-bit integers do.

use crate::civil::is_leap;

/// Julian day of a year, month and day, none of which need be in range; the year 0 is 1 BC.
pub fn julian_day(year: i32, month: i32, day: i32) -> i32 {
    // The year starts in March, so that the leap day comes last; 4800 years ahead everything is positive.
    let (year, month) = match month > 2 {
        true => (year.wrapping_add(4800), month.wrapping_add(1)),
        false => (year.wrapping_add(4799), month.wrapping_add(13)),
    };
    let century = year / 100;
    let before_year = year
        .wrapping_mul(365)
        .wrapping_sub(32_167)
        .wrapping_add(year / 4)
        .wrapping_sub(century)
        .wrapping_add(century / 4);
    before_year.wrapping_add(month.wrapping_mul(7834) / 256).wrapping_add(day)
}

/// Julian day of the Monday on which an ISO year starts.
fn iso_year_start(year: i32) -> i32 {
    // January 4th is always in the first week.
    let fourth = julian_day(year, 1, 4);
    fourth.wrapping_sub(fourth.rem_euclid(7))
}

/// Julian day of the Monday of a week of an ISO year.
pub fn iso_week_start(year: i32, week: i32) -> i32 {
    week.wrapping_sub(1).wrapping_mul(7).wrapping_add(iso_year_start(year))
}

/// A day within its ISO year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IsoDay {
    pub year: i32,
    pub week: i32,
    pub day_of_year: i32,
}

impl IsoDay {
    pub fn of(year: i32, month: i32, day: i32) -> Self {
        let julian = julian_day(year, month, day);
        let week_from = |start: i32| julian.wrapping_sub(start) / 7 + 1;
        let (mut iso_year, mut start) = (year, iso_year_start(year));
        if julian < start {
            iso_year = year.wrapping_sub(1);
            start = iso_year_start(iso_year);
        }
        let mut week = week_from(start);
        // The last days of December may belong to the next year.
        if week >= 52 {
            let next = iso_year_start(year.wrapping_add(1));
            if julian >= next {
                week = week_from(next);
                iso_year = iso_year.wrapping_add(1);
                start = iso_year_start(iso_year);
            }
        }
        Self { year: iso_year, week, day_of_year: julian.wrapping_sub(start).wrapping_add(1) }
    }
}

/// Days of the year before each month, and of the whole year.
pub fn days_before(year: i32) -> [i32; 13] {
    let leap = i32::from(is_leap(year));
    let mut days = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];
    for day in &mut days[2..] {
        *day += leap;
    }
    days
}

/// Whether a day is so near that its Julian day is one, from 4714-11-24 BC to 5874898-06-03.
pub fn is_julian(year: i32, month: i32) -> bool {
    (year > -4713 || (year == -4713 && month >= 11)) && (year < 5_874_898 || (year == 5_874_898 && month < 6))
}
