//! Times and sizes with their units.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// `"10s"`, `"250ms"`, `"5min"`, `"1h"`.
pub fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    let units = [("ms", 1), ("min", 60_000), ("s", 1000), ("h", 3_600_000)];
    number_with_unit(&text, &units).map(Duration::from_millis).ok_or_else(|| {
        serde::de::Error::custom(format!("expected a time such as \"10s\", \"250ms\" or \"5min\", not {text:?}"))
    })
}

/// `"512MB"`, `"4GB"`; powers of 1,024 as PostgreSQL counts them.
pub fn bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let text = String::deserialize(deserializer)?;
    let units = [("kB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30), ("TB", 1 << 40)];
    number_with_unit(&text, &units)
        .ok_or_else(|| serde::de::Error::custom(format!("expected a size such as \"512MB\" or \"4GB\", not {text:?}")))
}

fn number_with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let (digits, factor) = units.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, *factor)))?;
    digits.trim().parse::<u64>().ok()?.checked_mul(factor)
}
