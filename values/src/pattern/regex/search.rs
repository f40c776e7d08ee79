//! The automaton run over a text: where matches start and end.
//!
//! All states are followed at once, so that a run takes time in proportion to the text. Only the order in which
//! starts and ends are tried is left to the caller.

use super::fault::too_many_steps;
use super::program::{Edges, Label, Program, State};
use super::syntax::Assert;
use crate::Result;
use crate::text::is_alnum;

/// Steps that a search may take, besides some for each byte of the text.
const STEPS: u64 = 1 << 27;
const STEPS_PER_BYTE: u64 = 100;

/// A run's view of one text.
pub(super) struct Search<'p, 't> {
    pub program: &'p Program,
    pub text: &'t str,
    /// For each lookaround constraint, where it is met.
    looks: Vec<Vec<bool>>,
    current: States,
    next: States,
    stack: Vec<State>,
    steps: u64,
}

/// A set of states that remembers the order they came in.
struct States {
    dense: Vec<State>,
    sparse: Vec<State>,
}

impl States {
    fn new(count: usize) -> Self {
        Self { dense: Vec::with_capacity(count.min(64)), sparse: vec![0; count] }
    }

    fn has(&self, state: State) -> bool {
        self.dense.get(self.sparse[state as usize] as usize) == Some(&state)
    }

    fn insert(&mut self, state: State) -> bool {
        if self.has(state) {
            return false;
        }
        self.sparse[state as usize] = self.dense.len() as State;
        self.dense.push(state);
        true
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Forward,
    Backward,
}

/// What a run follows: from a state to a state, which isn't left.
#[derive(Clone, Copy)]
struct Route<'p> {
    edges: &'p Edges,
    from: State,
    to: State,
}

impl<'p, 't> Search<'p, 't> {
    pub(super) fn new(program: &'p Program, text: &'t str) -> Result<Self> {
        let count = program.forward.count();
        let steps = STEPS.saturating_add(STEPS_PER_BYTE.saturating_mul(text.len() as u64));
        let mut search = Self {
            program,
            text,
            looks: Vec::new(),
            current: States::new(count),
            next: States::new(count),
            stack: Vec::new(),
            steps,
        };
        // Those within others come first.
        for look in &program.looks {
            let mut met = vec![false; text.len() + 1];
            match look.is_ahead {
                true => {
                    let route = Route { edges: &program.backward, from: look.end, to: look.start };
                    search.run(route, Direction::Backward, text.len(), 0, true, |at| {
                        met[at] = true;
                        true
                    })?;
                }
                false => {
                    let route = Route { edges: &program.forward, from: look.start, to: look.end };
                    search.run(route, Direction::Forward, 0, text.len(), true, |at| {
                        met[at] = true;
                        true
                    })?;
                }
            }
            search.looks.push(met);
        }
        Ok(search)
    }

    /// Hands over the places where a match from `start` to `end` that begins at a place may end, the nearest first,
    /// for as long as it is answered with true.
    pub(super) fn ends(
        &mut self,
        (start, end): (State, State),
        from: usize,
        limit: usize,
        found: impl FnMut(usize) -> bool,
    ) -> Result<()> {
        let route = Route { edges: &self.program.forward, from: start, to: end };
        self.run(route, Direction::Forward, from, limit, false, found)
    }

    /// The places where a match that ends at a place may begin, the nearest first.
    pub(super) fn starts(
        &mut self,
        (start, end): (State, State),
        from: usize,
        limit: usize,
        found: impl FnMut(usize) -> bool,
    ) -> Result<()> {
        let route = Route { edges: &self.program.backward, from: end, to: start };
        self.run(route, Direction::Backward, from, limit, false, found)
    }

    /// For each place whether a match may begin there.
    pub(super) fn all_starts(&mut self, (start, end): (State, State)) -> Result<Vec<bool>> {
        let length = self.text.len();
        let mut starts = vec![false; length + 1];
        let route = Route { edges: &self.program.backward, from: end, to: start };
        self.run(route, Direction::Backward, length, 0, true, |at| {
            starts[at] = true;
            true
        })?;
        Ok(starts)
    }

    /// Whether a part of the text is a match.
    pub(super) fn is_exact(&mut self, states: (State, State), from: usize, to: usize) -> Result<bool> {
        let mut last = None;
        self.ends(states, from, to, |at| {
            last = Some(at);
            true
        })?;
        Ok(last == Some(to))
    }

    /// `everywhere` is for a match to begin at any place that is passed.
    fn run(
        &mut self,
        route: Route<'p>,
        direction: Direction,
        from: usize,
        limit: usize,
        everywhere: bool,
        mut found: impl FnMut(usize) -> bool,
    ) -> Result<()> {
        let mut at = from;
        self.charge(1)?;
        self.current.dense.clear();
        self.enter_current(route, at);
        loop {
            if self.current.has(route.to) && !found(at) {
                return Ok(());
            }
            if at == limit || (self.current.dense.is_empty() && !everywhere) {
                return Ok(());
            }
            let Some(c) = self.char_at(at, direction) else { return Ok(()) };
            at = match direction {
                Direction::Forward => at + c.len_utf8(),
                Direction::Backward => at - c.len_utf8(),
            };
            self.advance(route, c, at)?;
            std::mem::swap(&mut self.current, &mut self.next);
            if everywhere {
                self.enter_current(route, at);
            }
        }
    }

    fn char_at(&self, at: usize, direction: Direction) -> Option<char> {
        match direction {
            Direction::Forward => match self.text.as_bytes().get(at) {
                Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
                _ => self.text.get(at..)?.chars().next(),
            },
            Direction::Backward => match self.text.as_bytes().get(at.checked_sub(1)?) {
                Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
                _ => self.text.get(..at)?.chars().next_back(),
            },
        }
    }

    fn enter_current(&mut self, route: Route<'p>, at: usize) {
        std::mem::swap(&mut self.current, &mut self.next);
        self.enter(route, route.from, at);
        std::mem::swap(&mut self.current, &mut self.next);
    }

    fn advance(&mut self, route: Route<'p>, c: char, at: usize) -> Result<()> {
        self.next.dense.clear();
        let program = self.program;
        let mut steps = self.current.dense.len() as u64 + 1;
        for place in 0..self.current.dense.len() {
            let state = self.current.dense[place];
            if state == route.to {
                continue;
            }
            for (class, to) in route.edges.steps(state) {
                steps += 1;
                if program.classes[*class as usize].has(c) {
                    self.enter(route, *to, at);
                }
            }
        }
        self.charge(steps)
    }

    /// Takes from the steps that are left.
    pub(super) fn charge(&mut self, steps: u64) -> Result<()> {
        self.steps = self.steps.checked_sub(steps).ok_or_else(too_many_steps)?;
        Ok(())
    }

    /// Adds a state to the next ones, and all that are reached from it without a character.
    fn enter(&mut self, route: Route<'p>, state: State, at: usize) {
        if !self.next.insert(state) || state == route.to {
            return;
        }
        let mut state = state;
        loop {
            for (label, to) in route.edges.jumps(state) {
                let holds = match label {
                    Label::Assert(assert) => self.holds(*assert, at),
                    _ => true,
                };
                if holds && self.next.insert(*to) && *to != route.to {
                    self.stack.push(*to);
                }
            }
            match self.stack.pop() {
                Some(next) => state = next,
                None => return,
            }
        }
    }

    fn holds(&self, assert: Assert, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        let before = || at.checked_sub(1).and_then(|at| bytes.get(at)).copied();
        let word_before = || self.char_at(at, Direction::Backward).is_some_and(is_word);
        let word_after = || self.char_at(at, Direction::Forward).is_some_and(is_word);
        match assert {
            Assert::TextStart => at == 0,
            Assert::TextEnd => at == bytes.len(),
            Assert::LineStart => before().is_none_or(|byte| byte == b'\n'),
            Assert::LineEnd => bytes.get(at).is_none_or(|byte| *byte == b'\n'),
            Assert::WordStart => !word_before() && word_after(),
            Assert::WordEnd => word_before() && !word_after(),
            Assert::Boundary => word_before() != word_after(),
            Assert::NotBoundary => word_before() == word_after(),
            Assert::Look { index, is_negated } => {
                let met = self.looks.get(index as usize).and_then(|met| met.get(at));
                met.copied().unwrap_or(false) != is_negated
            }
        }
    }
}

fn is_word(c: char) -> bool {
    c == '_' || is_alnum(c)
}
