//! A repository that is followed: a bare clone of one branch, brought up to date again and again.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use gix::config::tree::{Core, Ssh, gitoxide};
use gix::progress::Discard;
use gix::refs::transaction::PreviousValue;
use gix::remote::fetch::Tags;
use gix::remote::{Direction, ref_map};
use gix::{Commit, Repository, Url, open};

use super::revision::{self, Revision};
use super::{GitError, aside, commit, fails, packs, signature, told};

/// Where the clone keeps the branch as it was fetched last.
const NEWEST: &str = "refs/weir/newest";
/// Where it keeps the commit that took effect last.
const ACCEPTED: &str = "refs/weir/accepted";

/// How ssh is called where nothing else is configured.
const SSH: &str = "ssh -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=10";

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
        let followed = self.clone();
        let read = aside(move |abandoned| {
            let mut repository = followed.open()?;
            followed.fetch(&repository, abandoned)?;
            if packs::are_many(&repository) {
                followed.join_packs(&repository, abandoned)?;
                repository = followed.open()?;
            }
            let newest = commit(&repository, NEWEST)?;
            if let Some(signers) = &followed.signers {
                signature::check(&newest, signers)?;
                check_descent(&newest)?;
            }
            revision::files(&newest, &followed.folder)
        });
        read.await
    }

    /// The commit that took effect last, for a start while the repository can't be reached; none if there is none.
    pub async fn accepted(&self) -> Result<Option<Revision>, GitError> {
        let followed = self.clone();
        let read = aside(move |_| {
            if !followed.is_cloned() {
                return Ok(None);
            }
            let repository = followed.open()?;
            let Some(accepted) = accepted(&repository)? else { return Ok(None) };
            if let Some(signers) = &followed.signers {
                signature::check(&accepted, signers)?;
            }
            revision::files(&accepted, &followed.folder).map(Some)
        });
        read.await
    }

    /// Keeps in mind that a commit took effect.
    pub async fn accept(&self, accepted: &str) -> Result<(), GitError> {
        let (followed, accepted) = (self.clone(), accepted.to_owned());
        let kept = aside(move |_| {
            let repository = followed.open()?;
            let accepted = commit(&repository, &accepted)?.id;
            repository.reference(ACCEPTED, accepted, PreviousValue::Any, "accepted").map_err(fails(&repository))?;
            Ok(())
        });
        kept.await
    }

    fn is_cloned(&self) -> bool {
        self.clone.join("HEAD").exists()
    }

    /// Replaces the clone's many packs by one, which holds the branch as a new clone would. What the clone has to keep
    /// beyond that stays as it is.
    fn join_packs(&self, repository: &Repository, abandoned: &AtomicBool) -> Result<(), GitError> {
        let broken = |error: io::Error| GitError::Repository { folder: self.clone.clone(), reason: error.to_string() };
        let folder = tempfile::tempdir_in(&self.clone).map_err(broken)?;
        let whole = gix::init_bare(folder.path()).and_then(asking_nobody).map_err(fails(repository))?;
        self.fetch(&whole, abandoned)?;
        let newest = commit(repository, NEWEST)?.id;
        let accepted = accepted(repository)?.map_or(newest, |accepted| accepted.id);
        match whole.has_object(newest) && whole.has_object(accepted) {
            true => packs::replace(repository, &whole).map_err(broken),
            false => Ok(()),
        }
    }

    /// Opens the clone, which is made if it isn't there.
    fn open(&self) -> Result<Repository, GitError> {
        let broken = |error| GitError::Repository { folder: self.clone.clone(), reason: told(&error) };
        if !self.is_cloned() {
            gix::init_bare(&self.clone).map_err(broken)?;
        }
        let repository = gix::open_opts(&self.clone, open::Options::default().open_path_as_is(true)).map_err(broken)?;
        asking_nobody(repository).map_err(broken)
    }

    fn fetch(&self, repository: &Repository, abandoned: &AtomicBool) -> Result<(), GitError> {
        let refspec = format!("+refs/heads/{}:{NEWEST}", self.branch);
        let fetched = self.remote(repository, &refspec).and_then(|remote| {
            let connection = remote.connect(Direction::Fetch)?;
            let prepared = connection.prepare_fetch(Discard, ref_map::Options::default())?;
            prepared.receive(Discard, abandoned)
        });
        let fails = |error| GitError::Fetch {
            url: without_password(&self.url),
            branch: self.branch.clone(),
            reason: told(&error),
        };
        fetched.map(drop).map_err(fails)
    }

    fn remote<'r>(&self, repository: &'r Repository, refspec: &str) -> gix::Result<gix::Remote<'r>> {
        repository.remote_at(self.url.as_str())?.with_fetch_tags(Tags::None).with_refspecs([refspec], Direction::Fetch)
    }
}

/// A repository that is fetched into without anybody beside it: no question goes to a terminal, and where no ssh program is
/// configured, ssh doesn't ask either, and gives a silent host up.
fn asking_nobody(mut repository: Repository) -> gix::Result<Repository> {
    let has_ssh = repository.ssh_connect_options()?.command.is_some();
    let mut config = repository.config_snapshot_mut();
    config.set_value(&gitoxide::Credentials::TERMINAL_PROMPT, "false")?;
    if !has_ssh {
        config.set_value(&Core::SSH_COMMAND, SSH)?;
        config.set_value(&Ssh::VARIANT, "ssh")?;
    }
    config.commit()?;
    Ok(repository)
}

fn accepted(repository: &Repository) -> Result<Option<Commit<'_>>, GitError> {
    match repository.try_find_reference(ACCEPTED).map_err(fails(repository))? {
        Some(_) => commit(repository, ACCEPTED).map(Some),
        None => Ok(None),
    }
}

fn check_descent(newest: &Commit<'_>) -> Result<(), GitError> {
    let Some(accepted) = accepted(newest.repo)? else { return Ok(()) };
    let shared = newest.repo.merge_base(accepted.id, newest.id).map_err(fails(newest.repo))?;
    match shared {
        Some(shared) if shared == accepted.id => Ok(()),
        _ => Err(GitError::Astray { commit: newest.id.to_string(), accepted: accepted.id.to_string() }),
    }
}

/// An URL as it may be told.
fn without_password(url: &str) -> String {
    match Url::try_from(url) {
        Ok(mut parsed) if parsed.password().is_some() => {
            parsed.set_password(None);
            parsed.to_bstring().to_string()
        }
        _ => url.to_owned(),
    }
}
