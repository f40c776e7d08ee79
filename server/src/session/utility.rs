//! Statements about the session, carried out: SET and SHOW, transactions, DISCARD and their kin.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use weir_planner::parse::{DiscardTarget, Kind, Parsed, SetValue, Utility};

use super::{Session, known};
use crate::query;
use crate::sqlstate::{SqlError, code};

/// What came of a session statement.
#[derive(Debug)]
pub struct Outcome {
    /// The command's tag.
    pub tag: &'static str,
    /// What SHOW shows.
    pub rows: Option<RecordBatch>,
    /// What becomes of the connection's portals.
    pub portals: PortalEffect,
}

/// What a session statement does to portals.
#[derive(Debug, PartialEq, Eq)]
pub enum PortalEffect {
    Keep,
    CloseAll,
    /// COMMIT or ROLLBACK.
    TransactionEnded {
        committed: bool,
    },
    /// CLOSE name.
    Close(String),
    /// ROLLBACK TO the savepoint with this number.
    RolledBackTo(usize),
    /// RELEASE of the savepoint with this number.
    Released(usize),
}

/// The session statement that was parsed, if it is one.
pub fn of(parsed: &Parsed) -> Option<&Utility> {
    match &parsed.kind {
        Kind::Utility(utility) => Some(utility),
        _ => None,
    }
}

/// Not a setting: SHOW tells of the last statement under this name.
const RECEIPT: &str = "weir.receipt";

/// Whether the statement is `SHOW weir.receipt`.
pub fn asks_receipt(utility: &Utility) -> bool {
    matches!(utility, Utility::Show { name: Some(name) } if name.eq_ignore_ascii_case(RECEIPT))
}

/// The columns that a session statement returns: only SHOW returns any.
pub fn columns(utility: &Utility) -> Option<SchemaRef> {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let fields = match utility {
        shown if asks_receipt(shown) => return Some(query::receipt_columns()),
        Utility::Show { name: Some(name) } => {
            let spelled = known::find(name).map_or(name.as_str(), |index| known::KNOWN[index].name);
            vec![text(spelled)]
        }
        Utility::Show { name: None } => vec![text("name"), text("setting"), text("description")],
        _ => return None,
    };
    Some(Arc::new(Schema::new(fields)))
}

impl Session {
    /// Carries a session statement out.
    pub fn run_utility(&mut self, utility: &Utility) -> Result<Outcome, SqlError> {
        match utility {
            Utility::Set { name, value, local } => self.set(name, value, *local),
            Utility::SetTransaction { isolation, read_only } => self.set_transaction(isolation.as_deref(), *read_only),
            Utility::Reset { name: Some(name) } => self.settings.reset(name).map(|()| Outcome::tag("RESET")),
            Utility::Reset { name: None } => {
                self.settings.reset_all();
                Ok(Outcome::tag("RESET"))
            }
            Utility::Show { .. } => self.show(utility),
            Utility::Begin { start, isolation, read_only } => self.begin(*start, isolation.as_deref(), *read_only),
            Utility::Commit { chain } => self.finish("COMMIT", true, *chain),
            Utility::Rollback { chain } => self.finish("ROLLBACK", false, *chain),
            Utility::Savepoint(_) | Utility::Release(_) | Utility::RollbackTo(_) => self.savepoint(utility),
            Utility::Discard(target) => self.discard(*target),
            Utility::Deallocate(name) => self.deallocate(name.as_deref()),
            Utility::Close(None) => Ok(Outcome::tag("CLOSE CURSOR ALL").with(PortalEffect::CloseAll)),
            Utility::Close(Some(name)) => Ok(Outcome::tag("CLOSE CURSOR").with(PortalEffect::Close(name.clone()))),
            // Nothing ever notifies, so there is nothing to remember.
            Utility::Listen(_) => Ok(Outcome::tag("LISTEN")),
            Utility::Unlisten(_) => Ok(Outcome::tag("UNLISTEN")),
        }
    }

    fn set(&mut self, name: &str, value: &SetValue, local: bool) -> Result<Outcome, SqlError> {
        if local && !self.transaction.in_block() {
            self.warn_of(code::NO_ACTIVE_TRANSACTION, "SET LOCAL can only be used in transaction blocks");
            // The value is checked all the same, and ends with the statement.
        }
        self.settings.set(name, value, local)?;
        Ok(Outcome::tag("SET"))
    }

    fn set_transaction(&mut self, isolation: Option<&str>, read_only: Option<bool>) -> Result<Outcome, SqlError> {
        if !self.transaction.in_block() {
            self.warn_of(code::NO_ACTIVE_TRANSACTION, "SET TRANSACTION can only be used in transaction blocks");
            return Ok(Outcome::tag("SET"));
        }
        if isolation.is_some() && self.transaction.queried() {
            return Err(SqlError::new(
                code::ACTIVE_TRANSACTION,
                "SET TRANSACTION ISOLATION LEVEL must be called before any query",
            ));
        }
        self.set_modes(isolation, read_only)?;
        Ok(Outcome::tag("SET"))
    }

    /// Nothing can be written, so READ WRITE is taken and means nothing; clients that ask for it carry on.
    fn set_modes(&mut self, isolation: Option<&str>, read_only: Option<bool>) -> Result<(), SqlError> {
        let one = |value: &str| SetValue::Values(vec![value.to_owned()]);
        if let Some(level) = isolation {
            self.settings.set("transaction_isolation", &one(level), true)?;
        }
        if let Some(read_only) = read_only {
            self.settings.set("transaction_read_only", &one(if read_only { "on" } else { "off" }), true)?;
        }
        Ok(())
    }

    fn show(&self, utility: &Utility) -> Result<Outcome, SqlError> {
        let columns = match utility {
            Utility::Show { name: Some(name) } => vec![vec![self.settings.show(name)?.1]],
            _ => {
                let all = self.settings.show_all();
                let descriptions = all.iter().map(|shown| shown.description.to_owned()).collect();
                let (names, values) = all.into_iter().map(|shown| (shown.name, shown.value)).unzip();
                vec![names, values, descriptions]
            }
        };
        let columns: Vec<ArrayRef> =
            columns.into_iter().map(|column| Arc::new(StringArray::from(column)) as ArrayRef).collect();
        let schema = self::columns(utility).unwrap_or_else(|| Arc::new(Schema::empty()));
        let rows = RecordBatch::try_new(schema, columns)
            .map_err(|error| SqlError::new(code::INTERNAL_ERROR, error.to_string()))?;
        Ok(Outcome::shown(rows))
    }

    fn begin(&mut self, start: bool, isolation: Option<&str>, read_only: Option<bool>) -> Result<Outcome, SqlError> {
        if !self.transaction.begin() {
            self.warn_of(code::ACTIVE_TRANSACTION, "there is already a transaction in progress");
        }
        self.set_modes(isolation, read_only)?;
        Ok(Outcome::tag(if start { "START TRANSACTION" } else { "BEGIN" }))
    }

    fn finish(&mut self, command: &'static str, commit: bool, chain: bool) -> Result<Outcome, SqlError> {
        if chain {
            self.transaction.require_block(&format!("{command} AND CHAIN"))?;
        }
        if !self.transaction.in_block() {
            self.warn_of(code::NO_ACTIVE_TRANSACTION, "there is no transaction in progress");
        }
        let commit = commit && !self.transaction.failed();
        let modes = chain.then(|| self.modes());
        self.end_transaction(commit);
        if let Some((isolation, read_only)) = modes {
            self.transaction.begin();
            self.set_modes(isolation.as_deref(), Some(read_only))?;
        }
        let effect = PortalEffect::TransactionEnded { committed: commit };
        Ok(Outcome::tag(if commit { "COMMIT" } else { "ROLLBACK" }).with(effect))
    }

    /// The modes that AND CHAIN hands on.
    fn modes(&self) -> (Option<String>, bool) {
        let isolation = self.settings.get("transaction_isolation").map(str::to_owned);
        (isolation, self.settings.get("transaction_read_only") == Some("on"))
    }

    fn savepoint(&mut self, utility: &Utility) -> Result<Outcome, SqlError> {
        match utility {
            Utility::Savepoint(name) => {
                self.transaction.require_block("SAVEPOINT")?;
                self.transaction.savepoint(name);
                self.settings.push_savepoint();
                Ok(Outcome::tag("SAVEPOINT"))
            }
            Utility::Release(name) => {
                self.transaction.require_block("RELEASE SAVEPOINT")?;
                let depth = self.transaction.release(name)?;
                self.settings.release_savepoint(depth);
                Ok(Outcome::tag("RELEASE").with(PortalEffect::Released(depth)))
            }
            Utility::RollbackTo(name) => {
                self.transaction.require_block("ROLLBACK TO SAVEPOINT")?;
                let depth = self.transaction.rollback_to(name)?;
                self.settings.rollback_to_savepoint(depth);
                Ok(Outcome::tag("ROLLBACK").with(PortalEffect::RolledBackTo(depth)))
            }
            _ => Ok(Outcome::tag("")),
        }
    }

    fn discard(&mut self, target: DiscardTarget) -> Result<Outcome, SqlError> {
        match target {
            DiscardTarget::Plans => Ok(Outcome::tag("DISCARD PLANS")),
            DiscardTarget::Sequences => Ok(Outcome::tag("DISCARD SEQUENCES")),
            DiscardTarget::Temp => Ok(Outcome::tag("DISCARD TEMP")),
            DiscardTarget::All => {
                self.transaction.forbid_block("DISCARD ALL")?;
                self.settings.reset_all();
                self.statements.clear();
                self.receipt.lock().take();
                Ok(Outcome::tag("DISCARD ALL").with(PortalEffect::CloseAll))
            }
        }
    }

    fn deallocate(&mut self, name: Option<&str>) -> Result<Outcome, SqlError> {
        match name {
            None => {
                self.statements.clear();
                Ok(Outcome::tag("DEALLOCATE ALL"))
            }
            Some(name) => {
                self.statements.get(name)?;
                self.statements.remove(name);
                Ok(Outcome::tag("DEALLOCATE"))
            }
        }
    }

    fn warn_of(&self, code: &'static str, message: &str) {
        self.warn(SqlError::new(code, message));
    }
}

impl Outcome {
    /// SHOW, with what it shows.
    pub fn shown(rows: RecordBatch) -> Self {
        Self { tag: "SHOW", rows: Some(rows), portals: PortalEffect::Keep }
    }

    fn tag(tag: &'static str) -> Self {
        Self { tag, rows: None, portals: PortalEffect::Keep }
    }

    fn with(self, portals: PortalEffect) -> Self {
        Self { portals, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Principal;
    use crate::session::settings::Settings;

    fn session() -> Session {
        let principal = Principal { user: "ana".to_owned(), roles: Default::default(), attributes: Default::default() };
        Session::new(Arc::new(principal), 1, Settings::new("ana"))
    }

    fn run(session: &mut Session, utility: Utility) -> Result<&'static str, SqlError> {
        session.start_statement(Some(&utility))?;
        session.run_utility(&utility).map(|outcome| outcome.tag)
    }

    fn begin() -> Utility {
        Utility::Begin { start: false, isolation: None, read_only: None }
    }

    fn warnings(session: &Session) -> Vec<(&'static str, String)> {
        session.take_warnings().into_iter().map(|warning| (warning.code, warning.message)).collect()
    }

    #[test]
    fn a_failed_block_takes_only_its_end() {
        let mut session = session();
        run(&mut session, begin()).unwrap();
        session.fail();
        assert_eq!(run(&mut session, Utility::Show { name: None }).unwrap_err().code, "25P02");
        assert_eq!(session.start_statement(None).unwrap_err().code, "25P02");
        assert_eq!(run(&mut session, Utility::Commit { chain: false }).unwrap(), "ROLLBACK");
        assert_eq!(session.transaction().status(), b'I');
    }

    #[test]
    fn needless_begins_and_commits_warn() {
        let mut session = session();
        assert_eq!(run(&mut session, Utility::Commit { chain: false }).unwrap(), "COMMIT");
        assert_eq!(warnings(&session), [("25P01", "there is no transaction in progress".to_owned())]);
        run(&mut session, begin()).unwrap();
        run(&mut session, begin()).unwrap();
        assert_eq!(warnings(&session), [("25001", "there is already a transaction in progress".to_owned())]);
    }

    #[test]
    fn a_transaction_shows_its_own_isolation_until_it_ends() {
        let mut session = session();
        let isolation = Some("repeatable read".to_owned());
        run(&mut session, Utility::Begin { start: true, isolation, read_only: Some(true) }).unwrap();
        assert_eq!(session.settings().get("transaction_isolation"), Some("repeatable read"));
        assert_eq!(session.settings().get("transaction_read_only"), Some("on"));
        run(&mut session, Utility::Rollback { chain: true }).unwrap();
        assert_eq!(session.settings().get("transaction_isolation"), Some("repeatable read"));
        run(&mut session, Utility::Rollback { chain: false }).unwrap();
        assert_eq!(session.settings().get("transaction_isolation"), Some("read committed"));
    }

    #[test]
    fn discard_all_needs_no_block_and_forgets_settings() {
        let mut session = session();
        let value = SetValue::Values(vec!["x".to_owned()]);
        run(&mut session, Utility::Set { name: "application_name".to_owned(), value, local: false }).unwrap();
        session.end_message(false);
        run(&mut session, Utility::Discard(DiscardTarget::All)).unwrap();
        assert_eq!(session.settings().get("application_name"), Some(""));
        run(&mut session, begin()).unwrap();
        assert_eq!(run(&mut session, Utility::Discard(DiscardTarget::All)).unwrap_err().code, "25001");
    }
}
