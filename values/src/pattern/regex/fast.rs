//! The regular expressions that the regex engine can match: all without back references and lookaround.
//!
//! Whether there is a match and where the first starts is the same for both; where it ends and what its groups match
//! is the same only for some.

use regex_automata::meta;
use regex_automata::nfa::thompson::WhichCaptures;
use regex_automata::{Input, util::captures::Captures};
use regex_syntax::hir::{self, Class, Hir, Look};

use super::exact::is_exact;
use super::syntax::{AltId, Assert, Atom, Piece, Syntax, Traits};

/// Memory that a compiled expression may take.
const MAX_PROGRAM: usize = 4 << 20;
const MAX_CACHE: usize = 1 << 20;

#[derive(Debug)]
pub(super) struct Fast {
    engine: meta::Regex,
    /// Words are ASCII's only: other texts aren't for this engine.
    pub only_ascii: bool,
    /// Its matches end, and its groups match, as PostgreSQL's.
    pub is_exact: bool,
}

impl Fast {
    pub(super) fn build(syntax: &Syntax) -> Option<Self> {
        let mut translator = Translator { syntax, only_ascii: false, left: MAX_PIECES };
        let hir = translator.alt(syntax.root)?;
        let is_exact = is_exact(syntax);
        let captures = if is_exact { WhichCaptures::All } else { WhichCaptures::Implicit };
        let config = meta::Config::new()
            .nfa_size_limit(Some(MAX_PROGRAM))
            .onepass_size_limit(Some(MAX_PROGRAM / 4))
            .hybrid_cache_capacity(MAX_CACHE)
            .which_captures(captures);
        let engine = meta::Builder::new().configure(config).build_from_hir(&hir).ok()?;
        Some(Self { engine, only_ascii: translator.only_ascii, is_exact })
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.engine.is_match(text)
    }

    /// Where the first match from a place on starts and, if it is exact, ends.
    pub(super) fn find(&self, text: &str, from: usize) -> Option<(usize, usize)> {
        let found = self.engine.search(&Input::new(text).span(from..text.len()))?;
        Some((found.start(), found.end()))
    }

    pub(super) fn captures(&self) -> Captures {
        self.engine.create_captures()
    }

    pub(super) fn find_captures(&self, text: &str, from: usize, captures: &mut Captures) {
        self.engine.search_captures(&Input::new(text).span(from..text.len()), captures);
    }
}

/// The engine builds each repetition of a piece anew.
const MAX_PIECES: usize = 20_000;

struct Translator<'s> {
    syntax: &'s Syntax,
    only_ascii: bool,
    left: usize,
}

impl Translator<'_> {
    fn alt(&mut self, alt: AltId) -> Option<Hir> {
        let alt = self.syntax.alts.get(alt)?;
        let branches: Option<Vec<Hir>> = alt.branches.iter().map(|pieces| self.branch(pieces)).collect();
        Some(Hir::alternation(branches?))
    }

    fn branch(&mut self, pieces: &[Piece]) -> Option<Hir> {
        let pieces: Option<Vec<Hir>> = pieces.iter().map(|piece| self.piece(piece)).collect();
        Some(Hir::concat(pieces?))
    }

    fn piece(&mut self, piece: &Piece) -> Option<Hir> {
        self.left = self.left.checked_sub(1)?;
        let atom = match piece.atom {
            Atom::Class(class) => Hir::class(Class::Unicode(self.syntax.classes.get(class as usize)?.clone())),
            Atom::Group { alt, capture: None } => self.alt(alt)?,
            Atom::Group { alt, capture: Some(index) } => {
                let sub = Box::new(self.alt(alt)?);
                Hir::capture(hir::Capture { index, name: None, sub })
            }
            Atom::Backref(_) => return None,
            Atom::Assert(assert) => Hir::look(self.look(assert)?),
        };
        let (min, max) = (piece.repeat.min, piece.repeat.max);
        if (min, max) == (1, Some(1)) {
            return Some(atom);
        }
        let greedy = piece.prefers != Traits::SHORTER;
        Some(Hir::repetition(hir::Repetition { min, max, greedy, sub: Box::new(atom) }))
    }

    fn look(&mut self, assert: Assert) -> Option<Look> {
        let look = match assert {
            Assert::TextStart => return Some(Look::Start),
            Assert::TextEnd => return Some(Look::End),
            Assert::LineStart => return Some(Look::StartLF),
            Assert::LineEnd => return Some(Look::EndLF),
            Assert::WordStart => Look::WordStartAscii,
            Assert::WordEnd => Look::WordEndAscii,
            Assert::Boundary => Look::WordAscii,
            Assert::NotBoundary => Look::WordAsciiNegate,
            Assert::Look { .. } => return None,
        };
        self.only_ascii = true;
        Some(look)
    }
}
