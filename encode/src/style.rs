//! The session settings that decide how values are printed: DateStyle, IntervalStyle, TimeZone, `extra_float_digits`
//! and `bytea_output`.

use super::zone::Zone;

/// First part of DateStyle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateStyle {
    #[default]
    Iso,
    Sql,
    Postgres,
    German,
}

/// Second part of DateStyle. Output only tells day-first from month-first; input reads all three.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateOrder {
    Dmy,
    #[default]
    Mdy,
    Ymd,
}

/// The setting IntervalStyle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IntervalStyle {
    #[default]
    Postgres,
    PostgresVerbose,
    SqlStandard,
    Iso8601,
}

/// The setting `bytea_output`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ByteaOutput {
    #[default]
    Hex,
    Escape,
}

/// Everything of a session that changes the text form of a value. The default is PostgreSQL's, in time zone UTC.
#[derive(Clone, Debug)]
pub struct Style {
    pub date_style: DateStyle,
    pub date_order: DateOrder,
    pub interval_style: IntervalStyle,
    pub time_zone: Zone,
    /// -15 to 3: 1 and above give the shortest digits that read back as the same number.
    pub extra_float_digits: i32,
    pub bytea_output: ByteaOutput,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            date_style: DateStyle::default(),
            date_order: DateOrder::default(),
            interval_style: IntervalStyle::default(),
            time_zone: Zone::utc(),
            extra_float_digits: 1,
            bytea_output: ByteaOutput::default(),
        }
    }
}

impl IntervalStyle {
    /// Reads the value of the setting, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "postgres" => Some(Self::Postgres),
            "postgres_verbose" => Some(Self::PostgresVerbose),
            "sql_standard" => Some(Self::SqlStandard),
            "iso_8601" => Some(Self::Iso8601),
            _ => None,
        }
    }
}

impl Style {
    /// Applies a DateStyle such as `German` or `SQL, DMY`: each part that is named changes, and German alone implies
    /// DMY. `None`: not a DateStyle, and nothing has changed.
    pub fn set_date_style(&mut self, text: &str) -> Option<()> {
        let (mut style, mut order) = (None, None);
        for part in text.split(',') {
            match part.trim().to_ascii_lowercase().as_str() {
                "iso" => style = Some(DateStyle::Iso),
                "sql" => style = Some(DateStyle::Sql),
                "german" => style = Some(DateStyle::German),
                name if name.starts_with("postgres") => style = Some(DateStyle::Postgres),
                "ymd" => order = Some(DateOrder::Ymd),
                "dmy" => order = Some(DateOrder::Dmy),
                name if name.starts_with("euro") => order = Some(DateOrder::Dmy),
                "mdy" | "us" => order = Some(DateOrder::Mdy),
                name if name.starts_with("noneuro") => order = Some(DateOrder::Mdy),
                _ => return None,
            }
        }
        if style == Some(DateStyle::German) && order.is_none() {
            order = Some(DateOrder::Dmy);
        }
        self.date_style = style.unwrap_or(self.date_style);
        self.date_order = order.unwrap_or(self.date_order);
        Some(())
    }
}
