//! How intervals are printed.

use super::interval::IntervalParts;
use super::output::Line;
use super::{Interval, IntervalStyle};

pub fn write_interval(interval: Interval, style: IntervalStyle, out: &mut String) {
    if !interval.is_finite() {
        out.push_str(if interval == Interval::INFINITY { "infinity" } else { "-infinity" });
        return;
    }
    let parts = IntervalParts::from(interval);
    let mut line = Line::new();
    match style {
        IntervalStyle::Postgres => postgres(&parts, &mut line),
        IntervalStyle::PostgresVerbose => verbose(&parts, &mut line),
        IntervalStyle::SqlStandard => sql_standard(&parts, &mut line),
        IntervalStyle::Iso8601 => iso_8601(&parts, &mut line),
    }
    line.finish(out);
}

pub fn interval_text(interval: Interval, style: IntervalStyle) -> String {
    let mut out = String::with_capacity(32);
    write_interval(interval, style, &mut out);
    out
}

impl IntervalParts {
    fn has_time(&self) -> bool {
        self.hours != 0 || self.minutes != 0 || self.seconds != 0 || self.micros != 0
    }

    fn has_negative_time(&self) -> bool {
        self.hours < 0 || self.minutes < 0 || self.seconds < 0 || self.micros < 0
    }

    /// `hh:mm:ss[.ffffff]` without a sign.
    fn write_time(&self, hour_digits: usize, line: &mut Line) {
        line.padded(self.hours.unsigned_abs(), hour_digits);
        line.byte(b':');
        line.padded(self.minutes.unsigned_abs(), 2);
        line.byte(b':');
        self.write_seconds(2, line);
    }

    fn write_seconds(&self, digits: usize, line: &mut Line) {
        line.padded(self.seconds.unsigned_abs(), digits);
        line.fraction(self.micros.unsigned_abs() as u32);
    }
}

fn signed(value: i64, line: &mut Line) {
    if value < 0 {
        line.byte(b'-');
    }
    line.padded(value.unsigned_abs(), 1);
}

/// `1 year 2 mons -3 days +04:05:06`: after a negative part a positive one shows its sign.
fn postgres(parts: &IntervalParts, line: &mut Line) {
    let mut is_first = true;
    let mut after_negative = false;
    for (value, unit) in [(parts.years, " year"), (parts.months, " mon"), (parts.days, " day")] {
        if value == 0 {
            continue;
        }
        if !is_first {
            line.byte(b' ');
        }
        if after_negative && value > 0 {
            line.byte(b'+');
        }
        signed(value.into(), line);
        line.text(unit);
        if value != 1 {
            line.byte(b's');
        }
        (is_first, after_negative) = (false, value < 0);
    }
    if is_first || parts.has_time() {
        if !is_first {
            line.byte(b' ');
        }
        if parts.has_negative_time() {
            line.byte(b'-');
        } else if after_negative {
            line.byte(b'+');
        }
        parts.write_time(2, line);
    }
}

/// `@ 1 year 2 mons -3 days 4 hours ago`: the sign of the first part is said at the end, for all.
fn verbose(parts: &IntervalParts, line: &mut Line) {
    line.byte(b'@');
    let mut is_negative = None;
    let whole = [
        (i64::from(parts.years), " year"),
        (i64::from(parts.months), " mon"),
        (i64::from(parts.days), " day"),
        (parts.hours, " hour"),
        (parts.minutes, " min"),
    ];
    for (value, unit) in whole {
        if value == 0 {
            continue;
        }
        let negative = *is_negative.get_or_insert(value < 0);
        let value = if negative { -value } else { value };
        line.byte(b' ');
        signed(value, line);
        line.text(unit);
        if value != 1 {
            line.byte(b's');
        }
    }
    if parts.seconds != 0 || parts.micros != 0 {
        let seconds_negative = parts.seconds < 0 || parts.micros < 0;
        let negative = *is_negative.get_or_insert(seconds_negative);
        line.byte(b' ');
        if seconds_negative != negative {
            line.byte(b'-');
        }
        parts.write_seconds(1, line);
        line.text(if parts.seconds.abs() == 1 && parts.micros == 0 { " sec" } else { " secs" });
    }
    match is_negative {
        None => line.text(" 0"),
        Some(true) => line.text(" ago"),
        Some(false) => {}
    }
}

/// `1-2` and `3 4:05:06` where the standard has such intervals; else all parts, each group with its sign.
fn sql_standard(parts: &IntervalParts, line: &mut Line) {
    let has_months = parts.years != 0 || parts.months != 0;
    let has_days = parts.days != 0;
    let has_time = parts.has_time();
    let months_negative = parts.years < 0 || parts.months < 0;
    let time_negative = parts.has_negative_time();
    let has_negative = months_negative || parts.days < 0 || time_negative;
    let has_positive = (has_months && !months_negative) || parts.days > 0 || (has_time && !time_negative);

    let months = |line: &mut Line| {
        line.padded(parts.years.unsigned_abs().into(), 1);
        line.byte(b'-');
        line.padded(parts.months.unsigned_abs().into(), 1);
    };
    if !has_negative && !has_positive {
        line.byte(b'0');
    } else if (has_negative && has_positive) || (has_months && (has_days || has_time)) {
        let sign = |is_negative: bool| if is_negative { b'-' } else { b'+' };
        line.byte(sign(months_negative));
        months(line);
        line.byte(b' ');
        line.byte(sign(parts.days < 0));
        line.padded(parts.days.unsigned_abs().into(), 1);
        line.byte(b' ');
        line.byte(sign(time_negative));
        parts.write_time(1, line);
    } else {
        if has_negative {
            line.byte(b'-');
        }
        if has_months {
            months(line);
            return;
        }
        if has_days {
            line.padded(parts.days.unsigned_abs().into(), 1);
            line.byte(b' ');
        }
        parts.write_time(1, line);
    }
}

/// `P1Y2M3DT4H5M6S`.
fn iso_8601(parts: &IntervalParts, line: &mut Line) {
    let mut is_zero = !parts.has_time();
    line.byte(b'P');
    for (value, unit) in [(parts.years, b'Y'), (parts.months, b'M'), (parts.days, b'D')] {
        if value != 0 {
            signed(value.into(), line);
            line.byte(unit);
            is_zero = false;
        }
    }
    if is_zero {
        line.text("T0S");
    }
    if !parts.has_time() {
        return;
    }
    line.byte(b'T');
    for (value, unit) in [(parts.hours, b'H'), (parts.minutes, b'M')] {
        if value != 0 {
            signed(value, line);
            line.byte(unit);
        }
    }
    if parts.seconds != 0 || parts.micros != 0 {
        if parts.seconds < 0 || parts.micros < 0 {
            line.byte(b'-');
        }
        parts.write_seconds(1, line);
        line.byte(b'S');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles() {
        use IntervalStyle::*;
        let mixed = Interval::new(-14, 3, -14_706_789_000);
        for (interval, style, expected) in [
            (mixed, Postgres, "-1 years -2 mons +3 days -04:05:06.789"),
            (mixed, PostgresVerbose, "@ 1 year 2 mons -3 days 4 hours 5 mins 6.789 secs ago"),
            (mixed, SqlStandard, "-1-2 +3 -4:05:06.789"),
            (mixed, Iso8601, "P-1Y-2M3DT-4H-5M-6.789S"),
            (Interval::default(), Postgres, "00:00:00"),
            (Interval::default(), PostgresVerbose, "@ 0"),
            (Interval::default(), SqlStandard, "0"),
            (Interval::default(), Iso8601, "PT0S"),
            (Interval::new(-14, 0, 0), SqlStandard, "-1-2"),
            (Interval::new(0, -3, -1), SqlStandard, "-3 0:00:00.000001"),
            (Interval::new(0, 0, 1_000_000), PostgresVerbose, "@ 1 sec"),
            (Interval::new(0, 1, -1), PostgresVerbose, "@ 1 day -0.000001 secs"),
            (Interval::NEG_INFINITY, Iso8601, "-infinity"),
            (
                Interval::new(i32::MIN, i32::MIN, i64::MAX),
                Postgres,
                "-178956970 years -8 mons -2147483648 days +2562047788:00:54.775807",
            ),
        ] {
            assert_eq!(interval_text(interval, style), expected);
        }
    }
}
