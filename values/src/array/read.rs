//! How arrays are read.

use super::{Array, MAX_DIMENSIONS, count_items, is_space, too_many};
use crate::{Result, ValueError, code};

impl<T> Array<T> {
    /// `array_in`, each item read by `item` as soon as it is met: its error comes before those of what follows.
    pub fn parse_with(text: &str, delimiter: u8, mut item: impl FnMut(&str) -> Result<T>) -> Result<Self> {
        let mut items = Vec::new();
        let (lower_bounds, dimensions) = read_array(text, delimiter, |value| {
            items.push(value.map(&mut item).transpose()?);
            Ok(())
        })?;
        Ok(Self { lower_bounds, dimensions, items })
    }
}

impl Array {
    /// `array_in` of texts.
    pub fn parse(text: &str) -> Result<Self> {
        Self::parse_with(text, b',', |item| Ok(item.to_owned()))
    }
}

fn malformed(text: &str, detail: impl Into<String>) -> ValueError {
    let message = format!("malformed array literal: \"{text}\"");
    ValueError::new(code::INVALID_TEXT_REPRESENTATION, message).detail(detail)
}

/// Hands over the items of an array's text, NULL as None, and answers its lower bounds and the lengths of its
/// dimensions.
pub fn read_array(
    text: &str,
    delimiter: u8,
    item: impl FnMut(Option<&str>) -> Result<()>,
) -> Result<(Vec<i32>, Vec<i32>)> {
    let mut reader = Reader { text, at: 0, delimiter, unescaped: String::new() };
    let (lower_bounds, stated) = reader.bounds()?;
    if stated.is_empty() {
        if reader.peek() != Some(b'{') {
            return Err(malformed(text, "Array value must start with \"{\" or dimension information."));
        }
    } else {
        if reader.peek() != Some(b'=') {
            return Err(malformed(text, "Missing \"=\" after array dimensions."));
        }
        reader.at += 1;
        reader.skip_space();
        if reader.peek() != Some(b'{') {
            return Err(malformed(text, "Array contents must start with \"{\"."));
        }
    }
    let dimensions = reader.contents(stated, item)?;
    reader.skip_space();
    if reader.at < text.len() {
        return Err(malformed(text, "Junk after closing right brace."));
    }
    if dimensions.contains(&0) {
        return Ok((Vec::new(), Vec::new()));
    }
    let lower_bounds = if lower_bounds.is_empty() { vec![1; dimensions.len()] } else { lower_bounds };
    count_items(&lower_bounds, &dimensions)?;
    Ok((lower_bounds, dimensions))
}

enum Token {
    Open,
    Close,
    Delimiter,
    Null,
    /// The item stands in the text as it is.
    Plain(usize, usize),
    /// The item is in the reader's buffer.
    Unescaped,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    delimiter: u8,
    unescaped: String,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    fn error(&self, detail: impl Into<String>) -> ValueError {
        malformed(self.text, detail)
    }

    fn unexpected(&self, character: char) -> ValueError {
        self.error(format!("Unexpected \"{character}\" character."))
    }

    fn ended(&self) -> ValueError {
        self.error("Unexpected end of input.")
    }

    /// The bounds in front, as in `[2:4][0:1]=`: lower ones and lengths.
    fn bounds(&mut self) -> Result<(Vec<i32>, Vec<i32>)> {
        let (mut lower_bounds, mut lengths) = (Vec::new(), Vec::new());
        loop {
            self.skip_space();
            if self.peek() != Some(b'[') {
                return Ok((lower_bounds, lengths));
            }
            self.at += 1;
            if lengths.len() >= MAX_DIMENSIONS {
                return Err(too_deep());
            }
            let Some(first) = self.bound()? else {
                return Err(self.error("\"[\" must introduce explicitly-specified array dimensions."));
            };
            let (lower, upper) = if self.peek() == Some(b':') {
                self.at += 1;
                (first, self.bound()?.ok_or_else(|| self.error("Missing array dimension value."))?)
            } else {
                (1, first)
            };
            if self.peek() != Some(b']') {
                return Err(self.error("Missing \"]\" after array dimensions."));
            }
            self.at += 1;
            if upper < lower {
                let message = "upper bound cannot be less than lower bound";
                return Err(ValueError::new(code::ARRAY_SUBSCRIPT_ERROR, message));
            }
            if upper == i32::MAX {
                let message = format!("array upper bound is too large: {upper}");
                return Err(ValueError::new(code::PROGRAM_LIMIT_EXCEEDED, message));
            }
            let length = i64::from(upper) - i64::from(lower) + 1;
            lower_bounds.push(lower);
            lengths.push(i32::try_from(length).map_err(|_| too_many())?);
        }
    }

    /// An integer, if there is one.
    fn bound(&mut self) -> Result<Option<i32>> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let sign = usize::from(matches!(rest.first(), Some(b'-' | b'+')));
        let digits = rest.iter().skip(sign).take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return Ok(None);
        }
        let end = self.at + sign + digits;
        let number = self.text.get(self.at..end).unwrap_or_default();
        self.at = end;
        number
            .parse()
            .map(Some)
            .map_err(|_| ValueError::new(code::PROGRAM_LIMIT_EXCEEDED, "array bound is out of integer range"))
    }

    /// What stands between the outermost braces; answers the lengths of the dimensions.
    fn contents(&mut self, stated: Vec<i32>, mut item: impl FnMut(Option<&str>) -> Result<()>) -> Result<Vec<i32>> {
        let ragged = if stated.is_empty() {
            "Multidimensional arrays must have sub-arrays with matching dimensions."
        } else {
            "Specified array dimensions do not match array contents."
        };
        // How deep items lie is settled by the first one, or by what was stated.
        let mut settled = !stated.is_empty();
        let mut lengths: Vec<Option<i32>> = stated.into_iter().map(Some).collect();
        let mut counts = [0i32; MAX_DIMENSIONS];
        let mut level = 0;
        let mut after_item = false;
        loop {
            let token = self.token()?;
            match token {
                Token::Open => {
                    if after_item {
                        return Err(self.unexpected('{'));
                    }
                    *counts.get_mut(level).ok_or_else(too_deep)? = 0;
                    level += 1;
                    if level > lengths.len() {
                        if settled {
                            return Err(self.error(ragged));
                        }
                        lengths.push(None);
                    }
                    continue;
                }
                Token::Close => {
                    let count = counts[level - 1];
                    if count > 0 && !after_item {
                        return Err(self.unexpected('}'));
                    }
                    level -= 1;
                    match lengths.get_mut(level) {
                        Some(Some(length)) if *length != count => return Err(self.error(ragged)),
                        Some(length) => *length = Some(count),
                        None => {}
                    }
                    if level == 0 {
                        return Ok(lengths.into_iter().map(|length| length.unwrap_or(0)).collect());
                    }
                }
                Token::Delimiter => {
                    if !after_item {
                        return Err(self.unexpected(char::from(self.delimiter)));
                    }
                    after_item = false;
                    continue;
                }
                Token::Null | Token::Plain(..) | Token::Unescaped => {
                    if after_item {
                        return Err(self.error("Unexpected array element."));
                    }
                    match token {
                        Token::Plain(start, end) => item(Some(self.text.get(start..end).unwrap_or_default()))?,
                        Token::Unescaped => item(Some(&self.unescaped))?,
                        _ => item(None)?,
                    }
                    settled = true;
                    if level != lengths.len() {
                        return Err(self.error(ragged));
                    }
                }
            }
            counts[level - 1] = counts[level - 1].checked_add(1).ok_or_else(too_many)?;
            after_item = true;
        }
    }

    fn token(&mut self) -> Result<Token> {
        self.skip_space();
        let Some(byte) = self.peek() else { return Err(self.ended()) };
        let token = match byte {
            b'{' => Token::Open,
            b'}' => Token::Close,
            b'"' => return self.quoted(),
            _ if byte == self.delimiter => Token::Delimiter,
            _ => return self.unquoted(),
        };
        self.at += 1;
        Ok(token)
    }

    fn quoted(&mut self) -> Result<Token> {
        self.at += 1;
        let start = self.at;
        let mut run = start;
        let mut escaped = false;
        self.unescaped.clear();
        loop {
            match self.peek() {
                None => return Err(self.ended()),
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    run = self.unescape(run)?;
                }
                Some(_) => self.at += 1,
            }
        }
        let end = self.at;
        self.at += 1;
        self.skip_space();
        match self.peek() {
            None => return Err(self.ended()),
            Some(byte) if byte == self.delimiter || matches!(byte, b'{' | b'}') => {}
            Some(_) => return Err(self.error("Incorrectly quoted array element.")),
        }
        if !escaped {
            return Ok(Token::Plain(start, end));
        }
        self.unescaped.push_str(self.text.get(run..end).unwrap_or_default());
        Ok(Token::Unescaped)
    }

    fn unquoted(&mut self) -> Result<Token> {
        let start = self.at;
        let mut run = start;
        // Space at the end isn't part of the item, unless it is escaped.
        let mut end = start;
        let mut escaped = false;
        self.unescaped.clear();
        loop {
            match self.peek() {
                None => return Err(self.ended()),
                Some(b'{') => return Err(self.unexpected('{')),
                Some(b'"') => return Err(self.error("Incorrectly quoted array element.")),
                Some(b'\\') => {
                    escaped = true;
                    run = self.unescape(run)?;
                    end = self.at;
                }
                Some(byte) if byte == b'}' || byte == self.delimiter => break,
                Some(byte) => {
                    self.at += 1;
                    if !is_space(byte) {
                        end = self.at;
                    }
                }
            }
        }
        if escaped {
            self.unescaped.push_str(self.text.get(run..end).unwrap_or_default());
            return Ok(Token::Unescaped);
        }
        let null = self.text.get(start..end).is_some_and(|item| item.eq_ignore_ascii_case("null"));
        Ok(if null { Token::Null } else { Token::Plain(start, end) })
    }

    /// Takes the run of characters before a backslash and steps over the escaped one, where the next run begins.
    fn unescape(&mut self, run: usize) -> Result<usize> {
        self.unescaped.push_str(self.text.get(run..self.at).unwrap_or_default());
        let next = self.at + 1;
        let Some(character) = self.text.get(next..).and_then(|rest| rest.chars().next()) else {
            return Err(self.ended());
        };
        self.at = next + character.len_utf8();
        Ok(next)
    }
}

fn too_deep() -> ValueError {
    let message = format!("number of array dimensions exceeds the maximum allowed ({MAX_DIMENSIONS})");
    ValueError::new(code::PROGRAM_LIMIT_EXCEEDED, message)
}
