//! What a session remembers between its statements: who asks, settings, transaction, kept statements, notices.
//!
//! Portals aren't here but with the connection ([`crate::handlers`]): they hold running streams, which only one task
//! may touch, while everything here may be read by the planner of a statement.

pub mod known;
pub mod settings;
pub mod transaction;
pub mod utility;
pub mod values;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use weir_planner::parse::Utility;

use crate::query::{Prepared, Principal, ReceiptSlot};
use crate::sqlstate::{SqlError, code};
use settings::Settings;
use transaction::Transaction;
use weir_encode::Style;

/// One login's state.
pub struct Session {
    user: String,
    principal: Arc<Principal>,
    pid: i32,
    addresses: Option<[SocketAddr; 2]>,
    connected: DateTime<Utc>,
    settings: Settings,
    transaction: Transaction,
    statements: Statements,
    /// Warnings that wait to be sent.
    notices: Mutex<Vec<SqlError>>,
    receipt: ReceiptSlot,
}

/// Statements kept by name; the empty name is the unnamed one, which the next Parse or Query replaces.
#[derive(Default)]
pub struct Statements {
    unnamed: Option<Kept>,
    named: HashMap<String, Kept>,
}

/// A statement as it is kept; `None`: the empty query.
pub type Kept = Option<Arc<Prepared>>;

impl Session {
    pub fn new(principal: Arc<Principal>, pid: i32, settings: Settings) -> Self {
        Self {
            user: settings.user().to_owned(),
            principal,
            pid,
            addresses: None,
            connected: Utc::now(),
            settings,
            transaction: Transaction::default(),
            statements: Statements::default(),
            notices: Mutex::default(),
            receipt: ReceiptSlot::default(),
        }
    }

    /// The same over a connection from one address to another.
    pub fn between(self, addresses: [SocketAddr; 2]) -> Self {
        Self { addresses: Some(addresses), ..self }
    }

    /// The client's address and the server's own.
    pub fn addresses(&self) -> Option<[SocketAddr; 2]> {
        self.addresses
    }

    /// When it began.
    pub fn connected(&self) -> DateTime<Utc> {
        self.connected
    }

    /// The name that was logged in with.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Who asks, as of the login; each statement looks the rights up anew.
    pub fn principal(&self) -> &Arc<Principal> {
        &self.principal
    }

    /// What pg_backend_pid() returns and BackendKeyData told.
    pub fn pid(&self) -> i32 {
        self.pid
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    pub fn settings_mut(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// How values are printed.
    pub fn style(&self) -> &Style {
        self.settings.style()
    }

    pub fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    pub fn statements(&self) -> &Statements {
        &self.statements
    }

    pub fn statements_mut(&mut self) -> &mut Statements {
        &mut self.statements
    }

    /// What `SHOW weir.receipt` shows.
    pub fn receipt(&self) -> &ReceiptSlot {
        &self.receipt
    }

    /// Warns the client, before the statement's end.
    pub fn warn(&self, warning: SqlError) {
        self.notices.lock().push(warning);
    }

    /// Warnings that wait to be sent, unless the client doesn't want to hear them.
    pub fn take_warnings(&self) -> Vec<SqlError> {
        let mut notices = std::mem::take(&mut *self.notices.lock());
        if !notices.is_empty() && self.settings.get("client_min_messages") == Some("error") {
            notices.clear();
        }
        notices
    }

    /// In a failed block only what ends or mends it is let through.
    pub fn allow(&self, utility: Option<&Utility>) -> Result<(), SqlError> {
        let ends_block =
            matches!(utility, Some(Utility::Commit { .. } | Utility::Rollback { .. } | Utility::RollbackTo(_)));
        if self.transaction.failed() && !ends_block {
            return Err(aborted());
        }
        Ok(())
    }

    /// A statement is about to run.
    pub fn start_statement(&mut self, utility: Option<&Utility>) -> Result<(), SqlError> {
        self.allow(utility)?;
        self.transaction.start_statement();
        if utility.is_none() {
            self.transaction.query();
        }
        Ok(())
    }

    /// A statement has failed: a block fails with it.
    pub fn fail(&mut self) {
        self.transaction.fail();
    }

    /// The message is over (`failed`: by an error). A transaction that no BEGIN opened ends here.
    /// Returns whether a transaction ended.
    pub fn end_message(&mut self, failed: bool) -> bool {
        if self.transaction.in_block() {
            return false;
        }
        self.end_transaction(!failed);
        true
    }

    fn end_transaction(&mut self, commit: bool) {
        self.transaction.end();
        self.settings.end_transaction(commit);
    }
}

/// 25P02.
pub fn aborted() -> SqlError {
    SqlError::new(
        code::IN_FAILED_TRANSACTION,
        "current transaction is aborted, commands ignored until end of transaction block",
    )
}

impl Statements {
    /// Keeps a statement; a name that isn't empty must be new.
    pub fn insert(&mut self, name: &str, prepared: Kept) -> Result<(), SqlError> {
        if name.is_empty() {
            self.unnamed = Some(prepared);
        } else if self.named.contains_key(name) {
            return Err(SqlError::new(
                code::DUPLICATE_PREPARED_STATEMENT,
                format!("prepared statement \"{name}\" already exists"),
            ));
        } else {
            self.named.insert(name.to_owned(), prepared);
        }
        Ok(())
    }

    pub fn get(&self, name: &str) -> Result<&Kept, SqlError> {
        let found = if name.is_empty() { self.unnamed.as_ref() } else { self.named.get(name) };
        found.ok_or_else(|| missing_statement(name))
    }

    /// Forgets a statement; one that isn't there is fine, and false.
    pub fn remove(&mut self, name: &str) -> bool {
        if name.is_empty() { self.unnamed.take().is_some() } else { self.named.remove(name).is_some() }
    }

    /// Forgets all statements with a name, and the unnamed one.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

fn missing_statement(name: &str) -> SqlError {
    let message = match name {
        "" => "unnamed prepared statement does not exist".to_owned(),
        name => format!("prepared statement \"{name}\" does not exist"),
    };
    SqlError::new(code::INVALID_STATEMENT_NAME, message)
}
