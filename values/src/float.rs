//! double precision and real: text, checked arithmetic, functions, aggregates.
//!
//! Results are those of the platform's mathematical library, as PostgreSQL's are, with PostgreSQL's errors where they
//! aren't finite.

mod arithmetic;
mod degrees;
mod functions;
mod moments;
mod parse;
mod print;
mod trigonometry;

pub use arithmetic::*;
pub use degrees::*;
pub use functions::*;
pub use moments::{Moments, PairMoments};
pub use parse::{parse_f32, parse_f64};
pub use print::{format_f32, format_f64, write_f32, write_f64};
pub(crate) use print::{shortest_f32, shortest_f64};
pub use trigonometry::*;

#[cfg(test)]
mod tests;
