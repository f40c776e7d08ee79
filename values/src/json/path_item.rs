//! What a jsonpath is evaluated to: values within the document, and computed ones.

use std::borrow::Cow;
use std::rc::Rc;

use super::path::Found;
use super::path_datetime::Datetime;
use super::tree::Json;
use crate::{Result, ValueError};

/// How many values may be copied into the results.
const MAX_COPIED: usize = 4_000_000;

/// An SQL/JSON item.
#[derive(Debug, Clone)]
pub(super) enum Item<'a> {
    Ref(&'a Json<'a>),
    /// A computed scalar.
    Val(Json<'a>),
    Time(Datetime),
    Pair(Rc<Pair<'a>>),
}

/// An object that `.keyvalue()` made: its id, key and value.
#[derive(Debug)]
pub(super) struct Pair<'a> {
    pub(super) id: i64,
    pub(super) key: Cow<'a, str>,
    pub(super) value: Item<'a>,
}

impl<'a> Pair<'a> {
    /// In the order they are stored.
    fn members(&self) -> [(&'static str, Item<'a>); 3] {
        [
            ("id", Item::number(self.id.to_string())),
            ("key", Item::Val(Json::String(self.key.clone()))),
            ("value", self.value.clone()),
        ]
    }
}

impl<'a> Item<'a> {
    pub(super) fn number(text: impl Into<Cow<'a, str>>) -> Self {
        Item::Val(Json::Number(text.into()))
    }

    pub(super) fn json(&self) -> Option<&Json<'a>> {
        match self {
            Item::Ref(json) => Some(json),
            Item::Val(json) => Some(json),
            Item::Time(_) | Item::Pair(_) => None,
        }
    }

    pub(super) fn is_array(&self) -> bool {
        matches!(self, Item::Ref(Json::Array(_)))
    }

    pub(super) fn is_object(&self) -> bool {
        matches!(self, Item::Ref(Json::Object(_)) | Item::Pair(_))
    }

    pub(super) fn number_text(&self) -> Option<&str> {
        match self.json() {
            Some(Json::Number(text)) => Some(text),
            _ => None,
        }
    }

    pub(super) fn string_text(&self) -> Option<&str> {
        match self.json() {
            Some(Json::String(text)) => Some(text),
            _ => None,
        }
    }

    /// As `.type()` names it.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Item::Ref(json) => json.type_name(),
            Item::Val(json) => json.type_name(),
            Item::Time(time) => time.type_name(),
            Item::Pair(_) => "object",
        }
    }

    /// How many values a container has.
    pub(super) fn count(&self) -> usize {
        match self {
            Item::Ref(Json::Array(items)) => items.len(),
            Item::Ref(Json::Object(pairs)) => pairs.len(),
            Item::Pair(_) => 3,
            _ => 0,
        }
    }

    /// One of a container's values, in the order they are stored.
    pub(super) fn child(&self, index: usize) -> Option<Item<'a>> {
        match self {
            Item::Ref(Json::Array(items)) => items.get(index).map(Item::Ref),
            Item::Ref(Json::Object(pairs)) => pairs.get(index).map(|(_, value)| Item::Ref(value)),
            Item::Pair(pair) => pair.members().into_iter().nth(index).map(|(_, value)| value),
            _ => None,
        }
    }

    pub(super) fn member(&self, name: &str) -> Option<Item<'a>> {
        match self {
            Item::Ref(json) => json.get(name).map(Item::Ref),
            Item::Pair(pair) => pair.members().into_iter().find(|(key, _)| *key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    pub(super) fn into_found(self, copied: &mut usize) -> Result<Found<'a>> {
        match self {
            Item::Ref(json) => Ok(Found::Within(json)),
            item => item.into_json(copied).map(Found::Computed),
        }
    }

    fn into_json(self, copied: &mut usize) -> Result<Json<'a>> {
        Ok(match self {
            Item::Ref(json) => {
                *copied += json.nodes();
                if *copied > MAX_COPIED {
                    return Err(ValueError::too_long());
                }
                json.clone()
            }
            Item::Val(json) => json,
            Item::Time(time) => Json::String(time.to_string().into()),
            Item::Pair(pair) => {
                let members =
                    pair.members().into_iter().map(|(key, value)| Ok((Cow::Borrowed(key), value.into_json(copied)?)));
                Json::Object(members.collect::<Result<_>>()?)
            }
        })
    }
}
