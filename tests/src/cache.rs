//! What is prepared once and kept for later runs: folders under `$HOME/.cache/weir-tests`, each named after what it is
//! made from, so that nothing stale is ever used. Safe between processes.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The folder that outlives test runs; `WEIR_TESTS_CACHE` names another one.
pub fn root() -> PathBuf {
    let root = std::env::var_os("WEIR_TESTS_CACHE").map(PathBuf::from).unwrap_or_else(|| {
        let home = std::env::var_os("HOME").expect("HOME or WEIR_TESTS_CACHE must be set");
        PathBuf::from(home).join(".cache/weir-tests")
    });
    fs::create_dir_all(&root).unwrap_or_else(|e| panic!("{}: {e}", root.display()));
    root
}

/// The folder `<name>-<key>`, made by `make` in a scratch folder if it isn't there; other processes wait meanwhile.
/// A `make` that fails leaves nothing behind.
pub fn once(name: &str, key: &str, make: impl FnOnce(&Path)) -> PathBuf {
    let folder = root().join(format!("{name}-{key}"));
    let _lock = lock(name);
    if !folder.exists() {
        let scratch = tempfile::tempdir_in(root()).expect("a scratch folder");
        make(scratch.path());
        fs::rename(scratch.keep(), &folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    }
    folder
}

/// Holds `<name>.lock` until it is dropped.
pub fn lock(name: &str) -> File {
    let path = root().join(format!("{name}.lock"));
    let file = File::create(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    file.lock().unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    file
}

/// A short name for what something is made from.
pub fn key(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
