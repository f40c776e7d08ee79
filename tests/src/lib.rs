//! What the end-to-end tests share: the server under test, its clients, the real components beside it, and their data.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a harness that can't go on must fail its test, and says why"
)]

pub mod cache;
pub mod certificates;
pub mod flights;
pub mod generated;
pub mod git_host;
pub mod http;
pub mod postgres;
pub mod proxy;
pub mod psql;
pub mod python;
pub mod raw;
pub mod run;
pub mod s3;
pub mod weir;
