//! Reads a jsonpath.

use super::number::{canonical_literal, negated};
use super::path::{Binary, Chain, Flags, JsonPath, LikeRegex, Node, Unary};
use super::path_lex::{Lexed, Lexer, Token, error};
use super::tree::Json;
use super::{path_regex, too_deep};
use crate::{Result, ValueError, code};

/// How deep parentheses and filters may nest.
const MAX_NESTING: usize = 100;

/// How many binary operators a path may have: a row of left-associative ones nests as deep as it is long.
const MAX_OPERATORS: usize = 300;

/// An expression, which gives items, or a predicate, which may stand where a condition is wanted.
enum Parsed {
    Expr(Chain),
    Predicate(Chain),
}

pub(super) struct Parser<'a> {
    lexer: Lexer<'a>,
    next: Lexed,
    depth: usize,
    operators: usize,
}

pub(super) fn parse(text: &str) -> Result<JsonPath> {
    let mut lexer = Lexer::new(text);
    let next = lexer.next()?;
    if next.token == Token::End {
        return Err(ValueError::invalid_text("jsonpath", text));
    }
    let mut parser = Parser { lexer, next, depth: 0, operators: 0 };
    let lax = parser.eat_keyword("lax")? || !parser.eat_keyword("strict")?;
    let (Parsed::Expr(expr) | Parsed::Predicate(expr)) = parser.or()?;
    if parser.next.token != Token::End {
        return Err(parser.unexpected());
    }
    check_places(&expr, 0, false)?;
    Ok(JsonPath { lax, expr })
}

const KEYWORDS: [&str; 33] = [
    "is",
    "to",
    "abs",
    "lax",
    "date",
    "flag",
    "last",
    "size",
    "time",
    "type",
    "with",
    "floor",
    "bigint",
    "double",
    "exists",
    "number",
    "starts",
    "strict",
    "string",
    "boolean",
    "ceiling",
    "decimal",
    "integer",
    "time_tz",
    "unknown",
    "datetime",
    "keyvalue",
    "timestamp",
    "like_regex",
    "timestamp_tz",
    "null",
    "true",
    "false",
];

impl Parser<'_> {
    pub(super) fn advance(&mut self) -> Result<Lexed> {
        let next = self.lexer.next()?;
        Ok(std::mem::replace(&mut self.next, next))
    }

    pub(super) fn unexpected(&self) -> ValueError {
        error("syntax error", self.next.near.as_deref())
    }

    pub(super) fn at(&self, symbol: &str) -> bool {
        matches!(&self.next.token, Token::Symbol(next) if *next == symbol)
    }

    pub(super) fn eat(&mut self, symbol: &str) -> Result<bool> {
        let found = self.at(symbol);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Result<()> {
        if self.eat(symbol)? { Ok(()) } else { Err(self.unexpected()) }
    }

    /// The keyword that comes next. All but three are read in any case.
    pub(super) fn keyword(&self) -> Option<&'static str> {
        let Token::Word(word) = &self.next.token else { return None };
        KEYWORDS.into_iter().find(|keyword| match *keyword {
            "null" | "true" | "false" => word == keyword,
            _ => word.eq_ignore_ascii_case(keyword),
        })
    }

    pub(super) fn eat_keyword(&mut self, keyword: &str) -> Result<bool> {
        let found = self.keyword() == Some(keyword);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn expect_keyword(&mut self, keyword: &str) -> Result<()> {
        if self.eat_keyword(keyword)? { Ok(()) } else { Err(self.unexpected()) }
    }

    pub(super) fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= MAX_NESTING {
            return Err(too_deep());
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn or(&mut self) -> Result<Parsed> {
        self.logic(&[("||", Binary::Or), ("&&", Binary::And)])
    }

    /// Predicates joined by the first of these operators, each of them joined by the others.
    fn logic(&mut self, operators: &[(&str, Binary)]) -> Result<Parsed> {
        let Some(((symbol, operator), tighter)) = operators.split_first() else { return self.comparison() };
        let mut parsed = self.logic(tighter)?;
        while self.at(symbol) {
            let Parsed::Predicate(left) = parsed else { return Err(self.unexpected()) };
            self.advance()?;
            let Parsed::Predicate(right) = self.logic(tighter)? else { return Err(self.unexpected()) };
            parsed = Parsed::Predicate(vec![Node::Binary(*operator, Box::new((left, right)))]);
            self.count_operator()?;
        }
        Ok(parsed)
    }

    fn count_operator(&mut self) -> Result<()> {
        self.operators += 1;
        if self.operators > MAX_OPERATORS { Err(too_deep()) } else { Ok(()) }
    }

    fn comparison(&mut self) -> Result<Parsed> {
        if self.eat("!")? {
            return self.negation();
        }
        let left = match self.sum(true)? {
            Parsed::Expr(left) => left,
            predicate => return Ok(predicate),
        };
        let operator = match &self.next.token {
            Token::Symbol("==") => Binary::Equal,
            Token::Symbol("!=" | "<>") => Binary::NotEqual,
            Token::Symbol("<") => Binary::Less,
            Token::Symbol(">") => Binary::Greater,
            Token::Symbol("<=") => Binary::LessOrEqual,
            Token::Symbol(">=") => Binary::GreaterOrEqual,
            Token::Word(_) => match self.keyword() {
                Some("starts") => Binary::StartsWith,
                Some("like_regex") => return self.like_regex(left),
                _ => return Ok(Parsed::Expr(left)),
            },
            _ => return Ok(Parsed::Expr(left)),
        };
        self.advance()?;
        let right = if operator == Binary::StartsWith {
            self.expect_keyword("with")?;
            match self.advance_if(|token| matches!(token, Token::String(_) | Token::Variable(_)))? {
                Token::String(text) => vec![Node::Literal(Json::String(text.into()))],
                Token::Variable(name) => vec![Node::Variable(name)],
                _ => return Err(self.unexpected()),
            }
        } else {
            self.expr_sum()?
        };
        Ok(Parsed::Predicate(vec![Node::Binary(operator, Box::new((left, right)))]))
    }

    pub(super) fn advance_if(&mut self, wanted: impl Fn(&Token) -> bool) -> Result<Token> {
        if !wanted(&self.next.token) {
            return Err(self.unexpected());
        }
        Ok(self.advance()?.token)
    }

    pub(super) fn string(&mut self) -> Result<String> {
        match self.advance_if(|token| matches!(token, Token::String(_)))? {
            Token::String(text) => Ok(text),
            _ => Err(self.unexpected()),
        }
    }

    pub(super) fn integer(&mut self) -> Result<String> {
        match self.advance_if(|token| matches!(token, Token::Integer(_)))? {
            Token::Integer(text) => Ok(text),
            _ => Err(self.unexpected()),
        }
    }

    /// What follows `!`: only a predicate in parentheses, or exists.
    fn negation(&mut self) -> Result<Parsed> {
        let inner = if self.eat_keyword("exists")? {
            self.exists()?
        } else {
            self.expect("(")?;
            self.condition()?
        };
        Ok(Parsed::Predicate(vec![Node::Unary(Unary::Not, inner)]))
    }

    /// A predicate and the parenthesis that closes it.
    pub(super) fn condition(&mut self) -> Result<Chain> {
        let Parsed::Predicate(predicate) = self.nested(Self::or)? else { return Err(self.unexpected()) };
        self.expect(")")?;
        Ok(predicate)
    }

    fn exists(&mut self) -> Result<Chain> {
        self.expect("(")?;
        let expr = self.nested(Self::expr_sum)?;
        self.expect(")")?;
        Ok(vec![Node::Unary(Unary::Exists, expr)])
    }

    fn like_regex(&mut self, expr: Chain) -> Result<Parsed> {
        self.advance()?;
        let pattern = self.string()?;
        let flags = if self.eat_keyword("flag")? { parse_flags(&self.string()?)? } else { Flags::default() };
        // Each of them may be large once compiled.
        (0..10).try_for_each(|_| self.count_operator())?;
        let regex = path_regex::compile(&pattern, flags)?;
        Ok(Parsed::Predicate(vec![Node::LikeRegex(Box::new(LikeRegex { expr, pattern, flags, regex }))]))
    }

    pub(super) fn expr_sum(&mut self) -> Result<Chain> {
        match self.sum(false)? {
            Parsed::Expr(expr) => Ok(expr),
            Parsed::Predicate(_) => Err(self.unexpected()),
        }
    }

    /// `exists` says whether a predicate may begin here, as one does with exists.
    fn sum(&mut self, exists: bool) -> Result<Parsed> {
        self.arithmetic(
            exists,
            &[&[("+", Binary::Add), ("-", Binary::Sub)], &[("*", Binary::Mul), ("/", Binary::Div), ("%", Binary::Mod)]],
        )
    }

    fn arithmetic(&mut self, exists: bool, levels: &[&[(&str, Binary)]]) -> Result<Parsed> {
        let Some((operators, tighter)) = levels.split_first() else { return self.signed(exists) };
        let mut parsed = self.arithmetic(exists, tighter)?;
        while let Some((_, operator)) = operators.iter().find(|(symbol, _)| self.at(symbol)) {
            let Parsed::Expr(left) = parsed else { return Err(self.unexpected()) };
            self.advance()?;
            let Parsed::Expr(right) = self.arithmetic(false, tighter)? else { return Err(self.unexpected()) };
            parsed = Parsed::Expr(vec![Node::Binary(*operator, Box::new((left, right)))]);
            self.count_operator()?;
        }
        Ok(parsed)
    }

    fn signed(&mut self, exists: bool) -> Result<Parsed> {
        let minus = self.at("-");
        if !minus && !self.at("+") {
            return self.primary(exists);
        }
        self.advance()?;
        let Parsed::Expr(operand) = self.nested(|parser| parser.signed(false))? else { return Err(self.unexpected()) };
        // The sign of a number is its own.
        if let [Node::Literal(Json::Number(text))] = operand.as_slice() {
            let text = if minus { negated(text) } else { text.to_string() };
            return Ok(Parsed::Expr(vec![Node::Literal(Json::Number(text.into()))]));
        }
        Ok(Parsed::Expr(vec![Node::Unary(if minus { Unary::Minus } else { Unary::Plus }, operand)]))
    }

    fn primary(&mut self, exists: bool) -> Result<Parsed> {
        if self.eat("(")? {
            return self.parenthesis();
        }
        let keyword = self.keyword();
        if exists && keyword == Some("exists") {
            self.advance()?;
            return self.exists().map(Parsed::Predicate);
        }
        let node = match &self.next.token {
            Token::String(text) => Node::Literal(Json::String(text.clone().into())),
            Token::Integer(text) | Token::Decimal(text) => Node::Literal(Json::Number(canonical_literal(text)?.into())),
            Token::Variable(name) => Node::Variable(name.clone()),
            Token::Symbol("$") => Node::Root,
            Token::Symbol("@") => Node::Current,
            Token::Word(_) => match keyword {
                Some("null") => Node::Literal(Json::Null),
                Some("true") => Node::Literal(Json::Bool(true)),
                Some("false") => Node::Literal(Json::Bool(false)),
                Some("last") => Node::Last,
                _ => return Err(self.unexpected()),
            },
            _ => return Err(self.unexpected()),
        };
        self.advance()?;
        let mut chain = vec![node];
        self.accessors(&mut chain)?;
        Ok(Parsed::Expr(chain))
    }

    fn parenthesis(&mut self) -> Result<Parsed> {
        let inner = self.nested(Self::or)?;
        self.expect(")")?;
        let (mut chain, predicate) = match inner {
            Parsed::Expr(chain) => (chain, false),
            Parsed::Predicate(chain) => (chain, true),
        };
        if predicate && self.keyword() == Some("is") {
            self.advance()?;
            self.expect_keyword("unknown")?;
            return Ok(Parsed::Predicate(vec![Node::Unary(Unary::IsUnknown, chain)]));
        }
        let len = chain.len();
        self.accessors(&mut chain)?;
        Ok(if predicate && chain.len() == len { Parsed::Predicate(chain) } else { Parsed::Expr(chain) })
    }
}

fn parse_flags(text: &str) -> Result<Flags> {
    let mut flags = Flags::default();
    for flag in text.chars() {
        match flag {
            'i' => flags.icase = true,
            's' => flags.dotall = true,
            'm' => flags.mline = true,
            'x' => flags.wspace = true,
            'q' => flags.quote = true,
            other => {
                return Err(ValueError::new(code::SYNTAX_ERROR, "invalid input syntax for type jsonpath")
                    .detail(format!("Unrecognized flag character \"{other}\" in LIKE_REGEX predicate.")));
            }
        }
    }
    Ok(flags)
}

/// `@` belongs into filters, `last` into subscripts.
fn check_places(chain: &[Node], filters: usize, subscript: bool) -> Result<()> {
    for node in chain {
        match node {
            Node::Current if filters == 0 => {
                return Err(ValueError::new(code::SYNTAX_ERROR, "@ is not allowed in root expressions"));
            }
            Node::Last if !subscript => {
                return Err(ValueError::new(code::SYNTAX_ERROR, "LAST is allowed only in array subscripts"));
            }
            Node::Binary(_, operands) => {
                check_places(&operands.0, filters, subscript)?;
                check_places(&operands.1, filters, subscript)?;
            }
            Node::Unary(_, operand) => check_places(operand, filters, subscript)?,
            Node::LikeRegex(like) => check_places(&like.expr, filters, subscript)?,
            Node::Filter(filter) => check_places(filter, filters + 1, subscript)?,
            Node::Index(ranges) => {
                for (from, to) in ranges {
                    check_places(from, filters, true)?;
                    to.iter().try_for_each(|to| check_places(to, filters, true))?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}
