//! The views of `pg_catalog` that tell of a session: its settings, what it does, the time. Of other sessions nobody is told.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use weir_values::datetime::Zone;

use super::objects::{DATABASE_OID, Objects};
use super::rows::{Cell, File};
use super::tables::Row;
use crate::session::{SessionFacts, Setting};

/// Rows of `pg_settings`: what a session has set, and what PostgreSQL tells of each setting.
pub(super) fn settings(settings: Vec<Setting>) -> Vec<Row<'static>> {
    let mut told = told();
    let row = |setting: Setting| {
        let mut row = told.remove(&setting.name).unwrap_or_default();
        let source = if setting.value == setting.default { "default" } else { "session" };
        row.extend([
            ("name", owned(setting.name)),
            ("setting", owned(setting.value)),
            ("short_desc", setting.description.into()),
            ("boot_val", owned(setting.default.clone())),
            ("reset_val", owned(setting.default)),
            ("source", source.into()),
            ("pending_restart", Cell::Bool(false)),
        ]);
        row
    };
    settings.into_iter().map(row).collect()
}

/// What is told of settings whatever their values, by their names.
fn told() -> HashMap<String, Row<'static>> {
    let columns = ["unit", "category", "context", "vartype", "min_val", "max_val", "enumvals"];
    let Some(file) = File::of("settings") else { return HashMap::new() };
    let names = file.select(["name"]).map(|[name]| name.to_owned());
    let mut rows: Vec<(String, Row<'static>)> = names.map(|name| (name, Row::new())).collect();
    for column in columns {
        for ((_, row), cell) in rows.iter_mut().zip(file.column(column)) {
            row.push((column, cell));
        }
    }
    rows.into_iter().collect()
}

/// The session's row of `pg_stat_activity` while it runs a statement.
pub(super) fn activity<'a>(objects: &'a Objects, facts: &dyn SessionFacts, statement: &'a str) -> Row<'a> {
    let user = objects.roles().into_iter().find(|(_, name)| *name == objects.user).map(|(oid, _)| oid);
    let client = facts.addresses().map(|[client, _]| client);
    let now = moment(Utc::now());
    vec![
        ("datid", Cell::Int(DATABASE_OID.into())),
        ("datname", objects.database.as_str().into()),
        ("pid", Cell::Int(facts.backend_pid().into())),
        ("usesysid", user.map_or(Cell::Null, |oid| Cell::Int(oid.into()))),
        ("usename", objects.user.as_str().into()),
        ("application_name", owned(facts.setting("application_name").unwrap_or_default())),
        ("client_addr", client.map_or(Cell::Null, |client| owned(client.ip().to_canonical().to_string()))),
        ("client_port", client.map_or(Cell::Null, |client| Cell::Int(client.port().into()))),
        ("backend_start", moment(facts.connected())),
        ("xact_start", moment(facts.now())),
        ("query_start", now.clone()),
        ("state_change", now),
        ("state", "active".into()),
        ("query", statement.into()),
        ("backend_type", "client backend".into()),
    ]
}

/// Rows of `pg_timezone_names`: what clocks show at a time, in seconds since 1970.
pub(crate) fn time_zones(now: i64) -> impl Iterator<Item = Row<'static>> {
    Zone::names().filter_map(move |name| {
        let zone = Zone::of_setting(name).ok()?;
        let local = zone.at(now);
        Some(vec![
            ("name", name.into()),
            ("abbrev", owned(local.abbreviation.to_owned())),
            ("utc_offset", Cell::Int(i64::from(local.offset) * 1_000_000)),
            ("is_dst", Cell::Bool(local.is_dst)),
        ])
    })
}

fn owned(text: String) -> Cell<'static> {
    Cell::Text(Cow::Owned(text))
}

fn moment(time: DateTime<Utc>) -> Cell<'static> {
    Cell::Int(time.timestamp_micros())
}
