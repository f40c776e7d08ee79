//! Ranges and multiranges made of others.

use std::cmp::Ordering;

use super::bound::{compare_lower, compare_upper, ends_before, touches};
use super::{Multirange, Range, Span, Subtype};
use crate::{Result, ValueError, code};

/// A multirange of ranges in any order; NULL isn't one.
pub fn multirange<S: Subtype>(
    subtype: &S,
    ranges: impl IntoIterator<Item = Option<Range<S::Value>>>,
) -> Result<Multirange<S::Value>> {
    let mut spans = Vec::new();
    for range in ranges {
        let Some(range) = range else {
            let message = "multirange values cannot contain null members";
            return Err(ValueError::new(code::NULL_NOT_ALLOWED, message));
        };
        spans.extend(range);
    }
    merge_spans(subtype, &mut spans);
    Ok(spans)
}

/// Puts spans in order and joins those that touch or overlap.
pub fn merge_spans<S: Subtype>(subtype: &S, spans: &mut Vec<Span<S::Value>>) {
    spans.sort_by(|a, b| compare_lower(subtype, a, b).then_with(|| compare_upper(subtype, a, b)));
    spans.dedup_by(|next, last| {
        if ends_before(subtype, last, next) && !touches(subtype, last, next) {
            return false;
        }
        if compare_upper(subtype, last, next) == Ordering::Less {
            last.upper = next.upper.clone();
        }
        true
    });
}

/// `a + b` of multiranges.
pub fn union<S: Subtype>(subtype: &S, a: &[Span<S::Value>], b: &[Span<S::Value>]) -> Multirange<S::Value> {
    let mut spans = [a, b].concat();
    merge_spans(subtype, &mut spans);
    spans
}

/// `a * b` of multiranges.
pub fn intersect<S: Subtype>(subtype: &S, mut a: &[Span<S::Value>], mut b: &[Span<S::Value>]) -> Multirange<S::Value> {
    let mut spans = Vec::new();
    while let (Some((first, a_rest)), Some((second, b_rest))) = (a.split_first(), b.split_first()) {
        spans.extend(common(subtype, first, second));
        if compare_upper(subtype, first, second) == Ordering::Less {
            a = a_rest;
        } else {
            b = b_rest;
        }
    }
    spans
}

/// `a - b` of multiranges.
pub fn minus<S: Subtype>(subtype: &S, a: &[Span<S::Value>], mut b: &[Span<S::Value>]) -> Multirange<S::Value> {
    let mut spans = Vec::new();
    for span in a {
        while let Some((taken, rest)) = b.split_first()
            && ends_before(subtype, taken, span)
        {
            b = rest;
        }
        let mut left = Some(span.clone());
        for taken in b {
            let Some(remaining) = left.take() else { break };
            if ends_before(subtype, &remaining, taken) {
                left = Some(remaining);
                break;
            }
            if compare_lower(subtype, &remaining, taken) == Ordering::Less {
                let part = Span { lower: remaining.lower.clone(), upper: taken.lower.inverted() };
                spans.extend(part.unless_empty(subtype));
            }
            if compare_upper(subtype, &remaining, taken) == Ordering::Greater {
                left = Span { lower: taken.upper.inverted(), upper: remaining.upper }.unless_empty(subtype);
            }
        }
        spans.extend(left);
    }
    spans
}

/// `a * b` of ranges.
pub fn range_intersect<S: Subtype>(subtype: &S, a: &Range<S::Value>, b: &Range<S::Value>) -> Range<S::Value> {
    common(subtype, a.as_ref()?, b.as_ref()?)
}

/// What is in both.
fn common<S: Subtype>(subtype: &S, a: &Span<S::Value>, b: &Span<S::Value>) -> Range<S::Value> {
    if ends_before(subtype, a, b) || ends_before(subtype, b, a) {
        return None;
    }
    let lower = if compare_lower(subtype, a, b) == Ordering::Less { &b.lower } else { &a.lower };
    let upper = if compare_upper(subtype, a, b) == Ordering::Greater { &b.upper } else { &a.upper };
    Some(Span { lower: lower.clone(), upper: upper.clone() })
}

/// `a + b` of ranges.
pub fn range_union<S: Subtype>(subtype: &S, a: &Range<S::Value>, b: &Range<S::Value>) -> Result<Range<S::Value>> {
    contiguous(union(subtype, a.as_slice(), b.as_slice()), "union")
}

/// `a - b` of ranges.
pub fn range_minus<S: Subtype>(subtype: &S, a: &Range<S::Value>, b: &Range<S::Value>) -> Result<Range<S::Value>> {
    contiguous(minus(subtype, a.as_slice(), b.as_slice()), "difference")
}

fn contiguous<V>(mut spans: Multirange<V>, what: &str) -> Result<Range<V>> {
    if spans.len() > 1 {
        let message = format!("result of range {what} would not be contiguous");
        return Err(ValueError::new(code::DATA_EXCEPTION, message));
    }
    Ok(spans.pop())
}

/// `range_merge`: from the first bound to the last one, of two ranges or of a multirange.
pub fn range_merge<S: Subtype>(subtype: &S, a: &[Span<S::Value>], b: &[Span<S::Value>]) -> Range<S::Value> {
    let spans = a.iter().chain(b);
    let first = spans.clone().min_by(|a, b| compare_lower(subtype, a, b))?;
    let last = spans.max_by(|a, b| compare_upper(subtype, a, b))?;
    Some(Span { lower: first.lower.clone(), upper: last.upper.clone() })
}
