//! The connectors against real sources, without a server between.

mod avro;
mod delta;
mod postgres;
