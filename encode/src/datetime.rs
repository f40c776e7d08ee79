//! Dates, times and timestamps, in all DateStyles (`EncodeDateOnly`, `EncodeTimeOnly` and `EncodeDateTime` in PostgreSQL's
//! datetime.c).
//!
//! Arrow counts from 1970, PostgreSQL's binary form from 2000. The civil calendar is Howard Hinnant's `civil_from_days`.

use arrow::datatypes::TimeUnit;
use bytes::BytesMut;

use super::cell::{Cell, append_fixed};
use super::error::EncodeError;
use super::style::{DateOrder, DateStyle, Style};
use super::zone::{Abbreviation, ZoneClock};

pub(super) const DAY_US: i64 = 86_400_000_000;
const SECOND_US: i64 = 1_000_000;
/// Days and microseconds from 1970-01-01 to 2000-01-01.
pub(super) const EPOCH_DAYS: i32 = 10_957;
pub(super) const EPOCH_US: i64 = EPOCH_DAYS as i64 * DAY_US;
/// 4714-11-24 BC, the first day of the Julian calendar, in days from 1970.
const FIRST_DAY: i64 = -2_440_588;
/// 5874898-01-01 in days from 1970, the first that `date` doesn't hold.
const END_DAY: i64 = 2_145_042_906;
/// The days of the years 1 to 9999.
const FOUR_DIGIT_YEARS: std::ops::Range<i64> = -719_162..2_932_897;
const WEEKDAYS: [&[u8; 3]; 7] = [b"Sun", b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat"];
const MONTHS: [&[u8; 3]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// How dates are laid out: a DateStyle with its order, or the ISO 8601 form with a `T` that json has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    Iso,
    Json,
    Sql { day_first: bool },
    Postgres { day_first: bool },
    German,
}

impl Layout {
    pub(super) fn of(style: &Style) -> Self {
        let day_first = style.date_order == DateOrder::Dmy;
        match style.date_style {
            DateStyle::Iso => Self::Iso,
            DateStyle::Sql => Self::Sql { day_first },
            DateStyle::Postgres => Self::Postgres { day_first },
            DateStyle::German => Self::German,
        }
    }
}

/// (year, month, day) of a day counted from 1970-01-01; year 0 is 1 BC.
#[inline(always)]
pub(super) fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097) as u32;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (i64::from(year_of_era) + era * 400 + i64::from(month <= 2), month, day)
}

/// The inverse of [`civil_from_days`].
pub(super) fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted_month = i64::from((month + 9) % 12);
    let day_of_year = (153 * shifted_month + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Microseconds of a count in `unit`, rounded down, or `None` past the range.
#[inline(always)]
pub(super) fn to_micros(value: i64, unit: TimeUnit) -> Option<i64> {
    match unit {
        TimeUnit::Second => value.checked_mul(SECOND_US),
        TimeUnit::Millisecond => value.checked_mul(1000),
        TimeUnit::Microsecond => Some(value),
        TimeUnit::Nanosecond => Some(value.div_euclid(1000)),
    }
}

/// `days` counts from 1970-01-01; the extremes of i32 are the infinities.
#[inline]
pub(super) fn write_date<const FRAME: bool>(
    days: i64,
    binary: bool,
    layout: Layout,
    out: &mut BytesMut,
) -> Result<(), EncodeError> {
    let infinite = days == i64::from(i32::MAX) || days == i64::from(i32::MIN);
    if !infinite && !(FIRST_DAY..END_DAY).contains(&days) {
        return Err(EncodeError::out_of_range("date"));
    }
    if binary {
        let days = days as i32;
        let shifted = if infinite { days } else { days - EPOCH_DAYS };
        append_fixed::<FRAME, 4>(out, shifted.to_be_bytes());
        return Ok(());
    }
    if layout == Layout::Iso && FOUR_DIGIT_YEARS.contains(&days) {
        let mut cell = Cell::<16>::new::<FRAME>();
        push_iso_date(&mut cell, days);
        cell.finish::<FRAME>(out);
        return Ok(());
    }
    let mut cell = Cell::<32>::new::<FRAME>();
    if infinite {
        cell.extend(infinity(days > 0));
    } else {
        let (year, month, day) = civil_from_days(days);
        push_date(&mut cell, year, month, day, layout);
        push_era(&mut cell, year);
    }
    cell.finish::<FRAME>(out);
    Ok(())
}

/// `micros` since midnight, 24:00:00 included.
#[inline]
pub(super) fn write_time<const FRAME: bool>(micros: i64, binary: bool, out: &mut BytesMut) -> Result<(), EncodeError> {
    if !(0..=DAY_US).contains(&micros) {
        return Err(EncodeError::out_of_range("time"));
    }
    if binary {
        append_fixed::<FRAME, 8>(out, micros.to_be_bytes());
        return Ok(());
    }
    let mut cell = Cell::<24>::new::<FRAME>();
    push_time(&mut cell, micros);
    cell.finish::<FRAME>(out);
    Ok(())
}

/// `micros` since 1970-01-01; the extremes of i64 are the infinities. With `clock` it is an instant, shown in that zone.
#[inline]
pub(super) fn write_timestamp<const FRAME: bool>(
    micros: i64,
    binary: bool,
    layout: Layout,
    clock: Option<&mut ZoneClock>,
    out: &mut BytesMut,
) -> Result<(), EncodeError> {
    let infinite = micros == i64::MAX || micros == i64::MIN;
    if !infinite && micros < FIRST_DAY * DAY_US {
        return Err(EncodeError::out_of_range("timestamp"));
    }
    if binary {
        let shifted = if infinite { micros } else { micros - EPOCH_US };
        append_fixed::<FRAME, 8>(out, shifted.to_be_bytes());
        return Ok(());
    }
    if infinite {
        let mut cell = Cell::<16>::new::<FRAME>();
        cell.extend(infinity(micros > 0));
        cell.finish::<FRAME>(out);
        return Ok(());
    }
    let zone = clock.map(|clock| clock.at(micros.div_euclid(SECOND_US)));
    let (days, of_day) = local_day(micros, zone.map_or(0, |(offset_s, _)| offset_s));
    if layout == Layout::Iso && FOUR_DIGIT_YEARS.contains(&days) {
        write_iso::<FRAME>(days, of_day, zone.map(|(offset_s, _)| offset_s), out);
    } else {
        write_styled::<FRAME>(days, of_day, layout, zone, out);
    }
    Ok(())
}

/// The day and the microseconds in it that a clock shows which is `offset_s` ahead of UTC.
#[inline(always)]
fn local_day(micros: i64, offset_s: i32) -> (i64, i64) {
    let (days, of_day) = (micros.div_euclid(DAY_US), micros.rem_euclid(DAY_US));
    if offset_s == 0 {
        return (days, of_day);
    }
    // Near the type's end the instant with its offset doesn't fit 64 bits, so the day and the rest are shifted apart.
    let shifted = of_day + i64::from(offset_s) * SECOND_US;
    (days + shifted.div_euclid(DAY_US), shifted.rem_euclid(DAY_US))
}

/// The default style in the years that people use: everything stands at a fixed place, which makes it twice as fast.
#[inline(always)]
fn write_iso<const FRAME: bool>(days: i64, of_day: i64, offset_s: Option<i32>, out: &mut BytesMut) {
    let mut cell = Cell::<40>::new::<FRAME>();
    push_iso_date(&mut cell, days);
    cell.push(b' ');
    push_time(&mut cell, of_day);
    if let Some(offset_s) = offset_s {
        push_offset(&mut cell, offset_s, false);
    }
    cell.finish::<FRAME>(out);
}

#[inline(always)]
fn push_iso_date<const N: usize>(cell: &mut Cell<N>, days: i64) {
    let (year, month, day) = civil_from_days(days);
    cell.pair(year as u32 / 100);
    cell.pair(year as u32 % 100);
    cell.push(b'-');
    cell.pair(month);
    cell.push(b'-');
    cell.pair(day);
}

#[inline(never)]
fn write_styled<const FRAME: bool>(
    days: i64,
    of_day: i64,
    layout: Layout,
    zone: Option<(i32, Abbreviation)>,
    out: &mut BytesMut,
) {
    let mut cell = Cell::<64>::new::<FRAME>();
    push_timestamp(&mut cell, days, of_day, layout, zone);
    cell.finish::<FRAME>(out);
}

fn infinity(positive: bool) -> &'static [u8] {
    if positive { b"infinity" } else { b"-infinity" }
}

fn push_timestamp(cell: &mut Cell<64>, days: i64, of_day: i64, layout: Layout, zone: Option<(i32, Abbreviation)>) {
    let (year, month, day) = civil_from_days(days);
    if let Layout::Postgres { day_first } = layout {
        push_postgres(cell, days, (year, month, day), of_day, day_first);
    } else {
        push_date(cell, year, month, day, layout);
        cell.push(if layout == Layout::Json { b'T' } else { b' ' });
        push_time(cell, of_day);
    }
    if let Some((offset_s, abbreviation)) = zone {
        push_zone(cell, offset_s, &abbreviation, layout);
    }
    push_era(cell, year);
}

#[inline(always)]
fn push_date<const N: usize>(cell: &mut Cell<N>, year: i64, month: u32, day: u32, layout: Layout) {
    let (first, second, separator) = match layout {
        Layout::Iso | Layout::Json => {
            push_year(cell, year);
            cell.push(b'-');
            cell.pair(month);
            cell.push(b'-');
            return cell.pair(day);
        }
        Layout::Sql { day_first: true } => (day, month, b'/'),
        Layout::Sql { day_first: false } => (month, day, b'/'),
        Layout::Postgres { day_first: true } => (day, month, b'-'),
        Layout::Postgres { day_first: false } => (month, day, b'-'),
        Layout::German => (day, month, b'.'),
    };
    cell.pair(first);
    cell.push(separator);
    cell.pair(second);
    cell.push(separator);
    push_year(cell, year);
}

/// Four digits or more; years before Christ count from 1.
#[inline(always)]
fn push_year<const N: usize>(cell: &mut Cell<N>, year: i64) {
    if (1..10_000).contains(&year) {
        cell.pair(year as u32 / 100);
        return cell.pair(year as u32 % 100);
    }
    let shown = if year > 0 { year } else { 1 - year } as u64;
    cell.padded(shown, super::cell::digits_of(shown).max(4));
}

#[inline(always)]
fn push_era<const N: usize>(cell: &mut Cell<N>, year: i64) {
    if year <= 0 {
        cell.extend(b" BC");
    }
}

#[inline(always)]
fn push_time<const N: usize>(cell: &mut Cell<N>, micros: i64) {
    let seconds = (micros / SECOND_US) as u32;
    let fraction = (micros % SECOND_US) as u64;
    cell.pair(seconds / 3600);
    cell.push(b':');
    cell.pair(seconds / 60 % 60);
    cell.push(b':');
    cell.pair(seconds % 60);
    push_fraction(cell, fraction);
}

/// Microseconds behind a point, without trailing zeros; nothing for none.
#[inline(always)]
pub(super) fn push_fraction<const N: usize>(cell: &mut Cell<N>, micros: u64) {
    if micros != 0 {
        cell.push(b'.');
        cell.padded(micros, 6);
        cell.trim_zeros(6);
    }
}

/// `Sat Nov 21 03:50:20.5 2026`.
fn push_postgres(cell: &mut Cell<64>, days: i64, (year, month, day): (i64, u32, u32), of_day: i64, day_first: bool) {
    // 1970-01-01 was a Thursday.
    cell.extend(WEEKDAYS[(days + 4).rem_euclid(7) as usize]);
    cell.push(b' ');
    if day_first {
        cell.pair(day);
        cell.push(b' ');
    }
    cell.extend(MONTHS[month as usize - 1]);
    cell.push(b' ');
    if !day_first {
        cell.pair(day);
        cell.push(b' ');
    }
    push_time(cell, of_day);
    cell.push(b' ');
    push_year(cell, year);
}

/// ISO and json: `+05:30`; the other layouts: ` CEST`, or the offset where the zone has no abbreviation.
#[inline(always)]
fn push_zone(cell: &mut Cell<64>, offset_s: i32, abbreviation: &Abbreviation, layout: Layout) {
    let numeric = matches!(layout, Layout::Iso | Layout::Json);
    let abbreviation = abbreviation.as_bytes();
    if !numeric && !abbreviation.is_empty() {
        cell.push(b' ');
        return cell.extend(abbreviation);
    }
    if matches!(layout, Layout::Postgres { .. }) {
        cell.push(b' ');
    }
    push_offset(cell, offset_s, layout == Layout::Json);
}

/// `+05`, `+05:30` or `+05:30:20`.
#[inline(always)]
fn push_offset<const N: usize>(cell: &mut Cell<N>, offset_s: i32, always_minutes: bool) {
    cell.push(if offset_s < 0 { b'-' } else { b'+' });
    let offset = offset_s.unsigned_abs();
    let (hours, minutes, seconds) = (offset / 3600, offset / 60 % 60, offset % 60);
    if hours < 100 {
        cell.pair(hours)
    } else {
        cell.uint(u64::from(hours))
    }
    if minutes != 0 || seconds != 0 || always_minutes {
        cell.push(b':');
        cell.pair(minutes);
    }
    if seconds != 0 {
        cell.push(b':');
        cell.pair(seconds);
    }
}
