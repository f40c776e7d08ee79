//! The proleptic Gregorian calendar: days since 1970-01-01 and years, where year 0 is 1 BC.

/// 1970-01-01 as a Julian day number.
pub const UNIX_EPOCH_JULIAN: i64 = 2_440_588;

/// Eras added so that every `i32` of years counts from zero.
const YEAR_ERAS: i64 = 5_368_710;
/// From 0001-01-01 to 1970-01-01.
const FIRST_YEAR_TO_EPOCH: i64 = 719_162;
const DAYS_PER_ERA: i64 = 146_097;
/// 0000-03-01, where the reckoning in years that begin with March has its origin.
const MARCH_ORIGIN: i64 = 719_468;
/// Eras added so that every `i32` of days counts from zero; years go back by 400 for each.
const ERAS: i64 = 14_705;

#[inline]
pub const fn is_leap(year: i32) -> bool {
    year & 3 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// 0 for what isn't a month.
#[inline]
pub const fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

/// Days since 1970-01-01. A month or day outside its range counts on from the nearest that exists: it is for the
/// caller to refuse.
#[inline]
pub const fn days_from_civil(year: i32, month: u32, day: u32) -> i64 {
    let (year, month) = if month > 2 { (year as i64, month as i64 - 3) } else { (year as i64 - 1, month as i64 + 9) };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * month + 2) / 5 + day as i64 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * DAYS_PER_ERA + day_of_era - MARCH_ORIGIN
}

/// Year, month and day: the reckoning of Neri and Schneider (2022), which multiplies where others divide.
#[inline]
pub const fn civil_from_days(days: i32) -> (i32, u32, u32) {
    let day = (days as i64 + MARCH_ORIGIN + ERAS * DAYS_PER_ERA) as u64;
    let quarters = 4 * day + 3;
    let century = quarters / DAYS_PER_ERA as u64;
    let of_century = (quarters % DAYS_PER_ERA as u64) / 4;

    let product = 2_939_745 * (4 * of_century + 3);
    let year_of_century = product >> 32;
    let day_of_year = (product & 0xFFFF_FFFF) / 2_939_745 / 4;

    let shifted = 2_141 * day_of_year as u32 + 197_913;
    let (month, day) = (shifted >> 16, (shifted & 0xFFFF) / 2_141);
    let january = day_of_year >= 306;
    let year = (100 * century + year_of_century) as i64 - 400 * ERAS + january as i64;
    (year as i32, if january { month - 12 } else { month }, day + 1)
}

/// From 0, Sunday, to 6.
#[inline]
pub const fn day_of_week(days: i32) -> u32 {
    (days as i64 + 4).rem_euclid(7) as u32
}

/// From 1, Monday, to 7.
#[inline]
pub const fn iso_day_of_week(days: i32) -> u32 {
    (days as i64 + 3).rem_euclid(7) as u32 + 1
}

/// From 1.
#[inline]
pub const fn day_of_year(days: i32) -> u32 {
    let (year, _, _) = civil_from_days(days);
    (days as i64 - year_start(year) + 1) as u32
}

/// The year that the day's ISO week counts for, and the week's number: those of its Thursday.
#[inline]
pub const fn iso_week(days: i32) -> (i32, u32) {
    let thursday = days as i64 + 4 - iso_day_of_week(days) as i64;
    // Only at the very ends of 32 bits is there no such day, long after the last date.
    let thursday = if thursday > i32::MAX as i64 {
        i32::MAX
    } else if thursday < i32::MIN as i64 {
        i32::MIN
    } else {
        thursday as i32
    };
    let (year, _, _) = civil_from_days(thursday);
    (year, ((thursday as i64 - year_start(year)) / 7 + 1) as u32)
}

/// The Monday on which a week of an ISO year begins.
#[inline]
pub const fn iso_week_start(iso_year: i32, week: i32) -> i64 {
    let fourth = year_start(iso_year) + 3;
    fourth - (fourth + 3).rem_euclid(7) + (week as i64 - 1) * 7
}

/// January 1.
#[inline]
pub const fn year_start(year: i32) -> i64 {
    // Counted from so far back that no number is negative: those are divided faster.
    let before = (year as i64 - 1 + 400 * YEAR_ERAS) as u64;
    let days = before * 365 + before / 4 - before / 100 + before / 400;
    days as i64 - YEAR_ERAS * DAYS_PER_ERA - FIRST_YEAR_TO_EPOCH
}

#[inline]
pub const fn julian_day(days: i32) -> i64 {
    days as i64 + UNIX_EPOCH_JULIAN
}

#[inline]
pub const fn days_from_julian(julian: i64) -> i64 {
    julian - UNIX_EPOCH_JULIAN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        for days in (-2_500_000..3_000_000).chain([i32::MIN, i32::MIN + 1, i32::MAX - 1, i32::MAX]) {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), i64::from(days));
            assert_eq!(year_start(year), days_from_civil(year, 1, 1));
            assert!((1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day));
        }
    }

    #[test]
    fn known_days() {
        for (date, days) in [
            ((1970, 1, 1), 0),
            ((2000, 2, 29), 11_016),
            ((1, 1, 1), -719_162),
            ((0, 2, 29), -719_469),
            ((-4713, 11, 24), -2_440_588),
            ((5_874_897, 12, 31), 2_145_042_905),
        ] {
            let (year, month, day) = date;
            assert_eq!(days_from_civil(year, month, day), i64::from(days));
            assert_eq!(civil_from_days(days), date);
        }
        assert_eq!(julian_day(0), 2_440_588);
        assert_eq!(days_from_julian(2_451_187), 10_599);
    }

    #[test]
    fn weeks() {
        // As extract(isoyear, week, isodow, dow, doy) gives them.
        for ((year, month, day), expected) in [
            ((2005, 1, 1), (2004, 53, 6, 6, 1)),
            ((2006, 1, 1), (2005, 52, 7, 0, 1)),
            ((2024, 12, 30), (2025, 1, 1, 1, 365)),
            ((2020, 12, 31), (2020, 53, 4, 4, 366)),
            ((-4713, 11, 24), (-4713, 48, 1, 1, 328)),
        ] {
            let days = i32::try_from(days_from_civil(year, month, day)).unwrap();
            let (iso_year, week) = iso_week(days);
            assert_eq!((iso_year, week, iso_day_of_week(days), day_of_week(days), day_of_year(days)), expected);
            assert!((0..7).contains(&(i64::from(days) - iso_week_start(iso_year, week as i32))));
        }
        for days in [i32::MIN, i32::MAX] {
            assert!((1..=53).contains(&iso_week(days).1));
        }
    }
}
