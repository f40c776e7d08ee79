//! The oracle: the rules of a policy set as PostgreSQL's own. Roles are roles, memberships memberships; grants are column
//! privileges; filters are row-level security, permissive for each role and restrictive for everyone; masks are
//! expressions in views behind a security barrier, which run with their reader's rights.
//!
//! | schema | holds |
//! |---|---|
//! | `data_lake`, ... | the rows, under row-level security |
//! | `granted_lake`, ... | empty tables with the grants on them, asked by `has_column_privilege` |
//! | `u0_lake`, ... | what user `u0` sees of `lake`: views of the columns that exist for them |
//! | `raw_lake`, ... | views of everything, for the sub-selects of filters: their owner is above row-level security |
//!
//! A field of a record is a column of its own, but in the grants.

mod masks;
mod views;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::data::{Column, SCHEMAS, Table, granted_name};
use super::folder::{create, literal, quoted};
use super::hashes;
use super::query::Readable;
use super::rules::{Filter, Grant, Object, Rules, USERS, attribute_rows, roles};
use super::sql::{AUTHOR, Sql};
use crate::postgres::Postgres;
use crate::raw::Raw;
pub use views::cells;

/// Functions that rules call, and the table of denials, which PostgreSQL doesn't have.
const FUNCTIONS: &str = "
CREATE TABLE attributes (usr text, name text, as_text text, as_int integer, as_texts text[]);
CREATE TABLE denials (subject text, of_schema text, of_table text, of_column text);
GRANT SELECT ON attributes, denials TO PUBLIC;
CREATE FUNCTION attr_text(text) RETURNS text STABLE LANGUAGE sql AS
  'SELECT as_text FROM public.attributes WHERE usr = current_user AND name = $1';
CREATE FUNCTION attr_int(text) RETURNS integer STABLE LANGUAGE sql AS
  'SELECT as_int FROM public.attributes WHERE usr = current_user AND name = $1';
CREATE FUNCTION attr_texts(text) RETURNS text[] STABLE LANGUAGE sql AS
  'SELECT as_texts FROM public.attributes WHERE usr = current_user AND name = $1';
CREATE FUNCTION has_attr(text) RETURNS boolean STABLE LANGUAGE sql AS
  'SELECT EXISTS (SELECT FROM public.attributes WHERE usr = current_user AND name = $1)';
CREATE FUNCTION has_role(text) RETURNS boolean STABLE LANGUAGE sql AS
  'SELECT pg_has_role(current_user, $1, ''USAGE'')';
CREATE FUNCTION denied(usr text, text, text, text) RETURNS boolean STABLE LANGUAGE sql AS
  'SELECT EXISTS (SELECT FROM public.denials d WHERE pg_has_role(usr, d.subject, ''USAGE'')
     AND coalesce(of_schema, $2) = $2 AND coalesce(of_table, $3) = $3 AND coalesce(of_column, $4) = $4)';
";

/// Memberships hold for all databases of a cluster, and so must go before others come.
const NO_MEMBERSHIPS: &str = "
DO $$ DECLARE m record; BEGIN
  FOR m IN SELECT roleid::regrole AS role, member::regrole AS member FROM pg_auth_members WHERE roleid > 16383 LOOP
    EXECUTE format('REVOKE %s FROM %s', m.role, m.member);
  END LOOP;
END $$;
";

/// Makes the roles that all policy sets use, once in a cluster.
pub fn make_roles(postgres: &Postgres) {
    let roles = roles().map(|role| format!("CREATE ROLE {role};"));
    let users = USERS.iter().map(|user| format!("CREATE ROLE {user} LOGIN;"));
    let script: String = roles.chain(users).collect();
    run(&mut superuser(postgres, "postgres"), &script);
}

/// A database with the tables' rows under the rules. Gives what each user may read there.
pub fn build(postgres: &Postgres, database: &str, tables: &[Table], rules: &Rules) -> BTreeMap<String, Vec<Readable>> {
    let mut admin = superuser(postgres, "postgres");
    run(&mut admin, NO_MEMBERSHIPS);
    run(&mut admin, &format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"));
    run(&mut admin, &format!("CREATE DATABASE {database} STRATEGY FILE_COPY"));
    let mut session = superuser(postgres, database);
    run(&mut session, &script(tables, rules));
    let seen = columns_seen(&mut session);
    let mut views = String::new();
    let mut readable: BTreeMap<String, Vec<Readable>> = USERS.map(|user| (user.to_owned(), Vec::new())).into();
    for (user, tables_seen) in &mut readable {
        for table in tables {
            let is_seen = |column: &Column| {
                let path = [user, table.schema, &table.name, granted_name(&column.name)];
                seen.contains(&path.map(str::to_owned))
            };
            let columns: Vec<Column> = table.all_columns().into_iter().filter(is_seen).collect();
            if !columns.is_empty() {
                views += &views::view(user, table, &columns, rules);
                let named = Sql::Table { schema: table.schema, name: table.name.clone() };
                tables_seen.push(Readable { table: named, columns });
            }
        }
    }
    run(&mut session, &views);
    readable
}

/// A session of one of the users.
pub fn session(postgres: &Postgres, database: &str, user: &str) -> Raw {
    let mut session = Raw::login(postgres.port(), user, "", database);
    // Filters within masks within views look dearer than they are, and would each be compiled.
    run(&mut session, "SET timezone = 'UTC'; SET jit = off");
    session
}

pub fn superuser(postgres: &Postgres, database: &str) -> Raw {
    Raw::login(postgres.port(), "postgres", "", database)
}

/// Runs a script that must succeed.
pub fn run(session: &mut Raw, script: &str) {
    let messages = session.query(script);
    if let Some(error) = messages.iter().find(|message| message.tag == 'E') {
        panic!("{:?} at {:?} of\n{script}", error.field('M'), error.field('P'));
    }
}

fn script(tables: &[Table], rules: &Rules) -> String {
    let mut sql = [FUNCTIONS, masks::FUNCTIONS].concat();
    for schema in SCHEMAS {
        let _ =
            writeln!(sql, "CREATE SCHEMA data_{schema}; CREATE SCHEMA granted_{schema}; CREATE SCHEMA raw_{schema};");
        let _ = writeln!(sql, "GRANT USAGE ON SCHEMA data_{schema}, raw_{schema} TO PUBLIC;");
        for user in USERS {
            let _ = writeln!(sql, "CREATE SCHEMA {user}_{schema}; GRANT USAGE ON SCHEMA {user}_{schema} TO {user};");
        }
    }
    for table in tables {
        let (schema, name, columns) = (table.schema, &table.name, table.all_columns());
        sql += &create(&format!("data_{schema}"), name, &columns, &table.all_rows());
        sql += &create(&format!("granted_{schema}"), name, &grantable(table), &[]);
        let _ = writeln!(sql, "ALTER TABLE data_{schema}.{name} ENABLE ROW LEVEL SECURITY;");
        let raw = columns.iter().map(|column| quoted(&column.name)).collect::<Vec<_>>().join(", ");
        let _ = writeln!(sql, "CREATE VIEW raw_{schema}.{name} AS SELECT {raw} FROM data_{schema}.{name};");
        let _ = writeln!(sql, "GRANT SELECT ON data_{schema}.{name}, raw_{schema}.{name} TO PUBLIC;");
    }
    if rules.hash() {
        sql += &hashes::script(tables);
    }
    for link in &rules.links {
        let _ = writeln!(sql, "GRANT {} TO {};", link.role, link.member);
    }
    for rows in rules.users.iter().map(attribute_rows).filter(|rows| !rows.is_empty()) {
        let _ = writeln!(sql, "INSERT INTO attributes VALUES {};", rows.join(", "));
    }
    rules.grants.iter().for_each(|grant| sql += &granted(grant));
    tables.iter().for_each(|table| sql += &policies(table, rules));
    sql
}

/// The columns as grants name them.
fn grantable(table: &Table) -> Vec<Column> {
    let named = |column: Column| Column { name: granted_name(&column.name).to_owned(), ..column };
    let mut columns: Vec<Column> = table.all_columns().into_iter().map(named).collect();
    // The fields of a record stand side by side.
    columns.dedup_by(|one, other| one.name == other.name);
    columns
}

fn granted(grant: &Grant) -> String {
    let Grant { subject, object: Object { schema, table, column }, denies } = grant;
    if *denies {
        let part = |part: Option<&str>| part.map_or("NULL".to_owned(), literal);
        let of = [*schema, table.as_deref(), column.as_deref()].map(part).join(", ");
        return format!("INSERT INTO denials VALUES ('{subject}', {of});\n");
    }
    let schemas = schema.map_or(SCHEMAS.to_vec(), |schema| vec![schema]);
    let on = |schema: &str| match (table, column) {
        (None, _) => format!("GRANT SELECT ON ALL TABLES IN SCHEMA granted_{schema} TO {subject};\n"),
        (Some(table), None) => format!("GRANT SELECT ON granted_{schema}.{table} TO {subject};\n"),
        (Some(table), Some(column)) => {
            format!("GRANT SELECT ({}) ON granted_{schema}.{table} TO {subject};\n", quoted(column))
        }
    };
    schemas.into_iter().map(on).collect()
}

/// What holds for the rows that a user or role shows.
fn shown_by(rules: &Rules, table: &Table, subject: &str) -> String {
    let binding = |filter: &&Filter| filter.object.covers(table) && filter.roles.iter().any(|role| role == subject);
    let conditions: Vec<String> = rules.filters.iter().filter(binding).map(condition).collect();
    if conditions.is_empty() { "true".to_owned() } else { conditions.join(" AND ") }
}

fn condition(filter: &Filter) -> String {
    format!("({})", filter.condition.written(AUTHOR))
}

/// A row shows where one of those who grant something of it shows it, and every filter for everyone holds.
fn policies(table: &Table, rules: &Rules) -> String {
    let (schema, name) = (table.schema, &table.name);
    let mut columns_by_subject: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for column in table.all_columns() {
        let name = granted_name(&column.name);
        for subject in rules.grantors(table, name) {
            columns_by_subject.entry(subject).or_default().insert(literal(name));
        }
    }
    let mut sql = String::new();
    for (subject, columns) in columns_by_subject {
        // Who grants nothing but columns that are denied grants nothing.
        let grants = format!(
            "EXISTS (SELECT FROM unnest(ARRAY[{}]) c WHERE NOT denied(current_user, '{schema}', '{name}', c))",
            columns.into_iter().collect::<Vec<_>>().join(", ")
        );
        let shown = shown_by(rules, table, subject);
        let _ = writeln!(
            sql,
            "CREATE POLICY of_{subject} ON data_{schema}.{name} FOR SELECT TO {subject} USING ({shown} AND {grants});"
        );
    }
    let everyone = rules.filters.iter().filter(|filter| filter.roles.is_empty() && filter.object.covers(table));
    for (number, filter) in everyone.enumerate() {
        let using = condition(filter);
        let _ = writeln!(
            sql,
            "CREATE POLICY everyone{number} ON data_{schema}.{name} AS RESTRICTIVE FOR SELECT TO PUBLIC USING ({using});"
        );
    }
    sql
}

/// User, schema, table and column of all that is granted and not denied.
fn columns_seen(session: &mut Raw) -> Vec<[String; 4]> {
    let users = USERS.map(literal).join("), (");
    let messages = session.query(&format!(
        "SELECT u, substr(table_schema, 9), table_name, column_name
         FROM information_schema.columns, (VALUES ({users})) AS users(u)
         WHERE table_schema LIKE 'granted\\_%'
           AND has_column_privilege(u, format('%I.%I', table_schema, table_name), column_name, 'SELECT')
           AND NOT denied(u, substr(table_schema, 9), table_name, column_name)"
    ));
    let rows = messages.iter().filter(|message| message.tag == 'D');
    let text = |value: Option<Vec<u8>>| String::from_utf8(value.expect("a name")).expect("UTF-8");
    rows.map(|row| {
        let mut fields = row.values().into_iter().map(text);
        std::array::from_fn(|_| fields.next().expect("four names"))
    })
    .collect()
}
