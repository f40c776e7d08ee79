//! Ranges and multiranges in binary (`range_send` and `multirange_send` in PostgreSQL's rangetypes.c), of the texts that
//! they are held as: bounds in ISO forms, in UTC, in quotes where these are needed.
//!
//! A range: flags, then each bound that it has as length and value. A multirange: how many ranges, then each as length and
//! value.

use std::sync::LazyLock;

use bytes::BytesMut;

use super::cell::{FRAMED, append_fixed};
use super::datetime::{self, Layout};
use super::numeric;
use super::params_datetime::{parse_date, parse_timestamp};
use super::strings::write_measured;
use super::style::Style;
use super::types::oid;

/// The flags of `utils/rangetypes.h`.
pub(super) mod flag {
    pub const EMPTY: u8 = 0x01;
    pub const LOWER_INCLUSIVE: u8 = 0x02;
    pub const UPPER_INCLUSIVE: u8 = 0x04;
    pub const LOWER_INFINITE: u8 = 0x08;
    pub const UPPER_INFINITE: u8 = 0x10;
}

/// What ranges are of, the type of the ranges, and of multiranges of these.
const RANGES: [(u32, u32, u32); 6] = [
    (oid::INT4, 3904, 4451),
    (oid::NUMERIC, 3906, 4532),
    (oid::TIMESTAMP, 3908, 4533),
    (oid::TIMESTAMPTZ, 3910, 4534),
    (oid::DATE, 3912, 4535),
    (oid::INT8, 3926, 4536),
];

/// The type of a range's bounds.
pub(super) fn bound_of(range: u32) -> Option<u32> {
    RANGES.iter().find(|(_, known, _)| *known == range).map(|(bound, ..)| *bound)
}

/// The type of the ranges that a multirange is of.
pub(super) fn range_of(multirange: u32) -> Option<u32> {
    RANGES.iter().find(|(.., known)| *known == multirange).map(|(_, range, _)| *range)
}

/// Appends a range or multirange, without its length. `None`: the text isn't one.
pub(super) fn write(text: &str, kind_oid: u32, out: &mut BytesMut) -> Option<()> {
    match range_of(kind_oid) {
        Some(range) => write_ranges(text, bound_of(range)?, out),
        None => write_range(text, bound_of(kind_oid)?, out)?.is_empty().then_some(()),
    }
}

fn write_ranges(text: &str, bound: u32, out: &mut BytesMut) -> Option<()> {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    let mut rest = text.strip_prefix('{')?;
    let mut count = 0_u32;
    while rest != "}" {
        if count > 0 {
            rest = rest.strip_prefix(',')?;
        }
        let mut after = None;
        let written = write_measured::<FRAMED>(out, |out| {
            after = write_range(rest, bound, out);
            Ok(())
        });
        written.ok()?;
        rest = after?;
        count += 1;
    }
    out[start..start + 4].copy_from_slice(&count.to_be_bytes());
    Some(())
}

/// Appends the range that a text begins with; what follows it.
fn write_range<'t>(text: &'t str, bound: u32, out: &mut BytesMut) -> Option<&'t str> {
    if let Some(rest) = text.strip_prefix("empty") {
        out.extend_from_slice(&[flag::EMPTY]);
        return Some(rest);
    }
    let includes_lower = text.starts_with('[');
    let (lower, rest) = read_bound(text.strip_prefix(['[', '('])?)?;
    let (upper, rest) = read_bound(rest.strip_prefix(',')?)?;
    let includes_upper = rest.starts_with(']');
    let rest = rest.strip_prefix([']', ')'])?;
    let when = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
    let flags = when(includes_lower, flag::LOWER_INCLUSIVE)
        | when(includes_upper, flag::UPPER_INCLUSIVE)
        | when(lower.is_none(), flag::LOWER_INFINITE)
        | when(upper.is_none(), flag::UPPER_INFINITE);
    out.extend_from_slice(&[flags]);
    for value in [lower, upper].into_iter().flatten() {
        write_bound(value, bound, out)?;
    }
    Some(rest)
}

/// The bound that a text begins with, `None` if there is none, and what follows it. No bound has quotes in it.
fn read_bound(text: &str) -> Option<(Option<&str>, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        let (bound, rest) = quoted.split_once('"')?;
        return Some((Some(bound), rest));
    }
    let (bound, rest) = text.split_at(text.find([',', ']', ')'])?);
    Some(((!bound.is_empty()).then_some(bound), rest))
}

fn write_bound(text: &str, bound: u32, out: &mut BytesMut) -> Option<()> {
    static HELD: LazyLock<Style> = LazyLock::new(Style::default);
    match bound {
        oid::INT4 => append_fixed::<FRAMED, 4>(out, text.parse::<i32>().ok()?.to_be_bytes()),
        oid::INT8 => append_fixed::<FRAMED, 8>(out, text.parse::<i64>().ok()?.to_be_bytes()),
        oid::NUMERIC => numeric::write_binary_of_text::<FRAMED>(text, out)?,
        oid::DATE => {
            let days = parse_date(text, &HELD).ok()?;
            datetime::write_date::<FRAMED>(i64::from(days), true, Layout::Iso, out).ok()?;
        }
        _ => {
            let micros = parse_timestamp(text, bound == oid::TIMESTAMPTZ, &HELD).ok()?;
            datetime::write_timestamp::<FRAMED>(micros, true, Layout::Iso, None, out).ok()?;
        }
    }
    Some(())
}
