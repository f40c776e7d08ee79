//! A jsonb value as a tree.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::parse::{Scalar, Sink, parse};
use super::{MAX_TEXT_DEPTH, MAX_TREE_DEPTH, check_size, number};
use crate::Result;

/// One jsonb value; it borrows from the text it was read from where it can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json<'a> {
    Null,
    Bool(bool),
    /// As numeric prints it.
    Number(Cow<'a, str>),
    String(Cow<'a, str>),
    Array(Vec<Json<'a>>),
    /// Ordered by the keys' lengths, then their bytes; no key twice.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// How jsonb orders keys.
pub(super) fn key_order(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.as_bytes().cmp(b.as_bytes()))
}

impl<'a> Json<'a> {
    /// An object of these pairs: of equal keys the last counts.
    pub fn object(mut pairs: Vec<(Cow<'a, str>, Json<'a>)>) -> Self {
        let sorted = pairs.windows(2).all(|pair| match pair {
            [(a, _), (b, _)] => key_order(a, b) == Ordering::Less,
            _ => true,
        });
        if !sorted {
            // The sort is stable, so the last of equal keys is the one that was written last.
            pairs.sort_by(|(a, _), (b, _)| key_order(a, b));
            pairs.reverse();
            pairs.dedup_by(|(a, _), (b, _)| a == b);
            pairs.reverse();
        }
        Json::Object(pairs)
    }

    pub fn get(&self, key: &str) -> Option<&Json<'a>> {
        let Json::Object(pairs) = self else { return None };
        let at = pairs.binary_search_by(|(k, _)| key_order(k, key)).ok()?;
        pairs.get(at).map(|(_, value)| value)
    }

    pub fn is_container(&self) -> bool {
        matches!(self, Json::Array(_) | Json::Object(_))
    }

    /// How many values this is made of.
    pub(super) fn nodes(&self) -> usize {
        match self {
            Json::Array(items) => items.iter().map(Json::nodes).sum::<usize>() + 1,
            Json::Object(pairs) => pairs.iter().map(|(_, value)| value.nodes()).sum::<usize>() + 1,
            _ => 1,
        }
    }

    /// As jsonb_typeof names it.
    pub fn type_name(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "boolean",
            Json::Number(_) => "number",
            Json::String(_) => "string",
            Json::Array(_) => "array",
            Json::Object(_) => "object",
        }
    }
}

/// A container that isn't closed yet.
enum Open<'a> {
    Array(Vec<Json<'a>>),
    Object(Vec<(Cow<'a, str>, Json<'a>)>, Cow<'a, str>),
}

#[derive(Default)]
struct Builder<'a> {
    open: Vec<Open<'a>>,
    root: Option<Json<'a>>,
    /// How long the numbers are that were written shorter, with an exponent.
    expanded: usize,
}

impl<'a> Builder<'a> {
    fn value(&mut self, value: Json<'a>) {
        match self.open.last_mut() {
            Some(Open::Array(items)) => items.push(value),
            Some(Open::Object(pairs, key)) => pairs.push((std::mem::take(key), value)),
            None => self.root = Some(value),
        }
    }

    fn close(&mut self) {
        match self.open.pop() {
            Some(Open::Array(items)) => self.value(Json::Array(items)),
            Some(Open::Object(pairs, _)) => self.value(Json::object(pairs)),
            None => {}
        }
    }
}

impl<'a> Sink<'a> for Builder<'a> {
    fn begin_object(&mut self) {
        self.open.push(Open::Object(Vec::new(), Cow::Borrowed("")));
    }

    fn key(&mut self, key: Cow<'a, str>) -> Result<()> {
        if let Some(Open::Object(_, pending)) = self.open.last_mut() {
            *pending = key;
        }
        Ok(())
    }

    fn end_object(&mut self) -> Result<()> {
        self.close();
        Ok(())
    }

    fn begin_array(&mut self) {
        self.open.push(Open::Array(Vec::new()));
    }

    fn end_array(&mut self) {
        self.close();
    }

    fn scalar(&mut self, scalar: Scalar<'a>) -> Result<()> {
        let value = match scalar {
            Scalar::Null => Json::Null,
            Scalar::Bool(value) => Json::Bool(value),
            Scalar::Number(text) => {
                let number = number::canonical(text)?;
                if let Cow::Owned(text) = &number {
                    self.expanded = self.expanded.saturating_add(text.len());
                    check_size(self.expanded)?;
                }
                Json::Number(number)
            }
            Scalar::String(text) => Json::String(text),
        };
        self.value(value);
        Ok(())
    }
}

/// Reads a json or jsonb text into a tree.
pub fn jsonb_parse(text: &str) -> Result<Json<'_>> {
    let mut builder = Builder::default();
    parse(text, true, MAX_TREE_DEPTH, &mut builder)?;
    Ok(builder.root.unwrap_or(Json::Null))
}

/// json's input: the text stays as it is, when it is one.
pub fn json_in(text: &str) -> Result<()> {
    parse(text, false, MAX_TEXT_DEPTH, &mut ())
}

/// jsonb's input, and the cast from json: the canonical text.
pub fn jsonb_in(text: &str) -> Result<String> {
    let tree = jsonb_parse(text)?;
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    tree.write(&mut out);
    check_size(out.len())?;
    Ok(out)
}
