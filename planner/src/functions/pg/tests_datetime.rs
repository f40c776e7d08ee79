//! Kernels over dates, times and intervals, as PostgreSQL 17 answers.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, IntervalMonthDayNanoArray};
use arrow::datatypes::{DataType, IntervalMonthDayNano, IntervalUnit, TimeUnit};
use datafusion::common::ScalarValue;

use super::{Session, evaluate, extracted, find_value_error, fold};

const DATE: DataType = DataType::Date32;
const TIME: DataType = DataType::Time64(TimeUnit::Microsecond);
const TIMESTAMP: DataType = DataType::Timestamp(TimeUnit::Microsecond, None);
const INTERVAL: DataType = DataType::Interval(IntervalUnit::MonthDayNano);
const TEXT: DataType = DataType::Utf8;

fn timestamptz() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

/// In Berlin, on March 5, 2024, at 14:07 there.
fn session() -> Session {
    Session {
        time_zone: "Europe/Berlin".to_owned(),
        date_style: "ISO, DMY".to_owned(),
        now: Some(1_709_644_020_000_000),
        ..Session::default()
    }
}

fn text(text: &str) -> ScalarValue {
    ScalarValue::Utf8(Some(text.to_owned()))
}

/// A value by the type's input function, whose name is before the text.
fn value(written: &str) -> ScalarValue {
    let (name, text) = written.split_once(' ').unwrap();
    let (input, data) = match name {
        "date" => ("date_in", DATE),
        "time" => ("time_in", TIME),
        "timetz" => ("timetz_in", TEXT),
        "timestamp" => ("timestamp_in", TIMESTAMP),
        "timestamptz" => ("timestamptz_in", timestamptz()),
        "interval" => ("interval_in", INTERVAL),
        "int" => return ScalarValue::Int32(text.parse().ok()),
        "float" => return ScalarValue::Float64(text.parse().ok()),
        "null" => return ScalarValue::try_new_null(&value(&format!("{text} 12:00")).data_type()).unwrap(),
        _ => return ScalarValue::Utf8(Some(text.to_owned())),
    };
    evaluate(input, &[ScalarValue::Utf8(Some(text.to_owned()))], &data, &session()).unwrap()
}

/// What is printed of the result, or what is wrong.
fn run(name: &'static str, args: &[ScalarValue], result: &DataType) -> String {
    match evaluate(name, args, result, &session()) {
        Ok(value) => {
            assert_eq!(value.data_type(), *result, "{name}");
            let is_moment = value.data_type().is_temporal() && !value.is_null();
            let shown = if is_moment { evaluate("text_of", &[value], &TEXT, &session()).unwrap() } else { value };
            shown.to_string()
        }
        Err(error) => {
            let error = find_value_error(&error).unwrap();
            format!("{}: {}", error.code, error.message)
        }
    }
}

fn check(cases: &[(&'static str, &[&str], DataType, &str)]) {
    for (name, args, result, want) in cases {
        let values: Vec<ScalarValue> = args.iter().map(|arg| value(arg)).collect();
        assert_eq!(run(name, &values, result), *want, "{name} {args:?}");
    }
}

#[test]
fn texts_are_read_by_settings() {
    for (name, given, result, want) in [
        ("date_in", "01/02/2024", DATE, "2024-02-01"),
        ("date_in", "today", DATE, "2024-03-05"),
        ("date_in", "-infinity", DATE, "-infinity"),
        ("date_in", "2024-02-30", DATE, "22008: date/time field value out of range: \"2024-02-30\""),
        ("time_in", "4:05 pm", TIME, "16:05:00"),
        ("timetz_in", "04:05:06.7", TEXT, "04:05:06.7+01"),
        ("timetz_in", "2024-07-01 04:05", TEXT, "04:05:00+02"),
        ("timestamp_in", "now", TIMESTAMP, "2024-03-05 14:07:00"),
        ("timestamp_in", "epoch", TIMESTAMP, "1970-01-01 00:00:00"),
        ("timestamptz_in", "2024-07-01 12:00", timestamptz(), "2024-07-01 12:00:00+02"),
        ("timestamptz_in", "2024-07-01 12:00 America/New_York", timestamptz(), "2024-07-01 18:00:00+02"),
        ("interval_in", "1 year 2 mons -3 days 04:05:06.7", INTERVAL, "1 year 2 mons -3 days +04:05:06.7"),
        ("interval_in", "infinity", INTERVAL, "infinity"),
        ("interval_in", "2562048 hours", INTERVAL, "22008: interval out of range"),
        ("interval_in", "x", INTERVAL, "22007: invalid input syntax for type interval: \"x\""),
    ] {
        assert_eq!(run(name, &[text(given)], &result), want, "{name} {given}");
    }
    let of_years = ScalarValue::Int32(Some((4 << 16) | 0xffff));
    assert_eq!(run("interval_in", &[text("1"), of_years], &INTERVAL), "1 year");
    let of_seconds = ScalarValue::Int32(Some((0x1000 << 16) | 1));
    assert_eq!(run("interval_in", &[text("1.567"), of_seconds], &INTERVAL), "00:00:01.6");
}

#[test]
fn sums_are_computed() {
    check(&[
        ("date_pli", &["date 2024-02-28", "int 2"], DATE, "2024-03-01"),
        ("date_mi", &["date 2024-03-01", "date 2024-02-28"], DataType::Int32, "2"),
        ("date_pl_interval", &["date 2024-01-31", "interval 1 mon"], TIMESTAMP, "2024-02-29 00:00:00"),
        ("datetime_timestamp", &["date 2024-01-31", "time 12:30"], TIMESTAMP, "2024-01-31 12:30:00"),
        ("datetimetz_timestamptz", &["date 2024-01-31", "timetz 12:30+03"], timestamptz(), "2024-01-31 10:30:00+01"),
        (
            "timestamptz_pl_interval",
            &["timestamptz 2024-03-30 02:30", "interval 1 day"],
            timestamptz(),
            "2024-03-31 03:30:00+02",
        ),
        (
            "timestamptz_pl_interval_at_zone",
            &["timestamptz 2024-03-09 12:00", "interval 1 day", "text America/New_York"],
            timestamptz(),
            "2024-03-10 11:00:00+01",
        ),
        (
            "timestamptz_mi_interval_at_zone",
            &["timestamptz 2024-03-09 12:00", "interval 1 day", "text Mars"],
            timestamptz(),
            "22023: time zone \"Mars\" not recognized",
        ),
        ("timestamp_mi", &["timestamp infinity", "timestamp 2024-01-01"], INTERVAL, "infinity"),
        ("timestamp_age", &["timestamp 2001-04-10", "timestamp 1957-06-13"], INTERVAL, "43 years 9 mons 27 days"),
        ("time_mi_interval", &["time 01:00", "interval 2 hours"], TIME, "23:00:00"),
        ("timetz_pl_interval", &["timetz 23:30:00.5-05:30", "interval 1 hour"], TEXT, "00:30:00.5-05:30"),
        ("interval_mul", &["interval 1 mon", "float 0.5"], INTERVAL, "15 days"),
        ("interval_mul", &["interval 200 hours", "float 100000"], INTERVAL, "22008: interval out of range"),
        ("interval_div", &["interval 1 day", "float 0"], INTERVAL, "22012: division by zero"),
        ("interval_um", &["interval -infinity"], INTERVAL, "infinity"),
        ("interval_justify_interval", &["interval 1 mon -1 hour"], INTERVAL, "29 days 23:00:00"),
        ("interval_finite", &["interval infinity"], DataType::Boolean, "false"),
        ("date_cmp_timestamptz", &["date 2024-01-01", "timestamptz 2024-01-01"], DataType::Int32, "0"),
    ]);
}

#[test]
fn fields_are_taken_out() {
    let decimal = |scale| DataType::Decimal128(20, scale);
    let float = DataType::Float64;
    assert_eq!(extracted("year", "date"), decimal(0));
    assert_eq!(extracted("Seconds", "timestamp without time zone"), decimal(6));
    assert_eq!(extracted("milliseconds", "time with time zone"), decimal(3));
    assert_eq!(extracted("julian", "timestamp without time zone"), TEXT);
    assert_eq!(extracted("epoch", "interval"), DataType::Decimal128(22, 6));
    assert_eq!(extracted("nosuch", "date"), TEXT);
    check(&[
        ("extract_date", &["text year", "date 2024-03-05"], decimal(0), "2024"),
        ("extract_date", &["text year", "date infinity"], TEXT, "Infinity"),
        ("extract_date", &["text month", "date infinity"], decimal(0), "NULL"),
        ("extract_date", &["text hour", "date 2024-03-05"], TEXT, "0A000: unit \"hour\" not supported for type date"),
        ("extract_timestamp", &["text second", "timestamp 2024-03-05 14:07:09.5"], TEXT, "9.500000"),
        ("extract_timestamp", &["text epoch", "timestamp 1969-12-31 23:59:59.5"], TEXT, "-0.500000"),
        ("extract_timestamp", &["text second", "timestamp 2024-03-05 14:07:09.5"], decimal(6), "9.500000"),
        ("extract_timestamptz", &["text timezone", "timestamptz 2024-07-05"], decimal(0), "7200"),
        ("extract_timetz", &["text timezone_minute", "timetz 14:07-05:30"], decimal(0), "-30"),
        ("extract_interval", &["text epoch", "interval 1 mon 1 day"], TEXT, "2678400.000000"),
        ("timestamptz_part", &["text hour", "timestamptz 2024-07-05 12:00+00"], float.clone(), "14"),
        ("timetz_part", &["text epoch", "timetz 00:00+02"], float.clone(), "-7200"),
        ("timestamp_part", &["text year", "timestamp -infinity"], float.clone(), "-inf"),
        (
            "timestamp_part",
            &["text nosuch", "timestamp 2024-01-01"],
            float,
            "22023: unit \"nosuch\" not recognized for type timestamp without time zone",
        ),
        ("timestamp_trunc", &["text quarter", "timestamp 2024-05-05 10:00"], TIMESTAMP, "2024-04-01 00:00:00"),
        (
            "timestamptz_trunc",
            &["text day", "timestamptz 2024-07-05 23:00+00"],
            timestamptz(),
            "2024-07-06 00:00:00+02",
        ),
        (
            "timestamptz_trunc_zone",
            &["text day", "timestamptz 2024-03-05 02:00+00", "text America/New_York"],
            timestamptz(),
            "2024-03-04 06:00:00+01",
        ),
        ("interval_trunc", &["text hour", "interval 1 day 02:30"], INTERVAL, "1 day 02:00:00"),
        (
            "timestamp_bin",
            &["interval 15 min", "timestamp 2024-03-05 14:37:09", "timestamp 2001-01-01"],
            TIMESTAMP,
            "2024-03-05 14:30:00",
        ),
    ]);
    let infinite = run("extract_date", &[text("year"), value("date infinity")], &decimal(0));
    assert!(infinite.starts_with("0A000"), "{infinite}");
}

#[test]
fn moments_are_cast() {
    check(&[
        ("date_timestamptz", &["date 2024-07-05"], timestamptz(), "2024-07-05 00:00:00+02"),
        ("timestamptz_date", &["timestamptz 2024-07-05 23:00+00"], DATE, "2024-07-06"),
        ("timestamptz_timetz", &["timestamptz 2024-07-05 12:00+00"], TEXT, "14:00:00+02"),
        ("time_timetz", &["time 12:00"], TEXT, "12:00:00+01"),
        ("timetz_time", &["timetz 12:00:00.25-08"], TIME, "12:00:00.25"),
        ("timestamp_time", &["timestamp infinity"], TIME, "NULL"),
        ("interval_time", &["interval infinity"], TIME, "22008: cannot convert infinite interval to time"),
        ("timestamp_scale", &["timestamp 2024-01-01 00:00:00.56", "int 1"], TIMESTAMP, "2024-01-01 00:00:00.6"),
        ("timetz_scale", &["timetz 12:00:00.56+02", "int 0"], TEXT, "12:00:01+02"),
        ("timestamp_zone", &["text CEST", "timestamp 2024-01-01 12:00"], timestamptz(), "2024-01-01 11:00:00+01"),
        ("timestamptz_zone", &["text Asia/Tokyo", "timestamptz 2024-01-01 00:00+00"], TIMESTAMP, "2024-01-01 09:00:00"),
        ("timetz_zone", &["text America/New_York", "timetz 12:00+01"], TEXT, "06:00:00-05"),
        (
            "timestamp_izone",
            &["interval 2 hours", "timestamp 2024-01-01 12:00"],
            timestamptz(),
            "2024-01-01 11:00:00+01",
        ),
        ("timestamp_izone", &["interval 1 day", "timestamp infinity"], timestamptz(), "infinity"),
        (
            "timestamptz_izone",
            &["interval 1 day", "timestamptz 2024-01-01"],
            TIMESTAMP,
            "22023: interval time zone \"1 day\" must not include months or days",
        ),
        ("timetz_izone", &["interval -3 hours", "timetz 12:00+01"], TEXT, "08:00:00-03"),
        ("timestamptz_at_local", &["timestamptz 2024-07-05 12:00+00"], TIMESTAMP, "2024-07-05 14:00:00"),
        ("timetz_at_local", &["timetz 12:00+00"], TEXT, "13:00:00+01"),
        ("make_date", &["int 2024", "int 2", "int 30"], DATE, "22008: date field value out of range: 2024-02-30"),
        (
            "make_timestamptz",
            &["int 2024", "int 7", "int 5", "int 12", "int 0", "float 1.5"],
            timestamptz(),
            "2024-07-05 12:00:01.5+02",
        ),
        (
            "make_timestamptz_at_timezone",
            &["int 2024", "int 7", "int 5", "int 12", "int 0", "float 0", "text -08"],
            timestamptz(),
            "2024-07-05 22:00:00+02",
        ),
        ("float8_timestamptz", &["float 1.5"], timestamptz(), "1970-01-01 01:00:01.5+01"),
    ]);
}

#[test]
fn periods_overlap() {
    check(&[
        ("overlaps_time", &["time 01:00", "time 03:00", "time 02:00", "time 04:00"], DataType::Boolean, "true"),
        ("overlaps_time", &["time 01:00", "time 02:00", "time 02:00", "null time"], DataType::Boolean, "NULL"),
        ("overlaps_time", &["time 01:00", "time 03:00", "time 02:00", "null time"], DataType::Boolean, "true"),
        (
            "overlaps_timetz",
            &["timetz 01:00+00", "timetz 02:00+00", "timetz 01:00-01", "timetz 03:00-01"],
            DataType::Boolean,
            "false",
        ),
    ]);
}

#[test]
fn series_are_arrays() {
    let series = |name, args: &[&str], item: DataType| {
        let values: Vec<ScalarValue> = args.iter().map(|arg| value(arg)).collect();
        let list = evaluate(name, &values, &DataType::new_list(item, true), &session());
        let list = match list {
            Ok(ScalarValue::List(list)) => list,
            Ok(other) => panic!("{name} gave {other}"),
            Err(error) => return vec![find_value_error(&error).unwrap().message.clone()],
        };
        let item =
            |at| evaluate("text_of", &[ScalarValue::try_from_array(list.values(), at).unwrap()], &TEXT, &session());
        (0..list.values().len()).map(|at| item(at).unwrap().to_string()).collect::<Vec<_>>()
    };
    let local = |args: &[&str]| series("generate_series_timestamp", args, TIMESTAMP);
    assert_eq!(
        local(&["timestamp 2024-01-31", "timestamp 2024-03-31", "interval 1 mon"]),
        ["2024-01-31 00:00:00", "2024-02-29 00:00:00", "2024-03-29 00:00:00"]
    );
    assert_eq!(local(&["timestamp 2024-01-31", "timestamp 2024-02-01", "interval -1 mon"]), Vec::<String>::new());
    assert_eq!(local(&["timestamp 2024-01-31", "timestamp 2024-02-01", "interval 0"]), ["step size cannot equal zero"]);
    assert_eq!(
        series(
            "generate_series_timestamptz",
            &["timestamptz 2024-03-30 12:00", "timestamptz 2024-03-31 12:00", "interval 1 day"],
            timestamptz()
        ),
        ["2024-03-30 12:00:00+01", "2024-03-31 12:00:00+02"]
    );
    assert_eq!(
        series(
            "generate_series_timestamptz_at_zone",
            &["timestamptz 2024-03-30 12:00", "timestamptz 2024-03-31 13:00", "interval 1 day", "text UTC"],
            timestamptz()
        ),
        ["2024-03-30 12:00:00+01", "2024-03-31 13:00:00+02"]
    );
}

#[test]
fn keys_are_ordered() {
    for (name, texts) in [
        ("interval_key", vec!["interval -infinity", "interval -1 mon", "interval 29 days", "interval 1 mon 1 us"]),
        (
            "timetz_key",
            vec!["timetz 00:00+14", "timetz 12:00+01", "timetz 11:00+00", "timetz 10:00-01", "timetz 24:00-12"],
        ),
    ] {
        let key = |text: &&str| match evaluate(name, &[value(text)], &DataType::Binary, &session()).unwrap() {
            ScalarValue::Binary(Some(key)) => key,
            other => panic!("{name} gave {other}"),
        };
        let keys: Vec<Vec<u8>> = texts.iter().map(key).collect();
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{name} {keys:?}");
    }
}

#[test]
fn intervals_are_folded() {
    for (name, texts, want) in [
        ("interval_sum", vec!["1 day", "2 hours", "1 mon"], "1 mon 1 day 02:00:00"),
        ("interval_avg", vec!["1 day", "2 days"], "1 day 12:00:00"),
        ("interval_avg", vec!["1 day", "infinity"], "infinity"),
        ("interval_sum", vec!["-infinity", "infinity"], "interval out of range"),
        ("interval_sum", vec![], "NULL"),
    ] {
        let held = |text: &&str| match value(&format!("interval {text}")) {
            ScalarValue::IntervalMonthDayNano(held) => held,
            _ => None,
        };
        let values: Vec<Option<IntervalMonthDayNano>> = texts.iter().map(held).chain([None]).collect();
        let values: ArrayRef = Arc::new(IntervalMonthDayNanoArray::from(values));
        let start = fold::find(name).unwrap().start;
        let mut all = start();
        for part in [values.slice(0, 1), values.slice(1, values.len() - 1)] {
            let mut fold = start();
            fold.update(&[part]).unwrap();
            all.merge(&fold.state()).unwrap();
        }
        let shown = match all.finish(&INTERVAL) {
            Ok(value) if value.is_null() => "NULL".to_owned(),
            Ok(value) => evaluate("text_of", &[value], &TEXT, &session()).unwrap().to_string(),
            Err(error) => find_value_error(&error).unwrap().message.clone(),
        };
        assert_eq!(shown, want, "{name} {texts:?}");
    }
}

#[test]
fn other_styles_are_printed() {
    let german = Session { date_style: "German, DMY".to_owned(), interval_style: "iso_8601".to_owned(), ..session() };
    for (given, want) in [
        ("date 2024-03-05", "05.03.2024"),
        ("timestamptz 2024-07-05 12:00", "05.07.2024 12:00:00 CEST"),
        ("interval 1 day 02:00", "P1DT2H"),
        ("timestamp infinity", "infinity"),
    ] {
        assert_eq!(evaluate("text_of", &[value(given)], &TEXT, &german).unwrap(), text(want), "{given}");
    }
}
