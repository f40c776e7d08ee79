//! `character(n)`, `character varying(n)`, `name` and `"char"` over columns. A `"char"` is held as it is printed: a byte
//! that isn't ASCII as `\ooo`, zero as nothing.

use arrow::array::ArrayRef;
use datafusion::error::Result;
use weir_values::text::{self, bpchar_to_text, char_in, char_out};

use super::columns::{Args, Bool, Int4, Int8, Text, map1, map2};
use super::written::{Texts, put, write1, write2, write3};
use super::{Proc, ValueError, strict};

pub(super) const PROCS: &[Proc] = &[
    strict("varchar", varchar),
    strict("bpchar", bpchar),
    strict("bpchar_pattern_lt", |args| map2::<Text, Text, _>(args, |a, b| Ok(bpchar_to_text(a) < bpchar_to_text(b)))),
    strict("bpchar_pattern_le", |args| map2::<Text, Text, _>(args, |a, b| Ok(bpchar_to_text(a) <= bpchar_to_text(b)))),
    strict("bpchar_pattern_gt", |args| map2::<Text, Text, _>(args, |a, b| Ok(bpchar_to_text(a) > bpchar_to_text(b)))),
    strict("bpchar_pattern_ge", |args| map2::<Text, Text, _>(args, |a, b| Ok(bpchar_to_text(a) >= bpchar_to_text(b)))),
    strict("namein", |args| write1::<Text, Texts>(args, |text, out| put(out, text::name(text)))),
    strict("text_name", |args| write1::<Text, Texts>(args, |text, out| put(out, text::name(text)))),
    strict("bpchar_name", |args| write1::<Text, Texts>(args, |text, out| put(out, text::name(bpchar_to_text(text))))),
    strict("name_text", |args| args.array(0)),
    strict("name_bpchar", |args| args.array(0)),
    strict("nameconcatoid", |args| {
        map2::<Text, Int8, _>(args, |name, oid| {
            let ending = format!("_{oid}");
            let kept = name.get(..name.floor_char_boundary(NAME_BYTES.saturating_sub(ending.len()))).unwrap_or(name);
            Ok([kept, &ending].concat())
        })
    }),
    strict("charin", |args| map1::<Text, _>(args, |text| Ok(char_out(char_in(text))))),
    strict("text_char", |args| map1::<Text, _>(args, |text| Ok(char_out(text::text_to_char(text))))),
    strict("char_text", |args| args.array(0)),
    strict("char_bpchar", |args| args.array(0)),
    strict("chartoi4", |args| map1::<Text, _>(args, |char| Ok(text::char_to_int(char_in(char))))),
    strict("i4tochar", |args| map1::<Int4, _>(args, |value| Ok(char_out(text::char_from_int(value)?)))),
];

/// A name is no longer.
const NAME_BYTES: usize = 63;

/// A modifier counts the bytes of the value's header, too.
const HEADER: i32 = 4;

/// A cast gives the length, and is explicit; a call gives the modifier and says what it is.
fn varchar(args: &Args<'_>) -> Result<ArrayRef> {
    let cut = |text: &str, length: i32, is_explicit: bool, out: &mut Texts| -> Result<(), ValueError> {
        put(out, text::varchar(text, length, is_explicit)?)
    };
    match args.values.len() {
        2 => write2::<Text, Int4, Texts>(args, |text, length, out| cut(text, length, true, out)),
        _ => write3::<Text, Int4, Bool, Texts>(args, |text, modifier, is_explicit, out| match modifier {
            HEADER.. => cut(text, modifier - HEADER, is_explicit, out),
            _ => put(out, text),
        }),
    }
}

fn bpchar(args: &Args<'_>) -> Result<ArrayRef> {
    let cut = |text: &str, length: i32, is_explicit: bool, out: &mut Texts| -> Result<(), ValueError> {
        put(out, text::bpchar(text, length, is_explicit)?)
    };
    match args.values.len() {
        2 => write2::<Text, Int4, Texts>(args, |text, length, out| cut(text, length, true, out)),
        _ => write3::<Text, Int4, Bool, Texts>(args, |text, modifier, is_explicit, out| match modifier {
            HEADER.. => cut(text, modifier - HEADER, is_explicit, out),
            _ => put(out, text),
        }),
    }
}
