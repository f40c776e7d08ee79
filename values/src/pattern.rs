//! Patterns: `LIKE`, `SIMILAR TO` and regular expressions (documentation, 9.7).

mod like;
mod regex;
mod similar;

pub use like::{Like, like_escape, like_escape_bytes};
pub use regex::{Flags, Regex, Wanted};
pub use similar::similar_to_escape;
