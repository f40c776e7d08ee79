//! The relations of `pg_catalog` and `information_schema`, and the types of their columns.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use arrow::datatypes::{Field, Schema, SchemaRef};
use weir_connectors::pgtype;

use super::rows::File;
use crate::bind::pg::types::{Base, PgType};

/// A relation that every PostgreSQL has.
pub(super) struct Relation {
    pub oid: u32,
    pub namespace: u32,
    pub name: &'static str,
    /// `pg_class.relkind`
    pub kind: char,
    pub columns: SchemaRef,
}

/// Oids of schemas.
pub(crate) const PG_CATALOG: u32 = 11;

/// The schemas that every PostgreSQL has.
pub(super) static NAMESPACES: LazyLock<Vec<(u32, &'static str)>> = LazyLock::new(|| {
    let file = File::of("pg_namespace");
    let rows = file.iter().flat_map(|file| file.select(["oid", "nspname"]));
    rows.filter_map(|[oid, name]| Some((oid.parse().ok()?, name))).collect()
});

/// By their oids.
pub(super) static RELATIONS: LazyLock<BTreeMap<u32, Relation>> = LazyLock::new(|| relations().unwrap_or_default());

static NAMES: LazyLock<HashMap<(u32, &'static str), u32>> =
    LazyLock::new(|| RELATIONS.values().map(|relation| ((relation.namespace, relation.name), relation.oid)).collect());

pub(super) fn namespace(name: &str) -> Option<u32> {
    NAMESPACES.iter().find(|(_, known)| *known == name).map(|(oid, _)| *oid)
}

/// The relation of a name in a schema.
pub(super) fn relation(namespace: u32, name: &str) -> Option<&'static Relation> {
    NAMES.get(&(namespace, name)).and_then(|oid| RELATIONS.get(oid))
}

/// The names of a relation's columns.
pub(super) fn column_names(relation: u32) -> impl Iterator<Item = &'static str> {
    RELATIONS
        .get(&relation)
        .into_iter()
        .flat_map(|relation| relation.columns.fields())
        .map(|field| field.name().as_str())
}

fn relations() -> Option<BTreeMap<u32, Relation>> {
    let types = File::of("pg_type")?;
    let types: HashMap<&str, (&str, &str, &str, &str)> = types
        .select(["oid", "typname", "typbasetype", "typtypmod", "typelem"])
        .map(|[oid, name, base, typmod, element]| (oid, (name, base, typmod, element)))
        .collect();
    let mut fields: HashMap<&str, Vec<Field>> = HashMap::new();
    let attributes = File::of("pg_attribute")?;
    for [relation, name, mut oid, typmod, is_required] in
        attributes.select(["attrelid", "attname", "atttypid", "atttypmod", "attnotnull"])
    {
        // A domain is shown as what it is of.
        let (mut typname, base, domain_typmod, _) = *types.get(oid)?;
        let mut typmod: i32 = typmod.parse().ok()?;
        if base != "0" {
            oid = base;
            typmod = domain_typmod.parse().ok()?;
            typname = types.get(oid)?.0;
        }
        let array = typname.strip_prefix('_').and_then(|_| types.get(types.get(oid)?.3)).map(|element| element.0);
        let ty = match array {
            Some(element) => known(element).array_of(),
            None => known(typname),
        };
        let field = Field::new(name, ty.storage(), is_required != "t");
        let prefix = if ty.is_array { "_" } else { "" };
        let field = pgtype::mark(field, &format!("{prefix}{}", ty.typname()), typmod);
        fields.entry(relation).or_default().push(field);
    }
    let classes = File::of("pg_class")?;
    let relation = |[oid, name, namespace, kind]: [&'static str; 4]| {
        let columns = Arc::new(Schema::new(fields.remove(oid)?));
        let oid = oid.parse().ok()?;
        let relation = Relation { oid, namespace: namespace.parse().ok()?, name, kind: kind.chars().next()?, columns };
        Some((oid, relation))
    };
    classes.select(["oid", "relname", "relnamespace", "relkind"]).map(relation).collect()
}

/// What isn't known here is shown as text.
fn known(typname: &str) -> PgType {
    PgType::named(typname).filter(|ty| !ty.base.is_polymorphic()).unwrap_or(Base::Text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_postgresqls_types() {
        let shown = |schema: &str, name: &str| {
            let relation = relation(namespace(schema).unwrap(), name).unwrap();
            let column = |field: &Arc<Field>| format!("{} {}", field.name(), PgType::of_field(field).unwrap());
            relation.columns.fields().iter().map(column).collect::<Vec<_>>().join(", ")
        };
        let namespaces = "oid oid, nspname name, nspowner oid, nspacl aclitem[]";
        assert_eq!(shown("pg_catalog", "pg_namespace"), namespaces);
        let keys = shown("information_schema", "key_column_usage");
        assert!(keys.starts_with("constraint_catalog name, ") && keys.contains(", ordinal_position integer"), "{keys}");
        assert_eq!(RELATIONS.len(), File::of("pg_class").unwrap().select([]).count());
        assert!(shown("pg_catalog", "pg_index").contains("indkey int2vector"));
    }
}
