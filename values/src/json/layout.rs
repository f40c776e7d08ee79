//! Where PostgreSQL would store a value within a jsonb: `.keyvalue()` gives these offsets as ids.

use std::collections::HashMap;

use super::number::stored_digits;
use super::tree::Json;

fn aligned(at: usize) -> usize {
    at.next_multiple_of(4)
}

/// Where a value ends that is stored at `at`; `found` is told where each container starts.
fn value_end<'j>(value: &'j Json<'j>, at: usize, found: &mut impl FnMut(&'j Json<'j>, usize)) -> usize {
    match value {
        Json::Null | Json::Bool(_) => at,
        Json::String(text) => at + text.len(),
        Json::Number(text) => {
            let (digits, weight, scale) = stored_digits(text);
            let short = scale <= 63 && (-64..=63).contains(&weight);
            aligned(at) + if short { 6 } else { 8 } + 2 * digits
        }
        Json::Array(items) => {
            let at = aligned(at);
            found(value, at);
            items.iter().fold(at + 4 + 4 * items.len(), |at, item| value_end(item, at, found))
        }
        Json::Object(pairs) => {
            let at = aligned(at);
            found(value, at);
            let keys: usize = pairs.iter().map(|(key, _)| key.len()).sum();
            pairs.iter().fold(at + 4 + 8 * pairs.len() + keys, |at, (_, value)| value_end(value, at, found))
        }
    }
}

/// The offsets of all containers, by their addresses.
pub(super) fn offsets<'j>(root: &'j Json<'j>) -> HashMap<*const Json<'j>, usize> {
    let mut offsets = HashMap::new();
    value_end(root, 0, &mut |container, at| {
        offsets.insert(std::ptr::from_ref(container), at);
    });
    offsets
}

/// Where the value starts in an object that `.keyvalue()` makes: behind the header, the keys, the id and the key.
pub(super) fn pair_value_offset(id: i64, key_len: usize) -> usize {
    let keys = 4 + 8 * 3 + "idkeyvalue".len();
    let id_end = value_end(&Json::Number(id.to_string().into()), keys, &mut |_, _| {});
    aligned(id_end + key_len)
}
