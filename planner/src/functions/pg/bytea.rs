//! `bytea` over columns: see [`weir_values::bytea`].

use arrow::array::ArrayRef;
use datafusion::error::Result;
use weir_values::pattern::{Like, like_escape_bytes};
use weir_values::{bytea, text};

use super::columns::{Args, Bool, Bytes, Float4, Float8, Int2, Int4, Int8, Text, map1, map2, map3, map4};
use super::compiled::Compiled;
use super::written::{Binaries, write2, write3};
use super::{Proc, ValueError, strict};

pub(super) const PROCS: &[Proc] = &[
    strict("byteain", |args| map1::<Text, _>(args, bytea::parse)),
    strict("int2send", |args| map1::<Int2, _>(args, |value| Ok(value.to_be_bytes().to_vec()))),
    strict("int4send", |args| map1::<Int4, _>(args, |value| Ok(value.to_be_bytes().to_vec()))),
    strict("int8send", |args| map1::<Int8, _>(args, |value| Ok(value.to_be_bytes().to_vec()))),
    strict("float4send", |args| map1::<Float4, _>(args, |value| Ok(value.to_be_bytes().to_vec()))),
    strict("float8send", |args| map1::<Float8, _>(args, |value| Ok(value.to_be_bytes().to_vec()))),
    strict("boolsend", |args| map1::<Bool, _>(args, |value| Ok(vec![u8::from(value)]))),
    strict("textsend", |args| map1::<Text, _>(args, |text| Ok(text.as_bytes().to_vec()))),
    strict("byteasend", |args| args.array(0)),
    strict("byteaoctetlen", |args| map1::<Bytes, _>(args, |bytes| Ok(bytea::length(bytes)))),
    strict("bytea_bit_count", |args| map1::<Bytes, _>(args, |bytes| Ok(bytea::bit_count(bytes)))),
    strict("byteacat", |args| map2::<Bytes, Bytes, _>(args, bytea::concat)),
    strict("bytea_substr", |args| {
        write3::<Bytes, Int4, Int4, Binaries>(args, |bytes, start, count, out| {
            put(out, bytea::substr(bytes, start, Some(count))?)
        })
    }),
    strict("bytea_substr_no_len", |args| {
        write2::<Bytes, Int4, Binaries>(args, |bytes, start, out| put(out, bytea::substr(bytes, start, None)?))
    }),
    strict("byteaoverlay", |args| {
        map4::<Bytes, Bytes, Int4, Int4, _>(args, |bytes, new, start, count| {
            bytea::overlay(bytes, new, start, Some(count))
        })
    }),
    strict("byteaoverlay_no_len", |args| {
        map3::<Bytes, Bytes, Int4, _>(args, |bytes, new, start| bytea::overlay(bytes, new, start, None))
    }),
    strict("byteapos", |args| map2::<Bytes, Bytes, _>(args, |within, bytes| Ok(bytea::position(bytes, within)))),
    strict("byteatrim", |args| {
        write2::<Bytes, Bytes, Binaries>(args, |bytes, set, out| put(out, bytea::btrim(bytes, set)))
    }),
    strict("bytealtrim", |args| {
        write2::<Bytes, Bytes, Binaries>(args, |bytes, set, out| put(out, bytea::ltrim(bytes, set)))
    }),
    strict("byteartrim", |args| {
        write2::<Bytes, Bytes, Binaries>(args, |bytes, set, out| put(out, bytea::rtrim(bytes, set)))
    }),
    strict("byteaGetByte", |args| map2::<Bytes, Int4, _>(args, bytea::get_byte)),
    strict("byteaSetByte", |args| map3::<Bytes, Int4, Int4, _>(args, bytea::set_byte)),
    strict("byteaGetBit", |args| map2::<Bytes, Int8, _>(args, bytea::get_bit)),
    strict("byteaSetBit", |args| map3::<Bytes, Int8, Int4, _>(args, bytea::set_bit)),
    strict("binary_encode", |args| map2::<Bytes, Text, _>(args, text::encode)),
    strict("binary_decode", |args| map2::<Text, Text, _>(args, text::decode)),
    strict("md5_bytea", |args| map1::<Bytes, _>(args, |bytes| Ok(text::md5(bytes)))),
    strict("sha224_bytea", |args| map1::<Bytes, _>(args, |bytes| Ok(text::sha224(bytes)))),
    strict("sha256_bytea", |args| map1::<Bytes, _>(args, |bytes| Ok(text::sha256(bytes)))),
    strict("sha384_bytea", |args| map1::<Bytes, _>(args, |bytes| Ok(text::sha384(bytes)))),
    strict("sha512_bytea", |args| map1::<Bytes, _>(args, |bytes| Ok(text::sha512(bytes)))),
    strict("bytealike", |args| like(args, true)),
    strict("byteanlike", |args| like(args, false)),
    strict("like_escape_bytea", |args| map2::<Bytes, Bytes, _>(args, like_escape_bytes)),
    strict("pg_convert", |args| map3::<Bytes, Text, Text, _>(args, bytea::convert)),
    strict("pg_convert_from", |args| map2::<Bytes, Text, _>(args, bytea::convert_from)),
    strict("pg_convert_to", |args| map2::<Text, Text, _>(args, bytea::convert_to)),
    strict("length_in_encoding", |args| {
        map2::<Bytes, Text, _>(args, |bytes, encoding| Ok(text::length(&bytea::convert_from(bytes, encoding)?)))
    }),
];

fn put(out: &mut Binaries, bytes: &[u8]) -> Result<(), ValueError> {
    out.append_value(bytes);
    Ok(())
}

fn like(args: &Args<'_>, wanted: bool) -> Result<ArrayRef> {
    let mut known = Compiled::of(args);
    map2::<Bytes, Bytes, _>(args, |bytes, pattern| {
        let like = known.get(pattern, "", || Like::compile_bytes(pattern, None))?;
        Ok(like.is_match_bytes(bytes)? == wanted)
    })
}
