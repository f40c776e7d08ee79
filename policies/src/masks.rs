//! masks.toml: what is shown instead of a column's values, and to whom not. The first mask of the file that fits applies.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::sync::Arc;

use crate::document::{Document, Section};
use crate::error::Problems;
use crate::files::MASKS;
use crate::pattern::Pattern;
use crate::rows::{Placed, patterns, role_names};
use crate::tags::Tags;

/// What `redact` shows when no text is given.
const DEFAULT_REDACTION: &str = "***";

/// A mask as it applies to a column: everything reads the masked value, and the column keeps its type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mask {
    pub name: Arc<str>,
    pub kind: MaskKind,
    pub file: Arc<str>,
    /// The line of the mask's `[[mask]]`.
    pub line: u32,
}

/// How a value is masked. NULL stays NULL under every kind but `Sql`, whose expression decides.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MaskKind {
    /// NULL for every value.
    Null,
    /// The same text for every value.
    Redact { text: Arc<str> },
    /// A keyed hash: equal inputs give equal outputs, across sources.
    Hash,
    /// Keeps so many characters at the beginning and the end; the rest is hidden, and all of it in a value that has
    /// no more characters than are kept.
    Partial { keep_first: u32, keep_last: u32 },
    /// Hides the part of an e-mail address before its domain.
    Email,
    /// Shows the network of an IP address only: /24 of IPv4, /48 of IPv6.
    Ip,
    /// Shows where the period of a date or timestamp begins, in UTC.
    Truncate { to: Period },
    /// Shows the greatest multiple of `size`, at least 1, that isn't above the number.
    Bucket { size: u32 },
    /// A SQL expression over `value`; `line` is where it stands.
    Sql { expression: Arc<str>, line: u32 },
}

/// A stretch of the calendar or the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    Minute,
    Hour,
    Day,
    /// From Monday, as in ISO 8601.
    Week,
    Month,
    Quarter,
    Year,
}

impl Period {
    const NAMES: [(&str, Period); 7] = [
        ("minute", Period::Minute),
        ("hour", Period::Hour),
        ("day", Period::Day),
        ("week", Period::Week),
        ("month", Period::Month),
        ("quarter", Period::Quarter),
        ("year", Period::Year),
    ];

    fn parse(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, period)| *period)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::NAMES.iter().find(|(_, period)| period == self).map_or("", |(name, _)| name);
        f.write_str(name)
    }
}

/// A mask with what it covers and whom it spares.
#[derive(Debug)]
pub(crate) struct MaskRule {
    pub(crate) mask: Arc<Mask>,
    pub(crate) columns: Vec<Placed>,
    /// Whether the columns are those of a tag, and so stand in tags.toml.
    pub(crate) from_tag: bool,
    /// Role names, each with its line.
    pub(crate) unless: Vec<(Arc<str>, u32)>,
}

impl MaskRule {
    pub(crate) fn spares(&self, roles: &BTreeSet<String>) -> bool {
        self.unless.iter().any(|(role, _)| roles.contains(&**role))
    }
}

pub(crate) fn read(text: &str, tags: &Tags, problems: &mut Problems) -> Vec<MaskRule> {
    let Some(document) = Document::parse(MASKS, text, problems) else {
        return Vec::new();
    };
    let mut names = HashSet::new();
    let mut masks = Vec::new();
    for section in document.tables("mask", problems) {
        let Some(rule) = read_mask(section, &document.file, tags, problems) else {
            continue;
        };
        if !names.insert(rule.mask.name.clone()) {
            problems.add(MASKS, rule.mask.line, format!("there is already a mask `{}`", rule.mask.name));
        }
        masks.push(rule);
    }
    masks
}

fn read_mask(mut section: Section<'_, '_>, file: &Arc<str>, tags: &Tags, problems: &mut Problems) -> Option<MaskRule> {
    let line = section.line;
    let name = section.required_string("name", problems);
    let from_tag = section.has("tag");
    let columns = read_columns(&mut section, tags, problems);
    let unless = section.strings("unless", "[\"ROLE\", ...]", problems);
    let unless = role_names(MASKS, &unless, problems);
    let kind = read_kind(&mut section, problems);
    section.finish(problems);

    let mask = Mask { name: name?.0.into(), kind: kind?, file: file.clone(), line };
    Some(MaskRule { mask: Arc::new(mask), columns, from_tag, unless })
}

/// The columns that `columns` lists, or those of the `tag`.
fn read_columns(section: &mut Section<'_, '_>, tags: &Tags, problems: &mut Problems) -> Vec<Placed> {
    let tag = section.string("tag", problems);
    let columns = section.strings("columns", "[\"schema.table.column\", ...]", problems);
    if section.has("tag") == section.has("columns") {
        problems.add(MASKS, section.line, "expected either `tag` or `columns`");
    }
    let columns = patterns(MASKS, &columns, Pattern::of_column, problems);
    let Some((tag, line)) = tag else {
        return columns;
    };
    tags.get(&tag).cloned().unwrap_or_else(|| {
        problems.add(MASKS, line, format!("unknown tag `{tag}`: tags.toml has no such key"));
        Vec::new()
    })
}

fn read_kind(section: &mut Section<'_, '_>, problems: &mut Problems) -> Option<MaskKind> {
    let with = section.required_string("with", problems);
    let text = section.string("text", problems);
    let keep_first = section.count("keep_first", problems);
    let keep_last = section.count("keep_last", problems);
    let to = section.string("to", problems);
    let size = section.count("size", problems);
    let expression = section.string("expression", problems);
    let (with, line) = with?;
    for (key, kind) in [
        ("text", "redact"),
        ("keep_first", "partial"),
        ("keep_last", "partial"),
        ("to", "truncate"),
        ("size", "bucket"),
        ("expression", "sql"),
    ] {
        if section.has(key) && with != kind {
            problems.add(MASKS, section.line, format!("`{key}` belongs to with = \"{kind}\", found with = \"{with}\""));
        }
    }
    match with.as_str() {
        "null" => Some(MaskKind::Null),
        "hash" => Some(MaskKind::Hash),
        "redact" => Some(MaskKind::Redact { text: text.map_or(DEFAULT_REDACTION.into(), |(text, _)| text.into()) }),
        "partial" => partial(section, keep_first, keep_last, problems),
        "email" => Some(MaskKind::Email),
        "ip" => Some(MaskKind::Ip),
        "truncate" => truncate(section, to, problems),
        "bucket" => bucket(section, size, problems),
        "sql" => {
            if !section.has("expression") {
                problems.add(MASKS, line, "with = \"sql\" expects an `expression` over `value`");
            }
            expression.map(|(text, line)| MaskKind::Sql { expression: text.into(), line })
        }
        _ => {
            problems.add(MASKS, line, unknown_kind(&with));
            None
        }
    }
}

fn partial(
    section: &Section<'_, '_>,
    keep_first: Option<(u32, u32)>,
    keep_last: Option<(u32, u32)>,
    problems: &mut Problems,
) -> Option<MaskKind> {
    if !section.has("keep_first") && !section.has("keep_last") {
        problems.add(MASKS, section.line, "with = \"partial\" expects `keep_first`, `keep_last` or both");
        return None;
    }
    let count = |found: Option<(u32, u32)>| found.map_or(0, |(count, _)| count);
    Some(MaskKind::Partial { keep_first: count(keep_first), keep_last: count(keep_last) })
}

fn truncate(section: &Section<'_, '_>, to: Option<(String, u32)>, problems: &mut Problems) -> Option<MaskKind> {
    const EXPECTED: &str = "minute, hour, day, week, month, quarter or year";
    if !section.has("to") {
        problems.add(MASKS, section.line, format!("with = \"truncate\" expects `to`: {EXPECTED}"));
    }
    let (name, line) = to?;
    let period = Period::parse(&name);
    if period.is_none() {
        problems.add(MASKS, line, format!("`to`: expected {EXPECTED}, found `{name}`"));
    }
    Some(MaskKind::Truncate { to: period? })
}

fn bucket(section: &Section<'_, '_>, size: Option<(u32, u32)>, problems: &mut Problems) -> Option<MaskKind> {
    if !section.has("size") {
        problems.add(MASKS, section.line, "with = \"bucket\" expects `size`, a whole number from 1 up");
    }
    match size? {
        (0, line) => {
            problems.add(MASKS, line, "`size`: expected a whole number from 1 up");
            None
        }
        (size, _) => Some(MaskKind::Bucket { size }),
    }
}

fn unknown_kind(with: &str) -> String {
    format!(
        "unknown mask `{with}`, expected null, redact, hash, partial, email, ip, truncate, bucket or sql; \
         a SQL expression goes under `expression`, with = \"sql\""
    )
}
