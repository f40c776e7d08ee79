//! A walk over the tokens of one statement, for the statements that are read from their tokens.

use std::ops::Range;

use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan, Word};

use super::split::{self, Piece, char_position};
use super::utility::SetValue;
use crate::PlanError;

/// A walk over the tokens of one statement.
pub(super) struct Tokens<'a> {
    pub sql: &'a str,
    pub tokens: &'a [TokenWithSpan],
    /// Number of the next one.
    pub at: usize,
}

impl<'a> Tokens<'a> {
    pub fn new(sql: &'a str, piece: &'a Piece<'_>) -> Self {
        Self { sql, tokens: &piece.tokens, at: 0 }
    }

    /// The tokens of this range as a statement of their own.
    pub fn piece(&self, range: Range<usize>) -> Result<Piece<'a>, PlanError> {
        split::piece(self.sql, self.tokens.get(range).unwrap_or_default().to_vec()).ok_or_else(|| self.error())
    }

    /// All that is left as a statement of its own.
    pub fn rest(&mut self) -> Result<Piece<'a>, PlanError> {
        let from = std::mem::replace(&mut self.at, self.tokens.len());
        match from < self.tokens.len() {
            true => self.piece(from..self.tokens.len()),
            false => Err(self.error()),
        }
    }

    /// Goes past the closing parenthesis that belongs to the opening one which was just taken; the range between them.
    pub fn enclosed(&mut self) -> Result<Range<usize>, PlanError> {
        let (from, mut open) = (self.at, 1_usize);
        while let Some(token) = self.peek() {
            match token {
                Token::LParen => open += 1,
                Token::RParen => open -= 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return Ok(from..self.at - 1);
            }
        }
        Err(self.error())
    }

    pub fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at).map(|token| &token.token)
    }

    pub fn peek_is(&self, keyword: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(w)) if w.quote_style.is_none() && w.value.eq_ignore_ascii_case(keyword))
    }

    /// Goes past the keyword if it stands here.
    pub fn take(&mut self, keyword: &str) -> bool {
        let is = self.peek_is(keyword);
        self.at += usize::from(is);
        is
    }

    pub fn take_token(&mut self, token: &Token) -> bool {
        let is = self.peek() == Some(token);
        self.at += usize::from(is);
        is
    }

    pub fn expect(&mut self, keyword: &str) -> Result<(), PlanError> {
        if self.take(keyword) { Ok(()) } else { Err(self.error()) }
    }

    pub fn end(&self) -> Result<(), PlanError> {
        if self.peek().is_none() { Ok(()) } else { Err(self.error()) }
    }

    /// A syntax error at the token that stands here.
    pub fn error(&self) -> PlanError {
        match self.tokens.get(self.at) {
            Some(token) => super::syntax_error_at(self.sql, token, None),
            None => PlanError::Syntax {
                message: "syntax error at end of input".to_owned(),
                detail: None,
                position: self.tokens.last().and_then(|last| char_position(self.sql, last.span.end)),
            },
        }
    }

    pub fn word(&mut self) -> Option<&'a Word> {
        match self.peek() {
            Some(Token::Word(word)) => {
                self.at += 1;
                Some(word)
            }
            _ => None,
        }
    }

    pub fn name(&mut self) -> Result<String, PlanError> {
        match self.peek() {
            Some(Token::Word(_)) => Ok(self.word().map(fold).unwrap_or_default()),
            _ => Err(self.error()),
        }
    }

    pub fn name_or_all(&mut self) -> Result<Option<String>, PlanError> {
        if self.take("ALL") { Ok(None) } else { self.setting_name().map(Some) }
    }

    /// `name` or `prefix.name`; settings are the same in any case.
    pub fn setting_name(&mut self) -> Result<String, PlanError> {
        let mut name = self.name()?;
        while self.take_token(&Token::Period) {
            name.push('.');
            name.push_str(&self.name()?);
        }
        Ok(name)
    }

    pub fn set_values(&mut self) -> Result<SetValue, PlanError> {
        if self.take("DEFAULT") {
            return Ok(SetValue::Default);
        }
        let mut values = vec![self.value()?];
        while self.take_token(&Token::Comma) {
            values.push(self.value()?);
        }
        Ok(SetValue::Values(values))
    }

    pub fn value(&mut self) -> Result<String, PlanError> {
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

    pub fn skip_transaction(&mut self) {
        if !self.take("TRANSACTION") {
            self.take("WORK");
        }
    }

    pub fn chain(&mut self) -> Result<bool, PlanError> {
        if !self.take("AND") {
            return Ok(false);
        }
        let no = self.take("NO");
        self.expect("CHAIN")?;
        Ok(!no)
    }

    pub fn transaction_modes(&mut self) -> Result<(Option<String>, Option<bool>), PlanError> {
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

    pub fn isolation_level(&mut self) -> Result<String, PlanError> {
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
