//! What changes for whom between two policy sets, in plain words: who gains or loses which tables, columns and rows.
//!
//! Everyone is compared: each user, each role alone, and two roles together where one of them denies or spares. What a role
//! and its members have in common is said once, of the role. Wherever it can't be told from the rules that a change takes
//! something away, it counts as a possible gain.

mod compare;
mod fields;
mod people;
mod stricter;
mod tables;

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use crate::inventory::Inventory;
use crate::set::PolicySet;

use compare::Phrase;

/// Whether a change lets somebody see more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChangeKind {
    Gain,
    /// It can't be told from the rules alone: other rows, or another mask.
    PossibleGain,
    Loss,
}

/// One change as a sentence, for one user or role and those who have that role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub kind: ChangeKind,
    /// Such as `role analyst (ana, bob) gains lake.orders.total`.
    pub sentence: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            ChangeKind::Gain => "gain ",
            ChangeKind::PossibleGain => "gain?",
            ChangeKind::Loss => "loss ",
        };
        write!(f, "{kind}  {}", self.sentence)
    }
}

/// All changes from one set to another, gains first.
pub(crate) fn changes(old: &PolicySet, new: &PolicySet, inventory: &Inventory) -> Vec<Change> {
    let tables = tables::all(&[old, new], inventory);
    let groups = people::changes(old, new, &tables);
    let mut found: BTreeMap<&Phrase, Vec<usize>> = BTreeMap::new();
    for (number, group) in groups.iter().enumerate() {
        for phrase in &group.phrases {
            found.entry(phrase).or_default().push(number);
        }
    }
    let roles = people::roles(groups.iter().flat_map(|group| &group.members), [old, new]);
    // Much is said of the same people; how to name them is found once.
    let mut names: HashMap<Vec<usize>, Vec<String>> = HashMap::new();
    let mut lines: BTreeMap<(Phrase, String), Vec<String>> = BTreeMap::new();
    for (phrase, numbers) in found {
        let whoever = names.entry(numbers).or_insert_with_key(|numbers| {
            let everyone = numbers.iter().flat_map(|number| groups[*number].members.iter().cloned()).collect();
            people::folded(&everyone, &roles)
        });
        for who in whoever {
            lines.entry((phrase.of_anything(), who.clone())).or_default().push(phrase.object.clone());
        }
    }
    let sentence = |((phrase, who), objects): ((Phrase, String), Vec<String>)| {
        let sentence = format!("{who} {} {}{}", phrase.verb, objects.join(", "), phrase.rest);
        // Names come from files and sources; none of them may steer a terminal.
        Change { kind: phrase.kind, sentence: sentence.replace(char::is_control, "\u{fffd}") }
    };
    let mut changes: Vec<Change> = lines.into_iter().map(sentence).collect();
    changes.sort_by(|a, b| (a.kind, &a.sentence).cmp(&(b.kind, &b.sentence)));
    changes
}
