//! `bytea`: how bytes are read, printed, cut and converted (documentation, 9.5).

use crate::text::{bounded, overlay_places, push_hex, substr_places, unescape, unhex};
use crate::{Result, ValueError, code};

/// `bytea` read from text: `\x` and hexadecimal digits, or the escape format.
pub fn parse(text: &str) -> Result<Vec<u8>> {
    match text.strip_prefix("\\x") {
        Some(digits) => unhex(digits),
        None => unescape(text),
    }
}

/// `bytea` printed where `bytea_output` is `hex`.
pub fn print(bytes: &[u8]) -> Result<String> {
    bounded(bytes.len().saturating_mul(2))?;
    let mut text = String::with_capacity(bytes.len() * 2 + 2);
    text.push_str("\\x");
    push_hex(bytes, &mut text);
    Ok(text)
}

/// `bytea` printed where `bytea_output` is `escape`.
pub fn print_escaped(bytes: &[u8]) -> Result<String> {
    bounded(bytes.len().saturating_mul(4))?;
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'\\' => text.push_str("\\\\"),
            b' '..=b'~' => text.push(char::from(*byte)),
            byte => crate::text::push_octal(*byte, &mut text),
        }
    }
    Ok(text)
}

/// `length(bytes)`, `octet_length(bytes)`
pub fn length(bytes: &[u8]) -> i32 {
    bytes.len() as i32
}

/// `bit_length(bytes)`
pub fn bit_length(bytes: &[u8]) -> i32 {
    bytes.len().saturating_mul(8) as i32
}

/// `bit_count(bytes)`
pub fn bit_count(bytes: &[u8]) -> i64 {
    bytes.iter().map(|byte| i64::from(byte.count_ones())).sum()
}

/// `bytes || bytes`
pub fn concat(one: &[u8], other: &[u8]) -> Result<Vec<u8>> {
    bounded(one.len().saturating_add(other.len()))?;
    Ok([one, other].concat())
}

/// `substr(bytes, start, count)`
pub fn substr(bytes: &[u8], start: i32, count: Option<i32>) -> Result<&[u8]> {
    let (first, last) = substr_places(start, count)?;
    Ok(bytes.get(first.min(bytes.len())..last.min(bytes.len())).unwrap_or(&[]))
}

/// `overlay(bytes placing new from start for count)`; without a count, as many as `new` has.
pub fn overlay(bytes: &[u8], new: &[u8], start: i32, count: Option<i32>) -> Result<Vec<u8>> {
    let (head, after) = overlay_places(start, count.unwrap_or(new.len() as i32))?;
    let (head, tail) = (substr(bytes, 1, Some(head))?, substr(bytes, after, None)?);
    bounded(head.len() + new.len() + tail.len())?;
    Ok([head, new, tail].concat())
}

/// `position(bytes in within)`: from 1, or 0.
pub fn position(bytes: &[u8], within: &[u8]) -> i32 {
    memchr::memmem::find(within, bytes).map_or(0, |at| at as i32 + 1)
}

/// `btrim(bytes, set)`
pub fn btrim<'b>(bytes: &'b [u8], set: &[u8]) -> &'b [u8] {
    ltrim(rtrim(bytes, set), set)
}

/// `ltrim(bytes, set)`
pub fn ltrim<'b>(bytes: &'b [u8], set: &[u8]) -> &'b [u8] {
    let start = bytes.iter().position(|byte| !set.contains(byte)).unwrap_or(bytes.len());
    bytes.get(start..).unwrap_or(&[])
}

/// `rtrim(bytes, set)`
pub fn rtrim<'b>(bytes: &'b [u8], set: &[u8]) -> &'b [u8] {
    let end = bytes.iter().rposition(|byte| !set.contains(byte)).map_or(0, |last| last + 1);
    bytes.get(..end).unwrap_or(&[])
}

fn out_of_range(index: i64, count: i64) -> ValueError {
    let message = format!("index {index} out of valid range, 0..{}", count - 1);
    ValueError::new(code::ARRAY_SUBSCRIPT_ERROR, message)
}

/// `get_byte(bytes, index)`
pub fn get_byte(bytes: &[u8], index: i32) -> Result<i32> {
    let byte = usize::try_from(index).ok().and_then(|index| bytes.get(index));
    byte.map(|byte| i32::from(*byte)).ok_or_else(|| out_of_range(index.into(), bytes.len() as i64))
}

/// `set_byte(bytes, index, value)`: the lowest eight bits of the value.
pub fn set_byte(bytes: &[u8], index: i32, value: i32) -> Result<Vec<u8>> {
    get_byte(bytes, index)?;
    let mut bytes = bytes.to_vec();
    if let Some(byte) = usize::try_from(index).ok().and_then(|index| bytes.get_mut(index)) {
        *byte = value as u8;
    }
    Ok(bytes)
}

/// Bits are counted from the lowest of each byte.
fn bit_place(bytes: &[u8], index: i64) -> Result<(usize, u8)> {
    let count = (bytes.len() as i64).saturating_mul(8);
    if !(0..count).contains(&index) {
        return Err(out_of_range(index, count));
    }
    Ok(((index / 8) as usize, 1 << (index % 8)))
}

/// `get_bit(bytes, index)`
pub fn get_bit(bytes: &[u8], index: i64) -> Result<i32> {
    let (at, mask) = bit_place(bytes, index)?;
    Ok(i32::from(bytes.get(at).is_some_and(|byte| byte & mask != 0)))
}

/// `set_bit(bytes, index, bit)`
pub fn set_bit(bytes: &[u8], index: i64, bit: i32) -> Result<Vec<u8>> {
    let (at, mask) = bit_place(bytes, index)?;
    if !matches!(bit, 0 | 1) {
        return Err(ValueError::invalid_parameter("new bit must be 0 or 1"));
    }
    let mut bytes = bytes.to_vec();
    if let Some(byte) = bytes.get_mut(at) {
        *byte = if bit == 1 { *byte | mask } else { *byte & !mask };
    }
    Ok(bytes)
}

/// The encodings that text is converted from and to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Latin1,
    SqlAscii,
}

impl Encoding {
    /// Case, hyphens and the like don't matter; `role` is "source" or "destination".
    fn read(name: &str, role: &str) -> Result<Self> {
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        match plain.as_str() {
            "utf8" | "unicode" => Ok(Self::Utf8),
            "latin1" | "iso88591" => Ok(Self::Latin1),
            "sqlascii" => Ok(Self::SqlAscii),
            other if OTHERS.contains(&other) => {
                let message = format!("conversion between {} and UTF8 is not supported", name.to_ascii_uppercase());
                Err(ValueError::new(code::FEATURE_NOT_SUPPORTED, message))
            }
            _ => Err(ValueError::invalid_parameter(format!("invalid {role} encoding name \"{name}\""))),
        }
    }
}

/// PostgreSQL's other encodings.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "abc", "alt", "big5", "euccn", "eucjis2004", "eucjp", "euckr", "euctw", "gb18030", "gbk", "iso885910",
    "iso885913", "iso885914", "iso885915", "iso885916", "iso88592", "iso88593", "iso88594", "iso88595", "iso88596",
    "iso88597", "iso88598", "iso88599", "johab", "koi8", "koi8r", "koi8u", "latin10", "latin2", "latin3", "latin4",
    "latin5", "latin6", "latin7", "latin8", "latin9", "mskanji", "muleinternal", "shiftjis", "shiftjis2004", "sjis",
    "tcvn", "tcvn5712", "uhc", "vscii", "win", "win1250", "win1251", "win1252", "win1253", "win1254", "win1255",
    "win1256", "win1257", "win1258", "win866", "win874", "win932", "win936", "win949", "win950", "windows1250",
    "windows1251", "windows1252", "windows1253", "windows1254", "windows1255", "windows1256", "windows1257",
    "windows1258", "windows866", "windows874", "windows932", "windows936", "windows949", "windows950",
];

fn invalid_sequence(encoding: &str, bytes: &[u8]) -> ValueError {
    let shown: Vec<String> = bytes.iter().map(|byte| format!("0x{byte:02x}")).collect();
    let message = format!("invalid byte sequence for encoding \"{encoding}\": {}", shown.join(" "));
    ValueError::new(code::CHARACTER_NOT_IN_REPERTOIRE, message)
}

/// Bytes as text of UTF8, which has no NUL.
pub fn to_utf8(bytes: &[u8]) -> Result<&str> {
    let (text, rest) = match std::str::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let (valid, rest) = bytes.split_at(error.valid_up_to());
            (std::str::from_utf8(valid).unwrap_or(""), Some(rest))
        }
    };
    if memchr::memchr(0, text.as_bytes()).is_some() {
        return Err(invalid_sequence("UTF8", &[0]));
    }
    let Some(rest) = rest else { return Ok(text) };
    // As many as the first says that there are.
    let length = match rest.first() {
        Some(0xc0..0xe0) => 2,
        Some(0xe0..0xf0) => 3,
        Some(0xf0..0xf8) => 4,
        _ => 1,
    };
    Err(invalid_sequence("UTF8", rest.get(..length).unwrap_or(rest)))
}

/// `convert_from(bytes, encoding)`
pub fn convert_from(bytes: &[u8], encoding: &str) -> Result<String> {
    match Encoding::read(encoding, "source")? {
        Encoding::SqlAscii if bytes.contains(&0) => Err(invalid_sequence("SQL_ASCII", &[0])),
        Encoding::Utf8 | Encoding::SqlAscii => to_utf8(bytes).map(str::to_owned),
        Encoding::Latin1 if bytes.contains(&0) => Err(invalid_sequence("LATIN1", &[0])),
        Encoding::Latin1 => {
            bounded(bytes.len().saturating_mul(2))?;
            Ok(bytes.iter().map(|byte| char::from(*byte)).collect())
        }
    }
}

/// `convert_to(text, encoding)`
pub fn convert_to(text: &str, encoding: &str) -> Result<Vec<u8>> {
    match Encoding::read(encoding, "destination")? {
        Encoding::Utf8 | Encoding::SqlAscii => Ok(text.as_bytes().to_vec()),
        Encoding::Latin1 => text.chars().map(latin1).collect(),
    }
}

fn latin1(c: char) -> Result<u8> {
    u8::try_from(c).map_err(|_| {
        let bytes =
            c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("0x{byte:02x}")).collect::<Vec<_>>().join(" ");
        let message = format!(
            "character with byte sequence {bytes} in encoding \"UTF8\" has no equivalent in encoding \"LATIN1\""
        );
        ValueError::new(code::UNTRANSLATABLE_CHARACTER, message)
    })
}

/// `convert(bytes, source, destination)`
pub fn convert(bytes: &[u8], source: &str, destination: &str) -> Result<Vec<u8>> {
    Encoding::read(source, "source")?;
    Encoding::read(destination, "destination")?;
    convert_to(&convert_from(bytes, source)?, destination)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_and_printed() {
        for (text, bytes) in
            [("\\xAB cd", &b"\xab\xcd"[..]), ("a\\\\b\\101é", b"a\\bA\xc3\xa9"), ("", b""), ("\\x", b"")]
        {
            assert_eq!(parse(text).as_deref(), Ok(bytes));
        }
        for (text, code, message) in [
            ("\\xabc", "22023", "invalid hexadecimal data: odd number of digits"),
            ("\\x é", "22023", "invalid hexadecimal digit: \"é\""),
            ("\\xa b", "22023", "invalid hexadecimal digit: \" \""),
            ("\\Xab", "22P02", "invalid input syntax for type bytea"),
            ("a\\400", "22P02", "invalid input syntax for type bytea"),
            ("a\\", "22P02", "invalid input syntax for type bytea"),
        ] {
            assert_eq!(parse(text), Err(ValueError::new(code, message)));
        }
        assert_eq!(print(b"\x00\xff").as_deref(), Ok("\\x00ff"));
        assert_eq!(print_escaped(b"a\\\x7f\xff\n").as_deref(), Ok("a\\\\\\177\\377\\012"));
    }

    #[test]
    fn bytes_are_cut() {
        assert_eq!(substr(&[1, 2, 3], -1, Some(4)), Ok(&[1, 2][..]));
        assert_eq!(substr(&[1], 5, None), Ok(&[][..]));
        assert_eq!(overlay(&[1, 2, 3], &[9, 9], 2, Some(1)), Ok(vec![1, 9, 9, 3]));
        assert_eq!(overlay(&[1], &[9], 0, None).unwrap_err().code, "22011");
        assert_eq!(
            (position(&[], &[1]), position(&[2], &[1, 2]), position(&[], &[]), position(&[3], &[1])),
            (1, 2, 1, 0)
        );
        assert_eq!(
            (btrim(&[1, 2, 1], &[1]), btrim(&[1], &[]), ltrim(&[1, 2], &[1]), rtrim(&[1], &[1])),
            (&[2][..], &[1][..], &[2][..], &[][..])
        );
    }

    #[test]
    fn bits_and_bytes_are_taken_and_set() {
        assert_eq!((get_byte(&[7], 0), set_byte(&[0, 1], 1, 511)), (Ok(7), Ok(vec![0, 255])));
        assert_eq!(get_byte(&[0], -1).unwrap_err().message, "index -1 out of valid range, 0..0");
        assert_eq!(get_byte(&[], 0).unwrap_err().message, "index 0 out of valid range, 0..-1");
        assert_eq!((get_bit(&[0, 1], 8), get_bit(&[0x80], 7), set_bit(&[0], 3, 1)), (Ok(1), Ok(1), Ok(vec![8])));
        assert_eq!(get_bit(&[0], 9).unwrap_err(), ValueError::new("2202E", "index 9 out of valid range, 0..7"));
        assert_eq!(set_bit(&[0], 3, 2).unwrap_err().message, "new bit must be 0 or 1");
        assert_eq!(bit_count(&[0xff, 1]), 9);
    }

    #[test]
    fn encodings_are_converted() {
        assert_eq!(convert_from(b"\xe9", "latin-1").as_deref(), Ok("é"));
        assert_eq!(convert_to("é", "LATIN1"), Ok(vec![0xe9]));
        assert_eq!(convert(b"\xe9", "latin1", "utf8"), Ok("é".as_bytes().to_vec()));
        for (bytes, shown) in [
            (&b"\xff"[..], "0xff"),
            (b"\xe2\x82", "0xe2 0x82"),
            (b"\xe2\x82a", "0xe2 0x82 0x61"),
            (b"\xed\xa0\x80", "0xed 0xa0 0x80"),
            (b"\xf5\x80\x80\x80", "0xf5 0x80 0x80 0x80"),
            (b"a\xe2", "0xe2"),
            (b"\x00\xff", "0x00"),
            (b"\xc0\x80", "0xc0 0x80"),
        ] {
            let message = format!("invalid byte sequence for encoding \"UTF8\": {shown}");
            assert_eq!(convert_from(bytes, "UTF8"), Err(ValueError::new("22021", message)));
        }
        let message =
            "character with byte sequence 0xe2 0x82 0xac in encoding \"UTF8\" has no equivalent in encoding \"LATIN1\"";
        assert_eq!(convert_to("€", "latin1"), Err(ValueError::new("22P05", message)));
        assert_eq!(convert_from(b"", "foo").unwrap_err().message, "invalid source encoding name \"foo\"");
        assert_eq!(convert_to("", "foo").unwrap_err().message, "invalid destination encoding name \"foo\"");
    }
}
