//! Operators and casts, with an error where a result leaves the type's range.

use std::cmp::Ordering;

use crate::{Result, ValueError};

macro_rules! arithmetic {
    ($type:ty, $add:ident, $sub:ident, $mul:ident, $div:ident, $cmp:ident) => {
        pub fn $add(a: $type, b: $type) -> Result<$type> {
            let sum = a + b;
            match sum.is_infinite() && !a.is_infinite() && !b.is_infinite() {
                true => Err(ValueError::overflow()),
                false => Ok(sum),
            }
        }

        pub fn $sub(a: $type, b: $type) -> Result<$type> {
            $add(a, -b)
        }

        pub fn $mul(a: $type, b: $type) -> Result<$type> {
            let product = a * b;
            if product.is_infinite() && !a.is_infinite() && !b.is_infinite() {
                return Err(ValueError::overflow());
            }
            if product == 0.0 && a != 0.0 && b != 0.0 {
                return Err(ValueError::underflow());
            }
            Ok(product)
        }

        pub fn $div(a: $type, b: $type) -> Result<$type> {
            if b == 0.0 && !a.is_nan() {
                return Err(ValueError::division_by_zero());
            }
            let quotient = a / b;
            if quotient.is_infinite() && !a.is_infinite() {
                return Err(ValueError::overflow());
            }
            if quotient == 0.0 && a != 0.0 && !b.is_infinite() {
                return Err(ValueError::underflow());
            }
            Ok(quotient)
        }

        /// NaN equals itself and is above all; the zeros are equal.
        pub fn $cmp(a: $type, b: $type) -> Ordering {
            a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
        }
    };
}

arithmetic!(f64, add_f64, sub_f64, mul_f64, div_f64, compare_f64);
arithmetic!(f32, add_f32, sub_f32, mul_f32, div_f32, compare_f32);

macro_rules! to_integer {
    ($float:ty, $integer:ty, $function:ident, $name:literal) => {
        /// To the nearest, ties to even.
        pub fn $function(value: $float) -> Result<$integer> {
            let rounded = value.round_ties_even();
            // The least integer is a power of two, and so is the greatest plus one: both are exact.
            let least = <$integer>::MIN as $float;
            match rounded >= least && rounded < -least {
                true => Ok(rounded as $integer),
                false => Err(ValueError::out_of_range($name)),
            }
        }
    };
}

to_integer!(f64, i16, f64_to_i16, "smallint");
to_integer!(f64, i32, f64_to_i32, "integer");
to_integer!(f64, i64, f64_to_i64, "bigint");
to_integer!(f32, i16, f32_to_i16, "smallint");
to_integer!(f32, i32, f32_to_i32, "integer");
to_integer!(f32, i64, f32_to_i64, "bigint");

pub fn f64_to_f32(value: f64) -> Result<f32> {
    let narrow = value as f32;
    if narrow.is_infinite() && !value.is_infinite() {
        return Err(ValueError::overflow());
    }
    if narrow == 0.0 && value != 0.0 {
        return Err(ValueError::underflow());
    }
    Ok(narrow)
}
