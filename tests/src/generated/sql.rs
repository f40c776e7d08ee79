//! SQL as a tree: enough of one to be written for either server, and to be made smaller piece by piece.

use std::collections::BTreeSet;

use super::data::{Kind, RECORD};

/// A piece of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sql {
    Text(String),
    /// A table of the mesh.
    Table {
        schema: &'static str,
        name: String,
    },
    /// An attribute of whoever asks, as rules may use it.
    Attribute {
        name: &'static str,
        kind: AttributeKind,
    },
    /// A condition or value of a rule's that asks a sub-select: `before (select)`.
    Selecting {
        before: Box<Sql>,
        select: Box<Sql>,
    },
    Sequence(Vec<Sql>),
    /// An expression; any smaller one of its kind may stand in its place.
    Value {
        kind: Kind,
        inner: Box<Sql>,
    },
    /// A clause that a statement can go without.
    Optional(Box<Sql>),
    /// The clause that gives the result's rows their order, which is total but for rows that are alike.
    Order(Box<Sql>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeKind {
    Text,
    Int,
    Texts,
}

/// Whom a statement is written for.
#[derive(Debug, Clone, Copy)]
pub enum Dialect<'a> {
    Weir,
    /// The oracle, where each principal has a copy of every schema under its own name, and [`AUTHOR`] one of all there is.
    Oracle {
        principal: &'a str,
    },
}

/// Who reads everything in the oracle: the author of the rules.
pub const AUTHOR: Dialect<'static> = Dialect::Oracle { principal: "raw" };

impl Sql {
    pub fn text(text: impl Into<String>) -> Self {
        Sql::Text(text.into())
    }

    pub fn value(kind: Kind, parts: impl IntoIterator<Item = Sql>) -> Self {
        Sql::Value { kind, inner: Box::new(Sql::Sequence(parts.into_iter().collect())) }
    }

    pub fn selecting(before: Sql, select: Sql) -> Self {
        Sql::Selecting { before: Box::new(before), select: Box::new(select) }
    }

    pub fn optional(parts: impl IntoIterator<Item = Sql>) -> Self {
        Sql::Optional(Box::new(Sql::Sequence(parts.into_iter().collect())))
    }

    /// The statement's text.
    pub fn written(&self, dialect: Dialect<'_>) -> String {
        let mut text = String::new();
        self.write(dialect, &mut text);
        match dialect {
            Dialect::Weir => with_fields(text),
            Dialect::Oracle { .. } => text,
        }
    }

    /// Whether the result's rows have an order.
    pub fn is_ordered(&self) -> bool {
        match self {
            Sql::Order(_) => true,
            Sql::Sequence(parts) => parts.iter().any(Sql::is_ordered),
            // What stands inside of these has no say in the order of the whole.
            Sql::Text(_) | Sql::Table { .. } | Sql::Attribute { .. } | Sql::Selecting { .. } => false,
            Sql::Value { .. } | Sql::Optional(_) => false,
        }
    }

    /// Whether a sub-select stands in a rule.
    pub fn selects(&self) -> bool {
        match self {
            Sql::Selecting { .. } => true,
            Sql::Sequence(parts) => parts.iter().any(Sql::selects),
            Sql::Value { inner, .. } | Sql::Optional(inner) | Sql::Order(inner) => inner.selects(),
            Sql::Text(_) | Sql::Table { .. } | Sql::Attribute { .. } => false,
        }
    }

    /// Schema and name of each table that is named.
    pub fn tables(&self) -> BTreeSet<(&'static str, &str)> {
        self.leaves()
            .into_iter()
            .filter_map(
                |leaf| if let Sql::Table { schema, name } = leaf { Some((*schema, name.as_str())) } else { None },
            )
            .collect()
    }

    /// The attributes that are asked for.
    fn attributes(&self) -> BTreeSet<&'static str> {
        self.leaves()
            .into_iter()
            .filter_map(|leaf| if let Sql::Attribute { name, .. } = leaf { Some(*name) } else { None })
            .collect()
    }

    fn leaves(&self) -> Vec<&Sql> {
        match self {
            Sql::Text(_) | Sql::Table { .. } | Sql::Attribute { .. } => vec![self],
            Sql::Selecting { before, select } => [before.leaves(), select.leaves()].concat(),
            Sql::Sequence(parts) => parts.iter().flat_map(Sql::leaves).collect(),
            Sql::Value { inner, .. } | Sql::Optional(inner) | Sql::Order(inner) => inner.leaves(),
        }
    }

    /// Whether a column stands in it: only their names are quoted.
    pub fn names_column(&self) -> bool {
        self.written(Dialect::Weir).contains('"')
    }

    /// Whether a column stands in what a query puts out.
    pub fn selects_column(&self) -> bool {
        self.written(Dialect::Weir).split_once(" FROM ").is_some_and(|(items, _)| items.contains('"'))
    }

    fn write(&self, dialect: Dialect<'_>, text: &mut String) {
        match (self, dialect) {
            (Sql::Text(piece), _) => text.push_str(piece),
            (Sql::Table { schema, name }, Dialect::Weir) => *text += &format!("{schema}.{name}"),
            (Sql::Table { schema, name }, Dialect::Oracle { principal }) => {
                *text += &format!("{principal}_{schema}.{name}");
            }
            (Sql::Attribute { name, .. }, Dialect::Weir) => *text += &format!("attr('{name}')"),
            (Sql::Attribute { name, kind }, Dialect::Oracle { .. }) => {
                let function = match kind {
                    AttributeKind::Text => "attr_text",
                    AttributeKind::Int => "attr_int",
                    AttributeKind::Texts => "attr_texts",
                };
                *text += &format!("{function}('{name}')");
            }
            (Sql::Selecting { before, select }, _) => {
                let guard = guard(select, dialect);
                *text += if guard.is_empty() { "(" } else { "(CASE WHEN " };
                *text += &guard;
                before.write(dialect, text);
                *text += "(";
                select.write(dialect, text);
                *text += if guard.is_empty() { "))" } else { ") END)" };
            }
            (Sql::Sequence(parts), _) => parts.iter().for_each(|part| part.write(dialect, text)),
            (Sql::Value { inner, .. } | Sql::Optional(inner) | Sql::Order(inner), _) => inner.write(dialect, text),
        }
    }
}

/// To Weir a sub-select is NULL for whoever lacks an attribute that it reads; the oracle has to be told so.
fn guard(select: &Sql, dialect: Dialect<'_>) -> String {
    let attributes = match dialect {
        Dialect::Weir => BTreeSet::new(),
        Dialect::Oracle { .. } => select.attributes(),
    };
    let known: Vec<String> = attributes.iter().map(|name| format!("has_attr('{name}')")).collect();
    if known.is_empty() { String::new() } else { format!("{} THEN ", known.join(" AND ")) }
}

/// A record's fields as Weir names them; the oracle has a column for each.
fn with_fields(text: String) -> String {
    RECORD.iter().fold(text, |text, name| match name.split_once('.') {
        Some((record, field)) => text.replace(&format!("\"{name}\""), &format!("\"{record}\"['{field}']")),
        None => text,
    })
}

/// `sql!["(", a, " + ", b, ")"]`: pieces in a row, texts and trees alike.
#[macro_export]
macro_rules! sql {
    ($($part:expr),* $(,)?) => {
        $crate::generated::sql::Sql::Sequence(vec![$($crate::generated::sql::Sql::from($part)),*])
    };
}

impl From<&str> for Sql {
    fn from(text: &str) -> Self {
        Sql::Text(text.to_owned())
    }
}

impl From<String> for Sql {
    fn from(text: String) -> Self {
        Sql::Text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sub_select_is_null_without_its_attributes() {
        let table = Sql::Table { schema: "lake", name: "t0".to_owned() };
        let team = Sql::Attribute { name: "team", kind: AttributeKind::Text };
        let select = sql!["SELECT s.\"r.f0\" FROM ", table, " AS s WHERE s.team = ", team];
        let condition = Sql::selecting(sql!["a IN "], select);
        assert_eq!(
            condition.written(Dialect::Weir),
            "(a IN (SELECT s.\"r\"['f0'] FROM lake.t0 AS s WHERE s.team = attr('team')))"
        );
        assert_eq!(
            condition.written(AUTHOR),
            "(CASE WHEN has_attr('team') THEN a IN (SELECT s.\"r.f0\" FROM raw_lake.t0 AS s \
             WHERE s.team = attr_text('team')) END)"
        );
        assert!(condition.selects() && condition.tables().contains(&("lake", "t0")));
    }
}
