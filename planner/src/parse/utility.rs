//! Statements about the session: transactions, settings, prepared statements. Small enough to be read from their
//! tokens, which also takes the forms that sqlparser lacks (RESET, ABORT, SET SESSION CHARACTERISTICS). So are those that
//! say what becomes of a query's rows: see [`cursor`] and [`copy`].

use datafusion::sql::sqlparser::tokenizer::Token;

use super::split::Piece;
use super::tokens::Tokens;
use super::{Kind, Refusal, copy, cursor};
use crate::PlanError;

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
    Set {
        name: String,
        value: SetValue,
        local: bool,
    },
    /// `SET TRANSACTION ...`; `read_only: Some(false)` for READ WRITE.
    SetTransaction {
        isolation: Option<String>,
        read_only: Option<bool>,
    },
    /// `RESET name`; `None`: RESET ALL.
    Reset {
        name: Option<String>,
    },
    /// `SHOW name`; `None`: SHOW ALL.
    Show {
        name: Option<String>,
    },
    /// `BEGIN` or `START TRANSACTION`: the tag differs.
    Begin {
        start: bool,
        isolation: Option<String>,
        read_only: Option<bool>,
    },
    Commit {
        chain: bool,
    },
    Rollback {
        chain: bool,
    },
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

/// The statement that the tokens spell, or `None` if they begin none of these.
pub(super) fn parse(sql: &str, piece: &Piece<'_>) -> Result<Option<Kind>, PlanError> {
    let mut tokens = Tokens::new(sql, piece);
    let Some(first) = tokens.word() else { return Ok(None) };
    if first.quote_style.is_some() {
        return Ok(None);
    }
    let utility = match first.value.to_ascii_uppercase().as_str() {
        "SET" => set(&mut tokens)?,
        "RESET" => Utility::Reset { name: tokens.name_or_all()? },
        "SHOW" => show(&mut tokens)?,
        "BEGIN" => begin(&mut tokens, false)?,
        "START" => {
            tokens.expect("TRANSACTION")?;
            begin(&mut tokens, true)?
        }
        "COMMIT" | "END" => {
            tokens.skip_transaction();
            Utility::Commit { chain: tokens.chain()? }
        }
        "ROLLBACK" | "ABORT" => rollback(&mut tokens)?,
        "SAVEPOINT" => Utility::Savepoint(tokens.name()?),
        "RELEASE" => {
            tokens.take("SAVEPOINT");
            Utility::Release(tokens.name()?)
        }
        "DISCARD" => discard(&mut tokens)?,
        "DEALLOCATE" => {
            tokens.take("PREPARE");
            Utility::Deallocate(tokens.name_or_all()?)
        }
        "CLOSE" => Utility::Close(tokens.name_or_all()?),
        "LISTEN" => Utility::Listen(tokens.name()?),
        "UNLISTEN" => Utility::Unlisten(if tokens.take_token(&Token::Mul) { None } else { Some(tokens.name()?) }),
        "DECLARE" => return cursor::declare(&mut tokens).map(Some),
        "FETCH" => return cursor::fetch(&mut tokens, false).map(|fetch| Some(Kind::Fetch(fetch))),
        "MOVE" => return cursor::fetch(&mut tokens, true).map(|fetch| Some(Kind::Fetch(fetch))),
        "COPY" => return copy::copy(&mut tokens).map(Some),
        "LOCK" => return Ok(Some(Kind::Refused(Refusal::Unsupported("LOCK TABLE")))),
        "NOTIFY" => return Ok(Some(Kind::Refused(Refusal::ReadOnly("NOTIFY")))),
        "VACUUM" => return Ok(Some(Kind::Refused(Refusal::ReadOnly("VACUUM")))),
        _ => return Ok(None),
    };
    tokens.end()?;
    Ok(Some(Kind::Utility(utility)))
}

fn set(tokens: &mut Tokens<'_>) -> Result<Utility, PlanError> {
    if tokens.take("TRANSACTION") {
        return set_transaction(tokens);
    }
    let local = tokens.take("LOCAL");
    let session = !local && tokens.take("SESSION");
    if session && tokens.take("CHARACTERISTICS") {
        tokens.expect("AS")?;
        tokens.expect("TRANSACTION")?;
        return session_characteristics(tokens);
    }
    if tokens.take("TIME") {
        tokens.expect("ZONE")?;
        let value = match tokens.peek_is("LOCAL") || tokens.peek_is("DEFAULT") {
            true => {
                tokens.at += 1;
                SetValue::Default
            }
            false => SetValue::Values(vec![tokens.value()?]),
        };
        return Ok(Utility::Set { name: "timezone".to_owned(), value, local });
    }
    if tokens.take("NAMES") {
        return Ok(Utility::Set { name: "client_encoding".to_owned(), value: tokens.set_values()?, local });
    }
    if session && tokens.take("AUTHORIZATION") {
        return Ok(Utility::Set { name: "session_authorization".to_owned(), value: tokens.set_values()?, local });
    }
    if tokens.take("ROLE") {
        return Ok(Utility::Set { name: "role".to_owned(), value: tokens.set_values()?, local });
    }
    let name = tokens.setting_name()?;
    if !tokens.take("TO") && !tokens.take_token(&Token::Eq) {
        return Err(tokens.error());
    }
    Ok(Utility::Set { name, value: tokens.set_values()?, local })
}

fn set_transaction(tokens: &mut Tokens<'_>) -> Result<Utility, PlanError> {
    if tokens.take("SNAPSHOT") {
        tokens.value()?;
        return Err(PlanError::Unsupported { what: "SET TRANSACTION SNAPSHOT".to_owned() });
    }
    let (isolation, read_only) = tokens.transaction_modes()?;
    Ok(Utility::SetTransaction { isolation, read_only })
}

fn session_characteristics(tokens: &mut Tokens<'_>) -> Result<Utility, PlanError> {
    let (isolation, read_only) = tokens.transaction_modes()?;
    let (name, value) = match (isolation, read_only) {
        (Some(isolation), _) => ("default_transaction_isolation", isolation),
        (None, Some(read_only)) => ("default_transaction_read_only", if read_only { "on" } else { "off" }.to_owned()),
        (None, None) => ("default_transaction_deferrable", "off".to_owned()),
    };
    Ok(Utility::Set { name: name.to_owned(), value: SetValue::Values(vec![value]), local: false })
}

fn show(tokens: &mut Tokens<'_>) -> Result<Utility, PlanError> {
    if tokens.take("TIME") {
        tokens.expect("ZONE")?;
        return Ok(Utility::Show { name: Some("timezone".to_owned()) });
    }
    if tokens.take("TRANSACTION") {
        tokens.expect("ISOLATION")?;
        tokens.expect("LEVEL")?;
        return Ok(Utility::Show { name: Some("transaction_isolation".to_owned()) });
    }
    if tokens.take("SESSION") {
        tokens.expect("AUTHORIZATION")?;
        return Ok(Utility::Show { name: Some("session_authorization".to_owned()) });
    }
    if tokens.take("ALL") {
        return Ok(Utility::Show { name: None });
    }
    Ok(Utility::Show { name: Some(tokens.setting_name()?) })
}

fn begin(tokens: &mut Tokens<'_>, start: bool) -> Result<Utility, PlanError> {
    if !start {
        tokens.skip_transaction();
    }
    let (isolation, read_only) = match tokens.peek() {
        Some(_) => tokens.transaction_modes()?,
        None => (None, None),
    };
    Ok(Utility::Begin { start, isolation, read_only })
}

fn rollback(tokens: &mut Tokens<'_>) -> Result<Utility, PlanError> {
    tokens.skip_transaction();
    if tokens.take("TO") {
        tokens.take("SAVEPOINT");
        return Ok(Utility::RollbackTo(tokens.name()?));
    }
    Ok(Utility::Rollback { chain: tokens.chain()? })
}

fn discard(tokens: &mut Tokens<'_>) -> Result<Utility, PlanError> {
    let target = match tokens.word().map(|word| word.value.to_ascii_uppercase()).as_deref() {
        Some("ALL") => DiscardTarget::All,
        Some("PLANS") => DiscardTarget::Plans,
        Some("SEQUENCES") => DiscardTarget::Sequences,
        Some("TEMP" | "TEMPORARY") => DiscardTarget::Temp,
        _ => {
            tokens.at = tokens.at.saturating_sub(1);
            return Err(tokens.error());
        }
    };
    Ok(Utility::Discard(target))
}
