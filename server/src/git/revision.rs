//! Reads the policy files as they are in a revision. Nothing is checked out.

use std::path::{Path, PathBuf};

use gix::{Commit, Repository, Tree};
use weir_policies::PolicySet;

use super::{GitError, aside, commit, discover, fails};

/// The policy files of one commit.
#[derive(Debug)]
pub struct Revision {
    /// The full hash.
    pub commit: String,
    /// Names relative to the policy folder, with their content.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Reads the files of `revision` below `folder`, which is a path within the repository, or, if it is empty, the part of
/// the repository that `place` itself is.
pub async fn read(place: &Path, revision: &str, folder: &Path) -> Result<Revision, GitError> {
    let (place, revision, folder) = (place.to_owned(), revision.to_owned(), folder.to_owned());
    let read = aside(move |_| {
        let repository = discover(&place)?;
        let folder = if folder.as_os_str().is_empty() { within(&repository, &place) } else { folder };
        files(&commit(&repository, &revision)?, &folder)
    });
    read.await
}

/// Reads the files of a commit below `folder`, a path within the repository.
pub(super) fn files(commit: &Commit<'_>, folder: &Path) -> Result<Revision, GitError> {
    let fails = fails(commit.repo);
    let tree = subtree(commit, folder)?;
    let mut files = Vec::new();
    for entry in tree.traverse().breadthfirst.files().map_err(&fails)? {
        let name = entry.filepath.to_string();
        if entry.mode.is_tree() || !PolicySet::counts(&name) {
            continue;
        }
        if !entry.mode.is_blob() {
            return Err(GitError::NoFile { name });
        }
        let mut blob = commit.repo.find_blob(entry.oid).map_err(&fails)?;
        files.push((name, blob.take_data()));
    }
    Ok(Revision { commit: commit.id.to_string(), files })
}

fn subtree<'r>(commit: &Commit<'r>, folder: &Path) -> Result<Tree<'r>, GitError> {
    let fails = fails(commit.repo);
    let root = commit.tree().map_err(&fails)?;
    if folder.as_os_str().is_empty() {
        return Ok(root);
    }
    let none = || GitError::NoFolder { folder: folder.to_owned(), commit: commit.id.to_string() };
    match root.lookup_entry_by_path(folder).map_err(&fails)? {
        Some(entry) if entry.mode().is_tree() => Ok(entry.object().map_err(&fails)?.into_tree()),
        _ => Err(none()),
    }
}

/// Where in its repository a folder lies; at the root, if there is no work tree.
fn within(repository: &Repository, place: &Path) -> PathBuf {
    let (root, place) = (repository.workdir().map(Path::canonicalize), place.canonicalize());
    match (root, place) {
        (Some(Ok(root)), Ok(place)) => place.strip_prefix(root).unwrap_or(Path::new("")).to_owned(),
        _ => PathBuf::new(),
    }
}
