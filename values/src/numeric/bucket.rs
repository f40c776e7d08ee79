//! width_bucket.

use super::Numeric;
use crate::{Result, ValueError, code};

fn invalid(message: &str) -> ValueError {
    ValueError::new(code::INVALID_WIDTH_BUCKET, message)
}

/// The errors of width_bucket's arguments, in PostgreSQL's order; `nan` of any, `infinite` of a bound.
pub(crate) fn check_bounds(count: i32, nan: bool, infinite: bool) -> Result<()> {
    if count <= 0 {
        return Err(invalid("count must be greater than zero"));
    }
    if nan {
        return Err(invalid("operand, lower bound, and upper bound cannot be NaN"));
    }
    if infinite {
        return Err(invalid("lower and upper bounds must be finite"));
    }
    Ok(())
}

pub(crate) fn equal_bounds() -> ValueError {
    invalid("lower bound cannot equal upper bound")
}

impl Numeric {
    /// Number of the bucket that the value falls in, of `count` of equal width between two bounds; 0 and `count` + 1
    /// are those outside.
    pub fn width_bucket(&self, low: &Self, high: &Self, count: i32) -> Result<i32> {
        let nan = self.is_nan() || low.is_nan() || high.is_nan();
        check_bounds(count, nan, low.is_infinite() || high.is_infinite())?;
        if low == high {
            return Err(equal_bounds());
        }
        let ascending = low < high;
        let before = if ascending { self < low } else { self > low };
        if before {
            return Ok(0);
        }
        let beyond = if ascending { self >= high } else { self <= high };
        if beyond {
            return count.checked_add(1).ok_or_else(|| ValueError::out_of_range("integer"));
        }
        let from_low = self.sub(low)?.mul(&Self::from_i32(count))?;
        let bucket = from_low.div_trunc(&high.sub(low)?)?.to_i32()?;
        bucket.checked_add(1).ok_or_else(|| ValueError::out_of_range("integer"))
    }
}
