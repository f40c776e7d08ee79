//! The `bucket` mask: shows the lower end of the bucket that a number lies in, multiples of a size.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::{DataType, Decimal128Type, Float32Type, Float64Type, Int16Type, Int32Type, Int64Type};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};

use super::text;

/// The mask as a function. A value whose bucket begins below what its type can hold is shown as the type's least.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct BucketMask {
    size: u32,
    signature: Signature,
}

impl BucketMask {
    /// None if the type isn't one of numbers.
    pub fn new(size: u32, data_type: &DataType) -> Option<Self> {
        let is_number = match data_type {
            DataType::Int16 | DataType::Int32 | DataType::Int64 | DataType::Float32 | DataType::Float64 => true,
            DataType::Decimal128(_, scale) => *scale >= 0,
            _ => false,
        };
        is_number.then(|| Self { size, signature: Signature::any(1, Volatility::Immutable) })
    }

    fn array(&self, array: &ArrayRef) -> Result<ArrayRef> {
        let size = i64::from(self.size);
        let integer = |value: i64, least: i64| (value.div_euclid(size)).checked_mul(size).unwrap_or(least).max(least);
        Ok(match array.data_type() {
            DataType::Int16 => {
                let bucket = |v: i16| i16::try_from(integer(v.into(), i16::MIN.into())).unwrap_or(i16::MIN);
                Arc::new(array.as_primitive::<Int16Type>().unary::<_, Int16Type>(bucket))
            }
            DataType::Int32 => {
                let bucket = |v: i32| i32::try_from(integer(v.into(), i32::MIN.into())).unwrap_or(i32::MIN);
                Arc::new(array.as_primitive::<Int32Type>().unary::<_, Int32Type>(bucket))
            }
            DataType::Int64 => {
                Arc::new(array.as_primitive::<Int64Type>().unary::<_, Int64Type>(|v| integer(v, i64::MIN)))
            }
            DataType::Float32 => {
                let size = self.size as f32;
                Arc::new(array.as_primitive::<Float32Type>().unary::<_, Float32Type>(|v| (v / size).floor() * size))
            }
            DataType::Float64 => {
                let size = f64::from(self.size);
                Arc::new(array.as_primitive::<Float64Type>().unary::<_, Float64Type>(|v| (v / size).floor() * size))
            }
            DataType::Decimal128(precision, scale) => {
                let least = -(10_i128.pow(u32::from(*precision)) - 1);
                // A size beyond all values puts them into two buckets, 0 and the least.
                let size = i128::from(self.size).saturating_mul(10_i128.pow(scale.unsigned_abs().into()));
                let bucket = |v: i128| v.div_euclid(size).checked_mul(size).unwrap_or(least).max(least);
                let buckets = array.as_primitive::<Decimal128Type>().unary::<_, Decimal128Type>(bucket);
                Arc::new(buckets.with_precision_and_scale(*precision, *scale)?)
            }
            other => return Err(DataFusionError::Internal(format!("no bucket mask for {other}"))),
        })
    }
}

impl ScalarUDFImpl for BucketMask {
    fn name(&self) -> &str {
        "mask_bucket"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        Ok(arguments.first().cloned().unwrap_or(DataType::Null))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        text::map_arrays(&args, |array| self.array(array))
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array, Decimal128Array, Float64Array, Int16Array, Int64Array};

    use super::*;

    fn shown(size: u32, array: ArrayRef) -> ArrayRef {
        BucketMask::new(size, array.data_type()).unwrap().array(&array).unwrap()
    }

    #[test]
    fn numbers_show_where_their_bucket_begins() {
        let integers = shown(10, Arc::new(Int64Array::from(vec![Some(0), Some(9), Some(10), Some(-1), None])));
        assert_eq!(
            integers.as_ref(),
            &Int64Array::from(vec![Some(0), Some(0), Some(10), Some(-10), None]) as &dyn Array
        );
        let floats = shown(5, Arc::new(Float64Array::from(vec![4.99, 5.0, -0.1, f64::INFINITY])));
        assert_eq!(floats.as_ref(), &Float64Array::from(vec![0.0, 5.0, -5.0, f64::INFINITY]) as &dyn Array);
        let money = |values: Vec<i128>| Decimal128Array::from(values).with_precision_and_scale(10, 2).unwrap();
        let decimals = shown(100, Arc::new(money(vec![12_345, 9_999, -1])));
        assert_eq!(decimals.as_ref(), &money(vec![10_000, 0, -10_000]) as &dyn Array);
    }

    #[test]
    fn no_bucket_leaves_its_type() {
        let least = shown(1000, Arc::new(Int16Array::from(vec![i16::MIN, i16::MAX])));
        assert_eq!(least.as_ref(), &Int16Array::from(vec![i16::MIN, 32_000]) as &dyn Array);
        let least = shown(u32::MAX, Arc::new(Int64Array::from(vec![i64::MIN])));
        assert_eq!(least.as_ref(), &Int64Array::from(vec![i64::MIN]) as &dyn Array);
        let narrow = Decimal128Array::from(vec![-999, 999]).with_precision_and_scale(3, 2).unwrap();
        let expected = Decimal128Array::from(vec![-999, 0]).with_precision_and_scale(3, 2).unwrap();
        assert_eq!(shown(1000, Arc::new(narrow)).as_ref(), &expected as &dyn Array);
    }
}
