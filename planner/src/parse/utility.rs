//! Statements about the session: transactions, settings, prepared statements. Small enough to be read from their
//! tokens, which also takes the forms that sqlparser lacks (RESET, ABORT, SET SESSION CHARACTERISTICS).

use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan, Word};

use super::split::{Piece, char_position};
use super::{Kind, Refusal};
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

/// The utility statement that the tokens spell, or `None` if they begin none.
pub(super) fn parse(sql: &str, piece: &Piece<'_>) -> Result<Option<Kind>, PlanError> {
    let mut tokens = Tokens { sql, tokens: &piece.tokens, at: 0 };
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
        "DECLARE" | "FETCH" | "MOVE" => {
            return Ok(Some(Kind::Refused(Refusal::Unsupported("a cursor declared in SQL"))));
        }
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

/// A walk over the tokens of one statement.
struct Tokens<'a> {
    sql: &'a str,
    tokens: &'a [TokenWithSpan],
    at: usize,
}

impl<'a> Tokens<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at).map(|token| &token.token)
    }

    fn peek_is(&self, keyword: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(w)) if w.quote_style.is_none() && w.value.eq_ignore_ascii_case(keyword))
    }

    /// Goes past the keyword if it stands here.
    fn take(&mut self, keyword: &str) -> bool {
        let is = self.peek_is(keyword);
        self.at += usize::from(is);
        is
    }

    fn take_token(&mut self, token: &Token) -> bool {
        let is = self.peek() == Some(token);
        self.at += usize::from(is);
        is
    }

    fn expect(&mut self, keyword: &str) -> Result<(), PlanError> {
        if self.take(keyword) { Ok(()) } else { Err(self.error()) }
    }

    fn end(&self) -> Result<(), PlanError> {
        if self.peek().is_none() { Ok(()) } else { Err(self.error()) }
    }

    /// A syntax error at the token that stands here.
    fn error(&self) -> PlanError {
        match self.tokens.get(self.at) {
            Some(token) => super::syntax_error_at(self.sql, token, None),
            None => PlanError::Syntax {
                message: "syntax error at end of input".to_owned(),
                detail: None,
                position: self.tokens.last().and_then(|last| char_position(self.sql, last.span.end)),
            },
        }
    }

    fn word(&mut self) -> Option<&'a Word> {
        match self.peek() {
            Some(Token::Word(word)) => {
                self.at += 1;
                Some(word)
            }
            _ => None,
        }
    }

    fn name(&mut self) -> Result<String, PlanError> {
        match self.peek() {
            Some(Token::Word(_)) => Ok(self.word().map(fold).unwrap_or_default()),
            _ => Err(self.error()),
        }
    }

    fn name_or_all(&mut self) -> Result<Option<String>, PlanError> {
        if self.take("ALL") { Ok(None) } else { self.setting_name().map(Some) }
    }

    /// `name` or `prefix.name`; settings are the same in any case.
    fn setting_name(&mut self) -> Result<String, PlanError> {
        let mut name = self.name()?;
        while self.take_token(&Token::Period) {
            name.push('.');
            name.push_str(&self.name()?);
        }
        Ok(name)
    }

    fn set_values(&mut self) -> Result<SetValue, PlanError> {
        if self.take("DEFAULT") {
            return Ok(SetValue::Default);
        }
        let mut values = vec![self.value()?];
        while self.take_token(&Token::Comma) {
            values.push(self.value()?);
        }
        Ok(SetValue::Values(values))
    }

    fn value(&mut self) -> Result<String, PlanError> {
        let minus = self.take_token(&Token::Minus);
        let value = match self.peek() {
            Some(Token::Word(word)) if !minus => fold(word),
            Some(Token::Number(digits, _)) if minus => format!("-{digits}"),
            Some(Token::Number(digits, _)) => digits.clone(),
            Some(
                Token::SingleQuotedString(text) | Token::EscapedStringLiteral(text) | Token::UnicodeStringLiteral(text),
            ) => text.clone(),
            Some(Token::DollarQuotedString(text)) => text.value.clone(),
            _ => return Err(self.error()),
        };
        self.at += 1;
        Ok(value)
    }

    fn skip_transaction(&mut self) {
        if !self.take("TRANSACTION") {
            self.take("WORK");
        }
    }

    fn chain(&mut self) -> Result<bool, PlanError> {
        if !self.take("AND") {
            return Ok(false);
        }
        let no = self.take("NO");
        self.expect("CHAIN")?;
        Ok(!no)
    }

    fn transaction_modes(&mut self) -> Result<(Option<String>, Option<bool>), PlanError> {
        let (mut isolation, mut read_only) = (None, None);
        loop {
            if self.take("ISOLATION") {
                self.expect("LEVEL")?;
                isolation = Some(self.isolation_level()?);
            } else if self.take("READ") {
                read_only = Some(self.take("ONLY"));
                if read_only == Some(false) {
                    self.expect("WRITE")?;
                }
            } else {
                self.take("NOT");
                self.expect("DEFERRABLE")?;
            }
            let comma = self.take_token(&Token::Comma);
            if !comma && self.peek().is_none() {
                return Ok((isolation, read_only));
            }
        }
    }

    fn isolation_level(&mut self) -> Result<String, PlanError> {
        if self.take("SERIALIZABLE") {
            return Ok("serializable".to_owned());
        }
        if self.take("REPEATABLE") {
            self.expect("READ")?;
            return Ok("repeatable read".to_owned());
        }
        self.expect("READ")?;
        match self.take("UNCOMMITTED") {
            true => Ok("read uncommitted".to_owned()),
            false => self.expect("COMMITTED").map(|()| "read committed".to_owned()),
        }
    }
}

fn fold(word: &Word) -> String {
    match word.quote_style {
        Some(_) => word.value.clone(),
        None if word.keyword == Keyword::NoKeyword || word.value.is_ascii() => word.value.to_ascii_lowercase(),
        None => word.value.to_lowercase(),
    }
}
