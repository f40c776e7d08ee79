//! Reads a JSON text without recursion, and tells a sink what it finds.

use std::borrow::Cow;

use super::lex::{Lexer, Token, invalid};
use super::too_deep;
use crate::{Result, ValueError};

pub(super) enum Scalar<'a> {
    Null,
    Bool(bool),
    /// As written.
    Number(&'a str),
    String(Cow<'a, str>),
}

pub(super) trait Sink<'a> {
    fn begin_object(&mut self) {}
    fn key(&mut self, _key: Cow<'a, str>) -> Result<()> {
        Ok(())
    }
    fn end_object(&mut self) -> Result<()> {
        Ok(())
    }
    fn begin_array(&mut self) {}
    fn end_array(&mut self) {}
    fn scalar(&mut self, _scalar: Scalar<'a>) -> Result<()> {
        Ok(())
    }
}

/// Only checks.
impl Sink<'_> for () {}

/// What may come next.
enum Expect {
    Value,
    /// A value or `]`.
    FirstElement,
    /// A key or `}`.
    FirstKey,
    Key,
    /// What follows a value.
    Next,
}

fn unexpected(lexer: &Lexer<'_>, token: &Token<'_>, expected: &str) -> ValueError {
    match token {
        Token::End => invalid("The input string ended unexpectedly."),
        _ => invalid(format!("Expected {expected}, but found \"{}\".", lexer.token_text())),
    }
}

pub(super) fn parse<'a, S: Sink<'a>>(text: &'a str, decode: bool, max_depth: usize, sink: &mut S) -> Result<()> {
    let mut lexer = Lexer::new(text, decode);
    // Of each open container: whether it is an object.
    let mut open: Vec<bool> = Vec::new();
    let mut expect = Expect::Value;
    loop {
        let token = lexer.next()?;
        expect = match (expect, token) {
            (Expect::FirstElement, Token::ArrayEnd) => {
                open.pop();
                sink.end_array();
                Expect::Next
            }
            (Expect::FirstKey, Token::ObjectEnd) => {
                open.pop();
                sink.end_object()?;
                Expect::Next
            }
            (Expect::FirstKey | Expect::Key, Token::String(key)) => {
                sink.key(key)?;
                match lexer.next()? {
                    Token::Colon => Expect::Value,
                    token => return Err(unexpected(&lexer, &token, "\":\"")),
                }
            }
            (Expect::FirstKey, token) => return Err(unexpected(&lexer, &token, "string or \"}\"")),
            (Expect::Key, token) => return Err(unexpected(&lexer, &token, "string")),
            (Expect::Value | Expect::FirstElement, token) => {
                let scalar = match token {
                    Token::ObjectStart | Token::ArrayStart => {
                        if open.len() >= max_depth {
                            return Err(too_deep());
                        }
                        let object = matches!(token, Token::ObjectStart);
                        open.push(object);
                        expect = if object {
                            sink.begin_object();
                            Expect::FirstKey
                        } else {
                            sink.begin_array();
                            Expect::FirstElement
                        };
                        continue;
                    }
                    Token::String(text) => Scalar::String(text),
                    Token::Number(text) => Scalar::Number(text),
                    Token::True => Scalar::Bool(true),
                    Token::False => Scalar::Bool(false),
                    Token::Null => Scalar::Null,
                    token => return Err(unexpected(&lexer, &token, "JSON value")),
                };
                sink.scalar(scalar)?;
                Expect::Next
            }
            (Expect::Next, token) => match (open.last(), token) {
                (None, Token::End) => return Ok(()),
                (None, token) => return Err(unexpected(&lexer, &token, "end of input")),
                (Some(true), Token::Comma) => Expect::Key,
                (Some(false), Token::Comma) => Expect::Value,
                (Some(true), Token::ObjectEnd) => {
                    open.pop();
                    sink.end_object()?;
                    Expect::Next
                }
                (Some(false), Token::ArrayEnd) => {
                    open.pop();
                    sink.end_array();
                    Expect::Next
                }
                (Some(true), token) => return Err(unexpected(&lexer, &token, "\",\" or \"}\"")),
                (Some(false), token) => return Err(unexpected(&lexer, &token, "\",\" or \"]\"")),
            },
        };
    }
}
