//! Generated meshes: tables in every kind of source, policies over them, and queries, all made from one seed; and the same
//! policies as row-level security of a PostgreSQL that holds the same rows.

pub mod answer;
pub mod data;
pub mod expression;
pub mod folder;
pub mod hashes;
pub mod heard;
pub mod hidden;
pub mod item;
pub mod known;
pub mod mesh;
pub mod probe;
pub mod query;
pub mod rls;
pub mod rules;
pub mod seeded;
pub mod seen;
pub mod shrink;
pub mod sql;
pub mod trap;
pub mod twin;
