//! Prints jsonb, compact and pretty.

use std::fmt;

use super::lex::special;
use super::tree::{Json, jsonb_parse};
use super::{MAX_SIZE, check_size};
use crate::{Result, ValueError};

/// Appends `text` as a JSON string, in its quotes.
pub fn write_escaped(out: &mut String, text: &str) {
    out.push('"');
    let bytes = text.as_bytes();
    let mut from = 0;
    loop {
        let at = special(bytes, from);
        out.push_str(text.get(from..at).unwrap_or_default());
        let Some(&byte) = bytes.get(at) else { break };
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x8 => out.push_str("\\b"),
            0xC => out.push_str("\\f"),
            control => {
                out.push_str(if control < 0x10 { "\\u000" } else { "\\u001" });
                out.push(char::from_digit(u32::from(control & 0xF), 16).unwrap_or('0'));
            }
        }
        from = at + 1;
    }
    out.push('"');
}

/// `text` as a JSON string.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write_escaped(&mut out, text);
    out
}

impl Json<'_> {
    /// Appends the canonical text.
    pub fn write(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(true) => out.push_str("true"),
            Json::Bool(false) => out.push_str("false"),
            Json::Number(text) => out.push_str(text),
            Json::String(text) => write_escaped(out, text),
            Json::Array(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push_str(", ");
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Json::Object(pairs) => {
                out.push('{');
                for (i, (key, value)) in pairs.iter().enumerate() {
                    if i > 0 {
                        out.push_str(", ");
                    }
                    write_escaped(out, key);
                    out.push_str(": ");
                    value.write(out);
                }
                out.push('}');
            }
        }
    }

    /// The canonical text, when it isn't too long.
    pub fn to_text(&self) -> Result<String> {
        let mut out = String::new();
        self.write(&mut out);
        check_size(out.len())?;
        Ok(out)
    }

    fn write_pretty(&self, out: &mut String, depth: usize) -> Result<()> {
        let line = |out: &mut String, depth: usize| {
            // Indentation may be far more than the value.
            if out.len() + depth * 4 > MAX_SIZE {
                return Err(ValueError::too_long());
            }
            out.push('\n');
            (0..depth).for_each(|_| out.push_str("    "));
            Ok(())
        };
        match self {
            Json::Array(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    line(out, depth + 1)?;
                    item.write_pretty(out, depth + 1)?;
                }
                line(out, depth)?;
                out.push(']');
            }
            Json::Object(pairs) => {
                out.push('{');
                for (i, (key, value)) in pairs.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    line(out, depth + 1)?;
                    write_escaped(out, key);
                    out.push_str(": ");
                    value.write_pretty(out, depth + 1)?;
                }
                line(out, depth)?;
                out.push('}');
            }
            scalar => scalar.write(out),
        }
        Ok(())
    }
}

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.write(&mut out);
        f.write_str(&out)
    }
}

pub fn jsonb_pretty(text: &str) -> Result<String> {
    let tree = jsonb_parse(text)?;
    let mut out = String::with_capacity(text.len() * 2);
    tree.write_pretty(&mut out, 0)?;
    check_size(out.len())?;
    Ok(out)
}
