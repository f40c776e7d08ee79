//! The PostgreSQL type of a column whose Arrow type alone doesn't say it, kept in the field's metadata.
//!
//! `Utf8` is `text` unless the metadata says `uuid`, `jsonb`, `varchar`, ...; the wire encoder and pg_catalog read it.

use arrow::datatypes::Field;

/// Metadata key: the name of the PostgreSQL type as in `pg_type.typname`, such as `varchar`, `uuid`, `jsonb`, `bpchar`.
pub const TYPE_KEY: &str = "weir.pgtype";
/// Metadata key: the type modifier as in `pg_attribute.atttypmod`, in decimal digits.
pub const TYPMOD_KEY: &str = "weir.typmod";

/// `field`, marked as being of the PostgreSQL type `typname` with modifier `typmod` (-1: none).
pub fn mark(field: Field, typname: &str, typmod: i32) -> Field {
    let mut metadata = field.metadata().clone();
    metadata.insert(TYPE_KEY.to_owned(), typname.to_owned());
    if typmod >= 0 {
        metadata.insert(TYPMOD_KEY.to_owned(), typmod.to_string());
    }
    field.with_metadata(metadata)
}

/// The PostgreSQL type that the field was marked with.
pub fn typname(field: &Field) -> Option<&str> {
    field.metadata().get(TYPE_KEY).map(String::as_str)
}

/// The type modifier that the field was marked with, or -1.
pub fn typmod(field: &Field) -> i32 {
    field.metadata().get(TYPMOD_KEY).and_then(|text| text.parse().ok()).unwrap_or(-1)
}
