//! The item methods of a jsonpath.

use super::number;
use super::path::{Method, Node};
use super::path_datetime::{self, Failure};
use super::path_exec::{Exec, Sink, Status};
use super::path_item::Item;
use super::tree::Json;
use crate::{Result, ValueError, code};

impl Method {
    /// Whether the method is applied to an array's elements in lax mode.
    pub(super) fn unwraps(&self) -> bool {
        !matches!(self, Method::Type | Method::Size)
    }

    fn applies_to(&self) -> &'static str {
        match self {
            Method::Boolean => "a boolean, string, or numeric value",
            Method::String => "a boolean, string, numeric, or datetime value",
            Method::Abs | Method::Floor | Method::Ceiling => "a numeric value",
            _ => "a string or numeric value",
        }
    }

    /// The type that a text or number is read as.
    fn type_name(&self) -> &'static str {
        match self {
            Method::Double => "double precision",
            Method::Bigint => "bigint",
            Method::Boolean => "boolean",
            Method::Integer => "integer",
            _ => "numeric",
        }
    }
}

/// Why a method gives nothing.
enum Refusal {
    NotApplicable,
    /// The argument isn't one of the type.
    Invalid(String),
    NotFinite,
    /// Another error that can be suppressed, and one that can't.
    Soft(ValueError),
    Hard(ValueError),
}

type Value<'a> = std::result::Result<Json<'a>, Refusal>;

impl<'a> Exec<'a> {
    pub(super) fn method(
        &mut self,
        method: &'a Method,
        item: &Item<'a>,
        rest: &'a [Node],
        found: Sink<'_, 'a>,
    ) -> Result<Status> {
        match method {
            Method::Type => self.next(rest, &Item::Val(Json::String(item.type_name().into())), found),
            Method::Size => {
                let size = match item {
                    Item::Ref(Json::Array(items)) => items.len(),
                    _ if self.lax => 1,
                    _ => {
                        return self.structural(code::SQL_JSON_ARRAY_NOT_FOUND, || {
                            "jsonpath item method .size() can only be applied to an array".to_string()
                        });
                    }
                };
                self.next(rest, &Item::number(size.to_string()), found)
            }
            Method::KeyValue => self.key_values(item, rest, found),
            Method::Datetime(_)
            | Method::Date
            | Method::Time(_)
            | Method::TimeTz(_)
            | Method::Timestamp(_)
            | Method::TimestampTz(_) => self.datetime(method, item, rest, found),
            _ => match value(method, item) {
                Ok(json) => self.next(rest, &Item::Val(json), found),
                Err(refusal) => self.refused(method, refusal),
            },
        }
    }

    fn refused(&self, method: &Method, refusal: Refusal) -> Result<Status> {
        let name = method.name();
        let message = match refusal {
            Refusal::NotApplicable => {
                format!("jsonpath item method .{name}() can only be applied to {}", method.applies_to())
            }
            Refusal::Invalid(text) => {
                let type_name = method.type_name();
                format!("argument \"{text}\" of jsonpath item method .{name}() is invalid for type {type_name}")
            }
            Refusal::NotFinite => format!("NaN or Infinity is not allowed for jsonpath item method .{name}()"),
            Refusal::Soft(error) => return self.fail_with(error),
            Refusal::Hard(error) => return Err(error),
        };
        self.fail(code::NON_NUMERIC_SQL_JSON_ITEM, || message)
    }

    fn datetime(
        &mut self,
        method: &'a Method,
        item: &Item<'a>,
        rest: &'a [Node],
        found: Sink<'_, 'a>,
    ) -> Result<Status> {
        let Some(text) = item.string_text() else {
            return self.fail(super::code::INVALID_ARGUMENT_FOR_SQL_JSON_DATETIME_FUNCTION, || {
                format!("jsonpath item method .{}() can only be applied to a string", method.name())
            });
        };
        match path_datetime::convert(method, text, self.options.zone) {
            Ok(time) => self.next(rest, &Item::Time(time), found),
            Err(Failure::Hard(error)) => Err(error),
            Err(Failure::Soft(error)) => self.fail_with(error),
        }
    }
}

/// What a method makes of one item.
fn value<'a>(method: &Method, item: &Item<'a>) -> Value<'a> {
    let number = match item.json() {
        Some(Json::Number(text)) => Some(text),
        _ => None,
    };
    let string = item.string_text();
    let text = number.map(AsRef::as_ref).or(string);
    let failed = Refusal::Hard;
    match method {
        Method::Abs => {
            let text = number.ok_or(Refusal::NotApplicable)?;
            Ok(Json::Number(number::absolute(text).to_string().into()))
        }
        Method::Floor => {
            let text = number.ok_or(Refusal::NotApplicable)?;
            Ok(Json::Number(number::floor(text).map_err(failed)?.into()))
        }
        Method::Ceiling => {
            let text = number.ok_or(Refusal::NotApplicable)?;
            Ok(Json::Number(number::ceiling(text).map_err(failed)?.into()))
        }
        Method::Double => {
            let text = text.ok_or(Refusal::NotApplicable)?;
            let value = parse_double(text).ok_or_else(|| Refusal::Invalid(text.to_string()))?;
            if !value.is_finite() {
                return Err(Refusal::NotFinite);
            }
            match number {
                Some(text) => Ok(Json::Number(text.clone())),
                None => Ok(Json::Number(number::from_f64(value).map_err(failed)?.into())),
            }
        }
        Method::Bigint | Method::Integer => {
            let text = text.ok_or(Refusal::NotApplicable)?;
            let value = if number.is_some() { number::rounded(text) } else { parse_integer(text) };
            let fits = |value: &i64| matches!(method, Method::Bigint) || i32::try_from(*value).is_ok();
            match value.filter(fits) {
                Some(value) => Ok(Json::Number(value.to_string().into())),
                None => Err(Refusal::Invalid(text.to_string())),
            }
        }
        Method::Boolean => {
            let value = match (item.json(), text) {
                (Some(Json::Bool(value)), _) => Some(*value),
                (_, None) => return Err(Refusal::NotApplicable),
                (_, Some(text)) if number.is_some() => {
                    parse_integer(text).and_then(|value| i32::try_from(value).ok()).map(|value| value != 0)
                }
                (_, Some(text)) => parse_bool(text),
            };
            value.map(Json::Bool).ok_or_else(|| Refusal::Invalid(text.unwrap_or_default().to_string()))
        }
        Method::Number | Method::Decimal(..) => {
            let text = text.ok_or(Refusal::NotApplicable)?;
            let value = match number {
                Some(text) => text.to_string(),
                None => number::from_text(text)
                    .ok_or_else(|| Refusal::Invalid(text.to_string()))?
                    .ok_or(Refusal::NotFinite)?,
            };
            match method {
                Method::Decimal(Some(precision), scale) => decimal(text, &value, precision, scale.as_deref()),
                _ => Ok(Json::Number(value.into())),
            }
        }
        _ => {
            let text = match (item, item.json()) {
                (Item::Time(time), _) => time.to_string(),
                (_, Some(Json::Bool(value))) => value.to_string(),
                _ => text.ok_or(Refusal::NotApplicable)?.to_string(),
            };
            Ok(Json::String(text.into()))
        }
    }
}

fn decimal<'a>(text: &str, value: &str, precision: &str, scale: Option<&str>) -> Value<'a> {
    let out_of_range = |what: &str| {
        let message = format!("{what} of jsonpath item method .decimal() is out of range for type integer");
        Refusal::Soft(ValueError::new(code::NON_NUMERIC_SQL_JSON_ITEM, message))
    };
    let precision: i32 = precision.parse().map_err(|_| out_of_range("precision"))?;
    let scale: i32 = scale.unwrap_or("0").parse().map_err(|_| out_of_range("scale"))?;
    let limit = |what: &str, value: i32, low: i32| {
        let message = format!("NUMERIC {what} {value} must be between {low} and 1000");
        Refusal::Hard(ValueError::invalid_parameter(message))
    };
    if !(1..=1000).contains(&precision) {
        return Err(limit("precision", precision, 1));
    }
    if !(-1000..=1000).contains(&scale) {
        return Err(limit("scale", scale, -1000));
    }
    match number::with_typmod(value, precision, scale) {
        Ok(text) => Ok(Json::Number(text.into())),
        Err(_) => Err(Refusal::Invalid(text.to_string())),
    }
}

fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}'])
}

/// A text as double precision reads it.
fn parse_double(text: &str) -> Option<f64> {
    let text = trimmed(text);
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if let Some(digits) = unsigned.strip_prefix("0x").or_else(|| unsigned.strip_prefix("0X")) {
        // C reads hexadecimal floats; here only whole ones are.
        let value = u64::from_str_radix(digits, 16).ok()? as f64;
        return Some(if text.starts_with('-') { -value } else { value });
    }
    let value: f64 = text.parse().ok()?;
    let finite_text = text.bytes().any(|b| b.is_ascii_digit());
    let nonzero = || text.bytes().take_while(|b| !matches!(b, b'e' | b'E')).any(|b| matches!(b, b'1'..=b'9'));
    if finite_text && (value.is_infinite() || (value == 0.0 && nonzero())) { None } else { Some(value) }
}

/// A text as bigint reads it: also in other bases, and with underscores between digits.
fn parse_integer(text: &str) -> Option<i64> {
    let text = trimmed(text);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, digits.get(2..)?),
        Some("0o" | "0O") => (8, digits.get(2..)?),
        Some("0b" | "0B") => (2, digits.get(2..)?),
        _ => (10, digits),
    };
    let mut value = 0i128;
    let mut underscore = radix == 10;
    for c in digits.chars() {
        if c == '_' {
            if underscore {
                return None;
            }
            underscore = true;
            continue;
        }
        underscore = false;
        value = value.checked_mul(i128::from(radix))?.checked_add(i128::from(c.to_digit(radix)?))?;
    }
    if digits.is_empty() || digits.ends_with('_') {
        return None;
    }
    i64::try_from(if negative { -value } else { value }).ok()
}

/// A text as boolean reads it, without blanks around.
fn parse_bool(text: &str) -> Option<bool> {
    let lower = text.to_ascii_lowercase();
    let prefix = |word: &str, least: usize| lower.len() >= least && word.starts_with(&lower);
    match lower.as_str() {
        "1" => Some(true),
        "0" => Some(false),
        _ if prefix("true", 1) || prefix("yes", 1) || prefix("on", 2) => Some(true),
        _ if prefix("false", 1) || prefix("no", 1) || prefix("off", 2) => Some(false),
        _ => None,
    }
}
