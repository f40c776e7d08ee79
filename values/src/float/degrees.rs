//! Trigonometric functions of degrees, exact at the angles whose results are.
//!
//! The functions of radians are scaled so that what they give at 30, 45 and 60 degrees becomes the exact value.

use std::sync::LazyLock;

use super::trigonometry::{RADIANS_PER_DEGREE, out_of_range};
use crate::Result;

/// What the functions of radians give at the special angles.
struct Measured {
    sin_30: f64,
    one_minus_cos_60: f64,
    asin_half: f64,
    acos_half: f64,
    atan_one: f64,
    tan_45: f64,
    cot_45: f64,
}

static MEASURED: LazyLock<Measured> = LazyLock::new(|| {
    let mut measured = Measured {
        sin_30: (30.0 * RADIANS_PER_DEGREE).sin(),
        one_minus_cos_60: 1.0 - (60.0 * RADIANS_PER_DEGREE).cos(),
        asin_half: 0.5f64.asin(),
        acos_half: 0.5f64.acos(),
        atan_one: 1f64.atan(),
        tan_45: 1.0,
        cot_45: 1.0,
    };
    measured.tan_45 = measured.sin(45.0) / measured.cos(45.0);
    measured.cot_45 = measured.cos(45.0) / measured.sin(45.0);
    measured
});

impl Measured {
    fn sin_to_30(&self, degrees: f64) -> f64 {
        ((degrees * RADIANS_PER_DEGREE).sin() / self.sin_30) / 2.0
    }

    fn cos_to_60(&self, degrees: f64) -> f64 {
        let one_minus_cos = 1.0 - (degrees * RADIANS_PER_DEGREE).cos();
        1.0 - (one_minus_cos / self.one_minus_cos_60) / 2.0
    }

    /// Of 0 to 90 degrees.
    fn sin(&self, degrees: f64) -> f64 {
        match degrees <= 30.0 {
            true => self.sin_to_30(degrees),
            false => self.cos_to_60(90.0 - degrees),
        }
    }

    /// Of 0 to 90 degrees.
    fn cos(&self, degrees: f64) -> f64 {
        match degrees <= 60.0 {
            true => self.cos_to_60(degrees),
            false => self.sin_to_30(90.0 - degrees),
        }
    }

    /// Of 0 to 1.
    fn asin(&self, value: f64) -> f64 {
        match value <= 0.5 {
            true => (value.asin() / self.asin_half) * 30.0,
            false => 90.0 - (value.acos() / self.acos_half) * 60.0,
        }
    }

    /// Of 0 to 1.
    fn acos(&self, value: f64) -> f64 {
        match value <= 0.5 {
            true => 90.0 - (value.asin() / self.asin_half) * 30.0,
            false => (value.acos() / self.acos_half) * 60.0,
        }
    }
}

/// An angle from 0 to 90 degrees, and the signs of sine and cosine.
struct Reduced {
    degrees: f64,
    sin_sign: f64,
    cos_sign: f64,
}

fn reduce(degrees: f64) -> Result<Reduced> {
    if degrees.is_infinite() {
        return Err(out_of_range());
    }
    let mut reduced = Reduced { degrees: degrees % 360.0, sin_sign: 1.0, cos_sign: 1.0 };
    if reduced.degrees < 0.0 {
        reduced.degrees = -reduced.degrees;
        reduced.sin_sign = -reduced.sin_sign;
    }
    if reduced.degrees > 180.0 {
        reduced.degrees = 360.0 - reduced.degrees;
        reduced.sin_sign = -reduced.sin_sign;
    }
    if reduced.degrees > 90.0 {
        reduced.degrees = 180.0 - reduced.degrees;
        reduced.cos_sign = -reduced.cos_sign;
    }
    Ok(reduced)
}

pub fn sind(degrees: f64) -> Result<f64> {
    let angle = reduce(degrees)?;
    Ok(angle.sin_sign * MEASURED.sin(angle.degrees))
}

pub fn cosd(degrees: f64) -> Result<f64> {
    let angle = reduce(degrees)?;
    Ok(angle.cos_sign * MEASURED.cos(angle.degrees))
}

pub fn tand(degrees: f64) -> Result<f64> {
    let angle = reduce(degrees)?;
    let tangent = MEASURED.sin(angle.degrees) / MEASURED.cos(angle.degrees);
    Ok(without_negative_zero(angle.sin_sign * angle.cos_sign * (tangent / MEASURED.tan_45)))
}

pub fn cotd(degrees: f64) -> Result<f64> {
    let angle = reduce(degrees)?;
    let cotangent = MEASURED.cos(angle.degrees) / MEASURED.sin(angle.degrees);
    Ok(without_negative_zero(angle.sin_sign * angle.cos_sign * (cotangent / MEASURED.cot_45)))
}

fn without_negative_zero(value: f64) -> f64 {
    if value == 0.0 { 0.0 } else { value }
}

pub fn asind(value: f64) -> Result<f64> {
    if value.is_nan() {
        return Ok(value);
    }
    if !(-1.0..=1.0).contains(&value) {
        return Err(out_of_range());
    }
    Ok(if value >= 0.0 { MEASURED.asin(value) } else { -MEASURED.asin(-value) })
}

pub fn acosd(value: f64) -> Result<f64> {
    if value.is_nan() {
        return Ok(value);
    }
    if !(-1.0..=1.0).contains(&value) {
        return Err(out_of_range());
    }
    Ok(if value >= 0.0 { MEASURED.acos(value) } else { 90.0 + MEASURED.asin(-value) })
}

pub fn atand(value: f64) -> f64 {
    (value.atan() / MEASURED.atan_one) * 45.0
}

pub fn atan2d(y: f64, x: f64) -> f64 {
    (y.atan2(x) / MEASURED.atan_one) * 45.0
}
