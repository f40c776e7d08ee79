//! The modifiers of types, as in `numeric(10,2)`, as PostgreSQL packs them in a number.

use crate::{Result, ValueError, code};

/// What precedes the packed value.
const HEADER: i32 = 4;

const MAX_PRECISION: i32 = 1000;
const MAX_SCALE: i32 = 1000;
const MAX_CHARACTERS: i32 = 10_485_760;
const MAX_BITS: i32 = 83_886_080;

/// Of `varchar(n)` and `char(n)`, which are named so in messages.
pub fn character_typmod(type_name: &str, modifiers: &[i32]) -> Result<i32> {
    let [length] = modifiers else { return Err(ValueError::invalid_parameter("invalid type modifier")) };
    limited(type_name, *length, MAX_CHARACTERS).map(|length| length + HEADER)
}

/// Of `bit(n)` and `varbit(n)`.
pub fn bit_typmod(type_name: &str, modifiers: &[i32]) -> Result<i32> {
    let [length] = modifiers else { return Err(ValueError::invalid_parameter("invalid type modifier")) };
    limited(type_name, *length, MAX_BITS)
}

fn limited(type_name: &str, length: i32, most: i32) -> Result<i32> {
    if length < 1 {
        return Err(ValueError::invalid_parameter(format!("length for type {type_name} must be at least 1")));
    }
    if length > most {
        return Err(ValueError::invalid_parameter(format!("length for type {type_name} cannot exceed {most}")));
    }
    Ok(length)
}

/// Of `numeric(precision, scale)`.
pub fn numeric_typmod(modifiers: &[i32]) -> Result<i32> {
    let (precision, scale) = match modifiers {
        [precision] => (*precision, 0),
        [precision, scale] => (*precision, *scale),
        _ => return Err(ValueError::invalid_parameter("invalid NUMERIC type modifier")),
    };
    if !(1..=MAX_PRECISION).contains(&precision) {
        let message = format!("NUMERIC precision {precision} must be between 1 and {MAX_PRECISION}");
        return Err(ValueError::invalid_parameter(message));
    }
    if !(-MAX_SCALE..=MAX_SCALE).contains(&scale) {
        let message = format!("NUMERIC scale {scale} must be between -{MAX_SCALE} and {MAX_SCALE}");
        return Err(ValueError::invalid_parameter(message));
    }
    Ok((precision << 16 | scale & 0x7ff) + HEADER)
}

/// The precision and scale in the modifier of a numeric.
pub fn numeric_typmod_parts(typmod: i32) -> Option<(i32, i32)> {
    let packed = typmod.checked_sub(HEADER).filter(|&packed| packed >= 0)?;
    // The scale is a signed number of eleven bits.
    Some((packed >> 16 & 0xffff, ((packed & 0x7ff) ^ 1024) - 1024))
}

/// Of `time(p)` and `timestamp(p)`, named in messages as in `TIMESTAMP(p) WITH TIME ZONE`. What is too precise is cut
/// to six digits, of which PostgreSQL warns.
pub fn time_typmod(type_name: &str, suffix: &str, modifiers: &[i32]) -> Result<i32> {
    let [precision] = modifiers else { return Err(ValueError::invalid_parameter("invalid type modifier")) };
    if *precision < 0 {
        let message = format!("{type_name}({precision}){suffix} precision must not be negative");
        return Err(ValueError::invalid_parameter(message));
    }
    Ok((*precision).min(6))
}

/// Which fields an interval's modifier may name.
pub const INTERVAL_FULL_RANGE: i32 = 0x7fff;
/// As many decimals as there are.
pub const INTERVAL_FULL_PRECISION: i32 = 0xffff;

/// Of `interval fields(p)`: the fields as a mask, the precision if there is one.
pub fn interval_typmod(range: i32, precision: Option<i32>) -> Result<i32> {
    let precision = match precision {
        None if range == INTERVAL_FULL_RANGE => return Ok(-1),
        None => INTERVAL_FULL_PRECISION,
        Some(precision) if precision < 0 => {
            let message = format!("INTERVAL({precision}) precision must not be negative");
            return Err(ValueError::invalid_parameter(message));
        }
        Some(precision) => precision.min(6),
    };
    Ok((range & INTERVAL_FULL_RANGE) << 16 | precision)
}

pub(super) fn not_allowed(type_name: &str) -> ValueError {
    ValueError::new(code::SYNTAX_ERROR, format!("type modifier is not allowed for type \"{type_name}\""))
}
