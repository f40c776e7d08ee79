//! Stage 5: SQL text to statements, once.
//!
//! Statements about the session itself (SET, BEGIN, DISCARD, ...) become [`Utility`]; all else keeps sqlparser's tree,
//! which only this crate looks into.

mod utility;

pub use utility::{DiscardTarget, SetValue, Utility};
