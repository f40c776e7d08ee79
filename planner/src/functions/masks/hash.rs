//! The `hash` mask: a keyed hash (BLAKE3 in keyed mode), equal for equal inputs in every source, so that masked keys
//! still join. Whoever lacks the key can neither turn it round nor test a guess.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryBuilder, BinaryViewBuilder, LargeBinaryBuilder, LargeStringBuilder, PrimitiveArray,
    StringBuilder, StringViewBuilder,
};
use arrow::datatypes::{ArrowPrimitiveType, DataType, Int16Type, Int32Type, Int64Type};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};

/// The key of all hash masks of a mesh.
#[derive(Clone, PartialEq, Eq)]
pub struct MaskKey([u8; 32]);

impl MaskKey {
    /// Derives the key from a secret of any length.
    pub fn derive(secret: &str) -> Self {
        Self(blake3::derive_key("weir 2026 hash mask", secret.as_bytes()))
    }
}

impl fmt::Debug for MaskKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MaskKey(..)")
    }
}

impl Hash for MaskKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        blake3::hash(&self.0).as_bytes().hash(state);
    }
}

/// How the hash is shown in the column's own type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Shape {
    /// 32 hexadecimal digits.
    Hex,
    /// A uuid's text.
    Uuid,
    /// A non-negative integer of the column's width; equal inputs of different widths differ.
    Integer,
    /// 16 bytes.
    Bytes,
}

/// The mask as a function; its key never stands in a plan as a literal.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct HashMask {
    key: MaskKey,
    shape: Shape,
    signature: Signature,
}

impl HashMask {
    pub fn new(key: MaskKey, shape: Shape) -> Self {
        Self { key, shape, signature: Signature::any(1, Volatility::Immutable) }
    }

    fn digest(&self, value: &[u8]) -> [u8; 16] {
        let mut digest = [0; 16];
        digest.copy_from_slice(&blake3::keyed_hash(&self.key.0, value).as_bytes()[..16]);
        digest
    }

    fn text<'a>(&self, value: &str, buffer: &'a mut [u8; 36]) -> &'a str {
        let digest = self.digest(value.as_bytes());
        let mut at = 0;
        for (index, byte) in digest.iter().enumerate() {
            if self.shape == Shape::Uuid && matches!(index, 4 | 6 | 8 | 10) {
                buffer[at] = b'-';
                at += 1;
            }
            buffer[at] = HEX[usize::from(byte >> 4)];
            buffer[at + 1] = HEX[usize::from(byte & 15)];
            at += 2;
        }
        std::str::from_utf8(&buffer[..at]).unwrap_or_default()
    }

    fn integers<T: ArrowPrimitiveType>(&self, array: &PrimitiveArray<T>) -> ArrayRef
    where
        T::Native: Into<i64> + TryFrom<i64> + Default,
        i64: From<T::Native>,
    {
        let bits = 8 * std::mem::size_of::<T::Native>() - 1;
        let mask = u64::MAX >> (64 - bits);
        let masked: PrimitiveArray<T> = array.unary(|value| {
            let digest = self.digest(&i64::from(value).to_be_bytes());
            let mut low = [0; 8];
            low.copy_from_slice(&digest[..8]);
            // The mask leaves only as many bits as the type has below its sign.
            T::Native::try_from((u64::from_be_bytes(low) & mask).cast_signed()).unwrap_or_default()
        });
        Arc::new(masked)
    }

    fn array(&self, array: &ArrayRef) -> Result<ArrayRef> {
        let mut buffer = [0; 36];
        let rows = array.len();
        Ok(match array.data_type() {
            DataType::Utf8 => {
                let mut out = StringBuilder::with_capacity(rows, rows * 36);
                array.as_string::<i32>().iter().for_each(|v| out.append_option(v.map(|v| self.text(v, &mut buffer))));
                Arc::new(out.finish())
            }
            DataType::LargeUtf8 => {
                let mut out = LargeStringBuilder::with_capacity(rows, rows * 36);
                array.as_string::<i64>().iter().for_each(|v| out.append_option(v.map(|v| self.text(v, &mut buffer))));
                Arc::new(out.finish())
            }
            DataType::Utf8View => {
                let mut out = StringViewBuilder::with_capacity(rows);
                array.as_string_view().iter().for_each(|v| out.append_option(v.map(|v| self.text(v, &mut buffer))));
                Arc::new(out.finish())
            }
            DataType::Int16 => self.integers(array.as_primitive::<Int16Type>()),
            DataType::Int32 => self.integers(array.as_primitive::<Int32Type>()),
            DataType::Int64 => self.integers(array.as_primitive::<Int64Type>()),
            DataType::Binary => {
                let mut out = BinaryBuilder::with_capacity(rows, rows * 16);
                array.as_binary::<i32>().iter().for_each(|v| out.append_option(v.map(|v| self.digest(v))));
                Arc::new(out.finish())
            }
            DataType::LargeBinary => {
                let mut out = LargeBinaryBuilder::with_capacity(rows, rows * 16);
                array.as_binary::<i64>().iter().for_each(|v| out.append_option(v.map(|v| self.digest(v))));
                Arc::new(out.finish())
            }
            DataType::BinaryView => {
                let mut out = BinaryViewBuilder::with_capacity(rows);
                array.as_binary_view().iter().for_each(|v| out.append_option(v.map(|v| self.digest(v))));
                Arc::new(out.finish())
            }
            other => return Err(DataFusionError::Internal(format!("no hash mask for {other}"))),
        })
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

impl ScalarUDFImpl for HashMask {
    fn name(&self) -> &str {
        "mask_hash"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        Ok(arguments.first().cloned().unwrap_or(DataType::Null))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        super::text::map_arrays(&args, |array| self.array(array))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Int32Array, StringArray};

    fn mask(secret: &str, shape: Shape) -> HashMask {
        HashMask::new(MaskKey::derive(secret), shape)
    }

    #[test]
    fn equal_inputs_agree_across_types_and_other_keys_differ() {
        let text: ArrayRef = Arc::new(StringArray::from(vec![Some("ana@x.es"), None, Some("ana@x.es"), Some("b")]));
        let view = arrow::compute::cast(&text, &DataType::Utf8View).unwrap();
        let out = mask("k", Shape::Hex).array(&text).unwrap();
        let out = out.as_string::<i32>();
        assert_eq!((out.value(0), out.is_null(1), out.value(0).len()), (out.value(2), true, 32));
        assert_ne!(out.value(0), out.value(3));
        assert_eq!(mask("k", Shape::Hex).array(&view).unwrap().as_string_view().value(0), out.value(0));
        assert_ne!(mask("other", Shape::Hex).array(&text).unwrap().as_string::<i32>().value(0), out.value(0));
    }

    #[test]
    fn integers_stay_in_their_type_and_nothing_shows_the_key() {
        let ints: ArrayRef = Arc::new(Int32Array::from(vec![i32::MIN, 0, 7]));
        let out = mask("k", Shape::Integer).array(&ints).unwrap();
        assert!(out.as_primitive::<Int32Type>().values().iter().all(|&v| v >= 0));
        assert!(format!("{:?}", mask("k", Shape::Hex)).contains("MaskKey(..)"));
    }

    #[test]
    fn a_uuid_stays_a_uuid() {
        let mut buffer = [0; 36];
        let mask = mask("k", Shape::Uuid);
        let text = mask.text("123e4567-e89b-12d3-a456-426614174000", &mut buffer);
        let dashes: Vec<_> = text.match_indices('-').map(|(at, _)| at).collect();
        assert_eq!((text.len(), dashes), (36, vec![8, 13, 18, 23]));
    }
}
