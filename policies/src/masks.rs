//! A masks.toml: what is shown instead of a column's values, and to whom not. The first mask that fits applies: the house's in
//! the order of its file, then those that a domain called for by tagging its columns, then the domain's own.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::sync::Arc;

use crate::document::{Document, Section};
use crate::domains::Origin;
use crate::error::Problems;
use crate::pattern::Pattern;
use crate::rows::{Placed, patterns, role_names};
use crate::tags::{Tagged, Tags};

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
    pub(crate) rank: Rank,
}

/// Whose word it is that a mask covers its columns. An earlier rank goes before a later one, so that no domain can put a
/// weaker mask before one of the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// The house's mask on columns that the house names.
    House,
    /// The house's mask on columns that a domain put under the mask's tag.
    TaggedByDomain,
    Domain,
}

impl MaskRule {
    pub(crate) fn spares(&self, roles: &BTreeSet<String>) -> bool {
        self.unless.iter().any(|(role, _)| roles.contains(&**role))
    }
}

/// Reads one file. A mask whose tag has columns of the house and of domains comes as two rules.
pub(crate) fn read(origin: &Origin, text: &str, tags: &Tags, problems: &mut Problems) -> Vec<MaskRule> {
    let Some(document) = Document::parse(&origin.file, text, problems) else {
        return Vec::new();
    };
    let mut names = HashSet::new();
    let mut masks = Vec::new();
    for section in document.tables("mask", problems) {
        let Some((mask, rules)) = read_mask(section, origin, tags, problems) else {
            continue;
        };
        if !names.insert(mask.name.clone()) {
            problems.add(&origin.file, mask.line, format!("there is already a mask `{}`", mask.name));
        }
        masks.extend(rules);
    }
    masks
}

fn read_mask(
    mut section: Section<'_, '_>,
    origin: &Origin,
    tags: &Tags,
    problems: &mut Problems,
) -> Option<(Arc<Mask>, Vec<MaskRule>)> {
    let line = section.line;
    let name = section.required_string("name", problems);
    let from_tag = section.has("tag");
    let columns = read_columns(&mut section, origin, tags, problems);
    let unless = section.strings("unless", "[\"ROLE\", ...]", problems);
    let unless = role_names(&origin.file, &unless, problems);
    let kind = read_kind(&mut section, &origin.file, problems);
    section.finish(problems);

    let mask = Arc::new(Mask { name: name?.0.into(), kind: kind?, file: origin.file.clone(), line });
    let rule = |rank, columns| MaskRule { mask: mask.clone(), columns, from_tag, unless: unless.clone(), rank };
    let rank = if origin.domain.is_some() { Rank::Domain } else { Rank::House };
    let mut rules = vec![rule(rank, columns.columns)];
    if !columns.by_domains.is_empty() {
        rules.push(rule(Rank::TaggedByDomain, columns.by_domains));
    }
    Some((mask, rules))
}

/// The columns that `columns` lists, or those of the `tag`.
fn read_columns(section: &mut Section<'_, '_>, origin: &Origin, tags: &Tags, problems: &mut Problems) -> Tagged {
    let tag = section.string("tag", problems);
    let columns = section.strings("columns", "[\"schema.table.column\", ...]", problems);
    if section.has("tag") == section.has("columns") {
        problems.add(&origin.file, section.line, "expected either `tag` or `columns`");
    }
    let columns = patterns(origin, &columns, Pattern::of_column, problems);
    let listed = Tagged { columns, by_domains: Vec::new() };
    let Some((tag, line)) = tag else {
        return listed;
    };
    tags.of(&tag, origin).unwrap_or_else(|message| {
        problems.add(&origin.file, line, message);
        listed
    })
}

fn read_kind(section: &mut Section<'_, '_>, file: &str, problems: &mut Problems) -> Option<MaskKind> {
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
            problems.add(file, section.line, format!("`{key}` belongs to with = \"{kind}\", found with = \"{with}\""));
        }
    }
    match with.as_str() {
        "null" => Some(MaskKind::Null),
        "hash" => Some(MaskKind::Hash),
        "redact" => Some(MaskKind::Redact { text: text.map_or(DEFAULT_REDACTION.into(), |(text, _)| text.into()) }),
        "partial" => partial(section, file, keep_first, keep_last, problems),
        "email" => Some(MaskKind::Email),
        "ip" => Some(MaskKind::Ip),
        "truncate" => truncate(section, file, to, problems),
        "bucket" => bucket(section, file, size, problems),
        "sql" => {
            if !section.has("expression") {
                problems.add(file, line, "with = \"sql\" expects an `expression` over `value`");
            }
            expression.map(|(text, line)| MaskKind::Sql { expression: text.into(), line })
        }
        _ => {
            problems.add(file, line, unknown_kind(&with));
            None
        }
    }
}

fn partial(
    section: &Section<'_, '_>,
    file: &str,
    keep_first: Option<(u32, u32)>,
    keep_last: Option<(u32, u32)>,
    problems: &mut Problems,
) -> Option<MaskKind> {
    if !section.has("keep_first") && !section.has("keep_last") {
        problems.add(file, section.line, "with = \"partial\" expects `keep_first`, `keep_last` or both");
        return None;
    }
    let count = |found: Option<(u32, u32)>| found.map_or(0, |(count, _)| count);
    Some(MaskKind::Partial { keep_first: count(keep_first), keep_last: count(keep_last) })
}

fn truncate(
    section: &Section<'_, '_>,
    file: &str,
    to: Option<(String, u32)>,
    problems: &mut Problems,
) -> Option<MaskKind> {
    const EXPECTED: &str = "minute, hour, day, week, month, quarter or year";
    if !section.has("to") {
        problems.add(file, section.line, format!("with = \"truncate\" expects `to`: {EXPECTED}"));
    }
    let (name, line) = to?;
    let period = Period::parse(&name);
    if period.is_none() {
        problems.add(file, line, format!("`to`: expected {EXPECTED}, found `{name}`"));
    }
    Some(MaskKind::Truncate { to: period? })
}

fn bucket(
    section: &Section<'_, '_>,
    file: &str,
    size: Option<(u32, u32)>,
    problems: &mut Problems,
) -> Option<MaskKind> {
    if !section.has("size") {
        problems.add(file, section.line, "with = \"bucket\" expects `size`, a whole number from 1 up");
    }
    match size? {
        (0, line) => {
            problems.add(file, line, "`size`: expected a whole number from 1 up");
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
