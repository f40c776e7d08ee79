//! Text of floats: the fewest digits that read back as the same float, as PostgreSQL prints with extra_float_digits 1.

/// Digits of a finite float other than 0, and the power of ten of the first.
struct Shortest {
    digits: [u8; 20],
    length: usize,
    exponent: i32,
}

pub fn format_f64(value: f64) -> String {
    let mut out = String::new();
    write_f64(value, &mut out);
    out
}

pub fn format_f32(value: f32) -> String {
    let mut out = String::new();
    write_f32(value, &mut out);
    out
}

pub fn write_f64(value: f64, out: &mut String) {
    if write_special(value, out) {
        return;
    }
    // Here ryu's notation is PostgreSQL's, but for a fraction of 0, and so are the digits: see below.
    if (1e-4..1e15).contains(&value.abs()) {
        let mut buffer = ryu::Buffer::new();
        let text = buffer.format_finite(value.abs());
        return out.push_str(text.strip_suffix(".0").unwrap_or(text));
    }
    let mut shortest = Shortest::read(ryu::Buffer::new().format_finite(value.abs()));
    let bits = value.to_bits() & !(1 << 63);
    // Below 2^50 no decimal number of so few digits lies halfway between two floats.
    if bits & 1 == 0 && value.abs() >= (1u64 << 50) as f64 {
        let exponent = (bits >> 52) as i32 - 1075;
        let mantissa = (bits & ((1 << 52) - 1)) | 1 << 52;
        if shortest.is_boundary(mantissa, exponent, 1 << 52) {
            shortest.lengthen(mantissa, exponent, 1 << 52, |digits| {
                let text = format!("{:.*e}", digits - 1, value.abs());
                (text.parse() == Ok(value.abs())).then_some(text)
            });
        }
    }
    shortest.write(15, out);
}

pub fn write_f32(value: f32, out: &mut String) {
    if write_special(f64::from(value), out) {
        return;
    }
    if (1e-4..1e6).contains(&value.abs()) {
        let mut buffer = ryu::Buffer::new();
        let text = buffer.format_finite(value.abs());
        return out.push_str(text.strip_suffix(".0").unwrap_or(text));
    }
    let mut shortest = Shortest::read(ryu::Buffer::new().format_finite(value.abs()));
    let bits = value.to_bits() & !(1 << 31);
    if bits & 1 == 0 && value.abs() >= (1u32 << 21) as f32 {
        let exponent = (bits >> 23) as i32 - 150;
        let mantissa = u64::from((bits & ((1 << 23) - 1)) | 1 << 23);
        if shortest.is_boundary(mantissa, exponent, 1 << 23) {
            shortest.lengthen(mantissa, exponent, 1 << 23, |digits| {
                let text = format!("{:.*e}", digits - 1, value.abs());
                (text.parse() == Ok(value.abs())).then_some(text)
            });
        }
    }
    shortest.write(6, out);
}

/// Writes the sign, and what has no digits: then that's all.
fn write_special(value: f64, out: &mut String) -> bool {
    if value.is_nan() {
        out.push_str("NaN");
        return true;
    }
    if value.is_sign_negative() {
        out.push('-');
    }
    if value.is_infinite() {
        out.push_str("Infinity");
        return true;
    }
    if value == 0.0 {
        out.push('0');
        return true;
    }
    false
}

/// The fewest digits that read back as the same float, without a sign, and the power of ten of the last one.
/// The float is finite and not 0.
pub(crate) fn shortest_f64(value: f64) -> (u64, i32) {
    let shortest = Shortest::read(ryu::Buffer::new().format_finite(value.abs()));
    (shortest.number(), shortest.power())
}

/// The same of a real.
pub(crate) fn shortest_f32(value: f32) -> (u64, i32) {
    let shortest = Shortest::read(ryu::Buffer::new().format_finite(value.abs()));
    (shortest.number(), shortest.power())
}

impl Shortest {
    /// From a text like "0.0012", "120.0" or "1.2e-7".
    fn read(text: &str) -> Self {
        let mut shortest = Self { digits: [b'0'; 20], length: 0, exponent: 0 };
        let (mantissa, power) = text.split_once('e').unwrap_or((text, "0"));
        let mut point = None;
        let mut position = 0;
        let mut first = None;
        for byte in mantissa.bytes() {
            if byte == b'.' {
                point = Some(position);
                continue;
            }
            if first.is_some() || byte != b'0' {
                first.get_or_insert(position);
                if let Some(place) = shortest.digits.get_mut(shortest.length) {
                    *place = byte;
                    shortest.length += 1;
                }
            }
            position += 1;
        }
        shortest.exponent = power.parse::<i32>().unwrap_or(0) + point.unwrap_or(position) - 1 - first.unwrap_or(0);
        while shortest.length > 1 && shortest.digits[shortest.length - 1] == b'0' {
            shortest.length -= 1;
        }
        shortest
    }

    fn number(&self) -> u64 {
        self.digits[..self.length].iter().fold(0, |number, digit| number.wrapping_mul(10) + u64::from(digit - b'0'))
    }

    /// Power of ten of the last digit.
    fn power(&self) -> i32 {
        self.exponent + 1 - self.length as i32
    }

    /// Whether the decimal number lies halfway between the float mantissa * 2^exponent and a neighbour. Reading it
    /// gives the float, by the rule of even mantissas, but PostgreSQL prints no such number.
    fn is_boundary(&self, mantissa: u64, exponent: i32, least_mantissa: u64) -> bool {
        let (number, power) = (u128::from(self.number()), self.power());
        // With more factors of five than a mantissa has room for it can't be.
        if !(-3..=27).contains(&power) {
            return false;
        }
        // Quarters of the mantissa's unit: the lower neighbour of a power of two is only half as far.
        let below = if mantissa == least_mantissa { 1 } else { 2 };
        let mantissa = u128::from(mantissa) * 4;
        [mantissa + 2, mantissa - below].into_iter().any(|halfway| {
            // number * 10^power = halfway * 2^(exponent - 2), both sides times 8 and without negative powers.
            let (left, right) = match power >= 0 {
                true => (number.checked_mul(5u128.pow(power.unsigned_abs())), Some(halfway)),
                false => (Some(number), halfway.checked_mul(10u128.pow(power.unsigned_abs()))),
            };
            let shift = exponent - 2 - power.max(0);
            let shifted = |side: Option<u128>, shift: i32| {
                side.filter(|side| shift < side.leading_zeros() as i32).map(|side| side << shift.max(0))
            };
            let (left, right) = (shifted(left, (-shift).max(0)), shifted(right, shift.max(0)));
            left.is_some() && left == right
        })
    }

    /// The nearest number of the fewest more digits that isn't halfway.
    fn lengthen(&mut self, mantissa: u64, exponent: i32, least: u64, text: impl Fn(usize) -> Option<String>) {
        for digits in self.length + 1..=17 {
            if let Some(longer) = text(digits).map(|text| Self::read(&text))
                && !longer.is_boundary(mantissa, exponent, least)
            {
                *self = longer;
                return;
            }
        }
    }

    /// In scientific notation below 1e-4 and from 10^`most` on.
    fn write(&self, most: i32, out: &mut String) {
        let digits = std::str::from_utf8(&self.digits[..self.length]).unwrap_or_default();
        let zeros = |out: &mut String, count: i32| out.extend(std::iter::repeat_n('0', count.max(0) as usize));
        if self.exponent < -4 || self.exponent >= most {
            let (first, rest) = digits.split_at(1);
            out.push_str(first);
            if !rest.is_empty() {
                out.push('.');
                out.push_str(rest);
            }
            let sign = if self.exponent < 0 { "-" } else { "+" };
            out.push('e');
            out.push_str(sign);
            if self.exponent.abs() < 10 {
                out.push('0');
            }
            out.push_str(&self.exponent.abs().to_string());
        } else if self.exponent < 0 {
            out.push_str("0.");
            zeros(out, -1 - self.exponent);
            out.push_str(digits);
        } else {
            let whole = (self.exponent + 1) as usize;
            match digits.split_at_checked(whole) {
                Some((whole, "")) => out.push_str(whole),
                Some((whole, fraction)) => {
                    out.push_str(whole);
                    out.push('.');
                    out.push_str(fraction);
                }
                None => {
                    out.push_str(digits);
                    zeros(out, (whole - digits.len()) as i32);
                }
            }
        }
    }
}
