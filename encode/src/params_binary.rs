//! Binary forms of parameters whose values are held as texts, as texts that the types' input functions read.

use std::fmt::Write;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::error::EncodeError;
use super::params::{exactly, insufficient, numeric_text, utf8};
use super::params_array;
use super::ranges::{bound_of, flag, range_of};
use super::types::{no_binary_input, oid, type_name};

/// Seconds within which a time zone's displacement is.
const MAX_ZONE: i32 = 16 * 3600;

/// The text of a value of the type.
///
/// # Errors
/// PostgreSQL's of the type's receive function: 22P03 and 08P01 for what isn't such a value, 22008 and 22009 for times, 22021 for bytes
/// that aren't UTF-8, 42883 and 0A000 for types that can't be received.
pub(super) fn text(type_oid: u32, bytes: &[u8]) -> Result<String, EncodeError> {
    if let Some(bound) = bound_of(type_oid) {
        let mut reader = Reader { rest: bytes };
        let range = range(bound, &mut reader)?;
        return reader.end_of_message().map(|()| range);
    }
    if let Some(range) = range_of(type_oid) {
        return multirange(range, bytes);
    }
    match type_oid {
        oid::NUMERIC => numeric_text(bytes),
        oid::UUID => Ok(super::params::uuid_text(exactly(bytes)?)),
        oid::JSONB | oid::JSONPATH => match bytes {
            [1, text @ ..] => Ok(utf8(text)?.to_owned()),
            [version, ..] => {
                Err(EncodeError::new("XX000", format!("unsupported {} version number {version}", type_name(type_oid))))
            }
            [] => Err(insufficient()),
        },
        oid::CHAR => {
            let mut reader = Reader { rest: bytes };
            let [byte] = reader.bytes()?;
            reader.end()?;
            Ok(char_text(byte))
        }
        oid::TIMETZ => time_with_zone(bytes),
        oid::INET | oid::CIDR => address(type_oid, bytes),
        oid::MACADDR => hardware_address::<6>(bytes),
        oid::MACADDR8 if bytes.len() == 6 => Ok(hexadecimal(bytes)),
        oid::MACADDR8 => hardware_address::<8>(bytes),
        oid::BIT | oid::VARBIT => bits(bytes),
        oid::MONEY => {
            let cents = i128::from(i64::from_be_bytes(exactly(bytes)?));
            let sign = if cents < 0 { "-" } else { "" };
            Ok(format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100))
        }
        oid::PG_LSN => {
            let place = u64::from_be_bytes(exactly(bytes)?);
            Ok(format!("{:X}/{:X}", place >> 32, place & 0xFFFF_FFFF))
        }
        oid::XID8 => Ok(u64::from_be_bytes(exactly(bytes)?).to_string()),
        oid::TID => {
            let mut reader = Reader { rest: bytes };
            let (block, row) = (reader.fixed()?, reader.fixed()?);
            reader.end()?;
            Ok(format!("({},{})", u32::from_be_bytes(block), u16::from_be_bytes(row)))
        }
        oid::INT2VECTOR => params_array::vector_text(oid::INT2, bytes),
        oid::OIDVECTOR => params_array::vector_text(oid::OID, bytes),
        oid::ACLITEM | oid::PG_NODE_TREE => Err(no_binary_input(type_oid)),
        oid::RECORD => Err(EncodeError::new("0A000", "input of anonymous composite types is not implemented")),
        named if super::types::is_reg(named) => Ok(u32::from_be_bytes(exactly(bytes)?).to_string()),
        _ => Ok(utf8(bytes)?.to_owned()),
    }
}

/// What is left of a message.
pub(super) struct Reader<'b> {
    pub rest: &'b [u8],
}

impl<'b> Reader<'b> {
    pub fn take(&mut self, length: usize) -> Result<&'b [u8], EncodeError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(insufficient)?;
        self.rest = rest;
        Ok(taken)
    }

    pub fn fixed<const N: usize>(&mut self) -> Result<[u8; N], EncodeError> {
        exactly(self.take(N)?)
    }

    /// Bytes that are read one by one.
    pub fn bytes<const N: usize>(&mut self) -> Result<[u8; N], EncodeError> {
        self.fixed().map_err(|_| EncodeError::no_data())
    }

    pub fn int(&mut self) -> Result<i32, EncodeError> {
        self.fixed().map(i32::from_be_bytes)
    }

    pub fn end(&self) -> Result<(), EncodeError> {
        match self.rest {
            [] => Ok(()),
            _ => Err(EncodeError::excess()),
        }
    }
}

impl Reader<'_> {
    /// The end of what checks for it itself.
    fn end_of_message(&self) -> Result<(), EncodeError> {
        match self.rest {
            [] => Ok(()),
            _ => Err(EncodeError::new("08P01", "invalid message format")),
        }
    }
}

fn invalid(message: impl Into<String>) -> EncodeError {
    EncodeError::new("22P03", message)
}

/// As `charout` prints it.
fn char_text(byte: u8) -> String {
    match byte {
        0 => String::new(),
        1..=127 => char::from(byte).to_string(),
        _ => format!("\\{byte:03o}"),
    }
}

fn time_with_zone(bytes: &[u8]) -> Result<String, EncodeError> {
    let mut reader = Reader { rest: bytes };
    let (micros, west) = (i64::from_be_bytes(reader.fixed()?), reader.int()?);
    reader.end()?;
    if !(0..=super::datetime::DAY_US).contains(&micros) {
        return Err(EncodeError::out_of_range("time"));
    }
    if west <= -MAX_ZONE || west >= MAX_ZONE {
        return Err(EncodeError::new("22009", "time zone displacement out of range"));
    }
    let clock = |seconds: i64| format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let sign = if west > 0 { '-' } else { '+' };
    let zone = clock(i64::from(west.abs()));
    Ok(format!("{}.{:06}{sign}{zone}", clock(micros / 1_000_000), micros % 1_000_000))
}

fn address(type_oid: u32, bytes: &[u8]) -> Result<String, EncodeError> {
    let name = type_name(type_oid);
    let mut reader = Reader { rest: bytes };
    let [family, bits, _is_cidr, length] = reader.bytes()?;
    let (expected, most) = match family {
        2 => (4, 32),
        3 => (16, 128),
        _ => return Err(invalid(format!("invalid address family in external \"{name}\" value"))),
    };
    if bits > most {
        return Err(invalid(format!("invalid bits in external \"{name}\" value")));
    }
    if length != expected {
        return Err(invalid(format!("invalid length in external \"{name}\" value")));
    }
    let shown = match family {
        2 => Ipv4Addr::from(reader.bytes::<4>()?).to_string(),
        _ => Ipv6Addr::from(reader.bytes::<16>()?).to_string(),
    };
    reader.end()?;
    Ok(format!("{shown}/{bits}"))
}

fn hardware_address<const N: usize>(bytes: &[u8]) -> Result<String, EncodeError> {
    let mut reader = Reader { rest: bytes };
    let address = reader.bytes::<N>()?;
    reader.end()?;
    Ok(hexadecimal(&address))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
}

fn bits(bytes: &[u8]) -> Result<String, EncodeError> {
    let mut reader = Reader { rest: bytes };
    let length = usize::try_from(reader.int()?).map_err(|_| invalid("invalid length in external bit string"))?;
    let taken = reader.take(length.div_ceil(8))?;
    reader.end()?;
    let bit = |at: usize| taken.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    Ok((0..length).map(|at| char::from(b'0' + bit(at))).collect())
}

fn range(bound: u32, reader: &mut Reader<'_>) -> Result<String, EncodeError> {
    let [flags] = reader.bytes()?;
    let has = |flag: u8| flags & flag != 0;
    if has(flag::EMPTY) {
        return Ok("empty".to_owned());
    }
    let mut text = String::from(if has(flag::LOWER_INCLUSIVE) { '[' } else { '(' });
    for (infinite, before) in [(flag::LOWER_INFINITE, ""), (flag::UPPER_INFINITE, ",")] {
        text += before;
        if has(infinite) {
            continue;
        }
        let length = usize::try_from(reader.int()?).map_err(|_| insufficient())?;
        let value = params_array::item_text(bound, reader.take(length)?)?;
        let _written = write!(text, "\"{value}\"");
    }
    text.push(if has(flag::UPPER_INCLUSIVE) { ']' } else { ')' });
    Ok(text)
}

fn multirange(range_oid: u32, bytes: &[u8]) -> Result<String, EncodeError> {
    let mut reader = Reader { rest: bytes };
    let count = u32::from_be_bytes(reader.fixed()?);
    let mut ranges = Vec::new();
    for _ in 0..count {
        let length = usize::try_from(reader.int()?).map_err(|_| insufficient())?;
        ranges.push(text(range_oid, reader.take(length)?)?);
    }
    reader.end_of_message()?;
    Ok(format!("{{{}}}", ranges.join(",")))
}
