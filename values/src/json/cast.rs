//! Casts from jsonb to SQL's scalar types.

use super::type_of;
use crate::{Result, ValueError};

fn refused(text: &str, type_name: &str) -> ValueError {
    let found = match type_of(text) {
        "number" => "numeric",
        other => other,
    };
    ValueError::invalid_parameter(format!("cannot cast jsonb {found} to type {type_name}"))
}

/// jsonb -> boolean
pub fn jsonb_bool(text: &str) -> Result<bool> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(refused(text, "boolean")),
    }
}

/// jsonb -> numeric, integer, double precision ...: the number's text, from which the caller casts as from numeric.
/// `type_name` is as in messages.
pub fn jsonb_number<'a>(text: &'a str, type_name: &str) -> Result<&'a str> {
    match type_of(text) {
        "number" => Ok(text),
        _ => Err(refused(text, type_name)),
    }
}
