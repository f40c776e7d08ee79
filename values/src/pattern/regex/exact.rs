//! The expressions for which the first match that a backtracking engine would find is the one that PostgreSQL finds.
//!
//! PostgreSQL takes the longest match (or the shortest, if the first quantifier prefers so) and divides it between the
//! parts from left to right. A backtracking engine lets each part prefer in turn. That is the same
//!
//! - for characters with quantifiers of one preference in a row, grouped or not: a part that takes more leaves no less
//!   for the parts that follow it to end at the same place. Where the match has to end with the text, only each group
//!   needs to have one preference;
//! - where each character of the text can be matched by one part only, so that there is but one way to match.

use regex_syntax::hir::ClassUnicode;

use super::syntax::{AltId, Assert, Atom, ClassId, Piece, Repeat, Syntax, Traits};

pub(super) fn is_exact(syntax: &Syntax) -> bool {
    is_row(syntax) || is_unambiguous(syntax)
}

/// What stands in a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Item {
    Chars,
    Assert,
    TextEnd,
}

fn is_row(syntax: &Syntax) -> bool {
    let mut items = Vec::new();
    let Some(preferences) = flatten(syntax, syntax.root, &mut items) else { return false };
    if preferences == Traits::PREFERENCE && items.last() != Some(&Item::TextEnd) {
        return false;
    }
    // Constraints between the parts would have to be met at the same places.
    let is_chars = |item: &Item| *item == Item::Chars;
    match (items.iter().position(is_chars), items.iter().rposition(is_chars)) {
        (Some(first), Some(last)) => items.get(first..last).is_some_and(|between| between.iter().all(is_chars)),
        _ => true,
    }
}

/// What the quantifiers prefer; nothing is answered if it is no row.
fn flatten(syntax: &Syntax, alt: AltId, items: &mut Vec<Item>) -> Option<Traits> {
    let [pieces] = syntax.alts.get(alt)?.branches.as_slice() else { return None };
    let mut preferences = Traits::NONE;
    for piece in pieces {
        preferences = preferences.and(piece.prefers);
        match piece.atom {
            Atom::Class(_) => items.push(Item::Chars),
            Atom::Assert(Assert::TextEnd) => items.push(Item::TextEnd),
            Atom::Assert(_) => items.push(Item::Assert),
            Atom::Group { alt, .. } if piece.repeat == Repeat::ONCE && piece.prefers == Traits::NONE => {
                let inner = flatten(syntax, alt, items).filter(|inner| *inner != Traits::PREFERENCE)?;
                preferences = preferences.and(inner);
            }
            _ => return None,
        }
    }
    Some(preferences)
}

/// So many characters are looked at.
const MAX_POSITIONS: usize = 64;
const MAX_RANGES: usize = 20_000;

fn is_unambiguous(syntax: &Syntax) -> bool {
    let ranges: usize = syntax.classes.iter().map(|class| class.ranges().len()).sum();
    if ranges > MAX_RANGES {
        return false;
    }
    let mut positions = Positions { syntax, classes: Vec::new(), follow: Vec::new() };
    let Some(whole) = positions.alt(syntax.root) else { return false };
    let is_apart = |set: &[usize]| positions.is_apart(set);
    is_apart(&whole.first) && positions.follow.iter().all(|set| is_apart(set))
}

/// The characters of an expression by place, and which may follow which.
struct Positions<'s> {
    syntax: &'s Syntax,
    classes: Vec<ClassId>,
    follow: Vec<Vec<usize>>,
}

struct Part {
    is_nullable: bool,
    captures: bool,
    first: Vec<usize>,
    last: Vec<usize>,
}

impl Positions<'_> {
    fn alt(&mut self, alt: AltId) -> Option<Part> {
        let alt = self.syntax.alts.get(alt)?;
        let mut all: Option<Part> = None;
        for pieces in &alt.branches {
            let part = self.branch(pieces)?;
            let Some(all) = &mut all else {
                all = Some(part);
                continue;
            };
            all.is_nullable |= part.is_nullable;
            all.captures |= part.captures;
            all.first.extend(part.first);
            all.last.extend(part.last);
        }
        // An empty branch would be taken before a longer one that follows it.
        all.filter(|part| alt.branches.len() == 1 || !part.is_nullable)
    }

    fn branch(&mut self, pieces: &[Piece]) -> Option<Part> {
        let mut all = Part { is_nullable: true, captures: false, first: Vec::new(), last: Vec::new() };
        for piece in pieces {
            let part = self.piece(piece)?;
            self.link(&all.last, &part.first);
            if all.is_nullable {
                all.first.extend_from_slice(&part.first);
            }
            if !part.is_nullable {
                all.last.clear();
            }
            all.last.extend(part.last);
            all.is_nullable &= part.is_nullable;
            all.captures |= part.captures;
        }
        Some(all)
    }

    fn piece(&mut self, piece: &Piece) -> Option<Part> {
        if piece.prefers.has(Traits::SHORTER) {
            return None;
        }
        let is_capture = matches!(piece.atom, Atom::Group { capture: Some(_), .. });
        let mut part = match piece.atom {
            Atom::Class(class) => self.position(class)?,
            Atom::Group { alt, .. } => self.alt(alt)?,
            Atom::Assert(_) => Part { is_nullable: true, captures: false, first: Vec::new(), last: Vec::new() },
            Atom::Backref(_) => return None,
        };
        if piece.repeat != Repeat::ONCE {
            let is_loop = piece.repeat.max != Some(1);
            // An engine keeps what groups matched in earlier rounds; an empty round sets groups.
            if part.is_nullable || (part.captures && is_loop) {
                return None;
            }
            if is_loop {
                let (first, last) = (part.first.clone(), part.last.clone());
                self.link(&last, &first);
            }
            part.is_nullable = piece.repeat.min == 0;
        }
        part.captures |= is_capture;
        Some(part)
    }

    fn position(&mut self, class: ClassId) -> Option<Part> {
        let position = self.classes.len();
        if position >= MAX_POSITIONS {
            return None;
        }
        self.classes.push(class);
        self.follow.push(Vec::new());
        Some(Part { is_nullable: false, captures: false, first: vec![position], last: vec![position] })
    }

    fn link(&mut self, last: &[usize], first: &[usize]) {
        for position in last {
            for next in first {
                // Twice, if it follows in two ways: then it isn't apart from itself.
                if let Some(follow) = self.follow.get_mut(*position) {
                    follow.push(*next);
                }
            }
        }
    }

    /// Whether no character is in two of the classes.
    fn is_apart(&self, positions: &[usize]) -> bool {
        positions.iter().enumerate().all(|(place, one)| {
            let others = positions.get(place + 1..).unwrap_or(&[]);
            others.iter().all(|other| match (self.class(*one), self.class(*other)) {
                (Some(one), Some(other)) => are_apart(one, other),
                _ => true,
            })
        })
    }

    fn class(&self, position: usize) -> Option<&ClassUnicode> {
        self.syntax.classes.get(*self.classes.get(position)? as usize)
    }
}

fn are_apart(one: &ClassUnicode, other: &ClassUnicode) -> bool {
    let (mut ones, mut others) = (one.ranges().iter().peekable(), other.ranges().iter().peekable());
    while let (Some(a), Some(b)) = (ones.peek(), others.peek()) {
        if a.end() < b.start() {
            ones.next();
        } else if b.end() < a.start() {
            others.next();
        } else {
            return false;
        }
    }
    true
}
