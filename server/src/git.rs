//! Git, by gitoxide: reads revisions without checking anything out, and follows a branch of a repository elsewhere.
//!
//! What a repository elsewhere asks for, it gets as from git itself: ssh is the `ssh` program with its keys and agents,
//! credentials for HTTP come from the URL or from the helpers that git is configured with, proxies and certificates from
//! the system. Nobody is asked for a password.

pub mod follow;
mod packs;
pub mod revision;
mod signature;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use gix::{Commit, Repository};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// Longest that one piece of work may take: a repository of policies is small.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why git didn't do it.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    #[error("git fetch from {url}, branch {branch}: {reason}")]
    Fetch { url: String, branch: String, reason: String },
    #[error("{folder} is in no git repository: {reason}")]
    NoRepository { folder: PathBuf, reason: String },
    #[error("{revision}: {reason}")]
    NoCommit { revision: String, reason: String },
    #[error("the git repository {folder}: {reason}")]
    Repository { folder: PathBuf, reason: String },
    #[error("git took longer than {} seconds", PATIENCE.as_secs())]
    TooLong,
    #[error("the work on a git repository was interrupted")]
    Interrupted,
    #[error("{folder} is no folder of commit {commit}")]
    NoFolder { folder: PathBuf, commit: String },
    #[error("{name}: expected a regular file, as nothing else is read from a revision")]
    NoFile { name: String },
    #[error("commit {commit} carries no signature by a key of {signers}: {reason}")]
    Unsigned { commit: String, signers: PathBuf, reason: String },
    #[error("commit {commit} doesn't descend from {accepted}, the last that was accepted")]
    Astray { commit: String, accepted: String },
}

impl GitError {
    /// Whether it is a commit that is at fault: it was read, and can't be taken as it is.
    pub fn blames_commit(&self) -> bool {
        match self {
            Self::NoFolder { .. } | Self::NoFile { .. } | Self::Unsigned { .. } | Self::Astray { .. } => true,
            Self::Fetch { .. }
            | Self::NoRepository { .. }
            | Self::NoCommit { .. }
            | Self::Repository { .. }
            | Self::TooLong
            | Self::Interrupted => false,
        }
    }

    /// Whether the repository elsewhere couldn't be reached.
    pub fn blames_way(&self) -> bool {
        matches!(self, Self::Fetch { .. } | Self::TooLong)
    }
}

/// The commit that a work tree is at; none for a folder in no repository.
pub async fn head(folder: &Path) -> Option<String> {
    let folder = folder.to_owned();
    let head = aside(move |_| Ok(commit(&discover(&folder)?, "HEAD")?.id.to_string()));
    head.await.ok()
}

/// Does what waits for disks, programs and networks. The thread is its own and none of the runtime's, which would wait
/// for it when the process is to end. The flag that `work` is given becomes true when nobody waits any more.
async fn aside<T: Send + 'static>(
    work: impl FnOnce(&AtomicBool) -> Result<T, GitError> + Send + 'static,
) -> Result<T, GitError> {
    let abandoned = Abandoned(Arc::new(AtomicBool::new(false)));
    let flag = Arc::clone(&abandoned.0);
    let (answer, answered) = oneshot::channel();
    // An answer that nobody waits for any more is no loss.
    let spawned = thread::Builder::new().name("git".to_owned()).spawn(move || _ = answer.send(work(&flag)));
    spawned.map_err(|_| GitError::Interrupted)?;
    match timeout(PATIENCE, answered).await {
        Ok(answered) => answered.map_err(|_| GitError::Interrupted)?,
        Err(_) => Err(GitError::TooLong),
    }
}

/// Says so when it is dropped.
struct Abandoned(Arc<AtomicBool>);

impl Drop for Abandoned {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Opens the repository that a folder is or lies in.
fn discover(folder: &Path) -> Result<Repository, GitError> {
    gix::discover(folder).map_err(|error| GitError::NoRepository { folder: folder.to_owned(), reason: told(&error) })
}

/// The commit that a revision names, in any of git's ways.
fn commit<'r>(repository: &'r Repository, revision: &str) -> Result<Commit<'r>, GitError> {
    let found = repository.rev_parse_single(revision).and_then(|id| id.object()?.peel_to_commit());
    found.map_err(|error| GitError::NoCommit { revision: revision.to_owned(), reason: told(&error) })
}

/// An error with its causes; the library's own words tell only the outermost.
fn told(error: &gix::Error) -> String {
    let mut reasons: Vec<String> = error.iter_errors().map(ToString::to_string).collect();
    reasons.dedup();
    reasons.join(": ")
}

fn fails(repository: &Repository) -> impl Fn(gix::Error) -> GitError {
    |error| GitError::Repository { folder: repository.git_dir().to_owned(), reason: told(&error) }
}
