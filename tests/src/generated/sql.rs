//! SQL as a tree: enough of one to be written for either server, and to be made smaller piece by piece.

use super::data::Kind;

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
    /// The oracle, where each principal has a copy of every schema under its own name.
    Oracle {
        principal: &'a str,
    },
}

impl Sql {
    pub fn text(text: impl Into<String>) -> Self {
        Sql::Text(text.into())
    }

    pub fn value(kind: Kind, parts: impl IntoIterator<Item = Sql>) -> Self {
        Sql::Value { kind, inner: Box::new(Sql::Sequence(parts.into_iter().collect())) }
    }

    pub fn optional(parts: impl IntoIterator<Item = Sql>) -> Self {
        Sql::Optional(Box::new(Sql::Sequence(parts.into_iter().collect())))
    }

    /// The statement's text.
    pub fn written(&self, dialect: Dialect<'_>) -> String {
        let mut text = String::new();
        self.write(dialect, &mut text);
        text
    }

    /// Whether the result's rows have an order.
    pub fn is_ordered(&self) -> bool {
        match self {
            Sql::Order(_) => true,
            Sql::Sequence(parts) => parts.iter().any(Sql::is_ordered),
            // What stands inside of these has no say in the order of the whole.
            Sql::Text(_) | Sql::Table { .. } | Sql::Attribute { .. } | Sql::Value { .. } | Sql::Optional(_) => false,
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
            (Sql::Sequence(parts), _) => parts.iter().for_each(|part| part.write(dialect, text)),
            (Sql::Value { inner, .. } | Sql::Optional(inner) | Sql::Order(inner), _) => inner.write(dialect, text),
        }
    }
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
