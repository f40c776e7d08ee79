//! `to_char` of numbers.

use std::io::Write;

use super::number_digits::{Decimal, Digits, filled, push_exponent, push_integer};
use super::number_format::{Node, NumberFormat, Sign};
use super::{MAX_RESULT, ordinal};
use crate::{Result, ValueError};

/// Digits that floats are sure to hold.
const F32_DIGITS: usize = 6;
const F64_DIGITS: usize = 15;

/// Appends a smallint or an integer to `out`.
pub fn to_char_int(value: i32, format: &NumberFormat, out: &mut String) -> Result<()> {
    if format.scientific {
        return append(&scientific_float(value.into(), format)?, out);
    }
    if format.roman {
        return write_roman(value, format, out);
    }
    let value = match format.shifts {
        // PostgreSQL lets it overflow.
        true => value.wrapping_mul(wrapped_power(format.shifted)),
        false => value,
    };
    write_digits(&Digits::of_integer(value.into(), format)?, format, out)
}

/// Appends a bigint to `out`.
pub fn to_char_i64(value: i64, format: &NumberFormat, out: &mut String) -> Result<()> {
    if format.scientific {
        return with_decimal(value.into(), 0, |decimal| append(&decimal.scientific(format.after)?, out));
    }
    if format.roman {
        let value = i32::try_from(value).map_err(|_| ValueError::out_of_range("integer"))?;
        return write_roman(value, format, out);
    }
    let out_of_range = || ValueError::out_of_range("bigint");
    let value = match format.shifts {
        true => {
            let shifted = u32::try_from(format.shifted).ok();
            let power = shifted.and_then(|shifted| 10_i64.checked_pow(shifted)).ok_or_else(out_of_range)?;
            value.checked_mul(power).ok_or_else(out_of_range)?
        }
        false => value,
    };
    write_digits(&Digits::of_integer(value, format)?, format, out)
}

/// Appends a numeric, given as it is printed, to `out`.
pub fn to_char_numeric(value: &str, format: &NumberFormat, out: &mut String) -> Result<()> {
    write_decimal(Decimal::parse(value)?, format, out)
}

/// Appends a numeric, given without its point and how many digits stand behind it, to `out`.
pub fn to_char_decimal(value: i128, scale: u8, format: &NumberFormat, out: &mut String) -> Result<()> {
    with_decimal(value, scale.into(), |decimal| write_decimal(decimal, format, out))
}

/// Appends a real to `out`.
pub fn to_char_f32(value: f32, format: &NumberFormat, out: &mut String) -> Result<()> {
    let shifted = match format.shifts {
        true => value * power(format.shifted) as f32,
        false => value,
    };
    write_float(value.into(), shifted.into(), F32_DIGITS, format, out)
}

/// Appends a double precision to `out`.
pub fn to_char_f64(value: f64, format: &NumberFormat, out: &mut String) -> Result<()> {
    let shifted = match format.shifts {
        true => value * power(format.shifted),
        false => value,
    };
    write_float(value, shifted, F64_DIGITS, format, out)
}

fn power(shifted: usize) -> f64 {
    10_f64.powf(shifted as f64)
}

/// Ten to the power, as C converts it to 32 bits.
fn wrapped_power(shifted: usize) -> i32 {
    u32::try_from(shifted).ok().and_then(|shifted| 10_i32.checked_pow(shifted)).unwrap_or(i32::MIN)
}

fn with_decimal(value: i128, scale: usize, then: impl FnOnce(Decimal<'_>) -> Result<()>) -> Result<()> {
    let mut digits = Vec::with_capacity(40);
    push_integer(&mut digits, value.unsigned_abs());
    if digits.len() <= scale {
        digits.splice(0..0, std::iter::repeat_n(b'0', scale + 1 - digits.len()));
    }
    let (integer, fraction) = digits.split_at(digits.len() - scale);
    then(Decimal { negative: value < 0, integer, fraction, special: None })
}

fn write_decimal(decimal: Decimal<'_>, format: &NumberFormat, out: &mut String) -> Result<()> {
    if format.scientific {
        let text = match decimal.special {
            Some(_) => unscientific(format)?,
            None => decimal.scientific(format.after)?,
        };
        return append(&text, out);
    }
    if format.roman {
        return write_roman(decimal.to_i32()?, format, out);
    }
    write_digits(&Digits::of_decimal(&decimal, format)?, format, out)
}

fn write_float(value: f64, shifted: f64, digits: usize, format: &NumberFormat, out: &mut String) -> Result<()> {
    if format.scientific {
        return append(&scientific_float(value, format)?, out);
    }
    if format.roman {
        // What isn't an i32 has no Roman numeral either.
        let rounded = value.round_ties_even();
        let value = if rounded.abs() < 1e9 { rounded as i32 } else { i32::MAX };
        return write_roman(value, format, out);
    }
    write_digits(&Digits::of_float(shifted, digits, format)?, format, out)
}

/// What stands for a number that has no scientific notation.
fn unscientific(format: &NumberFormat) -> Result<Vec<u8>> {
    let mut text = filled(format.before.saturating_add(format.after).saturating_add(6))?;
    if let Some(sign) = text.first_mut() {
        *sign = b' ';
    }
    if let Some(point) = text.get_mut(format.before + 1) {
        *point = b'.';
    }
    Ok(text)
}

fn scientific_float(value: f64, format: &NumberFormat) -> Result<Vec<u8>> {
    /// More digits behind the point are zeros.
    const MAX_PRECISION: usize = 350;
    if !value.is_finite() {
        return unscientific(format);
    }
    if format.after > MAX_RESULT {
        return Err(ValueError::too_long());
    }
    let precision = format.after.min(MAX_PRECISION);
    let mut text = Vec::with_capacity(format.after + 8);
    text.push(if value.is_sign_negative() { b'-' } else { b' ' });
    // Writing to a Vec doesn't fail.
    let _ = write!(text, "{:.precision$e}", value.abs());
    let end = text.iter().rposition(|byte| *byte == b'e').unwrap_or(text.len());
    let exponent = text.get(end + 1..).and_then(|digits| str::from_utf8(digits).ok()?.parse().ok()).unwrap_or(0);
    text.truncate(end);
    text.resize(text.len() + format.after - precision, b'0');
    push_exponent(&mut text, exponent);
    Ok(text)
}

fn append(text: &[u8], out: &mut String) -> Result<()> {
    if text.len() > MAX_RESULT {
        return Err(ValueError::too_long());
    }
    out.push_str(str::from_utf8(text).unwrap_or_default());
    Ok(())
}

/// A Roman numeral, or `#`s for a number that has none.
fn roman(value: i32) -> String {
    const STEPS: [(i32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..=3999).contains(&value) {
        return "#".repeat(15);
    }
    let mut numeral = String::with_capacity(15);
    let mut rest = value;
    for (step, letters) in STEPS {
        while rest >= step {
            numeral.push_str(letters);
            rest -= step;
        }
    }
    numeral
}

/// Prints a Roman numeral: signs and digits of the template don't count.
fn write_roman(value: i32, format: &NumberFormat, out: &mut String) -> Result<()> {
    let numeral = roman(value);
    let limit = out.len().saturating_add(MAX_RESULT);
    for node in &format.nodes {
        match node {
            Node::Letter(letter) => out.push(*letter),
            Node::Roman { lower } => {
                if !format.fill {
                    out.extend(std::iter::repeat_n(' ', 15_usize.saturating_sub(numeral.len())));
                }
                match lower {
                    true => out.extend(numeral.chars().map(|letter| letter.to_ascii_lowercase())),
                    false => out.push_str(&numeral),
                }
            }
            Node::Comma | Node::Group | Node::Minus | Node::Plus if !format.fill => out.push(' '),
            Node::Currency => out.push(' '),
            // Its sign is the NUL that ends PostgreSQL's text.
            Node::PlusMinus => return Ok(()),
            _ => {}
        }
        if out.len() > limit {
            return Err(ValueError::too_long());
        }
    }
    Ok(())
}

fn write_digits(digits: &Digits, format: &NumberFormat, out: &mut String) -> Result<()> {
    let limit = out.len().saturating_add(MAX_RESULT);
    let mut printer = Printer::new(digits, format, out);
    for node in &format.nodes {
        if !printer.write_node(*node)? {
            break;
        }
        if printer.out.len() > limit {
            return Err(ValueError::too_long());
        }
    }
    Ok(())
}

/// Prints a number's digits into the template's places.
struct Printer<'a> {
    digits: &'a Digits,
    format: &'a NumberFormat,
    out: &'a mut String,
    sign: Option<Sign>,
    bracketed: bool,
    sign_written: bool,
    /// The last digit behind the point that isn't left out with FM.
    last: Option<usize>,
    /// FM leaves out all digits behind the point.
    only_point: bool,
    /// A 0 before the point isn't printed.
    skips_zero: bool,
    /// The next place of the template, and the next digit.
    place: usize,
    next: usize,
    /// The last place was printed, so that a comma is, too.
    in_number: bool,
    /// Two behind the last place of the number.
    end: usize,
}

impl<'a> Printer<'a> {
    fn new(digits: &'a Digits, format: &'a NumberFormat, out: &'a mut String) -> Self {
        let signs_apart = format.has_plus || format.has_minus;
        let sign_written = match signs_apart {
            true => format.has_minus,
            false => !digits.negative && format.fill && format.sign.is_none(),
        };
        let places = format.before + format.shifted + digits.after;
        let last = last_relevant(digits, format);
        let extra = usize::from(!sign_written && digits.spare == 0) + usize::from(digits.spare > 0);
        Self {
            digits,
            format,
            out,
            sign: format.printed_sign(),
            bracketed: format.bracketed && (signs_apart || digits.negative || !format.fill),
            sign_written,
            last,
            only_point: last.is_some_and(|last| digits.text.get(last) == Some(&b'.')),
            skips_zero: !format.has_zero && digits.text.first() == Some(&b'0') && digits.after != 0,
            place: 0,
            next: 0,
            in_number: false,
            end: places + extra + usize::from(format.has_point),
        }
    }

    /// `false`: nothing more is printed.
    fn write_node(&mut self, node: Node) -> Result<bool> {
        let Digits { negative, text, .. } = self.digits;
        let fill = self.format.fill;
        match node {
            Node::Letter(letter) => self.out.push(letter),
            Node::Nine | Node::Zero | Node::Point => return Ok(self.write_place(node)),
            Node::Comma | Node::Group if self.in_number => self.out.push(','),
            Node::Comma | Node::Group if !fill => self.out.push(' '),
            Node::Currency => self.out.push(' '),
            Node::Minus if *negative => self.out.push('-'),
            Node::Plus if !*negative => self.out.push('+'),
            Node::Minus | Node::Plus if !fill => self.out.push(' '),
            Node::PlusMinus => self.out.push(if *negative { '-' } else { '+' }),
            Node::Ordinal { lower } if !*negative && !self.format.has_point && text.first() != Some(&b'#') => {
                self.out.push_str(ordinal(text, !lower)?);
            }
            _ => {}
        }
        Ok(true)
    }

    /// Prints a digit, the point, or a blank in its place, and the sign where the number starts and ends.
    fn write_place(&mut self, node: Node) -> bool {
        let Self { digits, format, .. } = *self;
        let (place, spare) = (self.place, digits.spare);
        self.place += 1;
        self.in_number = false;
        let starts = place >= spare || format.has_zero && format.zero_start == place;
        let zero_left_out = self.skips_zero && self.next == 0;
        if !self.sign_written && starts && (!zero_left_out || self.only_point) {
            self.write_leading_sign();
        }
        if place < spare {
            if format.has_zero && format.zero_start <= place {
                self.out.push('0');
                self.in_number = true;
            } else if !format.fill {
                self.out.push(' ');
            }
        } else {
            match digits.text.get(self.next) {
                Some(b'.') => self.out.push('.'),
                _ if node != Node::Zero && self.last.is_some_and(|last| self.next > last) => {}
                _ if zero_left_out && !format.fill => self.out.push(' '),
                _ if zero_left_out => {
                    if self.only_point {
                        self.out.push('0');
                    }
                }
                Some(digit) => {
                    self.out.push(char::from(*digit));
                    self.in_number = true;
                }
                // A float hasn't so many digits: PostgreSQL's text ends here.
                None => return false,
            }
            self.next = (self.next + 1).min(digits.text.len());
        }
        if self.last != Some(self.next) && place + 2 == self.end {
            self.write_trailing_sign();
        }
        true
    }

    fn write_leading_sign(&mut self) {
        let negative = self.digits.negative;
        match self.sign {
            Some(Sign::Before) => self.out.push(if negative { '-' } else { '+' }),
            Some(Sign::Behind) => return,
            None if self.bracketed => self.out.push(if negative { '<' } else { ' ' }),
            None if negative => self.out.push('-'),
            None if self.format.fill => {}
            None => self.out.push(' '),
        }
        self.sign_written = true;
    }

    fn write_trailing_sign(&mut self) {
        let negative = self.digits.negative;
        if self.sign_written && self.bracketed {
            self.out.push(if negative { '>' } else { ' ' });
        } else if self.sign == Some(Sign::Behind) {
            self.out.push(if negative { '-' } else { '+' });
        }
    }
}

/// The last digit behind the point that FM doesn't leave out, or the point itself. `None`: all digits are printed.
fn last_relevant(digits: &Digits, format: &NumberFormat) -> Option<usize> {
    if !format.fill || !format.has_point {
        return None;
    }
    let text = &digits.text;
    let point = text.iter().position(|byte| *byte == b'.')?;
    let last = text.iter().rposition(|byte| *byte != b'0').map_or(point, |last| last.max(point));
    // Places with a 0 are printed in any case.
    let zeros = format.zero_end.saturating_sub(digits.spare).min(text.len() - 1);
    Some(if zeros > 0 { last.max(zeros) } else { last })
}
