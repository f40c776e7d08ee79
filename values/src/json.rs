//! json and jsonb: json is kept as its text, jsonb as the canonical text that PostgreSQL prints.
//!
//! Getting a field scans the text; what changes or compares a value reads it into a [`Json`] tree first.

mod access;
mod aggregate;
mod build;
mod cast;
mod code;
mod compare;
mod layout;
mod lex;
mod modify;
mod number;
mod parse;
pub mod path;
mod path_accessor;
mod path_arithmetic;
mod path_datetime;
mod path_exec;
mod path_item;
mod path_keyvalue;
mod path_lex;
mod path_method;
mod path_parse;
mod path_print;
mod path_regex;
mod path_truth;
mod populate;
mod print;
mod scan;
mod sqljson;
mod table;
mod tree;

pub use access::*;
pub use aggregate::*;
pub use build::*;
pub use cast::*;
pub use compare::*;
pub use modify::*;
pub use path::JsonPath;
pub use populate::*;
pub use print::{escape, jsonb_pretty, write_escaped};
pub use scan::*;
pub use sqljson::*;
pub use table::*;
pub use tree::{Json, json_in, jsonb_in, jsonb_parse};

use crate::{Result, ValueError};

/// The longest text that a function gives.
const MAX_SIZE: usize = 64 << 20;

/// How deep a json text may nest; it is read without recursion.
const MAX_TEXT_DEPTH: usize = 6000;

/// How deep a jsonb may nest: trees are walked by recursion.
const MAX_TREE_DEPTH: usize = 1000;

fn check_size(len: usize) -> Result<()> {
    if len > MAX_SIZE { Err(ValueError::too_long()) } else { Ok(()) }
}

/// 54001, as PostgreSQL says it when its stack would overflow.
fn too_deep() -> ValueError {
    ValueError::new(code::STATEMENT_TOO_COMPLEX, "stack depth limit exceeded").hint(
        "Increase the configuration parameter \"max_stack_depth\" (currently 2048kB), after ensuring the platform's \
         stack depth limit is adequate.",
    )
}

#[cfg(test)]
mod tests;
