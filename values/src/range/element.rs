//! The element types that Rust has itself.

use std::cmp::Ordering;
use std::fmt::Write;

use super::Subtype;
use crate::{Result, ValueError};

/// Of `int4range`.
pub struct Int4;

/// Of `int8range`.
pub struct Int8;

impl Subtype for Int4 {
    type Value = i32;

    fn read(&self, text: &str) -> Result<i32> {
        let value = read(text, "integer", 1 << 31)?;
        i32::try_from(value).map_err(|_| ValueError::text_out_of_range("integer", text))
    }

    fn print(&self, value: &i32, out: &mut String) {
        // Writing to a String can't fail.
        let _ = write!(out, "{value}");
    }

    fn compare(&self, a: &i32, b: &i32) -> Ordering {
        a.cmp(b)
    }

    fn successor(&self, value: &i32) -> Option<Result<i32>> {
        Some(value.checked_add(1).ok_or_else(|| ValueError::out_of_range("integer")))
    }

    fn sort_key(&self, value: &i32, out: &mut Vec<u8>) {
        out.extend((value.cast_unsigned() ^ (1 << 31)).to_be_bytes());
    }
}

impl Subtype for Int8 {
    type Value = i64;

    fn read(&self, text: &str) -> Result<i64> {
        read(text, "bigint", 1 << 63)
    }

    fn print(&self, value: &i64, out: &mut String) {
        // Writing to a String can't fail.
        let _ = write!(out, "{value}");
    }

    fn compare(&self, a: &i64, b: &i64) -> Ordering {
        a.cmp(b)
    }

    fn successor(&self, value: &i64) -> Option<Result<i64>> {
        Some(value.checked_add(1).ok_or_else(|| ValueError::out_of_range("bigint")))
    }

    fn sort_key(&self, value: &i64, out: &mut Vec<u8>) {
        out.extend((value.cast_unsigned() ^ (1 << 63)).to_be_bytes());
    }
}

/// An integer in any base, with underscores, as PostgreSQL reads it; `least` is how far below zero the type goes.
fn read(text: &str, type_name: &str, least: u64) -> Result<i64> {
    let invalid = || ValueError::invalid_text(type_name, text);
    let too_large = || ValueError::text_out_of_range(type_name, text);
    let trimmed = text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    let negative = trimmed.starts_with('-');
    let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, digits.get(2..).unwrap_or_default()),
        [b'0', b'o' | b'O', ..] => (8, digits.get(2..).unwrap_or_default()),
        [b'0', b'b' | b'B', ..] => (2, digits.get(2..).unwrap_or_default()),
        _ => (10, digits),
    };
    let mut value = 0u64;
    // An underscore stands between digits, or after the mark of another base.
    let mut may_separate = base != 10;
    for character in digits.chars() {
        match character.to_digit(base) {
            // What has grown too large is an error before what follows is looked at.
            Some(_) if value > least / u64::from(base) => return Err(too_large()),
            Some(digit) => {
                value = value * u64::from(base) + u64::from(digit);
                may_separate = true;
            }
            None if character == '_' && may_separate => may_separate = false,
            None => return Err(invalid()),
        }
    }
    if !digits.ends_with(|last: char| last.is_digit(base)) {
        return Err(invalid());
    }
    if value > least - u64::from(!negative) {
        return Err(too_large());
    }
    let value = value.cast_signed();
    Ok(if negative { value.wrapping_neg() } else { value })
}
