//! Reads a text by a template into the values of its fields, with PostgreSQL's leniency about what separates them.

use super::date_format::{Convention, DateFormat, Field, Node, Pattern, is_separator};
use super::date_output::{DAYS, DAYS_SHORT, MONTHS, MONTHS_SHORT, ROMAN_MONTHS};
use super::{char_len, is_space};
use crate::{Result, ValueError, code};

/// What was read, as it was written; 0 where nothing was.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub convention: Option<Convention>,
    pub hour: i32,
    pub is_12_hour: bool,
    pub afternoon: i32,
    pub minute: i32,
    pub second: i32,
    pub second_of_day: i32,
    pub millis: i32,
    pub micros: i32,
    /// Digits of the second's fraction by FF1 to FF6.
    pub precision: u8,
    /// Sunday is 1.
    pub day_of_week: i32,
    pub day: i32,
    pub day_of_year: i32,
    pub month: i32,
    pub year: i32,
    /// How many digits of the year its pattern has.
    pub year_digits: u8,
    pub before_christ: i32,
    pub week: i32,
    pub week_of_month: i32,
    pub century: i32,
    pub julian: i32,
    /// -1 or 1 if an offset was given.
    pub zone_sign: i32,
    pub zone_hour: i32,
    pub zone_minute: i32,
    pub abbreviation: Option<String>,
}

/// Longest abbreviation of a zone.
const MAX_ABBREVIATION: usize = 10;

pub(super) fn scan(text: &str, format: &DateFormat, is_abbreviation: &dyn Fn(&str) -> bool) -> Result<Fields> {
    let is_strict = format.is_strict;
    let fields = Fields::default();
    let mut scanner = Scanner { text, at: 0, fixed: is_strict, is_strict, extra: 0, fields, is_abbreviation };
    for (index, node) in format.nodes.iter().enumerate() {
        if scanner.rest().is_empty() {
            if is_strict {
                return Err(unmatched("input string is too short for datetime format"));
            }
            break;
        }
        scanner.read_node(node, index == 0, format.nodes.get(index + 1))?;
    }
    scanner.skip_spaces();
    if is_strict && !scanner.rest().is_empty() {
        return Err(unmatched("trailing characters remain in input string after datetime format"));
    }
    Ok(scanner.fields)
}

struct Scanner<'a> {
    text: &'a str,
    /// Where reading goes on.
    at: usize,
    /// FX was seen: what separates fields must have the template's length.
    fixed: bool,
    /// What separates fields must be the template's.
    is_strict: bool,
    /// Characters skipped that the template doesn't have, less those of the template that the text doesn't have.
    extra: i64,
    fields: Fields,
    is_abbreviation: &'a dyn Fn(&str) -> bool,
}

/// How many characters a number may have.
#[derive(Clone, Copy)]
enum Width {
    Any,
    Exact,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    fn next_char(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn skip_char(&mut self) {
        let len = self.byte().map_or(0, char_len);
        self.at = (self.at + len).min(self.text.len());
    }

    fn skip_spaces(&mut self) -> i64 {
        let spaces = self.rest().iter().take_while(|byte| is_space(**byte)).count();
        self.at += spaces;
        spaces as i64
    }

    fn read_node(&mut self, node: &Node, first: bool, next: Option<&Node>) -> Result<()> {
        let skips = match node {
            Node::Field(field) => field.pattern() != Pattern::Fixed,
            _ => first,
        };
        if !self.fixed && skips {
            self.extra += self.skip_spaces();
        }
        match node {
            Node::Field(field) => {
                self.set_convention(field)?;
                self.read_field(field, next)?;
                if !self.fixed {
                    self.extra = self.skip_spaces();
                }
            }
            Node::Space(letter) | Node::Separator(letter) if self.is_strict => {
                if self.next_char() != Some(*letter) {
                    return Err(unmatched(&format!("unmatched format separator \"{letter}\"")));
                }
                self.skip_char();
            }
            Node::Letter(letter) if self.is_strict && self.next_char() != Some(*letter) => {
                return Err(unmatched(&format!("unmatched format character \"{letter}\"")));
            }
            Node::Space(_) | Node::Separator(_) if !self.fixed => {
                // It stands for one space or separator, or for none.
                match self.byte() {
                    Some(byte) if is_space(byte) || is_separator(byte.into()) => self.at += 1,
                    _ => self.extra -= 1,
                }
            }
            // It was read already, in place of something the template doesn't have.
            Node::Letter(_) if !self.fixed && self.extra > 0 => self.extra -= 1,
            _ => self.skip_char(),
        }
        Ok(())
    }

    fn set_convention(&mut self, field: &Field) -> Result<()> {
        let Some(convention) = field.convention() else { return Ok(()) };
        match self.fields.convention {
            Some(other) if other != convention => {
                let message = "invalid combination of date conventions";
                Err(ValueError::new(code::INVALID_DATETIME_FORMAT, message)
                    .hint("Do not mix Gregorian and ISO week date conventions in a formatting template."))
            }
            _ => {
                self.fields.convention = Some(convention);
                Ok(())
            }
        }
    }

    fn read_field(&mut self, field: &Field, next: Option<&Node>) -> Result<()> {
        use Pattern::*;
        let width = match next {
            _ if field.fill || field.ordinal.is_some() => Width::Any,
            Some(Node::Field(next)) if next.is_number() => Width::Exact,
            Some(Node::Letter(letter)) if letter.is_ascii_digit() => Width::Exact,
            _ => Width::Any,
        };
        let len = field.len();
        match field.pattern() {
            Fixed => {
                self.fixed = true;
                return Ok(());
            }
            Meridiem { dotted } => {
                let names: &[&str] = if dotted { &["a.m.", "p.m."] } else { &["am", "pm"] };
                let afternoon = self.read_name(names, field)?;
                set(&mut self.fields.afternoon, afternoon, field)?;
                self.fields.is_12_hour = true;
                return Ok(());
            }
            Era { dotted } => {
                let names: &[&str] = if dotted { &["a.d.", "b.c."] } else { &["ad", "bc"] };
                let before_christ = self.read_name(names, field)?;
                return set(&mut self.fields.before_christ, before_christ, field);
            }
            MonthName { .. } => {
                let month = self.read_name(&MONTHS, field)? + 1;
                return set(&mut self.fields.month, month, field);
            }
            MonthShort { .. } => {
                let month = self.read_name(&MONTHS_SHORT, field)? + 1;
                return set(&mut self.fields.month, month, field);
            }
            RomanMonth => {
                let month = 12 - self.read_name(&ROMAN_MONTHS, field)?;
                return set(&mut self.fields.month, month, field);
            }
            DayName { .. } | DayShort { .. } => {
                let names = if matches!(field.pattern(), DayName { .. }) { &DAYS } else { &DAYS_SHORT };
                let day = self.read_name(names, field)?;
                // PostgreSQL compares before it counts from 1.
                set(&mut self.fields.day_of_week, day, field)?;
                self.fields.day_of_week += 1;
                return Ok(());
            }
            Zone => {
                if self.read_abbreviation(field)? {
                    return Ok(());
                }
                return self.read_offset(field, width);
            }
            Offset => return self.read_offset(field, width),
            ZoneHour => {
                self.read_zone_sign();
                return self.read_number(field, 2, width, |fields| &mut fields.zone_hour).map(drop);
            }
            ZoneMinute => {
                if self.fields.zone_sign == 0 {
                    self.fields.zone_sign = 1;
                }
                return self.read_number(field, 2, width, |fields| &mut fields.zone_minute).map(drop);
            }
            CommaYear => self.read_comma_year(field)?,
            Hour12 => {
                self.read_number(field, 2, width, |fields| &mut fields.hour)?;
                self.fields.is_12_hour = true;
            }
            Hour24 => drop(self.read_number(field, 2, width, |fields| &mut fields.hour)?),
            Minute => drop(self.read_number(field, len, width, |fields| &mut fields.minute)?),
            Second => drop(self.read_number(field, len, width, |fields| &mut fields.second)?),
            SecondsOfDay => drop(self.read_number(field, len, width, |fields| &mut fields.second_of_day)?),
            Milliseconds => {
                let read = self.read_number(field, 3, width, |fields| &mut fields.millis)?;
                self.fields.millis = self.fields.millis.wrapping_mul(scale_of(read, 3));
            }
            Microseconds | Fraction(_) => {
                let digits = if let Fraction(digits) = field.pattern() { digits } else { 6 };
                if field.pattern() != Microseconds {
                    self.fields.precision = digits;
                }
                let read = self.read_number(field, digits.into(), width, |fields| &mut fields.micros)?;
                self.fields.micros = self.fields.micros.wrapping_mul(scale_of(read, 6));
            }
            Month => drop(self.read_number(field, len, width, |fields| &mut fields.month)?),
            DayOfYear => drop(self.read_number(field, len, width, |fields| &mut fields.day_of_year)?),
            IsoDayOfYear => drop(self.read_number(field, 3, width, |fields| &mut fields.day_of_year)?),
            DayOfMonth => drop(self.read_number(field, len, width, |fields| &mut fields.day)?),
            DayOfWeek => drop(self.read_number(field, len, width, |fields| &mut fields.day_of_week)?),
            IsoDay => {
                self.read_number(field, 1, width, |fields| &mut fields.day_of_week)?;
                let sunday_first = self.fields.day_of_week.wrapping_add(1);
                self.fields.day_of_week = if sunday_first > 7 { 1 } else { sunday_first };
            }
            WeekOfYear | IsoWeek => drop(self.read_number(field, len, width, |fields| &mut fields.week)?),
            WeekOfMonth => drop(self.read_number(field, len, width, |fields| &mut fields.week_of_month)?),
            Century => drop(self.read_number(field, len, width, |fields| &mut fields.century)?),
            Julian => drop(self.read_number(field, len, width, |fields| &mut fields.julian)?),
            // A quarter has many days: it is read, but says nothing.
            Quarter => {
                let mut ignored = 0;
                self.read_integer(field, len, width, &mut ignored)?;
            }
            Year(digits) | IsoYear(digits) => {
                let read = self.read_number(field, len, width, |fields| &mut fields.year)?;
                if digits < 4 && read < 4 {
                    self.fields.year = full_year(self.fields.year);
                }
                self.fields.year_digits = digits;
            }
        }
        if field.ordinal.is_some() {
            self.skip_char();
            self.skip_char();
        }
        Ok(())
    }

    /// Reads a number into one of the fields, and gives how many characters it had.
    fn read_number(
        &mut self,
        field: &Field,
        len: usize,
        width: Width,
        target: fn(&mut Fields) -> &mut i32,
    ) -> Result<usize> {
        let mut value = *target(&mut self.fields);
        let read = self.read_integer(field, len, width, &mut value)?;
        *target(&mut self.fields) = value;
        Ok(read)
    }

    /// Reads a number of `len` characters if its width is exact, else all digits there are.
    fn read_integer(&mut self, field: &Field, len: usize, width: Width, target: &mut i32) -> Result<usize> {
        let start = self.at;
        self.skip_spaces();
        let rest = self.rest();
        let wrong = |detail: String| {
            let shown = String::from_utf8_lossy(rest.get(..len).unwrap_or(rest));
            // A character that is cut in two isn't shown.
            let shown = shown.trim_end_matches(char::REPLACEMENT_CHARACTER);
            invalid_value(shown, field).detail(detail)
        };
        let (value, read) = match width {
            Width::Any => integer(rest),
            Width::Exact => {
                if rest.len() < len {
                    let message = format!("source string too short for \"{}\" formatting field", field.name());
                    return Err(ValueError::new(code::INVALID_DATETIME_FORMAT, message)
                        .detail(format!("Field requires {len} characters, but only {} remain.", rest.len()))
                        .hint(NOT_FIXED));
                }
                let (value, read) = integer(rest.get(..len).unwrap_or_default());
                if read > 0 && read < len {
                    let detail = format!("Field requires {len} characters, but only {read} could be parsed.");
                    return Err(wrong(detail).hint(NOT_FIXED));
                }
                (value, read)
            }
        };
        self.at = match (read, width) {
            (0, Width::Any) => start,
            _ => self.at + read,
        };
        if self.at == start {
            return Err(wrong("Value must be an integer.".to_owned()));
        }
        let Some(value) = value else {
            let message = format!("value for \"{}\" in source string is out of range", field.name());
            return Err(ValueError::new(code::DATETIME_OVERFLOW, message).detail(format!(
                "Value must be in the range {} to {}.",
                i32::MIN,
                i32::MAX
            )));
        };
        set(target, value, field)?;
        Ok(self.at - start)
    }

    /// Which of the names stands here, in any case.
    fn read_name(&mut self, names: &[&str], field: &Field) -> Result<i32> {
        let rest = self.rest();
        for (index, name) in (0..).zip(names) {
            if rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes())) {
                self.at += name.len();
                return Ok(index);
            }
        }
        let end = rest.iter().position(|byte| is_space(*byte)).unwrap_or(rest.len());
        let shown = String::from_utf8_lossy(rest.get(..end).unwrap_or_default());
        Err(invalid_value(&shown, field)
            .detail("The given value did not match any of the allowed values for this field."))
    }

    /// A year with a comma behind the thousands.
    fn read_comma_year(&mut self, field: &Field) -> Result<()> {
        let rest = self.rest();
        let read = || {
            let spaces = |text: &[u8]| text.iter().take_while(|byte| is_space(**byte)).count();
            let mut at = spaces(rest);
            let (thousands, len) = wrapped_integer(rest.get(at..)?)?;
            at += len;
            if rest.get(at) != Some(&b',') {
                return None;
            }
            at += 1;
            at += spaces(rest.get(at..)?);
            let end = (at + 3).min(rest.len());
            let (years, len) = wrapped_integer(rest.get(at..end)?)?;
            Some((thousands, years, at + len))
        };
        let Some((thousands, years, len)) = read() else {
            let message = "invalid input string for \"Y,YYY\"";
            return Err(ValueError::new(code::INVALID_DATETIME_FORMAT, message));
        };
        // PostgreSQL lets it overflow.
        let year = thousands.wrapping_mul(1000).wrapping_add(years);
        set(&mut self.fields.year, year, field)?;
        self.fields.year_digits = 4;
        self.at += len;
        Ok(())
    }

    /// The longest abbreviation of a zone that stands here. `false`: none does, but an offset may.
    fn read_abbreviation(&mut self, field: &Field) -> Result<bool> {
        let rest = self.rest();
        let letters = rest.iter().take(MAX_ABBREVIATION).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let word = String::from_utf8_lossy(rest.get(..letters).unwrap_or_default()).to_ascii_lowercase();
        for len in (1..=letters).rev() {
            let Some(prefix) = word.get(..len) else { continue };
            if (self.is_abbreviation)(prefix) {
                self.fields.abbreviation = Some(prefix.to_owned());
                self.fields.zone_sign = 0;
                self.at += len;
                return Ok(true);
            }
        }
        if letters == 0 {
            return Ok(false);
        }
        Err(invalid_value(&String::from_utf8_lossy(rest), field).detail("Time zone abbreviation is not recognized."))
    }

    /// Hours, or hours and minutes, behind a sign.
    fn read_offset(&mut self, field: &Field, width: Width) -> Result<()> {
        self.read_zone_sign();
        self.read_number(field, 2, width, |fields| &mut fields.zone_hour)?;
        if self.byte() == Some(b':') {
            self.at += 1;
            self.read_number(field, 2, width, |fields| &mut fields.zone_minute)?;
        }
        Ok(())
    }

    fn read_zone_sign(&mut self) {
        let before = self.at.checked_sub(1).and_then(|at| self.text.as_bytes().get(at));
        self.fields.zone_sign = match self.byte() {
            Some(b'-') => -1,
            Some(b'+' | b' ') => 1,
            // The minus was taken for a separator.
            _ if self.extra > 0 && before == Some(&b'-') => -1,
            _ => 1,
        };
        if matches!(self.byte(), Some(b'-' | b'+' | b' ')) {
            self.at += 1;
        }
    }
}

fn unmatched(message: &str) -> ValueError {
    ValueError::new(code::INVALID_DATETIME_FORMAT, message)
}

const NOT_FIXED: &str = "If your source string is not fixed-width, try using the \"FM\" modifier.";

fn invalid_value(value: &str, field: &Field) -> ValueError {
    let message = format!("invalid value \"{value}\" for \"{}\"", field.name());
    ValueError::new(code::INVALID_DATETIME_FORMAT, message)
}

fn set(target: &mut i32, value: i32, field: &Field) -> Result<()> {
    if *target != 0 && *target != value {
        let message = format!("conflicting values for \"{}\" field in formatting string", field.name());
        return Err(ValueError::new(code::INVALID_DATETIME_FORMAT, message)
            .detail("This value contradicts a previous setting for the same field type."));
    }
    *target = value;
    Ok(())
}

/// The number at the start of a text and its length, 0 if there is none. `None` if it is out of range.
fn integer(text: &[u8]) -> (Option<i32>, usize) {
    match long(text) {
        Some((value, len)) => (i32::try_from(value).ok(), len),
        None => (Some(0), 0),
    }
}

/// As C's scanf reads an int: 64 bits, of which it keeps 32.
fn wrapped_integer(text: &[u8]) -> Option<(i32, usize)> {
    long(text).map(|(value, len)| (value as i32, len))
}

/// A sign and digits; a number that is too large gives the last one that fits.
fn long(text: &[u8]) -> Option<(i64, usize)> {
    let (negative, sign) = match text.first() {
        Some(b'-') => (true, 1),
        Some(b'+') => (false, 1),
        _ => (false, 0),
    };
    let digits = text.get(sign..)?.iter().take_while(|byte| byte.is_ascii_digit());
    let (mut value, mut len) = (0_i64, 0);
    for digit in digits {
        let digit = i64::from(digit - b'0');
        value = value.saturating_mul(10);
        value = if negative { value.saturating_sub(digit) } else { value.saturating_add(digit) };
        len += 1;
    }
    (len > 0).then_some((value, sign + len))
}

/// What a fraction that was read with so many characters is multiplied with to have all digits.
fn scale_of(read: usize, digits: usize) -> i32 {
    match digits.checked_sub(read) {
        Some(missing @ 1..) => 10_i32.pow(missing.min(9) as u32),
        _ => 1,
    }
}

/// The year nearest to 2020 that ends with these digits.
fn full_year(year: i32) -> i32 {
    match year {
        ..70 => year.wrapping_add(2000),
        70..100 => year + 1900,
        100..520 => year + 2000,
        520..1000 => year + 1000,
        _ => year,
    }
}
