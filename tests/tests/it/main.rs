//! Weir as its users meet it: the binary, real sources, real clients.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "this crate is one test binary, helpers included"
)]

mod architecture;
mod audit;
mod columns;
mod common;
mod compat;
mod compose;
mod copy;
mod cursors;
mod diff;
mod explain;
mod expressions;
mod faults;
mod flights;
mod git;
mod interference;
mod leaks;
mod limits;
mod masks;
mod memory;
mod metrics;
mod nested;
mod oracle;
mod own_types;
mod parameters;
mod policies;
mod policy_status;
mod prepared;
mod receipt;
mod reload;
mod rules;
mod samples;
mod stop;
mod subselects;
mod tls;
mod untagged;
mod visible;
mod wire;
