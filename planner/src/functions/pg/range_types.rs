//! What ranges are of: how each element type's values stand in a range's text and in a column of their own.
//!
//! Ranges are held as texts that depend on no setting: dates in ISO style, moments in UTC.

use std::cmp::Ordering;
use std::fmt::Write;

use arrow::array::{Array, AsArray};
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::ColumnarValue;
use weir_values::ValueError;
use weir_values::datetime::{self, MAX_DATE, Style};
use weir_values::numeric::Numeric;
use weir_values::range::{self, Multirange, Range, Span, Subtype};

use super::columns::{Arg, Args, Date, Int4, Int8, Ret, Text, Timestamp};
use super::session::Session;

pub(super) type Checked<T> = std::result::Result<T, ValueError>;

/// An element type.
pub(super) trait Element: Subtype<Value: Send + Sync> + Send + Sync + Sized + 'static {
    /// How a column holds its values.
    type Column: Arg;
    type Output: Ret;

    /// Reads and prints as ranges are held.
    fn held() -> Self;

    /// Reads and prints as the session's settings say.
    fn of_session(_: &Session) -> Self {
        Self::held()
    }

    fn taken(value: <Self::Column as Arg>::Value<'_>) -> Checked<Self::Value>;

    fn given(value: &Self::Value) -> Self::Output;
}

impl Element for range::Int4 {
    type Column = Int4;
    type Output = i32;

    fn held() -> Self {
        Self
    }

    fn taken(value: i32) -> Checked<i32> {
        Ok(value)
    }

    fn given(value: &i32) -> i32 {
        *value
    }
}

impl Element for range::Int8 {
    type Column = Int8;
    type Output = i64;

    fn held() -> Self {
        Self
    }

    fn taken(value: i64) -> Checked<i64> {
        Ok(value)
    }

    fn given(value: &i64) -> i64 {
        *value
    }
}

/// Of `numrange`.
pub(super) struct Numerics;

impl Subtype for Numerics {
    type Value = Numeric;

    fn read(&self, text: &str) -> Checked<Numeric> {
        Numeric::parse(text)
    }

    fn print(&self, value: &Numeric, out: &mut String) {
        // Writing to a String can't fail.
        let _ = write!(out, "{value}");
    }

    fn compare(&self, a: &Numeric, b: &Numeric) -> Ordering {
        a.cmp(b)
    }

    fn sort_key(&self, value: &Numeric, out: &mut Vec<u8>) {
        value.write_sort_key(out);
    }
}

impl Element for Numerics {
    type Column = Text;
    type Output = String;

    fn held() -> Self {
        Self
    }

    fn taken(value: &str) -> Checked<Numeric> {
        Numeric::parse(value)
    }

    fn given(value: &Numeric) -> String {
        value.to_string()
    }
}

/// Of `daterange`.
pub(super) struct Dates {
    style: Style,
    now: i64,
}

impl Subtype for Dates {
    type Value = i32;

    fn read(&self, text: &str) -> Checked<i32> {
        datetime::parse_date(text, &self.style, self.now)
    }

    fn print(&self, value: &i32, out: &mut String) {
        datetime::write_date(*value, &self.style, out);
    }

    fn compare(&self, a: &i32, b: &i32) -> Ordering {
        a.cmp(b)
    }

    fn successor(&self, value: &i32) -> Option<Checked<i32>> {
        let next = value.checked_add(1).filter(|next| *next <= MAX_DATE);
        datetime::date_is_finite(*value).then(|| next.ok_or_else(|| ValueError::datetime_out_of_range("date")))
    }

    fn sort_key(&self, value: &i32, out: &mut Vec<u8>) {
        range::Int4.sort_key(value, out);
    }
}

impl Element for Dates {
    type Column = Date;
    type Output = i32;

    fn held() -> Self {
        Self { style: Style::default(), now: 0 }
    }

    fn of_session(session: &Session) -> Self {
        Self { style: session.style(), now: session.now() }
    }

    fn taken(value: i32) -> Checked<i32> {
        Ok(value)
    }

    fn given(value: &i32) -> i32 {
        *value
    }
}

/// Of `tsrange`, and of `tstzrange`.
pub(super) struct Moments<const ZONED: bool> {
    style: Style,
    now: i64,
}

impl<const ZONED: bool> Subtype for Moments<ZONED> {
    type Value = i64;

    fn read(&self, text: &str) -> Checked<i64> {
        match ZONED {
            true => datetime::parse_timestamptz(text, -1, &self.style, self.now),
            false => datetime::parse_timestamp(text, -1, &self.style, self.now),
        }
    }

    fn print(&self, value: &i64, out: &mut String) {
        match ZONED {
            true => datetime::write_timestamptz(*value, &self.style, out),
            false => datetime::write_timestamp(*value, &self.style, out),
        }
    }

    fn compare(&self, a: &i64, b: &i64) -> Ordering {
        a.cmp(b)
    }

    fn sort_key(&self, value: &i64, out: &mut Vec<u8>) {
        range::Int8.sort_key(value, out);
    }
}

impl<const ZONED: bool> Element for Moments<ZONED> {
    type Column = Timestamp;
    type Output = i64;

    fn held() -> Self {
        Self { style: Style::default(), now: 0 }
    }

    fn of_session(session: &Session) -> Self {
        Self { style: session.style(), now: session.now() }
    }

    fn taken(value: i64) -> Checked<i64> {
        Ok(value)
    }

    fn given(value: &i64) -> i64 {
        *value
    }
}

/// The element types, by the names of what is made of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Int4,
    Int8,
    Numeric,
    Date,
    Timestamp,
    Timestamptz,
}

/// Which ranges a call is about: the name of their type or of their multirange's is its last argument, a constant.
pub(super) fn kind(args: &Args<'_>) -> Result<Kind> {
    let found = match args.values.last() {
        Some(ColumnarValue::Scalar(ScalarValue::Utf8(Some(name)))) => of_name(name),
        Some(ColumnarValue::Array(names)) => {
            let first = names.as_string_opt::<i32>().filter(|names| !names.is_empty() && !names.is_null(0));
            first.and_then(|names| of_name(names.value(0)))
        }
        _ => None,
    };
    found.ok_or_else(|| DataFusionError::Internal("a function of ranges isn't told which".to_owned()))
}

fn of_name(name: &str) -> Option<Kind> {
    Some(match name {
        "int4range" | "int4multirange" => Kind::Int4,
        "int8range" | "int8multirange" => Kind::Int8,
        "numrange" | "nummultirange" => Kind::Numeric,
        "daterange" | "datemultirange" => Kind::Date,
        "tsrange" | "tsmultirange" => Kind::Timestamp,
        "tstzrange" | "tstzmultirange" => Kind::Timestamptz,
        _ => return None,
    })
}

/// Calls a function of an element type with the type that a call is about.
macro_rules! by_element {
    ($args:ident, $compute:ident $(, $with:expr)*) => {
        match $crate::functions::pg::range_types::kind($args)? {
            $crate::functions::pg::range_types::Kind::Int4 => {
                $compute::<weir_values::range::Int4>($args $(, $with)*)
            }
            $crate::functions::pg::range_types::Kind::Int8 => {
                $compute::<weir_values::range::Int8>($args $(, $with)*)
            }
            $crate::functions::pg::range_types::Kind::Numeric => {
                $compute::<$crate::functions::pg::range_types::Numerics>($args $(, $with)*)
            }
            $crate::functions::pg::range_types::Kind::Date => {
                $compute::<$crate::functions::pg::range_types::Dates>($args $(, $with)*)
            }
            $crate::functions::pg::range_types::Kind::Timestamp => {
                $compute::<$crate::functions::pg::range_types::Moments<false>>($args $(, $with)*)
            }
            $crate::functions::pg::range_types::Kind::Timestamptz => {
                $compute::<$crate::functions::pg::range_types::Moments<true>>($args $(, $with)*)
            }
        }
    };
}
pub(super) use by_element;

/// A range or a multirange.
pub(super) enum Spans<V> {
    Range(Range<V>),
    Multirange(Multirange<V>),
}

impl<V> Spans<V> {
    pub fn as_slice(&self) -> &[Span<V>] {
        match self {
            Self::Range(range) => range.as_slice(),
            Self::Multirange(spans) => spans,
        }
    }
}

/// What a text is: only a multirange's begins with a brace.
pub(super) fn read<S: Subtype>(subtype: &S, text: &str) -> Checked<Spans<S::Value>> {
    match text.starts_with('{') {
        true => range::parse_multirange(subtype, text).map(Spans::Multirange),
        false => range::parse_range(subtype, text).map(Spans::Range),
    }
}

pub(super) fn range_text<S: Subtype>(subtype: &S, range: Option<&Span<S::Value>>) -> String {
    let mut text = String::new();
    range::print_range(subtype, range, &mut text);
    text
}

pub(super) fn multirange_text<S: Subtype>(subtype: &S, spans: &[Span<S::Value>]) -> String {
    let mut text = String::new();
    range::print_multirange(subtype, spans, &mut text);
    text
}
