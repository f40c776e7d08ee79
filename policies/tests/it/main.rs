//! Tests of policy files: what they mean, and what is refused.

// A test may panic, and so may the helpers that only tests call.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod columns;
mod diff;
mod domains;
mod expectations;
mod files;
mod fuzz;
mod grants;
mod inventory;
mod masks;
mod oracle;
mod reasons;
mod rows;
mod scale;
mod support;
mod users;
