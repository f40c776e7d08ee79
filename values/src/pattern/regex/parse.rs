//! The parser of regular expressions.

use std::collections::BTreeMap;

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::class::{Named, add_char, add_range, collating_element};
use super::fault::Fault;
use super::lex::{Lexer, Token};
use super::options::{Options, Syntax as Dialect};
use super::syntax::{Alt, AltId, Assert, Atom, ClassId, Look, Piece, Repeat, Syntax, Traits, branch_traits};

type Result<T> = std::result::Result<T, Fault>;

/// How deep groups may stand in each other.
const MAX_DEPTH: usize = 200;

/// How many capturing groups and back references, and changes of preference, there may be in a branch.
const MAX_MESSY_PIECES: usize = 250;

/// The largest count of a quantifier.
const MAX_COUNT: u32 = 255;

/// How many characters may be looked at for their cases.
const MAX_CASED: u32 = 1_000_000;

/// How many ranges of characters the classes may have in all.
const MAX_RANGES: usize = 500_000;

pub(super) fn parse(pattern: &str, options: Options) -> Result<Syntax> {
    let lexer = Lexer::new(pattern, options)?;
    let syntax = Syntax {
        alts: Vec::new(),
        root: 0,
        classes: Vec::new(),
        groups: vec![None],
        looks: Vec::new(),
        is_insensitive: lexer.options.is_insensitive,
    };
    let mut parser = Parser { lexer, syntax, by_ranges: BTreeMap::new(), cased: 0, ranges: 0 };
    let root = parser.alt(Token::End, false, 0)?;
    parser.syntax.root = root;
    Ok(parser.syntax)
}

struct Parser {
    lexer: Lexer,
    syntax: Syntax,
    by_ranges: BTreeMap<Vec<ClassUnicodeRange>, ClassId>,
    cased: u32,
    ranges: usize,
}

impl Parser {
    fn token(&self) -> Token {
        self.lexer.token
    }

    fn next(&mut self) -> Result<()> {
        self.lexer.next()
    }

    /// Branches up to the end, or to a closing parenthesis.
    fn alt(&mut self, stopper: Token, in_look: bool, depth: usize) -> Result<AltId> {
        if depth > MAX_DEPTH {
            return Err(Fault::TooComplex);
        }
        let mut branches = Vec::new();
        loop {
            branches.push(self.branch(stopper, in_look, depth)?);
            if self.token() != Token::Bar {
                break;
            }
            self.next()?;
        }
        if self.token() != stopper {
            return Err(Fault::Paren);
        }
        let traits = branches.iter().map(|pieces| branch_traits(pieces, &self.syntax.alts));
        let traits = match branches.len() {
            1 => traits.fold(Traits::NONE, Traits::and),
            _ => traits.fold(Traits::LONGER, |all, one| all.and(all.and(one).inherited())),
        };
        self.syntax.alts.push(Alt { branches, traits });
        Ok(self.syntax.alts.len() - 1)
    }

    fn branch(&mut self, stopper: Token, in_look: bool, depth: usize) -> Result<Vec<Piece>> {
        let mut pieces = Vec::new();
        while !matches!(self.token(), Token::Bar | Token::End) && self.token() != stopper {
            let Some(piece) = self.piece(in_look, depth)? else { continue };
            pieces.push(piece);
        }
        match is_too_deep(&pieces, &self.syntax.alts) {
            true => Err(Fault::TooComplex),
            false => Ok(pieces),
        }
    }

    /// An atom with its quantifier, or a constraint; nothing if it is to be taken no times.
    fn piece(&mut self, in_look: bool, depth: usize) -> Result<Option<Piece>> {
        if let Some(assert) = self.constraint(depth)? {
            return Ok(Some(Piece { atom: Atom::Assert(assert), repeat: Repeat::ONCE, prefers: Traits::NONE }));
        }
        let atom = self.atom(in_look, depth)?;
        let (repeat, prefers) = self.quantifier()?;
        // A back reference may still be to a group in it, and never matches.
        if repeat.max == Some(0) {
            return Ok(None);
        }
        Ok(Some(Piece { atom, repeat, prefers }))
    }

    /// What matches no characters. No quantifier may follow.
    fn constraint(&mut self, depth: usize) -> Result<Option<Assert>> {
        let by_line = self.lexer.options.newline_anchors;
        let assert = match self.token() {
            Token::Caret if by_line => Assert::LineStart,
            Token::Caret | Token::TextStart => Assert::TextStart,
            Token::Dollar if by_line => Assert::LineEnd,
            Token::Dollar | Token::TextEnd => Assert::TextEnd,
            Token::WordStart => Assert::WordStart,
            Token::WordEnd => Assert::WordEnd,
            Token::Boundary => Assert::Boundary,
            Token::NotBoundary => Assert::NotBoundary,
            Token::Look { is_ahead, is_negated } => {
                self.next()?;
                let alt = self.alt(Token::Close, true, depth + 1)?;
                self.syntax.looks.push(Look { alt, is_ahead });
                let index = u32::try_from(self.syntax.looks.len() - 1).map_err(|_| Fault::TooComplex)?;
                Assert::Look { index, is_negated }
            }
            _ => return Ok(None),
        };
        self.next()?;
        Ok(Some(assert))
    }

    fn atom(&mut self, in_look: bool, depth: usize) -> Result<Atom> {
        let is_insensitive = self.lexer.options.is_insensitive;
        let class = match self.token() {
            Token::Plain(point) => {
                let mut ranges = Vec::new();
                add_char(&mut ranges, point, is_insensitive);
                ClassUnicode::new(ranges)
            }
            // A botch of POSIX's: alone, it is a character.
            Token::Close if self.lexer.options.syntax == Dialect::Extended => {
                ClassUnicode::new([ClassUnicodeRange::new(')', ')')])
            }
            Token::Close => return Err(Fault::Paren),
            Token::Class { named, is_negated } => {
                let mut class = named.class(is_insensitive).clone();
                if is_negated {
                    class.negate();
                }
                class
            }
            Token::Dot => {
                let mut class = ClassUnicode::empty();
                if self.lexer.options.newline_stops {
                    class.push(ClassUnicodeRange::new('\n', '\n'));
                }
                class.negate();
                class
            }
            Token::BracketOpen { is_negated } => self.bracket(is_negated)?,
            Token::Open { captures } => return self.group(captures && !in_look, in_look, depth),
            Token::Backref(number) => return self.backref(number, in_look),
            _ => return Err(Fault::Operand),
        };
        self.next()?;
        Ok(Atom::Class(self.intern(class)?))
    }

    fn group(&mut self, captures: bool, in_look: bool, depth: usize) -> Result<Atom> {
        let capture = captures.then(|| {
            self.lexer.groups += 1;
            self.syntax.groups.push(None);
            self.lexer.groups
        });
        self.next()?;
        let alt = self.alt(Token::Close, in_look, depth + 1)?;
        self.next()?;
        if let Some(group) = capture.and_then(|number| self.syntax.groups.get_mut(number as usize)) {
            *group = Some(alt);
        }
        Ok(Atom::Group { alt, capture })
    }

    fn backref(&mut self, number: u32, in_look: bool) -> Result<Atom> {
        let is_known = self.syntax.groups.get(number as usize).is_some_and(Option::is_some);
        if in_look || !is_known {
            return Err(Fault::Backref);
        }
        self.next()?;
        Ok(Atom::Backref(number))
    }

    fn quantifier(&mut self) -> Result<(Repeat, Traits)> {
        let prefers = |is_greedy| if is_greedy { Traits::LONGER } else { Traits::SHORTER };
        let (min, max, is_greedy) = match self.token() {
            Token::Star { is_greedy } => (0, None, is_greedy),
            Token::Plus { is_greedy } => (1, None, is_greedy),
            Token::Question { is_greedy } => (0, Some(1), is_greedy),
            Token::BraceOpen => return self.bound(),
            _ => return Ok((Repeat::ONCE, Traits::NONE)),
        };
        self.next()?;
        Ok((Repeat { min, max }, prefers(is_greedy)))
    }

    fn bound(&mut self) -> Result<(Repeat, Traits)> {
        self.next()?;
        let min = self.count()?;
        let mut max = Some(min);
        let is_range = self.token() == Token::Comma;
        if is_range {
            self.next()?;
            max = match self.token() {
                Token::Digit(_) => Some(self.count()?),
                _ => None,
            };
        }
        if max.is_some_and(|max| min > max) {
            return Err(Fault::Count);
        }
        let Token::BraceClose { is_greedy } = self.token() else { return Err(Fault::Count) };
        self.next()?;
        let prefers = match (is_range, is_greedy) {
            (false, _) => Traits::NONE,
            (true, true) => Traits::LONGER,
            (true, false) => Traits::SHORTER,
        };
        Ok((Repeat { min, max }, prefers))
    }

    fn count(&mut self) -> Result<u32> {
        let mut count = 0;
        while let Token::Digit(digit) = self.token() {
            count = count * 10 + digit;
            if count > MAX_COUNT {
                return Err(Fault::Count);
            }
            self.next()?;
        }
        Ok(count)
    }

    /// The class between brackets; the closing bracket is left.
    fn bracket(&mut self, is_negated: bool) -> Result<ClassUnicode> {
        self.next()?;
        let mut ranges = Vec::new();
        while self.token() != Token::BracketClose {
            self.member(&mut ranges)?;
            if ranges.len() > MAX_RANGES {
                return Err(Fault::TooComplex);
            }
        }
        let mut class = ClassUnicode::new(ranges);
        if is_negated {
            if self.lexer.options.newline_stops {
                class.push(ClassUnicodeRange::new('\n', '\n'));
            }
            class.negate();
        }
        Ok(class)
    }

    /// A character, a range or a class in brackets.
    fn member(&mut self, ranges: &mut Vec<ClassUnicodeRange>) -> Result<()> {
        let is_insensitive = self.lexer.options.is_insensitive;
        let first = match self.token() {
            Token::Plain(point) => {
                self.next()?;
                point
            }
            Token::ElementOpen => self.element()?,
            Token::EquivalenceOpen => {
                let point = self.element()?;
                add_char(ranges, point, is_insensitive);
                return Ok(());
            }
            Token::ClassOpen => {
                let name = self.name()?;
                let named = Named::of(&name).ok_or(Fault::Class)?;
                ranges.extend_from_slice(named.class(is_insensitive).ranges());
                return Ok(());
            }
            Token::Class { named, is_negated } => {
                let mut class = named.class(is_insensitive).clone();
                if is_negated {
                    class.negate();
                }
                ranges.extend_from_slice(class.ranges());
                return self.next();
            }
            _ => return Err(Fault::Range),
        };
        if self.token() != Token::Hyphen {
            add_char(ranges, first, is_insensitive);
            return Ok(());
        }
        self.next()?;
        let last = match self.token() {
            Token::Plain(point) => {
                self.next()?;
                point
            }
            Token::Hyphen => {
                self.next()?;
                '-'.into()
            }
            Token::ElementOpen => self.element()?,
            _ => return Err(Fault::Range),
        };
        if first > last {
            return Err(Fault::Range);
        }
        self.cased += add_range(ranges, first, last, is_insensitive);
        if self.cased > MAX_CASED { Err(Fault::TooComplex) } else { Ok(()) }
    }

    fn element(&mut self) -> Result<u32> {
        let name = self.name()?;
        let mut chars = name.chars();
        match (chars.next(), collating_element(&name)) {
            (None, _) | (_, None) => Err(Fault::Collation),
            (_, Some(c)) => Ok(c.into()),
        }
    }

    /// What stands in `[. .]` and its kin.
    fn name(&mut self) -> Result<String> {
        self.next()?;
        let mut name = String::new();
        while let Token::Plain(point) = self.token() {
            name.extend(char::from_u32(point));
            self.next()?;
        }
        self.next()?;
        Ok(name)
    }

    fn intern(&mut self, class: ClassUnicode) -> Result<ClassId> {
        if let Some(id) = self.by_ranges.get(class.ranges()) {
            return Ok(*id);
        }
        self.ranges += class.ranges().len();
        if self.ranges > MAX_RANGES {
            return Err(Fault::TooComplex);
        }
        let id = ClassId::try_from(self.syntax.classes.len()).map_err(|_| Fault::TooComplex)?;
        self.by_ranges.insert(class.ranges().to_vec(), id);
        self.syntax.classes.push(class);
        Ok(id)
    }
}

/// Whether so many pieces have to be told apart that the tree of them is too deep.
fn is_too_deep(pieces: &[Piece], alts: &[Alt]) -> bool {
    let mut rest = pieces;
    for _ in 0..MAX_MESSY_PIECES {
        let (count, _) = super::syntax::simple_start(rest, alts);
        match rest.get(count + 1..) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    true
}
