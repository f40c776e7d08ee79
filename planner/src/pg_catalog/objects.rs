//! The objects that a view has: schemas, tables and roles with the numbers by which catalogs name them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema as Columns, SchemaRef};
use weir_connectors::pgtype::{self, FIRST_OID, Member, OwnType};

use super::builtins::TYPES;
use super::{OWN_SCHEMA, layout, status};
use crate::bind::pg::types::{Base, PgType};
use crate::view::View;

/// The owner of all that is there.
pub(crate) const OWNER: &str = "weir";
/// `pg_authid.oid` of the owner.
pub(crate) const OWNER_OID: u32 = 10;
/// `pg_database.oid` of the one database.
pub(crate) const DATABASE_OID: u32 = 5;

/// What one principal sees.
pub(crate) struct Objects {
    pub database: String,
    pub user: String,
    pub schemas: Vec<Schema>,
    pub tables: Vec<Table>,
    /// The types of sources that columns are of.
    pub types: Vec<Type>,
    by_oid: HashMap<u32, usize>,
    by_name: HashMap<(u32, String), usize>,
}

pub(crate) struct Schema {
    pub oid: u32,
    pub name: String,
}

pub(crate) struct Table {
    pub oid: u32,
    pub schema: u32,
    pub name: String,
    pub columns: SchemaRef,
    pub comment: Option<String>,
}

pub(crate) struct Type {
    pub oid: u32,
    pub array_oid: u32,
    pub schema: u32,
    pub definition: OwnType,
    /// The fields of a composite type.
    pub members: SchemaRef,
}

/// A type of a source, or the array type over it.
#[derive(Clone, Copy)]
pub(crate) struct Own<'o> {
    pub definition: &'o OwnType,
    pub is_array: bool,
}

/// A table, of the view or of the catalogs, or a composite type.
#[derive(Clone, Copy)]
pub(crate) struct Relation<'o> {
    pub namespace: u32,
    pub name: &'o str,
    pub columns: &'o SchemaRef,
    pub comment: Option<&'o str>,
    pub is_view: bool,
}

impl Objects {
    pub fn of(view: &View) -> Self {
        let types = types_of(view);
        let mut schemas: BTreeMap<&str, BTreeMap<&str, (SchemaRef, Option<&str>)>> = BTreeMap::new();
        for (schema, tables) in view.schemas() {
            let tables = tables
                .iter()
                .map(|(name, table)| (name.as_str(), (Arc::clone(&table.columns), table.info.comment.as_deref())));
            schemas.insert(schema, tables.collect());
        }
        if view.may_see_policies {
            schemas.insert(OWN_SCHEMA, BTreeMap::from([(status::TABLE, (status::columns_of_table(), None))]));
        }
        for (schema, _) in types.keys() {
            schemas.entry(schema).or_default();
        }
        let mut numbers = Numbers::default();
        // Theirs are told without the view.
        let own = types.values().flat_map(|ty| [Some(ty.oid()), Some(ty.array_oid()), ty.class_oid()]);
        numbers.taken.extend(own.flatten().map(|oid| (oid, ())));
        let mut objects = Self {
            database: view.runtime.database.clone(),
            user: view.principal.user.to_string(),
            schemas: Vec::new(),
            tables: Vec::new(),
            types: Vec::new(),
            by_oid: HashMap::new(),
            by_name: HashMap::new(),
        };
        for (name, tables) in schemas {
            let schema = numbers.of(&[name]);
            objects.schemas.push(Schema { oid: schema, name: name.to_owned() });
            for (table, (columns, comment)) in tables {
                let oid = numbers.of(&[name, table]);
                let at = objects.tables.len();
                objects.by_oid.insert(oid, at);
                objects.by_name.insert((schema, table.to_owned()), at);
                let comment = comment.map(str::to_owned);
                objects.tables.push(Table { oid, schema, name: table.to_owned(), columns, comment });
            }
        }
        for ((schema, _), definition) in &types {
            if let Some(schema) = objects.namespace(schema) {
                let (oid, array_oid) = (definition.oid(), definition.array_oid());
                let (definition, members) = (definition.clone(), Arc::new(Columns::new(members_of(definition))));
                objects.types.push(Type { oid, array_oid, schema, definition, members });
            }
        }
        objects
    }

    /// The type of a source that has a name in a schema.
    pub fn own_type_named(&self, namespace: u32, name: &str) -> Option<Own<'_>> {
        let named = |ty: &Type| match &ty.definition {
            definition if definition.name() == name => Some(false),
            definition if definition.array_name() == name => Some(true),
            _ => None,
        };
        let mut all = self.types.iter().filter(|ty| ty.schema == namespace);
        all.find_map(|ty| named(ty).map(|is_array| Own { definition: &ty.definition, is_array }))
    }

    /// The type of a source that has a number, and its schema's.
    pub fn own_type(&self, oid: u32) -> Option<(u32, Own<'_>)> {
        let ty = self.types.iter().find(|ty| ty.oid == oid || ty.array_oid == oid)?;
        Some((ty.schema, Own { definition: &ty.definition, is_array: ty.array_oid == oid }))
    }

    /// Whether a type's name alone means it.
    pub fn sees_type(&self, path: &[u32], oid: u32) -> bool {
        let Some((_, own)) = self.own_type(oid) else { return false };
        let name = own.name();
        let in_schema = |schema: &u32| match TYPES.find(&name, Some(*schema)).next() {
            Some(built_in) => Some(built_in),
            None => self.own_type_named(*schema, &name).map(Own::oid),
        };
        path.iter().find_map(in_schema) == Some(oid)
    }

    pub fn namespace(&self, name: &str) -> Option<u32> {
        let own = || self.schemas.iter().find(|schema| schema.name == name).map(|schema| schema.oid);
        layout::namespace(name).or_else(own)
    }

    pub fn namespace_name(&self, oid: u32) -> Option<&str> {
        let built_in = layout::NAMESPACES.iter().find(|(known, _)| *known == oid).map(|(_, name)| *name);
        built_in.or_else(|| self.schemas.iter().find(|schema| schema.oid == oid).map(|schema| schema.name.as_str()))
    }

    pub fn relation(&self, oid: u32) -> Option<Relation<'_>> {
        if let Some(known) = layout::RELATIONS.get(&oid) {
            let (namespace, name, columns) = (known.namespace, known.name, &known.columns);
            let is_view = known.kind == 'v';
            return Some(Relation { namespace, name, columns, comment: None, is_view });
        }
        let Some(table) = self.by_oid.get(&oid).and_then(|at| self.tables.get(*at)) else {
            let ty = self.types.iter().find(|ty| ty.definition.class_oid() == Some(oid))?;
            let (namespace, name, columns) = (ty.schema, ty.definition.name(), &ty.members);
            return Some(Relation { namespace, name, columns, comment: None, is_view: false });
        };
        let (name, comment) = (table.name.as_str(), table.comment.as_deref());
        Some(Relation { namespace: table.schema, name, columns: &table.columns, comment, is_view: false })
    }

    /// The number of a relation of a schema.
    pub fn relation_named(&self, namespace: u32, name: &str) -> Option<u32> {
        if let Some(known) = layout::relation(namespace, name) {
            return Some(known.oid);
        }
        let Some(at) = self.by_name.get(&(namespace, name.to_owned())) else {
            let ty = self.types.iter().find(|ty| ty.schema == namespace && ty.definition.name() == name)?;
            return ty.definition.class_oid();
        };
        self.tables.get(*at).map(|table| table.oid)
    }

    /// The schemas that names without one are looked up in.
    pub fn path(&self, search_path: &[String]) -> Vec<u32> {
        let mut path: Vec<u32> = search_path.iter().filter_map(|schema| self.namespace(schema)).collect();
        if !path.contains(&layout::PG_CATALOG) {
            path.insert(0, layout::PG_CATALOG);
        }
        path
    }

    /// The roles that can be seen: the owner and oneself.
    pub fn roles(&self) -> Vec<(u32, &str)> {
        let mut roles = vec![(OWNER_OID, OWNER)];
        if self.user != OWNER {
            roles.push((Numbers::default().of(&["role", "", &self.user]), &self.user));
        }
        roles
    }
}

/// The types of sources that visible columns are of, and those within, by schema and name.
fn types_of(view: &View) -> BTreeMap<(String, String), OwnType> {
    let tables = view.schemas().values().flat_map(BTreeMap::values);
    let mut found: Vec<OwnType> =
        tables.flat_map(|table| table.columns.fields()).filter_map(|field| OwnType::of(field)).collect();
    let mut types = BTreeMap::new();
    while let Some(ty) = found.pop() {
        found.extend(ty.within().cloned());
        types.insert((ty.schema().to_owned(), ty.name().to_owned()), ty);
    }
    types
}

/// The fields of a composite type as columns are told.
fn members_of(ty: &OwnType) -> Vec<Field> {
    let OwnType::Composite(composite) = ty else { return Vec::new() };
    let field = |member: &Member| {
        let ty = PgType::of_member(member, false).unwrap_or(Base::Text.into());
        let data = if ty.is(Base::Record) { DataType::Utf8 } else { ty.storage() };
        ty.mark(Field::new(&member.name, data, true))
    };
    composite.members.iter().map(field).collect()
}

impl Own<'_> {
    pub fn oid(self) -> u32 {
        if self.is_array { self.definition.array_oid() } else { self.definition.oid() }
    }

    /// `pg_type.typname`
    pub fn name(self) -> String {
        if self.is_array { self.definition.array_name() } else { self.definition.name().to_owned() }
    }
}

/// Numbers that objects keep as long as they keep their names, whoever looks.
#[derive(Default)]
struct Numbers {
    taken: HashMap<u32, ()>,
}

impl Numbers {
    fn of(&mut self, parts: &[&str]) -> u32 {
        let mut oid = pgtype::number(parts);
        while self.taken.insert(oid, ()).is_some() {
            oid = if oid < i32::MAX as u32 { oid + 1 } else { FIRST_OID };
        }
        oid
    }
}
