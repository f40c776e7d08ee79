//! An Avro schema as a value: parsed from its JSON, names resolved, logical types recognised.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Fault;

mod parse;

/// Precision of a timestamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    Milli,
    Micro,
    Nano,
}

/// A schema with its logical type. A logical type that isn't known or isn't valid is ignored, as Avro demands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Schema {
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
    Date,
    TimeMillis,
    TimeMicros,
    /// `utc`: an instant; otherwise a local timestamp.
    Timestamp {
        unit: Unit,
        utc: bool,
    },
    /// Two's complement, big-endian; in `size` bytes, or length-prefixed.
    Decimal {
        precision: u8,
        scale: i8,
        size: Option<usize>,
    },
    /// 16 bytes if `fixed`, otherwise a string.
    Uuid {
        fixed: bool,
    },
    Duration,
    Fixed {
        name: String,
        size: usize,
    },
    Enum(Enum),
    Record(Record),
    Array(Box<Schema>),
    Map(Box<Schema>),
    Union(Vec<Schema>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Enum {
    pub name: String,
    pub symbols: Vec<String>,
    pub default: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub name: String,
    pub doc: Option<String>,
    pub fields: Vec<Field>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    pub aliases: Vec<String>,
    pub schema: Schema,
    /// The default as JSON; `Some(Value::Null)` is the default null.
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
}

/// The name of the only column if a file's schema isn't a record.
pub const VALUE_FIELD: &str = "value";

impl Schema {
    /// Parses the JSON of a schema. Recursive types are refused: they have no columns.
    pub fn parse(json: &str) -> Result<Self, Fault> {
        parse::parse(json)
    }

    /// This schema if it is a record, otherwise a record whose only field is this; both are encoded alike.
    pub fn into_record(self) -> Record {
        match self {
            Self::Record(record) => record,
            schema => {
                let field = Field { name: VALUE_FIELD.to_owned(), aliases: Vec::new(), schema, default: None };
                Record { name: VALUE_FIELD.to_owned(), doc: None, fields: vec![field] }
            }
        }
    }

    /// Whether null is a value, and the branches beside null.
    pub fn split(&self) -> (bool, Vec<&Schema>) {
        match self {
            Self::Union(branches) => (
                branches.contains(&Self::Null),
                branches.iter().filter(|branch| !matches!(branch, Self::Null)).collect(),
            ),
            Self::Null => (true, Vec::new()),
            other => (false, vec![other]),
        }
    }

    /// The fewest bytes that a value can take.
    pub fn min_bytes(&self) -> usize {
        match self {
            Self::Null => 0,
            Self::Float => 4,
            Self::Double => 8,
            Self::Duration => 12,
            Self::Uuid { fixed: true } => 16,
            Self::Fixed { size, .. } | Self::Decimal { size: Some(size), .. } => *size,
            Self::Record(record) => {
                record.fields.iter().fold(0, |sum: usize, field| sum.saturating_add(field.schema.min_bytes()))
            }
            _ => 1,
        }
    }

    /// The schema's name in messages, and of a union's branch.
    pub fn name(&self) -> &str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Int => "int",
            Self::Long => "long",
            Self::Float => "float",
            Self::Double => "double",
            Self::Bytes => "bytes",
            Self::String => "string",
            Self::Date => "date",
            Self::TimeMillis => "time-millis",
            Self::TimeMicros => "time-micros",
            Self::Timestamp { unit: Unit::Milli, utc: true } => "timestamp-millis",
            Self::Timestamp { unit: Unit::Micro, utc: true } => "timestamp-micros",
            Self::Timestamp { unit: Unit::Nano, utc: true } => "timestamp-nanos",
            Self::Timestamp { unit: Unit::Milli, utc: false } => "local-timestamp-millis",
            Self::Timestamp { unit: Unit::Micro, utc: false } => "local-timestamp-micros",
            Self::Timestamp { unit: Unit::Nano, utc: false } => "local-timestamp-nanos",
            Self::Decimal { .. } => "decimal",
            Self::Uuid { .. } => "uuid",
            Self::Duration => "duration",
            Self::Fixed { name, .. } | Self::Enum(Enum { name, .. }) | Self::Record(Record { name, .. }) => {
                name.rsplit('.').next().unwrap_or(name)
            }
            Self::Array(_) => "array",
            Self::Map(_) => "map",
            Self::Union(_) => "union",
        }
    }

    /// Schemas below this one, itself included.
    pub fn nodes(&self) -> usize {
        1 + match self {
            Self::Record(record) => record.fields.iter().map(|field| field.schema.nodes()).sum(),
            Self::Array(item) | Self::Map(item) => item.nodes(),
            Self::Union(branches) => branches.iter().map(Self::nodes).sum(),
            _ => 0,
        }
    }
}

/// A field that is there is `Some`, even if it is null.
fn some<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Option::<Value>::deserialize(deserializer).map(|value| Some(value.unwrap_or(Value::Null)))
}
