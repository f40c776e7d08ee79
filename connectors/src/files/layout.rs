//! The date that a file's folders give it.
//!
//! Below the topic's folder these are understood, in any mix, with any other folders (`HH`, `hour=07`, `partition=3`)
//! between and below them:
//! `YYYY/MM/DD`, `YYYY-MM-DD`, `YYYYMMDD`, `anykey=YYYY-MM-DD`, `year=YYYY/month=MM/day=DD`.
//! A file without a whole, valid date in its path has the `_date` NULL.

use chrono::{Datelike, NaiveDate};

/// How much of a date the folders so far have given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dated {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
}

impl Dated {
    /// The same, one folder deeper.
    pub fn enter(self, folder: &str) -> Self {
        let (key, value) = folder.split_once('=').map_or((None, folder), |(key, value)| (Some(key), value));
        if self.day.is_some() {
            return self;
        }
        if let Some(date) = whole_date(value) {
            return Self { year: Some(date.year()), month: Some(date.month()), day: Some(date.day()) };
        }
        let part = |names: [&str; 2], width: usize| match key {
            Some(key) if names.contains(&key) => value.parse::<u32>().ok(),
            Some(_) => None,
            None => digits(value, width),
        };
        match self {
            Self { year: None, .. } => match part(["year", "y"], 4).and_then(|year| i32::try_from(year).ok()) {
                Some(year) if NaiveDate::from_ymd_opt(year, 1, 1).is_some() => Self { year: Some(year), ..self },
                _ => self,
            },
            Self { month: None, .. } => match part(["month", "m"], 2) {
                Some(month @ 1..=12) => Self { month: Some(month), ..self },
                _ => self,
            },
            Self { year: Some(year), month: Some(month), .. } => match part(["day", "d"], 2) {
                Some(day) if NaiveDate::from_ymd_opt(year, month, day).is_some() => Self { day: Some(day), ..self },
                _ => self,
            },
        }
    }

    /// The date in days since 1970-01-01, if it is whole.
    pub fn date(self) -> Option<i32> {
        Some(days(NaiveDate::from_ymd_opt(self.year?, self.month?, self.day?)?))
    }

    /// First and last day that anything below can have, if the folders so far say.
    pub fn span(self) -> Option<(i32, i32)> {
        let year = self.year?;
        let first = NaiveDate::from_ymd_opt(year, self.month.unwrap_or(1), self.day.unwrap_or(1))?;
        let last = match (self.month, self.day) {
            (Some(_), Some(_)) => first,
            (Some(12), None) | (None, _) => NaiveDate::from_ymd_opt(year, 12, 31)?,
            (Some(month), None) => NaiveDate::from_ymd_opt(year, month + 1, 1)?.pred_opt()?,
        };
        Some((days(first), days(last)))
    }
}

/// A date as PostgreSQL prints it.
pub fn format_date(days: i32) -> String {
    match NaiveDate::from_num_days_from_ce_opt(days.saturating_add(EPOCH_FROM_CE)) {
        Some(date) => date.format("%Y-%m-%d").to_string(),
        None => days.to_string(),
    }
}

/// 1970-01-01 in days of the common era.
const EPOCH_FROM_CE: i32 = 719_163;

fn days(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - EPOCH_FROM_CE
}

fn whole_date(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    if !text.is_ascii() {
        return None;
    }
    let (year, month, day) = match bytes.len() {
        10 if bytes[4] == b'-' && bytes[7] == b'-' => (&text[..4], &text[5..7], &text[8..]),
        8 => (&text[..4], &text[4..6], &text[6..]),
        _ => return None,
    };
    let year = i32::try_from(digits(year, 4)?).ok()?;
    NaiveDate::from_ymd_opt(year, digits(month, 2)?, digits(day, 2)?)
}

fn digits(text: &str, width: usize) -> Option<u32> {
    (text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, expect: &str) {
        let dated = path.split('/').fold(Dated::default(), Dated::enter);
        assert_eq!(dated.date().map_or_else(|| "none".to_owned(), format_date), expect, "{path}");
    }

    #[test]
    fn dates_are_found_in_every_layout() {
        check("2024/02/29", "2024-02-29");
        check("2024/02/29/13", "2024-02-29");
        check("2024-02-29/13", "2024-02-29");
        check("20240229", "2024-02-29");
        check("date=2024-02-29/hour=05", "2024-02-29");
        check("year=2024/month=2/day=9", "2024-02-09");
        check("partition=7/2024/02/29", "2024-02-29");
        check("1969/12/31", "1969-12-31");
    }

    #[test]
    fn what_is_no_date_gives_none() {
        check("2024/02/30", "none");
        check("2024/13/01", "none");
        check("2024/02", "none");
        check("id=5/7", "none");
        check("2024é-1-1", "none");
    }

    #[test]
    fn a_folder_spans_all_its_days() {
        let span = |path: &str| path.split('/').fold(Dated::default(), Dated::enter).span();
        let shown =
            |path: &str| span(path).map(|(first, last)| format!("{}..{}", format_date(first), format_date(last)));
        assert_eq!(shown("2024").as_deref(), Some("2024-01-01..2024-12-31"));
        assert_eq!(shown("2024/02").as_deref(), Some("2024-02-01..2024-02-29"));
        assert_eq!(shown("2024/12").as_deref(), Some("2024-12-01..2024-12-31"));
        assert_eq!(shown("2024/12/05").as_deref(), Some("2024-12-05..2024-12-05"));
        assert_eq!(span("x"), None);
    }
}
