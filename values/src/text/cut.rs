//! Parts of texts and places in them.

use super::{bounded, byte_of};
use crate::{Result, ValueError, code};

fn negative_length() -> ValueError {
    ValueError::new(code::SUBSTRING_ERROR, "negative substring length not allowed")
}

/// The first place and the one after the last, counted from 0, of `substr(_, start, count)`: places before the first
/// count, too.
pub(crate) fn substr_places(start: i32, count: Option<i32>) -> Result<(usize, usize)> {
    let start = i64::from(start);
    let end = match count {
        Some(count) if count < 0 => return Err(negative_length()),
        Some(count) => start + i64::from(count),
        None => i64::MAX,
    };
    let first = usize::try_from(start.max(1) - 1).unwrap_or(0);
    let last = usize::try_from(end.max(1) - 1).unwrap_or(usize::MAX);
    Ok((first, last.max(first)))
}

/// `substr(text, start, count)`
pub fn substr(text: &str, start: i32, count: Option<i32>) -> Result<&str> {
    let (first, last) = substr_places(start, count)?;
    let rest = text.get(byte_of(text, first)..).unwrap_or("");
    Ok(rest.get(..byte_of(rest, last - first)).unwrap_or(""))
}

/// `left(text, n)`: all but the last -n if n is negative.
pub fn left(text: &str, count: i32) -> &str {
    let count = match usize::try_from(count) {
        Ok(count) => count,
        Err(_) => text.chars().count().saturating_sub(count.unsigned_abs() as usize),
    };
    text.get(..byte_of(text, count)).unwrap_or("")
}

/// `right(text, n)`: all but the first -n if n is negative.
pub fn right(text: &str, count: i32) -> &str {
    // The negation of the least integer isn't positive in PostgreSQL, and skips nothing.
    let skipped = match usize::try_from(count) {
        Err(_) if count == i32::MIN => 0,
        Ok(count) => text.chars().count().saturating_sub(count),
        Err(_) => count.unsigned_abs() as usize,
    };
    text.get(byte_of(text, skipped)..).unwrap_or("")
}

/// Where the head of `overlay` ends and its tail starts, as places from 1.
pub(crate) fn overlay_places(start: i32, count: i32) -> Result<(i32, i32)> {
    if start <= 0 {
        return Err(negative_length());
    }
    let after = start.checked_add(count).ok_or_else(|| ValueError::out_of_range("integer"))?;
    Ok((start - 1, after))
}

/// `overlay(text placing new from start for count)`; without a count, as many as `new` has.
pub fn overlay(text: &str, new: &str, start: i32, count: Option<i32>) -> Result<String> {
    let (head, after) = overlay_places(start, count.unwrap_or_else(|| super::length(new)))?;
    let head = substr(text, 1, Some(head))?;
    let tail = substr(text, after, None)?;
    bounded(head.len() + new.len() + tail.len())?;
    Ok([head, new, tail].concat())
}

/// `position(text in within)`, `strpos(within, text)`: from 1, or 0.
pub fn position(text: &str, within: &str) -> i32 {
    match within.find(text) {
        Some(at) => within.get(..at).map_or(0, |before| before.chars().count() as i32) + 1,
        None => 0,
    }
}

/// `starts_with(text, prefix)`
pub fn starts_with(text: &str, prefix: &str) -> bool {
    text.starts_with(prefix)
}

/// `split_part(text, delimiter, n)`: from the end if n is negative.
pub fn split_part<'t>(text: &'t str, delimiter: &str, place: i32) -> Result<&'t str> {
    if place == 0 {
        return Err(ValueError::invalid_parameter("field position must not be zero"));
    }
    if delimiter.is_empty() {
        return Ok(if matches!(place, 1 | -1) { text } else { "" });
    }
    let nth = place.unsigned_abs() as usize - 1;
    if place > 0 {
        return Ok(text.split(delimiter).nth(nth).unwrap_or(""));
    }
    // Delimiters are found from the start also then: they may overlap.
    let fields = text.split(delimiter).count();
    Ok(fields.checked_sub(nth + 1).and_then(|at| text.split(delimiter).nth(at)).unwrap_or(""))
}

/// `btrim(text, characters)`
pub fn btrim<'t>(text: &'t str, set: &str) -> &'t str {
    ltrim(rtrim(text, set), set)
}

/// `ltrim(text, characters)`
pub fn ltrim<'t>(text: &'t str, set: &str) -> &'t str {
    match one_byte(set) {
        Some(byte) => text.trim_start_matches(byte),
        None => text.trim_start_matches(|c| set.contains(c)),
    }
}

/// `rtrim(text, characters)`
pub fn rtrim<'t>(text: &'t str, set: &str) -> &'t str {
    match one_byte(set) {
        Some(byte) => text.trim_end_matches(byte),
        None => text.trim_end_matches(|c| set.contains(c)),
    }
}

fn one_byte(set: &str) -> Option<char> {
    match set.as_bytes() {
        [byte] => Some(char::from(*byte)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_as_postgresql_cuts_them() {
        assert_eq!(substr("alphabet", 3, None), Ok("phabet"));
        assert_eq!(substr("alphabet", 0, Some(3)), Ok("al"));
        assert_eq!(substr("alphabet", -2, Some(4)), Ok("a"));
        assert_eq!(substr("äöü", 2, Some(i32::MAX)), Ok("öü"));
        assert_eq!(substr("abc", i32::MAX, Some(i32::MAX)), Ok(""));
        assert_eq!(substr("a", 1, Some(-1)).unwrap_err().code, "22011");
        assert_eq!((left("abcde", 2), left("abcde", -2), left("abc", -5)), ("ab", "abc", ""));
        assert_eq!((right("abcde", 2), right("abcde", -2), right("abc", i32::MIN)), ("de", "cde", "abc"));
        assert_eq!(split_part("abc,def,ghi", ",", -2), Ok("def"));
        assert_eq!(split_part("aaa", "aa", -1), Ok("a"));
        assert_eq!(split_part("abc", "", 2), Ok(""));
        assert_eq!(split_part("a", ",", i32::MIN), Ok(""));
        assert_eq!(split_part("abc", "", 0).unwrap_err().message, "field position must not be zero");
        assert_eq!(overlay("Txxxxas", "hom", 2, Some(4)).as_deref(), Ok("Thomas"));
        assert_eq!(overlay("abc", "x", 2, Some(-5)).as_deref(), Ok("axabc"));
        assert_eq!(overlay("abc", "x", i32::MAX, Some(10)).unwrap_err().message, "integer out of range");
        assert_eq!(overlay("abc", "x", 0, None).unwrap_err().code, "22011");
        assert_eq!((position("phab", "älphabet"), position("", ""), position("x", "abc")), (3, 1, 0));
        assert_eq!(
            (btrim("xyäxyx", "xy"), ltrim("  a ", " "), rtrim("aéé", "é"), btrim("a", "")),
            ("ä", "a ", "a", "a")
        );
    }
}
