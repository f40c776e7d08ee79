//! `weir policy diff --replay`: which statements on record would fail, or may give other results, under the new state of the
//! policies. Each is planned under both states over the same tables, as its principal would have it planned in a new
//! session, and none is run.
//!
//! What a filter reads in its sub-selects it reads raw, in both states: only its text counts.

mod asker;
mod blame;
mod condition;
mod delta;
mod side;
mod told;

use std::cmp::Reverse;
use std::path::PathBuf;

use weir_policies::PolicySet;

use crate::audit::recorded::Recorded;
use crate::engine::Rehearsal;
use crate::sqlstate::SqlError;
use asker::{Asker, Verdict};

/// What became of the statements of a log.
pub struct Replay {
    log: PathBuf,
    findings: Vec<Finding>,
    /// Statements that succeed under one of the states at least; one that several principals asked counts for each.
    replayed: usize,
    /// How often these are on record.
    records: u64,
    /// Statements that fail under both states.
    unreplayable: usize,
    /// Number of the log's last line, if it isn't whole.
    cut_off: Option<u64>,
}

/// A statement of which something is to be said.
struct Finding {
    effect: Effect,
    principal: String,
    /// How often it is on record.
    count: u64,
    statement: String,
    reasons: Vec<String>,
}

/// What becomes of a statement that doesn't stay the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// It would fail, so.
    Fails(SqlError),
    /// It may give other results.
    Other,
    /// It would no longer fail, as it does under the old state.
    Works(SqlError),
}

/// Replays what succeeded. Views are made once for each principal and state, and let go before the next principal's.
pub fn run(rehearsal: &Rehearsal, old: &PolicySet, new: &PolicySet, log: PathBuf, recorded: Recorded) -> Replay {
    let mut replay =
        Replay { log, findings: Vec::new(), replayed: 0, records: 0, unreplayable: 0, cut_off: recorded.cut_off };
    for (principal, statements) in recorded.statements {
        let mut asker = Asker::new(rehearsal, old, new, &principal);
        for (statement, count) in statements {
            match asker.replay(&statement) {
                Verdict::OfSession => continue,
                Verdict::Unreplayable => {
                    replay.unreplayable += 1;
                    continue;
                }
                Verdict::Same => {}
                Verdict::Differs(effect, reasons) => {
                    let principal = principal.clone();
                    replay.findings.push(Finding { effect, principal, count, statement, reasons });
                }
            }
            replay.replayed += 1;
            replay.records += count;
        }
    }
    replay.findings.sort_by(|one, other| one.order().cmp(&other.order()));
    replay
}

impl Finding {
    /// What fails comes first, and what is asked most often.
    fn order(&self) -> (u8, Reverse<u64>, &str, &str) {
        let rank = match self.effect {
            Effect::Fails(_) => 0,
            Effect::Other => 1,
            Effect::Works(_) => 2,
        };
        (rank, Reverse(self.count), &self.principal, &self.statement)
    }
}
