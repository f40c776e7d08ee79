//! Reads the policy folder from disk: its files, those of its folder of tests, and those of the domains' folders.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::domains::is_domain_name;
use crate::error::{PolicyError, Problems};
use crate::files::{Entry, TESTS, classify, is_hidden, unexpected_folder};

/// No policy file is near this; it bounds what a file put there by mistake can cost.
const MAX_FILE_BYTES: u64 = 32 << 20;

/// File names, relative to the folder, with their content. Symbolic links are followed, as mounted configurations are made
/// of them; those in a domain's folder only to what is in it, since what they lead to is told of in messages.
pub(crate) fn read(dir: &Path, problems: &mut Problems) -> Vec<(String, Vec<u8>)> {
    let mut contents = Vec::new();
    read_entries(&Folder { path: dir.to_owned(), prefix: String::new(), within: None }, &mut contents, problems);
    contents
}

/// A folder to be read.
struct Folder {
    path: PathBuf,
    /// What the names of its entries are given in front.
    prefix: String,
    /// The domain's folder that its links must not lead out of.
    within: Option<PathBuf>,
}

impl Folder {
    /// The folder of this name in it, whose names go on from `name`.
    fn inner(&self, path: PathBuf, name: &str) -> std::io::Result<Folder> {
        let within = match &self.within {
            None if name != TESTS => Some(path.canonicalize()?),
            within => within.clone(),
        };
        Ok(Folder { path, prefix: format!("{name}/"), within })
    }

    fn leads_out(&self, path: &Path) -> bool {
        self.within.as_ref().is_some_and(|within| !path.canonicalize().is_ok_and(|path| path.starts_with(within)))
    }
}

fn read_entries(folder: &Folder, contents: &mut Vec<(String, Vec<u8>)>, problems: &mut Problems) {
    let dir = &folder.path;
    let shown = dir.display().to_string();
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) => return problems.push(PolicyError::of_file(shown, format!("can't read the policy folder: {e}"))),
    };
    for entry in entries {
        match entry {
            Ok(entry) => read_entry(&entry, folder, contents, problems),
            Err(e) => problems.push(PolicyError::of_file(&shown, format!("can't list the policy folder: {e}"))),
        }
    }
}

fn read_entry(entry: &fs::DirEntry, folder: &Folder, contents: &mut Vec<(String, Vec<u8>)>, problems: &mut Problems) {
    // A name that isn't UTF-8 is no known name; what is shown of it doesn't have to be exact.
    let name = format!("{}{}", folder.prefix, entry.file_name().to_string_lossy());
    let is_folder = entry.path().is_dir();
    if is_hidden(&name) || (!is_folder && matches!(classify(&name), Entry::Ignored)) {
        return;
    }
    if folder.leads_out(&entry.path()) {
        return problems.push(PolicyError::of_file(name, "expected nothing that leads out of the domain's folder"));
    }
    if is_folder && holds_policies(&name) {
        return match folder.inner(entry.path(), &name) {
            Ok(inner) => read_entries(&inner, contents, problems),
            Err(e) => problems.push(PolicyError::of_file(name, format!("can't read: {e}"))),
        };
    }
    match read_file(&entry.path(), &name) {
        Ok(bytes) => contents.push((name, bytes)),
        Err(message) => problems.push(PolicyError::of_file(name, message)),
    }
}

/// Whether a folder of this name is read: `tests`, `DOMAIN` or `DOMAIN/tests`.
fn holds_policies(name: &str) -> bool {
    match name.split_once('/') {
        Some((domain, inner)) => is_domain_name(domain) && inner == TESTS,
        None => name == TESTS || is_domain_name(name),
    }
}

fn read_file(path: &Path, name: &str) -> Result<Vec<u8>, String> {
    let kind = fs::metadata(path).map_err(|e| format!("can't read: {e}"))?;
    if kind.is_dir() {
        return Err(unexpected_folder(name));
    }
    if !kind.is_file() {
        return Err("expected a regular file".to_owned());
    }
    if matches!(classify(name), Entry::Unknown) {
        return Ok(Vec::new()); // refused by its name; what it holds doesn't matter
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(|e| format!("can't read: {e}"))?;
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|e| format!("can't read: {e}"))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(format!("file is larger than {} MiB", MAX_FILE_BYTES >> 20));
    }
    Ok(bytes)
}
