//! One Python with pinned packages for all tests: it prepares data, and some of what it holds are clients.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::cache;
use crate::run::{self, data_file};

/// The interpreter of the shared virtual environment, which is made at the first call on this machine.
pub fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let venv = cache::root().join("venv");
        let requirements = data_file("requirements.txt");
        let wanted = fs::read_to_string(&requirements).expect("tests/data/requirements.txt");
        let ready = venv.join("ready");
        let _lock = cache::lock("venv");
        if fs::read_to_string(&ready).ok().as_deref() != Some(wanted.as_str()) {
            make(&venv, &requirements);
            fs::write(&ready, wanted).expect("a note that the environment is ready");
        }
        venv.join("bin/python")
    })
}

/// Runs a script of tests/data.
pub fn script(name: &str, arguments: &[&str]) -> String {
    run::stdout(Command::new(python()).arg(data_file(name)).args(arguments))
}

fn make(venv: &Path, requirements: &Path) {
    // A half-made environment is worth nothing, and one of other versions isn't either.
    if venv.exists() {
        fs::remove_dir_all(venv).expect("the old environment removed");
    }
    run::stdout(Command::new("python3").args(["-m", "venv"]).arg(venv));
    run::stdout(Command::new(venv.join("bin/pip")).args(["install", "--quiet", "uv==0.13.8"]));
    run::stdout(
        Command::new(venv.join("bin/uv"))
            .args(["pip", "install", "--quiet", "--python"])
            .arg(venv.join("bin/python"))
            .arg("--requirement")
            .arg(requirements),
    );
}
