//! Reads the accessors and item methods of a jsonpath.

use super::number::{canonical_literal, negated};
use super::path::{Chain, LAST_LEVEL, Method, Node};
use super::path_lex::Token;
use super::path_parse::Parser;
use super::too_deep;
use crate::{Result, ValueError, code};

/// How many accessors may be in a row.
const MAX_CHAIN: usize = 200;

impl Parser<'_> {
    pub(super) fn accessors(&mut self, chain: &mut Chain) -> Result<()> {
        loop {
            let node = if self.eat(".")? {
                self.member()?
            } else if self.eat("[")? {
                self.subscript()?
            } else if self.eat("?")? {
                self.expect("(")?;
                Node::Filter(self.condition()?)
            } else {
                return Ok(());
            };
            if chain.len() >= MAX_CHAIN {
                return Err(too_deep());
            }
            chain.push(node);
        }
    }

    fn subscript(&mut self) -> Result<Node> {
        if self.eat("*")? {
            self.expect("]")?;
            return Ok(Node::AnyArray);
        }
        let mut ranges = Vec::new();
        loop {
            let from = self.nested(Self::expr_sum)?;
            let to = if self.eat_keyword("to")? { Some(self.nested(Self::expr_sum)?) } else { None };
            ranges.push((from, to));
            if !self.eat(",")? {
                break;
            }
        }
        self.expect("]")?;
        Ok(Node::Index(ranges))
    }

    /// What follows a point.
    fn member(&mut self) -> Result<Node> {
        if self.eat("*")? {
            return Ok(Node::AnyKey);
        }
        if self.eat("**")? {
            return self.levels();
        }
        let keyword = self.keyword();
        let name = match self.advance_if(|token| matches!(token, Token::Word(_) | Token::String(_)))? {
            Token::Word(name) | Token::String(name) => name,
            _ => return Err(self.unexpected()),
        };
        if !self.at("(") {
            return Ok(Node::Key(name));
        }
        match keyword {
            Some(keyword) => self.method(keyword),
            None => Err(self.unexpected()),
        }
    }

    fn levels(&mut self) -> Result<Node> {
        if !self.eat("{")? {
            return Ok(Node::Any(0, LAST_LEVEL));
        }
        let first = self.level()?;
        let last = if self.eat_keyword("to")? { self.level()? } else { first };
        self.expect("}")?;
        Ok(Node::Any(first, last))
    }

    fn level(&mut self) -> Result<u32> {
        if self.eat_keyword("last")? {
            return Ok(LAST_LEVEL);
        }
        let text = self.integer()?;
        let value = canonical_literal(&text)?.parse::<i32>().ok().and_then(|value| u32::try_from(value).ok());
        value.ok_or_else(|| ValueError::text_out_of_range("integer", &text))
    }

    fn method(&mut self, keyword: &str) -> Result<Node> {
        let plain = match keyword {
            "abs" => Method::Abs,
            "size" => Method::Size,
            "type" => Method::Type,
            "floor" => Method::Floor,
            "double" => Method::Double,
            "ceiling" => Method::Ceiling,
            "keyvalue" => Method::KeyValue,
            "bigint" => Method::Bigint,
            "boolean" => Method::Boolean,
            "date" => Method::Date,
            "integer" => Method::Integer,
            "number" => Method::Number,
            "string" => Method::String,
            "decimal" => return self.decimal(),
            "datetime" => {
                self.advance()?;
                let template = if self.at(")") { None } else { Some(self.string()?) };
                self.expect(")")?;
                return Ok(Node::Method(Method::Datetime(template)));
            }
            "time" | "time_tz" | "timestamp" | "timestamp_tz" => {
                self.advance()?;
                let precision = if self.at(")") { None } else { Some(canonical_literal(&self.integer()?)?) };
                self.expect(")")?;
                return Ok(Node::Method(match keyword {
                    "time" => Method::Time(precision),
                    "time_tz" => Method::TimeTz(precision),
                    "timestamp" => Method::Timestamp(precision),
                    _ => Method::TimestampTz(precision),
                }));
            }
            _ => return Err(self.unexpected()),
        };
        self.advance()?;
        self.expect(")")?;
        Ok(Node::Method(plain))
    }

    fn decimal(&mut self) -> Result<Node> {
        self.advance()?;
        let mut args = Vec::new();
        if !self.at(")") {
            loop {
                let minus = self.at("-");
                if minus || self.at("+") {
                    self.advance()?;
                }
                let text = canonical_literal(&self.integer()?)?;
                args.push(if minus { negated(&text) } else { text });
                if !self.eat(",")? {
                    break;
                }
            }
        }
        self.expect(")")?;
        if args.len() > 2 {
            return Err(ValueError::new(code::SYNTAX_ERROR, "invalid input syntax for type jsonpath")
                .detail(".decimal() can only have an optional precision[,scale]."));
        }
        let mut args = args.into_iter();
        Ok(Node::Method(Method::Decimal(args.next(), args.next())))
    }
}
