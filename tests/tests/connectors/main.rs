//! The connectors against real sources, without a server between.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod avro;
mod common;
mod delta;
mod postgres;
