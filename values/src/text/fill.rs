//! Texts made longer, or of other characters.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{bounded, byte_of};
use crate::Result;

/// `lpad(text, length, fill)`
pub fn lpad(text: &str, length: i32, fill: &str) -> Result<String> {
    let (kept, missing) = pad(text, length, fill)?;
    let mut result = String::with_capacity(kept.len() + missing);
    result.extend(fill.chars().cycle().take(missing));
    result.push_str(kept);
    Ok(result)
}

/// `rpad(text, length, fill)`
pub fn rpad(text: &str, length: i32, fill: &str) -> Result<String> {
    let (kept, missing) = pad(text, length, fill)?;
    let mut result = String::with_capacity(kept.len() + missing);
    result.push_str(kept);
    result.extend(fill.chars().cycle().take(missing));
    Ok(result)
}

/// What stays of a text, and how many characters are missing.
fn pad<'t>(text: &'t str, length: i32, fill: &str) -> Result<(&'t str, usize)> {
    let length = usize::try_from(length).unwrap_or(0);
    let kept = text.get(..byte_of(text, length)).unwrap_or("");
    let missing = match fill.is_empty() {
        true => 0,
        false => length - kept.chars().count(),
    };
    let widest = fill.chars().map(char::len_utf8).max().unwrap_or(1);
    bounded(missing.saturating_mul(widest).saturating_add(kept.len()))?;
    Ok((kept, missing))
}

/// `repeat(text, n)`
pub fn repeat(text: &str, count: i32) -> Result<String> {
    let count = usize::try_from(count).unwrap_or(0);
    bounded(text.len().saturating_mul(count))?;
    Ok(text.repeat(count))
}

/// `replace(text, from, to)`
pub fn replace<'t>(text: &'t str, from: &str, to: &str) -> Result<Cow<'t, str>> {
    if from.is_empty() {
        return Ok(Cow::Borrowed(text));
    }
    let mut matches = text.match_indices(from).peekable();
    if matches.peek().is_none() {
        return Ok(Cow::Borrowed(text));
    }
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for (at, _) in matches {
        result.push_str(text.get(done..at).unwrap_or(""));
        result.push_str(to);
        bounded(result.len())?;
        done = at + from.len();
    }
    result.push_str(text.get(done..).unwrap_or(""));
    bounded(result.len())?;
    Ok(Cow::Owned(result))
}

/// `translate(text, from, to)`: each character of `from` becomes the one at its place in `to`, or nothing.
pub fn translate(text: &str, from: &str, to: &str) -> Result<String> {
    // A character becomes up to four times as long.
    bounded(text.len())?;
    let mut result = String::with_capacity(text.len());
    if from.len() <= 16 {
        for c in text.chars() {
            match from.chars().position(|other| other == c) {
                Some(place) => result.extend(to.chars().nth(place)),
                None => result.push(c),
            }
        }
    } else {
        let mut to = to.chars();
        let mut by_char = HashMap::new();
        for c in from.chars() {
            let new = to.next();
            by_char.entry(c).or_insert(new);
        }
        result.extend(text.chars().filter_map(|c| by_char.get(&c).copied().unwrap_or(Some(c))));
    }
    bounded(result.len())?;
    Ok(result)
}

/// `reverse(text)`
pub fn reverse(text: &str) -> String {
    text.chars().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_filled_as_postgresql_fills_them() {
        assert_eq!(lpad("hi", 5, "xy").as_deref(), Ok("xyxhi"));
        assert_eq!(rpad("hi", 1, "xy").as_deref(), Ok("h"));
        assert_eq!(rpad("äö", 4, "é").as_deref(), Ok("äöéé"));
        assert_eq!(lpad("hi", 5, "").as_deref(), Ok("hi"));
        assert_eq!(lpad("hi", -5, " ").as_deref(), Ok(""));
        assert_eq!(lpad("a", 2_000_000_000, " ").unwrap_err().message, "requested length too large");
        assert_eq!(repeat("ab", 3).as_deref(), Ok("ababab"));
        assert_eq!(repeat("ab", -3).as_deref(), Ok(""));
        assert_eq!(repeat("a", i32::MAX).unwrap_err().code, "54000");
        assert_eq!(replace("abcabc", "b", "xx").as_deref(), Ok("axxcaxxc"));
        assert_eq!(replace("aaa", "aa", "").as_deref(), Ok("a"));
        assert_eq!(replace("abc", "", "x").as_deref(), Ok("abc"));
        assert_eq!(translate("12345", "143", "ax").as_deref(), Ok("a2x5"));
        assert_eq!(translate("aab", "aa", "xy").as_deref(), Ok("xxb"));
        assert_eq!(translate("äaz", "abcdefghijklmnopqrstuvwxyzä", "A").as_deref(), Ok("A"));
        assert_eq!(reverse("añb"), "bña");
    }
}
