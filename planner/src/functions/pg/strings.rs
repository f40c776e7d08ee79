//! Functions of texts over columns: see [`weir_values::text`].

use arrow::array::{ArrayRef, StringArray};
use datafusion::error::Result;
use std::sync::Arc;
use weir_values::text;

use super::columns::{Args, Bool, Int4, Int8, Items, Maybe, Text, map1, map2, map3, map4};
use super::written::{Texts, put, put_joined, write_rows, write1, write2, write3};
use super::{Proc, seeing_nulls, strict};

pub(super) const PROCS: &[Proc] = &[
    strict("textlen", |args| map1::<Text, _>(args, |text| Ok(text::length(text)))),
    strict("bpcharlen", |args| map1::<Text, _>(args, |text| Ok(text::length(text::bpchar_to_text(text))))),
    strict("textoctetlen", |args| map1::<Text, _>(args, |text| Ok(text::octet_length(text)))),
    strict("bpcharoctetlen", |args| map1::<Text, _>(args, |text| Ok(text::octet_length(text)))),
    strict("lower", |args| write1::<Text, Texts>(args, |text, out| put(out, text::lower(text)))),
    strict("upper", |args| write1::<Text, Texts>(args, |text, out| put(out, text::upper(text)))),
    strict("initcap", |args| map1::<Text, _>(args, |text| Ok(text::initcap(text)))),
    strict("text_left", |args| write2::<Text, Int4, Texts>(args, |text, count, out| put(out, text::left(text, count)))),
    strict("text_right", |args| {
        write2::<Text, Int4, Texts>(args, |text, count, out| put(out, text::right(text, count)))
    }),
    strict("text_substr", |args| {
        write3::<Text, Int4, Int4, Texts>(args, |text, start, count, out| {
            put(out, text::substr(text, start, Some(count))?)
        })
    }),
    strict("text_substr_no_len", |args| {
        write2::<Text, Int4, Texts>(args, |text, start, out| put(out, text::substr(text, start, None)?))
    }),
    strict("textoverlay", |args| {
        map4::<Text, Text, Int4, Int4, _>(args, |text, new, start, count| text::overlay(text, new, start, Some(count)))
    }),
    strict("textoverlay_no_len", |args| {
        map3::<Text, Text, Int4, _>(args, |text, new, start| text::overlay(text, new, start, None))
    }),
    strict("textpos", |args| map2::<Text, Text, _>(args, |within, text| Ok(text::position(text, within)))),
    strict("split_part", |args| {
        write3::<Text, Text, Int4, Texts>(args, |text, delimiter, place, out| {
            put(out, text::split_part(text, delimiter, place)?)
        })
    }),
    strict("btrim1", |args| write1::<Text, Texts>(args, |text, out| put(out, text::btrim(text, " ")))),
    strict("ltrim1", |args| write1::<Text, Texts>(args, |text, out| put(out, text::ltrim(text, " ")))),
    strict("rtrim1", |args| write1::<Text, Texts>(args, |text, out| put(out, text::rtrim(text, " ")))),
    strict("btrim", |args| write2::<Text, Text, Texts>(args, |text, set, out| put(out, text::btrim(text, set)))),
    strict("ltrim", |args| write2::<Text, Text, Texts>(args, |text, set, out| put(out, text::ltrim(text, set)))),
    strict("rtrim", |args| write2::<Text, Text, Texts>(args, |text, set, out| put(out, text::rtrim(text, set)))),
    strict("lpad", |args| map3::<Text, Int4, Text, _>(args, text::lpad)),
    strict("rpad", |args| map3::<Text, Int4, Text, _>(args, text::rpad)),
    strict("repeat", |args| map2::<Text, Int4, _>(args, text::repeat)),
    strict("replace_text", |args| {
        write3::<Text, Text, Text, Texts>(args, |text, from, to, out| put(out, text::replace(text, from, to)?))
    }),
    strict("translate", |args| map3::<Text, Text, Text, _>(args, text::translate)),
    strict("text_reverse", |args| map1::<Text, _>(args, |text| Ok(text::reverse(text)))),
    strict("ascii", |args| map1::<Text, _>(args, |text| Ok(text::ascii(text)))),
    strict("chr", |args| {
        write1::<Int4, Texts>(args, |number, out| put(out, text::chr(number)?.encode_utf8(&mut [0; 4])))
    }),
    strict("unistr", |args| map1::<Text, _>(args, text::unistr)),
    strict("unicode_normalize_func", |args| map2::<Text, Text, _>(args, text::normalize)),
    strict("unicode_is_normalized", |args| map2::<Text, Text, _>(args, text::is_normalized)),
    strict("unicode_assigned", |args| map1::<Text, _>(args, |text| Ok(text::unicode_assigned(text)))),
    // That of PostgreSQL 17.
    strict("unicode_version", |args| Ok(Arc::new(StringArray::from(vec!["15.1"; args.rows])))),
    strict("md5_text", |args| map1::<Text, _>(args, |text| Ok(text::md5(text.as_bytes())))),
    strict("to_hex32", |args| map1::<Int4, _>(args, |value| Ok(text::to_hex((value as u32).into())))),
    strict("to_hex64", |args| map1::<Int8, _>(args, |value| Ok(text::to_hex(value as u64)))),
    strict("to_oct32", |args| map1::<Int4, _>(args, |value| Ok(text::to_oct((value as u32).into())))),
    strict("to_oct64", |args| map1::<Int8, _>(args, |value| Ok(text::to_oct(value as u64)))),
    strict("to_bin32", |args| map1::<Int4, _>(args, |value| Ok(text::to_bin((value as u32).into())))),
    strict("to_bin64", |args| map1::<Int8, _>(args, |value| Ok(text::to_bin(value as u64)))),
    seeing_nulls("text_to_array", |args| split(args, false)),
    seeing_nulls("text_to_array_null", |args| split(args, true)),
    seeing_nulls("text_to_table", |args| split(args, false)),
    seeing_nulls("text_to_table_null", |args| split(args, true)),
    strict("textcat", |args| {
        write2::<Text, Text, Texts>(args, |one, other, out| put_joined(out, [one, other].into_iter(), ""))
    }),
    seeing_nulls("text_concat", |args| {
        write_rows(args, |values, out| put_joined(out, values.iter().flatten().copied(), ""))
    }),
    seeing_nulls("text_concat_ws", concat_ws),
    seeing_nulls("text_format", format),
    seeing_nulls("text_format_nv", format),
    seeing_nulls("text_format_items", format_items),
    strict("quote_ident", |args| write1::<Text, Texts>(args, |text, out| put(out, text::quote_ident(text)))),
    strict("quote_literal", |args| map1::<Text, _>(args, |text| Ok(text::quote_literal(text)))),
    seeing_nulls("quote_nullable", |args| {
        write1::<Maybe<Text>, Texts>(args, |text, out| put(out, text::quote_nullable(text)))
    }),
    strict("parse_ident", |args| {
        map2::<Text, Bool, _>(args, |text, is_strict| {
            Ok(text::parse_ident(text, is_strict)?.into_iter().map(Some).collect::<Vec<_>>())
        })
    }),
    strict("text_pattern_lt", |args| map2::<Text, Text, _>(args, |a, b| Ok(a < b))),
    strict("text_pattern_le", |args| map2::<Text, Text, _>(args, |a, b| Ok(a <= b))),
    strict("text_pattern_gt", |args| map2::<Text, Text, _>(args, |a, b| Ok(a > b))),
    strict("text_pattern_ge", |args| map2::<Text, Text, _>(args, |a, b| Ok(a >= b))),
    strict("text_larger", |args| {
        write2::<Text, Text, Texts>(args, |one, other, out| put(out, if one > other { one } else { other }))
    }),
    strict("text_smaller", |args| {
        write2::<Text, Text, Texts>(args, |one, other, out| put(out, if one < other { one } else { other }))
    }),
];

/// Without `null` no item is NULL.
fn split(args: &Args<'_>, has_null: bool) -> Result<ArrayRef> {
    match has_null {
        false => map2::<Maybe<Text>, Maybe<Text>, _>(args, |text, delimiter| {
            Ok(text.map(|text| text::string_to_array(text, delimiter, None)))
        }),
        true => map3::<Maybe<Text>, Maybe<Text>, Maybe<Text>, _>(args, |text, delimiter, null| {
            Ok(text.map(|text| text::string_to_array(text, delimiter, null)))
        }),
    }
}

fn concat_ws(args: &Args<'_>) -> Result<ArrayRef> {
    write_rows(args, |values, out| match values.split_first() {
        Some((Some(separator), values)) => put_joined(out, values.iter().flatten().copied(), separator),
        _ => {
            out.append_null();
            Ok(())
        }
    })
}

/// The same with an array of the values; one that is NULL has none.
fn format_items(args: &Args<'_>) -> Result<ArrayRef> {
    map2::<Maybe<Text>, Maybe<Items<Text>>, Option<String>>(args, |pattern, values| {
        pattern.map(|pattern| text::format(pattern, &values.unwrap_or_default())).transpose()
    })
}

fn format(args: &Args<'_>) -> Result<ArrayRef> {
    write_rows(args, |values, out| match values.split_first() {
        Some((Some(pattern), values)) => put(out, text::format(pattern, values)?),
        _ => {
            out.append_null();
            Ok(())
        }
    })
}
