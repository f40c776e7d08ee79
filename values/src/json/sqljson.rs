//! SQL/JSON: IS JSON, JSON_EXISTS, JSON_QUERY and JSON_VALUE. What ON EMPTY and ON ERROR say is the caller's.

use std::borrow::Cow;
use std::collections::HashSet;

use super::parse::{Sink, parse};
use super::path::{Found, JsonPath, Options, array_text};
use super::tree::Json;
use super::{MAX_TEXT_DEPTH, code as json_code, type_of};
use crate::{Result, ValueError};

/// What IS JSON asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonItem {
    Value,
    Object,
    Array,
    Scalar,
}

/// Refuses keys that an object has twice.
#[derive(Default)]
struct UniqueKeys<'a> {
    open: Vec<HashSet<Cow<'a, str>>>,
}

impl<'a> Sink<'a> for UniqueKeys<'a> {
    fn begin_object(&mut self) {
        self.open.push(HashSet::new());
    }

    fn key(&mut self, key: Cow<'a, str>) -> Result<()> {
        let unique = self.open.last_mut().is_none_or(|keys| keys.insert(key));
        if unique {
            return Ok(());
        }
        Err(ValueError::new(json_code::DUPLICATE_JSON_OBJECT_KEY_VALUE, "duplicate JSON object key value"))
    }

    fn end_object(&mut self) -> Result<()> {
        self.open.pop();
        Ok(())
    }
}

/// `IS JSON ... [WITH UNIQUE KEYS]` of a text, json or jsonb.
pub fn is_json(text: &str, item: JsonItem, unique_keys: bool) -> bool {
    let valid = if unique_keys {
        parse(text, true, MAX_TEXT_DEPTH, &mut UniqueKeys::default())
    } else {
        parse(text, false, MAX_TEXT_DEPTH, &mut ())
    };
    valid.is_ok()
        && match (item, type_of(text)) {
            (JsonItem::Value, _) => true,
            (JsonItem::Object, kind) => kind == "object",
            (JsonItem::Array, kind) => kind == "array",
            (JsonItem::Scalar, kind) => kind != "object" && kind != "array",
        }
}

/// `JSON(text WITH UNIQUE KEYS)`: checks a text.
pub fn check_unique_keys(text: &str) -> Result<()> {
    parse(text, true, MAX_TEXT_DEPTH, &mut UniqueKeys::default())
}

/// JSON_QUERY's wrapper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrapper {
    Without,
    Conditional,
    Unconditional,
}

/// What a SQL/JSON function found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<T> {
    Value(T),
    /// JSON_VALUE of a JSON null.
    Null,
    /// ON EMPTY decides.
    Empty,
    /// An error that was not thrown: ON ERROR decides.
    Error,
}

/// `JSON_EXISTS`; `None` is an error that was not thrown (`options.silent` says whether).
pub fn json_exists<'a>(json: &'a Json<'a>, path: &'a JsonPath, options: Options<'a>) -> Result<Option<bool>> {
    path.exists(json, options)
}

/// Of a column of JSON_TABLE, or of the function itself.
fn subject(column: Option<&str>, function: &str) -> String {
    match column {
        Some(column) => format!("JSON path expression for column \"{column}\""),
        None => format!("JSON path expression in {function}"),
    }
}

/// `JSON_QUERY`: the text of what was found. `column` is JSON_TABLE's, for messages.
pub fn json_query<'a>(
    json: &'a Json<'a>,
    path: &'a JsonPath,
    options: Options<'a>,
    wrapper: Wrapper,
    column: Option<&str>,
) -> Result<Outcome<String>> {
    let Some(found) = path.try_query(json, options)? else { return Ok(Outcome::Error) };
    let wrapped = match wrapper {
        Wrapper::Without => false,
        Wrapper::Conditional => found.len() > 1,
        Wrapper::Unconditional => !found.is_empty(),
    };
    match found.as_slice() {
        _ if wrapped => array_text(&found).map(Outcome::Value),
        [] => Ok(Outcome::Empty),
        [single] => single.json().to_text().map(Outcome::Value),
        _ if options.silent => Ok(Outcome::Error),
        _ => {
            let message =
                format!("{} must return single item when no wrapper is requested", subject(column, "JSON_QUERY"));
            Err(ValueError::new(json_code::MORE_THAN_ONE_SQL_JSON_ITEM, message)
                .hint("Use the WITH WRAPPER clause to wrap SQL/JSON items into an array."))
        }
    }
}

/// `JSON_VALUE`: the scalar that was found. `column` is JSON_TABLE's, for messages.
pub fn json_value<'a>(
    json: &'a Json<'a>,
    path: &'a JsonPath,
    options: Options<'a>,
    column: Option<&str>,
) -> Result<Outcome<Json<'a>>> {
    let Some(found) = path.try_query(json, options)? else { return Ok(Outcome::Error) };
    let refused = |code| {
        if options.silent {
            return Ok(Outcome::Error);
        }
        let message = format!("{} must return single scalar item", subject(column, "JSON_VALUE"));
        Err(ValueError::new(code, message))
    };
    let mut found = found.into_iter();
    let Some(first) = found.next() else { return Ok(Outcome::Empty) };
    if found.next().is_some() {
        return refused(json_code::MORE_THAN_ONE_SQL_JSON_ITEM);
    }
    match first {
        first if first.json().is_container() => refused(json_code::SQL_JSON_SCALAR_REQUIRED),
        first if *first.json() == Json::Null => Ok(Outcome::Null),
        Found::Within(json) => Ok(Outcome::Value(json.clone())),
        Found::Computed(json) => Ok(Outcome::Value(json)),
    }
}
