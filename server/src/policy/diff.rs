//! `weir policy diff`: who gains or loses what between two states of the policy files.

use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::json;
use weir_policies::{Change, ChangeKind, Inventory, PolicyError, PolicySet};

use crate::config::Config;
use crate::engine::{self, EngineError, PolicySource};
use crate::git::{GitError, revision};

/// Why two states can't be compared.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("{state} is no folder, and no git revision either: {error}")]
    Revision { state: String, error: GitError },
    #[error("the policies of {state} are refused:{}", list(.problems))]
    Refused { state: String, problems: Vec<PolicyError> },
    #[error("the reading of the policies was interrupted")]
    Interrupted,
}

/// What differs between two states.
pub struct Differences {
    old: String,
    new: String,
    changes: Vec<Change>,
    /// Schemas whose source can't be reached.
    unreachable: Vec<String>,
}

/// Compares the states over all tables of the config's sources. Without a second state that is the policy folder.
pub async fn run(config: Config, old: &str, new: Option<&str>) -> Result<Differences, DiffError> {
    let source = config.policies.source.clone();
    let old = state(old, &source).await?;
    let new = match new {
        Some(new) => state(new, &source).await?,
        None => source.load().await?.set,
    };
    let inventory = engine::inventory_of(config).await?;
    Ok(Differences::between(&old, &new, &inventory))
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
        }
    }

    /// Whether somebody sees more, or may.
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
        json!({"old": self.old, "new": self.new, "unreachable": self.unreachable, "changes": changes}).to_string()
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
        write!(f, "gains: {gains}, possible gains: {possible}, losses: {}", count(ChangeKind::Loss))
    }
}

fn list(problems: &[PolicyError]) -> String {
    problems.iter().map(|problem| format!("\n  {problem}")).collect()
}
