//! The connectors against real sources, without a server between.

mod delta;
