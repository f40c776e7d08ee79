//! tags.toml: names for sets of columns, such as `"pii.email" = ["*.*.email", "lake.customers.contact"]`.

use std::collections::BTreeMap;

use toml::de::DeValue;

use crate::document::Document;
use crate::error::Problems;
use crate::files::TAGS;
use crate::pattern::Pattern;
use crate::rows::{Placed, patterns};

/// The columns of each tag.
pub(crate) type Tags = BTreeMap<String, Vec<Placed>>;

pub(crate) fn read(text: &str, problems: &mut Problems) -> Tags {
    let mut tags = Tags::new();
    let Some(document) = Document::parse(TAGS, text, problems) else {
        return tags;
    };
    for (name, line, value) in document.entries() {
        if matches!(value.get_ref(), DeValue::Table(_)) {
            let message = format!("`{name}` is a table: a tag with a dot is quoted, as in \"{name}.email\" = [...]");
            problems.add(TAGS, line, message);
            continue;
        }
        let what = format!("`{name}` = [\"schema.table.column\", ...]");
        let columns = document.strings(value, &what, problems);
        tags.insert(name.to_owned(), patterns(TAGS, &columns, Pattern::of_column, problems));
    }
    tags
}
