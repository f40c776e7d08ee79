//! How arrays are printed.

use super::{Array, MAX_BYTES, is_space};
use crate::{Result, ValueError};

impl Array {
    /// `array_out` of texts.
    pub fn print(&self) -> Result<String> {
        let mut text = String::new();
        print_array(self, b',', &mut text, |item, text| text.push_str(item))?;
        Ok(text)
    }
}

/// `array_out`: `item` writes the text of each one, which is quoted where it must be.
pub fn print_array<T>(
    array: &Array<T>,
    delimiter: u8,
    out: &mut String,
    mut item: impl FnMut(&T, &mut String),
) -> Result<()> {
    if array.items.is_empty() {
        out.push_str("{}");
        return Ok(());
    }
    if array.lower_bounds.iter().any(|&lower| lower != 1) {
        print_bounds(&array.lower_bounds, &array.dimensions, out);
        out.push('=');
    }
    let lengths: Vec<usize> =
        array.dimensions.iter().map(|&length| usize::try_from(length).unwrap_or(1).max(1)).collect();
    let mut scratch = String::new();
    for (at, value) in array.items.iter().enumerate() {
        if at > 0 {
            out.push(char::from(delimiter));
        }
        edges(at, &lengths, || out.push('{'));
        match value {
            None => out.push_str("NULL"),
            Some(value) => {
                scratch.clear();
                item(value, &mut scratch);
                if out.len().saturating_add(scratch.len()) > MAX_BYTES {
                    return Err(ValueError::too_long());
                }
                print_item(&scratch, delimiter, out);
            }
        }
        edges(at + 1, &lengths, || out.push('}'));
    }
    if out.len() > MAX_BYTES { Err(ValueError::too_long()) } else { Ok(()) }
}

/// One call for each dimension at whose edge an item's place lies.
fn edges(at: usize, lengths: &[usize], mut edge: impl FnMut()) {
    let mut size = 1usize;
    for &length in lengths.iter().rev() {
        size = size.saturating_mul(length);
        if !at.is_multiple_of(size) {
            return;
        }
        edge();
    }
}

/// An item as it stands in an array's text.
pub fn print_item(item: &str, delimiter: u8, out: &mut String) {
    let must_quote = |byte: u8| byte == delimiter || matches!(byte, b'"' | b'\\' | b'{' | b'}') || is_space(byte);
    if !item.is_empty() && !item.eq_ignore_ascii_case("null") && !item.bytes().any(must_quote) {
        out.push_str(item);
        return;
    }
    out.push('"');
    let mut run = 0;
    for (at, byte) in item.bytes().enumerate() {
        if matches!(byte, b'"' | b'\\') {
            out.push_str(item.get(run..at).unwrap_or_default());
            out.push('\\');
            run = at;
        }
    }
    out.push_str(item.get(run..).unwrap_or_default());
    out.push('"');
}

/// As in `[1:2][1:3]`.
pub(super) fn print_bounds(lower_bounds: &[i32], dimensions: &[i32], out: &mut String) {
    for (&lower, &length) in lower_bounds.iter().zip(dimensions) {
        let upper = i64::from(lower) + i64::from(length) - 1;
        out.push_str(&format!("[{lower}:{upper}]"));
    }
}
