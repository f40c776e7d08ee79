//! The rows of `information_schema`'s tables. One of what there is nothing of, such as constraints, has none; nor have those of
//! routines, which would list what PostgreSQL has built in.

use std::borrow::Cow;

use arrow::datatypes::Field;
use weir_connectors::pgtype::{self, OwnType};
use weir_encode::wire_type;
use weir_values::system::{builtin_by_oid, element_type_of, format_type, numeric_typmod_parts};

use super::layout::{self, RELATIONS};
use super::objects::{OWNER, Objects};
use super::rows::Cell;
use super::tables::Row;

/// The rows of a table.
pub(super) fn rows<'o>(objects: &'o Objects, table: &str) -> Vec<Row<'o>> {
    match table {
        "information_schema_catalog_name" => vec![vec![("catalog_name", objects.database.as_str().into())]],
        "schemata" => schemata(objects),
        "tables" => relations(objects).map(|relation| table_row(objects, &relation)).collect(),
        "views" => {
            relations(objects).filter(|relation| relation.is_view).map(|view| view_row(objects, &view)).collect()
        }
        "columns" => relations(objects).flat_map(|relation| columns(objects, relation)).collect(),
        "table_privileges" | "role_table_grants" => {
            let is_told = |relation: &Shown<'_>| table == "table_privileges" || !relation.is_built_in;
            relations(objects).filter(is_told).map(|relation| table_grant(objects, &relation)).collect()
        }
        "column_privileges" | "role_column_grants" => {
            let is_told = |relation: &Shown<'_>| table == "column_privileges" || !relation.is_built_in;
            relations(objects).filter(is_told).flat_map(|relation| column_grants(objects, relation)).collect()
        }
        "enabled_roles" => vec![vec![("role_name", objects.user.as_str().into())]],
        "character_sets" => vec![character_set(objects)],
        "collations" => COLLATIONS_BY_NAME.map(|name| collation(objects, name)).into(),
        _ => Vec::new(),
    }
}

/// The collations that a statement can name.
const COLLATIONS_BY_NAME: [&str; 3] = ["default", "C", "POSIX"];

struct Shown<'o> {
    schema: &'o str,
    name: &'o str,
    is_view: bool,
    is_built_in: bool,
    fields: &'o [std::sync::Arc<Field>],
}

fn relations(objects: &Objects) -> impl Iterator<Item = Shown<'_>> {
    let built_in = RELATIONS.values().filter_map(|relation| {
        let schema = objects.namespace_name(relation.namespace)?;
        let (is_view, fields) = (relation.kind == 'v', relation.columns.fields());
        Some(Shown { schema, name: relation.name, is_view, is_built_in: true, fields })
    });
    let own = objects.tables.iter().filter_map(|table| {
        let schema = objects.namespace_name(table.schema)?;
        let fields = table.columns.fields();
        Some(Shown { schema, name: &table.name, is_view: false, is_built_in: false, fields })
    });
    built_in.chain(own)
}

fn schemata(objects: &Objects) -> Vec<Row<'_>> {
    let built_in = layout::NAMESPACES.iter().map(|(_, name)| *name);
    let names = built_in.chain(objects.schemas.iter().map(|schema| schema.name.as_str()));
    let row = |name: &'_ str| -> Row<'_> {
        vec![
            ("catalog_name", objects.database.as_str().into()),
            ("schema_name", Cell::Text(Cow::Owned(name.to_owned()))),
            ("schema_owner", OWNER.into()),
        ]
    };
    names.map(row).collect()
}

fn table_row<'o>(objects: &'o Objects, relation: &Shown<'o>) -> Row<'o> {
    vec![
        ("table_catalog", objects.database.as_str().into()),
        ("table_schema", relation.schema.into()),
        ("table_name", relation.name.into()),
        ("table_type", if relation.is_view { "VIEW" } else { "BASE TABLE" }.into()),
        ("is_insertable_into", "NO".into()),
        ("is_typed", "NO".into()),
    ]
}

fn view_row<'o>(objects: &'o Objects, view: &Shown<'o>) -> Row<'o> {
    let mut row = vec![
        ("table_catalog", objects.database.as_str().into()),
        ("table_schema", view.schema.into()),
        ("table_name", view.name.into()),
        ("check_option", "NONE".into()),
    ];
    let ways = ["is_updatable", "is_insertable_into", "is_trigger_updatable", "is_trigger_deletable"];
    row.extend(ways.map(|way| (way, "NO".into())));
    row.push(("is_trigger_insertable_into", "NO".into()));
    row
}

/// What may be read of a relation: of a built-in one all may.
fn table_grant<'o>(objects: &'o Objects, relation: &Shown<'o>) -> Row<'o> {
    vec![
        ("grantor", OWNER.into()),
        ("grantee", if relation.is_built_in { PUBLIC_NAME } else { objects.user.as_str() }.into()),
        ("table_catalog", objects.database.as_str().into()),
        ("table_schema", relation.schema.into()),
        ("table_name", relation.name.into()),
        ("privilege_type", "SELECT".into()),
        ("is_grantable", "NO".into()),
        ("with_hierarchy", "YES".into()),
    ]
}

fn column_grants<'o>(objects: &'o Objects, relation: Shown<'o>) -> impl Iterator<Item = Row<'o>> {
    relation.fields.iter().map(move |field| {
        let mut row = table_grant(objects, &relation);
        row.push(("column_name", field.name().as_str().into()));
        row
    })
}

/// What the standard calls everybody.
const PUBLIC_NAME: &str = "PUBLIC";

fn character_set(objects: &Objects) -> Row<'_> {
    vec![
        ("character_set_name", "UTF8".into()),
        ("character_repertoire", "UCS".into()),
        ("form_of_use", "UTF8".into()),
        ("default_collate_catalog", objects.database.as_str().into()),
    ]
}

fn collation<'o>(objects: &'o Objects, name: &'static str) -> Row<'o> {
    vec![
        ("collation_catalog", objects.database.as_str().into()),
        ("collation_schema", "pg_catalog".into()),
        ("collation_name", name.into()),
        ("pad_attribute", "NO PAD".into()),
    ]
}

fn columns<'o>(objects: &'o Objects, relation: Shown<'o>) -> impl Iterator<Item = Row<'o>> {
    let database: Cell<'o> = objects.database.as_str().into();
    relation.fields.iter().zip(1_i64..).map(move |(field, place)| {
        let ty = wire_type(field);
        let measures = Measures::of(ty.oid, ty.typmod);
        let (udt_schema, udt_name) = match OwnType::of(field) {
            Some(own) => {
                let name = if own.array_oid() == ty.oid { own.array_name() } else { own.name().to_owned() };
                (Cell::Text(Cow::Owned(own.schema().to_owned())), name)
            }
            None => ("pg_catalog".into(), type_name(ty.oid)),
        };
        let optional = |number: Option<i32>| number.map_or(Cell::Null, |number| Cell::Int(number.into()));
        let mut row = vec![
            ("table_catalog", database.clone()),
            ("table_schema", relation.schema.into()),
            ("table_name", relation.name.into()),
            ("column_name", field.name().as_str().into()),
            ("ordinal_position", Cell::Int(place)),
            ("is_nullable", if field.is_nullable() { "YES" } else { "NO" }.into()),
            ("data_type", standard_name(field, ty.oid)),
            ("character_maximum_length", optional(measures.length)),
            ("character_octet_length", optional(measures.bytes)),
            ("numeric_precision", optional(measures.precision)),
            ("numeric_precision_radix", optional(measures.radix)),
            ("numeric_scale", optional(measures.scale)),
            ("datetime_precision", optional(measures.datetime_precision)),
            ("udt_catalog", database.clone()),
            ("udt_schema", udt_schema),
            ("udt_name", Cell::Text(Cow::Owned(udt_name))),
            ("dtd_identifier", Cell::Text(Cow::Owned(place.to_string()))),
            ("is_self_referencing", "NO".into()),
            ("is_identity", "NO".into()),
            ("identity_cycle", "NO".into()),
            ("is_generated", "NEVER".into()),
            ("is_updatable", "NO".into()),
        ];
        if pgtype::typname(field) == Some("name") {
            row.extend([
                ("collation_catalog", database.clone()),
                ("collation_schema", "pg_catalog".into()),
                ("collation_name", "C".into()),
            ]);
        }
        row
    })
}

/// A column's type in the standard's words.
fn standard_name(field: &Field, oid: u32) -> Cell<'static> {
    let is_vector = matches!(pgtype::typname(field), Some("int2vector" | "oidvector"));
    let own = OwnType::of(field).map(|own| own.array_oid() == oid);
    match is_vector || own.unwrap_or_else(|| element_type_of(oid).is_some()) {
        true => "ARRAY".into(),
        false if own.is_some() => "USER-DEFINED".into(),
        false => format_type(oid, None).map_or(Cell::Null, |name| Cell::Text(Cow::Owned(name))),
    }
}

/// What a type and its modifier say of values' sizes.
#[derive(Default)]
pub(crate) struct Measures {
    pub length: Option<i32>,
    pub bytes: Option<i32>,
    pub precision: Option<i32>,
    pub radix: Option<i32>,
    pub scale: Option<i32>,
    pub datetime_precision: Option<i32>,
}

impl Measures {
    pub fn of(oid: u32, typmod: i32) -> Self {
        let mut measures = Self::default();
        let known = (typmod >= 0).then_some(typmod);
        match builtin_by_oid(oid).map_or("", |builtin| builtin.name) {
            "varchar" | "bpchar" => {
                measures.length = known.map(|typmod| typmod - 4);
                measures.bytes = Some(measures.length.map_or(UNLIMITED_BYTES, |length| length.saturating_mul(4)));
            }
            "text" => measures.bytes = Some(UNLIMITED_BYTES),
            "bit" | "varbit" => measures.length = known,
            "int2" => (measures.precision, measures.radix, measures.scale) = (Some(16), Some(2), Some(0)),
            "int4" => (measures.precision, measures.radix, measures.scale) = (Some(32), Some(2), Some(0)),
            "int8" => (measures.precision, measures.radix, measures.scale) = (Some(64), Some(2), Some(0)),
            "float4" => (measures.precision, measures.radix) = (Some(24), Some(2)),
            "float8" => (measures.precision, measures.radix) = (Some(53), Some(2)),
            "numeric" => {
                measures.radix = Some(10);
                let digits = known.and_then(numeric_typmod_parts);
                (measures.precision, measures.scale) = (digits.map(|(p, _)| p), digits.map(|(_, s)| s));
            }
            "date" => measures.datetime_precision = Some(0),
            "time" | "timetz" | "timestamp" | "timestamptz" => measures.datetime_precision = Some(known.unwrap_or(6)),
            "interval" => {
                let digits = known.map(|typmod| typmod & 0xffff).filter(|digits| *digits != 0xffff);
                measures.datetime_precision = Some(digits.unwrap_or(6));
            }
            _ => {}
        }
        measures
    }
}

/// Of a text without a limit, as PostgreSQL puts it.
const UNLIMITED_BYTES: i32 = 1 << 30;

/// `pg_type.typname`
fn type_name(oid: u32) -> String {
    match element_type_of(oid) {
        Some(element) => format!("_{}", element.name),
        None => builtin_by_oid(oid).map_or_else(String::new, |builtin| builtin.name.to_owned()),
    }
}
