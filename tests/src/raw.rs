//! A client of the wire protocol that sends any bytes and shows every message that comes back: what drivers hide.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use postgres_protocol::authentication::sasl::{ChannelBinding, SCRAM_SHA_256, ScramSha256};

use crate::run;

/// Protocol version 3.0, as the startup message carries it.
pub const VERSION_3: i32 = 196_608;
/// In place of a version: asks to cancel what another session runs.
pub const CANCEL: i32 = 80_877_102;
/// In place of a version: asks for TLS.
pub const SSL: i32 = 80_877_103;

/// A server that hangs fails the test instead of hanging it.
const PATIENCE: Duration = Duration::from_secs(60);

/// One message of the server: its type byte, and its body without the length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub tag: char,
    pub body: Vec<u8>,
}

/// A connection, logged in or not.
#[derive(Debug)]
pub struct Raw {
    stream: TcpStream,
    /// What the server reported on login and since.
    pub parameters: BTreeMap<String, String>,
    /// Process id and secret key for [`cancel`].
    pub key: Option<Vec<u8>>,
}

impl Raw {
    /// Connects, and sends nothing.
    pub fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
        stream.set_write_timeout(Some(PATIENCE)).expect("a socket");
        stream.set_nodelay(true).expect("a socket");
        Self { stream, parameters: BTreeMap::new(), key: None }
    }

    /// Connects and logs in; the server is ready for a query.
    pub fn login(port: u16, user: &str, password: &str, database: &str) -> Self {
        let attempt = || {
            let mut raw = Self::connect(port);
            let end = raw.authenticate(&[("user", user), ("database", database)], password);
            (raw, end)
        };
        let starting = |end: &[Message]| end.iter().any(|m| m.tag == 'E' && m.field('C').as_deref() == Some("57P03"));
        let (raw, end) =
            run::wait_for("the server to have started", PATIENCE, || Some(attempt()).filter(|(_, end)| !starting(end)));
        assert_eq!(end.last().map(|m| m.tag), Some('Z'), "login of {user}: {end:?}");
        raw
    }

    /// Sends the startup message and answers whatever authentication is asked for. Gives all messages up to
    /// ReadyForQuery, or to the error that ends the attempt.
    pub fn authenticate(&mut self, parameters: &[(&str, &str)], password: &str) -> Vec<Message> {
        self.send(&startup(VERSION_3, parameters));
        let mut scram = ScramSha256::new(password.as_bytes(), ChannelBinding::unsupported());
        let mut seen = Vec::new();
        while let Ok(Some(message)) = self.receive() {
            match (message.tag, message.body.get(..4)) {
                ('R', Some([0, 0, 0, 10])) => self.send(&sasl_initial(scram.message())),
                ('R', Some([0, 0, 0, 11])) => match scram.update(&message.body[4..]) {
                    Ok(()) => self.send(&framed(b'p', scram.message())),
                    Err(e) => panic!("SCRAM: {e}"),
                },
                ('R', Some([0, 0, 0, 12])) => scram.finish(&message.body[4..]).expect("the server proves itself"),
                _ => {}
            }
            let last = matches!(message.tag, 'E' | 'Z');
            seen.push(message);
            if last {
                break;
            }
        }
        seen
    }

    /// Sends bytes as they are.
    pub fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("the server takes what is sent");
    }

    /// Sends bytes to a server that may have closed the connection, as it should on some of them.
    pub fn try_send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// Says that nothing more will be sent; still reads.
    pub fn half_close(&mut self) {
        self.stream.shutdown(std::net::Shutdown::Write).expect("a socket");
    }

    /// The next message; `None` when the server has closed the connection.
    pub fn receive(&mut self) -> io::Result<Option<Message>> {
        let mut head = [0; 5];
        match self.stream.read_exact(&mut head) {
            Ok(()) => {}
            Err(e) if closed(&e) => return Ok(None),
            Err(e) => return Err(e),
        }
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
        let mut body = vec![0; length - 4];
        self.stream.read_exact(&mut body)?;
        let message = Message { tag: char::from(head[0]), body };
        match message.tag {
            'S' => self.note_parameter(&message),
            'K' => self.key = Some(message.body.clone()),
            _ => {}
        }
        Ok(Some(message))
    }

    /// One byte, as the answer to a request for TLS.
    pub fn receive_byte(&mut self) -> Option<u8> {
        let mut byte = [0];
        self.stream.read_exact(&mut byte).ok().map(|()| byte[0])
    }

    /// All bytes up to the end of the connection.
    pub fn rest(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.stream.read_to_end(&mut bytes).expect("the server closes the connection");
        bytes
    }

    /// All messages up to and with ReadyForQuery, or to the end of the connection.
    pub fn until_ready(&mut self) -> Vec<Message> {
        self.until('Z')
    }

    /// All messages up to and with the first `tag`, or to the end of the connection.
    pub fn until(&mut self, tag: char) -> Vec<Message> {
        let mut seen = Vec::new();
        while let Some(message) = self.receive().expect("the server answers in time") {
            let last = message.tag == tag;
            seen.push(message);
            if last {
                break;
            }
        }
        seen
    }

    /// Runs SQL by the simple protocol.
    pub fn query(&mut self, sql: &str) -> Vec<Message> {
        self.send(&query(sql));
        self.until_ready()
    }

    /// Whether the server closes the connection, without a word or after one.
    pub fn ends(&mut self) -> bool {
        loop {
            match self.receive() {
                Ok(Some(_)) => {}
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    }

    fn note_parameter(&mut self, message: &Message) {
        let mut parts = message.body.split(|byte| *byte == 0).map(|part| String::from_utf8_lossy(part).into_owned());
        if let (Some(name), Some(value)) = (parts.next(), parts.next()) {
            self.parameters.insert(name, value);
        }
    }
}

impl Message {
    /// A field of an ErrorResponse or NoticeResponse: `C` SQLSTATE, `M` message, `P` position, `D` detail, `H` hint.
    pub fn field(&self, code: char) -> Option<String> {
        let fields = self.body.split(|byte| *byte == 0).filter(|field| !field.is_empty());
        fields
            .map(|field| String::from_utf8_lossy(field).into_owned())
            .find_map(|field| field.strip_prefix(code).map(str::to_owned))
    }

    /// The fields of a DataRow.
    pub fn values(&self) -> Vec<Option<Vec<u8>>> {
        let count = u16::from_be_bytes([self.body[0], self.body[1]]);
        let mut rest = &self.body[2..];
        let mut values = Vec::new();
        for _ in 0..count {
            let (length, after) = rest.split_at(4);
            let length = i32::from_be_bytes([length[0], length[1], length[2], length[3]]);
            let (value, after) = after.split_at(usize::try_from(length).unwrap_or(0));
            values.push((length >= 0).then(|| value.to_vec()));
            rest = after;
        }
        values
    }

    /// The body as text without its closing zero, as of CommandComplete or ReadyForQuery.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).trim_end_matches('\0').to_owned()
    }
}

/// The types of messages in order, such as `TDDCZ`.
pub fn tags(messages: &[Message]) -> String {
    messages.iter().map(|message| message.tag).collect()
}

/// The first error among messages.
pub fn error(messages: &[Message]) -> &Message {
    messages.iter().find(|message| message.tag == 'E').unwrap_or_else(|| panic!("no error in {}", tags(messages)))
}

/// Asks the server to cancel what the session with this key runs.
pub fn cancel(port: u16, key: &[u8]) {
    let mut raw = Raw::connect(port);
    let mut body = CANCEL.to_be_bytes().to_vec();
    body.extend_from_slice(key);
    raw.send(&unframed(&body));
    assert!(raw.ends(), "a cancel request is answered by closing its connection");
}

/// A startup message.
pub fn startup(version: i32, parameters: &[(&str, &str)]) -> Vec<u8> {
    let mut body = version.to_be_bytes().to_vec();
    for text in parameters.iter().flat_map(|(name, value)| [name, value]) {
        zero_ended(&mut body, text);
    }
    body.push(0);
    unframed(&body)
}

/// A message without a type byte: only its length is put before it.
pub fn unframed(body: &[u8]) -> Vec<u8> {
    let mut bytes = length(body).to_vec();
    bytes.extend_from_slice(body);
    bytes
}

/// A message with its type byte and length.
pub fn framed(tag: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    bytes.extend_from_slice(&unframed(body));
    bytes
}

/// Query.
pub fn query(sql: &str) -> Vec<u8> {
    let mut body = Vec::new();
    zero_ended(&mut body, sql);
    framed(b'Q', &body)
}

/// Parse, with no parameter types given.
pub fn parse(statement: &str, sql: &str) -> Vec<u8> {
    let mut body = Vec::new();
    zero_ended(&mut body, statement);
    zero_ended(&mut body, sql);
    body.extend_from_slice(&[0, 0]);
    framed(b'P', &body)
}

/// Bind, with text parameters; results in text, or in binary.
pub fn bind(portal: &str, statement: &str, values: &[Option<&str>], binary: bool) -> Vec<u8> {
    let mut body = Vec::new();
    zero_ended(&mut body, portal);
    zero_ended(&mut body, statement);
    body.extend_from_slice(&[0, 0]);
    body.extend_from_slice(&(values.len() as u16).to_be_bytes());
    for value in values {
        match value {
            Some(text) => {
                body.extend_from_slice(&(text.len() as u32).to_be_bytes());
                body.extend_from_slice(text.as_bytes());
            }
            None => body.extend_from_slice(&(-1_i32).to_be_bytes()),
        }
    }
    body.extend_from_slice(&[0, 1, 0, u8::from(binary)]);
    framed(b'B', &body)
}

/// Describe (`D`) or Close (`C`) of a statement (`S`) or a portal (`P`).
pub fn about(tag: u8, kind: u8, name: &str) -> Vec<u8> {
    let mut body = vec![kind];
    zero_ended(&mut body, name);
    framed(tag, &body)
}

/// Execute; 0 rows: all.
pub fn execute(portal: &str, rows: u32) -> Vec<u8> {
    let mut body = Vec::new();
    zero_ended(&mut body, portal);
    body.extend_from_slice(&rows.to_be_bytes());
    framed(b'E', &body)
}

/// Sync.
pub fn sync() -> Vec<u8> {
    framed(b'S', &[])
}

/// Flush.
pub fn flush() -> Vec<u8> {
    framed(b'H', &[])
}

fn sasl_initial(first: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    zero_ended(&mut body, SCRAM_SHA_256);
    body.extend_from_slice(&(first.len() as u32).to_be_bytes());
    body.extend_from_slice(first);
    framed(b'p', &body)
}

fn zero_ended(body: &mut Vec<u8>, text: &str) {
    body.extend_from_slice(text.as_bytes());
    body.push(0);
}

fn length(body: &[u8]) -> [u8; 4] {
    (body.len() as u32 + 4).to_be_bytes()
}

fn closed(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe)
}
