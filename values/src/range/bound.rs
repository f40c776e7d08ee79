//! Bounds, and what lies between two.

use std::cmp::Ordering;

use super::Subtype;

/// One end of a span.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bound<V> {
    /// None is infinite, and never inclusive.
    pub value: Option<V>,
    pub inclusive: bool,
}

/// What lies between two bounds, which isn't nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Span<V> {
    pub lower: Bound<V>,
    pub upper: Bound<V>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Side {
    Lower,
    Upper,
}

impl<V> Bound<V> {
    pub(super) fn new(value: Option<V>, inclusive: bool) -> Self {
        Self { inclusive: inclusive && value.is_some(), value }
    }
}

impl<V: Clone> Bound<V> {
    /// The bound of what lies on its other side.
    pub(super) fn inverted(&self) -> Self {
        Self::new(self.value.clone(), !self.inclusive)
    }
}

impl<V: Clone> Span<V> {
    pub(super) fn unless_empty<S: Subtype<Value = V>>(self, subtype: &S) -> Option<Self> {
        if let (Some(first), Some(last)) = (&self.lower.value, &self.upper.value) {
            let inclusive = self.lower.inclusive && self.upper.inclusive;
            match subtype.compare(first, last) {
                Ordering::Greater => return None,
                Ordering::Equal if !inclusive => return None,
                _ => {}
            }
        }
        Some(self)
    }
}

/// The order of two bounds on the line of values: before a value is a lower bound that includes it or an upper one
/// that doesn't.
pub(super) fn compare_bounds<S: Subtype>(
    subtype: &S,
    (a, a_side): (&Bound<S::Value>, Side),
    (b, b_side): (&Bound<S::Value>, Side),
) -> Ordering {
    let infinity = |side| if side == Side::Lower { -1i8 } else { 1 };
    // Just beyond a value, at it, or just before it.
    let shift = |bound: &Bound<S::Value>, side| if bound.inclusive { 0i8 } else { -infinity(side) };
    match (&a.value, &b.value) {
        (None, None) => infinity(a_side).cmp(&infinity(b_side)),
        (None, Some(_)) => infinity(a_side).cmp(&0),
        (Some(_), None) => 0.cmp(&infinity(b_side)),
        (Some(x), Some(y)) => subtype.compare(x, y).then_with(|| shift(a, a_side).cmp(&shift(b, b_side))),
    }
}

pub(super) fn compare_lower<S: Subtype>(subtype: &S, a: &Span<S::Value>, b: &Span<S::Value>) -> Ordering {
    compare_bounds(subtype, (&a.lower, Side::Lower), (&b.lower, Side::Lower))
}

pub(super) fn compare_upper<S: Subtype>(subtype: &S, a: &Span<S::Value>, b: &Span<S::Value>) -> Ordering {
    compare_bounds(subtype, (&a.upper, Side::Upper), (&b.upper, Side::Upper))
}

/// Whether a span ends before another one begins.
pub(super) fn ends_before<S: Subtype>(subtype: &S, a: &Span<S::Value>, b: &Span<S::Value>) -> bool {
    compare_bounds(subtype, (&a.upper, Side::Upper), (&b.lower, Side::Lower)) == Ordering::Less
}

/// Whether nothing lies between the end of a span and the beginning of another one, nor in both. In canonical form, it
/// is so only at one value.
pub(super) fn touches<S: Subtype>(subtype: &S, a: &Span<S::Value>, b: &Span<S::Value>) -> bool {
    let (Some(last), Some(first)) = (&a.upper.value, &b.lower.value) else { return false };
    a.upper.inclusive != b.lower.inclusive && subtype.compare(last, first) == Ordering::Equal
}
