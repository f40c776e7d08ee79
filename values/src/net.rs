//! Network addresses (documentation, 8.9 and 9.12).

mod abbrev;
mod inet;
mod inet_text;
pub mod mac;

pub use inet::{Family, Inet};
