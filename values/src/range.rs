//! Ranges and multiranges (documentation, 8.17 and 9.20) over any element type.
//!
//! A range is no span or one, a multirange any number of spans, in order and neither touching nor overlapping. So one
//! function serves both: it takes `&[Span]`, which is [`Option::as_slice`] of a range.

mod aggregate;
mod bound;
mod combine;
mod element;
mod relate;
mod text;

pub use aggregate::{RangeAgg, range_intersect_agg};
pub use bound::{Bound, Span};
pub use combine::{
    intersect, merge_spans, minus, multirange, range_intersect, range_merge, range_minus, range_union, union,
};
pub use element::{Int4, Int8};
pub use relate::{
    adjacent, after, before, compare, contains, contains_element, equals, overlaps, overleft, overright, sort_key,
};
pub use text::{parse_multirange, parse_range, print_multirange, print_range};

use std::cmp::Ordering;

use crate::{Result, ValueError, code};

/// What a range is of.
pub trait Subtype {
    type Value: Clone;

    fn read(&self, text: &str) -> Result<Self::Value>;

    fn print(&self, value: &Self::Value, out: &mut String);

    fn compare(&self, a: &Self::Value, b: &Self::Value) -> Ordering;

    /// The next value of a discrete type; None of one that isn't, and of infinity. Discrete ranges are held from
    /// their first value to before the next one.
    fn successor(&self, _value: &Self::Value) -> Option<Result<Self::Value>> {
        None
    }

    /// Bytes in the order of the values, none the beginning of another one's.
    fn sort_key(&self, value: &Self::Value, out: &mut Vec<u8>);
}

/// None is the empty range.
pub type Range<V> = Option<Span<V>>;

pub type Multirange<V> = Vec<Span<V>>;

/// `int4range(lower, upper, flags)` and the like: NULL is no bound. Without the argument, flags are `[)`.
pub fn range<S: Subtype>(
    subtype: &S,
    lower: Option<S::Value>,
    upper: Option<S::Value>,
    flags: Option<&str>,
) -> Result<Range<S::Value>> {
    let Some(flags) = flags else {
        return Err(ValueError::new(code::DATA_EXCEPTION, "range constructor flags argument must not be null"));
    };
    let (lower_inclusive, upper_inclusive) = match flags {
        "[)" => (true, false),
        "[]" => (true, true),
        "(]" => (false, true),
        "()" => (false, false),
        _ => {
            let error = ValueError::new(code::SYNTAX_ERROR, "invalid range bound flags");
            return Err(error.hint("Valid values are \"[]\", \"[)\", \"(]\", and \"()\"."));
        }
    };
    make(subtype, Bound::new(lower, lower_inclusive), Bound::new(upper, upper_inclusive))
}

/// The range between bounds, in the canonical form of its type.
fn make<S: Subtype>(subtype: &S, mut lower: Bound<S::Value>, mut upper: Bound<S::Value>) -> Result<Range<S::Value>> {
    if let (Some(first), Some(last)) = (&lower.value, &upper.value) {
        match subtype.compare(first, last) {
            Ordering::Greater => {
                let message = "range lower bound must be less than or equal to range upper bound";
                return Err(ValueError::new(code::DATA_EXCEPTION, message));
            }
            Ordering::Equal if !(lower.inclusive && upper.inclusive) => return Ok(None),
            _ => {}
        }
    }
    if !lower.inclusive
        && let Some(next) = lower.value.as_ref().and_then(|value| subtype.successor(value))
    {
        lower = Bound { value: Some(next?), inclusive: true };
    }
    if upper.inclusive
        && let Some(next) = upper.value.as_ref().and_then(|value| subtype.successor(value))
    {
        upper = Bound { value: Some(next?), inclusive: false };
    }
    Ok(Span { lower, upper }.unless_empty(subtype))
}

/// `lower`: NULL if there is none.
pub fn lower<V>(spans: &[Span<V>]) -> Option<&V> {
    spans.first()?.lower.value.as_ref()
}

/// `upper`.
pub fn upper<V>(spans: &[Span<V>]) -> Option<&V> {
    spans.last()?.upper.value.as_ref()
}

/// `isempty`.
pub fn isempty<V>(spans: &[Span<V>]) -> bool {
    spans.is_empty()
}

/// `lower_inc`.
pub fn lower_inc<V>(spans: &[Span<V>]) -> bool {
    spans.first().is_some_and(|span| span.lower.inclusive)
}

/// `upper_inc`.
pub fn upper_inc<V>(spans: &[Span<V>]) -> bool {
    spans.last().is_some_and(|span| span.upper.inclusive)
}

/// `lower_inf`.
pub fn lower_inf<V>(spans: &[Span<V>]) -> bool {
    spans.first().is_some_and(|span| span.lower.value.is_none())
}

/// `upper_inf`.
pub fn upper_inf<V>(spans: &[Span<V>]) -> bool {
    spans.last().is_some_and(|span| span.upper.value.is_none())
}

#[cfg(test)]
mod tests;
