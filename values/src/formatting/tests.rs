//! What PostgreSQL 17 gives, in UTC.

use super::*;
use crate::civil::{civil_from_days, days_from_civil};

/// An error as the tables have it.
fn shown(result: Result<Option<String>>) -> String {
    match result {
        Ok(text) => text.unwrap_or_else(|| "NULL".to_owned()),
        Err(error) => {
            let part =
                |name: &str, text: Option<String>| text.map(|text| format!(" {name}: {text}")).unwrap_or_default();
            let (detail, hint) = (part("DETAIL", error.detail), part("HINT", error.hint));
            format!("{} {}{detail}{hint}", error.code, error.message)
        }
    }
}

/// Of a text as "2024-02-09 15:04:05.060708", with " BC" behind it or not.
fn moment(text: &str) -> i64 {
    let (text, before_christ) = text.strip_suffix(" BC").map_or((text, false), |text| (text, true));
    let numbers: Vec<i64> = text.split(['-', ' ', ':', '.']).map(|part| part.parse().unwrap()).collect();
    let year = if before_christ { 1 - numbers[0] } else { numbers[0] };
    let days = days_from_civil(year as i32, numbers[1] as u32, numbers[2] as u32);
    let time = numbers[3] * HOUR + numbers[4] * MINUTE + numbers[5] * SECOND;
    days * DAY + time + numbers.get(6).unwrap_or(&0)
}

fn date(days: i32) -> String {
    let (year, month, day) = civil_from_days(days);
    match year {
        1.. => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{:04}-{month:02}-{day:02} BC", 1 - year),
    }
}

/// As a timestamptz is printed.
fn timestamp(micros: i64) -> String {
    let (day, time) = (date(micros.div_euclid(DAY) as i32), micros.rem_euclid(DAY));
    let (day, era) = day.strip_suffix(" BC").map_or((day.as_str(), ""), |day| (day, " BC"));
    let fraction = match time % SECOND {
        0 => String::new(),
        micros => format!(".{micros:06}").trim_end_matches('0').to_owned(),
    };
    let (hour, minute, second) = (time / HOUR, time / MINUTE % 60, time / SECOND % 60);
    format!("{day} {hour:02}:{minute:02}:{second:02}{fraction}+00{era}")
}

fn is_abbreviation(word: &str) -> bool {
    word == "est"
}

#[test]
fn timestamps_are_printed() {
    const CASES: &[(&str, &str, &str)] = &[
        ("2024-02-09 15:04:05.060708", "YYYY-MM-DD HH24:MI:SS", "2024-02-09 15:04:05"),
        ("2024-02-09 15:04:05.060708", "YYYY-MM-DD HH24:MI:SS.US", "2024-02-09 15:04:05.060708"),
        ("2024-02-09 15:04:05.060708", "HH:MI:SS AM", "03:04:05 PM"),
        ("2024-02-09 15:04:05.060708", "HH12:MI p.m.", "03:04 p.m."),
        ("2024-02-09 15:04:05.060708", "Y,YYY YYY YY Y", "2,024 024 24 4"),
        ("2024-02-09 15:04:05.060708", "IYYY IYY IY I IW ID IDDD", "2024 024 24 4 06 5 040"),
        ("2024-02-09 15:04:05.060708", "DAY Day day DY Dy dy|", "FRIDAY    Friday    friday    FRI Fri fri|"),
        ("2024-02-09 15:04:05.060708", "MONTH Month month MON Mon mon|", "FEBRUARY  February  february  FEB Feb feb|"),
        ("2024-02-09 15:04:05.060708", "FMDay, FMDDth FMMonth YYYY", "Friday, 9th February 2024"),
        ("2024-02-09 15:04:05.060708", "TMDay TMMonth|", "Friday February|"),
        ("2024-02-09 15:04:05.060708", "DDD DD D W WW CC J Q", "040 09 6 2 06 21 2460350 1"),
        ("2024-02-09 15:04:05.060708", "RM rm FMRM|", "II   ii   II|"),
        ("2024-02-09 15:04:05.060708", "SSSS SSSSS", "54245 54245"),
        ("2024-02-09 15:04:05.060708", "MS US FF1 FF2 FF3 FF4 FF5 FF6", "060 060708 0 06 060 0607 06070 060708"),
        ("2024-02-09 15:04:05.060708", "BC AD b.c. A.D.", "AD AD a.d. A.D."),
        ("2024-02-09 15:04:05.060708", "TZ TZH TZM OF|", " +00 00 +00|"),
        ("2024-02-09 15:04:05.060708", "DDTH HH24th MIth", "09TH 15th 04th"),
        ("2024-02-09 15:04:05.060708", r#""year: "YYYY "\"q\" \\""#, r#"year: 2024 "q" \"#),
        ("2024-02-09 15:04:05.060708", r#"\"YYYY\" \YYYY"#, r#""2024" \2024"#),
        ("2024-02-09 15:04:05.060708", "YYYYMMDD", "20240209"),
        ("2024-02-09 15:04:05.060708", "FXYYYY", "2024"),
        ("2024-02-09 15:04:05.060708", "DDSP", "09"),
        ("2024-02-09 15:04:05.060708", "FMHH24:FMMI FMMM/FMDD", "15:4 2/9"),
        ("2024-02-09 15:04:05.060708", "Dyyy MMMMM HH24H mMI", "Fri24 0202M 15H m04"),
        ("0044-03-15 00:00:00 BC", "YYYY-MM-DD AD Y,YYY YY CC", "0044-03-15 BC 0,044 44 -01"),
        ("0044-03-15 00:00:00 BC", "IYYY-IW-ID DDD HH12 AM J", "0044-11-5 074 12 AM 1705428"),
        ("0001-01-01 00:00:00 BC", "YYYY-MM-DD AD Y,YYY YY CC", "0001-01-01 BC 0,001 01 -01"),
        ("0001-01-01 00:00:00 BC", "IYYY-IW-ID DDD HH12 AM J", "0002-52-6 001 12 AM 1721060"),
        ("12024-12-30 12:00:00", "YYYY-MM-DD AD Y,YYY YY CC", "12024-12-30 AD 12,024 24 121"),
        ("12024-12-30 12:00:00", "IYYY-IW-ID DDD HH12 AM J", "12025-01-1 365 12 PM 6113100"),
        ("2021-01-03 00:30:00", "YYYY-MM-DD AD Y,YYY YY CC", "2021-01-03 AD 2,021 21 21"),
        ("2021-01-03 00:30:00", "IYYY-IW-ID DDD HH12 AM J", "2020-53-7 003 12 AM 2459218"),
    ];
    for (value, format, expected) in CASES {
        let mut out = String::new();
        let printed = DateFormat::parse(format)
            .and_then(|format| to_char_timestamp(moment(value), &format, None, &mut out))
            .map(|printed| printed.then_some(out));
        assert_eq!(shown(printed), *expected, "{value} by {format}");
    }
}

#[test]
fn zones_are_printed() {
    let format = DateFormat::parse("TZ tz TZH TZM TZH:TZM OF FMOF").unwrap();
    for (zone, expected) in [
        (("IST", 19_800), "IST ist +05 30 +05:30 +05:30 +5:30"),
        (("NST", -12_600), "NST nst -03 30 -03:30 -03:30 -3:30"),
        (("UTC", 0), "UTC utc +00 00 +00:00 +00 +0"),
    ] {
        let mut out = String::new();
        assert_eq!(to_char_timestamp(0, &format, Some(zone), &mut out), Ok(true));
        assert_eq!(out, expected);
    }
}

#[test]
fn infinity_and_empty_templates_are_null() {
    let format = DateFormat::parse("YYYY").unwrap();
    let mut out = String::new();
    for infinite in [i64::MIN, i64::MAX] {
        assert_eq!(to_char_timestamp(infinite, &format, None, &mut out), Ok(false));
    }
    assert_eq!(to_char_interval(i32::MAX, i32::MAX, i64::MAX, &format, &mut out), Ok(false));
    assert_eq!(to_char_timestamp(0, &DateFormat::parse("").unwrap(), None, &mut out), Ok(false));
    assert!(out.is_empty());
}

#[test]
fn intervals_are_printed() {
    // Months, days and microseconds in place of the text.
    const CASES: &[(i32, i32, i64, &str, &str)] = &[
        (14, 3, 14_706_789_000, "YYYY MM DD HH24:MI:SS.MS", "0001 02 03 04:05:06.789"),
        (
            -14,
            -3,
            -14_706_789_000,
            "YYYY MM DD HH24 HH MI SS MS US FF1 DDD WW IW IDDD IYYY J Q CC RM Y,YYY AM SSSS",
            "-0001 -02 -3 -04 -04 -05 -06 -789 -789000 -7 -423 -59 39 273 -0002 1720599 0 00 XI   0,-01 AM -14706",
        ),
        (0, 0, 360_000_000_000, "HH24 HH12 AM", "100 04 AM"),
        (24, 0, 0, "RM MM Q|", "XII  00 |"),
        (-24, 0, 0, "rm", "i   "),
        (0, 0, 0, "RM|", "|"),
        (
            0,
            1,
            0,
            "Day",
            "22007 invalid format specification for an interval value HINT: Intervals are not tied to specific calendar dates.",
        ),
        (
            0,
            1,
            0,
            "TZ",
            "22007 invalid format specification for an interval value HINT: Intervals are not tied to specific calendar dates.",
        ),
        (
            0,
            1,
            0,
            "Mon",
            "22007 invalid format specification for an interval value HINT: Intervals are not tied to specific calendar dates.",
        ),
        (
            0,
            1,
            0,
            "AD",
            "22007 invalid format specification for an interval value HINT: Intervals are not tied to specific calendar dates.",
        ),
        (2_136_000_000, 0, 0, "YYYY IYYY J IDDD IW DDD", "178000000 177999999 590376588 334 48 -344509440"),
    ];
    for (months, days, micros, format, expected) in CASES {
        let mut out = String::new();
        let printed = DateFormat::parse(format)
            .and_then(|format| to_char_interval(*months, *days, *micros, &format, &mut out))
            .map(|printed| printed.then_some(out));
        assert_eq!(shown(printed), *expected, "{months} {days} {micros} by {format}");
    }
}

#[test]
fn dates_are_read() {
    const CASES: &[(&str, &str, &str)] = &[
        ("2024-02-29", "YYYY-MM-DD", "2024-02-29"),
        ("20240229", "YYYYMMDD", "2024-02-29"),
        ("2024-2-9", "YYYY-MM-DD", "2024-02-09"),
        ("  2024 /02/ 09", "YYYY-MM-DD", "2024-02-09"),
        ("05 Dec 2000", "DD Mon YYYY", "2000-12-05"),
        ("december 5, 2000", "Month DD, YYYY", "2000-12-05"),
        ("24-02-09", "YY-MM-DD", "2024-02-09"),
        ("70-02-09", "YY-MM-DD", "1970-02-09"),
        ("124", "YYY", "2124-01-01"),
        ("9", "Y", "2009-01-01"),
        ("21 24", "CC YY", "2024-01-01"),
        ("21", "CC", "2001-01-01"),
        ("6 BC", "CC BC", "0600-01-01 BC"),
        ("44-03-15 BC", "YYYY-MM-DD BC", "0044-03-15 BC"),
        ("2024-060", "YYYY-DDD", "2024-02-29"),
        ("2024-09-5", "IYYY-IW-ID", "2024-03-01"),
        ("2024-09", "IYYY-IW", "2024-02-26"),
        ("2024-100", "IYYY-IDDD", "2024-04-09"),
        ("2024 06", "YYYY WW", "2024-02-05"),
        ("2024-02-3", "YYYY-MM-W", "2024-02-15"),
        ("2460350", "J", "2024-02-09"),
        ("XII 2024", "RM YYYY", "2024-12-01"),
        ("2,024 07", "Y,YYY MM", "2024-07-01"),
        ("4th July 2024", "DDth Month YYYY", "2024-07-04"),
        ("friday 9 2 2024", "Day DD MM YYYY", "2024-02-09"),
        ("3 2024", "Q YYYY", "2024-01-01"),
        ("2024-02-30", "YYYY-MM-DD", r#"22008 date/time field value out of range: "2024-02-30""#),
        ("02-30", "MM-DD", "0001-03-01 BC"),
        ("2024-13-01", "YYYY-MM-DD", r#"22008 date/time field value out of range: "2024-13-01""#),
        ("2023-02-29", "YYYY-MM-DD", r#"22008 date/time field value out of range: "2023-02-29""#),
        ("x", "MM", r#"22007 invalid value "x" for "MM" DETAIL: Value must be an integer."#),
        ("2024-ab", "YYYY-MM", r#"22007 invalid value "ab" for "MM" DETAIL: Value must be an integer."#),
        (
            "1a",
            "MMDD",
            r#"22007 invalid value "1a" for "MM" DETAIL: Field requires 2 characters, but only 1 could be parsed. HINT: If your source string is not fixed-width, try using the "FM" modifier."#,
        ),
        (
            "1",
            "MMDD",
            r#"22007 source string too short for "MM" formatting field DETAIL: Field requires 2 characters, but only 1 remain. HINT: If your source string is not fixed-width, try using the "FM" modifier."#,
        ),
        (
            "2024 2023",
            "YYYY YYYY",
            r#"22007 conflicting values for "YYYY" field in formatting string DETAIL: This value contradicts a previous setting for the same field type."#,
        ),
        (
            "2024 10",
            "IYYY MM",
            "22007 invalid combination of date conventions HINT: Do not mix Gregorian and ISO week date conventions in a formatting template.",
        ),
        (
            "Foo 1",
            "Mon DD",
            r#"22007 invalid value "Foo" for "Mon" DETAIL: The given value did not match any of the allowed values for this field."#,
        ),
        ("60", "DDD", "22007 cannot calculate day of year without year information"),
        (
            "99999999999",
            "J",
            r#"22008 value for "J" in source string is out of range DETAIL: Value must be in the range -2147483648 to 2147483647."#,
        ),
        ("2147483647", "J", r#"22008 date out of range: "2147483647""#),
        ("-44-02-01", "YYYY-MM-DD", "0044-02-01 BC"),
        ("5874898-01-01", "YYYY-MM-DD", r#"22008 date out of range: "5874898-01-01""#),
        ("2024x02", "FXYYYY-MM", "2024-02-01"),
        ("2024- 2", "FXYYYY-MM", "2024-02-01"),
        ("2024 02", "FXYYYY  MM", "2024-02-01"),
        ("2024", "YYYY-MM-DD", "2024-01-01"),
        ("", "YYYY", "0001-01-01 BC"),
        (" ", "YYYY", r#"22007 invalid value "" for "YYYY" DETAIL: Value must be an integer."#),
        ("2024", "", "0001-01-01 BC"),
    ];
    for (text, format, expected) in CASES {
        let read = DateFormat::parse(format).and_then(|format| to_date(text, &format, &is_abbreviation));
        assert_eq!(shown(read.map(date).map(Some)), *expected, "{text} by {format}");
    }
}

#[test]
fn moments_are_read() {
    const CASES: &[(&str, &str, &str)] = &[
        ("2024-02-09 15:04:05", "YYYY-MM-DD HH24:MI:SS", "2024-02-09 15:04:05+00"),
        ("2024-02-09 03:04 pm", "YYYY-MM-DD HH:MI AM", "2024-02-09 15:04:00+00"),
        ("2024-02-09 12:04 am", "YYYY-MM-DD HH12:MI pm", "2024-02-09 00:04:00+00"),
        ("12:30 A.M.", "HH:MI a.m.", "0001-01-01 00:30:00+00 BC"),
        ("2024-02-09T15:04:05.5", r#"YYYY-MM-DD"T"HH24:MI:SS.MS"#, "2024-02-09 15:04:05.5+00"),
        ("05.25", "SS.MS", "0001-01-01 00:00:05.25+00 BC"),
        ("05.123456", "SS.US", "0001-01-01 00:00:05.123456+00 BC"),
        ("05.1236", "SS.FF3", "0001-01-01 00:00:05.124+00 BC"),
        ("2024 86399", "YYYY SSSS", "2024-01-01 23:59:59+00"),
        ("2024-02-09 15 +05:30", "YYYY-MM-DD HH24 TZH:TZM", "2024-02-09 09:30:00+00"),
        ("2024-02-09 15 -3", "YYYY-MM-DD HH24 TZH", "2024-02-09 18:00:00+00"),
        ("2024-02-09 -3", "YYYY-MM-DD HH24", "2024-02-09 03:00:00+00"),
        ("2024-02-09 15 -03:30", "YYYY-MM-DD HH24 OF", "2024-02-09 18:30:00+00"),
        ("2024-02-09 15 EST", "YYYY-MM-DD HH24 TZ", "2024-02-09 20:00:00+00"),
        ("2024-02-09 15 +02", "YYYY-MM-DD HH24 TZ", "2024-02-09 13:00:00+00"),
        (
            "2024-02-09 15 XYZ",
            "YYYY-MM-DD HH24 TZ",
            r#"22007 invalid value "XYZ" for "TZ" DETAIL: Time zone abbreviation is not recognized."#,
        ),
        (
            "13 pm",
            "HH AM",
            r#"22007 hour "13" is invalid for the 12-hour clock HINT: Use the 24-hour clock, or give an hour between 1 and 12."#,
        ),
        (
            "0",
            "HH12",
            r#"22007 hour "0" is invalid for the 12-hour clock HINT: Use the 24-hour clock, or give an hour between 1 and 12."#,
        ),
        ("25", "HH24", r#"22008 date/time field value out of range: "25""#),
        ("60", "MI", r#"22008 date/time field value out of range: "60""#),
        ("60", "SS", r#"22008 date/time field value out of range: "60""#),
        ("05.1234567", "SS.FF3", r#"22008 date/time field value out of range: "05.1234567""#),
        ("2024 -16", "YYYY TZH", r#"22009 time zone displacement out of range: "2024 -16""#),
        ("294277", "YYYY", "22008 timestamp out of range"),
        (
            "2024-02-09 foo",
            "YYYY-MM-DD AM",
            r#"22007 invalid value "foo" for "AM" DETAIL: The given value did not match any of the allowed values for this field."#,
        ),
    ];
    for (text, format, expected) in CASES {
        let read = DateFormat::parse(format).and_then(|format| {
            let read = to_timestamp(text, &format, &is_abbreviation)?;
            let offset = match &read.zone {
                None => 0,
                Some(Zone::Offset(offset)) => *offset,
                Some(Zone::Abbreviation(abbreviation)) => {
                    assert_eq!(abbreviation, "est");
                    -5 * 3600
                }
            };
            read.instant(offset)
        });
        assert_eq!(shown(read.map(timestamp).map(Some)), *expected, "{text} by {format}");
    }
}

#[test]
fn numbers_are_printed() {
    const CASES: &[(&str, &str, &str, &str)] = &[
        ("int4", "485", "999", " 485"),
        ("int4", "-485", "999", "-485"),
        ("int4", "485", "9 9 9", " 4 8 5"),
        ("int4", "1485", "9,999", " 1,485"),
        ("int4", "1485", "9G999", " 1,485"),
        ("numeric", "148.5", "999.999", " 148.500"),
        ("numeric", "148.5", "FM999.999", "148.5"),
        ("numeric", "148.5", "FM999.990", "148.500"),
        ("numeric", "148.5", "999D999", " 148.500"),
        ("numeric", "3148.5", "9G999D999", " 3,148.500"),
        ("int4", "-485", "999S", "485-"),
        ("int4", "-485", "999MI", "485-"),
        ("int4", "485", "999MI", "485 "),
        ("int4", "485", "FM999MI", "485"),
        ("int4", "485", "PL999", "+ 485"),
        ("int4", "485", "SG999", "+485"),
        ("int4", "-485", "SG999", "-485"),
        ("int4", "-485", "9SG99", "4-85"),
        ("int4", "-485", "999PR", "<485>"),
        ("int4", "485", "999PR", " 485 "),
        ("int4", "485", "L999", "  485"),
        ("int4", "485", "RN", "        CDLXXXV"),
        ("int4", "485", "FMrn", "cdlxxxv"),
        ("int4", "3888", "FMRN", "MMMDCCCLXXXVIII"),
        ("int4", "4000", "RN", "###############"),
        ("numeric", "5.2", "FMRN", "V"),
        ("int4", "482", "999th", " 482nd"),
        ("int4", "-482", "999th", "-482"),
        ("int4", "13", "99TH", " 13TH"),
        ("int4", "485", r#""Good number:"999"#, "Good number: 485"),
        ("numeric", "485.8", r#""Pre:"999" Post:" .999"#, "Pre: 485 Post: .800"),
        ("int4", "12", "99V999", " 12000"),
        ("numeric", "12.4", "99V999", " 12400"),
        ("numeric", "12.45", "99V9", " 125"),
        ("numeric", "0.0004859", "9.99EEEE", " 4.86e-04"),
        ("numeric", "-12345", "9.99EEEE", "-1.23e+04"),
        ("numeric", "9.99", "9EEEE", " 10e+00"),
        ("float8", "0.0004859", "9.99EEEE", " 4.86e-04"),
        ("int4", "-12345", "9.9EEEE", "-1.2e+04"),
        ("int8", "99999", "9.9EEEE", " 10.0e+04"),
        ("float8", "NaN", "9.9EEEE", " #.#####"),
        ("numeric", "0.1", "9.9", "  .1"),
        ("numeric", "-0.1", "99.99", "  -.10"),
        ("numeric", "-0.1", "FM9.99", "-.1"),
        ("numeric", "0.1", "0.9", " 0.1"),
        ("numeric", "12", "9990999.9", "    0012.0"),
        ("numeric", "12", "FM9990999.9", "0012."),
        ("numeric", "0", "FM9.9", "0."),
        ("numeric", "0", "FM9", "0"),
        ("numeric", "0", "9.9", "  .0"),
        ("int4", "1234", "999", " ###"),
        ("numeric", "1234.5", "999.99", " ###.##"),
        ("numeric", "0.005", "9.99", "  .01"),
        ("numeric", "-0.001", "9.9", "  .0"),
        ("float8", "-0.001", "9.9", " -.0"),
        ("numeric", "NaN", "9999", "  NaN"),
        ("numeric", "Infinity", "999", " ###"),
        ("numeric", "-Infinity", "999999999", " -Infinity"),
        ("float8", "NaN", "9999.9", "  NaN"),
        ("float8", "1234567890123456", "9999999999999999.99", " 1234567890123456"),
        ("float8", "0.1", "9.99999999999999999999", "  .10000000000000"),
        ("float8", "2.5", "9", " 2"),
        ("float8", "0.125", "9.99", "  .12"),
        ("float4", "12345.678", "99999.999", " 12345.7"),
        ("float4", "0.1", "9.999999999", "  .10000"),
        ("int8", "-9223372036854775808", "FM9999999999999999999", "-9223372036854775808"),
        ("int8", "5", "9V9999999999999999999", "22003 bigint out of range"),
        ("int4", "5", "9V9999999999", " -2147483648"),
        ("int8", "5000000000", "RN", "22003 integer out of range"),
        ("numeric", "NaN", "RN", "0A000 cannot convert NaN to integer"),
        ("float8", "NaN", "9999TH", r#"22P02 "NaN" is not a number"#),
        ("int4", "1", "9.9.9", "42601 multiple decimal points"),
        ("int4", "1", "9.9V9", r#"42601 cannot use "V" and decimal point together"#),
        ("int4", "1", "9V9.9", r#"42601 cannot use "V" and decimal point together"#),
        ("int4", "1", "S9S", r#"42601 cannot use "S" twice"#),
        ("int4", "1", "S9MI", r#"42601 cannot use "S" and "MI" together"#),
        ("int4", "1", "MI9S", r#"42601 cannot use "S" and "PL"/"MI"/"SG"/"PR" together"#),
        ("int4", "1", "9PRS", r#"42601 cannot use "S" and "PL"/"MI"/"SG"/"PR" together"#),
        ("int4", "1", "S9PR", r#"42601 cannot use "PR" and "S"/"PL"/"MI"/"SG" together"#),
        ("int4", "1", "9PR9", r#"42601 "9" must be ahead of "PR""#),
        ("int4", "1", "9PR0", r#"42601 "0" must be ahead of "PR""#),
        ("int4", "1", "9EEEE9", r#"42601 "EEEE" must be the last pattern used"#),
        ("int4", "1", "9EEEEEEEE", r#"42601 cannot use "EEEE" twice"#),
        (
            "int4",
            "1",
            "FM9EEEE",
            r#"42601 "EEEE" is incompatible with other formats DETAIL: "EEEE" may only be used together with digit and decimal point patterns."#,
        ),
        ("int4", "12", "", ""),
        ("int4", "12", "xyz", "xyz"),
        ("int4", "12", "B99", " 12"),
        ("int4", "0", "00.00", " 00.00"),
        ("int4", "5", "FM0009", "0005"),
        ("int4", "1234567", "9,999,999.99", " 1,234,567.00"),
        ("int4", "12", "9,999,999", "        12"),
        ("int4", "12", "FM9,999,999", "12"),
        ("int4", "-5", "<99>", "< -5>"),
        ("numeric", "99.995", "99.99", " ##.##"),
    ];
    for (kind, value, format, expected) in CASES {
        let print = || {
            let format = NumberFormat::parse(format)?;
            let mut out = String::new();
            match *kind {
                "int4" => to_char_int(value.parse().unwrap(), &format, &mut out)?,
                "int8" => to_char_i64(value.parse().unwrap(), &format, &mut out)?,
                "float4" => to_char_f32(value.parse().unwrap(), &format, &mut out)?,
                "float8" => to_char_f64(value.parse().unwrap(), &format, &mut out)?,
                _ => to_char_numeric(value, &format, &mut out)?,
            }
            Ok(Some(out))
        };
        assert_eq!(shown(print()), *expected, "{value} by {format}");
    }
}

#[test]
fn decimals_are_printed_as_their_text_is() {
    for (value, scale, text) in [(0, 0, "0"), (-5, 3, "-0.005"), (123_456, 2, "1234.56"), (i128::MIN, 0, "")] {
        let text = if text.is_empty() { i128::MIN.to_string() } else { text.to_owned() };
        for format in ["FM9999.99", "9.99EEEE", "S0009.9999", "FM9V99", &"9".repeat(40)] {
            let format = NumberFormat::parse(format).unwrap();
            let (mut decimal, mut numeric) = (String::new(), String::new());
            to_char_decimal(value, scale, &format, &mut decimal).unwrap();
            to_char_numeric(&text, &format, &mut numeric).unwrap();
            assert_eq!(decimal, numeric);
        }
    }
}

#[test]
fn numbers_are_read() {
    const CASES: &[(&str, &str, &str)] = &[
        ("12,454.8-", "99G999D9S", "-12454.8"),
        ("-34,338,492", "99G999G999", "-34338492"),
        ("<564646.654564>", "999999.999999PR", "-564646.654564"),
        ("0.00001-", "9.999999S", "-0.00001"),
        ("5.01-", "FM9.999999S", "-5.01"),
        ("5.01-", "FM9.999999MI", "-5.01"),
        (".01-", "99.99S", "-0.01"),
        ("34,50", "999,99", "3450"),
        ("123,000", "999G", "123"),
        ("123456", "999G999", "123456"),
        ("$1234.56", "L9,999.99", "1234.56"),
        ("1234.56", "L9,999.99", "1234.56"),
        ("$1,234.56", "L99,999.99", "1234.56"),
        ("42nd", "99th", "42"),
        ("123456", "99999V99", "1234.560000000000000000"),
        ("+12", "S99", "12"),
        ("12+", "99S", "12"),
        (" 12 ", "9999", "12"),
        ("1 2", "99", "12"),
        ("abc1", "aaa9", "1"),
        ("é1", "x9", "1"),
        ("0012.50", "9999.99", "12.50"),
        ("-0", "99", "0"),
        ("1.2.3", "9.99", "1.2"),
        (
            "123",
            "99.9",
            "22003 numeric field overflow DETAIL: A field with precision 2, scale 0 must round to an absolute value less than 10^2.",
        ),
        ("", "9", r#"22P02 invalid input syntax for type numeric: " ""#),
        ("x", "9", r#"22P02 invalid input syntax for type numeric: " ""#),
        ("-", "9", r#"22P02 invalid input syntax for type numeric: "-""#),
        ("1", "RN", r#"0A000 "RN" not supported for input"#),
        ("1", "9EEEE", r#"0A000 "EEEE" not supported for input"#),
        ("1", "", "NULL"),
        ("12345678901234567890.5", "99999999999999999999D9", "12345678901234567890.5"),
    ];
    for (text, format, expected) in CASES {
        let read = NumberFormat::parse(format).and_then(|format| to_number(text, &format));
        assert_eq!(shown(read), *expected, "{text} by {format}");
    }
}

#[test]
fn results_have_a_limit() {
    let format = DateFormat::parse(&"TZ".repeat(1000)).unwrap();
    let printed = to_char_timestamp(0, &format, Some((&"x".repeat(100_000), 0)), &mut String::new());
    assert_eq!(printed, Err(ValueError::too_long()));
}
