//! What changes a jsonb: `||`, `-`, `#-`, jsonb_set, jsonb_set_lax, jsonb_insert.

use std::borrow::Cow;

use super::scan::path_index;
use super::tree::{Json, jsonb_parse, key_order};
use crate::{Result, ValueError, code};

/// `||`
pub fn jsonb_concat(a: &str, b: &str) -> Result<String> {
    let joined = match (jsonb_parse(a)?, jsonb_parse(b)?) {
        (Json::Object(mut pairs), Json::Object(more)) => {
            pairs.extend(more);
            Json::object(pairs)
        }
        (a, b) => {
            let mut items = as_array(a);
            items.extend(as_array(b));
            Json::Array(items)
        }
    };
    joined.to_text()
}

fn as_array(value: Json<'_>) -> Vec<Json<'_>> {
    match value {
        Json::Array(items) => items,
        value => vec![value],
    }
}

fn delete_from_scalar() -> ValueError {
    ValueError::invalid_parameter("cannot delete from scalar")
}

/// `- text`
pub fn jsonb_delete(text: &str, key: &str) -> Result<String> {
    jsonb_delete_array(text, &[Some(key)])
}

/// `- text[]`; nulls among the keys are passed over.
pub fn jsonb_delete_array(text: &str, keys: &[Option<&str>]) -> Result<String> {
    let mut tree = jsonb_parse(text)?;
    let mut keys: Vec<&str> = keys.iter().flatten().copied().collect();
    keys.sort_unstable();
    let gone = |text: &str| keys.binary_search(&text).is_ok();
    match &mut tree {
        Json::Object(pairs) => pairs.retain(|(key, _)| !gone(key)),
        Json::Array(items) => items.retain(|item| !matches!(item, Json::String(text) if gone(text))),
        _ => return Err(delete_from_scalar()),
    }
    tree.to_text()
}

/// `- integer`; a negative index counts from the end.
pub fn jsonb_delete_index(text: &str, index: i32) -> Result<String> {
    let mut tree = jsonb_parse(text)?;
    match &mut tree {
        Json::Object(_) => {
            return Err(ValueError::invalid_parameter("cannot delete from object using integer index"));
        }
        Json::Array(items) => {
            if let Some(at) = from_either_end(index, items.len()).filter(|&at| at < items.len()) {
                items.remove(at);
            }
        }
        _ => return Err(delete_from_scalar()),
    }
    tree.to_text()
}

/// Where an index is that counts from the end when it is negative; `None` before the start.
fn from_either_end(index: i32, len: usize) -> Option<usize> {
    if index >= 0 {
        return usize::try_from(index).ok();
    }
    len.checked_sub(usize::try_from(index.unsigned_abs()).ok()?)
}

/// What is done where a path ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Delete,
    Replace,
    /// Replace, or add what isn't there.
    Create,
    InsertBefore,
    InsertAfter,
}

impl Action {
    fn adds(self) -> bool {
        matches!(self, Action::Create | Action::InsertBefore | Action::InsertAfter)
    }
}

struct Change<'p, 'a> {
    path: &'p [Option<&'p str>],
    action: Action,
    new: Json<'a>,
}

impl<'p: 'a, 'a> Change<'p, 'a> {
    fn apply(&self, value: &mut Json<'a>, level: usize) -> Result<()> {
        let step = match (&value, self.path.get(level)) {
            (_, None) => return Ok(()),
            (_, Some(Some(step))) => *step,
            (_, Some(None)) => {
                let message = format!("path element at position {} is null", level + 1);
                return Err(ValueError::new(code::NULL_NOT_ALLOWED, message));
            }
        };
        match value {
            Json::Object(pairs) => self.object(pairs, step, level),
            Json::Array(items) => self.array(items, step, level),
            _ => Ok(()),
        }
    }

    fn last(&self, level: usize) -> bool {
        level + 1 == self.path.len()
    }

    fn object(&self, pairs: &mut Vec<(Cow<'a, str>, Json<'a>)>, step: &'p str, level: usize) -> Result<()> {
        match pairs.binary_search_by(|(key, _)| key_order(key, step)) {
            Ok(at) if !self.last(level) => {
                if let Some((_, value)) = pairs.get_mut(at) {
                    self.apply(value, level + 1)?;
                }
            }
            Ok(at) => match self.action {
                Action::InsertBefore | Action::InsertAfter => {
                    return Err(ValueError::invalid_parameter("cannot replace existing key")
                        .hint("Try using the function jsonb_set to replace key value."));
                }
                Action::Delete => drop(pairs.remove(at)),
                Action::Replace | Action::Create => {
                    if let Some((_, value)) = pairs.get_mut(at) {
                        *value = self.new.clone();
                    }
                }
            },
            Err(at) if self.last(level) && self.action.adds() => {
                pairs.insert(at, (Cow::Borrowed(step), self.new.clone()));
            }
            Err(_) => {}
        }
        Ok(())
    }

    fn array(&self, items: &mut Vec<Json<'a>>, step: &str, level: usize) -> Result<()> {
        let Some(index) = path_index(step) else {
            let message = format!("path element at position {} is not an integer: \"{step}\"", level + 1);
            return Err(ValueError::new(code::INVALID_TEXT_REPRESENTATION, message));
        };
        let at = from_either_end(index, items.len());
        if !self.last(level) {
            return match at.and_then(|at| items.get_mut(at)) {
                Some(item) => self.apply(item, level + 1),
                None => Ok(()),
            };
        }
        match at.filter(|&at| at < items.len()) {
            Some(at) => match self.action {
                Action::Delete => drop(items.remove(at)),
                Action::Replace | Action::Create => {
                    if let Some(item) = items.get_mut(at) {
                        *item = self.new.clone();
                    }
                }
                Action::InsertBefore => items.insert(at, self.new.clone()),
                Action::InsertAfter => items.insert(at + 1, self.new.clone()),
            },
            // Beyond the array's ends.
            None if self.action.adds() => {
                items.insert(if index < 0 { 0 } else { items.len() }, self.new.clone());
            }
            None => {}
        }
        Ok(())
    }
}

fn change(target: &str, path: &[Option<&str>], action: Action, new: &str) -> Result<String> {
    let mut tree = jsonb_parse(target)?;
    if !tree.is_container() {
        let what = if action == Action::Delete { "cannot delete path in scalar" } else { "cannot set path in scalar" };
        return Err(ValueError::invalid_parameter(what));
    }
    let empty = matches!(&tree, Json::Array(items) if items.is_empty())
        || matches!(&tree, Json::Object(pairs) if pairs.is_empty());
    if path.is_empty() || (empty && !action.adds()) {
        return tree.to_text();
    }
    let new = jsonb_parse(new)?;
    Change { path, action, new }.apply(&mut tree, 0)?;
    tree.to_text()
}

/// `#-`
pub fn jsonb_delete_path(text: &str, path: &[Option<&str>]) -> Result<String> {
    change(text, path, Action::Delete, "null")
}

pub fn jsonb_set(target: &str, path: &[Option<&str>], new: &str, create_if_missing: bool) -> Result<String> {
    change(target, path, if create_if_missing { Action::Create } else { Action::Replace }, new)
}

pub fn jsonb_insert(target: &str, path: &[Option<&str>], new: &str, insert_after: bool) -> Result<String> {
    change(target, path, if insert_after { Action::InsertAfter } else { Action::InsertBefore }, new)
}

/// `None` gives NULL. The caller gives NULL itself where the target, the path or `create_if_missing` is.
pub fn jsonb_set_lax(
    target: &str,
    path: &[Option<&str>],
    new: Option<&str>,
    create_if_missing: bool,
    null_value_treatment: Option<&str>,
) -> Result<String> {
    let treatment = match null_value_treatment {
        Some(known @ ("raise_exception" | "use_json_null" | "delete_key" | "return_target")) => known,
        _ if new.is_some() && null_value_treatment.is_some() => "",
        _ => {
            return Err(ValueError::invalid_parameter(
                "null_value_treatment must be \"delete_key\", \"return_target\", \"use_json_null\", or \
                 \"raise_exception\"",
            ));
        }
    };
    match (new, treatment) {
        (Some(new), _) => jsonb_set(target, path, new, create_if_missing),
        (None, "raise_exception") => Err(ValueError::new(code::NULL_NOT_ALLOWED, "JSON value must not be null")
            .detail("Exception was raised because null_value_treatment is \"raise_exception\".")
            .hint(
                "To avoid, either change the null_value_treatment argument or ensure that an SQL NULL is not passed.",
            )),
        (None, "use_json_null") => jsonb_set(target, path, "null", create_if_missing),
        (None, "delete_key") => jsonb_delete_path(target, path),
        (None, _) => Ok(target.to_string()),
    }
}
