//! `macaddr` and `macaddr8`, whose order is that of their bytes.

use crate::{Result, ValueError, code};

pub type Macaddr = [u8; 6];
pub type Macaddr8 = [u8; 8];

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// After which bytes of an address a separator stands, which it is, and how many digits a byte may have.
const NOTATIONS: [(usize, u8, usize); 7] =
    [(1, b':', usize::MAX), (1, b'-', usize::MAX), (3, b':', 2), (3, b'-', 2), (2, b'.', 2), (2, b'-', 2), (6, 0, 2)];

/// `macaddr_in`.
pub fn parse_macaddr(text: &str) -> Result<Macaddr> {
    let Some(parts) = NOTATIONS.iter().find_map(|&notation| read(text.as_bytes(), notation)) else {
        return Err(ValueError::invalid_text("macaddr", text));
    };
    let mut address = [0; 6];
    for (byte, part) in address.iter_mut().zip(parts) {
        *byte = u8::try_from(part).map_err(|_| {
            let message = format!("invalid octet value in \"macaddr\" value: \"{text}\"");
            ValueError::new(code::NUMERIC_OUT_OF_RANGE, message)
        })?;
    }
    Ok(address)
}

fn read(mut text: &[u8], (every, separator, width): (usize, u8, usize)) -> Option<[u32; 6]> {
    let mut parts = [0; 6];
    for (at, part) in parts.iter_mut().enumerate() {
        if at > 0 && at % every == 0 {
            text = text.strip_prefix(&[separator])?;
        }
        (*part, text) = read_hex(text, width)?;
    }
    text.iter().all(|&byte| is_space(byte)).then_some(parts)
}

/// A hexadecimal number as C's `scanf` reads it: after space, with a sign and `0x` if its width has room for them.
fn read_hex(text: &[u8], mut width: usize) -> Option<(u32, &[u8])> {
    let mut rest = text.get(text.iter().take_while(|&&byte| is_space(byte)).count()..)?;
    let mut negative = false;
    if let [sign @ (b'+' | b'-'), after @ ..] = rest {
        negative = *sign == b'-';
        rest = after;
        width -= 1;
    }
    // The mark of the base alone is zero.
    let mut marked = false;
    if let [b'0', b'x' | b'X', after @ ..] = rest
        && width >= 2
    {
        marked = true;
        rest = after;
        width -= 2;
    }
    let count = rest.iter().take(width).take_while(|byte| byte.is_ascii_hexdigit()).count();
    let (digits, rest) = rest.split_at_checked(count).filter(|(digits, _)| marked || !digits.is_empty())?;
    let number = digits.iter().try_fold(0u64, |number, &digit| {
        let digit = char::from(digit).to_digit(16).map(u64::from)?;
        number.checked_mul(16)?.checked_add(digit)
    });
    let number = match number {
        None => u64::MAX,
        Some(number) if negative => number.wrapping_neg(),
        Some(number) => number,
    };
    // What C keeps of it.
    Some((number as u32, rest))
}

/// `macaddr8_in`: six bytes are widened to eight.
pub fn parse_macaddr8(text: &str) -> Result<Macaddr8> {
    read_macaddr8(text.as_bytes()).ok_or_else(|| ValueError::invalid_text("macaddr8", text))
}

fn read_macaddr8(text: &[u8]) -> Option<Macaddr8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut rest = text.get(text.iter().take_while(|&&byte| is_space(byte)).count()..)?;
    let mut bytes = [0; 8];
    let mut count = 0;
    let mut separator = None;
    while let [high, low, after @ ..] = rest {
        *bytes.get_mut(count)? = digit(*high)? << 4 | digit(*low)?;
        count += 1;
        rest = after;
        if let [found @ (b':' | b'-' | b'.'), after @ ..] = rest {
            if *separator.get_or_insert(*found) != *found {
                return None;
            }
            rest = after;
        }
        if matches!(count, 6 | 8) && rest.first().is_some_and(|&byte| is_space(byte)) {
            if !rest.iter().all(|&byte| is_space(byte)) {
                return None;
            }
            break;
        }
    }
    match count {
        8 => Some(bytes),
        6 => {
            let [a, b, c, d, e, f, ..] = bytes;
            Some(to_macaddr8([a, b, c, d, e, f]))
        }
        _ => None,
    }
}

/// `macaddr_out` and `macaddr8_out`.
pub fn print(address: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(3 * address.len());
    for (at, byte) in address.iter().enumerate() {
        if at > 0 {
            text.push(':');
        }
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// `macaddr::macaddr8`.
pub fn to_macaddr8([a, b, c, d, e, f]: Macaddr) -> Macaddr8 {
    [a, b, c, 0xff, 0xfe, d, e, f]
}

/// `macaddr8::macaddr`.
pub fn to_macaddr(address: Macaddr8) -> Result<Macaddr> {
    if let [a, b, c, 0xff, 0xfe, d, e, f] = address {
        return Ok([a, b, c, d, e, f]);
    }
    let error = ValueError::new(code::NUMERIC_OUT_OF_RANGE, "macaddr8 data out of range to convert to macaddr");
    Err(error.hint(
        "Only addresses that have FF and FE as values in the 4th and 5th bytes from the left, for example \
         xx:xx:xx:ff:fe:xx:xx:xx, are eligible to be converted from macaddr8 to macaddr.",
    ))
}

/// `~ a`.
pub fn not<const N: usize>(address: [u8; N]) -> [u8; N] {
    address.map(|byte| !byte)
}

/// `a & b`.
pub fn and<const N: usize>(a: [u8; N], b: [u8; N]) -> [u8; N] {
    std::array::from_fn(|at| a[at] & b[at])
}

/// `a | b`.
pub fn or<const N: usize>(a: [u8; N], b: [u8; N]) -> [u8; N] {
    std::array::from_fn(|at| a[at] | b[at])
}

/// `trunc`: the maker's part, the first three bytes.
pub fn trunc<const N: usize>(address: [u8; N]) -> [u8; N] {
    std::array::from_fn(|at| if at < 3 { address[at] } else { 0 })
}

/// `macaddr8_set7bit`, as IPv6 needs it.
pub fn set7bit([a, rest @ ..]: Macaddr8) -> Macaddr8 {
    let [b, c, d, e, f, g, h] = rest;
    [a | 2, b, c, d, e, f, g, h]
}

#[cfg(test)]
mod tests;
