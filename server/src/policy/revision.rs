//! Reads the policy files as they are in a git revision, with the `git` command. Nothing is checked out.

use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

/// Why a revision can't be read.
#[derive(Debug, thiserror::Error)]
pub enum RevisionError {
    #[error("git can't be run: {0}")]
    NoGit(std::io::Error),
    #[error("git {command}: {output}")]
    Git { command: &'static str, output: String },
    #[error("`{0}` begins with `-`, which no revision does")]
    Option(String),
    #[error("{name}: expected a regular file, as nothing else is read from a revision")]
    NoFile { name: String },
}

/// The policy files of one commit.
pub struct Revision {
    /// The full hash.
    pub commit: String,
    /// Names relative to the policy folder, with their content.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Variables that would lead git to another repository, as within a hook.
const MISLEADING: [&str; 5] = ["GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"];

/// Reads the policy folder's files as they are in `revision` of the repository in which the folder lies.
pub async fn read(folder: &Path, revision: &str) -> Result<Revision, RevisionError> {
    if revision.starts_with('-') {
        return Err(RevisionError::Option(revision.to_owned()));
    }
    let commit = git(folder, "rev-parse", &["--verify", "--quiet", &format!("{revision}^{{commit}}")]).await?;
    let commit = String::from_utf8_lossy(&commit).trim().to_owned();
    // The names are relative to the folder, and those of the files below it alone.
    let listing = git(folder, "ls-tree", &["-r", "-z", &commit]).await?;
    let mut files = Vec::new();
    for entry in listing.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
        let entry = String::from_utf8_lossy(entry);
        // `MODE TYPE HASH<tab>NAME`
        let (about, name) = entry.split_once('\t').unwrap_or((&entry, ""));
        if !weir_policies::PolicySet::counts(name) {
            continue;
        }
        match about.split(' ').collect::<Vec<_>>().as_slice() {
            ["100644" | "100755", "blob", hash] => {
                files.push((name.to_owned(), git(folder, "cat-file", &["blob", hash]).await?));
            }
            _ => return Err(RevisionError::NoFile { name: name.to_owned() }),
        }
    }
    Ok(Revision { commit, files })
}

async fn git(folder: &Path, command: &'static str, arguments: &[&str]) -> Result<Vec<u8>, RevisionError> {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).arg(command).args(arguments).stdin(Stdio::null());
    for name in MISLEADING {
        git.env_remove(name);
    }
    let output = git.output().await.map_err(RevisionError::NoGit)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    let output = if said.is_empty() { "there is no such commit".to_owned() } else { said };
    Err(RevisionError::Git { command, output })
}
