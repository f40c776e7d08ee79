//! An S3 store of a test's own: an emulator on a free loopback port, gone with all it holds when it is dropped.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{python, run};

/// The access key and the secret key that the emulator takes.
const KEY: &str = "test";
const START_LIMIT: Duration = Duration::from_secs(60);

/// A running emulator.
#[derive(Debug)]
pub struct S3 {
    child: Child,
    port: u16,
    /// Holds the file with the key, and what the emulator writes beside its objects.
    folder: TempDir,
}

impl S3 {
    /// Starts it, without a bucket.
    pub fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("weir-s3-").tempdir().expect("a temporary folder");
        fs::write(folder.path().join("key"), format!("{KEY}\n")).expect("a key file");
        let port = run::free_port();
        let program = python::python().with_file_name("ministack");
        let mut command = Command::new(&program);
        for name in ["GATEWAY_PORT", "EDGE_PORT", "MINISTACK_PORT"] {
            command.env(name, port.to_string());
        }
        command.env("BIND_HOST", "127.0.0.1").env("TMPDIR", folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap_or_else(|e| panic!("{}: {e}", program.display()));
        let s3 = Self { child, port, folder };
        run::wait_for("the S3 emulator", START_LIMIT, || TcpStream::connect(("127.0.0.1", port)).ok());
        s3
    }

    /// `http://127.0.0.1:<port>`.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The table `s3` of a source that lies here.
    pub fn config(&self) -> Value {
        let key = format!("file:{}", self.folder.path().join("key").display());
        json!({
            "region": "us-east-1", "endpoint": self.endpoint(), "allow_http": true, "access_key": key, "secret_key": key,
        })
    }

    pub fn make_bucket(&self, name: &str) {
        self.request("PUT", name, b"");
    }

    /// Writes an object, or writes over it; the path begins with the bucket.
    pub fn put(&self, path: &str, bytes: &[u8]) {
        self.request("PUT", path, bytes);
    }

    pub fn delete(&self, path: &str) {
        self.request("DELETE", path, b"");
    }

    /// Copies all files of a folder to below `target`, which begins with the bucket.
    pub fn upload(&self, folder: &Path, target: &str) {
        for entry in fs::read_dir(folder).expect("a folder to upload") {
            let entry = entry.expect("an entry of the folder");
            let path = format!("{target}/{}", entry.file_name().to_str().expect("a name in UTF-8"));
            match entry.path() {
                folder if folder.is_dir() => self.upload(&folder, &path),
                file => self.put(&path, &fs::read(file).expect("a file to upload")),
            }
        }
    }

    /// Ends it as a crash would; the file with the key stays.
    pub fn stop(&mut self) {
        // It may have ended already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// One request, unsigned: the emulator lets everybody write.
    fn request(&self, method: &str, path: &str, body: &[u8]) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the S3 emulator accepts a connection");
        let head = format!(
            "{method} /{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            encoded(path),
            self.port,
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat()).expect("the S3 emulator takes a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the S3 emulator answers");
        assert!(answer.starts_with("HTTP/1.1 2"), "{method} {path}: {answer}");
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A path as it stands in a request.
fn encoded(path: &str) -> String {
    path.bytes().fold(String::new(), |mut text, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => text.push(char::from(byte)),
            other => write!(text, "%{other:02X}").expect("a string takes all"),
        }
        text
    })
}
