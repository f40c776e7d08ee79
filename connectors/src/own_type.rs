//! Types that a source has itself, kept in the metadata of the columns that are of them.

use arrow::datatypes::Field;
use serde::{Deserialize, Serialize};

use crate::pgtype::{mark, number};

/// Metadata key: the type of the values, or of an array's items: [`OwnType`] as JSON.
pub const OWN_KEY: &str = "weir.own_type";
/// What the type's key says of an enum type, whatever its name; of an array of such `_enum`.
pub const ENUM: &str = "enum";
/// The same of a composite type.
pub const COMPOSITE: &str = "composite";

/// A type of a source.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnType {
    Enum(EnumType),
    Composite(CompositeType),
}

/// An enum type. Its values are held as their labels.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EnumType {
    /// The SQL schema in which the type is named.
    pub schema: String,
    pub name: String,
    /// In the type's order.
    pub labels: Vec<String>,
}

/// A composite type. Its values come as the texts that PostgreSQL prints.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CompositeType {
    /// The SQL schema in which the type is named.
    pub schema: String,
    pub name: String,
    pub members: Vec<Member>,
}

/// A field of a composite type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Member {
    pub name: String,
    /// As a column's type is told: `int4`, `_text`, `enum`, `_enum`, `composite`.
    pub typname: String,
    pub typmod: i32,
    /// The type of the source that it is, or that its items are.
    pub own: Option<OwnType>,
}

impl OwnType {
    /// The type that the field was marked with.
    pub fn of(field: &Field) -> Option<Self> {
        serde_json::from_str(field.metadata().get(OWN_KEY)?).ok()
    }

    /// `field`, marked as being of the type, or of its array type.
    pub fn mark(&self, field: Field, is_array: bool) -> Field {
        let kind = match self {
            Self::Enum(_) => ENUM,
            Self::Composite(_) => COMPOSITE,
        };
        let field = mark(field, &if is_array { format!("_{kind}") } else { kind.to_owned() }, -1);
        let mut metadata = field.metadata().clone();
        metadata.insert(OWN_KEY.to_owned(), serde_json::json!(self).to_string());
        field.with_metadata(metadata)
    }

    pub fn schema(&self) -> &str {
        match self {
            Self::Enum(ty) => &ty.schema,
            Self::Composite(ty) => &ty.schema,
        }
    }

    /// `pg_type.typname`
    pub fn name(&self) -> &str {
        match self {
            Self::Enum(ty) => &ty.name,
            Self::Composite(ty) => &ty.name,
        }
    }

    /// `pg_type.typname` of its array type.
    pub fn array_name(&self) -> String {
        format!("_{}", self.name())
    }

    /// `pg_type.oid`
    pub fn oid(&self) -> u32 {
        number(&["type", "", self.schema(), self.name()])
    }

    /// `pg_type.oid` of its array type.
    pub fn array_oid(&self) -> u32 {
        number(&["type", "", self.schema(), &self.array_name()])
    }

    /// `pg_type.typrelid`, as the number of a table of the name.
    pub fn class_oid(&self) -> Option<u32> {
        match self {
            Self::Enum(_) => None,
            Self::Composite(ty) => Some(number(&[&ty.schema, &ty.name])),
        }
    }

    /// `pg_type.typlen`
    pub fn length(&self) -> i16 {
        match self {
            Self::Enum(_) => 4,
            Self::Composite(_) => -1,
        }
    }

    /// The types that its fields are of.
    pub fn within(&self) -> impl Iterator<Item = &Self> {
        let members = match self {
            Self::Enum(_) => &[][..],
            Self::Composite(ty) => &ty.members,
        };
        members.iter().filter_map(|member| member.own.as_ref())
    }
}
