//! The lines of a policy.csv as fields: comma-separated, blanks around a field don't count, `"` may quote one.

use crate::error::Problems;

/// One line that holds a rule.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) line: u32,
    pub(crate) fields: Vec<String>,
}

/// All rules of the text; empty lines and lines that begin with `#` hold none.
pub(crate) fn rows(file: &str, text: &str, problems: &mut Problems) -> Vec<Row> {
    let mut rows = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        let content = content.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        match fields(content) {
            Ok(fields) => rows.push(Row { line, fields }),
            Err(message) => problems.add(file, line, message),
        }
    }
    rows
}

fn fields(mut rest: &str) -> Result<Vec<String>, &'static str> {
    let mut fields = Vec::new();
    loop {
        let (field, after) = field(rest.trim_start())?;
        fields.push(field);
        match after {
            Some(after) => rest = after,
            None => return Ok(fields),
        }
    }
}

/// The first field, and what comes after its comma.
fn field(text: &str) -> Result<(String, Option<&str>), &'static str> {
    if let Some(quoted) = text.strip_prefix('"') {
        return quoted_field(quoted);
    }
    let (field, after) = match text.split_once(',') {
        Some((field, after)) => (field, Some(after)),
        None => (text, None),
    };
    if field.contains('"') {
        return Err("expected `\"` only around a whole field");
    }
    Ok((field.trim_end().to_owned(), after))
}

fn quoted_field(text: &str) -> Result<(String, Option<&str>), &'static str> {
    let mut field = String::new();
    let mut rest = text;
    loop {
        let Some((part, after)) = rest.split_once('"') else {
            return Err("expected a closing `\"` on the same line");
        };
        field.push_str(part);
        match after.strip_prefix('"') {
            Some(after) => {
                field.push('"'); // a doubled quote is one that belongs to the value
                rest = after;
            }
            None => return Ok((field, after_quoted(after.trim_start())?)),
        }
    }
}

fn after_quoted(after: &str) -> Result<Option<&str>, &'static str> {
    match after.strip_prefix(',') {
        Some(after) => Ok(Some(after)),
        None if after.is_empty() => Ok(None),
        None => Err("expected a comma after the closing `\"`"),
    }
}
