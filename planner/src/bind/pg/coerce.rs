//! Conversions between types, and constants whose type their place tells.

use arrow::datatypes::DataType;
use chrono::{NaiveDate, NaiveDateTime};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::Placeholder;
use datafusion::logical_expr::{Expr, cast, lit};

use super::types::{Base, Category, Coercion, PgType, can_coerce};
use super::{Binder, Parameter, Result, Typed, not_yet};
use crate::PlanError;
use crate::functions::pg::{ValueError, call, invalid_text, parse_integer};

impl Binder<'_> {
    /// The expression as a value of a type, or the error that it can't be one.
    pub(super) fn coerce(&mut self, typed: Typed, to: PgType, how: Coercion, location: i32) -> Result<Typed> {
        if typed.ty.is(Base::Unknown) && !to.is(Base::Unknown) {
            return self.known(typed, to, location);
        }
        if !can_coerce(typed.ty, to, how) {
            let (from, to) = (typed.ty.to_string(), to.to_string());
            return Err(PlanError::CannotCast { from, to, position: self.position(location) });
        }
        convert(typed, to)
    }

    /// A constant, NULL or parameter that had no type yet.
    fn known(&mut self, typed: Typed, to: PgType, location: i32) -> Result<Typed> {
        match &typed.expr {
            Expr::Literal(value, _) if value.is_null() => {
                let data = to.storage();
                let null = ScalarValue::try_from(&data)?;
                Ok(Typed { expr: Expr::Literal(null, None), ty: to, data })
            }
            Expr::Literal(ScalarValue::Utf8(Some(text)), _) => {
                let value = constant(text, to).map_err(|error| match error {
                    PlanError::Value { error, .. } => PlanError::Value { error, position: self.position(location) },
                    other => other,
                })?;
                let data = value.data_type();
                let typed = Typed { expr: Expr::Literal(value, None), ty: to.without_modifier(), data };
                if to.typmod < 0 { Ok(typed) } else { convert(typed, to) }
            }
            Expr::Placeholder(Placeholder { id, field: None }) => {
                let id = id.clone();
                let parameter = Parameter { ty: to.without_modifier(), data: to.without_modifier().storage() };
                self.declare(&id, parameter)
            }
            // A column of unknown type is text.
            _ => convert(Typed { ty: Base::Text.into(), ..typed }, to),
        }
    }

    /// A parameter, now that its type is known.
    fn declare(&mut self, id: &str, parameter: Parameter) -> Result<Typed> {
        let number = super::super::resolve::parameter_number(id)?;
        if self.parameters.len() < number {
            self.parameters.resize(number, None);
        }
        let slot = self.parameters[number - 1].get_or_insert(parameter.clone()).clone();
        let typed = super::expr::placeholder(number, &slot);
        if slot.ty == parameter.ty { Ok(typed) } else { convert(typed, parameter.ty) }
    }

    /// What is left without a type is text.
    pub(super) fn settled(&mut self, typed: Typed) -> Result<Typed> {
        match typed.ty.is(Base::Unknown) {
            true => self.known(typed, Base::Text.into(), -1),
            false => Ok(typed),
        }
    }
}

/// Converts between types that convert.
pub(super) fn convert(typed: Typed, to: PgType) -> Result<Typed> {
    let Typed { expr, ty: from, data } = typed;
    if from.is_array || to.is_array {
        return match from.base == to.base && from.is_array == to.is_array {
            true => Ok(Typed { expr, ty: to, data }),
            false => Err(not_yet("a conversion of an array")),
        };
    }
    let typed = Typed { expr, ty: from, data };
    if from.base == to.base {
        return with_modifier(typed, to);
    }
    if typed.is_free_numeric() {
        let converted = match to.base {
            Base::Float4 | Base::Float8 => called("numeric_to_float", typed, to.storage()),
            Base::Int2 | Base::Int4 | Base::Int8 => called("numeric_to_integer", typed, to.storage()),
            base if is_text(base) => typed.expr,
            _ => return Err(not_yet("this conversion")),
        };
        return with_modifier(Typed { expr: converted, ty: to.without_modifier(), data: to.storage() }, to);
    }
    if to.base == Base::Numeric
        && matches!(from.base, Base::Float4 | Base::Float8 | Base::Text | Base::Varchar | Base::Bpchar)
    {
        let name = if is_text(from.base) { "text_to_numeric" } else { "float_to_numeric" };
        let expr = called(name, typed, DataType::Utf8);
        return with_modifier(Typed { expr, ty: to.without_modifier(), data: DataType::Utf8 }, to);
    }
    let converted = match (from.base, to.base) {
        (Base::Int2 | Base::Int4 | Base::Int8, Base::Int2 | Base::Int4 | Base::Int8) => {
            match width(from) <= width(to) {
                true => engine_cast(typed, to.storage())?,
                false => called("to_integer", typed, to.storage()),
            }
        }
        (Base::Float4 | Base::Float8 | Base::Numeric, Base::Int2 | Base::Int4 | Base::Int8) => {
            called("to_integer", typed, to.storage())
        }
        (Base::Int2 | Base::Int4 | Base::Int8, Base::Float4 | Base::Float8) => engine_cast(typed, to.storage())?,
        (Base::Float4, Base::Float8) | (Base::Numeric, Base::Float4 | Base::Float8) => {
            engine_cast(typed, to.storage())?
        }
        (Base::Float8, Base::Float4) => called("float8_to_float4", typed, to.storage()),
        (Base::Int2 | Base::Int4 | Base::Int8, Base::Numeric) => {
            let digits = match from.base {
                Base::Int2 => 5,
                Base::Int4 => 10,
                _ => 19,
            };
            engine_cast(typed, DataType::Decimal128(digits, 0))?
        }
        (Base::Int4, Base::Bool) => called("to_bool", typed, DataType::Boolean),
        (Base::Bool, Base::Int4) => engine_cast(typed, DataType::Int32)?,
        (Base::Bpchar, Base::Text | Base::Varchar | Base::Name) => called("rtrim_blanks", typed, DataType::Utf8),
        (a, b) if is_text(a) && is_text(b) => typed.expr,
        (Base::Bool, text) if is_text(text) => called("bool_to_text", typed, DataType::Utf8),
        (Base::Int2 | Base::Int4 | Base::Int8 | Base::Numeric, text) if is_text(text) => {
            engine_cast(typed, DataType::Utf8)?
        }
        (Base::Text | Base::Varchar | Base::Bpchar, Base::Int2 | Base::Int4 | Base::Int8) => {
            called("text_to_integer", typed, to.storage())
        }
        (Base::Date, Base::Timestamp) | (Base::Timestamp, Base::Date) => engine_cast(typed, to.storage())?,
        _ => return Err(not_yet("this conversion")),
    };
    let data = match (to.base, from.base) {
        (Base::Numeric, Base::Int2) => DataType::Decimal128(5, 0),
        (Base::Numeric, Base::Int4) => DataType::Decimal128(10, 0),
        (Base::Numeric, _) => DataType::Decimal128(19, 0),
        _ => to.storage(),
    };
    with_modifier(Typed { expr: converted, ty: to.without_modifier(), data }, to)
}

fn is_text(base: Base) -> bool {
    PgType::from(base).category() == Category::String
}

fn width(ty: PgType) -> u8 {
    match ty.base {
        Base::Int2 => 2,
        Base::Int4 => 4,
        _ => 8,
    }
}

/// `numeric(p, s)`, `varchar(n)` and `char(n)`: rounded, cut or filled up.
fn with_modifier(typed: Typed, to: PgType) -> Result<Typed> {
    if to.typmod < 0 || to.typmod == typed.ty.typmod {
        return Ok(Typed { ty: PgType { typmod: to.typmod.max(typed.ty.typmod), ..to }, ..typed });
    }
    match to.base {
        Base::Numeric => {
            let data = to.precision_and_scale().map(|_| to.storage()).ok_or_else(|| not_yet("so many digits"))?;
            if data == typed.data {
                return Ok(Typed { ty: to, ..typed });
            }
            let expr = match constant_cast(&typed.expr, &data).filter(|_| !typed.is_free_numeric()) {
                Some(value) => Expr::Literal(value, None),
                None if typed.is_free_numeric() => call("numeric_rescale", vec![typed.expr], data.clone()),
                None => call("to_numeric", vec![typed.expr], data.clone()),
            };
            Ok(Typed { expr, ty: to, data })
        }
        Base::Varchar | Base::Bpchar => {
            let name = if to.base == Base::Varchar { "varchar" } else { "bpchar" };
            let expr = call(name, vec![typed.expr, lit(to.typmod - 4)], DataType::Utf8);
            Ok(Typed { expr, ty: to, data: DataType::Utf8 })
        }
        _ => Err(not_yet("this modifier")),
    }
}

/// A numeric with each value's own digits.
pub(super) fn freed(typed: Typed) -> Result<Typed> {
    let ty = typed.ty.without_modifier();
    Ok(Typed { expr: engine_cast(typed, DataType::Utf8)?, ty, data: DataType::Utf8 })
}

fn called(name: &'static str, typed: Typed, data: DataType) -> Expr {
    call(name, vec![typed.expr], data)
}

/// The engine's conversion, where it gives what PostgreSQL gives. Constants are converted at once.
pub(super) fn engine_cast(typed: Typed, data: DataType) -> Result<Expr> {
    if typed.data == data {
        return Ok(typed.expr);
    }
    Ok(match constant_cast(&typed.expr, &data) {
        Some(value) => Expr::Literal(value, None),
        None => cast(typed.expr, data),
    })
}

fn constant_cast(expr: &Expr, data: &DataType) -> Option<ScalarValue> {
    let Expr::Literal(value, _) = expr else { return None };
    let converted = value.cast_to(data).ok()?;
    (converted.is_null() == value.is_null()).then_some(converted)
}

/// A quoted constant of a type (the type's input function).
fn constant(text: &str, to: PgType) -> Result<ScalarValue> {
    if to.is_array {
        return Err(not_yet("an array's text form"));
    }
    let trimmed = text.trim();
    let invalid = |name| Err(PlanError::Value { error: invalid_text(name, text), position: None });
    let out_of_range = |type_name| {
        let error = ValueError::FloatOutOfRange { value: trimmed.to_owned(), type_name };
        PlanError::Value { error, position: None }
    };
    let integer =
        |data: DataType| parse_integer(text, &data).map_err(|error| PlanError::Value { error, position: None });
    Ok(match to.base {
        Base::Text | Base::Varchar | Base::Bpchar | Base::Name | Base::Unknown => {
            ScalarValue::Utf8(Some(text.to_owned()))
        }
        Base::Int2 => ScalarValue::Int16(Some(integer(DataType::Int16)? as i16)),
        Base::Int4 => ScalarValue::Int32(Some(integer(DataType::Int32)? as i32)),
        Base::Int8 => ScalarValue::Int64(Some(integer(DataType::Int64)?)),
        Base::Float8 => match float(trimmed) {
            Some(value) if value.is_infinite() && !trimmed.to_ascii_lowercase().contains("inf") => {
                return Err(out_of_range("double precision"));
            }
            Some(value) => ScalarValue::Float64(Some(value)),
            None => return invalid("double precision"),
        },
        Base::Float4 => match float(trimmed) {
            Some(value) if (value as f32).is_infinite() && !trimmed.to_ascii_lowercase().contains("inf") => {
                return Err(out_of_range("real"));
            }
            Some(value) => ScalarValue::Float32(Some(value as f32)),
            None => return invalid("real"),
        },
        Base::Numeric => match numeric(trimmed)? {
            Some(value) => value,
            None => return invalid("numeric"),
        },
        Base::Bool => match boolean(trimmed) {
            Some(value) => ScalarValue::Boolean(Some(value)),
            None => return invalid("boolean"),
        },
        Base::Date => match NaiveDate::parse_from_str(trimmed, "%Y-%m-%d") {
            Ok(_) if is_iso(trimmed, 10) => ScalarValue::Utf8(Some(trimmed.to_owned())).cast_to(&DataType::Date32)?,
            _ => return Err(not_yet("a date in another form")),
        },
        Base::Timestamp => match timestamp(trimmed) {
            Some(micros) => ScalarValue::TimestampMicrosecond(Some(micros), None),
            None => return Err(not_yet("a timestamp in another form")),
        },
        Base::Interval => {
            let plain = trimmed.chars().all(|c| c.is_ascii_digit() || c.is_ascii_alphabetic() || c == ' ');
            if !plain {
                return Err(not_yet("an interval in another form"));
            }
            ScalarValue::Utf8(Some(trimmed.to_owned())).cast_to(&to.storage()).map_err(|_| not_yet("this interval"))?
        }
        Base::Time | Base::Timestamptz | Base::Bytea => return Err(not_yet("a constant of this type")),
    })
}

fn is_iso(text: &str, length: usize) -> bool {
    text.len() == length && text.as_bytes().first().is_some_and(u8::is_ascii_digit)
}

fn timestamp(text: &str) -> Option<i64> {
    let date_only = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().and_then(|date| date.and_hms_opt(0, 0, 0));
    let forms = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M"];
    let full = || forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let is_plain = text.as_bytes().first().is_some_and(u8::is_ascii_digit) && text.len() <= 26;
    is_plain.then(|| date_only.or_else(full))?.map(|value| value.and_utc().timestamp_micros())
}

fn float(text: &str) -> Option<f64> {
    match text.to_ascii_lowercase().as_str() {
        "nan" => Some(f64::NAN),
        "inf" | "infinity" | "+infinity" | "+inf" => Some(f64::INFINITY),
        "-inf" | "-infinity" => Some(f64::NEG_INFINITY),
        plain if plain.bytes().all(|b| b.is_ascii_digit() || b"+-.e".contains(&b)) => plain.parse().ok(),
        _ => None,
    }
}

fn boolean(text: &str) -> Option<bool> {
    let lower = text.to_ascii_lowercase();
    let begins = |word: &str, least: usize| lower.len() >= least && word.starts_with(lower.as_str());
    match () {
        () if lower == "1" || begins("true", 1) || begins("yes", 1) || lower == "on" => Some(true),
        () if lower == "0" || begins("false", 1) || begins("no", 1) || begins("off", 2) => Some(false),
        () => None,
    }
}

/// Most digits before or behind the point that a constant may have.
const MAX_NUMERIC_DIGITS: i32 = 1000;

/// A numeric that is no number, as it is printed.
fn special(text: &str) -> Option<&'static str> {
    match text.to_ascii_lowercase().as_str() {
        "nan" => Some("NaN"),
        "inf" | "infinity" | "+inf" | "+infinity" => Some("Infinity"),
        "-inf" | "-infinity" => Some("-Infinity"),
        _ => None,
    }
}

/// A decimal with as many digits as are written, or, where the engine's can't hold them, its text; `None` if it isn't one.
pub(super) fn numeric(text: &str) -> Result<Option<ScalarValue>> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => match exponent.parse::<i32>() {
            Ok(exponent) => (mantissa, exponent),
            Err(_) => return Ok(None),
        },
        None => (text, 0),
    };
    let (negative, digits) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return Ok(None);
    }
    let mut all = format!("{whole}{fraction}");
    if !all.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(special(text).map(|text| ScalarValue::Utf8(Some(text.to_owned()))));
    }
    let mut scale = i32::try_from(fraction.len()).unwrap_or(i32::MAX).saturating_sub(exponent);
    if !(-MAX_NUMERIC_DIGITS..=MAX_NUMERIC_DIGITS).contains(&scale) {
        return Err(not_yet("so many digits"));
    }
    if scale < 0 {
        all.extend(std::iter::repeat_n('0', scale.unsigned_abs() as usize));
        scale = 0;
    }
    let significant = all.trim_start_matches('0');
    let precision = significant.len().max(scale as usize).max(1);
    if precision > 38 {
        let padded = format!("{significant:0>width$}", width = scale as usize + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale as usize);
        let (sign, point) = (if negative { "-" } else { "" }, if scale > 0 { "." } else { "" });
        return Ok(Some(ScalarValue::Utf8(Some(format!("{sign}{whole}{point}{fraction}")))));
    }
    let magnitude: i128 =
        if significant.is_empty() { 0 } else { significant.parse().map_err(|_| not_yet("this number"))? };
    let value = if negative { -magnitude } else { magnitude };
    Ok(Some(ScalarValue::Decimal128(Some(value), precision as u8, scale as i8)))
}
