//! Avro to Arrow: schemas, their resolution, and a decoder that trusts no byte it reads. Knows no files and no store.
//!
//! Written after the Avro specification 1.12.0. A writer's schema and a reader's schema are compiled once
//! ([`resolve::compile`]) into a tree of [`decode::Op`]s that pushes values straight into Arrow builders
//! ([`column::Sink`]); a field that nobody reads is skipped without being decoded.

pub mod arrow_type;
pub mod column;
pub mod container;
pub mod cursor;
pub mod decode;
pub mod fault;
pub mod merge;
pub mod resolve;
pub mod schema;

pub use fault::Fault;
pub use schema::Schema;
