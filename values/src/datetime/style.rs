//! The settings that dates and times are read and printed by: DateStyle, IntervalStyle and TimeZone.

use super::Zone;

/// The first part of DateStyle: how dates are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateStyle {
    #[default]
    Iso,
    Sql,
    Postgres,
    German,
}

/// The second part of DateStyle: how dates are read, and in some styles printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateOrder {
    #[default]
    Mdy,
    Dmy,
    Ymd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IntervalStyle {
    #[default]
    Postgres,
    PostgresVerbose,
    SqlStandard,
    Iso8601,
}

/// A session's settings. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Style {
    pub date_style: DateStyle,
    pub date_order: DateOrder,
    pub interval_style: IntervalStyle,
    pub zone: Zone,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            date_style: DateStyle::default(),
            date_order: DateOrder::default(),
            interval_style: IntervalStyle::default(),
            zone: Zone::utc(),
        }
    }
}
