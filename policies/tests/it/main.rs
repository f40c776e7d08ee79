//! Tests of policy files: what they mean, and what is refused.

mod columns;
mod files;
mod fuzz;
mod grants;
mod inventory;
mod masks;
mod oracle;
mod rows;
mod scale;
mod support;
mod users;
