//! A replay as lines, and as JSON.

use std::fmt;

use serde_json::{Value, json};

use super::{Effect, Finding, Replay};

/// So much of a statement is shown on its line.
const SHOWN_CHARACTERS: usize = 120;

impl Replay {
    fn count(&self, effect: impl Fn(&Effect) -> bool) -> usize {
        self.findings.iter().filter(|finding| effect(&finding.effect)).count()
    }

    /// For who reads it by machine; statements are whole.
    pub fn json(&self) -> Value {
        json!({
            "log": self.log.display().to_string(),
            "statements": self.replayed,
            "records": self.records,
            "failing_under_both": self.unreplayable,
            "cut_off_line": self.cut_off,
            "changes": self.findings.iter().map(Finding::json).collect::<Vec<_>>(),
        })
    }
}

impl fmt::Display for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.findings.iter().try_for_each(|finding| writeln!(f, "{finding}"))?;
        if self.unreplayable > 0 {
            writeln!(f, "{} can't be replayed, failing under both", statements(self.unreplayable))?;
        }
        if let Some(line) = self.cut_off {
            writeln!(f, "{}:{line}: the last line is cut off, and left out", self.log.display())?;
        }
        write!(
            f,
            "replayed: {}, on record {}; fail: {}, may give other results: {}, no longer fail: {}",
            statements(self.replayed),
            times(self.records),
            self.count(|effect| matches!(effect, Effect::Fails(_))),
            self.count(|effect| matches!(effect, Effect::Other)),
            self.count(|effect| matches!(effect, Effect::Works(_)))
        )
    }
}

impl Finding {
    fn json(&self) -> Value {
        let (kind, error) = match &self.effect {
            Effect::Fails(error) => ("fails", Some(error)),
            Effect::Other => ("other", None),
            Effect::Works(error) => ("works", Some(error)),
        };
        json!({
            "kind": kind,
            "principal": self.principal,
            "count": self.count,
            "statement": self.statement,
            "sqlstate": error.map(|error| error.code),
            "message": error.map(|error| &error.message),
            "reasons": self.reasons,
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of_error = |error: &crate::sqlstate::SqlError| format!("{} {}", error.code, error.message);
        let (kind, first) = match &self.effect {
            Effect::Fails(error) => ("fails", Some(of_error(error))),
            Effect::Other => ("other", None),
            Effect::Works(error) => ("works", Some(format!("it failed with {}", of_error(error)))),
        };
        let reasons: Vec<&str> = first.iter().chain(&self.reasons).map(String::as_str).collect();
        let (who, statement) = (&self.principal, shortened(&self.statement));
        let line = format!("{kind}  {who}, {}: {statement}: {}", times(self.count), reasons.join("; "));
        // A statement, and what it names, was written by anyone: it may not steer a terminal.
        f.write_str(&line.replace(char::is_control, "\u{fffd}"))
    }
}

/// A statement on one line, as far as it should go on.
fn shortened(statement: &str) -> String {
    let line = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN_CHARACTERS) {
        None => line,
        Some((end, _)) => format!("{} ...", &line[..end]),
    }
}

fn statements(count: usize) -> String {
    if count == 1 { "1 statement".to_owned() } else { format!("{count} statements") }
}

fn times(count: u64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlstate::{SqlError, code};

    fn finding(effect: Effect, count: u64, statement: &str, reasons: &[&str]) -> Finding {
        Finding {
            effect,
            principal: "ana".to_owned(),
            count,
            statement: statement.to_owned(),
            reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(),
        }
    }

    #[test]
    fn a_finding_is_one_line() {
        let error = SqlError::new(code::UNDEFINED_COLUMN, "column \"email\" does not exist");
        let fails = finding(Effect::Fails(error.clone()), 12, "SELECT email\n  FROM shop.customers", &["because"]);
        assert_eq!(
            fails.to_string(),
            "fails  ana, 12 times: SELECT email FROM shop.customers: 42703 column \"email\" does not exist; because"
        );
        let other = finding(Effect::Other, 1, "SELECT '\u{1b}[2J'", &["one", "two"]);
        assert_eq!(other.to_string(), "other  ana, once: SELECT '\u{fffd}[2J': one; two");
        let works = finding(Effect::Works(error), 2, "SELECT 1", &[]);
        assert!(works.to_string().ends_with("SELECT 1: it failed with 42703 column \"email\" does not exist"));
    }

    #[test]
    fn long_statements_are_cut_between_characters() {
        let long = format!("SELECT '{}'", "ä".repeat(500));
        let shown = shortened(&long);
        assert!(shown.chars().count() == SHOWN_CHARACTERS + 4 && shown.ends_with("ä ..."), "{shown}");
    }
}
