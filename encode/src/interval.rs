//! Intervals in the four IntervalStyles (`EncodeInterval` in PostgreSQL's datetime.c) and in binary.

use bytes::BytesMut;

use super::cell::{Cell, append_fixed};
use super::datetime::push_fraction;
use super::style::IntervalStyle;

/// A PostgreSQL interval: three fields that don't carry into each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Interval {
    pub months: i32,
    pub days: i32,
    pub micros: i64,
}

/// The time part, split; each with the sign of the whole.
struct Fields {
    years: i32,
    months: i32,
    days: i32,
    hours: i64,
    minutes: i64,
    seconds: i64,
    micros: i64,
}

type Text = Cell<128>;

pub(super) fn write<const FRAME: bool>(interval: Interval, binary: bool, style: IntervalStyle, out: &mut BytesMut) {
    if binary {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&interval.micros.to_be_bytes());
        bytes[8..12].copy_from_slice(&interval.days.to_be_bytes());
        bytes[12..].copy_from_slice(&interval.months.to_be_bytes());
        return append_fixed::<FRAME, 16>(out, bytes);
    }
    let mut cell = Text::new::<FRAME>();
    match (infinite(interval), style) {
        (Some(text), _) => cell.extend(text),
        (None, IntervalStyle::Postgres) => postgres(&Fields::of(interval), &mut cell),
        (None, IntervalStyle::PostgresVerbose) => verbose(&Fields::of(interval), &mut cell),
        (None, IntervalStyle::SqlStandard) => sql_standard(&Fields::of(interval), &mut cell),
        (None, IntervalStyle::Iso8601) => iso_8601(&Fields::of(interval), &mut cell),
    }
    cell.finish::<FRAME>(out);
}

/// PostgreSQL 17's infinite intervals: all fields at their extreme.
fn infinite(interval: Interval) -> Option<&'static [u8]> {
    match (interval.months, interval.days, interval.micros) {
        (i32::MAX, i32::MAX, i64::MAX) => Some(b"infinity"),
        (i32::MIN, i32::MIN, i64::MIN) => Some(b"-infinity"),
        _ => None,
    }
}

impl Fields {
    fn of(interval: Interval) -> Self {
        let seconds = interval.micros / 1_000_000;
        Self {
            years: interval.months / 12,
            months: interval.months % 12,
            days: interval.days,
            hours: seconds / 3600,
            minutes: seconds / 60 % 60,
            seconds: seconds % 60,
            micros: interval.micros % 1_000_000,
        }
    }

    fn time_is_zero(&self) -> bool {
        (self.hours, self.minutes, self.seconds, self.micros) == (0, 0, 0, 0)
    }

    fn time_is_negative(&self) -> bool {
        self.hours < 0 || self.minutes < 0 || self.seconds < 0 || self.micros < 0
    }

    /// `H:MM:SS.f` without a sign, hours with at least `hour_digits` digits.
    fn push_clock(&self, hour_digits: usize, cell: &mut Text) {
        let hours = self.hours.unsigned_abs();
        cell.padded(hours, super::cell::digits_of(hours).max(hour_digits));
        cell.push(b':');
        cell.pair(self.minutes.unsigned_abs() as u32);
        cell.push(b':');
        cell.pair(self.seconds.unsigned_abs() as u32);
        push_fraction(cell, self.micros.unsigned_abs());
    }

    /// Seconds with fraction, without a sign.
    fn push_seconds(&self, cell: &mut Text) {
        cell.uint(self.seconds.unsigned_abs());
        push_fraction(cell, self.micros.unsigned_abs());
    }
}

/// `1 year 2 mons -3 days +04:05:06`: a plus where the field before was negative.
fn postgres(fields: &Fields, cell: &mut Text) {
    let (mut is_first, mut after_negative) = (true, false);
    for (value, unit) in [(fields.years, "year"), (fields.months, "mon"), (fields.days, "day")] {
        if value == 0 {
            continue;
        }
        if !is_first {
            cell.push(b' ');
        }
        if after_negative && value > 0 {
            cell.push(b'+');
        }
        cell.int(i64::from(value));
        cell.push(b' ');
        cell.extend(unit.as_bytes());
        if value != 1 {
            cell.push(b's');
        }
        (is_first, after_negative) = (false, value < 0);
    }
    if is_first || !fields.time_is_zero() {
        if !is_first {
            cell.push(b' ');
        }
        match (fields.time_is_negative(), after_negative) {
            (true, _) => cell.push(b'-'),
            (false, true) => cell.push(b'+'),
            (false, false) => {}
        }
        fields.push_clock(2, cell);
    }
}

/// `@ 1 year 2 mons -3 days ago`: the sign of the first field is said by `ago`, and turns the others round.
fn verbose(fields: &Fields, cell: &mut Text) {
    cell.push(b'@');
    let (mut is_zero, mut is_before) = (true, false);
    let units = [
        (i64::from(fields.years), "year"),
        (i64::from(fields.months), "mon"),
        (i64::from(fields.days), "day"),
        (fields.hours, "hour"),
        (fields.minutes, "min"),
    ];
    for (value, unit) in units {
        if value == 0 {
            continue;
        }
        let shown = if is_zero {
            is_before = value < 0;
            value.saturating_abs()
        } else if is_before {
            -value
        } else {
            value
        };
        cell.push(b' ');
        cell.int(shown);
        cell.push(b' ');
        cell.extend(unit.as_bytes());
        if shown != 1 {
            cell.push(b's');
        }
        is_zero = false;
    }
    verbose_seconds(fields, is_zero, &mut is_before, cell);
    if is_before {
        cell.extend(b" ago");
    }
}

fn verbose_seconds(fields: &Fields, is_zero: bool, is_before: &mut bool, cell: &mut Text) {
    if fields.seconds == 0 && fields.micros == 0 {
        if is_zero {
            cell.extend(b" 0");
        }
        return;
    }
    let negative = fields.seconds < 0 || fields.micros < 0;
    if is_zero {
        *is_before = negative;
    }
    cell.push(b' ');
    if negative != *is_before {
        cell.push(b'-');
    }
    fields.push_seconds(cell);
    cell.extend(b" sec");
    if fields.seconds.abs() != 1 || fields.micros != 0 {
        cell.push(b's');
    }
}

/// `P1Y2M-3DT4H5M6.7S`.
fn iso_8601(fields: &Fields, cell: &mut Text) {
    if (fields.years, fields.months, fields.days) == (0, 0, 0) && fields.time_is_zero() {
        return cell.extend(b"PT0S");
    }
    let part = |value: i64, unit: u8, cell: &mut Text| {
        if value != 0 {
            cell.int(value);
            cell.push(unit);
        }
    };
    cell.push(b'P');
    part(i64::from(fields.years), b'Y', cell);
    part(i64::from(fields.months), b'M', cell);
    part(i64::from(fields.days), b'D', cell);
    if !fields.time_is_zero() {
        cell.push(b'T');
    }
    part(fields.hours, b'H', cell);
    part(fields.minutes, b'M', cell);
    if fields.seconds != 0 || fields.micros != 0 {
        if fields.seconds < 0 || fields.micros < 0 {
            cell.push(b'-');
        }
        fields.push_seconds(cell);
        cell.push(b'S');
    }
}

/// `1-2` for years and months alone, `3 4:05:06` for days and time alone; anything else isn't SQL's, and each of its three
/// parts carries its own sign.
fn sql_standard(fields: &Fields, cell: &mut Text) {
    let has_negative = fields.years < 0 || fields.months < 0 || fields.days < 0 || fields.time_is_negative();
    let has_positive = fields.years > 0
        || fields.months > 0
        || fields.days > 0
        || (fields.hours > 0 || fields.minutes > 0 || fields.seconds > 0 || fields.micros > 0);
    let has_year_month = fields.years != 0 || fields.months != 0;
    let has_day = fields.days != 0;
    let has_time = !fields.time_is_zero();
    let is_standard = !(has_negative && has_positive) && !(has_year_month && (has_day || has_time));
    if !has_negative && !has_positive {
        return cell.push(b'0');
    }
    if !is_standard {
        return sql_signed_parts(fields, cell);
    }
    if has_negative {
        cell.push(b'-');
    }
    if has_year_month {
        push_year_month(fields, cell);
    } else {
        if has_day {
            cell.uint(u64::from(fields.days.unsigned_abs()));
            cell.push(b' ');
        }
        fields.push_clock(1, cell);
    }
}

fn sql_signed_parts(fields: &Fields, cell: &mut Text) {
    let sign = |negative: bool| if negative { b'-' } else { b'+' };
    cell.push(sign(fields.years < 0 || fields.months < 0));
    push_year_month(fields, cell);
    cell.push(b' ');
    cell.push(sign(fields.days < 0));
    cell.uint(u64::from(fields.days.unsigned_abs()));
    cell.push(b' ');
    cell.push(sign(fields.time_is_negative()));
    fields.push_clock(1, cell);
}

fn push_year_month(fields: &Fields, cell: &mut Text) {
    cell.uint(u64::from(fields.years.unsigned_abs()));
    cell.push(b'-');
    cell.uint(u64::from(fields.months.unsigned_abs()));
}
