//! Statements about the session: transactions, settings, prepared statements.

/// The new value of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetValue {
    Default,
    /// One value, or several for list settings such as `search_path`; quotes removed.
    Values(Vec<String>),
}

/// What DISCARD throws away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiscardTarget {
    All,
    Plans,
    Sequences,
    Temp,
}

/// A statement that changes or shows the session and reads no table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Utility {
    /// `SET [SESSION | LOCAL] name {TO | =} value`, `SET TIME ZONE`, `SET SESSION CHARACTERISTICS`.
    Set { name: String, value: SetValue, local: bool },
    /// `SET TRANSACTION ...`; `read_only: Some(false)` for READ WRITE.
    SetTransaction { isolation: Option<String>, read_only: Option<bool> },
    /// `RESET name`; `None`: RESET ALL.
    Reset { name: Option<String> },
    /// `SHOW name`; `None`: SHOW ALL.
    Show { name: Option<String> },
    /// `BEGIN` or `START TRANSACTION`: the tag differs.
    Begin { start: bool, isolation: Option<String>, read_only: Option<bool> },
    Commit { chain: bool },
    Rollback { chain: bool },
    Savepoint(String),
    Release(String),
    RollbackTo(String),
    Discard(DiscardTarget),
    /// `None`: DEALLOCATE ALL.
    Deallocate(Option<String>),
    /// `None`: CLOSE ALL.
    Close(Option<String>),
    Listen(String),
    /// `None`: UNLISTEN *.
    Unlisten(Option<String>),
}
