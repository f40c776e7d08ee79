//! Runs the tests of a policy folder: what the rules alone tell, then the queries, each as its user's session would.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Buf, BytesMut};
use weir_policies::{ExpectedAnswer, Outcome};

use crate::cancel::StatementGuard;
use crate::config::Config;
use crate::engine::{Engine, EngineError};
use crate::query;
use crate::session::Session;
use crate::session::settings::Settings;
use crate::sqlstate::{SqlError, code};
use weir_encode::{RowEncoder, Style};

/// An answer of more rows is none that somebody wrote down.
const MAX_ROWS: usize = 10_000;

/// What became of one test.
pub struct TestResult {
    pub name: Arc<str>,
    pub file: Arc<str>,
    pub line: u32,
    /// What doesn't hold, each with its place; empty: the test passes.
    pub failures: Vec<String>,
    /// Names of which nothing was said, since their source can't be reached.
    pub unchecked: Vec<String>,
    pub duration: Duration,
}

impl TestResult {
    /// A test of which a part couldn't be checked has failed: nobody knows whether it holds.
    pub fn failed(&self) -> bool {
        !self.failures.is_empty() || !self.unchecked.is_empty()
    }
}

impl fmt::Display for TestResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({}:{})", if self.failed() { "FAIL" } else { "ok  " }, self.name, self.file, self.line)?;
        self.failures.iter().try_for_each(|failure| write!(f, "\n       {failure}"))?;
        self.unchecked.iter().try_for_each(|name| write!(f, "\n       {name}: its source can't be reached"))
    }
}

/// Runs all tests. The queries are not put on the audit log: no user has asked them.
pub async fn run(mut config: Config) -> Result<Vec<TestResult>, EngineError> {
    config.audit.path = "/dev/null".into();
    let engine = Engine::start_untested(config).await?;
    let mut results = Vec::new();
    for verdict in engine.verdicts() {
        let start = Instant::now();
        let test = &verdict.test;
        let place = |line: u32, what: &str| format!("{}:{line}: {what}", test.file);
        let failures = verdict.failures.iter().map(|failure| place(failure.line, &failure.what));
        let mut failures: Vec<String> = failures.collect();
        if let Some(expected) = test.query() {
            failures.extend(disagreement(&engine, expected).await.map(|what| place(test.line, &what)));
        }
        results.push(TestResult {
            name: Arc::clone(&test.name),
            file: Arc::clone(&test.file),
            line: test.line,
            failures,
            unchecked: verdict.unchecked.clone(),
            duration: start.elapsed(),
        });
    }
    Ok(results)
}

/// How the answer differs from what is expected; none if it doesn't.
async fn disagreement(engine: &Engine, expected: &ExpectedAnswer) -> Option<String> {
    match (answer(engine, expected).await, &expected.outcome) {
        (Ok(rows), Outcome::Rows(wanted)) if rows == *wanted => None,
        (Err(error), Outcome::Error(wanted)) if error.code == wanted => None,
        (Ok(rows), Outcome::Rows(wanted)) => {
            Some(format!("the query returns {}, expected {}", shown(&rows), shown(wanted)))
        }
        (Ok(rows), Outcome::Error(wanted)) => {
            Some(format!("the query returns {}, expected error {wanted}", shown(&rows)))
        }
        (Err(error), Outcome::Rows(wanted)) => {
            Some(format!("the query fails with {}: {}; expected {}", error.code, error.message, shown(wanted)))
        }
        (Err(error), Outcome::Error(wanted)) => {
            Some(format!("the query fails with {}: {}; expected {wanted}", error.code, error.message))
        }
    }
}

async fn answer(engine: &Engine, expected: &ExpectedAnswer) -> Result<Vec<Vec<Option<String>>>, SqlError> {
    let principal = query::login(engine, &expected.user)?;
    let session = Session::new(principal, 0, Settings::new(&expected.user));
    let statements = query::parse(engine, &session, &expected.sql)?;
    let [statement] =
        <[_; 1]>::try_from(statements).map_err(|_| SqlError::new(code::SYNTAX_ERROR, "expected one statement"))?;
    let prepared = query::prepare(engine, &session, statement, &[]).await?;
    if prepared.utility().is_some() {
        return Err(SqlError::new(code::SYNTAX_ERROR, "expected a query"));
    }
    let guard = StatementGuard::new();
    let mut rows = Box::pin(query::run(engine, &session, &prepared, Vec::new(), &guard)).await?;
    let mut encoder = RowEncoder::new(rows.schema(), &[], &Style::default())?;
    let (mut found, mut bytes) = (Vec::new(), BytesMut::new());
    while let Some(batch) = rows.next().await {
        let batch = batch?;
        let mut from = 0;
        while from < batch.num_rows() && found.len() <= MAX_ROWS {
            from += encoder.encode(&batch, from, 1, &mut bytes, usize::MAX)?;
            found.push(values(&mut bytes));
        }
        if found.len() > MAX_ROWS {
            let message = format!("the query returns more than {MAX_ROWS} rows");
            return Err(SqlError::new(code::PROGRAM_LIMIT_EXCEEDED, message));
        }
    }
    Ok(found)
}

/// The texts of one DataRow message, which is taken out of the buffer.
fn values(message: &mut BytesMut) -> Vec<Option<String>> {
    // Tag and length.
    message.advance(5);
    (0..message.get_i16())
        .map(|_| {
            let length = usize::try_from(message.get_i32()).ok()?;
            Some(String::from_utf8_lossy(&message.split_to(length)).into_owned())
        })
        .collect()
}

fn shown(rows: &[Vec<Option<String>>]) -> String {
    const SHOWN: usize = 5;
    let value = |value: &Option<String>| value.as_deref().unwrap_or("NULL").to_owned();
    let row = |row: &Vec<Option<String>>| row.iter().map(value).collect::<Vec<_>>().join("|");
    let first: Vec<String> = rows.iter().take(SHOWN).map(row).collect();
    match rows.len() {
        0 => "no rows".to_owned(),
        count if count > SHOWN => format!("{count} rows ({}, ...)", first.join(", ")),
        1 => format!("1 row ({})", first.join(", ")),
        count => format!("{count} rows ({})", first.join(", ")),
    }
}
