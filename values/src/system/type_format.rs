//! `format_type`.

use super::type_table::{Builtin, builtin_by_oid, element_type_of};
use super::typmod::{INTERVAL_FULL_PRECISION, INTERVAL_FULL_RANGE, numeric_typmod_parts};
use crate::{Result, ValueError};

/// `format_type(oid, typmod)` of a built-in type; of others `???`, as of what isn't a type. A typmod of NULL isn't the
/// same as -1.
pub fn format_type(oid: u32, typmod: Option<i32>) -> Result<String> {
    if oid == 0 {
        return Ok(String::from("-"));
    }
    if let Some(builtin) = builtin_by_oid(oid) {
        return element(builtin, typmod);
    }
    match element_type_of(oid) {
        Some(builtin) => Ok(element(builtin, typmod)? + "[]"),
        None => Ok(String::from("???")),
    }
}

fn element(builtin: &Builtin, typmod: Option<i32>) -> Result<String> {
    let modifier = typmod.filter(|&typmod| typmod >= 0);
    let text = match (builtin.name, modifier) {
        // Without a modifier, SQL's names mean one of a single character.
        ("bpchar", None) if typmod.is_some() => String::from("bpchar"),
        ("bit", None) if typmod.is_some() => String::from("\"bit\""),
        (_, None) | ("bool" | "int2" | "int4" | "int8" | "float4" | "float8" | "json", _) => {
            builtin.sql_name.to_owned()
        }
        ("bpchar" | "varchar", Some(typmod)) => match typmod {
            5.. => format!("{}({})", builtin.sql_name, typmod - 4),
            _ => builtin.sql_name.to_owned(),
        },
        ("numeric", Some(typmod)) => match numeric_typmod_parts(typmod) {
            Some((precision, scale)) => format!("numeric({precision},{scale})"),
            None => String::from("numeric"),
        },
        ("time" | "timetz" | "timestamp" | "timestamptz", Some(typmod)) => {
            let (base, zone) = builtin.sql_name.split_once(' ').unwrap_or((builtin.sql_name, ""));
            format!("{base}({typmod}) {zone}")
        }
        ("interval", Some(typmod)) => format!("interval{}", interval_fields(typmod)?),
        (_, Some(typmod)) => format!("{}({typmod})", builtin.sql_name),
    };
    Ok(text)
}

const YEAR: i32 = 1 << 2;
const MONTH: i32 = 1 << 1;
const DAY: i32 = 1 << 3;
const HOUR: i32 = 1 << 10;
const MINUTE: i32 = 1 << 11;
const SECOND: i32 = 1 << 12;

/// The masks of fields that an interval may be restricted to.
pub(super) const INTERVAL_FIELDS: [(i32, &str); 13] = [
    (YEAR, "year"),
    (MONTH, "month"),
    (DAY, "day"),
    (HOUR, "hour"),
    (MINUTE, "minute"),
    (SECOND, "second"),
    (YEAR | MONTH, "year to month"),
    (DAY | HOUR, "day to hour"),
    (DAY | HOUR | MINUTE, "day to minute"),
    (DAY | HOUR | MINUTE | SECOND, "day to second"),
    (HOUR | MINUTE, "hour to minute"),
    (HOUR | MINUTE | SECOND, "hour to second"),
    (MINUTE | SECOND, "minute to second"),
];

/// What an interval's modifier adds to its name, as in ` day to second(3)`.
pub fn interval_fields(typmod: i32) -> Result<String> {
    if typmod < 0 {
        return Ok(String::new());
    }
    let (range, precision) = (typmod >> 16 & INTERVAL_FULL_RANGE, typmod & INTERVAL_FULL_PRECISION);
    let mut text = match INTERVAL_FIELDS.iter().find(|(mask, _)| *mask == range) {
        Some((_, name)) => format!(" {name}"),
        None if range == INTERVAL_FULL_RANGE => String::new(),
        None => return Err(ValueError::new("XX000", format!("invalid INTERVAL typmod: {typmod:#x}"))),
    };
    if precision != INTERVAL_FULL_PRECISION {
        text.push_str(&format!("({precision})"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_named() {
        for (oid, typmod, name) in [
            (0, None, "-"),
            (99999, None, "???"),
            (23, Some(-1), "integer"),
            (1007, None, "integer[]"),
            (18, None, "\"char\""),
            (1042, None, "character"),
            (1042, Some(-1), "bpchar"),
            (1042, Some(8), "character(4)"),
            (1015, Some(14), "character varying(10)[]"),
            (1560, Some(-1), "\"bit\""),
            (1560, Some(5), "bit(5)"),
            (1700, Some((10 << 16 | 2) + 4), "numeric(10,2)"),
            (1700, Some((5 << 16 | (-2 & 0x7ff)) + 4), "numeric(5,-2)"),
            (1114, Some(3), "timestamp(3) without time zone"),
            (1266, Some(0), "time(0) with time zone"),
            (1186, Some((YEAR | MONTH) << 16 | 0xffff), "interval year to month"),
            (1186, Some((DAY | HOUR | MINUTE | SECOND) << 16 | 3), "interval day to second(3)"),
            (1186, Some(0x7fff << 16 | 3), "interval(3)"),
            (114, Some(3), "json"),
            (25, Some(7), "text(7)"),
        ] {
            assert_eq!(format_type(oid, typmod).unwrap(), name);
        }
        assert_eq!(format_type(1186, Some(3)).unwrap_err().message, "invalid INTERVAL typmod: 0x3");
    }
}
