//! Arrays made of others, and of items.

use super::{Array, MAX_BYTES, MAX_DIMENSIONS, Slice, count_items, too_many, too_many_dimensions};
use crate::{Result, ValueError, code};

fn incompatible(detail: impl Into<String>) -> ValueError {
    ValueError::new(code::ARRAY_SUBSCRIPT_ERROR, "cannot concatenate incompatible arrays").detail(detail)
}

fn not_one_dimensional() -> ValueError {
    ValueError::new(code::DATA_EXCEPTION, "argument must be empty or one-dimensional array")
}

impl<T> Array<T> {
    /// `array_append`, of NULL as of an empty array.
    pub fn array_append(mut self, item: Option<T>) -> Result<Self> {
        if self.dimensions.is_empty() {
            return Ok(Self::from(vec![item]));
        }
        let ([lower], [length]) = (self.lower_bounds.as_slice(), self.dimensions.as_mut_slice()) else {
            return Err(not_one_dimensional());
        };
        if lower.checked_add(*length).is_none() {
            return Err(ValueError::out_of_range("integer"));
        }
        *length = length.saturating_add(1);
        self.items.push(item);
        count_items(&self.lower_bounds, &self.dimensions)?;
        self.bounded(|_| 0)
    }

    /// `array_prepend`: the lower bound stays.
    pub fn array_prepend(item: Option<T>, mut array: Self) -> Result<Self> {
        if array.dimensions.is_empty() {
            return Ok(Self::from(vec![item]));
        }
        let ([lower], [length]) = (array.lower_bounds.as_slice(), array.dimensions.as_mut_slice()) else {
            return Err(not_one_dimensional());
        };
        if *lower == i32::MIN {
            return Err(ValueError::out_of_range("integer"));
        }
        // The last place there is may be taken only so: bounds aren't looked at again.
        *length = length.checked_add(1).ok_or_else(too_many)?;
        array.items.insert(0, item);
        array.bounded(|_| 0)
    }

    /// `array_cat`: of arrays with the same number of dimensions, or one fewer, which then is an item of the other.
    pub fn array_cat(mut self, mut other: Self) -> Result<Self> {
        if other.dimensions.is_empty() {
            return Ok(self);
        }
        if self.dimensions.is_empty() {
            return Ok(other);
        }
        let (left, right) = (self.dimensions.len(), other.dimensions.len());
        let (longer, shorter) = (left.max(right), left.min(right));
        if longer - shorter > 1 {
            let detail = format!("Arrays of {left} and {right} dimensions are not compatible for concatenation.");
            return Err(incompatible(detail));
        }
        let alike = |a: &[i32], b: &[i32]| a.iter().rev().take(longer - 1).eq(b.iter().rev().take(longer - 1));
        if !alike(&self.dimensions, &other.dimensions) || !alike(&self.lower_bounds, &other.lower_bounds) {
            let what = if left == right { "differing element dimensions" } else { "differing dimensions" };
            return Err(incompatible(format!("Arrays with {what} are not compatible for concatenation.")));
        }
        let first =
            |array: &Self| if array.dimensions.len() == longer { array.dimensions.first().copied() } else { None };
        let length = first(&self).unwrap_or(1).checked_add(first(&other).unwrap_or(1));
        let (mut lower_bounds, mut dimensions) = match left < right {
            true => (std::mem::take(&mut other.lower_bounds), std::mem::take(&mut other.dimensions)),
            false => (std::mem::take(&mut self.lower_bounds), std::mem::take(&mut self.dimensions)),
        };
        if let (Some(outermost), Some(length)) = (dimensions.first_mut(), length) {
            *outermost = length;
        }
        if count_items(&lower_bounds, &dimensions)? == 0 {
            (lower_bounds, dimensions) = (Vec::new(), Vec::new());
        }
        let count = self.items.len().saturating_add(other.items.len());
        if count.saturating_mul(size_of::<Option<T>>()) > MAX_BYTES {
            return Err(ValueError::too_long());
        }
        self.items.append(&mut other.items);
        Ok(Self { lower_bounds, dimensions, items: self.items })
    }

    /// `ARRAY[a, b]` of arrays: their shape with one more dimension around it. NULL is as an empty one.
    pub fn of_arrays(arrays: Vec<Option<Self>>) -> Result<Self> {
        let count = arrays.len();
        let mismatch = || {
            let message = "multidimensional arrays must have array expressions with matching dimensions";
            ValueError::new(code::ARRAY_SUBSCRIPT_ERROR, message)
        };
        let mut whole: Option<Self> = None;
        let mut some_empty = false;
        for array in arrays {
            let Some(array) = array.filter(|array| !array.dimensions.is_empty()) else {
                some_empty = true;
                continue;
            };
            match &mut whole {
                None if array.dimensions.len() >= MAX_DIMENSIONS => {
                    return Err(too_many_dimensions(array.dimensions.len() + 1));
                }
                None => whole = Some(array),
                Some(whole) => {
                    if whole.dimensions != array.dimensions || whole.lower_bounds != array.lower_bounds {
                        return Err(mismatch());
                    }
                    whole.items.extend(array.items);
                }
            }
        }
        let Some(mut whole) = whole else { return Ok(Self::empty()) };
        if some_empty {
            return Err(mismatch());
        }
        whole.lower_bounds.insert(0, 1);
        whole.dimensions.insert(0, i32::try_from(count).unwrap_or(i32::MAX));
        count_items(&whole.lower_bounds, &whole.dimensions)?;
        whole.bounded(|_| 0)
    }

    /// An error if its items take too much; `bytes` is what one takes beside its place.
    pub fn bounded(self, bytes: impl Fn(&T) -> usize) -> Result<Self> {
        let places = self.items.len().saturating_mul(size_of::<Option<T>>());
        let values = self.items.iter().flatten().map(bytes).fold(0, usize::saturating_add);
        if places.saturating_add(values) > MAX_BYTES { Err(ValueError::too_long()) } else { Ok(self) }
    }
}

impl<T: Clone> Array<T> {
    /// `trim_array`: without its last `count` items, in the outermost dimension.
    pub fn trim_array(&self, count: i32) -> Result<Self> {
        let length = self.dimensions.first().copied().unwrap_or(0);
        if count < 0 || count > length {
            let message = format!("number of elements to trim must be between 0 and {length}");
            return Err(ValueError::new(code::ARRAY_SUBSCRIPT_ERROR, message));
        }
        match self.array_upper(1).filter(|_| count < length) {
            Some(last) => Ok(self.slice(&[Slice { lower: None, upper: Some(last - count) }])),
            None => Ok(Self::empty()),
        }
    }
}

/// What `array_fill` and others take for a list of lengths or bounds: a flat array without NULL.
pub fn dimensions_of(array: &Array<i32>) -> Result<Vec<i32>> {
    if array.dimensions.len() > 1 {
        let error = ValueError::new(code::ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts");
        return Err(error.detail("Dimension array must be one dimensional."));
    }
    if array.items.iter().any(Option::is_none) {
        return Err(ValueError::new(code::NULL_NOT_ALLOWED, "dimension values cannot be null"));
    }
    Ok(array.items.iter().flatten().copied().collect())
}

/// `array_fill`: each item the same. `item_bytes` is what one takes beside its place.
pub fn array_fill<T: Clone>(
    item: Option<T>,
    item_bytes: usize,
    dimensions: &Array<i32>,
    lower_bounds: Option<&Array<i32>>,
) -> Result<Array<T>> {
    let lengths = dimensions_of(dimensions)?;
    if lengths.len() > MAX_DIMENSIONS {
        return Err(too_many_dimensions(lengths.len()));
    }
    let lower_bounds = match lower_bounds {
        None => vec![1; lengths.len()],
        Some(lower_bounds) => {
            let lower_bounds = dimensions_of(lower_bounds)?;
            if lower_bounds.len() != lengths.len() {
                let error = ValueError::new(code::ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts");
                return Err(error.detail("Low bound array has different size than dimensions array."));
            }
            lower_bounds
        }
    };
    let count = count_items(&lower_bounds, &lengths)?;
    if count == 0 {
        return Ok(Array::empty());
    }
    let each = size_of::<Option<T>>().saturating_add(item_bytes);
    if count.saturating_mul(each) > MAX_BYTES {
        return Err(ValueError::too_long());
    }
    Ok(Array { lower_bounds, dimensions: lengths, items: vec![item; count] })
}
