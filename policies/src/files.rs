//! The files of a policy set: which belong to it, and their content's version. Anything unexpected is refused, since a
//! misspelt file name would otherwise be a rule that is silently absent.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::domains::{self, Domains, Origin, is_domain_name};
use crate::error::{PolicyError, Problems};

pub(crate) const POLICY: &str = "policy.csv";
pub(crate) const MODEL: &str = "model.conf";
pub(crate) const USERS: &str = "users.toml";
pub(crate) const DOMAINS: &str = "domains.toml";
pub(crate) const TAGS: &str = "tags.toml";
pub(crate) const ROWS: &str = "rows.toml";
pub(crate) const MASKS: &str = "masks.toml";

/// The folder of tests.
pub(crate) const TESTS: &str = "tests";

const OF_THE_HOUSE: [&str; 7] = [POLICY, MODEL, USERS, DOMAINS, TAGS, ROWS, MASKS];
const OF_A_DOMAIN: [&str; 4] = [POLICY, TAGS, ROWS, MASKS];

/// What only the house has, and why.
const NOT_OF_A_DOMAIN: [(&str, &str); 3] = [
    (USERS, "users are the house's: they stand in users.toml of the policy folder itself"),
    (MODEL, "the model is the house's: it stands in the policy folder itself"),
    (DOMAINS, "which domain owns what is for the house to say, in domains.toml of the policy folder itself"),
];

/// Hex digits of a version: enough to name a state of the files in logs.
const VERSION_DIGITS: usize = 12;

/// The files of one policy set as text, keyed by name. Only known names occur.
#[derive(Debug, Default)]
pub(crate) struct PolicyFiles {
    texts: BTreeMap<String, String>,
    pub(crate) domains: Domains,
    pub(crate) version: String,
}

impl PolicyFiles {
    /// A file's text, without a byte order mark.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(|text| text.strip_prefix('\u{feff}').unwrap_or(text))
    }

    /// The file `name` of the house and that of each domain, as far as there is one; the house's first.
    pub(crate) fn each(&self, name: &str) -> Vec<(Origin, &str)> {
        let house = std::iter::once(Origin::new(None, name));
        self.with_text(house.chain(self.domains.all().map(|domain| Origin::new(Some(domain), name))))
    }

    /// The files of all folders of tests, the house's first.
    pub(crate) fn tests(&self) -> Vec<(Origin, &str)> {
        let house = self.texts.keys().filter(|name| is_test(name)).map(|name| Origin::new(None, name));
        let of_domains = self.domains.all().flat_map(|domain| {
            let own = self.texts.keys().filter_map(|name| name.strip_prefix(&*domain.name)?.strip_prefix('/'));
            own.filter(|name| is_test(name)).map(|name| Origin::new(Some(domain), name))
        });
        self.with_text(house.chain(of_domains))
    }

    fn with_text(&self, origins: impl Iterator<Item = Origin>) -> Vec<(Origin, &str)> {
        origins.filter_map(|origin| self.text(&origin.file).map(|text| (origin, text))).collect()
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
        files.read_domains(problems);
        files
    }

    fn read_domains(&mut self, problems: &mut Problems) {
        let declared = self.text(DOMAINS).map(|text| domains::read(text, problems));
        let Some(domains) = declared.unwrap_or_else(|| Some(Domains::default())) else {
            return; // what isn't TOML declares nothing, and that was said
        };
        let folders: BTreeSet<&str> = self.texts.keys().filter_map(|name| Some(name.split_once('/')?.0)).collect();
        for folder in folders.into_iter().filter(|folder| *folder != TESTS && !domains.has(folder)) {
            let message = format!("unknown domain `{folder}`: {DOMAINS} has no [{folder}] with schemas = [...]");
            problems.push(PolicyError::of_file(folder, message));
        }
        self.domains = domains;
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

/// What a name says of a file.
pub(crate) enum Entry {
    Known,
    Ignored,
    Unknown,
}

pub(crate) fn classify(name: &str) -> Entry {
    let (folder, own_name) = name.rsplit_once('/').unwrap_or(("", name));
    let known = match in_domain(name) {
        Some((_, inner)) => OF_A_DOMAIN.contains(&inner) || is_test(inner),
        None => OF_THE_HOUSE.contains(&name) || is_test(name),
    };
    let prose = is_prose(own_name) && (folder.is_empty() || is_domain_name(folder));
    match known {
        true => Entry::Known,
        false if is_hidden(name) || prose => Entry::Ignored,
        false => Entry::Unknown,
    }
}

/// Whether a file, or a folder that it lies in, is hidden as version control is.
pub(crate) fn is_hidden(name: &str) -> bool {
    name.split('/').any(|part| part.starts_with('.'))
}

/// Files for people.
pub(crate) fn is_prose(name: &str) -> bool {
    let known = ["README", "LICENSE", "CODEOWNERS"].iter().any(|prefix| name.starts_with(prefix));
    known || name.to_ascii_lowercase().ends_with(".md")
}

/// The domain, as a name in its folder has it, and the name inside that folder.
fn in_domain(name: &str) -> Option<(&str, &str)> {
    name.split_once('/').filter(|(folder, _)| is_domain_name(folder))
}

/// Whether a name is that of a file of tests: `tests/NAME.toml`.
fn is_test(name: &str) -> bool {
    let file = name.strip_prefix(TESTS).and_then(|rest| rest.strip_prefix('/'));
    file.is_some_and(|file| file.ends_with(".toml") && !file.starts_with('.') && !file.contains('/'))
}

fn unexpected(name: &str) -> String {
    let (folder, inner) = in_domain(name).map_or((None, name), |(domain, inner)| (Some(domain), inner));
    let known: &[&str] = if folder.is_some() { &OF_A_DOMAIN } else { &OF_THE_HOUSE };
    match inner.split_once('/') {
        Some((TESTS, _)) => "unexpected file, expected only *.toml in the folder of tests".to_owned(),
        Some(_) => unexpected_folder(name),
        None => match NOT_OF_A_DOMAIN.iter().find(|(own, _)| *own == inner).filter(|_| folder.is_some()) {
            Some((_, why)) => (*why).to_owned(),
            None => format!("unexpected file, expected only {}, README and *.md", known.join(", ")),
        },
    }
}

pub(crate) fn unexpected_folder(name: &str) -> String {
    let (_, inner) = in_domain(name).unwrap_or(("", name));
    match inner.strip_prefix(TESTS) {
        Some(rest) if rest.starts_with('/') => "unexpected folder: tests are files, *.toml".to_owned(),
        _ => "unexpected folder, expected only tests, those of domains, and tests in these".to_owned(),
    }
}

/// The version of a folder's content.
pub(crate) fn version_of(contents: impl IntoIterator<Item = (String, Vec<u8>)>) -> String {
    version(&contents.into_iter().filter(|(name, _)| matches!(classify(name), Entry::Known)).collect())
}

/// The same with the commit in front, shown in as many digits.
pub(crate) fn version_of_commit(commit: &str, version: &str) -> String {
    format!("{}+{version}", commit.get(..VERSION_DIGITS).unwrap_or(commit))
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
