//! One principal between two states of the policies: what becomes of each of their statements.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arrow::datatypes::{Field, Schema};
use tokio_util::sync::CancellationToken;
use weir_connectors::{QueryScope, pgtype};
use weir_planner::PlanError;
use weir_planner::explain::Reads;
use weir_planner::parse::{self, Kind, Parsed};
use weir_planner::runtime::Runtime;
use weir_planner::session::{SessionFacts, StatementSession};
use weir_policies::{PolicySet, Principal};

use super::Effect;
use super::blame;
use super::delta::Delta;
use super::side::{Planned, Side, TableName};
use crate::engine::Rehearsal;
use crate::policy::words;
use crate::session::Session;
use crate::session::settings::Settings;
use crate::sqlstate::{SqlError, code};

/// What becomes of a statement.
pub enum Verdict {
    /// It is about its session, and reads nothing.
    OfSession,
    /// It fails under both states, and so says nothing.
    Unreplayable,
    /// It does what it did.
    Same,
    /// With the reasons, as far as they are known.
    Differs(Effect, Vec<String>),
}

/// A principal in a new session under each of two states. What is seen is made once.
pub struct Asker<'a> {
    runtime: &'a Arc<Runtime>,
    session: Session,
    planning: StatementSession,
    old: Side,
    new: Side,
    deltas: HashMap<TableName, Delta>,
}

impl<'a> Asker<'a> {
    pub fn new(rehearsal: &'a Rehearsal, old: &PolicySet, new: &PolicySet, user: &str) -> Self {
        // A session tells the planner its user's name; rights are those of the view.
        let nobody = Principal { user: user.to_owned(), roles: BTreeSet::new(), attributes: Default::default() };
        let session = Session::new(Arc::new(nobody), 0, Settings::new(user));
        let scope = QueryScope::new("replay".to_owned(), user.to_owned(), CancellationToken::new());
        Self {
            runtime: &rehearsal.runtime,
            planning: StatementSession::new(
                &rehearsal.runtime,
                SessionFacts::time_zone(&session),
                session.now(),
                scope,
            ),
            session,
            old: Side::new(rehearsal, old, user),
            new: Side::new(rehearsal, new, user),
            deltas: HashMap::new(),
        }
    }

    pub fn replay(&mut self, statement: &str) -> Verdict {
        let Some(parsed) = only(statement) else { return Verdict::Unreplayable };
        if matches!(parsed.kind, Kind::Utility(_)) {
            return Verdict::OfSession;
        }
        match (self.old.plan(&parsed, &self.session), self.new.plan(&parsed, &self.session)) {
            (Ok(old), Ok(new)) => self.compared(&old, &new),
            (Ok(old), Err(error)) => Verdict::Differs(Effect::Fails(failure(error)), self.blamed(&old)),
            (Err(error), Ok(_)) => Verdict::Differs(Effect::Works(failure(error)), Vec::new()),
            (Err(_), Err(_)) => Verdict::Unreplayable,
        }
    }

    fn compared(&mut self, old: &Planned, new: &Planned) -> Verdict {
        let mut reasons: Vec<String> = columns(&old.columns, &new.columns).into_iter().collect();
        let (before, after) = (old.tables(), new.tables());
        reasons.extend(after.difference(&before).map(|(schema, table)| format!("reads {schema}.{table}")));
        reasons.extend(before.difference(&after).map(|(schema, table)| format!("no longer reads {schema}.{table}")));
        // What is read is worked out only where it matters.
        if before.intersection(&after).any(|table| !self.delta(table).is_empty()) {
            let [old, new] = [old, new].map(|planned| planned.reads(self.runtime, &self.planning));
            match (old, new) {
                (Ok(old), Ok(new)) => reasons.extend(self.touching(old, new)),
                (Ok(_), Err(error)) => return Verdict::Differs(Effect::Fails(failure(error)), Vec::new()),
                (Err(error), Ok(_)) => return Verdict::Differs(Effect::Works(failure(error)), Vec::new()),
                (Err(_), Err(_)) => return Verdict::Unreplayable,
            }
        }
        if reasons.is_empty() { Verdict::Same } else { Verdict::Differs(Effect::Other, reasons) }
    }

    /// What is decided differently on what the statement reads under one of the states.
    fn touching(&mut self, mut reads: Reads, more: Reads) -> Vec<String> {
        for (table, columns) in more {
            reads.entry(table).or_default().extend(columns);
        }
        reads.iter().flat_map(|(table, read)| self.delta(table).touching(read).cloned().collect::<Vec<_>>()).collect()
    }

    /// What differs on a table; nothing, where it is there in one of the states alone.
    fn delta(&mut self, table: &TableName) -> &Delta {
        let Self { old, new, deltas, .. } = self;
        deltas.entry(table.clone()).or_insert_with(|| match (old.decided(table), new.decided(table)) {
            (Some(old), Some(new)) => Delta::between(old, new),
            _ => Delta::default(),
        })
    }

    /// The rules because of which the new state lacks what a statement reads under the old one.
    fn blamed(&self, old: &Planned) -> Vec<String> {
        let (Some(before), Some(after)) = (self.old.rights(), self.new.rights()) else { return Vec::new() };
        let Ok(reads) = old.reads(self.runtime, &self.planning) else { return Vec::new() };
        let mut blamed = Vec::new();
        for (name, columns) in &reads {
            let (schema, table) = name;
            let Some(now) = self.new.decided(name) else {
                blamed.push(blame::table_lost(schema, table, before, after));
                continue;
            };
            let missing = columns.iter().filter(|column| now.table.columns.index_of(column).is_err());
            blamed.extend(missing.map(|column| blame::column_lost(schema, table, column, before, after)));
        }
        blamed
    }
}

/// The one statement that a record holds.
fn only(statement: &str) -> Option<Parsed> {
    let statements = parse::parse(statement).ok()?;
    <[Parsed; 1]>::try_from(statements).ok().map(|[only]| only)
}

/// The error as a client would read it; why a rule can't be applied is told as well, to those who write the rules.
fn failure(error: PlanError) -> SqlError {
    match error {
        PlanError::Rule { rule, table, reason } => {
            let message = format!("permission denied for table {table}, as rule `{rule}` can't be applied: {reason}");
            SqlError::new(code::INSUFFICIENT_PRIVILEGE, message)
        }
        other => other.into(),
    }
}

/// How the columns differ that the client gets.
fn columns(old: &Schema, new: &Schema) -> Option<String> {
    let told = |schema: &Schema| -> Vec<_> {
        let field = |field: &Arc<Field>| {
            (field.name().clone(), field.data_type().clone(), pgtype::typname(field).map(str::to_owned))
        };
        schema.fields().iter().map(field).collect()
    };
    if told(old) == told(new) {
        return None;
    }
    let more = |these: &Schema, those: &Schema| {
        let names = these.fields().iter().map(|field| field.name());
        let more: Vec<&str> = names.filter(|name| those.index_of(name).is_err()).map(String::as_str).collect();
        (!more.is_empty()).then(|| words::some_of(more))
    };
    Some(match (more(old, new), more(new, old)) {
        (Some(lost), Some(gained)) => format!("returns no {lost}, but {gained}"),
        (Some(lost), None) => format!("no longer returns {lost}"),
        (None, Some(gained)) => format!("also returns {gained}"),
        (None, None) => "returns columns in another order, or of other types".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::DataType;

    use super::*;

    fn schema(columns: &[(&str, DataType)]) -> Schema {
        Schema::new(columns.iter().map(|(name, kind)| Field::new(*name, kind.clone(), true)).collect::<Vec<_>>())
    }

    #[test]
    fn columns_that_come_and_go_are_named() {
        let id = ("id", DataType::Int64);
        let (email, note) = (("email", DataType::Utf8), ("note", DataType::Utf8));
        let (both, alone) = (schema(&[id.clone(), email.clone()]), schema(std::slice::from_ref(&id)));
        assert_eq!(columns(&both, &both), None);
        assert_eq!(columns(&both, &alone).as_deref(), Some("no longer returns email"));
        assert_eq!(columns(&alone, &both).as_deref(), Some("also returns email"));
        let other = schema(&[id.clone(), note]);
        assert_eq!(columns(&both, &other).as_deref(), Some("returns no email, but note"));
        let turned = schema(&[email, id]);
        assert_eq!(columns(&both, &turned).as_deref(), Some("returns columns in another order, or of other types"));
    }

    #[test]
    fn a_record_holds_one_statement() {
        assert!(only("SELECT 1").is_some());
        assert!(only("SELECT 1; SELECT 2").is_none() && only("SELEC 1").is_none() && only("").is_none());
    }
}
