//! What is put on record of a statement, collected along its way and written once, on every exit.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use chrono::{DateTime, SecondsFormat, Utc};
use weir_connectors::{QueryScope, ReadSnapshot};
use weir_planner::optimize::Read;
use weir_planner::permit::Permitted;
use weir_planner::view::{View, VisibleTable};
use weir_policies::RuleKind;

use super::receipt::{Openness, Receipt, ReceiptSlot};
use crate::audit::{self, Audit, Outcome, Record, Rule, Sent, Snapshot, TableRead};
use crate::engine::Engine;
use crate::metrics::Metrics;
use crate::session::Session;
use crate::sqlstate::{SqlError, code};

/// A name for a statement, unique as long as the process runs.
pub(super) fn query_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{:x}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A statement's record in the making. If nothing else ends it, it was abandoned.
pub(super) struct Statement {
    exit: Exit,
    scope: Arc<QueryScope>,
    started: Instant,
    record: Option<Box<Record>>,
    discreet: bool,
    receipt: ReceiptSlot,
    openness: Openness,
}

impl Statement {
    pub fn begin(engine: &Engine, session: &Session, text: &str, scope: Arc<QueryScope>) -> Self {
        let record = blank(engine, session, text, scope.query_id.clone());
        Self {
            exit: Exit::of(engine),
            scope,
            started: Instant::now(),
            record: Some(Box::new(record)),
            discreet: false,
            receipt: Arc::clone(session.receipt()),
            openness: Openness::default(),
        }
    }

    /// The view under which the statement is decided.
    pub fn viewed(&mut self, view: &View) {
        self.openness.viewed(view);
        let Some(record) = &mut self.record else { return };
        record.roles = view.principal.roles.iter().cloned().collect();
        view.policy_version.as_ref().clone_into(&mut record.policy_version);
    }

    /// What was decided. From here on an error may be about a value that is hidden, or about a rule.
    pub fn decided(&mut self, permitted: &Permitted) {
        self.discreet = !permitted.is_open();
        self.openness.reads(permitted);
    }

    /// The tables and columns that the plan reads, and which rules took part in deciding on them.
    pub fn reads(&mut self, permitted: &Permitted, reads: &[Read]) {
        let Some(record) = &mut self.record else { return };
        for read in reads {
            let is_of = |t: &&Arc<VisibleTable>| t.info.schema == read.schema && t.info.name == read.table;
            // What a filter reads, it reads with its author's rights.
            let decision = permitted.decisions.iter().find(|table| read.filter.is_none() && is_of(table));
            let table = format!("{}.{}", read.schema, read.table);
            if let Some(decision) = decision {
                let filters = decision.grant.rules.iter().filter(|rule| rule.kind == RuleKind::Filter);
                record.filters.extend(filters.map(|rule| Rule {
                    table: table.clone(),
                    column: None,
                    rule: rule.name.to_string(),
                    file: rule.file.to_string(),
                    line: rule.line,
                }));
                let masked = decision.grant.columns.iter().filter(|column| read.columns.contains(&column.name));
                let masks = masked.flat_map(|column| column.masks().map(move |mask| (column, mask)));
                record.masks.extend(masks.map(|(column, mask)| Rule {
                    table: table.clone(),
                    column: Some(column.name.clone()),
                    rule: mask.name.to_string(),
                    file: mask.file.to_string(),
                    line: mask.line,
                }));
            }
            let (source, columns) = (read.source.clone(), read.columns.clone());
            record.tables.push(TableRead { source, table, columns, filter: read.filter.clone() });
        }
    }

    /// Whether anything that the statement reads is hidden from its principal in part.
    pub fn is_discreet(&self) -> bool {
        self.discreet
    }

    /// So many more rows and bytes went to the client.
    pub fn sent(&mut self, rows: u64, bytes: u64) {
        // At once, and not at the end: an export of hours shows while it runs.
        self.exit.metrics.sent(rows, bytes);
        if let Some(record) = &mut self.record {
            record.rows += rows;
            record.bytes += bytes;
        }
    }

    pub fn succeed(&mut self) {
        self.end(Outcome::Ok, None);
    }

    pub fn fail(&mut self, error: &SqlError) {
        self.end(outcome_of(error), Some(error));
    }

    fn end(&mut self, outcome: Outcome, error: Option<&SqlError>) {
        let Some(mut record) = self.record.take() else { return };
        let sent = self.scope.sent_sql().into_iter();
        record.sent = sent.map(|s| Sent { source: s.source, sql: audit::cut(&s.sql).to_owned() }).collect();
        let snapshots = self.scope.snapshots().into_iter();
        let snapshot = |read: ReadSnapshot| Snapshot {
            table: read.of,
            snapshot: read.snapshot,
            tells_of_rows: read.tells_of_rows,
        };
        record.snapshots = snapshots.map(snapshot).collect();
        let took = self.started.elapsed();
        record.duration_ms = took.as_secs_f64() * 1000.0;
        self.exit.metrics.took(took);
        let record = self.exit.finish(*record, outcome, error);
        if let Some(receipt) = Receipt::of(&record, std::mem::take(&mut self.openness)) {
            *self.receipt.lock() = Some(receipt);
        }
    }
}

impl Drop for Statement {
    fn drop(&mut self) {
        self.end(Outcome::Abandoned, None);
    }
}

/// A statement that failed before it could begin.
pub(super) fn failed(engine: &Engine, session: &Session, text: &str, error: &SqlError) {
    let record = refused(engine, session, text, error);
    if let Some(receipt) = Receipt::of(&record, Openness::default()) {
        *session.receipt().lock() = Some(receipt);
    }
}

/// A statement that didn't even come to be looked at.
pub(super) fn refused(engine: &Engine, session: &Session, text: &str, error: &SqlError) -> Arc<Record> {
    let record = blank(engine, session, text, query_id());
    Exit::of(engine).finish(record, outcome_of(error), Some(error))
}

/// A statement about the session.
pub(super) fn utility(engine: &Engine, session: &Session, text: &str, error: Option<&SqlError>) {
    let record = blank(engine, session, text, query_id());
    Exit::of(engine).finish(record, error.map_or(Outcome::Ok, outcome_of), error);
}

/// Where every statement comes out: on record, and counted.
struct Exit {
    audit: Audit,
    metrics: Arc<Metrics>,
}

impl Exit {
    fn of(engine: &Engine) -> Self {
        Self { audit: engine.audit.clone(), metrics: Arc::clone(&engine.metrics) }
    }

    fn finish(&self, mut record: Record, outcome: Outcome, error: Option<&SqlError>) -> Arc<Record> {
        record.outcome = outcome;
        record.sqlstate = error.map(|error| error.code);
        record.message = error.map(|error| audit::cut(&error.message).to_owned());
        let record = Arc::new(record);
        self.audit.write(Arc::clone(&record));
        self.metrics.statement(outcome);
        record
    }
}

fn blank(engine: &Engine, session: &Session, text: &str, query_id: String) -> Record {
    let world = engine.world();
    let principal = session.principal();
    Record {
        time: DateTime::<Utc>::from(std::time::SystemTime::now()).to_rfc3339_opts(SecondsFormat::Micros, true),
        query_id,
        session: session.pid(),
        principal: session.user().to_owned(),
        roles: principal.roles.iter().cloned().collect(),
        policy_version: world.policies.version().to_owned(),
        statement: audit::cut(text).to_owned(),
        statement_bytes: (audit::cut(text).len() < text.len()).then_some(text.len()),
        tables: Vec::new(),
        filters: Vec::new(),
        masks: Vec::new(),
        sent: Vec::new(),
        snapshots: Vec::new(),
        rows: 0,
        bytes: 0,
        duration_ms: 0.0,
        outcome: Outcome::Ok,
        sqlstate: None,
        message: None,
    }
}

fn outcome_of(error: &SqlError) -> Outcome {
    match error.code {
        code::QUERY_CANCELED | code::ADMIN_SHUTDOWN => Outcome::Cancelled,
        code::UNDEFINED_TABLE | code::UNDEFINED_COLUMN | code::INSUFFICIENT_PRIVILEGE | code::INVALID_AUTHORIZATION => {
            Outcome::Denied
        }
        _ => Outcome::Error,
    }
}
