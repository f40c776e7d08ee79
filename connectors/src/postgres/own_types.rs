//! Where the types that a source has itself are named here.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::{Field, FieldRef, Schema, SchemaRef};

use super::kind::RemoteEnum;
use crate::own_type::{COMPOSITE, CompositeType, ENUM, EnumType, Member, OwnType};

/// A type of the source, as the source names it.
#[derive(Debug, Clone)]
pub enum RemoteOwn {
    Enum(RemoteEnum),
    Composite { schema: String, name: String },
}

/// A column of a table, or a field of a composite type.
#[derive(Debug)]
pub struct RemoteMember {
    pub name: String,
    /// See [`Member::typname`]; `None` if its type isn't known here.
    pub typname: Option<String>,
    pub typmod: i32,
    pub own: Option<RemoteOwn>,
}

/// A table or a composite type of the source.
#[derive(Clone, Copy)]
pub struct RemoteRelation<'a> {
    pub schema: &'a str,
    pub name: &'a str,
    pub members: &'a [RemoteMember],
}

/// The names under which types of a source are found: that of its own schema where that is shown, else that of the schema of
/// the tables that use the type.
pub struct OwnTypes<'a> {
    /// SQL schemas and the remote ones that they show.
    schemas: &'a BTreeMap<String, String>,
    composites: BTreeMap<(&'a str, &'a str), &'a [RemoteMember]>,
    /// The remote schema of the type that has a name in an SQL schema.
    named: BTreeMap<(&'a str, &'a str), &'a str>,
}

impl RemoteOwn {
    /// How its kind is told.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Enum(_) => ENUM,
            Self::Composite { .. } => COMPOSITE,
        }
    }

    fn schema(&self) -> &str {
        match self {
            Self::Enum(RemoteEnum { schema, .. }) | Self::Composite { schema, .. } => schema,
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Enum(RemoteEnum { name, .. }) | Self::Composite { name, .. } => name,
        }
    }
}

impl<'a> OwnTypes<'a> {
    /// Of the types that tables use. Types of shown schemas have their names before others.
    pub fn new(
        schemas: &'a BTreeMap<String, String>,
        tables: impl Iterator<Item = RemoteRelation<'a>>,
        composites: impl Iterator<Item = RemoteRelation<'a>>,
    ) -> Self {
        let composites = composites.map(|ty| ((ty.schema, ty.name), ty.members)).collect();
        let mut types = Self { schemas, composites, named: BTreeMap::new() };
        let mut used = Vec::new();
        for table in tables {
            types.collect(table.schema, table.members, &mut used);
        }
        let is_shown = |own: &RemoteOwn| schemas.values().any(|remote| remote == own.schema());
        let (shown, others): (Vec<_>, Vec<_>) = used.into_iter().partition(|(_, own)| is_shown(own));
        for (tables, own) in shown.into_iter().chain(others) {
            for (sql_schema, _) in schemas.iter().filter(|(_, remote)| remote.as_str() == tables) {
                let schema = types.schema_of(own.schema(), sql_schema);
                types.named.entry((schema, own.name())).or_insert(own.schema());
            }
        }
        types
    }

    /// The types that members are of, and those within.
    fn collect(&self, tables: &'a str, members: &'a [RemoteMember], used: &mut Vec<(&'a str, &'a RemoteOwn)>) {
        for own in members.iter().filter_map(|member| member.own.as_ref()) {
            used.push((tables, own));
            if let Some(within) = self.composites.get(&(own.schema(), own.name())) {
                self.collect(tables, within, used);
            }
        }
    }

    /// The SQL schema that a type of a remote schema is named in, where tables of an SQL schema use it.
    fn schema_of(&self, remote: &str, tables: &'a str) -> &'a str {
        let shows = |schema: &&String| self.schemas.get(schema.as_str()).is_some_and(|shown| shown == remote);
        match self.schemas.get(tables).is_some_and(|own| own == remote) {
            true => tables,
            false => self.schemas.keys().find(shows).map_or(tables, String::as_str),
        }
    }

    /// The columns of a table with their types, where these have names of their own here; others are texts.
    pub fn marked(&self, columns: &SchemaRef, members: &[RemoteMember], sql_schema: &'a str) -> SchemaRef {
        if members.iter().all(|member| member.own.is_none()) {
            return Arc::clone(columns);
        }
        let marked = |(field, member): (&FieldRef, &RemoteMember)| {
            let own = member.own.as_ref().and_then(|own| self.own_type(own, sql_schema));
            let is_array = member.typname.as_ref().is_some_and(|typname| typname.starts_with('_'));
            own.map_or_else(|| Arc::clone(field), |own| Arc::new(own.mark(Field::clone(field), is_array)))
        };
        Arc::new(Schema::new(columns.fields().iter().zip(members).map(marked).collect::<Vec<_>>()))
    }

    /// The type as it is named here; `None` if another one has its name, or if one within isn't known.
    fn own_type(&self, own: &RemoteOwn, sql_schema: &'a str) -> Option<OwnType> {
        let schema = self.schema_of(own.schema(), sql_schema);
        if *self.named.get(&(schema, own.name()))? != own.schema() {
            return None;
        }
        let (schema, name) = (schema.to_owned(), own.name().to_owned());
        Some(match own {
            RemoteOwn::Enum(RemoteEnum { labels, .. }) => {
                OwnType::Enum(EnumType { schema, name, labels: labels.clone() })
            }
            RemoteOwn::Composite { .. } => {
                let members = self.composites.get(&(own.schema(), own.name()))?.iter();
                let members = members.map(|member| self.member(member, sql_schema)).collect::<Option<Vec<_>>>()?;
                OwnType::Composite(CompositeType { schema, name, members })
            }
        })
    }

    fn member(&self, member: &RemoteMember, sql_schema: &'a str) -> Option<Member> {
        let own = match &member.own {
            Some(own) => Some(self.own_type(own, sql_schema)?),
            None => None,
        };
        Some(Member { name: member.name.clone(), typname: member.typname.clone()?, typmod: member.typmod, own })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(schema: &str) -> RemoteMember {
        let (schema, labels) = (schema.to_owned(), vec!["ok".to_owned()]);
        let own = RemoteOwn::Enum(RemoteEnum { schema, name: "mood".to_owned(), labels, is_nameable: true });
        RemoteMember { name: "m".to_owned(), typname: Some(ENUM.to_owned()), typmod: -1, own: Some(own) }
    }

    /// The SQL schema of a column of the type in a table of `tables`.
    fn named(schemas: &[(&str, &str)], used: &[(&str, &str)], tables: &str, ty: &str) -> Option<String> {
        let schemas = schemas.iter().map(|(sql, remote)| ((*sql).to_owned(), (*remote).to_owned())).collect();
        let used: Vec<(&str, [RemoteMember; 1])> = used.iter().map(|(tables, ty)| (*tables, [column(ty)])).collect();
        let relations = used.iter().map(|(schema, members)| RemoteRelation { schema, name: "t", members });
        let types = OwnTypes::new(&schemas, relations, std::iter::empty());
        let columns = Arc::new(Schema::new(vec![Field::new("m", arrow::datatypes::DataType::Utf8, true)]));
        let marked = types.marked(&columns, &[column(ty)], tables);
        OwnType::of(marked.field(0)).map(|ty| ty.schema().to_owned())
    }

    #[test]
    fn types_are_named_where_their_schema_is_shown() {
        let shown = [("shop", "public"), ("sales", "sales")];
        assert_eq!(named(&shown, &[("public", "public")], "shop", "public").as_deref(), Some("shop"));
        assert_eq!(named(&shown, &[("sales", "public")], "sales", "public").as_deref(), Some("shop"));
        assert_eq!(named(&shown, &[("sales", "types")], "sales", "types").as_deref(), Some("sales"));
        let twice = [("a", "public"), ("b", "public")];
        assert_eq!(named(&twice, &[("public", "public")], "b", "public").as_deref(), Some("b"));
    }

    #[test]
    fn a_name_means_one_type() {
        let shown = [("sales", "sales")];
        let used = [("sales", "types"), ("sales", "sales"), ("sales", "other")];
        assert_eq!(named(&shown, &used, "sales", "sales").as_deref(), Some("sales"));
        assert_eq!(named(&shown, &used, "sales", "types"), None);
    }
}
