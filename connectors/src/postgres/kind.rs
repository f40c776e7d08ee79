//! How a remote column is selected, arrives and shows: the mapping from PostgreSQL's types to Arrow's.
//!
//! | PostgreSQL | Arrow | |
//! |---|---|---|
//! | bool, int2, int4, int8, float4, float8, bytea | Boolean, Int16, Int32, Int64, Float32, Float64, Binary | a NaN of any bits becomes the one positive NaN, so that it sorts highest as in PostgreSQL |
//! | oid | Int64 | marked `oid` |
//! | date | Date32 | infinity is `i32::MAX`, -infinity `i32::MIN` |
//! | time | Time64(us) | 24:00:00 is 86,400,000,000 |
//! | timestamp, timestamptz | Timestamp(us), Timestamp(us, "UTC") | infinity is `i64::MAX`, -infinity `i64::MIN`; from the year 294247 on: out of range |
//! | interval | Interval(MonthDayNano) | more than 292 years of hours: out of range |
//! | numeric(p, s), p <= 38 | Decimal128(p, s) | NaN: out of range; a negative scale is written out with zeros |
//! | numeric, numeric(p > 38, s) | Utf8 marked `numeric` | nothing is lost: NaN and Infinity stay |
//! | text, varchar, name, "char" | Utf8 | all but text marked |
//! | char(n) | Utf8 marked `bpchar` | without the padding, which PostgreSQL ignores when it compares; who shows it or computes with it pads to the modifier |
//! | bpchar without a length | Utf8 marked `bpchar` | with its blanks |
//! | uuid | Utf8 marked `uuid` | lower case with hyphens |
//! | arrays | [`pgtype::wide_array`] | of any shape, whatever was declared; those of inet are texts |
//! | enums | Utf8 | the labels; marked with the type |
//! | everything else | Utf8 | as PostgreSQL writes it; built-in types are marked |
//!
//! Domains are their base type.

use arrow::datatypes::{DataType, Field, IntervalUnit, TimeUnit};
use serde::{Deserialize, Serialize};

use super::sql;
use crate::pgtype;

/// How a column's values are selected and decoded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Bool,
    Int2,
    Int4,
    Int8,
    Oid,
    Float4,
    Float8,
    /// Precision and scale as Arrow has them.
    Numeric(u8, i8),
    Date,
    Time,
    Timestamp,
    Timestamptz,
    Interval,
    Bytea,
    Uuid,
    /// text and varchar. `bytewise`: the column's collation finds texts equal only if their bytes are.
    Text {
        bytewise: bool,
    },
    /// char(n), selected without its padding.
    Bpchar,
    /// bpchar of any length: the blanks at its end are its own, and count only where it is shown.
    Blanks,
    /// inet: its cast to text shows a netmask that its own output doesn't.
    Inet,
    /// An enum type of the source's own, as its labels.
    Enum(RemoteEnum),
    /// Any other type, as PostgreSQL writes it.
    AsText,
    /// Of the kind inside, with any dimensions.
    Array(Box<Kind>),
}

/// An enum type as the source names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteEnum {
    pub schema: String,
    pub name: String,
    /// In the type's order.
    pub labels: Vec<String>,
    /// A statement may name the type: the source's user may use its schema.
    pub is_nameable: bool,
}

/// A column's type as pg_catalog has it, domains resolved.
#[derive(Debug, Clone)]
pub struct RemoteType<'a> {
    /// `pg_type.typname` of the base type.
    pub name: &'a str,
    /// The type is one of PostgreSQL's own.
    pub builtin: bool,
    /// Name of the array's element type, and whether that is PostgreSQL's own; `None` if the type isn't an array.
    pub element: Option<(&'a str, bool)>,
    /// `pg_attribute.atttypmod` or the domain's.
    pub typmod: i32,
    /// The collation, if any, is deterministic.
    pub deterministic: bool,
    /// The enum type that it is, or that its elements are of.
    pub labelled: Option<RemoteEnum>,
}

impl Kind {
    /// The kind of a column of the type.
    pub fn of(remote: &RemoteType<'_>) -> Self {
        match remote.element {
            Some((name, builtin)) => match Self::scalar(name, builtin, remote) {
                // Casting the array to text[] would go through inet's own cast.
                Self::Inet => Self::AsText,
                element => Self::Array(Box::new(element)),
            },
            None => Self::scalar(remote.name, remote.builtin, remote),
        }
    }

    fn scalar(name: &str, builtin: bool, remote: &RemoteType<'_>) -> Self {
        if !builtin {
            return remote.labelled.clone().map_or(Self::AsText, Self::Enum);
        }
        match name {
            "bool" => Self::Bool,
            "int2" => Self::Int2,
            "int4" => Self::Int4,
            "int8" => Self::Int8,
            "oid" => Self::Oid,
            "float4" => Self::Float4,
            "float8" => Self::Float8,
            "numeric" => decimal(remote.typmod).map_or(Self::AsText, |(p, s)| Self::Numeric(p, s)),
            "date" => Self::Date,
            "time" => Self::Time,
            "timestamp" => Self::Timestamp,
            "timestamptz" => Self::Timestamptz,
            "interval" => Self::Interval,
            "bytea" => Self::Bytea,
            "uuid" => Self::Uuid,
            "text" | "varchar" => Self::Text { bytewise: remote.deterministic },
            "bpchar" if remote.typmod < 0 && remote.element.is_none() => Self::Blanks,
            "bpchar" => Self::Bpchar,
            "inet" => Self::Inet,
            _ => Self::AsText,
        }
    }

    /// The Arrow type of the values.
    pub fn data_type(&self) -> DataType {
        match self {
            Self::Bool => DataType::Boolean,
            Self::Int2 => DataType::Int16,
            Self::Int4 => DataType::Int32,
            Self::Int8 | Self::Oid => DataType::Int64,
            Self::Float4 => DataType::Float32,
            Self::Float8 => DataType::Float64,
            Self::Numeric(precision, scale) => DataType::Decimal128(*precision, *scale),
            Self::Date => DataType::Date32,
            Self::Time => DataType::Time64(TimeUnit::Microsecond),
            Self::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
            Self::Timestamptz => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::Interval => DataType::Interval(IntervalUnit::MonthDayNano),
            Self::Bytea => DataType::Binary,
            Self::Uuid
            | Self::Text { .. }
            | Self::Bpchar
            | Self::Blanks
            | Self::Inet
            | Self::Enum(_)
            | Self::AsText => DataType::Utf8,
            Self::Array(element) => pgtype::wide_array(element.data_type()),
        }
    }

    /// The type that the column is cast to when it is selected. The cast is free where the column has that type, and
    /// keeps a column whose type has changed since discovery from being decoded as something else.
    pub fn sql_type(&self) -> String {
        let name = match self {
            Self::Bool => "bool",
            Self::Int2 => "int2",
            Self::Int4 => "int4",
            Self::Int8 => "int8",
            Self::Oid => "oid",
            Self::Float4 => "float4",
            Self::Float8 => "float8",
            Self::Numeric(..) => "numeric",
            Self::Date => "date",
            Self::Time => "time",
            Self::Timestamp => "timestamp",
            Self::Timestamptz => "timestamptz",
            Self::Interval => "interval",
            Self::Bytea => "bytea",
            Self::Uuid => "uuid",
            Self::Text { .. } | Self::Bpchar | Self::Blanks | Self::Inet | Self::Enum(_) | Self::AsText => "text",
            Self::Array(element) => return format!("{}[]", element.sql_type()),
        };
        name.to_owned()
    }

    /// The type of literals that are equal to a column's values.
    pub fn literal_type(&self) -> String {
        match self {
            Self::Enum(labelled) if labelled.is_nameable => sql::table(&labelled.schema, &labelled.name),
            other => other.sql_type(),
        }
    }

    /// The SQL that selects the column `name`.
    pub fn select(&self, name: &str) -> String {
        match self {
            Self::Inet => format!("textin(inet_out({}))", sql::identifier(name)),
            Self::Blanks => format!("textin(bpcharout({}))", sql::identifier(name)),
            _ => format!("{}::{}", sql::identifier(name), self.sql_type()),
        }
    }
}

/// The Arrow field of a column and its kind.
pub fn column(name: &str, nullable: bool, remote: &RemoteType<'_>) -> (Field, Kind) {
    let kind = Kind::of(remote);
    let field = Field::new(name, kind.data_type(), nullable);
    let field = match (&kind, remote.element) {
        (Kind::Array(_), Some((element, true))) if needs_mark(element, &kind) => {
            pgtype::mark(field, &format!("_{element}"), remote.typmod)
        }
        (Kind::Array(_), _) => field,
        _ if remote.builtin && needs_mark(remote.name, &kind) => pgtype::mark(field, remote.name, remote.typmod),
        _ => field,
    };
    (field, kind)
}

/// Whether the Arrow type alone doesn't say the PostgreSQL type.
fn needs_mark(name: &str, kind: &Kind) -> bool {
    match kind {
        Kind::Array(element) => needs_mark(name, element),
        Kind::Text { .. } => name != "text",
        Kind::Uuid | Kind::Bpchar | Kind::Blanks | Kind::Inet | Kind::AsText | Kind::Oid => true,
        _ => false,
    }
}

/// Precision and scale of a numeric's modifier as Arrow can hold them; `None` without a modifier, or beyond 38 digits.
/// PostgreSQL 15 allows a scale below 0 and one above the precision.
fn decimal(typmod: i32) -> Option<(u8, i8)> {
    const HEADER_BYTES: i32 = 4;
    if typmod < HEADER_BYTES {
        return None;
    }
    let bits = typmod - HEADER_BYTES;
    let precision = (bits >> 16) & 0xffff;
    // The scale is a signed number of 11 bits.
    let scale = ((bits & 0x7ff) ^ 0x400) - 0x400;
    let (precision, scale) = if scale < 0 { (precision - scale, 0) } else { (precision.max(scale), scale) };
    (precision <= 38).then_some((u8::try_from(precision).ok()?, i8::try_from(scale).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numeric_modifiers() {
        let typmod = |p: i32, s: i32| ((p << 16) | (s & 0x7ff)) + 4;
        assert_eq!(decimal(typmod(10, 2)), Some((10, 2)));
        assert_eq!(decimal(typmod(38, 38)), Some((38, 38)));
        assert_eq!(decimal(typmod(3, 5)), Some((5, 5)));
        assert_eq!(decimal(typmod(3, -2)), Some((5, 0)));
        assert_eq!(decimal(typmod(39, 0)), None);
        assert_eq!(decimal(-1), None);
    }
}
