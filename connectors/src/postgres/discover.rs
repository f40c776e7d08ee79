//! What the source holds: one query over its catalogs.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::{Field, Schema};
use serde::{Deserialize, Serialize};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row};

use super::kind::{self, Kind, RemoteType};
use crate::{ConnectorError, TableInfo};

/// Tables, views, materialized, partitioned and foreign tables with their columns in order, domains resolved to their
/// base type and the innermost modifier. A table without columns has one row without a column.
const COLUMNS: &str = "
WITH RECURSIVE step(oid, base, typmod) AS (
    SELECT oid, typbasetype, typtypmod FROM pg_catalog.pg_type WHERE typtype = 'd'
    UNION ALL
    SELECT s.oid, t.typbasetype, CASE WHEN s.typmod >= 0 THEN s.typmod ELSE t.typtypmod END
    FROM step s JOIN pg_catalog.pg_type t ON t.oid = s.base WHERE t.typtype = 'd'
), domain AS (
    SELECT s.* FROM step s JOIN pg_catalog.pg_type t ON t.oid = s.base WHERE t.typtype <> 'd'
)
SELECT n.nspname::text, c.relname::text, pg_catalog.obj_description(c.oid, 'pg_class'), a.attname::text,
    a.attnotnull AND c.relkind IN ('r', 'p', 'm'),
    t.typname::text, t.typnamespace = 'pg_catalog'::regnamespace,
    e.typname::text, e.typnamespace = 'pg_catalog'::regnamespace,
    CASE WHEN a.atttypmod >= 0 THEN a.atttypmod WHEN d.typmod >= 0 THEN d.typmod ELSE coalesce(ed.typmod, -1) END,
    a.attndims::int4, coalesce(l.collisdeterministic, true),
    c.relkind IN ('v', 'f') OR coalesce(pg_catalog.to_jsonb(a)->>'attgenerated' = 'v', false)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN domain d ON d.oid = a.atttypid
LEFT JOIN pg_catalog.pg_type t ON t.oid = coalesce(d.base, a.atttypid)
LEFT JOIN pg_catalog.pg_type i ON i.oid = t.typelem AND i.typarray = t.oid
LEFT JOIN domain ed ON ed.oid = i.oid
LEFT JOIN pg_catalog.pg_type e ON e.oid = coalesce(ed.base, i.oid)
LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname = ANY ($1)
ORDER BY n.nspname, c.relname, a.attnum";

const SCHEMAS: &str = "SELECT nspname::text, pg_catalog.current_setting('server_encoding') \
    FROM pg_catalog.pg_namespace WHERE nspname = ANY ($1)";

/// Where a table is found on its source, and how its columns are read: [`TableInfo::remote`] as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteTable {
    pub schema: String,
    pub table: String,
    /// The database is in UTF-8: any text literal can be compared there.
    pub utf8: bool,
    /// Columns are computed when they are read, as a view's are: a condition on them may fail, even on rows that another
    /// condition leaves out, as PostgreSQL takes them in an order of its own.
    pub computes: bool,
    /// One per column of the table.
    pub kinds: Vec<Kind>,
}

impl RemoteTable {
    /// Reads back what [`tables`] wrote.
    pub fn of(table: &TableInfo) -> Result<Self, ConnectorError> {
        serde_json::from_str(&table.remote).map_err(|e| ConnectorError::Changed {
            source_name: table.source.to_string(),
            table: format!("{}.{}", table.schema, table.name),
            reason: format!("its description can't be read: {e}"),
        })
    }
}

/// All tables of the remote schemas, each under every SQL schema that stands for its own.
pub async fn tables(
    client: &Client,
    source: &Arc<str>,
    schemas: &BTreeMap<String, String>,
) -> Result<Vec<TableInfo>, Failure> {
    let remote: Vec<&str> = schemas.values().map(String::as_str).collect();
    let params: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 1] = [(&remote, Type::TEXT_ARRAY)];
    let (found, columns) =
        futures::try_join!(client.query_typed(SCHEMAS, &params), client.query_typed(COLUMNS, &params))?;
    let mut present = BTreeMap::new();
    for row in &found {
        present.insert(row.try_get::<_, String>(0)?, row.try_get::<_, String>(1)? == "UTF8");
    }
    if let Some(missing) = remote.iter().find(|name| !present.contains_key(**name)) {
        return Err(Failure::NoSchema((*missing).to_owned()));
    }
    let mut tables = Vec::new();
    for rows in columns.chunk_by(same_table) {
        let drafted = Draft::of(rows)?;
        let utf8 = present.get(&drafted.schema).copied().unwrap_or(false);
        for (sql_schema, _) in schemas.iter().filter(|(_, remote)| **remote == drafted.schema) {
            tables.push(drafted.table(source, sql_schema, utf8)?);
        }
    }
    Ok(tables)
}

/// Why discovery failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Driver(#[from] tokio_postgres::Error),
    #[error("schemas: schema \"{0}\" does not exist")]
    NoSchema(String),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

fn same_table(a: &Row, b: &Row) -> bool {
    let key = |row: &Row| Some((row.try_get::<_, String>(0).ok()?, row.try_get::<_, String>(1).ok()?));
    key(a) == key(b)
}

/// A table as its rows say.
struct Draft {
    schema: String,
    name: String,
    comment: Option<String>,
    computes: bool,
    columns: Arc<Schema>,
    kinds: Vec<Kind>,
}

impl Draft {
    fn of(rows: &[Row]) -> Result<Self, tokio_postgres::Error> {
        let mut draft = Self {
            schema: String::new(),
            name: String::new(),
            comment: None,
            computes: false,
            columns: Arc::new(Schema::empty()),
            kinds: Vec::with_capacity(rows.len()),
        };
        let mut fields = Vec::with_capacity(rows.len());
        for row in rows {
            draft.schema = row.try_get(0)?;
            draft.name = row.try_get(1)?;
            draft.comment = row.try_get(2)?;
            draft.computes |= row.try_get::<_, bool>(12)?;
            if let Some((field, kind)) = column(row)? {
                fields.push(field);
                draft.kinds.push(kind);
            }
        }
        draft.columns = Arc::new(Schema::new(fields));
        Ok(draft)
    }

    fn table(&self, source: &Arc<str>, sql_schema: &str, utf8: bool) -> Result<TableInfo, serde_json::Error> {
        let remote = RemoteTable {
            schema: self.schema.clone(),
            table: self.name.clone(),
            utf8,
            computes: self.computes,
            kinds: self.kinds.clone(),
        };
        Ok(TableInfo {
            source: Arc::clone(source),
            schema: sql_schema.to_owned(),
            name: self.name.clone(),
            columns: Arc::clone(&self.columns),
            comment: self.comment.clone(),
            remote: serde_json::to_string(&remote)?,
        })
    }
}

fn column(row: &Row) -> Result<Option<(Field, Kind)>, tokio_postgres::Error> {
    let Some(name) = row.try_get::<_, Option<&str>>(3)? else { return Ok(None) };
    let element: Option<&str> = row.try_get(7)?;
    let remote = RemoteType {
        name: row.try_get(5)?,
        builtin: row.try_get(6)?,
        element: match element {
            Some(element) => Some((element, row.try_get(8)?)),
            None => None,
        },
        typmod: row.try_get(9)?,
        dimensions: row.try_get(10)?,
        deterministic: row.try_get(11)?,
    };
    Ok(Some(kind::column(name, !row.try_get::<_, bool>(4)?, &remote)))
}
