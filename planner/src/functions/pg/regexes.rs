//! The functions of regular expressions over columns: see [`weir_values::pattern::Regex`].

use arrow::array::ArrayRef;
use datafusion::error::Result;
use weir_values::pattern::{Flags, Regex, Wanted};

use super::columns::{Args, Int4, Text, map2, map3, map4, map5, map6, map7};
use super::compiled::Compiled;
use super::written::{
    Lists, ListsOfLists, Texts, put_list, put_lists, put_option, write2, write3, write4, write5, write6,
};
use super::{Proc, ValueError, strict};

pub(super) const PROCS: &[Proc] = &[
    strict("regexp_like_no_flags", |args| {
        let mut regexes = Regexes::of(args, "regexp_like()");
        map2::<Text, Text, _>(args, |text, pattern| regexes.get(pattern, "")?.is_match(text))
    }),
    strict("regexp_like", |args| {
        let mut regexes = Regexes::of(args, "regexp_like()");
        map3::<Text, Text, Text, _>(args, |text, pattern, flags| regexes.get(pattern, flags)?.is_match(text))
    }),
    strict("regexp_count_no_start", count),
    strict("regexp_count_no_flags", count),
    strict("regexp_count", count),
    strict("regexp_instr_no_start", instr),
    strict("regexp_instr_no_n", instr),
    strict("regexp_instr_no_endoption", instr),
    strict("regexp_instr_no_flags", instr),
    strict("regexp_instr_no_subexpr", instr),
    strict("regexp_instr", instr),
    strict("regexp_substr_no_start", substr),
    strict("regexp_substr_no_n", substr),
    strict("regexp_substr_no_flags", substr),
    strict("regexp_substr_no_subexpr", substr),
    strict("regexp_substr", substr),
    strict("regexp_match_no_flags", |args| {
        let mut regexes = Regexes::of(args, "regexp_match()");
        write2::<Text, Text, Lists>(args, |text, pattern, out| first(regexes.get(pattern, "")?, text, out))
    }),
    strict("regexp_match", |args| {
        let mut regexes = Regexes::of(args, "regexp_match()");
        write3::<Text, Text, Text, Lists>(args, |text, pattern, flags, out| {
            first(regexes.get(pattern, flags)?, text, out)
        })
    }),
    strict("regexp_matches_no_flags", |args| {
        let mut regexes = Regexes::global(args);
        write2::<Text, Text, ListsOfLists>(args, |text, pattern, out| {
            put_lists(out, regexes.get(pattern, "")?.regexp_matches(text)?)
        })
    }),
    strict("regexp_matches", |args| {
        let mut regexes = Regexes::global(args);
        write3::<Text, Text, Text, ListsOfLists>(args, |text, pattern, flags, out| {
            put_lists(out, regexes.get(pattern, flags)?.regexp_matches(text)?)
        })
    }),
    strict("regexp_split_to_array_no_flags", |args| split(args, "regexp_split_to_array()")),
    strict("regexp_split_to_array", |args| split(args, "regexp_split_to_array()")),
    strict("regexp_split_to_table_no_flags", |args| split(args, "regexp_split_to_table()")),
    strict("regexp_split_to_table", |args| split(args, "regexp_split_to_table()")),
    strict("textregexreplace_noopt", |args| {
        let mut regexes = Regexes::global(args);
        map3::<Text, Text, Text, _>(args, |text, pattern, new| regexes.get(pattern, "")?.replace(text, new))
    }),
    strict("textregexreplace", |args| {
        let mut regexes = Regexes { read: |flags, _| Flags::parse_for_replace(flags), ..Regexes::global(args) };
        map4::<Text, Text, Text, Text, _>(args, |text, pattern, new, flags| {
            regexes.get(pattern, flags)?.replace(text, new)
        })
    }),
    strict("textregexreplace_extended_no_n", replace),
    strict("textregexreplace_extended_no_flags", replace),
    strict("textregexreplace_extended", replace),
];

/// Regular expressions by their patterns and flags: mostly it is one, of constants.
struct Regexes<'a> {
    known: Compiled<'a, Regex>,
    /// Reads the flags of a function.
    read: fn(&str, &str) -> Result<Flags, ValueError>,
    /// The function as errors name it.
    of: &'static str,
}

impl<'a> Regexes<'a> {
    /// Of a function that knows no flag `g`.
    fn of(args: &Args<'a>, function: &'static str) -> Self {
        Self { known: Compiled::of(args), read: Flags::parse_for, of: function }
    }

    /// Of a function that knows the flag `g`.
    fn global(args: &Args<'a>) -> Self {
        Self { known: Compiled::of(args), read: |flags, _| Flags::parse(flags), of: "" }
    }

    fn get(&mut self, pattern: &str, flags: &str) -> Result<&Regex, ValueError> {
        let (read, of) = (self.read, self.of);
        self.known.get(pattern, flags, || Regex::new(pattern, read(flags, of)?))
    }
}

/// The first match, as an array of what the groups matched.
fn first(regex: &Regex, text: &str, out: &mut Lists) -> Result<(), ValueError> {
    match regex.regexp_match(text)? {
        Some(items) => put_list(out, items),
        None => {
            out.append_null();
            Ok(())
        }
    }
}

/// To an array, or to rows, which are an array as well.
fn split(args: &Args<'_>, function: &'static str) -> Result<ArrayRef> {
    let mut regexes = Regexes::of(args, function);
    match args.values.len() {
        2 => write2::<Text, Text, Lists>(args, |text, pattern, out| {
            put_list(out, regexes.get(pattern, "")?.split(text)?.into_iter().map(Some))
        }),
        _ => write3::<Text, Text, Text, Lists>(args, |text, pattern, flags, out| {
            put_list(out, regexes.get(pattern, flags)?.split(text)?.into_iter().map(Some))
        }),
    }
}

/// `regexp_count(text, pattern, start, flags)`, of which all but two may be left out.
fn count(args: &Args<'_>) -> Result<ArrayRef> {
    let mut regexes = Regexes::of(args, "regexp_count()");
    let mut count = |text: &str, pattern: &str, start, flags: &str| {
        let wanted = Wanted::for_count(start)?;
        regexes.get(pattern, flags)?.count(text, wanted)
    };
    match args.values.len() {
        2 => map2::<Text, Text, _>(args, |text, pattern| count(text, pattern, 1, "")),
        3 => map3::<Text, Text, Int4, _>(args, |text, pattern, start| count(text, pattern, start, "")),
        _ => map4::<Text, Text, Int4, Text, _>(args, count),
    }
}

/// `regexp_replace(text, pattern, replacement, start, n, flags)`, of which the last two may be left out.
fn replace(args: &Args<'_>) -> Result<ArrayRef> {
    let mut regexes = Regexes::global(args);
    let mut replace = |text: &str, pattern: &str, new: &str, start, n, flags: &str| {
        let wanted = Wanted::for_replace(start, n)?;
        regexes.get(pattern, flags)?.replace_nth(text, new, wanted)
    };
    match args.values.len() {
        4 => map4::<Text, Text, Text, Int4, _>(args, |text, pattern, new, start| {
            replace(text, pattern, new, start, None, "")
        }),
        5 => map5::<Text, Text, Text, Int4, Int4, _>(args, |text, pattern, new, start, n| {
            replace(text, pattern, new, start, Some(n), "")
        }),
        _ => map6::<Text, Text, Text, Int4, Int4, Text, _>(args, |text, pattern, new, start, n, flags| {
            replace(text, pattern, new, start, Some(n), flags)
        }),
    }
}

/// `regexp_instr(text, pattern, start, n, endoption, flags, subexpr)`, of which all but two may be left out.
fn instr(args: &Args<'_>) -> Result<ArrayRef> {
    let mut regexes = Regexes::of(args, "regexp_instr()");
    let mut instr = |text: &str, pattern: &str, start, n, end, flags: &str, group| {
        let wanted = Wanted::for_instr(start, n, end, group)?;
        regexes.get(pattern, flags)?.instr(text, wanted)
    };
    match args.values.len() {
        2 => map2::<Text, Text, _>(args, |text, pattern| instr(text, pattern, 1, 1, 0, "", 0)),
        3 => map3::<Text, Text, Int4, _>(args, |text, pattern, start| instr(text, pattern, start, 1, 0, "", 0)),
        4 => {
            map4::<Text, Text, Int4, Int4, _>(args, |text, pattern, start, n| instr(text, pattern, start, n, 0, "", 0))
        }
        5 => map5::<Text, Text, Int4, Int4, Int4, _>(args, |text, pattern, start, n, end| {
            instr(text, pattern, start, n, end, "", 0)
        }),
        6 => map6::<Text, Text, Int4, Int4, Int4, Text, _>(args, |text, pattern, start, n, end, flags| {
            instr(text, pattern, start, n, end, flags, 0)
        }),
        _ => map7::<Text, Text, Int4, Int4, Int4, Text, Int4, _>(args, instr),
    }
}

/// `regexp_substr(text, pattern, start, n, flags, subexpr)`, of which all but two may be left out.
fn substr(args: &Args<'_>) -> Result<ArrayRef> {
    let mut regexes = Regexes::of(args, "regexp_substr()");
    let mut substr = |text: &str, pattern: &str, start, n, flags: &str, group, out: &mut Texts| {
        let wanted = Wanted::for_substr(start, n, group)?;
        put_option(out, regexes.get(pattern, flags)?.substr(text, wanted)?)
    };
    match args.values.len() {
        2 => write2::<Text, Text, Texts>(args, |text, pattern, out| substr(text, pattern, 1, 1, "", 0, out)),
        3 => write3::<Text, Text, Int4, Texts>(args, |text, pattern, start, out| {
            substr(text, pattern, start, 1, "", 0, out)
        }),
        4 => write4::<Text, Text, Int4, Int4, Texts>(args, |text, pattern, start, n, out| {
            substr(text, pattern, start, n, "", 0, out)
        }),
        5 => write5::<Text, Text, Int4, Int4, Text, Texts>(args, |text, pattern, start, n, flags, out| {
            substr(text, pattern, start, n, flags, 0, out)
        }),
        _ => write6::<Text, Text, Int4, Int4, Text, Int4, Texts>(args, substr),
    }
}
