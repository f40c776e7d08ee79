//! Values to text and back by a template: `to_char`, `to_date`, `to_timestamp` and `to_number` (documentation, 9.8), with
//! the names and separators of the locale C. A template is compiled once and serves all rows.

mod calendar;
mod date_format;
mod date_input;
mod date_output;
mod date_plan;
mod date_scan;
mod number_digits;
mod number_format;
mod number_input;
mod number_output;

pub use date_format::DateFormat;
pub use date_input::{Moment, Parsed, Zone, to_date, to_moment, to_timestamp};
pub use date_output::{to_char_interval, to_char_timestamp};
pub use number_format::NumberFormat;
pub use number_input::to_number;
pub use number_output::{to_char_decimal, to_char_f32, to_char_f64, to_char_i64, to_char_int, to_char_numeric};

use crate::{Result, ValueError, code};

/// No result is longer.
const MAX_RESULT: usize = 64 << 20;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The ending that makes a number an ordinal. `digits` is the number's text.
fn ordinal(digits: &[u8], upper: bool) -> Result<&'static str> {
    let last = digits.last().copied().unwrap_or_default();
    if !last.is_ascii_digit() {
        let message = format!("\"{}\" is not a number", String::from_utf8_lossy(digits));
        return Err(ValueError::new(code::INVALID_TEXT_REPRESENTATION, message));
    }
    // Eleven to nineteen are all "th".
    let teen = digits.len() > 1 && digits.get(digits.len() - 2) == Some(&b'1');
    Ok(match (last, teen, upper) {
        (b'1', false, true) => "ST",
        (b'1', false, false) => "st",
        (b'2', false, true) => "ND",
        (b'2', false, false) => "nd",
        (b'3', false, true) => "RD",
        (b'3', false, false) => "rd",
        (_, _, true) => "TH",
        (_, _, false) => "th",
    })
}

/// What PostgreSQL skips as white space, whatever the locale.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Length of the character that starts with a byte.
fn char_len(lead: u8) -> usize {
    match lead {
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xFF => 4,
        _ => 1,
    }
}

#[cfg(test)]
mod tests;
