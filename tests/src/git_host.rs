//! A host of git repositories on a free loopback port, as a house has one; it ends when it is dropped.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::{python, run};

/// A running host.
#[derive(Debug)]
pub struct GitHost {
    child: Child,
    port: u16,
}

impl GitHost {
    /// Serves the repositories below `root` over HTTPS, to one user, with `server.pem` and `server.key` of a folder.
    pub fn https(root: &Path, user: &str, password: &str, certificates: &Path) -> Self {
        Self::start(host().arg("https").arg(root).args([user, password]).arg(certificates))
    }

    /// Serves the repositories below `root` over ssh, to one user, who has the private part of `key`.
    pub fn ssh(root: &Path, user: &str, key: &Path, host_key: &Path) -> Self {
        Self::start(host().arg("ssh").arg(root).arg(user).arg(key).arg(host_key))
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    fn start(command: &mut Command) -> Self {
        // It ends with its standard input.
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|e| panic!("{command:?} can't be run: {e}"));
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().expect("its standard output"));
        output.read_line(&mut line).expect("the line with the port");
        let port = line.trim().parse().unwrap_or_else(|_| panic!("{command:?} names no port: {line:?}"));
        Self { child, port }
    }
}

fn host() -> Command {
    let mut command = Command::new(python::python());
    command.arg(run::data_file("git_host.py"));
    command
}

impl Drop for GitHost {
    fn drop(&mut self) {
        // It may have ended already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
