//! Stage 8b: our own optimizer rules, one a file.

pub mod leakproof;
