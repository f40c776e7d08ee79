//! Weir as its users meet it: the binary, real sources, real clients.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "this crate is one test binary, helpers included"
)]

mod architecture;
mod audit;
mod common;
mod compose;
mod faults;
mod flights;
mod limits;
mod masks;
mod memory;
mod oracle;
mod policies;
mod prepared;
mod reload;
mod stop;
mod tls;
mod visible;
mod wire;
