//! Evaluates a jsonpath.

use std::collections::HashMap;

use super::path::{Binary, Chain, Found, JsonPath, LAST_LEVEL, Node, Options, Unary};
use super::path_item::Item;
use super::tree::Json;
use super::{code as json_code, number, too_deep};
use crate::{Result, ValueError, code};

/// How deep evaluation may recurse: nested expressions, accessors in a row and `.**` levels together.
pub(super) const MAX_DEPTH: usize = 400;

/// How many steps one evaluation may take; several `.**` in a row may take any number.
const MAX_STEPS: u64 = 50_000_000;

/// How many items may be held at a time.
const MAX_ITEMS: usize = 2_000_000;

/// How an evaluation went that isn't to throw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Ok,
    NotFound,
    Error,
}

/// Where the items go; without it, only whether there are any is asked.
pub(super) type Sink<'f, 'a> = Option<&'f mut Vec<Item<'a>>>;

/// What `.keyvalue()` counts its ids from.
#[derive(Clone, Copy)]
pub(super) struct Base<'a> {
    /// A value, and where it is stored within the object that the offsets are of.
    pub(super) value: Option<(&'a Json<'a>, usize)>,
    pub(super) id: i64,
}

pub(super) struct Exec<'a> {
    pub(super) lax: bool,
    ignore_structural: bool,
    pub(super) throw: bool,
    pub(super) root: &'a Json<'a>,
    current: Item<'a>,
    pub(super) options: Options<'a>,
    /// Of the array within whose subscript we are.
    array_size: usize,
    pub(super) base: Base<'a>,
    pub(super) next_object: i64,
    /// Where the containers of the value and of the variables are stored, once that was asked for.
    pub(super) offsets: Option<HashMap<*const Json<'a>, usize>>,
    pub(super) depth: usize,
    steps: u64,
}

fn start<'a>(path: &'a JsonPath, json: &'a Json<'a>, options: Options<'a>) -> Result<Exec<'a>> {
    if options.vars.is_some_and(|vars| !matches!(vars, Json::Object(_))) {
        return Err(ValueError::invalid_parameter("\"vars\" argument is not an object")
            .detail("Jsonpath parameters should be encoded as key-value pairs of \"vars\" object."));
    }
    Ok(Exec {
        lax: path.lax,
        ignore_structural: path.lax,
        throw: !options.silent,
        root: json,
        current: Item::Ref(json),
        options,
        array_size: 0,
        base: Base { value: None, id: 0 },
        next_object: 1 + i64::from(options.vars.is_some()),
        offsets: None,
        depth: 0,
        steps: 0,
    })
}

pub(super) fn exists<'a>(path: &'a JsonPath, json: &'a Json<'a>, options: Options<'a>) -> Result<Option<bool>> {
    let mut exec = start(path, json, options)?;
    let item = Item::Ref(json);
    // Strictly, all items are asked for, so that no error goes unnoticed.
    let mut all = Vec::new();
    let sink = if path.lax { None } else { Some(&mut all) };
    let strict = sink.is_some();
    Ok(match exec.item(&path.expr, &item, sink)? {
        Status::Error => None,
        _ if strict => Some(!all.is_empty()),
        status => Some(status == Status::Ok),
    })
}

/// The items, and whether an error was suppressed: then they are those before it.
pub(super) fn query<'a>(
    path: &'a JsonPath,
    json: &'a Json<'a>,
    options: Options<'a>,
) -> Result<(Vec<Found<'a>>, bool)> {
    let (status, items) = run(path, json, options)?;
    let mut copied = 0;
    let found = items.into_iter().map(|item| item.into_found(&mut copied)).collect::<Result<_>>()?;
    Ok((found, status == Status::Error))
}

fn run<'a>(path: &'a JsonPath, json: &'a Json<'a>, options: Options<'a>) -> Result<(Status, Vec<Item<'a>>)> {
    let mut items = Vec::new();
    let status = start(path, json, options)?.item(&path.expr, &Item::Ref(json), Some(&mut items))?;
    Ok((status, items))
}

pub(super) fn matches<'a>(path: &'a JsonPath, json: &'a Json<'a>, options: Options<'a>) -> Result<Option<bool>> {
    let (_, items) = run(path, json, options)?;
    if let [item] = items.as_slice() {
        match item.json() {
            Some(Json::Bool(value)) => return Ok(Some(*value)),
            Some(Json::Null) => return Ok(None),
            _ => {}
        }
    }
    if options.silent {
        return Ok(None);
    }
    Err(ValueError::new(code::SINGLETON_SQL_JSON_ITEM_REQUIRED, "single boolean result is expected"))
}

impl<'a> Exec<'a> {
    /// An error that can be suppressed.
    pub(super) fn fail(&self, code: &'static str, message: impl FnOnce() -> String) -> Result<Status> {
        if self.throw { Err(ValueError::new(code, message())) } else { Ok(Status::Error) }
    }

    /// As [`Self::fail`], with a hint or the like.
    pub(super) fn fail_with(&self, error: ValueError) -> Result<Status> {
        if self.throw { Err(error) } else { Ok(Status::Error) }
    }

    pub(super) fn step(&mut self) -> Result<()> {
        self.charge(1)
    }

    /// Counts what takes as long as this many steps.
    pub(super) fn charge(&mut self, steps: usize) -> Result<()> {
        self.steps = self.steps.saturating_add(u64::try_from(steps).unwrap_or(u64::MAX));
        if self.steps > MAX_STEPS {
            return Err(ValueError::new(code::PROGRAM_LIMIT_EXCEEDED, "jsonpath takes too many steps"));
        }
        Ok(())
    }

    /// Evaluates the nodes, the first of them on this item; in lax mode an array is unwrapped where its elements are
    /// wanted.
    pub(super) fn item(&mut self, nodes: &'a [Node], item: &Item<'a>, found: Sink<'_, 'a>) -> Result<Status> {
        self.unwrapping(nodes, item, found, self.lax)
    }

    fn unwrapping(&mut self, nodes: &'a [Node], item: &Item<'a>, found: Sink<'_, 'a>, unwrap: bool) -> Result<Status> {
        self.step()?;
        if self.depth >= MAX_DEPTH {
            return Err(too_deep());
        }
        self.depth += 1;
        let status = self.node(nodes, item, found, unwrap);
        self.depth -= 1;
        status
    }

    /// Goes on with an item that a node gave.
    pub(super) fn next(&mut self, rest: &'a [Node], item: &Item<'a>, found: Sink<'_, 'a>) -> Result<Status> {
        if !rest.is_empty() {
            return self.item(rest, item, found);
        }
        if let Some(found) = found {
            if found.len() >= MAX_ITEMS {
                return Err(ValueError::too_long());
            }
            found.push(item.clone());
        }
        Ok(Status::Ok)
    }

    /// Evaluates the nodes on each element of an array.
    pub(super) fn elements(
        &mut self,
        nodes: &'a [Node],
        item: &Item<'a>,
        found: Sink<'_, 'a>,
        unwrap: bool,
    ) -> Result<Status> {
        self.any(nodes, item, found, Levels { level: 1, first: 1, last: 1, ignore: false, unwrap })
    }

    fn node(&mut self, nodes: &'a [Node], item: &Item<'a>, mut found: Sink<'_, 'a>, unwrap: bool) -> Result<Status> {
        let Some((node, rest)) = nodes.split_first() else { return self.next(nodes, item, found) };
        match node {
            Node::Literal(json) => self.next(rest, &Item::Ref(json), found),
            Node::Variable(name) => self.variable(name, rest, found),
            Node::Root => {
                let base = self.base;
                self.base = Base { value: Some((self.root, 0)), id: 0 };
                let status = self.next(rest, &Item::Ref(self.root), found);
                self.base = base;
                status
            }
            Node::Current => {
                let current = self.current.clone();
                self.next(rest, &current, found)
            }
            Node::Last => {
                let last = i64::try_from(self.array_size).unwrap_or(i64::MAX) - 1;
                self.next(rest, &Item::number(last.to_string()), found)
            }
            Node::Binary(operator, operands) if is_arithmetic(*operator) => {
                self.arithmetic(*operator, operands, item, rest, found)
            }
            Node::Unary(operator @ (Unary::Plus | Unary::Minus), operand) => {
                self.sign(*operator == Unary::Minus, operand, item, rest, found)
            }
            Node::Binary(..) | Node::Unary(..) | Node::LikeRegex(_) => {
                let truth = self.truth(node, item)?;
                if rest.is_empty() && found.is_none() {
                    return Ok(Status::Ok);
                }
                self.next(rest, &Item::Val(truth.map_or(Json::Null, Json::Bool)), found)
            }
            Node::AnyArray if item.is_array() => self.elements(rest, item, found, self.lax),
            Node::AnyArray if self.lax => self.next(rest, item, found),
            Node::AnyArray => self.structural(code::SQL_JSON_ARRAY_NOT_FOUND, || {
                "jsonpath wildcard array accessor can only be applied to an array".to_string()
            }),
            Node::AnyKey => match item {
                item if item.is_object() => self.elements(rest, item, found, self.lax),
                item if unwrap && item.is_array() => self.elements(nodes, item, found, false),
                _ => self.structural(code::SQL_JSON_OBJECT_NOT_FOUND, || {
                    "jsonpath wildcard member accessor can only be applied to an object".to_string()
                }),
            },
            Node::Any(first, last) => {
                let mut status = Status::NotFound;
                if *first == 0 {
                    let ignore = std::mem::replace(&mut self.ignore_structural, true);
                    status = self.next(rest, item, found.as_deref_mut())?;
                    self.ignore_structural = ignore;
                    if status == Status::Ok && found.is_none() {
                        return Ok(status);
                    }
                }
                if !item.is_array() && !item.is_object() {
                    return Ok(status);
                }
                let levels = Levels { level: 1, first: *first, last: *last, ignore: true, unwrap: self.lax };
                self.any(rest, item, found, levels)
            }
            Node::Key(name) => self.key(name, nodes, item, found, unwrap),
            Node::Index(ranges) => self.index(ranges, item, rest, found),
            Node::Filter(filter) => {
                if unwrap && item.is_array() {
                    return self.elements(nodes, item, found, false);
                }
                let outer = std::mem::replace(&mut self.current, item.clone());
                let truth = self.condition(filter, item);
                self.current = outer;
                if truth? == Some(true) { self.next(rest, item, found) } else { Ok(Status::NotFound) }
            }
            Node::Method(method) => {
                if unwrap && method.unwraps() && item.is_array() {
                    return self.elements(nodes, item, found, false);
                }
                self.method(method, item, rest, found)
            }
        }
    }

    /// An error of a value's shape, which lax mode passes over.
    pub(super) fn structural(&self, code: &'static str, message: impl FnOnce() -> String) -> Result<Status> {
        if self.ignore_structural { Ok(Status::NotFound) } else { self.fail(code, message) }
    }

    fn variable(&mut self, name: &str, rest: &'a [Node], found: Sink<'_, 'a>) -> Result<Status> {
        let Some((vars, value)) = self.options.vars.and_then(|vars| Some((vars, vars.get(name)?))) else {
            let message = format!("could not find jsonpath variable \"{name}\"");
            return Err(ValueError::new(code::UNDEFINED_OBJECT, message));
        };
        let base = std::mem::replace(&mut self.base, Base { value: Some((vars, 0)), id: 1 });
        let status = self.next(rest, &Item::Ref(value), found);
        self.base = base;
        status
    }

    fn key(
        &mut self,
        name: &str,
        nodes: &'a [Node],
        item: &Item<'a>,
        found: Sink<'_, 'a>,
        unwrap: bool,
    ) -> Result<Status> {
        let rest = nodes.get(1..).unwrap_or_default();
        if item.is_object() {
            return match item.member(name) {
                Some(value) => self.next(rest, &value, found),
                None => self.structural(json_code::SQL_JSON_MEMBER_NOT_FOUND, || {
                    format!("JSON object does not contain key \"{name}\"")
                }),
            };
        }
        if unwrap && item.is_array() {
            return self.elements(nodes, item, found, false);
        }
        self.structural(json_code::SQL_JSON_MEMBER_NOT_FOUND, || {
            "jsonpath member accessor can only be applied to an object".to_string()
        })
    }

    fn index(
        &mut self,
        ranges: &'a [(Chain, Option<Chain>)],
        item: &Item<'a>,
        rest: &'a [Node],
        mut found: Sink<'_, 'a>,
    ) -> Result<Status> {
        let array = item.is_array();
        if !array && !self.lax {
            return self.structural(code::SQL_JSON_ARRAY_NOT_FOUND, || {
                "jsonpath array accessor can only be applied to an array".to_string()
            });
        }
        let size = if array { item.count() } else { 1 };
        let outer = std::mem::replace(&mut self.array_size, size);
        let mut status = Status::NotFound;
        for (from, to) in ranges {
            status = self.range(from, to.as_ref(), item, rest, found.as_deref_mut())?;
            if status == Status::Error || (status == Status::Ok && found.is_none()) {
                break;
            }
        }
        self.array_size = outer;
        Ok(status)
    }

    fn range(
        &mut self,
        from: &'a Chain,
        to: Option<&'a Chain>,
        item: &Item<'a>,
        rest: &'a [Node],
        mut found: Sink<'_, 'a>,
    ) -> Result<Status> {
        let size = self.array_size;
        let last = i32::try_from(size).unwrap_or(i32::MAX) - 1;
        let Ok(from) = self.subscript(from, item)? else { return Ok(Status::Error) };
        let to = match to {
            Some(to) => match self.subscript(to, item)? {
                Ok(to) => to,
                Err(()) => return Ok(Status::Error),
            },
            None => from,
        };
        if !self.ignore_structural && (from < 0 || from > to || to > last) {
            return self
                .fail(code::INVALID_SQL_JSON_SUBSCRIPT, || "jsonpath array subscript is out of bounds".to_string());
        }
        let mut status = Status::NotFound;
        for index in from.max(0)..=to.min(last) {
            if rest.is_empty() && found.is_none() {
                return Ok(Status::Ok);
            }
            let child;
            let value = if item.is_array() {
                child = item.child(usize::try_from(index).unwrap_or_default());
                child.as_ref()
            } else {
                Some(item)
            };
            let Some(value) = value else { continue };
            self.step()?;
            // What a subscript within the accessors behind is relative to is another array.
            status = self.next(rest, value, found.as_deref_mut())?;
            self.array_size = size;
            if status == Status::Error || (status == Status::Ok && found.is_none()) {
                break;
            }
        }
        Ok(status)
    }

    /// `Err` when an error was suppressed.
    fn subscript(&mut self, chain: &'a Chain, item: &Item<'a>) -> Result<std::result::Result<i32, ()>> {
        let mut items = Vec::new();
        if self.item(chain, item, Some(&mut items))? == Status::Error {
            return Ok(Err(()));
        }
        let [single] = items.as_slice() else { return self.no_subscript("is not a single numeric value") };
        let Some(text) = single.number_text() else { return self.no_subscript("is not a single numeric value") };
        match number::truncated(text) {
            Some(index) => Ok(Ok(index)),
            None => self.no_subscript("is out of integer range"),
        }
    }

    fn no_subscript(&self, why: &str) -> Result<std::result::Result<i32, ()>> {
        self.fail(code::INVALID_SQL_JSON_SUBSCRIPT, || format!("jsonpath array subscript {why}"))?;
        Ok(Err(()))
    }

    /// Evaluates the nodes on the values within a container: `.*`, `[*]`, `.**`, and unwrapping.
    fn any(
        &mut self,
        nodes: &'a [Node],
        container: &Item<'a>,
        mut found: Sink<'_, 'a>,
        levels: Levels,
    ) -> Result<Status> {
        let mut status = Status::NotFound;
        if levels.level > levels.last {
            return Ok(status);
        }
        if self.depth >= MAX_DEPTH {
            return Err(too_deep());
        }
        for index in 0..container.count() {
            let Some(child) = container.child(index) else { break };
            self.step()?;
            let inner = child.is_array() || child.is_object();
            let leaves = levels.first == LAST_LEVEL && levels.last == LAST_LEVEL;
            if levels.level >= levels.first || (leaves && !inner) {
                if nodes.is_empty() {
                    status = self.next(nodes, &child, found.as_deref_mut())?;
                } else {
                    let ignore = self.ignore_structural;
                    self.ignore_structural |= levels.ignore;
                    status = self.unwrapping(nodes, &child, found.as_deref_mut(), levels.unwrap)?;
                    self.ignore_structural = ignore;
                }
                if status == Status::Error || (status == Status::Ok && found.is_none()) {
                    break;
                }
            }
            if levels.level < levels.last && inner {
                self.depth += 1;
                let deeper = Levels { level: levels.level + 1, ..levels };
                status = self.any(nodes, &child, found.as_deref_mut(), deeper)?;
                self.depth -= 1;
                if status == Status::Error || (status == Status::Ok && found.is_none()) {
                    break;
                }
            }
        }
        Ok(status)
    }
}

/// Which levels within a container are meant.
#[derive(Clone, Copy)]
struct Levels {
    level: u32,
    first: u32,
    last: u32,
    ignore: bool,
    unwrap: bool,
}

fn is_arithmetic(operator: Binary) -> bool {
    matches!(operator, Binary::Add | Binary::Sub | Binary::Mul | Binary::Div | Binary::Mod)
}
