//! The files of the time zone database (RFC 9636), of which the 64-bit part is read.

use super::posix::Posix;
use super::transitions::{Local, Transitions};

const HEADER: usize = 44;

struct Header {
    is_dst_flags: usize,
    is_std_flags: usize,
    leap_seconds: usize,
    times: usize,
    kinds: usize,
    characters: usize,
}

/// None for what isn't such a file, or has leap seconds, which PostgreSQL doesn't count either.
pub(super) fn read(file: &[u8]) -> Option<Transitions> {
    let first = header(file)?;
    let body = first.times * 5
        + first.kinds * 6
        + first.characters
        + first.leap_seconds * 8
        + first.is_std_flags
        + first.is_dst_flags;
    let file = file.get(HEADER + body..)?;
    let header = header(file)?;
    if header.leap_seconds != 0 {
        return None;
    }
    let rest = file.get(HEADER..)?;

    let (times, rest) = rest.split_at_checked(header.times * 8)?;
    let (kinds, rest) = rest.split_at_checked(header.times)?;
    let (types, rest) = rest.split_at_checked(header.kinds * 6)?;
    let (names, rest) = rest.split_at_checked(header.characters)?;
    let (_, footer) = rest.split_at_checked(header.is_std_flags + header.is_dst_flags)?;

    let locals = types.chunks_exact(6).map(|local| read_local(local, names)).collect::<Option<Vec<_>>>()?;
    let times = times.chunks_exact(8).filter_map(|time| time.try_into().ok().map(i64::from_be_bytes));
    let changes = times.zip(kinds.iter().copied()).collect();
    let rules = footer.strip_prefix(b"\n")?.strip_suffix(b"\n")?;
    Transitions::listed(changes, locals, Posix::parse(rules).as_ref())
}

fn header(file: &[u8]) -> Option<Header> {
    let header = file.get(..HEADER)?;
    if !header.starts_with(b"TZif") || header.get(4)? < &b'2' {
        return None;
    }
    let count = |at: usize| {
        let bytes = header.get(20 + at * 4..24 + at * 4)?;
        usize::try_from(u32::from_be_bytes(bytes.try_into().ok()?)).ok().filter(|count| *count <= 1 << 16)
    };
    Some(Header {
        is_dst_flags: count(0)?,
        is_std_flags: count(1)?,
        leap_seconds: count(2)?,
        times: count(3)?,
        kinds: count(4)?,
        characters: count(5)?,
    })
}

fn read_local(local: &[u8], names: &[u8]) -> Option<Local> {
    let (offset, rest) = local.split_first_chunk::<4>()?;
    let [is_dst, name] = rest else { return None };
    let name = names.get(usize::from(*name)..)?.split(|byte| *byte == 0).next()?;
    Some(Local {
        offset: i32::from_be_bytes(*offset),
        is_dst: *is_dst != 0,
        abbreviation: str::from_utf8(name).ok()?.into(),
    })
}
