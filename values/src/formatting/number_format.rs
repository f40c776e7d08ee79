//! Templates of numbers: compiled into patterns, and what they say of the whole number.

use super::date_format::quoted_text;
use crate::{Result, ValueError, code};

/// A compiled template of `to_char` and `to_number`.
#[derive(Debug, Clone, Default)]
pub struct NumberFormat {
    /// Nothing is written: an empty text in quotes is something.
    is_empty: bool,
    pub(super) nodes: Vec<Node>,
    /// Digits before the point, behind it, and behind V.
    pub(super) before: usize,
    pub(super) after: usize,
    pub(super) shifted: usize,
    pub(super) has_point: bool,
    pub(super) has_zero: bool,
    /// Digits before the first 0, and up to the last.
    pub(super) zero_start: usize,
    pub(super) zero_end: usize,
    /// FM: no padding.
    pub(super) fill: bool,
    /// S, and how many digits stand before it.
    pub(super) sign: Option<Sign>,
    sign_position: usize,
    pub(super) has_minus: bool,
    pub(super) has_plus: bool,
    pub(super) bracketed: bool,
    pub(super) roman: bool,
    pub(super) shifts: bool,
    pub(super) scientific: bool,
    /// B ahead of all digits.
    blank: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Before,
    Behind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    Letter(char),
    Nine,
    Zero,
    Point,
    Comma,
    Group,
    Currency,
    Minus,
    Plus,
    PlusMinus,
    Roman {
        lower: bool,
    },
    Ordinal {
        lower: bool,
    },
    /// FM, B, C, S, PR, V, EEEE, SP: nothing is printed in their place.
    Nothing,
}

/// The keyword at the start of a template and its length.
fn keyword(rest: &str) -> Option<(&'static str, bool)> {
    const KEYWORDS: [&str; 20] =
        [",", ".", "0", "9", "B", "C", "D", "EEEE", "FM", "G", "L", "MI", "PL", "PR", "RN", "SG", "SP", "S", "TH", "V"];
    for keyword in KEYWORDS {
        let Some(written) = rest.as_bytes().get(..keyword.len()) else { continue };
        if written == keyword.as_bytes() {
            return Some((keyword, false));
        }
        // Small letters do as well, but not both.
        if keyword.bytes().zip(written).all(|(letter, written)| letter.to_ascii_lowercase() == *written) {
            return Some((keyword, true));
        }
    }
    None
}

impl NumberFormat {
    /// 42601: patterns that contradict each other. What isn't a pattern stands for itself.
    pub fn parse(format: &str) -> Result<Self> {
        let mut compiled = Self { is_empty: format.is_empty(), ..Self::default() };
        let mut rest = format;
        while !rest.is_empty() {
            if let Some((name, lower)) = keyword(rest) {
                let node = compiled.take(name, lower)?;
                compiled.nodes.push(node);
                rest = rest.get(name.len()..).unwrap_or_default();
            } else if let Some(quoted) = rest.strip_prefix('"') {
                rest = quoted_text(quoted, |letter| compiled.nodes.push(Node::Letter(letter)));
            } else {
                // Outside quotes a backslash only keeps a quote from starting a quoted text.
                let unescaped = rest.strip_prefix('\\').filter(|after| after.starts_with('"')).unwrap_or(rest);
                let mut chars = unescaped.chars();
                compiled.nodes.extend(chars.next().map(Node::Letter));
                rest = chars.as_str();
            }
        }
        Ok(compiled)
    }

    /// `to_number` of an empty template is NULL.
    pub fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// Where S is printed: one that follows all digits is behind the number, point or not.
    pub(super) fn printed_sign(&self) -> Option<Sign> {
        match self.sign {
            Some(Sign::Before) if self.before + self.shifted == self.sign_position => Some(Sign::Behind),
            sign => sign,
        }
    }

    fn take(&mut self, name: &str, lower: bool) -> Result<Node> {
        if self.scientific && name != "EEEE" {
            return Err(wrong("\"EEEE\" must be the last pattern used"));
        }
        Ok(match name {
            "9" | "0" => self.take_digit(name)?,
            "." | "D" => {
                if self.has_point {
                    return Err(wrong("multiple decimal points"));
                }
                if self.shifts {
                    return Err(wrong("cannot use \"V\" and decimal point together"));
                }
                self.has_point = true;
                Node::Point
            }
            "V" => {
                if self.has_point {
                    return Err(wrong("cannot use \"V\" and decimal point together"));
                }
                self.shifts = true;
                Node::Nothing
            }
            "S" | "MI" | "PL" | "SG" | "PR" => self.take_sign(name)?,
            "RN" => {
                self.roman = true;
                Node::Roman { lower }
            }
            "FM" => {
                self.fill = true;
                Node::Nothing
            }
            "EEEE" => {
                self.take_scientific()?;
                Node::Nothing
            }
            "," => Node::Comma,
            "G" => Node::Group,
            "L" => Node::Currency,
            "TH" => Node::Ordinal { lower },
            "B" => {
                self.blank |= self.before == 0 && self.after == 0 && !self.has_zero;
                Node::Nothing
            }
            _ => Node::Nothing,
        })
    }

    fn take_digit(&mut self, name: &str) -> Result<Node> {
        if self.bracketed {
            return Err(wrong(&format!("\"{name}\" must be ahead of \"PR\"")));
        }
        let zero = name == "0";
        if !zero && self.shifts {
            self.shifted += 1;
            return Ok(Node::Nine);
        }
        if zero && !self.has_zero && !self.has_point {
            self.has_zero = true;
            self.zero_start = self.before;
        }
        match self.has_point {
            true => self.after += 1,
            false => self.before += 1,
        }
        if zero {
            self.zero_end = self.before + self.after;
        }
        Ok(if zero { Node::Zero } else { Node::Nine })
    }

    fn take_sign(&mut self, name: &str) -> Result<Node> {
        if name == "PR" {
            if self.sign.is_some() || self.has_plus || self.has_minus {
                return Err(wrong("cannot use \"PR\" and \"S\"/\"PL\"/\"MI\"/\"SG\" together"));
            }
            self.bracketed = true;
            return Ok(Node::Nothing);
        }
        if self.sign.is_some() {
            return Err(match name {
                "S" => wrong("cannot use \"S\" twice"),
                _ => wrong(&format!("cannot use \"S\" and \"{name}\" together")),
            });
        }
        match name {
            "MI" => {
                self.has_minus = true;
                Ok(Node::Minus)
            }
            "PL" => {
                self.has_plus = true;
                Ok(Node::Plus)
            }
            "SG" => {
                (self.has_minus, self.has_plus) = (true, true);
                Ok(Node::PlusMinus)
            }
            _ if self.has_plus || self.has_minus || self.bracketed => {
                Err(wrong("cannot use \"S\" and \"PL\"/\"MI\"/\"SG\"/\"PR\" together"))
            }
            _ => {
                self.sign = Some(if self.has_point { Sign::Behind } else { Sign::Before });
                self.sign_position = if self.has_point { 0 } else { self.before };
                Ok(Node::Nothing)
            }
        }
    }

    fn take_scientific(&mut self) -> Result<()> {
        if self.scientific {
            return Err(wrong("cannot use \"EEEE\" twice"));
        }
        let signed = self.sign.is_some() || self.bracketed || self.has_minus || self.has_plus;
        if self.fill || signed || self.roman || self.shifts || self.blank {
            return Err(wrong("\"EEEE\" is incompatible with other formats")
                .detail("\"EEEE\" may only be used together with digit and decimal point patterns."));
        }
        self.scientific = true;
        Ok(())
    }
}

fn wrong(message: &str) -> ValueError {
    ValueError::new(code::SYNTAX_ERROR, message)
}
