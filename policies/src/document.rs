//! Reads a TOML policy file table by table: values with their lines, and every key that nobody asked for as a mistake.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::Problems;

/// A parsed file, with what is needed to name lines in it.
pub(crate) struct Document<'t> {
    pub(crate) file: Arc<str>,
    line_starts: Vec<usize>,
    root: Spanned<DeTable<'t>>,
}

impl<'t> Document<'t> {
    /// Parses the text; where it isn't TOML, every place that isn't is a mistake and there is no document.
    pub(crate) fn parse(file: &str, text: &'t str, problems: &mut Problems) -> Option<Document<'t>> {
        let (root, errors) = DeTable::parse_recoverable(text);
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let document = Document { file: file.into(), line_starts, root };
        for error in &errors {
            let line = error.span().map_or(0, |span| document.line(&span));
            problems.add(file, line, error.message().trim());
        }
        errors.is_empty().then_some(document)
    }

    pub(crate) fn line(&self, span: &Range<usize>) -> u32 {
        u32::try_from(self.line_starts.partition_point(|start| *start <= span.start)).unwrap_or(u32::MAX)
    }

    /// The top-level keys with their lines, in the order of the file.
    pub(crate) fn entries(&self) -> Vec<(&str, u32, &Spanned<DeValue<'t>>)> {
        let mut entries: Vec<_> = self.root.get_ref().iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries.into_iter().map(|(key, value)| (&**key.get_ref(), self.line(&key.span()), value)).collect()
    }

    /// The tables of the one array `[[key]]` that the file may hold; any other top-level key is a mistake.
    pub(crate) fn tables(&self, array: &'static str, problems: &mut Problems) -> Vec<Section<'_, 't>> {
        self.tables_of(&[array], problems).into_iter().map(|(_, section)| section).collect()
    }

    /// The same where the file may hold several such arrays: each table with its array's key.
    pub(crate) fn tables_of(
        &self,
        arrays: &[&'static str],
        problems: &mut Problems,
    ) -> Vec<(&'static str, Section<'_, 't>)> {
        let mut sections = Vec::new();
        for (key, line, value) in self.entries() {
            let array = arrays.iter().copied().find(|array| *array == key);
            let (Some(array), Some(items)) = (array, value.get_ref().as_array()) else {
                let expected = arrays.iter().map(|array| format!("[[{array}]]")).collect::<Vec<_>>().join(" and ");
                problems.add(&self.file, line, format!("unexpected `{key}`, expected only {expected} tables"));
                continue;
            };
            for item in items.iter() {
                let line = self.line(&item.span());
                match item.get_ref().as_table() {
                    Some(table) => sections.push((array, self.section(line, table))),
                    None => problems.add(&self.file, line, format!("expected a [[{array}]] table")),
                }
            }
        }
        sections
    }

    pub(crate) fn section<'d>(&'d self, line: u32, table: &'d DeTable<'t>) -> Section<'d, 't> {
        Section { document: self, line, table, known: Vec::new() }
    }

    /// A list of strings with their lines. `what` says what was expected, when it isn't one.
    pub(crate) fn strings(
        &self,
        value: &Spanned<DeValue<'t>>,
        what: &str,
        problems: &mut Problems,
    ) -> Vec<(String, u32)> {
        let line = self.line(&value.span());
        let Some(items) = value.get_ref().as_array() else {
            problems.add(&self.file, line, format!("expected {what}, found {}", kind(value.get_ref())));
            return Vec::new();
        };
        if items.is_empty() {
            problems.add(&self.file, line, format!("expected {what}, found an empty list"));
        }
        let mut strings = Vec::new();
        for item in items.iter() {
            let line = self.line(&item.span());
            match item.get_ref().as_str() {
                Some(text) => strings.push((text.to_owned(), line)),
                None => problems.add(&self.file, line, format!("expected {what}, found {}", kind(item.get_ref()))),
            }
        }
        strings
    }
}

/// One table while it is read. It remembers what was asked for: `finish` reports the rest.
pub(crate) struct Section<'d, 't> {
    document: &'d Document<'t>,
    /// The line of the table's header.
    pub(crate) line: u32,
    table: &'d DeTable<'t>,
    known: Vec<&'static str>,
}

impl<'d, 't> Section<'d, 't> {
    /// A string that must not be blank, if the key is there.
    pub(crate) fn string(&mut self, key: &'static str, problems: &mut Problems) -> Option<(String, u32)> {
        let value = self.value(key)?;
        let line = self.document.line(&value.span());
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => return Some((text.to_owned(), line)),
            Some(_) => problems.add(&self.document.file, line, format!("`{key}` is empty")),
            None => problems.add(
                &self.document.file,
                line,
                format!("`{key}`: expected a string, found {}", kind(value.get_ref())),
            ),
        }
        None
    }

    pub(crate) fn required_string(&mut self, key: &'static str, problems: &mut Problems) -> Option<(String, u32)> {
        self.require(key, "a string", problems);
        self.string(key, problems)
    }

    /// A list of strings, with each one's line; empty if the key isn't there.
    pub(crate) fn strings(&mut self, key: &'static str, what: &str, problems: &mut Problems) -> Vec<(String, u32)> {
        let what = format!("`{key}` = {what}");
        self.value(key).map(|value| self.document.strings(value, &what, problems)).unwrap_or_default()
    }

    pub(crate) fn required_strings(
        &mut self,
        key: &'static str,
        what: &str,
        problems: &mut Problems,
    ) -> Vec<(String, u32)> {
        self.require(key, what, problems);
        self.strings(key, what, problems)
    }

    /// Rows of values as text, if the key is there. NULL, which TOML lacks, is an empty list: `[["1", []]]`.
    pub(crate) fn rows(&mut self, key: &'static str, problems: &mut Problems) -> Option<Vec<Vec<Option<String>>>> {
        let value = self.value(key)?;
        let rows = value.get_ref().as_array().and_then(|rows| rows.iter().map(|row| text_row(row.get_ref())).collect());
        if rows.is_none() {
            let message = format!("`{key}`: expected rows of texts, as in [[\"1\", \"a\"]], with [] for NULL");
            problems.add(&self.document.file, self.document.line(&value.span()), message);
        }
        rows
    }

    /// A whole number from 0 up, if the key is there.
    pub(crate) fn count(&mut self, key: &'static str, problems: &mut Problems) -> Option<(u32, u32)> {
        let value = self.value(key)?;
        let line = self.document.line(&value.span());
        match value.get_ref().as_integer().map(|n| u32::from_str_radix(n.as_str(), n.radix())) {
            Some(Ok(count)) => Some((count, line)),
            _ => {
                problems.add(&self.document.file, line, format!("`{key}`: expected a whole number from 0 up"));
                None
            }
        }
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Reports every key that was never asked for.
    pub(crate) fn finish(self, problems: &mut Problems) {
        for key in self.table.keys().filter(|key| !self.known.contains(&&**key.get_ref())) {
            let line = self.document.line(&key.span());
            let expected = self.known.join(", ");
            let message = format!("unknown key `{}`, expected one of: {expected}", key.get_ref());
            problems.add(&self.document.file, line, message);
        }
    }

    fn require(&self, key: &str, what: &str, problems: &mut Problems) {
        if !self.has(key) {
            problems.add(&self.document.file, self.line, format!("missing `{key}`, expected {what}"));
        }
    }

    fn value(&mut self, key: &'static str) -> Option<&'d Spanned<DeValue<'t>>> {
        self.known.push(key);
        self.table.get(key)
    }
}

fn text_row(row: &DeValue<'_>) -> Option<Vec<Option<String>>> {
    let text = |value: &Spanned<DeValue<'_>>| match value.get_ref() {
        DeValue::String(text) => Some(Some(text.to_string())),
        DeValue::Array(nothing) if nothing.is_empty() => Some(None),
        _ => None,
    };
    row.as_array()?.iter().map(text).collect()
}

/// What a value is, for messages; never its content, which may be a secret.
pub(crate) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a float",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
