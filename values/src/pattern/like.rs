//! `LIKE` and `ILIKE`: a pattern is compiled once, then tells of many texts whether they match.

use memchr::memmem;

use crate::text::{lower, simple_lower};
use crate::{Result, ValueError, code};

/// A compiled pattern of `LIKE`.
#[derive(Debug, Clone)]
pub struct Like {
    shape: Shape,
    unit: Unit,
    is_insensitive: bool,
}

/// What `_` stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Char,
    Byte,
}

#[derive(Debug, Clone)]
enum Shape {
    Anything,
    Equal(Vec<u8>),
    Prefix(Vec<u8>),
    Suffix(Vec<u8>),
    Contains(Box<memmem::Finder<'static>>),
    /// What stands before, between and after the `%`s.
    Segments(Vec<Segment>),
    /// The same; the pattern ends with an escape character, which is an error for the texts that get that far.
    Unfinished(Vec<Segment>),
}

/// Literals and how many units to skip before each; some may be skipped at the end.
#[derive(Debug, Clone, Default)]
struct Segment {
    parts: Vec<(usize, Vec<u8>)>,
    skip: usize,
}

impl Like {
    /// Without an escape it is a backslash; an empty one switches escapes off.
    pub fn compile(pattern: &str, escape: Option<&str>, is_insensitive: bool) -> Result<Self> {
        let escape = match escape {
            Some(escape) => one_char(escape)?,
            None => Some('\\'),
        };
        let (segments, is_finished) = split(pattern.chars(), escape, '%', '_', |c, literal| {
            let c = if is_insensitive { simple_lower(c) } else { c };
            literal.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        });
        Ok(Self { shape: Shape::of(segments, is_finished), unit: Unit::Char, is_insensitive })
    }

    /// A pattern over bytes, each of which is a character.
    pub fn compile_bytes(pattern: &[u8], escape: Option<&[u8]>) -> Result<Self> {
        let escape = match escape {
            Some([]) => None,
            Some([escape]) => Some(*escape),
            Some(_) => return Err(invalid_escape()),
            None => Some(b'\\'),
        };
        let bytes = pattern.iter().copied();
        let (segments, is_finished) = split(bytes, escape, b'%', b'_', |byte, literal| literal.push(byte));
        Ok(Self { shape: Shape::of(segments, is_finished), unit: Unit::Byte, is_insensitive: false })
    }

    pub fn is_match(&self, text: &str) -> Result<bool> {
        match self.is_insensitive {
            true => self.is_match_bytes(lower(text).as_bytes()),
            false => self.is_match_bytes(text.as_bytes()),
        }
    }

    /// Of a text's bytes, or of a bytea. An insensitive pattern is given text in lower case.
    pub fn is_match_bytes(&self, text: &[u8]) -> Result<bool> {
        Ok(match &self.shape {
            Shape::Anything => true,
            Shape::Equal(literal) => text == literal,
            Shape::Prefix(literal) => text.starts_with(literal),
            Shape::Suffix(literal) => text.ends_with(literal),
            Shape::Contains(literal) => literal.find(text).is_some(),
            Shape::Segments(segments) => matches(segments, text, self.unit),
            Shape::Unfinished(segments) if reaches_end(segments, text, self.unit) => {
                let message = "LIKE pattern must not end with escape character";
                return Err(ValueError::new(code::INVALID_ESCAPE_SEQUENCE, message));
            }
            Shape::Unfinished(_) => false,
        })
    }

    /// What every text that matches starts with.
    pub fn prefix(&self) -> &[u8] {
        match &self.shape {
            Shape::Equal(literal) | Shape::Prefix(literal) => literal,
            Shape::Segments(segments) => match segments.first().and_then(|segment| segment.parts.first()) {
                Some((0, literal)) => literal,
                _ => &[],
            },
            _ => &[],
        }
    }
}

fn invalid_escape() -> ValueError {
    ValueError::new(code::INVALID_ESCAPE_SEQUENCE, "invalid escape string")
        .hint("Escape string must be empty or one character.")
}

/// The escape character of an `ESCAPE` clause.
pub(super) fn one_char(escape: &str) -> Result<Option<char>> {
    let mut chars = escape.chars();
    match (chars.next(), chars.next()) {
        (escape, None) => Ok(escape),
        _ => Err(invalid_escape()),
    }
}

/// The pattern's segments, and whether its last character isn't an escape.
fn split<C: PartialEq + Copy>(
    pattern: impl Iterator<Item = C>,
    escape: Option<C>,
    any: C,
    one: C,
    push: impl Fn(C, &mut Vec<u8>),
) -> (Vec<Segment>, bool) {
    let mut segments = Vec::new();
    let mut segment = Segment::default();
    let mut is_escaped = false;
    for c in pattern {
        if !is_escaped && Some(c) == escape {
            is_escaped = true;
        } else if !is_escaped && c == any {
            segments.push(std::mem::take(&mut segment));
        } else if !is_escaped && c == one {
            segment.skip += 1;
        } else {
            is_escaped = false;
            if segment.skip > 0 || segment.parts.is_empty() {
                segment.parts.push((std::mem::take(&mut segment.skip), Vec::new()));
            }
            if let Some((_, literal)) = segment.parts.last_mut() {
                push(c, literal);
            }
        }
    }
    segments.push(segment);
    (segments, !is_escaped)
}

impl Shape {
    fn of(mut segments: Vec<Segment>, is_finished: bool) -> Self {
        if !is_finished {
            return Self::Unfinished(segments);
        }
        // `%%` says no more than `%`.
        let last = segments.len() - 1;
        let mut place = 0;
        segments.retain(|segment| {
            let is_kept = place == 0 || place == last || !segment.is_empty();
            place += 1;
            is_kept
        });
        let literals: Option<Vec<&[u8]>> = segments.iter().map(Segment::literal).collect();
        match literals.as_deref() {
            Some([literal]) => Self::Equal(literal.to_vec()),
            Some([b"", b""]) => Self::Anything,
            Some([literal, b""]) => Self::Prefix(literal.to_vec()),
            Some([b"", literal]) => Self::Suffix(literal.to_vec()),
            Some([b"", literal, b""]) => Self::Contains(Box::new(memmem::Finder::new(literal).into_owned())),
            _ => Self::Segments(segments),
        }
    }
}

impl Segment {
    fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.skip == 0
    }

    /// The segment, if it is a literal.
    fn literal(&self) -> Option<&[u8]> {
        match self.parts.as_slice() {
            [] if self.skip == 0 => Some(&[]),
            [(0, literal)] if self.skip == 0 => Some(literal),
            _ => None,
        }
    }

    /// What follows the segment, if the text starts with it.
    fn strip<'t>(&self, text: &'t [u8], unit: Unit) -> Option<&'t [u8]> {
        let mut rest = text;
        for (skip, literal) in &self.parts {
            rest = skip_units(rest, *skip, unit)?.strip_prefix(literal.as_slice())?;
        }
        skip_units(rest, self.skip, unit)
    }

    /// What follows the first place where the segment stands.
    fn find<'t>(&self, text: &'t [u8], unit: Unit) -> Option<&'t [u8]> {
        let Some((skip, first)) = self.parts.first() else { return skip_units(text, self.skip, unit) };
        let mut rest = skip_units(text, *skip, unit)?;
        let finder = memmem::Finder::new(first);
        loop {
            rest = rest.get(finder.find(rest)?..)?;
            let mut after = rest.get(first.len()..);
            for (skip, literal) in self.parts.get(1..).unwrap_or(&[]) {
                after = after.and_then(|after| skip_units(after, *skip, unit)?.strip_prefix(literal.as_slice()));
            }
            if let Some(after) = after.and_then(|after| skip_units(after, self.skip, unit)) {
                return Some(after);
            }
            rest = skip_units(rest, 1, unit)?;
        }
    }

    /// Whether the text ends with the segment.
    fn ends(&self, text: &[u8], unit: Unit) -> bool {
        let mut rest = Some(text);
        let mut skip = self.skip;
        for (before, literal) in self.parts.iter().rev() {
            rest = rest.and_then(|rest| skip_back(rest, skip, unit)?.strip_suffix(literal.as_slice()));
            skip = *before;
        }
        rest.and_then(|rest| skip_back(rest, skip, unit)).is_some()
    }
}

fn skip_units(text: &[u8], count: usize, unit: Unit) -> Option<&[u8]> {
    if unit == Unit::Byte {
        return text.get(count..);
    }
    let mut rest = text;
    for _ in 0..count {
        let width = match rest.first()? {
            0..0x80 => 1,
            0x80..0xe0 => 2,
            0xe0..0xf0 => 3,
            _ => 4,
        };
        rest = rest.get(width..)?;
    }
    Some(rest)
}

fn skip_back(text: &[u8], count: usize, unit: Unit) -> Option<&[u8]> {
    if unit == Unit::Byte {
        return text.get(..text.len().checked_sub(count)?);
    }
    let mut rest = text;
    for _ in 0..count {
        let start = rest.iter().rposition(|byte| byte & 0xc0 != 0x80)?;
        rest = rest.get(..start)?;
    }
    Some(rest)
}

fn matches(segments: &[Segment], text: &[u8], unit: Unit) -> bool {
    let Some((first, others)) = segments.split_first() else { return text.is_empty() };
    let Some(mut rest) = first.strip(text, unit) else { return false };
    let Some((last, between)) = others.split_last() else { return rest.is_empty() };
    for segment in between {
        match segment.find(rest, unit) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    last.ends(rest, unit)
}

/// Whether PostgreSQL's search for the pattern comes to the escape character at its end with text left.
fn reaches_end(segments: &[Segment], text: &[u8], unit: Unit) -> bool {
    let Some((first, others)) = segments.split_first() else { return false };
    let Some(mut rest) = first.strip(text, unit) else { return false };
    for (place, segment) in others.iter().enumerate() {
        if rest.is_empty() {
            return false;
        }
        match segment.find(rest, unit) {
            Some(after) => rest = after,
            None => return false,
        }
        let is_last = place + 1 == others.len();
        if is_last && segment.parts.is_empty() {
            return true;
        }
    }
    !rest.is_empty()
}

/// `like_escape(pattern, escape)`: the pattern with a backslash as its escape character.
pub fn like_escape(pattern: &str, escape: &str) -> Result<String> {
    let escape = one_char(escape)?;
    crate::text::bounded(pattern.len().saturating_mul(2))?;
    let mut result = String::with_capacity(pattern.len());
    let mut is_escaped = false;
    for c in pattern.chars() {
        if escape == Some('\\') {
            result.push(c);
        } else if Some(c) == escape && !is_escaped {
            result.push('\\');
            is_escaped = true;
        } else {
            if c == '\\' && !is_escaped {
                result.push('\\');
            }
            result.push(c);
            is_escaped = false;
        }
    }
    Ok(result)
}

/// `like_escape` of bytea.
pub fn like_escape_bytes(pattern: &[u8], escape: &[u8]) -> Result<Vec<u8>> {
    let escape = match escape {
        [] => None,
        [escape] => Some(*escape),
        _ => return Err(invalid_escape()),
    };
    crate::text::bounded(pattern.len().saturating_mul(2))?;
    let mut result = Vec::with_capacity(pattern.len());
    let mut is_escaped = false;
    for byte in pattern {
        if escape == Some(b'\\') {
            result.push(*byte);
        } else if Some(*byte) == escape && !is_escaped {
            result.push(b'\\');
            is_escaped = true;
        } else {
            if *byte == b'\\' && !is_escaped {
                result.push(b'\\');
            }
            result.push(*byte);
            is_escaped = false;
        }
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(text: &str, pattern: &str) -> Result<bool> {
        Like::compile(pattern, None, false)?.is_match(text)
    }

    #[test]
    fn texts_match_as_in_postgresql() {
        for (text, pattern, result) in [
            ("abc", "abc", true),
            ("abc", "a%", true),
            ("abc", "%c", true),
            ("abc", "%b%", true),
            ("abc", "%", true),
            ("", "%", true),
            ("", "", true),
            ("a", "", false),
            ("abc", "_b_", true),
            ("äöü", "_ö_", true),
            ("äöü", "__", false),
            ("äöü", "%_", true),
            ("äöü", "____%", false),
            ("abcabc", "a%bc", true),
            ("abcab", "a%bc", false),
            ("aXbYc", "a_b%c", true),
            ("ab", "%a%b%", true),
            ("ba", "%a%b%", false),
            ("a%b", "a\\%b", true),
            ("axb", "a\\%b", false),
            ("a\\b", "a\\\\b", true),
            ("aab", "%ab", true),
            ("aaab", "%a_b", true),
            ("ab", "%a_b", false),
            ("xaybz", "%a_b_%", true),
            ("aaa", "%aa%aa%", false),
            ("aaaa", "%aa%aa%", true),
            ("ab", "b\\", false),
            ("a", "a\\", false),
            ("", "%\\", false),
            ("ab", "%b\\", false),
            ("ab", "a\\b%", true),
            ("aé", "%_é", true),
            ("é", "%_é", false),
        ] {
            assert_eq!(like(text, pattern), Ok(result), "{text} {pattern}");
        }
        for (text, pattern) in [("ab", "a\\"), ("ab", "%\\"), ("ab", "%a\\"), ("ab", "%_\\"), ("b", "\\")] {
            assert_eq!(like(text, pattern).unwrap_err().message, "LIKE pattern must not end with escape character");
        }
    }

    #[test]
    fn escapes_and_cases() {
        let like = |text: &str, pattern: &str, escape| Like::compile(pattern, Some(escape), true)?.is_match(text);
        assert_eq!(like("ÄBC", "ä%", ""), Ok(true));
        assert_eq!(like("a_", "AX_", "X"), Ok(true));
        assert_eq!(like("ab", "aX_", "X"), Ok(false));
        assert_eq!(like("ax", "aXX", "X"), Ok(true));
        assert_eq!(like("a\\b", "a\\b", ""), Ok(true));
        assert_eq!(like("a", "a", "ab").unwrap_err().message, "invalid escape string");
        for (pattern, escape, result) in
            [("aX%b\\%XX", "X", "a\\%b\\\\%\\X"), ("a\\b", "", "a\\\\b"), ("a\\%", "\\", "a\\%"), ("aX", "X", "a\\")]
        {
            assert_eq!(like_escape(pattern, escape).as_deref(), Ok(result));
            assert_eq!(like_escape_bytes(pattern.as_bytes(), escape.as_bytes()).as_deref(), Ok(result.as_bytes()));
        }
    }

    #[test]
    fn bytes_match_one_by_one() {
        let like =
            |pattern: &[u8]| Like::compile_bytes(pattern, None).and_then(|like| like.is_match_bytes(b"a\xff\x00"));
        assert_eq!(
            (like(b"a__"), like(b"%\xff%"), like(b"_\\\xff_"), like(b"__")),
            (Ok(true), Ok(true), Ok(true), Ok(false))
        );
    }
}
