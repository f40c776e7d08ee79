//! Mistakes in policy files: each with its file, its line, and what was expected there.

use std::fmt;

/// One mistake in the policy files. A set with any of these is refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PolicyError {
    /// The file's name inside the policy folder, or the folder itself.
    pub file: String,
    /// Counted from 1; 0 where the mistake is the file itself (missing, unreadable, not expected here).
    pub line: u32,
    /// What is wrong and what was expected, in lower case, on one line.
    pub message: String,
}

impl PolicyError {
    pub fn new(file: impl Into<String>, line: u32, message: impl Into<String>) -> Self {
        Self { file: one_line(file.into()), line, message: one_line(message.into()) }
    }

    /// A mistake of a whole file.
    pub fn of_file(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(file, 0, message)
    }
}

/// What files hold is repeated in messages; none of it may break a line of the log or steer a terminal.
fn one_line(text: String) -> String {
    let escaped = |c: char| if c.is_control() { c.escape_debug().to_string() } else { c.to_string() };
    if text.contains(char::is_control) { text.chars().map(escaped).collect() } else { text }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.message),
            line => write!(f, "{}:{line}: {}", self.file, self.message),
        }
    }
}

impl std::error::Error for PolicyError {}

/// The mistakes found so far. Reading goes on after a mistake, so that the author sees all of them at once.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<PolicyError>);

impl Problems {
    pub(crate) fn add(&mut self, file: &str, line: u32, message: impl Into<String>) {
        self.0.push(PolicyError::new(file, line, message));
    }

    pub(crate) fn push(&mut self, error: PolicyError) {
        self.0.push(error);
    }

    /// The mistakes in the order of files and lines, each once.
    pub(crate) fn into_sorted(mut self) -> Vec<PolicyError> {
        self.0.sort();
        self.0.dedup();
        self.0
    }

    /// `value`, if nothing went wrong.
    pub(crate) fn or<T>(self, value: T) -> Result<T, Vec<PolicyError>> {
        if self.0.is_empty() { Ok(value) } else { Err(self.into_sorted()) }
    }
}
