//! A regular expression's options, and the letters they are given by.

use crate::{Result, ValueError};

/// The dialect of a regular expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    Advanced,
    Extended,
    Basic,
    Quoted,
}

/// What changes how a regular expression is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Options {
    pub syntax: Syntax,
    pub is_insensitive: bool,
    /// White space and comments are passed over.
    pub is_expanded: bool,
    /// `.` and `[^` don't match a newline.
    pub newline_stops: bool,
    /// `^` and `$` match at newlines.
    pub newline_anchors: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            syntax: Syntax::Advanced,
            is_insensitive: false,
            is_expanded: false,
            newline_stops: false,
            newline_anchors: false,
        }
    }
}

impl Options {
    /// Whether the letter is an option.
    pub(super) fn set(&mut self, letter: char) -> bool {
        match letter {
            'b' => self.syntax = Syntax::Basic,
            'c' => self.is_insensitive = false,
            'e' => self.syntax = Syntax::Extended,
            'i' => self.is_insensitive = true,
            'm' | 'n' => (self.newline_stops, self.newline_anchors) = (true, true),
            'p' => (self.newline_stops, self.newline_anchors) = (true, false),
            'q' => self.syntax = Syntax::Quoted,
            's' => (self.newline_stops, self.newline_anchors) = (false, false),
            't' => self.is_expanded = false,
            'w' => (self.newline_stops, self.newline_anchors) = (false, true),
            'x' => self.is_expanded = true,
            _ => return false,
        }
        true
    }
}

/// The flags of `regexp_match` and its kin.
#[derive(Debug, Clone, Copy, Default)]
pub struct Flags {
    pub(super) options: Options,
    /// `g`: all matches, not the first only.
    pub is_global: bool,
}

impl Flags {
    /// Those of `~`.
    pub fn sensitive() -> Self {
        Self::default()
    }

    /// Those of `~*`.
    pub fn insensitive() -> Self {
        let mut flags = Self::default();
        flags.options.is_insensitive = true;
        flags
    }

    pub fn parse(letters: &str) -> Result<Self> {
        let mut flags = Self::default();
        for letter in letters.chars() {
            if letter == 'g' {
                flags.is_global = true;
            } else if letter == 'e' {
                // Documented as extended expressions; PostgreSQL 17 reads basic ones, other than with `(?e)`.
                flags.options.syntax = Syntax::Basic;
            } else if !flags.options.set(letter) {
                return Err(invalid_option(letter));
            }
        }
        Ok(flags)
    }

    /// The flags of a function that knows no `g`; the function is named as in `regexp_match()`.
    pub fn parse_for(letters: &str, function: &str) -> Result<Self> {
        let flags = Self::parse(letters)?;
        if !flags.is_global {
            return Ok(flags);
        }
        let message = format!("{function} does not support the \"global\" option");
        let error = ValueError::invalid_parameter(message);
        Err(match function {
            "regexp_match()" => error.hint("Use the regexp_matches function instead."),
            _ => error,
        })
    }

    /// The flags of `regexp_replace(text, pattern, replacement, flags)`.
    pub fn parse_for_replace(letters: &str) -> Result<Self> {
        match letters.chars().next() {
            Some(digit @ '0'..='9') => Err(invalid_option(digit).hint(
                "If you meant to use regexp_replace() with a start parameter, cast the fourth argument to integer \
                 explicitly.",
            )),
            _ => Self::parse(letters),
        }
    }
}

fn invalid_option(letter: char) -> ValueError {
    ValueError::invalid_parameter(format!("invalid regular expression option: \"{letter}\""))
}
