//! A regular expression as an automaton, and the tree by which a match is taken apart.
//!
//! The tree has the shape that PostgreSQL's has, because the shape decides which of the possible submatches is
//! reported: what can be matched as one is one leaf; a quantified group that has to match at least once is a
//! repetition followed by the group. Each node is matched between two states of the automaton.

use super::fault::Fault;
use super::syntax::{AltId, Assert, Atom, ClassId, Piece, Repeat, Syntax, Traits, simple_start};

type Result<T> = std::result::Result<T, Fault>;

pub(super) type State = u32;
pub(super) type NodeId = usize;

/// An automaton that is larger is refused.
const MAX_STATES: u32 = 200_000;
const MAX_EDGES: usize = 600_000;

/// How deep the automaton's building may go: groups in each other, and groups that back references repeat.
const MAX_DEPTH: usize = 500;

#[derive(Debug)]
pub(super) struct Program {
    pub forward: Edges,
    pub backward: Edges,
    pub classes: Vec<Set>,
    pub nodes: Vec<Node>,
    pub root: NodeId,
    pub looks: Vec<Look>,
    /// The number of captures and the whole.
    pub slots: usize,
    pub is_insensitive: bool,
}

#[derive(Debug)]
pub(super) struct Look {
    pub start: State,
    pub end: State,
    pub is_ahead: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub kind: Kind,
    pub traits: Traits,
    /// The number of the group that it is.
    pub capture: Option<u32>,
    pub start: State,
    pub end: State,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Nothing in it matters.
    Leaf,
    Backref {
        group: u32,
        repeat: Repeat,
    },
    Concat(NodeId, NodeId),
    /// The first branch; each knows the next by the list.
    Alternate {
        first: NodeId,
        count: usize,
    },
    Iterate {
        child: NodeId,
        repeat: Repeat,
    },
    /// A group around a group.
    Capture(NodeId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Empty,
    Class(ClassId),
    Assert(Assert),
}

/// Edges by the state they leave: those that take a character, and those that don't.
#[derive(Debug)]
pub(super) struct Edges {
    starts: Vec<(u32, u32)>,
    steps: Vec<(ClassId, State)>,
    jumps: Vec<(Label, State)>,
}

impl Edges {
    fn new(
        states: u32,
        edges: &[(State, State, Label)],
        from: impl Fn(&(State, State, Label)) -> (State, State),
    ) -> Self {
        let count = states as usize;
        let mut starts = vec![(0_u32, 0_u32); count + 1];
        for edge in edges {
            let start = &mut starts[from(edge).0 as usize + 1];
            match edge.2 {
                Label::Class(_) => start.0 += 1,
                _ => start.1 += 1,
            }
        }
        for state in 0..count {
            let (steps, jumps) = starts[state];
            starts[state + 1].0 += steps;
            starts[state + 1].1 += jumps;
        }
        let (step_count, jump_count) = starts[count];
        let mut steps = vec![(0, 0); step_count as usize];
        let mut jumps = vec![(Label::Empty, 0); jump_count as usize];
        let mut next = starts.clone();
        for edge in edges {
            let (from, to) = from(edge);
            let next = &mut next[from as usize];
            match edge.2 {
                Label::Class(class) => {
                    steps[next.0 as usize] = (class, to);
                    next.0 += 1;
                }
                label => {
                    jumps[next.1 as usize] = (label, to);
                    next.1 += 1;
                }
            }
        }
        Self { starts, steps, jumps }
    }

    pub(super) fn count(&self) -> usize {
        self.starts.len() - 1
    }

    pub(super) fn steps(&self, state: State) -> &[(ClassId, State)] {
        let (start, end) = (self.starts[state as usize].0, self.starts[state as usize + 1].0);
        &self.steps[start as usize..end as usize]
    }

    pub(super) fn jumps(&self, state: State) -> &[(Label, State)] {
        let (start, end) = (self.starts[state as usize].1, self.starts[state as usize + 1].1);
        &self.jumps[start as usize..end as usize]
    }
}

/// A class that is quick to ask.
#[derive(Debug)]
pub(super) struct Set {
    ascii: u128,
    ranges: Vec<(char, char)>,
}

impl Set {
    fn of(class: &regex_syntax::hir::ClassUnicode) -> Self {
        let ranges: Vec<(char, char)> = class.ranges().iter().map(|range| (range.start(), range.end())).collect();
        let mut ascii = 0_u128;
        for point in 0..128_u8 {
            let c = char::from(point);
            if ranges.iter().any(|(first, last)| *first <= c && c <= *last) {
                ascii |= 1 << point;
            }
            if ranges.first().is_none_or(|(first, _)| *first > '\x7f') {
                break;
            }
        }
        Self { ascii, ranges }
    }

    pub(super) fn has(&self, c: char) -> bool {
        if c.is_ascii() {
            return self.ascii >> (c as u32) & 1 == 1;
        }
        let after = self.ranges.partition_point(|(first, _)| *first <= c);
        after.checked_sub(1).and_then(|at| self.ranges.get(at)).is_some_and(|(_, last)| c <= *last)
    }
}

pub(super) fn build(syntax: &Syntax) -> Result<Program> {
    let mut builder = Builder { syntax, states: 0, edges: Vec::new(), nodes: Vec::new(), depth: 0 };
    let (start, end) = (builder.state()?, builder.state()?);
    let root = builder.tree_alt(syntax.root, start, end)?;
    let mut looks = Vec::with_capacity(syntax.looks.len());
    for look in &syntax.looks {
        let (start, end) = (builder.state()?, builder.state()?);
        builder.emit_alt(look.alt, start, end, Constraints::Kept)?;
        looks.push(Look { start, end, is_ahead: look.is_ahead });
    }
    Ok(Program {
        forward: Edges::new(builder.states, &builder.edges, |(from, to, _)| (*from, *to)),
        backward: Edges::new(builder.states, &builder.edges, |(from, to, _)| (*to, *from)),
        classes: syntax.classes.iter().map(Set::of).collect(),
        nodes: builder.nodes,
        root,
        looks,
        slots: syntax.groups.len(),
        is_insensitive: syntax.is_insensitive,
    })
}

/// A back reference matches what its group matched, whatever surrounded that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Constraints {
    Kept,
    Dropped,
}

struct Builder<'s> {
    syntax: &'s Syntax,
    states: u32,
    edges: Vec<(State, State, Label)>,
    nodes: Vec<Node>,
    depth: usize,
}

impl<'s> Builder<'s> {
    fn state(&mut self) -> Result<State> {
        if self.states >= MAX_STATES {
            return Err(Fault::TooComplex);
        }
        self.states += 1;
        Ok(self.states - 1)
    }

    fn edge(&mut self, from: State, to: State, label: Label) -> Result<()> {
        if self.edges.len() >= MAX_EDGES {
            return Err(Fault::TooComplex);
        }
        self.edges.push((from, to, label));
        Ok(())
    }

    fn branches(&self, alt: AltId) -> &'s [Vec<Piece>] {
        self.syntax.alts.get(alt).map_or(&[], |alt| &alt.branches)
    }

    fn enter(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(Fault::TooComplex) } else { Ok(()) }
    }

    fn emit_alt(&mut self, alt: AltId, start: State, end: State, constraints: Constraints) -> Result<()> {
        self.enter()?;
        for pieces in self.branches(alt) {
            self.emit_pieces(pieces, start, end, constraints)?;
        }
        self.depth -= 1;
        Ok(())
    }

    /// Between states of their own, so that nothing that leads into the first or out of the last is theirs.
    fn emit_pieces(&mut self, pieces: &[Piece], start: State, end: State, constraints: Constraints) -> Result<()> {
        let Some((last, others)) = pieces.split_last() else { return self.edge(start, end, Label::Empty) };
        let mut from = start;
        for piece in others {
            let to = self.state()?;
            self.emit_repeated(piece, piece.repeat, from, to, constraints)?;
            from = to;
        }
        self.emit_repeated(last, last.repeat, from, end, constraints)
    }

    fn emit_repeated(
        &mut self,
        piece: &Piece,
        repeat: Repeat,
        start: State,
        end: State,
        constraints: Constraints,
    ) -> Result<()> {
        match (repeat.min, repeat.max) {
            (1, Some(1)) => return self.emit_atom(piece.atom, start, end, constraints),
            (0, Some(0)) => return self.edge(start, end, Label::Empty),
            _ => {}
        }
        let mut from = start;
        if repeat.min == 0 {
            self.edge(start, end, Label::Empty)?;
        }
        let copies = repeat.max.unwrap_or(repeat.min.max(1));
        for count in 1..=copies {
            let is_loop = repeat.max.is_none() && count == copies;
            let to = self.state()?;
            if let (true, Atom::Class(class)) = (is_loop, piece.atom) {
                let label = if repeat.min == 0 { Label::Empty } else { Label::Class(class) };
                self.edge(from, to, label)?;
                self.edge(to, to, Label::Class(class))?;
            } else if is_loop {
                let first = self.state()?;
                self.edge(from, first, Label::Empty)?;
                self.emit_atom(piece.atom, first, to, constraints)?;
                self.edge(to, first, Label::Empty)?;
            } else {
                self.emit_atom(piece.atom, from, to, constraints)?;
            }
            if count >= repeat.min {
                self.edge(to, end, Label::Empty)?;
            }
            from = to;
        }
        Ok(())
    }

    fn emit_atom(&mut self, atom: Atom, start: State, end: State, constraints: Constraints) -> Result<()> {
        match atom {
            Atom::Class(class) => self.edge(start, end, Label::Class(class)),
            Atom::Assert(_) if constraints == Constraints::Dropped => self.edge(start, end, Label::Empty),
            Atom::Assert(assert) => self.edge(start, end, Label::Assert(assert)),
            Atom::Group { alt, .. } => self.emit_alt(alt, start, end, constraints),
            Atom::Backref(group) => self.emit_alt(self.group(group)?, start, end, Constraints::Dropped),
        }
    }

    fn group(&self, number: u32) -> Result<AltId> {
        self.syntax.groups.get(number as usize).copied().flatten().ok_or(Fault::Backref)
    }

    fn node(&mut self, kind: Kind, traits: Traits, start: State, end: State) -> NodeId {
        self.nodes.push(Node { kind, traits, capture: None, start, end });
        self.nodes.len() - 1
    }

    fn traits(&self, node: NodeId) -> Traits {
        self.nodes.get(node).map_or(Traits::NONE, |node| node.traits)
    }

    fn is_leaf(&self, node: NodeId) -> bool {
        self.nodes.get(node).is_some_and(|node| matches!(node.kind, Kind::Leaf) && node.capture.is_none())
    }

    fn tree_alt(&mut self, alt: AltId, start: State, end: State) -> Result<NodeId> {
        self.enter()?;
        let traits = self.syntax.alts.get(alt).map_or(Traits::NONE, |alt| alt.traits);
        let branches = self.branches(alt);
        let node = if let [pieces] = branches {
            self.tree_branch(pieces, start, end)?
        } else if traits.is_messy() {
            let mut children = Vec::with_capacity(branches.len());
            for pieces in branches {
                let (from, to) = (self.state()?, self.state()?);
                self.edge(start, from, Label::Empty)?;
                self.edge(to, end, Label::Empty)?;
                let child = self.tree_branch(pieces, from, to)?;
                children.push(self.nodes.get(child).copied().ok_or(Fault::TooComplex)?);
            }
            // The branches stand next to each other; nothing refers to where they were made.
            let (first, count) = (self.nodes.len(), children.len());
            self.nodes.extend(children);
            self.node(Kind::Alternate { first, count }, traits, start, end)
        } else {
            self.emit_alt(alt, start, end, Constraints::Kept)?;
            self.node(Kind::Leaf, traits, start, end)
        };
        self.depth -= 1;
        Ok(node)
    }

    fn tree_branch(&mut self, pieces: &[Piece], start: State, end: State) -> Result<NodeId> {
        let alts = &self.syntax.alts;
        let (count, traits) = simple_start(pieces, alts);
        let (simple, others) = pieces.split_at_checked(count).unwrap_or((pieces, &[]));
        let Some((piece, rest)) = others.split_first() else {
            self.emit_pieces(simple, start, end, Constraints::Kept)?;
            return Ok(self.node(Kind::Leaf, traits, start, end));
        };
        self.enter()?;
        let prefix = match simple.is_empty() {
            true => None,
            false => {
                let middle = self.state()?;
                self.emit_pieces(simple, start, middle, Constraints::Kept)?;
                Some(self.node(Kind::Leaf, traits, start, middle))
            }
        };
        let from = prefix.and_then(|prefix| self.nodes.get(prefix)).map_or(start, |prefix| prefix.end);
        let node = if rest.is_empty() {
            let child = self.tree_piece(piece, from, end)?;
            match prefix {
                None => child,
                Some(prefix) => {
                    let traits = traits.and(traits.then(self.traits(child)));
                    self.node(Kind::Concat(prefix, child), traits, start, end)
                }
            }
        } else {
            let middle = self.state()?;
            let child = self.tree_piece(piece, from, middle)?;
            let tail = self.tree_branch(rest, middle, end)?;
            let own = piece.prefers.then(piece.atom_traits(alts));
            let tail_traits = own.and(own.then(self.traits(tail)));
            let all = traits.and(traits.then(tail_traits));
            let both = self.traits(child).and(self.traits(tail));
            match prefix {
                None => self.node(Kind::Concat(child, tail), all, start, end),
                Some(prefix) => {
                    let is_one = self.is_leaf(child) && self.is_leaf(tail) && !both.inherited().is_messy();
                    let second = match is_one {
                        true => {
                            let traits = self.traits(child).then(self.traits(tail));
                            self.node(Kind::Leaf, traits, from, end)
                        }
                        false => self.node(Kind::Concat(child, tail), tail_traits, from, end),
                    };
                    self.node(Kind::Concat(prefix, second), all, start, end)
                }
            }
        };
        self.depth -= 1;
        Ok(node)
    }

    /// A piece that isn't simple, with its quantifier.
    fn tree_piece(&mut self, piece: &Piece, start: State, end: State) -> Result<NodeId> {
        let alts = &self.syntax.alts;
        let (own, traits) = (piece.atom_traits(alts), piece.traits(alts));
        let Repeat { min, max } = piece.repeat;
        if let Atom::Backref(group) = piece.atom {
            self.emit_repeated(piece, piece.repeat, start, end, Constraints::Dropped)?;
            return Ok(self.node(Kind::Backref { group, repeat: piece.repeat }, traits, start, end));
        }
        if piece.is_plain_atom(alts) {
            return self.tree_atom(piece, start, end);
        }
        if !own.has(Traits::CAPTURES.and(Traits::BACKREF)) {
            self.emit_repeated(piece, piece.repeat, start, end, Constraints::Kept)?;
            return Ok(self.node(Kind::Leaf, traits, start, end));
        }
        if min > 0 && !own.has(Traits::BACKREF) {
            let middle = self.state()?;
            let fewer = Repeat { min: min - 1, max: max.map(|max| max.saturating_sub(1)) };
            self.emit_repeated(piece, fewer, start, middle, Constraints::Kept)?;
            let prefix = self.node(Kind::Leaf, traits.only(Traits::PREFERENCE), start, middle);
            let last = self.tree_atom(piece, middle, end)?;
            return Ok(self.node(Kind::Concat(prefix, last), traits, start, end));
        }
        self.emit_repeated(piece, piece.repeat, start, end, Constraints::Kept)?;
        let (from, to) = (self.state()?, self.state()?);
        let child = self.tree_atom(piece, from, to)?;
        Ok(self.node(Kind::Iterate { child, repeat: piece.repeat }, traits, start, end))
    }

    fn tree_atom(&mut self, piece: &Piece, start: State, end: State) -> Result<NodeId> {
        let Atom::Group { alt, capture } = piece.atom else {
            self.emit_atom(piece.atom, start, end, Constraints::Kept)?;
            return Ok(self.node(Kind::Leaf, Traits::NONE, start, end));
        };
        let node = self.tree_alt(alt, start, end)?;
        let Some(number) = capture else { return Ok(node) };
        let traits = self.traits(node).and(Traits::CAPTURES);
        let node = match self.nodes.get(node) {
            Some(inner) if inner.capture.is_some() => self.node(Kind::Capture(node), traits, start, end),
            _ => node,
        };
        if let Some(node) = self.nodes.get_mut(node) {
            (node.traits, node.capture) = (traits, Some(number));
        }
        Ok(node)
    }
}
