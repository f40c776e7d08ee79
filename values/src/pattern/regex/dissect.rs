//! A match taken apart: what each group has matched.

use std::collections::HashSet;

use super::program::{Kind, Node, NodeId, State};
use super::search::Search;
use super::syntax::{Repeat, Traits};
use crate::Result;
use crate::text::simple_lower;

pub(super) type Captures = Vec<Option<(usize, usize)>>;

impl Search<'_, '_> {
    /// Whether a part of the text, which the automaton accepts, is a match also of the back references in it; sets
    /// the captures. Without back references it always is.
    pub(super) fn dissect(&mut self, id: NodeId, from: usize, to: usize, captures: &mut Captures) -> Result<bool> {
        let Some(node) = self.node(id) else { return Ok(true) };
        let mut set = vec![node];
        let (mut node, mut from) = (node, from);
        // The last part of a concatenation is looked at in the loop, not by recursion.
        let outer = from;
        let mut starts = vec![outer];
        loop {
            let is_sure = !node.traits.has(Traits::BACKREF);
            if is_sure && !node.traits.has(Traits::CAPTURES) {
                break;
            }
            match node.kind {
                Kind::Concat(left, right) if is_sure => {
                    let (Some(first), Some(second)) = (self.node(left), self.node(right)) else { break };
                    let middle = self.middle(first, second, from, to)?;
                    if first.traits.has(Traits::CAPTURES) {
                        self.dissect(left, from, middle, captures)?;
                    }
                    (node, from) = (second, middle);
                    set.push(node);
                    starts.push(from);
                }
                _ => {
                    if !self.dissect_node(node, from, to, captures)? {
                        return Ok(false);
                    }
                    break;
                }
            }
        }
        for (node, start) in set.iter().zip(&starts) {
            if let Some(slot) = node.capture.and_then(|number| captures.get_mut(number as usize)) {
                *slot = Some((*start, to));
            }
        }
        Ok(true)
    }

    fn node(&self, id: NodeId) -> Option<Node> {
        self.program.nodes.get(id).copied()
    }

    fn dissect_node(&mut self, node: Node, from: usize, to: usize, captures: &mut Captures) -> Result<bool> {
        match node.kind {
            Kind::Leaf => Ok(true),
            Kind::Capture(child) => self.dissect(child, from, to, captures),
            Kind::Backref { group, repeat } => Ok(self.is_repeated(group, repeat, from, to, captures)),
            Kind::Concat(left, right) => self.dissect_concat(left, right, from, to, captures),
            Kind::Alternate { first, count } => {
                for child in first..first + count {
                    let Some(branch) = self.node(child) else { continue };
                    if self.is_exact(states(branch), from, to)? && self.dissect(child, from, to, captures)? {
                        return Ok(true);
                    }
                    self.forget(child, captures);
                }
                Ok(false)
            }
            Kind::Iterate { child, repeat } => self.dissect_iterate(child, repeat, from, to, captures),
        }
    }

    /// Where the first of two parts ends: as late as can be, or as early if it prefers so.
    fn middle(&mut self, first: Node, second: Node, from: usize, to: usize) -> Result<usize> {
        let mut ends = Vec::new();
        self.ends(states(first), from, to, |at| {
            ends.push(at);
            true
        })?;
        if let [only] = ends.as_slice() {
            return Ok(*only);
        }
        let prefers_short = first.traits.has(Traits::SHORTER);
        let mut best = None;
        let lowest = ends.first().copied().unwrap_or(from);
        self.starts(states(second), to, lowest, |at| {
            if ends.binary_search(&at).is_ok() {
                best = Some(at);
            }
            // The starts come from the last to the first.
            best.is_none() || prefers_short
        })?;
        Ok(best.unwrap_or(from))
    }

    /// With back references: the places are tried one after the other.
    fn dissect_concat(
        &mut self,
        left: NodeId,
        right: NodeId,
        from: usize,
        to: usize,
        captures: &mut Captures,
    ) -> Result<bool> {
        let (Some(first), Some(second)) = (self.node(left), self.node(right)) else { return Ok(false) };
        let mut ends = Vec::new();
        self.ends(states(first), from, to, |at| {
            ends.push(at);
            true
        })?;
        let mut middles = Vec::new();
        let lowest = ends.first().copied().unwrap_or(from);
        self.starts(states(second), to, lowest, |at| {
            if ends.binary_search(&at).is_ok() {
                middles.push(at);
            }
            true
        })?;
        if first.traits.has(Traits::SHORTER) {
            middles.reverse();
        }
        for middle in middles {
            self.charge(1)?;
            self.forget(left, captures);
            self.forget(right, captures);
            if self.dissect(left, from, middle, captures)? && self.dissect(right, middle, to, captures)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn dissect_iterate(
        &mut self,
        child: NodeId,
        repeat: Repeat,
        from: usize,
        to: usize,
        captures: &mut Captures,
    ) -> Result<bool> {
        let Some(node) = self.node(child) else { return Ok(false) };
        if repeat.min == 0 && from == to {
            // A round that matches nothing is better than none, but not the shortest.
            let is_round = !node.traits.has(Traits::SHORTER)
                && self.is_exact(states(node), from, to)?
                && self.dissect(child, from, to, captures)?;
            if !is_round {
                self.forget(child, captures);
            }
            return Ok(true);
        }
        let is_sure = !node.traits.has(Traits::BACKREF);
        let least = repeat.min.max(1) as usize;
        // Places that were tried in vain, with the number of the round if rounds are limited.
        let mut failed = HashSet::new();
        let round = |count: usize| if repeat.max.is_some() || count < least { count } else { least };
        let mut rounds = vec![self.rounds(node, repeat, 1, from, to)?];
        loop {
            let count = rounds.len();
            let Some(current) = rounds.last_mut() else { return Ok(false) };
            let Some(end) = current.ends.pop() else {
                failed.insert((round(count), current.from));
                rounds.pop();
                continue;
            };
            let start = current.from;
            if failed.contains(&(round(count + 1), end)) || (end == to && count < least) {
                continue;
            }
            if !is_sure {
                self.forget(child, captures);
                if !self.dissect(child, start, end, captures)? {
                    continue;
                }
            }
            if end == to {
                // Only the last round's captures stay.
                if is_sure {
                    self.forget(child, captures);
                    self.dissect(child, start, end, captures)?;
                }
                return Ok(true);
            }
            if repeat.max.is_none_or(|max| count < max as usize) {
                let next = self.rounds(node, repeat, count + 1, end, to)?;
                rounds.push(next);
            }
        }
    }

    /// The places where a round may end, the best last. Without progress only if there have to be so many rounds.
    fn rounds(&mut self, child: Node, repeat: Repeat, count: usize, from: usize, to: usize) -> Result<Round> {
        let mut ends = Vec::new();
        self.ends(states(child), from, to, |at| {
            ends.push(at);
            true
        })?;
        let least = repeat.min.max(1) as usize;
        if from < to && ends.first() == Some(&from) {
            let left = self.text.get(from..to).map_or(0, |rest| rest.chars().count());
            if count >= least || least - count < left {
                ends.remove(0);
            }
        }
        if child.traits.has(Traits::SHORTER) {
            ends.reverse();
        }
        Ok(Round { from, ends })
    }

    fn is_repeated(&self, group: u32, repeat: Repeat, from: usize, to: usize, captures: &Captures) -> bool {
        let Some((start, end)) = captures.get(group as usize).copied().flatten() else { return false };
        let (Some(wanted), Some(text)) = (self.text.get(start..end), self.text.get(from..to)) else { return false };
        if wanted.is_empty() {
            return text.is_empty();
        }
        if text.is_empty() {
            return repeat.min == 0;
        }
        let (wanted_length, length) = (wanted.chars().count(), text.chars().count());
        let count = length / wanted_length;
        let is_enough = count >= repeat.min as usize && repeat.max.is_none_or(|max| count <= max as usize);
        if length % wanted_length != 0 || !is_enough {
            return false;
        }
        let equal =
            |(a, b): (char, char)| a == b || (self.program.is_insensitive && simple_lower(a) == simple_lower(b));
        text.chars().zip(wanted.chars().cycle()).all(equal)
    }

    /// Unsets the captures in a node.
    fn forget(&self, id: NodeId, captures: &mut Captures) {
        let mut rest = vec![id];
        while let Some(node) = rest.pop().and_then(|id| self.node(id)) {
            if let Some(slot) = node.capture.and_then(|number| captures.get_mut(number as usize)) {
                *slot = None;
            }
            match node.kind {
                Kind::Leaf | Kind::Backref { .. } => {}
                Kind::Capture(child) | Kind::Iterate { child, .. } => rest.push(child),
                Kind::Concat(left, right) => rest.extend([left, right]),
                Kind::Alternate { first, count } => rest.extend(first..first + count),
            }
        }
    }
}

/// A round of an iteration.
struct Round {
    from: usize,
    ends: Vec<usize>,
}

fn states(node: Node) -> (State, State) {
    (node.start, node.end)
}
