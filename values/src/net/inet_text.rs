//! How `inet` and `cidr` are read and printed.

use std::fmt::Write;

use super::inet::{Family, Inet};
use crate::{Result, ValueError, code};

impl Inet {
    /// `inet_in`.
    pub fn parse(text: &str) -> Result<Self> {
        let read = if text.contains(':') { read_v6(text) } else { read_v4(text) };
        read.ok_or_else(|| ValueError::invalid_text("inet", text))
    }

    /// `cidr_in`.
    pub fn parse_cidr(text: &str) -> Result<Self> {
        let read = if text.contains(':') { read_v6(text) } else { read_v4_network(text) };
        let inet = read.ok_or_else(|| ValueError::invalid_text("cidr", text))?;
        if inet != inet.network() {
            let message = format!("invalid cidr value: \"{text}\"");
            let error = ValueError::new(code::INVALID_TEXT_REPRESENTATION, message);
            return Err(error.detail("Value has bits set to right of mask."));
        }
        Ok(inet)
    }

    /// `inet_out`, and `abbrev` of `inet`: the length isn't told if it is all.
    pub fn print(&self) -> String {
        if self.bits == self.family.bits() { self.host() } else { self.print_cidr() }
    }

    /// `cidr_out`, and the cast of both types to text: the length is always told.
    pub fn print_cidr(&self) -> String {
        let mut text = self.host();
        text.push('/');
        write_decimal(self.bits, &mut text);
        text
    }

    /// `host`: the address alone.
    pub fn host(&self) -> String {
        let mut text = String::with_capacity(20);
        match self.family {
            Family::V4 => write_octets(&octets(self.address), &mut text),
            Family::V6 => write_v6(self.address, &mut text),
        }
        text
    }
}

/// The last four octets of an address.
fn octets(address: u128) -> [u8; 4] {
    let [.., a, b, c, d] = address.to_be_bytes();
    [a, b, c, d]
}

fn write_octets(octets: &[u8], text: &mut String) {
    for (at, &octet) in octets.iter().enumerate() {
        if at > 0 {
            text.push('.');
        }
        write_decimal(octet, text);
    }
}

fn write_decimal(number: u8, text: &mut String) {
    for (size, digit) in [(100, number / 100), (10, number / 10 % 10), (1, number % 10)] {
        if number >= size || size == 1 {
            text.push(char::from(b'0' + digit));
        }
    }
}

/// The sixteen bits a group, from the left.
pub(super) fn groups(address: u128) -> [u16; 8] {
    std::array::from_fn(|at| (address >> (112 - 16 * at)) as u16)
}

fn write_v6(address: u128, text: &mut String) {
    let groups = groups(address);
    let (start, length) = longest_zeros(&groups);
    let (start, length) = if length < 2 { (groups.len(), 0) } else { (start, length) };
    let embeds_v4 = start == 0
        && match length {
            6 => true,
            7 => groups[7] != 1,
            5 => groups[5] == 0xffff,
            _ => false,
        };
    for (at, group) in groups.iter().enumerate() {
        if (start..start + length).contains(&at) {
            if at == start {
                text.push(':');
            }
            continue;
        }
        if at > 0 {
            text.push(':');
        }
        if at == 6 && embeds_v4 {
            write_octets(&octets(address), text);
            return;
        }
        // Writing to a String can't fail.
        let _ = write!(text, "{group:x}");
    }
    if length > 0 && start + length == groups.len() {
        text.push(':');
    }
}

/// Where the first of the longest runs of zeros begins, and how long it is.
fn longest_zeros(groups: &[u16]) -> (usize, usize) {
    let mut longest = (0, 0);
    let mut run = 0;
    for (at, &group) in groups.iter().enumerate() {
        run = if group == 0 { run + 1 } else { 0 };
        if run > longest.1 {
            longest = (at + 1 - run, run);
        }
    }
    longest
}

/// The number that all of a text's digits are, up to a limit.
fn decimal(digits: &str, limit: u32) -> Option<u32> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.bytes().try_fold(0u32, |sum, byte| Some(sum * 10 + u32::from(byte - b'0')).filter(|&sum| sum <= limit))
}

/// The text before the length of the network's part, and that.
fn split_bits(text: &str) -> Option<(&str, Option<u8>)> {
    match text.split_once('/') {
        None => Some((text, None)),
        Some((address, bits)) => Some((address, Some(u8::try_from(decimal(bits, 32)?).ok()?))),
    }
}

/// Octets from the left, the missing ones zero; and how many there are.
fn read_octets(text: &str) -> Option<(u32, u8)> {
    let (mut address, mut count) = (0u32, 0u8);
    for part in text.split('.') {
        let octet = decimal(part, 255)?;
        address |= octet.checked_shl(24u32.checked_sub(8 * u32::from(count))?)?;
        count += 1;
    }
    Some((address, count))
}

/// An IPv4 address: all octets, or those that the network's part takes.
fn read_v4(text: &str) -> Option<Inet> {
    let (address, bits) = split_bits(text)?;
    // One dot more than it takes is passed over before the length.
    let trimmed =
        if bits.is_some() || text.ends_with('.') { address.strip_suffix('.').unwrap_or(address) } else { address };
    let (address, count) = read_octets(trimmed)?;
    let bits = match bits {
        Some(bits) if bits / 8 <= count => bits,
        None if count == 4 => 32,
        _ => return None,
    };
    Inet::new(Family::V4, u128::from(address), bits)
}

/// An IPv4 network: octets or hexadecimal digits from the left; without a length, the one of its class.
fn read_v4_network(text: &str) -> Option<Inet> {
    let (address, bits) = split_bits(text)?;
    let (address, count) = match address.strip_prefix("0x").or_else(|| address.strip_prefix("0X")) {
        Some(digits) => {
            if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return None;
            }
            let number = u32::from_str_radix(digits, 16).ok()?;
            let missing = 8 - u32::try_from(digits.len()).ok()?;
            (number.checked_shl(4 * missing)?, u8::try_from(digits.len().div_ceil(2)).ok()?)
        }
        None => read_octets(address)?,
    };
    let bits = bits.unwrap_or_else(|| {
        let first = address >> 24;
        let of_class = match first {
            240.. => 32,
            224.. => 8,
            192.. => 24,
            128.. => 16,
            _ => 8,
        };
        match of_class.max(8 * count) {
            8 if first == 224 => 4,
            bits => bits,
        }
    });
    Inet::new(Family::V4, u128::from(address), bits)
}

/// Groups of hexadecimal digits, the last two perhaps as an IPv4 address, with one run of zeros left out.
fn read_v6(text: &str) -> Option<Inet> {
    let (address, bits) = match text.split_once('/') {
        None => (text, None),
        Some((address, bits)) => (address, Some(v6_bits(bits)?)),
    };
    let end = if bits.is_some() { End::BeforeBits } else { End::OfText };
    let (head, tail) = match address.split_once("::") {
        None => (address, None),
        Some((head, tail)) => (head, Some(tail)),
    };
    let mut groups = [0u16; 8];
    let mut count = read_groups(head, &mut groups, if tail.is_none() { end } else { End::BeforeGap })?;
    if let Some(tail) = tail {
        let mut last = [0u16; 8];
        let more = read_groups(tail, &mut last, end)?;
        // What is left out is at least one group.
        let gap = 8usize.checked_sub(count + more).filter(|&gap| gap > 0)?;
        for (at, group) in last.iter().take(more).enumerate() {
            groups[count + gap + at] = *group;
        }
        count = 8;
    }
    if count != 8 {
        return None;
    }
    let address = groups.iter().fold(0u128, |address, &group| address << 16 | u128::from(group));
    Inet::new(Family::V6, address, bits.unwrap_or(128))
}

fn v6_bits(text: &str) -> Option<u8> {
    if text.len() > 1 && text.starts_with('0') {
        return None;
    }
    u8::try_from(decimal(text, 128)?).ok()
}

/// What follows groups.
#[derive(Clone, Copy, PartialEq)]
enum End {
    BeforeGap,
    BeforeBits,
    OfText,
}

/// How many groups a text without `::` has; an IPv4 address, which is two, may be the last one of all.
fn read_groups(text: &str, groups: &mut [u16; 8], end: End) -> Option<usize> {
    if text.is_empty() {
        return Some(0);
    }
    let mut count = 0;
    let mut parts = text.split(':').peekable();
    while let Some(part) = parts.next() {
        if end != End::BeforeGap && parts.peek().is_none() && part.contains('.') {
            let octets = read_embedded(part, end)?;
            *groups.get_mut(count)? = (octets >> 16) as u16;
            *groups.get_mut(count + 1)? = octets as u16;
            return Some(count + 2);
        }
        if part.is_empty() || part.len() > 4 || !part.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        *groups.get_mut(count)? = u16::from_str_radix(part, 16).ok()?;
        count += 1;
    }
    Some(count)
}

/// Octets in an IPv6 address: none begins with a needless zero, missing ones are zero, and so are empty ones, but the
/// one that ends the text.
fn read_embedded(text: &str, end: End) -> Option<u32> {
    let mut address = 0u32;
    let mut parts = text.split('.').enumerate().peekable();
    while let Some((at, part)) = parts.next() {
        let is_last = parts.peek().is_none();
        if (part.is_empty() && is_last && end == End::OfText) || (part.len() > 1 && part.starts_with('0')) {
            return None;
        }
        let octet = if part.is_empty() { 0 } else { decimal(part, 255)? };
        address |= octet.checked_shl(24u32.checked_sub(8 * u32::try_from(at).ok()?)?)?;
    }
    Some(address)
}

#[cfg(test)]
mod tests;
