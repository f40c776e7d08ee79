//! TLS with clients: what each side accepts, what a login is bound to, and that nothing unencrypted gets in between.

use std::fs;

use tempfile::TempDir;
use weir_tests::raw::{self, Raw, error, query, startup, tags, unframed};
use weir_tests::weir::{DATABASE, Setup, Weir};
use weir_tests::{certificates, python};

use crate::common;

/// First byte of an alert, by which TLS refuses what it doesn't understand.
const ALERT: u8 = 0x15;

/// A folder with two authorities, `ca` and `other`, and with `server.pem`, which `ca` has signed for this machine.
fn certificates() -> TempDir {
    let files = tempfile::tempdir().expect("a folder");
    certificates::signed(files.path(), "DNS:localhost,IP:127.0.0.1");
    certificates::self_signed(files.path(), "other", certificates::EC);
    files
}

fn with(files: &TempDir, cert: &str, key: &str) -> Setup {
    let (cert, key) = (path(files, cert), path(files, key));
    common::sourceless().table(&format!("[tls]\ncert = \"{cert}\"\nkey = \"{key}\""))
}

fn path(files: &TempDir, name: &str) -> String {
    files.path().join(name).display().to_string()
}

fn encrypted() -> (Weir, TempDir) {
    let files = certificates();
    let weir = with(&files, "server.pem", "server.key").start();
    (weir, files)
}

fn hello() -> Vec<u8> {
    startup(raw::VERSION_3, &[("user", "eva"), ("database", DATABASE)])
}

fn ssl_request() -> Vec<u8> {
    unframed(&raw::SSL.to_be_bytes())
}

#[test]
fn rows_come_encrypted_and_only_a_known_authority_is_trusted() {
    let (weir, files) = encrypted();
    let required = weir.psql("eva").variable("PGSSLMODE", "require");
    let rows = required.expect("SELECT value FROM generate_series(1, 100000) AS g(value)");
    assert_eq!((rows.lines().count(), rows.lines().last()), (100_000, Some("100000")));
    let verified = required.variable("PGSSLMODE", "verify-full").variable("PGSSLROOTCERT", &path(&files, "ca.pem"));
    assert_eq!(verified.expect("SELECT 1"), "1");
    let refused = verified.variable("PGSSLROOTCERT", &path(&files, "other.pem")).fails("SELECT 1");
    assert!(refused.stderr.contains("certificate verify failed"), "{}", refused.stderr);
    // Who doesn't ask for encryption does without it, from this machine.
    assert_eq!(weir.psql("eva").variable("PGSSLMODE", "disable").expect("SELECT 1"), "1");
    weir.stop();
}

/// The certificate is hashed as its own signature hashes it.
#[test]
fn a_login_is_bound_to_the_certificate() {
    for (key, bound) in [
        (format!("{} -sha256", certificates::EC), true),
        ("ec -pkeyopt ec_paramgen_curve:secp384r1 -sha384".to_owned(), true),
        ("rsa:2048 -sha512".to_owned(), true),
        ("rsa:2048 -sha384 -sigopt rsa_padding_mode:pss".to_owned(), true),
        // Its signature names no hash: no binding is offered, and who insists on it doesn't log in.
        ("ed25519".to_owned(), false),
    ] {
        let files = tempfile::tempdir().expect("a folder");
        certificates::self_signed(files.path(), "server", &key);
        let weir = with(&files, "server.pem", "server.key").start();
        let psql = weir.psql("eva").variable("PGSSLMODE", "require");
        assert_eq!(psql.expect("SELECT 1"), "1", "{key}");
        match psql.variable("PGCHANNELBINDING", "require").rows("SELECT 1") {
            Ok(rows) => assert!(bound && rows == "1", "{key}: {rows}"),
            Err(refused) => assert!(!bound && refused.stderr.contains("channel binding"), "{key}: {}", refused.stderr),
        }
    }
}

#[test]
fn nothing_is_bound_without_encryption() {
    let (weir, _files) = encrypted();
    let plain = weir.psql("eva").variable("PGSSLMODE", "disable").variable("PGCHANNELBINDING", "require");
    let refused = plain.fails("SELECT 1");
    assert!(refused.stderr.contains("channel binding"), "{}", refused.stderr);
    let mut raw = Raw::connect(weir.port());
    raw.send(&hello());
    let offer = raw.receive().expect("an answer").expect("an offer");
    assert_eq!((offer.tag, offer.text()), ('R', "\0\0\0\nSCRAM-SHA-256".to_owned()));
}

#[test]
fn tls_from_the_first_byte_must_name_the_protocol() {
    let (weir, files) = encrypted();
    let (port, ca) = (weir.port().to_string(), path(&files, "ca.pem"));
    let direct = |protocols: &[&str]| {
        let answer = python::script("tls.py", &[&["direct", port.as_str(), ca.as_str()], protocols].concat());
        answer.trim_end().to_owned()
    };
    let login = "postgresql R SCRAM-SHA-256-PLUS SCRAM-SHA-256";
    assert_eq!(direct(&["postgresql"]), login);
    assert_eq!(direct(&["http/1.1", "postgresql"]), login);
    let other = direct(&["http/1.1"]);
    assert!(other.starts_with("no handshake: ") && other.contains("no application protocol"), "{other}");
    assert_eq!(direct(&[]), "closed", "after the handshake, as PostgreSQL does");
    weir.stop();
}

/// With a libpq that asks in the way in which it is connected itself, and takes the server's word that it has heard.
#[test]
fn a_cancel_over_tls_stops_a_statement_and_ends_in_good_order() {
    let (weir, files) = encrypted();
    let conninfo = format!(
        "host=localhost hostaddr=127.0.0.1 port={} user=eva password={} dbname={DATABASE} sslmode=verify-full \
         sslrootcert={} channel_binding=require",
        weir.port(),
        weir.password("eva"),
        path(&files, "ca.pem")
    );
    for negotiation in ["postgres", "direct"] {
        let end = python::script("tls.py", &["cancel", &format!("{conninfo} sslnegotiation={negotiation}")]);
        assert_eq!(end, "57014 canceling statement due to user request\n", "{negotiation}");
    }
    weir.stop();
}

#[test]
fn what_was_sent_before_the_handshake_is_never_read() {
    let (weir, _files) = encrypted();
    let stuffing = [hello(), query("SELECT 1")].concat();
    let mut raw = Raw::connect(weir.port());
    raw.send(&[ssl_request(), stuffing.clone()].concat());
    let end = raw.until_ready();
    assert_eq!(tags(&end), "E", "an error, and the end");
    assert_eq!(error(&end).field('C').as_deref(), Some("08P01"));
    assert_eq!(error(&end).field('M').as_deref(), Some("received unencrypted data after SSL request"));
    // And in place of the handshake.
    let mut raw = Raw::connect(weir.port());
    raw.send(&ssl_request());
    assert_eq!(raw.receive_byte(), Some(b'S'));
    raw.send(&stuffing);
    let alert = raw.rest();
    assert!(alert.first() == Some(&ALERT) && alert.len() < 10, "{alert:?}");
    weir.stop();
}

#[test]
fn a_server_without_a_certificate_goes_on_unencrypted() {
    let weir = common::plain();
    let mut raw = Raw::connect(weir.port());
    raw.send(&ssl_request());
    assert_eq!(raw.receive_byte(), Some(b'N'));
    let end = raw.authenticate(&[("user", "eva"), ("database", DATABASE)], weir.password("eva"));
    assert_eq!(end.last().map(|m| m.tag), Some('Z'), "{end:?}");
    assert_eq!(tags(&raw.query("SELECT 1")), "TDCZ");
    let refused = weir.psql("eva").variable("PGSSLMODE", "require").fails("SELECT 1");
    assert!(refused.stderr.contains("does not support SSL"), "{}", refused.stderr);
}

/// Certificate, key, and the file that an error must name.
const BROKEN: [(&str, &str, &str); 7] = [
    ("missing.pem", "server.key", "missing.pem"),
    ("garbage", "server.key", "garbage"),
    ("damaged.pem", "server.key", "damaged.pem"),
    ("server.key", "server.key", "server.key"),
    ("server.pem", "missing.key", "missing.key"),
    ("server.pem", "garbage", "garbage"),
    ("server.pem", "other.key", "other.key"),
];

fn broken() -> TempDir {
    let files = certificates();
    fs::write(files.path().join("garbage"), "nonsense\n").expect("a file");
    let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    fs::write(files.path().join("damaged.pem"), damaged).expect("a file");
    files
}

#[test]
fn a_server_with_a_broken_certificate_or_key_does_not_start() {
    let files = broken();
    for (cert, key, named) in BROKEN {
        let refused = with(&files, cert, key).try_start();
        let (status, log) = refused.err().unwrap_or_else(|| panic!("weir starts with {cert} and {key}"));
        assert!(!status.success(), "{cert}, {key}: {status}");
        assert!(log.contains(&path(&files, named)) && !log.contains("panicked"), "{cert}, {key}:\n{log}");
    }
}

#[test]
fn a_check_finds_a_broken_certificate_or_key() {
    let files = broken();
    for (cert, key, named) in BROKEN {
        let (status, text) = with(&files, cert, key).check();
        assert!(!status.success(), "{cert}, {key}: {status}\n{text}");
        assert!(text.contains(&path(&files, named)) && !text.contains("panicked"), "{cert}, {key}:\n{text}");
    }
    let (status, text) = with(&files, "server.pem", "server.key").check();
    assert!(status.success(), "{text}");
}
