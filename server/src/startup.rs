//! The first packets of a connection: encryption requests, cancel requests and the startup packet itself.

use std::io;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::session::settings::Settings;
use crate::sqlstate::{SqlError, code};
use crate::tls::{Socket, Tls};
use crate::wire::frontend::Reader;
use crate::wire::{Wire, WireError};

/// The newest protocol that is spoken: 3.2.
const NEWEST_MINOR: u16 = 2;
const MAJOR: u16 = 3;
/// From this minor version on the cancel key may be longer than four bytes.
const LONG_KEY_MINOR: u16 = 2;
const CANCEL_REQUEST: (u16, u16) = (1234, 5678);
const SSL_REQUEST: (u16, u16) = (1234, 5679);
const GSSENC_REQUEST: (u16, u16) = (1234, 5680);
/// First byte of a TLS handshake.
const TLS_HANDSHAKE: u8 = 0x16;
/// Longest user and database name, in bytes; longer ones are cut.
const MAX_NAME_BYTES: usize = 63;

/// What a client asks for when it connects.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Startup {
    /// Minor version of protocol 3 that the client asks for.
    minor: u16,
    pub user: String,
    pub database: String,
    /// Settings in the order in which they take effect.
    settings: Vec<(String, String)>,
    /// `_pq_.` options, none of which is known.
    protocol_options: Vec<String>,
}

/// What a first packet is.
#[derive(Debug, PartialEq, Eq)]
enum Packet {
    Ssl,
    GssEnc,
    Cancel { pid: i32, secret: Vec<u8> },
    Startup(Startup),
}

/// What a connection turned out to want.
pub enum Opening {
    Session {
        wire: Wire<Socket>,
        startup: Startup,
    },
    /// The client waits for the end of its connection, which must come after the cancelling.
    Cancel {
        wire: Wire<Socket>,
        pid: i32,
        secret: Vec<u8>,
    },
    /// The client must be told why not, and then the connection ends.
    Refused {
        wire: Wire<Socket>,
        error: SqlError,
    },
}

/// Reads a connection's first packets, turning on encryption where it is asked for. An error means that there is
/// nobody to talk to.
pub async fn open(stream: TcpStream, tls: Option<&Tls>) -> Result<Opening, WireError> {
    let mut first = [0];
    if stream.peek(&mut first).await? == 0 {
        return Err(WireError::Closed);
    }
    if first[0] == TLS_HANDSHAKE {
        let wire = open_direct(stream, tls).await?;
        return read_packets(wire, None, true).await;
    }
    read_packets(Wire::new(Socket::Plain(stream)), tls, false).await
}

/// TLS from the first byte: the client must name the protocol, so that other protocols can't be smuggled in (ALPACA).
async fn open_direct(stream: TcpStream, tls: Option<&Tls>) -> Result<Wire<Socket>, WireError> {
    let tls = tls.ok_or(WireError::Closed)?;
    let socket = tls.accept(stream).await?;
    if !socket.has_alpn() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "received direct SSL connection request without ALPN protocol negotiation extension",
        )
        .into());
    }
    Ok(Wire::new(socket))
}

async fn read_packets(mut wire: Wire<Socket>, tls: Option<&Tls>, encrypted: bool) -> Result<Opening, WireError> {
    let (mut ssl_done, mut gss_done) = (encrypted, encrypted);
    loop {
        let packet = wire.next_startup_packet().await?;
        let packet = match decode(&packet, ssl_done, gss_done) {
            Ok(packet) => packet,
            Err(error) => return Ok(Opening::Refused { wire, error }),
        };
        let request = match packet {
            Packet::Cancel { pid, secret } => return Ok(Opening::Cancel { wire, pid, secret }),
            Packet::Startup(startup) => return Ok(Opening::Session { wire, startup }),
            Packet::Ssl => "SSL request",
            Packet::GssEnc => "GSSAPI encryption request",
        };
        if wire.has_unread() {
            // What came before the handshake isn't encrypted and may be anyone's (CVE-2021-23222).
            return Ok(Opening::Refused { wire, error: stuffed(request) });
        }
        match tls {
            Some(tls) if packet == Packet::Ssl => {
                wire = encrypt(wire, tls).await?;
                (ssl_done, gss_done) = (true, true);
            }
            _ => {
                wire.output().extend_from_slice(b"N");
                wire.flush().await?;
                ssl_done |= packet == Packet::Ssl;
                gss_done |= packet == Packet::GssEnc;
            }
        }
    }
}

async fn encrypt(wire: Wire<Socket>, tls: &Tls) -> Result<Wire<Socket>, WireError> {
    match wire.into_stream() {
        Socket::Plain(mut stream) => {
            stream.write_all(b"S").await?;
            Ok(Wire::new(tls.accept(stream).await?))
        }
        Socket::Tls(_) => Err(WireError::Closed),
    }
}

fn stuffed(request: &str) -> SqlError {
    violation(format!("received unencrypted data after {request}"))
        .detail("This could be either a client-software bug or evidence of an attempted man-in-the-middle attack.")
}

/// A request for encryption that was answered already counts as a version that isn't spoken.
fn decode(packet: &[u8], ssl_done: bool, gss_done: bool) -> Result<Packet, SqlError> {
    let mut reader = Reader::new(packet);
    let version = reader.u32()?;
    let (major, minor) = ((version >> 16) as u16, (version & 0xffff) as u16);
    match (major, minor) {
        SSL_REQUEST if !ssl_done => Ok(Packet::Ssl),
        GSSENC_REQUEST if !gss_done => Ok(Packet::GssEnc),
        CANCEL_REQUEST => {
            let pid = reader.i32()?;
            Ok(Packet::Cancel { pid, secret: packet[8..].to_vec() })
        }
        (MAJOR, minor) => decode_startup(minor, &packet[4..]).map(Packet::Startup),
        _ => Err(SqlError::new(
            code::FEATURE_NOT_SUPPORTED,
            format!(
                "unsupported frontend protocol {major}.{minor}: server supports {MAJOR}.0 to {MAJOR}.{NEWEST_MINOR}"
            ),
        )),
    }
}

fn decode_startup(minor: u16, parameters: &[u8]) -> Result<Startup, SqlError> {
    let mut startup = Startup { minor, ..Startup::default() };
    let mut reader = Reader::new(parameters);
    let layout = |_| violation("invalid startup packet layout: expected terminator as last byte");
    let mut options = String::new();
    loop {
        let name = text(&mut reader).map_err(layout)??;
        if name.is_empty() {
            break;
        }
        let value = text(&mut reader).map_err(layout)??;
        match name {
            "user" => startup.user = cut(value),
            "database" => startup.database = cut(value),
            "options" => value.clone_into(&mut options),
            "replication" => refuse_replication(value)?,
            name if name.starts_with("_pq_.") => startup.protocol_options.push(name.to_owned()),
            name => startup.settings.push((name.to_owned(), value.to_owned())),
        }
    }
    reader.end().map_err(layout)?;
    if startup.user.is_empty() {
        return Err(SqlError::new(code::INVALID_AUTHORIZATION, "no PostgreSQL user name specified in startup packet"));
    }
    if startup.database.is_empty() {
        startup.database = startup.user.clone();
    }
    // Options take effect first: a setting of its own beats one among the options.
    let settings = std::mem::take(&mut startup.settings);
    startup.settings = parse_options(&options)?;
    startup.settings.extend(settings);
    Ok(startup)
}

/// Outer error: the packet ends early. Inner error: the text isn't UTF-8.
fn text<'a>(reader: &mut Reader<'a>) -> Result<Result<&'a str, SqlError>, SqlError> {
    match reader.text() {
        Err(error) if error.code == code::PROTOCOL_VIOLATION => Err(error),
        other => Ok(other),
    }
}

fn cut(name: &str) -> String {
    name[..name.floor_char_boundary(MAX_NAME_BYTES)].to_owned()
}

fn refuse_replication(value: &str) -> Result<(), SqlError> {
    match value.to_ascii_lowercase().as_str() {
        "false" | "off" | "no" | "0" => Ok(()),
        _ => Err(SqlError::new(code::FEATURE_NOT_SUPPORTED, "replication connections are not supported")),
    }
}

/// The settings among a server's command line options: `-c name=value`, `-cname=value`, `--name=value`.
fn parse_options(options: &str) -> Result<Vec<(String, String)>, SqlError> {
    let mut words = split_options(options).into_iter();
    let mut settings = Vec::new();
    while let Some(word) = words.next() {
        let (shown, setting) = match (word.strip_prefix("--"), word.strip_prefix("-c")) {
            (Some(setting), _) => (format!("--{setting}"), setting.to_owned()),
            (None, Some("")) => {
                let setting = words.next().ok_or_else(|| syntax("option requires an argument -- 'c'".to_owned()))?;
                (format!("-c {setting}"), setting)
            }
            (None, Some(setting)) => (format!("-c {setting}"), setting.to_owned()),
            _ => return Err(syntax(format!("invalid command-line argument for server process: {word}"))),
        };
        match setting.split_once('=') {
            Some((name, value)) => settings.push((name.replace('-', "_"), value.to_owned())),
            None => return Err(syntax(format!("{shown} requires a value"))),
        }
    }
    Ok(settings)
}

/// Words with space between them; a backslash takes the next character as it is.
fn split_options(options: &str) -> Vec<String> {
    let (mut words, mut word, mut open) = (Vec::new(), String::new(), false);
    let mut chars = options.chars();
    while let Some(c) = chars.next() {
        if c.is_ascii_whitespace() {
            if open {
                words.push(std::mem::take(&mut word));
            }
            open = false;
            continue;
        }
        open = true;
        word.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    if open {
        words.push(word);
    }
    words
}

impl Startup {
    /// The protocol that will be spoken, as its full number, and the options that aren't known, if the client must be
    /// told that it doesn't get what it asked for.
    pub fn negotiation(&self) -> Option<(i32, Vec<String>)> {
        let spoken = i32::from(MAJOR) << 16 | i32::from(self.minor.min(NEWEST_MINOR));
        let told = self.minor > NEWEST_MINOR || !self.protocol_options.is_empty();
        told.then(|| (spoken, self.protocol_options.clone()))
    }

    /// Whether the client understands cancel keys of more than four bytes.
    pub fn takes_long_key(&self) -> bool {
        self.minor >= LONG_KEY_MINOR
    }

    /// Applies the settings that the client asks for to those that the server gives it.
    pub fn apply(&self, mut settings: Settings) -> Result<Settings, SqlError> {
        for (name, value) in &self.settings {
            settings.set_at_startup(name, value)?;
        }
        Ok(settings)
    }
}

fn violation(message: impl Into<String>) -> SqlError {
    SqlError::new(code::PROTOCOL_VIOLATION, message)
}

fn syntax(message: String) -> SqlError {
    SqlError::new(code::SYNTAX_ERROR, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(version: u32, parameters: &[u8]) -> Result<Packet, SqlError> {
        decode(&[&version.to_be_bytes()[..], parameters].concat(), false, false)
    }

    fn startup(version: u32, parameters: &[u8]) -> Startup {
        match packet(version, parameters).unwrap() {
            Packet::Startup(startup) => startup,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn reads_names_and_settings() {
        let startup = startup(
            0x3_0000,
            b"user\0ana\0application_name\0psql\0options\0-c a.b=x\\ y --statement-timeout=5s -cwork_mem=1MB\0\0",
        );
        assert_eq!((startup.user.as_str(), startup.database.as_str()), ("ana", "ana"));
        let settings = startup.apply(Settings::new(&startup.user)).unwrap();
        assert_eq!(settings.get("a.b"), Some("x y"));
        assert_eq!(settings.get("statement_timeout"), Some("5000"));
        assert_eq!(settings.get("work_mem"), Some("1024"));
        assert_eq!(settings.get("application_name"), Some("psql"));
        assert_eq!(startup.negotiation(), None);
    }

    #[test]
    fn newer_minors_and_unknown_options_are_negotiated() {
        assert_eq!(startup(0x3_0002, b"user\0a\0\0").negotiation(), None);
        assert!(startup(0x3_0002, b"user\0a\0\0").takes_long_key());
        assert_eq!(startup(0x3_270f, b"user\0a\0\0").negotiation(), Some((0x3_0002, vec![])));
        let options = startup(0x3_0000, b"user\0a\0_pq_.x\0on\0\0").negotiation();
        assert_eq!(options, Some((0x3_0000, vec!["_pq_.x".to_owned()])));
    }

    #[test]
    fn other_protocols_are_refused() {
        let error = packet(0x2_0000, b"").unwrap_err();
        assert_eq!(error.code, "0A000");
        assert_eq!(error.message, "unsupported frontend protocol 2.0: server supports 3.0 to 3.2");
        let again = decode(&80_877_103_u32.to_be_bytes(), true, false).unwrap_err();
        assert_eq!(again.code, "0A000");
    }

    #[test]
    fn encryption_and_cancel_requests() {
        assert_eq!(packet(80_877_103, b""), Ok(Packet::Ssl));
        assert_eq!(packet(80_877_104, b""), Ok(Packet::GssEnc));
        let cancel = packet(80_877_102, b"\0\0\0\x07abcd");
        assert_eq!(cancel, Ok(Packet::Cancel { pid: 7, secret: b"abcd".to_vec() }));
        assert_eq!(packet(80_877_102, b"\0\0").unwrap_err().code, "08P01");
    }

    #[test]
    fn a_layout_that_is_wrong_says_so() {
        for bad in [&b""[..], b"user", b"user\0ana", b"user\0ana\0", b"user\0ana\0\0x", b"\0x"] {
            assert_eq!(packet(0x3_0000, bad).unwrap_err().code, "08P01", "{bad:?}");
        }
        assert_eq!(packet(0x3_0000, b"\0").unwrap_err().code, "28000");
        assert_eq!(packet(0x3_0000, b"user\0\xff\0\0").unwrap_err().code, "22021");
    }

    #[test]
    fn options_that_are_no_settings_are_refused() {
        assert_eq!(parse_options("-c work_mem").unwrap_err().message, "-c work_mem requires a value");
        assert_eq!(parse_options("-d 5").unwrap_err().code, "42601");
        assert_eq!(parse_options("-c").unwrap_err().code, "42601");
        let startup = startup(0x3_0000, b"user\0a\0nonsense\0x\0\0");
        let unknown = startup.apply(Settings::new("a")).unwrap_err();
        assert_eq!(unknown.message, "unrecognized configuration parameter \"nonsense\"");
    }
}
