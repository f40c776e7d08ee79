//! `format()`: a text with places for arguments.

use super::{bounded, quote_ident, quote_literal};
use crate::numeric::integer::parse_i32;
use crate::{Result, ValueError, code};

/// `format(text, ...)` over arguments that are texts already: `%s`, `%I`, `%L`, with `n$`, `-` and widths.
pub fn format(pattern: &str, arguments: &[Option<&str>]) -> Result<String> {
    let mut result = String::with_capacity(pattern.len());
    let mut last = 0;
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('%') {
        result.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            result.push('%');
            rest = after;
            continue;
        }
        let spec = Spec::read(after)?;
        rest = spec.rest;
        let width = match spec.width {
            Width::Fixed(width) => width,
            Width::Argument(place) => {
                last = place.unwrap_or(last + 1);
                width_of(argument(arguments, last)?)?
            }
        };
        last = spec.place.unwrap_or(last + 1);
        let value = argument(arguments, last)?;
        match (spec.kind, value) {
            ('s', value) => append(&mut result, value.unwrap_or(""), width, spec.is_left)?,
            ('I', Some(value)) => append(&mut result, &quote_ident(value), width, spec.is_left)?,
            ('I', None) => {
                let message = "null values cannot be formatted as an SQL identifier";
                return Err(ValueError::new(code::NULL_NOT_ALLOWED, message));
            }
            (_, Some(value)) => append(&mut result, &quote_literal(value), width, spec.is_left)?,
            (_, None) => append(&mut result, "NULL", width, spec.is_left)?,
        }
    }
    result.push_str(rest);
    bounded(result.len())?;
    Ok(result)
}

fn argument<'a>(arguments: &[Option<&'a str>], place: usize) -> Result<Option<&'a str>> {
    let found = place.checked_sub(1).and_then(|at| arguments.get(at)).copied();
    found.ok_or_else(|| ValueError::invalid_parameter("too few arguments for format()"))
}

fn width_of(text: Option<&str>) -> Result<i32> {
    let Some(text) = text else { return Ok(0) };
    parse_i32(text)
}

fn append(result: &mut String, text: &str, width: i32, is_left: bool) -> Result<()> {
    let too_large = || ValueError::new(code::NUMERIC_OUT_OF_RANGE, "number is out of range");
    let is_left = is_left || width < 0;
    let width = width.checked_abs().ok_or_else(too_large)?;
    let missing = match width {
        0 => 0,
        width => (width as usize).saturating_sub(text.chars().count()),
    };
    bounded(result.len().saturating_add(missing).saturating_add(text.len()))?;
    if !is_left {
        result.extend(std::iter::repeat_n(' ', missing));
    }
    result.push_str(text);
    if is_left {
        result.extend(std::iter::repeat_n(' ', missing));
    }
    Ok(())
}

/// What stands between a `%` and its conversion.
struct Spec<'p> {
    place: Option<usize>,
    is_left: bool,
    width: Width,
    kind: char,
    rest: &'p str,
}

enum Width {
    Fixed(i32),
    /// An argument's value: of a place, or of the next.
    Argument(Option<usize>),
}

const HINT: &str = "For a single \"%\" use \"%%\".";

fn unterminated() -> ValueError {
    ValueError::invalid_parameter("unterminated format() type specifier").hint(HINT)
}

impl<'p> Spec<'p> {
    fn read(text: &'p str) -> Result<Self> {
        let mut spec = Self { place: None, is_left: false, width: Width::Fixed(0), kind: 's', rest: text };
        if let Some(number) = spec.number()? {
            if spec.eat('$') {
                spec.place = Some(place_of(number)?);
            } else {
                spec.width = Width::Fixed(number);
                return spec.conversion();
            }
        }
        while spec.eat('-') {
            spec.is_left = true;
        }
        if spec.eat('*') {
            let place = spec.number()?;
            if place.is_some() && !spec.eat('$') {
                return Err(match spec.rest.is_empty() {
                    true => unterminated(),
                    false => ValueError::invalid_parameter("width argument position must be ended by \"$\""),
                });
            }
            spec.width = Width::Argument(place.map(place_of).transpose()?);
        } else if let Some(number) = spec.number()? {
            spec.width = Width::Fixed(number);
        }
        spec.conversion()
    }

    fn conversion(mut self) -> Result<Self> {
        let mut rest = self.rest.chars();
        self.kind = rest.next().ok_or_else(unterminated)?;
        self.rest = rest.as_str();
        if matches!(self.kind, 's' | 'I' | 'L') {
            return Ok(self);
        }
        let message = format!("unrecognized format() type specifier \"{}\"", self.kind);
        Err(ValueError::invalid_parameter(message).hint(HINT))
    }

    fn eat(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn number(&mut self) -> Result<Option<i32>> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        if digits.is_empty() {
            return Ok(None);
        }
        let too_large = |_| ValueError::new(code::NUMERIC_OUT_OF_RANGE, "number is out of range");
        digits.parse().map(Some).map_err(too_large)
    }
}

fn place_of(number: i32) -> Result<usize> {
    match usize::try_from(number) {
        Ok(place) if place > 0 => Ok(place),
        _ => {
            let message = "format specifies argument 0, but arguments are numbered from 1";
            Err(ValueError::invalid_parameter(message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_filled_in() {
        for (pattern, arguments, result) in [
            ("Hello %s, %1$s", vec![Some("World")], "Hello World, World"),
            ("|%10s|%-5s|", vec![Some("foo"), Some("a")], "|       foo|a    |"),
            ("|%*s|", vec![Some("-5"), Some("x")], "|x    |"),
            ("|%1$*2$s|", vec![Some("a"), Some("5")], "|    a|"),
            ("%I %L %L %%", vec![Some("A b"), Some("it's"), None], "\"A b\" 'it''s' NULL %"),
            ("%--5s|%-s", vec![Some("a"), None], "a    |"),
            ("%*s", vec![None, Some("a")], "a"),
        ] {
            assert_eq!(format(pattern, &arguments).as_deref(), Ok(result));
        }
    }

    #[test]
    fn faults_are_told() {
        let few = "too few arguments for format()";
        let zero = "format specifies argument 0, but arguments are numbered from 1";
        let unterminated = "unterminated format() type specifier";
        for (pattern, message) in [
            ("%s%s", few),
            ("%2$s", few),
            ("%0$s", zero),
            ("%*0$s", zero),
            ("%", unterminated),
            ("%1$", unterminated),
            ("%*1", unterminated),
            ("%*1s", "width argument position must be ended by \"$\""),
            ("%é", "unrecognized format() type specifier \"é\""),
            ("%-5$s", "unrecognized format() type specifier \"$\""),
            ("%99999999999s", "number is out of range"),
            ("%*s", "invalid input syntax for type integer: \"x\""),
            ("%2147483647s", "requested length too large"),
        ] {
            assert_eq!(format(pattern, &[Some("x")]).unwrap_err().message, message, "{pattern}");
        }
        assert_eq!(format("%I", &[None]).unwrap_err().code, "22004");
    }
}
