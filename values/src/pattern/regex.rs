//! PostgreSQL's regular expressions: compiled once, then matched with many texts.

mod class;
mod dissect;
mod exact;
mod fast;
mod fault;
mod functions;
mod lex;
mod options;
mod parse;
mod program;
mod search;
mod syntax;
#[cfg(test)]
mod tests;

pub use functions::Wanted;
pub use options::Flags;

use self::dissect::Captures;
use self::fast::Fast;
use self::fault::Fault;
use self::program::{Node, Program};
use self::search::Search;
use self::syntax::Traits;
use crate::Result;

/// A compiled regular expression.
#[derive(Debug)]
pub struct Regex {
    program: Program,
    root: Node,
    fast: Option<Fast>,
    is_global: bool,
}

impl Regex {
    /// With the flags of `regexp_matches`.
    pub fn compile(pattern: &str, flags: &str) -> Result<Self> {
        Self::new(pattern, Flags::parse(flags)?)
    }

    pub fn new(pattern: &str, flags: Flags) -> Result<Self> {
        let syntax = parse::parse(pattern, flags.options)?;
        let program = program::build(&syntax)?;
        let root = program.nodes.get(program.root).copied().ok_or(Fault::TooComplex)?;
        let fast = Fast::build(&syntax);
        Ok(Self { program, root, fast, is_global: flags.is_global })
    }

    /// How many groups capture.
    pub fn groups(&self) -> usize {
        self.program.slots - 1
    }

    /// `text ~ pattern`
    pub fn is_match(&self, text: &str) -> Result<bool> {
        match self.fast_for(text) {
            Some(fast) => Ok(fast.is_match(text)),
            None => Ok(Matches::new(self, text, Want::Ends).next_from(0)?.is_some()),
        }
    }

    fn fast_for(&self, text: &str) -> Option<&Fast> {
        self.fast.as_ref().filter(|fast| !fast.only_ascii || text.is_ascii())
    }
}

/// What is asked of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Want {
    Ends,
    Captures,
}

/// The matches with a text.
struct Matches<'r, 't> {
    regex: &'r Regex,
    text: &'t str,
    want: Want,
    fast: Option<&'r Fast>,
    engine_captures: Option<regex_automata::util::captures::Captures>,
    /// Made when the engine doesn't do.
    search: Option<Search<'r, 't>>,
    /// For each place whether a match may start there, if the engine doesn't tell.
    starts: Option<Vec<bool>>,
    /// What the groups of the last match have matched; the first is the whole.
    captures: Captures,
}

impl<'r, 't> Matches<'r, 't> {
    fn new(regex: &'r Regex, text: &'t str, want: Want) -> Self {
        Self {
            regex,
            text,
            want: if regex.groups() == 0 { Want::Ends } else { want },
            fast: regex.fast_for(text),
            engine_captures: None,
            search: None,
            starts: None,
            captures: Captures::new(),
        }
    }

    /// The first match that starts at a place or after it.
    fn next_from(&mut self, from: usize) -> Result<Option<(usize, usize)>> {
        if from > self.text.len() {
            return Ok(None);
        }
        let Some(fast) = self.fast else { return self.search_from(from) };
        if !fast.is_exact {
            let Some((start, _)) = fast.find(self.text, from) else { return Ok(None) };
            return self.search_at(start);
        }
        if self.want == Want::Ends {
            let found = fast.find(self.text, from);
            self.captures.clear();
            self.captures.push(found);
            return Ok(found);
        }
        let captures = self.engine_captures.get_or_insert_with(|| fast.captures());
        fast.find_captures(self.text, from, captures);
        let Some(found) = captures.get_match() else { return Ok(None) };
        self.captures.clear();
        let groups = (0..self.regex.program.slots).map(|group| captures.get_group(group));
        self.captures.extend(groups.map(|span| span.map(|span| (span.start, span.end))));
        Ok(Some((found.start(), found.end())))
    }

    fn search(&mut self) -> Result<&mut Search<'r, 't>> {
        if self.search.is_none() {
            self.search = Some(Search::new(&self.regex.program, self.text)?);
        }
        // It was put there a line ago.
        self.search.as_mut().ok_or_else(fault::too_many_steps)
    }

    fn search_from(&mut self, from: usize) -> Result<Option<(usize, usize)>> {
        let states = (self.regex.root.start, self.regex.root.end);
        let starts = match self.starts.take() {
            Some(starts) => starts,
            None => self.search()?.all_starts(states)?,
        };
        let mut found = None;
        for (start, _) in starts.iter().enumerate().skip(from).filter(|(_, may_start)| **may_start) {
            found = self.search_at(start)?;
            if found.is_some() {
                break;
            }
        }
        self.starts = Some(starts);
        Ok(found)
    }

    /// The match that starts at a place.
    fn search_at(&mut self, start: usize) -> Result<Option<(usize, usize)>> {
        let (root, id, slots) = (self.regex.root, self.regex.program.root, self.regex.program.slots);
        let (want, length) = (self.want, self.text.len());
        let prefers_short = root.traits.has(Traits::SHORTER);
        let has_backrefs = root.traits.has(Traits::BACKREF);
        let mut captures = std::mem::take(&mut self.captures);
        let search = self.search()?;
        let mut ends = Vec::new();
        search.ends((root.start, root.end), start, length, |end| {
            if !has_backrefs && !prefers_short {
                ends.clear();
            }
            ends.push(end);
            has_backrefs || !prefers_short
        })?;
        // The best is last.
        if prefers_short {
            ends.reverse();
        }
        let mut found = None;
        while let Some(end) = ends.pop() {
            captures.clear();
            captures.resize(slots, None);
            let is_match = match want == Want::Captures || has_backrefs {
                true => search.dissect(id, start, end, &mut captures)?,
                false => true,
            };
            if is_match {
                found = Some((start, end));
                if let Some(whole) = captures.first_mut() {
                    *whole = found;
                }
                break;
            }
        }
        self.captures = captures;
        Ok(found)
    }
}
