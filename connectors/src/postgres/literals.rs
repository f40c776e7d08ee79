//! Engine values as PostgreSQL would read them from text: only those that are the same value on both sides.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, Timelike};
use datafusion::scalar::ScalarValue;

use super::kind::Kind;

/// Years that both sides can write; PostgreSQL's own range is wider at the upper end.
const YEARS: std::ops::RangeInclusive<i32> = -4711..=200_000;
const DAY_US: i64 = 86_400_000_000;

/// The text of a value that a column of the kind is compared with. `None`: NULL, another type's value, or one that
/// PostgreSQL can't hold.
pub fn text(kind: &Kind, value: &ScalarValue) -> Option<String> {
    match (kind, value) {
        (_, ScalarValue::Dictionary(_, inner)) => text(kind, inner),
        (Kind::Bool, ScalarValue::Boolean(Some(v))) => Some(v.to_string()),
        (Kind::Int2, ScalarValue::Int16(Some(v))) => Some(v.to_string()),
        (Kind::Int4, ScalarValue::Int32(Some(v))) => Some(v.to_string()),
        (Kind::Int8, ScalarValue::Int64(Some(v))) => Some(v.to_string()),
        (Kind::Oid, ScalarValue::Int64(Some(v))) => u32::try_from(*v).ok().map(|v| v.to_string()),
        // The shortest digits that give the same number back; NaN and inf are words that PostgreSQL knows, too.
        (Kind::Float4, ScalarValue::Float32(Some(v))) => Some(format!("{v:e}")),
        (Kind::Float8, ScalarValue::Float64(Some(v))) => Some(format!("{v:e}")),
        (Kind::Numeric(..), ScalarValue::Decimal128(Some(v), _, scale)) => Some(decimal(*v, *scale)),
        (Kind::Date, ScalarValue::Date32(Some(v))) => date(*v),
        (Kind::Time, ScalarValue::Time64Microsecond(Some(v))) => time(*v),
        (Kind::Timestamp, ScalarValue::TimestampMicrosecond(Some(v), None)) => timestamp(*v, ""),
        (Kind::Timestamptz, ScalarValue::TimestampMicrosecond(Some(v), Some(_))) => timestamp(*v, "+00"),
        (Kind::Bytea, _) => bytes(value).map(hex),
        (Kind::Uuid, _) => uuid(string(value)?),
        (Kind::Text { .. } | Kind::Inet | Kind::AsText, _) => string(value).map(str::to_owned),
        (Kind::Enum(labelled), _) => {
            string(value).filter(|v| labelled.labels.iter().any(|label| label == v)).map(str::to_owned)
        }
        // PostgreSQL ignores trailing blanks of either side; the engine's value has none to ignore.
        (Kind::Bpchar, _) => string(value).filter(|v| !v.ends_with(' ')).map(str::to_owned),
        _ => None,
    }
}

/// The string in a value of any of the engine's string types.
pub fn string(value: &ScalarValue) -> Option<&str> {
    match value {
        ScalarValue::Utf8(Some(v)) | ScalarValue::LargeUtf8(Some(v)) | ScalarValue::Utf8View(Some(v)) => Some(v),
        ScalarValue::Dictionary(_, inner) => string(inner),
        _ => None,
    }
}

fn bytes(value: &ScalarValue) -> Option<&[u8]> {
    match value {
        ScalarValue::Binary(Some(v)) | ScalarValue::LargeBinary(Some(v)) | ScalarValue::BinaryView(Some(v)) => Some(v),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 + bytes.len() * 2);
    text.push_str("\\x");
    for byte in bytes {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn decimal(value: i128, scale: i8) -> String {
    let Ok(scale) = usize::try_from(scale) else {
        return format!("{value}{}", "0".repeat(usize::from(scale.unsigned_abs())));
    };
    if scale == 0 {
        return value.to_string();
    }
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    format!("{sign}{whole}.{fraction}")
}

fn date(days: i32) -> Option<String> {
    match days {
        i32::MAX => Some("infinity".to_owned()),
        i32::MIN => Some("-infinity".to_owned()),
        _ => {
            let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
            let distance = Days::new(u64::from(days.unsigned_abs()));
            let day = if days < 0 { epoch.checked_sub_days(distance)? } else { epoch.checked_add_days(distance)? };
            let (text, era) = calendar(day)?;
            Some(format!("{text}{era}"))
        }
    }
}

fn timestamp(us: i64, zone: &str) -> Option<String> {
    match us {
        i64::MAX => Some("infinity".to_owned()),
        i64::MIN => Some("-infinity".to_owned()),
        _ => {
            let at: NaiveDateTime = DateTime::from_timestamp_micros(us)?.naive_utc();
            let (text, era) = calendar(at.date())?;
            let time = at.time();
            let (h, m, s, us) = (time.hour(), time.minute(), time.second(), time.nanosecond() / 1000);
            Some(format!("{text} {h:02}:{m:02}:{s:02}.{us:06}{zone}{era}"))
        }
    }
}

/// The day and its era; the year 0 of the calendar is 1 BC.
fn calendar(day: NaiveDate) -> Option<(String, &'static str)> {
    let year = day.year();
    if !YEARS.contains(&year) {
        return None;
    }
    let (shown, era) = if year > 0 { (year, "") } else { (1 - year, " BC") };
    Some((format!("{shown:04}-{:02}-{:02}", day.month(), day.day()), era))
}

fn time(us: i64) -> Option<String> {
    if !(0..=DAY_US).contains(&us) {
        return None;
    }
    let seconds = us / 1_000_000;
    Some(format!("{:02}:{:02}:{:02}.{:06}", seconds / 3600, seconds / 60 % 60, seconds % 60, us % 1_000_000))
}

/// A uuid in any form that PostgreSQL reads, in the one that it writes.
fn uuid(text: &str) -> Option<String> {
    let inner = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')).unwrap_or(text);
    let digits: String = inner.chars().filter(|c| *c != '-').map(|c| c.to_ascii_lowercase()).collect();
    let hyphens_right = match inner.len() {
        32 => true,
        36 => inner.char_indices().filter(|(_, c)| *c == '-').map(|(i, _)| i).eq([8, 13, 18, 23]),
        _ => false,
    };
    if !hyphens_right || digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let groups = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    Some(groups.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals() {
        assert_eq!(decimal(-5, 2), "-0.05");
        assert_eq!(decimal(12_345, 2), "123.45");
        assert_eq!(decimal(7, 0), "7");
        assert_eq!(decimal(7, -2), "700");
        assert_eq!(decimal(i128::MIN, 0), i128::MIN.to_string());
    }

    #[test]
    fn times_before_the_epoch_and_before_christ() {
        assert_eq!(date(-1).unwrap(), "1969-12-31");
        assert_eq!(date(-719_163).unwrap(), "0001-12-31 BC");
        assert_eq!(timestamp(-1, "").unwrap(), "1969-12-31 23:59:59.999999");
        assert_eq!(timestamp(i64::MAX, "+00").unwrap(), "infinity");
        assert_eq!(timestamp(i64::MAX - 1, ""), None);
        assert_eq!(time(DAY_US).unwrap(), "24:00:00.000000");
        assert_eq!(time(-1), None);
    }

    #[test]
    fn uuids_in_every_form() {
        let canonical = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
        for form in ["A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "{a0eebc999c0b4ef8bb6d6bb9bd380a11}", canonical] {
            assert_eq!(uuid(form).as_deref(), Some(canonical));
        }
        for not in ["", "a0eebc99", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1g", "a0ee-bc999c0b-4ef8-bb6d-6bb9bd380a11"] {
            assert_eq!(uuid(not), None, "{not}");
        }
    }
}
