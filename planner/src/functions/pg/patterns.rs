//! `LIKE`, `SIMILAR TO` and regular expressions as conditions over columns: see [`weir_values::pattern`].

use arrow::array::ArrayRef;
use datafusion::error::Result;
use weir_values::pattern::{Flags, Like, Regex, like_escape, similar_to_escape};

use super::columns::{Args, Maybe, Text, map1, map2};
use super::compiled::Compiled;
use super::written::{Texts, put_option, write2, write3};
use super::{Proc, seeing_nulls, strict};

pub(super) const PROCS: &[Proc] = &[
    strict("textlike", |args| like(args, Case::Matters, true)),
    strict("textnlike", |args| like(args, Case::Matters, false)),
    strict("texticlike", |args| like(args, Case::Ignored, true)),
    strict("texticnlike", |args| like(args, Case::Ignored, false)),
    strict("namelike", |args| like(args, Case::Matters, true)),
    strict("namenlike", |args| like(args, Case::Matters, false)),
    strict("nameiclike", |args| like(args, Case::Ignored, true)),
    strict("nameicnlike", |args| like(args, Case::Ignored, false)),
    strict("like_escape", |args| map2::<Text, Text, _>(args, like_escape)),
    strict("textregexeq", |args| regex(args, Case::Matters, true)),
    strict("textregexne", |args| regex(args, Case::Matters, false)),
    strict("texticregexeq", |args| regex(args, Case::Ignored, true)),
    strict("texticregexne", |args| regex(args, Case::Ignored, false)),
    strict("nameregexeq", |args| regex(args, Case::Matters, true)),
    strict("nameregexne", |args| regex(args, Case::Matters, false)),
    strict("nameicregexeq", |args| regex(args, Case::Ignored, true)),
    strict("nameicregexne", |args| regex(args, Case::Ignored, false)),
    strict("similar_to_escape_1", |args| map1::<Text, _>(args, |pattern| similar_to_escape(pattern, None))),
    strict("similar_to_escape_2", |args| {
        map2::<Text, Text, _>(args, |pattern, escape| similar_to_escape(pattern, Some(escape)))
    }),
    // The one that older versions call: an escape of NULL is the default.
    seeing_nulls("similar_escape", |args| {
        map2::<Maybe<Text>, Maybe<Text>, _>(args, |pattern, escape| {
            pattern.map(|pattern| similar_to_escape(pattern, escape)).transpose()
        })
    }),
    strict("textregexsubstr", |args| {
        let mut known = Compiled::of(args);
        write2::<Text, Text, Texts>(args, |text, pattern, out| {
            let regex = known.get(pattern, "", || Regex::new(pattern, Flags::sensitive()))?;
            put_option(out, regex.substring(text)?)
        })
    }),
    // `substring(text SIMILAR pattern ESCAPE escape)`
    strict("similar_substring", |args| {
        let mut known = Compiled::of(args);
        write3::<Text, Text, Text, Texts>(args, |text, pattern, escape, out| {
            let compile = || Regex::new(&similar_to_escape(pattern, Some(escape))?, Flags::sensitive());
            put_option(out, known.get(pattern, escape, compile)?.substring(text)?)
        })
    }),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Matters,
    Ignored,
}

fn like(args: &Args<'_>, case: Case, wanted: bool) -> Result<ArrayRef> {
    let mut known = Compiled::of(args);
    map2::<Text, Text, _>(args, |text, pattern| {
        let like = known.get(pattern, "", || Like::compile(pattern, None, case == Case::Ignored))?;
        Ok(like.is_match(text)? == wanted)
    })
}

fn regex(args: &Args<'_>, case: Case, wanted: bool) -> Result<ArrayRef> {
    let flags = if case == Case::Ignored { Flags::insensitive() } else { Flags::sensitive() };
    let mut known = Compiled::of(args);
    map2::<Text, Text, _>(args, |text, pattern| {
        let regex = known.get(pattern, "", || Regex::new(pattern, flags))?;
        Ok(regex.is_match(text)? == wanted)
    })
}
