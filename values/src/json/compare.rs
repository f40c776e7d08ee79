//! jsonb's order, equality, containment and existence.

use std::cmp::Ordering;

use super::number;
use super::scan::{Kind, member};
use super::tree::{Json, jsonb_parse};
use crate::Result;

/// How jsonb orders values of different types.
fn rank(value: &Json<'_>) -> u8 {
    match value {
        Json::Null => 1,
        Json::String(_) => 2,
        Json::Number(_) => 3,
        Json::Bool(_) => 4,
        Json::Array(_) => 5,
        Json::Object(_) => 6,
    }
}

impl<'a> Json<'a> {
    /// The order of jsonb's btree, within a value.
    pub fn order(&self, other: &Json<'_>) -> Ordering {
        match (self, other) {
            (Json::Bool(a), Json::Bool(b)) => a.cmp(b),
            (Json::Number(a), Json::Number(b)) => number::compare(a, b),
            (Json::String(a), Json::String(b)) => a.as_bytes().cmp(b.as_bytes()),
            // The number of elements decides before the elements do.
            (Json::Array(a), Json::Array(b)) => a.len().cmp(&b.len()).then_with(|| {
                a.iter().zip(b).map(|(a, b)| a.order(b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
            }),
            (Json::Object(a), Json::Object(b)) => a.len().cmp(&b.len()).then_with(|| {
                a.iter()
                    .zip(b)
                    .map(|((ak, av), (bk, bv))| ak.as_bytes().cmp(bk.as_bytes()).then_with(|| av.order(bv)))
                    .find(|order| order.is_ne())
                    .unwrap_or(Ordering::Equal)
            }),
            _ => rank(self).cmp(&rank(other)),
        }
    }

    /// The order of jsonb's btree between whole values: a scalar counts as an array of one element, less than a real
    /// one (so that an empty array is less than all scalars).
    pub fn compare(&self, other: &Json<'_>) -> Ordering {
        match (self, other) {
            (Json::Object(_), _) | (_, Json::Object(_)) | (Json::Array(_), Json::Array(_)) => self.order(other),
            (Json::Array(items), _) => items.len().cmp(&1).then(Ordering::Greater),
            (_, Json::Array(items)) => 1.cmp(&items.len()).then(Ordering::Less),
            _ => self.order(other),
        }
    }

    /// Bytes that are ordered as whole values are; equal for equal values.
    pub fn sort_key(&self) -> Vec<u8> {
        let mut key = Vec::new();
        match self {
            Json::Array(items) => {
                key.push(5);
                write_count(items.len(), &mut key);
                key.push(1);
                items.iter().for_each(|item| item.write_sort_key(&mut key));
            }
            Json::Object(_) => self.write_sort_key(&mut key),
            scalar => {
                key.push(5);
                write_count(1, &mut key);
                key.push(0);
                scalar.write_sort_key(&mut key);
            }
        }
        key
    }

    fn write_sort_key(&self, key: &mut Vec<u8>) {
        key.push(rank(self));
        match self {
            Json::Null => {}
            Json::Bool(value) => key.push(u8::from(*value)),
            Json::Number(text) => number::write_sort_key(text, key),
            Json::String(text) => write_text(text, key),
            Json::Array(items) => {
                write_count(items.len(), key);
                items.iter().for_each(|item| item.write_sort_key(key));
            }
            Json::Object(pairs) => {
                write_count(pairs.len(), key);
                for (name, value) in pairs {
                    write_text(name, key);
                    value.write_sort_key(key);
                }
            }
        }
    }

    /// `@>`
    pub fn contains(&self, other: &Json<'a>) -> bool {
        match (self, other) {
            (Json::Object(_), Json::Object(_)) | (Json::Array(_), Json::Array(_)) => deep_contains(self, other),
            // A scalar counts as an array of it; it may be within an array, but not the other way round.
            (Json::Array(items), scalar) if !scalar.is_container() => items.iter().any(|item| equal(item, scalar)),
            (a, b) if !a.is_container() && !b.is_container() => equal(a, b),
            _ => false,
        }
    }

    /// `?`: a key of an object, or a string in an array or by itself.
    pub fn has_key(&self, key: &str) -> bool {
        match self {
            Json::Object(_) => self.get(key).is_some(),
            Json::Array(items) => items.iter().any(|item| matches!(item, Json::String(text) if text == key)),
            Json::String(text) => text == key,
            _ => false,
        }
    }
}

fn write_count(count: usize, key: &mut Vec<u8>) {
    key.extend(u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes());
}

/// Strings hold no zero byte, so that one can end them.
fn write_text(text: &str, key: &mut Vec<u8>) {
    key.extend(text.as_bytes());
    key.push(0);
}

fn equal(a: &Json<'_>, b: &Json<'_>) -> bool {
    a.order(b) == Ordering::Equal
}

/// Containment of two objects or two arrays.
fn deep_contains<'a>(whole: &Json<'a>, part: &Json<'a>) -> bool {
    match (whole, part) {
        (Json::Object(_), Json::Object(pairs)) => pairs.iter().all(|(key, wanted)| {
            whole.get(key).is_some_and(|value| {
                if wanted.is_container() { deep_contains(value, wanted) } else { equal(value, wanted) }
            })
        }),
        (Json::Array(items), Json::Array(wanted)) => {
            // Many scalars in many are found by order, not one by one.
            let sorted = (items.len().saturating_mul(wanted.len()) > 1024).then(|| {
                let mut scalars: Vec<_> = items.iter().filter(|item| !item.is_container()).collect();
                scalars.sort_unstable_by(|a, b| a.order(b));
                scalars
            });
            wanted.iter().all(|wanted| {
                if wanted.is_container() {
                    return items.iter().any(|item| deep_contains(item, wanted));
                }
                match &sorted {
                    Some(scalars) => scalars.binary_search_by(|item| item.order(wanted)).is_ok(),
                    None => items.iter().any(|item| equal(item, wanted)),
                }
            })
        }
        _ => false,
    }
}

/// jsonb's btree order.
pub fn jsonb_cmp(a: &str, b: &str) -> Result<Ordering> {
    if a == b {
        return Ok(Ordering::Equal);
    }
    Ok(jsonb_parse(a)?.compare(&jsonb_parse(b)?))
}

/// Bytes that are ordered as jsonb is, equal for equal values (1 and 1.0 are).
pub fn jsonb_sort_key(text: &str) -> Result<Vec<u8>> {
    Ok(jsonb_parse(text)?.sort_key())
}

/// `whole @> part`; `<@` has the operands the other way round.
pub fn jsonb_contains(whole: &str, part: &str) -> Result<bool> {
    jsonb_contains_tree(whole, &jsonb_parse(part)?)
}

/// As [`jsonb_contains`], for one part in many values.
pub fn jsonb_contains_tree(whole: &str, part: &Json<'_>) -> Result<bool> {
    match part {
        // A few keys are looked up in the text.
        Json::Object(pairs) if pairs.len() <= 8 => {
            if !whole.starts_with('{') {
                return Ok(false);
            }
            for (key, wanted) in pairs {
                let Some(value) = member(Kind::Jsonb, whole, key) else { return Ok(false) };
                let held = match wanted {
                    Json::Object(_) => jsonb_contains_tree(value, wanted)?,
                    Json::Array(_) => value.starts_with('[') && jsonb_parse(value)?.contains(wanted),
                    scalar => equal(&jsonb_parse_scalar(value)?, scalar),
                };
                if !held {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        _ => Ok(jsonb_parse(whole)?.contains(part)),
    }
}

/// A container stands for itself: it equals no scalar.
fn jsonb_parse_scalar(text: &str) -> Result<Json<'_>> {
    if text.starts_with(['{', '[']) { Ok(Json::Array(Vec::new())) } else { jsonb_parse(text) }
}

/// `?`
pub fn jsonb_exists(text: &str, key: &str) -> Result<bool> {
    jsonb_exists_any(text, &[Some(key)])
}

/// `?|`; nulls among the keys are passed over.
pub fn jsonb_exists_any(text: &str, keys: &[Option<&str>]) -> Result<bool> {
    // A few keys of an object are looked up in the text.
    if text.starts_with('{') && keys.len() <= 8 {
        return Ok(keys.iter().flatten().any(|key| member(Kind::Jsonb, text, key).is_some()));
    }
    let tree = jsonb_parse(text)?;
    Ok(keys.iter().flatten().any(|key| tree.has_key(key)))
}

/// `?&`; nulls among the keys are passed over.
pub fn jsonb_exists_all(text: &str, keys: &[Option<&str>]) -> Result<bool> {
    if text.starts_with('{') && keys.len() <= 8 {
        return Ok(keys.iter().flatten().all(|key| member(Kind::Jsonb, text, key).is_some()));
    }
    let tree = jsonb_parse(text)?;
    Ok(keys.iter().flatten().all(|key| tree.has_key(key)))
}
