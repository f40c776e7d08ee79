//! Texts: PostgreSQL's string functions (documentation, 9.4) and the casts of its character types. Characters are
//! counted, not bytes.

mod base;
mod cast;
mod character;
mod code;
mod cut;
mod digest;
mod encode;
mod fill;
mod format;
mod keyword;
mod list;
mod quote;
mod unicode;

pub use base::{to_bin, to_hex, to_oct};
pub use cast::{
    bool_in, bool_out, bool_to_text, bpchar, bpchar_to_text, char_from_int, char_in, char_out, char_to_int,
    char_to_text, name, text_to_char, varchar,
};
pub use character::{initcap, lower, upper};
pub(crate) use character::{is_alnum, simple_lower, simple_upper, unicode_class};
pub use code::{ascii, chr, unistr};
pub use cut::{btrim, left, ltrim, overlay, position, right, rtrim, split_part, starts_with, substr};
pub(crate) use cut::{overlay_places, substr_places};
pub use digest::{md5, sha224, sha256, sha384, sha512};
pub use encode::{decode, encode};
pub(crate) use encode::{push_hex, push_octal, unescape, unhex};
pub use fill::{lpad, repeat, replace, reverse, rpad, translate};
pub use format::format;
pub use list::{array_to_string, concat, concat_ws, string_to_array};
pub use quote::{parse_ident, quote_ident, quote_literal, quote_nullable};
pub use unicode::{is_normalized, normalize, unicode_assigned};

use crate::{Result, ValueError};

/// No result is longer, in bytes.
pub(crate) const MAX_BYTES: usize = 64 << 20;

pub(crate) fn bounded(bytes: usize) -> Result<()> {
    if bytes <= MAX_BYTES { Ok(()) } else { Err(ValueError::too_long()) }
}

/// The byte at which the character of a place, counted from 0, begins; the end if there are fewer.
pub(crate) fn byte_of(text: &str, place: usize) -> usize {
    if place >= text.len() {
        return text.len();
    }
    if text.is_ascii() {
        return place;
    }
    text.char_indices().nth(place).map_or(text.len(), |(at, _)| at)
}

/// `length(text)`
pub fn length(text: &str) -> i32 {
    text.chars().count() as i32
}

/// `octet_length(text)`
pub fn octet_length(text: &str) -> i32 {
    text.len() as i32
}

/// `bit_length(text)`
pub fn bit_length(text: &str) -> i32 {
    text.len().saturating_mul(8) as i32
}
