//! `to_number`.

use super::char_len;
use super::number_format::{Node, NumberFormat, Sign};
use crate::{Result, ValueError, code};

/// Digits that a numeric may have before its point.
const MAX_DIGITS: usize = 131_072;

/// The numeric that a text is by a template, as PostgreSQL prints it. `None`: NULL.
pub fn to_number(text: &str, format: &NumberFormat) -> Result<Option<String>> {
    if format.is_empty() {
        return Ok(None);
    }
    if format.scientific {
        return Err(not_supported("EEEE"));
    }
    if format.roman {
        return Err(not_supported("RN"));
    }
    let mut reader = Reader {
        text: text.as_bytes(),
        at: 0,
        format,
        sign: None,
        before: 0,
        after: 0,
        read: Vec::with_capacity(text.len().min(format.nodes.len())),
        has_point: false,
    };
    reader.read_all();
    reader.number().map(Some)
}

fn not_supported(pattern: &str) -> ValueError {
    ValueError::new(code::FEATURE_NOT_SUPPORTED, format!("\"{pattern}\" not supported for input"))
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    format: &'a NumberFormat,
    sign: Option<u8>,
    /// Digits read before the point and behind it.
    before: usize,
    after: usize,
    /// The digits and the point.
    read: Vec<u8>,
    has_point: bool,
}

impl Reader<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn read_all(&mut self) {
        for node in &self.format.nodes {
            let Some(byte) = self.byte() else { break };
            match node {
                Node::Nine | Node::Zero | Node::Point => {
                    self.read_place(*node != Node::Point);
                    self.at += 1;
                }
                Node::Comma | Node::Group if byte == b',' && !self.format.fill => self.at += 1,
                Node::Minus => self.read_sign(byte, b"-"),
                Node::Plus => self.read_sign(byte, b"+"),
                Node::PlusMinus => self.read_sign(byte, b"+-"),
                Node::Currency => self.skip_text(1),
                Node::Ordinal { .. } if !self.format.has_point => self.skip_text(2),
                Node::Letter(_) => self.skip_char(byte),
                _ => {}
            }
        }
    }

    fn skip_char(&mut self, lead: u8) {
        self.at = (self.at + char_len(lead)).min(self.text.len());
    }

    /// Skips characters that can't be part of a number.
    fn skip_text(&mut self, chars: usize) {
        for _ in 0..chars {
            match self.byte() {
                Some(b'0'..=b'9' | b'.' | b',' | b'+' | b'-') | None => return,
                Some(byte) => self.skip_char(byte),
            }
        }
    }

    fn read_sign(&mut self, byte: u8, signs: &[u8]) {
        if signs.contains(&byte) {
            self.sign = Some(byte);
            self.at += 1;
        } else {
            self.skip_text(1);
        }
    }

    /// Reads what stands in a place of the template: a digit or the point, and the sign before or behind it. The last
    /// character of it is left to the caller.
    fn read_place(&mut self, digit: bool) {
        if self.byte() == Some(b' ') {
            self.at += 1;
        }
        if self.sign.is_none() && digit && self.before + self.after == 0 {
            self.read_leading_sign();
        }
        let mut found = false;
        match self.byte() {
            None => return,
            Some(byte @ b'0'..=b'9') => {
                match self.has_point {
                    true if self.after == self.format.after => return,
                    true => self.after += 1,
                    false => self.before += 1,
                }
                self.read.push(byte);
                found = true;
            }
            Some(b'.') if self.format.has_point && !self.has_point => {
                self.read.push(b'.');
                self.has_point = true;
                found = true;
            }
            _ => {}
        }
        if self.sign.is_none() && self.before + self.after > 0 {
            self.read_trailing_sign(found);
        }
    }

    fn read_leading_sign(&mut self) {
        let by_locale = self.format.sign == Some(Sign::Before);
        self.sign = match self.byte() {
            Some(b'-') => Some(b'-'),
            Some(b'<') if self.format.bracketed && !by_locale => Some(b'-'),
            Some(b'+') => Some(b'+'),
            _ => return,
        };
        self.at += 1;
    }

    fn read_trailing_sign(&mut self, found: bool) {
        let is_sign = |byte: Option<u8>| byte.filter(|byte| matches!(byte, b'-' | b'+'));
        if self.format.sign.is_some() {
            // S is right behind the number.
            if found {
                self.sign = is_sign(self.text.get(self.at + 1).copied());
                self.at += usize::from(self.sign.is_some());
            }
        } else if !found && (self.format.has_plus || self.format.has_minus) {
            self.sign = is_sign(self.byte());
        }
    }

    fn number(&self) -> Result<String> {
        let sign = self.sign.map_or(' ', char::from);
        let read = self.read.strip_suffix(b".").unwrap_or(&self.read);
        let digits = String::from_utf8_lossy(read);
        if self.before + self.after == 0 {
            return Err(ValueError::invalid_text("numeric", &format!("{sign}{digits}")));
        }
        let (integer, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
        let integer = integer.trim_start_matches('0');
        self.check_precision(integer, fraction)?;
        Ok(unshifted(sign == '-', integer, fraction, self.format))
    }

    /// The template's places are the precision of the result.
    fn check_precision(&self, integer: &str, fraction: &str) -> Result<()> {
        if integer.len() > MAX_DIGITS {
            return Err(ValueError::new(code::NUMERIC_OUT_OF_RANGE, "value overflows numeric format"));
        }
        let room = self.format.before + self.format.shifted;
        if integer.len() <= room {
            return Ok(());
        }
        let scale = fraction.len();
        let detail = format!(
            "A field with precision {}, scale {scale} must round to an absolute value less than {}.",
            room + scale,
            if room == 0 { "1".to_owned() } else { format!("10^{room}") },
        );
        Err(ValueError::new(code::NUMERIC_OUT_OF_RANGE, "numeric field overflow").detail(detail))
    }
}

/// The number with its point as many digits to the left as the template has behind V.
fn unshifted(negative: bool, integer: &str, fraction: &str, format: &NumberFormat) -> String {
    let mut digits = format!("{integer}{fraction}");
    let mut scale = fraction.len();
    if format.shifts {
        // PostgreSQL multiplies with a power of ten that it computes to 16 significant digits, and 1000 at most.
        let power_scale = (16 + format.shifted).min(1000);
        if format.shifted > power_scale {
            digits.clear();
        }
        scale += power_scale;
        digits.extend(std::iter::repeat_n('0', power_scale.saturating_sub(format.shifted)));
    }
    let missing = (scale + 1).saturating_sub(digits.len());
    let (integer, fraction) =
        digits.split_at((digits.len() + missing).saturating_sub(scale + missing).min(digits.len()));
    let sign = if negative && digits.bytes().any(|digit| digit != b'0') { "-" } else { "" };
    let integer = if integer.is_empty() { "0" } else { integer };
    match scale {
        0 => format!("{sign}{integer}"),
        _ => format!("{sign}{integer}.{fraction:0>scale$}"),
    }
}
