//! A parsed regular expression.

use regex_syntax::hir::ClassUnicode;

/// What matters of an expression for the order in which matches are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Traits(u8);

impl Traits {
    pub(super) const NONE: Self = Self(0);
    /// Prefers the longest match.
    pub(super) const LONGER: Self = Self(1);
    /// Prefers the shortest match.
    pub(super) const SHORTER: Self = Self(2);
    /// Parts of it prefer otherwise than others.
    pub(super) const MIXED: Self = Self(4);
    /// Has a capturing group.
    pub(super) const CAPTURES: Self = Self(8);
    /// Has a back reference.
    pub(super) const BACKREF: Self = Self(16);
    pub(super) const PREFERENCE: Self = Self(3);

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn only(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What an expression around this one inherits: no preference, but the knowledge that there are both.
    pub(super) fn inherited(self) -> Self {
        let rest = Self(self.0 & !Self::PREFERENCE.0);
        if self.only(Self::PREFERENCE) == Self::PREFERENCE { rest.and(Self::MIXED) } else { rest }
    }

    /// Whether it has to be taken apart to know what its parts match.
    pub(super) fn is_messy(self) -> bool {
        self.has(Self::MIXED.and(Self::CAPTURES).and(Self::BACKREF))
    }

    /// Of one expression followed by another: the first preference there is holds.
    pub(super) fn then(self, next: Self) -> Self {
        let preference = match self.only(Self::PREFERENCE) {
            Self::NONE => next.only(Self::PREFERENCE),
            preference => preference,
        };
        self.and(next).inherited().and(preference)
    }
}

pub(super) type AltId = usize;
pub(super) type ClassId = u32;

#[derive(Debug)]
pub(super) struct Syntax {
    pub alts: Vec<Alt>,
    pub root: AltId,
    pub classes: Vec<ClassUnicode>,
    /// By number; the first is the whole.
    pub groups: Vec<Option<AltId>>,
    /// Inner ones come before outer ones.
    pub looks: Vec<Look>,
    pub is_insensitive: bool,
}

/// Branches with `|` between.
#[derive(Debug)]
pub(super) struct Alt {
    pub branches: Vec<Vec<Piece>>,
    pub traits: Traits,
}

/// A lookaround constraint's expression.
#[derive(Debug)]
pub(super) struct Look {
    pub alt: AltId,
    pub is_ahead: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub atom: Atom,
    pub repeat: Repeat,
    /// What the quantifier prefers.
    pub prefers: Traits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Repeat {
    pub min: u32,
    /// None is no limit.
    pub max: Option<u32>,
}

impl Repeat {
    pub(super) const ONCE: Self = Self { min: 1, max: Some(1) };
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Atom {
    Class(ClassId),
    Group { alt: AltId, capture: Option<u32> },
    Backref(u32),
    Assert(Assert),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Assert {
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    WordStart,
    WordEnd,
    Boundary,
    NotBoundary,
    Look { index: u32, is_negated: bool },
}

impl Piece {
    /// Of the atom alone.
    pub(super) fn atom_traits(&self, alts: &[Alt]) -> Traits {
        match self.atom {
            Atom::Class(_) | Atom::Assert(_) => Traits::NONE,
            Atom::Backref(_) => Traits::BACKREF,
            Atom::Group { alt, capture } => {
                let traits = alts.get(alt).map_or(Traits::NONE, |alt| alt.traits);
                if capture.is_some() { traits.and(Traits::CAPTURES) } else { traits }
            }
        }
    }

    fn is_capture_or_backref(&self) -> bool {
        matches!(self.atom, Atom::Backref(_) | Atom::Group { capture: Some(_), .. })
    }

    /// Whether the quantifier says nothing that isn't so already.
    pub(super) fn is_plain_atom(&self, alts: &[Alt]) -> bool {
        let own = self.atom_traits(alts).only(Traits::PREFERENCE.and(Traits::MIXED));
        self.repeat == Repeat::ONCE && (self.prefers == Traits::NONE || own == Traits::NONE || own == self.prefers)
    }

    /// With the quantifier.
    pub(super) fn traits(&self, alts: &[Alt]) -> Traits {
        let atom = self.atom_traits(alts);
        match self.atom {
            Atom::Backref(_) => atom.and(self.prefers.then(atom)),
            _ if self.is_plain_atom(alts) => atom,
            _ => self.prefers.then(atom),
        }
    }
}

/// How many of the pieces can be matched as one, without a look at their parts, and the traits of those.
pub(super) fn simple_start(pieces: &[Piece], alts: &[Alt]) -> (usize, Traits) {
    let mut traits = Traits::NONE;
    for (place, piece) in pieces.iter().enumerate() {
        let with = traits.and(piece.prefers).and(piece.atom_traits(alts));
        if piece.is_capture_or_backref() || with.inherited().is_messy() {
            return (place, traits);
        }
        traits = with;
    }
    (pieces.len(), traits)
}

/// The traits of a branch.
pub(super) fn branch_traits(pieces: &[Piece], alts: &[Alt]) -> Traits {
    let (count, start) = simple_start(pieces, alts);
    let Some((piece, rest)) = pieces.get(count..).and_then(<[Piece]>::split_first) else { return start };
    let own = piece.traits(alts);
    if rest.is_empty() {
        return if count == 0 { own } else { start.and(start.then(own)) };
    }
    let tail = piece.prefers.then(piece.atom_traits(alts));
    let tail = tail.and(tail.then(branch_traits(rest, alts)));
    start.and(start.then(tail))
}
