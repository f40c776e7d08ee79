//! PostgreSQL refuses to run as root. Where Weir does, its database runs as an unprivileged user, in a folder that
//! this user can reach.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::{DemoError, at};

/// Whom the database runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// None where the database can run as whoever runs this.
    pub fn needed() -> Result<Option<Self>, DemoError> {
        let output = Command::new("id").arg("-u").output().map_err(at("id"))?;
        if String::from_utf8_lossy(&output.stdout).trim() != "0" {
            return Ok(None);
        }
        let users = fs::read_to_string("/etc/passwd").map_err(at("/etc/passwd"))?;
        let account = ["postgres", "nobody"].into_iter().find_map(|name| Self::of(&users, name));
        account.map(Some).ok_or(DemoError::NoUnprivilegedUser)
    }

    /// Gives a file or folder to this user.
    pub fn own(&self, path: &Path) -> Result<(), DemoError> {
        chown(path, Some(self.uid), Some(self.gid)).map_err(at(path))
    }

    /// Makes a program run as this user, without root's groups.
    pub fn run(&self, command: &mut tokio::process::Command) {
        command.uid(self.uid).gid(self.gid);
    }

    /// The place for the database of the mesh in `folder`: there, or below the folder for temporary files where this
    /// user can't get at it, such as in root's home.
    pub fn reachable(&self, folder: &Path) -> Result<PathBuf, DemoError> {
        let open = |path: &Path| fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o001 != 0);
        if folder.ancestors().all(open) {
            return Ok(folder.to_owned());
        }
        let mut name = DefaultHasher::new();
        folder.hash(&mut name);
        let place = std::env::temp_dir().join(format!("weir-demo-{:016x}", name.finish()));
        match fs::DirBuilder::new().mode(0o700).create(&place) {
            Ok(()) => self.own(&place)?,
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => self.check_ours(&place)?,
            Err(e) => return Err(at(&place)(e)),
        }
        Ok(place)
    }

    /// In a folder that everyone may write to, somebody else can have made one of this name.
    fn check_ours(&self, place: &Path) -> Result<(), DemoError> {
        let meta = fs::symlink_metadata(place).map_err(at(place))?;
        let ours = meta.is_dir() && meta.uid() == self.uid && meta.permissions().mode() & 0o077 == 0;
        match ours {
            true => Ok(()),
            false => Err(at(place)(std::io::Error::other("exists, and belongs to somebody else"))),
        }
    }

    /// The user's line in /etc/passwd: name:password:uid:gid:...
    fn of(users: &str, name: &str) -> Option<Self> {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some(Self { uid: fields.next()?.parse().ok()?, gid: fields.next()?.parse().ok()? })
    }
}
