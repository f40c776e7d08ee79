//! Where a session stands between BEGIN and COMMIT, and its savepoints by name.
//!
//! Nothing is written through Weir, so a transaction holds no data: it decides what clients are told, how long
//! settings and portals live, and that nothing runs after an error.

use chrono::{DateTime, Utc};

use crate::sqlstate::{SqlError, code};

/// Where the session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    /// Statements of one message, or up to the next Sync: ends by itself.
    Implicit,
    /// Between BEGIN and COMMIT.
    Block,
    /// After an error in a block.
    Failed,
}

#[derive(Debug)]
pub struct Transaction {
    state: State,
    /// Names of the savepoints, innermost last; names may repeat.
    savepoints: Vec<String>,
    /// A query has run: the isolation level can't change any more.
    queried: bool,
    /// When its first statement began.
    begun: Option<DateTime<Utc>>,
}

impl Default for Transaction {
    fn default() -> Self {
        Self { state: State::Idle, savepoints: Vec::new(), queried: false, begun: None }
    }
}

impl Transaction {
    /// The byte of ReadyForQuery.
    pub fn status(&self) -> u8 {
        match self.state {
            State::Idle | State::Implicit => b'I',
            State::Block => b'T',
            State::Failed => b'E',
        }
    }

    pub fn in_block(&self) -> bool {
        matches!(self.state, State::Block | State::Failed)
    }

    pub fn failed(&self) -> bool {
        self.state == State::Failed
    }

    /// A statement starts: outside of a block it starts a transaction of its own.
    pub fn start_statement(&mut self) {
        if self.state == State::Idle {
            self.state = State::Implicit;
        }
        self.begun.get_or_insert_with(Utc::now);
    }

    /// When it began; now, if there is none.
    pub fn begun(&self) -> DateTime<Utc> {
        self.begun.unwrap_or_else(Utc::now)
    }

    /// A query reads a snapshot from here on.
    pub fn query(&mut self) {
        self.queried = true;
    }

    pub fn queried(&self) -> bool {
        self.queried
    }

    /// How many savepoints are open.
    pub fn depth(&self) -> usize {
        self.savepoints.len()
    }

    /// BEGIN; false if there is a block already.
    pub fn begin(&mut self) -> bool {
        let fresh = !self.in_block();
        if fresh {
            self.state = State::Block;
        }
        fresh
    }

    /// The transaction is over.
    pub fn end(&mut self) {
        *self = Self::default();
    }

    /// An error in a block fails it.
    pub fn fail(&mut self) {
        if self.state == State::Block {
            self.state = State::Failed;
        }
    }

    /// `command` needs a block that the client opened.
    pub fn require_block(&self, command: &str) -> Result<(), SqlError> {
        match self.in_block() {
            true => Ok(()),
            false => Err(SqlError::new(
                code::NO_ACTIVE_TRANSACTION,
                format!("{command} can only be used in transaction blocks"),
            )),
        }
    }

    /// `command` must not run in a block.
    pub fn forbid_block(&self, command: &str) -> Result<(), SqlError> {
        match self.in_block() {
            false => Ok(()),
            true => {
                Err(SqlError::new(code::ACTIVE_TRANSACTION, format!("{command} cannot run inside a transaction block")))
            }
        }
    }

    pub fn savepoint(&mut self, name: &str) {
        self.savepoints.push(name.to_owned());
    }

    /// Forgets the savepoint and those after it; returns its number.
    pub fn release(&mut self, name: &str) -> Result<usize, SqlError> {
        let depth = self.find_savepoint(name)?;
        self.savepoints.truncate(depth);
        Ok(depth)
    }

    /// Returns to the savepoint, also out of a failed block; returns its number.
    pub fn rollback_to(&mut self, name: &str) -> Result<usize, SqlError> {
        let depth = self.find_savepoint(name)?;
        self.savepoints.truncate(depth + 1);
        self.state = State::Block;
        Ok(depth)
    }

    fn find_savepoint(&self, name: &str) -> Result<usize, SqlError> {
        self.savepoints
            .iter()
            .rposition(|savepoint| savepoint == name)
            .ok_or_else(|| SqlError::new(code::INVALID_SAVEPOINT, format!("savepoint \"{name}\" does not exist")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_fails_a_block_and_only_a_savepoint_mends_it() {
        let mut transaction = Transaction::default();
        transaction.start_statement();
        transaction.fail();
        assert_eq!(transaction.status(), b'I');
        assert!(transaction.begin());
        assert!(!transaction.begin());
        transaction.savepoint("a");
        transaction.savepoint("b");
        transaction.fail();
        assert_eq!(transaction.status(), b'E');
        assert_eq!(transaction.rollback_to("a").unwrap(), 0);
        assert_eq!(transaction.status(), b'T');
        assert_eq!(transaction.rollback_to("b").unwrap_err().message, "savepoint \"b\" does not exist");
    }

    #[test]
    fn savepoints_need_a_block() {
        let mut transaction = Transaction::default();
        transaction.start_statement();
        let error = transaction.require_block("SAVEPOINT").unwrap_err();
        assert_eq!((error.code, &*error.message), ("25P01", "SAVEPOINT can only be used in transaction blocks"));
    }
}
