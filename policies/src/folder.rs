//! Reads the policy folder from disk: its files, those of its folder of tests, and those of the domains' folders.

use std::fs;
use std::io::Read;
use std::path::Path;

use crate::domains::is_domain_name;
use crate::error::{PolicyError, Problems};
use crate::files::{Entry, TESTS, classify, is_hidden, unexpected_folder};

/// No policy file is near this; it bounds what a file put there by mistake can cost.
const MAX_FILE_BYTES: u64 = 32 << 20;

/// File names, relative to the folder, with their content. Symbolic links are followed, as mounted configurations are made
/// of them.
pub(crate) fn read(dir: &Path, problems: &mut Problems) -> Vec<(String, Vec<u8>)> {
    let mut contents = Vec::new();
    read_entries(dir, "", &mut contents, problems);
    contents
}

/// The entries of a folder, whose names are given `prefix`.
fn read_entries(dir: &Path, prefix: &str, contents: &mut Vec<(String, Vec<u8>)>, problems: &mut Problems) {
    let shown = dir.display().to_string();
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) => return problems.push(PolicyError::of_file(shown, format!("can't read the policy folder: {e}"))),
    };
    for entry in entries {
        match entry {
            Ok(entry) => read_entry(&entry, prefix, contents, problems),
            Err(e) => problems.push(PolicyError::of_file(&shown, format!("can't list the policy folder: {e}"))),
        }
    }
}

fn read_entry(entry: &fs::DirEntry, prefix: &str, contents: &mut Vec<(String, Vec<u8>)>, problems: &mut Problems) {
    // A name that isn't UTF-8 is no known name; what is shown of it doesn't have to be exact.
    let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
    let is_folder = entry.path().is_dir();
    if is_hidden(&name) || (!is_folder && matches!(classify(&name), Entry::Ignored)) {
        return;
    }
    if is_folder && holds_policies(&name) {
        return read_entries(&entry.path(), &format!("{name}/"), contents, problems);
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
