//! Where the policies come from: a folder, or a branch of a repository that is followed.

use std::path::PathBuf;

use weir_policies::PolicySet;

use super::EngineError;
use crate::git::follow::Followed;
use crate::git::revision::Revision;
use crate::git::{self, GitError};

/// The place of the policy files.
#[derive(Debug, Clone)]
pub enum PolicySource {
    Folder(PathBuf),
    Repository(Followed),
}

/// A policy set with the commit that it was read from.
pub struct Loaded {
    pub set: PolicySet,
    commit: Option<String>,
}

impl PolicySource {
    /// The policies as they are now.
    pub async fn load(&self) -> Result<Loaded, EngineError> {
        match self {
            Self::Folder(folder) => of_folder(folder.clone()).await,
            Self::Repository(repository) => of_revision(repository.newest().await?).await,
        }
    }

    /// The version as it is now, where it can be told without reading the rules.
    pub async fn version(&self) -> Option<String> {
        let Self::Folder(folder) = self else { return None };
        let (folder, commit) = (folder.clone(), git::head(folder).await);
        let read = tokio::task::spawn_blocking(move || PolicySet::version_in(&folder, commit.as_deref())).await;
        read.ok().flatten()
    }

    /// The same at a start. While the repository can't be reached, the commit that took effect last does.
    pub async fn load_first(&self) -> Result<Loaded, EngineError> {
        let Self::Repository(repository) = self else { return self.load().await };
        match (repository.newest().await, repository.accepted().await) {
            (Err(error), Ok(Some(accepted))) if error.blames_way() => {
                tracing::warn!(%error, commit = accepted.commit, "policies can't be fetched, the last accepted take effect");
                of_revision(accepted).await
            }
            (newest, _) => of_revision(newest?).await,
        }
    }

    /// Whether it is the policies that are at fault where they can't be loaded, and not the way to them.
    pub async fn blames_policies(&self, error: &EngineError) -> bool {
        match (self, error) {
            // A folder that is gone or closed reads like one with a mistake.
            (Self::Folder(folder), EngineError::Policies(_)) => tokio::fs::read_dir(folder).await.is_ok(),
            (_, EngineError::Policies(_)) => true,
            (_, EngineError::Git(error)) => error.blames_commit(),
            _ => false,
        }
    }

    /// Keeps in mind that a set took effect.
    pub async fn accept(&self, loaded: &Loaded) -> Result<(), GitError> {
        match (self, &loaded.commit) {
            (Self::Repository(repository), Some(commit)) => repository.accept(commit).await,
            _ => Ok(()),
        }
    }
}

async fn of_folder(folder: PathBuf) -> Result<Loaded, EngineError> {
    let commit = git::head(&folder).await;
    let read = tokio::task::spawn_blocking(move || PolicySet::load(&folder)).await;
    let set = read.map_err(|_| EngineError::Interrupted)?.map_err(EngineError::Policies)?;
    Ok(Loaded::new(set, commit))
}

async fn of_revision(revision: Revision) -> Result<Loaded, EngineError> {
    let Revision { commit, files } = revision;
    let read = tokio::task::spawn_blocking(move || PolicySet::from_files(files)).await;
    let set = read.map_err(|_| EngineError::Interrupted)?.map_err(EngineError::Policies)?;
    Ok(Loaded::new(set, Some(commit)))
}

impl Loaded {
    fn new(set: PolicySet, commit: Option<String>) -> Self {
        let set = match &commit {
            Some(commit) => set.with_commit(commit),
            None => set,
        };
        Self { set, commit }
    }
}
