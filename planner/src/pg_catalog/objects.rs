//! The objects that a view has: schemas, tables and roles with the numbers by which catalogs name them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::datatypes::SchemaRef;

use super::{OWN_SCHEMA, layout, status};
use crate::view::View;

/// The owner of all that is there.
pub(crate) const OWNER: &str = "weir";
/// `pg_authid.oid` of the owner.
pub(crate) const OWNER_OID: u32 = 10;
/// `pg_database.oid` of the one database.
pub(crate) const DATABASE_OID: u32 = 5;
/// The least number of what isn't built in.
const FIRST_OID: u32 = 16384;

/// What one principal sees.
pub(crate) struct Objects {
    pub database: String,
    pub user: String,
    pub schemas: Vec<Schema>,
    pub tables: Vec<Table>,
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

/// A table, of the view or of the catalogs.
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
        let mut numbers = Numbers::default();
        let mut objects = Self {
            database: view.runtime.database.clone(),
            user: view.principal.user.to_string(),
            schemas: Vec::new(),
            tables: Vec::new(),
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
        objects
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
        let table = self.tables.get(*self.by_oid.get(&oid)?)?;
        let (name, comment) = (table.name.as_str(), table.comment.as_deref());
        Some(Relation { namespace: table.schema, name, columns: &table.columns, comment, is_view: false })
    }

    /// The number of a relation of a schema.
    pub fn relation_named(&self, namespace: u32, name: &str) -> Option<u32> {
        if let Some(known) = layout::relation(namespace, name) {
            return Some(known.oid);
        }
        let at = self.by_name.get(&(namespace, name.to_owned()))?;
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

/// Numbers that objects keep as long as they keep their names, whoever looks.
#[derive(Default)]
struct Numbers {
    taken: HashMap<u32, ()>,
}

impl Numbers {
    /// By FNV-1a over the parts of a name.
    fn of(&mut self, parts: &[&str]) -> u32 {
        let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
        let hash =
            bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let mut oid = FIRST_OID + u32::try_from(hash % u64::from(i32::MAX as u32 - FIRST_OID)).unwrap_or(0);
        while self.taken.insert(oid, ()).is_some() {
            oid = if oid < i32::MAX as u32 { oid + 1 } else { FIRST_OID };
        }
        oid
    }
}
