//! The functions of regular expressions (documentation, 9.7.3). Places are counted in characters, from 1.

use super::{Matches, Regex, Want};
use crate::text::{bounded, byte_of};
use crate::{Result, ValueError};

/// `regexp_instr`'s answer: where a match starts, or the place after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Start,
    After,
}

/// The match that a function asks for. What is wrong with it is told before what is wrong with the pattern.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    start: usize,
    /// Of `regexp_replace`, 0 for all of them; `None` where the flags tell.
    n: Option<usize>,
    end: End,
    group: usize,
}

impl Wanted {
    fn from(start: i32) -> Result<Self> {
        Ok(Self { start: from_one("start", start)? - 1, n: None, end: End::Start, group: 0 })
    }

    pub fn for_count(start: i32) -> Result<Self> {
        Self::from(start)
    }

    pub fn for_replace(start: i32, n: Option<i32>) -> Result<Self> {
        let wanted = Self::from(start)?;
        let n = n.map(|n| usize::try_from(n).map_err(|_| invalid("n", n))).transpose()?;
        Ok(Self { n, ..wanted })
    }

    pub fn for_instr(start: i32, n: i32, end_option: i32, group: i32) -> Result<Self> {
        let wanted = Self::from(start)?;
        let n = Some(from_one("n", n)?);
        let end = match end_option {
            0 => End::Start,
            1 => End::After,
            _ => return Err(invalid("endoption", end_option)),
        };
        let group = usize::try_from(group).map_err(|_| invalid("subexpr", group))?;
        Ok(Self { n, end, group, ..wanted })
    }

    pub fn for_substr(start: i32, n: i32, group: i32) -> Result<Self> {
        Self::for_instr(start, n, 0, group)
    }
}

fn invalid(parameter: &str, value: i32) -> ValueError {
    ValueError::invalid_parameter(format!("invalid value for parameter \"{parameter}\": {value}"))
}

/// A parameter that counts from 1.
fn from_one(parameter: &str, value: i32) -> Result<usize> {
    match usize::try_from(value) {
        Ok(value) if value > 0 => Ok(value),
        _ => Err(invalid(parameter, value)),
    }
}

fn part(text: &str, span: Option<(usize, usize)>) -> Option<&str> {
    span.and_then(|(start, end)| text.get(start..end))
}

/// Where to go on after a match: a character further, if the match was empty.
fn after(text: &str, (start, end): (usize, usize)) -> usize {
    if start < end {
        return end;
    }
    end + text.get(end..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

impl Regex {
    /// `substring(text from pattern)`: what the first group matched, or the whole match.
    pub fn substring<'t>(&self, text: &'t str) -> Result<Option<&'t str>> {
        let mut matches = Matches::new(self, text, Want::Captures);
        let found = matches.next_from(0)?;
        if self.groups() == 0 {
            return Ok(part(text, found));
        }
        Ok(found.and_then(|_| part(text, matches.captures.get(1).copied().flatten())))
    }

    /// `regexp_match`: what the groups matched, or the whole match if there are none.
    pub fn regexp_match<'t>(&self, text: &'t str) -> Result<Option<Vec<Option<&'t str>>>> {
        let mut matches = Matches::new(self, text, Want::Captures);
        Ok(matches.next_from(0)?.map(|_| matches.row()))
    }

    /// `regexp_matches`: the rows that it returns.
    pub fn regexp_matches<'t>(&self, text: &'t str) -> Result<Vec<Vec<Option<&'t str>>>> {
        let mut matches = Matches::new(self, text, Want::Captures);
        let mut rows = Vec::new();
        let mut from = 0;
        while let Some(found) = matches.next_from(from)? {
            rows.push(matches.row());
            if !self.is_global {
                break;
            }
            from = after(text, found);
        }
        Ok(rows)
    }

    /// `regexp_replace(text, pattern, replacement)`: all matches with the flag `g`, else the first.
    pub fn replace(&self, text: &str, replacement: &str) -> Result<String> {
        self.replace_from(text, replacement, 0, if self.is_global { 0 } else { 1 })
    }

    /// `regexp_replace(text, pattern, replacement, start, n)`: all matches if `n` is 0; without one, the first, or all
    /// with the flag `g`.
    pub fn replace_nth(&self, text: &str, replacement: &str, wanted: Wanted) -> Result<String> {
        let n = wanted.n.unwrap_or(if self.is_global { 0 } else { 1 });
        self.replace_from(text, replacement, wanted.start, n)
    }

    fn replace_from(&self, text: &str, replacement: &str, start: usize, n: usize) -> Result<String> {
        let template = Template::read(replacement);
        let want = if template.has_groups { Want::Captures } else { Want::Ends };
        let mut matches = Matches::new(self, text, want);
        let mut result = String::with_capacity(text.len());
        let mut done = 0;
        let mut from = place_of(text, start);
        let mut count = 0;
        while let Some(found) = matches.next_from(from)? {
            count += 1;
            from = after(text, found);
            if n > 0 && count != n {
                continue;
            }
            result.push_str(text.get(done..found.0).unwrap_or(""));
            template.append(&mut result, &matches, found);
            bounded(result.len())?;
            done = found.1;
            if n > 0 {
                break;
            }
        }
        result.push_str(text.get(done..).unwrap_or(""));
        bounded(result.len())?;
        Ok(result)
    }

    /// `regexp_split_to_array` and `regexp_split_to_table`: what stands between the matches. Empty matches at the
    /// ends and after another match don't count.
    pub fn split<'t>(&self, text: &'t str) -> Result<Vec<&'t str>> {
        let mut matches = Matches::new(self, text, Want::Ends);
        let mut parts = Vec::new();
        let (mut from, mut last_end, mut done) = (0, 0, 0);
        while let Some(found) = matches.next_from(from)? {
            let (start, end) = found;
            if start < text.len() && end > last_end {
                parts.push(text.get(done..start).unwrap_or(""));
                done = end;
            }
            last_end = end;
            from = after(text, found);
        }
        parts.push(text.get(done..).unwrap_or(""));
        Ok(parts)
    }

    /// `regexp_count(text, pattern, start)`
    pub fn count(&self, text: &str, wanted: Wanted) -> Result<i32> {
        let mut matches = Matches::new(self, text, Want::Ends);
        let mut from = place_of(text, wanted.start);
        let mut count = 0_i32;
        while let Some(found) = matches.next_from(from)? {
            count = count.saturating_add(1);
            from = after(text, found);
        }
        Ok(count)
    }

    /// `regexp_instr(text, pattern, start, n, endoption, flags, subexpr)`: the place of a match, or of what one of its
    /// groups matched; 0 if there is none.
    pub fn instr(&self, text: &str, wanted: Wanted) -> Result<i32> {
        let Some((from, to)) = self.nth(text, wanted)? else { return Ok(0) };
        let place = if wanted.end == End::Start { from } else { to };
        Ok(text.get(..place).map_or(0, |before| before.chars().count() as i32 + 1))
    }

    /// `regexp_substr(text, pattern, start, n, flags, subexpr)`
    pub fn substr<'t>(&self, text: &'t str, wanted: Wanted) -> Result<Option<&'t str>> {
        Ok(part(text, self.nth(text, wanted)?))
    }

    /// Where a group of the n-th match stands.
    fn nth(&self, text: &str, wanted: Wanted) -> Result<Option<(usize, usize)>> {
        // Without groups the whole counts as the first.
        let group = match (self.groups(), wanted.group) {
            (0, 0 | 1) => 0,
            (groups, group) if group > groups => return Ok(None),
            (_, group) => group,
        };
        let want = if group > 0 { Want::Captures } else { Want::Ends };
        let mut matches = Matches::new(self, text, want);
        let mut from = place_of(text, wanted.start);
        let mut count = 0;
        while let Some(found) = matches.next_from(from)? {
            count += 1;
            if Some(count) == wanted.n {
                return Ok(match group {
                    0 => Some(found),
                    group => matches.captures.get(group).copied().flatten(),
                });
            }
            from = after(text, found);
        }
        Ok(None)
    }
}

/// The byte of a place, counted from 0; beyond the text if that has fewer characters.
fn place_of(text: &str, place: usize) -> usize {
    match byte_of(text, place) {
        at if at == text.len() && place > text.chars().count() => at + 1,
        at => at,
    }
}

impl<'t> Matches<'_, 't> {
    /// What `regexp_match` answers for the last match.
    fn row(&self) -> Vec<Option<&'t str>> {
        let groups = if self.regex.groups() == 0 { 0.. } else { 1.. };
        let spans = groups.map_while(|group: usize| self.captures.get(group).copied());
        spans.map(|span| part(self.text, span)).collect()
    }
}

/// A replacement with places for what was matched.
struct Template<'r> {
    pieces: Vec<Piece<'r>>,
    has_groups: bool,
}

enum Piece<'r> {
    Text(&'r str),
    /// 0 is the whole match.
    Group(usize),
}

impl<'r> Template<'r> {
    fn read(replacement: &'r str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = replacement;
        while let Some(at) = rest.find('\\') {
            let (before, escape) = rest.split_at(at);
            let group = match escape.as_bytes().get(1) {
                Some(digit @ b'1'..=b'9') => Piece::Group(usize::from(digit - b'0')),
                Some(b'&') => Piece::Group(0),
                Some(b'\\') => Piece::Text("\\"),
                // What means nothing stands for itself.
                _ => {
                    let (kept, after) = rest.split_at(at + 1);
                    pieces.push(Piece::Text(kept));
                    rest = after;
                    continue;
                }
            };
            pieces.extend([Piece::Text(before), group]);
            rest = escape.get(2..).unwrap_or("");
        }
        pieces.push(Piece::Text(rest));
        let has_groups = pieces.iter().any(|piece| matches!(piece, Piece::Group(1..)));
        Self { pieces, has_groups }
    }

    fn append(&self, result: &mut String, matches: &Matches<'_, '_>, found: (usize, usize)) {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => result.push_str(text),
                Piece::Group(0) => result.push_str(part(matches.text, Some(found)).unwrap_or("")),
                Piece::Group(group) => {
                    let span = matches.captures.get(*group).copied().flatten();
                    result.push_str(part(matches.text, span).unwrap_or(""));
                }
            }
        }
    }
}
