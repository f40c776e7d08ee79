//! Looking for items, and comparing arrays by them.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::hash::Hash;

use super::{Array, MAX_BYTES};
use crate::{Result, ValueError, code};

/// From how many comparisons on a table of the items pays.
const MANY: usize = 256;

/// Whether two items are the same one; NULL is the same as NULL.
fn same<T>(a: Option<&T>, b: Option<&T>, mut equal: impl FnMut(&T, &T) -> bool) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => equal(a, b),
        (None, None) => true,
        _ => false,
    }
}

fn not_supported(what: &str) -> ValueError {
    let message = format!("{what} multidimensional arrays is not supported");
    ValueError::new(code::FEATURE_NOT_SUPPORTED, message)
}

impl<T> Array<T> {
    /// `array_position`: the subscript of the first item that is the same, from the subscript `start` on.
    pub fn array_position(
        &self,
        item: Option<&T>,
        start: Option<i32>,
        mut equal: impl FnMut(&T, &T) -> bool,
    ) -> Result<Option<i32>> {
        if self.dimensions.len() > 1 {
            return Err(not_supported("searching for elements in"));
        }
        let lower = self.lower_bounds.first().copied().unwrap_or(1);
        let skipped = start.map_or(0, |start| (i64::from(start) - i64::from(lower)).max(0));
        let skipped = usize::try_from(skipped).unwrap_or(usize::MAX);
        let found = self.items.iter().skip(skipped).position(|value| same(value.as_ref(), item, &mut equal));
        Ok(found.and_then(|at| i32::try_from(at + skipped).ok()).and_then(|at| lower.checked_add(at)))
    }

    /// `array_positions`: the subscripts of all.
    pub fn array_positions(&self, item: Option<&T>, mut equal: impl FnMut(&T, &T) -> bool) -> Result<Vec<i32>> {
        if self.dimensions.len() > 1 {
            return Err(not_supported("searching for elements in"));
        }
        let lower = self.lower_bounds.first().copied().unwrap_or(1);
        let places = i64::from(lower)..;
        let found = places.zip(&self.items).filter(|(_, value)| same(value.as_ref(), item, &mut equal));
        Ok(found.filter_map(|(at, _)| i32::try_from(at).ok()).collect())
    }

    /// `array_remove`: all that are the same.
    pub fn array_remove(mut self, item: Option<&T>, mut equal: impl FnMut(&T, &T) -> bool) -> Result<Self> {
        if self.dimensions.len() > 1 {
            return Err(not_supported("removing elements from"));
        }
        self.items.retain(|value| !same(value.as_ref(), item, &mut equal));
        if self.items.is_empty() {
            return Ok(Self::empty());
        }
        let length = self.cardinality();
        self.dimensions.fill(length);
        Ok(self)
    }

    /// `a @> b` of arrays: each item of the other one is found. NULL never is.
    pub fn contains_by(&self, other: &Self, mut equal: impl FnMut(&T, &T) -> bool) -> bool {
        other.items.iter().all(|wanted| {
            let Some(wanted) = wanted else { return false };
            self.items.iter().flatten().any(|item| equal(item, wanted))
        })
    }

    /// `a && b` of arrays: an item is in both.
    pub fn overlaps_by(&self, other: &Self, mut equal: impl FnMut(&T, &T) -> bool) -> bool {
        self.items.iter().flatten().any(|item| other.items.iter().flatten().any(|wanted| equal(item, wanted)))
    }

    /// `a = b` of arrays: the same shape, and the same items.
    pub fn equals_by(&self, other: &Self, mut equal: impl FnMut(&T, &T) -> bool) -> bool {
        self.dimensions == other.dimensions
            && self.lower_bounds == other.lower_bounds
            && self.items.iter().zip(&other.items).all(|(a, b)| same(a.as_ref(), b.as_ref(), &mut equal))
    }

    /// The order of arrays: by their items, NULL last, then by number of items, dimensions and bounds.
    pub fn compare_by(&self, other: &Self, mut compare: impl FnMut(&T, &T) -> Ordering) -> Ordering {
        for pair in self.items.iter().zip(&other.items) {
            let order = match pair {
                (Some(a), Some(b)) => compare(a, b),
                (None, None) => Ordering::Equal,
                (None, Some(_)) => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
            };
            if order != Ordering::Equal {
                return order;
            }
        }
        let shape = |array: &Self| (array.items.len(), array.dimensions.len());
        shape(self)
            .cmp(&shape(other))
            .then_with(|| self.dimensions.cmp(&other.dimensions))
            .then_with(|| self.lower_bounds.cmp(&other.lower_bounds))
    }
}

impl<T: Clone> Array<T> {
    /// `array_replace`: each item that is the same becomes another one.
    pub fn array_replace(mut self, item: Option<&T>, other: Option<&T>, mut equal: impl FnMut(&T, &T) -> bool) -> Self {
        for value in &mut self.items {
            if same(value.as_ref(), item, &mut equal) {
                *value = other.cloned();
            }
        }
        self
    }
}

impl<T: Eq + Hash> Array<T> {
    /// [`Self::contains_by`] for items that are equal as they are: large arrays aren't searched item by item.
    pub fn contains(&self, other: &Self) -> bool {
        if self.items.len().saturating_mul(other.items.len()) < MANY {
            return self.contains_by(other, T::eq);
        }
        let items: HashSet<&T> = self.items.iter().flatten().collect();
        other.items.iter().all(|wanted| wanted.as_ref().is_some_and(|wanted| items.contains(wanted)))
    }

    /// [`Self::overlaps_by`] for items that are equal as they are.
    pub fn overlaps(&self, other: &Self) -> bool {
        if self.items.len().saturating_mul(other.items.len()) < MANY {
            return self.overlaps_by(other, T::eq);
        }
        let items: HashSet<&T> = self.items.iter().flatten().collect();
        other.items.iter().flatten().any(|wanted| items.contains(wanted))
    }
}

impl<T: AsRef<str>> Array<T> {
    /// `array_to_string`: NULL is left out, unless it has a text.
    pub fn array_to_string(&self, delimiter: &str, null: Option<&str>) -> Result<String> {
        let mut text = String::new();
        let mut first = true;
        for item in &self.items {
            let Some(item) = item.as_ref().map(T::as_ref).or(null) else { continue };
            if text.len().saturating_add(delimiter.len()).saturating_add(item.len()) > MAX_BYTES {
                return Err(ValueError::too_long());
            }
            if !first {
                text.push_str(delimiter);
            }
            first = false;
            text.push_str(item);
        }
        Ok(text)
    }
}
