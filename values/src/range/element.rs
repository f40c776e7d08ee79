//! The element types that Rust has itself.

use std::cmp::Ordering;
use std::fmt::Write;

use super::Subtype;
use crate::numeric::integer::{parse_i32, parse_i64};
use crate::{Result, ValueError};

/// Of `int4range`.
pub struct Int4;

/// Of `int8range`.
pub struct Int8;

impl Subtype for Int4 {
    type Value = i32;

    fn read(&self, text: &str) -> Result<i32> {
        parse_i32(text)
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
        parse_i64(text)
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
