//! Enum types of sources over columns. Values are held as labels; a call is told all labels of its type, in their order.

use std::collections::HashMap;
use std::ops::Range;

use arrow::array::{ArrayRef, AsArray};
use datafusion::error::Result;
use weir_values::{ValueError, code};

use super::columns::{Args, Bytes, Maybe, Text, map1, map2, unexpected};
use super::{Proc, seeing_nulls, strict, string};

pub(super) const PROCS: &[Proc] = &[
    strict("enum_in", read),
    strict("enum_key", key),
    strict("enum_cmp", |args| map2::<Bytes, Bytes, _>(args, |a, b| Ok(a.cmp(b) as i32))),
    seeing_nulls("enum_first", |args| end(args, |labels| labels.first().copied())),
    seeing_nulls("enum_last", |args| end(args, |labels| labels.last().copied())),
    seeing_nulls("enum_range_all", range_all),
    seeing_nulls("enum_range_bounds", range_bounds),
];

const NOT_IN_PREREQUISITE_STATE: &str = "55000";

/// What is said of a text that is no label of a type.
pub(crate) fn invalid_label(shown: &str, text: &str) -> ValueError {
    let message = format!("invalid input value for enum {shown}: \"{text}\"");
    ValueError::new(code::INVALID_TEXT_REPRESENTATION, message)
}

/// The labels of a type.
struct Labels<'a> {
    all: Vec<&'a str>,
    places: HashMap<&'a str, u32>,
}

impl<'a> Labels<'a> {
    /// Of an argument that is the same for all rows.
    fn of(array: &'a ArrayRef) -> Result<Self> {
        let list = array.as_list_opt::<i32>().ok_or_else(|| unexpected(array))?;
        let items = string(list.values())?;
        let range: Range<usize> = match list.value_offsets() {
            [first, end, ..] => *first as usize..*end as usize,
            _ => 0..0,
        };
        let all: Vec<&str> = range.map(|at| items.value(at)).collect();
        let places = all.iter().zip(0..).map(|(label, at)| (*label, at)).collect();
        Ok(Self { all, places })
    }

    /// The labels from one to another, each of which is told or isn't.
    fn between(&self, from: Option<&str>, to: Option<&str>) -> Vec<Option<String>> {
        let place = |label: &str| self.places.get(label).map_or(self.all.len(), |at| *at as usize);
        let from = from.map_or(0, place);
        let end = to.map_or(self.all.len(), |to| (place(to) + 1).min(self.all.len()));
        let found = self.all.get(from..end).unwrap_or_default();
        found.iter().map(|label| Some((*label).to_owned())).collect()
    }
}

/// The labels that texts are; the type's name is told, too.
fn read(args: &Args<'_>) -> Result<ArrayRef> {
    let (shown, labels) = (args.short(1)?, args.short(2)?);
    let (shown, labels) = (string(&shown)?, Labels::of(&labels)?);
    map1::<Text, _>(args, |text| match labels.places.contains_key(text) {
        true => Ok(text.to_owned()),
        false => Err(invalid_label(shown.value(0), text)),
    })
}

/// Bytes that are in order as the labels are in their type. What is no label stands behind all that are.
fn key(args: &Args<'_>) -> Result<ArrayRef> {
    let labels = args.short(1)?;
    let labels = Labels::of(&labels)?;
    map1::<Text, _>(args, |text| {
        Ok(match labels.places.get(text) {
            Some(at) => at.to_be_bytes().to_vec(),
            None => [&u32::MAX.to_be_bytes(), text.as_bytes()].concat(),
        })
    })
}

/// The first or the last label, whatever the value; the type's name is told, too.
fn end(args: &Args<'_>, of: for<'l> fn(&[&'l str]) -> Option<&'l str>) -> Result<ArrayRef> {
    let (labels, shown) = (args.short(1)?, args.short(2)?);
    let (labels, shown) = (Labels::of(&labels)?, string(&shown)?);
    map1::<Maybe<Text>, _>(args, |_| {
        let none = || format!("enum {} contains no values", shown.value(0));
        of(&labels.all).map(str::to_owned).ok_or_else(|| ValueError::new(NOT_IN_PREREQUISITE_STATE, none()))
    })
}

fn range_all(args: &Args<'_>) -> Result<ArrayRef> {
    let labels = args.short(1)?;
    let labels = Labels::of(&labels)?;
    map1::<Maybe<Text>, _>(args, |_| Ok(labels.between(None, None)))
}

fn range_bounds(args: &Args<'_>) -> Result<ArrayRef> {
    let labels = args.short(2)?;
    let labels = Labels::of(&labels)?;
    map2::<Maybe<Text>, Maybe<Text>, _>(args, |from, to| Ok(labels.between(from, to)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_labels() {
        let all = vec!["sad", "ok", "happy"];
        let labels = Labels { places: all.iter().zip(0..).map(|(label, at)| (*label, at)).collect(), all };
        let between = |from, to| labels.between(from, to).into_iter().flatten().collect::<Vec<_>>().join(",");
        assert_eq!(between(None, None), "sad,ok,happy");
        assert_eq!(between(Some("ok"), None), "ok,happy");
        assert_eq!(between(None, Some("ok")), "sad,ok");
        assert_eq!(between(Some("happy"), Some("sad")), "");
    }
}
