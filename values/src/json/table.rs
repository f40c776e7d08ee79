//! JSON_TABLE: which items its paths find, row by row. What its columns make of them is the caller's.

use super::check_size;
use super::path::{JsonPath, Options};
use super::tree::Json;
use crate::{Result, ValueError, code};

/// Rows of one value are no more.
const MAX_ROWS: usize = 4 << 20;

/// A row pattern with those that are nested in it; `place` numbers it among all of the table.
pub struct Pattern<'p> {
    pub path: &'p JsonPath,
    pub place: usize,
    pub nested: Vec<Pattern<'p>>,
}

/// The item of a pattern in a row, and which of its items it is, from 1; none where another pattern beside it has one.
pub type Place = Option<(usize, i32)>;

/// The rows of a table: for each pattern which item it has.
pub struct Rows {
    /// The texts of the items that were found.
    pub items: Vec<String>,
    /// All patterns' places for each row, one row behind another.
    pub places: Vec<Place>,
    /// How long the items' texts are.
    bytes: usize,
}

/// The rows that a pattern of `patterns` in all finds in a value: each of its items beside each row that the nested ones
/// find in it, one after another, and alone where they find none.
pub fn table_rows(json: &Json<'_>, pattern: &Pattern<'_>, patterns: usize, options: Options<'_>) -> Result<Rows> {
    let mut rows = Rows { items: Vec::new(), places: Vec::new(), bytes: 0 };
    let mut row = vec![None; patterns];
    scan(json, pattern, options, &mut row, &mut rows)?;
    Ok(rows)
}

fn scan(
    json: &Json<'_>,
    pattern: &Pattern<'_>,
    options: Options<'_>,
    row: &mut Vec<Place>,
    rows: &mut Rows,
) -> Result<()> {
    // Where an error is suppressed, there is nothing.
    let found = pattern.path.try_query(json, options)?.unwrap_or_default();
    for (at, item) in found.iter().enumerate() {
        let item = item.json();
        let text = item.to_text()?;
        rows.bytes = rows.bytes.saturating_add(text.len());
        check_size(rows.bytes)?;
        rows.items.push(text);
        set(row, pattern.place, Some((rows.items.len() - 1, i32::try_from(at + 1).unwrap_or(i32::MAX))));
        let before = rows.places.len();
        for nested in &pattern.nested {
            scan(item, nested, options, row, rows)?;
        }
        if rows.places.len() == before {
            rows.places.extend_from_slice(row);
        }
        if rows.places.len() > MAX_ROWS {
            let message = "JSON_TABLE gives too many rows for one value";
            return Err(ValueError::new(code::PROGRAM_LIMIT_EXCEEDED, message));
        }
    }
    set(row, pattern.place, None);
    Ok(())
}

fn set(row: &mut [Place], at: usize, place: Place) {
    if let Some(slot) = row.get_mut(at) {
        *slot = place;
    }
}

#[cfg(test)]
mod tests {
    use super::super::jsonb_parse;
    use super::*;

    #[test]
    fn nested_patterns_come_one_after_another() {
        let json = jsonb_parse(r#"[{"a":[1,2],"b":[3]},{"a":[],"b":[]}]"#).unwrap();
        let [root, a, b] = ["$[*]", "$.a[*]", "$.b[*]"].map(|path| JsonPath::parse(path).unwrap());
        let nested = vec![
            Pattern { path: &a, place: 1, nested: Vec::new() },
            Pattern { path: &b, place: 2, nested: Vec::new() },
        ];
        let pattern = Pattern { path: &root, place: 0, nested };
        let rows = table_rows(&json, &pattern, 3, Options { silent: true, ..Options::default() }).unwrap();
        let shown: Vec<Vec<Option<(&str, i32)>>> = rows
            .places
            .chunks(3)
            .map(|row| row.iter().map(|place| place.map(|(at, number)| (rows.items[at].as_str(), number))).collect())
            .collect();
        let (first, second) = (r#"{"a": [1, 2], "b": [3]}"#, r#"{"a": [], "b": []}"#);
        assert_eq!(
            shown,
            vec![
                vec![Some((first, 1)), Some(("1", 1)), None],
                vec![Some((first, 1)), Some(("2", 2)), None],
                vec![Some((first, 1)), None, Some(("3", 1))],
                vec![Some((second, 2)), None, None],
            ]
        );
    }
}
