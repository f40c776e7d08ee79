//! How ranges and multiranges lie to each other.

use std::cmp::Ordering;

use super::bound::{compare_lower, compare_upper, ends_before, touches};
use super::{Span, Subtype};

/// `a = b`.
pub fn equals<S: Subtype>(subtype: &S, a: &[Span<S::Value>], b: &[Span<S::Value>]) -> bool {
    a.len() == b.len() && compare(subtype, a, b) == Ordering::Equal
}

/// The order: by the lower bound, then the upper one, span by span; empty is first.
pub fn compare<S: Subtype>(subtype: &S, a: &[Span<S::Value>], b: &[Span<S::Value>]) -> Ordering {
    for (a, b) in a.iter().zip(b) {
        let order = compare_lower(subtype, a, b).then_with(|| compare_upper(subtype, a, b));
        if order != Ordering::Equal {
            return order;
        }
    }
    a.len().cmp(&b.len())
}

/// Bytes in the order of [`compare`].
pub fn sort_key<S: Subtype>(subtype: &S, spans: &[Span<S::Value>], out: &mut Vec<u8>) {
    for span in spans {
        out.push(1);
        match &span.lower.value {
            None => out.push(0),
            Some(value) => {
                out.push(1);
                subtype.sort_key(value, out);
                out.push(u8::from(!span.lower.inclusive));
            }
        }
        match &span.upper.value {
            None => out.push(1),
            Some(value) => {
                out.push(0);
                subtype.sort_key(value, out);
                out.push(u8::from(span.upper.inclusive));
            }
        }
    }
    out.push(0);
}

/// `a @> element`.
pub fn contains_element<S: Subtype>(subtype: &S, spans: &[Span<S::Value>], element: &S::Value) -> bool {
    let begins = |span: &Span<S::Value>| {
        span.lower.value.as_ref().is_none_or(|value| match subtype.compare(value, element) {
            Ordering::Less => true,
            Ordering::Equal => span.lower.inclusive,
            Ordering::Greater => false,
        })
    };
    let Some(span) = spans.partition_point(begins).checked_sub(1).and_then(|at| spans.get(at)) else { return false };
    span.upper.value.as_ref().is_none_or(|value| match subtype.compare(element, value) {
        Ordering::Less => true,
        Ordering::Equal => span.upper.inclusive,
        Ordering::Greater => false,
    })
}

/// `a @> b`: what is empty is in everything.
pub fn contains<S: Subtype>(subtype: &S, a: &[Span<S::Value>], b: &[Span<S::Value>]) -> bool {
    let mut rest = a;
    b.iter().all(|wanted| {
        while let Some((span, next)) = rest.split_first()
            && ends_before(subtype, span, wanted)
        {
            rest = next;
        }
        rest.first().is_some_and(|span| {
            compare_lower(subtype, span, wanted) != Ordering::Greater
                && compare_upper(subtype, span, wanted) != Ordering::Less
        })
    })
}

/// `a && b`.
pub fn overlaps<S: Subtype>(subtype: &S, mut a: &[Span<S::Value>], mut b: &[Span<S::Value>]) -> bool {
    while let (Some((first, a_rest)), Some((second, b_rest))) = (a.split_first(), b.split_first()) {
        if ends_before(subtype, first, second) {
            a = a_rest;
        } else if ends_before(subtype, second, first) {
            b = b_rest;
        } else {
            return true;
        }
    }
    false
}

/// `a << b`.
pub fn before<S: Subtype>(subtype: &S, a: &[Span<S::Value>], b: &[Span<S::Value>]) -> bool {
    a.last().zip(b.first()).is_some_and(|(last, first)| ends_before(subtype, last, first))
}

/// `a >> b`.
pub fn after<S: Subtype>(subtype: &S, a: &[Span<S::Value>], b: &[Span<S::Value>]) -> bool {
    before(subtype, b, a)
}

/// `a &< b`: a doesn't extend to the right of b.
pub fn overleft<S: Subtype>(subtype: &S, a: &[Span<S::Value>], b: &[Span<S::Value>]) -> bool {
    a.last().zip(b.last()).is_some_and(|(a, b)| compare_upper(subtype, a, b) != Ordering::Greater)
}

/// `a &> b`: a doesn't extend to the left of b.
pub fn overright<S: Subtype>(subtype: &S, a: &[Span<S::Value>], b: &[Span<S::Value>]) -> bool {
    a.first().zip(b.first()).is_some_and(|(a, b)| compare_lower(subtype, a, b) != Ordering::Less)
}

/// `a -|- b`: one ends where the other begins.
pub fn adjacent<S: Subtype>(subtype: &S, a: &[Span<S::Value>], b: &[Span<S::Value>]) -> bool {
    let meets = |a: &[Span<S::Value>], b: &[Span<S::Value>]| {
        a.last().zip(b.first()).is_some_and(|(last, first)| touches(subtype, last, first))
    };
    meets(a, b) || meets(b, a)
}
