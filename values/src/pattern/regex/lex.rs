//! A regular expression's tokens.

use super::class::{Named, collating_element};
use super::fault::Fault;
use super::options::{Options, Syntax};

type Result<T> = std::result::Result<T, Fault>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// Before the first.
    Start,
    End,
    /// A character; `\x` may name one that isn't any.
    Plain(u32),
    Digit(u32),
    Comma,
    Open {
        captures: bool,
    },
    Close,
    Bar,
    Star {
        is_greedy: bool,
    },
    Plus {
        is_greedy: bool,
    },
    Question {
        is_greedy: bool,
    },
    BraceOpen,
    BraceClose {
        is_greedy: bool,
    },
    BracketOpen {
        is_negated: bool,
    },
    BracketClose,
    /// A hyphen between brackets.
    Hyphen,
    /// `[.`, `[=`, `[:` and what closes them.
    ElementOpen,
    EquivalenceOpen,
    ClassOpen,
    NameEnd,
    Class {
        named: Named,
        is_negated: bool,
    },
    Backref(u32),
    Dot,
    Caret,
    Dollar,
    WordStart,
    WordEnd,
    Boundary,
    NotBoundary,
    TextStart,
    TextEnd,
    Look {
        is_ahead: bool,
        is_negated: bool,
    },
}

/// What the next characters stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Context {
    Outside,
    Bound,
    Bracket,
    /// `[.`, `[=` or `[:`, closed by that character and a bracket.
    Name(char),
}

/// A pattern that is longer, in characters, is refused.
const MAX_CHARS: usize = 100_000;

pub(super) struct Lexer {
    chars: Vec<char>,
    at: usize,
    pub(super) options: Options,
    context: Context,
    pub(super) token: Token,
    /// How many groups were opened so far: a number after a backslash refers to one of them.
    pub(super) groups: u32,
}

impl Lexer {
    pub(super) fn new(pattern: &str, options: Options) -> Result<Self> {
        let chars: Vec<char> = pattern.chars().take(MAX_CHARS + 1).collect();
        if chars.len() > MAX_CHARS {
            return Err(Fault::TooComplex);
        }
        let is_odd = options.is_expanded || options.newline_stops || options.newline_anchors;
        if options.syntax == Syntax::Quoted && is_odd {
            return Err(Fault::Argument);
        }
        let mut lexer = Self { chars, at: 0, options, context: Context::Outside, token: Token::Start, groups: 0 };
        lexer.prefixes()?;
        lexer.next()?;
        Ok(lexer)
    }

    fn is_advanced(&self) -> bool {
        self.options.syntax == Syntax::Advanced
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn peek_is(&self, c: char) -> bool {
        self.peek() == Some(c)
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek_is(c);
        self.at += usize::from(found);
        found
    }

    fn take(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn rest_starts_with(&self, text: &str) -> bool {
        let rest = self.chars.get(self.at..).unwrap_or(&[]);
        rest.len() >= text.len() && text.chars().zip(rest).all(|(wanted, found)| wanted == *found)
    }

    /// `***` and what it says of the dialect, and `(?letters)`.
    fn prefixes(&mut self) -> Result<()> {
        if self.options.syntax == Syntax::Quoted {
            return Ok(());
        }
        if self.rest_starts_with("***") {
            match self.chars.get(self.at + 3) {
                Some('?') => return Err(Fault::Version),
                Some('=') => {
                    self.at += 4;
                    self.quote();
                    return Ok(());
                }
                Some(':') => {
                    self.at += 4;
                    self.options.syntax = Syntax::Advanced;
                }
                Some(_) => return Err(Fault::Operand),
                None => {}
            }
        }
        let letter = self.chars.get(self.at + 2).is_some_and(char::is_ascii_alphabetic);
        if !self.is_advanced() || !self.rest_starts_with("(?") || !letter {
            return Ok(());
        }
        self.at += 2;
        while let Some(letter) = self.peek().filter(char::is_ascii_alphabetic) {
            if !self.options.set(letter) {
                return Err(Fault::Option);
            }
            self.at += 1;
        }
        if !self.eat(')') {
            return Err(Fault::Option);
        }
        if self.options.syntax == Syntax::Quoted {
            self.quote();
        }
        Ok(())
    }

    fn quote(&mut self) {
        let is_insensitive = self.options.is_insensitive;
        self.options = Options { syntax: Syntax::Quoted, is_insensitive, ..Options::default() };
    }

    /// Reads the next token.
    pub(super) fn next(&mut self) -> Result<()> {
        self.token = self.read()?;
        Ok(())
    }

    fn read(&mut self) -> Result<Token> {
        if self.options.is_expanded && matches!(self.context, Context::Outside | Context::Bound) {
            self.skip();
        }
        let Some(c) = self.take() else {
            return match self.context {
                Context::Outside => Ok(Token::End),
                Context::Bound => Err(Fault::Brace),
                Context::Bracket | Context::Name(_) => Err(Fault::Bracket),
            };
        };
        match (self.context, self.options.syntax) {
            (Context::Bound, _) => self.read_bound(c),
            (Context::Bracket, _) => self.read_bracket(c),
            (Context::Name(end), _) if c == end && self.eat(']') => {
                self.context = Context::Bracket;
                Ok(Token::NameEnd)
            }
            (Context::Name(_), _) | (Context::Outside, Syntax::Quoted) => Ok(Token::Plain(c.into())),
            (Context::Outside, Syntax::Basic) => self.read_basic(c),
            (Context::Outside, Syntax::Advanced | Syntax::Extended) => self.read_extended(c),
        }
    }

    /// White space and comments of the expanded form.
    fn skip(&mut self) {
        loop {
            while self.peek().is_some_and(|c| matches!(c, ' ' | '\t'..='\r')) {
                self.at += 1;
            }
            if !self.peek_is('#') {
                return;
            }
            while self.peek().is_some_and(|c| c != '\n') {
                self.at += 1;
            }
        }
    }

    fn read_bound(&mut self, c: char) -> Result<Token> {
        match c {
            '0'..='9' => Ok(Token::Digit(c as u32 - '0' as u32)),
            ',' => Ok(Token::Comma),
            '}' if self.options.syntax != Syntax::Basic => {
                self.context = Context::Outside;
                Ok(Token::BraceClose { is_greedy: self.is_greedy() })
            }
            '\\' if self.options.syntax == Syntax::Basic && self.eat('}') => {
                self.context = Context::Outside;
                Ok(Token::BraceClose { is_greedy: true })
            }
            _ => Err(Fault::Count),
        }
    }

    /// Whether no `?` follows a quantifier.
    fn is_greedy(&mut self) -> bool {
        !(self.is_advanced() && self.eat('?'))
    }

    fn read_bracket(&mut self, c: char) -> Result<Token> {
        let is_first = matches!(self.token, Token::BracketOpen { .. });
        match c {
            ']' if !is_first => {
                self.context = Context::Outside;
                Ok(Token::BracketClose)
            }
            '\\' if self.is_advanced() => match self.read_escape()? {
                token @ (Token::Plain(_) | Token::Class { .. }) => Ok(token),
                _ => Err(Fault::Escape),
            },
            '-' if !is_first && !self.peek_is(']') => Ok(Token::Hyphen),
            '[' => {
                let token = match self.peek().ok_or(Fault::Bracket)? {
                    '.' => Token::ElementOpen,
                    '=' => Token::EquivalenceOpen,
                    ':' => Token::ClassOpen,
                    _ => return Ok(Token::Plain(c.into())),
                };
                self.context = Context::Name(self.take().unwrap_or(c));
                Ok(token)
            }
            c => Ok(Token::Plain(c.into())),
        }
    }

    fn read_extended(&mut self, c: char) -> Result<Token> {
        Ok(match c {
            '|' => Token::Bar,
            '*' => Token::Star { is_greedy: self.is_greedy() },
            '+' => Token::Plus { is_greedy: self.is_greedy() },
            '?' => Token::Question { is_greedy: self.is_greedy() },
            '{' => {
                if self.options.is_expanded {
                    self.skip();
                }
                if !self.peek().is_some_and(|c| c.is_ascii_digit()) {
                    return Ok(Token::Plain(c.into()));
                }
                self.context = Context::Bound;
                Token::BraceOpen
            }
            '(' if self.is_advanced() && self.eat('?') => return self.read_group(),
            '(' => Token::Open { captures: true },
            ')' => Token::Close,
            '[' => self.open_bracket(),
            '.' => Token::Dot,
            '^' => Token::Caret,
            '$' => Token::Dollar,
            '\\' if self.is_advanced() => return self.read_escape(),
            '\\' => Token::Plain(self.take().ok_or(Fault::Escape)?.into()),
            c => Token::Plain(c.into()),
        })
    }

    fn open_bracket(&mut self) -> Token {
        for (text, token) in [("[:<:]]", Token::WordStart), ("[:>:]]", Token::WordEnd)] {
            if self.rest_starts_with(text) {
                self.at += text.len();
                return token;
            }
        }
        self.context = Context::Bracket;
        Token::BracketOpen { is_negated: self.eat('^') }
    }

    /// What follows `(?`.
    fn read_group(&mut self) -> Result<Token> {
        Ok(match self.take().ok_or(Fault::Operand)? {
            ':' => Token::Open { captures: false },
            '#' => {
                while self.take().is_some_and(|c| c != ')') {}
                return self.read();
            }
            '=' => Token::Look { is_ahead: true, is_negated: false },
            '!' => Token::Look { is_ahead: true, is_negated: true },
            '<' => match self.take().ok_or(Fault::Operand)? {
                '=' => Token::Look { is_ahead: false, is_negated: false },
                '!' => Token::Look { is_ahead: false, is_negated: true },
                _ => return Err(Fault::Operand),
            },
            _ => return Err(Fault::Operand),
        })
    }

    /// What follows a backslash in an advanced expression.
    fn read_escape(&mut self) -> Result<Token> {
        let c = self.take().ok_or(Fault::Escape)?;
        let class = |named, is_negated| Token::Class { named, is_negated };
        Ok(match c {
            c if !c.is_ascii_alphanumeric() => Token::Plain(c.into()),
            'a' => Token::Plain(collating_element("alert").unwrap_or('\x07').into()),
            'A' => Token::TextStart,
            'b' => Token::Plain(8),
            'B' => Token::Plain('\\'.into()),
            'c' => Token::Plain(u32::from(self.take().ok_or(Fault::Escape)?) & 0o37),
            'd' => class(Named::Digit, false),
            'D' => class(Named::Digit, true),
            'e' => Token::Plain(0x1b),
            'f' => Token::Plain(0xc),
            'm' => Token::WordStart,
            'M' => Token::WordEnd,
            'n' => Token::Plain('\n'.into()),
            'r' => Token::Plain('\r'.into()),
            's' => class(Named::Space, false),
            'S' => class(Named::Space, true),
            't' => Token::Plain('\t'.into()),
            'u' => self.number(16, 4, 4).and_then(plain)?,
            'U' => self.number(16, 8, 8).and_then(plain)?,
            'v' => Token::Plain(0xb),
            'w' => class(Named::Word, false),
            'W' => class(Named::Word, true),
            'x' => self.number(16, 1, 255).and_then(plain)?,
            'y' => Token::Boundary,
            'Y' => Token::NotBoundary,
            'Z' => Token::TextEnd,
            '0' => self.octal()?,
            '1'..='9' => {
                let after = self.at;
                self.at -= 1;
                let number = self.number(10, 1, 255)?;
                let is_one_digit = self.at == after;
                if is_one_digit || (number > 0 && number <= self.groups) {
                    return Ok(Token::Backref(number));
                }
                self.at = after;
                self.octal()?
            }
            _ => return Err(Fault::Escape),
        })
    }

    /// Octal digits, of which the first was read.
    fn octal(&mut self) -> Result<Token> {
        self.at -= 1;
        let mut number = self.number(8, 1, 3)?;
        if number > 0xff {
            self.at -= 1;
            number >>= 3;
        }
        Ok(Token::Plain(number))
    }

    fn number(&mut self, base: u32, least: usize, most: usize) -> Result<u32> {
        let mut number = 0_u32;
        let mut count = 0;
        while count < most {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(base)) else { break };
            number = number.wrapping_mul(base).wrapping_add(digit);
            self.at += 1;
            count += 1;
        }
        if count < least { Err(Fault::Escape) } else { Ok(number) }
    }

    fn read_basic(&mut self, c: char) -> Result<Token> {
        let starts = matches!(self.token, Token::Start | Token::Open { .. });
        Ok(match c {
            '*' if starts || self.token == Token::Caret => Token::Plain(c.into()),
            '*' => Token::Star { is_greedy: true },
            '[' => self.open_bracket(),
            '.' => Token::Dot,
            '^' if starts => Token::Caret,
            '$' => {
                if self.options.is_expanded {
                    self.skip();
                }
                match self.peek().is_none() || self.rest_starts_with("\\)") {
                    true => Token::Dollar,
                    false => Token::Plain(c.into()),
                }
            }
            '\\' => match self.take().ok_or(Fault::Escape)? {
                '{' => {
                    self.context = Context::Bound;
                    Token::BraceOpen
                }
                '(' => Token::Open { captures: true },
                ')' => Token::Close,
                '<' => Token::WordStart,
                '>' => Token::WordEnd,
                digit @ '1'..='9' => Token::Backref(digit as u32 - '0' as u32),
                c => Token::Plain(c.into()),
            },
            c => Token::Plain(c.into()),
        })
    }
}

/// The largest number that PostgreSQL takes for a character.
const MAX_CHAR: u32 = 0x7fff_fffe;

fn plain(number: u32) -> Result<Token> {
    if number <= MAX_CHAR { Ok(Token::Plain(number)) } else { Err(Fault::Escape) }
}
