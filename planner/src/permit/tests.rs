//! Row filters over tables in memory: which rows they keep, and which are refused.

use std::any::Any;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use datafusion::catalog::{Session, TableProvider};
use datafusion::datasource::MemTable;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;
use futures::StreamExt;
use tokio_util::sync::CancellationToken;
use weir_connectors::{Connector, ConnectorError, QueryScope, ScanRequest, Sources, TableInfo};
use weir_policies::PolicySet;

use super::{check, permit};
use crate::PlanError;
use crate::bind::{bind, bind_open};
use crate::catalog::{Catalog, Discovered};
use crate::execute::execute;
use crate::explain::reads;
use crate::optimize::{self, Read, optimize, plan};
use crate::parse::{Kind, parse};
use crate::runtime::{Runtime, RuntimeOptions};
use crate::session::{SessionFacts, StatementSession};
use crate::view::View;

#[derive(Debug)]
struct Memory {
    name: Arc<str>,
    tables: Vec<(TableInfo, RecordBatch)>,
}

#[async_trait]
impl Connector for Memory {
    fn name(&self) -> &Arc<str> {
        &self.name
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    async fn discover(&self) -> Result<Vec<TableInfo>, ConnectorError> {
        Ok(self.tables.iter().map(|(info, _)| info.clone()).collect())
    }

    fn filter_support(&self, _table: &TableInfo, filters: &[&Expr]) -> Vec<TableProviderFilterPushDown> {
        vec![TableProviderFilterPushDown::Unsupported; filters.len()]
    }

    async fn scan(
        &self,
        session: &dyn Session,
        _scope: &Arc<QueryScope>,
        request: ScanRequest<'_>,
    ) -> Result<Arc<dyn ExecutionPlan>, ConnectorError> {
        let found = self.tables.iter().find(|(info, _)| info.name == request.table.name);
        let batch = found.map(|(_, batch)| batch.clone()).ok_or_else(|| ConnectorError::Lost {
            source_name: self.name.to_string(),
            reason: "no such table".to_owned(),
        })?;
        let table = MemTable::try_new(batch.schema(), vec![vec![batch]])?;
        Ok(table.scan(session, Some(&request.projection.to_vec()), &[], None).await?)
    }
}

fn table(source: &str, name: &str, columns: Vec<(&str, ArrayRef)>) -> (TableInfo, RecordBatch) {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)));
    let batch = batch.unwrap();
    let info = TableInfo {
        source: source.into(),
        schema: source.to_owned(),
        name: name.to_owned(),
        columns: batch.schema(),
        comment: None,
        remote: String::new(),
    };
    (info, batch)
}

fn numbers(values: &[Option<i64>]) -> ArrayRef {
    Arc::new(Int64Array::from(values.to_vec()))
}

fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

/// Orders, of which the fourth has no courier; couriers, of whom one has no number; bans of nobody and of someone unknown.
fn sources() -> Arc<Sources> {
    let orders = table(
        "lake",
        "orders",
        vec![
            ("id", numbers(&[Some(1), Some(2), Some(3), Some(4)])),
            ("courier_id", numbers(&[Some(10), Some(20), Some(30), None])),
            ("country", texts(&[Some("ES"), Some("PT"), Some("ES"), Some("PT")])),
        ],
    );
    let couriers = table(
        "shop",
        "couriers",
        vec![
            ("id", numbers(&[Some(10), Some(20), None])),
            ("city", texts(&[Some("Vigo"), Some("Lugo"), Some("Faro")])),
            ("country", texts(&[Some("ES"), Some("ES"), Some("PT")])),
        ],
    );
    let bans = table("shop", "bans", vec![("courier_id", numbers(&[Some(20)]))]);
    let nothing = table("shop", "nothing", vec![("courier_id", numbers(&[]))]);
    let connector = |name: &str, tables| Arc::new(Memory { name: name.into(), tables }) as Arc<dyn Connector>;
    Sources::new([connector("lake", vec![orders]), connector("shop", vec![couriers, bans, nothing])])
}

struct Facts;

impl SessionFacts for Facts {
    fn user(&self) -> &str {
        "ana"
    }
    fn search_path(&self) -> Vec<String> {
        vec!["lake".to_owned()]
    }
    fn time_zone(&self) -> &str {
        "UTC"
    }
    fn backend_pid(&self) -> i32 {
        1
    }
    fn setting(&self, _name: &str) -> Option<String> {
        None
    }
    fn connected(&self) -> DateTime<Utc> {
        Utc::now()
    }
    fn settings(&self) -> Vec<crate::session::Setting> {
        Vec::new()
    }
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

struct World {
    runtime: Arc<Runtime>,
    catalog: Arc<Catalog>,
    policies: PolicySet,
}

/// With a filter on lake.orders, and users whose attributes are `users`. The analyst sees no other table.
fn world(filter: &str, users: &str) -> World {
    let sources = sources();
    let discovered: Vec<Discovered> = sources
        .iter()
        .map(|connector| Discovered {
            source: Arc::clone(connector.name()),
            schemas: connector.schemas(),
            tables: futures::executor::block_on(connector.discover()),
        })
        .collect();
    over(filter, users, sources, &discovered)
}

fn over(filter: &str, users: &str, sources: Arc<Sources>, discovered: &[Discovered]) -> World {
    let options = RuntimeOptions {
        database: "mesh".to_owned(),
        memory_bytes: 64 << 20,
        spill_bytes: 1 << 20,
        spill_folder: None,
        parallelism: 2,
        mask_key: None,
    };
    let grants = "p, role:analyst, lake.orders, select\np, role:night, shop.bans, select\ng, ana, role:analyst\n";
    let rows =
        format!("[[filter]]\nname = 'own'\ntables = ['lake.orders']\nroles = ['analyst']\nwhere = '''{filter}'''\n");
    let files = [("policy.csv", grants), ("rows.toml", &rows), ("users.toml", users)];
    let files = files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
    World {
        runtime: Runtime::new(options, sources).unwrap(),
        catalog: Arc::new(Catalog::build(&Catalog::default(), discovered)),
        policies: PolicySet::from_files(files).unwrap(),
    }
}

impl World {
    fn problems(&self) -> String {
        let problems = check(&self.runtime, &self.policies, &self.catalog);
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    fn run(&self, sql: &str) -> Result<(Vec<i64>, Vec<Read>), PlanError> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let principal = Arc::new(self.policies.principal("ana").unwrap());
            let view = Arc::new(View::new(Arc::clone(&self.runtime), &self.policies, &self.catalog, principal));
            let parsed = parse(sql)?.remove(0);
            let Kind::Query(query) = &parsed.kind else { panic!("no query: {sql}") };
            let permitted = permit(&bind(query, &parsed, &view, &Facts, &[])?)?;
            let scope = QueryScope::new("q".to_owned(), "ana".to_owned(), CancellationToken::new());
            let session = StatementSession::new(&self.runtime, "UTC", Utc::now(), scope);
            let planned = plan(Arc::new(permitted), &self.runtime, &session)?;
            let optimized = optimize(&planned, &self.runtime, &session).await?;
            let mut rows = execute(&optimized, &session, &CancellationToken::new())?;
            let mut ids = Vec::new();
            while let Some(batch) = rows.next().await {
                ids.extend(batch?.column(0).as_primitive::<Int64Type>().values().iter().copied());
            }
            ids.sort_unstable();
            Ok((ids, planned.reads))
        })
    }

    /// What the statement itself reads of lake.orders, its parameters left open.
    fn own_reads(&self, sql: &str) -> Result<Vec<String>, PlanError> {
        let principal = Arc::new(self.policies.principal("ana").unwrap());
        let view = Arc::new(View::new(Arc::clone(&self.runtime), &self.policies, &self.catalog, principal));
        let parsed = parse(sql)?.remove(0);
        let bound = bind_open(parsed.query().unwrap(), &parsed, &view, &Facts)?;
        let scope = QueryScope::new("q".to_owned(), "ana".to_owned(), CancellationToken::new());
        let session = StatementSession::new(&self.runtime, "UTC", Utc::now(), scope);
        optimize::check(&permit(&bound)?, &self.runtime, &session)?;
        let mut reads = reads(&bound, &self.runtime, &session)?;
        let orders = reads.remove(&("lake".to_owned(), "orders".to_owned())).unwrap();
        assert!(reads.is_empty(), "{reads:?}");
        Ok(orders.into_iter().collect())
    }

    fn ids(&self) -> Vec<i64> {
        self.run("SELECT id FROM orders").unwrap().0
    }
}

const VIGO: &str = "[ana]\ncity = 'Vigo'\nteams = ['ES', 'FR']\ncouriers = [10, 30]\nnone = []\n";

#[test]
fn filters_keep_the_rows_for_which_they_are_true() {
    for (filter, kept) in [
        ("country = ANY(attr('teams'))", vec![1, 3]),
        ("country <> ALL(attr('teams'))", vec![2, 4]),
        ("courier_id = ANY(attr('couriers'))", vec![1, 3]),
        ("country = ANY(attr('none'))", vec![]),
        ("country <> ALL(attr('none'))", vec![1, 2, 3, 4]),
        ("country = ANY(attr('absent'))", vec![]),
        ("has_role('analyst') AND orders.id < 3", vec![1, 2]),
        ("has_role('night') OR lake.orders.id = 3", vec![3]),
        ("current_user = 'ana' AND id = 1", vec![1]),
        // What PostgreSQL makes of numbers, constants, patterns and dates.
        ("id / 2 = 1", vec![2, 3]),
        ("id * 1.5 > 4", vec![3, 4]),
        ("id = '3'", vec![3]),
        ("id IN ('2', 3.0)", vec![2, 3]),
        ("id > ANY(ARRAY[2, 3]) AND id <> ALL('{4}')", vec![3]),
        ("courier_id > ANY(attr('couriers'))", vec![2, 3]),
        ("courier_id <> ANY(attr('couriers'))", vec![1, 2, 3]),
        ("courier_id >= ALL(attr('couriers'))", vec![3]),
        ("attr('teams') @> ARRAY[country]", vec![1, 3]),
        ("cardinality(attr('none')) = 0 AND id = 1", vec![1]),
        ("country LIKE 'E_' AND country ILIKE '%s'", vec![1, 3]),
        ("CASE country WHEN 'ES' THEN id > 1 ELSE courier_id IS NULL END", vec![3, 4]),
        ("left(country, 1) || lower(right(country, 1)) = 'Es'", vec![1, 3]),
        ("date '2024-02-28' + id::int > '2024-03-01'", vec![3, 4]),
        ("now() > timestamptz '2020-01-01' AND current_date > '2020-01-01'", vec![1, 2, 3, 4]),
        ("id <> 1 AND 10 / (id - 1) > 4", vec![2, 3]),
        ("NULL", vec![]),
        ("coalesce(courier_id, -1) < 0 OR nullif(id, 1) IS NULL", vec![1, 4]),
        // Sub-selects.
        ("courier_id = ANY (SELECT id FROM shop.couriers)", vec![1, 2]),
        ("country IN (SELECT unnest(attr('teams')))", vec![1, 3]),
        ("id = (SELECT count(*) / 2 FROM shop.couriers)", vec![1]),
        ("courier_id IN (SELECT id FROM shop.couriers WHERE city = attr('city'))", vec![1]),
        ("courier_id IN (SELECT id FROM shop.couriers)", vec![1, 2]),
        (
            "EXISTS (SELECT 1 FROM shop.couriers c WHERE c.id = orders.courier_id AND c.country <> lake.orders.country)",
            vec![2],
        ),
        ("EXISTS (SELECT 1 FROM shop.couriers c WHERE c.id > courier_id)", vec![1]),
        ("EXISTS (SELECT 1 FROM shop.nothing)", vec![]),
        ("NOT EXISTS (SELECT 1 FROM shop.nothing)", vec![1, 2, 3, 4]),
        ("NOT EXISTS (SELECT 1 FROM shop.bans b WHERE b.courier_id = orders.courier_id)", vec![1, 3, 4]),
        ("id = (SELECT max(id) FROM lake.orders)", vec![4]),
        ("country = (SELECT max(country) FROM shop.couriers c WHERE c.id = courier_id)", vec![1]),
        ("(SELECT count(*) FROM shop.couriers c WHERE c.id = courier_id) = 0", vec![3, 4]),
        (
            "id IN (WITH v AS (SELECT id FROM shop.couriers WHERE id = 10) SELECT o.id FROM lake.orders o JOIN v ON v.id = o.courier_id)",
            vec![1],
        ),
        // NULL in the select, or on the left of it, hides the row; where nothing is selected, all rows stay.
        ("courier_id NOT IN (SELECT id FROM shop.couriers)", vec![]),
        ("courier_id NOT IN (SELECT courier_id FROM shop.bans)", vec![1, 3]),
        ("courier_id NOT IN (SELECT courier_id FROM shop.nothing)", vec![1, 2, 3, 4]),
        // The same where it isn't alone.
        ("courier_id NOT IN (SELECT id FROM shop.couriers) OR id = 4", vec![4]),
        ("NOT (courier_id IN (SELECT courier_id FROM shop.bans) OR id = 1)", vec![3]),
        ("NOT (courier_id NOT IN (SELECT courier_id FROM shop.bans) OR id = 1)", vec![2]),
        ("id = 3 OR courier_id IN (SELECT id FROM shop.couriers WHERE city = 'Lugo')", vec![2, 3]),
        (
            "NOT EXISTS (SELECT 1 FROM shop.couriers c WHERE c.city = attr('city') AND c.id = courier_id) AND id > 2",
            vec![3, 4],
        ),
        // A sub-select that reads what the principal lacks is NULL.
        ("NOT EXISTS (SELECT 1 FROM shop.couriers c WHERE c.city = attr('absent'))", vec![]),
        ("courier_id NOT IN (SELECT id FROM shop.couriers WHERE city = attr('absent')) OR id = 2", vec![2]),
    ] {
        let world = world(filter, VIGO);
        assert_eq!(world.problems(), "", "{filter}");
        assert_eq!(world.ids(), kept, "{filter}");
    }
}

/// PostgreSQL's errors quote values, and those that a filter reads are hidden.
#[test]
fn a_filter_that_fails_quotes_nothing() {
    for (filter, code) in [
        ("id * 4611686018427387904 > 0", "22003"),
        ("country::int = 1", "22P02"),
        ("id = ANY(ARRAY[country]::int[])", "22P02"),
        ("id = (SELECT max(city::int) FROM shop.couriers)", "22P02"),
        ("courier_id IN (SELECT id FROM shop.couriers WHERE city::date > now())", "22007"),
        ("(SELECT json_object_agg_unique(country, id) FROM shop.couriers WHERE id > 0) IS NOT NULL", "22030"),
    ] {
        let world = world(filter, VIGO);
        assert_eq!(world.problems(), "", "{filter}");
        let error = world.run("SELECT id FROM orders").expect_err(filter);
        let PlanError::Engine(engine) = &error else { panic!("{filter}: {error}") };
        let told = crate::functions::find_value_error(engine).map(|told| (told.code, told.message.as_str()));
        assert_eq!(told, Some((code, "a policy rule fails on a value")), "{filter}: {error}");
        assert!(!["ES", "PT", "Vigo", "Lugo", "Faro"].iter().any(|value| error.to_string().contains(value)), "{error}");
    }
}

#[test]
fn what_a_filter_selects_from_stays_unseen_and_on_record() {
    let world = world("courier_id IN (SELECT id FROM shop.couriers)", VIGO);
    for hidden in ["SELECT id FROM shop.couriers", "SELECT id FROM shop.misspelt"] {
        assert!(matches!(world.run(hidden), Err(PlanError::UndefinedTable { .. })), "{hidden}");
    }
    let (_, reads) = world.run("SELECT id FROM orders o WHERE country = 'ES'").unwrap();
    let told: Vec<_> = reads.iter().map(|read| (read.filter.as_deref(), read.table.as_str())).collect();
    assert_eq!(told, [(None, "orders"), (Some("own"), "couriers")]);
}

/// A predicate that fails on a row tells that the row is there; one about sub-queries must not come between.
#[test]
fn no_predicate_runs_before_the_sub_select_has_decided() {
    let world = world("courier_id IN (SELECT id FROM shop.couriers WHERE city = attr('city'))", VIGO);
    for (sql, found) in [
        ("SELECT id FROM orders WHERE 10 / (id - 2) <> 99", vec![1]),
        ("SELECT id FROM orders WHERE 1 / (courier_id - 20) <> 99 AND country = 'ES'", vec![1]),
        ("SELECT o.id FROM orders o JOIN orders p ON o.id = p.id AND 10 / (o.id - 3) <> 99", vec![1]),
        (
            "SELECT id FROM orders o WHERE EXISTS (SELECT 1 FROM orders p WHERE p.id = o.id AND 10 / (p.id - 2) <> 99)",
            vec![1],
        ),
        ("SELECT id FROM orders WHERE id IN (SELECT max(id) FROM orders)", vec![1]),
        ("SELECT id FROM orders WHERE (SELECT count(*) FROM orders) = 1", vec![1]),
        ("SELECT count(*) FROM orders", vec![1]),
        ("SELECT id FROM orders ORDER BY id DESC LIMIT 1", vec![1]),
    ] {
        assert_eq!(world.run(sql).unwrap().0, found, "{sql}");
    }
}

#[test]
fn every_wrong_filter_is_refused() {
    for (filter, named) in [
        ("courier_id IN (SELECT id FROM shop.courier)", "table shop.courier does not exist"),
        ("courier_id IN (SELECT id FROM couriers)", "a filter names tables as schema.table"),
        ("courier_id IN (SELECT ident FROM shop.couriers)", "ident"),
        ("courier_id IN (SELECT city, id FROM shop.couriers)", "subquery has too many columns"),
        // The name is the filtered table's, since the couriers have none: every row would match itself.
        ("courier_id IN (SELECT courier_id FROM shop.couriers)", "own on lake.orders: "),
        ("courier_id = (SELECT id FROM shop.couriers c WHERE c.id = courier_id)", "at most one row"),
        ("country IN (SELECT nofunction(city) FROM shop.couriers)", "function nofunction(text) does not exist"),
        ("EXISTS (SELECT 1 FROM shop.couriers orders WHERE orders.id = lake.orders.courier_id)", "own name"),
        ("(courier_id IN (SELECT id FROM shop.couriers)) IS NULL", "AND, OR and NOT"),
        ("courier_id > ANY (SELECT id FROM shop.couriers)", "AND, OR and NOT"),
        ("EXISTS (SELECT row_number() OVER () FROM shop.couriers c WHERE c.id = courier_id)", "window"),
        ("EXISTS (SELECT 1 FROM shop.couriers WHERE id = $1)", "parameters"),
        ("max(id) = 1", "aggregate functions are not allowed in policy expressions"),
        ("generate_series(1, id) = 1", "set-returning functions are not allowed in policy expressions"),
        ("id + 1", "a filter must be boolean, this one is bigint"),
        ("id > 1 / 0", "division by zero"),
        ("id = true", "operator does not exist: bigint = boolean"),
        ("id = 'x'", "invalid input syntax for type bigint: \"x\""),
        ("id = 1; true", "syntax error at or near \"true\""),
        ("id = 1 UNION SELECT true", "expected one expression"),
        ("true) OR (true", "syntax error"),
        // What tells of a session, or of what its user sees.
        ("pg_backend_pid() = 1", "tells of the session"),
        ("current_setting('search_path') = 'lake'", "tells of the session"),
        ("current_schema() = 'lake'", "tells of the session"),
        ("has_table_privilege('lake.orders', 'select')", "tells of the session"),
        ("'lake.orders'::regclass IS NOT NULL", "tells of the session"),
        ("EXISTS (SELECT 1 FROM pg_catalog.pg_class)", "table pg_catalog.pg_class does not exist"),
        // A word that means another day each day can't be bound once.
        ("current_date = 'today'", "is another moment each time"),
        ("has_role('knight')", "unknown role `knight`"),
        ("has_role('role:night')", "without its prefix: has_role('night')"),
        ("has_role(country)", "has_role takes one quoted name"),
        ("id = attr('city')", "with the attributes of `ana`: invalid input syntax for type bigint: \"Vigo\""),
        ("country = ANY(attr('city'))", "ANY needs a list, attribute \"city\" is a string"),
        ("id = ANY(attr('teams'))", "invalid input syntax for type bigint: \"ES\""),
        ("courier_id IN (SELECT id FROM shop.couriers WHERE id = attr('city'))", "invalid input syntax"),
    ] {
        let problems = world(filter, VIGO).problems();
        assert!(problems.starts_with("rows.toml:5: ") && problems.contains(named), "{filter}: {problems}");
    }
}

/// The filter of a domain reads with its author's rights, which end where the domain does.
#[test]
fn a_filter_of_a_domain_selects_from_what_the_domain_owns() {
    let of_domain = |owned: &str| {
        let filter = "courier_id IN (SELECT id FROM shop.couriers)";
        let rows = format!("[[filter]]\nname = 'own'\ntables = ['lake.orders']\nroles = ['*']\nwhere = '{filter}'\n");
        let files = [
            ("policy.csv", "p, role:analyst, lake.orders, select\n".to_owned()),
            ("domains.toml", format!("[logistics]\nschemas = [{owned}]\n")),
            ("logistics/rows.toml", rows),
        ];
        let files = files.map(|(name, text)| (name.to_owned(), text.into_bytes()));
        World { policies: PolicySet::from_files(files).unwrap(), ..world("true", VIGO) }.problems()
    };
    assert_eq!(of_domain("'lake', 'shop'"), "");
    assert_eq!(
        of_domain("'lake'"),
        "logistics/rows.toml:5: own on lake.orders: permission denied for table shop.couriers, which the domain of the \
         filter doesn't own"
    );
}

#[test]
fn a_text_attribute_takes_the_type_that_all_users_values_fit() {
    let filter = "id = attr('level')";
    let fitting = world(filter, "[ana]\nlevel = '3'\n[bob]\nlevel = '4'\n");
    assert_eq!((fitting.problems().as_str(), fitting.ids()), ("", vec![3]));
    let other = world(filter, "[ana]\nlevel = '3'\n[bob]\nlevel = 'high'\n").problems();
    assert!(other.contains("with the attributes of `bob`"), "{other}");
}

#[test]
fn a_filter_over_a_source_that_was_never_reached_keeps_its_table_invisible() {
    let sources = sources();
    let discovered: Vec<Discovered> = sources
        .iter()
        .map(|connector| Discovered {
            source: Arc::clone(connector.name()),
            schemas: connector.schemas(),
            tables: match connector.name().as_ref() {
                "shop" => Err(ConnectorError::Lost { source_name: "shop".to_owned(), reason: "down".to_owned() }),
                _ => futures::executor::block_on(connector.discover()),
            },
        })
        .collect();
    let world = over("courier_id IN (SELECT id FROM shop.misspelt)", VIGO, Arc::clone(&sources), &discovered);
    assert_eq!(world.problems(), "");
    assert!(matches!(world.run("SELECT id FROM lake.orders"), Err(PlanError::UndefinedTable { .. })));
}

#[test]
fn a_scan_for_a_filter_that_fails_names_nothing() {
    let mut world = world("courier_id IN (SELECT id FROM shop.gone)", VIGO);
    // The catalog still has what the source has no more.
    let gone = TableInfo { name: "gone".to_owned(), columns: ids(), ..sources_table(&world, "shop", "couriers") };
    let mut discovered = Vec::new();
    for (schema, tables) in world.catalog.schemas() {
        let mut tables: Vec<TableInfo> = tables.values().map(|info| info.as_ref().clone()).collect();
        tables.extend((schema == "shop").then(|| gone.clone()));
        discovered.push(Discovered {
            source: schema.as_str().into(),
            schemas: vec![schema.clone()],
            tables: Ok(tables),
        });
    }
    world.catalog = Arc::new(Catalog::build(&Catalog::default(), &discovered));
    assert_eq!(world.problems(), "");
    let error = world.run("SELECT id FROM orders").expect_err("a table that is gone");
    let PlanError::Engine(engine) = &error else { panic!("{error}") };
    assert!(matches!(ConnectorError::find(engine), Some(ConnectorError::Undisclosed)), "{error}");
    assert!(!error.to_string().contains("shop"), "{error}");
}

fn ids() -> SchemaRef {
    Arc::new(Schema::new(vec![Field::new("id", DataType::Int64, true)]))
}

fn sources_table(world: &World, schema: &str, table: &str) -> TableInfo {
    world.catalog.schemas()[schema][table].as_ref().clone()
}

#[test]
fn what_a_statement_reads_is_told_apart_from_what_its_filter_reads() {
    let filter = "country = attr('country') AND courier_id IN (SELECT id FROM shop.couriers)";
    let world = world(filter, "[ana]\ncountry = 'ES'\n");
    for (sql, columns) in [
        ("SELECT id FROM orders", vec!["id"]),
        ("SELECT count(*) FROM orders", vec![]),
        ("SELECT id FROM (SELECT * FROM orders) o WHERE courier_id > $1", vec!["courier_id", "id"]),
        ("SELECT coalesce($1::text, country) FROM orders LIMIT $2", vec!["country"]),
        ("SELECT id FROM orders WHERE courier_id IN (SELECT id + $1 FROM orders)", vec!["courier_id", "id"]),
    ] {
        assert_eq!(world.own_reads(sql).unwrap(), columns, "{sql}");
    }
}
