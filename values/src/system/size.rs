//! `pg_size_pretty` and `pg_size_bytes` (documentation, 9.28.7).

use crate::{Result, ValueError, code};

struct Unit {
    name: &'static str,
    /// From which size on the next unit is used.
    limit: u32,
    /// Whether a half was kept to round by.
    round: bool,
    /// How many bytes it is, as a power of two.
    power: u32,
}

const UNITS: [Unit; 6] = [
    Unit { name: "bytes", limit: 10 * 1024, round: false, power: 0 },
    Unit { name: "kB", limit: 20 * 1024 - 1, round: true, power: 10 },
    Unit { name: "MB", limit: 20 * 1024 - 1, round: true, power: 20 },
    Unit { name: "GB", limit: 20 * 1024 - 1, round: true, power: 30 },
    Unit { name: "TB", limit: 20 * 1024 - 1, round: true, power: 40 },
    Unit { name: "PB", limit: 20 * 1024 - 1, round: true, power: 50 },
];

/// By which power of two a size is divided to come from one unit to the next.
fn step(unit: &Unit, next: &Unit) -> u32 {
    next.power - unit.power - u32::from(next.round) + u32::from(unit.round)
}

/// `pg_size_pretty(bigint)`.
pub fn pg_size_pretty(size: i64) -> String {
    let mut size = size;
    let mut units = UNITS.iter().peekable();
    while let Some(unit) = units.next() {
        match units.peek() {
            Some(next) if size.unsigned_abs() >= u64::from(unit.limit) => size /= 1i64 << step(unit, next),
            _ => {
                if unit.round {
                    size = size.saturating_add(size.signum().max(if size == 0 { 1 } else { -1 })) / 2;
                }
                return format!("{size} {}", unit.name);
            }
        }
    }
    String::new()
}

/// `pg_size_pretty(numeric)`, of the numeric's text.
pub fn pg_size_pretty_numeric(numeric: &str) -> String {
    let (sign, digits) = match numeric.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", numeric),
    };
    if !digits.starts_with(|first: char| first.is_ascii_digit()) {
        return format!("{numeric} PB");
    }
    let whole = digits.split_once('.').map_or(digits, |(whole, _)| whole);
    let mut size = Large::read(whole);
    let mut units = UNITS.iter().peekable();
    while let Some(unit) = units.next() {
        match units.peek() {
            Some(next) if !size.is_less(unit.limit) => size.shift_right(step(unit, next)),
            _ if !unit.round => return format!("{numeric} {}", unit.name),
            _ => {
                size.increment();
                size.shift_right(1);
                let text = size.print();
                let sign = if text == "0" { "" } else { sign };
                return format!("{sign}{text} {}", unit.name);
            }
        }
    }
    String::new()
}

/// A whole number of any length: nine digits a limb, the least first.
struct Large(Vec<u32>);

const LIMB: u64 = 1_000_000_000;

impl Large {
    fn read(digits: &str) -> Self {
        let number =
            |limb: &[u8]| limb.iter().fold(0u32, |sum, byte| sum * 10 + u32::from(byte.wrapping_sub(b'0') % 10));
        Self(digits.as_bytes().rchunks(9).map(number).collect())
    }

    fn is_less(&self, limit: u32) -> bool {
        self.0.iter().skip(1).all(|&limb| limb == 0) && self.0.first().is_none_or(|&limb| limb < limit)
    }

    /// By less than 32 bits.
    fn shift_right(&mut self, bits: u32) {
        let mut rest = 0u64;
        for limb in self.0.iter_mut().rev() {
            let value = rest * LIMB + u64::from(*limb);
            *limb = (value >> bits) as u32;
            rest = value & ((1 << bits) - 1);
        }
    }

    fn increment(&mut self) {
        for limb in &mut self.0 {
            *limb += 1;
            if u64::from(*limb) < LIMB {
                return;
            }
            *limb = 0;
        }
        self.0.push(1);
    }

    fn print(&self) -> String {
        let text: String = self.0.iter().rev().map(|limb| format!("{limb:09}")).collect();
        let trimmed = text.trim_start_matches('0');
        if trimmed.is_empty() { String::from("0") } else { trimmed.to_owned() }
    }
}

/// `pg_size_bytes`.
pub fn pg_size_bytes(text: &str) -> Result<i64> {
    let invalid = || ValueError::invalid_parameter(format!("invalid size: \"{text}\""));
    let space = [' ', '\t', '\n', '\r', '\x0b', '\x0c'];
    let trimmed = text.trim_start_matches(space);
    let negative = trimmed.starts_with('-');
    let rest = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, mut rest) = rest.split_at_checked(digits(rest)).unwrap_or((rest, ""));
    let mut fraction = "";
    if let Some(after) = rest.strip_prefix('.') {
        (fraction, rest) = after.split_at_checked(digits(after)).unwrap_or((after, ""));
    }
    if whole.is_empty() && fraction.is_empty() {
        return Err(invalid());
    }
    // An `e` that no number follows is part of the unit.
    let mut exponent = 0i64;
    if let Some(after) = rest.strip_prefix(['e', 'E']) {
        let number = after.trim_start_matches(space);
        let unsigned = number.strip_prefix(['+', '-']).unwrap_or(number);
        let count = digits(unsigned);
        if count > 0 {
            let end = text.len() - unsigned.len() + count;
            if number.len() < after.len() {
                let numeric = text.get(text.len() - trimmed.len()..end).unwrap_or_default();
                return Err(ValueError::invalid_text("numeric", numeric));
            }
            let magnitude: i64 = unsigned.get(..count).and_then(|digits| digits.parse().ok()).unwrap_or(i64::MAX);
            exponent = if number.starts_with('-') { -magnitude } else { magnitude };
            rest = text.get(end..).unwrap_or_default();
        }
    }
    let unit = rest.trim_matches(space);
    let power = unit_power(unit).ok_or_else(|| {
        let hint = "Valid units are \"bytes\", \"B\", \"kB\", \"MB\", \"GB\", \"TB\", and \"PB\".";
        invalid().detail(format!("Invalid size unit: \"{unit}\".")).hint(hint)
    })?;
    let size = scale(whole, fraction, exponent, power)?.map(|size| if negative { -size } else { size });
    size.and_then(|size| i64::try_from(size).ok()).ok_or_else(|| ValueError::out_of_range("bigint"))
}

fn unit_power(unit: &str) -> Option<u32> {
    if unit.is_empty() || unit.eq_ignore_ascii_case("b") {
        return Some(0);
    }
    UNITS.iter().find(|known| known.name.eq_ignore_ascii_case(unit)).map(|unit| unit.power)
}

/// A decimal number times a power of two, rounded; None is more than any size. What no numeric holds is an error.
fn scale(whole: &str, fraction: &str, exponent: i64, power: u32) -> Result<Option<i128>> {
    const MOST_WHOLE_DIGITS: i64 = 131_072;
    const MOST_DECIMALS: i64 = 16_383;
    let overflow = || ValueError::new(code::NUMERIC_OUT_OF_RANGE, "value overflows numeric format");
    let length = |text: &str| i64::try_from(text.len()).unwrap_or(i64::MAX);
    let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(|byte| byte.wrapping_sub(b'0')).collect();
    let zeros = digits.iter().take_while(|&&digit| digit == 0).count();
    let significant = digits.get(zeros..).unwrap_or_default();
    // How many digits stand before the decimal point.
    let point = length(whole).saturating_add(exponent);
    let place = point.saturating_sub(i64::try_from(zeros).unwrap_or(i64::MAX));
    if exponent.unsigned_abs() >= u64::from(i32::MAX.unsigned_abs() / 2)
        || length(fraction).saturating_sub(exponent) > MOST_DECIMALS
        || (!significant.is_empty() && place > MOST_WHOLE_DIGITS)
    {
        return Err(overflow());
    }
    if significant.is_empty() {
        return Ok(Some(0));
    }
    if place > 30 {
        return Ok(None);
    }
    let before = usize::try_from(place).unwrap_or(0);
    let (head, tail) = significant.split_at_checked(before).unwrap_or((significant, &[]));
    let padding = before - head.len();
    let whole_digits = head.iter().chain(std::iter::repeat_n(&0, padding));
    let number = whole_digits.fold(0u128, |number, &digit| number * 10 + u128::from(digit));
    // The decimals are multiplied from the last one on: what is carried past the point is whole.
    let leading_zeros = usize::try_from(-place).unwrap_or(0);
    let (mut carried, mut first_decimal) = (0u128, 0);
    for &digit in tail.iter().rev().chain(std::iter::repeat_n(&0, leading_zeros)) {
        let product = (u128::from(digit) << power) + carried;
        (carried, first_decimal) = (product / 10, product % 10);
    }
    let size =
        number.checked_mul(1 << power).and_then(|size| size.checked_add(carried + u128::from(first_decimal >= 5)));
    Ok(size.and_then(|size| i128::try_from(size).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_shown() {
        for (size, shown) in [
            (0, "0 bytes"),
            (10239, "10239 bytes"),
            (10240, "10 kB"),
            (-10240, "-10 kB"),
            (20_971_519, "20 MB"),
            (1_000_000_000_000, "931 GB"),
            (i64::MAX, "8192 PB"),
            (i64::MIN, "-8192 PB"),
        ] {
            assert_eq!(pg_size_pretty(size), shown);
            assert_eq!(pg_size_pretty_numeric(&size.to_string()), shown);
        }
        for (size, shown) in [
            ("10.5", "10.5 bytes"),
            ("-10240.7", "-10 kB"),
            ("10000000000000000000000000000000000000000", "8881784197001252323389053 PB"),
            ("NaN", "NaN PB"),
            ("-Infinity", "-Infinity PB"),
        ] {
            assert_eq!(pg_size_pretty_numeric(size), shown);
        }
    }

    #[test]
    fn sizes_are_read() {
        for (text, size) in [
            ("1", Ok(1)),
            (" 1.5 kB ", Ok(1536)),
            ("-1 mb", Ok(-1_048_576)),
            (".5gb", Ok(536_870_912)),
            ("1e3 kB", Ok(1_024_000)),
            ("1e-5 TB", Ok(10_995_116)),
            ("2.5", Ok(3)),
            ("8191.9999999999 PB", Ok(9_223_372_036_854_663_218)),
            ("8192 PB", Err("bigint out of range")),
            ("1e100000", Err("bigint out of range")),
            ("1e1000000", Err("value overflows numeric format")),
            ("1e 5 kB", Err("invalid input syntax for type numeric: \"1e 5\"")),
            ("", Err("invalid size: \"\"")),
            ("1 EB", Err("invalid size: \"1 EB\"")),
        ] {
            assert_eq!(pg_size_bytes(text).map_err(|error| error.message), size.map_err(String::from), "{text}");
        }
        let error = pg_size_bytes("1e kB").unwrap_err();
        assert_eq!(error.detail.as_deref(), Some("Invalid size unit: \"e kB\"."));
        let hint = "Valid units are \"bytes\", \"B\", \"kB\", \"MB\", \"GB\", \"TB\", and \"PB\".";
        assert_eq!(error.hint.as_deref(), Some(hint));
    }
}
