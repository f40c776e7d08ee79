//! All that a server says to a client who asks: every message, byte for byte, but for what [`Heard::comparable`] leaves
//! out.

use super::answer::{fetched, portions};
use crate::raw::{Message, Raw, about, bind, execute, parse, sync};

/// How a statement is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Simple,
    Extended,
    /// Extended, with results in binary.
    Binary,
    /// Extended, described before it is bound, and executed twice.
    Prepared,
    /// Extended, a few rows at a time.
    Portions,
    /// As a file's contents in text.
    Copy,
    /// The same in binary, extended.
    CopyBinary,
    /// Through a declared cursor, a few rows at a time.
    Cursor,
    Explain,
    ExplainOptimized,
    ExplainPermitted,
    ExplainAnalyze,
}

/// The ways that run a statement.
pub const RUNS: [Way; 9] = [
    Way::Simple,
    Way::Extended,
    Way::Binary,
    Way::Prepared,
    Way::Portions,
    Way::Copy,
    Way::CopyBinary,
    Way::Cursor,
    Way::ExplainAnalyze,
];
/// The ways that only plan it.
pub const PLANS: [Way; 3] = [Way::Explain, Way::ExplainOptimized, Way::ExplainPermitted];

/// What a statement says of the order of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Total,
    None,
    /// LIMIT without ORDER BY: any so many rows.
    Some,
}

/// Answers to a statement, and to SHOW weir.receipt after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    pub answer: Vec<Message>,
    pub receipt: Vec<Message>,
    way: Way,
}

/// Sends a statement, and hears what the server says to it.
pub fn hear(session: &mut Raw, sql: &str, way: Way) -> Heard {
    // Else a statement that reads nothing leaves the receipt of the one before.
    session.query("DISCARD ALL");
    let answer = match way {
        Way::Simple => session.query(sql),
        Way::Extended | Way::Binary => {
            let bound = bind("", "", &[], way == Way::Binary);
            session.send(&[parse("", sql), bound, about(b'D', b'P', ""), execute("", 0), sync()].concat());
            session.until_ready()
        }
        Way::Prepared => {
            let run = [bind("", "", &[], false), execute("", 0)].concat();
            session.send(&[parse("", sql), about(b'D', b'S', ""), run.clone(), run, sync()].concat());
            session.until_ready()
        }
        Way::Portions => portions(session, sql),
        Way::Copy => session.query(&format!("COPY ({sql}) TO STDOUT")),
        Way::CopyBinary => {
            let copy = format!("COPY ({sql}) TO STDOUT (FORMAT binary)");
            session.send(&[parse("", &copy), bind("", "", &[], false), execute("", 0), sync()].concat());
            session.until_ready()
        }
        Way::Cursor => fetched(session, sql),
        Way::Explain => session.query(&format!("EXPLAIN {sql}")),
        Way::ExplainOptimized => session.query(&format!("EXPLAIN (STAGE optimized) {sql}")),
        Way::ExplainPermitted => session.query(&format!("EXPLAIN (STAGE permitted) {sql}")),
        Way::ExplainAnalyze => session.query(&format!("EXPLAIN ANALYZE {sql}")),
    };
    Heard { answer, receipt: session.query("SHOW weir.receipt"), way }
}

/// Items of a receipt that differ from run to run, or that say that something was written to a source: when, which
/// statement, under which files (they hold salts), and which version of what.
const OF_EACH_RUN: [&str; 5] = ["policy_version", "query_id", "time", "duration_ms", "snapshot"];
/// Items that depend on how many rows were on their way when a statement failed.
const UNTIL_FAILURE: [&str; 2] = ["rows", "bytes"];

impl Way {
    fn is_explain(self) -> bool {
        self == Way::ExplainAnalyze || PLANS.contains(&self)
    }
}

impl Heard {
    /// What must be the same whatever is hidden. All that may differ is accepted here, and nowhere else:
    ///
    /// - The order of rows where there is no ORDER BY, and which rows a LIMIT without ORDER BY leaves: hidden rows part
    ///   those that show into other files, blocks and batches.
    /// - How many rows come before an error, and which of the values that show an error names, if several fail: the same.
    /// - Where files lie, and how long the parts of a plan took, in plans that are shown since nothing is hidden in any
    ///   of their tables.
    /// - [`OF_EACH_RUN`], [`UNTIL_FAILURE`].
    /// - Twins never differ in what makes a rule itself fail: that fails the statement, which says that there is such a row,
    ///   but not what it holds.
    /// - `_offset` of a topic's rows counts hidden rows, which is what it is for: twins keep the places of rows for whoever
    ///   sees it.
    pub fn comparable(&self, order: Order) -> Vec<Message> {
        let failed = self.code().is_some();
        let mut answer: Vec<Message> = match failed {
            true => self.answer.iter().filter(|m| matches!(m.tag, 'E' | 'Z')).map(nameless).collect(),
            false if self.way.is_explain() => self.answer.iter().map(steady).collect(),
            false => self.answer.clone(),
        };
        if order != Order::Total && !self.way.is_explain() {
            sort_rows(&mut answer);
        }
        let varies = |item: &str| {
            OF_EACH_RUN.contains(&item)
                || failed && (UNTIL_FAILURE.contains(&item) || item == "message")
                || (self.way.is_explain() || order == Order::Some) && item == "bytes"
        };
        if order == Order::Some && !self.way.is_explain() {
            answer.retain(|message| !is_row(message));
        }
        // The count of a receipt's items is in the message behind them.
        let receipt = self.receipt.iter().filter(|message| message.tag != 'C' && !varies(&item(message)));
        answer.into_iter().chain(receipt.cloned()).collect()
    }

    /// Whether a text stands in any message.
    pub fn holds(&self, text: &str) -> bool {
        let holds = |message: &Message| message.body.windows(text.len()).any(|part| part == text.as_bytes());
        self.answer.iter().chain(&self.receipt).any(holds)
    }

    /// The SQLSTATE of an error.
    pub fn code(&self) -> Option<String> {
        self.answer.iter().find(|message| message.tag == 'E').and_then(|error| error.field('C'))
    }

    pub fn has_rows(&self) -> bool {
        self.answer.iter().any(is_row)
    }
}

/// An error without the value that it names: `type integer: "x"`, `cannot cast string 'x'`.
fn nameless(message: &Message) -> Message {
    let text = String::from_utf8_lossy(&message.body);
    let between = |start: &str, end: char| {
        let (before, rest) = text.split_once(start)?;
        Some(format!("{before}@{}", rest.rsplit_once(end)?.1))
    };
    match between(": \"", '"').or_else(|| between("string '", '\'')) {
        Some(text) if message.tag == 'E' => Message { tag: 'E', body: text.into_bytes() },
        _ => message.clone(),
    }
}

/// A line of a plan without the places of files and without its metrics.
fn steady(message: &Message) -> Message {
    let text = String::from_utf8_lossy(&message.body);
    let line = text.split_once(", metrics=[").map_or(&*text, |(line, _)| line);
    if message.tag != 'D' || !line.contains("Exec") {
        return message.clone();
    }
    let parts = line.split("/.tmp").enumerate().map(|(number, part)| match number {
        0 => part,
        _ => part.split_once('/').map_or(part, |(_, path)| path),
    });
    // Without the count and the length before the text.
    Message { tag: 'D', body: parts.collect::<Vec<_>>().join("@").into_bytes().split_off(6) }
}

/// Sorts the rows, wherever other messages stand between them.
fn sort_rows(messages: &mut [Message]) {
    let mut bodies: Vec<Vec<u8>> = messages.iter().filter(|m| is_row(m)).map(|message| message.body.clone()).collect();
    bodies.sort_unstable();
    let places = messages.iter_mut().filter(|message| is_row(message));
    places.zip(bodies).for_each(|(message, body)| message.body = body);
}

/// DataRow, or CopyData.
fn is_row(message: &Message) -> bool {
    matches!(message.tag, 'D' | 'd')
}

/// The first field of a receipt's row.
fn item(message: &Message) -> String {
    let first = (message.tag == 'D').then(|| message.values().into_iter().next().flatten()).flatten();
    first.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// Messages to be read, one on a line.
pub fn text(messages: &[Message]) -> String {
    let line = |message: &Message| match message.tag {
        'D' => {
            let cell = |cell: Option<Vec<u8>>| cell.map_or("∅".into(), |c| String::from_utf8_lossy(&c).into_owned());
            format!("  {}", message.values().into_iter().map(cell).collect::<Vec<_>>().join("|"))
        }
        tag => format!("  {tag} {:?}", String::from_utf8_lossy(&message.body)),
    };
    messages.iter().take(40).map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(tag: char, body: &str) -> Message {
        Message { tag, body: body.as_bytes().to_vec() }
    }

    fn heard(way: Way, answer: &[(char, &str)]) -> Heard {
        let answer = answer.iter().map(|(tag, body)| message(*tag, body)).collect();
        Heard { answer, receipt: Vec::new(), way }
    }

    #[test]
    fn only_what_is_accepted_is_left_out() {
        let same = |one: &Heard, other: &Heard, order| one.comparable(order) == other.comparable(order);
        let (one, other) = ([('D', "1"), ('D', "2"), ('Z', "I")], [('D', "2"), ('D', "1"), ('Z', "I")]);
        let (one, other) = (heard(Way::Simple, &one), heard(Way::Simple, &other));
        assert!(same(&one, &other, Order::None) && !same(&one, &other, Order::Total));
        let error = |text: &str| heard(Way::Simple, &[('D', "1"), ('E', text)]);
        let (one, other) = (error("C22P02\0Mno number: \"a\"\0"), error("C22P02\0Mno number: \"b\"\0"));
        assert!(same(&one, &other, Order::Total));
        assert!(!same(&one, &error("C22P02\0Mno integer: \"b\"\0"), Order::Total));
        assert!(!same(&one, &error("C22012\0Mno number: \"a\"\0"), Order::Total));
        let plan = |line: &str| heard(Way::ExplainOptimized, &[('D', &format!("......{line}"))]);
        let (one, other) =
            (plan("ScanExec: [tmp/.tmpa/lake/t1]"), plan("ScanExec: [tmp/.tmpb/lake/t1], metrics=[x=1]"));
        assert!(same(&one, &other, Order::Total));
        assert!(!same(&one, &plan("ScanExec: [tmp/.tmpa/lake/t2]"), Order::Total));
    }
}
