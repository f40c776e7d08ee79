//! `.keyvalue()` of a jsonpath, with the ids that PostgreSQL gives.

use std::borrow::Cow;
use std::rc::Rc;

use super::layout;
use super::path::Node;
use super::path_exec::{Base, Exec, Sink, Status};
use super::path_item::{Item, Pair};
use super::tree::Json;
use crate::{Result, code};

impl<'a> Exec<'a> {
    /// `.keyvalue()` of an object.
    pub(super) fn key_values(&mut self, item: &Item<'a>, rest: &'a [Node], mut found: Sink<'_, 'a>) -> Result<Status> {
        if !item.is_object() {
            return self.fail(code::SQL_JSON_OBJECT_NOT_FOUND, || {
                "jsonpath item method .keyvalue() can only be applied to an object".to_string()
            });
        }
        let id = self.object_id(item);
        let mut status = Status::NotFound;
        for index in 0..item.count() {
            if rest.is_empty() && found.is_none() {
                return Ok(Status::Ok);
            }
            self.step()?;
            let key = match item {
                Item::Ref(Json::Object(pairs)) => pairs.get(index).map(|(key, _)| Cow::Borrowed(key.as_ref())),
                _ => ["id", "key", "value"].get(index).copied().map(Cow::Borrowed),
            };
            let Some((key, value)) = key.zip(item.child(index)) else { break };
            let start = layout::pair_value_offset(id, key.len());
            let value_base = match value {
                Item::Ref(json) => Some((json, start)),
                _ => None,
            };
            let base = std::mem::replace(&mut self.base, Base { value: value_base, id: self.next_object });
            self.next_object += 1;
            status = self.next(rest, &Item::Pair(Rc::new(Pair { id, key, value })), found.as_deref_mut())?;
            self.base = base;
            if status == Status::Error || (status == Status::Ok && found.is_none()) {
                break;
            }
        }
        Ok(status)
    }

    /// PostgreSQL's id of an object: where it is stored within the base object, and the base object's number.
    fn object_id(&mut self, item: &Item<'a>) -> i64 {
        let (root, vars) = (self.root, self.options.vars);
        let offsets = self.offsets.get_or_insert_with(|| {
            let mut offsets = layout::offsets(root);
            offsets.extend(vars.map(layout::offsets).into_iter().flatten());
            offsets
        });
        let offset_of = |json| offsets.get(&std::ptr::from_ref(json)).copied().unwrap_or_default();
        let offset = match (item, self.base.value) {
            (Item::Ref(object), Some((base, start))) => {
                start.saturating_add(offset_of(object)).saturating_sub(offset_of(base))
            }
            _ => 0,
        };
        i64::try_from(offset).unwrap_or(i64::MAX).saturating_add(self.base.id.saturating_mul(10_000_000_000))
    }
}
