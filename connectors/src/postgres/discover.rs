//! What the source holds: one query over its catalogs.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::{Field, Schema};
use serde::{Deserialize, Serialize};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row};

use super::kind::{self, Kind, RemoteEnum, RemoteType};
use super::own_types::{OwnTypes, RemoteMember, RemoteOwn, RemoteRelation};
use crate::{ConnectorError, TableInfo};

/// Tables, views, materialized, partitioned and foreign tables with their columns in order, domains resolved to their
/// base type and the innermost modifier; of enum types their labels. Composite types likewise, of all schemas. A table without columns has one row without a column.
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
    coalesce(l.collisdeterministic, true),
    c.relkind IN ('v', 'f') OR coalesce(pg_catalog.to_jsonb(a)->>'attgenerated' = 'v', false),
    tn.nspname::text, pg_catalog.has_schema_privilege(tn.oid, 'USAGE'), o.typtype = 'e',
    ARRAY(SELECT enumlabel::text FROM pg_catalog.pg_enum WHERE enumtypid = o.oid ORDER BY enumsortorder), c.relkind = 'c'
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN domain d ON d.oid = a.atttypid
LEFT JOIN pg_catalog.pg_type t ON t.oid = coalesce(d.base, a.atttypid)
LEFT JOIN pg_catalog.pg_type i ON i.oid = t.typelem AND i.typarray = t.oid
LEFT JOIN domain ed ON ed.oid = i.oid
LEFT JOIN pg_catalog.pg_type e ON e.oid = coalesce(ed.base, i.oid)
LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
LEFT JOIN pg_catalog.pg_type o ON o.oid = coalesce(e.oid, t.oid)
    AND (o.typtype = 'e' OR o.typtype = 'c' AND e.oid IS NULL
        AND (SELECT oc.relkind = 'c' FROM pg_catalog.pg_class oc WHERE oc.oid = o.typrelid))
LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = o.typnamespace
WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname = ANY ($1)
    OR c.relkind = 'c' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
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
    let drafts = columns.chunk_by(same_table).map(Draft::of).collect::<Result<Vec<_>, _>>()?;
    let (composites, drafts): (Vec<Draft>, Vec<Draft>) = drafts.into_iter().partition(|draft| draft.is_composite);
    let types = OwnTypes::new(schemas, drafts.iter().map(Draft::relation), composites.iter().map(Draft::relation));
    let mut tables = Vec::new();
    for drafted in &drafts {
        let utf8 = present.get(&drafted.schema).copied().unwrap_or(false);
        for (sql_schema, _) in schemas.iter().filter(|(_, remote)| **remote == drafted.schema) {
            tables.push(drafted.table(source, sql_schema, utf8, &types)?);
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

/// A table, or a composite type, as its rows say.
struct Draft {
    is_composite: bool,
    schema: String,
    name: String,
    comment: Option<String>,
    computes: bool,
    columns: Arc<Schema>,
    kinds: Vec<Kind>,
    members: Vec<RemoteMember>,
}

impl Draft {
    fn of(rows: &[Row]) -> Result<Self, tokio_postgres::Error> {
        let mut draft = Self {
            is_composite: false,
            schema: String::new(),
            name: String::new(),
            comment: None,
            computes: false,
            columns: Arc::new(Schema::empty()),
            kinds: Vec::with_capacity(rows.len()),
            members: Vec::with_capacity(rows.len()),
        };
        let mut fields = Vec::with_capacity(rows.len());
        for row in rows {
            draft.schema = row.try_get(0)?;
            draft.name = row.try_get(1)?;
            draft.comment = row.try_get(2)?;
            draft.computes |= row.try_get::<_, bool>(11)?;
            draft.is_composite = row.try_get(16)?;
            if let Some((field, kind, member)) = column(row)? {
                fields.push(field);
                draft.kinds.push(kind);
                draft.members.push(member);
            }
        }
        draft.columns = Arc::new(Schema::new(fields));
        Ok(draft)
    }

    fn relation(&self) -> RemoteRelation<'_> {
        RemoteRelation { schema: &self.schema, name: &self.name, members: &self.members }
    }

    fn table(
        &self,
        source: &Arc<str>,
        sql_schema: &str,
        utf8: bool,
        types: &OwnTypes<'_>,
    ) -> Result<TableInfo, serde_json::Error> {
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
            columns: types.marked(&self.columns, &self.members, sql_schema),
            comment: self.comment.clone(),
            remote: serde_json::to_string(&remote)?,
        })
    }
}

fn column(row: &Row) -> Result<Option<(Field, Kind, RemoteMember)>, tokio_postgres::Error> {
    let Some(name) = row.try_get::<_, Option<&str>>(3)? else { return Ok(None) };
    let element: Option<&str> = row.try_get(7)?;
    let own = own_type(row)?;
    let remote = RemoteType {
        name: row.try_get(5)?,
        builtin: row.try_get(6)?,
        element: match element {
            Some(element) => Some((element, row.try_get(8)?)),
            None => None,
        },
        typmod: row.try_get(9)?,
        deterministic: row.try_get(10)?,
        labelled: match &own {
            Some(RemoteOwn::Enum(labelled)) => Some(labelled.clone()),
            _ => None,
        },
    };
    let (field, kind) = kind::column(name, !row.try_get::<_, bool>(4)?, &remote);
    let member =
        RemoteMember { name: name.to_owned(), typname: typname(&remote, own.as_ref()), typmod: remote.typmod, own };
    Ok(Some((field, kind, member)))
}

/// The type of the source itself that a column, or its items, are of.
fn own_type(row: &Row) -> Result<Option<RemoteOwn>, tokio_postgres::Error> {
    let Some(schema) = row.try_get::<_, Option<String>>(12)? else { return Ok(None) };
    let is_array = row.try_get::<_, Option<&str>>(7)?.is_some();
    let name: String = row.try_get(if is_array { 7 } else { 5 })?;
    Ok(Some(match row.try_get(14)? {
        true => RemoteOwn::Enum(RemoteEnum { schema, name, is_nameable: row.try_get(13)?, labels: row.try_get(15)? }),
        false => RemoteOwn::Composite { schema, name },
    }))
}

/// How a type is told; `None` for one of the source's own that isn't known here.
fn typname(remote: &RemoteType<'_>, own: Option<&RemoteOwn>) -> Option<String> {
    let (is_array, name, builtin) = match remote.element {
        Some((element, builtin)) => ("_", element, builtin),
        None => ("", remote.name, remote.builtin),
    };
    let name = match own {
        Some(own) => own.kind(),
        None => builtin.then_some(name)?,
    };
    Some(format!("{is_array}{name}"))
}
