//! Sizes, identifiers and type names as PostgreSQL's catalogs and administration functions show them.

pub mod encodings;
pub mod hash;
pub mod ids;
pub mod lsn;
pub mod size;
mod type_format;
mod type_name;
mod type_table;
mod type_token;
mod typmod;

pub use type_format::{format_type, interval_fields};
pub use type_name::{TypeName, parse_type};
pub use type_table::{Builtin, array_type_of, builtin_by_name, builtin_by_oid, element_type_of};
pub use typmod::{
    INTERVAL_FULL_PRECISION, INTERVAL_FULL_RANGE, bit_typmod, character_typmod, interval_typmod, numeric_typmod,
    numeric_typmod_parts, time_typmod,
};
