//! Who asks: a user with roles and attributes.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

/// A user as one policy version sees them. A principal is made anew for each version
/// ([`PolicySet::principal`](crate::PolicySet::principal)): an older one may have roles that were revoked since.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Principal {
    pub user: String,
    /// All roles, inherited ones included, without the prefix `role:`.
    pub roles: BTreeSet<String>,
    /// What row filters read with `attr(...)`. One that isn't here is NULL.
    pub attributes: BTreeMap<String, Attribute>,
}

/// The value of an attribute. All users who have an attribute have it in one kind.
#[derive(Debug, Clone)]
pub enum Attribute {
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    /// Values of one kind, none of them a list.
    List(Vec<Attribute>),
}

impl Attribute {
    /// What kind of value it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Attribute::Text(_) => "a string",
            Attribute::Integer(_) => "an integer",
            Attribute::Float(_) => "a float",
            Attribute::Boolean(_) => "a boolean",
            Attribute::List(items) => match items.first() {
                Some(Attribute::Text(_)) => "a list of strings",
                Some(Attribute::Integer(_)) => "a list of integers",
                Some(Attribute::Float(_)) => "a list of floats",
                Some(Attribute::Boolean(_)) => "a list of booleans",
                Some(Attribute::List(_)) => "a list of lists",
                None => "an empty list",
            },
        }
    }

    /// Whether the other is an integer that may need a larger type.
    pub fn takes_less_than(&self, other: &Self) -> bool {
        let room = |value: &Self| match value {
            Attribute::Integer(number) => Some(if *number < 0 { !*number } else { *number }),
            _ => None,
        };
        matches!((room(self), room(other)), (Some(own), Some(other)) if own < other)
    }

    /// Whether both are of one kind; an empty list is like any list.
    pub fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Attribute::List(one), Attribute::List(another)) => match (one.first(), another.first()) {
                (Some(one), Some(another)) => one.is_like(another),
                _ => true,
            },
            (one, another) => std::mem::discriminant(one) == std::mem::discriminant(another),
        }
    }
}

/// Floats compare by their bits, so that principals can be keys of caches.
impl PartialEq for Attribute {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Attribute::Text(a), Attribute::Text(b)) => a == b,
            (Attribute::Integer(a), Attribute::Integer(b)) => a == b,
            (Attribute::Float(a), Attribute::Float(b)) => a.to_bits() == b.to_bits(),
            (Attribute::Boolean(a), Attribute::Boolean(b)) => a == b,
            (Attribute::List(a), Attribute::List(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Attribute {}

impl Hash for Attribute {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Attribute::Text(text) => text.hash(state),
            Attribute::Integer(number) => number.hash(state),
            Attribute::Float(number) => number.to_bits().hash(state),
            Attribute::Boolean(flag) => flag.hash(state),
            Attribute::List(items) => items.hash(state),
        }
    }
}
