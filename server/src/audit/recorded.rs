//! Reads an audit log back: which statements succeeded, for whom, and how often.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Outcome;

/// Records hold whole statements; most lines fit.
const BUFFER_BYTES: usize = 1 << 18;

/// Why a log can't be read.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error("audit log {}: {error}", path.display())]
    Read { path: PathBuf, error: std::io::Error },
    /// The line itself isn't told: it may hold anything.
    #[error(
        "{}:{line}:{column}: expected a record of the audit log, one line of JSON with principal, statement and outcome",
        path.display()
    )]
    Broken { path: PathBuf, line: u64, column: usize },
}

/// What succeeded.
#[derive(Debug, Default)]
pub struct Recorded {
    /// By principal each statement, with how often it is on record.
    pub statements: BTreeMap<String, BTreeMap<String, u64>>,
    /// Number of the last line, if it was left out: it isn't whole, as the log is being written.
    pub cut_off: Option<u64>,
}

/// What is needed of a record. Nothing else has to be understood, so logs of other versions can be read.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    principal: Cow<'a, str>,
    #[serde(borrow)]
    statement: Cow<'a, str>,
    #[serde(borrow)]
    outcome: Cow<'a, str>,
}

/// Reads a log, line by line.
pub fn read(path: &Path) -> Result<Recorded, LogError> {
    let file = File::open(path).map_err(|error| LogError::Read { path: path.to_owned(), error })?;
    collect(path, BufReader::with_capacity(BUFFER_BYTES, file))
}

fn collect(path: &Path, mut log: impl BufRead) -> Result<Recorded, LogError> {
    let mut recorded = Recorded::default();
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        number += 1;
        let read = log.read_until(b'\n', &mut line);
        if read.map_err(|error| LogError::Read { path: path.to_owned(), error })? == 0 {
            return Ok(recorded);
        }
        match serde_json::from_slice::<Line<'_>>(&line) {
            Ok(record) => recorded.add(&record),
            Err(_) if line.trim_ascii().is_empty() => {}
            Err(_) if !line.ends_with(b"\n") => recorded.cut_off = Some(number),
            Err(error) => {
                return Err(LogError::Broken { path: path.to_owned(), line: number, column: error.column() });
            }
        }
    }
}

impl Recorded {
    fn add(&mut self, record: &Line<'_>) {
        if record.outcome != Outcome::Ok.name() {
            return;
        }
        // Most records are of statements that are known by now.
        let known = self.statements.get_mut(record.principal.as_ref());
        match known.and_then(|statements| statements.get_mut(record.statement.as_ref())) {
            Some(count) => *count += 1,
            None => {
                let statements = self.statements.entry(record.principal.to_string()).or_default();
                statements.insert(record.statement.to_string(), 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(log: &str) -> Result<Recorded, String> {
        collect(Path::new("audit.jsonl"), log.as_bytes()).map_err(|error| error.to_string())
    }

    fn line(principal: &str, statement: &str, outcome: &str) -> String {
        format!(
            "{{\"principal\":\"{principal}\",\"rows\":1,\"statement\":\"{statement}\",\"outcome\":\"{outcome}\"}}\n"
        )
    }

    #[test]
    fn what_succeeded_is_counted() {
        let log = [
            line("ana", "SELECT \\\"a\\\"", "ok"),
            line("bob", "SELECT 1", "ok"),
            line("ana", "SELECT \\\"a\\\"", "ok"),
            line("ana", "SELECT 2", "denied"),
            "\n".to_owned(),
        ];
        let recorded = recorded(&log.concat()).unwrap();
        let found: Vec<_> = recorded
            .statements
            .iter()
            .flat_map(|(who, statements)| statements.iter().map(move |(sql, count)| format!("{who} {count} {sql}")))
            .collect();
        assert_eq!(found, ["ana 2 SELECT \"a\"", "bob 1 SELECT 1"]);
        assert_eq!(recorded.cut_off, None);
    }

    #[test]
    fn only_the_last_line_may_be_cut_off() {
        let whole = line("ana", "SELECT 1", "ok");
        let cut = recorded(&format!("{whole}{}", &whole[..20])).unwrap();
        assert_eq!((cut.statements["ana"]["SELECT 1"], cut.cut_off), (1, Some(2)));
        let unfinished = recorded(whole.trim_end()).unwrap();
        assert_eq!((unfinished.statements["ana"]["SELECT 1"], unfinished.cut_off), (1, None));
        let broken = recorded(&format!("{whole}{}\n{whole}", &whole[..20])).unwrap_err();
        assert!(
            broken.starts_with("audit.jsonl:2:") && broken.contains("expected a record of the audit log"),
            "{broken}"
        );
        assert!(recorded("{\"principal\": \"ana\"}\n").is_err());
    }
}
