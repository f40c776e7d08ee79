//! Subscripts and slices.

use super::Array;

/// The bounds of a slice in one dimension; a missing one is the array's own. A plain subscript `n` among slices
/// means `1:n`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    pub lower: Option<i32>,
    pub upper: Option<i32>,
}

impl<T> Array<T> {
    /// `a[i][j]`: NULL unless all dimensions are subscripted, and inside their bounds.
    pub fn element(&self, subscripts: &[i32]) -> Option<&T> {
        if subscripts.is_empty() || subscripts.len() != self.dimensions.len() {
            return None;
        }
        let mut at = 0usize;
        for ((&subscript, &lower), &length) in subscripts.iter().zip(&self.lower_bounds).zip(&self.dimensions) {
            let step = i64::from(subscript) - i64::from(lower);
            if step < 0 || step >= i64::from(length) {
                return None;
            }
            at = at.checked_mul(usize::try_from(length).ok()?)?.checked_add(usize::try_from(step).ok()?)?;
        }
        self.items.get(at)?.as_ref()
    }
}

impl<T: Clone> Array<T> {
    /// `a[i:j][k:l]`: its bounds begin at 1, and it is empty where it doesn't meet the array. Dimensions that aren't
    /// named are whole.
    pub fn slice(&self, slices: &[Slice]) -> Self {
        if slices.len() > self.dimensions.len() || self.items.is_empty() {
            return Self::empty();
        }
        let mut spans = Vec::with_capacity(self.dimensions.len());
        for (place, (&lower, &length)) in self.lower_bounds.iter().zip(&self.dimensions).enumerate() {
            let (first, last) = (i64::from(lower), i64::from(lower) + i64::from(length) - 1);
            let asked = slices.get(place);
            let from = asked.and_then(|slice| slice.lower).map_or(first, |lower| first.max(i64::from(lower)));
            let to = asked.and_then(|slice| slice.upper).map_or(last, |upper| last.min(i64::from(upper)));
            if from > to {
                return Self::empty();
            }
            let step = |distance: i64| usize::try_from(distance).unwrap_or(0);
            spans.push(Span {
                skipped: step(from - first),
                taken: step(to - from + 1),
                length: step(i64::from(length)),
            });
        }
        let taken = spans.iter().fold(1usize, |taken, span| taken.saturating_mul(span.taken));
        let mut items = Vec::with_capacity(taken.min(self.items.len()));
        collect(&self.items, &spans, &mut items);
        let dimensions = spans.iter().map(|span| i32::try_from(span.taken).unwrap_or(i32::MAX)).collect();
        Self { lower_bounds: vec![1; spans.len()], dimensions, items }
    }
}

struct Span {
    skipped: usize,
    taken: usize,
    length: usize,
}

/// Goes down one dimension a time: there are at most six.
fn collect<T: Clone>(items: &[Option<T>], spans: &[Span], out: &mut Vec<Option<T>>) {
    let Some((span, inner)) = spans.split_first() else {
        return;
    };
    let size: usize = inner.iter().map(|span| span.length).product();
    let chosen = span.skipped * size..(span.skipped + span.taken) * size;
    let Some(chosen) = items.get(chosen) else { return };
    if inner.is_empty() {
        out.extend_from_slice(chosen);
        return;
    }
    for part in chosen.chunks(size.max(1)) {
        collect(part, inner, out);
    }
}
