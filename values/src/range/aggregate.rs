//! Aggregates over ranges and multiranges.

use super::combine::{intersect, merge_spans};
use super::{Multirange, Span, Subtype};

/// `range_agg`.
#[derive(Debug, Clone)]
pub struct RangeAgg<V> {
    spans: Vec<Span<V>>,
    /// How many spans were left when they were last merged.
    merged: usize,
    seen: bool,
}

impl<V> Default for RangeAgg<V> {
    fn default() -> Self {
        Self { spans: Vec::new(), merged: 0, seen: false }
    }
}

impl<V: Clone> RangeAgg<V> {
    /// How many spans are kept.
    pub fn kept(&self) -> usize {
        self.spans.len()
    }

    /// Adds a range or a multirange, which isn't NULL.
    pub fn add<S: Subtype<Value = V>>(&mut self, subtype: &S, spans: &[Span<V>]) {
        const FEW: usize = 1024;
        self.seen = true;
        self.spans.extend_from_slice(spans);
        if self.spans.len() > FEW + 2 * self.merged {
            merge_spans(subtype, &mut self.spans);
            self.merged = self.spans.len();
        }
    }

    /// NULL if nothing was added.
    pub fn finish<S: Subtype<Value = V>>(mut self, subtype: &S) -> Option<Multirange<V>> {
        merge_spans(subtype, &mut self.spans);
        self.seen.then_some(self.spans)
    }
}

/// One step of `range_intersect_agg`: of ranges it leaves at most one span.
pub fn range_intersect_agg<S: Subtype>(
    subtype: &S,
    state: Option<Multirange<S::Value>>,
    spans: &[Span<S::Value>],
) -> Multirange<S::Value> {
    match state {
        None => spans.to_vec(),
        Some(state) => intersect(subtype, &state, spans),
    }
}
