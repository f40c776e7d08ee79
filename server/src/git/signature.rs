//! Who signed a commit.

use std::path::Path;

use gix::Commit;
use gix::objs::signature::Format;
use gix::objs::signature::verify::{Options, TrustLevel};

use super::{GitError, told};

/// Refuses a commit that no key of `signers` signed, which is a file in ssh-keygen's format of allowed signers. Only ssh
/// signatures count, whatever keys of other kinds the machine knows.
pub fn check(commit: &Commit<'_>, signers: &Path) -> Result<(), GitError> {
    match reason_against(commit, signers) {
        Ok(None) => Ok(()),
        Ok(Some(reason)) => Err(unsigned(commit, signers, reason)),
        Err(error) => Err(unsigned(commit, signers, told(&error))),
    }
}

fn reason_against(commit: &Commit<'_>, signers: &Path) -> gix::Result<Option<String>> {
    let Some((signature, signed)) = commit.signature()? else { return Ok(Some("it isn't signed".to_owned())) };
    if Format::from_signature(&signature) != Some(Format::Ssh) {
        return Ok(Some("its signature isn't one of ssh".to_owned()));
    }
    let outcome = signed.verify(
        &signature,
        Options::Ssh {
            program: "ssh-keygen".into(),
            program_arguments: Vec::new(),
            environment: Vec::new(),
            allowed_signers: signers.to_owned(),
            revocation_file: None,
            // Keys may be listed for a span of time.
            verify_time: commit.time()?,
            minimum_trust: TrustLevel::Fully,
        },
    )?;
    let said = outcome.output.to_string();
    Ok((!outcome.is_valid()).then(|| said.lines().next().unwrap_or("ssh-keygen says no").to_owned()))
}

fn unsigned(commit: &Commit<'_>, signers: &Path, reason: String) -> GitError {
    GitError::Unsigned { commit: commit.id.to_string(), signers: signers.to_owned(), reason }
}
