//! `weir policy explain`: what the rules make of one statement for one principal, in words. It takes the same way as the
//! server (parse, view, bind, permit, optimize), decides nothing by itself, and runs nothing.

mod table;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use weir_connectors::{QueryScope, TableInfo};
use weir_planner::explain::{self, NamedTable, Predicates};
use weir_planner::parse::Parsed;
use weir_planner::parse::Query;
use weir_planner::permit::Permitted;
use weir_planner::session::{SessionFacts, StatementSession};
use weir_planner::view::{View, VisibleTable};
use weir_planner::{bind, execute, permit};
use weir_policies::{PolicySet, Principal};

use super::{PolicyCommandError, words};
use crate::config::Config;
use crate::engine::{Engine, World};
use crate::query;
use crate::session::Session;
use crate::session::settings::Settings;
use crate::sqlstate::{SqlError, code};
use table::Teller;

/// The explanation of `sql` for `who`: a user, or `role:NAME`.
pub async fn run(mut config: Config, who: &str, sql: &str) -> Result<String, PolicyCommandError> {
    // Nobody has asked this statement: it is on no record.
    config.audit.path = "/dev/null".into();
    let engine = Engine::start_untested(config).await?;
    let world = engine.world();
    let principal = Arc::new(principal(&world.policies, who)?);
    let session = Session::new(Arc::clone(&principal), 0, Settings::new(&principal.user));
    let view = View::new(Arc::clone(&engine.runtime), &world.policies, &world.catalog, Arc::clone(&principal));
    let view = Arc::new(view);
    let parsed = parsed(&engine, &session, sql)?;
    let query = parsed.query().ok_or_else(|| SqlError::new(code::SYNTAX_ERROR, "expected a query"))?;
    let outcome = permitted(&engine, &session, &view, &parsed, query);
    Ok(told(&world, &session, &view, &parsed, &outcome))
}

/// Who is meant, with the rights and attributes that they have now.
fn principal(policies: &PolicySet, who: &str) -> Result<Principal, PolicyCommandError> {
    let found = match who.strip_prefix("role:") {
        Some(role) => policies.principal_of_role(role),
        None => policies.principal(who),
    };
    found.ok_or_else(|| match who.strip_prefix("role:") {
        Some(role) => PolicyCommandError::UnknownRole {
            role: role.to_owned(),
            known: words::some_of(policies.roles().into_iter().collect()),
        },
        None => {
            PolicyCommandError::UnknownUser { user: who.to_owned(), known: words::some_of(policies.users().collect()) }
        }
    })
}

fn parsed(engine: &Engine, session: &Session, sql: &str) -> Result<Parsed, SqlError> {
    let statements = query::parse(engine, session, sql)?;
    let [parsed] =
        <[_; 1]>::try_from(statements).map_err(|_| SqlError::new(code::SYNTAX_ERROR, "expected one statement"))?;
    Ok(parsed)
}

/// The plan that the server would make, as far as rules have a say in it.
fn permitted(
    engine: &Engine,
    session: &Session,
    view: &Arc<View>,
    parsed: &Parsed,
    query: &Query,
) -> Result<(Permitted, Vec<Predicates>), SqlError> {
    let bound = execute::aside(|| bind::bind(query, parsed, view, session, &[]))?;
    if !bound.parameters.is_empty() {
        return Err(SqlError::new(code::UNDEFINED_PARAMETER, "expected values instead of parameters such as $1"));
    }
    let permitted = permit::permit(&bound)?;
    let scope = QueryScope::new("explain".to_owned(), session.user().to_owned(), CancellationToken::new());
    let planning = StatementSession::new(&engine.runtime, SessionFacts::time_zone(session), session.now(), scope);
    let predicates = execute::aside(|| explain::predicates(&permitted, &engine.runtime, &planning))?;
    Ok((permitted, predicates))
}

/// A table of the statement.
enum Found {
    Visible(Arc<VisibleTable>),
    /// It is there, and not for this principal.
    Hidden(Arc<TableInfo>),
    /// It is nowhere; with what is known of it.
    Missing(String),
}

fn told(
    world: &World,
    session: &Session,
    view: &View,
    parsed: &Parsed,
    outcome: &Result<(Permitted, Vec<Predicates>), SqlError>,
) -> String {
    let principal = session.principal();
    let roles = match principal.roles.is_empty() {
        true => "no roles".to_owned(),
        false => principal.roles.iter().map(|role| format!("role:{role}")).collect::<Vec<_>>().join(", "),
    };
    let mut text = format!("{} ({roles}), policy version {}\n", principal.user, world.policies.version());
    let (tables, predicates) = match outcome {
        Ok((permitted, predicates)) => {
            (permitted.decisions.iter().map(|table| Found::Visible(Arc::clone(table))).collect(), predicates.as_slice())
        }
        Err(error) => {
            text += &format!("The statement fails with {}: {}\n", error.code, error.message);
            (named(world, session, view, parsed), [].as_slice())
        }
    };
    if tables.is_empty() {
        text += "The statement reads no table of any source. System catalogs hold only what the principal sees.\n";
    }
    let teller = Teller::new(&world.policies, principal);
    for table in tables {
        text.push('\n');
        text += &match table {
            Found::Visible(table) => {
                let name = format!("{}.{}", table.info.schema, table.info.name);
                teller.visible(&table, predicates.iter().find(|predicates| predicates.table == name))
            }
            Found::Hidden(info) => teller.hidden(&info),
            Found::Missing(what) => format!("{what}\n"),
        };
    }
    text
}

/// The tables that a failing statement names, looked up where binding looks.
fn named(world: &World, session: &Session, view: &View, parsed: &Parsed) -> Vec<Found> {
    let of_a_source = |named: &NamedTable| match &named.schema {
        Some(schema) => !matches!(schema.as_str(), "pg_catalog" | "information_schema"),
        None => !named.table.starts_with("pg_"),
    };
    let tables = explain::named_tables(parsed).into_iter().filter(of_a_source);
    tables.map(|named| find(&named, world, session, view)).collect()
}

fn find(named: &NamedTable, world: &World, session: &Session, view: &View) -> Found {
    let path = named.schema.clone().map_or_else(|| SessionFacts::search_path(session), |schema| vec![schema]);
    let visible = path.iter().find_map(|schema| view.table(schema, &named.table));
    if let Some(table) = visible {
        return Found::Visible(Arc::clone(table));
    }
    let hidden = path.iter().find_map(|schema| world.catalog.schemas().get(schema)?.get(&named.table));
    if let Some(info) = hidden {
        return Found::Hidden(Arc::clone(info));
    }
    let down = path.iter().find_map(|schema| world.catalog.down().get(schema));
    Found::Missing(match (down, &named.schema) {
        (Some(down), _) => format!("{}: source {} can't be reached: {}", named.table, down.source, down.reason),
        (None, Some(schema)) => format!("{schema}.{}: no source has such a table", named.table),
        (None, None) => format!("{}: no schema of the search path has such a table", named.table),
    })
}
