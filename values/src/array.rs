//! Arrays (documentation, 8.15 and 9.19): items in a shape of up to six dimensions, each with its lower bound.

mod build;
mod print;
mod read;
mod search;
mod subscript;

pub use build::{array_fill, dimensions_of};
pub use print::{print_array, print_item};
pub use read::read_array;
pub use subscript::Slice;

use crate::{Result, ValueError, code};

/// The most dimensions.
pub const MAX_DIMENSIONS: usize = 6;

/// The most items that PostgreSQL's arrays may have.
const MAX_ITEMS: i64 = 134_217_727;

/// No array, and no text of one, takes more, in bytes.
const MAX_BYTES: usize = 64 << 20;

/// Items in row-major order. No items: no dimensions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Array<T = String> {
    pub lower_bounds: Vec<i32>,
    /// How long each dimension is.
    pub dimensions: Vec<i32>,
    pub items: Vec<Option<T>>,
}

impl<T> Default for Array<T> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<T> From<Vec<Option<T>>> for Array<T> {
    /// One dimension, from 1.
    fn from(items: Vec<Option<T>>) -> Self {
        if items.is_empty() {
            return Self::empty();
        }
        let length = i32::try_from(items.len()).unwrap_or(i32::MAX);
        Self { lower_bounds: vec![1], dimensions: vec![length], items }
    }
}

impl<T> Array<T> {
    pub fn empty() -> Self {
        Self { lower_bounds: Vec::new(), dimensions: Vec::new(), items: Vec::new() }
    }

    /// The shape kept, each item another one.
    pub fn try_map<U>(self, mut item: impl FnMut(T) -> Result<U>) -> Result<Array<U>> {
        let items = self.items.into_iter().map(|value| value.map(&mut item).transpose()).collect::<Result<_>>()?;
        Ok(Array { lower_bounds: self.lower_bounds, dimensions: self.dimensions, items })
    }

    /// `array_ndims`: NULL of an empty array.
    pub fn array_ndims(&self) -> Option<i32> {
        i32::try_from(self.dimensions.len()).ok().filter(|&count| count > 0)
    }

    /// `array_dims`, as in `[1:2][1:3]`: NULL of an empty array.
    pub fn array_dims(&self) -> Option<String> {
        if self.dimensions.is_empty() {
            return None;
        }
        let mut text = String::new();
        print::print_bounds(&self.lower_bounds, &self.dimensions, &mut text);
        Some(text)
    }

    /// `array_length` of a dimension, counted from 1.
    pub fn array_length(&self, dimension: i32) -> Option<i32> {
        self.dimensions.get(place(dimension)?).copied()
    }

    /// `array_lower`.
    pub fn array_lower(&self, dimension: i32) -> Option<i32> {
        self.lower_bounds.get(place(dimension)?).copied()
    }

    /// `array_upper`.
    pub fn array_upper(&self, dimension: i32) -> Option<i32> {
        let last = i64::from(self.array_lower(dimension)?) + i64::from(self.array_length(dimension)?) - 1;
        i32::try_from(last).ok()
    }

    /// `cardinality`: how many items in all dimensions together.
    pub fn cardinality(&self) -> i32 {
        i32::try_from(self.items.len()).unwrap_or(i32::MAX)
    }

    /// `generate_subscripts`: first and last one, stepped through from the last if it is reverse.
    pub fn generate_subscripts(&self, dimension: i32, reverse: bool) -> impl Iterator<Item = i32> + use<T> {
        let (first, last) = match (self.array_lower(dimension), self.array_upper(dimension)) {
            (Some(first), Some(last)) => (i64::from(first), i64::from(last)),
            _ => (0, -1),
        };
        let count = last - first + 1;
        (0..count)
            .map(move |step| if reverse { last - step } else { first + step })
            .map_while(|at| i32::try_from(at).ok())
    }
}

/// The space that PostgreSQL's scanner skips.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// The place of a dimension counted from 1.
fn place(dimension: i32) -> Option<usize> {
    usize::try_from(dimension).ok()?.checked_sub(1)
}

/// How many items a shape has; what no array may have is an error.
fn count_items(lower_bounds: &[i32], dimensions: &[i32]) -> Result<usize> {
    let mut count = 1i64;
    for &length in dimensions {
        count = count
            .checked_mul(i64::from(length))
            .filter(|count| (0..=MAX_ITEMS).contains(count))
            .ok_or_else(too_many)?;
    }
    for (&lower, &length) in lower_bounds.iter().zip(dimensions) {
        if lower.checked_add(length).is_none() {
            let message = format!("array lower bound is too large: {lower}");
            return Err(ValueError::new(code::PROGRAM_LIMIT_EXCEEDED, message));
        }
    }
    usize::try_from(if dimensions.is_empty() { 0 } else { count }).map_err(|_| too_many())
}

fn too_many() -> ValueError {
    ValueError::new(code::PROGRAM_LIMIT_EXCEEDED, format!("array size exceeds the maximum allowed ({MAX_ITEMS})"))
}

fn too_many_dimensions(count: usize) -> ValueError {
    let message = format!("number of array dimensions ({count}) exceeds the maximum allowed ({MAX_DIMENSIONS})");
    ValueError::new(code::PROGRAM_LIMIT_EXCEEDED, message)
}

#[cfg(test)]
mod tests;
