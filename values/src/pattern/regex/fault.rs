//! What can be wrong with a regular expression.

use crate::{ValueError, code};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Version,
    Collation,
    Class,
    Escape,
    Backref,
    Bracket,
    Paren,
    Brace,
    Count,
    Range,
    Operand,
    Argument,
    Option,
    TooComplex,
}

impl From<Fault> for ValueError {
    fn from(fault: Fault) -> Self {
        let what = match fault {
            Fault::Version => "invalid regexp (reg version 0.8)",
            Fault::Collation => "invalid collating element",
            Fault::Class => "invalid character class",
            Fault::Escape => "invalid escape \\ sequence",
            Fault::Backref => "invalid backreference number",
            Fault::Bracket => "brackets [] not balanced",
            Fault::Paren => "parentheses () not balanced",
            Fault::Brace => "braces {} not balanced",
            Fault::Count => "invalid repetition count(s)",
            Fault::Range => "invalid character range",
            Fault::Operand => "quantifier operand invalid",
            Fault::Argument => "invalid argument to regex function",
            Fault::Option => "invalid embedded option",
            Fault::TooComplex => "regular expression is too complex",
        };
        Self::new(code::INVALID_REGEX, format!("invalid regular expression: {what}"))
    }
}

/// A search that took too many steps.
pub(super) fn too_many_steps() -> ValueError {
    ValueError::new(code::INVALID_REGEX, "regular expression failed: regular expression is too complex")
}
