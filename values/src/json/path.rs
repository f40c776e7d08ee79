//! jsonpath: a path read once, used for many values.

use regex::Regex;

use super::tree::{Json, jsonb_parse};
use super::{path_exec, path_parse};
use crate::Result;

/// A jsonpath.
#[derive(Debug, Clone)]
pub struct JsonPath {
    pub(super) lax: bool,
    pub(super) expr: Chain,
}

/// A primary and the accessors behind it.
pub(super) type Chain = Vec<Node>;

#[derive(Debug, Clone)]
pub(super) enum Node {
    Literal(Json<'static>),
    Variable(String),
    Root,
    Current,
    Last,
    Binary(Binary, Box<(Chain, Chain)>),
    Unary(Unary, Chain),
    LikeRegex(Box<LikeRegex>),
    /// `[*]`
    AnyArray,
    /// `.*`
    AnyKey,
    /// `.**`: the levels; [`LAST_LEVEL`] stands for the leaves.
    Any(u32, u32),
    Key(String),
    /// Indexes, or ranges of them.
    Index(Vec<(Chain, Option<Chain>)>),
    Filter(Chain),
    Method(Method),
}

pub(super) const LAST_LEVEL: u32 = u32::MAX;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    And,
    Or,
    Equal,
    NotEqual,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    StartsWith,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unary {
    Not,
    IsUnknown,
    Exists,
    Plus,
    Minus,
}

#[derive(Debug, Clone)]
pub(super) struct LikeRegex {
    pub(super) expr: Chain,
    pub(super) pattern: String,
    pub(super) flags: Flags,
    pub(super) regex: Regex,
}

/// XQuery's flags.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Flags {
    pub(super) icase: bool,
    pub(super) dotall: bool,
    pub(super) mline: bool,
    pub(super) wspace: bool,
    pub(super) quote: bool,
}

#[derive(Debug, Clone)]
pub(super) enum Method {
    Type,
    Size,
    Abs,
    Floor,
    Ceiling,
    Double,
    KeyValue,
    Bigint,
    Boolean,
    Integer,
    Number,
    String,
    /// Precision and scale, as numeric prints them.
    Decimal(Option<String>, Option<String>),
    /// The template.
    Datetime(Option<String>),
    Date,
    /// The precision, as numeric prints it.
    Time(Option<String>),
    TimeTz(Option<String>),
    Timestamp(Option<String>),
    TimestampTz(Option<String>),
}

impl Method {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Method::Type => "type",
            Method::Size => "size",
            Method::Abs => "abs",
            Method::Floor => "floor",
            Method::Ceiling => "ceiling",
            Method::Double => "double",
            Method::KeyValue => "keyvalue",
            Method::Bigint => "bigint",
            Method::Boolean => "boolean",
            Method::Integer => "integer",
            Method::Number => "number",
            Method::String => "string",
            Method::Decimal(..) => "decimal",
            Method::Datetime(_) => "datetime",
            Method::Date => "date",
            Method::Time(_) => "time",
            Method::TimeTz(_) => "time_tz",
            Method::Timestamp(_) => "timestamp",
            Method::TimestampTz(_) => "timestamp_tz",
        }
    }
}

impl Binary {
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Binary::And => "&&",
            Binary::Or => "||",
            Binary::Equal => "==",
            Binary::NotEqual => "!=",
            Binary::Less => "<",
            Binary::Greater => ">",
            Binary::LessOrEqual => "<=",
            Binary::GreaterOrEqual => ">=",
            Binary::Add => "+",
            Binary::Sub => "-",
            Binary::Mul => "*",
            Binary::Div => "/",
            Binary::Mod => "%",
            Binary::StartsWith => "starts with",
        }
    }
}

/// The session's time zone, for the functions whose names end in `_tz`.
pub trait SessionZone {
    /// The offset (seconds east of UTC) at a local time (microseconds since 1970).
    fn offset_at_local(&self, micros: i64) -> i32;
    /// The offset at a moment (microseconds since 1970, UTC).
    fn offset_at(&self, micros: i64) -> i32;
}

/// A fixed offset.
impl SessionZone for i32 {
    fn offset_at_local(&self, _micros: i64) -> i32 {
        *self
    }

    fn offset_at(&self, _micros: i64) -> i32 {
        *self
    }
}

/// What a path is evaluated with.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// An object of the variables' values.
    pub vars: Option<&'a Json<'a>>,
    /// Whether errors that can be suppressed give NULL, or nothing.
    pub silent: bool,
    /// With it, dates and times are converted between those with and without a zone.
    pub zone: Option<&'a dyn SessionZone>,
}

impl JsonPath {
    pub fn parse(text: &str) -> Result<Self> {
        path_parse::parse(text)
    }

    /// `jsonb_path_exists`; `@?` is silent. `None` is NULL.
    pub fn exists<'a>(&'a self, json: &'a Json<'a>, options: Options<'a>) -> Result<Option<bool>> {
        path_exec::exists(self, json, options)
    }

    /// `jsonb_path_query`: all items; those before an error that was suppressed.
    pub fn query<'a>(&'a self, json: &'a Json<'a>, options: Options<'a>) -> Result<Vec<Found<'a>>> {
        Ok(path_exec::query(self, json, options)?.0)
    }

    /// As [`Self::query`], but `None` when an error was suppressed.
    pub fn try_query<'a>(&'a self, json: &'a Json<'a>, options: Options<'a>) -> Result<Option<Vec<Found<'a>>>> {
        let (found, failed) = path_exec::query(self, json, options)?;
        Ok((!failed).then_some(found))
    }

    /// `jsonb_path_match`; `@@` is silent. `None` is NULL.
    pub fn matches<'a>(&'a self, json: &'a Json<'a>, options: Options<'a>) -> Result<Option<bool>> {
        path_exec::matches(self, json, options)
    }
}

/// An item that a path gave: one within the value, or a computed one.
#[derive(Debug, Clone)]
pub enum Found<'a> {
    Within(&'a Json<'a>),
    Computed(Json<'a>),
}

impl<'a> Found<'a> {
    pub fn json(&self) -> &Json<'a> {
        match self {
            Found::Within(json) => json,
            Found::Computed(json) => json,
        }
    }
}

/// jsonpath's input: the canonical text.
pub fn jsonpath_in(text: &str) -> Result<String> {
    Ok(JsonPath::parse(text)?.to_string())
}

/// What `vars` was given as, read once.
pub fn parse_vars(text: &str) -> Result<Json<'_>> {
    jsonb_parse(text)
}

/// `jsonb_path_exists` of texts.
pub fn jsonb_path_exists(json: &str, path: &JsonPath, vars: Option<&Json<'_>>, silent: bool) -> Result<Option<bool>> {
    let json = jsonb_parse(json)?;
    path.exists(&json, Options { vars, silent, zone: None })
}

/// `jsonb_path_match` of texts.
pub fn jsonb_path_match(json: &str, path: &JsonPath, vars: Option<&Json<'_>>, silent: bool) -> Result<Option<bool>> {
    let json = jsonb_parse(json)?;
    path.matches(&json, Options { vars, silent, zone: None })
}

/// `jsonb_path_query` of texts.
pub fn jsonb_path_query(json: &str, path: &JsonPath, vars: Option<&Json<'_>>, silent: bool) -> Result<Vec<String>> {
    let json = jsonb_parse(json)?;
    let mut size = 0usize;
    let texts = path.query(&json, Options { vars, silent, zone: None })?.into_iter().map(|found| {
        let text = found.json().to_text()?;
        size = size.saturating_add(text.len());
        super::check_size(size)?;
        Ok(text)
    });
    texts.collect()
}

/// `jsonb_path_query_array` of texts.
pub fn jsonb_path_query_array(json: &str, path: &JsonPath, vars: Option<&Json<'_>>, silent: bool) -> Result<String> {
    let json = jsonb_parse(json)?;
    array_text(&path.query(&json, Options { vars, silent, zone: None })?)
}

/// `jsonb_path_query_first` of texts.
pub fn jsonb_path_query_first(
    json: &str,
    path: &JsonPath,
    vars: Option<&Json<'_>>,
    silent: bool,
) -> Result<Option<String>> {
    let json = jsonb_parse(json)?;
    let found = path.query(&json, Options { vars, silent, zone: None })?;
    found.first().map(|found| found.json().to_text()).transpose()
}

/// The items as one array.
pub fn array_text(found: &[Found<'_>]) -> Result<String> {
    let mut out = String::from("[");
    for (i, found) in found.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        found.json().write(&mut out);
        super::check_size(out.len())?;
    }
    out.push(']');
    Ok(out)
}
