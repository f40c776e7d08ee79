//! The `git` command: reads revisions without checking anything out, and follows a branch of a repository elsewhere.
//!
//! The command and no library, because credentials, proxies, ssh and the checking of signatures are then those that
//! every other use of the repository has, as its administrator has set them up.

pub mod follow;
pub mod revision;

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

/// Longest that one command may take: a repository of policies is small.
const PATIENCE: Duration = Duration::from_secs(60);

/// Variables that would lead git to another repository, as within a hook.
const MISLEADING: [&str; 5] = ["GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"];

/// Why git didn't do it.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    #[error("git can't be run: {0}")]
    NoGit(std::io::Error),
    #[error("git {command}: {output}")]
    Failed { command: String, output: String },
    #[error("git {command} took longer than {} seconds", PATIENCE.as_secs())]
    TooLong { command: String },
    #[error("`{0}` begins with `-`, which no revision does")]
    Option(String),
    #[error("{name}: expected a regular file, as nothing else is read from a revision")]
    NoFile { name: String },
    #[error("commit {commit} carries no signature by a key of {signers}: {output}")]
    Unsigned { commit: String, signers: String, output: String },
    #[error("commit {commit} doesn't descend from {accepted}, the last that was accepted")]
    Astray { commit: String, accepted: String },
}

impl GitError {
    /// Whether it is a commit that is at fault: it was read, and can't be taken as it is.
    pub fn blames_commit(&self) -> bool {
        match self {
            Self::NoFile { .. } | Self::Unsigned { .. } | Self::Astray { .. } => true,
            Self::NoGit(_) | Self::Failed { .. } | Self::TooLong { .. } | Self::Option(_) => false,
        }
    }
}

/// What a command said.
struct Answer {
    status: ExitStatus,
    output: Vec<u8>,
    complaint: String,
}

/// Runs `git -C folder arguments...`; the first argument that is no option names the command.
async fn ask(folder: &Path, arguments: &[&str]) -> Result<Answer, GitError> {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    // Nobody is there to be asked for a password.
    git.env("GIT_TERMINAL_PROMPT", "0");
    if std::env::var_os("GIT_SSH_COMMAND").is_none() {
        git.env("GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
    }
    for name in MISLEADING {
        git.env_remove(name);
    }
    let answer = timeout(PATIENCE, git.output()).await;
    let answer = answer.map_err(|_| GitError::TooLong { command: command(arguments) })?.map_err(GitError::NoGit)?;
    let complaint = String::from_utf8_lossy(&answer.stderr).trim().to_owned();
    Ok(Answer { status: answer.status, output: answer.stdout, complaint })
}

/// The same for a command that must succeed.
async fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
    let answer = ask(folder, arguments).await?;
    match answer.status.success() {
        true => Ok(answer.output),
        false => Err(GitError::Failed { command: command(arguments), output: answer.complaint }),
    }
}

/// The command's name: options with their values may stand before it.
fn command(arguments: &[&str]) -> String {
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match *argument {
            "-c" => _ = rest.next(),
            name => return name.to_owned(),
        }
    }
    String::new()
}

/// The full hash of a commit.
async fn commit(folder: &Path, revision: &str) -> Result<String, GitError> {
    if revision.starts_with('-') {
        return Err(GitError::Option(revision.to_owned()));
    }
    let asked = format!("{revision}^{{commit}}");
    let answer = ask(folder, &["rev-parse", "--verify", "--quiet", &asked]).await?;
    match answer.status.success() {
        true => Ok(String::from_utf8_lossy(&answer.output).trim().to_owned()),
        false => {
            let said = if answer.complaint.is_empty() { "there is no such commit" } else { &answer.complaint };
            Err(GitError::Failed { command: "rev-parse".to_owned(), output: format!("{revision}: {said}") })
        }
    }
}

/// The commit that a work tree is at; none for a folder in no repository, or in one that git doesn't trust.
pub async fn head(folder: &Path) -> Option<String> {
    commit(folder, "HEAD").await.ok()
}
