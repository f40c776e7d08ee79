//! One statement's view of one PostgreSQL: a REPEATABLE READ READ ONLY snapshot that all of its scans share.
//!
//! The first scan opens it on the *leader* connection. A scan that starts while the leader is idle uses the leader; one
//! that starts while the leader streams gets a *follower*, which imports the leader's exported snapshot. The leader
//! stays in its transaction until the statement's scope ends, since importing needs the exporter's transaction.
//! Scans run under a savepoint: cancelling one of them, as a LIMIT above it does, must not end that transaction.
//! Where the pool has one connection only, the leader is all there is, and scans wait for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use tokio_postgres::error::SqlState;
use tokio_postgres::{SimpleQueryMessage, Statement};

use super::error;
use super::pool::{Conn, Pool};
use super::sql;
use crate::{ConnectorError, QueryScope};

const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Which transactions the snapshot holds, for the record; in all versions of PostgreSQL, and on standbys.
const SNAPSHOT: &str = "SELECT pg_catalog.txid_current_snapshot() AS snapshot";

/// How long a cancelled connection may take to be usable again.
const RECOVERY: Duration = Duration::from_secs(5);

/// Pinned in the statement's [`QueryScope`] under the source's name.
pub struct Snapshot {
    pool: Arc<Pool>,
    opened: OnceCell<Opened>,
    /// The leader while no scan uses it.
    leader: Mutex<Option<Conn>>,
    /// Scans that were planned in this scope. One alone needs no export.
    planned: AtomicUsize,
    /// Whose turn it is with the one connection of a pool that has no more.
    single: Option<Arc<Semaphore>>,
}

struct Opened {
    /// What `pg_export_snapshot` returned.
    exported: Option<String>,
    runtime: Handle,
    _turn: OwnedSemaphorePermit,
}

impl Snapshot {
    /// The snapshot of `pool` for the statement; opened by the first scan that runs.
    pub async fn of(scope: &QueryScope, pool: &Arc<Pool>) -> Result<Arc<Self>, ConnectorError> {
        let make = async {
            Ok(Self {
                pool: Arc::clone(pool),
                opened: OnceCell::new(),
                leader: Mutex::default(),
                planned: AtomicUsize::new(0),
                single: pool.is_single().then(|| Arc::new(Semaphore::new(1))),
            })
        };
        scope.pin(&pool.source, make).await
    }

    /// Counts a scan that will run in this scope.
    pub fn plan(&self) {
        self.planned.fetch_add(1, Ordering::Relaxed);
    }

    /// A connection inside the snapshot with `copy` prepared on it.
    pub async fn lease(self: &Arc<Self>, scope: &QueryScope, copy: &str) -> Result<(Lease, Statement), ConnectorError> {
        let mut first = None;
        let single = self.single_turn().await?;
        let open = async {
            let (opened, conn, statement) = self.open(scope, copy).await?;
            first = Some((conn, statement));
            Ok::<_, ConnectorError>(opened)
        };
        let opened = self.opened.get_or_try_init(|| open).await?;
        if let Some((conn, statement)) = first {
            return Ok((self.leased(conn, true, opened, single), statement));
        }
        let idle_leader = self.leader.lock().take();
        if let Some(conn) = idle_leader {
            let lease = self.leased(conn, true, opened, single);
            let statement = lease.client()?.prepare(copy).await.map_err(|e| self.failed(&e))?;
            return Ok((lease, statement));
        }
        if single.is_some() {
            return Err(self.snapshot_ended());
        }
        let (conn, statement) = self.follow(scope, opened, copy).await?;
        Ok((self.leased(conn, false, opened, None), statement))
    }

    /// The turn with the pool's one connection; none where there are more.
    async fn single_turn(&self) -> Result<Option<OwnedSemaphorePermit>, ConnectorError> {
        let Some(single) = &self.single else { return Ok(None) };
        Arc::clone(single).acquire_owned().await.map(Some).map_err(|_| self.snapshot_ended())
    }

    fn leased(
        self: &Arc<Self>,
        conn: Conn,
        leads: bool,
        opened: &Opened,
        single: Option<OwnedSemaphorePermit>,
    ) -> Lease {
        let runtime = opened.runtime.clone();
        Lease { conn: Some(conn), leads, snapshot: Arc::clone(self), runtime, single }
    }

    /// Opens the snapshot on a first connection. A connection from the pool may turn out to be dead: the next is tried.
    async fn open(&self, scope: &QueryScope, copy: &str) -> Result<(Opened, Conn, Statement), ConnectorError> {
        let turn = self.pool.turn().await?;
        let begin = self.begin_leader(scope);
        loop {
            let (conn, reused) = self.pool.connection().await?;
            // Both requests are sent before the first answer is awaited: one round trip instead of two.
            let answers = futures::join!(conn.client.simple_query(&begin), conn.client.prepare(copy));
            let exported = match answers.0 {
                Ok(messages) => {
                    let read = value_of("snapshot", &messages).unwrap_or_else(|| "unknown".to_owned());
                    scope.snapshot(self.pool.source.to_string(), format!("snapshot {read}"));
                    value_of("exported", &messages)
                }
                Err(e) if reused && error::is_disconnect(&e) => continue,
                Err(e) => return Err(self.failed(&e)),
            };
            let statement = answers.1.map_err(|e| self.failed(&e))?;
            return Ok((Opened { exported, runtime: Handle::current(), _turn: turn }, conn, statement));
        }
    }

    fn begin_leader(&self, scope: &QueryScope) -> String {
        let export = match (self.planned.load(Ordering::Relaxed), &self.single) {
            (1, _) | (_, Some(_)) => "",
            _ => "SELECT pg_catalog.pg_export_snapshot() AS exported; ",
        };
        format!("{BEGIN}; {}{export}{SNAPSHOT}; SAVEPOINT scan", name_connection(scope))
    }

    async fn follow(
        &self,
        scope: &QueryScope,
        opened: &Opened,
        copy: &str,
    ) -> Result<(Conn, Statement), ConnectorError> {
        let exported = opened.exported.as_deref().and_then(sql::literal).ok_or_else(|| self.snapshot_ended())?;
        let begin = format!("{BEGIN}; SET TRANSACTION SNAPSHOT {exported}; {}", name_connection(scope));
        loop {
            let (conn, reused) = self.pool.connection().await?;
            let answers = futures::join!(conn.client.batch_execute(&begin), conn.client.prepare(copy));
            match answers.0 {
                Ok(()) => return Ok((conn, answers.1.map_err(|e| self.failed(&e))?)),
                Err(e) if reused && error::is_disconnect(&e) => continue,
                // The exporter's transaction has ended.
                Err(e) if e.code() == Some(&SqlState::INVALID_PARAMETER_VALUE) => return Err(self.snapshot_ended()),
                Err(e) => return Err(self.failed(&e)),
            }
        }
    }

    fn snapshot_ended(&self) -> ConnectorError {
        error::lost(&self.pool.source, "the statement's snapshot ended with its connection".to_owned())
    }

    fn failed(&self, error: &tokio_postgres::Error) -> ConnectorError {
        error::running(&self.pool.source, "", error)
    }
}

impl Drop for Snapshot {
    /// The statement has ended: the leader leaves its transaction and goes back to the pool.
    fn drop(&mut self) {
        let Some(conn) = self.leader.get_mut().take() else { return };
        let Some(opened) = self.opened.take() else { return conn.kill() };
        let pool = Arc::clone(&self.pool);
        opened.runtime.clone().spawn(async move {
            end(&pool, conn).await;
            drop(opened);
        });
    }
}

/// A connection that belongs to one running scan. Unless [`Lease::finish`] was called, dropping it stops the remote
/// statement.
pub struct Lease {
    conn: Option<Conn>,
    leads: bool,
    snapshot: Arc<Snapshot>,
    runtime: Handle,
    single: Option<OwnedSemaphorePermit>,
}

impl Lease {
    pub fn client(&self) -> Result<&tokio_postgres::Client, ConnectorError> {
        let conn = self.conn.as_ref();
        conn.map(|conn| &conn.client)
            .ok_or_else(|| error::lost(&self.snapshot.pool.source, "the scan has ended".to_owned()))
    }

    /// The scan was read to its end: the connection is free for the next.
    pub fn finish(mut self) {
        let Some(conn) = self.conn.take() else { return };
        if self.leads {
            *self.snapshot.leader.lock() = Some(conn);
        } else {
            let pool = Arc::clone(&self.snapshot.pool);
            self.runtime.spawn(async move { end(&pool, conn).await });
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(mut conn) = self.conn.take() else { return };
        conn.tainted = true;
        let (snapshot, leads, single) = (Arc::clone(&self.snapshot), self.leads, self.single.take());
        self.runtime.spawn(async move {
            let _until_recovered = single;
            snapshot.pool.cancel(conn.client.cancel_token()).await;
            if leads && recover(&conn).await {
                *snapshot.leader.lock() = Some(conn);
            } else {
                conn.kill();
            }
        });
    }
}

/// Brings a cancelled leader back to where it can scan again. The answer comes after the rest of the cancelled
/// statement's, which the driver discards; that can be long if the cancel request got lost.
async fn recover(conn: &Conn) -> bool {
    let answer = tokio::time::timeout(RECOVERY, conn.client.batch_execute("ROLLBACK TO SAVEPOINT scan"));
    matches!(answer.await, Ok(Ok(())))
}

/// Ends the transaction and gives the connection back.
async fn end(pool: &Pool, conn: Conn) {
    match conn.client.batch_execute("ROLLBACK").await {
        Ok(()) => pool.give_back(conn),
        Err(_) => conn.kill(),
    }
}

/// Names the connection after the statement until its transaction ends.
fn name_connection(scope: &QueryScope) -> String {
    let name = sql::application_name(&scope.user, &scope.query_id);
    sql::literal(&name).map(|name| format!("SET LOCAL application_name = {name}; ")).unwrap_or_default()
}

/// The column's value in the first row that has it.
fn value_of(column: &str, messages: &[SimpleQueryMessage]) -> Option<String> {
    messages.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.try_get(column).ok().flatten().map(str::to_owned),
        _ => None,
    })
}
