//! Dates, times, timestamps and intervals.

use super::*;

#[test]
fn dates_and_times() {
    let _server = postgres();
    let special =
        [0, -1, 10_957, 19_782, -719_528, -719_529, -719_162, -719_163, 2_932_896, 2_932_897, i32::MAX, i32::MIN];
    let ends = [-2_440_588, 2_145_042_905];
    let dates = mixed(&[&special[..], &ends[..]].concat(), |random| match random.below(3) {
        0 => random.within(-2_440_588, 2_145_042_905) as i32,
        1 => random.within(-1_000_000, 3_000_000) as i32,
        _ => random.within(0, 30_000) as i32,
    });
    check("date", "date", "date_send", plain(DataType::Date32), Arc::new(Date32Array::from(dates)));
    let millis = mixed(&[0, -1, 86_400_000], |random| random.within(-80_000_000_000_000, 80_000_000_000_000));
    check("date64", "date", "date_send", plain(DataType::Date64), Arc::new(Date64Array::from(millis)));
    let special = [0, 1, 86_399_999_999, 86_400_000_000, 3_600_000_000, 100_000, 45_296_120_000];
    let times = Time64MicrosecondArray::from(mixed(&special, |random| random.within(0, 86_399_999_999)));
    check("time", "time", "time_send", plain(DataType::Time64(TimeUnit::Microsecond)), Arc::new(times));
    let seconds = Time32SecondArray::from(mixed(&[0, 86_399], |random| random.within(0, 86_399) as i32));
    check("time_s", "time", "time_send", plain(DataType::Time32(TimeUnit::Second)), Arc::new(seconds));
    let nanos = Time64NanosecondArray::from(mixed(&[0, 999], |random| random.within(0, 86_399_999_999_999)));
    check("time_ns", "time", "time_send", plain(DataType::Time64(TimeUnit::Nanosecond)), Arc::new(nanos));
}

#[test]
fn timestamps() {
    let _server = postgres();
    let special = [0, -1, 1, i64::MAX, i64::MIN, i64::MAX - 1, -210_866_803_200_000_000, 1_709_164_800_000_000];
    let micros = mixed(&special, any_timestamp);
    let field = plain(DataType::Timestamp(TimeUnit::Microsecond, None));
    check("timestamp", "timestamp", "timestamp_send", field, Arc::new(TimestampMicrosecondArray::from(micros)));
    let field = plain(DataType::Timestamp(TimeUnit::Nanosecond, None));
    let nanos = TimestampNanosecondArray::from(mixed(&[0, -1, 999, -999], Random::any_width));
    check("timestamp_ns", "timestamp", "timestamp_send", field, Arc::new(nanos));
    let field = plain(DataType::Timestamp(TimeUnit::Second, None));
    let seconds = TimestampSecondArray::from(mixed(&[0, -1], |random| random.within(-60_000_000_000, 250_000_000_000)));
    check("timestamp_s", "timestamp", "timestamp_send", field, Arc::new(seconds));
}

#[test]
fn instants() {
    let _server = postgres();
    // From 1970 on: before, time zone databases differ. Far futures are as good, for the rules repeat.
    let special = [0, 1, i64::MAX, i64::MIN, i64::MAX - 1, 1_711_846_799_999_999, 1_711_846_800_000_000];
    let micros = mixed(&special, |random| match random.below(3) {
        0 => random.within(0, i64::MAX - 1),
        1 => random.within(0, 8_000_000_000_000_000),
        _ => random.within(1_000_000_000, 2_000_000_000) * 1_000_000,
    });
    let array = TimestampMicrosecondArray::from(micros).with_timezone("UTC");
    let field = plain(DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())));
    check("timestamptz", "timestamptz", "timestamptz_send", field, Arc::new(array));
}

#[test]
fn intervals() {
    let _server = postgres();
    let make = IntervalMonthDayNano::new;
    let special = [
        make(0, 0, 0),
        make(12, 0, 0),
        make(-14, 3, 0),
        make(1, 1, 1_000_000_000),
        make(0, -1, 1_000_000_000),
        make(0, 1, -1_000_000_000),
        make(0, 0, -500_000_000),
        make(0, 0, 500_000_000),
        make(-1, -1, -1_000),
        make(24, 0, 0),
        make(25, 0, 0),
        make(0, 2, 0),
        make(0, 0, 1_000_000_000),
        make(0, 0, -3_600_000_000_000),
        make(-12, 0, 60_000_000_000),
        make(0, 0, 360_000_000_000_000),
        make(i32::MAX, 0, 0),
        make(i32::MIN, i32::MIN, 1000),
        make(1, -1, 0),
        make(-1, 1, 0),
        make(0, 0, 2_500_000_000),
        make(0, 0, -1_000_000_000),
        make(0, 0, 61_000_000_000),
        make(3, 0, 7_200_000_000_000),
    ];
    let values = mixed(&special, |random| {
        let part = |random: &mut Random| if random.below(3) == 0 { 0 } else { random.any_width() };
        make(part(random) as i32, part(random) as i32, part(random) / 1000 * 1000)
    });
    let field = plain(DataType::Interval(IntervalUnit::MonthDayNano));
    check("interval", "interval", "interval_send", field, Arc::new(IntervalMonthDayNanoArray::from(values)));
    let months = IntervalYearMonthArray::from(mixed(&[0, 12, -13], |random| random.any_width() as i32));
    let field = plain(DataType::Interval(IntervalUnit::YearMonth));
    check("interval_ym", "interval", "interval_send", field, Arc::new(months));
    let days = mixed(&[], |random| IntervalDayTime::new(random.any_width() as i32, random.any_width() as i32));
    let field = plain(DataType::Interval(IntervalUnit::DayTime));
    check("interval_dt", "interval", "interval_send", field, Arc::new(IntervalDayTimeArray::from(days)));
    let millis = DurationMillisecondArray::from(mixed(&[0, 1], |random| random.any_width() / 1_000_000));
    let field = plain(DataType::Duration(TimeUnit::Millisecond));
    check("duration", "interval", "interval_send", field, Arc::new(millis));
}
