//! One statement reads one snapshot, whatever is written meanwhile, and never waits for itself.

use std::sync::Arc;
use std::time::Duration;

use arrow::array::RecordBatch;
use datafusion::physical_plan::{ExecutionPlan, SendableRecordBatchStream};
use futures::StreamExt;
use weir_connectors::postgres::PostgresConfig;
use weir_tests::postgres::Postgres;
use weir_tests::run;

use super::{Shop, engine};

const TABLES: &str = "CREATE TABLE a AS SELECT i AS id, repeat('x', 100) AS s FROM generate_series(1, 200000) i;
    CREATE TABLE b AS SELECT i AS id FROM generate_series(1, 1000) i";

/// The scans of a plan, to be run one by one.
fn scans(plan: &Arc<dyn ExecutionPlan>) -> Vec<Arc<dyn ExecutionPlan>> {
    match plan.name() {
        "PostgresScanExec" => vec![Arc::clone(plan)],
        _ => plan.children().into_iter().flat_map(scans).collect(),
    }
}

async fn rest(mut stream: SendableRecordBatchStream) -> usize {
    let mut rows = 0;
    while let Some(batch) = stream.next().await {
        rows += batch.unwrap().num_rows();
    }
    rows
}

async fn first(stream: &mut SendableRecordBatchStream) -> RecordBatch {
    stream.next().await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn scans_of_one_statement_see_one_moment() {
    let shop = Shop::with(TABLES);
    let statement = shop.statement().await;
    let plan = statement.plan("SELECT id FROM a UNION ALL SELECT id FROM b UNION ALL SELECT id FROM b").await.unwrap();
    let [a, b, again] = scans(&plan).try_into().unwrap();
    let mut streaming = a.execute(0, statement.context.task_ctx()).unwrap();
    let begun = first(&mut streaming).await.num_rows();
    shop.psql("BEGIN; DELETE FROM b WHERE id <= 500; INSERT INTO a VALUES (0, ''); COMMIT");
    // While the first scan streams, on a connection of its own ...
    assert_eq!(rest(b.execute(0, statement.context.task_ctx()).unwrap()).await, 1000);
    // ... and after it was given up half way, on the same one.
    drop(streaming);
    assert!(begun > 0);
    assert_eq!(rest(again.execute(0, statement.context.task_ctx()).unwrap()).await, 1000);
    assert!(shop.rows("SELECT count(*) AS n FROM b").await.contains("| 500 |"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_does_not_wait_for_its_own_connections() {
    let server = Postgres::start();
    server.psql("postgres").expect(TABLES);
    let shop = engine(PostgresConfig { connections: 1, ..PostgresConfig::new(server.url("postgres")) });
    let statement = shop.statement().await;
    let plan = statement.plan(&["SELECT s FROM a"; 5].join(" UNION ALL ")).await.unwrap();
    let mut streams: Vec<_> =
        scans(&plan).iter().map(|scan| scan.execute(0, statement.context.task_ctx()).unwrap()).collect();
    assert_eq!(streams.len(), 5);
    for stream in &mut streams {
        assert!(first(stream).await.num_rows() > 0);
    }
    for stream in streams {
        assert!(rest(stream).await > 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_take_turns() {
    let server = Postgres::start();
    server.psql("postgres").expect(TABLES);
    let shop = engine(PostgresConfig { connections: 2, ..PostgresConfig::new(server.url("postgres")) });
    let tables = shop.source.discover().await.unwrap();
    let statements = (0..12).map(|_| {
        let statement = shop.statement_over(tables.clone());
        tokio::spawn(async move {
            let batches = statement.run("SELECT a.id FROM a JOIN b ON a.id = b.id").await.unwrap();
            batches.iter().map(RecordBatch::num_rows).sum::<usize>()
        })
    });
    for running in statements.collect::<Vec<_>>() {
        assert_eq!(running.await.unwrap(), 1000);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_come_back_clean() {
    let shop = Shop::with(TABLES);
    for _ in 0..20 {
        let statement = shop.statement().await;
        statement.run("SELECT a.id FROM a JOIN b ON a.id = b.id").await.unwrap();
    }
    let others = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
    run::wait_for("connections to be idle", Duration::from_secs(20), || {
        let busy = format!("SELECT count(*) {others} AND (state <> 'idle' OR application_name <> 'weir')");
        (shop.psql(&busy) == "0").then_some(())
    });
    // The pool keeps at most four.
    run::wait_for("extra connections to be closed", Duration::from_secs(20), || {
        (1..=4).contains(&shop.psql(&format!("SELECT count(*) {others}")).parse().unwrap()).then_some(())
    });
}
