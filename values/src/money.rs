//! `money` (documentation, 8.2), held in cents, as locale C prints it.

use crate::{Result, ValueError, code};

fn out_of_range() -> ValueError {
    ValueError::out_of_range("money")
}

/// `cash_in`.
pub fn parse(text: &str) -> Result<i64> {
    let too_large = || ValueError::text_out_of_range("money", text);
    let mut rest = skip_space(skip_symbol(skip_space(text)));
    let mut negative = false;
    if let Some(after) = rest.strip_prefix(['-', '(']) {
        negative = true;
        rest = after;
    } else if let Some(after) = rest.strip_prefix('+') {
        rest = after;
    }
    let rest = skip_space(skip_symbol(skip_space(rest))).as_bytes();
    // The least value has no positive counterpart, so what is built is negative.
    let mut value = 0i64;
    let mut decimals: Option<u32> = None;
    let mut at = 0;
    while let Some(&byte) = rest.get(at) {
        match byte {
            b'0'..=b'9' if decimals.is_none_or(|count| count < 2) => {
                let digit = i64::from(byte - b'0');
                value = value.checked_mul(10).and_then(|value| value.checked_sub(digit)).ok_or_else(too_large)?;
                decimals = decimals.map(|count| count + 1);
            }
            b'.' if decimals.is_none() => decimals = Some(0),
            b',' => {}
            _ => break,
        }
        at += 1;
    }
    if matches!(rest.get(at), Some(b'5'..=b'9')) {
        value = value.checked_sub(1).ok_or_else(too_large)?;
    }
    for _ in decimals.unwrap_or(0)..2 {
        value = value.checked_mul(10).ok_or_else(too_large)?;
    }
    let digits = rest.iter().skip(at).take_while(|byte| byte.is_ascii_digit()).count();
    for &byte in rest.iter().skip(at + digits) {
        match byte {
            b'-' => negative = true,
            b'+' | b')' | b'$' | b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => {}
            _ => return Err(ValueError::invalid_text("money", text)),
        }
    }
    if negative { Ok(value) } else { value.checked_neg().ok_or_else(too_large) }
}

fn skip_space(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c'])
}

fn skip_symbol(text: &str) -> &str {
    text.strip_prefix('$').unwrap_or(text)
}

/// `cash_out`, as in `-$1,234.56`.
pub fn print(cents: i64) -> String {
    let amount = cents.unsigned_abs();
    let digits = (amount / 100).to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 5);
    text.push_str(if cents < 0 { "-$" } else { "$" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    push_cents(amount, &mut text);
    text
}

fn push_cents(amount: u64, text: &mut String) {
    text.push('.');
    for digit in [amount / 10 % 10, amount % 10] {
        text.push(char::from(b'0' + (digit as u8)));
    }
}

/// `a + b`.
pub fn add(a: i64, b: i64) -> Result<i64> {
    a.checked_add(b).ok_or_else(out_of_range)
}

/// `a - b`.
pub fn subtract(a: i64, b: i64) -> Result<i64> {
    a.checked_sub(b).ok_or_else(out_of_range)
}

/// Money times any of the integer types.
pub fn multiply_int(cents: i64, by: i64) -> Result<i64> {
    cents.checked_mul(by).ok_or_else(out_of_range)
}

/// Money divided by any of the integer types: what is left over is dropped.
pub fn divide_int(cents: i64, by: i64) -> Result<i64> {
    if by == 0 {
        return Err(ValueError::division_by_zero());
    }
    cents.checked_div(by).ok_or_else(out_of_range)
}

/// Money times `double precision`, or `real` widened to it.
pub fn multiply_float(cents: i64, by: f64) -> Result<i64> {
    let product = cents as f64 * by;
    if product.is_infinite() && !by.is_infinite() {
        return Err(ValueError::overflow());
    }
    if product == 0.0 && cents != 0 && by != 0.0 {
        return Err(ValueError::underflow());
    }
    round(product)
}

/// Money divided by `double precision`, or `real` widened to it.
pub fn divide_float(cents: i64, by: f64) -> Result<i64> {
    if by == 0.0 {
        return Err(ValueError::division_by_zero());
    }
    let quotient = cents as f64 / by;
    if quotient.is_infinite() {
        return Err(ValueError::overflow());
    }
    if quotient == 0.0 && cents != 0 && !by.is_infinite() {
        return Err(ValueError::underflow());
    }
    round(quotient)
}

fn round(value: f64) -> Result<i64> {
    let value = value.round_ties_even();
    let limit = -(i64::MIN as f64);
    if (-limit..limit).contains(&value) { Ok(value as i64) } else { Err(out_of_range()) }
}

/// Money divided by money.
pub fn ratio(a: i64, b: i64) -> Result<f64> {
    if b == 0 { Err(ValueError::division_by_zero()) } else { Ok(a as f64 / b as f64) }
}

/// `integer::money` and `bigint::money`.
pub fn from_int(value: i64) -> Result<i64> {
    value.checked_mul(100).ok_or_else(|| ValueError::out_of_range("bigint"))
}

/// `numeric::money`, of the numeric's text.
pub fn from_numeric(numeric: &str) -> Result<i64> {
    let (negative, digits) = match numeric.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, numeric),
    };
    let cannot = |what| Err(ValueError::new(code::FEATURE_NOT_SUPPORTED, format!("cannot convert {what} to bigint")));
    match digits {
        "NaN" => return cannot("NaN"),
        "Infinity" => return cannot("infinity"),
        _ => {}
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let (kept, dropped) = fraction.split_at_checked(2).unwrap_or((fraction, ""));
    let digit = |sum: Option<i128>, byte: u8| sum?.checked_mul(10)?.checked_add(i128::from(byte.wrapping_sub(b'0')));
    let padding = std::iter::repeat_n(b'0', 2usize.saturating_sub(kept.len()));
    let amount = whole.bytes().chain(kept.bytes()).chain(padding).fold(Some(0), digit);
    let up = i128::from(matches!(dropped.as_bytes().first(), Some(b'5'..=b'9')));
    let cents = amount.and_then(|amount| amount.checked_add(up)).map(|cents| if negative { -cents } else { cents });
    cents.and_then(|cents| i64::try_from(cents).ok()).ok_or_else(|| ValueError::out_of_range("bigint"))
}

/// `money::numeric`, as the numeric's text.
pub fn to_numeric(cents: i64) -> String {
    let amount = cents.unsigned_abs();
    let sign = if cents < 0 { "-" } else { "" };
    let mut text = format!("{sign}{}", amount / 100);
    push_cents(amount, &mut text);
    text
}

/// `cash_words`: the amount in English.
pub fn cash_words(cents: i64) -> String {
    let mut text = String::from(if cents < 0 { "minus " } else { "" });
    let amount = cents.unsigned_abs();
    let (dollars, cents) = (amount / 100, amount % 100);
    let scales = [
        (1_000_000_000_000_000, "quadrillion "),
        (1_000_000_000_000, "trillion "),
        (1_000_000_000, "billion "),
        (1_000_000, "million "),
        (1000, "thousand "),
    ];
    for (size, name) in scales {
        let count = dollars / size % 1000;
        if count > 0 {
            push_words(count, &mut text);
            text.push(' ');
            text.push_str(name);
        }
    }
    // A round amount leaves two spaces.
    if dollars % 1000 > 0 || dollars == 0 {
        push_words(dollars % 1000, &mut text);
    }
    text.push_str(if dollars == 1 { " dollar and " } else { " dollars and " });
    push_words(cents, &mut text);
    text.push_str(if cents == 1 { " cent" } else { " cents" });
    let first = text.get(..1).unwrap_or_default().to_ascii_uppercase();
    text.replace_range(..1, &first);
    text
}

/// A number below 1000.
fn push_words(number: u64, text: &mut String) {
    const SMALL: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let small = |number: u64| usize::try_from(number).ok().and_then(|at| SMALL.get(at)).copied().unwrap_or_default();
    let tens = |number: u64| usize::try_from(number).ok().and_then(|at| TENS.get(at)).copied().unwrap_or_default();
    let (hundreds, rest) = (number / 100, number % 100);
    if hundreds > 0 {
        text.push_str(small(hundreds));
        text.push_str(" hundred");
        match rest {
            0 => return,
            1..20 => text.push_str(" and "),
            _ => text.push(' '),
        }
    }
    if rest < 20 {
        text.push_str(small(rest));
        return;
    }
    text.push_str(tens(rest / 10));
    if rest % 10 > 0 {
        text.push(' ');
        text.push_str(small(rest % 10));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_printed() {
        for (text, printed) in [
            ("1", "$1.00"),
            ("-$1,234.5", "-$1,234.50"),
            ("(5)", "-$5.00"),
            ("$ 5-", "-$5.00"),
            (" +5.125 ", "$5.13"),
            ("1.0049", "$1.00"),
            ("", "$0.00"),
            ("-92233720368547758.08", "-$92,233,720,368,547,758.08"),
        ] {
            assert_eq!(print(parse(text).unwrap()), printed, "{text}");
        }
        for text in ["x", "1x", "1 2", "1.2.3", "1e5"] {
            assert_eq!(parse(text).unwrap_err(), ValueError::invalid_text("money", text));
        }
        for text in ["92233720368547758.08", "92233720368547758.075", "99999999999999999999"] {
            assert_eq!(parse(text).unwrap_err(), ValueError::text_out_of_range("money", text));
        }
    }

    #[test]
    fn amounts_are_calculated_with() {
        let message = |result: Result<i64>| result.unwrap_err().message;
        assert_eq!((add(105, 1), subtract(1, 105)), (Ok(106), Ok(-104)));
        assert_eq!((message(add(i64::MAX, 1)), message(subtract(i64::MIN, 1))), {
            let text = String::from("money out of range");
            (text.clone(), text)
        });
        assert_eq!((multiply_int(5, 3), divide_int(5, 2), divide_int(-5, 2)), (Ok(15), Ok(2), Ok(-2)));
        assert_eq!(
            (multiply_float(105, 0.5), divide_float(105, 2.0), divide_float(1, f64::INFINITY)),
            (Ok(52), Ok(52), Ok(0))
        );
        for (result, expected) in [
            (multiply_int(i64::MAX, 2), "money out of range"),
            (divide_int(i64::MIN, -1), "money out of range"),
            (divide_int(1, 0), "division by zero"),
            (divide_float(1, 0.0), "division by zero"),
            (multiply_float(100, f64::NAN), "money out of range"),
            (multiply_float(100, 1e300), "money out of range"),
            (multiply_float(i64::MAX, 1e300), "value out of range: overflow"),
            (from_int(i64::MAX), "bigint out of range"),
            (from_numeric("NaN"), "cannot convert NaN to bigint"),
            (from_numeric("-Infinity"), "cannot convert infinity to bigint"),
            (from_numeric("92233720368547758.075"), "bigint out of range"),
        ] {
            assert_eq!(message(result), expected);
        }
        assert_eq!((ratio(500, -30), ratio(1, 0).unwrap_err().code), (Ok(-16.666_666_666_666_668), "22012"));
    }

    #[test]
    fn amounts_are_converted() {
        for (numeric, cents) in [("123.455", 12346), ("-123.455", -12346), ("0.004", 0), ("7", 700), ("1.5", 150)] {
            assert_eq!(from_numeric(numeric), Ok(cents), "{numeric}");
        }
        assert_eq!((to_numeric(-5), to_numeric(110), to_numeric(0)), ("-0.05".into(), "1.10".into(), "0.00".into()));
        for (cents, words) in [
            (0, "Zero dollars and zero cents"),
            (-101, "Minus one dollar and one cent"),
            (12_000_002_019, "One hundred twenty million twenty dollars and nineteen cents"),
            (11_512, "One hundred and fifteen dollars and twelve cents"),
            (100_000_000_000, "One billion  dollars and zero cents"),
        ] {
            assert_eq!(cash_words(cents), words);
        }
    }
}
