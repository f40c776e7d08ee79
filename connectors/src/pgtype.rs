//! The PostgreSQL type of a column whose Arrow type alone doesn't say it, kept in the field's metadata.
//!
//! `Utf8` is `text` unless the metadata says `uuid`, `jsonb`, `varchar`, ...; the wire encoder and pg_catalog read it.
//!
//! A list is an array of one dimension from 1. What may have another shape is a struct of lower bounds, lengths of
//! dimensions, and the items in row-major order: [`wide_array`]. No items: no dimensions.

use std::sync::LazyLock;

use arrow::datatypes::{DataType, Field, FieldRef, Fields};

pub use crate::own_type::{COMPOSITE, CompositeType, ENUM, EnumType, Member, OwnType};

/// Metadata key: the name of the PostgreSQL type as in `pg_type.typname`, such as `varchar`, `uuid`, `jsonb`, `bpchar`.
pub const TYPE_KEY: &str = "weir.pgtype";
/// Metadata key: the type modifier as in `pg_attribute.atttypmod`, in decimal digits.
pub const TYPMOD_KEY: &str = "weir.typmod";
/// No source names the fields of a struct so, by which arrays of any shape are told from documents.
const WIDE_NAMES: [&str; 3] = ["array: lower", "array: lengths", "array: items"];

/// How arrays of any shape are held.
pub fn wide_array(item: DataType) -> DataType {
    static NUMBERS: LazyLock<DataType> = LazyLock::new(|| DataType::new_list(DataType::Int32, true));
    let types = [NUMBERS.clone(), NUMBERS.clone(), DataType::new_list(item, true)];
    DataType::Struct(WIDE_NAMES.iter().zip(types).map(|(name, data)| Field::new(*name, data, true)).collect::<Fields>())
}

/// The field of the items, if it is how arrays of any shape are held.
pub fn wide_item(data_type: &DataType) -> Option<&FieldRef> {
    let DataType::Struct(fields) = data_type else { return None };
    let [lower, lengths, items] = fields.as_ref() else { return None };
    let is_named = [lower, lengths, items].into_iter().zip(WIDE_NAMES).all(|(field, name)| field.name() == name);
    match items.data_type() {
        DataType::List(item) if is_named => Some(item),
        _ => None,
    }
}

/// The least number of what isn't built into PostgreSQL.
pub const FIRST_OID: u32 = 16384;

/// The number by which catalogs name an object, of the parts of its name: the same whoever looks, and whenever. By FNV-1a.
pub fn number(parts: &[&str]) -> u32 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    FIRST_OID + u32::try_from(hash % u64::from(i32::MAX as u32 - FIRST_OID)).unwrap_or(0)
}

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
