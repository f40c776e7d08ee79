//! like_regex: XQuery's flags over regular expressions.

use regex::{Regex, RegexBuilder};

use super::path::Flags;
use crate::{Result, ValueError, code};

/// A program larger than this is refused.
const MAX_PROGRAM: usize = 2 << 20;

pub(super) fn compile(pattern: &str, flags: Flags) -> Result<Regex> {
    if flags.wspace && !flags.quote {
        return Err(ValueError::new(
            code::FEATURE_NOT_SUPPORTED,
            "XQuery \"x\" flag (expanded regular expressions) is not implemented",
        ));
    }
    let quoted;
    let source = if flags.quote {
        quoted = regex::escape(pattern);
        &quoted
    } else {
        pattern
    };
    RegexBuilder::new(source)
        .case_insensitive(flags.icase)
        .dot_matches_new_line(flags.dotall)
        .multi_line(flags.mline && !flags.quote)
        .size_limit(MAX_PROGRAM)
        .build()
        .map_err(|error| refused(pattern, &error))
}

fn refused(pattern: &str, error: &regex::Error) -> ValueError {
    let why = match error {
        regex::Error::CompiledTooBig(_) => "regular expression is too complex",
        _ => {
            let depth = pattern.chars().fold(0i64, |depth, c| match c {
                '(' => depth + 1,
                ')' => depth - 1,
                _ => depth,
            });
            if depth != 0 {
                "parentheses () not balanced"
            } else if pattern.contains('[') && !pattern.contains(']') {
                "brackets [] not balanced"
            } else {
                "quantifier operand invalid"
            }
        }
    };
    ValueError::new(code::INVALID_REGEX, format!("invalid regular expression: {why}"))
}
