//! From and to integers, floats, and fixed-point integers of 128 and 256 bits.

use num_bigint::BigInt;

use super::round::{Rounding, divide_round_small};
use super::{Infinity, MAX_SCALE, NaN, NegativeInfinity, Numeric, Small, digits};
use crate::{Result, ValueError, code};

impl From<i64> for Numeric {
    fn from(value: i64) -> Self {
        Self(Small(i128::from(value), 0))
    }
}

impl Numeric {
    pub fn from_i16(value: i16) -> Self {
        Self::from(i64::from(value))
    }

    pub fn from_i32(value: i32) -> Self {
        Self::from(i64::from(value))
    }

    pub fn from_i64(value: i64) -> Self {
        Self::from(value)
    }

    /// `coefficient` / 10^`scale`. A negative scale puts zeros before the point.
    pub fn from_unscaled(coefficient: i128, scale: i32) -> Result<Self> {
        match u16::try_from(scale) {
            Ok(scale) if i64::from(scale) <= MAX_SCALE => Ok(Self(Small(coefficient, scale))),
            _ => Self::from_big_unscaled(BigInt::from(coefficient), scale),
        }
    }

    /// The same of a two's complement in little-endian bytes.
    pub fn from_unscaled_256(bytes: &[u8; 32], scale: i32) -> Result<Self> {
        let (low, high) = bytes.split_at(16);
        let low = i128::from_le_bytes(low.try_into().unwrap_or_default());
        let high = i128::from_le_bytes(high.try_into().unwrap_or_default());
        match high == low >> 127 {
            true => Self::from_unscaled(low, scale),
            false => Self::from_big_unscaled(BigInt::from_signed_bytes_le(bytes), scale),
        }
    }

    fn from_big_unscaled(coefficient: BigInt, scale: i32) -> Result<Self> {
        if scale >= 0 {
            return Self::from_bigint(coefficient, i64::from(scale));
        }
        let zeros = u64::from(scale.unsigned_abs());
        if coefficient.bits() != 0 && zeros > super::MAX_WHOLE_DIGITS as u64 {
            return Err(super::overflow());
        }
        match coefficient.bits() {
            0 => Ok(Self::ZERO),
            _ => Self::from_bigint(digits::scaled(&coefficient, zeros), 0),
        }
    }

    /// The value times 10^`scale`, if that is whole and fits.
    pub fn unscaled(&self, scale: i32) -> Option<i128> {
        if let Small(coefficient, own) = &self.0 {
            let own = i32::from(*own);
            if own == scale {
                return Some(*coefficient);
            }
            if let Ok(up) = u64::try_from(i64::from(scale) - i64::from(own)) {
                return match coefficient {
                    0 => Some(0),
                    _ => coefficient.checked_mul(digits::power(up)?),
                };
            }
        }
        i128::try_from(self.big_unscaled(scale)?).ok()
    }

    /// The same as a two's complement in little-endian bytes.
    pub fn unscaled_256(&self, scale: i32) -> Option<[u8; 32]> {
        if let Some(small) = self.unscaled(scale) {
            let mut bytes = [if small < 0 { 0xff } else { 0 }; 32];
            bytes[..16].copy_from_slice(&small.to_le_bytes());
            return Some(bytes);
        }
        let coefficient = self.big_unscaled(scale)?;
        let bytes = coefficient.to_signed_bytes_le();
        let fill = if coefficient.sign() == num_bigint::Sign::Minus { 0xff } else { 0 };
        let mut out = [fill; 32];
        out.get_mut(..bytes.len())?.copy_from_slice(&bytes);
        Some(out)
    }

    fn big_unscaled(&self, scale: i32) -> Option<BigInt> {
        let (coefficient, own) = self.parts()?;
        let shift = i64::from(scale) - i64::from(own);
        if shift >= 0 {
            // Beyond 256 bits whatever the coefficient.
            return match coefficient.bits() {
                0 => Some(BigInt::ZERO),
                _ if shift > 80 => None,
                _ => Some(digits::scaled(&coefficient, shift.unsigned_abs())),
            };
        }
        if -shift > super::MAX_WHOLE_DIGITS + MAX_SCALE {
            return (coefficient.bits() == 0).then_some(BigInt::ZERO);
        }
        let power = BigInt::from(digits::big_power(shift.unsigned_abs()));
        let quotient = coefficient.as_ref() / &power;
        (&quotient * power == *coefficient).then_some(quotient)
    }

    /// The nearest number of 15 digits.
    pub fn from_f64(value: f64) -> Self {
        // Whole numbers of up to 15 digits are themselves.
        if value.abs() < 1e15 && value.trunc() == value {
            return Self::from(value as i64);
        }
        if let Some(special) = Self::from_special_float(value) {
            return special;
        }
        // Fewer digits, where they suffice to tell the float, are those of the nearest number too. Subnormal floats
        // have less precision than that.
        let (digits, power) = match crate::float::shortest_f64(value) {
            shortest if shortest.0 < 1_000_000_000_000_000 && value.is_normal() => shortest,
            _ => read_scientific(&format!("{:.14e}", value.abs())),
        };
        Self::from_digits(value < 0.0, digits, power)
    }

    /// The nearest number of 6 digits.
    pub fn from_f32(value: f32) -> Self {
        if value.abs() < 1e6 && value.trunc() == value {
            return Self::from(value as i64);
        }
        if let Some(special) = Self::from_special_float(f64::from(value)) {
            return special;
        }
        let (digits, power) = match crate::float::shortest_f32(value) {
            shortest if shortest.0 < 1_000_000 && value.is_normal() => shortest,
            _ => read_scientific(&format!("{:.5e}", value.abs())),
        };
        Self::from_digits(value < 0.0, digits, power)
    }

    fn from_special_float(value: f64) -> Option<Self> {
        if value.is_nan() {
            return Some(Self::NAN);
        }
        value.is_infinite().then_some(if value > 0.0 { Self::INFINITY } else { Self::NEGATIVE_INFINITY })
    }

    fn from_digits(negative: bool, mut digits: u64, mut power: i32) -> Self {
        while power < 0 && digits != 0 && digits.is_multiple_of(10) {
            digits /= 10;
            power += 1;
        }
        let coefficient = if negative { -i128::from(digits) } else { i128::from(digits) };
        // No float is beyond numeric's limits.
        Self::from_unscaled(coefficient, -power).unwrap_or(Self::NAN)
    }

    pub fn to_i16(&self) -> Result<i16> {
        self.to_integer("smallint")
    }

    pub fn to_i32(&self) -> Result<i32> {
        self.to_integer("integer")
    }

    pub fn to_i64(&self) -> Result<i64> {
        self.to_integer("bigint")
    }

    /// To the nearest, half away from zero.
    fn to_integer<T: TryFrom<i128>>(&self, type_name: &str) -> Result<T> {
        let not_a_number =
            |what: &str| ValueError::new(code::FEATURE_NOT_SUPPORTED, format!("cannot convert {what} to {type_name}"));
        match &self.0 {
            NaN => return Err(not_a_number("NaN")),
            Infinity | NegativeInfinity => return Err(not_a_number("infinity")),
            _ => {}
        }
        self.to_whole().and_then(|whole| T::try_from(whole).ok()).ok_or_else(|| ValueError::out_of_range(type_name))
    }

    /// The nearest whole number, half away from zero, if it fits.
    pub(super) fn to_whole(&self) -> Option<i128> {
        if let Small(coefficient, scale) = &self.0 {
            if *scale == 0 {
                return Some(*coefficient);
            }
            if let Some(&power) = digits::POWERS.get(usize::from(*scale)) {
                return divide_round_small(*coefficient, power, Rounding::Nearest);
            }
        }
        match self.rescale(0, Rounding::Nearest).ok()?.0 {
            Small(whole, _) => Some(whole),
            _ => None,
        }
    }

    pub fn to_f64(&self) -> Result<f64> {
        match self.quick_f64() {
            Some(value) => Ok(value),
            None => crate::float::parse_f64(&self.to_string()),
        }
    }

    pub fn to_f32(&self) -> Result<f32> {
        crate::float::parse_f32(&self.to_string())
    }

    /// The float where it is the quotient of two floats that are exact.
    fn quick_f64(&self) -> Option<f64> {
        let Small(coefficient, scale) = &self.0 else { return None };
        let coefficient = i64::try_from(*coefficient).ok().filter(|value| value.unsigned_abs() < 1 << 53)?;
        // Powers of ten up to 10^22 are exact.
        let power = *digits::POWERS.get(usize::from(*scale)).filter(|_| *scale <= 22)?;
        Some(coefficient as f64 / power as f64)
    }

    /// The nearest float; infinite or 0 beyond its range.
    pub(super) fn approximate(&self) -> f64 {
        if let Some(value) = self.quick_f64() {
            return value;
        }
        match self.exponent() {
            ..-400 if self.is_finite() => 0.0,
            401.. => f64::from(self.signum()) * f64::INFINITY,
            _ => self.to_string().parse().unwrap_or(f64::NAN),
        }
    }
}

/// Digits of a number like "1.23e-4", and the power of ten of the last one.
fn read_scientific(text: &str) -> (u64, i32) {
    let (mantissa, power) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = whole.bytes().chain(fraction.bytes());
    let number = digits.fold(0u64, |number, digit| number.wrapping_mul(10) + u64::from(digit.wrapping_sub(b'0')));
    (number, power.parse::<i32>().unwrap_or(0) - fraction.len() as i32)
}
