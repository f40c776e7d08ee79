//! What functions read of the session that calls them.

use chrono::Utc;

use super::catalogs::Catalogs;
use weir_encode::ByteaOutput;
use weir_values::datetime::{DateOrder, DateStyle, IntervalStyle, Style, Zone};

/// Settings that change what functions give, as SHOW prints them, and the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    pub time_zone: String,
    pub date_style: String,
    pub interval_style: String,
    pub bytea_output: String,
    pub extra_float_digits: i32,
    /// What words such as `now` and `today` refer to, in microseconds since 1970; `None`: the clock, where a value isn't made
    /// for one statement alone.
    pub now: Option<i64>,
    /// For functions that look into the catalogs.
    pub catalogs: Option<Catalogs>,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            time_zone: "UTC".to_owned(),
            date_style: "ISO, MDY".to_owned(),
            interval_style: "postgres".to_owned(),
            bytea_output: "hex".to_owned(),
            extra_float_digits: 1,
            now: Some(0),
            catalogs: None,
        }
    }
}

/// Settings were checked when they were set. They are read once for a batch of rows.
impl Session {
    pub fn now(&self) -> i64 {
        self.now.unwrap_or_else(|| Utc::now().timestamp_micros())
    }

    pub fn zone(&self) -> Zone {
        Zone::of_setting(&self.time_zone).unwrap_or_else(|_| Zone::utc())
    }

    /// How dates, times and intervals are read and printed.
    pub fn style(&self) -> Style {
        let (date_style, date_order) = date_style(&self.date_style);
        Style { date_style, date_order, interval_style: self.interval_style(), zone: self.zone() }
    }

    pub fn interval_style(&self) -> IntervalStyle {
        match self.interval_style.to_ascii_lowercase().as_str() {
            "postgres_verbose" => IntervalStyle::PostgresVerbose,
            "sql_standard" => IntervalStyle::SqlStandard,
            "iso_8601" => IntervalStyle::Iso8601,
            _ => IntervalStyle::Postgres,
        }
    }

    /// How all other values are printed and read, and arrays of any.
    pub fn encoder_style(&self) -> weir_encode::Style {
        let mut style = weir_encode::Style {
            interval_style: weir_encode::IntervalStyle::parse(&self.interval_style).unwrap_or_default(),
            time_zone: weir_encode::Zone::parse(&self.time_zone).unwrap_or_else(weir_encode::Zone::utc),
            extra_float_digits: self.extra_float_digits,
            bytea_output: if self.bytea_output == "escape" { ByteaOutput::Escape } else { ByteaOutput::Hex },
            ..weir_encode::Style::default()
        };
        let _: Option<()> = style.set_date_style(&self.date_style);
        style
    }
}

/// The parts of a DateStyle such as `SQL, DMY`.
fn date_style(setting: &str) -> (DateStyle, DateOrder) {
    let (mut style, mut order) = (DateStyle::default(), None);
    for part in setting.split(',') {
        match part.trim().to_ascii_lowercase().as_str() {
            "iso" => style = DateStyle::Iso,
            "sql" => style = DateStyle::Sql,
            "german" => style = DateStyle::German,
            name if name.starts_with("postgres") => style = DateStyle::Postgres,
            "ymd" => order = Some(DateOrder::Ymd),
            "dmy" => order = Some(DateOrder::Dmy),
            "mdy" | "us" => order = Some(DateOrder::Mdy),
            name if name.starts_with("euro") => order = Some(DateOrder::Dmy),
            name if name.starts_with("noneuro") => order = Some(DateOrder::Mdy),
            _ => {}
        }
    }
    // German alone has the day first.
    let usual = if style == DateStyle::German { DateOrder::Dmy } else { DateOrder::default() };
    (style, order.unwrap_or(usual))
}
