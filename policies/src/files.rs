//! The policy folder: which files belong to it, and their content's version. Anything unexpected is refused, since a
//! misspelt file name would otherwise be a rule that is silently absent.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{PolicyError, Problems};

pub(crate) const POLICY: &str = "policy.csv";
pub(crate) const MODEL: &str = "model.conf";
pub(crate) const USERS: &str = "users.toml";
pub(crate) const TAGS: &str = "tags.toml";
pub(crate) const ROWS: &str = "rows.toml";
pub(crate) const MASKS: &str = "masks.toml";

/// The folder of tests.
const TESTS: &str = "tests";

const KNOWN: [&str; 6] = [POLICY, MODEL, USERS, TAGS, ROWS, MASKS];

/// No policy file is near this; it bounds what a file put there by mistake can cost.
const MAX_FILE_BYTES: u64 = 32 << 20;

/// Hex digits of a version: enough to name a state of the files in logs.
const VERSION_DIGITS: usize = 12;

/// The files of one policy set as text, keyed by name. Only known names occur.
#[derive(Debug, Default)]
pub(crate) struct PolicyFiles {
    texts: BTreeMap<String, String>,
    pub(crate) version: String,
}

impl PolicyFiles {
    /// A file's text, without a byte order mark.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(|text| text.strip_prefix('\u{feff}').unwrap_or(text))
    }

    /// The files of the folder of tests, with their names.
    pub(crate) fn tests(&self) -> impl Iterator<Item = (&str, &str)> {
        let names = self.texts.keys().filter(|name| is_test(name));
        names.filter_map(|name| Some((name.as_str(), self.text(name)?)))
    }

    /// Takes file names (relative to the folder) with their content.
    pub(crate) fn from_contents(
        contents: impl IntoIterator<Item = (String, Vec<u8>)>,
        problems: &mut Problems,
    ) -> PolicyFiles {
        let mut files = PolicyFiles::default();
        let mut raw = BTreeMap::new();
        for (name, bytes) in contents {
            match classify(&name) {
                Entry::Ignored => {}
                Entry::Known => {
                    files.take_text(&name, &bytes, problems);
                    raw.insert(name, bytes);
                }
                Entry::Unknown => problems.push(PolicyError::of_file(&name, unexpected(&name))),
            }
        }
        if !raw.contains_key(POLICY) {
            problems
                .push(PolicyError::of_file(POLICY, "file not found: a policy folder needs one, even if it is empty"));
        }
        files.version = version(&raw);
        files
    }

    fn take_text(&mut self, name: &str, bytes: &[u8], problems: &mut Problems) {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                self.texts.insert(name.to_owned(), text.to_owned());
            }
            Err(e) => {
                let line = 1 + bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count();
                let line = u32::try_from(line).unwrap_or(u32::MAX);
                problems.add(name, line, "expected UTF-8 text");
            }
        }
    }
}

/// Reads every file of the folder, and those of its folder of tests. Symbolic links are followed, as mounted configurations are made of them.
pub(crate) fn read_folder(dir: &Path, problems: &mut Problems) -> Vec<(String, Vec<u8>)> {
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
    if matches!(classify(&name), Entry::Ignored) {
        return;
    }
    if name == TESTS && entry.path().is_dir() {
        return read_entries(&entry.path(), &format!("{TESTS}/"), contents, problems);
    }
    match read_file(&entry.path(), &name) {
        Ok(bytes) => contents.push((name, bytes)),
        Err(message) => problems.push(PolicyError::of_file(name, message)),
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

enum Entry {
    Known,
    Ignored,
    Unknown,
}

fn classify(name: &str) -> Entry {
    if KNOWN.contains(&name) || is_test(name) {
        return Entry::Known;
    }
    let prose = ["README", "LICENSE", "CODEOWNERS"].iter().any(|prefix| name.starts_with(prefix))
        || name.to_ascii_lowercase().ends_with(".md");
    let own_name = name.rsplit('/').next().unwrap_or(name);
    if own_name.starts_with('.') || (prose && !name.contains('/')) { Entry::Ignored } else { Entry::Unknown }
}

/// Whether a name is that of a file of tests: `tests/NAME.toml`.
fn is_test(name: &str) -> bool {
    let file = name.strip_prefix(TESTS).and_then(|rest| rest.strip_prefix('/'));
    file.is_some_and(|file| file.ends_with(".toml") && !file.starts_with('.') && !file.contains('/'))
}

fn unexpected(name: &str) -> String {
    match name.split_once('/') {
        Some((TESTS, _)) => "unexpected file, expected only *.toml in the folder of tests".to_owned(),
        Some((folder, _)) => unexpected_folder(folder),
        None => format!("unexpected file, expected only {}, README and *.md", KNOWN.join(", ")),
    }
}

fn unexpected_folder(name: &str) -> String {
    match name.starts_with(TESTS) {
        true => "unexpected folder: tests are files, *.toml".to_owned(),
        false => {
            "folders of data domains are not supported by this version yet: its rules would have no effect".to_owned()
        }
    }
}

fn version(raw: &BTreeMap<String, Vec<u8>>) -> String {
    let mut hash = Sha256::new();
    for (name, bytes) in raw {
        // Lengths first, so that no content can pass for another file's beginning.
        hash.update((name.len() as u64).to_be_bytes());
        hash.update(name.as_bytes());
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    }
    let mut digits: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    digits.truncate(VERSION_DIGITS);
    digits
}
