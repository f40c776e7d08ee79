//! What clients send, decoded from one message's body without copying.
//!
//! A body that ends early, goes on too long or isn't UTF-8 gets PostgreSQL's own errors.

use bytes::Bytes;

use crate::sqlstate::{SqlError, code};

/// `Parse`: a statement to keep under a name (empty: the unnamed one).
#[derive(Debug, PartialEq, Eq)]
pub struct Parse<'a> {
    pub name: &'a str,
    pub query: &'a str,
    /// OIDs of the leading parameters' types; 0: to be inferred.
    pub parameter_oids: Vec<u32>,
}

/// `Bind`: a portal over a kept statement.
#[derive(Debug, PartialEq, Eq)]
pub struct Bind<'a> {
    pub portal: &'a str,
    pub statement: &'a str,
    pub parameter_formats: Vec<i16>,
    /// `None`: NULL.
    pub parameters: Vec<Option<&'a [u8]>>,
    pub result_formats: Vec<i16>,
}

/// What `Describe` and `Close` speak of.
#[derive(Debug, PartialEq, Eq)]
pub enum Target<'a> {
    Statement(&'a str),
    Portal(&'a str),
}

/// `Execute`: run a portal, for at most `max_rows` rows (0: all).
#[derive(Debug, PartialEq, Eq)]
pub struct Execute<'a> {
    pub portal: &'a str,
    pub max_rows: usize,
}

/// The text of a simple `Query`.
pub fn query(body: &[u8]) -> Result<&str, SqlError> {
    let mut reader = Reader::new(body);
    let text = reader.text()?;
    reader.end().map(|()| text)
}

pub fn parse(body: &[u8]) -> Result<Parse<'_>, SqlError> {
    let mut reader = Reader::new(body);
    let (name, query) = (reader.text()?, reader.text()?);
    let parameter_oids = reader.list(Reader::u32)?;
    reader.end().map(|()| Parse { name, query, parameter_oids })
}

pub fn bind(body: &[u8]) -> Result<Bind<'_>, SqlError> {
    let mut reader = Reader::new(body);
    let (portal, statement) = (reader.text()?, reader.text()?);
    let parameter_formats = reader.list(Reader::i16)?;
    let parameters = reader.list(Reader::value)?;
    let result_formats = reader.list(Reader::i16)?;
    reader.end().map(|()| Bind { portal, statement, parameter_formats, parameters, result_formats })
}

/// The target of a `Describe` or `Close`, which `message` names for the error.
pub fn target<'a>(body: &'a [u8], message: &str) -> Result<Target<'a>, SqlError> {
    let mut reader = Reader::new(body);
    let kind = reader.take(1)?[0];
    let name = reader.text()?;
    reader.end()?;
    match kind {
        b'S' => Ok(Target::Statement(name)),
        b'P' => Ok(Target::Portal(name)),
        _ => Err(violation(format!("invalid {message} message subtype {kind}"))),
    }
}

pub fn execute(body: &[u8]) -> Result<Execute<'_>, SqlError> {
    let mut reader = Reader::new(body);
    let portal = reader.text()?;
    let limit = reader.i32()?;
    // A negative limit means all rows, as it does to PostgreSQL.
    reader.end().map(|()| Execute { portal, max_rows: usize::try_from(limit).unwrap_or(0) })
}

/// A message that carries nothing: `Sync`, `Flush`.
pub fn nothing(body: &[u8]) -> Result<(), SqlError> {
    Reader::new(body).end()
}

/// `SASLInitialResponse`: the mechanism chosen and the client's first message, if it comes along.
pub fn sasl_initial(body: &Bytes) -> Result<(&str, Option<&[u8]>), SqlError> {
    let mut reader = Reader::new(body);
    let mechanism = reader.text()?;
    let first = reader.value()?;
    reader.end().map(|()| (mechanism, first))
}

/// Reads one message's body from front to back.
#[derive(Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn new(body: &'a [u8]) -> Self {
        Self { rest: body }
    }

    /// Text up to the next zero byte.
    pub fn text(&mut self) -> Result<&'a str, SqlError> {
        let end = self.rest.iter().position(|&byte| byte == 0).ok_or_else(|| violation("invalid string in message"))?;
        let (text, rest) = self.rest.split_at(end);
        self.rest = &rest[1..];
        std::str::from_utf8(text).map_err(|error| not_utf8(text, error.valid_up_to()))
    }

    pub fn take(&mut self, count: usize) -> Result<&'a [u8], SqlError> {
        let (taken, rest) =
            self.rest.split_at_checked(count).ok_or_else(|| violation("insufficient data left in message"))?;
        self.rest = rest;
        Ok(taken)
    }

    pub fn i16(&mut self) -> Result<i16, SqlError> {
        self.take(2).map(|b| i16::from_be_bytes([b[0], b[1]]))
    }

    pub fn u32(&mut self) -> Result<u32, SqlError> {
        self.take(4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]))
    }

    pub fn i32(&mut self) -> Result<i32, SqlError> {
        self.take(4).map(|b| i32::from_be_bytes([b[0], b[1], b[2], b[3]]))
    }

    /// A length and as many bytes; length -1: `None`.
    pub fn value(&mut self) -> Result<Option<&'a [u8]>, SqlError> {
        match self.i32()? {
            -1 => Ok(None),
            length => {
                let length = usize::try_from(length).map_err(|_| violation("invalid message format"))?;
                self.take(length).map(Some)
            }
        }
    }

    /// A 16-bit count and as many items. The count alone allocates nothing.
    pub fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T, SqlError>) -> Result<Vec<T>, SqlError> {
        let count = self.take(2).map(|b| u16::from_be_bytes([b[0], b[1]]))?;
        (0..count).map(|_| item(self)).collect()
    }

    /// Nothing may be left.
    pub fn end(&self) -> Result<(), SqlError> {
        if self.rest.is_empty() { Ok(()) } else { Err(violation("invalid message format")) }
    }
}

fn violation(message: impl Into<String>) -> SqlError {
    SqlError::new(code::PROTOCOL_VIOLATION, message)
}

/// Names the bytes of the character that is wrong, as PostgreSQL does.
fn not_utf8(text: &[u8], at: usize) -> SqlError {
    let announced = match text[at] {
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => 1,
    };
    let bytes: Vec<String> = text[at..].iter().take(announced).map(|byte| format!("0x{byte:02x}")).collect();
    SqlError::new(
        code::CHARACTER_NOT_IN_REPERTOIRE,
        format!("invalid byte sequence for encoding \"UTF8\": {}", bytes.join(" ")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_the_extended_messages() {
        let body = b"s\0SELECT $1\0\0\x01\0\0\0\x17";
        assert_eq!(parse(body).unwrap(), Parse { name: "s", query: "SELECT $1", parameter_oids: vec![23] });
        let body = b"p\0s\0\0\x01\0\x01\0\x02\0\0\0\x01x\xff\xff\xff\xff\0\0";
        let bind = bind(body).unwrap();
        assert_eq!((bind.portal, bind.statement), ("p", "s"));
        assert_eq!(bind.parameters, vec![Some(&b"x"[..]), None]);
        assert_eq!(execute(b"\0\0\0\0\x05").unwrap(), Execute { portal: "", max_rows: 5 });
        assert_eq!(execute(b"\0\xff\xff\xff\xff").unwrap().max_rows, 0);
    }

    #[test]
    fn every_cut_of_a_message_is_an_error() {
        let body: &[u8] = b"p\0s\0\0\x01\0\x01\0\x02\0\0\0\x01x\xff\xff\xff\xff\0\x01\0\0";
        for end in 0..body.len() {
            assert_eq!(bind(&body[..end]).unwrap_err().code, "08P01", "cut at {end}");
        }
        assert!(bind(body).is_ok());
        assert_eq!(bind(&[body, b"!"].concat()).unwrap_err().message, "invalid message format");
    }

    #[test]
    fn a_huge_length_is_an_error() {
        let body = b"\0\0\0\0\0\x01\x7f\xff\xff\xff\0\0";
        assert_eq!(bind(body).unwrap_err().message, "insufficient data left in message");
        let body = b"\0\0\0\0\0\x01\x80\0\0\0\0\0";
        assert_eq!(bind(body).unwrap_err().message, "invalid message format");
    }

    #[test]
    fn text_must_be_utf8() {
        let error = query(b"SELECT '\xe9t\xe9'\0").unwrap_err();
        assert_eq!(error.code, "22021");
        assert_eq!(error.message, "invalid byte sequence for encoding \"UTF8\": 0xe9 0x74 0xe9");
    }

    #[test]
    fn describes_name_their_subtype() {
        assert_eq!(target(b"Sx\0", "DESCRIBE").unwrap(), Target::Statement("x"));
        assert_eq!(target(b"?x\0", "DESCRIBE").unwrap_err().message, "invalid DESCRIBE message subtype 63");
    }
}
