//! Binary forms of types that the engine keeps as their text: inet, cidr, macaddr, macaddr8, bit, varbit, timetz, money,
//! pg_lsn, xid8, jsonpath, tid, int2vector, oidvector, and ranges.

use std::net::IpAddr;
use std::str::FromStr;

use bytes::BytesMut;

use super::cell::{FRAMED, append_fixed};
use super::params_datetime::{parse_clock, parse_offset};
use super::ranges;
use super::strings::MAX_VALUE_BYTES;
use super::types::oid;

/// PostgreSQL's own family numbers (utils/inet.h), the same on every platform.
const FAMILY_INET: u8 = 2;
const FAMILY_INET6: u8 = 3;

/// Writes `text`, a value as PostgreSQL prints it, in the binary form of the type. `None`: it isn't such a value.
pub(super) fn write_binary<const FRAME: bool>(text: &str, kind_oid: u32, out: &mut BytesMut) -> Option<()> {
    let start = out.len();
    if FRAME {
        out.extend_from_slice(&[0; 4]);
    }
    let written = match kind_oid {
        oid::INET => inet(text, false, out),
        oid::CIDR => inet(text, true, out),
        oid::MACADDR => mac_address(text, 6, out),
        oid::MACADDR8 => mac_address(text, 8, out),
        oid::BIT | oid::VARBIT => bits(text, out),
        oid::TIMETZ => time_with_zone(text, out),
        oid::MONEY => money(text, out),
        oid::PG_LSN => log_position(text, out),
        oid::XID8 => text.parse::<u64>().ok().map(|id| out.extend_from_slice(&id.to_be_bytes())),
        oid::JSONPATH => {
            // Version 1, then the text.
            out.extend_from_slice(&[1]);
            out.extend_from_slice(text.as_bytes());
            Some(())
        }
        oid::TID => row_place(text, out),
        oid::INT2VECTOR => vector::<i16, 2>(text, oid::INT2, i16::to_be_bytes, out),
        oid::OIDVECTOR => vector::<u32, 4>(text, oid::OID, u32::to_be_bytes, out),
        other => ranges::write(text, other, out),
    };
    if written.is_none() {
        out.truncate(start);
    } else if FRAME {
        let payload = (out.len() - start - 4) as u32;
        out[start..start + 4].copy_from_slice(&payload.to_be_bytes());
    }
    written
}

/// Family, bits of the netmask, whether it is a cidr, number of bytes, address.
fn inet(text: &str, is_cidr: bool, out: &mut BytesMut) -> Option<()> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
        None => (text, None),
    };
    let mut push = |family: u8, address: &[u8]| {
        let all = address.len() as u8 * 8;
        let bits = bits.unwrap_or(all);
        (bits <= all).then(|| {
            out.extend_from_slice(&[family, bits, u8::from(is_cidr), address.len() as u8]);
            out.extend_from_slice(address);
        })
    };
    match IpAddr::from_str(address).ok()? {
        IpAddr::V4(v4) => push(FAMILY_INET, &v4.octets()),
        IpAddr::V6(v6) => push(FAMILY_INET6, &v6.octets()),
    }
}

/// Cents, from `-$1,234.56`.
fn money(text: &str, out: &mut BytesMut) -> Option<()> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let cents: i128 = digits.parse().ok()?;
    let signed = if text.starts_with('-') { -cents } else { cents };
    out.extend_from_slice(&i64::try_from(signed).ok()?.to_be_bytes());
    Some(())
}

/// Two halves in hexadecimal, from `16/B374D848`.
fn log_position(text: &str, out: &mut BytesMut) -> Option<()> {
    let (high, low) = text.split_once('/')?;
    for half in [high, low] {
        out.extend_from_slice(&u32::from_str_radix(half, 16).ok()?.to_be_bytes());
    }
    Some(())
}

/// The number of a block and of a row in it, from `(0,1)`.
fn row_place(text: &str, out: &mut BytesMut) -> Option<()> {
    let (block, row) = text.strip_prefix('(')?.strip_suffix(')')?.split_once(',')?;
    out.extend_from_slice(&block.parse::<u32>().ok()?.to_be_bytes());
    out.extend_from_slice(&row.parse::<u16>().ok()?.to_be_bytes());
    Some(())
}

/// An array of one dimension from 0, from numbers with blanks between them.
fn vector<T: FromStr, const N: usize>(
    text: &str,
    item: u32,
    bytes: fn(T) -> [u8; N],
    out: &mut BytesMut,
) -> Option<()> {
    let items: Vec<&str> = text.split_ascii_whitespace().collect();
    // Dimensions, no NULLs, the type of the items; length and lower bound of the dimension.
    for number in [1, 0, item, items.len() as u32, 0] {
        out.extend_from_slice(&number.to_be_bytes());
    }
    for item in items {
        append_fixed::<FRAMED, N>(out, bytes(item.parse().ok()?));
    }
    Some(())
}

/// Bytes in hexadecimal, with or without separators.
fn mac_address(text: &str, len: usize, out: &mut BytesMut) -> Option<()> {
    let mut digits = text.bytes().filter(|byte| !matches!(byte, b':' | b'-' | b'.'));
    for _ in 0..len {
        let high = char::from(digits.next()?).to_digit(16)?;
        let low = char::from(digits.next()?).to_digit(16)?;
        out.extend_from_slice(&[(high << 4 | low) as u8]);
    }
    digits.next().is_none().then_some(())
}

/// The number of bits, then the bits from the highest of the first byte.
fn bits(text: &str, out: &mut BytesMut) -> Option<()> {
    if text.len() > MAX_VALUE_BYTES {
        return None;
    }
    out.extend_from_slice(&(text.len() as u32).to_be_bytes());
    for chunk in text.as_bytes().chunks(8) {
        let mut byte = 0;
        for (place, digit) in chunk.iter().enumerate() {
            match digit {
                b'0' => {}
                b'1' => byte |= 0x80 >> place,
                _ => return None,
            }
        }
        out.extend_from_slice(&[byte]);
    }
    Some(())
}

/// Microseconds since midnight, then the zone in seconds west.
fn time_with_zone(text: &str, out: &mut BytesMut) -> Option<()> {
    let at = text.rfind(['+', '-'])?;
    out.extend_from_slice(&parse_clock(&text[..at])?.to_be_bytes());
    out.extend_from_slice(&(-parse_offset(&text[at..])?).to_be_bytes());
    Some(())
}
