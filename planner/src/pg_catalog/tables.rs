//! The rows that a view adds to `pg_catalog`'s tables, beside those that every PostgreSQL has.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::error::DataFusionError;
use parking_lot::Mutex;
use weir_connectors::pgtype::OwnType;
use weir_encode::wire_type;
use weir_values::array::Array;

use super::acl::{self, Privileges};
use super::layout::{PG_CATALOG, Relation};
use super::objects::{self, DATABASE_OID, OWNER, OWNER_OID, Objects, Table};
use super::own_types;
use super::rows::{Cell, File, column};
use crate::PlanError;

/// Some columns of a row by their names; the others hold nothing.
pub(crate) type Row<'a> = Vec<(&'static str, Cell<'a>)>;

/// `pg_class.oid` of `pg_class`, under which descriptions of tables stand.
pub(crate) const PG_CLASS: u32 = 1259;

/// How a type's values are kept, as `pg_attribute` says it again.
pub(super) struct Kept {
    pub length: &'static str,
    pub by_value: &'static str,
    pub alignment: &'static str,
    pub storage: &'static str,
    pub collation: &'static str,
}

static KEPT: LazyLock<HashMap<u32, Kept>> = LazyLock::new(|| {
    let file = File::of("pg_type");
    let columns = ["oid", "typlen", "typbyval", "typalign", "typstorage", "typcollation"];
    let rows = file.iter().flat_map(|file| file.select(columns));
    let row = |[oid, length, by_value, alignment, storage, collation]: [&'static str; 6]| {
        Some((oid.parse().ok()?, Kept { length, by_value, alignment, storage, collation }))
    };
    rows.filter_map(row).collect()
});

/// The rows that a view adds to a table; none to most.
pub(super) fn rows<'o>(objects: &'o Objects, table: &str) -> Vec<Row<'o>> {
    match table {
        "pg_namespace" => objects.schemas.iter().map(|schema| namespace(schema, &objects.user)).collect(),
        "pg_class" => {
            let tables = objects.tables.iter().map(|table| class(table, &objects.user));
            tables.chain(objects.types.iter().filter_map(own_types::class)).collect()
        }
        "pg_attribute" => {
            let tables = objects.tables.iter().flat_map(|table| attributes(table.oid, &table.columns));
            tables.chain(objects.types.iter().flat_map(own_types::attributes)).collect()
        }
        "pg_type" => own_types::types(objects),
        "pg_enum" => own_types::labels(objects),
        "pg_description" => objects.tables.iter().filter_map(description).collect(),
        "pg_database" => vec![database(&objects.database)],
        "pg_authid" => objects.roles().into_iter().map(|(oid, name)| role(oid, name, name == objects.user)).collect(),
        _ => Vec::new(),
    }
}

fn number(value: impl Into<i64>) -> Cell<'static> {
    Cell::Int(value.into())
}

fn namespace<'o>(schema: &'o objects::Schema, user: &str) -> Row<'o> {
    vec![
        ("oid", number(schema.oid)),
        ("nspname", schema.name.as_str().into()),
        ("nspowner", number(OWNER_OID)),
        ("nspacl", granted(user, acl::OF_SCHEMAS, "U")),
    ]
}

/// What the owner holds on a thing that a principal may see, and what that principal holds.
fn granted(user: &str, kind: Privileges, held: &str) -> Cell<'static> {
    let mut items = kind.usual(OWNER);
    if user != OWNER {
        items.push(acl::item(user, held, OWNER));
    }
    let array: Array = items.into_iter().map(Some).collect::<Vec<_>>().into();
    array.print().map_or(Cell::Null, |text| Cell::Text(Cow::Owned(text)))
}

fn class<'o>(table: &'o Table, user: &str) -> Row<'o> {
    let width = i64::try_from(table.columns.fields().len()).unwrap_or(i64::MAX);
    vec![
        ("oid", number(table.oid)),
        ("relname", table.name.as_str().into()),
        ("relnamespace", number(table.schema)),
        ("relowner", number(OWNER_OID)),
        // heap
        ("relam", number(2)),
        ("relfilenode", number(table.oid)),
        // Never counted.
        ("reltuples", number(-1)),
        ("relpersistence", "p".into()),
        ("relkind", "r".into()),
        ("relnatts", number(width)),
        ("relispopulated", Cell::Bool(true)),
        ("relreplident", "d".into()),
        ("relacl", granted(user, acl::OF_TABLES, "r")),
    ]
}

/// The columns of a table, or of a composite type.
pub(super) fn attributes<'o>(relation: u32, columns: &'o Schema) -> impl Iterator<Item = Row<'o>> {
    columns.fields().iter().zip(1_i64..).map(move |(field, place)| {
        let ty = wire_type(field);
        let own = OwnType::of(field);
        let kept = match &own {
            Some(own) => Some(own_types::kept(own, own.array_oid() == ty.oid)),
            None => KEPT.get(&ty.oid),
        };
        let own = own.map(|own| own.array_oid() == ty.oid);
        let of_type = |told: fn(&Kept) -> &'static str| kept.map_or(Cell::Nothing, |kept| told(kept).into());
        let is_array = own.unwrap_or_else(|| weir_values::system::element_type_of(ty.oid).is_some());
        vec![
            ("attrelid", number(relation)),
            ("attname", field.name().as_str().into()),
            ("atttypid", number(ty.oid)),
            ("attlen", of_type(|kept| kept.length)),
            ("attnum", number(place)),
            ("attcacheoff", number(-1)),
            ("atttypmod", number(ty.typmod)),
            ("attndims", number(i32::from(is_array))),
            ("attbyval", of_type(|kept| kept.by_value)),
            ("attalign", of_type(|kept| kept.alignment)),
            ("attstorage", of_type(|kept| kept.storage)),
            ("attnotnull", Cell::Bool(!field.is_nullable())),
            ("attislocal", Cell::Bool(true)),
            ("attcollation", of_type(|kept| kept.collation)),
        ]
    })
}

fn description(table: &Table) -> Option<Row<'_>> {
    let comment = table.comment.as_deref()?;
    Some(vec![("objoid", number(table.oid)), ("classoid", number(PG_CLASS)), ("description", comment.into())])
}

fn database(name: &str) -> Row<'_> {
    vec![
        ("oid", number(DATABASE_OID)),
        ("datname", name.into()),
        ("datdba", number(OWNER_OID)),
        // UTF8
        ("encoding", number(6)),
        ("datlocprovider", "c".into()),
        ("datallowconn", Cell::Bool(true)),
        ("datconnlimit", number(-1)),
        // pg_default
        ("dattablespace", number(1663)),
        ("datcollate", "C".into()),
        ("datctype", "C".into()),
    ]
}

fn role(oid: u32, name: &str, is_self: bool) -> Row<'_> {
    vec![
        ("oid", number(oid)),
        ("rolname", name.into()),
        ("rolinherit", Cell::Bool(true)),
        ("rolcanlogin", Cell::Bool(is_self)),
        ("rolconnlimit", number(-1)),
    ]
}

/// The rows that every PostgreSQL has in a relation, and those of a view.
pub(super) fn batches(relation: &Relation, rows: &[Row<'_>]) -> Result<Vec<RecordBatch>, PlanError> {
    let mut batches = Vec::with_capacity(2);
    if let Some(built_in) = built_in(relation)? {
        batches.push(built_in);
    }
    if !rows.is_empty() {
        batches.push(made(&relation.columns, rows)?);
    }
    Ok(batches)
}

/// The rows that every PostgreSQL has in a relation; read once.
fn built_in(relation: &Relation) -> Result<Option<RecordBatch>, PlanError> {
    static READ: LazyLock<Mutex<HashMap<u32, RecordBatch>>> = LazyLock::new(Mutex::default);
    if let Some(read) = READ.lock().get(&relation.oid) {
        return Ok(Some(read.clone()));
    }
    let Some(file) = File::of(relation.name).filter(|_| relation.namespace == PG_CATALOG) else { return Ok(None) };
    let columns = relation.columns.fields().iter().map(|field| {
        let cells: Vec<Cell<'_>> = file.column(field.name()).collect();
        column(field.data_type(), &cells)
    });
    let read = batch(&relation.columns, columns.collect())?;
    READ.lock().insert(relation.oid, read.clone());
    Ok(Some(read))
}

/// Rows as columns.
fn made(schema: &SchemaRef, rows: &[Row<'_>]) -> Result<RecordBatch, PlanError> {
    let columns = schema.fields().iter().map(|field| {
        let cells: Vec<Cell<'_>> = rows.iter().map(|row| cell(row, field)).collect();
        column(field.data_type(), &cells)
    });
    batch(schema, columns.collect())
}

/// A column of a row; one that can't be NULL holds something.
fn cell<'a>(row: &Row<'a>, field: &Field) -> Cell<'a> {
    let found = row.iter().find(|(name, _)| name == field.name()).map(|(_, cell)| cell.clone());
    let cell = found.unwrap_or(Cell::Nothing);
    if field.is_nullable() { cell } else { cell.or_zero(field.data_type()) }
}

fn batch(
    schema: &SchemaRef,
    columns: Result<Vec<arrow::array::ArrayRef>, arrow::error::ArrowError>,
) -> Result<RecordBatch, PlanError> {
    let batch = columns.and_then(|columns| RecordBatch::try_new(std::sync::Arc::clone(schema), columns));
    batch.map_err(|error| PlanError::from(DataFusionError::from(error)))
}
