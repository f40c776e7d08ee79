//! The rows of `pg_catalog`'s views. A view of what there is nothing of, such as replication, has none.

use std::borrow::Cow;

use arrow::datatypes::DataType;
use weir_connectors::pgtype;

use super::layout::{self, RELATIONS, Relation};
use super::objects::{DATABASE_OID, OWNER, Objects};
use super::rows::Cell;
use super::tables::Row;

/// What a session, the machine or the server has of its own and nothing here tells: to show no rows would be wrong.
const NOT_TOLD: [&str; 16] = [
    "pg_backend_memory_contexts",
    "pg_config",
    "pg_cursors",
    "pg_file_settings",
    "pg_hba_file_rules",
    "pg_ident_file_mappings",
    "pg_prepared_statements",
    "pg_shadow",
    "pg_shmem_allocations",
    "pg_stat_gssapi",
    "pg_stat_io",
    "pg_stat_slru",
    "pg_stat_ssl",
    "pg_stat_wal",
    "pg_timezone_abbrevs",
    "pg_wait_events",
];

pub(super) fn is_told(view: &str) -> bool {
    !NOT_TOLD.contains(&view)
}

/// The rows of a view.
pub(super) fn rows<'o>(objects: &'o Objects, view: &Relation) -> Vec<Row<'o>> {
    match view.name {
        "pg_roles" => objects.roles().into_iter().map(|(oid, name)| role(oid, name, name == objects.user)).collect(),
        "pg_user" => objects.roles().into_iter().filter(|(_, name)| *name == objects.user).map(user).collect(),
        "pg_group" => objects.roles().into_iter().filter(|(_, name)| *name != objects.user).map(group).collect(),
        "pg_tables" => named(objects).filter(|named| !named.is_view).map(table).collect(),
        "pg_views" => named(objects).filter(|named| named.is_view).map(shown_view).collect(),
        "pg_stat_database" => {
            let mut row = counted(view, [("datid", number(DATABASE_OID)), ("datname", text(&objects.database))]);
            // That which asks: of others nobody is told.
            row.push(("numbackends", number(1)));
            vec![row]
        }
        "pg_stat_database_conflicts" => {
            vec![counted(view, [("datid", number(DATABASE_OID)), ("datname", text(&objects.database))])]
        }
        "pg_stat_archiver" | "pg_stat_bgwriter" | "pg_stat_checkpointer" => vec![counted(view, [])],
        name => match of_tables(name) {
            Some(wanted) => {
                named(objects).filter(|named| !named.is_view && wanted(named)).map(|n| counters(view, n)).collect()
            }
            None => Vec::new(),
        },
    }
}

/// A relation, whoever has it.
struct Named<'o> {
    oid: u32,
    schema: &'o str,
    name: &'o str,
    is_view: bool,
    is_built_in: bool,
}

fn named(objects: &Objects) -> impl Iterator<Item = Named<'_>> {
    let built_in = RELATIONS.values().filter(|relation| matches!(relation.kind, 'r' | 'v')).filter_map(|relation| {
        let schema = objects.namespace_name(relation.namespace)?;
        let (oid, name, is_view) = (relation.oid, relation.name, relation.kind == 'v');
        Some(Named { oid, schema, name, is_view, is_built_in: true })
    });
    let own = objects.tables.iter().filter_map(|table| {
        let schema = objects.namespace_name(table.schema)?;
        Some(Named { oid: table.oid, schema, name: &table.name, is_view: false, is_built_in: false })
    });
    built_in.chain(own)
}

fn number(value: impl Into<i64>) -> Cell<'static> {
    Cell::Int(value.into())
}

fn text(value: &str) -> Cell<'_> {
    Cell::Text(Cow::Borrowed(value))
}

fn role(oid: u32, name: &str, is_self: bool) -> Row<'_> {
    let mut row = vec![
        ("oid", number(oid)),
        ("rolname", text(name)),
        ("rolinherit", Cell::Bool(true)),
        ("rolcanlogin", Cell::Bool(is_self)),
        ("rolconnlimit", number(-1)),
        ("rolpassword", text("********")),
    ];
    let rights = ["rolsuper", "rolcreaterole", "rolcreatedb", "rolreplication", "rolbypassrls"];
    row.extend(rights.map(|right| (right, Cell::Bool(false))));
    row
}

fn user((oid, name): (u32, &str)) -> Row<'_> {
    let mut row = vec![("usename", text(name)), ("usesysid", number(oid)), ("passwd", text("********"))];
    row.extend(["usecreatedb", "usesuper", "userepl", "usebypassrls"].map(|right| (right, Cell::Bool(false))));
    row
}

fn group((oid, name): (u32, &str)) -> Row<'_> {
    vec![("groname", text(name)), ("grosysid", number(oid)), ("grolist", text("{}"))]
}

fn table(named: Named<'_>) -> Row<'_> {
    let mut row =
        vec![("schemaname", text(named.schema)), ("tablename", text(named.name)), ("tableowner", text(OWNER))];
    row.extend(["hasindexes", "hasrules", "hastriggers", "rowsecurity"].map(|has| (has, Cell::Bool(false))));
    row
}

fn shown_view(named: Named<'_>) -> Row<'_> {
    vec![("schemaname", text(named.schema)), ("viewname", text(named.name)), ("viewowner", text(OWNER))]
}

/// Which tables a view of counters has, by its name; `None` for other views.
fn of_tables(view: &str) -> Option<fn(&Named<'_>) -> bool> {
    match view.strip_prefix("pg_stat")?.rsplit_once('_')? {
        (before, "tables") if before.ends_with("_all") => Some(|_| true),
        (before, "tables") if before.ends_with("_sys") => Some(|named| named.is_built_in),
        (before, "tables") if before.ends_with("_user") => Some(|named| !named.is_built_in),
        _ => None,
    }
}

fn counters<'o>(view: &Relation, named: Named<'o>) -> Row<'o> {
    counted(view, [("relid", number(named.oid)), ("schemaname", text(named.schema)), ("relname", text(named.name))])
}

/// A row of a view of counters: nothing is counted. Those of indexes, of which there are none, are NULL.
fn counted<'o, const N: usize>(view: &Relation, known: [(&'static str, Cell<'o>); N]) -> Row<'o> {
    let is_counter = |field: &arrow::datatypes::Field| match field.data_type() {
        DataType::Float64 => true,
        DataType::Int64 => pgtype::typname(field) == Some("int8") && !field.name().starts_with("idx_"),
        _ => false,
    };
    let mut row: Row<'o> = known.into();
    for name in layout::column_names(view.oid) {
        if view.columns.field_with_name(name).is_ok_and(is_counter) {
            row.push((name, number(0)));
        }
    }
    row
}
