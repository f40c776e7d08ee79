//! What a server answers to a statement, and whether two answers say the same.

use super::data::Cell;
use crate::raw::{Message, Raw, about, bind, execute, parse, sync};

/// Rows, or an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Rows { names: Vec<String>, rows: Vec<Vec<Cell>> },
    Failed { code: String, message: String },
}

/// How a statement is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Simple,
    Extended,
    /// Extended, a few rows at a time.
    Portions,
    /// As a file's contents, of which the rows are read again.
    Copy,
    /// Through a declared cursor, a few rows at a time.
    Cursor,
}

pub const WAYS: [Way; 5] = [Way::Simple, Way::Extended, Way::Portions, Way::Copy, Way::Cursor];
const PORTION: u32 = 3;

/// Runs a statement to its end.
pub fn ask(session: &mut Raw, sql: &str, way: Way) -> Answer {
    let messages = match way {
        Way::Simple => session.query(sql),
        Way::Extended => {
            let statement = [parse("", sql), bind("", "", &[], false), about(b'D', b'P', ""), execute("", 0), sync()];
            session.send(&statement.concat());
            session.until_ready()
        }
        Way::Portions => portions(session, sql),
        Way::Copy => return copied(&session.query(&format!("COPY ({sql}) TO STDOUT (HEADER)"))),
        Way::Cursor => fetched(session, sql),
    };
    answer(&messages)
}

/// Every message of a statement's answer that is fetched through a cursor a few rows at a time.
pub(super) fn fetched(session: &mut Raw, sql: &str) -> Vec<Message> {
    session.query("BEGIN");
    let mut messages = session.query(&format!("DECLARE portion CURSOR FOR {sql}"));
    let whole = format!("FETCH {PORTION}");
    loop {
        let failed = messages.iter().any(|message| message.tag == 'E');
        let done = messages.iter().rfind(|message| message.tag == 'C').is_some_and(|m| {
            let tag = m.text();
            tag.starts_with("FETCH") && tag != whole
        });
        if failed || done {
            messages.extend(session.query("ROLLBACK"));
            return messages;
        }
        messages.extend(session.query(&format!("{whole} FROM portion")));
    }
}

/// The rows of COPY's text format, whose first line names the columns.
fn copied(messages: &[Message]) -> Answer {
    if messages.iter().any(|message| message.tag == 'E') {
        return answer(messages);
    }
    let lines = messages.iter().filter(|message| message.tag == 'd');
    let mut rows = lines.map(|line| {
        let text = std::str::from_utf8(&line.body).expect("text in UTF-8");
        let cells = text.strip_suffix('\n').expect("a line").split('\t');
        cells.map(|cell| (cell != "\\N").then(|| unescaped(cell))).collect::<Vec<Cell>>()
    });
    let names = rows.next().unwrap_or_default().into_iter().map(Option::unwrap_or_default).collect();
    Answer::Rows { names, rows: rows.collect() }
}

fn unescaped(cell: &str) -> String {
    let mut text = String::new();
    let mut rest = cell.chars();
    while let Some(letter) = rest.next() {
        text.push(match letter {
            '\\' => match rest.next().expect("what is escaped") {
                'b' => '\x08',
                'f' => '\x0c',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'v' => '\x0b',
                other => other,
            },
            other => other,
        });
    }
    text
}

/// Every message of a statement's answer that is asked for a few rows at a time.
pub(super) fn portions(session: &mut Raw, sql: &str) -> Vec<Message> {
    session.send(&[parse("", sql), bind("", "", &[], false), about(b'D', b'P', "")].concat());
    let mut messages = Vec::new();
    loop {
        session.send(&[execute("", PORTION), crate::raw::flush()].concat());
        let mut last = ' ';
        // Until the portion's end: suspended, complete, or failed.
        while !matches!(last, 's' | 'C' | 'E') {
            let message = session.receive().expect("an answer in time").expect("an open connection");
            last = message.tag;
            messages.push(message);
        }
        if last != 's' {
            session.send(&sync());
            messages.extend(session.until_ready());
            return messages;
        }
    }
}

fn answer(messages: &[Message]) -> Answer {
    if let Some(error) = messages.iter().find(|message| message.tag == 'E') {
        let field = |code| error.field(code).unwrap_or_default();
        return Answer::Failed { code: field('C'), message: field('M') };
    }
    let names = messages.iter().find(|message| message.tag == 'T').map(names).unwrap_or_default();
    let text = |value: Option<Vec<u8>>| value.map(|bytes| String::from_utf8(bytes).expect("text in UTF-8"));
    let rows = messages.iter().filter(|message| message.tag == 'D');
    let rows = rows.map(|message| message.values().into_iter().map(text).collect()).collect();
    Answer::Rows { names, rows }
}

/// The column names of a RowDescription: each is followed by 18 bytes about the column.
fn names(description: &Message) -> Vec<String> {
    let mut rest = &description.body[2..];
    let mut names = Vec::new();
    while let Some(end) = rest.iter().position(|byte| *byte == 0) {
        names.push(String::from_utf8_lossy(&rest[..end]).into_owned());
        rest = &rest[end + 19..];
    }
    names
}

impl Answer {
    /// The same answer, rows without an order sorted.
    pub fn sorted(mut self, is_ordered: bool) -> Self {
        if let Answer::Rows { rows, .. } = &mut self
            && !is_ordered
        {
            rows.sort_unstable();
        }
        self
    }

    /// The SQLSTATE of an error.
    pub fn code(&self) -> Option<&str> {
        match self {
            Answer::Failed { code, .. } => Some(code),
            Answer::Rows { .. } => None,
        }
    }

    /// Lines to be read.
    pub fn text(&self) -> String {
        match self {
            Answer::Failed { code, message } => format!("  {code}: {message}"),
            Answer::Rows { names, rows } => {
                let row = |row: &Vec<Cell>| {
                    let cells: Vec<&str> = row.iter().map(|cell| cell.as_deref().unwrap_or("∅")).collect();
                    format!("  {}", cells.join("|"))
                };
                let lines: Vec<String> = rows.iter().take(30).map(row).collect();
                format!("  {} ({} rows)\n{}", names.join("|"), rows.len(), lines.join("\n"))
            }
        }
    }
}
