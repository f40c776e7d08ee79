//! Decimals as `numeric`: text, and binary in base 10,000 (`numeric_send` in PostgreSQL's numeric.c).
//!
//! Binary: int16 digit count, int16 weight of the first digit in powers of 10,000, uint16 sign (0x0000, 0x4000 negative,
//! 0xC000 NaN, 0xD000 and 0xF000 the infinities), uint16 number of decimal places to show, then the digits as int16.

use arrow::datatypes::i256;
use bytes::BytesMut;

use super::cell::{BARE, Cell, FRAMED};

const TEN_16: u64 = 10_000_000_000_000_000;
const POWERS: [u64; 20] = powers();
/// Decimal digits of the widest value (256 bits), plus a scale of up to 76 behind or before them.
const MAX_DIGITS: usize = 78;

const fn powers() -> [u64; 20] {
    let mut powers = [1; 20];
    let mut index = 1;
    while index < 20 {
        powers[index] = powers[index - 1] * 10;
        index += 1;
    }
    powers
}

#[inline]
pub(super) fn write_i128<const FRAME: bool>(value: i128, scale: i8, binary: bool, out: &mut BytesMut) {
    let magnitude = value.unsigned_abs();
    match u64::try_from(magnitude) {
        Ok(short) if !binary && (0..=18).contains(&scale) => write_short_text::<FRAME>(value < 0, short, scale, out),
        Ok(short) if (0..=18).contains(&scale) => write_short_binary::<FRAME>(value < 0, short, scale, out),
        _ => Decimal::from_u128(value < 0, magnitude, scale).write::<FRAME>(binary, out),
    }
}

pub(super) fn write_i256<const FRAME: bool>(value: i256, scale: i8, binary: bool, out: &mut BytesMut) {
    match value.to_i128() {
        Some(short) => write_i128::<FRAME>(short, scale, binary, out),
        None => Decimal::from_i256(value, scale).write::<FRAME>(binary, out),
    }
}

#[inline(always)]
fn write_short_text<const FRAME: bool>(negative: bool, magnitude: u64, scale: i8, out: &mut BytesMut) {
    let mut cell = Cell::<32>::new::<FRAME>();
    if negative {
        cell.push(b'-');
    }
    let unit = POWERS[scale as usize];
    cell.uint(magnitude / unit);
    if scale > 0 {
        cell.push(b'.');
        cell.padded(magnitude % unit, scale as usize);
    }
    cell.finish::<FRAME>(out);
}

#[inline(always)]
fn write_short_binary<const FRAME: bool>(negative: bool, magnitude: u64, scale: i8, out: &mut BytesMut) {
    let unit = POWERS[scale as usize];
    let (integer, fraction) = (magnitude / unit, magnitude % unit);
    let fraction_groups = (scale as usize).div_ceil(4);
    let mut groups = [0_u16; 12];
    // Integer groups end at index 5 (20 digits), fraction groups follow.
    split_groups(integer, &mut groups[..6]);
    let partial = scale as usize % 4;
    if partial == 0 {
        split_groups(fraction, &mut groups[6..6 + fraction_groups]);
    } else {
        // The last group has fewer than four digits: it is filled up with zeros behind.
        split_groups(fraction / POWERS[partial], &mut groups[6..5 + fraction_groups]);
        groups[5 + fraction_groups] = (fraction % POWERS[partial] * POWERS[4 - partial]) as u16;
    }
    write_groups::<FRAME>(negative, &groups[..6 + fraction_groups], 5, scale as u16, out);
}

/// The base-10,000 digits of `value`, right-aligned.
#[inline(always)]
fn split_groups(mut value: u64, groups: &mut [u16]) {
    for group in groups.iter_mut().rev() {
        if value == 0 {
            return;
        }
        *group = (value % 10_000) as u16;
        value /= 10_000;
    }
}

/// Writes base-10,000 digits, the first of which has weight `weight`, without leading and trailing zeros.
pub(super) fn write_groups<const FRAME: bool>(
    negative: bool,
    groups: &[u16],
    weight: i16,
    display_scale: u16,
    out: &mut BytesMut,
) {
    let first = groups.iter().position(|group| *group != 0).unwrap_or(groups.len());
    let last = groups.iter().rposition(|group| *group != 0).map_or(first, |last| last + 1);
    let digits = &groups[first..last];
    let weight = if digits.is_empty() { 0 } else { weight - first as i16 };
    let sign = if negative && !digits.is_empty() { 0x4000 } else { 0 };
    if digits.len() <= 12 {
        let mut cell = Cell::<36>::new::<FRAME>();
        header(digits.len(), weight, sign, display_scale).iter().for_each(|byte| cell.push(*byte));
        digits.iter().for_each(|digit| cell.extend(&digit.to_be_bytes()));
        return cell.finish::<FRAME>(out);
    }
    if FRAME {
        out.extend_from_slice(&((8 + 2 * digits.len()) as u32).to_be_bytes());
    }
    out.extend_from_slice(&header(digits.len(), weight, sign, display_scale));
    digits.iter().for_each(|digit| out.extend_from_slice(&digit.to_be_bytes()));
}

fn header(digits: usize, weight: i16, sign: u16, display_scale: u16) -> [u8; 8] {
    let mut bytes = [0; 8];
    bytes[..2].copy_from_slice(&(digits as u16).to_be_bytes());
    bytes[2..4].copy_from_slice(&weight.to_be_bytes());
    bytes[4..6].copy_from_slice(&sign.to_be_bytes());
    bytes[6..].copy_from_slice(&display_scale.to_be_bytes());
    bytes
}

/// A decimal as its digits: the general and slow way.
struct Decimal {
    negative: bool,
    /// Digits without leading zeros, none for zero.
    digits: [u8; MAX_DIGITS],
    first: usize,
    scale: i32,
}

impl Decimal {
    fn new(negative: bool, scale: i8) -> Self {
        Self { negative, digits: [0; MAX_DIGITS], first: MAX_DIGITS, scale: i32::from(scale) }
    }

    fn from_u128(negative: bool, mut magnitude: u128, scale: i8) -> Self {
        let mut decimal = Self::new(negative, scale);
        while magnitude != 0 {
            decimal.prepend((magnitude % u128::from(TEN_16)) as u64);
            magnitude /= u128::from(TEN_16);
        }
        decimal.trimmed()
    }

    fn from_i256(value: i256, scale: i8) -> Self {
        let mut decimal = Self::new(value.is_negative(), scale);
        let chunk = i256::from_i128(i128::from(TEN_16));
        let mut rest = value;
        while rest != i256::ZERO {
            decimal.prepend(rest.wrapping_rem(chunk).as_i128().unsigned_abs() as u64);
            rest = rest.wrapping_div(chunk);
        }
        decimal.trimmed()
    }

    /// Puts 16 more digits before those there are.
    fn prepend(&mut self, mut chunk: u64) {
        for _ in 0..16.min(self.first) {
            self.first -= 1;
            self.digits[self.first] = (chunk % 10) as u8;
            chunk /= 10;
        }
    }

    fn trimmed(mut self) -> Self {
        while self.first < MAX_DIGITS && self.digits[self.first] == 0 {
            self.first += 1;
        }
        self
    }

    /// The digit of weight 10^power.
    fn digit(&self, power: i32) -> u8 {
        let index = MAX_DIGITS as i32 - 1 - (power + self.scale);
        if index >= self.first as i32 && index < MAX_DIGITS as i32 { self.digits[index as usize] } else { 0 }
    }

    /// The power of ten of the first digit; -1 below one, so that a text has at least the zero before the point.
    fn top(&self) -> i32 {
        ((MAX_DIGITS - self.first) as i32 - 1 - self.scale).max(-1)
    }

    fn write<const FRAME: bool>(&self, binary: bool, out: &mut BytesMut) {
        if binary {
            return self.write_binary::<FRAME>(out);
        }
        let start = out.len();
        if FRAME {
            out.extend_from_slice(&[0; 4]);
        }
        if self.negative {
            out.extend_from_slice(b"-");
        }
        for power in (0..=self.top().max(0)).rev() {
            out.extend_from_slice(&[b'0' + self.digit(power)]);
        }
        if self.scale > 0 {
            out.extend_from_slice(b".");
            (1..=self.scale).for_each(|place| out.extend_from_slice(&[b'0' + self.digit(-place)]));
        }
        if FRAME {
            let payload = (out.len() - start - 4) as u32;
            out[start..start + 4].copy_from_slice(&payload.to_be_bytes());
        }
    }

    fn write_binary<const FRAME: bool>(&self, out: &mut BytesMut) {
        let weight = self.top().max(0) / 4;
        let lowest = -((self.scale.max(0) + 3) / 4);
        let mut groups = [0_u16; 80];
        let mut count = 0;
        for group in (lowest..=weight).rev().take(groups.len()) {
            let power = group * 4;
            groups[count] = (0..4).rev().fold(0, |sum, place| sum * 10 + u16::from(self.digit(power + place)));
            count += 1;
        }
        let display_scale = self.scale.max(0) as u16;
        if FRAME {
            write_groups::<FRAMED>(self.negative, &groups[..count], weight as i16, display_scale, out);
        } else {
            write_groups::<BARE>(self.negative, &groups[..count], weight as i16, display_scale, out);
        }
    }
}

/// `numeric` in base 10,000 from its text form: `-12.50`, `1e5`, `NaN`, `Infinity`. `None`: not a number.
pub(super) fn write_binary_of_text<const FRAME: bool>(text: &str, out: &mut BytesMut) -> Option<()> {
    // The sign of an infinity is also read as a scale of 32.
    let special = |sign: u16, scale: u16, out: &mut BytesMut| {
        if FRAME {
            out.extend_from_slice(&8_u32.to_be_bytes());
        }
        out.extend_from_slice(&header(0, 0, sign, scale));
    };
    let text = text.trim();
    match text.to_ascii_lowercase().as_str() {
        "nan" => special(0xC000, 0, out),
        "infinity" | "inf" | "+infinity" => special(0xD000, 32, out),
        "-infinity" | "-inf" => special(0xF000, 32, out),
        _ => {
            let parsed = ParsedNumeric::new(text)?;
            write_groups::<FRAME>(parsed.negative, &parsed.groups, parsed.weight, parsed.display_scale, out);
        }
    }
    Some(())
}

/// A numeric literal, cut into base-10,000 digits.
struct ParsedNumeric {
    negative: bool,
    groups: Vec<u16>,
    weight: i16,
    display_scale: u16,
}

impl ParsedNumeric {
    fn new(text: &str) -> Option<Self> {
        let (negative, digits, scale) = split_literal(text)?;
        let scale_padded = (scale + 3) / 4 * 4;
        // Zeros behind until the scale is in whole groups, and before until the integer part is.
        let mut padded = digits;
        padded.extend(std::iter::repeat_n(0, (scale_padded - scale) as usize));
        let lead = (4 - padded.len() % 4) % 4;
        let mut all = vec![0; lead];
        all.extend(padded);
        let groups: Vec<u16> =
            all.chunks(4).map(|group| group.iter().fold(0, |sum, d| sum * 10 + u16::from(*d))).collect();
        let weight = groups.len() as i32 - 1 - scale_padded / 4;
        Some(Self { negative, groups, weight: i16::try_from(weight).ok()?, display_scale: u16::try_from(scale).ok()? })
    }
}

/// Sign, digits and how many of them (zeros added as needed) are behind the point.
pub(super) fn split_literal(text: &str) -> Option<(bool, Vec<u8>, i32)> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], unsigned[at + 1..].parse::<i32>().ok().filter(|exp| exp.abs() <= 131_072)?),
        None => (unsigned, 0),
    };
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if integer.len() + fraction.len() == 0 || integer.len() > 131_072 || fraction.len() > 16_383 {
        return None;
    }
    let digit = |byte: u8| byte.is_ascii_digit().then(|| byte - b'0');
    let mut digits = integer.bytes().chain(fraction.bytes()).map(digit).collect::<Option<Vec<u8>>>()?;
    let mut scale = fraction.len() as i32 - exponent;
    if scale < 0 {
        digits.extend(std::iter::repeat_n(0, scale.unsigned_abs() as usize));
        scale = 0;
    }
    if digits.len() < scale as usize {
        let missing = scale as usize - digits.len();
        digits.splice(0..0, std::iter::repeat_n(0, missing));
    }
    Some((negative, digits, scale))
}
