//! PostgreSQL's values: how each type's text is read and printed, and what its functions and operators compute, with
//! PostgreSQL's errors. Plain Rust over one value at a time; the planner applies it to columns.
//!
//! Functions go by the meaning that PostgreSQL 17 documents. None panics on any input, and none takes time or memory
//! out of proportion to its input and result.

pub mod array;
pub mod bits;
pub mod bytea;
pub mod civil;
pub mod datetime;
mod error;
pub mod float;
pub mod formatting;
pub mod json;
pub mod money;
pub mod net;
pub mod numeric;
pub mod pattern;
pub mod range;
pub mod record;
pub mod system;
pub mod text;
pub mod uuid;

pub use error::{ValueError, code};

pub type Result<T> = std::result::Result<T, ValueError>;
