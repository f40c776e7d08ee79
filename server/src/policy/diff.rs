//! `weir policy diff`: who gains or loses what between two states of the policy files.

use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::json;
use weir_policies::{Change, ChangeKind, Inventory, PolicyError, PolicySet};

use super::replay::{self, Replay};
use crate::audit::recorded::{self, LogError, Recorded};
use crate::config::Config;
use crate::engine::{EngineError, PolicySource, Rehearsal};
use crate::git::{GitError, revision};

/// What a state is called for which no name was given: the policies as they are now.
const NOW: &str = "the new state";

/// Why two states can't be compared.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("{state} is no folder, and no git revision either: {error}")]
    Revision { state: String, error: GitError },
    #[error("the policies of {state} are refused:{}", list(.problems))]
    Refused { state: String, problems: Vec<PolicyError> },
    #[error(transparent)]
    Log(#[from] LogError),
    #[error("the comparison was interrupted")]
    Interrupted,
}

/// What differs between two states.
pub struct Differences {
    old: String,
    new: String,
    changes: Vec<Change>,
    /// Schemas whose source can't be reached.
    unreachable: Vec<String>,
    /// What becomes of statements on record, if that was asked.
    replay: Option<Replay>,
}

/// Compares the states over all tables of the config's sources. Without a second state that is the policy folder. With an
/// audit log, what is on record there is planned under both.
pub async fn run(config: Config, old: &str, new: Option<&str>, log: Option<PathBuf>) -> Result<Differences, DiffError> {
    // What is wrong with the log is told before anything else is asked.
    let recorded = match log {
        Some(log) => Some(read(log).await?),
        None => None,
    };
    let source = config.policies.source.clone();
    let old = State { name: old.to_owned(), set: state(old, &source).await? };
    let new = match new {
        Some(new) => State { name: new.to_owned(), set: state(new, &source).await? },
        None => State { name: NOW.to_owned(), set: source.load().await?.set },
    };
    let rehearsal = Rehearsal::over(config).await?;
    let mut differences = Differences::between(&old.set, &new.set, &rehearsal.inventory());
    if let Some((log, recorded)) = recorded {
        // On a thread with the stack that long statements need.
        let replay = tokio::task::spawn_blocking(move || replayed(&rehearsal, &old, &new, log, recorded)).await;
        differences.replay = Some(replay.map_err(|_| DiffError::Interrupted)??);
    }
    Ok(differences)
}

/// A state as the command's user calls it.
struct State {
    name: String,
    set: PolicySet,
}

async fn read(log: PathBuf) -> Result<(PathBuf, Recorded), DiffError> {
    let read = tokio::task::spawn_blocking(move || recorded::read(&log).map(|recorded| (log, recorded))).await;
    Ok(read.map_err(|_| DiffError::Interrupted)??)
}

/// Statements are planned under such policies alone as a server would take: one rule that doesn't hold refuses them all.
fn replayed(
    rehearsal: &Rehearsal,
    old: &State,
    new: &State,
    log: PathBuf,
    recorded: Recorded,
) -> Result<Replay, DiffError> {
    for State { name, set } in [old, new] {
        let checked = rehearsal.check(set);
        checked.map_err(|problems| DiffError::Refused { state: name.clone(), problems })?;
    }
    Ok(replay::run(rehearsal, &old.set, &new.set, log, recorded))
}

/// The policies of a folder, if there is one of this name, else of a git revision.
async fn state(name: &str, source: &PolicySource) -> Result<PolicySet, DiffError> {
    if Path::new(name).is_dir() {
        return of_folder(name, name.into()).await;
    }
    let read = match source {
        PolicySource::Folder(folder) => revision::read(folder, name, Path::new("")).await,
        PolicySource::Repository(repository) => revision::read(&repository.clone, name, &repository.folder).await,
    };
    let revision = read.map_err(|error| DiffError::Revision { state: name.to_owned(), error })?;
    let set = PolicySet::from_files(revision.files);
    let set = set.map_err(|problems| DiffError::Refused { state: name.to_owned(), problems })?;
    Ok(set.with_commit(&revision.commit))
}

async fn of_folder(name: &str, folder: PathBuf) -> Result<PolicySet, DiffError> {
    let loaded = tokio::task::spawn_blocking(move || PolicySet::load(&folder)).await;
    let loaded = loaded.map_err(|_| DiffError::Interrupted)?;
    loaded.map_err(|problems| DiffError::Refused { state: name.to_owned(), problems })
}

impl Differences {
    fn between(old: &PolicySet, new: &PolicySet, inventory: &Inventory) -> Self {
        Self {
            old: old.version().to_owned(),
            new: new.version().to_owned(),
            changes: old.changes(new, inventory),
            unreachable: inventory.unreachable.iter().cloned().collect(),
            replay: None,
        }
    }

    /// Whether somebody sees more, or may. What becomes of statements makes no difference: they can't show more than that.
    pub fn gains(&self) -> bool {
        self.changes.iter().any(|change| change.kind != ChangeKind::Loss)
    }

    pub fn json(&self) -> String {
        let kind = |kind| match kind {
            ChangeKind::Gain => "gain",
            ChangeKind::PossibleGain => "possible gain",
            ChangeKind::Loss => "loss",
        };
        let changes: Vec<_> =
            self.changes.iter().map(|change| json!({"kind": kind(change.kind), "change": change.sentence})).collect();
        let mut all = json!({"old": self.old, "new": self.new, "unreachable": self.unreachable, "changes": changes});
        if let Some(replay) = &self.replay {
            all["replay"] = replay.json();
        }
        all.to_string()
    }
}

impl fmt::Display for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "from {} to {}", self.old, self.new)?;
        self.changes.iter().try_for_each(|change| writeln!(f, "{change}"))?;
        for schema in &self.unreachable {
            writeln!(
                f,
                "schema {schema}: its source can't be reached; compared is what the rules name, `*` is all else"
            )?;
        }
        let count = |kind| self.changes.iter().filter(|change| change.kind == kind).count();
        let (gains, possible) = (count(ChangeKind::Gain), count(ChangeKind::PossibleGain));
        write!(f, "gains: {gains}, possible gains: {possible}, losses: {}", count(ChangeKind::Loss))?;
        self.replay.iter().try_for_each(|replay| write!(f, "\n{replay}"))
    }
}

fn list(problems: &[PolicyError]) -> String {
    problems.iter().map(|problem| format!("\n  {problem}")).collect()
}
