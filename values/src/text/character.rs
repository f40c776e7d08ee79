//! Characters' classes and cases as the C library gives them to PostgreSQL in C.UTF-8: a character becomes one
//! character, never several.

use std::borrow::Cow;
use std::sync::OnceLock;

use regex_syntax::hir::{Class, ClassUnicode, HirKind};

/// `lower(text)`
pub fn lower(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => Cow::Owned(text.to_ascii_lowercase()),
            false => Cow::Borrowed(text),
        };
    }
    Cow::Owned(text.chars().map(simple_lower).collect())
}

/// `upper(text)`
pub fn upper(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return match text.bytes().any(|byte| byte.is_ascii_lowercase()) {
            true => Cow::Owned(text.to_ascii_uppercase()),
            false => Cow::Borrowed(text),
        };
    }
    Cow::Owned(text.chars().map(simple_upper).collect())
}

/// `initcap(text)`: each word with a capital, where words are letters and digits.
pub fn initcap(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut in_word = false;
    for c in text.chars() {
        let c = if in_word { simple_lower(c) } else { simple_upper(c) };
        in_word = is_alnum(c);
        result.push(c);
    }
    result
}

pub(crate) fn simple_lower(c: char) -> char {
    match c.is_ascii() {
        true => c.to_ascii_lowercase(),
        // U+0130 is the only one that std makes two characters of: the first is what the C library gives.
        false => c.to_lowercase().next().unwrap_or(c),
    }
}

pub(crate) fn simple_upper(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_uppercase();
    }
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) => one,
        _ => titlecase_of_iota(c),
    }
}

/// Greek letters with an iota below have a capital of one character in the titlecase forms; std writes two.
fn titlecase_of_iota(c: char) -> char {
    let shift = match c as u32 {
        0x1f80..=0x1f87 | 0x1f90..=0x1f97 | 0x1fa0..=0x1fa7 => 8,
        0x1fb3 | 0x1fc3 | 0x1ff3 => 9,
        _ => 0,
    };
    char::from_u32(c as u32 + shift).unwrap_or(c)
}

/// A letter; decimal digits other than ASCII's count as letters.
fn is_alpha(c: char) -> bool {
    match c.is_ascii() {
        true => c.is_ascii_alphabetic(),
        false => c.is_alphabetic() || (c.is_numeric() && is_decimal(c)),
    }
}

pub(crate) fn is_alnum(c: char) -> bool {
    is_alpha(c) || c.is_ascii_digit()
}

fn is_decimal(c: char) -> bool {
    static DECIMALS: OnceLock<ClassUnicode> = OnceLock::new();
    let ranges = DECIMALS.get_or_init(|| unicode_class(r"\d")).ranges();
    let after = ranges.partition_point(|range| range.start() <= c);
    after.checked_sub(1).and_then(|at| ranges.get(at)).is_some_and(|range| c <= range.end())
}

/// The class of a pattern that is one class.
pub(crate) fn unicode_class(pattern: &str) -> ClassUnicode {
    match regex_syntax::parse(pattern).map(|hir| hir.into_kind()) {
        Ok(HirKind::Class(Class::Unicode(class))) => class,
        _ => ClassUnicode::empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_becomes_one_character() {
        assert_eq!(lower("ÀÉİẞǅ Ab"), "àéißǆ ab");
        assert_eq!(upper("ßéǆŉᾀᾳ ab"), "ßÉǄŉᾈᾼ AB");
        assert_eq!(initcap("ǆabc éa ßa hi THOMAS o'neil x²y"), "Ǆabc Éa ßa Hi Thomas O'Neil X²Y");
        assert!(is_alpha('٣') && !is_alpha('3') && !is_alpha('²') && is_alnum('Ⅷ'));
    }
}
