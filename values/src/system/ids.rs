//! `oid`, `xid`, `cid`, `xid8`, `tid`, vectors of them, and `"char"`.

use crate::{Result, ValueError};

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

fn skip_space(text: &[u8]) -> &[u8] {
    text.get(text.iter().take_while(|&&byte| is_space(byte)).count()..).unwrap_or_default()
}

/// An unsigned number at a text's beginning, and what follows it. As C's `strtoul` reads it: in base 0, a leading zero
/// makes it octal and `0x` hexadecimal, and what is negative wraps around. None is no number; a number that is too
/// large is Err.
fn unsigned(text: &[u8], base: u32) -> Option<(std::result::Result<u64, ()>, &[u8])> {
    let mut rest = skip_space(text);
    let mut negative = false;
    if let [sign @ (b'+' | b'-'), after @ ..] = rest {
        negative = *sign == b'-';
        rest = after;
    }
    let base = match rest {
        [b'0', b'x' | b'X', digit, ..] if base == 0 && digit.is_ascii_hexdigit() => {
            rest = rest.get(2..).unwrap_or_default();
            16
        }
        [b'0', ..] if base == 0 => 8,
        _ if base == 0 => 10,
        _ => base,
    };
    let count = rest.iter().take_while(|&&byte| char::from(byte).is_digit(base)).count();
    let (digits, rest) = rest.split_at_checked(count).filter(|(digits, _)| !digits.is_empty())?;
    let number = digits.iter().try_fold(0u64, |number, &byte| {
        let digit = char::from(byte).to_digit(base).map(u64::from)?;
        number.checked_mul(u64::from(base))?.checked_add(digit)
    });
    Some((number.map(|number| if negative { number.wrapping_neg() } else { number }).ok_or(()), rest))
}

/// What 32 bits hold, signed or not.
fn to_u32(number: u64) -> Option<u32> {
    u32::try_from(number).ok().or_else(|| i32::try_from(number.cast_signed()).ok().map(i32::cast_unsigned))
}

/// One of the 32-bit identifiers, whose type is named as in messages: `oid`, `xid`, `cid`.
pub fn parse_id(text: &str, type_name: &str) -> Result<u32> {
    match unsigned(text.as_bytes(), 0) {
        Some((number, rest)) => {
            let number = number.map_err(|()| ValueError::text_out_of_range(type_name, text))?;
            if !skip_space(rest).is_empty() {
                return Err(ValueError::invalid_text(type_name, text));
            }
            to_u32(number).ok_or_else(|| ValueError::text_out_of_range(type_name, text))
        }
        None => Err(ValueError::invalid_text(type_name, text)),
    }
}

/// `oidin`.
pub fn parse_oid(text: &str) -> Result<u32> {
    parse_id(text, "oid")
}

/// `xid8in`.
pub fn parse_xid8(text: &str) -> Result<u64> {
    match unsigned(text.as_bytes(), 0) {
        Some((Ok(number), rest)) if skip_space(rest).is_empty() => Ok(number),
        Some((Err(()), _)) => Err(ValueError::text_out_of_range("xid8", text)),
        _ => Err(ValueError::invalid_text("xid8", text)),
    }
}

/// `oidvectorin`: numbers with space between them.
pub fn parse_oidvector(text: &str) -> Result<Vec<u32>> {
    let mut rest = skip_space(text.as_bytes());
    let mut oids = Vec::new();
    while !rest.is_empty() {
        let shown = || String::from_utf8_lossy(rest).into_owned();
        let Some((number, after)) = unsigned(rest, 0) else {
            return Err(ValueError::invalid_text("oid", &shown()));
        };
        let number = number.ok().and_then(to_u32).ok_or_else(|| ValueError::text_out_of_range("oid", &shown()))?;
        oids.push(number);
        rest = skip_space(after);
    }
    Ok(oids)
}

/// `int2vectorin`.
pub fn parse_int2vector(text: &str) -> Result<Vec<i16>> {
    let mut rest = skip_space(text.as_bytes());
    let mut numbers = Vec::new();
    while !rest.is_empty() {
        let sign = usize::from(matches!(rest.first(), Some(b'+' | b'-')));
        let digits = rest.iter().skip(sign).take_while(|byte| byte.is_ascii_digit()).count();
        let (number, after) = rest.split_at_checked(sign + digits).unwrap_or((rest, &[]));
        let shown = || String::from_utf8_lossy(rest).into_owned();
        if digits == 0 {
            return Err(ValueError::invalid_text("smallint", &shown()));
        }
        let number = std::str::from_utf8(number).ok().and_then(|number| number.parse().ok());
        numbers.push(number.ok_or_else(|| ValueError::text_out_of_range("smallint", &shown()))?);
        if after.first().is_some_and(|&byte| byte != b' ') {
            return Err(ValueError::invalid_text("smallint", &shown()));
        }
        rest = skip_space(after);
    }
    Ok(numbers)
}

/// `oidvectorout` and `int2vectorout`.
pub fn print_vector<T: ToString>(numbers: &[T]) -> String {
    numbers.iter().map(T::to_string).collect::<Vec<_>>().join(" ")
}

/// The place of a row: its block, and its number there. In PostgreSQL's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tid {
    pub block: u32,
    pub offset: u16,
}

impl Tid {
    /// `tidin`.
    pub fn parse(text: &str) -> Result<Self> {
        Self::read(text.as_bytes()).ok_or_else(|| ValueError::invalid_text("tid", text))
    }

    /// Numbers are looked for after the first parenthesis or comma, and after the next comma.
    fn read(text: &[u8]) -> Option<Self> {
        let first = text.iter().position(|&byte| matches!(byte, b'(' | b',' | b')'))?;
        let rest = text.get(first..).filter(|rest| rest.first() != Some(&b')'))?.get(1..)?;
        let second = rest.iter().position(|&byte| matches!(byte, b',' | b')'))?;
        let offset = rest.get(second..)?.strip_prefix(b",")?;
        // No number at all is zero.
        let (block, after) = unsigned(rest, 10).unwrap_or((Ok(0), rest));
        if after.first() != Some(&b',') {
            return None;
        }
        let (offset, after) = unsigned(offset, 10).unwrap_or((Ok(0), offset));
        if after.first() != Some(&b')') {
            return None;
        }
        Some(Self { block: to_u32(block.ok()?)?, offset: u16::try_from(offset.ok()?).ok()? })
    }

    /// `tidout`.
    pub fn print(&self) -> String {
        format!("({},{})", self.block, self.offset)
    }
}

/// `charin`, of `"char"`: the first byte, or three octal digits after a backslash.
pub fn parse_char(text: &str) -> u8 {
    match text.as_bytes() {
        // Of more than eight bits, the last ones are kept.
        [b'\\', a @ b'0'..=b'7', b @ b'0'..=b'7', c @ b'0'..=b'7'] => (a & 3) << 6 | (b & 7) << 3 | (c & 7),
        [first, ..] => *first,
        [] => 0,
    }
}

/// `charout`: nothing of a zero, and octal digits of what isn't ASCII.
pub fn print_char(byte: u8) -> String {
    match byte {
        0 => String::new(),
        1..128 => String::from(char::from(byte)),
        _ => format!("\\{byte:03o}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read() {
        for (text, oid) in [("5", 5), (" -1 ", u32::MAX), ("0x10", 16), ("010", 8), ("-2147483648", 1 << 31)] {
            assert_eq!(parse_oid(text), Ok(oid), "{text}");
        }
        for text in ["", "x", "1 x", "1_0", "08"] {
            assert_eq!(parse_oid(text).unwrap_err(), ValueError::invalid_text("oid", text));
        }
        for text in ["4294967296", "-2147483649", "99999999999999999999"] {
            assert_eq!(parse_id(text, "xid").unwrap_err(), ValueError::text_out_of_range("xid", text));
        }
        assert_eq!(parse_xid8("-1"), Ok(u64::MAX));
        assert_eq!(parse_xid8("18446744073709551616").unwrap_err().code, "22003");
    }

    #[test]
    fn vectors_are_read_and_printed() {
        assert_eq!(print_vector(&parse_oidvector(" 1  2 ").unwrap()), "1 2");
        assert_eq!(parse_oidvector("1 x").unwrap_err(), ValueError::invalid_text("oid", "x"));
        assert_eq!(print_vector(&parse_int2vector("1 -2").unwrap()), "1 -2");
        assert_eq!(parse_int2vector("1 70000").unwrap_err(), ValueError::text_out_of_range("smallint", "70000"));
        assert_eq!(parse_int2vector("1,2").unwrap_err(), ValueError::invalid_text("smallint", "1,2"));
    }

    #[test]
    fn tids_are_read_and_printed() {
        for (text, printed) in
            [("(0,1)", "(0,1)"), (" (1,2)x", "(1,2)"), ("(-1,0)", "(4294967295,0)"), ("(,)", "(0,0)")]
        {
            assert_eq!(Tid::parse(text).unwrap().print(), printed, "{text}");
        }
        for text in ["", "()", "(1)", "(1,65536)", "(4294967296,1)", "(1,2", "(1,2,3)"] {
            assert_eq!(Tid::parse(text).unwrap_err(), ValueError::invalid_text("tid", text));
        }
    }

    #[test]
    fn single_characters() {
        for (text, printed) in
            [("abc", "a"), ("", ""), (r"\101", "A"), (r"\377", r"\377"), ("é", r"\303"), (r"\9", r"\")]
        {
            assert_eq!(print_char(parse_char(text)), printed, "{text}");
        }
    }
}
