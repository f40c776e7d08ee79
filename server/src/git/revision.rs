//! Reads the policy files as they are in a revision. Nothing is checked out.

use std::path::Path;

use weir_policies::PolicySet;

use super::{GitError, commit, git};

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
    let commit = commit(place, revision).await?;
    let tree = match folder.as_os_str().is_empty() {
        true => commit.clone(),
        false => format!("{commit}:{}", folder.display()),
    };
    // The names are relative to the folder, and those of the files below it alone.
    let listing = git(place, &["ls-tree", "-r", "-z", &tree]).await?;
    let mut files = Vec::new();
    for entry in listing.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
        let entry = String::from_utf8_lossy(entry);
        // `MODE TYPE HASH<tab>NAME`
        let (about, name) = entry.split_once('\t').unwrap_or((&entry, ""));
        if !PolicySet::counts(name) {
            continue;
        }
        match about.split(' ').collect::<Vec<_>>().as_slice() {
            ["100644" | "100755", "blob", hash] => {
                files.push((name.to_owned(), git(place, &["cat-file", "blob", hash]).await?));
            }
            _ => return Err(GitError::NoFile { name: name.to_owned() }),
        }
    }
    Ok(Revision { commit, files })
}
