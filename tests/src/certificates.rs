//! Certificates of a test's own, made by openssl.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::run;

/// The kind of key that costs the least.
pub const EC: &str = "ec -pkeyopt ec_paramgen_curve:prime256v1";

/// A certificate `<name>.pem` that vouches for itself, and its key `<name>.key`.
pub fn self_signed(folder: &Path, name: &str, key: &str) {
    openssl(
        folder,
        &format!("req -x509 -newkey {key} -nodes -keyout {name}.key -out {name}.pem -subj /CN={name} -days 2"),
    );
}

/// An authority `ca.pem`, and `server.pem` with `server.key`, which it has signed for names such as `DNS:localhost`.
pub fn signed(folder: &Path, names: &str) {
    self_signed(folder, "ca", EC);
    fs::write(folder.join("names"), format!("subjectAltName={names}\n")).expect("a file");
    openssl(folder, &format!("req -newkey {EC} -nodes -keyout server.key -out server.csr -subj /CN=localhost"));
    let authority = "-CA ca.pem -CAkey ca.key -CAcreateserial";
    openssl(folder, &format!("x509 -req -in server.csr {authority} -days 2 -extfile names -out server.pem"));
}

fn openssl(folder: &Path, arguments: &str) {
    run::stdout(Command::new("openssl").args(arguments.split(' ')).current_dir(folder));
}
