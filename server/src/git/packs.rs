//! Keeps a clone's packs few: each fetch that brings something adds one, and nothing else joins them.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::PathBuf;

use gix::Repository;

/// More packs than these are to be joined.
const MANY: usize = 50;

/// A pack's index, without which it isn't seen: it comes last and goes first.
const INDEX: &str = "idx";

pub fn are_many(repository: &Repository) -> bool {
    files(repository)
        .is_ok_and(|files| files.iter().filter(|file| file.extension() == Some(OsStr::new(INDEX))).count() > MANY)
}

/// Gives `repository` the packs of `whole` for its own. Objects that are in neither's packs stay.
pub fn replace(repository: &Repository, whole: &Repository) -> io::Result<()> {
    let (old, new) = (files(repository)?, files(whole)?);
    let mut kept = HashSet::new();
    for file in in_order(new, false) {
        if let Some(name) = file.file_name() {
            fs::rename(&file, folder(repository).join(name))?;
            kept.insert(OsString::from(name));
        }
    }
    let gone = old.into_iter().filter(|file| file.file_name().is_some_and(|name| !kept.contains(name)));
    in_order(gone.collect(), true).into_iter().try_for_each(fs::remove_file)
}

fn in_order(mut files: Vec<PathBuf>, index_first: bool) -> Vec<PathBuf> {
    files.sort_by_key(|file| (file.extension() == Some(OsStr::new(INDEX))) != index_first);
    files
}

fn folder(repository: &Repository) -> PathBuf {
    repository.objects.store_ref().path().join("pack")
}

fn files(repository: &Repository) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder(repository))?.map(|entry| entry.map(|entry| entry.path())).collect()
}
