//! The planner: SQL text in, a stream of Arrow batches out. It knows no socket.
//!
//! A statement passes five stages, each a type that only the stage before can make:
//! [`Parsed`](parse::Parsed) → [`Bound`](bind::Bound) → [`Permitted`](permit::Permitted) →
//! [`Optimized`](optimize::Optimized) → a stream ([`execute::execute`]). What a principal may see is decided in
//! [`view`] (names) and [`permit`] (rows and values); nothing reaches a source that did not pass both.

pub mod bind;
pub mod catalog;
pub mod error;
pub mod execute;
pub mod explain;
pub mod functions;
pub mod optimize;
pub mod parse;
pub mod permit;
pub mod pg_catalog;
pub mod pushdown;
pub mod runtime;
pub mod session;
pub mod view;

pub use error::PlanError;
