//! `SHOW weir.receipt`: what became of the session's last statement that read data, or that failed. It is made of the
//! statement's audit record, and leaves out what its principal may not know: other tables than those that the statement
//! names (a row filter may read them), rules, and the SQL that holds them.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parking_lot::Mutex;
use weir_planner::permit::Permitted;
use weir_planner::view::View;
use weir_policies::RuleKind;

use crate::audit::{Outcome, Record, Rule, Snapshot, TableRead};
use crate::sqlstate::{SqlError, code};

/// Where a session keeps its last receipt; a statement puts it there when it ends.
pub type ReceiptSlot = Arc<Mutex<Option<Receipt>>>;

/// The record of a statement that has ended, with what its principal may be told of it.
pub struct Receipt {
    record: Arc<Record>,
    openness: Openness,
}

/// How much of a statement's record is for its principal.
#[derive(Default)]
pub(super) struct Openness {
    /// Tables that the statement names.
    named: Vec<String>,
    /// Grants that made them visible; only for those who may see policies.
    grants: Vec<String>,
    /// Nothing of the tables is hidden from the principal.
    open: bool,
    sees_policies: bool,
}

impl Openness {
    pub fn viewed(&mut self, view: &View) {
        self.sees_policies = view.may_see_policies;
    }

    pub fn reads(&mut self, permitted: &Permitted) {
        self.open = permitted.is_open();
        for table in &permitted.decisions {
            self.named.push(format!("{}.{}", table.info.schema, table.info.name));
            if self.sees_policies {
                let grants = table.grant.rules.iter().filter(|rule| rule.kind == RuleKind::Grant);
                self.grants.extend(grants.map(|rule| format!("{} ({}:{})", rule.name, rule.file, rule.line)));
            }
        }
    }
}

/// The columns of a receipt: one row per item, in a fixed order; an item may come several times.
pub fn columns() -> SchemaRef {
    let text = |name| Field::new(name, DataType::Utf8, false);
    Arc::new(Schema::new(vec![text("item"), text("value")]))
}

impl Receipt {
    /// The receipt of a statement that has ended; none of one that neither read anything nor failed, as clients send
    /// between those that do.
    pub(super) fn of(record: &Arc<Record>, openness: Openness) -> Option<Self> {
        let worth = !record.tables.is_empty() || !matches!(record.outcome, Outcome::Ok);
        worth.then(|| Self { record: Arc::clone(record), openness })
    }

    /// The rows that the principal gets, who by now sees `view`.
    pub fn rows(&self, view: &View) -> Result<RecordBatch, SqlError> {
        let items = self.items(self.openness.sees_policies && view.may_see_policies);
        let (names, values): (Vec<&str>, Vec<String>) = items.into_iter().unzip();
        let arrays: Vec<ArrayRef> = vec![Arc::new(StringArray::from(names)), Arc::new(StringArray::from(values))];
        RecordBatch::try_new(columns(), arrays).map_err(|error| SqlError::new(code::INTERNAL_ERROR, error.to_string()))
    }

    fn items(&self, sees_policies: bool) -> Vec<(&'static str, String)> {
        let record = &self.record;
        let mut items = vec![
            ("policy_version", record.policy_version.clone()),
            ("query_id", record.query_id.clone()),
            ("time", record.time.clone()),
            ("outcome", record.outcome.name().to_owned()),
        ];
        items.extend(record.sqlstate.map(|code| ("sqlstate", code.to_owned())));
        items.extend(record.message.clone().map(|message| ("message", message)));
        let tables = record.tables.iter().filter(|read| sees_policies || self.names(read));
        items.extend(tables.map(|read| ("table", read.table.clone())));
        if sees_policies {
            items.extend(self.openness.grants.iter().map(|grant| ("grant", grant.clone())));
            items.extend(record.filters.iter().map(|rule| ("filter", applied(rule))));
            items.extend(record.masks.iter().map(|rule| ("mask", applied(rule))));
        }
        if sees_policies || self.openness.open {
            items.extend(record.sent.iter().map(|sent| ("sql", format!("{}: {}", sent.source, sent.sql))));
        }
        let whole = sees_policies || self.openness.open;
        let told = |read: &&Snapshot| sees_policies || self.reaches(&read.table) && (whole || !read.tells_of_rows);
        let snapshots = record.snapshots.iter().filter(told);
        items.extend(snapshots.map(|read| ("snapshot", format!("{}: {}", read.table, read.snapshot))));
        items.push(("rows", record.rows.to_string()));
        items.push(("bytes", record.bytes.to_string()));
        items.push(("duration_ms", format!("{:.3}", record.duration_ms)));
        items
    }

    /// Whether the statement itself names the table, and not only a row filter.
    fn names(&self, read: &TableRead) -> bool {
        read.filter.is_none() && self.openness.named.contains(&read.table)
    }

    /// Whether a snapshot is that of a table which the statement names, or of the source that holds one.
    fn reaches(&self, snapshot_of: &str) -> bool {
        let mut named = self.record.tables.iter().filter(|read| self.names(read));
        named.any(|read| read.table == snapshot_of || read.source == snapshot_of)
    }
}

fn applied(rule: &Rule) -> String {
    let what = rule.column.as_ref().map_or_else(|| rule.table.clone(), |column| format!("{}.{column}", rule.table));
    format!("{} on {what} ({}:{})", rule.rule, rule.file, rule.line)
}
