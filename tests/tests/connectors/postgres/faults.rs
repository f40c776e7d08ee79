//! What breaks, what is refused, and what is cancelled: always an error of its kind, and nothing left running.

use std::time::Duration;

use futures::StreamExt;
use weir_connectors::postgres::PostgresConfig;
use weir_connectors::{ConnectorError, Secret};
use weir_tests::postgres::Postgres;
use weir_tests::run;

use super::{Shop, source};
use crate::common::kind;

/// Rows that come slowly, for ever as far as a test goes.
const SLOW: &str = "CREATE VIEW slow AS SELECT i, pg_sleep(0.001)::text AS s FROM generate_series(1, 10000000) i;
    CREATE TABLE big AS SELECT i, repeat('x', 500) AS s FROM generate_series(1, 300000) i";

const RUNNING: &str = "SELECT count(*) FROM pg_stat_activity
    WHERE state = 'active' AND application_name = 'weir ana q-1' AND query LIKE 'COPY%'";

fn wait_until_running(shop: &Shop, count: &str) {
    run::wait_for(&format!("{count} running copies"), Duration::from_secs(20), || {
        (shop.psql(RUNNING) == count).then_some(())
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_statement_stops_at_the_source() {
    let shop = Shop::with(SLOW);
    let statement = shop.statement().await;
    let cancel = statement.scope.cancel.clone();
    let running = tokio::spawn(async move { statement.run("SELECT max(i), max(s) FROM slow").await.map(|_| ()) });
    wait_until_running(&shop, "1");
    cancel.cancel();
    let error = running.await.unwrap().unwrap_err();
    assert!(matches!(kind(&error), ConnectorError::Canceled), "{error:?}");
    wait_until_running(&shop, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_stream_stops_at_the_source() {
    let shop = Shop::with(SLOW);
    let statement = shop.statement().await;
    let plan = statement.plan("SELECT i, s FROM big").await.unwrap();
    let mut stream = plan.execute(0, statement.context.task_ctx()).unwrap();
    assert!(stream.next().await.unwrap().is_ok());
    wait_until_running(&shop, "1");
    drop(stream);
    wait_until_running(&shop, "0");
    assert_eq!(statement.scope.sent_sql()[0].sql, r#"SELECT "i"::int4, "s"::text FROM "public"."big""#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_in_mid_scan_is_an_error() {
    let mut shop = Shop::with(SLOW);
    let statement = shop.statement().await;
    let plan = statement.plan("SELECT i, s FROM big").await.unwrap();
    let mut stream = plan.execute(0, statement.context.task_ctx()).unwrap();
    assert!(stream.next().await.unwrap().is_ok());
    shop.server.kill();
    let error = loop {
        match stream.next().await {
            Some(Ok(_)) => {}
            Some(Err(error)) => break error,
            None => panic!("a partial result"),
        }
    };
    assert!(matches!(kind(&error), ConnectorError::Lost { source_name, .. } if source_name == "shop"), "{error:?}");
    assert!(stream.next().await.is_none());
    drop((stream, plan, statement));
    let error = shop.source.discover().await.unwrap_err();
    assert!(matches!(&error, ConnectorError::Unreachable { .. }), "{error:?}");
    shop.server.restart();
    assert!(shop.rows("SELECT count(*) AS n FROM big").await.contains("| 300000 |"));
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_that_died_are_replaced() {
    let shop = Shop::with(SLOW);
    let statement = shop.statement().await;
    shop.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'weir'");
    assert!(statement.run("SELECT count(*) FROM big").await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_down_or_refuses_login_cannot_be_reached() {
    let port = run::free_port();
    let down = source(PostgresConfig::new(format!("postgres://ana@127.0.0.1:{port}/db")));
    unreachable(down.discover().await, &format!("127.0.0.1:{port}"));

    let server = Postgres::start();
    let psql = server.psql("postgres");
    psql.expect("CREATE USER ana PASSWORD 'right'");
    let hba = psql.expect("SHOW hba_file");
    let rules = std::fs::read_to_string(&hba).unwrap();
    std::fs::write(&hba, format!("host all ana all scram-sha-256\n{rules}")).unwrap();
    psql.expect("SELECT pg_reload_conf()");
    let file = server.folder().join("password");
    let config = || PostgresConfig {
        password: Some(Secret::File(file.clone())),
        ..PostgresConfig::new(format!("postgres://ana@127.0.0.1:{}/postgres", server.port()))
    };
    std::fs::write(&file, "hunter2\n").unwrap();
    let ana = source(config());
    unreachable(ana.discover().await, "password authentication failed for user \"ana\"");
    // The password is read anew: after a rotation the source works without a restart.
    std::fs::write(&file, "right\n").unwrap();
    assert!(ana.discover().await.is_ok());
    unreachable(source(PostgresConfig::new(server.url("nowhere"))).discover().await, "nowhere");
}

fn unreachable<T: std::fmt::Debug>(result: Result<T, ConnectorError>, part: &str) {
    let error = result.unwrap_err();
    assert!(matches!(error, ConnectorError::Unreachable { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains(part) && text.contains("shop") && !text.contains("hunter2"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_changed_or_is_refused_says_so() {
    let shop = Shop::with(
        "CREATE TABLE gone (a int); CREATE TABLE renamed (a int); CREATE TABLE retyped (a int);
         INSERT INTO retyped VALUES (7); CREATE VIEW failing AS SELECT 1 / (i - 3) AS a FROM generate_series(1, 5) i",
    );
    let tables = shop.source.discover().await.unwrap();
    let error = async |table: &str| {
        let statement = shop.statement_over(tables.clone());
        statement.run(&format!("SELECT a FROM {table}")).await.expect_err(table)
    };
    shop.psql(
        "DROP TABLE gone; ALTER TABLE renamed RENAME a TO b; ALTER TABLE retyped ALTER a TYPE text USING 'seven'",
    );
    for (name, full) in [("gone", "shop.gone"), ("renamed", "shop.renamed")] {
        let error = error(name).await;
        assert!(matches!(kind(&error), ConnectorError::Changed { table, .. } if table == full), "{error:?}");
    }
    for (name, code) in [("retyped", "22P02"), ("failing", "22012")] {
        let error = error(name).await;
        assert!(matches!(kind(&error), ConnectorError::Refused { sqlstate, .. } if sqlstate == code), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_that_does_not_exist_is_a_mistake_of_the_configuration() {
    let server = Postgres::start();
    let schemas = [("shop".to_owned(), "pubilc".to_owned())].into();
    let shop = source(PostgresConfig { schemas, ..PostgresConfig::new(server.url("postgres")) });
    let error = shop.discover().await.unwrap_err();
    assert!(matches!(error, ConnectorError::Config { .. }) && error.to_string().contains("pubilc"), "{error}");
}
