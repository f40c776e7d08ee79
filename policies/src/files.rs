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

const KNOWN: [&str; 6] = [POLICY, MODEL, USERS, TAGS, ROWS, MASKS];

/// No policy file is near this; it bounds what a file put there by mistake can cost.
const MAX_FILE_BYTES: u64 = 32 << 20;

/// Hex digits of a version: enough to name a state of the files in logs.
const VERSION_DIGITS: usize = 12;

/// The files of one policy set as text, keyed by name. Only known names occur.
#[derive(Debug, Default)]
pub(crate) struct PolicyFiles {
    texts: BTreeMap<&'static str, String>,
    pub(crate) version: String,
}

impl PolicyFiles {
    /// A file's text, without a byte order mark.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(|text| text.strip_prefix('\u{feff}').unwrap_or(text))
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
                Entry::Known(known) => {
                    files.take_text(known, &bytes, problems);
                    raw.insert(known, bytes);
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

    fn take_text(&mut self, name: &'static str, bytes: &[u8], problems: &mut Problems) {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                self.texts.insert(name, text.to_owned());
            }
            Err(e) => {
                let line = 1 + bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count();
                let line = u32::try_from(line).unwrap_or(u32::MAX);
                problems.add(name, line, "expected UTF-8 text");
            }
        }
    }
}

/// Reads every file of the folder. Symbolic links are followed, as mounted configurations are made of them.
pub(crate) fn read_folder(dir: &Path, problems: &mut Problems) -> Vec<(String, Vec<u8>)> {
    let shown = dir.display().to_string();
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) => {
            problems.push(PolicyError::of_file(shown, format!("can't read the policy folder: {e}")));
            return Vec::new();
        }
    };
    let mut contents = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry) => contents.extend(read_entry(&entry, problems)),
            Err(e) => problems.push(PolicyError::of_file(&shown, format!("can't list the policy folder: {e}"))),
        }
    }
    contents
}

fn read_entry(entry: &fs::DirEntry, problems: &mut Problems) -> Option<(String, Vec<u8>)> {
    // A name that isn't UTF-8 is no known name; what is shown of it doesn't have to be exact.
    let name = entry.file_name().to_string_lossy().into_owned();
    if matches!(classify(&name), Entry::Ignored) {
        return None;
    }
    match read_file(&entry.path(), &name) {
        Ok(bytes) => Some((name, bytes)),
        Err(message) => {
            problems.push(PolicyError::of_file(name, message));
            None
        }
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
    Known(&'static str),
    Ignored,
    Unknown,
}

fn classify(name: &str) -> Entry {
    if let Some(known) = KNOWN.iter().find(|known| **known == name) {
        return Entry::Known(known);
    }
    let prose = ["README", "LICENSE", "CODEOWNERS"].iter().any(|prefix| name.starts_with(prefix))
        || name.to_ascii_lowercase().ends_with(".md");
    if name.starts_with('.') || (prose && !name.contains('/')) { Entry::Ignored } else { Entry::Unknown }
}

fn unexpected(name: &str) -> String {
    match name.split_once('/') {
        Some((folder, _)) => unexpected_folder(folder),
        None => format!("unexpected file, expected only {}, README and *.md", KNOWN.join(", ")),
    }
}

fn unexpected_folder(name: &str) -> String {
    if name == "tests" {
        "policy tests are not supported by this version yet: remove the folder, or keep it outside".to_owned()
    } else {
        "folders of data domains are not supported by this version yet: its rules would have no effect".to_owned()
    }
}

fn version(raw: &BTreeMap<&'static str, Vec<u8>>) -> String {
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
