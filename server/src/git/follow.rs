//! A repository that is followed: a bare clone of one branch, brought up to date again and again.

use std::path::{Path, PathBuf};

use super::revision::{self, Revision};
use super::{GitError, ask, commit, git};

/// Where the clone keeps the branch as it was fetched last.
const NEWEST: &str = "refs/weir/newest";
/// Where it keeps the commit that took effect last.
const ACCEPTED: &str = "refs/weir/accepted";

/// A branch of a repository elsewhere.
#[derive(Debug, Clone)]
pub struct Followed {
    /// As `git fetch` takes it.
    pub url: String,
    pub branch: String,
    /// The bare clone.
    pub clone: PathBuf,
    /// The policy folder within the repository.
    pub folder: PathBuf,
    /// Keys of which one must have signed a commit, in ssh-keygen's format of allowed signers.
    pub signers: Option<PathBuf>,
}

impl Followed {
    /// Brings the clone up to date and reads the branch's newest commit. With `signers`, a commit that none of them
    /// signed is refused, and so is one that doesn't descend from the last accepted: an older state was signed too.
    pub async fn newest(&self) -> Result<Revision, GitError> {
        self.fetch().await?;
        let newest = commit(&self.clone, NEWEST).await?;
        if let Some(signers) = &self.signers {
            self.check_signature(&newest, signers).await?;
            self.check_descent(&newest).await?;
        }
        revision::read(&self.clone, &newest, &self.folder).await
    }

    /// The commit that took effect last, for a start while the repository can't be reached; none if there is none.
    pub async fn accepted(&self) -> Result<Option<Revision>, GitError> {
        if !self.clone.join("HEAD").exists() {
            return Ok(None);
        }
        let Ok(accepted) = commit(&self.clone, ACCEPTED).await else { return Ok(None) };
        if let Some(signers) = &self.signers {
            self.check_signature(&accepted, signers).await?;
        }
        revision::read(&self.clone, &accepted, &self.folder).await.map(Some)
    }

    /// Keeps in mind that a commit took effect.
    pub async fn accept(&self, commit: &str) -> Result<(), GitError> {
        git(&self.clone, &["update-ref", ACCEPTED, commit]).await.map(drop)
    }

    async fn fetch(&self) -> Result<(), GitError> {
        if !self.clone.join("HEAD").exists() {
            let clone = self.clone.to_string_lossy();
            git(Path::new("."), &["init", "--quiet", "--bare", "--", &clone]).await?;
        }
        let refspec = format!("+refs/heads/{}:{NEWEST}", self.branch);
        git(&self.clone, &["fetch", "--quiet", "--no-tags", "--", &self.url, &refspec]).await.map(drop)
    }

    async fn check_signature(&self, commit: &str, signers: &Path) -> Result<(), GitError> {
        let keys = format!("gpg.ssh.allowedSignersFile={}", signers.display());
        // Only the listed keys count, not whatever else stands in a keyring.
        let others = ["gpg.program=false", "gpg.openpgp.program=false", "gpg.x509.program=false"];
        let [openpgp, also_openpgp, x509] = others;
        let arguments = ["-c", &keys, "-c", openpgp, "-c", also_openpgp, "-c", x509, "verify-commit", commit];
        let answer = ask(&self.clone, &arguments).await?;
        match answer.status.success() {
            true => Ok(()),
            false => Err(GitError::Unsigned {
                commit: commit.to_owned(),
                signers: signers.display().to_string(),
                output: match answer.complaint.lines().next() {
                    Some(line) => line.to_owned(),
                    None => "it isn't signed".to_owned(),
                },
            }),
        }
    }

    async fn check_descent(&self, newest: &str) -> Result<(), GitError> {
        let Ok(accepted) = commit(&self.clone, ACCEPTED).await else { return Ok(()) };
        match ask(&self.clone, &["merge-base", "--is-ancestor", &accepted, newest]).await?.status.success() {
            true => Ok(()),
            false => Err(GitError::Astray { commit: newest.to_owned(), accepted }),
        }
    }
}
