//! How ranges and multiranges are read and printed.

use std::borrow::Cow;

use super::combine::merge_spans;
use super::{Bound, Multirange, Range, Span, Subtype, make};
use crate::{Result, ValueError, code};

fn malformed(what: &str, text: &str, detail: &str) -> ValueError {
    let message = format!("malformed {what} literal: \"{text}\"");
    ValueError::new(code::INVALID_TEXT_REPRESENTATION, message).detail(detail)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

fn skip_space(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c'])
}

/// What follows the word that stands for nothing, if it is there.
fn after_empty(text: &str) -> Option<&str> {
    let word = text.get(..5)?;
    word.eq_ignore_ascii_case("empty").then(|| text.get(5..).unwrap_or_default())
}

/// `range_in`.
pub fn parse_range<S: Subtype>(subtype: &S, text: &str) -> Result<Range<S::Value>> {
    let error = |detail| malformed("range", text, detail);
    let trimmed = skip_space(text);
    if let Some(rest) = after_empty(trimmed) {
        return if skip_space(rest).is_empty() { Ok(None) } else { Err(error("Junk after \"empty\" key word.")) };
    }
    let lower_inclusive = trimmed.starts_with('[');
    let Some(rest) = trimmed.strip_prefix(['[', '(']) else {
        return Err(error("Missing left parenthesis or bracket."));
    };
    let ended = || error("Unexpected end of input.");
    let (lower, rest) = read_bound(rest).ok_or_else(ended)?;
    let Some(rest) = rest.strip_prefix(',') else {
        return Err(error("Missing comma after lower bound."));
    };
    let (upper, rest) = read_bound(rest).ok_or_else(ended)?;
    let upper_inclusive = rest.starts_with(']');
    let Some(rest) = rest.strip_prefix([']', ')']) else {
        return Err(error("Too many commas."));
    };
    if !skip_space(rest).is_empty() {
        return Err(error("Junk after right parenthesis or bracket."));
    }
    let lower = lower.map(|lower| subtype.read(&lower)).transpose()?;
    let upper = upper.map(|upper| subtype.read(&upper)).transpose()?;
    make(subtype, Bound::new(lower, lower_inclusive), Bound::new(upper, upper_inclusive))
}

/// The bound at a text's beginning, if there is one, taken out of its quotes and escapes, and what follows it. None if
/// the text ends before.
fn read_bound(text: &str) -> Option<(Option<Cow<'_, str>>, &str)> {
    let plain = text.find([',', ']', ')', '"', '\\'])?;
    let (bound, rest) = text.split_at_checked(plain)?;
    if !rest.starts_with(['"', '\\']) {
        return Some(((!bound.is_empty()).then_some(Cow::Borrowed(bound)), rest));
    }
    let mut bound = String::from(bound);
    let mut characters = rest.char_indices().peekable();
    let mut quoted = false;
    loop {
        let (at, character) = characters.next()?;
        match character {
            ',' | ']' | ')' if !quoted => return Some((Some(Cow::Owned(bound)), rest.get(at..)?)),
            '\\' => bound.push(characters.next()?.1),
            '"' if quoted && characters.next_if(|&(_, next)| next == '"').is_some() => bound.push('"'),
            '"' => quoted = !quoted,
            other => bound.push(other),
        }
    }
}

/// `multirange_in`.
pub fn parse_multirange<S: Subtype>(subtype: &S, text: &str) -> Result<Multirange<S::Value>> {
    enum State {
        BeforeRange,
        InRange,
        Escaped,
        Quoted,
        QuotedEscaped,
        AfterRange,
    }
    let error = |detail| malformed("multirange", text, detail);
    let bytes = text.as_bytes();
    let mut at = text.len() - skip_space(text).len();
    if bytes.get(at) != Some(&b'{') {
        return Err(error("Missing left brace."));
    }
    let mut spans = Vec::new();
    let mut state = State::BeforeRange;
    let mut start = at;
    let mut first = true;
    loop {
        at += 1;
        let Some(&byte) = bytes.get(at) else { return Err(error("Unexpected end of input.")) };
        // Space doesn't count, not even as the one that a backslash escapes.
        if is_space(byte) {
            continue;
        }
        state = match state {
            State::BeforeRange if matches!(byte, b'[' | b'(') => {
                start = at;
                State::InRange
            }
            State::BeforeRange if byte == b'}' && first => break,
            State::BeforeRange if text.get(at..).and_then(after_empty).is_some() => {
                at += 4;
                first = false;
                State::AfterRange
            }
            State::BeforeRange => return Err(error("Expected range start.")),
            State::InRange => match byte {
                b']' | b')' => {
                    spans.extend(parse_range(subtype, text.get(start..=at).unwrap_or_default())?);
                    first = false;
                    State::AfterRange
                }
                b'"' => State::Quoted,
                b'\\' => State::Escaped,
                _ => State::InRange,
            },
            State::Escaped => State::InRange,
            State::Quoted => match byte {
                b'"' if bytes.get(at + 1) == Some(&b'"') => {
                    at += 1;
                    State::Quoted
                }
                b'"' => State::InRange,
                b'\\' => State::QuotedEscaped,
                _ => State::Quoted,
            },
            State::QuotedEscaped => State::Quoted,
            State::AfterRange if byte == b',' => State::BeforeRange,
            State::AfterRange if byte == b'}' => break,
            State::AfterRange => return Err(error("Expected comma or end of multirange.")),
        };
    }
    if !text.get(at + 1..).is_some_and(|rest| skip_space(rest).is_empty()) {
        return Err(error("Junk after closing right brace."));
    }
    merge_spans(subtype, &mut spans);
    Ok(spans)
}

/// `range_out`.
pub fn print_range<S: Subtype>(subtype: &S, range: Option<&Span<S::Value>>, out: &mut String) {
    let Some(span) = range else {
        out.push_str("empty");
        return;
    };
    out.push(if span.lower.inclusive { '[' } else { '(' });
    print_bound(subtype, &span.lower, out);
    out.push(',');
    print_bound(subtype, &span.upper, out);
    out.push(if span.upper.inclusive { ']' } else { ')' });
}

fn print_bound<S: Subtype>(subtype: &S, bound: &Bound<S::Value>, out: &mut String) {
    let Some(value) = &bound.value else { return };
    let start = out.len();
    subtype.print(value, out);
    let text = out.get(start..).unwrap_or_default();
    let special = |byte: u8| matches!(byte, b'"' | b'\\' | b'(' | b')' | b'[' | b']' | b',') || is_space(byte);
    if !text.is_empty() && !text.bytes().any(special) {
        return;
    }
    let text = text.to_owned();
    out.truncate(start);
    out.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            out.push(character);
        }
        out.push(character);
    }
    out.push('"');
}

/// `multirange_out`.
pub fn print_multirange<S: Subtype>(subtype: &S, spans: &[Span<S::Value>], out: &mut String) {
    out.push('{');
    for (at, span) in spans.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        print_range(subtype, Some(span), out);
    }
    out.push('}');
}
